"""A coordinator goes from the month to the week to the list without a mouse; every page is checked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programs.models import ClosingDay
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1366, 390])
def test_the_calendar_is_read_by_keys(new_visitor, program, shibukawa, yoshioka, staff, width):
    today = timezone.localdate()
    first = make.in_days((today.replace(day=28) + timedelta(days=12) - today).days)
    venue = make.make_venue(town=shibukawa)
    for n, fields in enumerate(({}, {"host": yoshioka}, {"published_at": None})):
        make.make_course(
            program=program, title=f"教室{n}", starts_at=first + timedelta(days=n), venue=venue, **fields
        )
    make.make_course(program=program, title="重なる教室", starts_at=first, venue=venue)
    ClosingDay.objects.create(municipality=shibukawa, day=first.date(), reason="休館日")
    visitor = new_visitor(width=width)
    visitor.sign_in(staff)
    page = visitor.visit(f"/staff/calendar/?day={today}")
    page.locator(f"#d-{today}").focus()

    def press(key: str) -> None:
        with page.expect_navigation():
            page.keyboard.press(key)
        visitor.check()

    def focused() -> str:
        return page.evaluate("document.activeElement.dataset.day")

    press("PageDown")
    assert page.locator(".ev").count() == 4
    assert page.locator(".ev-hard").count() == 2
    assert page.locator("[data-day][tabindex='0']").count() == 1
    page.locator(f"#d-{first.date()}").focus()
    page.keyboard.press("ArrowRight")
    assert focused() == str(first.date() + timedelta(days=1))
    page.keyboard.press("ArrowLeft")
    assert focused() == str(first.date())
    press("Enter")
    assert page.locator(".tabs [aria-current]").get_attribute("href") == f"?view=week&day={first.date()}"
    assert page.locator(".ev-hard").count() == 2
    page.locator(f"#d-{first.date()}").focus()
    press("Enter")
    assert page.locator("h2 time").first.get_attribute("datetime") == str(first.date())
    assert page.locator(".rows > li").count() == 4
    press("t")
    assert page.locator(".tabs [aria-current]").get_attribute("href") == f"?view=list&day={today}"


def test_without_javascript_every_day_is_in_reach(visitor_without_javascript, program, staff):
    course = make.make_course(program=program)
    visitor_without_javascript.sign_in(staff)
    page = visitor_without_javascript.visit(f"/staff/calendar/?day={timezone.localdate(course.starts_at)}")
    assert page.locator("[data-day][tabindex]").count() == 0
    assert page.locator("#calendar-keys").is_hidden()
    page.locator(".ev").click()
    visitor_without_javascript.check()
    assert page.url.endswith(f"/staff/courses/{course.pk}/")
