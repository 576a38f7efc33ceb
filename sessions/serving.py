"""Serving those in line: one pure function for the waiting list and the draw (docs/architecture.md, "Seats")."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sessions.seats import Seats

type Ticket = Mapping[int, int]


@dataclass(frozen=True)
class Serving:
    """Which tickets get seats, by their place in the order given.

    `skipped` holds those passed over of whom some would fit, and how many. `rest` are the seats as whoever comes
    after them finds them: those kept for a ticket that was passed over count as taken.
    """

    served: list[int] = field(default_factory=list)
    skipped: dict[int, int] = field(default_factory=dict)
    rest: Seats = field(default_factory=lambda: Seats(0))


def serve(tickets: Sequence[Ticket], seats: Seats, *, strict_order: bool) -> Serving:
    """Give seats to tickets in order; a ticket is how many people of which town come together, all or none.

    A ticket that does not fit keeps its place. Under strict order the seats that fit some of its people are kept
    for it: later tickets are served only beside them. Otherwise the next whom they fit gets them.
    """
    served: list[int] = []
    skipped: dict[int, int] = {}
    for place, wanted in enumerate(tickets):
        if seats.fits(wanted):
            served.append(place)
            seats = seats.plus(wanted)
            continue
        some = those_who_fit(wanted, seats)
        if some:
            skipped[place] = some.total()
        if strict_order:
            seats = seats.plus(some)
    return Serving(served, skipped, seats)


def those_who_fit(wanted: Ticket, seats: Seats) -> Counter[int]:
    """As many of a ticket's people as could be seated, by town."""
    some: Counter[int] = Counter()
    for town, people in sorted(wanted.items()):
        for _person in range(people):
            if seats.plus(some).fits({town: 1}):
                some[town] += 1
    return some
