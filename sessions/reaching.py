"""Who has been reached by an announcement and who has not, until nobody is left."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Membership, Municipality
from messaging.models import NOT_TOLD, State
from participants.models import Contact
from sessions.calls import Call
from sessions.models import Broadcast, ClassSession, Course, Notice
from sessions.roster import sees_names_of_others

LOST = (*NOT_TOLD, State.UNCERTAIN, State.HELD)
ARRIVED = (State.DELIVERED, State.SENT_UNCONFIRMED)
NEVER = (Notice.Outcome.WRONG_NUMBER, Notice.Outcome.GIVEN_UP)
PAST_SHOWN = 20


class Reach(StrEnum):
    TOLD = "told"
    BEING_TOLD = "being_told"
    NOT_YET = "not_yet"
    NEVER = "never"


def reach_of(notice: Notice) -> Reach:
    """Told only if somebody told them or the SMS arrived; what is handed over is on its way."""
    if notice.closed_at is not None:
        return Reach.NEVER if notice.outcome in NEVER else Reach.TOLD
    if notice.rung != Notice.Rung.SMS:
        return Reach.NOT_YET
    state = notice.message.state if notice.message is not None else State.FAILED
    if state in ARRIVED:
        return Reach.TOLD
    return Reach.NOT_YET if state in LOST else Reach.BEING_TOLD


@dataclass(frozen=True)
class Line:
    """One session of an announcement, or several of a course that fell whole, with how far telling has come."""

    course: Course
    class_sessions: list[ClassSession]
    count: Counter[Reach]

    @property
    def told(self) -> int:
        return self.count[Reach.TOLD]

    @property
    def being_told(self) -> int:
        return self.count[Reach.BEING_TOLD]

    @property
    def not_yet(self) -> int:
        return self.count[Reach.NOT_YET] + self.count[Reach.NEVER]


@dataclass(frozen=True)
class Person:
    """Somebody not reached, as far as this town may know them."""

    notice: Notice
    call: Call | None
    sees_name: bool

    @property
    def label(self) -> str:
        """The name, or the receipt number of another town's resident."""
        registration = self.notice.registration
        return str(registration.participant) if self.sees_name else registration.receipt_number

    @property
    def town(self) -> Municipality:
        return self.notice.registration.municipality


@dataclass(frozen=True)
class ReachPage:
    broadcast: Broadcast
    lines: list[Line]
    own: list[Person]
    others: list[Person]
    never: list[Person]

    @property
    def total(self) -> Counter[Reach]:
        return sum((line.count for line in self.lines), Counter())

    @property
    def told(self) -> int:
        return self.total[Reach.TOLD]

    @property
    def being_told(self) -> int:
        return self.total[Reach.BEING_TOLD]

    @property
    def not_yet(self) -> int:
        return self.total[Reach.NOT_YET]

    @property
    def is_done(self) -> bool:
        return not self.not_yet and not self.being_told

    @property
    def mark(self) -> str:
        """Differs whenever the page would."""
        rows = [*self.own, *self.others]
        shown = ",".join(f"{row.notice.pk}.{row.notice.rung}.{row.notice.calls_made}" for row in rows)
        return f"{self.told}-{self.being_told}-{len(self.never)}-{shown}"


def broadcasts_of(town: Municipality) -> QuerySet[Broadcast]:
    """Announcements about classes the town sees."""
    seen = ClassSession.objects.filter(course__in=Course.objects.visible_to(town))
    return Broadcast.objects.filter(class_sessions__in=seen).distinct()


def notices_of(broadcast: Broadcast, town: Municipality) -> QuerySet[Notice]:
    contacts = Prefetch("registration__participant__contacts", Contact.objects.select_related("contact_point"))
    return (
        broadcast.notices.exclude(outcome=Notice.Outcome.OVERTAKEN)
        .filter(registration__course__in=Course.objects.visible_to(town))
        .select_related(
            "message",
            "class_session",
            "registration__participant",
            "registration__municipality",
            "registration__course__program",
        )
        .prefetch_related(contacts)
        .by_urgency()
    )


def reach_page(broadcast: Broadcast, membership: Membership) -> ReachPage:
    """Everything the page of one announcement says to one town, in a steady number of queries."""
    town = membership.municipality
    notices = list(notices_of(broadcast, town))
    reached = {notice.pk: reach_of(notice) for notice in notices}
    not_yet = [notice for notice in notices if reached[notice.pk] == Reach.NOT_YET]
    never = [notice for notice in notices if reached[notice.pk] == Reach.NEVER]
    people = [person_of(notice, membership) for notice in not_yet]
    return ReachPage(
        broadcast=broadcast,
        lines=lines_of(broadcast, town, notices, reached),
        own=[person for person in people if person.call is not None],
        others=[person for person in people if person.call is None],
        never=[person_of(notice, membership) for notice in never],
    )


def person_of(notice: Notice, membership: Membership) -> Person:
    registration = notice.registration
    is_own = membership.can_see_people and registration.municipality_id == membership.municipality_id
    sees_name = is_own or sees_names_of_others(membership, registration.course)
    return Person(notice, Call.of(notice) if is_own else None, sees_name)


def lines_of(
    broadcast: Broadcast, town: Municipality, notices: Iterable[Notice], reached: dict[int, Reach]
) -> list[Line]:
    rows = broadcast.class_sessions.filter(course__in=Course.objects.visible_to(town))
    lines: dict[tuple[int, int], Line] = {}
    first: dict[int, Line] = {}
    for row in rows.select_related("course__host", "course__program", "venue").order_by("starts_at", "pk"):
        whole = row.course.cancelled_at is not None and not row.course.by_slot
        line = lines.setdefault((row.course_id, 0 if whole else row.pk), Line(row.course, [], Counter()))
        line.class_sessions.append(row)
        first.setdefault(row.course_id, line)
    for notice in notices:
        course = notice.registration.course_id
        slot = notice.class_session_id or notice.registration.class_session_id or 0
        found = lines.get((course, slot)) or first.get(course)
        if found is not None:
            found.count[reached[notice.pk]] += 1
    return list(lines.values())


def not_reached(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of announcements that have not reached the person and still can."""
    by_hand_or_lost = Q(rung__in=Notice.BY_HAND) | Q(rung=Notice.Rung.SMS, message__state__in=LOST)
    return notices.filter(by_hand_or_lost, closed_at=None).exclude(broadcast=None)


def waiting_broadcasts(town: Municipality) -> list[tuple[int, str, int]]:
    """(key, reason, people not yet reached) of announcements that concern the town: its residents, or classes it
    leads or holds."""
    concern = (
        Q(registration__municipality=town)
        | Q(registration__course__program__lead=town)
        | Q(registration__course__host=town)
    )
    rows = not_reached(Notice.objects.filter(concern)).order_by()
    return list(
        rows.values_list("broadcast", "broadcast__reason")
        .annotate(Count("registration__participant", distinct=True))
        .order_by("-broadcast")
    )


def past_broadcasts(town: Municipality) -> list[tuple[Broadcast, int]]:
    """The latest announcements with how many notices have not reached anybody yet."""
    rows = list(broadcasts_of(town).select_related("municipality", "by").order_by("-pk")[:PAST_SHOWN])
    seen = Course.objects.visible_to(town)
    left = dict(
        not_reached(Notice.objects.filter(broadcast__in=rows, registration__course__in=seen))
        .order_by()
        .values_list("broadcast")
        .annotate(Count("pk"))
    )
    return [(row, left.get(row.pk, 0)) for row in rows]
