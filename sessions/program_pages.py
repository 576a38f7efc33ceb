"""A programme seen from its classes: the overview, and the page on which a town leaves it."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.middleware import StaffRequest
from accounts.paging import show_page
from accounts.rights import coordinate, staff_page
from programs.expense_pages import find_shared
from programs.models import Partnership
from programs.sharing import Problem
from programs.views import find_asked
from sessions import leaving
from sessions.models import ClassSession, Course
from sessions.overview import overview_of
from sessions.tables import CourseTable

NEXT_SESSIONS = 5


@staff_page()
def program_courses(request: StaffRequest, pk: int) -> HttpResponse:
    """The programme for somebody who has a minute: towns, seats, the next days, what it cost."""
    program = find_shared(request, pk)
    visible = Course.objects.visible_to(request.membership.municipality).filter(program=program)
    held = ClassSession.objects.order_by("starts_at", "number")
    courses = visible.select_related("program", "host").prefetch_related(Prefetch("class_sessions", held))
    table = CourseTable(courses.order_by("-starts_at", "-pk"))
    show_page(table, request)
    table.count_seats()
    coming = ClassSession.objects.filter(course__in=visible.published(), cancelled_at=None)
    next_sessions = coming.filter(ends_at__gt=timezone.now()).select_related("course__host", "venue")
    context = {
        "program": program,
        "table": table,
        "next_sessions": next_sessions.order_by("starts_at", "pk")[:NEXT_SESSIONS],
        "overview": overview_of(program, visible),
    }
    return render(request, "sessions/program_courses.html", context)


@staff_page(coordinate)
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """What leaving means for the town's people, and the button that does it."""
    partnership = find_asked(request, pk)
    if not partnership.takes_part:
        messages.error(request, Problem.NOT_PARTNER.label)
        return redirect("programs:program", partnership.program_id)
    if request.method == "POST" and "confirm" in request.POST:
        return left(request, leaving.leave(partnership, by=request.user), partnership)
    return render(request, "sessions/leave.html", context_of_leaving(partnership))


def left(
    request: StaffRequest, outcome: Partnership | Problem | leaving.Problem, partnership: Partnership
) -> HttpResponse:
    if isinstance(outcome, Partnership):
        messages.success(request, _("Your town has left the programme. Its residents keep the seats they have."))
    else:
        messages.error(request, outcome.label)
    return redirect("programs:program", partnership.program_id)


def context_of_leaving(partnership: Partnership) -> dict[str, Any]:
    stakes = leaving.stakes_of(partnership.program, partnership.municipality)
    return {
        "partnership": partnership,
        "program": partnership.program,
        "stakes": stakes,
        "seated": sum(stake.seated for stake in stakes),
        "in_line": sum(stake.waiting + stake.offered + stake.applied for stake in stakes),
        "given_back": sum(stake.given_back for stake in stakes),
        "hosted": [stake.course for stake in stakes if stake.is_host],
    }
