"""How long it takes from one venue to another, so that nobody is to be at two places too soon after each other.

Buffer in minutes = distance in km as the crow flies / 30 km per hour, rounded up to five minutes, at least ten.
Within one venue it is nothing. Where a venue has no coordinates of its own the distance is that of the towns,
and the buffer at least thirty minutes.
"""

from datetime import timedelta
from math import ceil

from programs.distance import km_between
from programs.models import Venue

KM_PER_HOUR = 30
STEP, LEAST, UNKNOWN = 5, 10, 30
LONGEST_WAY = timedelta(hours=12)


def buffer_between(one: Venue, other: Venue) -> timedelta:
    if one.pk == other.pk:
        return timedelta()
    km = km_between(one, other)
    if km is None:
        return timedelta(minutes=UNKNOWN)
    minutes = STEP * ceil(round(km / KM_PER_HOUR * 60 / STEP, 6))
    least = LEAST if has_place(one) and has_place(other) else UNKNOWN
    return min(timedelta(minutes=max(least, minutes)), LONGEST_WAY)


def has_place(venue: Venue) -> bool:
    return venue.latitude is not None and venue.longitude is not None
