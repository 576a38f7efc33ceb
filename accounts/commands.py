"""What the commands that import a table have in common."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import Municipality
from accounts.table_fields import Field, read_fields
from accounts.table_files import LARGEST, Table, Unreadable

MOST_SHOWN = 50


def add_table_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", type=Path, help="CSV (UTF-8 or Shift_JIS) or xlsx")
    parser.add_argument("--municipality", required=True, help="six-digit code of the town")
    parser.add_argument("--dry-run", action="store_true", help="show what would be done and write nothing")


def town_of(code: str) -> Municipality:
    town = Municipality.objects.filter(code=code).exclude(code="").first()
    if town is None:
        raise CommandError(_("There is no municipality with this code. It has six digits."))
    return town


def read_file(path: Path, fields: Sequence[Field]) -> Table:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(_("The file %(path)s cannot be opened.") % {"path": path}) from error
    table = read_fields(content, fields)
    if isinstance(table, Unreadable):
        raise CommandError(table.sentence)
    return table


def named_rows(sentences: Iterable[tuple[int, str]]) -> list[str]:
    """One line each, and how many more there are."""
    lines = [_("Row %(row)s: %(sentence)s") % {"row": row, "sentence": text} for row, text in sentences]
    if len(lines) > MOST_SHOWN:
        lines[MOST_SHOWN:] = [_("And %(count)s more.") % {"count": len(lines) - MOST_SHOWN}]
    return lines
