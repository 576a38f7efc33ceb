"""Reading postal codes however they are written."""

import re
import unicodedata

BETWEEN = re.compile(r"[\s〒\-‐‑–—―−ー]")


def read_postal_code(text: str, *, is_from_table: bool = False) -> str | None:
    """377-0008 from 〒３７７０００８; None if it is no postal code. In a table the first 0 may be lost."""
    digits = BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if is_from_table and text.strip().isdecimal():
        digits = digits.zfill(7) if len(digits) == 6 else digits
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch(r"[0-9]{7}", digits) else None
