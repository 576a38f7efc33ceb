"""How names sound: one spelling to store, and a looser one to search by."""

import re
import unicodedata

import jaconv

DASH_AFTER_KANA = re.compile(r"(?<=[ァ-ヺー])[-‐‑‒–—―−~〜]+")
SEPARATORS = re.compile(r"[\s・･=＝゠,、.。]+")
REPEATED = re.compile(r"([ァ-ヺ])([ヽヾ]+)")
KANA = re.compile(r"[ァ-ヺー]+(?: [ァ-ヺー]+)*")

# Spelt as they are said: the old kana of somebody born as きくゑ is read キクエ.
OLD_KANA = str.maketrans("ヱヰ", "エイ")
SMALL_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
SAME_SOUND = str.maketrans("ヲヅヂ", "オズジ")


def normalise_kana(text: str) -> str:
    """Full-width katakana with one space between the names; what is not kana stays what it is."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(char for char in plain if char.isspace() or unicodedata.category(char)[0] not in "CM")
    kana = REPEATED.sub(_spelt_out, jaconv.hira2kata(plain))
    kana = DASH_AFTER_KANA.sub(lambda dashes: "ー" * len(dashes[0]), kana).translate(OLD_KANA)
    return SEPARATORS.sub(" ", kana).strip()


def is_kana(text: str) -> bool:
    """Whether the text tells how a name sounds, in katakana, hiragana or half width."""
    return KANA.fullmatch(normalise_kana(text)) is not None


def kana_key(text: str) -> str:
    """What two spellings of a name heard over the telephone have in common."""
    large = normalise_kana(text).translate(SMALL_KANA).translate(SAME_SOUND)
    unvoiced = "".join(
        char for char in unicodedata.normalize("NFD", large) if unicodedata.category(char)[0] != "M"
    )
    return unvoiced.replace("ー", "").replace(" ", "").casefold()


def _spelt_out(repeated: re.Match[str]) -> str:
    """みすゞ is ミスズ: ヽ repeats the kana before it, ヾ repeats it voiced."""
    kana, marks = repeated.groups()
    voiced = unicodedata.normalize("NFC", kana + "\u3099")
    voiced = voiced if len(voiced) == 1 else kana
    return kana + "".join(voiced if mark == "ヾ" else kana for mark in marks)
