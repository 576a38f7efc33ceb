"""Last year's classes once more: the same weekdays a year on, moved off days on which no class is held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from programs.models import Program, Venue
from programs.sharing import lock_program, ordered_towns
from sessions.models import ClassSession, Course
from sessions.planning import Plan, plan_course
from sessions.planning import Problem as PlanProblem
from sessions.previewing import DateRow, meetings_of, rows_of
from sessions.series import DaysOff, Skipped

DAYS_A_YEAR = 365.2425
WEEK = timedelta(weeks=1)
MOST_WEEKS_ON = 26


class Problem(models.TextChoices):
    """Why a class cannot be copied: one plain sentence each."""

    ALREADY = "already", _("It is copied into this programme already.")
    PAST = "past", _("The first date would lie in the past.")
    VENUE = "venue", _("Its venue is not in use any more, or belongs to a town that does not take part.")
    NO_DATES = "no_dates", _("No open day was found for it.")
    NOTHING = "nothing", _("Please tick the classes that are to be copied.")
    OTHER_SEASON = "other_season", _("It is not a class of an earlier year led by your town.")


@dataclass(frozen=True)
class NotCopied:
    """Why nothing was copied: the class, if one is meant, and the sentence."""

    problem: Problem | PlanProblem
    course: Course | None = None

    @property
    def label(self) -> str:
        return f"{self.course}: {self.problem.label}" if self.course else str(self.problem.label)


@dataclass(frozen=True)
class Proposal:
    """A class of an earlier year as it would be held once more; `plan` is None where that cannot be."""

    course: Course
    plan: Plan | None
    skipped: Sequence[Skipped]
    problem: Problem | None
    rows: Sequence[DateRow] = ()

    @property
    def is_refused(self) -> bool:
        return self.problem is not None or any(each.is_hard for row in self.rows for each in row.conflicts)


def earlier_programs(program: Program) -> QuerySet[Program]:
    """Programmes of earlier years that the lead of this one led, the latest first."""
    led = Program.objects.led_by(program.lead).filter(fiscal_year__lt=program.fiscal_year)
    return led.order_by("-fiscal_year", "pk")


def courses_to_copy(sources: QuerySet[Program]) -> QuerySet[Course]:
    """Those of these programmes that were held, or are to be held, for everybody."""
    shown = Course.objects.published().filter(program__in=sources, is_listed=True, merged_into=None)
    sessions = models.Prefetch(
        "class_sessions",
        ClassSession.objects.filter(cancelled_at=None)
        .select_related("venue__municipality")
        .order_by("starts_at", "number"),
    )
    shown = shown.select_related("curriculum", "host", "program__lead").order_by("starts_at", "pk")
    return shown.prefetch_related(sessions, "quotas__municipality")


def proposals_of(program: Program, courses: Iterable[Course]) -> list[Proposal]:
    """Each class with its dates and what speaks against them, in a steady number of queries."""
    shift = Shift(program, list(courses))
    found = [shift.proposal(course) for course in shift.courses]
    meetings, spans, key = [], [], 0
    for proposal in found:
        own = meetings_of(proposal.plan, first_key=key) if proposal.plan else []
        spans.append((key, key + len(own)))
        meetings += own
        key += len(own)
    rows = rows_of(meetings)
    return [
        Proposal(each.course, each.plan, each.skipped, each.problem, rows[first:last])
        for each, (first, last) in zip(found, spans, strict=True)
    ]


class Shift:
    """Plans of a programme made from the classes of an earlier one."""

    def __init__(self, program: Program, courses: Sequence[Course]) -> None:
        self.program, self.courses = program, courses
        self.towns = {town.pk: town for town in ordered_towns(program)}
        copied = program.courses.filter(copied_from__isnull=False, cancelled_at=None)
        self.copied = set(copied.values_list("copied_from", flat=True))
        venues = {row.venue for course in courses for row in course.class_sessions.all()}
        self.off = DaysOff(venues, program.starts_on, program.ends_on + MOST_WEEKS_ON * WEEK)

    def proposal(self, course: Course) -> Proposal:
        sessions = list(course.class_sessions.all())
        if course.pk in self.copied:
            return Proposal(course, None, [], Problem.ALREADY)
        if not sessions or not self.may_use(sessions[0].venue):
            return Proposal(course, None, [], Problem.VENUE)
        days, skipped = self.days_for(sessions)
        if len(days) < len({session.day for session in sessions}):
            return Proposal(course, None, skipped, Problem.NO_DATES)
        plan = self.plan(course, sessions, days)
        problem = Problem.PAST if plan.closes_at <= timezone.now() else None
        return Proposal(course, None if problem else plan, skipped, problem)

    def may_use(self, venue: Venue) -> bool:
        return venue.is_active and venue.municipality_id in self.towns

    def days_for(self, sessions: Sequence[ClassSession]) -> tuple[dict[date, date], list[Skipped]]:
        """By old day the new one: whole weeks later, in the same order, on the next day that is open."""
        years = self.program.fiscal_year - sessions[0].course.program.fiscal_year
        later = round(years * DAYS_A_YEAR / 7) * WEEK
        found: dict[date, date] = {}
        skipped: dict[date, Skipped] = {}
        earliest = self.program.starts_on
        for old in dict.fromkeys(session.day for session in sessions):
            day = old + later
            for _n in range(MOST_WEEKS_ON):
                reason = self.off.reason(sessions[0].venue, day)
                if day >= earliest and not reason:
                    found[old], earliest = day, day + timedelta(days=1)
                    break
                if reason:
                    skipped[day] = Skipped(day, reason)
                day += WEEK
        return found, list(skipped.values())

    def plan(self, course: Course, sessions: Sequence[ClassSession], days: Mapping[date, date]) -> Plan:
        first = sessions[0].day
        later = days[first] - first
        moved = [(each, days[each.day] - each.day) for each in sessions]
        times = [(each.starts_at + step, each.ends_at + step) for each, step in moved]
        release_at = course.quota_release_at
        quotas = {
            self.towns[quota.municipality_id]: quota.seats
            for quota in course.quotas.all()
            if quota.municipality_id in self.towns
        }
        needed = course.completion_needed
        return Plan(
            program=self.program,
            curriculum=course.curriculum,
            host=self.towns.get(course.host_id, self.program.lead),
            venue=sessions[0].venue,
            title=course.title,
            capacity=course.capacity,
            allocation=course.allocation,
            opens_at=course.opens_at + later,
            closes_at=min(course.closes_at + later, times[0][0]),
            times=times,
            quotas=quotas,
            quota_release_at=release_at + later if release_at and quotas else None,
            by_slot=course.by_slot,
            completion_needed=min(needed, len(sessions)) if needed else None,
            copied_from=course,
        )


def copy_season(program: Program, courses: Iterable[Course], *, by: User | None) -> list[Course] | NotCopied:
    """Write a draft of each of these classes into the programme: all of them or none. Each is copied once."""
    wanted = {course.pk for course in courses}
    if not wanted:
        return NotCopied(Problem.NOTHING)
    with transaction.atomic():
        lock_program(program)
        rows = courses_to_copy(earlier_programs(program)).filter(pk__in=wanted)
        proposals = proposals_of(program, rows)
        outcome = write(proposals, by=by)
        if len(proposals) < len(wanted):
            outcome = NotCopied(Problem.OTHER_SEASON)
        if isinstance(outcome, NotCopied):
            transaction.set_rollback(True)
            return outcome
        audit.record("program.copied", program, by=by, municipality=program.lead, classes=len(outcome))
    return outcome


def write(proposals: Iterable[Proposal], *, by: User | None) -> list[Course] | NotCopied:
    drafts: list[Course] = []
    for each in proposals:
        if each.plan is None:
            return NotCopied(each.problem or Problem.NO_DATES, each.course)
        draft = plan_course(each.plan, by=by)
        if not isinstance(draft, Course):
            return NotCopied(draft, each.course)
        drafts.append(draft)
    return drafts
