"""The threads: what a number wrote and was told, and what staff do about it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, User
from messaging import lint, outbox, texts
from messaging.models import InboundText, Message, OptOut
from messaging.segments import JOINED, units
from participants.models import Channel, ContactPoint, Participant
from phone.models import Conversation

TEMPLATE = "staff_answer"
LONGEST = 2 * JOINED
LASTS = timedelta(days=1)
SHOWN = 100


class Problem(models.TextChoices):
    """Why an answer is not sent: one plain sentence each."""

    EMPTY = "empty", _("Write the answer first.")
    LINK = "link", _("An SMS must not contain a web address: people take it for a fraud.")
    TELEPHONE = "telephone", _("The network refuses telephone numbers in an SMS. Point to the leaflet instead.")
    TOO_LONG = "too_long", _("The answer is too long for an SMS. Please shorten it.")
    STOPPED = "stopped", _("This number wants no more SMS. Please call.")


@dataclass(frozen=True)
class Entry:
    """One text of a thread, in either direction."""

    at: datetime
    body: str
    is_ours: bool
    message: Message | None = None

    @property
    def length(self) -> int:
        return units(self.body)


def entries_of(talk: Conversation, *, town: Municipality) -> list[Entry]:
    """The latest texts both ways, oldest first; what another town wrote to the number stays with that town."""
    came = InboundText.objects.filter(sender=talk.number, line=talk.line).order_by("-pk")[:SHOWN]
    went = (
        Message.objects.filter(to=talk.number, channel=Message.Channel.SMS, line=talk.line)
        .filter(Q(municipality=None) | Q(municipality=town))
        .exclude(purpose=Message.Purpose.CODE)
        .select_related("written_by")
        .order_by("-pk")[:SHOWN]
    )
    entries = [Entry(text.received_at, text.body, is_ours=False) for text in came]
    entries += [Entry(message.created_at, message.body, is_ours=True, message=message) for message in went]
    return sorted(entries, key=lambda entry: entry.at)[-SHOWN:]


def people_by_number(numbers: Iterable[str], *, town: Municipality) -> dict[str, list[Participant]]:
    """The town's own residents on each number; other towns' residents are none of its business."""
    own = Participant.objects.of(town).order_by("pk")
    points = ContactPoint.objects.filter(number__in=list(numbers))
    points = points.prefetch_related(models.Prefetch("people", own, to_attr="residents"))
    return {point.number: vars(point)["residents"] for point in points}


def answer(
    talk: Conversation, body: str, *, by: User, municipality: Municipality, submission: uuid.UUID | None = None
) -> Message | Problem:
    """Send one answer by SMS in the name of a town; the same filled-in form counts once."""
    problem = what_is_wrong(talk, body, municipality)
    if problem is not None:
        return problem
    key = f"answer:{submission}" if submission else None
    with transaction.atomic():
        earlier = Message.objects.filter(dedupe_key=key).first() if key else None
        if earlier is not None:
            return earlier
        message = outbox.queue(
            to=talk.number,
            template=TEMPLATE,
            context={"town": municipality.name, "text": body.strip()},
            purpose=Message.Purpose.REPLY,
            expires_at=timezone.now() + LASTS,
            municipality=municipality,
            line=talk.line,
            dedupe_key=key,
            by=by,
        )
        audit.record("thread.answered", talk, by=by, municipality=municipality, channel=Channel.SMS)
    return message


def what_is_wrong(talk: Conversation, body: str, municipality: Municipality) -> Problem | None:
    if not body.strip():
        return Problem.EMPTY
    if has_stopped(talk.number, municipality):
        return Problem.STOPPED
    whole = texts.render(TEMPLATE, {"town": municipality.name, "text": body})
    found = lint.problems(whole)
    if found:
        return Problem(found[0])
    return Problem.TOO_LONG if units(whole) > LONGEST else None


def has_stopped(number: str, municipality: Municipality) -> bool:
    stops = OptOut.objects.filter(number=number, lifted_at=None)
    return stops.filter(Q(municipality=None) | Q(municipality=municipality)).exists()


def close(talk: Conversation, *, by: User, municipality: Municipality) -> bool:
    """Staff have dealt with it; the machine answers again. False if nothing was waiting for them."""
    with transaction.atomic():
        talk = Conversation.objects.select_for_update().get(pk=talk.pk)
        if not talk.needs_staff:
            return False
        talk.handed_over_at, talk.hand_over_reason, talk.unclear_count = None, "", 0
        talk.taken_by = by
        talk.save(update_fields=["handed_over_at", "hand_over_reason", "unclear_count", "taken_by"])
        audit.record("thread.closed", talk, by=by, municipality=municipality)
    return True
