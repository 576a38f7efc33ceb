"""A series is completed by coming often enough; what we called off counts against nobody."""

import pytest
import time_machine
from django.urls import reverse

from sessions.attendance import Mark, mark
from sessions.changes import call_off_session
from sessions.completion import completion_of
from sessions.models import Course
from sessions.planning import Problem
from sessions.planning_forms import SeriesForm
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as traveller:
        yield traveller


def series(program, *, needed: int | None = None) -> Course:
    start = make.in_days(0, hour=13)
    fields = {"starts_at": start, "closes_at": start, "session_count": 3, "completion_needed": needed}
    return make.make_course(program=program, **fields)


def come(registration, numbers, tuesday, desk) -> None:
    for session in registration.course.class_sessions.filter(number__in=numbers):
        tuesday.move_to(session.starts_at)
        mark(registration, session, Mark.PRESENT, by=desk)


@pytest.mark.parametrize(
    ("needed", "came", "is_done"),
    [(None, [1, 2], False), (None, [1, 2, 3], True), (2, [1], False), (2, [1, 3], True), (2, [1, 2, 3], True)],
)
def test_all_sessions_held_are_needed_unless_the_plan_asks_for_fewer(
    program, desk, tuesday, needed, came, is_done
):
    registration = make.make_registration(course=series(program, needed=needed))
    come(registration, came, tuesday, desk)
    found = completion_of([registration])[registration.pk]
    assert (found.present, found.held, found.is_done) == (len(came), 3, is_done)


def test_a_session_called_off_counts_neither_for_nor_against(program, desk, tuesday):
    registration = make.make_registration(course=series(program, needed=3))
    come(registration, [1, 2], tuesday, desk)
    call_off_session(registration.course.class_sessions.get(number=3), reason="大雪", by=desk)
    found = completion_of([registration])[registration.pk]
    assert (found.present, found.held, found.needed, found.is_done) == (2, 2, 2, True)


def test_excused_is_not_present(program, desk, tuesday):
    registration = make.make_registration(course=series(program, needed=1))
    mark(registration, registration.course.class_sessions.get(number=1), Mark.EXCUSED, by=desk)
    assert completion_of([registration])[registration.pk].is_done is False


def test_it_costs_two_queries_whatever_the_number_of_people(program, django_assert_num_queries):
    rows = [make.make_registration(course=series(program)) for _ in range(5)]
    with django_assert_num_queries(2):
        assert len(completion_of(rows)) == 5


def test_the_course_page_says_who_came_how_often(at_desk, program, desk, tuesday):
    registration = make.make_registration(course=series(program, needed=2))
    come(registration, [1, 2], tuesday, desk)
    html = at_desk(desk).get(reverse("sessions:course", args=[registration.course_id])).content.decode()
    assert html.count("Came 2 of 3 times, completed") == 1
    assert html.count(reverse("sessions:day", args=[registration.course.class_sessions.get(number=2).pk])) == 2
    assert reverse("sessions:day", args=[registration.course.class_sessions.get(number=3).pk]) not in html


def test_a_plan_cannot_ask_for_more_sessions_than_it_holds(program, shibukawa):
    curriculum = make.make_curriculum(kind="series", session_count=3, completion_needed=2)
    venue = make.make_venue(town=shibukawa)
    blank = SeriesForm(program=program, curriculum=curriculum, town=shibukawa)
    given = {
        **{name: field.initial for name, field in blank.fields.items() if field.initial is not None},
        "venue": venue.pk,
        "first_at": make.in_days(30),
    }
    planned = SeriesForm(given, program=program, curriculum=curriculum, town=shibukawa)
    assert planned.is_valid(), planned.errors
    assert planned.plan.completion_needed == 2
    wrong = SeriesForm(given | {"completion_needed": 4}, program=program, curriculum=curriculum, town=shibukawa)
    assert wrong.errors == {"completion_needed": [Problem.COMPLETION.label]}
