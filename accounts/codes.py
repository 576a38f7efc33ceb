"""Reading the codes of municipalities as spreadsheets leave them."""

import re
import unicodedata
from collections.abc import Container

from accounts.municipalities import check_digit

CODE = re.compile(r"([0-9]{4,6})(?:\.0+)?")


def read_code(text: str, *, known: Container[str]) -> str | None:
    """The six digits meant by 102083, 102083.0, 10208 (no check digit) or 11002 (a lost first 0); of several
    readings the one that is a known code, and None if that does not settle it."""
    found = CODE.fullmatch(unicodedata.normalize("NFKC", text).strip().strip("'"))
    if found is None:
        return None
    digits = found[1]
    if len(digits) == 6:
        return digits if check_digit(digits[:5]) == digits[5] else None
    readings = {f"0{digits}"} if len(digits) == 5 and check_digit(f"0{digits[:4]}") == digits[4] else set()
    five = digits.zfill(5)
    readings |= {five + check_digit(five)}
    meant = [reading for reading in sorted(readings) if reading in known]
    return meant[0] if len(meant) == 1 else None
