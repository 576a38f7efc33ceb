"""Two coordinators at once, and people who cancel meanwhile: one draw, and never one seat too many."""

from functools import partial

import pytest
from django.utils import timezone

from participants.models import Channel
from programs.models import Allocation
from sessions.draw import Problem, draw, publish, settle, verify
from sessions.models import Course, LotteryDraw, Notice, Registration
from sessions.occupancy import seats_of
from sessions.registration import cancel
from tests import make
from tests.concurrency import run_at_once
from tests.drawing import apply

pytestmark = pytest.mark.django_db(transaction=True)
State = Registration.State


@pytest.fixture
def course(program, shibukawa, yoshioka) -> Course:
    """Closed to applications: twelve people, four of them in couples, for five seats."""
    course = make.make_course(
        program=program,
        allocation=Allocation.LOTTERY,
        capacity=5,
        quotas={yoshioka: 2},
        starts_at=make.in_days(30),
    )
    for n in range(10):
        apply(course, (shibukawa, yoshioka)[n % 2], 2 if n < 2 else 1)
    Course.objects.filter(pk=course.pk).update(closes_at=timezone.now())
    return Course.objects.get(pk=course.pk)


@pytest.mark.parametrize(
    ("before", "step", "again"),
    [
        ([], settle, Problem.SETTLED),
        ([settle], draw, Problem.DRAWN),
        ([settle, draw], publish, Problem.PUBLISHED),
    ],
)
def test_two_coordinators_take_a_step_once(course, before, step, again):
    for each in before:
        each(course, by=None)
    outcomes = run_at_once([partial(step, course, by=None) for _ in range(4)])
    assert sorted(map(type, outcomes), key=str) == sorted([LotteryDraw, *[Problem] * 3], key=str)
    assert outcomes.count(again) == 3
    assert LotteryDraw.objects.count() == 1


def test_all_steps_at_once_give_one_draw_that_can_be_checked(course):
    steps = [settle, draw, publish] * 4
    outcomes = run_at_once([partial(step, course, by=None) for step in steps], lanes=12)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    for step in (settle, draw, publish):
        step(course, by=None)
    assert verify(course) is None
    assert seats_of(course).is_legal
    told = Notice.objects.filter(registration__course=course).exclude(kind=Notice.Kind.APPLIED)
    assert told.count() == 12


def test_cancelling_while_the_result_is_published_leaves_every_seat_in_use_and_none_given_twice(course):
    settle(course, by=None)
    draw(course, by=None)
    leaving = list(course.registrations.filter(draw_rank__in=[1, 2, 6]))
    calls = [partial(cancel, row, channel=Channel.SMS) for row in leaving]
    outcomes = run_at_once([*calls, partial(publish, course, by=None)])
    assert not [outcome for outcome in outcomes if not outcome or isinstance(outcome, Exception)]
    seats = seats_of(course)
    assert (seats.is_legal, seats.free) == (True, 0)
    rows = course.registrations.prefetch_related("notices")
    assert {row.pk for row in rows if row.state == State.CANCELLED} == {row.pk for row in leaving}
    assert all(list(row.notices.all())[-1].kind == row.state for row in rows)
    assert verify(course) is None
