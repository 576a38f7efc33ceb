"""Reminders: what is due and not yet told, over a window; never "exactly that day"."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from messaging.steps import for_each
from messaging.waking import not_in_the_night
from participants.models import Contact
from participants.reach import rung_of, stopped_numbers
from sessions.models import ClassSession, Notice, Registration
from sessions.notices import tell

AT = time(10)
SOON = timedelta(hours=1)


def due_at(class_session: ClassSession, days: int) -> datetime:
    """Ten in the morning, `days` days before the session."""
    day = class_session.day - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, AT))


def due_days(class_session: ClassSession, plan: list[int], told_at: datetime | None) -> int | None:
    """Which reminder of the plan is to be told now: the latest one that is due. None before the first, in the
    last hour, or when time and place were told by another notice after it fell due."""
    now = timezone.now()
    if class_session.starts_at - now < SOON:
        return None
    due = [days for days in plan if due_at(class_session, days) <= now]
    if not due:
        return None
    latest = min(due)
    if told_at is not None and told_at >= due_at(class_session, latest):
        return None
    return latest


def reminder_key(registration: Registration, class_session: ClassSession, days: int) -> str:
    """Names time and place too: a session that moves is reminded of anew."""
    stamp = int(class_session.starts_at.timestamp())
    return f"reminder:{registration.pk}:{class_session.pk}:{days}:{stamp}:{class_session.venue_id}"


def queue_reminders() -> int:
    """Tell everybody with a seat who is due a reminder and has not had it. Returns how many were told."""
    now = timezone.now()
    longest = timedelta(days=32)
    coming = (
        ClassSession.objects.filter(cancelled_at=None, starts_at__gt=now, starts_at__lt=now + longest)
        .exclude(course__published_at=None)
        .filter(course__cancelled_at=None)
        .select_related("course__program", "course__host", "course__line", "venue")
        .order_by("starts_at", "pk")
    )
    return for_each(coming, remind_of)


def remind_of(class_session: ClassSession) -> int:
    course = class_session.course
    if due_days(class_session, course.program.reminder_days, None) is None:
        return 0
    rows = course.registrations.confirmed()
    if course.by_slot:
        rows = rows.filter(class_session=class_session)
    elsewhere = told_otherwise(class_session)
    wanted: list[tuple[Registration, str]] = []
    for registration in rows.select_related("participant", "municipality").prefetch_related(
        Prefetch("participant__contacts", Contact.objects.select_related("contact_point")),
        "participant__consents",
    ):
        told = [at for at in (registration.confirmed_at, elsewhere.get(registration.pk)) if at is not None]
        days = due_days(class_session, course.program.reminder_days, max(told, default=None))
        if days is not None:
            wanted.append((registration, reminder_key(registration, class_session, days)))
    known = set(
        Notice.objects.filter(key__in=[key for _registration, key in wanted]).values_list("key", flat=True)
    )
    missing = [row for row in wanted if row[1] not in known]
    for registration, key in missing:
        remind(registration, class_session, key=key)
    return len(missing)


def told_otherwise(class_session: ClassSession) -> dict[int, datetime]:
    """When people are told of the present time and place by another notice, by registration key."""
    of_session = Q(class_session=class_session, kind=Notice.Kind.MOVED)
    anew = (Notice.Kind.MERGED, Notice.Kind.CONFIRMED)
    of_course = Q(registration__course=class_session.course_id, kind__in=anew)
    notices = Notice.objects.filter(of_session | of_course).exclude(outcome=Notice.Outcome.OVERTAKEN)
    return dict(notices.order_by("due_at").values_list("registration", "due_at"))


def remind(registration: Registration, class_session: ClassSession, *, key: str) -> None:
    registration.course = class_session.course
    person = registration.participant
    days_left = (class_session.day - timezone.localdate(not_in_the_night(timezone.now()))).days  # when it is read
    numbers = [contact.contact_point.number for contact in person.contacts.all()]
    rung = rung_of(
        person,
        days_left=(class_session.starts_at - timezone.now()).days,
        stopped=stopped_numbers(numbers, registration.municipality),
    )
    with transaction.atomic():
        if still_comes(registration, class_session):
            tell(
                registration,
                Notice.Kind.REMINDER,
                class_session=class_session,
                key=key,
                rung=rung,
                expires_at=class_session.starts_at - timedelta(minutes=30),
                said={"is_tomorrow": days_left == 1, "is_today": days_left == 0},
            )


def still_comes(registration: Registration, class_session: ClassSession) -> bool:
    """Whether the person has a seat and the session is held as it was read: it may have moved, fallen or been
    held together with another meanwhile. Locked in the order in which those acts write."""
    sessions = ClassSession.objects.select_for_update().filter(pk=class_session.pk, cancelled_at=None)
    as_read = sessions.filter(starts_at=class_session.starts_at, venue=class_session.venue_id).first()
    fresh = Registration.objects.select_for_update().get(pk=registration.pk)
    return as_read is not None and fresh.is_confirmed and fresh.course_id == class_session.course_id
