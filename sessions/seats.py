"""The seat rule (docs/architecture.md, "Seats"): one pure function decides, whatever the way in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seats:
    """Capacity, quotas and taken seats of a course; towns are keys of any kind.

    Taken seats are confirmed ones and those held by live offers and holds. A town without a quota has none of
    its own and draws on the common pool, which is the capacity less all quotas.
    """

    capacity: int
    quotas: Mapping[int, int] = field(default_factory=dict)
    taken: Mapping[int, int] = field(default_factory=dict)
    is_released: bool = False

    @property
    def pool(self) -> int:
        return self.capacity - sum(self.quotas.values())

    @property
    def pool_taken(self) -> int:
        """Seats that towns hold beyond their own quotas."""
        return sum(max(0, seats - self.quotas.get(town, 0)) for town, seats in self.taken.items())

    @property
    def is_legal(self) -> bool:
        if self.is_released or not self.quotas:
            return sum(self.taken.values()) <= self.capacity
        return self.pool_taken <= self.pool

    def plus(self, wanted: Mapping[int, int]) -> "Seats":
        taken = Counter(self.taken)
        taken.update(wanted)
        return Seats(self.capacity, self.quotas, taken, self.is_released)

    def less(self, given_up: Mapping[int, int]) -> "Seats":
        """The seats once some of the taken ones are given up."""
        return self.plus({town: -seats for town, seats in given_up.items()})

    def fits(self, wanted: Mapping[int, int]) -> bool:
        """Whether people of these towns can all be seated: two or none for a couple."""
        return self.plus(wanted).is_legal

    def free_for(self, town: int) -> int:
        """How many more residents of `town` can be seated, never less than 0."""
        if not self.is_legal:
            return 0
        total = sum(self.taken.values())
        if self.is_released or not self.quotas:
            return self.capacity - total
        own = max(0, self.quotas.get(town, 0) - self.taken.get(town, 0))
        return own + self.pool - self.pool_taken

    @property
    def free(self) -> int:
        return max(0, self.capacity - sum(self.taken.values()))
