"""How far two venues lie apart, as the crow flies."""

from math import asin, cos, radians, sin, sqrt

from programs.models import Venue

EARTH_KM = 6371.0


def km_between(one: Venue, other: Venue) -> float | None:
    """By the coordinates of the venues, or of their towns where a venue has none; None if neither are known."""
    here, there = place_of(one), place_of(other)
    if here is None or there is None:
        return None
    (lat1, lon1), (lat2, lon2) = [(radians(lat), radians(lon)) for lat, lon in (here, there)]
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def place_of(venue: Venue) -> tuple[float, float] | None:
    for known in (venue, venue.municipality):
        if known.latitude is not None and known.longitude is not None:
            return known.latitude, known.longitude
    return None
