"""Which column of a table holds what: guessed from the names of the columns, put right by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Municipality, User
from accounts.table_files import LARGEST, Row, Table, Unreadable, key_of, read_table

DRAFT_SECONDS = 60 * 60
PREFIX = "column"


@dataclass(frozen=True)
class Field:
    """Something to be read from a table, and the names its column goes by, the most exact first."""

    name: str
    label: str | Promise
    headers: tuple[str, ...]
    is_needed: bool = False


@dataclass(frozen=True)
class Columns:
    """Where each field stands in the rows, by the name of the field."""

    places: Mapping[str, int]

    def read(self, row: Row) -> dict[str, str]:
        """What a row says, with nothing for a field that has no column."""
        return {name: row.cells[place] for name, place in self.places.items()}


def guess(headers: Sequence[str], fields: Sequence[Field]) -> Columns:
    keys = {key_of(header): place for place, header in reversed(list(enumerate(headers)))}
    places: dict[str, int] = {}
    for field in fields:
        known = (keys[key] for header in field.headers if (key := key_of(header)) in keys)
        place = next(known, None)
        if place is not None:
            places[field.name] = place
    return Columns(places)


def read_fields(content: bytes, fields: Sequence[Field]) -> Table | Unreadable:
    known = {key_of(header) for field in fields for header in field.headers}
    return read_table(content, is_header=lambda header: key_of(header) in known)


def missing_columns(columns: Columns, fields: Sequence[Field]) -> str:
    """The sentence that names the columns without which nothing can be imported, or nothing."""
    missing = [str(field.label) for field in fields if field.is_needed and field.name not in columns.places]
    if not missing:
        return ""
    return _("Choose the column for: %(names)s") % {"names": _(", ").join(missing)}


class TableFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV (UTF-8 or Shift_JIS) or Excel (xlsx), up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, fields: Sequence[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table_fields = fields

    def clean_file(self) -> Table:
        upload = self.cleaned_data["file"]
        content = upload.read() if upload.size <= LARGEST else b" " * (LARGEST + 1)
        table = read_fields(content, self.table_fields)
        if isinstance(table, Unreadable):
            raise forms.ValidationError(table.sentence)
        return table


class ColumnsForm(forms.Form):
    """For each field the column that holds it."""

    def __init__(self, data: Mapping[str, Any], *, table: Table, fields: Sequence[Field]) -> None:
        super().__init__(data, prefix=PREFIX)
        self.table_fields = fields
        choices: list[tuple[str, Any]] = [("", gettext_lazy("Not in the file"))]
        choices += [(str(place), header) for place, header in enumerate(table.headers) if header]
        for field in fields:
            self.fields[field.name] = forms.ChoiceField(label=str(field.label), choices=choices, required=False)

    @classmethod
    def guessed(cls, table: Table, fields: Sequence[Field]) -> ColumnsForm:
        places = guess(table.headers, fields).places
        data = {f"{PREFIX}-{name}": str(place) for name, place in places.items()}
        return cls(data, table=table, fields=fields)

    def clean(self) -> dict[str, Any]:
        sentence = missing_columns(self.columns, self.table_fields)
        if sentence:
            raise forms.ValidationError(sentence)
        chosen = list(self.columns.places.values())
        twice = next((field for field in self.table_fields if self.is_second(field, chosen)), None)
        if twice is not None:
            raise forms.ValidationError(
                gettext_lazy("The column for “%(name)s” is taken for something else too."),
                params={"name": twice.label},
            )
        return self.cleaned_data

    def is_second(self, field: Field, chosen: list[int]) -> bool:
        place = self.columns.places.get(field.name)
        return place is not None and chosen.count(place) > 1

    @property
    def columns(self) -> Columns:
        """What was chosen, once it is known to be valid."""
        return Columns({name: int(value) for name, value in self.cleaned_data.items() if value})


def sign_table(table: Table, *, purpose: str, user: User, town: Municipality) -> str:
    """The rows for the page to send back: nothing of a file is kept on the server between two steps."""
    rows = [[row.number, *row.cells] for row in table.rows]
    return signing.dumps([table.headers, rows], salt=salt_of(purpose, user, town), compress=True)


def signed_table(text: str, *, purpose: str, user: User, town: Municipality) -> Table | None:
    """The table that was signed for the same person, town and purpose within the hour."""
    try:
        headers, rows = signing.loads(text, salt=salt_of(purpose, user, town), max_age=DRAFT_SECONDS)
    except signing.BadSignature:
        return None
    return Table(tuple(headers), tuple(Row(number, tuple(cells)) for number, *cells in rows))


def salt_of(purpose: str, user: User, town: Municipality) -> str:
    return f"engawa.table.{purpose}.{user.pk}.{town.pk}"
