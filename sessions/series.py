"""The dates of a series: one every so many weeks, stepping over days on which no class is held."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import jpholiday
from django.utils.translation import gettext as _

from programs.closing import Closures
from programs.models import Venue

MOST_LOOKED_AT = 104


@dataclass(frozen=True)
class Skipped:
    """A date that was stepped over, and why."""

    day: date
    reason: str


def dates_of_series(
    first: date, count: int, every: int, is_open: Callable[[date], bool]
) -> tuple[list[date], list[date]]:
    """The first `count` open days among `first` and every `every` weeks after it, and those stepped over. No more
    than 104 days are looked at: where too few are open there are fewer dates than asked for."""
    dates: list[date] = []
    skipped: list[date] = []
    for n in range(MOST_LOOKED_AT):
        if len(dates) == count:
            break
        day = first + timedelta(weeks=n * every)
        (dates if is_open(day) else skipped).append(day)
    return dates, skipped


@cache
def holiday_name(day: date) -> str:
    return jpholiday.is_holiday_name(day) or ""


def holiday_words(day: date) -> str:
    """Empty on a day that is no public holiday."""
    name = holiday_name(day)
    return _("public holiday (%(name)s)") % {"name": name} if name else ""


class DaysOff:
    """Why no class should be held at a venue on a day: a public holiday, or the venue is closed."""

    def __init__(
        self, venues: Iterable[Venue], first: date, last: date, *, holidays: bool = True, closing: bool = True
    ) -> None:
        self.holidays = holidays
        self.closures = Closures(venues, first, last) if closing else None

    def reason(self, venue: Venue, day: date) -> str:
        """Empty on a day on which one can meet."""
        holiday = holiday_words(day) if self.holidays else ""
        return holiday or (self.closures.reason(venue, day) if self.closures else "")


def series_of(
    first: date, count: int, every: int, *, venue: Venue, holidays: bool, closing: bool
) -> tuple[Sequence[date], Sequence[Skipped]]:
    """The dates of a series at a venue, and the days it steps over with their reasons."""
    last = first + timedelta(weeks=every * MOST_LOOKED_AT)
    off = DaysOff([venue], first, last, holidays=holidays, closing=closing)
    dates, skipped = dates_of_series(first, count, every, lambda day: not off.reason(venue, day))
    return dates, [Skipped(day, off.reason(venue, day)) for day in skipped]
