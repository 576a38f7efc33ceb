"""The seat meter: the seats of a course town by town, as cushions to look at and words to read.

Seats within a town's quota stand in its own row; what it holds beyond them stands in the common pool.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Municipality, User
from accounts.templatetags.engawa import tone
from sessions.models import Course, Registration
from sessions.occupancy import held_in, seats_of_all
from sessions.seats import Seats

POOL_TONE = "0"


@dataclass(frozen=True)
class Guests:
    """Seats of the common pool that one town sits in."""

    tone: str
    taken: int
    held: int


@dataclass(frozen=True)
class Pool:
    """Stands where a town stands in the other rows."""

    name: str
    letter: str


@dataclass(frozen=True)
class Row:
    town: Municipality | Pool
    tone: str
    taken: int
    held: int
    free: int
    words: str
    is_pool: bool = False
    guests: Sequence[Guests] = ()


@dataclass(frozen=True)
class Meter:
    """The seats of one course; `held` counts, by town, those kept by offers and on the telephone."""

    seats: Seats
    held: Counter[int]

    def own(self, town: int) -> tuple[int, int, int]:
        """Taken, held and free seats within a town's quota; once released, its free ones are everybody's."""
        quota = self.seats.quotas.get(town, 0)
        held_all = self.held[town]
        taken = min(self.seats.taken.get(town, 0) - held_all, quota)
        held = min(held_all, quota - taken)
        return taken, held, 0 if self.seats.is_released else quota - taken - held

    def beyond(self, town: int) -> tuple[int, int]:
        """Taken and held seats of a town in the common pool."""
        taken, held, _free = self.own(town)
        return self.seats.taken.get(town, 0) - self.held[town] - taken, self.held[town] - held

    def seen_by(self, town: int) -> tuple[int, int, int]:
        """The cushions that matter to a resident of a town: its own seats, or without a quota the common ones."""
        if self.seats.quotas.get(town):
            return self.own(town)
        sitting = [self.beyond(each) for each in self.towns]
        taken, held = sum(pair[0] for pair in sitting), sum(pair[1] for pair in sitting)
        return taken, held, self.pool_free

    @property
    def towns(self) -> list[int]:
        return sorted({*self.seats.quotas, *self.seats.taken})

    @property
    def pool_free(self) -> int:
        free = self.seats.free if self.seats.is_released else self.seats.pool - self.seats.pool_taken
        return max(0, free)

    def rows(self, towns: Sequence[Municipality]) -> list[Row]:
        """One row a town that takes part, in the order of the programme, the common pool last."""
        rows, guests = [], []
        for position, town in enumerate(towns):
            colour = tone(position)
            taken, held, free = self.own(town.pk)
            if town.has_residents:
                words = self.words_for(town.pk, taken + held, free)
                rows.append(Row(town, colour, taken, held, free, words))
            beyond = self.beyond(town.pk)
            if any(beyond):
                guests.append(Guests(colour, *beyond))
        return [*rows, self.pool_row(guests)]

    def words_for(self, town: int, sitting: int, free: int) -> str:
        quota = self.seats.quotas.get(town, 0)
        if not quota:
            return _("From the common seats (%(taken)s)") % {"taken": self.seats.taken.get(town, 0)}
        return seat_words(sitting, quota, free)

    def pool_row(self, guests: Sequence[Guests]) -> Row:
        sitting = sum(guest.taken + guest.held for guest in guests)
        words = seat_words(sitting, sitting + self.pool_free, self.pool_free)
        pool = Pool(_("Common seats"), _("C"))
        return Row(pool, POOL_TONE, 0, 0, self.pool_free, words, is_pool=True, guests=guests)


def seat_words(sitting: int, seats: int, free: int) -> str:
    facts = {"left": free, "taken": sitting, "seats": seats}
    if free:
        return _("%(left)s left (%(taken)s of %(seats)s)") % facts
    return _("Full (%(taken)s of %(seats)s)") % facts


def meters_of(courses: Iterable[Course], *, but_for: User | None = None) -> dict[int, Meter]:
    """Meters by course key, in four queries whatever the number of courses; without the holds of `but_for`."""
    rows = list(courses)
    keys = [course.pk for course in rows]
    held: defaultdict[int, Counter[int]] = defaultdict(Counter)
    offered = Registration.objects.filter(course__in=keys, state=Registration.State.OFFERED)
    for course, town, count in offered.values_list("course", "municipality").annotate(Count("pk")).order_by():
        held[course][town] += count
    on_the_phone = held_in(keys, but_for=but_for)
    for key, towns in on_the_phone.items():
        held[key].update(towns)
    return {key: Meter(seats, held[key]) for key, seats in seats_of_all(rows, held=on_the_phone).items()}


def meter_of(course: Course) -> Meter:
    return meters_of([course])[course.pk]
