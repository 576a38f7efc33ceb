"""What we text back: one reply through the outbox, one open question at a time, and a person in the end."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts import audit
from messaging import outbox
from messaging.models import Message
from participants.models import Channel
from phone.models import Conversation
from sessions.models import ClassSession, Course, Notice, Registration
from sessions.notices import seat_words, when_and_where
from sessions.refusals import Code

Question = Conversation.Question

MOST_REPLIES, IN_THE_LAST = 5, timedelta(hours=1)
LASTS = timedelta(hours=12)
PASSING = (Notice.Kind.REMINDER, Notice.Kind.MOVED, Notice.Kind.SESSION_OFF)
MOST_UNCLEAR = 2


def say(talk: Conversation, template: str, **context: Any) -> None:
    """Queue one automatic reply. Two machines that answer each other stop here: a number gets five an hour,
    counted anew whenever one of its texts had an effect; then a person takes over."""
    if not may_reply(talk):
        close(talk)
        hand_over(talk, Conversation.Reason.MANY_REPLIES)
        return
    heading = talk.municipality.name if talk.municipality else ""
    outbox.queue(
        to=talk.number,
        template=template,
        context={"town": heading, **context},
        purpose=Message.Purpose.REPLY,
        expires_at=timezone.now() + LASTS,
        municipality=talk.municipality,
        line=talk.line,
    )


def may_reply(talk: Conversation) -> bool:
    since = timezone.now() - IN_THE_LAST
    if talk.acted_at is not None:
        since = max(since, talk.acted_at)
    replies = Message.objects.filter(
        to=talk.number, purpose=Message.Purpose.REPLY, written_by=None, created_at__gt=since
    )
    return replies.count() < MOST_REPLIES


def ask(talk: Conversation, question: str, template: str, *, gathered: dict[str, Any], **context: Any) -> None:
    """Put one question; it replaces the one that was open. `gathered` is what the answer will need."""
    talk.question = question
    talk.gathered = gathered
    talk.asked_at = timezone.now()
    talk.unclear_count = 0
    say(talk, template, **context)


def close(talk: Conversation) -> None:
    talk.question = Question.NONE
    talk.gathered = {}
    talk.asked_at = None


def settle(talk: Conversation, registration: Registration | None = None, *, is_new: bool = False) -> None:
    """The conversation has come to an end, with something new written or not. The same answer once more is
    then met with how the registration stands."""
    close(talk)
    talk.unclear_count = 0
    if is_new:
        talk.acted_at = timezone.now()
    if registration is not None:
        talk.gathered = {"last": registration.pk}


def unclear(talk: Conversation, *, wants: str = "", code: Code | None = None) -> None:
    """Ask again once, or say what was wrong (`code`); the second time in a row a person takes over. After that
    the machine keeps silent until it reads something clear or staff have dealt with it."""
    if talk.needs_staff:
        return
    talk.unclear_count += 1
    if talk.unclear_count >= MOST_UNCLEAR:
        close(talk)
        hand_over(talk, Conversation.Reason.UNCLEAR)
        say(talk, "reply_handed_over")
    elif code is not None:
        say(talk, "reply_refused", code=code)
    else:
        say(talk, "reply_unclear", wants=wants)


def hand_over(talk: Conversation, reason: str) -> None:
    if talk.needs_staff:
        return
    talk.handed_over_at = timezone.now()
    talk.hand_over_reason = reason
    audit.record(
        "thread.handed_over", talk, by=None, municipality=talk.municipality, channel=Channel.SMS, reason=reason
    )


def say_outcome(talk: Conversation, registration: Registration) -> None:
    """Say how a registration stands, in the words of its latest notice, unless that was texted to this number
    by the act itself."""
    notice = registration.notices.select_related("message").order_by("-pk").first()
    if notice is None:
        return
    if notice.message is not None and notice.message.to == talk.number:
        return
    say(talk, "reply_notice", text=notice.text)


def say_again(talk: Conversation, registration: Registration) -> None:
    """Say once more how a registration stands; a repeated answer changes nothing. A seat is told in words of now:
    since it was confirmed, time and place may have changed."""
    if registration.is_confirmed:
        say(talk, "reply_notice", text=seat_words(registration))
        return
    notice = registration.notices.exclude(kind__in=PASSING).order_by("-pk").first()
    if notice is not None:
        say(talk, "reply_notice", text=notice.text)


def about(registration: Registration) -> dict[str, Any]:
    """What a reply may name of a registration; the town that holds the class stands at its head."""
    return {
        "town": registration.course.host.name,
        "registration": registration,
        "receipt": registration.receipt_number,
        **about_course(registration.course, registration.class_session),
    }


def about_course(course: Course, slot: ClassSession | None = None) -> dict[str, Any]:
    return {"town": course.host.name, "title": course.title, **when_and_where(slot or coming(course))}


def coming(course: Course) -> ClassSession | None:
    """The first session that is still to come."""
    held = course.class_sessions.filter(cancelled_at=None).select_related("venue")
    return held.filter(ends_at__gt=timezone.now()).first() or held.last()
