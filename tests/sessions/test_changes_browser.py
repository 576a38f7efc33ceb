"""Staff call off tomorrow's classes and call until nobody is left; two classes nearly empty become one."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from config.worker import work_once
from messaging.models import Message
from sessions.models import Course, Notice
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_class_is_called_off_and_people_are_called_until_nobody_is_left(new_visitor, program, shibukawa, staff):
    start = make.in_days(1)
    course = make.make_course(program=program, starts_at=start, closes_at=start - timedelta(minutes=1))
    make.make_registration(course=course, town=shibukawa)
    by_phone = {"town": shibukawa, "sms": False, "kana": "オカダ カズコ", "phone": "0279-00-0422"}
    make.make_registration(course=course, person=make.make_person(**by_phone))
    work_once()
    visitor = new_visitor(width=390)
    visitor.sign_in(staff)
    page = visitor.visit("/staff/broadcasts/new/")
    page.get_by_role("checkbox").check()
    page.locator("[name=weather][value=snow]").check()
    page.locator("main form[method=post] button").click()
    visitor.check()
    page.locator("button[name=confirm]").click()
    visitor.check()
    figures = page.locator("#reach .figures dd:first-of-type")
    assert figures.all_inner_texts() == ["0", "1", "1"]
    page.locator("[value=no_answer]").focus()
    Message.objects.filter(template="called_off").update(state="delivered")
    expect(figures).to_have_text(["1", "0", "1"], timeout=30_000)
    assert page.evaluate("document.activeElement.value") == "no_answer"
    page.locator("[value=told]").click()
    visitor.check()
    assert page.locator("#reach .big").count() == 1
    assert figures.all_inner_texts() == ["2", "0", "0"]
    assert page.locator("#reach .todo").count() == 0


def test_two_classes_nearly_empty_become_one(new_visitor, program, shibukawa, yoshioka, staff):
    lesson = make.make_curriculum()
    for n, town in enumerate((shibukawa, yoshioka)):
        venue = make.make_venue(town=town, latitude=36.48, longitude=139.0)
        course = make.make_course(
            program=program, host=town, curriculum=lesson, venue=venue, starts_at=make.in_days(12 + n)
        )
        make.make_registration(course=course, town=town)
    visitor = new_visitor(javascript=False)
    visitor.sign_in(staff)
    page = visitor.visit("/staff/merges/")
    page.locator("main .btn-outline").first.click()
    visitor.check()
    page.locator("main form[method=post] button").click()
    visitor.check()
    gone = Course.objects.exclude(merged_into=None).get()
    assert page.url.endswith(f"/staff/courses/{gone.merged_into_id}/")
    assert gone.merged_into.registrations.confirmed().count() == 2
    assert Notice.objects.filter(kind="merged").count() == 1
