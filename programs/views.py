"""Programmes and their partners."""

import itertools
from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.models import Municipality
from accounts.paging import show_page
from accounts.rights import coordinate, staff_page
from accounts.templatetags.engawa import tone
from programs import sharing
from programs.forms import InviteForm, ProgramForm
from programs.keeping import keep
from programs.models import Partnership, Program
from programs.tables import ProgramFilter, ProgramTable


@staff_page()
def program_list(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    programs = Program.objects.visible_to(town).select_related("lead")
    chosen = ProgramFilter(
        request.GET, queryset=programs.prefetch_related("partnerships__municipality"), town=town
    )
    table = ProgramTable(chosen.qs)
    show_page(table, request)
    invitations = town.partnerships.filter(state=Partnership.State.INVITED).select_related("program__lead")
    context = {"filter": chosen, "table": table, "invitations": invitations}
    return render(request, "programs/programs.html", context)


@staff_page(coordinate)
def new_program(request: StaffRequest) -> HttpResponse:
    return write_program(request, Program(lead=request.membership.municipality))


@staff_page(coordinate)
def edit_program(request: StaffRequest, pk: int) -> HttpResponse:
    return write_program(request, find_own(request, pk))


def write_program(request: StaffRequest, program: Program) -> HttpResponse:
    form = ProgramForm(request.POST or None, instance=program, lead=program.lead)
    if request.method == "POST" and form.is_valid():
        keep(form.instance, by=request.user, municipality=program.lead)
        messages.success(request, _("Saved."))
        return redirect("programs:program", program.pk)
    return render(request, "programs/program_form.html", {"form": form, "program": program})


def find_own(request: StaffRequest, pk: int) -> Program:
    """A programme that this town leads; a partner's coordinator gets 403, anybody else 404."""
    town = request.membership.municipality
    program = get_object_or_404(Program.objects.visible_to(town).select_related("lead"), pk=pk)
    if not program.is_led_by(town):
        raise PermissionDenied
    return program


@staff_page()
def program(request: StaffRequest, pk: int) -> HttpResponse:
    town = request.membership.municipality
    found = get_object_or_404(Program.objects.visible_to(town).select_related("lead", "line"), pk=pk)
    return show_program(request, found, InviteForm())


def show_program(request: StaffRequest, program: Program, form: InviteForm) -> HttpResponse:
    town = request.membership.municipality
    partnerships = list(program.partnerships.select_related("municipality"))
    towns = Municipality.objects.filter(prefecture=town.prefecture).exclude(prefecture="").exclude(pk=town.pk)
    leads = program.is_led_by(town) and request.membership.can_coordinate
    own = next((p for p in partnerships if p.municipality_id == town.pk), None)
    context = {
        "program": program,
        "partners": coloured(partnerships),
        "own": own,
        "has_declined": own is not None and own.state == Partnership.State.DECLINED and not own.has_joined,
        "is_shared": program.is_led_by(town) or (own is not None and own.has_joined),
        "without_population": sharing.towns_without_population(program),
        "may_invite": leads,
        "may_answer": request.membership.can_coordinate,
        "form": form,
        "towns": towns if leads else [],
    }
    return render(request, "programs/program.html", context)


def coloured(partnerships: Iterable[Partnership]) -> list[tuple[Partnership, str]]:
    """Each with the colour of the town in the programme, behind the lead; empty if it does not take part."""
    colours = map(tone, itertools.count(1))
    return [(each, next(colours) if each.takes_part else "") for each in partnerships]


@require_POST
@staff_page(coordinate)
def invite(request: StaffRequest, pk: int) -> HttpResponse:
    program = find_own(request, pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return show_program(request, program, form)
    town = form.cleaned_data["town"]
    say(request, sharing.invite(program, town, by=request.user), _("%(town)s is invited.") % {"town": town})
    return redirect("programs:program", pk)


@require_POST
@staff_page(coordinate)
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    partnership = get_object_or_404(Partnership.objects.select_related("program__lead"), pk=pk)
    program = find_own(request, partnership.program_id)
    say(request, sharing.take_back(partnership, by=request.user), _("The invitation is taken back."))
    return redirect("programs:program", program.pk)


def find_asked(request: StaffRequest, pk: int) -> Partnership:
    """An invitation to this town: nobody answers for another one, not even the lead."""
    town = request.membership.municipality
    partnership = get_object_or_404(Partnership.objects.select_related("program__lead"), pk=pk)
    if partnership.municipality_id == town.pk:
        return partnership
    if Program.objects.visible_to(town).filter(pk=partnership.program_id).exists():
        raise PermissionDenied
    raise Http404


@require_POST
@staff_page(coordinate)
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    partnership = find_asked(request, pk)
    say(request, sharing.answer(partnership, accepts=True, by=request.user), _("Your town now takes part."))
    return redirect("programs:program", partnership.program_id)


@require_POST
@staff_page(coordinate)
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    partnership = find_asked(request, pk)
    say(request, sharing.answer(partnership, accepts=False, by=request.user), _("The invitation is declined."))
    return redirect("programs:programs")


def say(request: StaffRequest, outcome: Partnership | sharing.Problem, done: str) -> None:
    if isinstance(outcome, Partnership):
        messages.success(request, done)
    else:
        messages.error(request, outcome.label)
