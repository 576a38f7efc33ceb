"""Classes at the place of a group: its request, the class planned for it, and how many came.

A class for a group is published but not listed: nobody finds it on the web, by its number or by SMS; staff may
register people by name, and afterwards write down how many came without their names.
"""

from dataclasses import replace

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import Municipality, User
from programs.keeping import keep
from programs.models import Venue
from programs.sharing import programs_of, towns_of
from sessions.attendance import count_heads
from sessions.changes import call_off
from sessions.models import ClassSession, Course, Headcount, OutreachRequest
from sessions.planning import Plan, plan_course
from sessions.planning import Problem as PlanProblem
from sessions.registration import lock_course

State = OutreachRequest.State
MOST_PEOPLE = 1000


class Problem(models.TextChoices):
    """Why something cannot be done with a request: one plain sentence each."""

    NOT_OURS = "not_ours", gettext_lazy("Your town does not take part in this programme.")
    ANSWERED = "answered", gettext_lazy("This request has been answered already. Nothing has changed.")
    ENDED = "ended", gettext_lazy("This request has ended already. Nothing has changed.")
    HELD = "held", gettext_lazy("The class has been held already.")
    OTHER_PLAN = "other_plan", gettext_lazy("The plan is not for this request.")
    LISTED = "listed", gettext_lazy("People without names are counted only in classes for a group.")
    NOT_BEGUN = "not_begun", gettext_lazy("People can be counted once the class has begun.")
    OFF = "off", gettext_lazy("This session has been called off.")
    OTHER_TOWN = "other_town", gettext_lazy("This town does not take part in the programme.")
    TOO_MANY = "too_many", gettext_lazy("Write a number from 0 to 1000.")


def ask(request: OutreachRequest, *, by: User) -> OutreachRequest | Problem:
    """Write down what a group wishes; `request` is not saved yet."""
    if not programs_of(request.municipality).contains(request.program):
        return Problem.NOT_OURS
    with transaction.atomic():
        request.state, request.asked_at, request.asked_by = State.ASKED, timezone.now(), by
        request.save(force_insert=True)
        record(request, "asked", by=by)
    return request


def plan(request: OutreachRequest, plan: Plan, *, by: User) -> Course | Problem | PlanProblem:
    """Plan the class for the group; a venue of the plan that is new is written down with it, or nothing is."""
    with transaction.atomic():
        request = lock(request)
        if not request.is_asked:
            return Problem.ANSWERED
        if not programs_of(request.municipality).contains(request.program):
            return Problem.NOT_OURS
        if (plan.program, plan.host) != (request.program, request.municipality):
            return Problem.OTHER_PLAN
        if plan.venue.pk is None:
            plan = replace(plan, venue=venue_for(plan.venue, by=by))
        course = plan_course(plan, by=by)
        if not isinstance(course, Course):
            transaction.set_rollback(True)
            return course
        course.is_listed, course.published_at = False, timezone.now()
        course.save(update_fields=["is_listed", "published_at"])
        request.course = course
        answer(request, State.PLANNED, by=by)
    return course


def venue_for(new: Venue, *, by: User) -> Venue:
    """The place as it is known already, else written down as it stands."""
    known = Venue.objects.filter(municipality=new.municipality, name=new.name, room=new.room).first()
    if known is not None:
        return known
    copied = Venue(municipality=new.municipality, name=new.name, room=new.room, capacity=new.capacity)
    return keep(copied, by=by, municipality=new.municipality)


def decline(request: OutreachRequest, *, note: str, by: User) -> OutreachRequest | Problem:
    with transaction.atomic():
        request = lock(request)
        if not request.is_asked:
            return Problem.ANSWERED
        return answer(request, State.DECLINED, note=note, by=by)


def withdraw(request: OutreachRequest, *, by: User) -> OutreachRequest | Problem:
    """The group does not wish it any more; a class planned for it is called off, and who registered is told."""
    with transaction.atomic():
        request = lock(request)
        if not (request.is_asked or request.is_planned):
            return Problem.ENDED
        if not request.can_be_withdrawn:
            return Problem.HELD
        course = request.course
        if course is not None:
            call_off(course, reason=_("The group has withdrawn its request."), by=by)
        return answer(request, State.WITHDRAWN, by=by)


def lock(request: OutreachRequest) -> OutreachRequest:
    rows = OutreachRequest.objects.select_for_update(of=("self",))
    return rows.select_related("municipality", "program__lead", "course__program").get(pk=request.pk)


def answer(request: OutreachRequest, state: OutreachRequest.State, *, by: User, note: str = "") -> OutreachRequest:
    request.state, request.answer_note, request.answered_at = state, note, timezone.now()
    request.save(update_fields=["state", "answer_note", "answered_at", "course"])
    record(request, state.value, by=by)
    return request


def record(request: OutreachRequest, deed: str, *, by: User) -> None:
    audit.record(f"outreach.{deed}", request, by=by, municipality=request.municipality)


def count_people(class_session: ClassSession, town: Municipality, people: int, *, by: User) -> Headcount | Problem:
    """Write down how many of a town came without their names; written once more, it corrects the figure."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        problem = why_not_count(course, class_session, town, people)
        if problem is not None:
            return problem
        return count_heads(class_session, town, people, by=by)


def why_not_count(course: Course, class_session: ClassSession, town: Municipality, people: int) -> Problem | None:
    if course.is_listed:
        return Problem.LISTED
    if ClassSession.objects.filter(pk=class_session.pk, cancelled_at__isnull=False).exists():
        return Problem.OFF
    if class_session.starts_at > timezone.now():
        return Problem.NOT_BEGUN
    if town.pk not in towns_of(course.program):
        return Problem.OTHER_TOWN
    return None if 0 <= people <= MOST_PEOPLE else Problem.TOO_MANY
