"""The one reader of telephone numbers: forms, imports, webhooks and the telephone desk all ask here.

People write the same number in many ways, spreadsheets damage it, and callers may withhold it. What is
read here is stored as E.164 beside what was typed; what cannot be read comes back as a problem with one
plain sentence, never as an exception.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.phone_format import format_number as format_number

REGION = "JP"
LONGEST_ENTRY = 80


class Kind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    VOIP = "voip"


class ProblemCode(TextChoices):
    """Why a text is no number we can use; the label is the sentence for the person who typed it."""

    EMPTY = "empty", _("Enter a telephone number.")
    NO_DIGITS = "no_digits", _("No digits were found. Enter the telephone number in digits.")
    TOO_FEW = "too_few", _("It has %(count)s digits. A mobile number has 11.")
    TOO_FEW_LANDLINE = (
        "too_few_landline",
        _("It has %(count)s digits. A house number has 10 with its area code."),
    )
    TOO_MANY = "too_many", _("It has %(count)s digits. A mobile number has 11, a house number 10.")
    AREA_CODE_MISSING = "area_code_missing", _("The area code is missing. Enter it from the first 0.")
    TWO_NUMBERS = "two_numbers", _("There are two numbers. Enter one.")
    TOO_LONG = "too_long", _("The text is too long. Enter only the telephone number.")
    DAMAGED = "damaged", _("A spreadsheet has changed this number. Enter it again in full.")
    WITHHELD = "withheld", _("The caller's number is withheld. Ask for the number.")
    EMERGENCY = "emergency", _("This is a short service number such as 110. Enter the person's own number.")
    TOLL_FREE = "toll_free", _("This is a toll-free number. Enter the person's own number.")
    PREMIUM = "premium", _("This is a number with special charges. Enter the person's own number.")
    PAGER = "pager", _("This number is for pagers and machines. Enter the person's own number.")
    FOREIGN = "foreign", _("This is a number abroad. Only numbers in Japan can be used.")
    NOT_IN_USE = "not_in_use", _("No such number is in use in Japan. Check it once more.")


@dataclass(frozen=True)
class PhoneNumber:
    e164: str
    as_entered: str
    kind: Kind

    @property
    def can_sms(self) -> bool:
        """The default only: a mobile may refuse SMS, which people are asked and the provider tells."""
        return self.kind is Kind.MOBILE

    @property
    def national(self) -> str:
        return format_number(self.e164)


@dataclass(frozen=True)
class NumberProblem:
    code: ProblemCode
    count: int = 0

    @property
    def sentence(self) -> str:
        return str(self.code.label) % {"count": self.count}


def read_number(text: str) -> PhoneNumber | NumberProblem:
    """Read one Japanese number however it is written."""
    if len(text) > LONGEST_ENTRY:
        return NumberProblem(ProblemCode.TOO_LONG)
    plain = _plain(text)
    if problem := _problem_of_text(plain):
        return NumberProblem(problem)
    runs = _runs(plain)
    if not runs:
        return NumberProblem(ProblemCode.NO_DIGITS)
    readings = [_read_run(run) for run in runs]
    numbers = {reading for reading in readings if isinstance(reading, str)}
    if len(numbers) > 1:
        return NumberProblem(ProblemCode.TWO_NUMBERS)
    if not numbers:
        return _telling_problem(runs, readings)
    (e164,) = numbers
    return PhoneNumber(e164=e164, as_entered=_printable(text), kind=_kind(e164))


def caller_number(text: str) -> str | None:
    """The E.164 number of a webhook's From, or None for a withheld, foreign or made-up one."""
    if not CANONICAL.fullmatch(text):
        return None
    number = read_number(text)
    return number.e164 if isinstance(number, PhoneNumber) else None


def is_demo(e164: str) -> bool:
    """Whether the number can ring nowhere: no office code and no mobile block begins with 0."""
    if not CANONICAL.fullmatch(e164):
        return False
    return DEMO_MOBILE.fullmatch(e164) is not None or (
        phonenumbers.number_type(_parsed(e164)) == phonenumbers.PhoneNumberType.FIXED_LINE
        and format_number(e164).split("-")[1].startswith("00")
    )


CANONICAL = re.compile(r"\+81[1-9][0-9]{8,9}")
DEMO_MOBILE = re.compile(r"\+81[79]00[0-9]{7}")
SPREADSHEET = re.compile(r"[0-9]+(\.[0-9]+)?e\+?[0-9]+|[0-9]{9,}\.0+", re.IGNORECASE)
SHORT_NUMBER = re.compile(r"(?:1[0-9]{2}|#[0-9]{4})番?")
WITHHELD_WORD = re.compile(
    r"anonymous|restricted|unknown|unavailable|blocked|private|withheld|非通知|通知不可|表示圏外|公衆電話",
    re.IGNORECASE,
)
# What telephone systems send for a caller they do not name: its letters on a keypad (+266696687 is ANONYMOUS).
WITHHELD_KEYPAD = {"266696687", "86282452253", "8656696", "2562533", "737874283", "7378742833"}

KANJI_DIGITS = str.maketrans("〇○◯零一二三四五六七八九", "0000123456789")
DASHES = re.compile(r"[-‐‑‒–—―−﹣－ー－ｰ─━~〜～∼・.]")
BRACKETS = re.compile(r"[(\[{<〈《「『【〔]([^()\[\]{}<>〈〉《》「」『』【】〔〕]*)[)\]}>〉》」』】〕]")
LETTERS_FOR_DIGITS = re.compile(r"(?<![^\W\d_])(?=[OoQlI|]*[0-9])[0-9OoQlI|]+(?![^\W\d_])")
LETTER_DIGITS = str.maketrans("OoQlI|", "000111")
BETWEEN_DIGITS = re.compile(r"(?<=[0-9])\s*(?:の|ノ|(?:局番?|番)(?:の|ノ)?)\s*(?=[0-9])")
RUN = re.compile(r"(?:[*#][0-9]{2}#)?\+?[0-9](?:[0-9 ,、/-]*[0-9])?")
COUNTED_NOTE = re.compile(r"\s[0-9]{1,3}(?=[^\W\d_])")
HIDE_CALLER = re.compile(r"^(?:[*#][0-9]{2}#|18[46])(?=\+|0)")
ABROAD = re.compile(r"^(?:\+|(?:00[0-9]{2,4}|001)?010|00)")

TYPES = {
    phonenumbers.PhoneNumberType.MOBILE: Kind.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE: Kind.LANDLINE,
    phonenumbers.PhoneNumberType.VOIP: Kind.VOIP,
}
REFUSED_BEGINNINGS = {
    "0120": ProblemCode.TOLL_FREE,
    "0800": ProblemCode.TOLL_FREE,
    "0570": ProblemCode.PREMIUM,
    "0990": ProblemCode.PREMIUM,
    "0180": ProblemCode.PREMIUM,
    "0170": ProblemCode.PREMIUM,
    "0160": ProblemCode.PREMIUM,
    "020": ProblemCode.PAGER,
}


def _printable(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] != "C").strip()


def _plain(text: str) -> str:
    """ASCII digits and hyphens, without notes in brackets, letters typed for digits put right."""
    digits = "".join(_digit(char) for char in text)
    plain = unicodedata.normalize("NFKC", digits).translate(KANJI_DIGITS)
    plain = "".join(char for char in plain if char.isspace() or unicodedata.category(char)[0] not in "CM")
    if SPREADSHEET.fullmatch(plain.strip()):
        return plain.strip()
    plain = LETTERS_FOR_DIGITS.sub(lambda match: match[0].translate(LETTER_DIGITS), plain)
    plain = BRACKETS.sub(_without_note, plain)
    plain = BETWEEN_DIGITS.sub("-", plain)
    return DASHES.sub("-", COUNTED_NOTE.sub("\n", plain)).strip()


def _digit(char: str) -> str:
    value = unicodedata.digit(char, None)
    return char if value is None else str(value)


def _without_note(bracket: re.Match[str]) -> str:
    inside = bracket[1]
    return f" {inside} " if re.fullmatch(r"[0-9+]+", DASHES.sub("", inside).replace(" ", "")) else "\n"


def _problem_of_text(plain: str) -> ProblemCode | None:
    if not plain:
        return ProblemCode.EMPTY
    if SPREADSHEET.fullmatch(plain):
        return ProblemCode.DAMAGED
    if WITHHELD_WORD.search(plain) or plain.lstrip("+") in WITHHELD_KEYPAD:
        return ProblemCode.WITHHELD
    if SHORT_NUMBER.fullmatch(plain):
        return ProblemCode.EMERGENCY
    return None


def _runs(plain: str) -> list[str]:
    """Digits that stand together, two numbers side by side told apart."""
    runs = []
    for piece in RUN.findall(plain.replace("\t", " ")):
        parts = [re.sub(r"[^0-9+]", "", part) for part in re.split(r"[ ,、/]+", piece) if part]
        whole = re.sub(r"[ ,、/-]", "", piece)
        beside = len(parts) > 1 and all(len(part) >= 9 for part in parts)
        runs += parts if beside else [whole]
    return runs


def _read_run(run: str) -> str | NumberProblem:
    domestic = _domestic(HIDE_CALLER.sub("", run))
    if domestic is None:
        return NumberProblem(ProblemCode.FOREIGN)
    if not domestic.isascii() or not domestic.isdigit():
        return NumberProblem(ProblemCode.NOT_IN_USE)
    for beginning, code in REFUSED_BEGINNINGS.items():
        if domestic.startswith(beginning):
            return NumberProblem(code)
    e164 = f"+81{domestic[1:]}"
    if domestic.startswith("0") and (DEMO_MOBILE.fullmatch(e164) or _is_in_use(e164)):
        return e164
    return _misfit(domestic, typed=len(re.sub(r"\D", "", run)))


def _domestic(run: str) -> str | None:
    """The number as dialled inside Japan, from its first 0; None when it belongs to another country."""
    if ABROAD.match(run) and len(run) > 8:
        rest = ABROAD.sub("", run)
        return "0" + rest[2:].removeprefix("0") if rest.startswith("81") else None
    if re.fullmatch(r"81(0?[5-9]0[0-9]{8}|0?[1-9][0-9]{8})", run):
        return "0" + run[2:].removeprefix("0")
    if re.fullmatch(r"[5-9]0[0-9]{8}|[1-9][0-9]{8}", run):
        return "0" + run  # a spreadsheet took the first 0 for a number's idle one
    return run


def _misfit(domestic: str, *, typed: int) -> NumberProblem:
    length = len(domestic)
    is_mobile = re.match(r"0[5-9]0", domestic) is not None
    if length > (11 if is_mobile or not domestic.startswith("0") else 10):
        return NumberProblem(ProblemCode.TOO_MANY, typed)
    if 5 <= length <= 8 and not re.match(r"0[1-9]", domestic):
        return NumberProblem(ProblemCode.AREA_CODE_MISSING)
    if is_mobile and length < 11:
        return NumberProblem(ProblemCode.TOO_FEW, typed)
    if length < 10:
        landline = domestic.startswith("0") and length > 4
        return NumberProblem(ProblemCode.TOO_FEW_LANDLINE if landline else ProblemCode.TOO_FEW, typed)
    return NumberProblem(ProblemCode.NOT_IN_USE)


def _telling_problem(runs: list[str], readings: list[str | NumberProblem]) -> NumberProblem:
    """The longest run was meant as the number; its problem is the one to tell."""
    problems = [
        (len(run), reading)
        for run, reading in zip(runs, readings, strict=True)
        if isinstance(reading, NumberProblem)
    ]
    return max(problems, key=lambda pair: pair[0])[1]


def _parsed(e164: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.parse(e164, REGION)


def _is_in_use(e164: str) -> bool:
    if not CANONICAL.fullmatch(e164):
        return False
    number = _parsed(e164)
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in TYPES


def _kind(e164: str) -> Kind:
    if DEMO_MOBILE.fullmatch(e164):
        return Kind.MOBILE
    return TYPES[phonenumbers.number_type(_parsed(e164))]
