"""A lottery course and the steps of its draw."""

from participants.models import Channel
from sessions.draw import draw, publish, settle
from sessions.models import Course, LotteryDraw, Registration
from sessions.registration import register
from tests import make


def apply(course: Course, town, count: int = 1) -> list[Registration]:
    """One ticket of so many people."""
    people = [make.make_person(town=town) for _ in range(count)]
    return register(course, people, channel=Channel.PHONE).registrations


def close(course: Course, clock) -> Course:
    clock.move_to(course.closes_at)
    return fresh(course)


def fresh(course: Course) -> Course:
    return Course.objects.get(pk=course.pk)


def hold(course: Course, clock, staff) -> LotteryDraw:
    """The three steps, one after the other."""
    close(course, clock)
    assert isinstance(settle(course, by=staff), LotteryDraw)
    assert isinstance(draw(course, by=staff), LotteryDraw)
    outcome = publish(course, by=staff)
    assert isinstance(outcome, LotteryDraw)
    return outcome


def states(course: Course) -> list[str]:
    return [row.state for row in course.registrations.order_by("draw_rank", "pk")]


def prioritised(program, *priorities: str) -> None:
    program.draw_priorities = [*priorities]
    program.save()
