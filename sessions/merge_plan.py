"""What holding two classes together would mean, before anybody does it: who is told how, and whom to call."""

from dataclasses import dataclass

from accounts.models import Membership
from participants.reach import Rung
from programs.distance import km_between
from sessions.merging import both_sides, releases_quotas, why_not_merge
from sessions.models import Course, Registration
from sessions.proposing import MergeProblem, Side
from sessions.rungs import rungs_for


@dataclass(frozen=True)
class Told:
    """One person who would be told, as far as this town may know them."""

    registration: Registration
    rung: Rung
    is_own: bool

    @property
    def label(self) -> str:
        """The name of an own resident, of others the receipt number."""
        return str(self.registration.participant) if self.is_own else self.registration.receipt_number


@dataclass(frozen=True)
class MergePlan:
    gone: Side
    into: Side
    km: float | None
    told: list[Told]
    doubles: int
    releases_quotas: bool
    problem: MergeProblem | None

    @property
    def by_sms(self) -> list[Told]:
        return [each for each in self.told if each.rung.name == "sms"]

    @property
    def by_hand(self) -> list[Told]:
        return [each for each in self.told if each.rung.name != "sms"]

    @property
    def km_label(self) -> str:
        return f"{self.km:.1f}" if self.km is not None else ""

    @property
    def together(self) -> int:
        return len(self.gone.people | self.into.people)


def plan_of(gone: Course, into: Course, membership: Membership) -> MergePlan:
    """Read in a steady number of queries."""
    leaving, staying = both_sides(gone, into)
    live = Registration.objects.live().filter(course=gone).select_related("participant", "municipality")
    rows = list(live.order_by("municipality", "participant__kana", "pk"))
    there = set(into.registrations.live().values_list("participant", flat=True))
    starts = [side.first.starts_at for side in (leaving, staying) if side.coming]
    rungs = rungs_for([(row, min(starts)) for row in rows]) if starts else []
    own = membership.municipality_id if membership.can_see_people else None
    return MergePlan(
        gone=leaving,
        into=staying,
        km=km_between(leaving.first.venue, staying.first.venue) if leaving.coming and staying.coming else None,
        told=[Told(row, rung, row.municipality_id == own) for row, rung in zip(rows, rungs, strict=False)],
        doubles=len([row for row in rows if row.participant_id in there]),
        releases_quotas=releases_quotas(gone, into),
        problem=why_not_merge(leaving, staying),
    )
