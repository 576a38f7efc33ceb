"""Planning a course, publishing it, and changing what was announced."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from programs.models import Curriculum
from sessions import broadcasts, changes, planning, releasing
from sessions.broadcasts import Announced
from sessions.collecting import Known, is_near
from sessions.course_forms import CallOffForm
from sessions.course_pages import find_course
from sessions.models import ClassSession, Course
from sessions.planning import Problem
from sessions.planning_forms import (
    ChoiceOfCurriculum,
    MoveForm,
    PlanForm,
    SeatsForm,
    SeriesForm,
    SlotsForm,
    WindowForm,
    local,
)
from sessions.previewing import Preview
from sessions.roster import towns_of_course


@staff_page(coordinate)
def new_course(request: StaffRequest) -> HttpResponse:
    """Choose programme and curriculum, fill in, look at the dates, save: each step works without script."""
    town = request.membership.municipality
    choice = ChoiceOfCurriculum(request.GET or None, town=town)
    if not choice.is_valid():
        return render(request, "sessions/new_course.html", {"form": choice})
    program, curriculum = choice.cleaned_data["program"], choice.cleaned_data["curriculum"]
    kind = SlotsForm if curriculum.kind == Curriculum.Kind.CONSULTATION else SeriesForm
    form = kind(request.POST or None, program=program, curriculum=curriculum, town=town)
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        return preview_or_save(request, form)
    return render(request, "sessions/plan.html", {"form": form})


def preview_or_save(request: StaffRequest, form: PlanForm) -> HttpResponse:
    """Saved once all that speaks against the dates has been shown and is not to be refused."""
    plan = form.plan
    problem = planning.what_is_wrong(plan)
    if problem is not None and problem != Problem.VENUE_TAKEN:
        form.refuse(problem)
        return render(request, "sessions/plan.html", {"form": form})
    preview = Preview.of(plan)
    if "save" not in request.POST or preview.is_refused or not preview.was_seen(request.POST["save"]):
        context = {"form": form, "plan": plan, "preview": preview}
        return render(request, "sessions/plan_preview.html", context)
    outcome = planning.plan_course(plan, by=request.user)
    if isinstance(outcome, Course):
        messages.success(request, _("The draft is saved. Nobody sees it before it is published."))
        return redirect("sessions:course", outcome.pk)
    form.refuse(outcome)
    return render(request, "sessions/plan.html", {"form": form})


def find_editable(request: StaffRequest, pk: int) -> Course:
    """A course that this town leads or holds; a partner gets 403, a stranger 404."""
    course = find_course(request, pk)
    if not course.is_editable_by(request.membership.municipality):
        raise PermissionDenied
    return course


def find_editable_session(request: StaffRequest, pk: int) -> ClassSession:
    found = get_object_or_404(ClassSession.objects.select_related("venue"), pk=pk)
    found.course = find_editable(request, found.course_id)
    return found


@require_POST
@staff_page(coordinate)
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    course = find_editable(request, pk)
    if planning.publish(course, by=request.user):
        messages.success(request, _("The class is published."))
    else:
        messages.warning(request, _("Nothing has changed: it is published already, or called off."))
    return redirect("sessions:course", pk)


@staff_page(coordinate)
def seats(request: StaffRequest, pk: int) -> HttpResponse:
    course = find_editable(request, pk)
    form = SeatsForm(request.POST or None, course=course, towns=towns_of_course(course))
    if request.method == "POST" and form.is_valid():
        outcome = planning.change_seats(
            course,
            capacity=form.cleaned_data["capacity"],
            quotas=form.quotas,
            release_at=form.cleaned_data.get("release_at"),
            by=request.user,
        )
        if isinstance(outcome, Course):
            messages.success(request, _("Saved. Seats that came free are offered to those in line."))
            return redirect("sessions:course", pk)
        form.refuse(outcome)
    return render(request, "sessions/seats.html", {"form": form, "course": course})


@require_POST
@staff_page(coordinate)
def release_now(request: StaffRequest, pk: int) -> HttpResponse:
    outcome = releasing.release_now(find_editable(request, pk), by=request.user)
    if isinstance(outcome, releasing.Problem):
        messages.warning(request, outcome.label)
    else:
        told = _("Released: %(seats)s free seats are open to everybody, %(offered)s people in line are asked.")
        messages.success(request, told % {"seats": outcome.seats, "offered": outcome.offered})
    return redirect("sessions:course", pk)


@staff_page(coordinate)
def window(request: StaffRequest, pk: int) -> HttpResponse:
    course = find_editable(request, pk)
    initial = {"opens_at": local(course.opens_at), "closes_at": local(course.closes_at)}
    form = WindowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        outcome = planning.change_window(course, **form.cleaned_data, by=request.user)
        if isinstance(outcome, Course):
            messages.success(request, _("Saved."))
            return redirect("sessions:course", pk)
        form.add_error(None, str(outcome.label))
    return render(request, "sessions/window.html", {"form": form, "course": course})


@staff_page(coordinate)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_editable_session(request, pk)
    form = MoveForm(request.POST or None, class_session=found)
    preview = None
    if request.method == "POST" and form.is_valid():
        starts_at, venue = form.cleaned_data["starts_at"], form.cleaned_data["venue"]
        preview = Preview.of_move(found, starts_at=starts_at, ends_at=form.ends_at, venue=venue)
        if preview.is_refused or preview.was_seen(request.POST.get("seal", "")):
            outcome = changes.move_session(
                found, starts_at=starts_at, ends_at=form.ends_at, venue=venue, by=request.user
            )
            if isinstance(outcome, ClassSession):
                messages.success(request, when_told(found, outcome))
                return redirect("sessions:course", found.course_id)
            form.add_error(None, str(outcome.label))
    context = {"form": form, "session": found, "course": found.course, "preview": preview}
    return render(request, "sessions/move.html", context | {"told": len(changes.concerned(found.course, found))})


def when_told(before: ClassSession, after: ClassSession) -> str:
    if is_near(Known.of(before), after):
        return _("Moved. Everybody with a seat is told at once.")
    return _(
        "Moved. Everybody with a seat is told in ten minutes; further changes until then go in the same message."
    )


@staff_page(coordinate)
def call_off_session(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_editable_session(request, pk)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = broadcasts.call_off_many(
            [found], **form.cleaned_data, by=request.user, municipality=request.membership.municipality
        )
        problem = outcome.skipped[0][1] if outcome.skipped else None
        return after_call_off(request, problem or outcome, found.course)
    told = changes.told_of_session_off(found)
    context = {"form": form, "course": found.course, "session": found, "told": told}
    return render(request, "sessions/call_off.html", context)


@staff_page(coordinate)
def call_off(request: StaffRequest, pk: int) -> HttpResponse:
    course = find_editable(request, pk)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = broadcasts.call_off_course(
            course, **form.cleaned_data, by=request.user, municipality=request.membership.municipality
        )
        return after_call_off(request, outcome, course)
    told = course.registrations.live().count()
    return render(request, "sessions/call_off.html", {"form": form, "course": course, "told": told})


def after_call_off(request: StaffRequest, outcome: Announced | Problem, course: Course) -> HttpResponse:
    """To the list of who is not yet reached, if anybody was to be told."""
    if isinstance(outcome, Problem):
        messages.error(request, outcome.label)
        return redirect("sessions:course", course.pk)
    messages.success(request, _("Called off. Everybody concerned is told."))
    if outcome.broadcast is None or not outcome.broadcast.notices.exists():
        return redirect("sessions:course", course.pk)
    return redirect("sessions:broadcast_reach", outcome.broadcast.pk)
