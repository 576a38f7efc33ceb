"""Many clerks and several workers at once: one holds the last seat, and what is released is offered once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from participants.models import Channel, Participant
from sessions.holds import hold, release
from sessions.models import Course, Registration, SeatHold, SeatOffer
from sessions.occupancy import seats_of
from sessions.registration import offer_released_seats, register
from tests import make
from tests.concurrency import run_at_once, run_in_processes

pytestmark = pytest.mark.django_db(transaction=True)
State = Registration.State


def hold_as(argument: dict) -> bool:
    """One clerk keeps one seat for one caller, with a view of their own."""
    return bool(
        hold(
            Course.objects.get(pk=argument["course"]),
            [Participant.objects.get(pk=argument["person"])],
            by=User.objects.get(pk=argument["clerk"]),
        )
    )


def work(_argument: object = None) -> int:
    return offer_released_seats()


def at_once(function, arguments: list) -> list:
    """In threads on PostgreSQL, in processes on SQLite."""
    if connection.vendor == "postgresql":
        return run_at_once([partial(function, argument) for argument in arguments])
    return run_in_processes(f"tests.sessions.test_races_of_holds:{function.__name__}", arguments)


def test_of_many_clerks_exactly_one_keeps_the_last_seat(program, shibukawa):
    course = make.make_course(program=program, capacity=1)
    clerks = [make.make_user(town=shibukawa, role=Role.DESK) for _ in range(4)]
    arguments = [
        {"course": course.pk, "person": make.make_person(town=shibukawa).pk, "clerk": clerk.pk} for clerk in clerks
    ]
    assert sorted(at_once(hold_as, arguments)) == [False] * 3 + [True]
    assert SeatHold.objects.get().by in clerks


def test_one_clerk_with_several_windows_keeps_seats_for_one_call(program, shibukawa, desk):
    courses = [make.make_course(program=program, capacity=1) for _ in range(3)]
    person = make.make_person(town=shibukawa)
    arguments = [{"course": course.pk, "person": person.pk, "clerk": desk.pk} for course in courses]
    at_once(hold_as, arguments)
    assert SeatHold.objects.filter(by=desk).count() == 1


def test_keeping_registering_and_giving_back_mixed_never_take_one_seat_too_many(program, shibukawa):
    course = make.make_course(program=program, capacity=3)
    clerks = [make.make_user(town=shibukawa, role=Role.DESK) for _ in range(8)]

    def call(clerk: User, place: int) -> None:
        person = make.make_person(town=shibukawa)
        hold(course, [person], by=clerk)
        if place % 3:
            register(course, [person], channel=Channel.PHONE, by=clerk)
        else:
            release(by=clerk)

    results = run_at_once([partial(call, clerk, place) for place, clerk in enumerate(clerks)], lanes=4)
    assert results == [None] * 8
    seats = seats_of(course)
    assert (seats.free, SeatHold.objects.count()) == (0, 0)
    assert sum(seats.taken.values()) == 3


def test_two_workers_at_once_offer_each_released_seat_once(program, shibukawa, yoshioka):
    course = make.make_course(
        program=program,
        capacity=3,
        quotas={yoshioka: 3},
        quota_release_at=make.in_days(5),
        starts_at=make.in_days(20),
    )
    line = [make.make_registration(course=course, state=State.WAITING) for _ in range(5)]
    Course.objects.filter(pk=course.pk).update(quota_release_at=timezone.now() - timedelta(minutes=1))
    assert sorted(at_once(work, [None, None])) == [0, 3]
    states = dict(Registration.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in line] == [State.OFFERED] * 3 + [State.WAITING] * 2
    assert SeatOffer.objects.count() == 3
