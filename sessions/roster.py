"""Who has a seat and who waits, as far as a town may see it.

A town sees its own residents in full. The lead and the host also see, of the other towns' residents, the name and
what is prepared for them on the day. Everybody else sees how many come from where.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from accounts.models import Membership, Municipality
from accounts.templatetags.engawa import tone
from participants.models import Contact
from programs.sharing import ordered_towns
from sessions.completion import Completion, completion_of
from sessions.course_words import Words, notice_state
from sessions.models import Course, Notice, Registration, SeatOffer
from sessions.models.registrations import RegistrationQuerySet
from sessions.waiting_list import tickets

State = Registration.State


@dataclass(frozen=True)
class Place:
    """A town with its colour in this course."""

    town: Municipality
    tone: str


@dataclass(frozen=True)
class RosterRow:
    registration: Registration
    place: Place
    is_own: bool
    notice: Words | None
    notice_kind: str
    completion: Completion | None = None

    @property
    def number(self) -> str:
        """The telephone number, of own residents only."""
        contacts = self.registration.participant.contacts.all() if self.is_own else []
        return next((contact.contact_point.number for contact in contacts), "")

    @property
    def needs_label(self) -> str:
        """What is prepared for the person; the day's helpers need it whichever town the person is from."""
        person = self.registration.participant
        return _(", ").join(filter(None, [*person.needs_labels, person.needs_note]))


@dataclass(frozen=True)
class Roster:
    rows: Sequence[RosterRow]
    totals: Sequence[tuple[Place, int]]

    @property
    def count(self) -> int:
        return sum(count for _place, count in self.totals)

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Ticket:
    """People of the waiting list who come together, in the order in which they are offered seats."""

    position: int
    registrations: Sequence[Registration]
    place: Place
    is_own: bool
    deadline_at: datetime | None

    @property
    def first(self) -> Registration:
        return self.registrations[0]

    @property
    def size(self) -> int:
        return len(self.registrations)

    @property
    def names(self) -> list[str]:
        """Names of own residents; of others the receipt number."""
        return [str(row.participant) if self.is_own else row.receipt_number for row in self.registrations]


def towns_of_course(course: Course) -> list[Municipality]:
    """The towns of the programme in their order, then those that left it and still have seats or a quota."""
    towns = ordered_towns(course.program)
    known = {town.pk for town in towns}
    left = Municipality.objects.filter(
        pk__in=[
            *course.registrations.live().exclude(municipality__in=known).values_list("municipality", flat=True),
            *course.quotas.exclude(municipality__in=known).values_list("municipality", flat=True),
        ]
    )
    return [*towns, *left]


def places_of(towns: Iterable[Municipality]) -> dict[int, Place]:
    return {town.pk: Place(town, tone(position)) for position, town in enumerate(towns)}


def sees_names_of_others(membership: Membership, course: Course) -> bool:
    """The day's roster goes to the towns that hold the class: the lead and the host."""
    return membership.can_see_people and membership.municipality_id in {course.program.lead_id, course.host_id}


def seen_rows(membership: Membership, course: Course) -> RegistrationQuerySet:
    """Registrations of a course whose people this town may see by name."""
    rows = course.registrations.all()
    if sees_names_of_others(membership, course):
        return rows
    return rows.of(membership.municipality) if membership.can_see_people else rows.none()


def roster_of(course: Course, membership: Membership, places: dict[int, Place]) -> Roster:
    """Everybody with a confirmed seat: rows as far as they may be seen, totals of all towns."""
    counts = Counter(course.registrations.confirmed().values_list("municipality", flat=True))
    seen = seen_rows(membership, course).confirmed()
    contacts = Contact.objects.exclude(relation=Contact.Relation.EMERGENCY).select_related("contact_point")
    registrations = list(
        seen.select_related("participant", "class_session")
        .prefetch_related(Prefetch("participant__contacts", contacts))
        .order_by("class_session__starts_at", "participant__kana", "pk")
    )
    notices = last_notices(registrations)
    completions = completion_of(registrations) if course.has_started and not course.by_slot else {}
    rows = [
        roster_row(row, places[row.municipality_id], membership, notices.get(row.pk), completions.get(row.pk))
        for row in registrations
    ]
    return Roster(rows, [(place, counts[key]) for key, place in places.items() if counts[key]])


def last_notices(registrations: Iterable[Registration]) -> dict[int, Notice]:
    """What each was told last, by registration key."""
    told = Notice.objects.filter(registration__in=[row.pk for row in registrations]).order_by()
    newest = told.values("registration").annotate(newest=Max("pk")).values("newest")
    found = Notice.objects.filter(pk__in=newest).select_related("message")
    return {notice.registration_id: notice for notice in found}


def roster_row(
    registration: Registration,
    place: Place,
    membership: Membership,
    notice: Notice | None,
    completion: Completion | None,
) -> RosterRow:
    return RosterRow(
        registration=registration,
        place=place,
        is_own=registration.municipality_id == membership.municipality_id,
        notice=notice_state(notice) if notice else None,
        notice_kind=notice.get_kind_display() if notice else "",
        completion=completion,
    )


def line_of(course: Course, membership: Membership, places: dict[int, Place]) -> list[Ticket]:
    """The waiting list: those with an offer first, then the others in order."""
    offers = {
        offer.registration_id: offer
        for offer in SeatOffer.objects.filter(
            registration__course=course, registration__state=State.OFFERED, answer=SeatOffer.Answer.OPEN
        )
    }
    offered = course.registrations.filter(state=State.OFFERED).select_related("participant")
    waiting = course.registrations.in_line().select_related("participant")
    first = sorted(offered, key=lambda row: offers[row.pk].pk if row.pk in offers else 0)
    groups = tickets([*first, *waiting])
    return [
        Ticket(
            position=position,
            registrations=group,
            place=places[group[0].municipality_id],
            is_own=membership.can_see_people
            and all(row.municipality_id == membership.municipality_id for row in group),
            deadline_at=offers[group[0].pk].deadline_at if group[0].pk in offers else None,
        )
        for position, group in enumerate(groups, start=1)
    ]
