"""Seats kept while a clerk is on the telephone, so that what a caller is told stays true until it is written.

A clerk keeps seats for one call at a time. What is kept counts as taken for everybody else;
`registration.register` turns it into seats. It runs out by itself: the background loop then offers it to those
in line.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import User
from participants.models import Channel, Participant
from sessions import waiting_list
from sessions.choosing import reason_against
from sessions.models import ClassSession, Course, SeatHold
from sessions.occupancy import live_holds
from sessions.refusals import Code, Refused
from sessions.registration import has_room, lock_course

LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Kept:
    """What a clerk keeps at the moment: seats by town, of one course or of one time of a consultation day."""

    course: int
    class_session: int | None
    towns: Counter[int]
    until: datetime

    @property
    def seats(self) -> int:
        return self.towns.total()

    def is_for(self, course: Course, class_session: ClassSession | None, people: Iterable[Participant]) -> bool:
        slot = class_session.pk if class_session is not None else None
        return (self.course, self.class_session, self.towns) == (course.pk, slot, towns_of_people(people))


def kept_by(by: User) -> Kept | None:
    """What has not run out yet."""
    rows = list(live_holds(Q(by=by)).order_by("pk"))
    return as_kept(rows) if rows else None


def as_kept(rows: Sequence[SeatHold]) -> Kept:
    towns = Counter({row.municipality_id: row.seats for row in rows})
    return Kept(rows[0].course_id, rows[0].class_session_id, towns, min(row.until for row in rows))


def hold(
    course: Course,
    people: Sequence[Participant],
    *,
    by: User,
    class_session: ClassSession | None = None,
) -> list[SeatHold] | Refused:
    """Keep seats for people who come together, all of them or none; one row a town. People need not be written
    down yet. Asked again for the same it lasts longer; for something else, what was kept before is given back.

    A refusal is not logged: nobody is turned away by it, they can still go on the waiting list.
    """
    with transaction.atomic():
        before, courses = lock_for(by, course)
        course = courses[course.pk]
        wanted = towns_of_people(people)
        code = why_not_kept(course, people, class_session, by=by)
        SeatHold.objects.filter(by=by).delete()
        until = timezone.now() + LASTS
        made = [
            SeatHold(course=course, class_session=class_session, municipality_id=town, seats=n, until=until, by=by)
            for town, n in wanted.items()
            if code is None
        ]
        SeatHold.objects.bulk_create(made)
        live = [row for row in before if row.until > timezone.now()]
        goes_on = bool(made and live) and as_kept(live).is_for(course, class_session, people)
        if not goes_on:
            record(courses.values(), made=made, before=before, by=by)
    return made if code is None else Refused(code)


def release(*, by: User) -> int:
    """Give back at once what the clerk keeps, and offer it to those in line. Returns how many seats it was."""
    with transaction.atomic():
        before, courses = lock_for(by)
        SeatHold.objects.filter(by=by).delete()
        record(courses.values(), made=[], before=before, by=by)
    return sum(row.seats for row in before)


def lock_for(by: User, course: Course | None = None) -> tuple[list[SeatHold], dict[int, Course]]:
    """Lock the clerk, who may have two windows open, then the courses in key order: the one asked for, if any,
    and the one of which something is kept."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    before = list(SeatHold.objects.filter(by=by).select_related("course"))
    concerned = {row.course for row in before} | ({course} if course is not None else set())
    return before, {each.pk: lock_course(each) for each in sorted(concerned, key=lambda each: each.pk)}


def why_not_kept(
    course: Course, people: Sequence[Participant], class_session: ClassSession | None, *, by: User
) -> Code | None:
    if not people:
        return Code.NOBODY
    code = reason_against(course, people, class_session)
    if code is not None:
        return code
    if course.awaits_draw:
        return Code.DRAWN
    if has_room(course, towns_of_people(people), class_session=class_session, by=by):
        return None
    return Code.SLOT_TAKEN if class_session is not None else Code.FULL


def towns_of_people(people: Iterable[Participant]) -> Counter[int]:
    return Counter(person.municipality_id for person in people)


def record(courses: Iterable[Course], *, made: Sequence[SeatHold], before: Sequence[SeatHold], by: User) -> None:
    """Write down what is kept anew and what was given back, which goes to those in line."""
    kept, given_back = ({row.course_id: row.municipality for row in rows} for rows in (made, before))
    for course in courses:
        for act, towns in (("seat_given_back", given_back), ("seat_kept", kept)):
            if course.pk in towns:
                audit.record(f"course.{act}", course, by=by, municipality=towns[course.pk], channel=Channel.PHONE)
        if course.pk in given_back:
            waiting_list.offer_free_seats(course)
