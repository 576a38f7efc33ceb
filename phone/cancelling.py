"""Looking up and cancelling one's own applications by text. Nothing is cancelled without a second word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from participants.models import Channel, Participant
from phone import household
from phone.models import Conversation
from phone.replies import Question, about, ask, close, say, say_again, say_outcome, settle
from sessions.models import Registration
from sessions.registration import Done
from sessions.registration import cancel as cancel_registration

MOST_SHOWN, MOST_CHOICES = 2, 4


def live_of(people: Iterable[Participant]) -> list[Registration]:
    rows = Registration.objects.live().filter(participant__in=people, course__ends_at__gt=timezone.now())
    related = rows.select_related("course__host", "participant__municipality", "class_session__venue")
    return list(related.order_by("course__starts_at", "pk"))


def is_named(registration: Registration, named: str) -> bool:
    """By receipt number, with or without its letter, or by the class's number."""
    receipt = registration.receipt_number
    return named in {receipt, receipt[-4:], registration.course.code}


def show(talk: Conversation, named: str) -> None:
    """What is applied for by the person who is writing."""
    look_at(talk, named, act="check")


def begin(talk: Conversation, named: str) -> None:
    look_at(talk, named, act="cancel")


def look_at(talk: Conversation, named: str, *, act: str) -> None:
    people = household.household(talk)
    rows = [row for row in live_of(people) if not named or is_named(row, named)]
    owners = {row.participant_id for row in rows}
    if named and len(rows) == 1:
        go_on(talk, rows, act=act)
    elif len(owners) > 1:
        household.ask_who(talk, [p for p in people if p.pk in owners], gathered={"act": act})
    else:
        go_on(talk, rows, act=act)


def show_of(talk: Conversation, person: Participant) -> None:
    go_on(talk, live_of([person]), act="check")


def begin_of(talk: Conversation, person: Participant) -> None:
    go_on(talk, live_of([person]), act="cancel")


def go_on(talk: Conversation, rows: list[Registration], *, act: str) -> None:
    if rows:
        talk.municipality = rows[0].participant.municipality
    if not rows:
        close(talk)
        say(talk, "reply_none")
    elif act == "check":
        close(talk)
        shown = [about(row) for row in rows[:MOST_SHOWN]]
        more = len(rows) - len(shown)
        say(talk, "reply_registrations", rows=shown, count=len(rows), more=more, **heading(rows[0]))
    elif len(rows) == 1:
        ask_to_cancel(talk, rows[0])
    else:
        choices = rows[:MOST_CHOICES]
        gathered = {"act": "cancel", "choices": [row.pk for row in choices]}
        shown = [about(row) for row in choices]
        ask(talk, Question.WHICH, "reply_ask_which", gathered=gathered, rows=shown, **heading(rows[0]))


def heading(registration: Registration) -> dict[str, Any]:
    return {"town": registration.course.host.name}


def ask_to_cancel(talk: Conversation, registration: Registration) -> None:
    gathered = {"act": "cancel", "registration": registration.pk}
    ask(talk, Question.CANCEL, "reply_ask_cancel", gathered=gathered, **about(registration))


def take_choice(talk: Conversation, key: int) -> None:
    ask_to_cancel(talk, found(key))


def take_named(talk: Conversation, named: str) -> bool:
    """A receipt number instead of the number in the list. False if it is none of the list."""
    keys = talk.gathered.get("choices", [])
    chosen = [row for row in found_all(keys) if is_named(row, named)]
    if len(chosen) == 1:
        ask_to_cancel(talk, chosen[0])
    return len(chosen) == 1


def found_all(keys: Iterable[int]) -> list[Registration]:
    related = ("course__host", "participant__municipality", "class_session__venue")
    return list(Registration.objects.select_related(*related).filter(pk__in=keys))


def found(key: int) -> Registration:
    found_one = found_all([key])
    if not found_one:
        raise Registration.DoesNotExist
    return found_one[0]


def confirm(talk: Conversation) -> None:
    registration = found(talk.gathered["registration"])
    outcome = cancel_registration(registration, channel=Channel.SMS)
    settle(talk, registration, is_new=isinstance(outcome, Done) and not outcome.is_repeat)
    if isinstance(outcome, Done):
        (say_again if outcome.is_repeat else say_outcome)(talk, registration)
    else:
        say(talk, "reply_refused", code=outcome.code, **heading(registration))


def keep(talk: Conversation) -> None:
    settle(talk)
    say(talk, "reply_kept")
