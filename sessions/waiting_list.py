"""Seats that come free go to those in line: an offer with a deadline, not a gift.

Called by `sessions.registration` alone, with the course locked.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import User
from messaging.waking import add_waking_hours
from participants.models import Channel
from sessions.models import Course, Registration, SeatOffer
from sessions.notices import tell_offer
from sessions.occupancy import seats_of
from sessions.refusals import Code
from sessions.seats import Seats
from sessions.serving import Serving, serve

SHORT_NOTICE = timedelta(hours=24)
LAST_CALL = timedelta(hours=2)


def offer_free_seats(course: Course) -> int:
    """Offer every free seat to the first in line whom it fits; a couple that does not fit keeps its place.
    Returns how many people were offered one."""
    return serve_line(course, seats_of(course))[0]


def serve_line(course: Course, seats: Seats) -> tuple[int, Seats]:
    """Offer the free ones of these seats to those in line, in the way the programme has chosen for couples.
    Returns how many people were offered one, and the seats as somebody new finds them."""
    line, serving = whom_to_serve(course, seats)
    for place in serving.skipped:
        note_skip(line[place])
    for place in serving.served:
        offer(course, line[place])
    return sum(len(line[place]) for place in serving.served), serving.rest


def whom_to_serve(course: Course, seats: Seats) -> tuple[list[list[Registration]], Serving]:
    """The line of a course, and which of its tickets the free ones of these seats go to."""
    if not seats.free or not may_offer(course):
        return [], Serving(rest=seats)
    line = tickets(course.registrations.in_line().select_related("participant", "municipality"))
    wanted = [towns_of_ticket(ticket) for ticket in line]
    return line, serve(wanted, seats, strict_order=course.program.keeps_seats_for_couples)


def left_by_the_line(course: Course, seats: Seats) -> Seats:
    """These seats as somebody new would find them: those in line go first."""
    return whom_to_serve(course, seats)[1].rest


def may_offer(course: Course) -> bool:
    """Not so late that nobody could be asked: one waking hour at least must lie before the deadline."""
    now = timezone.now()
    return course.is_published and add_waking_hours(now, 1) <= deadline_for(course, now)[0]


def tickets(line: Iterable[Registration]) -> list[list[Registration]]:
    """Groups who come together, in the order of their first member."""
    groups: dict[uuid.UUID | int, list[Registration]] = {}
    for registration in line:
        groups.setdefault(registration.party or registration.pk, []).append(registration)
    return list(groups.values())


def towns_of_ticket(ticket: Iterable[Registration]) -> Counter[int]:
    """How many people of which town come together."""
    return Counter(member.municipality_id for member in ticket)


def note_skip(ticket: list[Registration]) -> None:
    """A couple passed over because too few seats are free: kept, so that staff can see why."""
    now = timezone.now()
    members = Registration.objects.filter(pk__in=[member.pk for member in ticket])
    members.filter(Q(skipped_at=None) | Q(skipped_at__lt=now - timedelta(hours=1))).update(skipped_at=now)


def offer(course: Course, ticket: list[Registration]) -> None:
    now = timezone.now()
    deadline, is_short = deadline_for(course, now)
    for member in ticket:
        member.course = course
        member.state = Registration.State.OFFERED
        member.changed_at = now
        member.save(update_fields=["state", "changed_at"])
        made = SeatOffer.objects.create(registration=member, made_at=now, deadline_at=deadline)
        audit.record(
            "registration.offered",
            member,
            by=None,
            municipality=member.municipality,
            channel=Channel.SYSTEM,
        )
        tell_offer(member, made, by_call=is_short)


def deadline_for(course: Course, now: datetime) -> tuple[datetime, bool]:
    """When the answer is due, and whether that is so near the class that staff should call."""
    usual = on_the_half_hour(add_waking_hours(now, course.program.offer_hours))
    if usual <= course.starts_at - SHORT_NOTICE:
        return usual, False
    return min(usual, course.starts_at - LAST_CALL), True


def fit_deadline(course: Course, offer: SeatOffer) -> bool:
    """Give an offer the deadline it would have had, had the class always been held when it is now. True if that
    is another one."""
    fitting, _is_short = deadline_for(course, offer.made_at)
    if offer.deadline_at == fitting:
        return False
    offer.deadline_at = fitting
    offer.save(update_fields=["deadline_at"])
    return True


def on_the_half_hour(moment: datetime) -> datetime:
    """The next full or half hour: a deadline that can be said and remembered."""
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + timedelta(minutes=30) if past else moment


def open_offer(registration: Registration) -> SeatOffer | None:
    return registration.offers.filter(answer=SeatOffer.Answer.OPEN).first()


def why_no_answer(registration: Registration) -> Code | None:
    """Why an offer cannot be answered now, if it cannot."""
    if registration.state in {Registration.State.EXPIRED, Registration.State.DECLINED}:
        return Code.OFFER_OVER
    if not registration.is_offered:
        return Code.NO_OFFER
    return Code.OFFER_OVER if has_lapsed(registration) else None


def has_lapsed(registration: Registration) -> bool:
    found = open_offer(registration)
    return found is not None and found.deadline_at <= timezone.now()


def offered_together(registration: Registration) -> list[Registration]:
    """The registration and, for people who come together, those offered with it; itself first."""
    if registration.party is None:
        return [registration]
    others = (
        Registration.objects.filter(party=registration.party, state=Registration.State.OFFERED)
        .exclude(pk=registration.pk)
        .select_related("participant", "municipality")
    )
    members = [registration, *others]
    for member in members:
        member.course = registration.course
    return members


def close_offer(registration: Registration, answer: str, *, channel: Channel, by: User | None) -> None:
    registration.offers.filter(answer=SeatOffer.Answer.OPEN).update(
        answer=answer, answered_at=timezone.now(), answered_channel=channel, answered_by=by
    )


def with_lapsed_offer() -> QuerySet[Registration]:
    lapsed = SeatOffer.objects.filter(answer=SeatOffer.Answer.OPEN, deadline_at__lte=timezone.now())
    return Registration.objects.filter(pk__in=lapsed.values("registration")).select_related(
        "participant", "course"
    )
