"""A coordinator plans ten sessions over a holiday and a closing day, and copies the classes of last year."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.closing import Span, close
from sessions.models import Course
from sessions.series import holiday_words
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def first_day() -> date:
    """Two weeks before a public holiday that falls on a weekday, at least three weeks from now."""
    day = timezone.localdate() + timedelta(days=35)
    while day.weekday() > 4 or not holiday_words(day):
        day += timedelta(days=1)
    return day - timedelta(weeks=2)


def test_a_coordinator_plans_a_season_of_three_towns(
    new_visitor, program, staff, partner_staff, shibukawa, yoshioka, shinto, first_day
):
    holiday, closed, taken = (first_day + n * timedelta(weeks=1) for n in (2, 4, 5))
    curriculum = make.make_curriculum(title="スマホ10回講座", session_count=10, capacity=12)
    hall = make.make_venue(town=yoshioka, name="吉岡町文化センター", latitude=36.45, longitude=139.01)
    near = make.make_venue(town=shinto, latitude=36.44, longitude=138.97)
    close(yoshioka, Span(closed, closed, "館内整備"), by=partner_staff)
    at_ten = make.in_days((taken - timezone.localdate()).days)
    make.make_course(program=program, venue=hall, title="写真の整理", starts_at=at_ten)
    like = {"host": shinto, "curriculum": curriculum, "title": "榛東のスマホ講座"}
    make.make_course(program=program, venue=near, starts_at=at_ten + timedelta(weeks=1, hours=4), **like)
    visitor = new_visitor()
    visitor.sign_in(staff)
    page = visitor.visit(f"{reverse('sessions:new_course')}?program={program.pk}&curriculum={curriculum.pk}")
    page.locator("#id_venue").select_option(str(hall.pk))
    page.locator("#id_first_at").fill(f"{first_day.isoformat()}T10:00")
    for town, seats in ((shibukawa, 4), (yoshioka, 3), (shinto, 3)):
        page.locator(f"#id_quota_{town.pk}").fill(str(seats))
    page.locator("main form .btn").click()
    visitor.check()

    # The holiday and the closing day are stepped over; one date is taken, one near a like class of a partner.
    assert page.locator("main tbody tr").count() == 10
    assert "館内整備" in page.locator("#facts ~ ul").inner_text()
    assert (page.locator("tbody .chip-bad").count(), page.locator("tbody .chip-wait").count()) == (1, 1)
    assert page.locator("button[name=save]").count() == 0
    visitor.picture("season-refused")
    page.locator("button[name=edit]").click()
    visitor.check()
    page.locator("#id_first_at").fill(f"{first_day.isoformat()}T13:30")
    page.locator("main form .btn").click()
    visitor.check()
    assert (page.locator("tbody .chip-bad").count(), page.locator("tbody .chip-wait").count()) == (0, 1)
    visitor.picture("season-preview")
    page.locator("button[name=save]").click()
    visitor.check()
    course = Course.objects.get(title="スマホ10回講座")
    days = [session.day for session in course.class_sessions.order_by("number")]
    assert len(days) == 10
    assert not {holiday, closed} & set(days)
    page.locator(f"form[action$='/{course.pk}/publish/'] button").click()
    visitor.check()
    course.refresh_from_db()
    assert (course.is_published, course.quotas.count()) == (True, 3)


@pytest.mark.parametrize("width", [390, 1366])
def test_the_pages_of_a_new_season_read_well(new_visitor, program, staff, shibukawa, first_day, width):
    curriculum = make.make_curriculum(title="スマホ入門", session_count=4)
    hall = make.make_venue(town=shibukawa, name="赤城麓公民館", room="視聴覚室", closed_weekdays=[0])
    today = timezone.localdate()
    close(shibukawa, Span(today + timedelta(days=40), today + timedelta(days=43), "年末年始"), by=staff)
    last_year = make.make_program(name="昨年のスマホ講座", fiscal_year=2025, lead=shibukawa)
    start = make.in_days(30 - 364)
    old = {"program": last_year, "starts_at": start, "opens_at": start - timedelta(days=40), "session_count": 3}
    make.make_course(curriculum=curriculum, title="スマホ入門3回コース", venue=hall, **old)
    make.make_course(curriculum=curriculum, title="防災とスマホ", **old)
    visitor = new_visitor(width=width)
    visitor.sign_in(staff)
    page = visitor.visit(reverse("programs:closing_days"))
    visitor.picture("closing-days")
    page.locator("#id_first").fill((today + timedelta(days=60)).isoformat())
    page.locator("#id_reason").fill("投票所のため")
    page.locator("form[action$='/add/'] .btn").click()
    visitor.check()
    visitor.visit(reverse("programs:venue", args=[hall.pk]))
    visitor.visit(reverse("programs:edit_venue", args=[hall.pk]))
    page = visitor.visit(f"{reverse('sessions:new_course')}?program={program.pk}&curriculum={curriculum.pk}")
    page.locator("#id_venue").select_option(str(hall.pk))
    page.locator("#id_first_at").fill(f"{first_day.isoformat()}T10:00")
    page.locator("#id_skip_holidays").uncheck()
    page.locator("#id_skip_closing_days").uncheck()
    visitor.picture("season-form")
    page.locator("main form .btn").click()
    visitor.check()
    visitor.picture("season-warned")
    page = visitor.visit(reverse("sessions:copy_season", args=[program.pk]))
    visitor.picture("copy-season")
    page.locator("form.stack .btn").click()
    visitor.check()
    assert Course.objects.filter(program=program, copied_from__program=last_year).count() == 2
