"""CSV files as towns exchange them: UTF-8 with a byte order mark or CP932, CRLF, one value a cell, no formulas."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
FORMULA_STARTS = tuple("=+-@＝＋－＠")
REPLACED = "〓"
# What Windows spells with another code point, and names whose usual form it has.
VARIANTS = str.maketrans(
    {
        "〜": "～",
        "−": "－",
        "—": "―",
        "–": "-",
        "‖": "∥",
        "¢": "￠",
        "£": "￡",
        "¬": "￢",
        "𠮷": "吉",
        "𣘺": "橋",
        "𥔎": "崎",
        "𫝆": "今",
        "𡈽": "土",
    }
)


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    CP932 = "cp932"


def csv_lines(rows: Iterable[Iterable[object]], *, encoding: Encoding = Encoding.UTF_8) -> Iterator[bytes]:
    """The bytes of a CSV file, a row at a time; what CP932 lacks is written by its usual form or as 〓."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if encoding is Encoding.UTF_8:
        yield codecs.BOM_UTF8
    for row in rows:
        writer.writerow(cell(value) for value in row)
        yield encoded(buffer.getvalue(), encoding)
        buffer.seek(0)
        buffer.truncate()


def cell(value: object) -> str:
    """One line of text that no spreadsheet takes for a formula; numbers with a sign stay numbers."""
    text = "" if value is None else " ".join(str(value).split())
    if text.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def encoded(text: str, encoding: Encoding) -> bytes:
    if encoding is Encoding.UTF_8:
        return text.encode()
    try:
        return text.encode("cp932")
    except UnicodeEncodeError:
        return "".join(map(in_cp932, text.translate(VARIANTS))).encode("cp932")


def in_cp932(char: str) -> str:
    for form in (char, unicodedata.normalize("NFKC", char)):
        try:
            form.encode("cp932")
        except UnicodeEncodeError:
            continue
        return form
    return REPLACED
