from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from config.worker import work_once
from messaging import optouts, outbox
from messaging.backends import MemoryBackend, Result
from messaging.lint import problems
from messaging.models import Attempt, Heartbeat, Message, OptOut, State
from messaging.segments import count_segments, units
from messaging.sending import claim, pass_fence, send_due, submit, write_down
from messaging.waking import add_waking_hours, not_in_the_night
from tests import make

pytestmark = pytest.mark.django_db
NUMBER = "+819003100408"


def queue(*, to: str = NUMBER, purpose: Message.Purpose = Message.Purpose.NOTICE, **fields) -> Message:
    return outbox.queue(
        **{
            "to": to,
            "template": "cancelled",
            "context": {"town": "渋川市", "title": "安全に使う", "day": "12月4日(金)", "receipt": "A0001"},
            "purpose": purpose,
            "expires_at": timezone.now() + timedelta(days=1),
            "municipality": None,
            "line": make.make_line(),
            **fields,
        }
    )


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def test_a_due_message_goes_out_once_and_its_attempt_is_kept():
    message = queue()
    assert send_due() == 1
    assert send_due() == 0
    assert state_of(message) == State.DELIVERED
    assert [m.pk for m in MemoryBackend.sent] == [message.pk]
    attempt = Attempt.objects.get()
    assert (attempt.number, attempt.outcome) == (1, Attempt.Outcome.SENT)
    assert attempt.provider_sid == Message.objects.get().provider_sid != ""


def test_what_is_rolled_back_was_never_queued():
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


def test_the_same_key_queues_once():
    assert queue(dedupe_key="reminder:1") == queue(dedupe_key="reminder:1")
    assert Message.objects.count() == 1


def test_nothing_leaves_before_its_time_or_after_it():
    early = queue(not_before=timezone.now() + timedelta(hours=1))
    late = queue(expires_at=timezone.now() - timedelta(seconds=1))
    assert send_due() == 0
    assert (state_of(early), state_of(late)) == (State.QUEUED, State.EXPIRED)


def test_sign_in_codes_and_replies_go_before_reminders():
    reminder, reply = queue(purpose=Message.Purpose.REMINDER), queue(purpose=Message.Purpose.REPLY)
    code = queue(purpose=Message.Purpose.CODE)
    send_due()
    assert [m.pk for m in MemoryBackend.sent] == [code.pk, reply.pk, reminder.pk]


def test_a_number_that_asked_for_silence_gets_only_replies():
    optouts.stop(NUMBER, source=OptOut.Source.SMS)
    notice, reply = queue(), queue(purpose=Message.Purpose.REPLY)
    send_due()
    assert (state_of(notice), state_of(reply)) == (State.SUPPRESSED, State.DELIVERED)


def test_silence_asked_between_claim_and_sending_is_kept():
    message = queue()
    ((token, claimed),) = claim(10)
    optouts.stop(NUMBER, source=OptOut.Source.SMS)
    assert pass_fence(claimed, token) is None
    assert state_of(message) == State.SUPPRESSED
    assert MemoryBackend.sent == []


def test_after_resuming_messages_flow_again():
    optouts.stop(NUMBER, source=OptOut.Source.SMS)
    assert optouts.stop(NUMBER, source=OptOut.Source.PHONE) is False
    assert optouts.resume(NUMBER, source=OptOut.Source.PHONE) is True
    message = queue()
    send_due()
    assert state_of(message) == State.DELIVERED


def test_a_withdrawn_message_is_not_sent_even_if_a_worker_has_claimed_it():
    first = queue()
    ((token, claimed),) = claim(10)
    second = queue()
    assert outbox.withdraw(Message.objects.all()) == 2
    assert submit(claimed, token, MemoryBackend()) is False
    assert (state_of(first), state_of(second)) == (State.CANCELLED, State.CANCELLED)
    assert MemoryBackend.sent == []


def test_a_message_withdrawn_while_it_is_handed_over_is_not_tried_again():
    message = queue()
    ((token, claimed),) = claim(10)
    attempt = pass_fence(claimed, token)
    outbox.withdraw(Message.objects.all())
    write_down(claimed, token, attempt, Result(Attempt.Outcome.NOT_SENT), "memory")
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        send_due()
    assert state_of(message) == State.EXPIRED
    assert MemoryBackend.sent == []


class Broken(MemoryBackend):
    def send(self, message: Message) -> Result:
        raise OSError("no route")


def test_a_provider_that_breaks_leaves_a_message_nobody_repeats():
    message = queue()
    ((token, claimed),) = claim(10)
    submit(claimed, token, Broken())
    assert state_of(message) == State.UNCERTAIN


def test_a_dead_workers_claim_returns_to_the_queue_and_its_submission_does_not():
    claimed, submitting = queue(), queue(to="+819003100409")
    rows = {message.pk: (token, message) for token, message in claim(10)}
    token, message = rows[submitting.pk]
    assert pass_fence(message, token) is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        send_due()
    assert (state_of(claimed), state_of(submitting)) == (State.DELIVERED, State.UNCERTAIN)
    assert [m.pk for m in MemoryBackend.sent] == [claimed.pk]


def test_a_worker_that_lost_its_lease_sends_nothing():
    message = queue()
    ((token, claimed),) = claim(10)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert submit(claimed, token, MemoryBackend()) is False
    assert MemoryBackend.sent == []
    assert state_of(message) == State.CLAIMED


def test_a_refused_number_fails_for_good():
    MemoryBackend.failing.add(NUMBER)
    message = queue()
    send_due()
    message.refresh_from_db()
    assert (message.state, message.error_code) == (State.FAILED, "30003")


class Unsteady(MemoryBackend):
    """Says what it is told to say."""

    def __init__(self, outcome: Attempt.Outcome) -> None:
        self.outcome = outcome

    def send(self, message: Message) -> Result:
        return Result(self.outcome, error_code="20429")


def test_what_was_certainly_not_sent_is_tried_again_later_and_given_up_at_last():
    message = queue(expires_at=timezone.now() + timedelta(days=9))
    moment = timezone.now()
    for _ in range(5):
        moment += timedelta(hours=1)
        with time_machine.travel(moment, tick=False):
            ((token, claimed),) = claim(10)
            submit(claimed, token, Unsteady(Attempt.Outcome.NOT_SENT))
            assert claim(10) == []
    assert state_of(message) == State.FAILED
    assert Attempt.objects.count() == 5


def test_what_may_have_been_sent_is_never_repeated():
    message = queue()
    ((token, claimed),) = claim(10)
    submit(claimed, token, Unsteady(Attempt.Outcome.AMBIGUOUS))
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert send_due() == 0
    assert state_of(message) == State.UNCERTAIN


class Real(MemoryBackend):
    is_real = True


def test_a_demo_number_never_reaches_a_real_backend():
    message = queue()
    ((token, claimed),) = claim(10)
    submit(claimed, token, Real())
    message.refresh_from_db()
    assert (message.state, message.error_code) == (State.FAILED, "demo_number")
    assert MemoryBackend.sent == []


def test_a_text_with_a_link_or_a_telephone_number_is_not_sent():
    linked, numbered = queue(), queue()
    Message.objects.filter(pk=linked.pk).update(body="くわしくは https://example.jp へ")
    Message.objects.filter(pk=numbered.pk).update(body="電話は0279-00-0201へ")
    assert send_due() == 0
    assert [m.error_code for m in Message.objects.order_by("pk")] == ["link", "telephone"]


def test_a_stopped_line_keeps_its_messages():
    message = queue()
    message.line.stopped_at = timezone.now()
    message.line.save()
    assert send_due() == 0
    message.line.stopped_at = None
    message.line.save()
    assert send_due() == 1


def test_the_worker_leaves_a_heartbeat_and_one_pass_is_enough():
    queue()
    call_command("worker", "--once", verbosity=0)
    assert Heartbeat.objects.get().passes == 1
    assert work_once()["messages"] == 0
    assert Heartbeat.objects.get().passes == 2


@pytest.mark.parametrize(
    ("text", "length", "parts"),
    [
        ("あ" * 70, 70, 1),
        ("あ" * 71, 71, 2),
        ("あ" * 134, 134, 2),
        ("あ" * 135, 135, 3),
        ("𠮷田", 3, 1),
        ("か\u3099", 1, 1),
        ("", 0, 1),
    ],
)
def test_segments_are_counted_in_utf16_units_of_the_composed_text(text, length, parts):
    assert (units(text), count_segments(text)) == (length, parts)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("お知らせです", []),
        ("12月4日(金)10時、受付番号A0412", []),
        ("https://example.jp", ["link"]),
        ("www.city.example.lg.jp へ", ["link"]),
        ("電話0279-00-0201", ["telephone"]),
        ("0532(00)0101まで", ["telephone"]),
        ("09003100408", ["telephone"]),
        ("   ", ["empty"]),
        ("あ" * 202, ["too_long"]),
    ],
)
def test_a_text_says_what_is_wrong_with_it(body, found):
    assert problems(body) == found


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-12-01T10:00+09:00", 3, "2026-12-01T13:00+09:00"),
        ("2026-12-01T15:00+09:00", 9, "2026-12-02T15:00+09:00"),
        ("2026-12-01T23:30+09:00", 1, "2026-12-02T10:00+09:00"),
        ("2026-12-01T06:00+09:00", 9, "2026-12-01T18:00+09:00"),
        ("2026-12-05T17:00+09:00", 2, "2026-12-07T10:00+09:00"),  # Sunday lies between
        ("2026-11-22T12:00+09:00", 1, "2026-11-24T10:00+09:00"),  # Sunday, then a holiday
        ("2026-12-30T17:30+09:00", 1, "2026-12-31T09:30+09:00"),
    ],
)
def test_waking_hours_skip_nights_sundays_and_holidays(start, hours, end):
    found = add_waking_hours(timezone.datetime.fromisoformat(start), hours)
    assert timezone.localtime(found) == timezone.datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("moment", "when"),
    [
        ("2026-12-01T08:59+09:00", "2026-12-01T09:00+09:00"),
        ("2026-12-01T12:00+09:00", "2026-12-01T12:00+09:00"),
        ("2026-12-01T20:00+09:00", "2026-12-02T09:00+09:00"),
        ("2026-12-31T23:59+09:00", "2027-01-01T09:00+09:00"),
    ],
)
def test_nobody_is_woken_at_night(moment, when):
    assert not_in_the_night(timezone.datetime.fromisoformat(moment)) == timezone.datetime.fromisoformat(when)
