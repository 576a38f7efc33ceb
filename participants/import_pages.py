"""Importing a list of people: a file, then whom it would add and whom we may know already, then writing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.middleware import StaffRequest
from accounts.rights import handle_lists, staff_page
from accounts.table_fields import ColumnsForm, TableFileForm, sign_table, signed_table
from accounts.table_files import Table
from participants.people_import import FIELDS, import_people, plan_people

PURPOSE = "people"
MOST_SHOWN = 50
MOST_DOUBLES = 200  # each has a box to tick
MOST_AT_ONCE = 1_000  # written in one go while others wait; the command takes more


class PeopleFileForm(TableFileForm):
    def clean_file(self) -> Table:
        table = super().clean_file()
        if len(table.rows) > MOST_AT_ONCE:
            sentence = _("The page takes up to %(count)s people at once. Please split the file.")
            self.add_error("file", sentence % {"count": MOST_AT_ONCE})
        return table


@never_cache
@staff_page(handle_lists)
def import_page(request: StaffRequest) -> HttpResponse:
    if request.method == "POST" and "table" in request.POST:
        return compare(request)
    form = PeopleFileForm(request.POST or None, request.FILES or None, fields=FIELDS)
    if request.method != "POST" or not form.is_valid():
        return render(request, "participants/import.html", {"form": form, "fields": FIELDS})
    table = form.cleaned_data["file"]
    return show(request, table, ColumnsForm.guessed(table, FIELDS))


def compare(request: StaffRequest) -> HttpResponse:
    """The second step again with other columns, or writing."""
    town = request.membership.municipality
    table = signed_table(request.POST["table"], purpose=PURPOSE, user=request.user, town=town)
    if table is None:
        messages.error(request, _("The file has been open for too long. Please choose it again."))
        return redirect("participants:import")
    columns = ColumnsForm(request.POST, table=table, fields=FIELDS)
    if not (columns.is_valid() and "save" in request.POST):
        return show(request, table, columns)
    taken = {int(row) for row in request.POST.getlist("take") if row.isdecimal() and len(row) < 7}
    plan = import_people(table, columns.columns, town=town, by=request.user, taken=taken)
    if plan.errors:
        return show(request, table, columns)
    added = len(plan.chosen(taken))
    counts = {"added": added, "skipped": len(plan.new) + len(plan.doubles) - added}
    messages.success(request, _("Participants: %(added)s added, %(skipped)s left out as known.") % counts)
    return redirect("participants:people")


def show(request: StaffRequest, table: Table, columns: ColumnsForm) -> HttpResponse:
    town = request.membership.municipality
    plan = plan_people(table, columns.columns, town=town) if columns.is_valid() else None
    context = {
        "columns": columns,
        "plan": plan,
        "new": plan.new[:MOST_SHOWN] if plan else [],
        "more": plan is not None and len(plan.new) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "doubles": plan.doubles[:MOST_DOUBLES] if plan else [],
        "errors": plan.errors[:MOST_SHOWN] if plan else [],
        "notes": plan.notes[:MOST_SHOWN] if plan else [],
        "table": sign_table(table, purpose=PURPOSE, user=request.user, town=town),
    }
    return render(request, "participants/import_plan.html", context)
