"""Calling off many sessions at once, as for bad weather: one act, one announcement, everybody told once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts import audit
from accounts.models import Municipality, User
from sessions.changes import CallingOff, call_off_locked, call_off_some, why_not_call_off, why_not_change
from sessions.models import Broadcast, ClassSession, Course, Registration
from sessions.planning import Problem
from sessions.registration import lock_course
from sessions.rungs import rungs_for


@dataclass(frozen=True)
class Announced:
    """What was called off, and what was not, with the reason; without a broadcast nothing was."""

    broadcast: Broadcast | None
    called_off: list[ClassSession] = field(default_factory=list)
    skipped: list[tuple[ClassSession, Problem]] = field(default_factory=list)


def call_off_many(
    class_sessions: Iterable[ClassSession], *, reason: str, by: User | None, municipality: Municipality
) -> Announced:
    """Call off sessions of any courses in one act; those over or off already are left out. A course of which
    nothing is left is called off whole."""
    wanted = {class_session.pk for class_session in class_sessions}
    with transaction.atomic():
        courses = lock_courses(Course.objects.filter(class_sessions__in=wanted))
        going, skipped = sort_out(courses, wanted)
        called_off = [each for gone in going.values() for each in gone]
        if not called_off:
            return Announced(None, skipped=skipped)
        broadcast = announce(called_off, reason=reason, by=by, municipality=municipality)
        for course in courses:
            if going[course.pk]:
                call_off_some(course, going[course.pk], CallingOff(reason, by, broadcast))
    return Announced(broadcast, called_off, skipped)


def call_off_course(
    course: Course, *, reason: str, by: User | None, municipality: Municipality
) -> Announced | Problem:
    """Call off a whole course, and keep in view who is not yet reached."""
    with transaction.atomic():
        course = lock_course(course)
        problem = why_not_call_off(course)
        if problem is not None:
            return problem
        coming = list(course.class_sessions.filter(cancelled_at=None, ends_at__gt=timezone.now()))
        broadcast = announce(coming, reason=reason, by=by, municipality=municipality)
        call_off_locked(course, CallingOff(reason, by, broadcast))
    return Announced(broadcast, coming)


def lock_courses(courses: Iterable[Course]) -> list[Course]:
    """In key order, so that two who call off the same courses never wait for each other."""
    keys = {course.pk: course for course in courses}
    return [lock_course(keys[key]) for key in sorted(keys)]


def sort_out(
    courses: Sequence[Course], wanted: set[int]
) -> tuple[dict[int, list[ClassSession]], list[tuple[ClassSession, Problem]]]:
    going: defaultdict[int, list[ClassSession]] = defaultdict(list)
    skipped = []
    rows = ClassSession.objects.filter(course__in=courses, pk__in=wanted).select_related("venue", "course")
    for class_session in rows.order_by("starts_at", "pk"):
        problem = why_not_change(class_session)
        if problem is None:
            going[class_session.course_id].append(class_session)
        else:
            skipped.append((class_session, problem))
    return going, skipped


def announce(
    class_sessions: Sequence[ClassSession], *, reason: str, by: User | None, municipality: Municipality
) -> Broadcast:
    broadcast = Broadcast.objects.create(municipality=municipality, reason=reason, made_at=timezone.now(), by=by)
    broadcast.class_sessions.set(class_sessions)
    audit.record("broadcast.called_off", broadcast, by=by, municipality=municipality, count=len(class_sessions))
    return broadcast


def seated_at(class_sessions: Sequence[ClassSession]) -> list[tuple[ClassSession, int]]:
    """Each session with how many people would come to it, in one query."""
    seated = Registration.objects.filter(
        course__in={each.course_id for each in class_sessions}, state__in=Registration.SEATED
    )
    whole: Counter[int] = Counter()
    slots: Counter[int | None] = Counter()
    for course, slot, count in seated.values_list("course", "class_session").annotate(Count("pk")).order_by():
        whole[course] += count
        slots[slot] += count
    return [(each, slots[each.pk] if each.course.by_slot else whole[each.course_id]) for each in class_sessions]


@dataclass(frozen=True)
class Outlook:
    """How many people calling off would concern, and how they would be told."""

    people: int
    by_rung: dict[str, int]


def outlook_of(class_sessions: Sequence[ClassSession]) -> Outlook:
    """Who would be told, in a steady number of queries; somebody with two sessions off is told of each."""
    told = those_told(class_sessions)
    rungs = rungs_for(told)
    people = {registration.participant_id for registration, _when in told}
    return Outlook(len(people), dict(Counter(rung.name for rung in rungs)))


def those_told(class_sessions: Sequence[ClassSession]) -> list[tuple[Registration, datetime]]:
    """Each registration once for every session it would be told of, or once if the course falls whole."""
    going: defaultdict[int, list[ClassSession]] = defaultdict(list)
    for class_session in class_sessions:
        going[class_session.course_id].append(class_session)
    staying = set(
        ClassSession.objects.filter(course__in=going, cancelled_at=None)
        .exclude(pk__in=[class_session.pk for class_session in class_sessions])
        .values_list("course", flat=True)
    )
    live = Registration.objects.live().filter(course__in=going).select_related("participant", "course")
    told = []
    for registration in live:
        gone = going[registration.course_id]
        if registration.course_id not in staying:
            told.append((registration, min(each.starts_at for each in gone)))
        elif registration.state in Registration.SEATED:
            by_slot = registration.course.by_slot
            told += [
                (registration, each.starts_at)
                for each in gone
                if not by_slot or registration.class_session_id == each.pk
            ]
    return told
