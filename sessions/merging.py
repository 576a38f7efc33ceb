"""Holding two near-empty classes together: one act that moves everybody and tells them."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts import audit
from accounts.japanese import date_label, time_label
from accounts.models import User
from participants.models import Channel
from participants.reach import Rung
from sessions import waiting_list
from sessions.changes import mark_off
from sessions.models import Course, Notice, Registration
from sessions.notices import find_rung, lasts_until, take_back, tell
from sessions.occupancy import seats_of
from sessions.proposing import MergeProblem, Side, sides_of, why_unlike
from sessions.registration import end, lock_course, lock_people
from sessions.seats import Seats

TRIES = 3


@dataclass(frozen=True)
class Merged:
    """The class that is held, and who is told of it; `doubles` had applied to both, and one application ended."""

    course: Course
    told: list[Registration] = field(default_factory=list)
    doubles: list[Registration] = field(default_factory=list)


def merge(gone: Course, into: Course, *, by: User | None) -> Merged | MergeProblem:
    """Hold two classes as one: everybody of `gone` keeps receipt number and state and comes to `into`, each is
    told once, and `gone` is called off. People are locked before courses: who applies in between makes us begin
    again."""
    for _attempt in range(TRIES):
        with transaction.atomic():
            live = Registration.objects.live().filter(course=gone).select_related("participant")
            people = {person.pk for person in lock_people([row.participant for row in live])}
            first, second = (lock_course(course) for course in sorted((gone, into), key=lambda row: row.pk))
            if set(live.values_list("participant", flat=True)) <= people:
                locked = (first, second) if first.pk == gone.pk else (second, first)
                outcome = merge_locked(*locked, by=by)
                if isinstance(outcome, MergeProblem):
                    transaction.set_rollback(True)
                return outcome
            transaction.set_rollback(True)
    return MergeProblem.BUSY


def merge_locked(gone: Course, into: Course, *, by: User | None) -> Merged | MergeProblem:
    leaving, staying = both_sides(gone, into)
    problem = why_not_merge(leaving, staying)
    if problem is not None:
        return problem
    close(gone, into, leaving, by=by)
    twins = {row.participant_id: row for row in into.registrations.live().select_related("participant")}
    live = gone.registrations.live().select_related("participant", "municipality").order_by("pk")
    outcome = Merged(into)
    for registration in live:
        kept = carry_over(registration, twins.get(registration.participant_id), into, by=by)
        outcome.told.append(kept)
        if registration.participant_id in twins:
            outcome.doubles.append(kept)
    if not make_legal(into, by=by):
        return MergeProblem.FULL
    for registration in outcome.told:
        tell_of_merge(registration, leaving, staying, by=by)
    waiting_list.offer_free_seats(into)
    return outcome


def both_sides(gone: Course, into: Course) -> tuple[Side, Side]:
    found = {side.course.pk: side for side in sides_of(Course.objects.filter(pk__in=[gone.pk, into.pk]))}
    leaving, staying = (found.get(course.pk) or Side(course, [], frozenset()) for course in (gone, into))
    return leaving, staying


def why_not_merge(gone: Side, into: Side) -> MergeProblem | None:
    problem = why_unlike(gone, into)
    if problem is None and not into.takes_in(gone):
        return MergeProblem.FULL
    return problem


def carry_over(
    registration: Registration, twin: Registration | None, into: Course, *, by: User | None
) -> Registration:
    """Take one application over. Of two of one person that in the joint class stays, unless only the other has a
    seat; the one that ends is not told of by itself."""
    if twin is not None:
        keeps_twin = twin.state in Registration.SEATED or registration.state not in Registration.SEATED
        ended = registration if keeps_twin else twin
        take_back(ended.notices.all())
        waiting_list.close_offer(ended, "withdrawn", channel=Channel.SYSTEM, by=by)
        end(ended, Registration.State.CANCELLED, channel=Channel.SYSTEM, by=by, reason="merged")
        if keeps_twin:
            twin.course = into
            return twin
    registration.moved_from_id, registration.course, registration.class_session = (
        registration.course_id,
        into,
        None,
    )
    registration.save(update_fields=["course", "moved_from", "class_session"])
    audit.record("registration.moved", registration, by=by, municipality=registration.municipality)
    return registration


def make_legal(into: Course, *, by: User | None) -> bool:
    """Release the kept seats if the people of both towns have no room beside them. False if even then they have
    none."""
    if seats_of(into).is_legal:
        return True
    into.quota_release_at = timezone.now()
    into.save(update_fields=["quota_release_at"])
    audit.record("course.seats_changed", into, by=by, municipality=into.host, capacity=into.capacity)
    return seats_of(into).is_legal


def close(gone: Course, into: Course, leaving: Side, *, by: User | None) -> None:
    with translation.override("ja"):
        words = gettext("Held together with %(title)s of %(town)s") % {"title": into.title, "town": into.host}
    reason = Truncator(words).chars(60)
    gone.cancelled_at, gone.cancel_reason, gone.merged_into = timezone.now(), reason, into
    gone.save(update_fields=["cancelled_at", "cancel_reason", "merged_into"])
    for class_session in leaving.coming:
        mark_off(class_session, reason)
    audit.record("course.merged", gone, by=by, municipality=gone.host, into=into.pk)


def tell_of_merge(registration: Registration, leaving: Side, staying: Side, *, by: User | None) -> None:
    """One notice, by when the first of the two classes would begin. An offer goes on in the new words."""
    start = staying.first.starts_at
    by_when = min(leaving.first.starts_at, start)
    rung = find_rung(registration, by_when)
    said: dict[str, Any] = {"from_title": leaving.course.title, "registration": registration}
    expires_at = lasts_until(Notice.Kind.MERGED, staying.first)
    offer = waiting_list.open_offer(registration)
    if offer is not None:
        waiting_list.fit_deadline(registration.course, offer)
        expires_at = offer.deadline_at
        deadline = timezone.localtime(expires_at)
        said["deadline_day"] = date_label(deadline.date(), language="ja")
        said["deadline_time"] = time_label(deadline)
        rung = Rung("call", rung.number) if rung.name == "postcard" else rung
        said["is_spoken"] = rung.name != "sms"
    tell(
        registration,
        Notice.Kind.MERGED,
        by=by,
        key=f"merged:{registration.pk}:{leaving.course.pk}",
        rung=rung,
        said=said,
        by_when=by_when,
        expires_at=expires_at,
    )


def releases_quotas(gone: Course, into: Course) -> bool:
    """Whether the seats kept for towns would have to be released for everybody to fit."""
    seats = seats_of(into)
    here = set(into.registrations.filter(state__in=Registration.SEATED).values_list("participant", flat=True))
    coming = gone.registrations.filter(state__in=Registration.SEATED).exclude(participant__in=here)
    more: dict[int, int] = {}
    for town in coming.values_list("municipality", flat=True):
        more[town] = more.get(town, 0) + 1
    return not Seats(seats.capacity, seats.quotas, seats.taken, seats.is_released).fits(more)
