"""Who came: one mark a person, corrected and taken back; unknown stays unknown."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from participants.models import Channel
from sessions.attendance import Mark, Marked, Problem, Standing, mark, recent_sessions, standing, undo
from sessions.changes import call_off_session
from sessions.models import Attendance, ClassSession
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def course(program):
    start = make.in_days(0, hour=13)
    return make.make_course(program=program, starts_at=start, closes_at=start, session_count=2)


@pytest.fixture
def today(course) -> ClassSession:
    return course.class_sessions.get(number=1)


def test_a_mark_is_written_once_and_changed_by_the_next(course, today, desk, staff):
    registration = make.make_registration(course=course)
    first = mark(registration, today, Mark.PRESENT, by=desk)
    again = mark(registration, today, Mark.PRESENT, by=desk)
    other = mark(registration, today, Mark.EXCUSED, by=staff)
    assert [(each.old, each.new) for each in (first, again, other)] == [
        (None, "present"),
        ("present", "present"),
        ("present", "excused"),
    ]
    row = Attendance.objects.get()
    assert (row.mark, row.by) == ("excused", staff)
    details = list(
        AuditEntry.objects.filter(act="attendance.marked").order_by("pk").values_list("detail", flat=True)
    )
    assert [(each["old"], each["new"]) for each in details] == [(None, "present"), ("present", "excused")]


def test_nobody_marked_is_unknown_and_no_mark_makes_unknown_again(course, today, desk):
    registration = make.make_registration(course=course)
    before = standing(registration, today)
    mark(registration, today, Mark.NO_SHOW, by=desk)
    between = standing(registration, today)
    mark(registration, today, None, by=desk)
    assert [before, between, standing(registration, today)] == [
        Standing.UNKNOWN,
        Standing.NO_SHOW,
        Standing.UNKNOWN,
    ]


def test_a_session_called_off_stands_as_cancelled_by_us_and_takes_no_marks(course, today, desk):
    registration = make.make_registration(course=course)
    mark(registration, today, Mark.PRESENT, by=desk)
    call_off_session(today, reason="大雪", by=desk)
    today.refresh_from_db()
    assert standing(registration, today) == Standing.CANCELLED
    assert standing(registration, course.class_sessions.get(number=2)) == Standing.UNKNOWN
    assert mark(registration, today, Mark.PRESENT, by=desk) == Problem.OFF


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 23:59+09:00", Problem.TOO_EARLY),
        ("2026-11-24 00:00+09:00", None),
        ("2027-01-23 14:29+09:00", None),
        ("2027-01-23 14:31+09:00", Problem.TOO_LATE),
    ],
)
def test_marks_are_made_from_the_midnight_of_the_day_until_60_days_later(
    course, today, desk, tuesday, moment, expected
):
    registration = make.make_registration(course=course)
    tuesday.move_to(moment)
    outcome = mark(registration, today, Mark.PRESENT, by=desk)
    assert outcome == expected if expected else isinstance(outcome, Marked)
    assert Attendance.objects.count() == (0 if expected else 1)


def test_only_who_has_a_seat_at_the_session_is_marked(program, course, today, desk):
    gone = make.make_registration(course=course)
    cancel(gone, channel=Channel.PHONE)
    elsewhere = make.make_registration(course=make.make_course(program=program))
    assert mark(gone, today, Mark.PRESENT, by=desk) == Problem.NOT_HERE
    assert mark(elsewhere, today, Mark.PRESENT, by=desk) == Problem.NOT_HERE
    assert not Attendance.objects.exists()


def test_undo_takes_back_ones_own_marks_one_after_another(course, today, desk, staff):
    first, second = make.make_registration(course=course), make.make_registration(course=course)
    mark(first, today, Mark.EXCUSED, by=desk)
    mark(first, today, Mark.PRESENT, by=desk)
    mark(second, today, Mark.NO_SHOW, by=desk)
    mark(make.make_registration(course=course), today, Mark.PRESENT, by=staff)
    taken = [undo(today, by=desk) for _ in range(4)]
    assert [(each.registration, each.old, each.new) for each in taken[:3]] == [
        (second, "no_show", None),
        (first, "present", "excused"),
        (first, "excused", None),
    ]
    assert taken[3] == Problem.NOTHING
    assert [row.by for row in Attendance.objects.all()] == [staff]


def test_a_mark_somebody_else_has_changed_since_is_not_taken_back(course, today, desk, staff):
    registration = make.make_registration(course=course)
    mark(registration, today, Mark.PRESENT, by=desk)
    mark(registration, today, Mark.EXCUSED, by=staff)
    assert undo(today, by=desk) == Problem.OVERTAKEN
    assert standing(registration, today) == Standing.EXCUSED


def test_a_mark_made_after_an_undo_is_the_next_to_be_taken_back(course, today, desk):
    registration = make.make_registration(course=course)
    mark(registration, today, Mark.PRESENT, by=desk)
    undo(today, by=desk)
    mark(registration, today, Mark.NO_SHOW, by=desk)
    assert isinstance(undo(today, by=desk), Marked)
    assert undo(today, by=desk) == Problem.NOTHING


def unknown(town) -> dict[int, int]:
    return {each.class_session.pk: each.unknown for each in recent_sessions(town) if each.waits_for(town)}


def test_sessions_with_unmarked_people_are_found_for_two_weeks(
    course, today, desk, shibukawa, yoshioka, takasaki, tuesday
):
    known, not_known = make.make_registration(course=course), make.make_registration(course=course)
    mark(known, today, Mark.PRESENT, by=desk)
    assert unknown(shibukawa) == {}
    tuesday.move_to("2026-11-24 15:00+09:00")
    assert [unknown(town) for town in (shibukawa, yoshioka, takasaki)] == [{today.pk: 1}, {}, {}]
    mark(not_known, today, Mark.EXCUSED, by=desk)
    assert unknown(shibukawa) == {}
    mark(not_known, today, None, by=desk)
    later = make.make_registration(course=make.make_course(program=course.program))
    later.course.registrations.update(course=course, confirmed_at=timezone.now())
    assert unknown(shibukawa) == {today.pk: 1}  # who joined after it is not asked about
    tuesday.shift(timedelta(days=15))
    assert today.pk not in unknown(shibukawa)
