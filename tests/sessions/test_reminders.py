from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from messaging import optouts
from messaging.models import OptOut
from messaging.sending import send_due
from participants.models import Channel
from sessions.changes import call_off, move_session
from sessions.models import Notice
from sessions.registration import cancel
from sessions.reminders import queue_reminders
from tests import make

pytestmark = pytest.mark.django_db
REGISTERED = "2026-11-20 11:00+09:00"
CLASS = "2026-12-04T10:00+09:00"


def at(text: str) -> time_machine.travel:
    return time_machine.travel(text, tick=False)


@pytest.fixture
def course(program):
    """A class on Friday 4 December 2026, ten o'clock; reminders 7 days and 1 day before."""
    with at(REGISTERED):
        return make.make_course(program=program, starts_at=make.in_days(14))


@pytest.fixture
def registration(course):
    with at(REGISTERED):
        return make.make_registration(course=course)


def reminders():
    return list(Notice.objects.filter(kind="reminder").order_by("pk"))


def test_nobody_is_reminded_before_the_day(registration):
    with at("2026-11-27 09:59+09:00"):
        assert queue_reminders() == 0


def test_the_week_before_and_the_day_before_each_remind_once(registration, outbox):
    for moment, told in [
        ("2026-11-27 10:00+09:00", 1),
        ("2026-11-27 10:01+09:00", 0),
        ("2026-12-03 09:00+09:00", 0),
        ("2026-12-03 10:00+09:00", 1),
        ("2026-12-03 15:00+09:00", 0),
    ]:
        with at(moment):
            assert queue_reminders() == told, moment
    assert "明日12月4日(金)10時" in outbox(purpose="reminder")[-1].body


def test_a_worker_that_slept_over_a_day_catches_up(registration):
    with at("2026-11-29 16:00+09:00"):
        assert queue_reminders() == 1


def test_a_worker_that_slept_over_both_sends_only_the_later_one(registration, outbox):
    with at("2026-12-03 18:00+09:00"):
        assert queue_reminders() == 1
        assert queue_reminders() == 0
    assert "明日" in outbox(purpose="reminder")[0].body


def test_a_reminder_written_in_the_night_does_not_say_tomorrow_in_the_morning(registration, outbox):
    with at("2026-12-03 21:00+09:00"):
        assert queue_reminders() == 1
    body = outbox(purpose="reminder")[0].body
    assert "本日12月4日(金)10時" in body
    assert "明日" not in body


def test_nobody_is_reminded_in_the_last_hour_or_afterwards(registration):
    for moment in ("2026-12-04 09:30+09:00", "2026-12-04 10:30+09:00", "2026-12-05 10:00+09:00"):
        with at(moment):
            assert queue_reminders() == 0, moment


def test_a_reminder_that_could_not_leave_in_time_is_never_sent(registration, outbox):
    with at("2026-12-03 10:00+09:00"):
        queue_reminders()
    assert outbox(purpose="reminder")[0].expires_at < timezone.datetime.fromisoformat(CLASS)


def test_a_late_booking_is_reminded_the_day_before_but_not_for_the_week_that_is_gone(course):
    with at("2026-11-30 12:00+09:00"):
        make.make_registration(course=course)
        assert queue_reminders() == 0
    with at("2026-12-03 10:05+09:00"):
        assert queue_reminders() == 1


def test_a_booking_of_the_day_before_is_told_by_its_confirmation_alone(course):
    with at("2026-12-03 11:00+09:00"):
        type(course).objects.update(closes_at=timezone.now() + timedelta(hours=1))
        make.make_registration(course=course)
        assert queue_reminders() == 0


def test_who_cancelled_is_not_reminded(registration):
    with at("2026-11-26 10:00+09:00"):
        cancel(registration, channel=Channel.PHONE)
    with at("2026-12-03 12:00+09:00"):
        assert queue_reminders() == 0


def test_cancelling_takes_back_a_reminder_that_has_not_left(registration, outbox):
    with at("2026-12-03 10:00+09:00"):
        queue_reminders()
        cancel(registration, channel=Channel.PHONE)
    assert [(m.template, m.state) for m in outbox()][-2:] == [("reminder", "cancelled"), ("cancelled", "queued")]


def test_a_class_called_off_reminds_nobody_and_takes_back_what_has_not_left(registration, course, staff, outbox):
    with at("2026-12-03 10:00+09:00"):
        queue_reminders()
        call_off(course, reason="大雪", by=staff)
        assert queue_reminders() == 0
    assert [(m.template, m.state) for m in outbox()][-2:] == [("reminder", "cancelled"), ("called_off", "queued")]


def test_a_moved_class_is_corrected_at_once_and_reminded_anew(registration, course, staff, outbox):
    with at("2026-11-20 12:00+09:00"):
        send_due()
    with at("2026-12-03 10:00+09:00"):
        queue_reminders()
        session = course.class_sessions.get()
        start = session.starts_at + timedelta(days=7)
        move_session(
            session, starts_at=start, ends_at=start + timedelta(minutes=90), venue=session.venue, by=staff
        )
        assert queue_reminders() == 0
    with at("2026-12-04 10:05+09:00"):
        assert queue_reminders() == 1
    told = [(m.template, m.state) for m in outbox()]
    assert told[-3:] == [("reminder", "cancelled"), ("moved", "queued"), ("reminder", "queued")]
    assert "12月11日(金)10時" in outbox()[-1].body


@pytest.mark.parametrize(
    ("fields", "rung"),
    [
        ({}, "sms"),
        ({"sms": False}, "call"),
        ({"phone": "0279-00-0423"}, "call"),
        ({"phone": "0279-00-0423", "sms": False, "address": "見本町1"}, "call"),
    ],
)
def test_everybody_with_a_seat_stands_on_exactly_one_rung(course, fields, rung):
    with at(REGISTERED):
        make.make_registration(course=course, person=make.make_person(town=course.host, **fields))
    with at("2026-11-27 10:00+09:00"):
        queue_reminders()
    assert [notice.rung for notice in reminders()] == [rung]


def test_who_wants_postcards_gets_one_while_the_post_is_in_time_and_a_call_after(course):
    with at(REGISTERED):
        person = make.make_person(town=course.host, phone="0279-00-0423", sms=False, address="見本町1")
        type(person).objects.filter(pk=person.pk).update(reach="postcard")
        person.refresh_from_db()
        make.make_registration(course=course, person=person)
    for moment in ("2026-11-27 10:00+09:00", "2026-12-03 10:00+09:00"):
        with at(moment):
            queue_reminders()
    assert [notice.rung for notice in reminders()] == ["postcard", "call"]


def test_who_stopped_sms_is_called(registration):
    number = registration.participant.contact_points.get().number
    optouts.stop(number, source=OptOut.Source.PHONE)
    with at("2026-11-27 10:00+09:00"):
        queue_reminders()
    assert [notice.rung for notice in reminders()] == ["call"]


def test_a_pass_with_nothing_new_costs_the_same_for_1_and_30_people(course, django_assert_num_queries):
    with at(REGISTERED):
        make.make_registration(course=course)
        type(course).objects.update(capacity=40)
    with at("2026-11-27 10:00+09:00"):
        queue_reminders()
        with django_assert_num_queries(6):
            queue_reminders()
    with at(REGISTERED):
        for _ in range(30):
            make.make_registration(course=course)
    with at("2026-11-27 10:00+09:00"):
        queue_reminders()
        with django_assert_num_queries(6):
            queue_reminders()


def test_who_was_just_told_of_a_move_is_not_reminded_of_it_in_the_same_breath(registration, course, staff):
    with at("2026-11-27 10:00+09:00"):
        queue_reminders()
    with at("2026-12-01 12:00+09:00"):
        session = course.class_sessions.get()
        start = session.starts_at + timedelta(hours=1)
        move_session(
            session, starts_at=start, ends_at=start + timedelta(minutes=90), venue=session.venue, by=staff
        )
        assert queue_reminders() == 0
    with at("2026-12-03 10:00+09:00"):
        assert queue_reminders() == 1
