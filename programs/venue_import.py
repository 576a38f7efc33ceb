"""Venues out of the lists of public facilities that towns publish: read, compared, and written all or none."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.codes import read_code
from accounts.models import Municipality, User
from accounts.municipalities import LATITUDES, LONGITUDES, is_between
from accounts.numbers import NumberProblem, read_number
from accounts.postal import read_postal_code
from accounts.table_fields import Columns, Field
from accounts.table_files import Row, Table
from participants.kana import is_kana, normalise_kana
from programs.barriers import facts_in
from programs.forms import LARGEST_VENUE
from programs.models import Venue

# Names of columns as they stand in the files of the recommended data set and of the standard that followed it.
FIELDS = (
    Field("name", gettext_lazy("name"), ("名称", "施設名", "施設名称"), is_needed=True),
    Field("kana", gettext_lazy("name in kana"), ("名称_カナ", "名称カナ", "フリガナ", "施設名_カナ")),
    Field("room", gettext_lazy("room"), ("部屋", "室名", "部屋名")),
    Field(
        "code",
        gettext_lazy("Code of the municipality"),
        (
            "都道府県コード又は市区町村コード",
            "全国地方公共団体コード",
            "市区町村コード",
            "所在地_全国地方公共団体コード",
        ),
    ),
    Field("capacity", gettext_lazy("capacity"), ("定員", "収容人数", "収容定員")),
    Field("postal_code", gettext_lazy("postal code"), ("郵便番号",)),
    Field("address", gettext_lazy("address"), ("住所", "所在地_連結表記", "所在地")),
    Field("quarter", gettext_lazy("Address: quarter"), ("所在地_町字",)),
    Field("block", gettext_lazy("Address: number"), ("所在地_番地以下",)),
    Field("building", gettext_lazy("Address: building"), ("方書", "建物名等(方書)")),
    Field("phone", gettext_lazy("telephone"), ("電話番号", "連絡先電話番号")),
    Field("latitude", gettext_lazy("latitude"), ("緯度",)),
    Field("longitude", gettext_lazy("longitude"), ("経度",)),
    Field("access", gettext_lazy("how to come, one step a line"), ("アクセス方法",)),
    Field("parking_spaces", gettext_lazy("parking spaces"), ("駐車台数", "駐車場台数")),
    Field("barriers", gettext_lazy("Accessibility"), ("バリアフリー情報",)),
)
LONGEST = {"name": 60, "kana": 80, "room": 40, "address": 120}
WRITTEN = (
    "kana",
    "postal_code",
    "address",
    "phone",
    "latitude",
    "longitude",
    "capacity",
    "capacity_is_assumed",
    "access",
    "parking_spaces",
    *Venue.FACTS,
)
WHOLE = re.compile(r"([0-9]{1,5})(?:\.0+)?(?:人|名|台)?")


@dataclass(frozen=True)
class Reading:
    """One row in our terms. Only what the row says is in `facts`."""

    number: int
    facts: dict[str, Any]
    barriers: dict[str, bool]
    notes: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.facts["name"], self.facts.get("room", "")


@dataclass(frozen=True)
class Step:
    """What becomes of one row: a venue that is new, changed in some fields, or as it was."""

    number: int
    venue: Venue
    is_new: bool
    changed: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def changed_labels(self) -> list[str]:
        return [str(Venue._meta.get_field(name).verbose_name) for name in self.changed]  # type: ignore[union-attr]  # all are columns

    @property
    def missing_labels(self) -> list[str]:
        return [str(Venue._meta.get_field(name).verbose_name) for name in self.venue.missing_facts]  # type: ignore[union-attr]  # all are columns


@dataclass
class Plan:
    """What an import would do. With an error in it nothing is to be written."""

    steps: list[Step] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)  # rows of other municipalities

    @property
    def added(self) -> list[Step]:
        return [step for step in self.steps if step.is_new]

    @property
    def changed(self) -> list[Step]:
        return [step for step in self.steps if not step.is_new and step.changed]

    @property
    def unchanged(self) -> list[Step]:
        return [step for step in self.steps if not step.is_new and not step.changed]

    @property
    def without_kana(self) -> list[Step]:
        return [step for step in self.steps if not step.venue.kana]

    @property
    def notes(self) -> list[tuple[int, str]]:
        return [(step.number, note) for step in self.steps for note in step.notes]

    @property
    def counts(self) -> dict[str, int]:
        return {"added": len(self.added), "changed": len(self.changed), "unchanged": len(self.unchanged)}


def plan_venues(table: Table, columns: Columns, *, town: Municipality, capacity: int) -> Plan:
    """Compare the rows with the venues there are; `capacity` is that of new venues whose row does not say."""
    plan = Plan()
    known_codes = set(Municipality.objects.exclude(code="").values_list("code", flat=True))
    venues = {(venue.name, venue.room): venue for venue in town.venues.all()}
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        values = columns.read(row)
        values |= {name: unicodedata.normalize("NFKC", values.get(name, "")) for name in ("latitude", "longitude")}
        code = code_of(values.get("code", ""), known_codes, town)
        reading = read_row(row, values) if code == town.code else None
        if code is None:
            plan.errors.append((row.number, _("The code of the municipality cannot be read.")))
        elif reading is None:
            plan.elsewhere.append(row.number)
        elif isinstance(reading, str):
            plan.errors.append((row.number, reading))
        elif reading.key in seen:
            twice = _("The same venue stands in row %(row)s already.") % {"row": seen[reading.key]}
            plan.errors.append((row.number, twice))
        else:
            seen[reading.key] = row.number
            plan.steps.append(step_of(reading, venues.get(reading.key), town=town, capacity=capacity))
    return plan


def code_of(text: str, known: set[str], town: Municipality) -> str | None:
    """A file without codes is the town's own."""
    return read_code(text, known=known) if text else town.code


def read_row(row: Row, values: Mapping[str, str]) -> Reading | str:
    """One row, or the sentence that says what is wrong with it."""
    facts, notes = text_facts(values), []
    problem = next(what_is_wrong(facts, values), "")
    if problem:
        return problem
    for name, read in (("phone", read_phone), ("postal_code", read_postal), ("kana", read_kana)):
        if values.get(name):
            value, note = read(values[name])
            facts |= {name: value} if value else {}
            notes += [note] if note else []
    for name in ("latitude", "longitude"):
        if values.get(name):
            facts[name] = float(values[name])
    for name in ("capacity", "parking_spaces"):
        if values.get(name):
            facts[name] = whole(values[name])
    return Reading(row.number, facts, facts_in(values.get("barriers", "")), tuple(notes))


def text_facts(values: Mapping[str, str]) -> dict[str, Any]:
    address = values.get("address") or values.get("quarter", "") + values.get("block", "")
    facts = {
        "name": one_line(values["name"]),
        "room": one_line(values.get("room", "")),
        "address": one_line(f"{address} {values.get('building', '')}" if address else ""),
        "access": values.get("access", "").strip(),
    }
    return {name: text for name, text in facts.items() if text or name == "name"}


def one_line(text: str) -> str:
    return " ".join(text.split())


def what_is_wrong(facts: Mapping[str, str], values: Mapping[str, str]) -> Iterator[str]:
    if not facts["name"]:
        yield _("The name is missing.")
    for name, longest in LONGEST.items():
        if len(facts.get(name) or values.get(name, "")) > longest:
            yield _("The value of “%(name)s” is too long.") % {"name": label_of(name)}
    latitude, longitude = values.get("latitude", ""), values.get("longitude", "")
    if bool(latitude) != bool(longitude):
        yield _("Latitude and longitude go together.")
    if latitude and is_between(latitude, *LONGITUDES) and is_between(longitude, *LATITUDES):
        yield _("Latitude and longitude are exchanged.")
    elif latitude and not (is_between(latitude, *LATITUDES) and is_between(longitude, *LONGITUDES)):
        yield _("Latitude and longitude lie outside Japan.")
    if values.get("capacity") and not 1 <= whole(values["capacity"]) <= LARGEST_VENUE:
        yield _("The capacity must be a number from 1 to %(most)s.") % {"most": LARGEST_VENUE}
    if values.get("parking_spaces") and not 0 <= whole(values["parking_spaces"], -1) <= 32_767:
        yield _("The parking spaces must be a number.")


def label_of(name: str) -> str:
    return next(str(field.label) for field in FIELDS if field.name == name)


def whole(text: str, otherwise: int = 0) -> int:
    found = WHOLE.fullmatch(unicodedata.normalize("NFKC", text).replace(",", "").strip())
    return int(found[1]) if found else otherwise


def read_phone(text: str) -> tuple[str, str]:
    number = read_number(text)
    if isinstance(number, NumberProblem):
        return "", _("The telephone number is left out. %(sentence)s") % {"sentence": number.sentence}
    return number.e164, ""


def read_postal(text: str) -> tuple[str, str]:
    code = read_postal_code(text, is_from_table=True)
    return (code, "") if code else ("", _("The postal code is left out: it does not have seven digits."))


def read_kana(text: str) -> tuple[str, str]:
    return (normalise_kana(text), "") if is_kana(text) else ("", _("The reading is left out: it is not kana."))


def step_of(reading: Reading, venue: Venue | None, *, town: Municipality, capacity: int) -> Step:
    """What the file says replaces what we had; a fact for visitors that somebody has checked stays theirs."""
    if venue is None:
        facts = {"capacity": capacity, "capacity_is_assumed": "capacity" not in reading.facts}
        venue = Venue(municipality=town, **facts | reading.facts | reading.barriers)
        return Step(reading.number, venue, is_new=True, changed=(), notes=reading.notes)
    new = reading.facts | {name: fact for name, fact in reading.barriers.items() if getattr(venue, name) is None}
    if "capacity" in new:
        new["capacity_is_assumed"] = False
    changed = tuple(name for name, value in new.items() if getattr(venue, name) != value)
    for name in changed:
        setattr(venue, name, new[name])
    named = tuple(dict.fromkeys("capacity" if name == "capacity_is_assumed" else name for name in changed))
    return Step(reading.number, venue, is_new=False, changed=named, notes=reading.notes)


def import_venues(table: Table, columns: Columns, *, town: Municipality, capacity: int, by: User | None) -> Plan:
    """Write what the rows say, all of it or, with an error in any row, nothing; once more changes nothing."""
    try:
        return write_venues(table, columns, town=town, capacity=capacity, by=by)
    except IntegrityError:  # somebody wrote one of them by hand meanwhile: now it is there to be compared with
        return write_venues(table, columns, town=town, capacity=capacity, by=by)


def write_venues(table: Table, columns: Columns, *, town: Municipality, capacity: int, by: User | None) -> Plan:
    with transaction.atomic():
        Municipality.objects.select_for_update().get(pk=town.pk)
        plan = plan_venues(table, columns, town=town, capacity=capacity)
        if plan.errors:
            return plan
        added, changed = [step.venue for step in plan.added], [step.venue for step in plan.changed]
        counts: dict[str, Any] = plan.counts
        if added or changed:
            Venue.objects.bulk_update(changed, WRITTEN, batch_size=100)
            Venue.objects.bulk_create(added, batch_size=500)
            audit.record("venue.imported", town, by=by, municipality=town, **counts)
    return plan
