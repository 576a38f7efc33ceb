"""The filters of accounts.templatetags.engawa."""

import datetime as dt

import pytest
from django.template import engines
from django.utils import translation

from accounts.phone_format import format_number

TEN = dt.datetime(2026, 12, 4, 1, 0, tzinfo=dt.UTC)  # ten in the morning in Japan


def show(text: str, **context) -> str:
    return engines["django"].from_string(text).render(context)


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+819003100403", "090-0310-0403"),
        ("+81561000405", "0561-00-0405"),
        ("+81520000101", "052-000-0101"),
        ("+12125551234", "+1 212-555-1234"),
        ("", ""),
        ("no number", "no number"),
    ],
)
def test_a_number_is_written_as_people_write_it(e164, shown):
    assert format_number(e164) == shown


def test_dates_follow_the_language_and_the_day_in_japan():
    late = dt.datetime(2026, 12, 3, 15, 30, tzinfo=dt.UTC)
    with translation.override("ja"):
        assert show("{{ late|date_label }}", late=late) == "12月4日(金)"
        assert show("{{ late|long_date_label }}", late=late) == "2026年12月4日(金)"
        assert show("{{ late|wareki_label }}", late=late) == "令和8年12月4日"
    with translation.override("en"):
        assert show("{{ late|date_label }}", late=late) == "Fri 4 December"


def test_periods_are_told_by_halves_of_the_day_or_by_the_clock():
    context = {"start": TEN, "end": TEN + dt.timedelta(minutes=90)}
    with translation.override("ja"):
        assert show("{% period start end %}", **context) == "午前10:00–11:30"
        assert show("{% clock_period start end %}", **context) == "10:00–11:30"
        assert show("{{ start|clock }}", **context) == "10:00"


def test_missing_values_leave_nothing():
    text = "{{ x|date_label }}{{ x|long_date_label }}{{ x|wareki_label }}{{ x|year_label }}{{ x|clock }}"
    assert show(text, x=None) == ""


def test_a_course_code_is_one_box_a_digit_and_safe():
    assert show('{{ "4126"|code }}') == (
        '<span class="code"><span>4</span><span>1</span><span>2</span><span>6</span></span>'
    )
    assert "<b>" not in show("{{ x|code }}", x="<b>")


def test_colours_of_towns_begin_again_after_six():
    assert [show("{{ n|tone }}", n=n) for n in (0, 5, 6)] == ["a", "f", "a"]


def test_places_repeat_once_a_seat():
    assert show("{% for seat in n|repeat %}x{% endfor %}", n=3) == "xxx"
    assert show("{% for seat in n|repeat %}x{% endfor %}", n=None) == ""
