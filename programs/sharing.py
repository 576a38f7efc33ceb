"""Programmes that several towns hold together: who takes part, who is invited and what they answer."""

from django.db.models import Q

from accounts.models import Municipality, MunicipalityQuerySet
from programs.models import Partnership, Program, ProgramQuerySet


def towns_of(program: Program) -> set[int]:
    """Keys of the towns whose residents may come: the lead, if it has residents, and accepted partners."""
    return {town.pk for town in ordered_towns(program) if town.has_residents}


def ordered_towns(program: Program) -> list[Municipality]:
    """Lead first, then accepted partners in their order: the order gives each town its letter and colour."""
    accepted = program.partnerships.filter(state=Partnership.State.ACCEPTED).select_related("municipality")
    return [program.lead, *(partnership.municipality for partnership in accepted)]


def programs_of(town: Municipality) -> ProgramQuerySet:
    """Programmes the residents of a town may come to: those it leads or takes part in."""
    accepted = Partnership.objects.filter(municipality=town, state=Partnership.State.ACCEPTED)
    return Program.objects.filter(Q(lead=town) | Q(pk__in=accepted.values("program")))


def neighbours_of(town: Municipality) -> MunicipalityQuerySet:
    """The town itself and every town with residents that holds a programme together with it."""
    together = programs_of(town)
    accepted = Partnership.objects.filter(program__in=together, state=Partnership.State.ACCEPTED)
    return Municipality.objects.towns().filter(
        Q(pk=town.pk) | Q(pk__in=together.values("lead")) | Q(pk__in=accepted.values("municipality"))
    )


def towns_in_programs() -> MunicipalityQuerySet:
    """Every town with residents that leads a programme or takes part in one."""
    accepted = Partnership.objects.filter(state=Partnership.State.ACCEPTED)
    return Municipality.objects.towns().filter(
        Q(pk__in=Program.objects.values("lead")) | Q(pk__in=accepted.values("municipality"))
    )
