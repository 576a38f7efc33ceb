"""Changing what was announced: move a session, call one off, call off a course. All concerned are told once."""

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from participants.models import Channel
from programs.models import Venue
from sessions import waiting_list
from sessions.models import ClassSession, Course, Notice, Registration
from sessions.notices import lasts_until, retell, take_back, tell, when_and_where
from sessions.planning import Problem, venue_is_taken
from sessions.registration import end, lock_course


def move_session(
    class_session: ClassSession, *, starts_at: datetime, ends_at: datetime, venue: Venue, by: User | None
) -> ClassSession | Problem:
    """Hold a session at another time or place and tell everybody who has a seat or an offer, once."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        class_session = course.class_sessions.select_related("venue").get(pk=class_session.pk)
        before = when_and_where(class_session)
        problem = why_not_change(class_session)
        if problem is None and ends_at <= starts_at:
            problem = Problem.BACKWARDS
        if problem is None and venue_is_taken(venue, [(starts_at, ends_at)], except_for=class_session):
            problem = Problem.VENUE_TAKEN
        if problem is not None:
            return problem
        class_session.starts_at, class_session.ends_at, class_session.venue = starts_at, ends_at, venue
        class_session.sequence += 1
        class_session.save(update_fields=["starts_at", "ends_at", "venue", "sequence", "changed_at"])
        keep_span(course)
        audit.record("session.moved", class_session, by=by, municipality=course.host)
        for registration in concerned(course, class_session):
            tell(
                registration,
                Notice.Kind.MOVED,
                class_session=class_session,
                key=f"moved:{registration.pk}:{class_session.pk}:{class_session.sequence}",
                by=by,
                said={"before": before},
            )
            retell(registration, by=by)
    return class_session


def call_off_session(class_session: ClassSession, *, reason: str, by: User | None) -> ClassSession | Problem:
    """Call off one session; if it was the last one held, the whole course."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        class_session = course.class_sessions.select_related("venue").get(pk=class_session.pk)
        problem = why_not_change(class_session)
        if problem is not None:
            return problem
        if not course.class_sessions.filter(cancelled_at=None).exclude(pk=class_session.pk).exists():
            call_off_locked(course, reason=reason, by=by)
            class_session.refresh_from_db()
            return class_session
        mark_off(class_session, reason)
        keep_span(course)
        audit.record("session.called_off", class_session, by=by, municipality=course.host)
        for registration in concerned(course, class_session):
            if course.by_slot:
                end_by_us(registration, by=by)
            else:
                tell(
                    registration,
                    Notice.Kind.SESSION_OFF,
                    class_session=class_session,
                    key=f"session_off:{registration.pk}:{class_session.pk}",
                    by=by,
                )
                retell(registration, by=by)
    return class_session


def call_off(course: Course, *, reason: str, by: User | None) -> Course | Problem:
    """Call off a course: every live registration ends, and each person is told."""
    with transaction.atomic():
        course = lock_course(course)
        if course.cancelled_at is not None:
            return Problem.OFF
        if course.is_over:
            return Problem.OVER
        return call_off_locked(course, reason=reason, by=by)


def call_off_locked(course: Course, *, reason: str, by: User | None) -> Course:
    course.cancelled_at, course.cancel_reason = timezone.now(), reason
    course.save(update_fields=["cancelled_at", "cancel_reason"])
    for class_session in course.class_sessions.filter(cancelled_at=None, ends_at__gt=timezone.now()):
        mark_off(class_session, reason)
    audit.record("course.called_off", course, by=by, municipality=course.host)
    for registration in course.registrations.live().select_related("participant", "municipality"):
        registration.course = course
        end_by_us(registration, by=by)
    return course


def end_by_us(registration: Registration, *, by: User | None) -> None:
    waiting_list.close_offer(registration, "withdrawn", channel=Channel.SYSTEM, by=by)
    coming = registration.course.class_sessions.filter(ends_at__gt=timezone.now()).select_related("venue")
    slot = registration.class_session or coming.order_by("starts_at").first()
    end(registration, Registration.State.CANCELLED, channel=Channel.SYSTEM, by=by, reason="called_off")
    tell(
        registration,
        Notice.Kind.CALLED_OFF,
        by=by,
        key=f"called_off:{registration.pk}",
        expires_at=lasts_until(Notice.Kind.CALLED_OFF, slot),
        said=when_and_where(slot),
    )


def why_not_change(class_session: ClassSession) -> Problem | None:
    if class_session.is_cancelled:
        return Problem.OFF
    return Problem.OVER if class_session.ends_at <= timezone.now() else None


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
