"""Everything the public page of one course says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.contact import Contact, contact_of
from accounts.japanese import long_date_label, moment_label, period_label
from accounts.models import Municipality
from accounts.phone_format import format_number
from programs.models import Venue
from programs.sharing import ordered_towns
from sessions.draw_board import PublishedDraw, published_draw
from sessions.listing import Meeting, SeatWords, chosen, meeting_of, seat_words, seats_left, slots_to_come
from sessions.models import ClassSession, Course
from sessions.occupancy import seats_of_all, slots_of
from sessions.refusals import Code
from sessions.registration import why_closed
from sessions.seats import Seats


@dataclass(frozen=True)
class TownSeats:
    """Seats as the residents of one town find them while places are kept for towns."""

    town: Municipality
    seats: SeatWords


@dataclass(frozen=True)
class Place:
    """A venue with its facts in words, and how to come, a line a step."""

    venue: Venue
    facts: list[tuple[str, str]]
    steps: list[str]


@dataclass(frozen=True)
class ClassPage:
    course: Course
    meeting: Meeting | None
    towns: list[Municipality]
    town: Municipality | None
    seats: SeatWords
    town_seats: list[TownSeats]
    contact: Contact | None

    @property
    def sessions(self) -> list[ClassSession]:
        """Every date of a series, those called off among them."""
        rows = list(self.course.class_sessions.all())
        return rows if len(rows) > 1 and not self.course.by_slot else []

    @property
    def places(self) -> list[Place]:
        venues = {row.venue_id: row.venue for row in self.course.class_sessions.all() if not row.is_cancelled}
        return [Place(venue, facts_of(venue), lines(venue.access)) for venue in venues.values()]

    @property
    def several_places(self) -> bool:
        return len(self.places) > 1

    @property
    def held_by(self) -> str:
        return joined(self.towns)

    @property
    def residents_of(self) -> str:
        return joined([town for town in self.towns if town.has_residents])

    @property
    def why_closed(self) -> str:
        """The sentence that says why nobody can apply, or nothing."""
        code = why_closed(self.course)
        return str(code.label) if code is not None else ""

    @property
    def takes_web(self) -> bool:
        """Consultation days have no waiting list, so that a full one takes nobody."""
        return not self.why_closed and not (self.course.by_slot and self.seats.is_full)

    @property
    def opens_later(self) -> bool:
        return why_closed(self.course) == Code.NOT_OPEN_YET

    @property
    def opens(self) -> str:
        return moment_label(self.course.opens_at)

    @property
    def closes(self) -> str:
        return moment_label(self.course.takes_until)

    @property
    def draw(self) -> PublishedDraw | None:
        return published_draw(self.course)

    @property
    def sms_number(self) -> str:
        return format_number(self.course.line.number) if self.course.line.receives_sms else ""

    @property
    def town_query(self) -> str:
        return chosen(self.town)

    @property
    def learn(self) -> list[str]:
        return lines(self.course.curriculum.learn)

    @property
    def bring(self) -> list[str]:
        return lines(self.course.curriculum.bring)

    @property
    def summary(self) -> str:
        """One sentence for search engines."""
        if self.meeting is None:
            return self.course.title
        said = {
            "title": self.course.title,
            "day": long_date_label(self.meeting.start),
            "hours": period_label(self.meeting.start, self.meeting.end),
            "venue": self.meeting.venue.name,
            "code": self.course.code,
        }
        text = _("%(title)s: %(day)s %(hours)s, %(venue)s. Free of charge. Class number %(code)s.") % said
        return Truncator(text).chars(155)


def page_of(course: Course, *, town_code: str) -> ClassPage:
    """The page as somebody sees it who lives in the town of the six digits, or in none that is known."""
    towns = ordered_towns(course.program)
    residents = [town for town in towns if town.has_residents]
    town = next((each for each in residents if each.code and each.code == town_code), None)
    seats = seats_of_all([course])[course.pk]
    slots = slots_of(slots_to_come(course)) if course.by_slot else {}
    return ClassPage(
        course=course,
        meeting=meeting_of(course),
        towns=towns,
        town=town,
        seats=seat_words(course, seats_left(course, seats, slots, town)),
        town_seats=town_seats(course, residents, seats) if town is None else [],
        contact=contact_of(course.host, course.program.lead),
    )


def town_seats(course: Course, residents: list[Municipality], seats: Seats) -> list[TownSeats]:
    """A row a town while seats are kept for towns and the towns see different numbers."""
    if why_closed(course) is not None or course.awaits_draw or course.by_slot:
        return []
    left = {town: seats.free_for(town.pk) for town in residents}
    if set(left.values()) <= {seats.free}:
        return []
    return [TownSeats(town, seat_words(course, free)) for town, free in left.items()]


def joined(towns: Sequence[Municipality]) -> str:
    return pgettext("between names of towns", ", ").join(town.name for town in towns)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def facts_of(venue: Venue) -> list[tuple[str, str]]:
    """What is known of a venue, term by term; what nobody has stated is left out."""
    stated = [
        (_("Entrance"), venue.is_step_free, _("No steps. Wheelchairs can enter."), _("There are steps.")),
        (
            _("Toilet"),
            venue.has_wheelchair_toilet,
            _("There is a toilet for wheelchairs."),
            _("There is no toilet for wheelchairs."),
        ),
        (
            _("Floor"),
            venue.has_lift,
            _("On the ground floor, or there is a lift."),
            _("There are stairs and no lift."),
        ),
        (_("Hearing"), venue.has_hearing_loop, _("There is a hearing loop."), _("There is no hearing loop.")),
        (_("Wi-Fi"), venue.has_wifi, _("There is Wi-Fi."), _("There is no Wi-Fi.")),
        (
            _("Transport"),
            venue.has_transport,
            _("Transport can be arranged. Please ask when you apply."),
            _("There is no transport."),
        ),
    ]
    facts = [(term, yes if value else no) for term, value, yes, no in stated if value is not None]
    if venue.parking_spaces is not None:
        spaces = _("Parking for %(count)s cars.") % {"count": venue.parking_spaces}
        facts.append((_("Cars"), spaces if venue.parking_spaces else _("There is no parking.")))
    if venue.note:
        facts.append((_("Note for visitors"), venue.note))
    return facts
