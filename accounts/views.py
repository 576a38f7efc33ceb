"""Settings of a town: how residents reach it, who works for it, what was done."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import MemberForm, OfficeForm, PasswordForm, PopulationForm, RoleForm
from accounts.members import Problem, add_member, change_role, remove_member, set_password
from accounts.middleware import TOWN_KEY, StaffRequest
from accounts.models import AuditEntry, Membership, Role
from accounts.offices import change_office, change_population
from accounts.paging import show_page
from accounts.rights import administer, staff_page
from accounts.tables import AuditFilter, AuditTable

ENTRIES_A_PAGE = 50


@require_POST
@staff_page()
def switch_town(request: StaffRequest) -> HttpResponse:
    """Work for another of one's own towns; the page one was on may not exist there."""
    wanted = request.POST.get("town", "")
    chosen = next((m for m in request.memberships if str(m.municipality_id) == wanted), None)
    if chosen is None:
        messages.error(request, _("You do not work for this town."))
        return redirect("/staff/")
    request.session[TOWN_KEY] = chosen.municipality_id
    onward = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    return redirect(onward if is_ours else "/staff/")


@staff_page(administer)
def settings(request: StaffRequest) -> HttpResponse:
    municipality = request.membership.municipality
    form = OfficeForm(request.POST) if request.method == "POST" else OfficeForm.of(municipality)
    if request.method == "POST" and form.is_valid():
        change_office(municipality, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("accounts:settings")
    return show_settings(request, form, PopulationForm.of(municipality))


def show_settings(request: StaffRequest, form: OfficeForm, population_form: PopulationForm) -> HttpResponse:
    town = request.membership.municipality
    context = {
        "form": form,
        "population_form": population_form if town.has_residents else None,
        "members": town.memberships.select_related("user").order_by("user__name", "pk"),
    }
    return render(request, "accounts/settings.html", context)


@require_POST
@staff_page(administer)
def set_population(request: StaffRequest) -> HttpResponse:
    """How many live in the town. A prefecture or a council shares no costs by it: 404."""
    municipality = request.membership.municipality
    if not municipality.has_residents:
        raise Http404
    form = PopulationForm(request.POST)
    if not form.is_valid():
        return show_settings(request, OfficeForm.of(municipality), form)
    change_population(municipality, **form.cleaned_data, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("accounts:settings")


@staff_page(administer)
def new_member(request: StaffRequest) -> HttpResponse:
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = add_member(request.membership.municipality, **form.cleaned_data, by=request.user)
        if isinstance(outcome, Membership):
            messages.success(request, _("%(name)s can now sign in.") % {"name": outcome.user})
            return redirect("accounts:settings")
        form.add_error("username", str(outcome.label))
    return render(request, "accounts/new_member.html", {"form": form})


def find_member(request: StaffRequest, pk: int) -> Membership:
    return get_object_or_404(request.membership.municipality.memberships.select_related("user"), pk=pk)


def show_member(request: StaffRequest, member: Membership, form: RoleForm | PasswordForm | None) -> HttpResponse:
    role_form = form if isinstance(form, RoleForm) else RoleForm(initial={"role": member.role})
    password_form = form if isinstance(form, PasswordForm) else PasswordForm()
    context = {"member": member, "form": form, "role_form": role_form, "password_form": password_form}
    return render(request, "accounts/member.html", context)


@staff_page(administer)
def member(request: StaffRequest, pk: int) -> HttpResponse:
    return show_member(request, find_member(request, pk), None)


@require_POST
@staff_page(administer)
def change_member_role(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_member(request, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return show_member(request, found, form)
    say(request, change_role(found, role=Role(form.cleaned_data["role"]), by=request.user))
    return redirect("accounts:settings")


@require_POST
@staff_page(administer)
def set_member_password(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_member(request, pk)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return show_member(request, found, form)
    say(request, set_password(found, password=form.cleaned_data["password"], by=request.user))
    return redirect("accounts:settings")


@require_POST
@staff_page(administer)
def remove_town_member(request: StaffRequest, pk: int) -> HttpResponse:
    say(request, remove_member(find_member(request, pk), by=request.user))
    return redirect("accounts:settings")


def say(request: StaffRequest, outcome: Membership | Problem) -> None:
    if isinstance(outcome, Membership):
        messages.success(request, _("Saved."))
    else:
        messages.error(request, outcome.label)


@staff_page(administer)
def audit_list(request: StaffRequest) -> HttpResponse:
    entries = AuditEntry.objects.filter(municipality=request.membership.municipality).select_related("by")
    chosen = AuditFilter(request.GET, queryset=entries, request=request)
    table = AuditTable(chosen.qs)
    show_page(table, request, rows=ENTRIES_A_PAGE)
    return render(request, "accounts/audit.html", {"filter": chosen, "table": table})
