"""What a programme cost, and what each town's share of it is by the rule of the programme."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Municipality
from programs.expenses import paid_by_town
from programs.models import Program
from programs.sharing import bodies_of, ordered_towns
from sessions.cost_share import share
from sessions.models import Attendance, Consultation, Headcount
from sessions.roster import Place, places_of

Rule = Program.CostShare


@dataclass(frozen=True)
class Basis:
    """What a town is weighed by. `weight` None: it has no share, for the `reason`, or its figure is missing."""

    weight: int | None
    on: date | None = None
    reason: str = ""

    @property
    def is_missing(self) -> bool:
        return self.weight is None and not self.reason


@dataclass(frozen=True)
class Row:
    place: Place
    basis: Basis
    paid: int
    share: int | None
    percent: float | None

    @property
    def balance(self) -> int | None:
        """Yen to receive, or, below 0, to pay."""
        return None if self.share is None else self.paid - self.share

    @property
    def to_receive(self) -> int | None:
        return max(0, self.balance) if self.balance is not None else None

    @property
    def to_pay(self) -> int | None:
        return max(0, -self.balance) if self.balance is not None else None


@dataclass(frozen=True)
class Costs:
    rows: Sequence[Row]
    total: int
    refusal: str

    @property
    def basis_total(self) -> int:
        return sum(row.basis.weight or 0 for row in self.rows)

    @property
    def settled(self) -> int | None:
        """What changes hands: the sum of what is to be received."""
        return None if self.refusal else sum(row.to_receive or 0 for row in self.rows)


def costs_of(program: Program) -> Costs:
    """What everybody paid and, if every basis is known, their shares; if not, `refusal` says what is missing."""
    paid = paid_by_town(program)
    came, last_on = attendance_of(program)
    towns = bodies_of(program)
    known = {town.pk for town in towns}
    towns += Municipality.objects.filter(pk__in={*paid, *came} - known).order_by("code", "name")
    takes_part = {town.pk for town in ordered_towns(program)}
    weigh = SCALES[Rule(program.cost_share)]
    bases = [weigh(town, town.pk in takes_part, came, last_on) for town in towns]
    refusal = what_is_missing(Rule(program.cost_share), towns, bases)
    weights = {place: basis.weight for place, basis in enumerate(bases) if basis.weight is not None}
    total = sum(paid.values())
    shares = {} if refusal else share(total, weights)
    whole = sum(weights.values())
    places = places_of(towns)
    rows = [
        Row(
            place=places[town.pk],
            basis=basis,
            paid=paid.get(town.pk, 0),
            share=None if refusal else shares.get(place, 0),
            percent=None if refusal or place not in weights else 100 * weights[place] / whole,
        )
        for place, (town, basis) in enumerate(zip(towns, bases, strict=True))
    ]
    return Costs(rows, total, refusal)


def attendance_of(program: Program) -> tuple[Counter[int], date | None]:
    """How often residents of each town came to sessions that were held (the same person counts each time), those
    without a name included, and the last day counted."""
    held = Q(class_session__course__program=program, class_session__cancelled_at=None)
    present = Attendance.objects.filter(held, mark=Attendance.Mark.PRESENT).order_by()
    counted = Headcount.objects.filter(held, people__gt=0).order_by()
    walked_in = Consultation.objects.filter(held, way=Consultation.Way.WALK_IN, done_at__isnull=False)
    seen = walked_in.exclude(outcome=Consultation.Outcome.LEFT).order_by()
    came: Counter[int] = Counter(dict(present.values_list("registration__municipality").annotate(Count("pk"))))
    came.update(dict(counted.values_list("municipality").annotate(Sum("people"))))
    came.update(dict(seen.values_list("municipality").annotate(Count("pk"))))
    moments = [rows.aggregate(last=Max("class_session__starts_at"))["last"] for rows in (present, counted, seen)]
    days = [timezone.localdate(moment) for moment in moments if moment is not None]
    return came, max(days, default=None)


def equally(town: Municipality, takes_part: bool, _came: Mapping[int, int], _on: date | None) -> Basis:
    return why_no_share(town, takes_part) or Basis(1)


def by_population(town: Municipality, takes_part: bool, _came: Mapping[int, int], _on: date | None) -> Basis:
    none = why_no_share(town, takes_part)
    return none or (Basis(town.population, town.population_on) if town.knows_population else Basis(None))


def by_attendance(town: Municipality, _takes_part: bool, came: Mapping[int, int], on: date | None) -> Basis:
    """A town that left shares for the times its residents came."""
    return why_no_share(town, takes_part=True) or Basis(came.get(town.pk, 0), on)


SCALES: dict[Rule, Callable[[Municipality, bool, Mapping[int, int], date | None], Basis]] = {
    Rule.EQUAL: equally,
    Rule.POPULATION: by_population,
    Rule.ATTENDANCE: by_attendance,
}


def why_no_share(town: Municipality, takes_part: bool) -> Basis | None:
    if not town.has_residents:
        return Basis(None, reason=_("no residents"))
    return None if takes_part else Basis(None, reason=_("has left the programme"))


def what_is_missing(rule: Rule, towns: Sequence[Municipality], bases: Sequence[Basis]) -> str:
    """Why there are no shares yet, in one sentence; empty if there are."""
    missing = [str(town) for town, basis in zip(towns, bases, strict=True) if basis.is_missing]
    if missing:
        names = _(", ").join(missing)
        return _("No shares yet: the population of %(towns)s is not entered in its settings.") % {"towns": names}
    if any(basis.weight for basis in bases):
        return ""
    if rule == Rule.ATTENDANCE:
        return _("No shares yet: nobody is marked as having come.")
    return _("No shares: no town with residents takes part.")
