"""Taking the town's own applications out as a table, with the table of its codes."""

from django import forms
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.csv_files import csv_lines
from accounts.japanese import fiscal_year, fiscal_year_label
from accounts.middleware import StaffRequest
from accounts.models import Municipality
from accounts.rights import handle_lists, staff_page
from programs.models import Program
from sessions.exporting import definitions, export

CSV = "text/csv; charset=utf-8"


class ExportForm(forms.Form):
    year = forms.TypedChoiceField(label=_("Fiscal year of the programme"), coerce=int)

    def __init__(self, data: object = None, *, town: Municipality) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # the data of a request
        this_year = fiscal_year(timezone.localdate())
        years = {this_year, *Program.objects.visible_to(town).values_list("fiscal_year", flat=True)}
        field = self.fields["year"]
        field.choices = [(year, fiscal_year_label(year)) for year in sorted(years, reverse=True)]  # type: ignore[attr-defined]  # a choice field
        field.initial = this_year


@never_cache
@staff_page(handle_lists)
def export_page(request: StaffRequest) -> HttpResponseBase:
    town = request.membership.municipality
    form = ExportForm(request.POST or None, town=town)
    if request.method != "POST" or not form.is_valid():
        return render(request, "sessions/export.html", {"form": form})
    year = form.cleaned_data["year"]
    response = StreamingHttpResponse(csv_lines(export(town, year=year, by=request.user)), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="registrations_{town.code}_{year}.csv"'
    return response


@require_safe
@staff_page(handle_lists)
def export_codes(request: StaffRequest) -> HttpResponse:
    response = HttpResponse(b"".join(csv_lines(definitions())), content_type=CSV)
    response["Content-Disposition"] = 'attachment; filename="registration_codes.csv"'
    return response
