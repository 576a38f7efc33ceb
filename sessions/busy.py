"""When a venue is not free for other reasons than classes: calendar files read in, each replaced as a whole."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import User
from programs.models import Venue
from sessions.busy_files import Unreadable, read_busy
from sessions.models import BusyCalendar, BusyTime, ClassSession

BACK, AHEAD = timedelta(days=30), timedelta(days=400)


@dataclass(frozen=True)
class Imported:
    """A calendar as it is now known; `is_repeat` if that very file was read in before."""

    calendar: BusyCalendar
    times: int
    is_repeat: bool = False


def import_busy(venue: Venue, *, name: str, written: bytes, by: User) -> Imported | Unreadable:
    """Read a calendar file in: its times replace all that the calendar of this name had. Repetitions are worked
    out for the coming four hundred days."""
    start, end = horizon()
    checksum = sha256(written).hexdigest()
    spans = read_busy(written, start=start, end=end)
    if isinstance(spans, Unreadable):
        return spans
    with transaction.atomic():
        Venue.objects.select_for_update().get(pk=venue.pk)
        found = venue.busy_calendars.filter(name=name).first()
        if found is not None and (found.checksum, found.known_until) == (checksum, end.date()):
            return Imported(found, len(spans), is_repeat=True)
        fresh = {"checksum": checksum, "known_until": end.date(), "replaced_at": timezone.now(), "made_by": by}
        calendar, _is_new = BusyCalendar.objects.update_or_create(venue=venue, name=name, defaults=fresh)
        calendar.times.all().delete()
        rows = (BusyTime(calendar=calendar, starts_at=first, ends_at=last) for first, last in spans)
        BusyTime.objects.bulk_create(rows, batch_size=500)
        audit.record("busy.imported", calendar, by=by, municipality=venue.municipality, times=len(spans))
    return Imported(calendar, len(spans))


def horizon() -> tuple[datetime, datetime]:
    """Whole days in Japan, so that the same file gives the same times all day long."""
    midnight = datetime.combine(timezone.localdate(), time.min, timezone.get_default_timezone())
    return midnight - BACK, midnight + AHEAD


def remove_busy(calendar: BusyCalendar, *, by: User) -> None:
    with transaction.atomic():
        venue = calendar.venue
        audit.record("busy.removed", calendar, by=by, municipality=venue.municipality if venue else None)
        calendar.delete()


def sessions_in_busy_times(venue: Venue) -> QuerySet[ClassSession]:
    """Sessions to come at the venue that were planned before it was known to be taken."""
    clash = BusyTime.objects.filter(
        calendar__venue=venue, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    coming = ClassSession.objects.filter(venue=venue, cancelled_at=None, ends_at__gt=timezone.now())
    return coming.filter(Exists(clash)).select_related("course").order_by("starts_at", "pk")
