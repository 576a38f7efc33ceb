"""Which classes a caller can choose, and what an application would come to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Municipality, User
from participants.models import Participant
from programs.sharing import programs_of, towns_of
from sessions.meter import Meter, meters_of
from sessions.models import ClassSession, Course, Registration
from sessions.models.courses import CourseQuerySet
from sessions.occupancy import slots_of
from sessions.refusals import Code
from sessions.registration import why_closed, why_not, why_not_slot
from sessions.seats import Seats
from sessions.waiting_list import left_by_the_line

MOST = 40


@dataclass(frozen=True)
class Choice:
    """One row of the list: a class, the seats a resident of one town can see, and the seats as a whole."""

    course: Course
    meter: Meter
    taken: int
    held: int
    free: int
    waiting: int

    @property
    def class_session(self) -> ClassSession | None:
        held = [row for row in self.course.class_sessions.all() if not row.is_cancelled]
        return held[0] if held else None

    @property
    def more_sessions(self) -> int:
        return len([row for row in self.course.class_sessions.all() if not row.is_cancelled]) - 1

    @property
    def closed(self) -> str:
        """Why nobody can apply at the moment, if so."""
        code = why_closed(self.course)
        return str(code.label) if code is not None else ""

    @property
    def free_in_all(self) -> int:
        return self.meter.seats.free


@dataclass(frozen=True)
class Slot:
    class_session: ClassSession
    seats: Seats

    @property
    def is_free(self) -> bool:
        return self.seats.free > 0 and self.class_session.starts_at > timezone.now()


@dataclass(frozen=True)
class Outlook:
    """One sentence on what an application would come to, and whether it would be seats for everybody."""

    words: str
    has_seats: bool = False


def choosable(town: Municipality) -> CourseQuerySet:
    """Published classes still to come that residents of the town may apply to."""
    return Course.objects.upcoming().filter(program__in=programs_of(town)).order_by("starts_at", "pk")


def choices_for(
    caller_town: Municipality,
    *,
    staff_town: Municipality,
    words: str = "",
    keep: int | None = None,
    by: User | None = None,
) -> list[Choice]:
    """The classes the staff of a town can offer to a resident of `caller_town`, soonest first.

    `words` narrows them by number, title or venue; the course `keep` stays in it whatever the words. Classes held
    for a group are offered to no caller: they are found by their number alone. The seats that the clerk `by`
    keeps for the caller are free for them.
    """
    courses = choosable(staff_town).filter(Q(is_listed=True) | Q(pk=keep) | Q(code=words))
    if words:
        places = ClassSession.objects.filter(venue__name__contains=words)
        wanted = Q(code=words) | Q(title__contains=words) | Q(pk__in=places.values("course"))
        courses = courses.filter(wanted | Q(pk=keep))
    venues = ClassSession.objects.select_related("venue__municipality")
    named = courses.select_related("program__lead", "host", "draw")
    named = named.prefetch_related(Prefetch("class_sessions", venues))
    rows = list(named[:MOST])
    if keep is not None and keep not in {row.pk for row in rows}:
        rows += named.filter(pk=keep)
    meters = meters_of(rows, but_for=by)
    line = Registration.objects.filter(course__in=rows, state=Registration.State.WAITING)
    waiting = dict(line.values_list("course").annotate(Count("pk")).order_by())
    return [
        Choice(row, meters[row.pk], *meters[row.pk].seen_by(caller_town.pk), waiting.get(row.pk, 0))
        for row in rows
    ]


def open_slots(course: Course, *, by: User | None = None) -> list[Slot]:
    """The times of a consultation day, with their seats as the clerk `by` can give them."""
    rows = [row for row in course.class_sessions.order_by("starts_at") if not row.is_cancelled]
    seats = slots_of(rows, but_for=by)
    return [Slot(row, seats[row.pk]) for row in rows]


def outlook(
    choice: Choice,
    people: Sequence[Participant],
    class_session: ClassSession | None,
    *,
    is_kept: bool = False,
) -> Outlook:
    """What applying now would come to, perhaps with seats that are kept for these people. A forecast:
    `registration.register` decides."""
    course, seats = choice.course, choice.meter.seats
    code = reason_against(course, people, class_session)
    if code is not None:
        return Outlook(str(code.label))
    if course.awaits_draw:
        return Outlook(_("There is a draw after applications close."))
    wanted = Counter(person.municipality_id for person in people)
    if choice.waiting and not is_kept:
        seats = left_by_the_line(course, seats)
    if not seats.fits(wanted):
        if len(people) > 1 and seats.fits({people[0].municipality_id: 1}):
            return Outlook(_("There are not enough seats for all of them together: they go on the waiting list."))
        place = choice.waiting + 1
        return Outlook(_("All seats are taken: the waiting list, place %(place)s.") % {"place": place})
    if len(wanted) == 1:
        town, count = people[0].municipality, len(people)
        if choice.meter.own(town.pk)[2] >= count:
            words = _("There is a seat out of those kept for %(town)s.") % {"town": town}
            return Outlook(words, has_seats=True)
    return Outlook(_("There is a seat."), has_seats=True)


def reason_against(
    course: Course, people: Sequence[Participant], class_session: ClassSession | None
) -> Code | None:
    """As `why_not`, for people of whom some may not be written down yet."""
    known = [person for person in people if person.pk]
    if len(known) == len(people):
        return why_not(course, people, class_session)
    if not {person.municipality_id for person in people} <= towns_of(course.program):
        return Code.OTHER_TOWN
    if known:
        return why_not(course, known, class_session)
    return why_closed(course) or (why_not_slot(course, class_session) if course.by_slot else None)
