"""A text arrives: it is stored, bound to its conversation and acted on, all in one transaction.

Without a database nothing is kept, and the telephone company brings the text again. Whatever else goes wrong
while acting costs the effect only: the text stays, and staff see to it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from traceback import extract_tb

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Municipality
from accounts.numbers import caller_number
from messaging.models import InboundText, Line
from participants.people import people_on
from phone import conversation, stopping
from phone.models import Conversation
from phone.replies import close, hand_over, say

log = logging.getLogger("engawa.inbox")

LONGEST_TEXT = 1600
WRITTEN = (
    "municipality",
    "question",
    "gathered",
    "asked_at",
    "acted_at",
    "unclear_count",
    "handed_over_at",
    "hand_over_reason",
    "last_text",
    "last_text_at",
)


@dataclass(frozen=True)
class Incoming:
    """One text as the telephone company tells of it; `sender` is empty when the number cannot be answered."""

    sid: str
    sender: str
    to: str
    body: str
    opt_out: str = ""

    @classmethod
    def from_form(cls, form: QueryDict) -> "Incoming":
        return cls(
            sid=form.get("MessageSid", ""),
            sender=caller_number(form.get("From", "")) or "",
            to=form.get("To", ""),
            body=form.get("Body", "").replace("\0", "")[:LONGEST_TEXT],
            opt_out=form.get("OptOutType", "").upper(),
        )


def receive(incoming: Incoming) -> bool:
    """Store the text and act on it. False if it was here before: then nothing changes."""
    wanted = Q(number__in=[number for number in (incoming.to, incoming.sender) if number]) | Q(is_default=True)
    with transaction.atomic():
        lines = {line.number: line for line in Line.objects.filter(wanted)}
        line = lines.get(incoming.to) or next((line for line in lines.values() if line.is_default), None)
        text = store(incoming, line)
        if text is None:
            return False
        if incoming.to not in lines:
            log.warning("a text came to a number that is no line of ours")
        if line is None or not incoming.sender:
            log.warning("a text was stored that cannot be answered: %s", "no number" if line else "no line")
        elif incoming.sender not in lines:  # two of our own lines would talk to each other for ever
            for act in (act_on, promise_a_call, give_to_staff):
                if goes_well(act, text, line, incoming):
                    break
    return True


type Act = Callable[[InboundText, Line, Incoming], None]


def goes_well(act: Act, text: InboundText, line: Line, incoming: Incoming) -> bool:
    """False if it failed, and then nothing of it is left. What the error says may hold words or numbers of the
    writer: only where it happened is logged."""
    try:
        with transaction.atomic():
            act(text, line, incoming)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        where = " > ".join(f"{frame.name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-8:])
        log.error("a text could not be acted on: %s at %s", type(error).__name__, where)
        return False
    return True


def store(incoming: Incoming, line: Line | None) -> InboundText | None:
    """None if the text was stored before; one that is being stored at this moment is waited for."""
    text = InboundText(sid=incoming.sid, line=line, sender=incoming.sender, body=incoming.body)
    text.received_at = timezone.now()
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError:
        return None
    return text


def act_on(text: InboundText, line: Line, incoming: Incoming) -> None:
    talk = conversation_of(text, line)
    talk.municipality = only_town_of(text.sender) or talk.municipality  # they may be known meanwhile
    if incoming.opt_out in {"STOP", "START"}:
        stopping.note_what_the_company_did(talk, incoming.opt_out)
    else:
        conversation.answer(talk, text)
    talk.save(update_fields=WRITTEN)


def promise_a_call(text: InboundText, line: Line, incoming: Incoming) -> None:
    give_to_staff(text, line, incoming)
    talk = conversation_of(text, line)
    say(talk, "reply_handed_over")
    talk.save(update_fields=WRITTEN)


def give_to_staff(text: InboundText, line: Line, incoming: Incoming) -> None:
    talk = conversation_of(text, line)
    close(talk)
    hand_over(talk, Conversation.Reason.FAILED)
    talk.save(update_fields=WRITTEN)


def conversation_of(text: InboundText, line: Line) -> Conversation:
    """Locked: the texts of one number are acted on one after the other."""
    locked = Conversation.objects.select_for_update(of=("self",)).select_related("line", "municipality")
    talk = locked.filter(line=line, number=text.sender).first()
    if talk is None:
        Conversation.objects.get_or_create(line=line, number=text.sender)
        talk = locked.get(line=line, number=text.sender)
    talk.last_text, talk.last_text_at = text, text.received_at
    return talk


def only_town_of(number: str) -> Municipality | None:
    """The town of the people on a number, if it is but one."""
    towns = {person.municipality for person in people_on(number).select_related("municipality")[:10]}
    return towns.pop() if len(towns) == 1 else None
