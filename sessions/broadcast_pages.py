"""Calling off many sessions at once, and the live page of who has not been reached."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from sessions.broadcast_forms import BroadcastForm, SessionFilter
from sessions.broadcasts import Announced, call_off_many, outlook_of, seated_at
from sessions.reaching import broadcasts_of, past_broadcasts, reach_page

MOST = 200


@staff_page(coordinate)
def broadcast(request: StaffRequest) -> HttpResponse:
    """Choose sessions and a reason, look at who would be told, call off: each step works without script."""
    town = request.membership.municipality
    form = BroadcastForm(request.POST or None, town=town)
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["class_sessions"])
        if "confirm" not in request.POST:
            return confirming(request, form)
        outcome = call_off_many(chosen, reason=form.reason, by=request.user, municipality=town)
        return after_announcing(request, outcome)
    return choosing(request, form)


def choosing(request: StaffRequest, form: BroadcastForm) -> HttpResponse:
    town = request.membership.municipality
    choice = SessionFilter(request.GET, town=town)
    rows = list(choice.found[:MOST])
    context = {
        "form": form,
        "filter": choice,
        "rows": seated_at(rows),
        "is_cut": len(rows) == MOST,
        "past": past_broadcasts(town),
    }
    return render(request, "sessions/broadcast.html", context)


def confirming(request: StaffRequest, form: BroadcastForm) -> HttpResponse:
    chosen = list(form.cleaned_data["class_sessions"])
    context = {"form": form, "chosen": chosen, "outlook": outlook_of(chosen)}
    return render(request, "sessions/broadcast_confirm.html", context)


def after_announcing(request: StaffRequest, outcome: Announced) -> HttpResponse:
    """Say what was left out, then show who is not yet reached."""
    for class_session, problem in outcome.skipped:
        said = {"title": class_session.course.title, "number": class_session.number, "why": problem.label}
        messages.info(request, _("%(title)s, no. %(number)s was left out: %(why)s") % said)
    if outcome.broadcast is None:
        messages.error(request, _("Nothing was called off."))
        return redirect("sessions:broadcast")
    messages.success(request, _("Called off. Everybody concerned is told."))
    return redirect("sessions:broadcast_reach", outcome.broadcast.pk)


@require_safe
@staff_page()
def reach(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is told and who is not; asked for again every few seconds, answered only when something has changed."""
    membership = request.membership
    found = get_object_or_404(broadcasts_of(membership.municipality).select_related("municipality"), pk=pk)
    page = reach_page(found, membership)
    is_part = request.headers.get("HX-Request") == "true"
    if is_part and request.GET.get("mark") == page.mark:
        return HttpResponse(status=204)
    if not is_part and (page.own or page.others):
        audit.record("broadcast.viewed", found, by=request.user, municipality=membership.municipality)
    context = {"page": page, "broadcast": found, "may_register": membership.can_register, "is_part": is_part}
    return render(request, "sessions/_reach.html" if is_part else "sessions/reach.html", context)
