"""The seat rule against brute force, and by the examples people ask about."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.seats import Seats

TOWNS = (1, 2, 3)


def seat_by_seat(seats: Seats) -> bool:
    """Try every way of putting each town's people on own seats or on common ones."""
    ways = product(*(range(seats.taken.get(town, 0) + 1) for town in TOWNS))
    for own in ways:
        fits_quota = all(count <= seats.quotas.get(town, 0) for town, count in zip(TOWNS, own, strict=True))
        in_pool = sum(seats.taken.get(town, 0) for town in TOWNS) - sum(own)
        if fits_quota and in_pool <= seats.capacity - sum(seats.quotas.values()):
            return True
    return False


few = st.integers(min_value=0, max_value=4)


@st.composite
def courses(draw, *, is_released: bool = False):
    quotas = {town: draw(few) for town in TOWNS if draw(st.booleans())}
    capacity = sum(quotas.values()) + draw(few)
    return Seats(capacity, quotas, {town: draw(few) for town in TOWNS}, is_released)


@given(courses())
def test_a_state_is_legal_exactly_when_everybody_can_be_put_on_a_seat(seats):
    assert seats.is_legal is seat_by_seat(seats)


@given(courses(is_released=True))
def test_after_the_release_only_the_capacity_counts(seats):
    assert seats.is_legal is (sum(seats.taken.values()) <= seats.capacity)


@given(courses(), st.sampled_from(TOWNS))
def test_the_free_seats_of_a_town_are_as_many_as_can_be_added_one_by_one(seats, town):
    added = 0
    while seats.is_legal and seats.fits({town: added + 1}):
        added += 1
    assert seats.free_for(town) == added


@given(courses(), st.sampled_from(TOWNS))
def test_giving_a_seat_never_makes_room_for_another_town(seats, town):
    for other in TOWNS:
        assert seats.plus({town: 1}).free_for(other) <= seats.free_for(other)


@pytest.mark.parametrize(
    ("taken", "wanted", "fits"),
    [
        ({1: 6, 2: 3, 3: 2}, {1: 1}, True),  # 渋川's quota is full: the common pool has 3
        ({1: 9, 2: 3, 3: 2}, {1: 1}, False),  # the pool is used up, 吉岡 still has one of its own
        ({1: 9, 2: 3, 3: 2}, {2: 1}, True),
        ({1: 9, 2: 3, 3: 2}, {2: 2}, False),  # a couple takes two seats or none
        ({1: 8, 2: 3, 3: 2}, {2: 2}, True),
        ({1: 9, 2: 4, 3: 2}, {3: 1}, False),
    ],
)
def test_the_three_towns_share_fifteen_seats(taken, wanted, fits):
    assert Seats(15, {1: 6, 2: 4, 3: 2}, taken).fits(wanted) is fits


def test_a_town_without_a_quota_draws_on_the_common_pool_alone():
    assert Seats(10, {1: 8}, {}).free_for(2) == 2


def test_without_quotas_everybody_shares_the_capacity():
    assert Seats(3, {}, {1: 1, 2: 1}).free_for(3) == 1
