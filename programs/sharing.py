"""Programmes that several towns hold together: who takes part, who is invited and what they answer."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, MunicipalityQuerySet, User
from programs.models import Partnership, Program, ProgramQuerySet


class Problem(models.TextChoices):
    """Why an invitation or an answer is not possible: one plain sentence each."""

    LEAD = "lead", _("The lead takes part already.")
    ALREADY = "already", _("This town is invited or takes part already.")
    NOT_INVITED = "not_invited", _("There is no open invitation any more.")
    NOT_PARTNER = "not_partner", _("The town does not take part at present.")


def towns_of(program: Program) -> set[int]:
    """Keys of the towns whose residents may come: the lead, if it has residents, and accepted partners."""
    return {town.pk for town in ordered_towns(program) if town.has_residents}


def ordered_towns(program: Program) -> list[Municipality]:
    """Lead first, then accepted partners in their order: the order gives each town its letter and colour."""
    accepted = program.partnerships.filter(state=Partnership.State.ACCEPTED).select_related("municipality")
    return [program.lead, *(partnership.municipality for partnership in accepted)]


def bodies_of(program: Program) -> list[Municipality]:
    """Everybody who takes part, in order, then those that left: the latter still share in what was."""
    towns = ordered_towns(program)
    joined = program.partnerships.joined().select_related("municipality")
    return towns + [each.municipality for each in joined if not each.takes_part]


def towns_without_population(program: Program) -> list[Municipality]:
    """Towns whose population the cost share of the programme needs and that have not entered it."""
    if not program.shares_by_population:
        return []
    return [town for town in ordered_towns(program) if town.has_residents and not town.knows_population]


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


def invite(program: Program, municipality: Municipality, *, by: User) -> Partnership | Problem:
    """Ask a town to join; one that declined or withdrew can be asked again and keeps its place in the order."""
    if program.lead_id == municipality.pk:
        return Problem.LEAD
    with transaction.atomic():
        lock_program(program)
        partnership = program.partnerships.filter(municipality=municipality).first()
        if partnership is None:
            last = program.partnerships.aggregate(last=models.Max("position"))["last"]
            partnership = Partnership(
                program=program, municipality=municipality, position=0 if last is None else last + 1
            )
        elif partnership.state in {Partnership.State.INVITED, Partnership.State.ACCEPTED}:
            return Problem.ALREADY
        partnership.state = Partnership.State.INVITED
        partnership.answered_at = partnership.answered_by = None
        partnership.save()
        audit.record("partner.invited", partnership, by=by, municipality=program.lead)
    return partnership


def answer(partnership: Partnership, *, accepts: bool, by: User) -> Partnership | Problem:
    """The invited town joins, or does not."""
    state = Partnership.State.ACCEPTED if accepts else Partnership.State.DECLINED
    return settle(partnership, state, only_from=Partnership.State.INVITED, problem=Problem.NOT_INVITED, by=by)


def withdraw(partnership: Partnership, *, by: User) -> Partnership | Problem:
    """A partner leaves the programme; `sessions.leaving` sees to its seats."""
    return settle(
        partnership,
        Partnership.State.WITHDRAWN,
        only_from=Partnership.State.ACCEPTED,
        problem=Problem.NOT_PARTNER,
        by=by,
    )


def settle(
    partnership: Partnership, state: str, *, only_from: str, problem: Problem, by: User
) -> Partnership | Problem:
    with transaction.atomic():
        lock_program(partnership.program)
        partnership.refresh_from_db()
        if partnership.state != only_from:
            return problem
        partnership.state = state
        partnership.answered_at, partnership.answered_by = timezone.now(), by
        if state != Partnership.State.DECLINED:
            partnership.left_at = None if partnership.takes_part else partnership.answered_at
        partnership.save(update_fields=["state", "answered_at", "answered_by", "left_at"])
        audit.record(f"partner.{state}", partnership, by=by, municipality=partnership.municipality)
    return partnership


def take_back(partnership: Partnership, *, by: User) -> Partnership | Problem:
    """The lead takes back an invitation that nobody has answered, as if it had not been sent: a town that
    was asked to come back is one that has left again."""
    with transaction.atomic():
        lock_program(partnership.program)
        open_invitation = Partnership.objects.filter(pk=partnership.pk, state=Partnership.State.INVITED)
        if not open_invitation.exists():
            return Problem.NOT_INVITED
        audit.record("partner.taken_back", partnership, by=by, municipality=partnership.program.lead)
        left = open_invitation.filter(left_at__isnull=False)
        left.update(state=Partnership.State.WITHDRAWN, answered_at=models.F("left_at"))
        open_invitation.delete()
    return partnership


def lock_program(program: Program) -> None:
    Program.objects.select_for_update().get(pk=program.pk)
