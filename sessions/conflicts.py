"""What speaks against holding a session where and when it is planned.

Hard conflicts are refused: the venue is taken, or somebody cannot be at two places (with the way between them,
`travel.py`). Soft ones are shown and may be saved all the same: a holiday, a closing day, a like class of a
partner town near by in the same week, too few helpers on the rota. Times are half-open: one may begin when
another ends.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import clock_label
from programs.closing import Closures
from programs.distance import km_between
from programs.models import Venue
from sessions.models import BusyTime, ClassSession, Course, Registration, StaffDuty
from sessions.series import holiday_words
from sessions.travel import LONGEST_WAY, buffer_between

type Week = tuple[int, int]


class Kind(models.TextChoices):
    VENUE = "venue"
    PERSON = "person"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    NEARBY = "nearby"
    HELPERS = "helpers"


HARD = (Kind.VENUE, Kind.PERSON)


@dataclass(frozen=True)
class Conflict:
    """One thing that speaks against a session, in words."""

    kind: Kind
    label: str

    @property
    def is_hard(self) -> bool:
        return self.kind in HARD


@dataclass(frozen=True)
class Meeting:
    """A session as it is, or as it is to be; `session` is its key if there is one already."""

    key: int
    starts_at: datetime
    ends_at: datetime
    venue: Venue
    course: Course
    session: int | None = None

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)

    @property
    def week(self) -> Week:
        return self.day.isocalendar()[:2]

    def meets(self, other: "ClassSession | BusyTime | Meeting", buffer: timedelta = timedelta()) -> bool:
        """Whether both cannot be attended, with the way between them."""
        return self.starts_at < other.ends_at + buffer and other.starts_at < self.ends_at + buffer


@dataclass(frozen=True)
class Engagement:
    """Somebody is to be at a session. Apps that know of other people than staff hand in rows of their own;
    `person` tells people apart, for example "user:7"."""

    person: str
    name: str
    class_session: ClassSession


def conflicts_of(
    class_sessions: Iterable[ClassSession], *, engaged: Sequence[Engagement] = ()
) -> dict[int, list[Conflict]]:
    """By key of the session what speaks against it, in a steady number of queries. Sessions come with their venue
    and its municipality, and their course with programme, curriculum and host; those called off have none."""
    rows = list(class_sessions)
    found = conflicts_among([meeting_of(row) for row in rows if not row.is_cancelled], engaged=engaged)
    return {row.pk: found.get(row.pk, []) for row in rows}


def meeting_of(row: ClassSession) -> Meeting:
    return Meeting(row.pk, row.starts_at, row.ends_at, row.venue, row.course, session=row.pk)


def conflicts_among(
    meetings: Sequence[Meeting], *, engaged: Sequence[Engagement] = ()
) -> dict[int, list[Conflict]]:
    """By key of the meeting what speaks against it, hard conflicts first."""
    if not meetings:
        return {}
    facts = Facts(meetings, engaged)
    return {meeting.key: [*facts.hard(meeting), *facts.soft(meeting)] for meeting in meetings}


def hard_ones(meeting: Meeting, *, engaged: Sequence[Engagement] = ()) -> list[Conflict]:
    """What refuses a move."""
    return list(Facts([meeting], engaged).hard(meeting))


def seal(conflicts: Iterable[Conflict]) -> str:
    """A mark of what was shown, so that nobody confirms what they have not seen."""
    return sha256("\n".join(each.label for each in conflicts).encode()).hexdigest()[:16]


class Facts:
    """All that is compared with some meetings, each read once."""

    def __init__(self, meetings: Sequence[Meeting], engaged: Sequence[Engagement]) -> None:
        self.meetings = meetings
        self.first = min(each.starts_at for each in meetings)
        self.last = max(each.ends_at for each in meetings)
        self.sessions = [each.session for each in meetings if each.session is not None]
        self.others, self.partners = self.by_venue_and_partner()
        self.busy = self.busy_times()
        self.people, self.helpers = self.engagements_and_helpers(engaged)
        self.there = self.people_by_session()
        self.closures = Closures(
            {each.venue for each in meetings}, timezone.localdate(self.first), timezone.localdate(self.last)
        )
        self.seated = self.with_a_seat()

    def hard(self, meeting: Meeting) -> Iterable[Conflict]:
        for other in self.others[meeting.venue.pk]:
            if other.pk != meeting.session and meeting.meets(other):
                said = {"title": title_for(meeting, other), "hours": hours_of(other)}
                yield Conflict(Kind.VENUE, _("The venue is taken %(hours)s by %(title)s.") % said)
        for time in self.busy[meeting.venue.pk]:
            if meeting.meets(time):
                said = {"hours": hours_of(time)}
                yield Conflict(Kind.VENUE, _("The venue is taken %(hours)s, says its calendar.") % said)
        yield from self.absent(meeting)

    def absent(self, meeting: Meeting) -> Iterable[Conflict]:
        """Of the people at the meeting those who cannot come in time from another one, or get there."""
        for person in self.there[meeting.session or 0]:
            for row in self.people[person]:
                other = row.class_session
                buffer = buffer_between(meeting.venue, other.venue)
                if other.pk == meeting.session or not meeting.meets(other, buffer):
                    continue
                said = {"name": row.name, "title": title_for(meeting, other), "venue": other.venue.name}
                said |= {"hours": hours_of(other), "minutes": str(int(buffer.total_seconds() // 60))}
                words = _("%(name)s is at %(title)s %(hours)s.")
                if buffer:
                    words = _("%(name)s is at %(title)s %(hours)s at %(venue)s, %(minutes)s minutes away.")
                yield Conflict(Kind.PERSON, words % said)

    def soft(self, meeting: Meeting) -> Iterable[Conflict]:
        if holiday := holiday_words(meeting.day):
            yield Conflict(Kind.HOLIDAY, _("Day off: %(reason)s.") % {"reason": holiday})
        if closed := self.closures.reason(meeting.venue, meeting.day):
            yield Conflict(Kind.CLOSED, _("Closing day: %(reason)s.") % {"reason": closed})
        if nearby := self.nearest_like(meeting):
            km, other = nearby
            said = {"town": other.course.host, "title": other.course.title, "km": f"{km:.1f}"}
            words = _("%(town)s holds %(title)s in the same week, %(km)s km away.")
            yield Conflict(Kind.NEARBY, words % said)
        yield from self.too_few(meeting)

    def nearest_like(self, meeting: Meeting) -> tuple[float, ClassSession] | None:
        """A class of a partner on the same subject, as near as classes held together may be."""
        program, found = meeting.course.program, []
        for other in self.partners[program.pk, meeting.week]:
            if other.course.host_id == meeting.course.host_id or not are_alike(meeting.course, other.course):
                continue
            km = km_between(meeting.venue, other.venue)
            if km is not None and km <= program.merge_km:
                found.append((km, other.pk, other))
        return (min(found)[0], min(found)[2]) if found else None

    def too_few(self, meeting: Meeting) -> Iterable[Conflict]:
        """Fewer helpers than those with a seat need; a rota nobody has begun to write says nothing yet."""
        helpers = self.helpers.get(meeting.session or 0)
        key = (meeting.course.pk or 0, meeting.session if meeting.course.by_slot else None)
        people = self.seated.get(key, 0)
        needed = -(-people // meeting.course.program.helper_ratio)
        if helpers is not None and helpers < needed:
            said = {"helpers": helpers, "people": people, "needed": needed}
            words = _("Helpers on the rota: %(helpers)s, for %(people)s people %(needed)s are needed.")
            yield Conflict(Kind.HELPERS, words % said)

    # What is read, each in one query.

    def by_venue_and_partner(
        self,
    ) -> tuple[dict[int, list[ClassSession]], dict[tuple[int, Week], list[ClassSession]]]:
        """Sessions at the venues at that time, whoever holds them, and listed ones of the programmes by week."""
        week, venues = timedelta(days=7), {each.venue.pk for each in self.meetings}
        programs = {each.course.program_id for each in self.meetings}
        here = Q(venue__in=venues, starts_at__lt=self.last, ends_at__gt=self.first)
        like = Q(course__program__in=programs, starts_at__range=(self.first - week, self.last + week))
        at_venue: defaultdict[int, list[ClassSession]] = defaultdict(list)
        of_partner: defaultdict[tuple[int, Week], list[ClassSession]] = defaultdict(list)
        rows = ClassSession.objects.filter(here | like & Q(course__is_listed=True), cancelled_at=None)
        for row in rows.select_related("course__curriculum", "course__host", "venue__municipality"):
            at_venue[row.venue_id].append(row)
            if row.course.is_listed and row.course.program_id in programs:
                of_partner[row.course.program_id, meeting_of(row).week].append(row)
        return at_venue, of_partner

    def busy_times(self) -> dict[int, list[BusyTime]]:
        found: defaultdict[int, list[BusyTime]] = defaultdict(list)
        venues = {each.venue.pk for each in self.meetings}
        times = BusyTime.objects.filter(
            calendar__venue__in=venues, starts_at__lt=self.last, ends_at__gt=self.first
        ).annotate(venue_key=F("calendar__venue"))
        for row in times:
            found[row.venue_key].append(row)
        return found

    def engagements_and_helpers(
        self, more: Sequence[Engagement]
    ) -> tuple[dict[str, list[Engagement]], dict[int, int]]:
        """By person all they are to be at, of everybody who is to be at one of the meetings; and of the sessions
        with a rota how many look after participants."""
        found: defaultdict[str, list[Engagement]] = defaultdict(list)
        for row in more:
            found[row.person].append(row)
        here = Q(class_session__in=self.sessions)
        staff = StaffDuty.objects.filter(here, user__isnull=False)
        near = Q(
            class_session__starts_at__lt=self.last + LONGEST_WAY,
            class_session__ends_at__gt=self.first - LONGEST_WAY,
            user__in=staff.values("user"),
        )
        duties = StaffDuty.objects.filter(near | here, class_session__cancelled_at=None)
        known: set[tuple[int, int]] = set()
        helpers: Counter[int] = Counter()
        for duty in duties.select_related("class_session__venue__municipality", "class_session__course"):
            if duty.class_session_id in self.sessions:
                helpers[duty.class_session_id] += duty.duty == StaffDuty.Duty.WATCHING
            if duty.user_id is not None and (duty.user_id, duty.class_session_id) not in known:
                known.add((duty.user_id, duty.class_session_id))
                engaged = Engagement(f"user:{duty.user_id}", duty.name, duty.class_session)
                found[engaged.person].append(engaged)
        return found, dict(helpers)

    def people_by_session(self) -> dict[int, list[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        for person, rows in self.people.items():
            for row in rows:
                found[row.class_session.pk].append(person)
        return found

    def with_a_seat(self) -> dict[tuple[int, int | None], int]:
        """People with a seat by course, or by slot of a consultation day."""
        rows = Registration.objects.filter(
            course__in={each.course.pk for each in self.meetings if each.course.pk},
            state__in=Registration.SEATED,
        ).order_by()
        people = rows.values_list("course", "class_session").annotate(Count("pk"))
        return {(course, session): count for course, session, count in people}


def are_alike(one: Course, other: Course) -> bool:
    """The same curriculum, or one of the same kind on the same subject."""
    a, b = one.curriculum, other.curriculum
    return a.pk == b.pk or (a.kind, a.topic) == (b.kind, b.topic)


def title_for(meeting: Meeting, other: ClassSession) -> str:
    """The name of a class, if everybody who plans the meeting may know it."""
    course = other.course
    if course.is_published or course.program_id == meeting.course.program_id:
        return course.title
    return _("another class")


def hours_of(other: ClassSession | BusyTime) -> str:
    return clock_label(other.starts_at, other.ends_at)
