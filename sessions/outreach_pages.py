"""Requests of groups for a class at their own place."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.paging import show_page
from accounts.rights import coordinate, register, staff_page
from sessions import outreach
from sessions.course_words import course_state
from sessions.models import Course, Headcount, OutreachRequest
from sessions.outreach_forms import CountForm, DeclineForm, GroupPlanForm, RequestForm
from sessions.outreach_tables import RequestFilter, RequestTable, tone_of

NAMED = ("municipality", "program__lead", "curriculum", "course")


@staff_page()
def request_list(request: StaffRequest) -> HttpResponse:
    seen = OutreachRequest.objects.visible_to(request.membership.municipality).select_related(*NAMED)
    chosen = RequestFilter(request.GET, queryset=seen)
    table = RequestTable(chosen.qs)
    show_page(table, request)
    return render(request, "outreach/requests.html", {"filter": chosen, "table": table})


@staff_page(register)
def new_request(request: StaffRequest) -> HttpResponse:
    form = RequestForm(request.POST or None, town=request.membership.municipality)
    if request.method == "POST" and form.is_valid():
        outcome = outreach.ask(form.instance, by=request.user)
        if isinstance(outcome, OutreachRequest):
            messages.success(request, _("The request is written down."))
            return redirect("sessions:outreach", outcome.pk)
        form.add_error(None, str(outcome.label))
    return render(request, "outreach/new.html", {"form": form})


@staff_page()
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The town's own requests; the lead of the programme sees them too, but not whom to telephone."""
    seen = OutreachRequest.objects.visible_to(request.membership.municipality).select_related(*NAMED)
    return show(request, get_object_or_404(seen, pk=pk))


def show(
    request: StaffRequest,
    found: OutreachRequest,
    *,
    decline_form: DeclineForm | None = None,
    count_form: CountForm | None = None,
) -> HttpResponse:
    membership = request.membership
    is_own = found.municipality_id == membership.municipality_id
    course = found.course
    may_count = is_own and membership.can_register and found.is_planned
    counting = count_form or (CountForm(request=found) if may_count else None)
    context = {
        "found": found,
        "tone": tone_of(found),
        "is_own": is_own,
        "sees_contact": is_own and membership.can_see_people,
        "course": course,
        "course_state": course_state(course) if course is not None else None,
        "class_sessions": list(course.class_sessions.select_related("venue")) if course is not None else [],
        "counts": counts_of(course) if course is not None else [],
        "may_answer": is_own and membership.can_coordinate,
        "may_withdraw": is_own and membership.can_register and found.can_be_withdrawn,
        "decline_form": decline_form or DeclineForm(),
        "count_form": counting if counting is not None and counting.has_sessions else None,
    }
    return render(request, "outreach/request.html", context)


def counts_of(course: Course) -> list[Headcount]:
    counts = Headcount.objects.filter(class_session__course=course)
    return list(counts.select_related("class_session", "municipality").order_by("class_session__starts_at", "pk"))


def find_own(request: StaffRequest, pk: int) -> OutreachRequest:
    """A request of this town; the lead of its programme only looks on, anybody else finds nothing."""
    town = request.membership.municipality
    found = OutreachRequest.objects.visible_to(town).select_related(*NAMED).filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.municipality_id != town.pk:
        raise PermissionDenied
    return found


@staff_page(coordinate)
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_own(request, pk)
    form = GroupPlanForm(request.POST or None, request=found)
    if request.method == "POST" and form.is_valid():
        outcome = outreach.plan(found, form.plan, by=request.user)
        if isinstance(outcome, Course):
            messages.success(request, _("The class for the group is planned. It is not shown to the public."))
            return redirect("sessions:outreach", pk)
        form.add_error(None, str(outcome.label))
    return render(request, "outreach/plan.html", {"form": form, "found": found})


@require_POST
@staff_page(coordinate)
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_own(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return show(request, found, decline_form=form)
    outcome = outreach.decline(found, note=form.cleaned_data["note"], by=request.user)
    return done(request, pk, outcome, _("The request is declined. Please tell the group."))


@require_POST
@staff_page(register)
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    outcome = outreach.withdraw(find_own(request, pk), by=request.user)
    return done(request, pk, outcome, _("The request is withdrawn."))


@require_POST
@staff_page(register)
def count_people(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_own(request, pk)
    form = CountForm(request.POST, request=found)
    if not form.is_valid():
        return show(request, found, count_form=form)
    cleaned = form.cleaned_data
    outcome = outreach.count_people(cleaned["class_session"], cleaned["town"], cleaned["people"], by=request.user)
    return done(request, pk, outcome, _("Written down: %(people)s people.") % {"people": cleaned["people"]})


def done(
    request: StaffRequest, pk: int, outcome: OutreachRequest | Headcount | outreach.Problem, words: str
) -> HttpResponse:
    if isinstance(outcome, outreach.Problem):
        messages.error(request, outcome.label)
    else:
        messages.success(request, words)
    return redirect("sessions:outreach", pk)
