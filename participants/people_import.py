"""People out of a list that a town has kept so far: read, compared with those known, and written all or none.

Nothing a row says is repeated in a sentence, a log or the audit: rows are named by their number.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.codes import read_code
from accounts.japanese import read_birth_year, read_day
from accounts.models import Municipality, User
from accounts.numbers import PhoneNumber, read_number
from accounts.postal import read_postal_code
from accounts.table_fields import Columns, Field
from accounts.table_files import Row, Table
from participants.kana import is_kana, kana_key, normalise_kana
from participants.list_words import read_device, read_needs, read_yes_no
from participants.models import Channel, Consent, Device, Participant
from participants.people import Details, add_person, possible_duplicates, record_consent

CHANNEL = Channel.COUNTER  # what staff key in from papers of their own
WORDING = "list-1"  # the town's own list says they agreed, on the day it says
FIELDS = (
    Field(
        "kana",
        gettext_lazy("Name in kana"),
        ("フリガナ", "ふりがな", "氏名_カナ", "氏名カナ", "氏名(カナ)", "氏名フリガナ", "カナ", "カナ氏名"),
        is_needed=True,
    ),
    Field("name", gettext_lazy("Name"), ("氏名", "名前", "お名前", "氏名(漢字)")),
    Field(
        "birth_year",
        gettext_lazy("Year of birth"),
        ("生年", "生まれ年", "生年(西暦)", "生年(和暦)", "生年月日", "誕生年"),
    ),
    Field("town", gettext_lazy("Town"), ("市町村", "市区町村", "市町村名", "市区町村名", "居住地", "お住まい")),
    Field(
        "phone",
        gettext_lazy("Telephone number"),
        ("電話番号", "電話", "携帯電話", "携帯電話番号", "連絡先電話番号", "連絡先", "TEL"),
    ),
    Field(
        "device", gettext_lazy("Telephone in use"), ("端末", "端末の種類", "機種", "スマホの種類", "お使いの電話")
    ),
    Field("sms", gettext_lazy("SMS: yes or no"), ("SMS", "SMS希望", "SMS同意", "SMSでの連絡", "ショートメール")),
    Field("sms_on", gettext_lazy("SMS: day of consent"), ("SMS同意日", "同意日", "同意年月日", "SMS同意年月日")),
    Field("postal_code", gettext_lazy("Postal code"), ("郵便番号",)),
    Field("address", gettext_lazy("Address"), ("住所", "現住所")),
    Field("needs", gettext_lazy("What we prepare"), ("配慮", "配慮事項", "必要な配慮", "準備するもの")),
)
POINT_ZERO = re.compile(r"([0-9]{9,11})\.0+")
LONGEST = {"kana": 60, "name": 60, "address": 120, "needs": 200}


@dataclass(frozen=True)
class Reading:
    """One row in our terms. `agreed_on`: the day they agreed to SMS, if they did."""

    number: int
    details: Details
    agreed_on: date | None
    notes: tuple[str, ...]

    @property
    def key(self) -> str:
        return kana_key(self.details.kana)


@dataclass(frozen=True)
class Double:
    """A row that may be somebody we know, or somebody of an earlier row."""

    reading: Reading
    people: tuple[Participant, ...]
    rows: tuple[int, ...]

    @property
    def number(self) -> int:
        return self.reading.number


@dataclass
class Plan:
    """What an import would do. With an error in it nothing is to be written."""

    new: list[Reading] = field(default_factory=list)
    doubles: list[Double] = field(default_factory=list)  # left out unless they are chosen
    errors: list[tuple[int, str]] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)  # rows of other towns

    @property
    def notes(self) -> list[tuple[int, str]]:
        readings = [*self.new, *(double.reading for double in self.doubles)]
        return sorted((reading.number, note) for reading in readings for note in reading.notes)

    def chosen(self, taken: Collection[int]) -> list[Reading]:
        """Whom to write down: who is new, and those of `taken` who are somebody else after all."""
        return [*self.new, *(double.reading for double in self.doubles if double.number in taken)]


def plan_people(table: Table, columns: Columns, *, town: Municipality) -> Plan:
    plan, seen = Plan(), dict[str, list[Reading]]()
    codes = set(Municipality.objects.exclude(code="").values_list("code", flat=True))
    known = set(Participant.objects.of(town).order_by().values_list("kana_key", flat=True))
    for row in table.rows:
        values = columns.read(row)
        values["phone"] = POINT_ZERO.sub(r"\1", values.get("phone", ""))
        if not is_of(town, values.get("town", ""), codes):
            plan.elsewhere.append(row.number)
            continue
        reading = read_row(row, values, town)
        if isinstance(reading, str):
            plan.errors.append((row.number, reading))
            continue
        double = double_of(reading, seen.setdefault(reading.key, []), is_known=reading.key in known)
        seen[reading.key].append(reading)
        if double is None:
            plan.new.append(reading)
        else:
            plan.doubles.append(double)
    return plan


def is_of(town: Municipality, text: str, codes: Collection[str]) -> bool:
    """A list that does not say is the town's own."""
    return text in {"", town.name, f"{town.prefecture}{town.name}"} or read_code(text, known=codes) == town.code


def double_of(reading: Reading, earlier: list[Reading], *, is_known: bool) -> Double | None:
    """The same name as somebody, unless the years of birth differ."""
    details = reading.details
    rows = [
        other.number
        for other in earlier
        if details.birth_year is None or other.details.birth_year in {None, details.birth_year}
    ]
    people: list[Participant] = []
    if is_known:
        people = possible_duplicates(
            kana=details.kana,
            municipality=details.municipality,
            phone=details.phone,
            birth_year=details.birth_year,
        )
    return Double(reading, tuple(people), tuple(rows)) if people or rows else None


def read_row(row: Row, values: Mapping[str, str], town: Municipality) -> Reading | str:
    """One row, or the sentence that says what is wrong with it."""
    problem = next(what_is_wrong(values), "")
    if problem:
        return problem
    notes: list[str] = []
    number = read_number(values["phone"]) if values.get("phone") else None
    phone = number if isinstance(number, PhoneNumber) else None
    agreed_on = day_of_consent(values, phone, notes)
    needs, needs_note = read_needs(values.get("needs", ""))
    details = Details(
        kana=normalise_kana(values["kana"]),
        municipality=town,
        name=" ".join(values.get("name", "").split()),
        phone=phone,
        birth_year=read_birth_year(values["birth_year"]) if values.get("birth_year") else None,
        device=device_of(values.get("device", ""), notes),
        needs=needs,
        needs_note=needs_note,
        reach=reach_of(values, phone, agreed_on, notes),
        postal_code=postal_code_of(values.get("postal_code", ""), notes),
        address=" ".join(values.get("address", "").split()),
    )
    return Reading(row.number, details, agreed_on, tuple(notes))


def what_is_wrong(values: Mapping[str, str]) -> Iterator[str]:
    if not is_kana(values["kana"]):
        yield _("Write the name in kana.")
    for name, longest in LONGEST.items():
        if len(values.get(name, "")) > longest or len(normalise_kana(values["kana"])) > LONGEST["kana"]:
            yield _("The value of “%(name)s” is too long.") % {"name": label_of(name)}
    if values.get("phone"):
        number = read_number(values["phone"])
        if not isinstance(number, PhoneNumber):
            yield number.sentence
    if values.get("birth_year") and read_birth_year(values["birth_year"]) is None:
        yield _("Write the year of birth like Shōwa 16, S16 or 1941.")
    if read_yes_no(values.get("sms", "")) is None:
        yield _("For SMS write yes or no.")
    if values.get("sms_on"):
        day = read_day(values["sms_on"])
        if day is None or day > timezone.localdate():
            yield _("The day of the consent is no day that has been.")


def label_of(name: str) -> str:
    return next(str(each.label) for each in FIELDS if each.name == name)


def day_of_consent(values: Mapping[str, str], phone: PhoneNumber | None, notes: list[str]) -> date | None:
    if not read_yes_no(values.get("sms", "")):
        return None
    day = read_day(values["sms_on"]) if values.get("sms_on") else None
    if day is None:
        notes.append(_("No SMS: the day of the consent is not stated."))
    elif phone is None or not phone.can_sms:
        notes.append(_("No SMS: there is no mobile number."))
        return None
    return day


def device_of(text: str, notes: list[str]) -> Device:
    device = read_device(text)
    if device is None:
        notes.append(_("The telephone in use is not one we know; it is left open."))
    return device or Device.UNKNOWN


def reach_of(
    values: Mapping[str, str], phone: PhoneNumber | None, agreed_on: date | None, notes: list[str]
) -> Participant.Reach:
    if agreed_on is not None:
        return Participant.Reach.SMS
    if phone is None and values.get("address"):
        return Participant.Reach.POSTCARD
    if phone is None:
        notes.append(_("There is neither a telephone number nor an address."))
    return Participant.Reach.CALL


def postal_code_of(text: str, notes: list[str]) -> str:
    code = read_postal_code(text, is_from_table=True) if text else ""
    if code is None:
        notes.append(_("The postal code is left out: it does not have seven digits."))
    return code or ""


def import_people(
    table: Table, columns: Columns, *, town: Municipality, by: User | None, taken: Collection[int] = ()
) -> Plan:
    """Write down who is new, all of them or, with an error in any row, nobody; once more adds nobody."""
    with transaction.atomic():
        Municipality.objects.select_for_update().get(pk=town.pk)
        plan = plan_people(table, columns, town=town)
        people = [] if plan.errors else plan.chosen(taken)
        for reading in people:
            person = add_person(reading.details, channel=CHANNEL, by=by, consents=(), wording=WORDING)
            if reading.agreed_on is not None:
                at = timezone.make_aware(datetime.combine(reading.agreed_on, time.min))
                record_consent(
                    person, Consent.Purpose.SMS, given=True, wording=WORDING, channel=CHANNEL, by=by, at=at
                )
        if people:
            counts = {"added": len(people), "rows": len(table.rows)}
            audit.record("participant.imported", town, by=by, municipality=town, channel=CHANNEL, **counts)
    return plan
