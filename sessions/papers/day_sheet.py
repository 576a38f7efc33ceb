"""The day sheet as it was frozen: the same numbers, the same rows as on the page (sessions/paper.py)."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Municipality
from sessions import paper
from sessions.models import DaySheet, Registration
from sessions.paper import Figure
from sessions.papers.cells import Cell, column, named, tick
from sessions.papers.heads import footer_of, session_facts
from sessions.papers.press import Paper


def day_sheet(sheet: DaySheet, towns: Sequence[Municipality], *, is_large: bool, blank_rows: int) -> Paper:
    session = sheet.class_session
    found = paper.rows_of(sheet)
    rows = [sheet_row(number, found.get(number)) for number in range(1, len(sheet.rows) + 1)]
    title = _("Day sheet")
    content: dict[str, Any] = {
        "footer": f"{footer_of(session.course, title)} {_('Sheet no.')} {sheet.pk}",
        "number_words": _("Sheet no."),
        "number": str(sheet.pk),
        "facts": session_facts(session.course, session, of=2),
        "columns": [
            column(pgettext("in a list of people", "No."), em=2.9, middle=True),
            column(_("Name"), fr=1.25),
            column(_("Town"), em=4.4),
            column(_("What we prepare"), fr=1),
            *(column(f"{key} {word}", em=4.3, middle=True) for key, word in marks()),
        ],
        "rows": rows,
        "nobody": _("Nobody has a seat yet."),
        **walk_ins(blank_rows),
        "heads_title": _("Without names"),
        "heads": [{"name": town.name, "figure": ""} for town in towns],
        "totals": [
            {"name": str(figure.label), "figure": str(len(rows)) if figure == Figure.PLANNED else ""}
            for figure in Figure
        ],
        "after": _(
            "Total = came + walked in. Hand this sheet back to the office after the class; it holds personal data."
        ),
    }
    return Paper("day_sheet", title, timezone.localdate(sheet.printed_at), is_large, len(rows), content)


def marks() -> list[tuple[int, str]]:
    return [(1, _("Present")), (2, _("Excused")), (3, _("Did not come"))]


def sheet_row(number: int, row: Registration | None) -> list[Cell]:
    """Somebody whose registration is gone leaves the number empty."""
    if row is None:
        return [str(number), "–", "", "", "", "", ""]
    person = row.participant
    needs = _(", ").join(filter(None, [*person.needs_labels, person.needs_note]))
    name = named(person.kana, f"{person.name} {row.receipt_number}".strip())
    return [str(number), name, row.municipality.name, needs, tick(), tick(), tick()]


def walk_ins(blank_rows: int) -> dict[str, Any]:
    return {
        "walk_in_title": _("Walk-ins"),
        "consent": _(
            "Read aloud and tick: We use your name for this class and for the survey afterwards, and prepare it"
            " together with the towns that hold it. Do you agree? Who does not is counted without a name."
        ),
        "walk_in_columns": [
            column(pgettext("in a list of people", "No."), em=2.9, middle=True),
            column(_("Name in kana"), fr=1),
            column(_("Town"), em=7),
            column(_("Agreed"), em=4.6, middle=True),
        ],
        "walk_in_rows": [[str(number), "", "", tick()] for number in range(1, blank_rows + 1)],
    }
