"""One act makes one class of two: it moves everybody and tells everybody."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from messaging.backends import MemoryBackend
from messaging.models import Message
from messaging.sending import send_due
from participants.models import Channel
from programs.models import Allocation
from sessions.changes import move_session
from sessions.merging import merge
from sessions.models import Course, Notice, Registration
from sessions.occupancy import seats_of
from sessions.proposing import MergeProblem
from sessions.registration import Done, accept, cancel, register
from sessions.reminders import queue_reminders, remind
from tests import make
from tests.concurrency import run_at_once
from tests.sessions.merging import FIRST, change, merged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
STATE = Registration.State


def sent() -> list[Message]:
    send_due()
    return MemoryBackend.sent


def keys(course: Course, *states: str) -> list[int]:
    return sorted(course.registrations.filter(state__in=states or STATE.values).values_list("pk", flat=True))


def test_one_act_moves_everybody_with_their_number_and_tells_each_once(gone, into, staff):
    before, theirs = keys(into), keys(gone)
    send_due()
    MemoryBackend.sent.clear()
    merged(gone, into, staff)
    assert keys(into, "confirmed") == sorted([*before, *theirs])
    assert keys(gone) == []
    assert (gone.merged_into, gone.cancelled_at is not None) == (into, True)
    assert set(Registration.objects.filter(pk__in=theirs).values_list("moved_from", flat=True)) == {gone.pk}
    notices = Notice.objects.filter(kind="merged")
    assert sorted(notices.values_list("registration", flat=True)) == theirs
    assert not Notice.objects.filter(kind="called_off").exists()
    assert len(sent()) == 2
    text = MemoryBackend.sent[0].body
    assert "「スマホで防災」は渋川市と合同で行います。12月15日(火)10時から" in text
    assert (
        f"受付番号{notices.get(message=MemoryBackend.sent[0]).registration.receipt_number}はそのままです" in text
    )


def test_the_sessions_that_fall_are_marked_off_with_a_higher_sequence(gone, into, staff):
    merged(gone, into, staff)
    session = gone.class_sessions.get()
    assert (session.is_cancelled, session.sequence) == (True, 1)
    assert into.class_sessions.get().sequence == 0
    assert AuditEntry.objects.filter(act="course.merged").get().detail == {"into": into.pk}


def test_who_had_applied_to_both_keeps_the_seat_in_the_joint_class_and_is_told_once(gone, into, staff):
    both = into.registrations.first()
    double = make.make_registration(course=gone, person=both.participant)
    send_due()
    outcome = merged(gone, into, staff)
    double.refresh_from_db()
    assert (double.state, double.ended_reason, double.course) == ("cancelled", "merged", gone)
    assert outcome.doubles == [both]
    assert Notice.objects.filter(kind="merged", registration__participant=both.participant).count() == 1
    assert double.notices.count() == 1


def test_who_waits_in_the_joint_class_and_has_a_seat_in_the_other_keeps_the_seat(
    program, gone, into, staff, shinto
):
    change(into, quota_release_at=FIRST - timedelta(days=5))
    into.quotas.create(municipality=into.host, seats=8)
    person = make.make_person(town=shinto)
    waits = make.make_registration(course=into, person=person, state="waiting")
    seated = make.make_registration(course=gone, person=person, state="confirmed")
    merged(gone, into, staff)
    waits.refresh_from_db()
    seated.refresh_from_db()
    assert (waits.state, seated.state, seated.course) == ("cancelled", "confirmed", into)


def test_kept_seats_are_released_only_if_there_is_no_room_beside_them(gone, into, staff, shibukawa):
    into.quotas.create(municipality=shibukawa, seats=7)
    merged(gone, into, staff)
    assert into.quota_is_released
    assert seats_of(into).is_legal


def test_kept_seats_with_room_beside_them_stay(gone, into, staff, shibukawa):
    into.quotas.create(municipality=shibukawa, seats=4)
    merged(gone, into, staff)
    assert into.quota_release_at is None


def test_what_was_not_told_yet_is_overtaken_and_reminders_are_those_of_the_joint_class(clock, gone, into, staff):
    one = gone.registrations.first()
    merged(gone, into, staff)
    assert [message.template for message in Message.objects.unsent().filter(notice__registration=one)] == [
        "merged"
    ]
    send_due()
    clock.move_to(FIRST - timedelta(days=7))
    queue_reminders()
    reminder = one.notices.get(kind="reminder")
    assert "12月15日(火)10時" in reminder.text


def test_a_reminder_read_before_the_merge_is_not_sent_after_it(gone, into, staff):
    session = gone.class_sessions.select_related("course__program", "course__host", "course__line", "venue").get()
    one = gone.registrations.select_related("participant", "municipality").first()
    merged(gone, into, staff)
    remind(one, session, key="read-before")
    assert not Notice.objects.filter(kind="reminder").exists()


def test_after_the_merge_one_cancels_as_ever(gone, into, staff):
    one = gone.registrations.first()
    merged(gone, into, staff)
    one.refresh_from_db()
    assert isinstance(cancel(one, channel=Channel.PHONE), Done)
    assert seats_of(into).free == into.capacity - 4


def test_an_offer_goes_on_in_the_joint_class(gone, into, staff, shinto, yoshioka):
    """Somebody waits beside seats kept for another town and is offered one that came free."""
    gone.quotas.create(municipality=yoshioka, seats=7)
    seated = make.make_registration(course=gone, town=shinto, state="confirmed")
    waiting = make.make_registration(course=gone, town=shinto, state="waiting")
    cancel(seated, channel=Channel.PHONE)
    merged(gone, into, staff)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.course) == ("offered", into)
    notice = waiting.notices.last()
    assert notice.kind == "merged"
    assert "参加される方は1、されない方は2を" in notice.text
    assert isinstance(accept(waiting, channel=Channel.SMS), Done)


def test_who_waits_is_told_of_the_joint_class_and_then_offered_a_seat(gone, into, staff, shinto, yoshioka):
    gone.quotas.create(municipality=yoshioka, seats=8)
    waiting = make.make_registration(course=gone, town=shinto, state="waiting")
    merged(gone, into, staff)
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    assert waiting.notices.last().kind == "offered"


def test_a_lottery_not_drawn_yet_takes_the_tickets_over(gone, into, staff):
    Course.objects.update(allocation=Allocation.LOTTERY)
    Registration.objects.update(state=STATE.APPLIED)
    merged(gone, into, staff)
    assert len(keys(into, "applied")) == 5
    assert "抽選待ちのままです" in Notice.objects.filter(kind="merged").first().text


def fill(course: Course) -> None:
    for _n in range(7):
        make.make_registration(course=course)


@pytest.mark.parametrize(
    ("meanwhile", "problem"),
    [
        (lambda course: change(course, cancelled_at=timezone.now()), MergeProblem.OFF),
        (lambda course: change(course, closes_at=timezone.now()), MergeProblem.CLOSED),
        (lambda course: change(course, capacity=4), MergeProblem.FULL),
        (lambda course: change(course, by_slot=True), MergeProblem.UNLIKE),
    ],
)
def test_what_has_changed_meanwhile_refuses_the_merge_and_nothing_happens(gone, into, staff, meanwhile, problem):
    meanwhile(into)
    before = keys(gone)
    assert merge(gone, into, by=staff) == problem
    assert (keys(gone), Notice.objects.filter(kind="merged").count()) == (before, 0)


def test_a_class_is_merged_once(gone, into, staff):
    merged(gone, into, staff)
    assert merge(gone, into, by=staff) == MergeProblem.OFF
    assert merge(into, into, by=staff) == MergeProblem.SAME


def test_classes_between_which_nobody_fits_are_refused(gone, into, staff):
    fill(into)
    assert merge(gone, into, by=staff) == MergeProblem.FULL


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Everything that may happen to the two classes while they become one."""

    def test_merging_and_applying_cancelling_and_answering(self, gone, into, staff, yoshioka):
        newcomers = [make.make_person(town=yoshioka) for _ in range(3)]
        leaving = gone.registrations.first()
        results = at_once(
            partial(merge, gone, into, by=staff),
            *[partial(register, gone, [person], channel=Channel.PHONE) for person in newcomers],
            partial(cancel, leaving, channel=Channel.SMS),
            partial(accept, leaving, channel=Channel.SMS),
            partial(cancel, into.registrations.first(), channel=Channel.WEB),
        )
        assert not [result for result in results if isinstance(result, Exception)]
        assert keys(gone, *Registration.LIVE) == [] or results[0] == MergeProblem.BUSY
        assert seats_of(into).is_legal
        for row in Registration.objects.live():
            assert row.notices.last().kind in {"confirmed", "merged", "offered"}

    def test_two_who_merge_at_once_do_it_once(self, gone, into, staff):
        results = at_once(partial(merge, gone, into, by=staff), partial(merge, into, gone, by=staff))
        assert sorted(type(result).__name__ for result in results) == ["MergeProblem", "Merged"]
        assert Course.objects.exclude(merged_into=None).count() == 1
        assert Notice.objects.filter(kind="merged").count() in {2, 3}


def at_once(*calls):
    return run_at_once(calls, lanes=len(calls))


def test_a_merger_not_told_yet_is_told_once_with_what_became_of_the_class(clock, gone, into, staff):
    clock.move_to(datetime.fromisoformat("2026-11-24T21:00+09:00"))
    send_due()
    merge(gone, into, by=staff)
    session = into.class_sessions.get()
    start = session.starts_at + timedelta(hours=3)
    move_session(session, starts_at=start, ends_at=start + timedelta(hours=1), venue=session.venue, by=staff)
    came_over = into.registrations.filter(moved_from=gone)
    for registration in came_over:
        left = registration.notices.get(closed_at=None)
        assert (left.kind, "13時" in left.text, "合同" in left.text) == ("merged", True, True)
    MemoryBackend.sent.clear()
    clock.move_to(datetime.fromisoformat("2026-11-25T10:00+09:00"))
    send_due()
    by_sms = [message.body for message in MemoryBackend.sent if "合同" in message.body]
    assert by_sms
    assert all("13時" in body for body in by_sms)


def test_a_class_for_a_group_is_held_together_with_none_for_everybody(gone, into, staff):
    Course.objects.filter(pk=gone.pk).update(is_listed=False)
    assert merge(gone, into, by=staff) == MergeProblem.UNLIKE
    assert merge(into, gone, by=staff) == MergeProblem.UNLIKE
