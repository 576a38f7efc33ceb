"""The dates of a series: as many as asked for, on one weekday, never on a day off, each skipped day named."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from programs.closing import Span, close
from sessions.series import MOST_LOOKED_AT, Skipped, dates_of_series, series_of
from tests import make

WEEK = timedelta(weeks=1)
FIRST = date(2026, 12, 14)
DAYS = some.dates(min_value=date(2026, 1, 1), max_value=date(2030, 1, 1))


@given(first=DAYS, count=some.integers(1, 20), every=some.integers(1, 8), off=some.sets(some.integers(0, 60)))
def test_a_series_has_its_dates_in_order_and_misses_no_open_day(first, count, every, off):
    closed = {first + n * every * WEEK for n in off}
    dates, skipped = dates_of_series(first, count, every, lambda day: day not in closed)
    assert len(dates) == count
    looked_at = sorted(dates + skipped)
    assert looked_at == [first + n * every * WEEK for n in range(len(looked_at))]
    assert looked_at[-1] == dates[-1]
    assert set(skipped) == closed & set(looked_at)


def test_a_weekday_that_is_never_open_ends_the_search():
    assert [len(days) for days in dates_of_series(FIRST, 3, 1, lambda day: False)] == [0, MOST_LOOKED_AT]


@pytest.fixture
def venue(shibukawa):
    return make.make_venue(town=shibukawa)


def mondays(venue, *, holidays=True, closing=True):
    with override("en"):
        dates, skipped = series_of(FIRST, 4, 1, venue=venue, holidays=holidays, closing=closing)
    return [day.isoformat()[5:] for day in dates], list(skipped)


@pytest.mark.django_db
def test_holidays_and_closing_days_are_stepped_over_with_their_reasons(venue, shibukawa, staff):
    new_year = Span(date(2026, 12, 28), date(2027, 1, 4), "年末年始")
    close(shibukawa, new_year, by=staff)
    dates, skipped = mondays(venue)
    assert dates == ["12-14", "12-21", "01-18", "01-25"]
    assert skipped == [
        Skipped(date(2026, 12, 28), "年末年始"),
        Skipped(date(2027, 1, 4), "年末年始"),
        Skipped(date(2027, 1, 11), "public holiday (成人の日)"),
    ]


@pytest.mark.django_db
def test_each_kind_is_stepped_over_only_if_wished(venue, shibukawa, staff):
    close(shibukawa, Span(date(2026, 12, 28), date(2026, 12, 28), "大掃除"), by=staff)
    assert mondays(venue, closing=False)[0] == ["12-14", "12-21", "12-28", "01-04"]
    assert mondays(venue, holidays=False)[0] == ["12-14", "12-21", "01-04", "01-11"]


@pytest.mark.django_db
def test_a_venue_closed_every_monday_has_no_series_on_mondays(venue):
    venue.closed_weekdays = [0]
    assert mondays(venue)[0] == []
