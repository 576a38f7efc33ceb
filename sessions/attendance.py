"""Who came: one mark per person and session, its undo, and who is expected.

No mark means unknown, and unknown is told as unknown. A session called off needs no marks: everybody's standing
there is "cancelled by us".
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry, Municipality, User
from sessions.models import Attendance, ClassSession, Course, DaySheet, Headcount, Registration
from sessions.models.registrations import RegistrationQuerySet
from sessions.registration import lock_course

Mark = Attendance.Mark
BY_HAND = (Mark.PRESENT, Mark.EXCUSED, Mark.NO_SHOW)
ABSENT = (Mark.EXCUSED, Mark.NO_SHOW)
CORRECTED_FOR = timedelta(days=60)
LOOKED_BACK = timedelta(days=14)


class Standing(models.TextChoices):
    """What is known of one person at one session."""

    UNKNOWN = "unknown", _("Not known yet")
    PRESENT = Mark.PRESENT.value, _("Present")
    EXCUSED = Mark.EXCUSED.value, _("Excused")
    NO_SHOW = Mark.NO_SHOW.value, _("Did not come")
    CANCELLED = Mark.CANCELLED.value, _("Cancelled by us")


class Problem(models.TextChoices):
    """Why nobody can be marked, or a mark not be taken back: one plain sentence each."""

    NOT_HERE = "not_here", _("This person has no seat at this session.")
    OFF = "off", _("This session has been called off: nobody needs to be marked.")
    TOO_EARLY = "too_early", _("Who came is entered on the day of the session or later.")
    TOO_LATE = "too_late", _("Who came can be corrected for 60 days after the session; they are over.")
    NOTHING = "nothing", _("You have marked nobody here that could be taken back.")
    OVERTAKEN = "overtaken", _("Somebody else has changed this mark since. Nothing was taken back.")


@dataclass(frozen=True)
class Marked:
    """What stood there and what stands there now; None is unknown."""

    registration: Registration
    old: str | None
    new: str | None

    @property
    def is_repeat(self) -> bool:
        return self.old == self.new


def mark(
    registration: Registration, class_session: ClassSession, as_: Mark | None, *, by: User | None
) -> Marked | Problem:
    """Write down whether somebody came; None is unknown again. The same mark once more changes nothing."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        registration, class_session = fresh(course, registration, class_session)
        problem = why_not_mark(registration, class_session)
        if problem is not None:
            return problem
        marked = set_mark(registration, class_session, as_, by=by)
        if not marked.is_repeat:
            note("attendance.marked", marked, class_session, by=by)
    return marked


def fresh(
    course: Course, registration: Registration, class_session: ClassSession
) -> tuple[Registration, ClassSession]:
    """Both as they are now, under the lock of the course."""
    session = ClassSession.objects.select_related("venue").get(pk=class_session.pk)
    row = Registration.objects.select_related("participant", "municipality").get(pk=registration.pk)
    if session.course_id == course.pk:
        session.course = course
    return row, session


def why_not_mark(registration: Registration, class_session: ClassSession) -> Problem | None:
    slot = registration.class_session_id
    is_here = registration.course_id == class_session.course_id and slot in {None, class_session.pk}
    if not registration.is_confirmed or not is_here:
        return Problem.NOT_HERE
    return why_not_now(class_session)


def why_not_now(class_session: ClassSession) -> Problem | None:
    """From the midnight on which the day begins until 60 days after the session."""
    if class_session.is_cancelled:
        return Problem.OFF
    if timezone.now() < midnight_of(class_session):
        return Problem.TOO_EARLY
    return Problem.TOO_LATE if timezone.now() > class_session.ends_at + CORRECTED_FOR else None


def midnight_of(class_session: ClassSession) -> datetime:
    return midnight(class_session.day)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def set_mark(
    registration: Registration, class_session: ClassSession, as_: str | None, *, by: User | None
) -> Marked:
    stands = Attendance.objects.filter(registration=registration, class_session=class_session).first()
    old = stands.mark if stands is not None else None
    if as_ is None:
        Attendance.objects.filter(registration=registration, class_session=class_session).delete()
    elif old != as_:
        Attendance.objects.update_or_create(
            registration=registration,
            class_session=class_session,
            defaults={"mark": as_, "at": timezone.now(), "by": by},
        )
    return Marked(registration, old, as_)


def note(
    act: str, marked: Marked, class_session: ClassSession, *, by: User | None, entry: int | None = None
) -> None:
    """Audit a mark; `entry` is the one it takes back."""
    taken_back: dict[str, Any] = {} if entry is None else {"entry": entry}
    audit.record(
        act,
        class_session,
        by=by,
        municipality=marked.registration.municipality,
        registration=marked.registration.pk,
        old=marked.old,
        new=marked.new,
        **taken_back,
    )


def count_heads(class_session: ClassSession, town: Municipality, people: int, *, by: User) -> Headcount:
    """Write down how many of a town came without their names; once more corrects it. The caller has judged it
    and holds the lock of the course."""
    count, _made = Headcount.objects.update_or_create(
        class_session=class_session,
        municipality=town,
        defaults={"people": people, "at": timezone.now(), "by": by},
    )
    audit.record("session.heads_counted", class_session, by=by, municipality=town, people=people)
    return count


def undo(class_session: ClassSession, *, by: User) -> Marked | Problem:
    """Take back the last mark this user made at this session and has not taken back yet; then the one before.
    Marks of people who are off the list since, such as walk-ins taken back, are passed over."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        entry = last_mark_of(class_session, by)
        if entry is None:
            return Problem.NOTHING
        row = Registration.objects.filter(pk=entry.detail["registration"], course=course).first()
        if row is None:
            return Problem.NOT_HERE
        row, class_session = fresh(course, row, class_session)
        problem = why_not_mark(row, class_session)
        if problem is not None:
            return problem
        if current_mark(row, class_session) != entry.detail["new"]:
            return Problem.OVERTAKEN
        marked = set_mark(row, class_session, entry.detail["old"], by=by)
        note("attendance.taken_back", marked, class_session, by=by, entry=entry.pk)
    return marked


def last_mark_of(class_session: ClassSession, user: User) -> AuditEntry | None:
    entries = AuditEntry.objects.filter(
        subject_type=ClassSession._meta.label_lower,
        subject_id=str(class_session.pk),
        by=user,
        act__in=["attendance.marked", "attendance.taken_back"],
    ).order_by("-pk")
    taken_back = set()
    here = set(class_session.course.registrations.confirmed().values_list("pk", flat=True))
    for entry in entries:
        if entry.act == "attendance.taken_back":
            taken_back.add(entry.detail["entry"])
        elif entry.pk not in taken_back and entry.detail["registration"] in here:
            return entry
    return None


def current_mark(registration: Registration, class_session: ClassSession) -> str | None:
    rows = Attendance.objects.filter(registration=registration, class_session=class_session)
    return rows.values_list("mark", flat=True).first()


def standing(registration: Registration, class_session: ClassSession) -> Standing:
    """Unknown, present, excused, did not come, or cancelled by us."""
    if class_session.is_cancelled:
        return Standing.CANCELLED
    return Standing(current_mark(registration, class_session) or Standing.UNKNOWN)


def expected(class_session: ClassSession) -> RegistrationQuerySet:
    """Those whose coming or not coming is asked about: confirmed before the session was over, or marked at it."""
    rows = class_session.course.registrations.confirmed()
    if class_session.course.by_slot:
        return rows.filter(class_session=class_session)
    marked = Attendance.objects.filter(registration=OuterRef("pk"), class_session=class_session)
    return rows.filter(Q(confirmed_at__lt=class_session.ends_at) | Exists(marked))


@dataclass(frozen=True)
class Recent:
    """A session, how many of its people are not marked, and its last printed sheet that is not keyed in."""

    class_session: ClassSession
    unknown: int
    sheet: int | None

    def waits_for(self, town: Municipality) -> bool:
        """Whether this town has to enter who came: it leads or holds the class, and the session is over."""
        is_over = self.class_session.ends_at <= timezone.now()
        return is_over and self.unknown > 0 and self.class_session.course.is_editable_by(town)


def recent_sessions(town: Municipality) -> list[Recent]:
    """Sessions the town may see, from two weeks back to the end of today, in one query."""
    now = timezone.now()
    marked = Attendance.objects.filter(registration=OuterRef("pk"), class_session=OuterRef(OuterRef("pk")))
    unmarked = (
        Registration.objects.confirmed()
        .filter(
            Q(class_session=OuterRef("pk")) | Q(class_session=None, confirmed_at__lt=OuterRef("ends_at")),
            ~Exists(marked),
            course=OuterRef("course"),
        )
        .order_by()
        .values("course")
        .annotate(people=Count("pk"))
        .values("people")
    )
    sheets = DaySheet.objects.filter(class_session=OuterRef("pk"), keyed_at=None).order_by("-pk").values("pk")
    rows = (
        ClassSession.objects.filter(
            course__in=Course.objects.visible_to(town).published().order_by(),
            cancelled_at=None,
            ends_at__gt=now - LOOKED_BACK,
            starts_at__lt=midnight(timezone.localdate() + timedelta(days=1)),
        )
        .annotate(unknown=Subquery(unmarked), sheet=Subquery(sheets[:1]))
        .select_related("course__host", "course__program", "venue")
        .order_by("starts_at", "pk")
    )
    return [Recent(row, row.unknown or 0, row.sheet) for row in rows]
