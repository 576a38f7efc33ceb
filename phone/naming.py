"""Reading a name, and the number of a town beside it, as people text them."""

import re
from collections.abc import Sequence

from accounts.models import Municipality
from participants.kana import is_kana, normalise_kana

POLITE = re.compile(r"(?:です|デス|と申します|といいます|でございます|さん|様)[。.!、\s]*$")
EDGES = " \t\r\n。．.、,，:：;；()（）「」『』[]【】・"
FIRST_DIGIT = re.compile(r"^\s*([0-9]{1,2})(?:番)?[\s.、,:：)）]*(.*)$", re.DOTALL)
LAST_DIGIT = re.compile(r"^(.*?)[\s.、,:：(（]*([0-9]{1,2})(?:番)?[)）]?\s*$", re.DOTALL)
SUFFIXES = "市町村区"
SHORTEST, LONGEST = 2, 30


def read_name(text: str) -> str:
    """The name in katakana, or nothing if the text is no name in kana."""
    bare = POLITE.sub("", text.strip(EDGES)).strip(EDGES)
    kana = normalise_kana(bare)
    return kana if is_kana(bare) and SHORTEST <= len(kana) <= LONGEST else ""


def read_town_and_name(
    text: str, towns: Sequence[Municipality], *, numbered: bool
) -> tuple[Municipality | None, str]:
    """Which of the towns, by its number in the list (if they were `numbered`) or by its name, and the name in
    katakana; each may be missing. `text` is plain: ASCII digits, one width."""
    for town in towns:
        for spelling in (town.name, town.name.rstrip(SUFFIXES)):
            if len(spelling) > 1 and spelling in text:
                return town, read_name(text.replace(spelling, " ", 1))
    for pattern, digit, rest in ((FIRST_DIGIT, 1, 2), (LAST_DIGIT, 2, 1)):
        found = pattern.match(text)
        if found and numbered and 1 <= int(found[digit]) <= len(towns):
            return towns[int(found[digit]) - 1], read_name(found[rest])
    return None, read_name(text)
