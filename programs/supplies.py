"""What classes are made of: curricula and venues."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts.middleware import StaffRequest
from accounts.paging import show_page
from accounts.rights import coordinate, staff_page
from programs import closing
from programs.forms import CurriculumForm, VenueForm
from programs.keeping import keep
from programs.models import Curriculum, Venue
from programs.tables import CurriculumFilter, CurriculumTable, VenueFilter, VenueTable

NEXT_CLOSING_DAYS = 12


@staff_page()
def curriculum_list(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    curricula = Curriculum.objects.filter(Q(municipality=None) | Q(municipality=town))
    chosen = CurriculumFilter(request.GET, queryset=curricula.select_related("municipality"))
    table = CurriculumTable(chosen.qs)
    show_page(table, request)
    return render(request, "programs/curricula.html", {"filter": chosen, "table": table})


@staff_page()
def curriculum(request: StaffRequest, pk: int) -> HttpResponse:
    town = request.membership.municipality
    common_or_own = Curriculum.objects.filter(Q(municipality=None) | Q(municipality=town))
    found = get_object_or_404(common_or_own, pk=pk)
    may_edit = found.municipality_id == town.pk and request.membership.can_coordinate
    return render(request, "programs/curriculum.html", {"curriculum": found, "may_edit": may_edit})


@staff_page(coordinate)
def new_curriculum(request: StaffRequest) -> HttpResponse:
    return write_curriculum(request, Curriculum())


@staff_page(coordinate)
def edit_curriculum(request: StaffRequest, pk: int) -> HttpResponse:
    town = request.membership.municipality
    found = get_object_or_404(Curriculum.objects.filter(Q(municipality=None) | Q(municipality=town)), pk=pk)
    if found.municipality_id is None:
        raise PermissionDenied
    return write_curriculum(request, found)


def write_curriculum(request: StaffRequest, curriculum: Curriculum) -> HttpResponse:
    town = request.membership.municipality
    form = CurriculumForm(request.POST or None, instance=curriculum, municipality=town)
    if request.method == "POST" and form.is_valid():
        keep(form.instance, by=request.user, municipality=town)
        messages.success(request, _("Saved."))
        return redirect("programs:curriculum", curriculum.pk)
    return render(request, "programs/curriculum_form.html", {"form": form, "curriculum": curriculum})


@staff_page()
def venue_list(request: StaffRequest) -> HttpResponse:
    chosen = VenueFilter(request.GET, queryset=request.membership.municipality.venues.all())
    table = VenueTable(chosen.qs)
    show_page(table, request)
    return render(request, "programs/venues.html", {"filter": chosen, "table": table})


@staff_page()
def venue(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(request.membership.municipality.venues, pk=pk)
    facts = [(Venue._meta.get_field(name), getattr(found, name)) for name in Venue.FACTS]
    closed = list(closing.days_of(found.municipality, venue=found)[:NEXT_CLOSING_DAYS])
    weekly = [WEEKDAYS[day] for day in found.closed_weekdays]
    context = {"venue": found, "facts": facts, "closed": closed, "weekly": weekly}
    return render(request, "programs/venue.html", context)


@staff_page(coordinate)
def new_venue(request: StaffRequest) -> HttpResponse:
    return write_venue(request, Venue())


@staff_page(coordinate)
def edit_venue(request: StaffRequest, pk: int) -> HttpResponse:
    return write_venue(request, get_object_or_404(request.membership.municipality.venues, pk=pk))


def write_venue(request: StaffRequest, venue: Venue) -> HttpResponse:
    town = request.membership.municipality
    form = VenueForm(request.POST or None, instance=venue, municipality=town)
    if request.method == "POST" and form.is_valid():
        keep(form.instance, by=request.user, municipality=town)
        messages.success(request, _("Saved."))
        return redirect("programs:venue", venue.pk)
    return render(request, "programs/venue_form.html", {"form": form, "venue": venue})
