"""The seat meter: a town's own seats in its row, what it holds beyond them among the common ones."""

import pytest
from django.utils import timezone

from participants.models import Channel
from sessions.meter import meter_of, meters_of
from sessions.registration import cancel
from tests import make


@pytest.fixture
def course(program, shibukawa, yoshioka, shinto):
    return make.make_course(program=program, capacity=8, quotas={shibukawa: 3, yoshioka: 2, shinto: 1})


def rows(course, *towns):
    return [(row.taken, row.held, row.free) for row in meter_of(course).rows(towns)]


def test_seats_beyond_the_quota_stand_among_the_common_ones(course, shibukawa, yoshioka, shinto):
    for _n in range(4):
        make.make_registration(course=course, town=shibukawa)
    assert rows(course, shibukawa, yoshioka, shinto) == [(3, 0, 0), (0, 0, 2), (0, 0, 1), (0, 0, 1)]
    pool = meter_of(course).rows([shibukawa, yoshioka, shinto])[-1]
    assert [(guest.tone, guest.taken, guest.held) for guest in pool.guests] == [("a", 1, 0)]


def test_a_seat_on_offer_is_held(program, shibukawa):
    course = make.make_course(program=program, capacity=1, quotas={shibukawa: 1})
    first = make.make_registration(course=course, town=shibukawa)
    make.make_registration(course=course, town=shibukawa, state="waiting")
    cancel(first, channel=Channel.PHONE)
    assert rows(course, shibukawa) == [(0, 1, 0), (0, 0, 0)]


def test_after_the_release_free_seats_are_everybodys(course, shibukawa, yoshioka, shinto):
    make.make_registration(course=course, town=shibukawa)
    course.quota_release_at = timezone.now()
    assert rows(course, shibukawa, yoshioka, shinto) == [(1, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 7)]


def test_every_seat_is_drawn_once(course, shibukawa, yoshioka, shinto):
    for town in (shibukawa, shibukawa, yoshioka, shinto, shinto):
        make.make_registration(course=course, town=town)
    drawn = meter_of(course).rows([shibukawa, yoshioka, shinto])
    seats = sum(row.taken + row.held + row.free for row in drawn)
    assert seats + sum(guest.taken + guest.held for guest in drawn[-1].guests) == course.capacity


def test_a_prefecture_has_no_row(program, shibukawa):
    prefecture = make.make_town(name="群馬県", kind="prefecture")
    course = make.make_course(program=make.make_program(lead=prefecture, partners=(shibukawa,)))
    names = [row.town.name for row in meter_of(course).rows([prefecture, shibukawa])[:-1]]
    assert names == ["渋川市"]


def test_many_meters_cost_as_much_as_one(course, program, django_assert_num_queries):
    courses = [course, *(make.make_course(program=program) for _n in range(5))]
    with django_assert_num_queries(4):
        meters_of(courses)
