"""Closing days: a town enters its own, a range at a time, and what is entered says why a venue is closed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry
from programs.closing import Closures, Problem, Span, close, days_of, open_again
from programs.models import ClosingDay
from tests import make

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 12, 29), date(2027, 1, 3)


@pytest.fixture
def page(staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


def test_a_range_is_entered_once_and_once_more_only_what_is_new(shibukawa, staff):
    assert close(shibukawa, Span(FIRST, LAST, "年末年始"), by=staff) == 6
    assert close(shibukawa, Span(FIRST, LAST + timedelta(days=1), "正月"), by=staff) == 1
    assert list(shibukawa.closing_days.values_list("reason", flat=True)) == ["年末年始"] * 6 + ["正月"]
    assert [entry.detail for entry in AuditEntry.objects.filter(act="closing.added")] == [{"days": 1}, {"days": 6}]


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [(LAST, FIRST, Problem.BACKWARDS), (FIRST, FIRST + timedelta(days=62), Problem.TOO_MANY)],
)
def test_a_range_that_cannot_be_meant_is_refused(shibukawa, staff, first, last, problem):
    assert close(shibukawa, Span(first, last, "休館"), by=staff) == problem
    assert not ClosingDay.objects.exists()


def test_a_town_closes_only_its_own_venues(shibukawa, yoshioka, staff):
    theirs = make.make_venue(town=yoshioka)
    assert close(shibukawa, Span(FIRST, FIRST, "休館", venue=theirs), by=staff) == Problem.OTHER_TOWN
    assert not ClosingDay.objects.exists()


def test_the_reason_is_that_of_the_venue_of_its_town_or_of_the_weekday(shibukawa, yoshioka, staff):
    hall, other = make.make_venue(town=shibukawa, closed_weekdays=[3]), make.make_venue(town=shibukawa)
    theirs = make.make_venue(town=yoshioka)
    close(shibukawa, Span(FIRST, FIRST, "年末年始"), by=staff)
    close(shibukawa, Span(FIRST, FIRST, "改修", venue=hall), by=staff)
    closures = Closures([hall, other, theirs], FIRST, LAST)
    assert [closures.reason(venue, FIRST) for venue in (hall, other, theirs)] == ["改修", "年末年始", ""]
    thursday = date(2026, 12, 31)
    with override("en"):
        assert [closures.reason(venue, thursday) for venue in (hall, other)] == ["closed every Thursday", ""]


def test_any_number_of_venues_is_looked_up_in_one_query(shibukawa, django_assert_num_queries):
    venues = [make.make_venue(town=shibukawa) for _ in range(30)]
    with django_assert_num_queries(1):
        closures = Closures(venues, FIRST, LAST)
        assert {closures.reason(venue, FIRST) for venue in venues} == {""}


def test_days_are_taken_back_but_not_those_of_another_town(shibukawa, yoshioka, staff):
    close(shibukawa, Span(FIRST, LAST, "年末年始"), by=staff)
    close(yoshioka, Span(FIRST, FIRST, "年末年始"), by=staff)
    assert open_again(shibukawa, ClosingDay.objects.all(), by=staff) == 6
    assert ClosingDay.objects.get().municipality == yoshioka


def entry(**change) -> dict[str, str]:
    first = timezone.localdate() + timedelta(days=40)
    return {
        "first": first.isoformat(),
        "last": (first + timedelta(days=5)).isoformat(),
        "reason": "年末年始",
    } | change


def test_closing_days_are_entered_and_removed_on_their_page(page, shibukawa):
    page.post(reverse("programs:add_closing_days"), entry())
    days = list(days_of(shibukawa))
    assert len(days) == 6
    page.post(reverse("programs:remove_closing_days"), {"days": [day.pk for day in days[:2]]})
    assert list(days_of(shibukawa)) == days[2:]
    page.post(reverse("programs:remove_closing_days"), {"days": ["x"]})
    assert days_of(shibukawa).count() == 4


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first": "2020-01-01"}, "first"),
        ({"first": "tomorrow"}, "first"),
        ({"last": "2026-11-25"}, "last"),
        ({"last": "9999-12-31"}, "last"),
        ({"reason": ""}, "reason"),
        ({"reason": "あ" * 41}, "reason"),
        ({"venue": "777"}, "venue"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(page, change, field):
    response = page.post(reverse("programs:add_closing_days"), entry(**change))
    assert list(response.context["form"].errors) == [field]
    assert not ClosingDay.objects.exists()


def test_the_page_asks_the_database_as_often_for_one_day_as_for_many(page, shibukawa, staff):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page.get(reverse("programs:closing_days"))
        return len(asked)

    today = timezone.localdate()
    venue = make.make_venue(town=shibukawa)
    close(shibukawa, Span(today, today, "休館", venue=venue), by=staff)
    one = queries()
    for town_venue in (None, venue, make.make_venue(town=shibukawa)):
        close(shibukawa, Span(today, today + timedelta(days=50), "休館", venue=town_venue), by=staff)
    assert queries() == one


def test_weekly_closing_days_are_kept_with_the_venue(page, shibukawa):
    venue = make.make_venue(town=shibukawa)
    facts = dict.fromkeys(venue.FACTS, "unknown")
    kept = {"name": venue.name, "capacity": 20, "closed_weekdays": ["0", "3"], "is_active": "on"} | facts
    page.post(reverse("programs:edit_venue", args=[venue.pk]), kept)
    venue.refresh_from_db()
    assert venue.closed_weekdays == [0, 3]
    assert "Monday, Thursday" in page.get(reverse("programs:venue", args=[venue.pk])).content.decode()
    refused = page.post(reverse("programs:edit_venue", args=[venue.pk]), kept | {"closed_weekdays": ["7"]})
    assert list(refused.context["form"].errors) == ["closed_weekdays"]
