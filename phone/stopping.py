"""No more SMS, or SMS again: the wish of a number, not of a person."""

from messaging import optouts
from messaging.models import OptOut
from phone.models import Conversation
from phone.replies import Question, ask, say, settle


def ask_first(talk: Conversation) -> None:
    """Asked once more, since reminders and cancelled classes would no longer reach them here."""
    ask(talk, Question.STOP, "reply_ask_stop", gathered={"act": "stop"})


def stop(talk: Conversation) -> None:
    is_new = optouts.stop(talk.number, source=OptOut.Source.SMS, evidence=evidence(talk))
    settle(talk, is_new=is_new)
    say(talk, "reply_stopped")


def go_on(talk: Conversation) -> None:
    """They thought better of it."""
    settle(talk)
    say(talk, "reply_resumed")


def resume(talk: Conversation) -> None:
    is_new = optouts.resume(talk.number, source=OptOut.Source.SMS)
    settle(talk, is_new=is_new)
    say(talk, "reply_resumed")


def note_what_the_company_did(talk: Conversation, opt_out: str) -> None:
    """The telephone company itself has stopped or resumed this number, and has told them so."""
    if opt_out == "STOP":
        optouts.stop(talk.number, source=OptOut.Source.PROVIDER, evidence=evidence(talk))
    else:
        optouts.resume(talk.number, source=OptOut.Source.PROVIDER)
    settle(talk)


def evidence(talk: Conversation) -> str:
    return talk.last_text.sid if talk.last_text else ""
