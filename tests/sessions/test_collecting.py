"""Several changes of a session within ten minutes are told once: from what was known to what came of them."""

from datetime import datetime, timedelta

import pytest
import time_machine

from messaging.backends import MemoryBackend
from messaging.models import Message
from messaging.sending import claim, send_due
from participants.models import Channel
from sessions.calls import CallResult, record_call
from sessions.changes import call_off_session, move_session
from sessions.models import ClassSession, Course, Notice
from sessions.reminders import queue_reminders
from tests import make

pytestmark = pytest.mark.django_db
START = "2026-11-24 10:00+09:00"
CLASS = "2026-12-08T10:00+09:00"


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def course(clock, program) -> Course:
    return make.make_course(program=program, starts_at=datetime.fromisoformat(CLASS), session_count=2)


@pytest.fixture
def registration(course):
    registration = make.make_registration(course=course)
    send_due()
    MemoryBackend.sent.clear()
    return registration


def move(course: Course, hour: int, *, minute: int = 0, day: int = 8, venue=None) -> ClassSession:
    session = course.class_sessions.get(number=1)
    start = session.starts_at.astimezone(datetime.fromisoformat(CLASS).tzinfo)
    start = start.replace(day=day, hour=hour, minute=minute)
    end = start + timedelta(minutes=90)
    moved = move_session(session, starts_at=start, ends_at=end, venue=venue or session.venue, by=None)
    assert isinstance(moved, ClassSession)
    return moved


def texts() -> list[str]:
    send_due()
    return [message.body for message in MemoryBackend.sent]


def test_five_edits_are_one_message_from_the_first_time_to_the_last(clock, course, registration):
    for n, hour in enumerate((11, 12, 13, 14, 15), start=1):
        assert move(course, hour).sequence == n
        clock.shift(timedelta(minutes=2))
        assert texts() == [] or hour == 15
    assert len(texts()) == 1
    assert "12月8日(火)10時" in texts()[0]
    assert "→12月8日(火)15時" in texts()[0]
    assert registration.notices.filter(kind="moved", outcome="").count() == 1


def test_later_edits_do_not_put_off_the_message(clock, course, registration):
    move(course, 11)
    clock.shift(timedelta(minutes=9))
    move(course, 12)
    clock.shift(timedelta(minutes=1))
    assert len(texts()) == 1


def test_what_is_changed_and_changed_back_is_told_to_nobody(clock, course, registration):
    move(course, 11)
    clock.shift(timedelta(minutes=5))
    move(course, 10)
    clock.shift(timedelta(minutes=30))
    assert texts() == []
    assert registration.notices.get(kind="moved").outcome == Notice.Outcome.OVERTAKEN
    assert course.class_sessions.get(number=1).sequence == 2


def test_an_edit_after_the_message_is_a_second_one_from_what_the_first_said(clock, course, registration):
    move(course, 11)
    clock.shift(timedelta(minutes=11))
    assert len(texts()) == 1
    move(course, 12)
    clock.shift(timedelta(minutes=11))
    assert len(texts()) == 2
    assert "12月8日(火)11時" in texts()[1]
    assert "→12月8日(火)12時" in texts()[1]


def test_back_again_after_the_message_is_told(clock, course, registration):
    move(course, 11)
    clock.shift(timedelta(minutes=11))
    send_due()
    move(course, 10)
    clock.shift(timedelta(minutes=11))
    assert "→12月8日(火)10時" in texts()[1]


def test_a_message_that_is_being_handed_over_counts_as_told(clock, course, registration):
    move(course, 11)
    clock.shift(timedelta(minutes=10))
    ((_token, message),) = claim(10)
    Message.objects.filter(pk=message.pk).update(state="submitting")
    move(course, 10)
    later = Message.objects.unsent().get(template="moved")
    assert "12月8日(火)11時" in later.body
    assert "→12月8日(火)10時" in later.body


def test_two_sessions_of_one_course_are_told_apart(clock, course, registration):
    move(course, 11)
    second = course.class_sessions.get(number=2)
    start = second.starts_at + timedelta(hours=3)
    move_session(second, starts_at=start, ends_at=start + timedelta(hours=1), venue=second.venue, by=None)
    clock.shift(timedelta(minutes=11))
    assert [text.count("→") for text in texts()] == [1, 1]


@pytest.mark.parametrize("hour", [10, 15])
def test_near_the_class_it_goes_at_once(clock, course, registration, hour):
    clock.move_to(datetime.fromisoformat("2026-12-08T07:30+09:00"))
    move(course, hour, minute=30)
    assert len(texts()) == 1


def test_in_the_night_it_waits_for_the_morning(clock, course, registration):
    clock.move_to(datetime.fromisoformat("2026-12-01T22:00+09:00"))
    move(course, 11)
    clock.shift(timedelta(hours=1))
    assert texts() == []
    clock.move_to(datetime.fromisoformat("2026-12-02T09:00+09:00"))
    assert len(texts()) == 1


def test_the_night_before_the_class_it_comes_three_hours_before_it(clock, course, registration):
    clock.move_to(datetime.fromisoformat("2026-12-07T22:00+09:00"))
    move(course, 11)
    clock.move_to(datetime.fromisoformat("2026-12-08T06:59+09:00"))
    assert texts() == []
    clock.move_to(datetime.fromisoformat("2026-12-08T07:00+09:00"))
    assert len(texts()) == 1


def test_calling_off_overtakes_the_move_and_names_the_time_that_was_known(clock, course, registration):
    move(course, 15)
    call_off_session(course.class_sessions.get(number=1), reason="大雪", by=None)
    clock.shift(timedelta(minutes=11))
    (text,) = texts()
    assert "12月8日(火)10時の回は" in text


def test_who_registers_within_the_ten_minutes_is_told_the_new_time_and_of_no_move(clock, course, registration):
    move(course, 11)
    clock.shift(timedelta(minutes=2))
    late = make.make_registration(course=course)
    clock.shift(timedelta(minutes=10))
    assert len(texts()) == 2
    assert [notice.kind for notice in late.notices.all()] == ["confirmed"]
    assert "12月8日(火)11時" in late.notices.get().text


def test_the_call_list_shows_a_move_once_it_is_due_and_in_its_last_words(clock, course, staff):
    person = make.make_person(town=course.host, phone="0279-00-0422", sms=False)
    make.make_registration(course=course, person=person)
    move(course, 11)
    clock.shift(timedelta(minutes=4))
    move(course, 12)
    assert not Notice.objects.to_do_by_hand().exists()
    clock.shift(timedelta(minutes=6))
    notice = Notice.objects.to_do_by_hand().get()
    assert "→12月8日(火)12時" in notice.text
    clock.shift(timedelta(minutes=30))
    move(course, 13)
    clock.shift(timedelta(minutes=10))
    notice = Notice.objects.to_do_by_hand().get()
    assert "12月8日(火)10時" in notice.text
    assert record_call(notice, CallResult.TOLD, by=staff) is True


def test_a_reminder_taken_back_by_a_move_is_given_again_when_the_move_is_undone(clock, course):
    registration = make.make_registration(course=course)
    send_due()
    MemoryBackend.sent.clear()
    clock.move_to(datetime.fromisoformat("2026-12-01T10:00+09:00"))
    queue_reminders()
    move(course, 11)
    assert Message.objects.unsent().filter(template="reminder").count() == 0
    assert queue_reminders() == 0
    move(course, 10)
    assert queue_reminders() == 1
    (text,) = texts()
    assert "12月8日(火)10時" in text
    assert registration.notices.filter(kind="moved", outcome="").count() == 0


def test_a_reminder_that_falls_due_within_the_ten_minutes_leaves_it_to_the_message_of_the_move(clock, course):
    make.make_registration(course=course, channel=Channel.PHONE)
    send_due()
    MemoryBackend.sent.clear()
    clock.move_to(datetime.fromisoformat("2026-12-01T09:55+09:00"))
    move(course, 11)
    clock.shift(timedelta(minutes=6))
    assert queue_reminders() == 0
    clock.shift(timedelta(minutes=5))
    (text,) = texts()
    assert "→12月8日(火)11時" in text
    clock.move_to(datetime.fromisoformat("2026-12-07T10:00+09:00"))
    queue_reminders()
    assert "12月8日(火)11時" in texts()[1]


def test_the_page_says_when_people_are_told(clock, course, registration, at_desk, staff):
    session = course.class_sessions.get(number=1)
    data = {"starts_at": "2026-12-08T11:00", "minutes": "90", "venue": session.venue_id}
    answer = at_desk(staff).post(f"/staff/sessions/{session.pk}/move/", data, follow=True).content.decode()
    assert "told in ten minutes; further changes until then go in the same message" in answer
    clock.move_to(datetime.fromisoformat("2026-12-08T09:30+09:00"))
    data["starts_at"] = "2026-12-08T12:00"
    answer = at_desk(staff).post(f"/staff/sessions/{session.pk}/move/", data, follow=True).content.decode()
    assert "is told at once" in answer
