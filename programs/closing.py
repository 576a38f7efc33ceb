"""When venues are closed: days entered for one venue or for all of a town, and the same weekday every week.

Towns that hold classes together read one another's closing days when they plan; each enters only its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, User
from programs.models import ClosingDay, Venue

MOST_DAYS = 62
DAY = timedelta(days=1)


class Problem(models.TextChoices):
    """Why closing days cannot be entered: one plain sentence each."""

    BACKWARDS = "backwards", _("The last day must not lie before the first.")
    TOO_MANY = "too_many", _("Please enter at most 62 days at once.")
    OTHER_TOWN = "other_town", _("Please choose a venue of your own town.")


@dataclass(frozen=True)
class Span:
    """From the first to the last day, both closed; `venue` is None for all venues of the town."""

    first: date
    last: date
    reason: str
    venue: Venue | None = None


def close(town: Municipality, span: Span, *, by: User) -> int | Problem:
    """Enter closing days. A day entered before keeps its reason; returns how many are new."""
    count = (span.last - span.first).days + 1
    if count < 1:
        return Problem.BACKWARDS
    if count > MOST_DAYS:
        return Problem.TOO_MANY
    if span.venue is not None and span.venue.municipality_id != town.pk:
        return Problem.OTHER_TOWN
    with transaction.atomic():
        Municipality.objects.select_for_update().get(pk=town.pk)
        known = set(town.closing_days.filter(venue=span.venue).values_list("day", flat=True))
        days = [day for n in range(count) if (day := span.first + n * DAY) not in known]
        ClosingDay.objects.bulk_create(
            ClosingDay(municipality=town, venue=span.venue, day=day, reason=span.reason) for day in days
        )
        if days:
            audit.record("closing.added", span.venue or town, by=by, municipality=town, days=len(days))
    return len(days)


def open_again(town: Municipality, days: Iterable[ClosingDay], *, by: User) -> int:
    """Take closing days of the town back; returns how many."""
    with transaction.atomic():
        found = town.closing_days.filter(pk__in=[day.pk for day in days])
        count, _by_model = found.delete()
        if count:
            audit.record("closing.removed", town, by=by, municipality=town, days=count)
    return count


def days_of(town: Municipality, *, venue: Venue | None = None) -> QuerySet[ClosingDay]:
    """Closing days from today on: all of a town, or those that concern one venue."""
    coming = town.closing_days.filter(day__gte=timezone.localdate()).select_related("venue")
    return coming if venue is None else coming.filter(Q(venue=None) | Q(venue=venue))


class Closures:
    """Why venues are closed on which days, read in one query for any number of venues."""

    def __init__(self, venues: Iterable[Venue], first: date, last: date) -> None:
        venues = list(venues)
        rows = ClosingDay.objects.filter(
            Q(venue__in={venue.pk for venue in venues})
            | Q(venue=None, municipality__in={venue.municipality_id for venue in venues}),
            day__range=(first, last),
        )
        self._venues = {(row.venue_id, row.day): row.reason for row in rows if row.venue_id}
        self._towns = {(row.municipality_id, row.day): row.reason for row in rows if not row.venue_id}

    def reason(self, venue: Venue, day: date) -> str:
        """Empty if the venue is open."""
        entered = self._venues.get((venue.pk, day)) or self._towns.get((venue.municipality_id, day))
        if entered:
            return entered
        if day.weekday() in venue.closed_weekdays:
            return gettext("closed every %(weekday)s") % {"weekday": WEEKDAYS[day.weekday()]}
        return ""
