"""Who gets the seats, in order, with couples: by examples, and against trying every way."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.seats import Seats
from sessions.serving import serve

TOWNS = (1, 2, 3)
ONE, TWO = {1: 1}, {1: 2}
few = st.integers(min_value=0, max_value=3)
tickets = st.lists(
    st.lists(st.sampled_from(TOWNS), min_size=1, max_size=3).map(lambda towns: dict(Counter(towns))), max_size=6
)


@st.composite
def courses(draw):
    quotas = {town: draw(few) for town in TOWNS if draw(st.booleans())}
    capacity = sum(quotas.values()) + draw(few)
    seats = Seats(capacity, quotas, {}, draw(st.booleans()))
    for town in draw(st.lists(st.sampled_from(TOWNS), max_size=4)):
        seats = seats.plus({town: 1}) if seats.fits({town: 1}) else seats
    return seats


def most_who_fit(people: Counter[int], seats: Seats) -> int:
    """Try every part of a crowd: how many of it can be seated at once."""
    ways = product(*(range(people[town] + 1) for town in TOWNS))
    return max(sum(way) for way in ways if seats.fits(dict(zip(TOWNS, way, strict=True))))


def by_brute_force(line, seats, *, strict_order):
    """One after the other; under strict order nobody may lessen what those passed over before could use."""
    served, before_me = [], Counter()
    for place, wanted in enumerate(line):
        after = seats.plus(wanted)
        lessens = after.is_legal and most_who_fit(before_me, after) < most_who_fit(before_me, seats)
        if not after.is_legal or (strict_order and lessens):
            before_me.update(wanted)
        else:
            served.append(place)
            seats = after
    return served, seats


@given(tickets, courses(), st.booleans())
def test_serving_does_what_trying_every_way_does(line, seats, strict_order):
    served, after = by_brute_force(line, seats, strict_order=strict_order)
    outcome = serve(line, seats, strict_order=strict_order)
    assert outcome.served == served
    assert after.is_legal
    assert outcome.rest.is_legal


@given(tickets, courses())
def test_under_strict_order_a_couple_finds_every_seat_it_could_have_used(line, seats):
    """The rule as it is told: free seats of a couple's town are not lessened by anybody behind it."""
    outcome = serve(line, seats, strict_order=True)
    before = {}
    for place, wanted in enumerate(line):
        if place in outcome.served:
            seats = seats.plus(wanted)
        elif len(wanted) == 1:
            (town, people) = next(iter(wanted.items()))
            before[place] = (town, min(people, seats.free_for(town)))
    for town, free in before.values():
        assert seats.free_for(town) >= free


@given(tickets, courses())
def test_skipping_to_fit_leaves_no_seat_that_somebody_in_line_could_use(line, seats):
    outcome = serve(line, seats, strict_order=False)
    left = [wanted for place, wanted in enumerate(line) if place not in outcome.served]
    assert not [wanted for wanted in left if outcome.rest.fits(wanted)]


@pytest.mark.parametrize(
    ("line", "capacity", "skip_to_fit", "strict_order", "skipped"),
    [
        ([TWO, ONE], 1, [1], [], {0: 1}),  # the couple is passed over, or the seat waits for it
        ([TWO, ONE], 2, [0], [0], {}),
        ([ONE, TWO, ONE], 2, [0, 2], [0], {1: 1}),
        ([TWO, TWO, ONE, ONE], 3, [0, 2], [0], {1: 1}),
        ([TWO, TWO], 1, [], [], {0: 1}),  # the second couple keeps nothing beside the first
        ([TWO, ONE], 0, [], [], {}),
        ([{1: 1, 2: 1}, {2: 1}], 1, [1], [], {0: 1}),  # a couple from two towns
    ],
)
def test_a_couple_in_line(line, capacity, skip_to_fit, strict_order, skipped):
    seats = Seats(capacity)
    assert serve(line, seats, strict_order=False).served == skip_to_fit
    outcome = serve(line, seats, strict_order=True)
    assert (outcome.served, outcome.skipped) == (strict_order, skipped)


def test_a_seat_that_the_couple_could_not_use_goes_to_the_next():
    seats = Seats(4, {1: 2, 2: 2}, {1: 1})
    line = [{1: 2}, {2: 1}, {1: 1}]
    assert serve(line, seats, strict_order=True).served == [1]
    assert serve(line, seats, strict_order=False).served == [1, 2]


def test_under_strict_order_whoever_comes_after_finds_the_kept_seat_taken():
    assert serve([TWO], Seats(1), strict_order=True).rest.free == 0
    assert serve([TWO], Seats(1), strict_order=False).rest.free == 1
