"""The shares of a sum: exact in total, fair to the yen, the same whoever is named first."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.cost_share import share

SUMS = st.integers(min_value=0, max_value=10**9)
WEIGHTS = st.dictionaries(st.integers(0, 30), st.integers(0, 10**7), min_size=1).filter(
    lambda weights: any(weights.values())
)


@given(total=SUMS, weights=WEIGHTS)
def test_shares_add_up_and_are_within_a_yen_of_the_exact_ones(total, weights):
    shares = share(total, weights)
    whole = sum(weights.values())
    assert sum(shares.values()) == total
    assert all(abs(shares[place] - Fraction(total * weights[place], whole)) < 1 for place in weights)


@given(total=SUMS, weights=WEIGHTS, data=st.data())
def test_shares_do_not_depend_on_the_order_in_which_towns_are_named(total, weights, data):
    shuffled = dict(data.draw(st.permutations(list(weights.items()))))
    assert share(total, shuffled) == share(total, weights)


@given(total=SUMS, weights=WEIGHTS)
def test_who_weighs_more_never_pays_less_and_who_weighs_nothing_pays_nothing(total, weights):
    shares = share(total, weights)
    heavier = sorted(weights, key=lambda place: (weights[place], shares[place]))
    assert [shares[place] for place in heavier] == sorted(shares.values())
    assert all(shares[place] == 0 for place in weights if not weights[place])


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, {0: 1, 1: 1, 2: 1}, {0: 34, 1: 33, 2: 33}),
        (1, {2: 1, 1: 1, 0: 1}, {0: 1, 1: 0, 2: 0}),
        (0, {0: 5, 1: 1}, {0: 0, 1: 0}),
        (120_000, {0: 74_000, 1: 22_000, 2: 14_000}, {0: 80_727, 1: 24_000, 2: 15_273}),
        (10, {0: 0, 1: 3}, {0: 0, 1: 10}),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainders(total, weights, shares):
    assert share(total, weights) == shares
