"""The staff rota of a course: who of which town works at which session, and for how long."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from sessions import rota as verbs
from sessions.course_pages import find_course
from sessions.models import ClassSession, Course, StaffDuty
from sessions.rota_board import Board
from sessions.rota_forms import DutyForm, HoursForm


@staff_page()
def rota(request: StaffRequest, pk: int) -> HttpResponse:
    return show_rota(request, find_course(request, pk))


def show_rota(
    request: StaffRequest, course: Course, bad: tuple[int, DutyForm | HoursForm] | None = None
) -> HttpResponse:
    board = Board(course, request.membership, bad)
    return render(request, "sessions/rota.html", {"course": course, "board": board})


def find_session(request: StaffRequest, pk: int) -> ClassSession:
    found = get_object_or_404(ClassSession, pk=pk)
    found.course = find_course(request, found.course_id)
    return found


@require_POST
@staff_page(coordinate)
def put_down(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    towns = verbs.towns_to_write_for(found.course, request.membership.municipality)
    if not towns:
        raise PermissionDenied
    form = DutyForm.for_session(found, request.POST, towns=towns)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "duty", "planned_hours")}
        outcome = verbs.put_down(found, form.town_chosen, **fields, by=request.user)
        if isinstance(outcome, StaffDuty):
            messages.success(request, _("%(name)s is on the rota.") % {"name": outcome.name})
            return redirect("sessions:rota", found.course_id)
        form.add_error("name", str(outcome.label))
    return show_rota(request, found.course, (found.pk, form))


@require_POST
@staff_page(coordinate)
def record_hours(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    town = request.membership.municipality
    duties = list(found.duties.select_related("class_session__course__program", "municipality"))
    form = HoursForm(request.POST, duties=[duty for duty in duties if verbs.may_write(duty, town)])
    if form.is_valid():
        outcome = verbs.record_all(form.touched, by=request.user)
        if not isinstance(outcome, verbs.Problem):
            messages.success(request, _("Saved."))
            return redirect("sessions:rota", found.course_id)
        form.add_error(None, str(outcome.label))
    return show_rota(request, found.course, (found.pk, form))


@require_POST
@staff_page(coordinate)
def repeat(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    towns = verbs.towns_to_write_for(found.course, request.membership.municipality)
    if not towns:
        raise PermissionDenied
    added = verbs.repeat(found, towns, by=request.user)
    if added:
        messages.success(request, _("%(count)s duties are added to the sessions to come.") % {"count": added})
    else:
        messages.info(request, _("Nobody was to be added: there is no other session to come, or all are down."))
    return redirect("sessions:rota", found.course_id)


def find_duty(request: StaffRequest, pk: int) -> StaffDuty:
    """A duty this town may write; a partner's coordinator gets 403, a stranger 404."""
    found = get_object_or_404(StaffDuty.objects.select_related("municipality", "class_session"), pk=pk)
    found.class_session.course = find_course(request, found.class_session.course_id)
    if not verbs.may_write(found, request.membership.municipality):
        raise PermissionDenied
    return found


@staff_page(coordinate)
def duty(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_duty(request, pk)
    initial = {"name": found.name, "duty": found.duty, "planned_hours": found.planned_hours}
    form = DutyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        outcome = verbs.change_duty(
            found,
            name=cleaned["name"],
            kind=cleaned["duty"],
            planned_hours=cleaned["planned_hours"],
            by=request.user,
        )
        if isinstance(outcome, StaffDuty):
            messages.success(request, _("Saved."))
            return redirect("sessions:rota", found.class_session.course_id)
        form.add_error("name", str(outcome.label))
    return render(request, "sessions/duty.html", {"form": form, "duty": found})


@require_POST
@staff_page(coordinate)
def take_off(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_duty(request, pk)
    outcome = verbs.take_off(found, by=request.user)
    if isinstance(outcome, StaffDuty):
        messages.success(request, _("%(name)s is off the rota.") % {"name": outcome.name})
        return redirect("sessions:rota", found.class_session.course_id)
    messages.error(request, outcome.label)
    return redirect("sessions:rota", found.class_session.course_id)
