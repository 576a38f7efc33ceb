"""Many callers for few seats: never one too many, on PostgreSQL with threads and on SQLite with processes."""

from collections import Counter
from functools import partial

import pytest
from django.db import connection

from participants.models import Channel, Participant
from sessions.models import Course, Notice, Registration, SeatOffer
from sessions.occupancy import seats_of
from sessions.registration import Done, accept, cancel, decline, expire_offers, register
from tests import make
from tests.concurrency import run_at_once, run_in_processes

pytestmark = pytest.mark.django_db(transaction=True)
State = Registration.State
WAYS_IN = [Channel.PHONE, Channel.SMS, Channel.WEB, Channel.COUNTER]


def call_in(course_key: int, person_key: int, place: int = 0) -> str:
    """One caller with their own view of the course, as another process would have it."""
    course = Course.objects.get(pk=course_key)
    person = Participant.objects.get(pk=person_key)
    outcome = register(course, [person], channel=WAYS_IN[place % len(WAYS_IN)])
    assert isinstance(outcome, Done), outcome
    return outcome.first.state


def call_in_turn(argument: dict) -> list[str]:
    """What one process does: its callers one after another."""
    return [call_in(argument["course"], person) for person in argument["people"]]


def callers_of_three_towns(program, towns, *, count: int) -> tuple[Course, list[int]]:
    shibukawa, yoshioka, shinto = towns
    course = make.make_course(program=program, capacity=20, quotas={shibukawa: 8, yoshioka: 5, shinto: 3})
    return course, [make.make_person(town=towns[n % 3]).pk for n in range(count)]


def assert_twenty_seats_are_taken_and_no_more(course: Course, callers: int) -> None:
    states = Counter(Registration.objects.filter(course=course).values_list("state", flat=True))
    assert states == {State.CONFIRMED: 20, State.WAITING: callers - 20}
    seats = seats_of(course)
    assert seats.is_legal
    assert all(seats.free_for(town) == 0 for town in seats.quotas)
    assert all(seats.taken[town] >= quota for town, quota in seats.quotas.items())
    assert Notice.objects.filter(registration__course=course).count() == callers


def test_200_callers_of_three_towns_take_20_seats(program, shibukawa, yoshioka, shinto):
    course, people = callers_of_three_towns(program, (shibukawa, yoshioka, shinto), count=200)
    if connection.vendor == "postgresql":
        calls = [partial(call_in, course.pk, person, place) for place, person in enumerate(people)]
        states = run_at_once(calls)
    else:
        shares = [{"course": course.pk, "people": people[place::4]} for place in range(4)]
        states = sum(run_in_processes("tests.sessions.test_races:call_in_turn", shares), [])
    assert Counter(states) == {State.CONFIRMED: 20, State.WAITING: 180}
    assert_twenty_seats_are_taken_and_no_more(course, 200)


def test_one_person_calling_by_every_way_at_once_is_registered_once(program, shibukawa):
    course, person = make.make_course(program=program), make.make_person(town=shibukawa)
    run_at_once([partial(call_in, course.pk, person.pk, place) for place in range(12)], lanes=12)
    assert Registration.objects.count() == 1
    assert Notice.objects.count() == 1


def test_couples_and_singles_together_never_take_one_seat_too_many(program, shibukawa):
    course = make.make_course(program=program, capacity=7)
    groups = [[make.make_person(town=shibukawa) for _ in range(1 + n % 2)] for n in range(14)]

    def call(people: list[Participant]) -> set[str]:
        outcome = register(Course.objects.get(pk=course.pk), people, channel=Channel.PHONE)
        assert isinstance(outcome, Done)
        return {registration.state for registration in outcome.registrations}

    outcomes = run_at_once([partial(call, people) for people in groups], lanes=14)
    assert all(len(states) == 1 for states in outcomes), "a couple was split"
    assert 6 <= course.registrations.confirmed().count() <= 7


def test_an_offer_accepted_and_expiring_at_the_same_moment_ends_in_one_way(program):
    course = make.make_course(program=program, capacity=1)
    seated = make.make_registration(course=course)
    line = [make.make_registration(course=course, state=State.WAITING) for _ in range(3)]
    cancel(seated, channel=Channel.PHONE)
    results = run_at_once(
        [
            lambda: bool(accept(line[0], channel=Channel.SMS)),
            lambda: bool(decline(line[0], channel=Channel.PHONE)),
            lambda: bool(cancel(line[0], channel=Channel.WEB)),
            expire_offers,
        ]
    )
    assert not [result for result in results if isinstance(result, Exception)]
    seats = seats_of(course)
    assert sum(seats.taken.values()) == 1
    assert SeatOffer.objects.filter(answer="open").count() == Registration.objects.filter(state="offered").count()


def test_cancellations_and_callers_mixed_keep_every_seat_in_use(program, shibukawa):
    course = make.make_course(program=program, capacity=10)
    seated = [make.make_registration(course=course) for _ in range(10)]
    for _ in range(10):
        make.make_registration(course=course, state=State.WAITING)
    newcomers = [make.make_person(town=shibukawa) for _ in range(10)]
    calls = [partial(cancel, registration, channel=Channel.PHONE) for registration in seated[:6]]
    calls += [partial(call_in, course.pk, person.pk, place) for place, person in enumerate(newcomers)]
    results = run_at_once(calls, lanes=16)
    assert not [result for result in results if isinstance(result, Exception)]
    states = Counter(course.registrations.values_list("state", flat=True))
    assert states == {"cancelled": 6, "confirmed": 4, "offered": 6, "waiting": 14}
