"""The list of courses and the page of one: seats, sessions, waiting list, roster."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.paging import show_page
from accounts.rights import register, see_people, staff_page
from participants.models import Channel
from sessions import registration
from sessions.changes import why_not_change
from sessions.course_forms import CancelForm
from sessions.course_words import course_state, session_state
from sessions.meter import meter_of
from sessions.models import ClassSession, Course, Registration
from sessions.occupancy import slots_of
from sessions.refusals import Refused
from sessions.registration import Done
from sessions.releasing import release_of
from sessions.roster import line_of, places_of, roster_of, sees_names_of_others, towns_of_course
from sessions.tables import CourseFilter, CourseTable

BLANK_ROWS = 4


@staff_page()
def course_list(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    held = ClassSession.objects.order_by("starts_at", "number")
    courses = Course.objects.visible_to(town).select_related("program", "host")
    choice = request.GET if "state" in request.GET else {**request.GET.dict(), "state": "upcoming"}
    chosen = CourseFilter(choice, queryset=courses.prefetch_related(Prefetch("class_sessions", held)), town=town)
    table = CourseTable(chosen.qs)
    show_page(table, request)
    table.count_seats()
    return render(request, "sessions/courses.html", {"filter": chosen, "table": table})


def find_course(request: StaffRequest, pk: int) -> Course:
    courses = Course.objects.visible_to(request.membership.municipality)
    return get_object_or_404(courses.select_related("program__lead", "host", "line", "curriculum", "draw"), pk=pk)


@staff_page()
def course(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_course(request, pk)
    membership = request.membership
    towns = towns_of_course(found)
    places = places_of(towns)
    meter = meter_of(found)
    shown = roster_of(found, membership, places)
    line = line_of(found, membership, places)
    if shown.rows:
        note_view(request, found)
    runs_day = membership.can_register and sees_names_of_others(membership, found)
    rows = session_rows(found)
    context = {
        "course": found,
        "state": course_state(found),
        "meter": meter,
        "held": sum(meter.held.values()),
        "confirmed": sum(meter.seats.taken.values()) - sum(meter.held.values()),
        "seat_rows": meter.rows(towns),
        "release": release_of(found, meter, line, places),
        "class_sessions": rows,
        "runs_day": runs_day,
        "day_today": session_today(rows) if runs_day else None,
        "line": line,
        "roster": shown,
        "may_plan": membership.can_coordinate and found.is_editable_by(membership.municipality),
        "may_register": membership.can_register and found.is_published and not found.is_over,
    }
    return render(request, "sessions/course.html", context)


def note_view(request: StaffRequest, course: Course) -> None:
    audit.record("roster.viewed", course, by=request.user, municipality=request.membership.municipality)


def session_rows(course: Course) -> list[dict[str, Any]]:
    rows = list(course.class_sessions.select_related("venue__municipality"))
    slots = slots_of(rows) if course.by_slot else {}
    return [
        {
            "session": row,
            "state": session_state(row),
            "seats": slots.get(row.pk),
            "may_change": why_not_change(row) is None,
            "has_day": row.day <= timezone.localdate(),
        }
        for row in rows
    ]


def session_today(rows: list[dict[str, Any]]) -> ClassSession | None:
    """The session of today that is still held, the first of them if there are several."""
    held = (row["session"] for row in rows if not row["session"].is_cancelled)
    return next((session for session in held if session.day == timezone.localdate()), None)


@staff_page(see_people)
def roster(request: StaffRequest, pk: int) -> HttpResponse:
    """The sheet for the reception table of the day, for paper."""
    found = find_course(request, pk)
    shown = roster_of(found, request.membership, places_of(towns_of_course(found)))
    note_view(request, found)
    held = list(found.class_sessions.filter(cancelled_at=None).select_related("venue"))
    context = {
        "course": found,
        "roster": shown,
        "class_sessions": held,
        "columns": held[:1] if found.by_slot else held,
        "blank_rows": range(shown.count + 1, shown.count + BLANK_ROWS + 1),
    }
    return render(request, "sessions/roster.html", context)


def find_registration(request: StaffRequest, pk: int) -> Registration:
    """An application of an own resident; of another town's resident that town's desk takes the answer."""
    town = request.membership.municipality
    rows = Registration.objects.select_related("course__host", "participant", "municipality")
    found = get_object_or_404(rows.filter(course__in=Course.objects.visible_to(town)), pk=pk)
    if found.municipality_id != town.pk:
        raise PermissionDenied
    return found


@require_POST
@staff_page(register)
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_registration(request, pk)
    say(request, registration.accept(found, channel=Channel.PHONE, by=request.user), _("The seat is confirmed."))
    return redirect("sessions:course", found.course_id)


@require_POST
@staff_page(register)
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_registration(request, pk)
    done = _("Declined. The seat goes to the next in line.")
    say(request, registration.decline(found, channel=Channel.PHONE, by=request.user), done)
    return redirect("sessions:course", found.course_id)


@staff_page(register)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_registration(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, channel = form.cleaned_data["reason"], Channel(form.cleaned_data["channel"])
        outcome = registration.cancel(found, channel=channel, by=request.user, reason=reason)
        say(request, outcome, _("The application is cancelled."))
        return redirect("sessions:course", found.course_id)
    return render(request, "sessions/cancel.html", {"form": form, "registration": found})


def say(request: StaffRequest, outcome: Done | Refused, done: str) -> None:
    if isinstance(outcome, Refused):
        messages.error(request, outcome.sentence)
    else:
        messages.success(request, done)
