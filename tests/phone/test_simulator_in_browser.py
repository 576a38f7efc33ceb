"""The practice telephone and the threads as staff see them."""

import re

import pytest

from messaging.sending import send_due
from phone.models import Conversation
from sessions.models import Registration
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "090-0310-0408"


@pytest.fixture
def course(program, shibukawa, line, settings):
    settings.MESSAGING_BACKEND = "simulator"
    line.municipalities.add(shibukawa)
    return make.make_course(program=program, code="5205", title="安全に使う", capacity=4, quotas={shibukawa: 2})


def text(page, body: str) -> None:
    """Types a text, sends it and lets the worker deliver what is answered."""
    page.get_by_label(re.compile("^(送る文|Text to send)$")).fill(body)
    page.locator(".compose button").click()
    page.locator(".bubble-me", has_text=body).last.wait_for()
    send_due()


def test_a_senior_registers_on_the_practice_telephone(new_visitor, staff, course):
    visitor = new_visitor()
    visitor.sign_in(staff)
    page = visitor.visit(f"/simulator/?number={NUMBER}")
    text(page, "5205")
    page.get_by_text("お住まいの番号とお名前をカタカナで送ってください").wait_for()
    text(page, "1 シブカワ ハナコ")
    page.get_by_text("シブカワ ハナコ様、").wait_for()
    text(page, "１です")
    registration = Registration.objects.get()
    page.locator("#talk").get_by_text(registration.receipt_number).wait_for()
    page.locator("#town-view").get_by_text(registration.receipt_number).wait_for()
    assert page.evaluate("document.activeElement.id") == "body"
    visitor.check()


def test_it_works_on_a_narrow_screen_without_javascript(visitor_without_javascript, staff, course):
    visitor = visitor_without_javascript
    visitor.sign_in(staff)
    page = visitor.visit(f"/simulator/?number={NUMBER}")
    page.locator(".tries button", has_text="5205").click()
    visitor.check()
    page.locator(".banner button").click()
    visitor.check()
    page.get_by_text("お住まいの番号とお名前をカタカナで送ってください").wait_for()


@pytest.mark.parametrize("width", [390, 1366])
def test_a_thread_is_answered_and_put_aside(new_visitor, staff, course, shibukawa, width, handset):
    make.make_person(town=shibukawa, phone=NUMBER, kana="シブカワ ハナコ")
    handset(NUMBER).send("バスは出ますか", "駐車場はありますか")
    visitor = new_visitor(width=width)
    visitor.sign_in(staff)
    page = visitor.visit("/staff/threads/")
    page.get_by_role("link", name=NUMBER).click()
    visitor.check()
    page.locator("textarea").fill("駐車場は10台あります")
    page.locator("form[action$='answer/'] button").click()
    page.locator(".bubble-me", has_text="駐車場は10台あります").wait_for()
    visitor.check()
    page.locator("form[action$='close/'] button").click()
    page.locator("[role=status]").wait_for()
    visitor.check()
    assert not Conversation.objects.get().needs_staff
