"""What the public is shown of courses: the list by month, one course by its number, seats in words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.contact import contact_of
from accounts.japanese import moment_label
from accounts.models import Municipality
from programs.models import Venue
from programs.sharing import programs_of
from sessions.models import ClassSession, Course
from sessions.models.courses import CourseQuerySet
from sessions.occupancy import seats_of_all, slots_of
from sessions.refusals import Code
from sessions.registration import why_closed
from sessions.seats import Seats

FOUR_DIGITS = re.compile(r"[0-9]{4}")
NAMED = ("host", "line", "curriculum", "program__lead", "draw")
WITH_VENUES = Prefetch("class_sessions", ClassSession.objects.select_related("venue__municipality"))


@dataclass(frozen=True)
class SeatWords:
    """What components/seat_words.html says."""

    left: int = 0
    can_wait: bool = False
    closed: bool = False
    text: str = ""

    @property
    def is_full(self) -> bool:
        return not self.closed and not self.text and self.left <= 0


@dataclass(frozen=True)
class Meeting:
    """When and where one next meets; for a consultation day, from its first slot to come to its last."""

    start: datetime
    end: datetime
    venue: Venue
    part: str


@dataclass(frozen=True)
class Card:
    """One course in the list, with the words beside it."""

    course: Course
    url: str
    meeting: Meeting
    note: str
    seats: SeatWords
    phone: str
    phone_words: str


@dataclass(frozen=True)
class Month:
    title: str
    cards: list[Card]


def listed(*, town: Municipality | None, topic: str, start_on: date | None) -> CourseQuerySet:
    """Upcoming courses by the next day they are held on."""
    courses = Course.objects.upcoming().listed()
    if town is not None:
        courses = courses.filter(program__in=programs_of(town))
    if topic:
        courses = courses.filter(curriculum__topic=topic)
    first = timezone.make_aware(datetime.combine(start_on, time.min)) if start_on else None
    return courses.by_next_session(not_before=first).select_related(*NAMED).prefetch_related(WITH_VENUES)


def by_month(courses: Sequence[Course], *, town: Municipality | None) -> list[Month]:
    """Cards under a heading a month, in the order given."""
    free = free_seats(courses, town)
    cards = [
        card_of(course, meeting, free[course.pk], town) for course in courses if (meeting := meeting_of(course))
    ]
    months = groupby(cards, key=lambda card: timezone.localdate(card.meeting.start).replace(day=1))
    return [Month(month_title(first), list(group)) for first, group in months]


def month_title(first: date) -> str:
    month = date_format(first, "F")
    if first.year == timezone.localdate().year:
        return _("Classes in %(month)s") % {"month": month}
    return _("Classes in %(month)s %(year)s") % {"month": month, "year": first.year}


def card_of(course: Course, meeting: Meeting, left: int, town: Municipality | None) -> Card:
    contact = contact_of(course.host, course.program.lead)
    return Card(
        course=course,
        url=course.get_absolute_url() + chosen(town),
        meeting=meeting,
        note=short_fact(meeting.venue),
        seats=seat_words(course, left),
        phone=contact.phone_tel if contact else "",
        phone_words=_("Call %(town)s to apply") % {"town": contact.town.name} if contact else "",
    )


def chosen(town: Municipality | None) -> str:
    """The query that keeps the town a visitor lives in."""
    return "?" + urlencode({"town": town.code}) if town is not None else ""


def short_fact(venue: Venue) -> str:
    """The one thing to know of a place before coming; what is not stated is left out."""
    if venue.has_transport:
        return _("Transport can be arranged")
    if venue.is_step_free:
        return _("Wheelchairs can enter")
    return _("Parking available") if venue.parking_spaces else ""


def held(course: Course) -> list[ClassSession]:
    return [row for row in course.class_sessions.all() if not row.is_cancelled]


def slots_to_come(course: Course) -> list[ClassSession]:
    now = timezone.now()
    return [row for row in held(course) if row.starts_at > now]


def meeting_of(course: Course) -> Meeting | None:
    """The session one can come to next; the last one when all are over."""
    sessions, now = held(course), timezone.now()
    if not sessions:
        return None
    coming = next((row for row in sessions if row.ends_at > now), sessions[-1])
    if course.by_slot:
        same_day = [row for row in sessions if row.day == coming.day]
        minutes = (coming.ends_at - coming.starts_at).seconds // 60
        part = _("%(minutes)s minutes each") % {"minutes": minutes}
        return Meeting(coming.starts_at, max(row.ends_at for row in same_day), coming.venue, part)
    part = ""
    if len(sessions) > 1:
        place = {"number": sessions.index(coming) + 1, "total": len(sessions)}
        part = _("(number %(number)s of %(total)s)") % place
    return Meeting(coming.starts_at, coming.ends_at, coming.venue, part)


def free_seats(courses: Iterable[Course], town: Municipality | None) -> dict[int, int]:
    """Seats left by course key: for residents of the town, or for anybody."""
    rows = list(courses)
    seats = seats_of_all(rows)
    slots = slots_of(slot for course in rows if course.by_slot for slot in slots_to_come(course))
    return {course.pk: seats_left(course, seats[course.pk], slots, town) for course in rows}


def seats_left(course: Course, seats: Seats, slots: dict[int, Seats], town: Municipality | None) -> int:
    left = seats.free_for(town.pk) if town is not None else seats.free
    if course.by_slot:
        return min(left, sum(slots[slot.pk].free for slot in slots_to_come(course)))
    return left


def seat_words(course: Course, left: int) -> SeatWords:
    code = why_closed(course)
    if code == Code.NOT_OPEN_YET:
        return SeatWords(closed=True, text=_("Apply from %(moment)s") % {"moment": moment_label(course.opens_at)})
    if code == Code.CALLED_OFF:
        return SeatWords(closed=True, text=_("Called off"))
    if code is not None:
        return SeatWords(closed=True, text=_("Applications are closed"))
    if course.awaits_draw:
        return SeatWords(text=_("Places are drawn by lot"))
    return SeatWords(left=left, can_wait=not course.by_slot)


def course_by_code(code: str) -> Course | None:
    """The published course that carries the four digits. Lines number their classes apart, so of several
    the one still to be held goes first, then the one on the default line."""
    if not FOUR_DIGITS.fullmatch(code):
        return None
    found = Course.objects.listed().filter(code=code, code_released_at=None).exclude(published_at=None)
    ranked = sorted(
        found.select_related(*NAMED).prefetch_related(WITH_VENUES),
        key=lambda course: (course.cancelled_at is not None, course.is_over, not course.line.is_default),
    )
    return ranked[0] if ranked else None
