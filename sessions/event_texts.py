"""Sessions as events of a calendar (RFC 5545). Never a resident's name.

Writing an event takes half a millisecond, so the text of each is kept with the stamp of everything it was made
from. A text whose stamp is not that of today's facts is written anew: whoever changed them, and however.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event

from accounts.contact import contact_of
from accounts.models import Municipality
from programs.models import Venue
from sessions.models import ClassSession, Course, EventText

log = logging.getLogger("engawa.feeds")
FORMAT = 1  # a part of every stamp and ETag: raise it when events are written differently
TOKYO = ZoneInfo("Asia/Tokyo")
COLUMNS = (
    *("pk", "uid", "number", "sequence", "starts_at", "ends_at", "cancelled_at", "changed_at"),
    *("course_id", "venue_id", "event_text__stamp", "event_text__text"),
)


class Row(NamedTuple):
    """The columns of one session, with the text kept for it."""

    pk: int
    uid: UUID
    number: int
    sequence: int
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    changed_at: datetime
    course: int
    venue: int
    stamp: str | None
    text: str | None

    @property
    def facts(self) -> tuple[object, ...]:
        return self[1:8]


@dataclass(frozen=True)
class CourseWords:
    """What of its course an event says."""

    title: str
    code: str
    url: str
    total: int
    contact: str
    is_draft: bool
    stamp: str


@dataclass(frozen=True)
class Place:
    """What of its venue an event says."""

    text: str
    geo: tuple[float, float] | None
    stamp: str


def stamp_of(*facts: object) -> str:
    return blake2b("\x1f".join(map(str, facts)).encode(), digest_size=16).hexdigest()


def event_texts(sessions: QuerySet[ClassSession], duties: Mapping[int, list[str]]) -> Iterator[str]:
    """Every session as an event, by time. `duties` are those of whoever reads the feed, by key of the session:
    such events are written for them alone. Texts that were written for all are kept."""
    courses, places = words_of_courses(sessions), places_of_sessions(sessions)
    written: list[EventText] = []
    for values in sessions.order_by("starts_at", "pk").values_list(*COLUMNS):
        row = Row(*values)
        course, place = courses[row.course], places[row.venue]
        if row.pk in duties or course.is_draft:
            yield write_event(row, course, place, duties.get(row.pk, []))
            continue
        stamp = stamp_of(row.facts, course.stamp, place.stamp)
        if row.stamp == stamp and row.text is not None:
            yield row.text
            continue
        text = write_event(row, course, place)
        written.append(EventText(class_session_id=row.pk, stamp=stamp, text=text))
        yield text
    keep(written)


def keep(texts: list[EventText]) -> None:
    """An economy, no more: where it cannot be written now, the feed is served all the same."""
    if not texts:
        return
    try:
        with transaction.atomic():
            EventText.objects.bulk_create(
                sorted(texts, key=lambda text: text.class_session_id),
                batch_size=500,
                update_conflicts=True,
                unique_fields=["class_session"],
                update_fields=["stamp", "text"],
            )
    except DatabaseError as error:
        log.warning("texts of events were not kept: %s", type(error).__name__)


def words_of_courses(sessions: QuerySet[ClassSession]) -> dict[int, CourseWords]:
    columns = ("pk", "title", "code", "code_released_at", "published_at", "by_slot", "host", "program__lead")
    courses = Course.objects.filter(pk__in=sessions.order_by().values("course"))
    rows = list(courses.order_by("pk").annotate(total=Count("class_sessions")).values_list(*columns, "total"))
    towns = Municipality.objects.in_bulk({key for row in rows for key in row[6:8]})
    contacts = {pair: contact_line(towns[pair[0]], towns[pair[1]]) for pair in {(row[6], row[7]) for row in rows}}
    found: dict[int, CourseWords] = {}
    for pk, title, code, released_at, published_at, by_slot, host, lead, total in rows:
        # Four digits that were given back may name another class by now.
        code = "" if released_at else code
        is_draft = published_at is None
        path = reverse("public:course", args=[code]) if code and not is_draft else ""
        url = settings.PUBLIC_BASE_URL + path if path else ""
        count = 1 if by_slot else total
        contact = contacts[host, lead]
        stamp = stamp_of(FORMAT, title, code, url, count, contact, is_draft)
        found[pk] = CourseWords(title, code, url, count, contact, is_draft, stamp)
    return found


def contact_line(host: Municipality, lead: Municipality) -> str:
    """Whom to telephone, in one line; empty as long as neither town has entered a number."""
    contact = contact_of(host, lead)
    if contact is None:
        return ""
    office = f"{contact.town.name} {contact.office}".strip()
    said = {"office": office, "phone": contact.phone_label, "hours": contact.hours}
    if not contact.hours:
        return _("To apply or to ask: %(office)s, telephone %(phone)s") % said
    return _("To apply or to ask: %(office)s, telephone %(phone)s (%(hours)s)") % said


def places_of_sessions(sessions: QuerySet[ClassSession]) -> dict[int, Place]:
    venues = Venue.objects.filter(pk__in=sessions.order_by().values("venue")).select_related("municipality")
    return {venue.pk: place_of(venue) for venue in venues.order_by("pk")}


def place_of(venue: Venue) -> Place:
    text = f"{venue.name} {venue.room}".strip()
    if venue.full_address:
        text = _("%(place)s (%(address)s)") % {"place": text, "address": venue.full_address}
    geo = None
    if venue.latitude is not None and venue.longitude is not None:
        geo = (venue.latitude, venue.longitude)
    return Place(text, geo, stamp_of(text, geo))


def write_event(row: Row, course: CourseWords, place: Place, duties: Iterable[str] = ()) -> str:
    said = list(duties)
    event = Event()
    event.add("uid", str(row.uid))
    event.add("sequence", row.sequence)
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    event.add("dtstart", row.starts_at.astimezone(TOKYO))
    event.add("dtend", row.ends_at.astimezone(TOKYO))
    event.add("status", status_of(row, course))
    event.add("summary", summary_of(row, course, said))
    event.add("location", place.text)
    if place.geo is not None:
        event.add("geo", place.geo)
    description = "\n".join(filter(None, lines_of(row, course, said)))
    if description:
        event.add("description", description)
    if course.url:
        event.add("url", course.url)
    if not said:
        event.add("transp", "TRANSPARENT")  # a class one might go to makes nobody busy
    return str(event.to_ical(), "utf-8")


def status_of(row: Row, course: CourseWords) -> str:
    if row.cancelled_at is not None:
        return "CANCELLED"
    return "TENTATIVE" if course.is_draft else "CONFIRMED"


def summary_of(row: Row, course: CourseWords, duties: list[str]) -> str:
    title = course.title
    if course.total > 1:
        said = {"title": title, "number": row.number, "total": course.total}
        title = _("%(title)s, session %(number)s of %(total)s") % said
    if course.code:
        title = _("%(title)s (class number %(code)s)") % {"title": title, "code": course.code}
    if duties:
        title = _("%(duties)s: %(title)s") % {"duties": _(", ").join(duties), "title": title}
    if row.cancelled_at is not None:
        title = _("[Called off] %(title)s") % {"title": title}
    return title


def lines_of(row: Row, course: CourseWords, duties: list[str]) -> Iterator[str]:
    if row.cancelled_at is not None:
        yield _("This session is called off. Please do not set out.")
    if duties:
        yield _("Your duty: %(duties)s") % {"duties": _(", ").join(duties)}
    if course.is_draft:
        yield _("A draft: not published yet.")
    yield course.contact
    if course.contact and course.code and row.cancelled_at is None:
        yield _("On the telephone, please give class number %(code)s.") % {"code": course.code}
