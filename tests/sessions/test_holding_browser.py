"""A seat kept for the call, in a real browser: with JavaScript by itself, without it by a button."""

import pytest

from sessions.holds import kept_by
from sessions.models import Registration, SeatHold
from tests import make
from tests.sessions.test_desk_browser import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIVE_MINUTES = 5 * 60 * 1000


@pytest.fixture
def last_seat(program, shibukawa):
    course = make.make_course(program=program, capacity=2)
    make.make_registration(course=course)
    return course


def choose(clerk, course) -> None:
    clerk.says("0279000405")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    assert clerk.focus() == "course"
    clerk.press_and_wait("Enter")


def test_the_last_seat_is_kept_while_the_clerk_is_on_the_telephone(visitor, desk, last_seat, couple, shibukawa):
    visitor.page.clock.install()
    clerk = Clerk(visitor, desk)
    choose(clerk, last_seat)
    visitor.page.clock.fast_forward(1000)
    note = visitor.page.locator("#kept .chip")
    note.wait_for()
    kept = kept_by(desk)
    assert (kept.course, kept.seats) == (last_seat.pk, 1)
    assert clerk.focus() == "go"
    visitor.check()
    visitor.picture("desk-kept")
    other = make.make_registration(course=last_seat, town=shibukawa)
    assert other.is_waiting

    visitor.page.clock.fast_forward(FIVE_MINUTES)
    with visitor.page.expect_response("**/staff/phone/hold/"):
        clerk.press("Tab")
    note.wait_for()
    assert kept_by(desk).until > kept.until

    clerk.press_and_wait("F9")
    registration = Registration.objects.get(participant=couple[0])
    assert registration.is_confirmed
    assert SeatHold.objects.count() == 0


def test_leaving_the_desk_or_starting_again_gives_the_seat_back(visitor, desk, last_seat, couple):
    clerk = Clerk(visitor, desk)
    choose(clerk, last_seat)
    visitor.page.locator("#kept .chip").wait_for()
    with visitor.page.expect_response("**/staff/phone/release/"):
        clerk.press_and_wait("Escape")
    assert kept_by(desk) is None

    choose(clerk, last_seat)
    visitor.page.locator("#kept .chip").wait_for()
    visitor.visit("/staff/courses/")
    for _ in range(30):  # the page does not wait for the answer
        if kept_by(desk) is None:
            break
        visitor.page.wait_for_timeout(100)
    assert kept_by(desk) is None


def test_without_javascript_a_button_keeps_the_seat_and_another_gives_it_back(
    visitor_without_javascript, desk, last_seat, couple
):
    visitor = visitor_without_javascript
    clerk = Clerk(visitor, desk)
    choose(clerk, last_seat)
    visitor.page.locator("#kept button").click()
    visitor.check()
    visitor.picture("desk-kept")
    assert kept_by(desk).seats == 1
    visitor.page.locator("#kept button").click()
    visitor.check()
    assert kept_by(desk) is None
    visitor.page.locator("#kept button").click()
    visitor.check()
    visitor.page.locator("#go").click()
    visitor.check()
    assert Registration.objects.get(participant=couple[0]).is_confirmed
