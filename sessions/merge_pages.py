"""The proposals of classes that could be held together, and the page that carries one out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from sessions.course_pages import find_course
from sessions.merge_plan import plan_of
from sessions.merging import Merged
from sessions.merging import merge as hold_together
from sessions.models import Course
from sessions.proposing import may_merge, proposals

MOST = 50


@staff_page(coordinate)
def merges(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    found = proposals(town)
    rows = [(each, may_merge(town, each.gone.course, each.into.course)) for each in found[:MOST]]
    return render(request, "sessions/merges.html", {"rows": rows, "count": len(found), "most": MOST})


@staff_page(coordinate)
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Who would be told by SMS and whom to call; then the one act."""
    gone, into = find_course(request, pk), find_into(request)
    town = request.membership.municipality
    if not may_merge(town, gone, into or gone):
        raise PermissionDenied
    if into is None:
        messages.error(request, _("Please choose the two classes once more."))
        return redirect("sessions:merges")
    if request.method == "POST":
        return carry_out(request, gone, into)
    plan = plan_of(gone, into, request.membership)
    if plan.problem is not None:
        messages.error(request, plan.problem.label)
        return redirect("sessions:merges")
    if any(each.is_own for each in plan.told):
        audit.record("roster.viewed", gone, by=request.user, municipality=town)
    return render(request, "sessions/merge.html", {"plan": plan})


def find_into(request: StaffRequest) -> Course | None:
    key = request.GET.get("into", "")
    if not key.isascii() or not key.isdigit() or len(key) > 12:
        return None
    rows = Course.objects.visible_to(request.membership.municipality).select_related("program__lead", "host")
    return rows.filter(pk=int(key)).first()


def carry_out(request: StaffRequest, gone: Course, into: Course) -> HttpResponse:
    outcome = hold_together(gone, into, by=request.user)
    if not isinstance(outcome, Merged):
        messages.error(request, outcome.label)
        return redirect("sessions:merges")
    said = {"count": len(outcome.told)}
    messages.success(request, _("The classes are held together. %(count)s people are told.") % said)
    return redirect("sessions:course", into.pk)
