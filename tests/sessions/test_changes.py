"""Moving and calling off: each person concerned is told once, and what was told before is corrected."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.japanese import date_label
from accounts.models import AuditEntry
from messaging.models import Message
from messaging.sending import send_due
from participants.models import Channel
from sessions.changes import call_off, call_off_session, move_session, told_of_session_off
from sessions.models import ClassSession, Course, Notice, Registration
from sessions.planning import Problem
from sessions.registration import cancel
from sessions.reminders import queue_reminders
from tests import make

pytestmark = pytest.mark.django_db
REASON = "悪天候のため"


@pytest.fixture
def course(program, shibukawa, yoshioka) -> Course:
    course = make.make_course(program=program, capacity=3, session_count=2)
    for town in (shibukawa, shibukawa, yoshioka):
        make.make_registration(course=course, town=town)
    return course


def first(course: Course) -> ClassSession:
    return course.class_sessions.order_by("starts_at")[0]


def moved(course: Course, staff, *, days: float = 1, venue=None) -> ClassSession | Problem:
    session = first(course)
    start = session.starts_at + timedelta(days=days)
    return move_session(
        session,
        starts_at=start,
        ends_at=start + timedelta(minutes=90),
        venue=venue or session.venue,
        by=staff,
    )


def told(kind: Notice.Kind) -> list[int]:
    return sorted(Notice.objects.filter(kind=kind).values_list("registration", flat=True))


def keys(course: Course, *states: str) -> list[int]:
    rows = course.registrations.filter(state__in=states) if states else course.registrations.all()
    return sorted(rows.values_list("pk", flat=True))


def test_moving_tells_everybody_with_a_seat_once(course, staff):
    assert isinstance(moved(course, staff), ClassSession)
    assert told(Notice.Kind.MOVED) == keys(course)
    assert AuditEntry.objects.filter(act="session.moved").count() == 1


def test_moving_leaves_those_who_wait_or_cancelled_alone(course, staff, shibukawa):
    waiting = make.make_registration(course=course, town=shibukawa, state="waiting")
    gone = make.make_registration(course=course, town=shibukawa)
    cancel(gone, channel=Channel.PHONE)
    moved(course, staff)
    assert told(Notice.Kind.MOVED) == [key for key in keys(course) if key not in {waiting.pk, gone.pk}]


def test_moving_keeps_the_span_of_the_course_and_raises_the_sequence(course, staff):
    before = first(course)
    moved(course, staff, days=-1)
    course.refresh_from_db()
    assert course.starts_at == before.starts_at - timedelta(days=1)
    assert first(course).sequence == before.sequence + 1


def test_a_second_move_replaces_the_first_message_that_was_not_sent_yet(course, staff):
    send_due()
    moved(course, staff)
    moved(course, staff, days=-2)
    unsent = Message.objects.unsent().filter(template="moved")
    assert unsent.count() == 3
    assert all(message.notice.key.endswith(":2") for message in unsent)


def test_a_reminder_already_queued_is_corrected_when_the_session_moves(program, shibukawa, staff):
    course = make.make_course(program=program, starts_at=make.in_days(20))
    make.make_registration(course=course, town=shibukawa)
    with time_machine.travel(make.in_days(13, hour=11), tick=False):
        assert queue_reminders() == 1
        moved(course, staff, days=1)
        assert Message.objects.unsent().filter(template="reminder").count() == 0
        assert queue_reminders() == 0
    with time_machine.travel(make.in_days(14, hour=11), tick=False):
        assert queue_reminders() == 1
        reminder = Message.objects.unsent().get(template="reminder")
    assert date_label(make.in_days(21), language="ja") in reminder.body


def test_a_session_cannot_move_into_a_room_that_is_taken(course, program, staff):
    other = make.make_course(program=program, starts_at=first(course).starts_at + timedelta(days=1))
    assert moved(course, staff, venue=first(other).venue) == Problem.VENUE_TAKEN
    assert told(Notice.Kind.MOVED) == []


def test_a_session_may_stay_in_its_own_room(course, staff):
    assert isinstance(moved(course, staff, days=0.01), ClassSession)


def test_what_is_over_or_off_is_neither_moved_nor_called_off(program, staff):
    over = make.make_course(program=program, starts_at=make.in_days(-3))
    off = make.make_course(program=program, session_count=2)
    call_off_session(first(off), reason=REASON, by=staff)
    assert moved(over, staff) == Problem.OVER
    assert moved(off, staff) == Problem.OFF
    assert call_off_session(first(off), reason=REASON, by=staff) == Problem.OFF
    assert call_off(over, reason=REASON, by=staff) == Problem.OVER


def test_calling_off_one_session_tells_each_person_once_and_keeps_their_seat(course, staff):
    call_off_session(first(course), reason=REASON, by=staff)
    assert told(Notice.Kind.SESSION_OFF) == keys(course)
    assert keys(course, "confirmed") == keys(course)
    course.refresh_from_db()
    assert (course.cancelled_at, course.starts_at) == (None, course.class_sessions.get(number=2).starts_at)


def test_calling_off_the_last_session_calls_off_the_course(course, staff):
    for session in course.class_sessions.all():
        call_off_session(session, reason=REASON, by=staff)
    course.refresh_from_db()
    assert course.cancel_reason == REASON
    assert told(Notice.Kind.CALLED_OFF) == keys(course, "cancelled") == keys(course)


def test_calling_off_a_course_ends_every_application_and_tells_each_person_once(course, staff, shibukawa):
    make.make_registration(course=course, town=shibukawa, state="waiting")
    call_off(course, reason=REASON, by=staff)
    assert told(Notice.Kind.CALLED_OFF) == keys(course, "cancelled") == keys(course)
    assert {session.cancel_reason for session in course.class_sessions.all()} == {REASON}
    assert call_off(course, reason=REASON, by=staff) == Problem.OFF


def test_the_last_message_says_that_the_course_is_off(course, staff):
    with time_machine.travel(make.in_days(7, hour=11), tick=False):
        queue_reminders()
        call_off(course, reason=REASON, by=staff)
        assert set(Message.objects.unsent().values_list("template", flat=True)) == {"called_off"}


def test_a_slot_called_off_ends_the_one_application_it_held(program, staff, shibukawa):
    course = make.make_course(program=program, by_slot=True, session_count=3, capacity=3)
    slots = list(course.class_sessions.all())
    kept = make.make_registration(course=course, town=shibukawa, class_session=slots[0])
    gone = make.make_registration(course=course, town=shibukawa, class_session=slots[1])
    call_off_session(slots[1], reason=REASON, by=staff)
    assert keys(course, "confirmed") == [kept.pk]
    assert told(Notice.Kind.CALLED_OFF) == [gone.pk]


def test_how_many_will_be_told_is_known_beforehand(course, staff, shibukawa):
    make.make_registration(course=course, town=shibukawa, state="waiting")
    assert told_of_session_off(first(course)) == 3
    call_off_session(first(course), reason=REASON, by=staff)
    last = course.class_sessions.get(number=2)
    assert told_of_session_off(last) == 4
    call_off_session(last, reason=REASON, by=staff)
    assert len(told(Notice.Kind.CALLED_OFF)) == 4


@time_machine.travel("2026-11-24 16:00+09:00", tick=False)
def test_an_offer_that_would_outlast_an_earlier_class_is_shortened_and_its_new_deadline_told(
    program, shibukawa, staff
):
    course = make.make_course(program=program, capacity=1, starts_at=make.in_days(4))
    seated, in_line = (make.make_registration(course=course, town=shibukawa) for _n in range(2))
    cancel(seated, channel=Channel.PHONE)
    send_due()
    session, start = first(course), make.in_days(1, hour=9)
    move_session(session, starts_at=start, ends_at=start + timedelta(hours=1), venue=session.venue, by=staff)
    assert in_line.offers.get().deadline_at < start
    told = in_line.notices.latest("pk")
    assert (told.kind, told.rung, told.expires_at) == ("offered", "call", in_line.offers.get().deadline_at)
    assert date_label(timezone.localdate(start), language="ja") in told.text
    assert not in_line.notices.filter(kind="moved", closed_at=None).exists()


@time_machine.travel("2026-11-24 16:00+09:00", tick=False)
def test_an_offer_gets_its_time_back_when_the_class_is_put_back(program, shibukawa, staff):
    course = make.make_course(program=program, capacity=1, starts_at=make.in_days(6))
    seated, in_line = (make.make_registration(course=course, town=shibukawa) for _n in range(2))
    cancel(seated, channel=Channel.PHONE)
    deadline = in_line.offers.get().deadline_at
    moved(course, staff, days=-5)
    assert in_line.offers.get().deadline_at < deadline
    moved(course, staff, days=5)
    assert in_line.offers.get().deadline_at == deadline
    assert in_line.notices.get(closed_at=None).expires_at == deadline


def test_a_session_cannot_move_into_a_room_too_small_for_the_capacity(course, shibukawa, staff):
    before = first(course).venue
    small = make.make_venue(town=shibukawa, capacity=course.capacity - 1)
    assert moved(course, staff, days=0, venue=small) == Problem.VENUE_FULL
    assert first(course).venue == before


@time_machine.travel("2026-11-24 16:00+09:00", tick=False)
def test_a_class_is_not_moved_before_its_applications_close_for_the_draw(program, staff):
    lottery = make.make_course(program=program, allocation="lottery")
    assert moved(lottery, staff, days=-2) == Problem.WINDOW
    assert isinstance(moved(lottery, staff, days=2), ClassSession)


@time_machine.travel("2026-11-24 16:00+09:00", tick=False)
def test_a_class_is_not_moved_before_the_release_of_its_kept_seats(program, staff, shibukawa):
    release = make.in_days(10)
    course = make.make_course(program=program, quotas={shibukawa: 2}, quota_release_at=release)
    assert moved(course, staff, days=-5) == Problem.RELEASE
    assert isinstance(moved(course, staff, days=-3), ClassSession)


def test_who_waits_is_sent_home_when_nothing_is_left_to_come_to(program, shibukawa, staff):
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as clock:
        course = make.make_course(program=program, capacity=1, session_count=2, starts_at=make.in_days(7))
        seated = make.make_registration(course=course, town=shibukawa, state=Registration.State.CONFIRMED)
        waiting = make.make_registration(course=course, town=shibukawa, state=Registration.State.WAITING)
        send_due()
        clock.move_to(course.starts_at + timedelta(days=1))
        last = course.class_sessions.order_by("starts_at")[1]
        call_off_session(last, reason="大雪", by=staff)
        for registration in (seated, waiting):
            registration.refresh_from_db()
    assert (seated.state, waiting.state) == (Registration.State.CONFIRMED, Registration.State.CANCELLED)
    assert [row.notices.last().kind for row in (seated, waiting)] == ["session_off", "called_off"]


def test_a_class_moved_to_before_its_closing_date_closes_with_its_beginning(client, program, staff):
    course = make.make_course(program=program, starts_at=make.in_days(14), closes_at=make.in_days(13, hour=17))
    assert isinstance(moved(course, staff, days=-2), ClassSession)
    course.refresh_from_db()
    assert course.takes_until == course.starts_at < course.closes_at
    page = client.get(course.get_absolute_url()).content.decode()
    assert date_label(course.closes_at) not in page
