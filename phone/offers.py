"""Answering the offer of a seat by text: 1 takes it, 2 leaves it to the next. The reply says what came of it.

A bare digit belongs to an offer only if the offer was really sent to this number before. With several open
offers nobody guesses whose is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from messaging.models import TOLD, State
from participants.models import Channel
from phone.cancelling import ask_to_cancel, found, found_all
from phone.models import Conversation
from phone.replies import Question, about, ask, say, say_again, say_outcome, settle
from sessions.models import Notice, Registration
from sessions.registration import Done, accept, decline
from sessions.waiting_list import why_no_answer

REMEMBERED = timedelta(days=7)
ON_THE_WAY = (*TOLD, State.SUBMITTING, State.UNCERTAIN)


@dataclass(frozen=True)
class ToldOffer:
    registration: Registration
    told_at: datetime

    @property
    def is_open(self) -> bool:
        return self.registration.is_offered


def told(number: str, *, before: datetime) -> list[ToldOffer]:
    """Offers texted to a number lately, newest first; people who come together are one."""
    sent = Notice.objects.filter(
        kind=Notice.Kind.OFFERED,
        message__to=number,
        message__state__in=ON_THE_WAY,
        made_at__gt=before - REMEMBERED,
    ).annotate(told_at=Max("message__attempts__submitted_at"))
    told_at = dict(sent.filter(told_at__lte=before).order_by("pk").values_list("registration", "told_at"))
    offers: dict[object, ToldOffer] = {}
    for registration in found_all(told_at) if told_at else []:
        key = registration.party or registration.pk
        offers.setdefault(key, ToldOffer(registration, told_at[registration.pk]))
    return sorted(offers.values(), key=lambda offer: offer.told_at, reverse=True)


def answer(talk: Conversation, offers: Sequence[ToldOffer], *, is_yes: bool) -> None:
    if len(offers) == 1:
        carry_out(talk, offers[0].registration, is_yes=is_yes)
        return
    rows = [offer.registration for offer in offers]
    gathered = {"act": "offer", "choices": [row.pk for row in rows], "is_yes": is_yes}
    shown = [{"name": row.participant.family_kana, "receipt": row.receipt_number} for row in rows]
    ask(talk, Question.WHICH, "reply_ask_whose_offer", gathered=gathered, rows=shown, is_yes=is_yes)


def take_choice(talk: Conversation, key: int) -> None:
    carry_out(talk, found(key), is_yes=talk.gathered["is_yes"])


def accept_asked(talk: Conversation) -> None:
    carry_out(talk, found(talk.gathered["registration"]), is_yes=True)


def decline_asked(talk: Conversation) -> None:
    carry_out(talk, found(talk.gathered["registration"]), is_yes=False)


def carry_out(talk: Conversation, registration: Registration, *, is_yes: bool) -> None:
    """Answer one offer; if others are still open on this number, ask about the next one by name."""
    outcome = (accept if is_yes else decline)(registration, channel=Channel.SMS)
    talk.municipality = registration.participant.municipality
    settle(talk, registration, is_new=isinstance(outcome, Done) and not outcome.is_repeat)
    if not isinstance(outcome, Done):
        say(talk, "reply_refused", code=outcome.code, town=registration.course.host.name)
    elif outcome.is_repeat:
        say_again(talk, registration)
    else:
        say_outcome(talk, registration)
    others = [offer.registration for offer in told(talk.number, before=timezone.now()) if offer.is_open]
    answerable = [row for row in others if row.pk != registration.pk and why_no_answer(row) is None]
    if answerable:
        ask_about(talk, answerable[-1])


def ask_about(talk: Conversation, registration: Registration) -> None:
    gathered = {"act": "offer", "registration": registration.pk}
    name = registration.participant.family_kana
    ask(talk, Question.OFFER, "reply_ask_offer", gathered=gathered, name=name, **about(registration))


def say_what_became(talk: Conversation, offers: Sequence[ToldOffer], *, is_yes: bool) -> None:
    """An answer once more, or too late: nothing changes, and they hear how things stand. A no to a seat that
    was taken before is the wish to give it back."""
    last: int = talk.gathered.get("last", 0)
    since = talk.acted_at if last else None
    is_about_offer = offers and (since is None or offers[0].told_at > since)
    registration = offers[0].registration if is_about_offer else found(last)
    if not is_yes and registration.is_confirmed and offers:
        ask_to_cancel(talk, registration)
    else:
        say_again(talk, registration)
