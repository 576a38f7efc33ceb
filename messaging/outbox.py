"""Writing to the outbox. The table is the queue: what is rolled back was never queued."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Municipality, User
from messaging import texts
from messaging.models import UNSENT, Line, Message, MessageQuerySet, State
from messaging.segments import count_segments

PRIORITY = {
    Message.Purpose.CODE: 0,
    Message.Purpose.REPLY: 1,
    Message.Purpose.OFFER: 3,
    Message.Purpose.DISPATCH: 3,
    Message.Purpose.NOTICE: 5,
    Message.Purpose.REMINDER: 7,
}


def queue(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    purpose: Message.Purpose,
    expires_at: datetime,
    municipality: Municipality | None,
    line: Line | None,
    not_before: datetime | None = None,
    dedupe_key: str | None = None,
    by: User | None = None,
) -> Message:
    """Queue one SMS of `texts/<template>.txt` to the E.164 number `to`; a second call with the same
    `dedupe_key` returns the first row. Runs in the caller's transaction."""
    body = texts.render(template, context)
    fields: dict[str, Any] = {
        "to": to,
        "body": body,
        "template": template,
        "segments": count_segments(body),
        "purpose": purpose,
        "priority": PRIORITY[purpose],
        "municipality": municipality,
        "line": line or default_line(),
        "not_before": not_before or timezone.now(),
        "expires_at": expires_at,
        "written_by": by,
    }
    if dedupe_key is None:
        return Message.objects.create(**fields)
    return Message.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)[0]


def default_line() -> Line | None:
    return Line.objects.filter(is_default=True).first()


def withdraw(messages: MessageQuerySet) -> int:
    """Take back those that have not been handed over. Returns how many. One that is being handed over at this
    moment is at least not tried again."""
    now = timezone.now()
    messages.filter(state=State.SUBMITTING).update(expires_at=now)
    return messages.filter(state__in=(*UNSENT, State.CLAIMED)).update(state=State.CANCELLED, changed_at=now)
