"""Dates, eras and hours as people write and read them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.japanese import (
    clock_label,
    date_label,
    fiscal_year,
    fiscal_year_label,
    long_date_label,
    period_label,
    read_birth_year,
    time_label,
    wareki_label,
    year_label,
)

FRIDAY = dt.date(2026, 12, 4)
TOKYO = ZoneInfo("Asia/Tokyo")


def test_a_date_carries_its_weekday():
    assert date_label(FRIDAY, "ja") == "12月4日(金)"
    assert long_date_label(FRIDAY, "ja") == "2026年12月4日(金)"
    assert date_label(FRIDAY, "en") == "Fri 4 December"
    assert long_date_label(FRIDAY, "en") == "Fri 4 December 2026"


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("ja", ["12月4日(金)", "2026年12月4日(金)", "令和8年12月4日", "昭和16年（1941年）"]),
        ("en", ["Fri 4 December", "Fri 4 December 2026", "4 December 2026", "1941 (Shōwa 16)"]),
    ],
)
def test_the_language_of_the_page_is_used_unless_another_is_named(language, labels):
    with translation.override(language):
        shown = [date_label(FRIDAY), long_date_label(FRIDAY), wareki_label(FRIDAY), year_label(1941)]
    assert shown == labels


def test_a_moment_has_the_date_of_japan():
    evening_in_greenwich = dt.datetime(2026, 12, 3, 16, 0, tzinfo=dt.UTC)
    assert date_label(evening_in_greenwich, "ja") == "12月4日(金)"
    assert fiscal_year(dt.datetime(2027, 3, 31, 15, 0, tzinfo=dt.UTC)) == 2027


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (dt.date(1912, 7, 29), "明治45年7月29日"),
        (dt.date(1912, 7, 30), "大正元年7月30日"),
        (dt.date(1926, 12, 24), "大正15年12月24日"),
        (dt.date(1926, 12, 25), "昭和元年12月25日"),
        (dt.date(1989, 1, 7), "昭和64年1月7日"),
        (dt.date(1989, 1, 8), "平成元年1月8日"),
        (dt.date(2019, 4, 30), "平成31年4月30日"),
        (dt.date(2019, 5, 1), "令和元年5月1日"),
        (dt.date(2027, 3, 31), "令和9年3月31日"),
        (dt.date(1860, 1, 1), "1860年1月1日"),
    ],
)
def test_an_era_begins_on_its_day(day, label):
    assert wareki_label(day, "ja") == label


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (1912, "明治45年（1912年）"),
        (1926, "大正15年（1926年）"),
        (1927, "昭和2年（1927年）"),
        (1941, "昭和16年（1941年）"),
        (1988, "昭和63年（1988年）"),
        (1989, "平成元年（1989年）"),
        (2019, "令和元年（2019年）"),
        (1850, "1850年"),
    ],
)
def test_a_year_of_birth_is_shown_both_ways(year, label):
    assert year_label(year, "ja") == label


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("昭和16", 1941),
        ("昭和16年", 1941),
        ("昭和１６年", 1941),
        ("昭和 16 年", 1941),
        ("昭16", 1941),
        ("昭16年", 1941),
        ("昭和十六年", 1941),
        ("昭和一六年", 1941),
        ("昭和二十三年生まれ", 1948),
        ("昭和十年", 1935),
        ("昭和二十年", 1945),
        ("S16", 1941),
        ("s16", 1941),
        ("Ｓ１６", 1941),
        ("S.16", 1941),
        ("S16.3.5", 1941),
        ("㍼16", 1941),
        ("昭和16年3月5日", 1941),
        ("昭和16年生まれ", 1941),
        ("昭和16生", 1941),
        ("昭和元年", 1926),
        ("大正15", 1926),
        ("T15", 1926),
        ("昭和64年", 1989),
        ("平成元年", 1989),
        ("H9", 1997),
        ("平成31", 2019),
        ("令和元年", 2019),
        ("令和8年", 2026),
        ("1941", 1941),
        ("１９４１年", 1941),
        ("1941年3月", 1941),
        ("1941/03/05", 1941),
        ("1941-03-05", 1941),
        ("西暦1941年", 1941),
        ("一九四一年", 1941),
        (" 1941 ", 1941),
    ],
)
@time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=TOKYO))
def test_a_year_of_birth_is_read_as_it_is_written(text, year):
    assert read_birth_year(text) == year


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昭和65",
        "昭和0",
        "昭和",
        "大正16年",
        "平成32",
        "令和9年",
        "昭和百年",
        "昭和十十",
        "16",
        "41",
        "2027",
        "1850",
        "明治5年",
        "19410305",
        "85歳",
        "16年昭和",
        "午年",
        "X16",
    ],
)
@time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=TOKYO))
def test_what_is_no_year_of_birth_is_not_guessed(text):
    assert read_birth_year(text) is None


@given(st.text(alphabet=st.characters(), max_size=20))
def test_no_text_for_a_year_raises(text):
    year = read_birth_year(text)
    assert year is None or read_birth_year(str(year)) == year


@given(st.text(alphabet="昭和大正平令明元〇一二三十年生月日0123456789mtshr.１９ ", max_size=8))
def test_nearly_years_do_not_raise(text):
    year = read_birth_year(text)
    assert year is None or read_birth_year(year_label(year, "ja").partition("（")[0]) == year


@pytest.mark.parametrize(
    ("time", "label"),
    [
        (dt.time(10), "10時"),
        (dt.time(10, 30), "10時30分"),
        (dt.time(13, 30), "13時30分"),
        (dt.time(9, 5), "9時5分"),
        (dt.datetime(2026, 12, 4, 10, 0, tzinfo=TOKYO), "10時"),
        (dt.datetime(2026, 12, 4, 1, 0, tzinfo=dt.UTC), "10時"),
    ],
)
def test_the_hour_in_a_text_is_short_and_japanese_in_every_language(time, label):
    with translation.override("en"):
        assert time_label(time) == label


@pytest.mark.parametrize(
    ("start", "end", "shown", "spoken", "english"),
    [
        ((10, 0), (11, 30), "午前10:00–11:30", "午前10時から11時30分まで", "10:00–11:30 am"),
        ((13, 0), (15, 0), "午後1:00–3:00", "午後1時から3時まで", "1:00–3:00 pm"),
        (
            (11, 0),
            (12, 30),
            "午前11:00–午後0:30",
            "午前11時から午後0時30分まで",
            "11:00 am–12:30 pm",
        ),
        ((12, 0), (13, 5), "午後0:00–1:05", "午後0時から1時5分まで", "12:00–1:05 pm"),
    ],
)
def test_the_time_of_a_class_tells_morning_from_afternoon(start, end, shown, spoken, english):
    times = dt.time(*start), dt.time(*end)
    assert period_label(*times, language="ja") == shown
    assert period_label(*times, speech=True, language="ja") == spoken
    assert period_label(*times, language="en") == english


def test_a_spoken_time_in_english_names_both_ends():
    spoken = period_label(dt.time(10), dt.time(11, 30), speech=True, language="en")
    assert spoken == "from 10:00 am to 11:30 am"


def test_staff_tables_have_24_hours():
    start = dt.datetime(2026, 12, 4, 4, 30, tzinfo=dt.UTC)
    assert clock_label(start, start + dt.timedelta(hours=1)) == "13:30–14:30"


@pytest.mark.parametrize(
    ("day", "year"),
    [(dt.date(2026, 4, 1), 2026), (dt.date(2027, 3, 31), 2026), (dt.date(2027, 4, 1), 2027)],
)
def test_the_municipal_year_begins_in_april(day, year):
    assert fiscal_year(day) == year


@pytest.mark.parametrize(
    ("year", "label", "english"),
    [
        (2026, "令和8年度（2026年度）", "fiscal year 2026 (Reiwa 8)"),
        (2019, "平成31年度（2019年度）", "fiscal year 2019 (Heisei 31)"),
        (1989, "平成元年度（1989年度）", "fiscal year 1989 (Heisei 1)"),
    ],
)
def test_a_fiscal_year_goes_by_the_era_of_its_first_of_april(year, label, english):
    assert fiscal_year_label(year, "ja") == label
    assert fiscal_year_label(year, "en") == english
