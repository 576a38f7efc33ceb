"""Importing a list of public facilities: a file, then what would be written, then writing it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.fields import WholeField
from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from accounts.table_fields import ColumnsForm, TableFileForm, sign_table, signed_table
from accounts.table_files import Table
from programs.forms import LARGEST_VENUE
from programs.venue_import import FIELDS, Plan, import_venues, plan_venues

PURPOSE = "venues"
MOST_SHOWN = 50


class CapacityForm(forms.Form):
    capacity = WholeField(
        label=gettext_lazy("Capacity where the file does not say"),
        help_text=gettext_lazy("The venue stays marked “To be checked” until somebody has looked."),
        least=1,
        most=LARGEST_VENUE,
    )


class VenueFileForm(CapacityForm, TableFileForm):
    field_order = ("file", "capacity")


@never_cache
@staff_page(coordinate)
def import_page(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return ask(request, VenueFileForm(fields=FIELDS))
    if "table" in request.POST:
        return compare(request)
    form = VenueFileForm(request.POST, request.FILES, fields=FIELDS)
    if not form.is_valid():
        return ask(request, form)
    table = form.cleaned_data["file"]
    return show(request, table, ColumnsForm.guessed(table, FIELDS), CapacityForm(request.POST))


def ask(request: StaffRequest, form: VenueFileForm) -> HttpResponse:
    return render(request, "programs/import_venues.html", {"form": form})


def compare(request: StaffRequest) -> HttpResponse:
    """The second step again with other columns, or writing."""
    town = request.membership.municipality
    table = signed_table(request.POST["table"], purpose=PURPOSE, user=request.user, town=town)
    if table is None:
        messages.error(request, _("The file has been open for too long. Please choose it again."))
        return redirect("programs:import_venues")
    columns, size = ColumnsForm(request.POST, table=table, fields=FIELDS), CapacityForm(request.POST)
    if not (columns.is_valid() and size.is_valid() and "save" in request.POST):
        return show(request, table, columns, size)
    capacity = size.cleaned_data["capacity"]
    plan = import_venues(table, columns.columns, town=town, capacity=capacity, by=request.user)
    return show(request, table, columns, size) if plan.errors else done(request, plan)


def done(request: StaffRequest, plan: Plan) -> HttpResponse:
    sentence = _("Venues: %(added)s added, %(changed)s changed, %(unchanged)s unchanged.")
    messages.success(request, sentence % plan.counts)
    return redirect(reverse("programs:venues") + "?missing=yes")


def show(request: StaffRequest, table: Table, columns: ColumnsForm, size: CapacityForm) -> HttpResponse:
    town = request.membership.municipality
    plan = None
    if columns.is_valid() and size.is_valid():
        plan = plan_venues(table, columns.columns, town=town, capacity=size.cleaned_data["capacity"])
    steps = [*plan.added, *plan.changed] if plan else []
    context = {
        "columns": columns,
        "size": size,
        "plan": plan,
        "steps": steps[:MOST_SHOWN],
        "more": len(steps) > MOST_SHOWN,
        "errors": plan.errors[:MOST_SHOWN] if plan else [],
        "notes": plan.notes[:MOST_SHOWN] if plan else [],
        "most": MOST_SHOWN,
        "table": sign_table(table, purpose=PURPOSE, user=request.user, town=town),
    }
    return render(request, "programs/import_venues_plan.html", context)
