"""A consultation day: one queue of those who booked, who walked in and who are to be called back."""

import uuid
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry, Municipality, User
from accounts.numbers import PhoneNumber
from programs.models import Curriculum
from programs.sharing import towns_of
from sessions import attendance
from sessions.attendance import Mark
from sessions.models import ClassSession, Consultation, Course, Registration
from sessions.registration import lock_course

Way, Outcome = Consultation.Way, Consultation.Outcome


class Problem(models.TextChoices):
    """Why the queue stays as it is: one plain sentence each."""

    NOT_TODAY = "not_today", _("The queue opens on the consultation day itself.")
    OFF = "off", _("This consultation day has been called off.")
    OTHER_TOWN = "other_town", _("The consultation day is for residents of the towns that hold it.")
    NO_NUMBER = "no_number", _("Write down the number to call back.")
    DONE = "done", _("This turn has been finished already. Reopen it to change it.")
    NOT_DONE = "not_done", _("This turn is still open.")
    NO_SEAT = "no_seat", _("This booking does not stand any more.")


def join_queue(
    course: Course,
    way: Consultation.Way,
    *,
    municipality: Municipality,
    by: User,
    age_band: str = "",
    phone: PhoneNumber | None = None,
    submission: uuid.UUID | None = None,
) -> Consultation | Problem:
    """Somebody walks in, whose name is not asked, or is to be called back, whose number is. `submission` makes
    the same filled-in form count once."""
    with transaction.atomic():
        course = lock_course(course)
        earlier = queued_before(course, submission)
        if earlier is not None:
            return earlier
        session = slot_now(course)
        if session is None:
            return Problem.OFF if course.cancelled_at is not None else Problem.NOT_TODAY
        if municipality.pk not in towns_of(course.program):
            return Problem.OTHER_TOWN
        if way == Way.CALL_BACK and phone is None:
            return Problem.NO_NUMBER
        turn = Consultation.objects.create(
            class_session=session,
            way=way,
            municipality=municipality,
            age_band=age_band,
            phone=phone.e164 if phone is not None and way == Way.CALL_BACK else "",
            queued_at=timezone.now(),
            by=by,
        )
        form = {"submission": str(submission)} if submission is not None else {}
        audit.record("consultation.queued", turn, by=by, municipality=municipality, way=way.value, **form)
    return turn


def queued_before(course: Course, submission: uuid.UUID | None) -> Consultation | None:
    """The turn that the same form made today, as the audit names it."""
    if submission is None:
        return None
    made_today = AuditEntry.objects.filter(act="consultation.queued", at__gte=timezone.now() - timedelta(days=1))
    entry = made_today.filter(detail__submission=str(submission)).first()
    return (
        Consultation.objects.filter(class_session__course=course, pk=entry.subject_id).first() if entry else None
    )


def slot_now(course: Course) -> ClassSession | None:
    """The slot that is on, else the next one of the day, else its last; None on any other day."""
    held = [
        session
        for session in course.class_sessions.filter(cancelled_at=None).order_by("starts_at")
        if session.day == timezone.localdate()
    ]
    still = [session for session in held if session.ends_at > timezone.now()]
    return next(iter(still), held[-1] if held else None)


def finish(
    turn: Consultation | Registration, *, topic: Curriculum.Topic, outcome: Consultation.Outcome, by: User
) -> Consultation | Problem:
    """Write down what it was about and how it ended; who booked and was seen is marked present with it."""
    with transaction.atomic():
        course = lock_course(course_of(turn))
        if isinstance(turn, Registration):
            found = turn_of(turn, by=by)
            if isinstance(found, Problem):
                return found
            turn = found
        turn = fresh(turn)
        if turn.done_at is not None:
            is_same = (turn.topic, turn.outcome) == (topic, outcome)
            return turn if is_same else Problem.DONE
        problem = mark_of(turn, Mark.PRESENT if outcome != Outcome.LEFT else None, course=course, by=by)
        if problem is not None:
            transaction.set_rollback(True)
            return problem
        turn.topic, turn.outcome = topic, outcome
        turn.done_at, turn.by = timezone.now(), by
        turn.save(update_fields=["topic", "outcome", "done_at", "by"])
        audit.record(
            "consultation.finished",
            turn,
            by=by,
            municipality=turn.municipality,
            topic=topic.value,
            outcome=outcome.value,
        )
    return turn


def reopen(turn: Consultation, *, by: User) -> Consultation | Problem:
    """Take the end of a turn back; it stands in the queue again where it stood."""
    with transaction.atomic():
        course = lock_course(course_of(turn))
        turn = fresh(turn)
        if turn.done_at is None:
            return Problem.NOT_DONE
        problem = mark_of(turn, None, course=course, by=by)
        if problem is not None:
            transaction.set_rollback(True)
            return problem
        turn.outcome, turn.done_at, turn.by = "", None, by
        turn.save(update_fields=["outcome", "done_at", "by"])
        audit.record("consultation.reopened", turn, by=by, municipality=turn.municipality)
    return turn


def course_of(turn: Consultation | Registration) -> Course:
    return turn.course if isinstance(turn, Registration) else turn.class_session.course


def fresh(turn: Consultation) -> Consultation:
    rows = Consultation.objects.select_related("class_session", "registration", "municipality")
    return rows.get(pk=turn.pk)


def turn_of(booking: Registration, *, by: User) -> Consultation | Problem:
    """The turn of a booking; it is written down only when it is finished."""
    booking = Registration.objects.select_related("class_session", "municipality").get(pk=booking.pk)
    slot = booking.class_session
    if slot is None or not booking.is_confirmed:
        return Problem.NO_SEAT
    turn, _is_new = Consultation.objects.get_or_create(
        registration=booking,
        defaults={
            "class_session": slot,
            "way": Way.BOOKED,
            "municipality": booking.municipality,
            "age_band": booking.age_band,
            "queued_at": slot.starts_at,
            "by": by,
        },
    )
    return turn


def mark_of(turn: Consultation, mark: Mark | None, *, course: Course, by: User) -> Problem | None:
    """Of a booking the mark goes with the turn; others have none. The day must have come."""
    turn.class_session.course = course
    problem = attendance.why_not_now(turn.class_session)
    if problem is None and turn.registration is not None:
        marked = attendance.mark(turn.registration, turn.class_session, mark, by=by)
        problem = marked if isinstance(marked, attendance.Problem) else None
    if problem is None:
        return None
    return {attendance.Problem.OFF: Problem.OFF, attendance.Problem.NOT_HERE: Problem.NO_SEAT}.get(
        problem, Problem.NOT_TODAY
    )
