"""Reading a calendar file (.ics) of whatever origin: when is somebody, or some place, not free?

Only times come out. What cannot be read is one sentence, and what would take for ever is refused: repetitions
within a day, more times than anybody keeps, and rules that are still not worked out after some seconds.
"""

import logging
import math
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Event, FreeBusy, vRecur

log = logging.getLogger("engawa.busy")
type Span = tuple[datetime, datetime]

TOKYO = ZoneInfo("Asia/Tokyo")
MOST_TIMES = 5000
MOST_SECONDS = 10.0
MOST_STEPS = 1000
WITHIN_A_DAY = {"SECONDLY", "MINUTELY", "HOURLY"}
TIMED = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")


@dataclass(frozen=True)
class Unreadable:
    """Why a file was not taken, in one sentence; falsy, and nothing was saved."""

    sentence: str

    def __bool__(self) -> bool:
        return False


def read_busy(written: bytes, *, start: datetime, end: datetime) -> list[Span] | Unreadable:
    """The busy times between two moments in order, each once."""
    text = decoded(written)
    if not text.upper().startswith("BEGIN:VCALENDAR"):
        return Unreadable(_("This file is not a calendar (.ics)."))
    begun, ended = (len(re.findall(rf"(?im)^{word}:VEVENT\s*$", text)) for word in ("BEGIN", "END"))
    if begun != ended or not text.upper().endswith("END:VCALENDAR"):
        return Unreadable(_("The calendar file ends too early. Please fetch it once more."))
    try:
        components = [part for calendar in Calendar.from_ical(text, multiple=True) for part in calendar.walk()]
    except Exception as error:  # whatever the library makes of a foreign file, it is the file that is wrong
        log.info("a calendar file could not be read: %s", type(error).__name__)
        return Unreadable(_("This file is not a calendar (.ics)."))
    events = [part for part in components if isinstance(part, Event)]
    for event in events:
        if (problem := what_is_wrong(event)) is not None:
            return problem
    return worked_out(events, [part for part in components if isinstance(part, FreeBusy)], start, end)


def decoded(written: bytes) -> str:
    """Only times are taken out, so a letter that cannot be read does no harm."""
    try:
        return written.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return written.decode("cp932", errors="replace").strip()


def what_is_wrong(event: Event) -> Unreadable | None:
    """The first thing in an event that would give wrong times."""
    said = {"event": name_of(event)}
    if event.errors:
        wrong = event.errors[0][0] or ""
        return Unreadable(_("In %(event)s the line %(property)s cannot be read.") % {**said, "property": wrong})
    if "DTSTART" not in event:
        return Unreadable(_("%(event)s has no beginning.") % said)
    if (zone := unknown_zone(event)) is not None:
        return Unreadable(_("%(event)s is in a time zone that is not known: %(zone)s.") % {**said, "zone": zone})
    if any(is_no_rule(rule) for rule in as_list(event.get("RRULE"))):
        return Unreadable(_("In %(event)s the line %(property)s cannot be read.") % {**said, "property": "RRULE"})
    if any(repeats_within_a_day(rule) for rule in as_list(event.get("RRULE"))):
        return Unreadable(_("%(event)s repeats within a day. Please enter it day by day.") % said)
    try:
        is_backwards = as_moment(event.end) < as_moment(event.start)
    except ValueError:
        return Unreadable(_("In %(event)s the line %(property)s cannot be read.") % {**said, "property": "DTEND"})
    if is_backwards:
        return Unreadable(_("%(event)s ends before it begins.") % said)
    return None


def name_of(event: Component) -> str:
    """The title, which whoever wrote the file will know again."""
    title = " ".join(str(event.get("SUMMARY", "")).split())
    return _("“%(title)s”") % {"title": title[:40]} if title else _("an event without a title")


def unknown_zone(event: Event) -> str | None:
    """The name of a time zone that is neither defined in the file nor known; such times are left without one."""
    for name in TIMED:
        for value in as_list(event.get(name)):
            zone = value.params.get("TZID")
            times = [each.dt for each in value.dts] if hasattr(value, "dts") else [value.dt]
            if zone and any(isinstance(each, datetime) and each.tzinfo is None for each in times):
                return str(zone)
    return None


def is_no_rule(rule: vRecur) -> bool:
    """With steps of nothing the library would never come to an end."""
    return not rule.get("FREQ") or any(not 1 <= step <= MOST_STEPS for step in as_list(rule.get("INTERVAL")))


def repeats_within_a_day(rule: vRecur) -> bool:
    if WITHIN_A_DAY & set(rule.get("FREQ", [])):
        return True
    return math.prod(len(as_list(rule.get(part)) or [0]) for part in ("BYHOUR", "BYMINUTE", "BYSECOND")) > 1


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def worked_out(
    events: list[Event], free_busy: list[FreeBusy], start: datetime, end: datetime
) -> list[Span] | Unreadable:
    found: set[Span] = set(clipped(periods_of(free_busy), start, end))
    deadline = time.monotonic() + MOST_SECONDS
    for series in by_uid(events):
        said = {"event": name_of(series[0])}
        if time.monotonic() > deadline:
            return Unreadable(_("The repetitions of %(event)s take too long to work out.") % said)
        try:
            found |= set(clipped(spans_of(series, start, end), start, end))
        except Exception as error:  # as above: the rule is wrong in a way the library does not foresee
            log.info("a series could not be worked out: %s", type(error).__name__)
            return Unreadable(_("The repetitions of %(event)s cannot be worked out.") % said)
        if len(found) > MOST_TIMES:
            return Unreadable(_("There are more than %(most)s times in this calendar.") % {"most": MOST_TIMES})
    return sorted(found)


def by_uid(events: Iterable[Event]) -> list[list[Event]]:
    """Events with those that change single occurrences of them."""
    series: dict[str, list[Event]] = {}
    for event in events:
        series.setdefault(str(event.get("UID", id(event))), []).append(event)
    return list(series.values())


def spans_of(series: list[Event], start: datetime, end: datetime) -> Iterator[Span]:
    """Every time of a series that keeps somebody busy."""
    occurrences = series
    if len(series) > 1 or "RRULE" in series[0] or "RDATE" in series[0]:
        calendar = Calendar()
        calendar.subcomponents.extend(series)
        occurrences = recurring_ical_events.of(calendar).between(start, end)
    for event in occurrences:
        is_free = (
            event.get("TRANSP", "").upper() == "TRANSPARENT" or event.get("STATUS", "").upper() == "CANCELLED"
        )
        if not is_free:
            yield as_moment(event.start), as_moment(event.end)


def periods_of(free_busy: Iterable[FreeBusy]) -> Iterator[Span]:
    for part in free_busy:
        for period in as_list(part.get("FREEBUSY")):
            if period.params.get("FBTYPE", "BUSY").upper() != "FREE":
                yield as_moment(period.start), as_moment(period.end)


def clipped(spans: Iterable[Span], start: datetime, end: datetime) -> Iterator[Span]:
    for begin, finish in spans:
        first, last = max(begin, start), min(finish, end)
        if first < last:
            yield first, last


def as_moment(moment: date) -> datetime:
    """Days are whole days, and times without a zone are those of the clock on the wall: in Japan."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time_of_day.min, TOKYO)
    return moment.replace(tzinfo=TOKYO) if moment.tzinfo is None else moment.astimezone(TOKYO)
