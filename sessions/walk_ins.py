"""People who come on the day without having applied, and the helpers that allow it.

A walk-in takes nobody's seat: booked seats stay with those who booked them until they are marked absent, and the
seat rule counts the booked alone. What limits walk-ins is who is there: the helpers and the room.
"""

import uuid
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from participants.models import Channel, Participant
from participants.people import Details, add_person
from programs.sharing import towns_of
from sessions.attendance import Mark, Problem, midnight_of, note, set_mark, why_not_now
from sessions.day import Counts, counts_of
from sessions.intake import ASKED_ALOUD, WORDING, taken_before
from sessions.models import ClassSession, Course, Registration
from sessions.refusals import Code, Refused, refuse
from sessions.registration import (
    Done,
    accept,
    expire,
    lock_course,
    lock_people,
    seat_walk_in,
    unseat_walk_in,
    write,
)
from sessions.waiting_list import has_lapsed

State = Registration.State
MOST_HELPERS = 200


class NoWalkIn(models.TextChoices):
    """Why a walk-in cannot be taken back."""

    BOOKED = "booked", _("This person had applied: mark them instead of removing them.")
    ALREADY = "already", _("This walk-in has been removed already.")
    LATER = "later", _("This person has come to a later session too and is not removed.")


@dataclass(frozen=True)
class Helped:
    """The helpers as counted now, and the counts of the day with them."""

    counts: Counts

    @property
    def is_short(self) -> bool:
        return self.counts.is_short


def walk_in(
    class_session: ClassSession,
    who: Participant | Details,
    *,
    by: User | None,
    submission: uuid.UUID | None = None,
    is_fact: bool = False,
) -> Done | Refused:
    """Seat somebody who has come without a seat and mark them present; who has one is only marked present.

    `is_fact`: written on the paper of the day that they came, so helpers, room and hour are asked no more.
    """
    with transaction.atomic():
        person = who if isinstance(who, Participant) else write_down(who, by=by)
        person = lock_people([person])[0]
        course = lock_course(class_session.course)
        session = ClassSession.objects.select_related("venue").get(pk=class_session.pk)
        session.course = course
        is_new = isinstance(who, Details)
        outcome = admit(session, person, by=by, submission=submission, is_fact=is_fact, is_new=is_new)
        if is_new and (isinstance(outcome, Refused) or outcome.is_repeat):
            transaction.set_rollback(True)
    if isinstance(who, Details) and isinstance(outcome, Refused):
        # The refusal went with the person: it is logged once more, without them.
        refuse(outcome.code, course=course, channel=Channel.COUNTER, municipality=who.municipality)
    return outcome


def write_down(newcomer: Details, *, by: User | None) -> Participant:
    return add_person(newcomer, channel=Channel.COUNTER, by=by, consents=ASKED_ALOUD, wording=WORDING)


def admit(
    session: ClassSession,
    person: Participant,
    *,
    by: User | None,
    submission: uuid.UUID | None,
    is_fact: bool,
    is_new: bool,
) -> Done | Refused:
    """Runs under the locks of person and course; `is_new`: written down a moment ago, by this very form."""
    course = session.course
    earlier = taken_before(submission) if submission is not None else []
    if earlier and (is_new or earlier[0].participant_id == person.pk):  # of a household each has a button
        return Done(earlier, is_repeat=True)
    live = live_application(course, person)
    code = why_no_walk_in(session, person, is_fact=is_fact)
    has_seat = live is not None and live.state in Registration.SEATED and is_for(live, session)
    if code is None and not has_seat and not is_fact:
        code = why_no_place(session)
    if code is None and live is not None and not is_for(live, session):
        code = Code.SLOT_TAKEN
    if code is not None:
        return refuse(
            code,
            course=course,
            channel=Channel.COUNTER,
            municipality=person.municipality,
            participant=person,
        )
    done = seat(session, person, live, by=by, submission=submission)
    if isinstance(done, Refused):
        return done
    marked = set_mark(done.first, session, Mark.PRESENT, by=by)
    if not marked.is_repeat:
        note("attendance.marked", marked, session, by=by)
    return done


def live_application(course: Course, person: Participant) -> Registration | None:
    """What the person has at this moment: an offer nobody has answered in time is none, told so or not."""
    live = course.registrations.live().filter(participant=person).first()
    if live is not None and live.is_offered and has_lapsed(live):
        expire(live)
        live = course.registrations.live().filter(participant=person).first()
    if live is not None:
        live.course = course
    return live


def is_for(registration: Registration, session: ClassSession) -> bool:
    return registration.class_session_id in {None, session.pk}


def seat(
    session: ClassSession,
    person: Participant,
    live: Registration | None,
    *,
    by: User | None,
    submission: uuid.UUID | None,
) -> Done | Refused:
    """The seat somebody has or is offered; else one beside the booked ones."""
    if live is not None and live.is_confirmed:
        return Done([live], is_repeat=True)
    if live is not None and live.is_offered:
        return accept(live, channel=Channel.COUNTER, by=by)
    if live is not None:
        seat_walk_in(live, by=by)
        return Done([live])
    return Done(
        [
            write(
                Registration(
                    course=session.course,
                    class_session=session if session.course.by_slot else None,
                    participant=person,
                    state=State.CONFIRMED,
                    channel=Channel.COUNTER,
                    taken_by=by,
                    submission=submission,
                    is_walk_in=True,
                )
            )
        ]
    )


def why_no_walk_in(session: ClassSession, person: Participant, *, is_fact: bool) -> Code | None:
    """What speaks against it whoever helps and however large the room is."""
    course: Course = session.course
    if course.published_at is None:
        return Code.UNKNOWN_CODE
    if session.is_cancelled or course.cancelled_at is not None:
        return Code.CALLED_OFF
    has_applied = course.registrations.filter(participant=person).exists()  # perhaps before their town left
    if not has_applied and person.municipality_id not in towns_of(course.program):
        return Code.OTHER_TOWN
    is_today = timezone.localdate() == session.day
    if is_fact:
        is_today = timezone.now() >= midnight_of(session) and why_not_now(session) is None
    return None if is_today else Code.NOT_TODAY


def why_no_place(session: ClassSession) -> Code | None:
    """Helpers look after those who are here; places are kept for all who are not marked absent."""
    counts = counts_of(session)
    if not counts.ratio_allows_one_more:
        return Code.RATIO
    return None if counts.room_allows_one_more else Code.ROOM


def undo_walk_in(
    registration: Registration, class_session: ClassSession, *, by: User | None
) -> NoWalkIn | Problem | None:
    """Take a walk-in back that was a slip; no seat comes free by it and no message is sent. None: done."""
    with transaction.atomic():
        lock_people([registration.participant])
        course = lock_course(class_session.course)
        row = Registration.objects.select_related("participant", "municipality").get(pk=registration.pk)
        row.course = course
        session = ClassSession.objects.get(pk=class_session.pk)
        problem = why_not_undo(row, session)
        if problem is not None:
            return problem
        marked = set_mark(row, session, None, by=by)
        if not marked.is_repeat:
            note("attendance.marked", marked, session, by=by)
        unseat_walk_in(row, by=by)
    return None


def why_not_undo(registration: Registration, session: ClassSession) -> NoWalkIn | Problem | None:
    if not registration.is_walk_in:
        return NoWalkIn.BOOKED
    if not registration.is_confirmed:
        return NoWalkIn.ALREADY
    if registration.attendances.exclude(class_session=session).exists():
        return NoWalkIn.LATER
    return why_not_now(session)


def set_helpers(class_session: ClassSession, helpers: int | None, *, by: User | None) -> Helped:
    """Count the helpers of the day anew; None goes back to the rota. Too few warn and send nobody away."""
    with transaction.atomic():
        course = lock_course(class_session.course)
        session = ClassSession.objects.select_related("venue").get(pk=class_session.pk)
        session.course = course
        if session.helpers != helpers:
            audit.record(
                "session.helpers_counted",
                session,
                by=by,
                municipality=course.host,
                old=session.helpers,
                new=helpers,
            )
            session.helpers = helpers
            session.save(update_fields=["helpers"])
        counts = counts_of(session)
    return Helped(counts)
