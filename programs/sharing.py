"""Programmes that several towns hold together: who takes part, who is invited and what they answer."""

from accounts.models import Municipality
from programs.models import Partnership, Program


def towns_of(program: Program) -> set[int]:
    """Keys of the towns whose residents may come: the lead, if it has residents, and accepted partners."""
    return {town.pk for town in ordered_towns(program) if town.has_residents}


def ordered_towns(program: Program) -> list[Municipality]:
    """Lead first, then accepted partners in their order: the order gives each town its letter and colour."""
    accepted = program.partnerships.filter(state=Partnership.State.ACCEPTED).select_related("municipality")
    return [program.lead, *(partnership.municipality for partnership in accepted)]
