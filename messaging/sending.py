"""Taking due messages out of the outbox and handing them to the provider.

A row is claimed in one transaction, marked `submitting` in a second, and only then is the provider called;
a crash in between leaves a row that says so (docs/architecture.md, "Messages").
"""

import logging
import time
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.numbers import is_demo
from messaging.backends import Backend, Result, backend
from messaging.lint import problems
from messaging.models import Attempt, Message, MessageQuerySet, OptOut, State

log = logging.getLogger("engawa.sending")

LEASE = timedelta(seconds=60)
MOST_TRIES = 5
ALWAYS_ALLOWED = (Message.Purpose.CODE, Message.Purpose.REPLY)


def send_due(*, limit: int = 100) -> int:
    """One pass: sweep what a dead worker left, then send up to `limit` due messages. Returns how many went out."""
    sweep()
    provider = backend()
    return sum(submit(message, token, provider) for token, message in claim(limit))


def sweep() -> None:
    """A lapsed claim goes back to the queue; a lapsed submission may have been sent, so nobody repeats it."""
    now = timezone.now()
    lapsed = Message.objects.filter(lease_until__lte=now)
    lapsed.filter(state=State.CLAIMED).update(state=State.QUEUED, claim_token=None, lease_until=None)
    lapsed.filter(state=State.SUBMITTING).update(state=State.UNCERTAIN, changed_at=now)
    Message.objects.unsent().filter(expires_at__lte=now).update(state=State.EXPIRED, changed_at=now)


def claim(limit: int) -> list[tuple[uuid.UUID, Message]]:
    now, token = timezone.now(), uuid.uuid4()
    due = Message.objects.filter(state=State.QUEUED, not_before__lte=now, expires_at__gt=now).filter(
        Q(line=None) | Q(line__stopped_at=None)
    )
    with transaction.atomic():
        keys = list(
            due.order_by("priority", "not_before", "pk")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", flat=True)[:limit]
        )
        Message.objects.filter(pk__in=keys, state=State.QUEUED).update(
            state=State.CLAIMED, claim_token=token, lease_until=now + LEASE, changed_at=now
        )
    mine = Message.objects.filter(claim_token=token, state=State.CLAIMED)
    return [(token, message) for message in mine.order_by("priority", "not_before", "pk")]


def submit(message: Message, token: uuid.UUID, provider: Backend) -> bool:
    """Pass the fence, call the provider, write down what it said. True if it was accepted."""
    unfit = problems(message.body, provider.capabilities)
    if provider.is_real and is_demo(message.to):
        unfit = ["demo_number"]
    if unfit:
        owned(message, token, State.CLAIMED).update(state=State.FAILED, error_code=unfit[0])
        return False
    attempt = pass_fence(message, token)
    if attempt is None:
        return False
    started = time.monotonic()
    try:
        result = provider.send(message)
    except Exception:  # it may have gone out: nobody repeats it by guessing
        log.exception("the provider could not be asked for message %s", message.pk)
        result = Result(Attempt.Outcome.AMBIGUOUS, error_code="exception")
    attempt.duration_ms = int((time.monotonic() - started) * 1000)
    write_down(message, token, attempt, result, provider.name)
    return result.outcome == Attempt.Outcome.SENT


def owned(message: Message, token: uuid.UUID, state: State) -> MessageQuerySet:
    return Message.objects.filter(pk=message.pk, claim_token=token, state=state)


def pass_fence(message: Message, token: uuid.UUID) -> Attempt | None:
    """The last look before the call: still ours, still in time, still wanted. None if not."""
    now = timezone.now()
    opted_out = OptOut.objects.filter(number=OuterRef("to"), lifted_at=None).filter(
        Q(municipality=None) | Q(municipality=OuterRef("municipality"))
    )
    wanted = Q(purpose__in=ALWAYS_ALLOWED) | ~Exists(opted_out)
    mine = owned(message, token, State.CLAIMED).filter(lease_until__gt=now)
    with transaction.atomic():
        passed = mine.filter(wanted, expires_at__gt=now).update(
            state=State.SUBMITTING,
            attempts_made=message.attempts_made + 1,
            lease_until=now + LEASE,
            changed_at=now,
        )
        if passed:
            return Attempt.objects.create(message=message, number=message.attempts_made + 1, submitted_at=now)
        mine.filter(expires_at__lte=now).update(state=State.EXPIRED, changed_at=now)
        mine.update(state=State.SUPPRESSED, hold_reason="opted_out", changed_at=now)
    return None


def write_down(message: Message, token: uuid.UUID, attempt: Attempt, result: Result, name: str) -> None:
    now = timezone.now()
    fields: dict[str, object] = {"error_code": result.error_code, "provider": name, "changed_at": now}
    if result.outcome == Attempt.Outcome.SENT:
        fields |= {"state": result.state, "provider_sid": result.sid}
    elif result.outcome == Attempt.Outcome.REFUSED:
        fields |= {"state": State.FAILED}
    elif result.outcome == Attempt.Outcome.AMBIGUOUS:
        fields |= {"state": State.UNCERTAIN}
    elif attempt.number >= MOST_TRIES:
        fields |= {"state": State.FAILED}
    else:
        wait = timedelta(seconds=5 * 3 ** (attempt.number - 1))
        fields |= {"state": State.QUEUED, "not_before": now + wait, "claim_token": None, "lease_until": None}
    with transaction.atomic():
        owned(message, token, State.SUBMITTING).update(**fields)
        attempt.outcome, attempt.provider_sid = result.outcome, result.sid
        attempt.error_code, attempt.http_status = result.error_code, result.http_status
        attempt.save(update_fields=["outcome", "provider_sid", "error_code", "http_status", "duration_ms"])
