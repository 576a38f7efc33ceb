"""The lottery of a course in three steps: settle the entries, draw, publish.

Seed and entries are written down before the draw, and the draw depends on nothing else; nobody is told before the
result is published. Each step is done once, under the lock of the course.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, User
from messaging.waking import not_in_the_night
from participants.models import Channel
from sessions import waiting_list
from sessions.lots import Entries, Entry, drawn, hash_of, read_result
from sessions.models import Course, LotteryDraw, Notice, Registration, receipt_key
from sessions.notices import tell
from sessions.occupancy import seats_of
from sessions.priorities import WEIGHTS, priorities_of
from sessions.registration import confirm, end, lock_course, put_in_line
from sessions.waiting_list import tickets, towns_of_ticket

State = Registration.State


class Problem(models.TextChoices):
    """Why a step of the draw cannot be taken: one plain sentence each."""

    FIRST_COME = "first_come", _("The seats of this class are not drawn.")
    DRAFT = "draft", _("The class is not published yet.")
    CALLED_OFF = "called_off", _("This class has been called off.")
    OPEN = "open", _("Applications are still open. Lots are drawn after they close.")
    BEGUN = "begun", _("The class has already begun.")
    NOBODY = "nobody", _("Nobody has applied: there is nothing to draw.")
    SETTLED = "settled", _("The entries are settled already. They do not change any more.")
    NOT_SETTLED = "not_settled", _("The entries must be settled before lots are drawn.")
    DRAWN = "drawn", _("The lots are drawn already. A draw is held once.")
    NOT_DRAWN = "not_drawn", _("The lots must be drawn before the result is published.")
    PUBLISHED = "published", _("The result is published already.")
    TAMPERED = "tampered", _("The recorded entries were changed after they were settled. Lots cannot be drawn.")


class Difference(models.TextChoices):
    """What speaks against the record of a draw when it is checked: one plain sentence each."""

    NO_RECORD = "no_record", _("No draw of this class is recorded.")
    HASH = "hash", _("The recorded entries do not match the hash that was recorded with them.")
    RESULT = "result", _("Drawn again from the recorded seed and entries, the result is another one.")
    RANKS = "ranks", _("The order kept with the applications is not that of the recorded result.")


def settle(course: Course, *, by: User | None) -> LotteryDraw | Problem:
    """Write down a random seed and everything the draw depends on; from then on the entries do not change."""
    with transaction.atomic():
        course = lock_course(course)
        applied = applied_to(course)
        problem = why_not_settle(course, applied)
        if problem is not None:
            return problem
        for registration, priority in zip(applied, priorities_of(course, applied).values(), strict=True):
            registration.priority = priority
        Registration.objects.bulk_update(applied, ["priority"])
        entries = entries_of(course, applied).text
        record = LotteryDraw.objects.create(
            course=course,
            seed=secrets.token_hex(),
            entries=entries,
            entries_hash=hash_of(entries),
            settled_at=timezone.now(),
            settled_by=by,
        )
        audit.record("draw.settled", course, by=by, municipality=course.host, people=len(applied))
    return record


def applied_to(course: Course) -> list[Registration]:
    rows = course.registrations.filter(state=State.APPLIED).select_related("participant", "municipality")
    return list(rows.order_by("pk"))


def why_not_settle(course: Course, applied: Iterable[Registration]) -> Problem | None:
    if record_of(course) is not None:
        return Problem.SETTLED
    if course.is_first_come:
        return Problem.FIRST_COME
    if course.published_at is None:
        return Problem.DRAFT
    if course.cancelled_at is not None:
        return Problem.CALLED_OFF
    if timezone.now() < course.closes_at:
        return Problem.OPEN
    if course.has_started:
        return Problem.BEGUN
    return None if applied else Problem.NOBODY


def record_of(course: Course) -> LotteryDraw | None:
    return LotteryDraw.objects.filter(course=course).first()


def entries_of(course: Course, applied: Iterable[Registration]) -> Entries:
    seats, program = seats_of(course), course.program
    towns = Municipality.objects.in_bulk([*seats.quotas, *seats.taken])
    codes = {key: code_of(town) for key, town in towns.items()}
    return Entries(
        capacity=seats.capacity,
        quotas={codes[town]: count for town, count in seats.quotas.items()},
        taken={codes[town]: count for town, count in seats.taken.items()},
        is_released=seats.is_released,
        couples=program.couple_policy,
        priorities=[each.value for each in WEIGHTS if each in program.draw_priorities],
        tickets=[
            Entry(
                [member.receipt_number for member in ticket],
                [code_of(member.municipality) for member in ticket],
                ticket[0].priority,
            )
            for ticket in tickets(applied)
        ],
    )


def code_of(town: Municipality) -> str:
    """The six digits of a town; an organisation that has none is told by its key."""
    return town.code or f"no{town.pk}"


def draw(course: Course, *, by: User | None) -> LotteryDraw | Problem:
    """Draw the settled entries and keep the result; the applications stay as they are and nobody is told."""
    with transaction.atomic():
        course = lock_course(course)
        record = record_of(course)
        problem = why_not_draw(course, record)
        if problem is not None or record is None:
            return problem or Problem.NOT_SETTLED
        record.result = drawn(record.entries, record.seed)
        record.drawn_at, record.drawn_by = timezone.now(), by
        record.save(update_fields=["result", "drawn_at", "drawn_by"])
        ranks = ranks_in(record)
        rows = list(course.registrations.filter(pk__in=ranks))
        for registration in rows:
            registration.draw_rank = ranks[registration.pk]
        Registration.objects.bulk_update(rows, ["draw_rank"])
        audit.record("draw.drawn", course, by=by, municipality=course.host, people=len(rows))
    return record


def why_not_draw(course: Course, record: LotteryDraw | None) -> Problem | None:
    if course.is_first_come:
        return Problem.FIRST_COME
    if record is None:
        return Problem.NOT_SETTLED
    if record.drawn_at is not None:
        return Problem.DRAWN
    if hash_of(record.entries) != record.entries_hash:
        return Problem.TAMPERED
    return why_too_late(course)


def why_too_late(course: Course) -> Problem | None:
    if course.cancelled_at is not None:
        return Problem.CALLED_OFF
    return Problem.BEGUN if course.has_started else None


def why_not(course: Course, record: LotteryDraw | None) -> tuple[str, Problem | None]:
    """The step that comes next, and what speaks against it now."""
    if record is None:
        return "settle", why_not_settle(course, applied_to(course))
    if record.drawn_at is None:
        return "draw", why_not_draw(course, record)
    return "publish", why_not_publish(course, record)


def ranks_in(record: LotteryDraw) -> dict[int, int]:
    """The rank of each registration of the result, by its key."""
    return {
        receipt_key(receipt) or 0: place.rank for place in read_result(record.result) for receipt in place.receipts
    }


def publish(course: Course, *, by: User | None) -> LotteryDraw | Problem:
    """Give those drawn their seats, put the others in line in the order of the draw, and tell everybody."""
    with transaction.atomic():
        course = lock_course(course)
        record = record_of(course)
        problem = why_not_publish(course, record)
        if problem is not None or record is None:
            return problem or Problem.NOT_DRAWN
        record.published_at, record.published_by = timezone.now(), by
        record.save(update_fields=["published_at", "published_by"])
        losers = seat_those_drawn(course, record, by=by)
        if waiting_list.may_offer(course):
            line_up(course, losers, by=by)
        else:
            for registration in losers:
                end(registration, State.LOST, channel=Channel.SYSTEM, by=by)
                tell(registration, Notice.Kind.LOST, by=by)
        audit.record("draw.published", course, by=by, municipality=course.host, not_drawn=len(losers))
    return record


def why_not_publish(course: Course, record: LotteryDraw | None) -> Problem | None:
    if course.is_first_come:
        return Problem.FIRST_COME
    if record is None or record.drawn_at is None:
        return Problem.NOT_DRAWN
    if record.published_at is not None:
        return Problem.PUBLISHED
    return why_too_late(course)


def seat_those_drawn(course: Course, record: LotteryDraw, *, by: User | None) -> list[Registration]:
    """Confirm those drawn who have not cancelled since. Returns the others in the order of the draw."""
    drawn_ones = {
        receipt_key(receipt)
        for place in read_result(record.result)
        if place.has_seat
        for receipt in place.receipts
    }
    rows = sorted(applied_to(course), key=lambda row: (row.draw_rank is None, row.draw_rank or 0, row.pk))
    seats, losers = seats_of(course), []
    for ticket in tickets(rows):
        wanted = towns_of_ticket(ticket)
        if ticket[0].pk not in drawn_ones or not seats.fits(wanted):
            losers += ticket
            continue
        seats = seats.plus(wanted)
        for registration in ticket:
            registration.course = course
            confirm(registration, channel=Channel.SYSTEM, by=by, said={"is_drawn": True}, row=by_day())
    return losers


def by_day() -> dict[str, datetime]:
    """Results are told by day, whenever they are published."""
    return {"due_at": not_in_the_night(timezone.now())}


def line_up(course: Course, losers: Iterable[Registration], *, by: User | None) -> None:
    """Put those not drawn in line. A seat that came free since the draw is offered first, so that nobody is told
    a place in line that is not theirs any more."""
    for registration in losers:
        put_in_line(registration, by=by)
    waiting_list.offer_free_seats(course)
    not_drawn = {registration.pk for registration in losers}
    line = course.registrations.in_line().select_related("participant", "municipality")
    for place, ticket in enumerate(tickets(line), start=1):
        for registration in (member for member in ticket if member.pk in not_drawn):
            registration.course = course
            said = {"is_drawn": True, "place": place}
            tell(registration, Notice.Kind.WAITING, by=by, said=said, row=by_day())


def verify(course: Course) -> Difference | None:
    """Check the record of a draw by drawing again from it. None: everything is as recorded."""
    record = record_of(course)
    if record is None:
        return Difference.NO_RECORD
    if hash_of(record.entries) != record.entries_hash:
        return Difference.HASH
    if again(record) != record.result:
        return Difference.RESULT
    kept = course.registrations.filter(draw_rank__isnull=False).values_list("pk", "draw_rank")
    return None if dict(kept) == ranks_in(record) else Difference.RANKS


def again(record: LotteryDraw) -> str | None:
    """What the draw would give now; nothing before it is held, None if the entries cannot be read."""
    try:
        return drawn(record.entries, record.seed) if record.drawn_at else ""
    except ValueError:
        return None
