"""The day sheet: print it with its number, key it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import register, staff_page
from programs.sharing import ordered_towns
from sessions import paper
from sessions.day_pages import find_day
from sessions.models import DaySheet
from sessions.paper import Keyed, Unclear
from sessions.sheet_forms import WALK_IN_ROWS, SheetForm


@require_POST
@staff_page(register)
def day_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """Freeze the rows under a number, then show the sheet for the printer."""
    found = find_day(request, pk)
    outcome = paper.print_sheet(found, by=request.user)
    if isinstance(outcome, Unclear):
        messages.error(request, outcome.sentence)
        return redirect("sessions:day", found.pk)
    return redirect("sessions:print_sheet", outcome.pk)


def find_sheet(request: StaffRequest, pk: int) -> DaySheet:
    sheet = get_object_or_404(DaySheet.objects.select_related("printed_by"), pk=pk)
    sheet.class_session = find_day(request, sheet.class_session_id)
    return sheet


@never_cache
@require_safe
@staff_page(register)
def print_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    sheet = find_sheet(request, pk)
    course = sheet.class_session.course
    audit.record("roster.viewed", course, by=request.user, municipality=request.membership.municipality)
    rows = paper.rows_of(sheet)
    context = {
        "sheet": sheet,
        "session": sheet.class_session,
        "course": course,
        "lines": [(number, rows.get(number)) for number in range(1, len(sheet.rows) + 1)],
        "blank_rows": range(1, WALK_IN_ROWS + 1),
        "towns": [town for town in ordered_towns(course.program) if town.has_residents],
    }
    return render(request, "sessions/print_sheet.html", context)


@never_cache
@staff_page(register)
def key_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    sheet = find_sheet(request, pk)
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        sheet=sheet,
        rows=paper.rows_of(sheet),
        towns=ordered_towns(sheet.class_session.course.program),
        own=request.membership.municipality,
    )
    if request.method == "POST" and form.is_valid():
        outcome = paper.key_sheet(sheet, form.written, by=request.user)
        if isinstance(outcome, Keyed):
            say_keyed(request, outcome)
            return redirect("sessions:day", sheet.class_session_id)
        form.add_error(None, outcome.sentence)
    context = {"form": form, "sheet": sheet, "session": sheet.class_session, "course": sheet.class_session.course}
    return render(request, "sessions/key_sheet.html", context)


def say_keyed(request: StaffRequest, keyed: Keyed) -> None:
    messages.success(
        request, _("Sheet %(number)s is keyed in, and everything adds up.") % {"number": keyed.sheet.pk}
    )
    for row in keyed.returned:
        facts = {"name": row.participant.kana}
        messages.info(request, _("%(name)s had no seat any more but came: written down as a walk-in.") % facts)
    if keyed.is_short_of_helpers:
        messages.warning(
            request,
            _("There were more people than the helpers could look after. It is recorded as it was."),
        )
