"""How a sum of yen is shared: by weights, rounded so that the shares add up to the sum exactly."""

from collections.abc import Mapping


def share(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """The yen of each place. Weights are whole and not negative, and one at least is positive.

    Largest remainder: everybody pays the whole yen of their exact share; the yen that are left over go, one
    each, to those who lost the largest part of a yen. Between equal remainders the lower place comes first, so
    the result does not depend on the order in which the weights are given.
    """
    whole = sum(weights.values())
    shares = {place: total * weight // whole for place, weight in weights.items()}
    lost = {place: total * weight % whole for place, weight in weights.items()}
    first = sorted(weights, key=lambda place: (-lost[place], place))
    for place in first[: total - sum(shares.values())]:
        shares[place] += 1
    return shares
