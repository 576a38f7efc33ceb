"""受付簿 and 名簿: people in rows, as far as the town that prints them may see them (sessions/roster.py)."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.japanese import clock_label
from accounts.phone_format import format_number
from participants.models import Need
from sessions.models import ClassSession, Course
from sessions.papers.cells import Cell, Column, column, lines, named, tick
from sessions.papers.heads import course_facts, footer_of, session_facts
from sessions.papers.marks import device_mark, device_of, legend_of
from sessions.papers.press import Paper
from sessions.roster import Roster, RosterRow

BLANK_ROWS = 6


def reception_book(
    course: Course,
    roster: Roster,
    sessions: Sequence[ClassSession],
    chosen: ClassSession | None,
    *,
    is_large: bool,
) -> Paper:
    """For the table at the entrance: who comes, boxes to tick, blank rows for those who walk in."""
    title = _("Reception book")
    columns = [
        column(pgettext("in a list of people", "No."), em=2.9, middle=True),
        column(_("Name"), fr=1),
        column(_("Present"), em=3 if is_large else 4.4, middle=True),
        column(_("Loan"), em=4.1 if is_large else 4.6, middle=True),
        column(_("Survey"), em=4.9 if is_large else 5.4, middle=True),
        column(pgettext("of arriving", "Time"), em=3.8 if is_large else 6),
    ]
    rows = [reception_row(number, row) for number, row in enumerate(roster.rows, start=1)]
    blank: list[list[Cell]] = [
        [str(number), "", tick(), tick(), tick(), ""]
        for number in range(len(rows) + 1, len(rows) + BLANK_ROWS + 1)
    ]
    return listed(
        course,
        title,
        is_large=is_large,
        people=len(rows),
        facts=session_facts(course, chosen, of=len(sessions)),
        columns=columns,
        rows=rows + blank,
        note=of_others(roster),
        after=_("The blank rows are for people who come without an application.") + " " + hand_back(),
        height=2.6,
    )


def reception_row(number: int, row: RosterRow) -> list[Cell]:
    person = row.registration.participant
    loan = _("needed") if Need.LOAN in person.needs else ""
    below = [person.kana if person.name else "", slot_label(row), row.needs_label]
    return [str(number), named(str(person), *below), tick(), tick(loan), tick(), ""]


def venue_roster(course: Course, roster: Roster, sessions: Sequence[ClassSession], *, is_large: bool) -> Paper:
    """For the teacher and the helpers: no telephone number, no age, no note of the office."""
    columns = [
        column(pgettext("in a list of people", "No."), em=2.9, middle=True),
        column(_("Receipt no."), em=4.7),
        column(_("Name"), fr=1.2),
        column(_("Town"), em=4.4),
        column(_("Telephone in use"), em=5),
        column(_("What we prepare"), fr=1.2),
    ]
    rows = [
        [*identity(number, row), row.place.town.name, device_cell(row), row.needs_label]
        for number, row in enumerate(roster.rows, start=1)
    ]
    return listed(
        course,
        _("Roster for the venue"),
        is_large=is_large,
        people=len(rows),
        facts=course_facts(course, sessions, roster),
        columns=columns,
        rows=rows,
        devices=legend_of(row.registration.participant for row in roster.rows),
        landscape=is_large,
        note=of_others(roster),
        after=hand_back(),
    )


def office_roster(course: Course, roster: Roster, sessions: Sequence[ClassSession], *, is_large: bool) -> Paper:
    """For the office: own residents in full, of the others what the day needs."""
    rows = [office_row(number, row, is_large) for number, row in enumerate(roster.rows, start=1)]
    has_others = any(not row.is_own for row in roster.rows)
    asked = _("The telephone numbers, ages and notes of residents of other towns are with their own town.")
    return listed(
        course,
        _("Roster for the office"),
        is_large=is_large,
        people=len(rows),
        facts=course_facts(course, sessions, roster),
        columns=wide_columns() if is_large else narrow_columns(),
        rows=rows,
        landscape=True,
        note=asked if has_others else of_others(roster),
        after=_("Not for the venue: it holds telephone numbers. Keep it locked away, and shred it after use."),
    )


def narrow_columns() -> list[Column]:
    return [
        column(pgettext("in a list of people", "No."), em=2.9, middle=True),
        column(_("Receipt no."), em=4.7),
        column(_("Name"), fr=1.3),
        column(_("Age"), em=5.7),
        column(_("Town"), em=4),
        column(_("Telephone"), em=8),
        column(_("Telephone in use"), em=7),
        column(_("What we prepare"), fr=1.2),
        column(pgettext("of the office", "Note"), fr=1.2),
    ]


def wide_columns() -> list[Column]:
    """In large letters two facts share a column."""
    return [
        column(pgettext("in a list of people", "No."), em=2.9, middle=True),
        column(_("Name"), fr=1.15),
        column(_("Town and age"), em=6),
        column(_("Telephone"), em=7.8),
        column(_("What we prepare"), fr=1),
        column(pgettext("of the office", "Note"), fr=1),
    ]


def office_row(number: int, row: RosterRow, is_large: bool) -> list[Cell]:
    registration, person = row.registration, row.registration.participant
    age = registration.get_age_band_display() if row.is_own else UNSEEN
    phone = (format_number(row.number) or UNSEEN) if row.is_own else UNSEEN
    note = person.note if row.is_own else UNSEEN
    device = str(person.get_device_display())
    town = row.place.town.name
    if is_large:
        name = named(str(person), person.kana if person.name else "", registration.receipt_number)
        return [str(number), name, lines(town, age), lines(phone, device), row.needs_label, note]
    return [*identity(number, row), age, town, phone, device, row.needs_label, note]


UNSEEN = "–"


def identity(number: int, row: RosterRow) -> list[Cell]:
    person = row.registration.participant
    receipt = lines(row.registration.receipt_number, slot_label(row))
    return [str(number), receipt, named(str(person), person.kana if person.name else "")]


def slot_label(row: RosterRow) -> str:
    slot = row.registration.class_session
    return clock_label(slot.starts_at, slot.ends_at) if slot is not None else ""


def device_cell(row: RosterRow) -> Cell:
    device = device_of(row.registration.participant)
    return {"device": device_mark(device), "lines": []}


def of_others(roster: Roster) -> str:
    if not roster.hidden:
        return ""
    return _("Residents of other towns are on the sheet of the lead and of the town that holds the class.")


def hand_back() -> str:
    return _("Hand this sheet back to the office after the class; it holds personal data.")


def listed(course: Course, title: str, *, is_large: bool, people: int, **content: Any) -> Paper:
    plain = {
        "footer": footer_of(course, title),
        "note": "",
        "devices": [],
        "landscape": False,
        "height": 2.1,
        "nobody": _("Nobody has a seat yet."),
    }
    return Paper("list", title, timezone.localdate(), is_large, people, plain | content)
