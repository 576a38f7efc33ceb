"""The day sheet: printed with numbered rows, written on by hand, keyed back and made to add up.

Nothing of a sheet is saved unless planned, came, walked in and total agree with what was ticked and written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import Municipality, User
from participants.models import Participant
from participants.people import Details
from programs.sharing import towns_of
from sessions import attendance
from sessions.attendance import Mark, Marked
from sessions.day import counts_of, expected_in_order
from sessions.models import ClassSession, DaySheet, Registration
from sessions.refusals import Refused
from sessions.registration import lock_course, lock_people
from sessions.walk_ins import walk_in


@dataclass(frozen=True)
class Totals:
    """The four figures written at the foot of the paper."""

    planned: int
    came: int
    walked_in: int
    total: int


@dataclass(frozen=True)
class Written:
    """What the paper says: marks by printed number, walk-ins with a name, walk-ins counted per town, totals."""

    marks: Mapping[int, Mark]
    walk_ins: Sequence[Participant | Details]
    heads: Mapping[Municipality, int]
    totals: Totals


@dataclass(frozen=True)
class Keyed:
    """A closed sheet. `returned` had given their seat back and came all the same: they are walk-ins now."""

    sheet: DaySheet
    returned: Sequence[Registration]
    is_short_of_helpers: bool


@dataclass(frozen=True)
class Unclear:
    """What does not fit, in one sentence; falsy, and nothing was saved."""

    sentence: str

    def __bool__(self) -> bool:
        return False


class Figure(models.TextChoices):
    PLANNED = "planned", gettext_lazy("Planned")
    CAME = "came", gettext_lazy("Came")
    WALKED_IN = "walked_in", gettext_lazy("Walked in")
    TOTAL = "total", gettext_lazy("Total")


def print_sheet(class_session: ClassSession, *, by: User) -> DaySheet | Unclear:
    """Freeze the numbered rows as they are now; the number of the sheet finds them again."""
    with transaction.atomic():
        lock_course(class_session.course)
        if ClassSession.objects.get(pk=class_session.pk).is_cancelled:
            return Unclear(str(attendance.Problem.OFF.label))
        rows = [row.pk for row in expected_in_order(class_session)]
        sheet = DaySheet.objects.create(
            class_session=class_session, rows=rows, printed_at=timezone.now(), printed_by=by
        )
        audit.record("sheet.printed", sheet, by=by, municipality=class_session.course.host, rows=len(rows))
    return sheet


def what_does_not_add_up(printed: int, ticked: int, walk_ins: int, totals: Totals) -> Unclear | None:
    """The first of the four figures that is off, and by how much."""
    rows = (
        (Figure.PLANNED, totals.planned, printed),
        (Figure.CAME, totals.came, ticked),
        (Figure.WALKED_IN, totals.walked_in, walk_ins),
        (Figure.TOTAL, totals.total, totals.came + totals.walked_in),
    )
    for figure, written, found in rows:
        if written != found:
            return off_by(figure, written, found)
    return None


def off_by(figure: Figure, written: int, found: int) -> Unclear:
    facts = {"figure": figure.label, "written": written, "found": found, "difference": abs(written - found)}
    if written > found:
        return Unclear(
            _("%(figure)s: %(written)s on paper, but %(found)s keyed in: %(difference)s too many.") % facts
        )
    return Unclear(_("%(figure)s: %(written)s on paper, but %(found)s keyed in: %(difference)s too few.") % facts)


def key_sheet(sheet: DaySheet, written: Written, *, by: User) -> Keyed | Unclear:
    """Write down what the paper says and close the sheet, or say what does not fit and save nothing."""
    with transaction.atomic():
        rows = rows_of(sheet)
        came = [rows[number] for number, mark in written.marks.items() if mark == Mark.PRESENT and number in rows]
        known = [who for who in written.walk_ins if isinstance(who, Participant)]
        lock_people([*(row.participant for row in came), *known])
        session = lock_session(sheet)
        outcome: Keyed | Unclear | None = why_not_key(sheet, session, written, rows)
        if outcome is None:
            outcome = write_all(session, sheet, written, by=by)
        if isinstance(outcome, Unclear):
            transaction.set_rollback(True)
    return outcome


def rows_of(sheet: DaySheet) -> dict[int, Registration]:
    """Registrations by printed number, as they stand now; one that is gone leaves its number empty."""
    found = Registration.objects.select_related("participant", "municipality").in_bulk(sheet.rows)
    return {number: found[key] for number, key in enumerate(sheet.rows, start=1) if key in found}


def lock_session(sheet: DaySheet) -> ClassSession:
    course = lock_course(sheet.class_session.course)
    session = ClassSession.objects.select_related("venue").get(pk=sheet.class_session_id)
    session.course = course
    return session


def why_not_key(
    sheet: DaySheet, session: ClassSession, written: Written, rows: Mapping[int, Registration]
) -> Unclear | None:
    if session.day_sheets.exclude(keyed_at=None).exists():
        return Unclear(
            _("A sheet of this session has been keyed in already. Correct single people on the page of the day.")
        )
    problem = attendance.why_not_now(session)
    if problem is not None:
        return Unclear(str(problem.label))
    if not {town.pk for town in written.heads} <= towns_of(session.course.program):
        return Unclear(_("Only towns of the programme can be counted."))
    gone = [number for number in written.marks if number not in rows]
    if gone:
        return Unclear(
            _("No. %(number)s is not in our records any more. Leave its box empty.") % {"number": gone[0]}
        )
    ticked = sum(mark == Mark.PRESENT for mark in written.marks.values())
    walk_ins = len(written.walk_ins) + sum(written.heads.values())
    return what_does_not_add_up(len(sheet.rows), ticked, walk_ins, written.totals)


def write_all(session: ClassSession, sheet: DaySheet, written: Written, *, by: User) -> Keyed | Unclear:
    rows = rows_of(sheet)
    returned = []
    for number, mark in written.marks.items():
        marked = attendance.mark(rows[number], session, mark, by=by)
        if not isinstance(marked, Marked) and mark == Mark.PRESENT:
            outcome = walk_in(session, rows[number].participant, by=by, is_fact=True)
            if isinstance(outcome, Refused):
                facts = {"number": number, "sentence": outcome.sentence}
                return Unclear(_("No. %(number)s came, but cannot be entered: %(sentence)s") % facts)
            returned.append(outcome.first)
    count_each_town(session, written.heads, by=by)
    counted = {*sheet.rows}
    for who in written.walk_ins:
        outcome = walk_in(session, who, by=by, is_fact=True)
        if isinstance(outcome, Refused):
            return Unclear(_("%(name)s: %(sentence)s") % {"name": who.kana, "sentence": outcome.sentence})
        if outcome.first.pk in counted and outcome.is_repeat:
            return Unclear(_("%(name)s has a seat at this session: tick the number instead.") % {"name": who.kana})
        counted.add(outcome.first.pk)  # may be on the page of the day already, though not on this sheet
    return close(session, sheet, written.totals, returned, by=by)


def count_each_town(session: ClassSession, heads: Mapping[Municipality, int], *, by: User) -> None:
    """How many of each town came without their names being written down."""
    before = set(session.headcounts.values_list("municipality", flat=True))
    for town, people in heads.items():
        if people or town.pk in before:
            attendance.count_heads(session, town, people, by=by)


def close(
    session: ClassSession, sheet: DaySheet, totals: Totals, returned: Sequence[Registration], *, by: User
) -> Keyed:
    sheet.planned, sheet.came = totals.planned, totals.came
    sheet.walked_in, sheet.total = totals.walked_in, totals.total
    sheet.keyed_at, sheet.keyed_by = timezone.now(), by
    sheet.save(update_fields=["planned", "came", "walked_in", "total", "keyed_at", "keyed_by"])
    is_short = counts_of(session).is_short
    audit.record(
        "sheet.keyed",
        sheet,
        by=by,
        municipality=session.course.host,
        total=totals.total,
        short_of_helpers=is_short,
    )
    return Keyed(sheet, returned, is_short)
