"""When a venue is not free: the calendars read in for it, and their times."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from programs.models import Venue
from sessions import busy as verbs
from sessions.busy_files import Unreadable
from sessions.busy_forms import BusyForm
from sessions.models import BusyCalendar, BusyTime

TIMES_SHOWN = 20


def find_venue(request: StaffRequest, pk: int) -> Venue:
    return get_object_or_404(request.membership.municipality.venues.select_related("municipality"), pk=pk)


@staff_page()
def busy(request: StaffRequest, pk: int) -> HttpResponse:
    return show_busy(request, find_venue(request, pk), BusyForm(initial={"name": request.GET.get("name", "")}))


def show_busy(request: StaffRequest, venue: Venue, form: BusyForm) -> HttpResponse:
    coming = Q(times__ends_at__gt=timezone.now())
    times = BusyTime.objects.filter(calendar__venue=venue, ends_at__gt=timezone.now())
    context = {
        "venue": venue,
        "form": form,
        "calendars": venue.busy_calendars.select_related("made_by").annotate(coming=Count("times", filter=coming)),
        "times": times.select_related("calendar").order_by("starts_at", "ends_at", "pk")[:TIMES_SHOWN],
        "clashes": verbs.sessions_in_busy_times(venue)[:TIMES_SHOWN],
    }
    return render(request, "sessions/busy.html", context)


@require_POST
@staff_page(coordinate)
def import_busy(request: StaffRequest, pk: int) -> HttpResponse:
    venue = find_venue(request, pk)
    form = BusyForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_busy(request, venue, form)
    outcome = verbs.import_busy(venue, name=form.cleaned_data["name"], written=form.written, by=request.user)
    if isinstance(outcome, Unreadable):
        form.add_error("file", outcome.sentence)
        return show_busy(request, venue, form)
    if outcome.is_repeat:
        messages.info(request, _("This file was read in before. Nothing has changed."))
    else:
        messages.success(
            request, _("Read in. Times when the venue is taken: %(times)s") % {"times": outcome.times}
        )
    return redirect("sessions:busy", pk)


@require_POST
@staff_page(coordinate)
def remove_busy(request: StaffRequest, pk: int) -> HttpResponse:
    calendars = BusyCalendar.objects.filter(venue__municipality=request.membership.municipality)
    found = get_object_or_404(calendars.select_related("venue__municipality"), pk=pk)
    verbs.remove_busy(found, by=request.user)
    messages.success(request, _("The calendar is removed. Its times no longer count."))
    return redirect("sessions:busy", found.venue_id)
