"""The draw of a lottery course: its page, its three steps, and its record as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from sessions import draw
from sessions.course_pages import find_course, note_view
from sessions.draw import Problem
from sessions.draw_board import board_of, record_text
from sessions.models import LotteryDraw
from sessions.planning_pages import find_editable


@require_safe
@staff_page()
def board(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_course(request, pk)
    if found.is_first_come:
        messages.warning(request, Problem.FIRST_COME.label)
        return redirect("sessions:course", pk)
    shown = board_of(found, request.membership)
    if shown.shows_names:
        note_view(request, found)
    membership = request.membership
    may_plan = membership.can_coordinate and found.is_editable_by(membership.municipality)
    return render(request, "sessions/draw.html", {"board": shown, "course": found, "may_plan": may_plan})


@require_safe
@staff_page()
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """Seed, entries and result, so that anybody can draw again; it names nobody."""
    found = find_course(request, pk)
    kept = draw.record_of(found)
    if kept is None:
        raise Http404
    response = HttpResponse(record_text(found, kept), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="draw-{found.pk}.txt"'
    return response


@require_POST
@staff_page(coordinate)
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    outcome = draw.settle(find_editable(request, pk), by=request.user)
    return say(request, pk, outcome, _("The entries are settled. They do not change any more."))


@require_POST
@staff_page(coordinate)
def hold(request: StaffRequest, pk: int) -> HttpResponse:
    outcome = draw.draw(find_editable(request, pk), by=request.user)
    return say(request, pk, outcome, _("The lots are drawn. Nobody is told before you publish the result."))


@require_POST
@staff_page(coordinate)
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    outcome = draw.publish(find_editable(request, pk), by=request.user)
    return say(request, pk, outcome, _("The result is published. Everybody is told."))


def say(request: StaffRequest, pk: int, outcome: LotteryDraw | Problem, done: str) -> HttpResponse:
    if isinstance(outcome, Problem):
        messages.error(request, outcome.label)
    else:
        messages.success(request, done)
    return redirect("sessions:draw", pk)
