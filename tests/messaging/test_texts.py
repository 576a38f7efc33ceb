"""Every SMS template, filled with the longest names there are: two parts at most, no link, no number."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from messaging import texts
from messaging.lint import problems
from messaging.segments import units
from sessions.refusals import Code
from sessions.weather import Weather

FOLDER = Path(settings.BASE_DIR) / "templates" / "texts"
TWO_PARTS = 134

TOWNS = ["つくばみらい市", "いちき串木野市", "かすみがうら市", "北名古屋市", "みなかみ町", "渋川市"]
TITLE = "はじめてのスマホ電源・電話・カメラ"
VENUE = "溝祭文化センター別館大会議室"
CONFIRMED = SimpleNamespace(is_confirmed=True, is_offered=False, is_waiting=False)
WAITING = SimpleNamespace(is_confirmed=False, is_offered=False, is_waiting=True)
WHEN = {"day": "12月11日(金)", "time": "13時30分", "venue": VENUE}
APPLIED = SimpleNamespace(is_confirmed=False, is_offered=False, is_waiting=False)
OFFERED = SimpleNamespace(is_confirmed=False, is_offered=True, is_waiting=False)
ROW = {"name": "テシガワラ", "receipt": "AB0412", "title": TITLE, "registration": WAITING, **WHEN}
COMMON: dict[str, Any] = {
    "town": TOWNS[0],
    "title": TITLE,
    "from_title": TITLE,
    "receipt": "AB0412",
    "session_count": 12,
    "registration": WAITING,
    "name": "テシガワラ カンザブロウ",
    "deadline_day": "12月10日(木)",
    "deadline_time": "17時30分",
    "before": {"day": "12月10日(木)", "time": "13時30分", "venue": VENUE},
    "is_tomorrow": True,
    **WHEN,
}
# What else the single templates may meet; each is rendered once per entry.
CASES: dict[str, list[dict[str, Any]]] = {
    "reply_ask_name": [{}, {"whose": True, "title": ""}, {"again": True}],
    "reply_ask_town": [{"towns": TOWNS}, {"towns": []}],
    "reply_ask_town_and_name": [{"towns": TOWNS}, {"towns": TOWNS, "again": True}, {"towns": []}],
    "reply_ask_who": [{"names": ["テシガワラ"] * 4, "others": others} for others in (True, False)],
    "reply_ask_slot": [{"slots": ["12月11日(金)13時30分"] * 4, "day": ""}, {"slots": ["13時30分"] * 4}],
    "reply_read_back": [
        {"is_full": full, "is_new": new, "others": not new} for full in (True, False) for new in (True, False)
    ],
    "reply_registrations": [{"rows": [ROW] * 2, "count": 12, "more": 10}],
    "reply_ask_which": [{"rows": [ROW] * 4}],
    "reply_ask_whose_offer": [{"rows": [ROW] * 4, "is_yes": is_yes} for is_yes in (True, False)],
    "called_off": [{}, *({"weather": weather} for weather in Weather.values)],
    "session_off": [
        {"weather": weather, "as_planned": more} for weather in Weather.values for more in (True, False)
    ],
    "merged": [
        {"registration": CONFIRMED},
        {"registration": WAITING},
        {"registration": APPLIED},
        {"registration": OFFERED},
        {"registration": OFFERED, "is_spoken": True},
    ],
    "reply_merged": [{"code": "1234"}],
    "reply_refused": [{"code": code} for code in Code],
    "reply_unclear": [{"wants": wants} for wants in ("yes_or_no", "digit", "name", "town_and_name", "")],
    "reply_notice": [{"text": "お申込みを受け付けました"}],
    "confirmed": [{}, {"is_drawn": True}],
    "waiting": [{}, {"is_drawn": True, "place": 112}],
    "staff_answer": [{"text": "お問い合わせの件、担当者からお電話します"}],
}
TEMPLATES = sorted(file.stem for file in FOLDER.glob("*.txt") if not file.stem.startswith("_"))


def test_there_are_texts():
    assert {"confirmed", "reminder", "offered", "reply_help", "staff_answer"} <= set(TEMPLATES)
    assert set(CASES) <= set(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_text_stays_within_two_parts_and_the_rules_of_the_network(template):
    for case in CASES.get(template, [{}]):
        body = texts.render(template, COMMON | case)
        assert problems(body) == [], body
        assert units(body) <= TWO_PARTS, f"{units(body)} units: {body}"


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != "reply_notice"])
def test_a_text_says_first_who_writes(template):
    for case in CASES.get(template, [{}]):
        assert texts.render(template, COMMON | case).startswith("【つくばみらい市スマホ教室】")
        assert texts.render(template, COMMON | case | {"town": ""}).startswith("【スマホ教室】")


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_text_is_plain_whatever_stands_in_a_name(template):
    for case in CASES.get(template, [{}]):
        body = texts.render(template, COMMON | case | {"title": "A&B<C>", "venue": "D'E\"F"})
        assert "&amp;" not in body
        assert "&lt;" not in body
        assert "&#x27;" not in body
        assert "\n" not in body
