"""Telling people: each notice stands on one rung of the ladder and overtakes what is no longer true."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from accounts.japanese import date_label, time_label
from accounts.models import User
from messaging import outbox, texts
from messaging.models import TOLD, UNSENT, Message, State
from messaging.waking import not_in_the_night
from participants.models import Channel, Contact
from participants.reach import Rung, rung_of, stopped_numbers
from programs.models import Venue
from sessions.models import ClassSession, Notice, Registration, SeatOffer

Kind = Notice.Kind
ANSWERS = (Kind.APPLIED, Kind.CONFIRMED, Kind.WAITING, Kind.CANCELLED, Kind.DECLINED)
OF_ONE_SESSION = (Kind.REMINDER, Kind.MOVED, Kind.SESSION_OFF)
CHANGES = (Kind.MOVED, Kind.MERGED, Kind.SESSION_OFF, Kind.CALLED_OFF)
FACE_TO_FACE = (Channel.PHONE, Channel.COUNTER, Channel.WEB, Channel.SMS)  # who asks by SMS is answered there
PURPOSES = {Kind.OFFERED: Message.Purpose.OFFER, Kind.REMINDER: Message.Purpose.REMINDER}
LAST_USE = timedelta(days=2)
NEAR = timedelta(hours=3)


def tell(
    registration: Registration,
    kind: Notice.Kind,
    *,
    channel: Channel = Channel.SYSTEM,
    by: User | None = None,
    class_session: ClassSession | None = None,
    key: str = "",
    rung: Rung | None = None,
    expires_at: datetime | None = None,
    said: Mapping[str, Any] | None = None,
    row: Mapping[str, Any] | None = None,
    by_when: datetime | None = None,
    is_first: bool = False,
) -> Notice:
    """Write one notice and queue its message, if SMS is the person's rung; runs in the caller's transaction.

    `key` names what is told (default: this state of the registration); told twice, the first notice returns.
    `said` is added to the context of the text, `row` to the notice's columns; `by_when` is when the person would
    set out (default: for the session); `is_first` spares looking for what was told before.
    """
    key = key or f"{kind}:{registration.pk}:{registration.changed_at.timestamp():.6f}"
    if not is_first:
        earlier = Notice.objects.filter(key=key).first()
        if earlier is not None:
            return earlier
        overtake(registration, kind, class_session)
    held = sessions_held(registration)
    session = class_session or next_session(registration, held)
    when = by_when or (session.starts_at if session else None)
    expires = expires_at or lasts_until(kind, session)
    now = timezone.now()
    fields = {"kind": kind, "key": key, "made_at": now, "due_at": now, "expires_at": expires, **(row or {})}
    notice = Notice(registration=registration, class_session=class_session, **fields)
    context = wording(registration, session, len(held)) | dict(said or {})
    put_on_rung(notice, rung or find_rung(registration, when), context, channel=channel, by=by, by_when=when)
    notice.save(force_insert=True)
    return notice


def put_on_rung(
    notice: Notice,
    rung: Rung,
    context: Mapping[str, Any],
    *,
    channel: Channel,
    by: User | None,
    by_when: datetime | None,
) -> None:
    """By SMS where that is the person's rung; said at once to whoever is there; else on the list of calls."""
    notice.rung = rung.name
    if rung.name == "sms":
        if notice.kind not in ANSWERS:
            notice.due_at = in_good_time(notice, by_when)
        notice.message = queue_message(notice, rung.number, context, by)
        notice.text = notice.message.body
        return
    notice.text = texts.render(notice.kind, context)
    if notice.kind in ANSWERS and channel in FACE_TO_FACE:
        notice.rung, notice.outcome = Notice.Rung.ON_THE_SPOT, Notice.Outcome.TOLD
        notice.closed_at, notice.closed_by = notice.made_at, by


def in_good_time(notice: Notice, by_when: datetime | None) -> datetime:
    """Not in the night; but a change that would come too late in the morning goes three hours before the class."""
    morning = not_in_the_night(notice.due_at)
    if notice.kind in CHANGES and by_when is not None:
        return max(notice.due_at, min(morning, by_when - NEAR))
    return morning


def queue_message(notice: Notice, number: str, context: Mapping[str, Any], by: User | None) -> Message:
    registration, kind = notice.registration, Kind(notice.kind)
    return outbox.queue(
        to=number,
        template=kind.value,
        context=context,
        purpose=PURPOSES.get(kind, Message.Purpose.NOTICE),
        municipality=registration.municipality,
        line=registration.course.line,
        not_before=min(notice.due_at, notice.expires_at - timedelta(minutes=5)),
        expires_at=notice.expires_at,
        by=by,
    )


def sessions_held(registration: Registration) -> list[ClassSession]:
    return list(registration.course.class_sessions.filter(cancelled_at=None).select_related("venue"))


def next_session(registration: Registration, held: Sequence[ClassSession]) -> ClassSession | None:
    """The session a person comes to next: their slot, or the first one still held."""
    if registration.class_session is not None:
        return registration.class_session
    now = timezone.now()
    return next((session for session in held if session.ends_at > now), held[-1] if held else None)


def lasts_until(kind: Notice.Kind, session: ClassSession | None) -> datetime:
    """A message that arrives after this does harm or no good."""
    least = timezone.now() + (timedelta(hours=1) if kind in OF_ONE_SESSION else LAST_USE)
    return max(session.starts_at, least) if session is not None else least


def find_rung(registration: Registration, by_when: datetime | None) -> Rung:
    person = registration.participant
    contacts = Prefetch("contacts", Contact.objects.select_related("contact_point"))
    prefetch_related_objects([person], contacts, "consents")
    numbers = [contact.contact_point.number for contact in person.contacts.all()]
    days_left = (by_when - timezone.now()).days if by_when else 0
    return rung_of(person, days_left=days_left, stopped=stopped_numbers(numbers, registration.municipality))


def wording(registration: Registration, session: ClassSession | None, session_count: int) -> dict[str, Any]:
    """What every text may name. No age, no needs, and no name but where the person gave it themselves."""
    course = registration.course
    return {
        "town": course.host.name,
        "title": course.title,
        "receipt": registration.receipt_number,
        "session_count": 1 if course.by_slot else session_count,
        **when_and_where(session),
    }


def seat_words(registration: Registration) -> str:
    """What somebody with a seat would be told now, without telling it."""
    held = sessions_held(registration)
    return texts.render(Kind.CONFIRMED, wording(registration, next_session(registration, held), len(held)))


def when_and_where(session: ClassSession | None) -> dict[str, str]:
    if session is None:
        return {"day": "", "time": "", "venue": ""}
    return when_and_where_of(session.starts_at, session.venue)


def when_and_where_of(starts_at: datetime, venue: Venue) -> dict[str, str]:
    start = timezone.localtime(starts_at)
    return {
        "day": date_label(start.date(), language="ja"),
        "time": time_label(start),
        "venue": venue.name,
    }


def overtake(registration: Registration, kind: Notice.Kind, class_session: ClassSession | None) -> None:
    """Take back what has not been told yet and would now be wrong or twice."""
    older = registration.notices.all()
    if kind in OF_ONE_SESSION:
        older = older.filter(class_session=class_session)
    if kind == Kind.REMINDER:
        older = older.filter(kind=Kind.REMINDER)
    take_back(older)


def take_back(notices: QuerySet[Notice]) -> None:
    outbox.withdraw(Message.objects.filter(notice__in=notices))
    still_open = notices.filter(closed_at=None)
    still_open.filter(message__state__in=TOLD).update(outcome=Notice.Outcome.TOLD, closed_at=timezone.now())
    still_open.update(outcome=Notice.Outcome.OVERTAKEN, closed_at=timezone.now())


def retell(registration: Registration, *, by: User | None, row: Mapping[str, Any] | None = None) -> None:
    """Time or place has changed: who has not been told of their seat yet is told of it in the new words, which
    says it all."""
    untold = registration.notices.filter(kind__in=(registration.state, Kind.MERGED), closed_at=None).filter(
        Q(rung__in=Notice.BY_HAND) | Q(message__state__in=(*UNSENT, State.CLAIMED))
    )
    stale = untold.select_related("message").last()
    if stale is None:
        return
    take_back(untold)
    key = f"{stale.kind}:{registration.pk}:again:{stale.pk}"
    offer = registration.offers.filter(answer=SeatOffer.Answer.OPEN).first()
    if offer is not None:
        tell_offer(registration, offer, by_call=stale.rung == Notice.Rung.CALL, key=key, row=row)
    else:
        before = registration.moved_from or registration.course
        said = {"from_title": before.title, "registration": registration}  # named by the text of a merger alone
        tell(registration, Kind(stale.kind), by=by, key=key, said=said, row=row)


def tell_offer(
    registration: Registration,
    offer: SeatOffer,
    *,
    by_call: bool,
    key: str = "",
    row: Mapping[str, Any] | None = None,
) -> Notice:
    """Say that a seat is kept, until when, and how to answer; `by_call` when a text might be read too late."""
    deadline = timezone.localtime(offer.deadline_at)
    session = next_session(registration, sessions_held(registration))
    rung = find_rung(registration, session.starts_at if session else None)
    if by_call or rung.name == "postcard":
        rung = Rung("call", rung.number)
    return tell(
        registration,
        Kind.OFFERED,
        key=key,
        rung=rung,
        row=row,
        expires_at=offer.deadline_at,
        said={
            "deadline_day": date_label(deadline.date(), language="ja"),
            "deadline_time": time_label(deadline),
            "is_spoken": rung.name != "sms",
        },
    )
