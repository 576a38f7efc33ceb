"""The only writer of registrations: whoever applies, cancels, accepts or declines, it happens here.

Every verb locks person, then course, judges the seats under the lock, writes, audits and queues what the person
is told, in one transaction. Refusals are values (`sessions.refusals`).
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from messaging.steps import for_each
from participants.models import BY_HAND, Channel, Participant
from participants.reach import Rung
from programs.sharing import towns_of
from sessions import waiting_list
from sessions.models import ClassSession, Course, Notice, Registration, SeatHold
from sessions.notices import tell
from sessions.occupancy import held_by, seats_of, seats_of_all
from sessions.refusals import Code, Refused, refuse

State = Registration.State
SPOKEN = Rung("call", "")  # told face to face: no text is sent after somebody who stands here


@dataclass(frozen=True)
class Done:
    """What was written; `is_repeat` when it stood so already and nothing changed."""

    registrations: list[Registration]
    is_repeat: bool = False

    @property
    def first(self) -> Registration:
        return self.registrations[0]


def register(
    course: Course,
    people: Sequence[Participant],
    *,
    channel: Channel,
    by: User | None = None,
    class_session: ClassSession | None = None,
    may_wait: bool = True,
    submission: uuid.UUID | None = None,
    proxy: str = "",
) -> Done | Refused:
    """Give people who come together seats, or a place on the waiting list: all of them or none.

    `submission` makes the same filled-in form count once. Seats of the course that `by` has kept for them while
    they were on the telephone are turned into theirs.
    """
    with transaction.atomic():
        people = lock_people(people)
        course = lock_course(course)
        earlier = already_registered(course, people, submission)
        if earlier:
            return Done(earlier, is_repeat=True)
        is_hidden = not course.is_listed and channel not in BY_HAND
        code = Code.UNKNOWN_CODE if is_hidden else why_not(course, people, class_session)
        if code is not None:
            return refuse_each(code, course, people, channel)
        state = fitting_state(course, people, class_session, by=by)
        if state == State.WAITING and (not may_wait or class_session is not None):
            code = Code.SLOT_TAKEN if class_session is not None else Code.FULL
            return refuse_each(code, course, people, channel)
        fields: dict[str, Any] = {"state": state, "channel": channel, "taken_by": by, "proxy": proxy}
        fields |= {"course": course, "class_session": class_session, "submission": submission}
        party = uuid.uuid4() if len(people) > 1 else None
        written = [write(Registration(participant=person, party=party, **fields)) for person in people]
        if by is not None and SeatHold.objects.filter(course=course, by=by).delete()[0]:
            waiting_list.offer_free_seats(course)  # more may have been kept than were needed
    return Done(written)


def lock_people(people: Sequence[Participant]) -> list[Participant]:
    """Lock in key order, so that two callers never wait for each other; returned in the order given."""
    keys = sorted(person.pk for person in people)
    rows = Participant.objects.select_for_update(of=("self",)).select_related("municipality")
    fresh = {person.pk: person for person in rows.filter(pk__in=keys).order_by("pk")}
    return [fresh[person.pk] for person in people if person.pk in fresh]


def lock_course(course: Course) -> Course:
    return (
        Course.objects.select_for_update(of=("self",))
        .select_related("program__lead", "host", "line")
        .get(pk=course.pk)
    )


def already_registered(
    course: Course, people: Sequence[Participant], submission: uuid.UUID | None
) -> list[Registration]:
    """What a second click or a second caller finds: everybody's live registration, if all have one."""
    if submission is not None:
        same_form = list(course.registrations.filter(submission=submission).order_by("pk"))
        if same_form:
            return same_form
    live = {row.participant_id: row for row in course.registrations.live().filter(participant__in=people)}
    return [live[person.pk] for person in people] if people and len(live) == len(set(people)) else []


def why_not(course: Course, people: Sequence[Participant], class_session: ClassSession | None) -> Code | None:
    """The first reason that speaks against applying, before seats are looked at."""
    if not people:
        return Code.NOBODY
    code = why_closed(course)
    if code is not None:
        return code
    if not {person.municipality_id for person in people} <= towns_of(course.program):
        return Code.OTHER_TOWN
    if course.registrations.live().filter(participant__in=people).exists():
        return Code.PARTLY
    if course.by_slot:
        return why_not_slot(course, class_session)
    return None


def why_closed(course: Course) -> Code | None:
    """Why nobody at all can apply at the moment, if so."""
    now = timezone.now()
    if course.published_at is None:
        return Code.UNKNOWN_CODE
    if course.cancelled_at is not None:
        return Code.CALLED_OFF
    if course.ends_at <= now:
        return Code.OVER
    if now < course.opens_at:
        return Code.NOT_OPEN_YET
    if now >= course.closes_at or (course.has_started and not course.by_slot):
        return Code.CLOSED
    return None


def why_not_slot(course: Course, class_session: ClassSession | None) -> Code | None:
    if class_session is None or class_session.course_id != course.pk:
        return Code.SLOT_NEEDED
    if class_session.is_cancelled or class_session.starts_at <= timezone.now():
        return Code.SLOT_TAKEN
    return None


def refuse_each(code: Code, course: Course, people: Sequence[Participant], channel: Channel) -> Refused:
    for person in people:
        refuse(code, course=course, channel=channel, municipality=person.municipality, participant=person)
    return Refused(code)


def fitting_state(
    course: Course, people: Sequence[Participant], class_session: ClassSession | None, *, by: User | None
) -> Registration.State:
    """Seat, waiting list or lottery pool."""
    if course.awaits_draw:
        return State.APPLIED
    wanted = Counter(person.municipality_id for person in people)
    return State.CONFIRMED if has_room(course, wanted, class_session=class_session, by=by) else State.WAITING


def has_room(course: Course, wanted: Counter[int], *, class_session: ClassSession | None, by: User | None) -> bool:
    """Whether people of these towns can be seated now, with the course locked. Those who wait go first, so they
    are served before anybody new, but not with the seats that `by` keeps for somebody on the telephone."""
    if class_session is not None:
        slot = seats_of(course, class_session=class_session)
        if not slot.less(held_by(by, class_session=class_session)).fits(wanted):
            return False
    seats = seats_of(course)
    kept = held_by(by, course=course)  # counted after the seats: what has run out between the two is not free
    if seats.less(kept).fits(wanted):
        _offered, seats = waiting_list.serve_line(course, seats)
    return seats.less(kept).fits(wanted)


def write(registration: Registration) -> Registration:
    now = timezone.now()
    person = registration.participant
    registration.municipality = person.municipality
    registration.age_band = person.age_band_in(timezone.localdate(now).year)
    registration.applied_at = registration.changed_at = now
    if registration.is_confirmed:
        registration.confirmed_at = now
    if registration.is_waiting:
        registration.waiting_since = now
    registration.save(force_insert=True)
    audit.record(
        f"registration.{registration.state}",
        registration,
        by=registration.taken_by,
        municipality=registration.municipality,
        channel=registration.channel,
    )
    tell(
        registration,
        Notice.Kind(registration.state),
        channel=Channel(registration.channel),
        by=registration.taken_by,
        rung=SPOKEN if registration.is_walk_in else None,
        is_first=True,
    )
    return registration


def cancel(
    registration: Registration, *, channel: Channel, by: User | None = None, reason: str = ""
) -> Done | Refused:
    """End a live registration at the person's wish; a seat that comes free is offered to the next in line."""
    with transaction.atomic():
        course, registration = lock_registration(registration)
        if registration.state == State.CANCELLED:
            return Done([registration], is_repeat=True)
        if not registration.is_live:
            return refuse_each(Code.NOT_LIVE, course, [registration.participant], channel)
        if course.is_over:
            return refuse_each(Code.OVER, course, [registration.participant], channel)
        had_seat = registration.state in Registration.SEATED
        waiting_list.close_offer(registration, "withdrawn", channel=channel, by=by)
        end(registration, State.CANCELLED, channel=channel, by=by, reason=reason)
        tell(registration, Notice.Kind.CANCELLED, channel=channel, by=by)
        if had_seat or registration.party:  # who waits on without a partner needs one seat only
            waiting_list.offer_free_seats(course)
    return Done([registration])


def lock_registration(registration: Registration) -> tuple[Course, Registration]:
    """Lock person, then course, then read the registration again: it may have changed meanwhile."""
    lock_people([registration.participant])
    course = lock_course(registration.course)
    fresh = Registration.objects.select_related("participant", "municipality", "class_session__venue").get(
        pk=registration.pk
    )
    fresh.course = course
    return course, fresh


def end(
    registration: Registration,
    state: Registration.State,
    *,
    channel: Channel,
    by: User | None,
    reason: str = "",
) -> None:
    registration.state = state
    registration.changed_at = timezone.now()
    registration.ended_by = by
    registration.ended_channel = channel
    registration.ended_reason = reason
    registration.save(update_fields=["state", "changed_at", "ended_by", "ended_channel", "ended_reason"])
    audit.record(
        f"registration.{state}",
        registration,
        by=by,
        municipality=registration.municipality,
        channel=channel,
        reason=reason,
    )


def accept(registration: Registration, *, channel: Channel, by: User | None = None) -> Done | Refused:
    """Take the seat that is offered, for everybody of the party; once more changes nothing."""
    with transaction.atomic():
        course, registration = lock_registration(registration)
        if registration.is_confirmed:
            return Done([registration], is_repeat=True)
        code = waiting_list.why_no_answer(registration)
        if code is not None:
            return refuse_each(code, course, [registration.participant], channel)
        party = waiting_list.offered_together(registration)
        for member in party:
            waiting_list.close_offer(member, "accepted", channel=channel, by=by)
            confirm(member, channel=channel, by=by)
    return Done(party)


def confirm(registration: Registration, *, channel: Channel, by: User | None, **told: Any) -> None:
    """Give the seat and tell it; `told` goes to `notices.tell`."""
    registration.state = State.CONFIRMED
    registration.changed_at = registration.confirmed_at = timezone.now()
    registration.save(update_fields=["state", "changed_at", "confirmed_at"])
    audit.record(
        "registration.confirmed", registration, by=by, municipality=registration.municipality, channel=channel
    )
    tell(registration, Notice.Kind.CONFIRMED, channel=channel, by=by, **told)


def put_in_line(registration: Registration, *, by: User | None) -> None:
    """From the lottery pool to the waiting list; the caller tells the place in line."""
    registration.state = State.WAITING
    registration.changed_at = registration.waiting_since = timezone.now()
    registration.save(update_fields=["state", "changed_at", "waiting_since"])
    audit.record("registration.waiting", registration, by=by, municipality=registration.municipality)


def decline(registration: Registration, *, channel: Channel, by: User | None = None) -> Done | Refused:
    """Leave the offered seat to the next in line."""
    with transaction.atomic():
        course, registration = lock_registration(registration)
        if registration.state == State.DECLINED:
            return Done([registration], is_repeat=True)
        code = waiting_list.why_no_answer(registration)
        if code is not None:
            return refuse_each(code, course, [registration.participant], channel)
        party = waiting_list.offered_together(registration)
        for member in party:
            waiting_list.close_offer(member, "declined", channel=channel, by=by)
            end(member, State.DECLINED, channel=channel, by=by)
            tell(member, Notice.Kind.DECLINED, channel=channel, by=by)
        waiting_list.offer_free_seats(course)
    return Done(party)


def expire_offers() -> int:
    """Close every offer whose deadline has passed and offer the seat to the next. Returns how many lapsed."""
    return for_each(waiting_list.with_lapsed_offer(), expire)


def expire(registration: Registration) -> int:
    with transaction.atomic():
        course, registration = lock_registration(registration)
        party = waiting_list.offered_together(registration)
        if not waiting_list.has_lapsed(registration):
            return 0
        for member in party:
            waiting_list.close_offer(member, "expired", channel=Channel.SYSTEM, by=None)
            end(member, State.EXPIRED, channel=Channel.SYSTEM, by=None)
            tell(member, Notice.Kind.EXPIRED)
        waiting_list.offer_free_seats(course)
    return len(party)


def offer_released_seats() -> int:
    """Offer seats of courses whose quota was released or that have room for somebody in line. Returns how many."""
    waiting = Registration.objects.filter(state=State.WAITING).values("course").distinct()
    courses = list(Course.objects.upcoming().filter(pk__in=waiting).order_by("pk"))
    seats = seats_of_all(courses)
    return for_each((course for course in courses if seats[course.pk].free), offer_seats)


def offer_seats(course: Course) -> int:
    with transaction.atomic():
        return waiting_list.offer_free_seats(lock_course(course))


def seat_walk_in(registration: Registration, *, by: User | None) -> None:
    """Somebody of the waiting list or the draw has come on the day and stays, beside the booked seats."""
    registration.is_walk_in = True
    registration.confirmed_at = timezone.now()
    stand_on_the_spot(registration, State.CONFIRMED, by=by)


def unseat_walk_in(registration: Registration, *, by: User | None) -> None:
    """The walk-in was a slip: who waited or was to be drawn stands so again, any other application ends."""
    was_to_be_drawn = registration.course.awaits_draw and registration.applied_at != registration.confirmed_at
    if registration.waiting_since is not None or was_to_be_drawn:
        registration.is_walk_in, registration.confirmed_at = False, None
        stand_on_the_spot(registration, State.APPLIED if was_to_be_drawn else State.WAITING, by=by)
        return
    end(registration, State.CANCELLED, channel=Channel.COUNTER, by=by, reason="walk_in_undone")
    tell(registration, Notice.Kind.CANCELLED, channel=Channel.COUNTER, by=by, rung=SPOKEN)


def stand_on_the_spot(registration: Registration, state: Registration.State, *, by: User | None) -> None:
    registration.state = state
    registration.changed_at = timezone.now()
    registration.save(update_fields=["state", "is_walk_in", "confirmed_at", "changed_at"])
    audit.record(
        f"registration.{state}",
        registration,
        by=by,
        municipality=registration.municipality,
        channel=Channel.COUNTER,
    )
    tell(registration, Notice.Kind(state), channel=Channel.COUNTER, by=by, rung=SPOKEN)
