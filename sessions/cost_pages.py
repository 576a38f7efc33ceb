"""What a programme cost and who pays what, on the screen and on paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.middleware import StaffRequest
from accounts.rights import staff_page
from programs.expense_pages import find_shared
from programs.expenses import paid_by_category
from programs.models import Program
from sessions.costs import costs_of
from sessions.rota import hours_by_town, total_hours


def context_of(program: Program) -> dict[str, Any]:
    costs = costs_of(program)
    hours = hours_by_town(program=program)
    return {
        "program": program,
        "costs": costs,
        "by_category": paid_by_category(program),
        "hours": [(row.place, hours[row.place.town.pk]) for row in costs.rows if row.place.town.pk in hours],
        "total_hours": total_hours(hours.values()),
        "today": timezone.localdate(),
    }


@staff_page()
def costs(request: StaffRequest, pk: int) -> HttpResponse:
    return render(request, "sessions/costs.html", context_of(find_shared(request, pk)))


@staff_page()
def costs_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """For the file and for the partners' accountants: A4, without menus."""
    return render(request, "sessions/costs_sheet.html", context_of(find_shared(request, pk)))
