"""The public pages in a real browser: on a telephone without JavaScript, on paper, and checked by axe."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.models import Message
from sessions.models import Registration
from tests import make
from tests.make import in_days

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def classes(program, shibukawa, yoshioka):
    """A season with a class of every kind, by its four digits."""
    venue = make.make_venue(
        town=shibukawa,
        name="香久ふれあい館",
        is_step_free=True,
        has_lift=False,
        parking_spaces=10,
        access="バスで降ります\nまっすぐ2分歩きます",
    )
    curriculum = make.make_curriculum(learn="見分けかた\n設定", bring="スマホ\nめがね", subtitle="料金・設定")
    make.make_course(
        program=program,
        code="4126",
        capacity=8,
        quotas={shibukawa: 3, yoshioka: 2},
        venue=venue,
        curriculum=curriculum,
    )
    make.make_registration(course=make.make_course(program=program, code="3118", capacity=1, session_count=3))
    make.make_course(program=program, code="5555", cancelled_at=timezone.now())
    make.make_course(program=program, code="5211", opens_at=in_days(3), starts_at=in_days(20))
    make.make_course(program=program, code="5212", closes_at=timezone.now() - timedelta(hours=1))
    make.make_course(program=program, code="6110", by_slot=True, capacity=1)


def test_somebody_applies_on_a_telephone_without_javascript(new_visitor, classes):
    visitor = new_visitor(width=390, javascript=False)
    page = visitor.visit("/")
    page.get_by_role("button", name="English").click()
    visitor.check()
    page.get_by_label("The town you live in").select_option("吉岡町")
    page.get_by_role("button", name="Find").click()
    visitor.check()
    page.locator("a[href='/classes/4126/?town=103454']").click()
    visitor.check()
    page.get_by_role("link", name="Apply on this screen").click()
    visitor.check()
    page.get_by_label("Your name in kana").fill("いちかわ きよし")
    page.get_by_label("Telephone number").fill("090-0310-04")
    page.get_by_role("button", name="Go on and check").click()
    visitor.check()
    assert page.title().startswith("Error:")
    page.get_by_label("Telephone number").fill("090-0310-0408")
    assert page.get_by_label("吉岡町").is_checked()
    for words in ("I don't know", "Large print", "SMS (short text)", "I have understood"):
        page.get_by_label(words).check()
    page.get_by_role("button", name="Go on and check").click()
    visitor.check()
    page.get_by_role("button", name="Go back and change it").click()
    visitor.check()
    page.get_by_label("Your name in kana").fill("いちかわ きよし")
    page.get_by_role("button", name="Go on and check").click()
    visitor.check()
    page.get_by_role("button", name="Apply", exact=True).click()
    visitor.check()
    written = Registration.objects.get(participant__kana="イチカワ キヨシ")
    assert written.is_confirmed
    assert re.sub(r"\s", "", page.locator(".receipt .code").inner_text()) == written.receipt_number
    assert not page.get_by_role("button", name="Print").is_visible()
    page.reload()
    visitor.check()
    assert Message.objects.filter(to="+819003100408").count() == 1


def test_every_public_page_can_be_read_by_everybody(new_visitor, classes):
    visitor = new_visitor(width=390)
    for path in (
        "/",
        "/?topic=maps",
        "/?town=999999&start_on=x",
        "/classes/4126/",
        "/classes/3118/",
        "/classes/5555/",
        "/classes/5211/",
        "/classes/5212/",
        "/classes/5212/apply/",
        "/classes/6110/apply/",
        "/privacy/",
        "/accessibility/",
    ):
        visitor.visit(path)
    visitor.visit("/classes/0000/", status=404)
    visitor.visit("/receipt/x/", status=404)


def test_the_main_pages_can_be_read_on_a_wide_screen(new_visitor, classes):
    visitor = new_visitor()
    for path in ("/", "/classes/4126/", "/classes/4126/apply/"):
        visitor.visit(path)


@pytest.mark.parametrize("code", ["4126", "3118"])
def test_the_page_of_a_class_prints_on_two_sides(new_visitor, classes, code):
    page = new_visitor().visit(f"/classes/{code}/")
    assert page.locator("[data-print]").is_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


def test_the_telephone_of_the_town_stays_in_view(new_visitor, classes):
    page = new_visitor(width=390).visit("/classes/4126/")
    number = page.locator(".site-head .tel-num")
    for place in (0, 1500, 99999):
        page.evaluate("place => window.scrollTo(0, place)", place)
        box = number.bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 844 - box["height"]
