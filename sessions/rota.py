"""Who of which town works at a session: planned before it, recorded after it. Each town writes its own people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, User
from programs.models import Program
from programs.sharing import ordered_towns
from sessions.models import ClassSession, Course, StaffDuty
from sessions.registration import lock_course
from sessions.travel import LONGEST_WAY, buffer_between

LONGEST = 24


class Problem(models.TextChoices):
    """Why somebody cannot be written down or taken off: one plain sentence each."""

    TOWN = "town", _("This town does not take part in the programme.")
    OFF = "off", _("This session has been called off.")
    ALREADY = "already", _("This person is down for this duty already.")
    HOURS = "hours", _("Hours are between 0 and 24.")
    NAMELESS = "nameless", _("Please give a name.")
    NOT_BEGUN = "not_begun", _("Hours are recorded once the session has begun.")
    RECORDED = "recorded", _("Hours are on record for this duty. Empty them first.")
    GONE = "gone", _("This duty has been taken off meanwhile.")


def towns_to_write_for(course: Course, town: Municipality) -> list[Municipality]:
    """The lead and the host write for everybody who takes part, any other town for itself."""
    towns = ordered_towns(course.program)
    return towns if course.is_editable_by(town) else [each for each in towns if each == town]


def may_write(duty: StaffDuty, town: Municipality) -> bool:
    """The row's own answer: also of a town that has left, whose people worked here."""
    return duty.municipality_id == town.pk or duty.class_session.course.is_editable_by(town)


def put_down(
    class_session: ClassSession,
    town: Municipality,
    *,
    name: str,
    duty: str,
    planned_hours: Decimal,
    by: User,
) -> StaffDuty | Problem:
    """Somebody of a town is to work at a session."""
    with transaction.atomic():
        class_session = lock_session(class_session.pk)
        if class_session.is_cancelled:
            return Problem.OFF
        if town not in ordered_towns(class_session.course.program):
            return Problem.TOWN
        person = StaffDuty(class_session=class_session, municipality=town, duty=duty, planned_hours=planned_hours)
        problem = write_name(person, name)
        if problem is not None:
            return problem
        person.save(force_insert=True)
        audit.record("rota.added", person, by=by, municipality=town)
    return person


def write_name(duty: StaffDuty, name: str) -> Problem | None:
    """Put the name on the duty, with the member of the town it names, if what is written then can stand."""
    duty.name = " ".join(name.split())
    if not duty.name:
        return Problem.NAMELESS
    if not 0 <= duty.planned_hours <= LONGEST:
        return Problem.HOURS
    same = StaffDuty.objects.filter(
        class_session=duty.class_session, municipality=duty.municipality, name=duty.name, duty=duty.duty
    )
    if same.exclude(pk=duty.pk).exists():
        return Problem.ALREADY
    duty.user = member_named(duty.municipality, duty.name)
    return None


def member_named(town: Municipality, name: str) -> User | None:
    """The one member of the town of this name; of two namesakes neither."""
    found = list(User.objects.filter(memberships__municipality=town, name=name)[:2])
    return found[0] if len(found) == 1 else None


def change_duty(duty: StaffDuty, *, name: str, kind: str, planned_hours: Decimal, by: User) -> StaffDuty | Problem:
    with transaction.atomic():
        found = lock_duty(duty)
        if found is None:
            return Problem.GONE
        found.duty, found.planned_hours = kind, planned_hours
        problem = write_name(found, name)
        if problem is not None:
            return problem
        found.save(update_fields=["name", "user", "duty", "planned_hours"])
        audit.record("rota.changed", found, by=by, municipality=found.municipality)
    return found


def record_hours(duty: StaffDuty, hours: Decimal | None, *, by: User) -> StaffDuty | Problem:
    """Write down how long somebody worked; None takes that back."""
    with transaction.atomic():
        found = lock_duty(duty)
        if found is None:
            return Problem.GONE
        if found.class_session.starts_at > timezone.now():
            return Problem.NOT_BEGUN
        if hours is not None and not 0 <= hours <= LONGEST:
            return Problem.HOURS
        if found.recorded_hours != hours:
            found.recorded_hours = hours
            found.save(update_fields=["recorded_hours"])
            audit.record("rota.recorded", found, by=by, municipality=found.municipality)
    return found


def record_all(hours: Mapping[StaffDuty, Decimal | None], *, by: User) -> int | Problem:
    """Record the hours of several duties: all of them or none. Returns how many were written."""
    with transaction.atomic():
        for duty, worked in sorted(hours.items(), key=lambda pair: (pair[0].class_session_id, pair[0].pk)):
            outcome = record_hours(duty, worked, by=by)
            if isinstance(outcome, Problem):
                transaction.set_rollback(True)
                return outcome
    return len(hours)


def take_off(duty: StaffDuty, *, by: User) -> StaffDuty | Problem:
    with transaction.atomic():
        found = lock_duty(duty)
        if found is None:
            return Problem.GONE
        if found.recorded_hours is not None:
            return Problem.RECORDED
        audit.record("rota.removed", found, by=by, municipality=found.municipality)
        StaffDuty.objects.filter(pk=found.pk).delete()
    return found


def repeat(class_session: ClassSession, towns: Iterable[Municipality], *, by: User) -> int:
    """Put the people these towns have at one session down for every session of the course still to come.
    Returns how many duties were added; who is down already stays as they are."""
    with transaction.atomic():
        course = lock_course(class_session.course)  # before its sessions, as those who call several off do
        sessions = ClassSession.objects.select_for_update(of=("self",)).filter(course=course)
        coming = sessions.filter(cancelled_at=None, starts_at__gt=timezone.now()).exclude(pk=class_session.pk)
        keys = [row.pk for row in coming.order_by("pk")]
        pattern = list(class_session.duties.filter(municipality__in=towns).select_related("municipality"))
        known = set(
            StaffDuty.objects.filter(class_session__in=keys).values_list(
                "class_session", "municipality", "name", "duty"
            )
        )
        added = [
            StaffDuty(
                class_session_id=key,
                municipality=duty.municipality,
                name=duty.name,
                user_id=duty.user_id,
                duty=duty.duty,
                planned_hours=duty.planned_hours,
            )
            for key in keys
            for duty in pattern
            if (key, duty.municipality_id, duty.name, duty.duty) not in known
        ]
        StaffDuty.objects.bulk_create(added)
        for town in {duty.municipality for duty in added}:
            audit.record("rota.added", class_session.course, by=by, municipality=town)
    return len(added)


def lock_session(pk: int) -> ClassSession:
    sessions = ClassSession.objects.select_for_update(of=("self",)).select_related("course__program__lead")
    return sessions.get(pk=pk)


def lock_duty(duty: StaffDuty) -> StaffDuty | None:
    """The duty as it is now, with its session locked: what is written for one session is written in turn."""
    class_session = lock_session(duty.class_session_id)
    found = StaffDuty.objects.select_related("municipality").filter(pk=duty.pk).first()
    if found is not None:
        found.class_session = class_session
    return found


def clashes_of(duties: Iterable[StaffDuty]) -> dict[int, ClassSession]:
    """By key of a duty the other session from or to which the same member cannot come in time, the way between
    the venues included; half-open, so that at one venue one may follow on the other. Who is no member of the
    town is known by name only and not compared."""
    rows = [duty for duty in duties if duty.user_id is not None]
    if not rows:
        return {}
    others = StaffDuty.objects.filter(
        user__in={duty.user_id for duty in rows},
        class_session__cancelled_at=None,
        class_session__starts_at__lt=max(duty.class_session.ends_at for duty in rows) + LONGEST_WAY,
        class_session__ends_at__gt=min(duty.class_session.starts_at for duty in rows) - LONGEST_WAY,
    ).select_related("class_session__course", "class_session__venue__municipality")
    busy: dict[int | None, list[ClassSession]] = {}
    for other in others:
        busy.setdefault(other.user_id, []).append(other.class_session)
    found: dict[int, ClassSession] = {}
    for duty in rows:
        clash = next((each for each in busy.get(duty.user_id, []) if overlap(duty.class_session, each)), None)
        if clash is not None and not duty.class_session.is_cancelled:
            found[duty.pk] = clash
    return found


def overlap(one: ClassSession, other: ClassSession) -> bool:
    if one.pk == other.pk:
        return False
    way = buffer_between(one.venue, other.venue)
    return one.starts_at < other.ends_at + way and other.starts_at < one.ends_at + way


@dataclass(frozen=True)
class Hours:
    """Person-hours of one town. Duties without recorded hours are unknown, not 0."""

    planned: Decimal
    recorded: Decimal
    duties: int
    on_record: int


NONE = Hours(Decimal(0), Decimal(0), 0, 0)


def hours_by_town(*, program: Program | None = None, course: Course | None = None) -> dict[int, Hours]:
    """Person-hours by key of the town, over the sessions of a programme or a course that are not called off."""
    scope = Q(class_session__course=course) if course is not None else Q(class_session__course__program=program)
    duties = StaffDuty.objects.filter(scope, class_session__cancelled_at=None).order_by()
    rows = duties.values_list("municipality").annotate(
        Sum("planned_hours"), Sum("recorded_hours"), Count("pk"), Count("recorded_hours")
    )
    zero = Decimal(0)
    return {town: Hours(plan or zero, done or zero, count, known) for town, plan, done, count, known in rows}


def total_hours(hours: Iterable[Hours]) -> Hours:
    rows = list(hours)
    return Hours(
        sum((row.planned for row in rows), Decimal(0)),
        sum((row.recorded for row in rows), Decimal(0)),
        sum(row.duties for row in rows),
        sum(row.on_record for row in rows),
    )
