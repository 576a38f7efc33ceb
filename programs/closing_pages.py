"""The closing days of a town: the list of those to come, a form for more of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from programs import closing
from programs.closing_forms import ClosingForm, RemovalForm


@staff_page()
def closing_days(request: StaffRequest) -> HttpResponse:
    return show(request, ClosingForm(town=request.membership.municipality))


def show(request: StaffRequest, form: ClosingForm) -> HttpResponse:
    town = request.membership.municipality
    context = {"form": form, "days": closing.days_of(town), "weekly": form.weekly}
    return render(request, "programs/closing_days.html", context)


@require_POST
@staff_page(coordinate)
def add(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    form = ClosingForm(request.POST, town=town)
    if not form.is_valid():
        return show(request, form)
    outcome = closing.close(town, form.span, by=request.user)
    if isinstance(outcome, closing.Problem):
        form.add_error("last", str(outcome.label))
        return show(request, form)
    messages.success(request, _("%(days)s closing days are added.") % {"days": outcome})
    return redirect("programs:closing_days")


@require_POST
@staff_page(coordinate)
def remove(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    form = RemovalForm(request.POST, town=town)
    if form.is_valid():
        days = closing.open_again(town, form.cleaned_data["days"], by=request.user)
        messages.success(request, _("%(days)s closing days are removed.") % {"days": days})
    else:
        messages.error(request, _("Please tick the days that are to be removed."))
    return redirect("programs:closing_days")
