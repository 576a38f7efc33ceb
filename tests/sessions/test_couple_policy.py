"""What becomes of a single free seat when a couple is next in line: passed on, or kept, as the programme says."""

import pytest

from participants.models import Channel
from programs.models import CouplePolicy
from sessions.models import Registration
from sessions.planning import change_seats
from sessions.registration import cancel, decline, offer_released_seats, register
from tests import make
from tests.drawing import apply
from tests.sessions.on_the_web import check

State = Registration.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(program):
    program.couple_policy = CouplePolicy.STRICT_ORDER
    program.save()
    return program


def states_of(*rows: Registration) -> list[str]:
    return [Registration.objects.get(pk=row.pk).state for row in rows]


def test_in_strict_order_one_free_seat_is_kept_for_the_couple(strict, shibukawa):
    course = make.make_course(program=strict, capacity=2)
    one, other = apply(course, shibukawa)[0], apply(course, shibukawa)[0]
    couple, single = apply(course, shibukawa, 2), apply(course, shibukawa)[0]
    cancel(one, channel=Channel.PHONE)
    assert states_of(*couple, single) == [State.WAITING] * 3
    assert all(row.skipped_at for row in Registration.objects.filter(pk__in=[row.pk for row in couple]))
    assert offer_released_seats() == 0
    cancel(other, channel=Channel.PHONE)
    assert states_of(*couple, single) == [State.OFFERED, State.OFFERED, State.WAITING]


def test_in_strict_order_somebody_new_does_not_take_the_seat_kept_for_a_couple(strict, shibukawa):
    course = make.make_course(program=strict, capacity=1)
    seated = apply(course, shibukawa)[0]
    apply(course, shibukawa, 2)
    cancel(seated, channel=Channel.PHONE)
    assert apply(course, shibukawa)[0].state == State.WAITING


def test_when_the_next_whom_it_fits_is_asked_somebody_new_takes_the_seat_that_a_couple_cannot_use(
    program, shibukawa
):
    course = make.make_course(program=program, capacity=1)
    seated = apply(course, shibukawa)[0]
    apply(course, shibukawa, 2)
    cancel(seated, channel=Channel.PHONE)
    assert apply(course, shibukawa)[0].state == State.CONFIRMED


def test_in_strict_order_a_seat_of_another_town_goes_to_its_residents(strict, shibukawa, yoshioka):
    course = make.make_course(program=strict, capacity=3, quotas={shibukawa: 2, yoshioka: 1})
    seated = [apply(course, shibukawa)[0] for _ in range(2)]
    neighbour = apply(course, yoshioka)[0]
    couple, next_neighbour = apply(course, shibukawa, 2), apply(course, yoshioka)[0]
    cancel(seated[0], channel=Channel.PHONE)
    cancel(neighbour, channel=Channel.PHONE)
    assert states_of(*couple, next_neighbour) == [State.WAITING, State.WAITING, State.OFFERED]


def test_a_seat_is_kept_only_as_long_as_somebody_waits_for_it(strict, shibukawa):
    course = make.make_course(program=strict, capacity=1)
    seated = apply(course, shibukawa)[0]
    couple, single = apply(course, shibukawa, 2), apply(course, shibukawa)[0]
    cancel(seated, channel=Channel.PHONE)
    cancel(couple[0], channel=Channel.PHONE)
    assert states_of(couple[1], single) == [State.OFFERED, State.WAITING]
    decline(couple[1], channel=Channel.SMS)
    assert states_of(single) == [State.OFFERED]


def test_seats_that_are_added_go_to_the_couple_first(strict, shibukawa, staff):
    course = make.make_course(program=strict, capacity=1)
    apply(course, shibukawa)
    couple, single = apply(course, shibukawa, 2), apply(course, shibukawa)[0]
    for capacity, expected in ((2, [State.WAITING] * 3), (4, [State.OFFERED] * 3)):
        change_seats(course, capacity=capacity, quotas={}, release_at=None, by=staff)
        assert states_of(*couple, single) == expected


def test_a_seat_that_is_kept_is_not_promised_to_somebody_new(client, strict, shibukawa):
    course = make.make_course(program=strict, capacity=1, code="4126")
    seated = apply(course, shibukawa)[0]
    apply(course, shibukawa, 2)
    cancel(seated, channel=Channel.PHONE)
    page = check(client, shibukawa)
    assert page.context["outlook"].waits
    person = make.make_person(town=shibukawa)
    assert register(course, [person], channel=Channel.WEB).first.state == State.WAITING
