"""Reading the tables people send: CSV in the encodings towns use, and xlsx. Size and shape are bounded before
anything is unpacked; what cannot be read comes back as one sentence, never as an exception."""

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import openpyxl
from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
LARGEST_PART = 20 * 1024 * 1024  # of what is not the sheet itself: shared texts, styles
MOST_PARTS = 500
MOST_ROWS = 10_000
MOST_LINES = 20_000  # with the empty ones
MOST_COLUMNS = 120
MOST_CELLS = 600_000
MOST_TEXT = 20_000_000
LONGEST_CELL = 2_000
HEADER_WITHIN = 10

OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # .xls, and any workbook with a password
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CELL_TAG = re.compile(rb"<(?:\w+:)?c[\s>/]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Row:
    """`number` is the row as a spreadsheet counts it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Unreadable:
    """Why a file cannot be read, in one sentence; falsy."""

    sentence: str

    def __bool__(self) -> bool:
        return False


class NotATable(Exception):
    """Carries the sentence from the depth to `read_table`."""


def read_table(content: bytes, *, is_header: Callable[[str], bool]) -> Table | Unreadable:
    """The rows under the header: the row, among the first ten, with the most names that `is_header` knows."""
    try:
        return table_of(rows_of(content), is_header)
    except NotATable as problem:
        return Unreadable(str(problem))


def rows_of(content: bytes) -> Iterator[Row]:
    if len(content) > LARGEST:
        raise NotATable(_("The file is too large. It may have %(size)s MB.") % {"size": LARGEST // 1024 // 1024})
    if not content.strip():
        raise NotATable(_("The file is empty."))
    if content.startswith(OLD_EXCEL):
        raise NotATable(
            _("This is an old Excel file, or one with a password. Save it as xlsx without a password.")
        )
    return xlsx_rows(content) if content.startswith(b"PK") else csv_rows(content)


def table_of(rows: Iterator[Row], is_header: Callable[[str], bool]) -> Table:
    filled = (row for row in bounded(rows) if any(row.cells))
    first = list(islice(filled, HEADER_WITHIN))
    if not first:
        raise NotATable(_("The file is empty."))
    counts = [len({key_of(cell) for cell in row.cells if is_header(cell)}) for row in first]
    place = counts.index(max(counts))
    headers = trimmed(first[place].cells)
    refuse_twins(headers)
    data = [Row(row.number, fitted(row.cells, len(headers))) for row in (*first[place + 1 :], *filled)]
    if len(data) > MOST_ROWS:
        raise NotATable(too_many_rows())
    if not data:
        raise NotATable(_("The file holds no row under its header."))
    return Table(headers, tuple(row for row in data if any(row.cells)))


def bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, until the file turns out longer than any that is meant."""
    text = 0
    for count, row in enumerate(rows, start=1):
        text += sum(map(len, row.cells))
        if count > MOST_LINES or text > MOST_TEXT:
            raise NotATable(too_many_rows())
        if len(row.cells) > MOST_COLUMNS and any(row.cells[MOST_COLUMNS:]):
            raise NotATable(_("The file has more than %(count)s columns.") % {"count": MOST_COLUMNS})
        if any(len(cell) > LONGEST_CELL or CONTROL.search(cell) for cell in row.cells):
            raise NotATable(
                _("Row %(row)s holds a value that is too long or has control characters.") % {"row": row.number}
            )
        yield row


def too_many_rows() -> str:
    return _("The file has more than %(count)s rows. Please split it.") % {"count": MOST_ROWS}


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Without the empty cells at the end."""
    last = max((place for place, cell in enumerate(cells) if cell), default=-1)
    return tuple(cells[: last + 1])


def fitted(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def key_of(header: str) -> str:
    """One spelling of a column's name: width, brackets, blanks and marks of required columns do not count."""
    return re.sub(r"[\s*※]|\(必須\)", "", unicodedata.normalize("NFKC", header)).casefold()


def refuse_twins(headers: Iterable[str]) -> None:
    seen: set[str] = set()
    for header in filter(None, headers):
        if key_of(header) in seen:
            raise NotATable(
                _("The column %(name)s stands there twice. Rename or remove one.") % {"name": header[:40]}
            )
        seen.add(key_of(header))


def csv_rows(content: bytes) -> Iterator[Row]:
    text = decoded(content)
    first_line = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
        ):
            yield Row(number, tuple(cell.strip() for cell in cells))
    except csv.Error as error:
        raise NotATable(_("The file is not a CSV file: a quotation mark is not closed.")) from error


def decoded(content: bytes) -> str:
    """UTF-8 with or without a byte order mark, else CP932."""
    ends = [content.find(b"\0")]
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            ends.append(error.start)
            continue
        if "\0" not in text:
            return text
    line = 1 if content.startswith(UTF_16) else content[: max(ends)].count(b"\n") + 1
    raise NotATable(
        _("The characters of line %(line)s cannot be read. Save the file as CSV UTF-8.") % {"line": line}
    )


def xlsx_rows(content: bytes) -> Iterator[Row]:
    try:
        refuse_bomb(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise NotATable(_("The file is empty."))
        lines = sheets[0].iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
        for number, values in enumerate(lines, start=1):
            yield Row(number, trimmed([text_of(value) for value in values]))
    except NotATable:
        raise
    except Exception as error:  # a damaged book fails in whatever part of openpyxl or zipfile meets the damage
        raise NotATable(_("The file is damaged or is not an Excel file.")) from error


def refuse_bomb(content: bytes) -> None:
    """Count what would be unpacked before anything is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
        others = [part.file_size for part in parts if part not in sheets]
        total = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or total > LARGEST_UNPACKED or max(others, default=0) > LARGEST_PART:
            raise NotATable(_("The Excel file is far too large when it is unpacked."))
        if any(cells_in(archive, part) > MOST_CELLS for part in sheets):
            raise NotATable(_("The Excel file has too many cells."))


def cells_in(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    count, rest = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 16):
            text = rest + chunk
            whole = text.rfind(b">") + 1
            count += len(CELL_TAG.findall(text, 0, whole))
            rest = text[whole:][-200:]
    return count


def text_of(value: object) -> str:
    """A cell as it would be typed: 102083 rather than 102083.0, days and times in ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, dt.time):
        return value.isoformat(timespec="minutes")
    return str(value).strip()
