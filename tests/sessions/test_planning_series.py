"""Planning a series and moving a session: what is skipped and what speaks against a date is seen first."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from programs.closing import Span, close
from sessions.models import ClassSession, Course
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def page(at_desk, staff, clock) -> Client:
    return at_desk(staff)


@pytest.fixture
def venue(shibukawa):
    return make.make_venue(town=shibukawa)


@pytest.fixture
def closed(shibukawa, staff):
    return close(shibukawa, Span(date(2026, 12, 29), date(2027, 1, 3), "年末年始"), by=staff)


@pytest.fixture
def post(page, program, venue, shibukawa):
    """Fills in the form for four Tuesdays from 22 December 2026 on."""
    curriculum = make.make_curriculum()
    address = f"{reverse('sessions:new_course')}?program={program.pk}&curriculum={curriculum.pk}"
    plain = {
        "title": "スマホ入門",
        "host": shibukawa.pk,
        "venue": venue.pk,
        "first_at": "2026-12-22T10:00",
        "minutes": 90,
        "session_count": 4,
        "interval_weeks": 1,
        "seats": 12,
        "allocation": "first_come",
        "opens_at": "2026-11-25T09:00",
        "closes_days": 2,
    }
    return lambda **change: page.post(address, plain | change)


BOTH = {"skip_holidays": "on", "skip_closing_days": "on"}


def days(response) -> list[str]:
    return [row.starts_at.date().isoformat()[5:] for row in response.context["preview"].rows]


def test_closing_days_are_stepped_over_and_said(post, closed):
    shown = post(**BOTH)
    assert days(shown) == ["12-22", "01-05", "01-12", "01-19"]
    assert [(each.day, each.reason) for each in shown.context["form"].skipped] == [
        (date(2026, 12, 29), "年末年始")
    ]
    assert "年末年始" in shown.content.decode()
    post(**BOTH, save="1")
    assert [session.day.isoformat()[5:] for session in ClassSession.objects.all()] == days(shown)


def test_a_series_over_a_closing_day_is_saved_only_once_it_was_said(post, closed):
    shown = post(save="1")
    assert days(shown) == ["12-22", "12-29", "01-05", "01-12"]
    assert [conflict.label for conflict in shown.context["preview"].conflicts] == ["Closing day: 年末年始."]
    assert "Save as a draft all the same" in shown.content.decode()
    assert not Course.objects.exists()
    post(save=shown.context["preview"].seal)
    assert Course.objects.get().class_sessions.count() == 4


def test_what_came_up_since_is_shown_before_it_is_saved(post, closed, shibukawa, staff):
    seen = post().context["preview"].seal
    close(shibukawa, Span(date(2027, 1, 5), date(2027, 1, 5), "改修"), by=staff)
    assert len(post(save=seen).context["preview"].conflicts) == 2
    assert not Course.objects.exists()


def test_a_date_at_which_the_venue_is_taken_is_marked_and_cannot_be_saved(post, program, venue):
    taken = make.make_course(program=program, venue=venue, starts_at=make.in_days(42), title="地図")
    shown = post(**BOTH)
    assert [[conflict.is_hard for conflict in row.conflicts] for row in shown.context["preview"].rows] == [
        [],
        [],
        [True],
        [],
    ]
    assert 'name="save"' not in shown.content.decode()
    post(**BOTH, save=shown.context["preview"].seal)
    assert Course.objects.get() == taken


def test_the_end_of_applications_follows_the_first_date_that_is_held(post, closed):
    post(**BOTH, first_at="2026-12-29T10:00", save="1")
    course = Course.objects.get()
    assert (course.starts_at, course.closes_at) == (make.in_days(42), make.in_days(40, hour=17))


def test_a_venue_closed_on_this_weekday_is_refused_in_one_sentence(post, venue):
    venue.closed_weekdays = [1]
    venue.save()
    refused = post(**BOTH)
    assert refused.context["form"].errors == {
        "first_at": ["There are too few open days on this weekday. Please choose another."]
    }


# ---- moving ----


@pytest.fixture
def session(program, venue) -> ClassSession:
    return make.make_course(program=program, venue=venue, starts_at=make.in_days(30)).class_sessions.get()


def move(page, session, venue, day: int, **more):
    start = make.in_days(day)
    entry = {"starts_at": start.strftime("%Y-%m-%dT%H:%M"), "minutes": 90, "venue": venue.pk}
    return page.post(reverse("sessions:move_session", args=[session.pk]), entry | more)


def test_a_move_to_a_closing_day_is_made_only_once_it_was_said(page, session, venue, closed):
    shown = move(page, session, venue, 35)
    assert "Move all the same and tell everybody" in shown.content.decode()
    session.refresh_from_db()
    assert session.starts_at == make.in_days(30)
    other = move(page, session, venue, 48, seal=shown.context["preview"].seal)
    assert other.status_code == 200
    move(page, session, venue, 35, seal=shown.context["preview"].seal)
    session.refresh_from_db()
    assert session.starts_at == make.in_days(35)


def test_a_move_that_somebody_of_the_rota_cannot_follow_is_refused(
    page, session, program, venue, staff, shibukawa
):
    elsewhere = make.make_venue(town=shibukawa)
    other = make.make_course(program=program, venue=elsewhere, starts_at=make.in_days(31), title="地図を使う")
    for each in (session, other.class_sessions.get()):
        make.make_duty(class_session=each, town=shibukawa, user=staff, name="都築")
    refused = move(page, session, venue, 31)
    sentence = f"都築 is at 地図を使う 10:00–11:30 at {elsewhere.name}, 30 minutes away."
    assert refused.context["form"].errors["__all__"] == [sentence]
    session.refresh_from_db()
    assert session.starts_at - timedelta(days=30) == make.in_days(0)
