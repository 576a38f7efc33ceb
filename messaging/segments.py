"""How many parts an SMS costs. Japanese text travels as UTF-16: 70 units alone, 67 a part when joined."""

import unicodedata
from math import ceil

SINGLE, JOINED = 70, 67
MOST_PARTS = 3


def units(text: str) -> int:
    """UTF-16 code units of the text as it is sent (NFC); a character outside the BMP counts two."""
    return len(unicodedata.normalize("NFC", text).encode("utf-16-be")) // 2


def count_segments(text: str) -> int:
    length = units(text)
    return 1 if length <= SINGLE else ceil(length / JOINED)
