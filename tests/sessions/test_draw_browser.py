"""A coordinator holds a draw from きょう to the published result, with keys and without scripts."""

import pytest
from django.utils import timezone

from programs.models import Allocation, DrawPriority
from sessions.models import Course
from tests import make
from tests.drawing import apply, prioritised

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "javascript"), [(390, False), (1366, True)])
def test_a_coordinator_holds_a_draw(new_visitor, program, shibukawa, yoshioka, staff, width, javascript):
    prioritised(program, DrawPriority.FIRST_TIME)
    course = make.make_course(program=program, allocation=Allocation.LOTTERY, capacity=2, code="4126")
    for town, size in ((shibukawa, 1), (shibukawa, 2), (yoshioka, 1)):
        apply(course, town, size)
    Course.objects.filter(pk=course.pk).update(closes_at=timezone.now())
    visitor = new_visitor(width=width, javascript=javascript)
    visitor.sign_in(staff)
    page = visitor.visit("/staff/")
    page.locator("[aria-labelledby=g-draws] a").click()
    for act, done in (("settle", 1), ("hold", 2), ("publish", 3)):
        visitor.check()
        button = page.locator(f"form[action$='/draw/{act}/'] button")
        button.focus()
        button.press("Enter")
        page.locator(f".steps .done >> nth={done - 1}").wait_for()
    visitor.check()
    assert page.locator("tbody .chip-ok").count() >= 1
    assert course.registrations.filter(state="applied").count() == 0
    visitor.visit("/classes/4126/")
