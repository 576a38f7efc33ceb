"""Dates, eras and hours as they are written for people, and birth years as people write them."""

import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language

OLDEST_AGE = 125


class Era(NamedTuple):
    name: str
    letter: str
    english: str
    begins: dt.date
    last_year: int | None

    @property
    def first_year(self) -> int:
        return self.begins.year


ERAS = (
    Era("明治", "m", "Meiji", dt.date(1868, 1, 25), 45),
    Era("大正", "t", "Taishō", dt.date(1912, 7, 30), 15),
    Era("昭和", "s", "Shōwa", dt.date(1926, 12, 25), 64),
    Era("平成", "h", "Heisei", dt.date(1989, 1, 8), 31),
    Era("令和", "r", "Reiwa", dt.date(2019, 5, 1), None),
)
WEEKDAYS = "月火水木金土日"
WEEKDAYS_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_ENGLISH = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
KANJI_DIGITS = "〇一二三四五六七八九"
AFTER_THE_YEAR = r"(?:\s*(?:年|[./-]).*|\s*生(?:まれ)?)?"
ERA_YEAR = re.compile(
    rf"(明治?|大正?|昭和?|平成?|令和?|[mtshr])[\s.]*(元|[0-9]{{1,2}}|[〇一二三四五六七八九十]{{1,3}}){AFTER_THE_YEAR}"
)
WHOLE_DAY = re.compile(
    r"(?:(?:西暦)?\s*([0-9]{4})|(明治?|大正?|昭和?|平成?|令和?|[mtshr])[\s.]*(元|[0-9]{1,2}))"
    r"\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})\s*日?(?:[\s(].*)?"
)
WESTERN_YEAR = re.compile(rf"(?:西暦\s*)?([0-9]{{4}}|[〇一二三四五六七八九]{{4}}){AFTER_THE_YEAR}")


def date_label(day: dt.date, language: str | None = None) -> str:
    """12月4日(金), or Fri 4 December; of a moment, the day in Japan."""
    day = _day(day)
    if _is_english(language):
        return f"{WEEKDAYS_ENGLISH[day.weekday()]} {day.day} {MONTHS_ENGLISH[day.month - 1]}"
    return f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def long_date_label(day: dt.date, language: str | None = None) -> str:
    """2026年12月4日(金), or Fri 4 December 2026."""
    day = _day(day)
    label = date_label(day, language)
    return f"{label} {day.year}" if _is_english(language) else f"{day.year}年{label}"


def wareki_label(day: dt.date, language: str | None = None) -> str:
    """令和8年12月4日 for forms, or 4 December 2026."""
    day = _day(day)
    if _is_english(language):
        return f"{day.day} {MONTHS_ENGLISH[day.month - 1]} {day.year}"
    era = _era_of(day)
    year = f"{era.name}{_era_year(era, day.year)}" if era else str(day.year)
    return f"{year}年{day.month}月{day.day}日"


def year_label(year: int, language: str | None = None) -> str:
    """昭和16年（1941年）, or 1941 (Shōwa 16); a year with two eras goes by the one of its middle."""
    era = _era_of(dt.date(year, 7, 2))
    if _is_english(language):
        return f"{year} ({era.english} {year - era.first_year + 1})" if era else str(year)
    return f"{era.name}{_era_year(era, year)}年（{year}年）" if era else f"{year}年"


def fiscal_year_label(year: int, language: str | None = None) -> str:
    """令和8年度（2026年度）, or fiscal year 2026 (Reiwa 8); by the era of its 1 April."""
    era = _era_of(dt.date(year, 4, 1))
    if _is_english(language):
        return f"fiscal year {year}" + (f" ({era.english} {year - era.first_year + 1})" if era else "")
    return f"{era.name}{_era_year(era, year)}年度（{year}年度）" if era else f"{year}年度"


def read_birth_year(text: str) -> int | None:
    """1941 from 昭和16, S16, 昭和十六年三月生まれ or 1941年; None if nobody living can be born in it."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if found := ERA_YEAR.fullmatch(plain):
        year = _western(found[1], _number(found[2]))
    elif found := WESTERN_YEAR.fullmatch(plain):
        year = _number(found[1])
    else:
        return None
    this_year = timezone.localdate().year
    return year if year and this_year - OLDEST_AGE <= year <= this_year else None


def read_day(text: str) -> dt.date | None:
    """A day from 2026-04-01, 2026/4/1, 令和8年4月1日 or R8.4.1; None if there is no such day."""
    found = WHOLE_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip().lower())
    if found is None:
        return None
    year = int(found[1]) if found[1] else _western(found[2], _number(found[3]))
    try:
        return dt.date(year or 0, int(found[4]), int(found[5]))
    except ValueError:
        return None


def time_label(moment: dt.datetime | dt.time) -> str:
    """10時, 13時30分: the hour in texts, which are Japanese in every language."""
    time = _time(moment)
    return f"{time.hour}時{time.minute}分" if time.minute else f"{time.hour}時"


def moment_label(moment: dt.datetime, language: str | None = None) -> str:
    """12月9日(水) 午後5:00, or Wed 9 December, 5:00 pm."""
    time = _time(moment)
    if _is_english(language):
        return f"{date_label(moment, language)}, {_clock(time)} {_half_english(time)}"
    return f"{date_label(moment, language)} {_half(time)}{_hour(time)}:{time.minute:02}"


def period_label(
    start: dt.datetime | dt.time,
    end: dt.datetime | dt.time,
    *,
    speech: bool = False,
    language: str | None = None,
) -> str:
    """午前10:00–11:30 on public pages, 午前10時から11時30分まで when it is read out."""
    first, last = _time(start), _time(end)
    same_half = (first.hour < 12) == (last.hour < 12)
    if _is_english(language):
        begin = _clock(first) if same_half and not speech else f"{_clock(first)} {_half_english(first)}"
        finish = f"{_clock(last)} {_half_english(last)}"
        return f"from {begin} to {finish}" if speech else f"{begin}–{finish}"
    prefix = "" if same_half else _half(last)
    if speech:
        return f"{_half(first)}{_spoken(first)}から{prefix}{_spoken(last)}まで"
    return f"{_half(first)}{_hour(first)}:{first.minute:02}–{prefix}{_hour(last)}:{last.minute:02}"


def clock_label(start: dt.datetime | dt.time, end: dt.datetime | dt.time) -> str:
    """10:00–11:30 in staff tables, where the day has 24 hours."""
    first, last = _time(start), _time(end)
    return f"{first.hour}:{first.minute:02}–{last.hour}:{last.minute:02}"


def fiscal_year(day: dt.date) -> int:
    """The year in whose April the municipal year of this day began."""
    day = _day(day)
    return day.year if day.month >= 4 else day.year - 1


def _is_english(language: str | None) -> bool:
    return (language or get_language() or "").startswith("en")


def _day(day: dt.date) -> dt.date:
    if not isinstance(day, dt.datetime):
        return day
    return timezone.localtime(day).date() if timezone.is_aware(day) else day.date()


def _time(moment: dt.datetime | dt.time) -> dt.time:
    if isinstance(moment, dt.time):
        return moment
    return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).time()


def _era_of(day: dt.date) -> Era | None:
    return next((era for era in reversed(ERAS) if day >= era.begins), None)


def _era_year(era: Era, year: int) -> str:
    count = year - era.first_year + 1
    return "元" if count == 1 else str(count)


def _number(text: str) -> int:
    """16 from 16, 十六, 一六 or 元."""
    if text == "元":
        return 1
    if "十" not in text:
        digits = "".join(str(KANJI_DIGITS.index(char)) if char in KANJI_DIGITS else char for char in text)
        return int(digits)
    tens, _ten, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= set(KANJI_DIGITS):
        return 0
    return (KANJI_DIGITS.index(tens) if tens else 1) * 10 + (KANJI_DIGITS.index(ones) if ones else 0)


def _western(name: str, count: int) -> int | None:
    era = next(era for era in ERAS if name[0] in {era.name[0], era.letter})
    if count < 1 or (era.last_year is not None and count > era.last_year):
        return None
    return era.first_year + count - 1


def _half(time: dt.time) -> str:
    return "午前" if time.hour < 12 else "午後"


def _half_english(time: dt.time) -> str:
    return "am" if time.hour < 12 else "pm"


def _hour(time: dt.time) -> int:
    """Half past noon is 午後0:30 in Japan."""
    return time.hour % 12


def _clock(time: dt.time) -> str:
    return f"{time.hour % 12 or 12}:{time.minute:02}"


def _spoken(time: dt.time) -> str:
    minutes = f"{time.minute}分" if time.minute else ""
    return f"{_hour(time)}時{minutes}"
