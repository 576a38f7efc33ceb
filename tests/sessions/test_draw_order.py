"""Who is drawn before whom, with quotas, couples and priorities."""

import pytest
from django.utils import timezone

from participants.models import Channel
from programs.models import CouplePolicy, DrawPriority
from sessions.changes import call_off
from sessions.draw import draw, publish, settle
from sessions.lots import Entries, Entry, drawn, read_result
from sessions.models import Course, Registration
from sessions.occupancy import seats_of
from sessions.registration import cancel, register
from tests import make
from tests.drawing import apply, close, hold, prioritised, states

pytestmark = pytest.mark.django_db
State = Registration.State


# ---- seats and couples ----


def test_the_draw_keeps_the_quotas_of_the_towns(lottery, clock, shibukawa, yoshioka, shinto, staff):
    course = lottery(capacity=4, quotas={yoshioka: 2, shinto: 1})
    for town in (shibukawa, yoshioka, shinto):
        for _ in range(4):
            apply(course, town)
    hold(course, clock, staff)
    seats = seats_of(course)
    assert seats.is_legal
    assert (seats.taken[yoshioka.pk] >= 2, seats.taken[shinto.pk] >= 1, seats.free) == (True, True, 0)


@pytest.mark.parametrize(("policy", "seated"), [(CouplePolicy.SKIP_TO_FIT, 1), (CouplePolicy.STRICT_ORDER, 0)])
def test_the_draw_serves_couples_as_the_programme_says(policy, seated):
    couple, single = Entry(["A0001", "A0002"], ["102083"] * 2, 1), Entry(["A0003"], ["102083"])
    entries = Entries(1, couples=policy, tickets=[couple, single])
    places = read_result(drawn(entries.text, "seed"))
    assert [place.receipts for place in places] == [["A0001", "A0002"], ["A0003"]]
    assert [place.has_seat for place in places] == [False, bool(seated)]


def test_seats_that_are_taken_before_the_draw_are_not_drawn(lottery, clock, shibukawa, staff):
    course = lottery(capacity=2)
    seated = apply(course, shibukawa)[0]
    Registration.objects.filter(pk=seated.pk).update(state=State.CONFIRMED, confirmed_at=timezone.now())
    for _ in range(2):
        apply(course, shibukawa)
    record = hold(course, clock, staff)
    assert "taken 102083 1\n" in record.entries
    assert sorted(states(course)) == [State.CONFIRMED, State.CONFIRMED, State.WAITING]


# ---- priorities ----


def priority_of(course: Course, clock, staff, row: Registration) -> int:
    close(course, clock)
    settle(course, by=staff)
    return Registration.objects.get(pk=row.pk).priority


def seated_before(program, person) -> Registration:
    return make.make_registration(course=make.make_course(program=program), person=person, state="confirmed")


def test_without_priorities_all_lots_are_equal(lottery, clock, shibukawa, staff):
    course = lottery()
    assert priority_of(course, clock, staff, apply(course, shibukawa)[0]) == 0


def test_who_never_had_a_seat_goes_before_who_had_one(lottery, clock, program, shibukawa, staff):
    prioritised(program, DrawPriority.FIRST_TIME)
    course = lottery(capacity=1)
    regulars = [make.make_person(town=shibukawa) for _ in range(4)]
    for person in regulars:
        seated_before(program, person)
        register(course, [person], channel=Channel.PHONE)
    first_timer = apply(course, shibukawa)[0]
    hold(course, clock, staff)
    assert course.registrations.get(draw_rank=1).pk == first_timer.pk


def test_a_seat_in_a_class_that_we_called_off_does_not_count(lottery, clock, program, shibukawa, staff):
    prioritised(program, DrawPriority.FIRST_TIME)
    person = make.make_person(town=shibukawa)
    call_off(seated_before(program, person).course, reason="大雪", by=staff)
    course = lottery()
    row = register(course, [person], channel=Channel.PHONE).first
    assert priority_of(course, clock, staff, row) == 2


def test_residents_of_the_town_that_holds_the_class_go_first(lottery, clock, program, shibukawa, yoshioka, staff):
    prioritised(program, DrawPriority.RESIDENT)
    course = lottery(capacity=1)
    guests = [apply(course, yoshioka)[0] for _ in range(4)]
    resident = apply(course, shibukawa)[0]
    hold(course, clock, staff)
    assert course.registrations.get(draw_rank=1).pk == resident.pk
    assert {row.priority for row in Registration.objects.filter(pk__in=[g.pk for g in guests])} == {0}


def test_who_lost_the_last_draw_goes_before_everybody(lottery, clock, program, shibukawa, yoshioka, staff):
    prioritised(program, *DrawPriority.values)
    earlier = lottery(capacity=1, starts_at=make.in_days(40))
    for _ in range(3):
        apply(earlier, yoshioka)
    hold(earlier, clock, staff)
    loser = earlier.registrations.get(draw_rank=3).participant
    later = lottery(capacity=1, starts_at=make.in_days(30))
    for _ in range(4):
        apply(later, shibukawa)
    row = register(later, [loser], channel=Channel.PHONE).first
    hold(later, clock, staff)
    row.refresh_from_db()
    assert (row.draw_rank, row.priority, row.state) == (1, 6, State.CONFIRMED)


@pytest.mark.parametrize(
    ("what", "lost"), [("waits", True), ("offered", False), ("left", True), ("cancelled before", False)]
)
def test_who_counts_as_having_lost_the_last_draw(lottery, clock, program, shibukawa, staff, what, lost):
    prioritised(program, DrawPriority.LOST_BEFORE)
    earlier = lottery(capacity=1, starts_at=make.in_days(40))
    for _ in range(2):
        apply(earlier, shibukawa)
    close(earlier, clock)
    settle(earlier, by=staff)
    draw(earlier, by=staff)
    winner, loser = earlier.registrations.get(draw_rank=1), earlier.registrations.get(draw_rank=2)
    if what == "cancelled before":
        cancel(loser, channel=Channel.PHONE)
    publish(earlier, by=staff)
    if what in {"offered", "left"}:
        cancel(winner if what == "offered" else loser, channel=Channel.PHONE)
    later = lottery(starts_at=make.in_days(30))
    row = register(later, [loser.participant], channel=Channel.PHONE).first
    assert priority_of(later, clock, staff, row) == (4 if lost else 0)


def test_only_the_last_draw_counts(lottery, clock, program, shibukawa, staff):
    prioritised(program, DrawPriority.LOST_BEFORE)
    first = lottery(capacity=1, starts_at=make.in_days(60))
    for _ in range(2):
        apply(first, shibukawa)
    hold(first, clock, staff)
    loser = first.registrations.get(draw_rank=2).participant
    second = lottery(capacity=1, starts_at=make.in_days(50))
    register(second, [loser], channel=Channel.PHONE)
    hold(second, clock, staff)
    third = lottery(starts_at=make.in_days(30))
    row = register(third, [loser], channel=Channel.PHONE).first
    assert priority_of(third, clock, staff, row) == 0


def test_a_couple_is_drawn_as_early_as_the_one_with_the_higher_priority(lottery, clock, program, shibukawa, staff):
    prioritised(program, DrawPriority.FIRST_TIME)
    course = lottery()
    regular, newcomer = make.make_person(town=shibukawa), make.make_person(town=shibukawa)
    seated_before(program, regular)
    couple = register(course, [regular, newcomer], channel=Channel.PHONE).registrations
    record = hold(course, clock, staff)
    assert {row.priority for row in Registration.objects.filter(pk__in=[row.pk for row in couple])} == {2}
    name = "+".join(row.receipt_number for row in couple)
    assert f"ticket {name} 102083+102083 2\n" in record.entries
