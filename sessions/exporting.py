"""Who applied for what and came when, for the town's own use: one row a person and session, codes beside names."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import audit
from accounts.models import Municipality, User
from accounts.phone_format import format_number
from participants.models import AgeBand, Channel, Contact
from programs.models import Curriculum
from sessions.models import Attendance, Registration
from sessions.models.registrations import receipt_number

UNKNOWN = "unknown"
MARKS = {UNKNOWN: pgettext_lazy("column", "Unknown"), **dict(Attendance.Mark.choices)}
SESSION = "course__class_sessions"


def day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def yes(value: object) -> str:
    return "1" if value else "0"


class Column(NamedTuple):
    """A column, the path of its value, how the value is written, and its codes where it has some. With codes a
    second column follows that holds their names."""

    label: str | Promise
    path: str
    written: Callable[[Any], object] = str
    codes: dict[str, Any] = {}  # noqa: RUF012  # never written to


COLUMNS = (
    Column(pgettext_lazy("column", "Receipt number"), "pk", receipt_number),
    Column(pgettext_lazy("column", "Number of the participant"), "participant_id"),
    Column(pgettext_lazy("column", "Name"), "participant__name"),
    Column(pgettext_lazy("column", "Name in kana"), "participant__kana"),
    Column(pgettext_lazy("column", "Year of birth"), "participant__birth_year"),
    Column(pgettext_lazy("column", "Age band"), "age_band", codes=dict(AgeBand.choices)),
    Column(pgettext_lazy("column", "Municipality code of residence"), "municipality__code"),
    Column(pgettext_lazy("column", "Municipality of residence"), "municipality__name"),
    Column(pgettext_lazy("column", "Telephone number"), "phone", format_number),
    Column(pgettext_lazy("column", "Fiscal year"), "course__program__fiscal_year"),
    Column(pgettext_lazy("column", "Programme"), "course__program__name"),
    Column(pgettext_lazy("column", "Class number"), "course__code"),
    Column(pgettext_lazy("column", "Title of the class"), "course__title"),
    Column(pgettext_lazy("column", "Topic"), "course__curriculum__topic", codes=dict(Curriculum.Topic.choices)),
    Column(pgettext_lazy("column", "Municipality code of the host"), "course__host__code"),
    Column(pgettext_lazy("column", "Municipality of the host"), "course__host__name"),
    Column(pgettext_lazy("column", "Number of the session"), f"{SESSION}__number"),
    Column(pgettext_lazy("column", "Date"), f"{SESSION}__starts_at", day),
    Column(pgettext_lazy("column", "Start"), f"{SESSION}__starts_at", clock),
    Column(pgettext_lazy("column", "End"), f"{SESSION}__ends_at", clock),
    Column(pgettext_lazy("column", "Venue"), f"{SESSION}__venue__name"),
    Column(pgettext_lazy("column", "Room"), f"{SESSION}__venue__room"),
    Column(pgettext_lazy("column", "Session called off (1: yes)"), f"{SESSION}__cancelled_at", yes),
    Column(pgettext_lazy("column", "State of the application"), "state", codes=dict(Registration.State.choices)),
    Column(pgettext_lazy("column", "Way of the application"), "channel", codes=dict(Channel.choices)),
    Column(pgettext_lazy("column", "Day of the application"), "applied_at", day),
    Column(pgettext_lazy("column", "Came without having applied (1: yes)"), "is_walk_in", yes),
    Column(pgettext_lazy("column", "Attendance"), "mark", codes=MARKS),
)


def exported_rows(town: Municipality, *, year: int) -> QuerySet[Registration, tuple[Any, ...]]:
    """Applications of the town's residents in programmes of a fiscal year, once for each session."""
    primary = Contact.objects.filter(participant=OuterRef("participant")).exclude(
        relation=Contact.Relation.EMERGENCY
    )
    marks = Attendance.objects.filter(registration=OuterRef("pk"), class_session=OuterRef(SESSION))
    rows = Registration.objects.of(town).filter(participant__municipality=town, course__program__fiscal_year=year)
    return (
        rows.filter(Q(class_session=None) | Q(class_session=F(SESSION)))
        .annotate(
            phone=Subquery(primary.order_by("-is_primary", "pk").values("contact_point__number")[:1]),
            mark=Subquery(marks.values("mark")[:1]),
        )
        .order_by("pk", f"{SESSION}__starts_at", SESSION)
        .values_list(*(column.path for column in COLUMNS))
    )


def export(town: Municipality, *, year: int, by: User) -> Iterator[list[object]]:
    """The header and the rows, to be streamed; that they were taken out is written down at once."""
    with transaction.atomic():
        rows = exported_rows(town, year=year)
        audit.record("registration.exported", town, by=by, municipality=town, fiscal_year=year, rows=rows.count())
    return written(rows)


def written(rows: QuerySet[Registration, tuple[Any, ...]]) -> Iterator[list[object]]:
    names = code_names()
    yield header()
    for values in rows.iterator(chunk_size=500):
        cells: list[object] = []
        for column, value in zip(COLUMNS, values, strict=True):
            if column.codes:
                code = UNKNOWN if value is None else value
                cells += [code, names.get((column.path, code), "")]
            else:
                is_said = value is not None or column.written is yes
                cells.append(column.written(value) if is_said else "")
        yield cells


def header() -> list[object]:
    """Always in Japanese: a table that changes with the language of whoever asks cannot be relied on."""
    cells: list[object] = []
    with translation.override("ja"):
        for column in COLUMNS:
            label = str(column.label)
            cells += [_("%(name)s (code)") % {"name": label}, label] if column.codes else [label]
        return [str(cell) for cell in cells]


def code_names() -> dict[tuple[str, str], str]:
    with translation.override("ja"):
        return {(column.path, code): str(name) for column in COLUMNS for code, name in column.codes.items()}


def definitions() -> Iterator[list[object]]:
    """The table of codes that goes with the export."""
    with translation.override("ja"):
        rows = [[str(_("Column")), str(_("Code")), str(_("Name of the code"))]]
        rows += [
            [str(_("%(name)s (code)") % {"name": column.label}), code, str(name)]
            for column in COLUMNS
            for code, name in column.codes.items()
        ]
    yield from rows  # type: ignore[misc]  # texts are objects
