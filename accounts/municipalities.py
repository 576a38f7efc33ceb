"""Reading the list of local governments: every row is proved before one is written."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Municipality

OWN_FILE = Path(__file__).resolve().parent / "data" / "municipalities.csv"
COLUMNS = ("code", "kind", "prefecture", "name", "kana", "parent_code", "latitude", "longitude", "url")
WEIGHTS = (6, 5, 4, 3, 2)
LATITUDES, LONGITUDES = (20.0, 46.0), (122.0, 154.0)  # from Okinotorishima to the Soya strait, and east
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
Kind = Municipality.Kind
KINDS = (Kind.PREFECTURE, Kind.MUNICIPALITY, Kind.WARD)


@dataclass(frozen=True)
class Row:
    code: str
    kind: str
    prefecture: str
    name: str
    kana: str
    parent_code: str
    latitude: float | None
    longitude: float | None
    website: str


@dataclass
class Reading:
    """What a file holds. With a problem in it nothing of it is to be written."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Loaded:
    added: int
    changed: int
    unchanged: int


def check_digit(code5: str) -> str:
    """The sixth digit of a local government code, computed from the first five."""
    weighted = sum(int(digit) * weight for digit, weight in zip(code5, WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def read_municipalities(path: Path) -> Reading:
    """Read a CSV file of UTF-8, with or without a byte order mark."""
    reading = Reading()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                reading.problems.append(
                    _("These columns are missing: %(columns)s") % {"columns": ", ".join(missing)}
                )
                return reading
            lines = [(reader.line_num, cells) for cells in reader]
    except OSError:
        reading.problems.append(_("The file %(path)s cannot be opened.") % {"path": path})
    except UnicodeDecodeError:
        reading.problems.append(_("The file is not UTF-8. Save it as CSV UTF-8 and try again."))
    except csv.Error:
        reading.problems.append(_("The file is not a CSV file."))
    else:
        prove(lines, reading)
    return reading


def prove(lines: Iterable[tuple[int, dict[str, str | None]]], reading: Reading) -> None:
    """Turn the lines into rows, and whatever is wrong into sentences that name the line."""
    seen: dict[str, int] = {}
    kept: list[tuple[int, Row]] = []
    for line, cells in lines:
        row = read_row(cells)
        if isinstance(row, str):
            reading.problems.append(named(line, row))
        elif row.code in seen:
            twice = _("The code %(code)s stands in line %(line)s already.")
            reading.problems.append(named(line, twice % {"code": row.code, "line": seen[row.code]}))
        else:
            seen[row.code] = line
            kept.append((line, row))
    reading.rows = [row for _line, row in kept]
    cities = {row.code for row in reading.rows if row.kind == Kind.MUNICIPALITY}
    for line, row in kept:
        if row.parent_code and row.parent_code not in cities:
            lost = _("No city of this file has the code %(code)s.") % {"code": row.parent_code}
            reading.problems.append(named(line, lost))
    if not reading.rows and not reading.problems:
        reading.problems.append(_("The file holds no municipality."))


def named(line: int, sentence: str) -> str:
    return _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": sentence}


def read_row(cells: dict[str, str | None]) -> Row | str:
    """One row, or the sentence that says what is wrong with it."""
    if None in cells.values() or None in cells:
        return _("It does not have as many values as there are columns.")
    text = {name: (cells[name] or "").strip() for name in COLUMNS}
    problem = next(what_is_wrong(text), "")
    if problem:
        return problem
    return Row(
        code=text["code"],
        kind=text["kind"],
        prefecture=text["prefecture"],
        name=text["name"],
        kana=text["kana"],
        parent_code=text["parent_code"],
        latitude=float(text["latitude"]) if text["latitude"] else None,
        longitude=float(text["longitude"]) if text["longitude"] else None,
        website=text["url"],
    )


def what_is_wrong(text: dict[str, str]) -> Iterator[str]:
    yield from what_is_wrong_with_code(text["code"])
    if text["kind"] not in KINDS:
        yield _("The kind must be prefecture, municipality or ward.")
    if not text["name"] or not text["prefecture"]:
        yield _("The name is missing.")
    for column, longest in (("name", 60), ("kana", 120), ("prefecture", 10), ("url", 200)):
        if len(text[column]) > longest or any(unicodedata.category(char) == "Cc" for char in text[column]):
            yield _("The value of %(column)s is too long or has control characters.") % {"column": column}
    if (text["kind"] == Kind.WARD) != bool(text["parent_code"]):
        yield _("A ward, and nothing else, names the code of its city in parent_code.")
    for column, (least, most) in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
        if text[column] and not is_between(text[column], least, most):
            yield _("The value of %(column)s lies outside Japan.") % {"column": column}
    if text["url"] and not WEB_ADDRESS.fullmatch(text["url"]):
        yield _("The url must begin with https:// or http://.")


def what_is_wrong_with_code(code: str) -> Iterator[str]:
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        yield _("The code %(code)s does not have six digits. Has a spreadsheet dropped its first 0?") % {
            "code": code
        }
    elif check_digit(code[:5]) != code[5]:
        yield _("The check digit of the code %(code)s is wrong.") % {"code": code}


def is_between(text: str, least: float, most: float) -> bool:
    try:
        return least <= float(text) <= most
    except ValueError:
        return False


def write_municipalities(rows: Iterable[Row]) -> Loaded:
    """Add what is new and follow what was renamed; office, telephone and hours stay what the towns made them."""
    wards = [row for row in rows if row.kind == Kind.WARD]
    others = [row for row in rows if row.kind != Kind.WARD]
    with transaction.atomic():
        known = {town.code: town for town in Municipality.objects.exclude(code="")}
        counts = [write_some(some, known) for some in (others, wards)]
    return Loaded(*(sum(parts) for parts in zip(*counts, strict=True)))


def write_some(rows: list[Row], known: dict[str, Municipality]) -> tuple[int, int, int]:
    """Write rows whose parents are known; returns how many were added, changed and left alone."""
    added, changed = [], []
    for row in rows:
        parent = known[row.parent_code] if row.parent_code else None
        facts = {
            "kind": row.kind,
            "prefecture": row.prefecture,
            "name": row.name,
            "kana": row.kana,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "website": row.website,
            "parent_id": parent.pk if parent else None,
        }
        town = known.get(row.code)
        if town is None:
            added.append(Municipality(code=row.code, **facts))
        elif any(getattr(town, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(town, name, value)
            changed.append(town)
    known |= {town.code: town for town in Municipality.objects.bulk_create(added, batch_size=500)}
    fields = ["kind", "prefecture", "name", "kana", "latitude", "longitude", "website", "parent"]
    Municipality.objects.bulk_update(changed, fields, batch_size=100)
    return len(added), len(changed), len(rows) - len(added) - len(changed)
