"""Planning courses: write a draft, publish it, change its seats. Nobody is unseated."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, User
from messaging.models import Line
from programs.models import Curriculum, Program, Venue
from programs.sharing import towns_of
from sessions import waiting_list
from sessions.models import BusyTime, ClassSession, Course, SeatQuota
from sessions.occupancy import seats_of
from sessions.registration import lock_course


class Problem(models.TextChoices):
    """Why a plan cannot be saved: one plain sentence each."""

    NO_SESSIONS = "no_sessions", _("Please give at least one date.")
    BACKWARDS = "backwards", _("A session must end after it begins.")
    OVERLAP = "overlap", _("Two sessions of this class overlap.")
    WINDOW = "window", _("Applications must open before they close, and close before the class begins.")
    QUOTA_SUM = "quota_sum", _("The seats kept for the towns are more than the capacity.")
    QUOTA_TOWN = "quota_town", _("Seats can be kept only for towns that take part in the programme.")
    RELEASE = "release", _("The seats must be released before the class begins.")
    VENUE_FULL = "venue_full", _("The room is too small for this capacity.")
    VENUE_TAKEN = "venue_taken", _("The venue is already in use at that time.")
    NO_LINE = "no_line", _("No telephone line is set for this programme.")
    SEATED = "seated", _("More people than this already have a seat. Nobody is unseated.")
    COMPLETION = "completion", _("More sessions are needed to complete it than are held.")
    OVER = "over", _("This session is already over.")
    OFF = "off", _("This has already been called off.")
    DRAW = "draw", _("The entries of the draw are settled. Publish its result first.")


@dataclass(frozen=True)
class Plan:
    """A course as it is to be: `times` are (start, end) pairs; `quotas` maps towns to seats kept for them."""

    program: Program
    curriculum: Curriculum
    host: Municipality
    venue: Venue
    title: str
    capacity: int
    allocation: str
    opens_at: datetime
    closes_at: datetime
    times: Sequence[tuple[datetime, datetime]]
    quotas: Mapping[Municipality, int]
    quota_release_at: datetime | None = None
    by_slot: bool = False
    completion_needed: int | None = None
    copied_from: Course | None = None


def plan_course(plan: Plan, *, by: User | None) -> Course | Problem:
    """Write a draft course with its sessions and quotas; nobody sees it before `publish`."""
    line = plan.program.line or Line.objects.filter(is_default=True).first()
    problem = Problem.NO_LINE if line is None else what_is_wrong(plan)
    if problem is not None or line is None:
        return problem or Problem.NO_LINE
    with transaction.atomic():
        course = Course.objects.create(
            program=plan.program,
            curriculum=plan.curriculum,
            host=plan.host,
            line=line,
            title=plan.title,
            code=free_code(line),
            capacity=plan.capacity,
            allocation=plan.allocation,
            by_slot=plan.by_slot,
            completion_needed=plan.completion_needed,
            copied_from=plan.copied_from,
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            quota_release_at=plan.quota_release_at,
            starts_at=min(start for start, _end in plan.times),
            ends_at=max(end_ for _start, end_ in plan.times),
        )
        ClassSession.objects.bulk_create(
            ClassSession(
                course=course,
                number=number,
                starts_at=start,
                ends_at=end_,
                venue=plan.venue,
                seats=plan.capacity // len(plan.times) if plan.by_slot else None,
            )
            for number, (start, end_) in enumerate(sorted(plan.times), start=1)
        )
        keep_quotas(course, plan.quotas)
        audit.record("course.planned", course, by=by, municipality=plan.host)
    return course


def keep_quotas(course: Course, quotas: Mapping[Municipality, int]) -> None:
    SeatQuota.objects.bulk_create(
        SeatQuota(course=course, municipality=town, seats=seats) for town, seats in quotas.items()
    )


def what_is_wrong(plan: Plan) -> Problem | None:
    """The first thing that speaks against a plan, or None."""
    times = sorted(plan.times)
    if not times:
        return Problem.NO_SESSIONS
    if any(end_ <= start for start, end_ in times):
        return Problem.BACKWARDS
    if any(later < earlier for (_s, earlier), (later, _e) in zip(times, times[1:], strict=False)):
        return Problem.OVERLAP
    if plan.completion_needed is not None and plan.completion_needed > len(times):
        return Problem.COMPLETION
    if not plan.opens_at < plan.closes_at <= times[0][0]:
        return Problem.WINDOW
    if plan.capacity > plan.venue.capacity and not plan.by_slot:
        return Problem.VENUE_FULL
    problem = wrong_quotas(plan.program, plan.capacity, plan.quotas, plan.quota_release_at, starts_at=times[0][0])
    if problem is None and venue_is_taken(plan.venue, times, except_for=None):
        return Problem.VENUE_TAKEN
    return problem


def wrong_quotas(
    program: Program,
    capacity: int,
    quotas: Mapping[Municipality, int],
    release_at: datetime | None,
    *,
    starts_at: datetime,
) -> Problem | None:
    if sum(quotas.values()) > capacity:
        return Problem.QUOTA_SUM
    if not {town.pk for town in quotas} <= towns_of(program):
        return Problem.QUOTA_TOWN
    if release_at is not None and release_at >= starts_at:
        return Problem.RELEASE
    return None


def venue_is_taken(
    venue: Venue, times: Sequence[tuple[datetime, datetime]], *, except_for: ClassSession | None
) -> bool:
    """By a class, or by what a busy calendar says. Half-open: one class may begin when another ends."""
    clash = models.Q()
    for start, end_ in times:
        clash |= models.Q(starts_at__lt=end_, ends_at__gt=start)
    others = ClassSession.objects.filter(clash, venue=venue, cancelled_at=None)
    if except_for is not None:
        others = others.exclude(pk=except_for.pk)
    return others.exists() or BusyTime.objects.filter(clash, calendar__venue=venue).exists()


def free_code(line: Line) -> str:
    """Four digits that no course of the line uses at present; drawn at random, so that a slip of the
    finger rarely names another class."""
    taken = set(Course.objects.filter(line=line, code_released_at=None).values_list("code", flat=True))
    free = [code for code in map(str, range(1000, 10_000)) if code not in taken]
    return secrets.choice(free)


def publish(course: Course, *, by: User | None) -> bool:
    """Show the course to the public. False if it was shown already or is called off."""
    with transaction.atomic():
        course = lock_course(course)
        if course.published_at is not None or course.cancelled_at is not None:
            return False
        course.published_at = timezone.now()
        course.save(update_fields=["published_at"])
        audit.record("course.published", course, by=by, municipality=course.host)
    return True


def change_seats(
    course: Course,
    *,
    capacity: int,
    quotas: Mapping[Municipality, int],
    release_at: datetime | None,
    by: User | None,
) -> Course | Problem:
    """Change capacity and quotas; refused if somebody would lose a seat. Seats that come free are offered."""
    with transaction.atomic():
        course = lock_course(course)
        problem = wrong_seats(course, capacity, quotas, release_at)
        if course.draw_is_under_way:
            problem = Problem.DRAW
        if problem is not None:
            return problem
        course.capacity, course.quota_release_at = capacity, release_at
        course.save(update_fields=["capacity", "quota_release_at"])
        course.quotas.exclude(municipality__in=quotas).delete()
        for town, seats in quotas.items():
            SeatQuota.objects.update_or_create(course=course, municipality=town, defaults={"seats": seats})
        if not seats_of(course).is_legal:
            transaction.set_rollback(True)
            return Problem.SEATED
        audit.record("course.seats_changed", course, by=by, municipality=course.host, capacity=capacity)
        waiting_list.offer_free_seats(course)
    return course


def wrong_seats(
    course: Course, capacity: int, quotas: Mapping[Municipality, int], release_at: datetime | None
) -> Problem | None:
    """A town that left the programme may keep the quota it has: its people keep their seats."""
    if course.cancelled_at is not None:
        return Problem.OFF
    if course.is_over:
        return Problem.OVER
    kept = set(course.quotas.values_list("municipality", flat=True))
    joined = {town: seats for town, seats in quotas.items() if town.pk not in kept}
    if sum(quotas.values()) > capacity:
        return Problem.QUOTA_SUM
    held = course.class_sessions.filter(cancelled_at=None, venue__capacity__lt=capacity)
    if capacity > course.capacity and not course.by_slot and held.exists():
        return Problem.VENUE_FULL
    return wrong_quotas(course.program, capacity, joined, release_at, starts_at=course.starts_at)


def change_window(course: Course, *, opens_at: datetime, closes_at: datetime, by: User | None) -> Course | Problem:
    """Change from when to when one can apply; who has applied already is not touched."""
    with transaction.atomic():
        course = lock_course(course)
        if course.cancelled_at is not None:
            return Problem.OFF
        if course.draw_is_under_way:
            return Problem.DRAW
        if not opens_at < closes_at <= course.starts_at:
            return Problem.WINDOW
        course.opens_at, course.closes_at = opens_at, closes_at
        course.save(update_fields=["opens_at", "closes_at"])
        audit.record("course.window_changed", course, by=by, municipality=course.host)
    return course


def release_codes(*, after_days: int = 60) -> int:
    """Give back the four digits of courses that ended long ago. Returns how many."""
    long_ago = timezone.now() - timedelta(days=after_days)
    return Course.objects.filter(code_released_at=None, ends_at__lt=long_ago).update(
        code_released_at=timezone.now()
    )
