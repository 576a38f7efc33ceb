"""Changing what was announced: move a session, call one off, call off a course. All concerned are told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from participants.models import Channel
from programs.models import Venue
from sessions import waiting_list
from sessions.collecting import Known, known_by, tell_of_move
from sessions.conflicts import Conflict, Meeting, hard_ones
from sessions.models import Broadcast, ClassSession, Course, Notice, Registration
from sessions.notices import lasts_until, retell, take_back, tell, tell_offer
from sessions.planning import Problem, venue_is_taken
from sessions.registration import end, lock_course
from sessions.weather import weather_of


def move_session(
    class_session: ClassSession, *, starts_at: datetime, ends_at: datetime, venue: Venue, by: User | None
) -> ClassSession | Problem | Conflict:
    """Hold a session at another time or place. Everybody who has a seat or an offer is told once, ten minutes
    after the first change, unless the class is near. Refused if somebody on its rota cannot be there."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        class_session = course.class_sessions.select_related("venue").get(pk=class_session.pk)
        before = Known.of(class_session)
        problem = why_not_change(class_session) or why_not_move(class_session, starts_at, venue)
        if problem is None and ends_at <= starts_at:
            problem = Problem.BACKWARDS
        if problem is None and venue_is_taken(venue, [(starts_at, ends_at)], except_for=class_session):
            problem = Problem.VENUE_TAKEN
        if problem is not None:
            return problem
        meeting = Meeting(class_session.pk, starts_at, ends_at, venue, course, session=class_session.pk)
        if conflicts := hard_ones(meeting):
            return conflicts[0]
        class_session.starts_at, class_session.ends_at, class_session.venue = starts_at, ends_at, venue
        class_session.sequence += 1
        class_session.save(update_fields=["starts_at", "ends_at", "venue", "sequence", "changed_at"])
        keep_span(course)
        audit.record("session.moved", class_session, by=by, municipality=course.host)
        for registration in concerned(course, class_session):
            tell_of_move(registration, class_session, before, by=by)
            retell(registration, by=by)
            move_deadline(registration, class_session)
    return class_session


def move_deadline(registration: Registration, class_session: ClassSession) -> None:
    """A seat that is offered is answered before the class: when that changes the deadline, it is told."""
    offer = waiting_list.open_offer(registration)
    if offer is not None and waiting_list.fit_deadline(registration.course, offer):
        by_call = waiting_list.deadline_for(registration.course, offer.made_at)[1]
        key = f"offered:{registration.pk}:{class_session.pk}:{class_session.sequence}"
        tell_offer(registration, offer, by_call=by_call, key=key)


@dataclass(frozen=True)
class CallingOff:
    """Why, by whom, and in which announcement."""

    reason: str
    by: User | None
    broadcast: Broadcast | None = None

    def tell(self, registration: Registration, kind: Notice.Kind, place: Known | None, **more: Any) -> None:
        """Tell somebody not to set out; `place` is where they would have gone, as far as they know."""
        said = {**(place.words if place else {}), "weather": weather_of(self.reason), **more.pop("said", {})}
        row: dict[str, Any] = {"broadcast": self.broadcast}
        if place is not None:
            row |= {"known_starts_at": place.starts_at, "known_venue": place.venue}
        by_when = place.starts_at if place else None
        tell(registration, kind, by=self.by, said=said, row=row, by_when=by_when, **more)


def call_off_session(class_session: ClassSession, *, reason: str, by: User | None) -> ClassSession | Problem:
    """Call off one session; if it was the last one held, the whole course."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        class_session = course.class_sessions.select_related("venue").get(pk=class_session.pk)
        problem = why_not_change(class_session)
        if problem is not None:
            return problem
        call_off_some(course, [class_session], CallingOff(reason, by))
        class_session.refresh_from_db()
    return class_session


def call_off_some(course: Course, gone: Sequence[ClassSession], act: CallingOff) -> None:
    """Call off sessions of a locked course; if no other is held, the whole course."""
    others = course.class_sessions.filter(cancelled_at=None).exclude(pk__in=[each.pk for each in gone])
    if not others.exists():
        call_off_locked(course, act)
        return
    as_planned = len(gone) == 1 and others.filter(ends_at__gt=timezone.now()).exists()
    for class_session in gone:
        known = known_by(class_session)
        mark_off(class_session, act.reason)
        keep_span(course)
        audit.record("session.called_off", class_session, by=act.by, municipality=course.host)
        for registration in concerned(course, class_session):
            place = known.get(registration.pk) or Known.of(class_session)
            if course.by_slot:
                end_by_us(registration, place, act)
            else:
                act.tell(
                    registration,
                    Notice.Kind.SESSION_OFF,
                    place,
                    class_session=class_session,
                    key=f"session_off:{registration.pk}:{class_session.pk}",
                    said={"as_planned": as_planned},
                )
                retell(registration, by=act.by, row={"broadcast": act.broadcast})
    if not others.filter(ends_at__gt=timezone.now()).exists():
        send_home_those_without_a_seat(course, gone[0], act)


def send_home_those_without_a_seat(course: Course, last: ClassSession, act: CallingOff) -> None:
    """Nothing is left to come to: whoever waits, was offered a seat or has applied is told so."""
    rows = course.registrations.live().exclude(state=Registration.State.CONFIRMED)
    for registration in rows.select_related("participant", "municipality", "class_session__venue"):
        registration.course = course
        end_by_us(registration, Known.of(last), act)


def call_off(course: Course, *, reason: str, by: User | None) -> Course | Problem:
    """Call off a course: every live registration ends, and each person is told."""
    with transaction.atomic():
        course = lock_course(course)
        problem = why_not_call_off(course)
        return problem or call_off_locked(course, CallingOff(reason, by))


def why_not_call_off(course: Course) -> Problem | None:
    if course.cancelled_at is not None:
        return Problem.OFF
    return Problem.OVER if course.is_over else None


def call_off_locked(course: Course, act: CallingOff) -> Course:
    course.cancelled_at, course.cancel_reason = timezone.now(), act.reason
    course.save(update_fields=["cancelled_at", "cancel_reason"])
    held = course.class_sessions.filter(cancelled_at=None, ends_at__gt=timezone.now()).select_related("venue")
    coming = list(held.order_by("starts_at"))
    known = {class_session.pk: known_by(class_session) for class_session in coming}
    for class_session in coming:
        mark_off(class_session, act.reason)
    audit.record("course.called_off", course, by=act.by, municipality=course.host)
    live = course.registrations.live().select_related("participant", "municipality", "class_session__venue")
    for registration in live:
        registration.course = course
        slot = registration.class_session or next(iter(coming), None)
        place = (known.get(slot.pk, {}).get(registration.pk) or Known.of(slot)) if slot else None
        end_by_us(registration, place, act)
    return course


def end_by_us(registration: Registration, place: Known | None, act: CallingOff) -> None:
    waiting_list.close_offer(registration, "withdrawn", channel=Channel.SYSTEM, by=act.by)
    end(registration, Registration.State.CANCELLED, channel=Channel.SYSTEM, by=act.by, reason="called_off")
    least = lasts_until(Notice.Kind.CALLED_OFF, None)
    act.tell(
        registration,
        Notice.Kind.CALLED_OFF,
        place,
        key=f"called_off:{registration.pk}",
        expires_at=max(place.starts_at, least) if place else least,
    )


def why_not_change(class_session: ClassSession) -> Problem | None:
    if class_session.is_cancelled:
        return Problem.OFF
    return Problem.OVER if class_session.ends_at <= timezone.now() else None


def why_not_move(class_session: ClassSession, starts_at: datetime, venue: Venue) -> Problem | None:
    """What was promised must still be possible: room for everybody, a draw and a release before the class."""
    course = class_session.course
    if venue != class_session.venue and not course.by_slot and course.capacity > venue.capacity:
        return Problem.VENUE_FULL
    if course.awaits_draw and starts_at <= course.closes_at:
        return Problem.WINDOW
    release_at = None if course.quota_is_released else course.quota_release_at
    return Problem.RELEASE if release_at is not None and starts_at <= release_at else None


def mark_off(class_session: ClassSession, reason: str) -> None:
    class_session.cancelled_at, class_session.cancel_reason = timezone.now(), reason
    class_session.sequence += 1
    class_session.save(update_fields=["cancelled_at", "cancel_reason", "sequence", "changed_at"])
    take_back(Notice.objects.filter(class_session=class_session))


def concerned(course: Course, class_session: ClassSession) -> list[Registration]:
    """Those with a seat or an offer who would come to this session."""
    rows = course.registrations.filter(state__in=Registration.SEATED)
    if course.by_slot:
        rows = rows.filter(class_session=class_session)
    found = list(rows.select_related("participant", "municipality", "class_session__venue"))
    for registration in found:
        registration.course = course
    return found


def told_of_session_off(class_session: ClassSession) -> int:
    """How many people would be told if this session were called off; with the last one goes the course."""
    course = class_session.course
    others = course.class_sessions.filter(cancelled_at=None).exclude(pk=class_session.pk)
    if not others.exists():
        return course.registrations.live().count()
    return len(concerned(course, class_session))


def keep_span(course: Course) -> None:
    """Keep the course's first start and last end in step with its sessions still held."""
    span = course.class_sessions.filter(cancelled_at=None).aggregate(
        start=models.Min("starts_at"), end=models.Max("ends_at")
    )
    course.starts_at, course.ends_at = span["start"], span["end"]
    course.save(update_fields=["starts_at", "ends_at"])
