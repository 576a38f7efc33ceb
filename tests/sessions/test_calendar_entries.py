"""What an entry of the calendar says: its time and place, its seats, its state, and what speaks against it."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from programs.models import Allocation, ClosingDay
from sessions.board import Board
from sessions.changes import call_off, call_off_session
from tests import make
from tests.sessions.calendar_board import MONTH, URL, at, board_behind, consultation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def page(at_desk, staff):
    """What a member sees, by the address: the board behind the page."""
    return lambda query="", *, by=staff: board_behind(at_desk(by), query)


def entry(board: Board):
    [found] = [event for day in board.days for event in day.events]
    return found


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_entry_says_time_place_part_and_seats(at_desk, staff, program, shibukawa):
    venue = make.make_venue(town=shibukawa, name="中央公民館")
    course = make.make_course(
        program=program, capacity=3, session_count=2, venue=venue, starts_at=at("2026-12-09 10:00")
    )
    for _n in range(2):
        make.make_registration(course=course)
    html = at_desk(staff).get("/staff/calendar/?view=week&day=2026-12-09").content.decode()
    [link] = re.findall(r'<a class="ev town-a" href="/staff/courses/\d+/">.*?</a>', html, re.DOTALL)
    assert words(link).strip() == "渋 渋川市 10:00–11:30 安全に使う Session 1 of 2 中央公民館 1 of 3 left"


def test_a_full_class_says_how_many_wait(page, program):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course)
    make.make_registration(course=course, state="waiting")
    seats = entry(page(MONTH.removeprefix(URL))).seats
    assert (seats.text, seats.tone) == ("Full (1), 1 waiting", "wait")


def test_a_lottery_says_how_many_applied(page, program):
    course = make.make_course(program=program, capacity=1, allocation=Allocation.LOTTERY)
    for _n in range(3):
        make.make_registration(course=course, state="applied")
    assert entry(page(MONTH.removeprefix(URL))).seats.text == "Draw: 3 applied for 1 seats"


def test_a_draft_and_what_is_called_off_are_said_in_words(at_desk, staff, program, page):
    make.make_course(program=program, title="案", published_at=None, starts_at=at("2026-12-08 10:00"))
    whole = make.make_course(program=program, title="全部中止", starts_at=at("2026-12-09 10:00"))
    call_off(whole, reason="大雪", by=staff)
    once = make.make_course(program=program, title="一回中止", session_count=2, starts_at=at("2026-12-10 10:00"))
    call_off_session(once.class_sessions.first(), reason="大雪", by=staff)
    board = page(MONTH.removeprefix(URL))
    found = {day.day.day: day.events[0] for day in board.days if day.events}
    assert {day: event.state and event.state.text for day, event in found.items()} == {
        8: "Draft",
        9: "Called off",
        10: "Called off",
        17: None,
    }
    assert {day: event.seats is None for day, event in found.items()} == {8: False, 9: True, 10: True, 17: False}
    html = at_desk(staff).get(MONTH).content.decode()
    assert re.findall(r"<s>([^<]*)</s>", html) == ["10:00–11:30", "全部中止", "10:00–11:30", "一回中止"]


def test_what_is_over_says_so_and_no_seats(page, program):
    with time_machine.travel("2026-11-01 10:00+09:00"):
        make.make_course(program=program, starts_at=at("2026-11-10 10:00"))
    found = entry(page())
    assert (found.state.text, found.seats) == ("Over", None)


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_a_consultation_day_is_one_entry(page, program, view):
    course = consultation(program, starts_at=at("2026-12-09 13:00"))
    make.make_registration(course=course, class_session=course.class_sessions.first())
    found = entry(page(f"?view={view}&day=2026-12-09"))
    assert (found.hours, found.seats.text, found.part) == ("13:00–15:00", "4 slots, 3 free", "")


def test_slots_called_off_are_not_counted(page, program, staff):
    course = consultation(program, starts_at=at("2026-12-09 13:00"))
    call_off_session(course.class_sessions.first(), reason="大雪", by=staff)
    found = entry(page(MONTH.removeprefix(URL)))
    assert (found.hours, found.seats.text, found.state) == ("13:30–15:00", "3 slots, 3 free", None)


def test_on_the_day_an_entry_leads_to_the_page_of_the_day(page, program, staff, partner_staff):
    today = make.make_course(program=program, starts_at=at("2026-11-24 13:00"))
    [session] = today.class_sessions.all()
    assert entry(page("?view=week")).url == f"/staff/sessions/{session.pk}/day/"
    assert entry(page("?view=week", by=partner_staff)).url == f"/staff/courses/{today.pk}/"


def test_what_speaks_against_a_class_is_marked_without_a_name(at_desk, page, program, shibukawa, yoshioka):
    venue, start = make.make_venue(town=shibukawa), at("2026-12-09 10:00")
    abe = make.make_user(town=shibukawa, username="abe", name="阿部 勲")
    one = make.make_course(program=program, title="一", venue=venue, starts_at=start)
    make.make_course(program=program, title="二", venue=venue, starts_at=start + timedelta(hours=1))
    third = make.make_course(program=program, title="三", host=yoshioka, starts_at=start + timedelta(hours=1))
    for course in (one, third):
        session = course.class_sessions.get()
        make.make_duty(class_session=session, town=shibukawa, name="阿部 勲", user=abe)
    ClosingDay.objects.create(municipality=yoshioka, day=date(2026, 12, 9), reason="清掃")
    [day] = [day for day in page("?view=week&day=2026-12-09").days if day.events]
    assert {event.course.title: [mark.text for mark in event.marks] for event in day.events} == {
        "一": ["Venue taken twice", "Somebody is at two places"],
        "二": ["Venue taken twice"],
        "三": ["Somebody is at two places", "Venue closed"],
    }
    for view in ("month", "week", "list"):
        html = at_desk(make.make_user(town=yoshioka)).get(f"{URL}?view={view}&day=2026-12-09").content.decode()
        assert (html.count("Venue taken twice"), "阿部" in html) == (2, False)
