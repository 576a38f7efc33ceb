"""The calendar board: what stands on which day, for whom, and at what cost."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Municipality, Role
from programs.models import Allocation, ClosingDay, Partnership
from sessions.board import Board
from sessions.models import ClassSession, Course
from tests import make
from tests.sessions.calendar_board import MONTH, URL, at, board_behind, consultation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def page(at_desk, staff):
    """What a member sees, by the address: the board behind the page."""
    return lambda query="", *, by=staff: board_behind(at_desk(by), query)


def cells(board: Board) -> dict[str, list[str]]:
    """Titles by day, of the days that have any."""
    return {str(day.day): [event.course.title for event in day.events] for day in board.days if day.events}


# Days


def test_a_month_has_whole_weeks_from_sunday_to_saturday(page):
    board = page("?day=2026-12-09")
    assert [len(week) for week in board.weeks] == [7] * 5
    assert (board.days[0].day, board.days[-1].day) == (date(2026, 11, 29), date(2027, 1, 2))
    assert [day.day.day for day in board.days if day.is_out] == [29, 30, 1, 2]


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("?day=2026-08-15", date(2026, 7, 26), date(2026, 9, 5)),
        ("?day=2026-02-28", date(2026, 2, 1), date(2026, 2, 28)),
        ("?view=week&day=2026-12-06", date(2026, 12, 6), date(2026, 12, 12)),
        ("?view=week&day=2026-12-12", date(2026, 12, 6), date(2026, 12, 12)),
        ("?view=nonsense&day=2026-13-40", date(2026, 11, 1), date(2026, 12, 5)),
        ("?day=0001-01-01", date(2026, 11, 1), date(2026, 12, 5)),
    ],
)
def test_the_page_shows_the_days_asked_for_or_those_of_today(page, query, first, last):
    days = page(query).days
    assert (days[0].day, days[-1].day) == (first, last)


def test_classes_of_the_weeks_shown_stand_in_it_and_no_others(page, program):
    for start in ("2026-11-28 10:00", "2026-11-29 10:00", "2027-01-02 10:00", "2027-01-03 10:00"):
        make.make_course(program=program, title=start[:10], starts_at=at(start))
    board = page("?day=2026-12-09")
    assert cells(board) == {"2026-11-29": ["2026-11-29"], "2027-01-02": ["2027-01-02"]}


@pytest.mark.parametrize(
    ("start", "day"), [("2026-12-09 00:00", "2026-12-09"), ("2026-12-09 23:30", "2026-12-09")]
)
def test_a_class_stands_on_its_day_in_japan(page, program, start, day):
    make.make_course(program=program, starts_at=at(start))
    assert cells(page("?day=2026-12-01")) == {day: ["安全に使う"]}
    assert cells(page("?view=week&day=2026-12-09")) == {day: ["安全に使う"]}
    assert cells(page("?view=list&day=2026-12-09")) == {day: ["安全に使う"]}
    assert cells(page("?view=list&day=2026-12-10")) == {}


def test_classes_of_a_day_stand_in_the_order_of_their_time(page, program):
    for title, start in (("c", "2026-12-09 13:00"), ("a", "2026-12-09 09:00"), ("b", "2026-12-09 10:00")):
        make.make_course(program=program, title=title, starts_at=at(start))
    assert cells(page(MONTH.removeprefix(URL))) == {"2026-12-09": ["a", "b", "c"]}


def test_today_and_holidays_are_named(at_desk, staff, page):
    html = at_desk(staff).get(URL).content.decode()
    assert re.findall(r'data-day="([^"]+)" aria-current="date"', html) == ["2026-11-24"]
    assert {str(day.day): day.holiday for day in page().days if day.holiday} == {
        "2026-11-03": "文化の日",
        "2026-11-23": "勤労感謝の日",
    }


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        ("?day=2026-01-31", "view=month&day=2025-12-31", "view=month&day=2026-02-28"),
        ("?view=week&day=2026-12-30", "view=week&day=2026-12-23", "view=week&day=2027-01-06"),
        ("?view=list&day=2026-12-30&person=abe", "day=2026-11-30&person=abe", "day=2027-01-30&person=abe"),
        ("?day=2100-12-31", "day=2100-11-30", "day=2100-12-31"),
    ],
)
def test_one_turns_the_pages_and_keeps_the_choices(page, query, before, after):
    board = page(query)
    assert board.previous.endswith(before)
    assert board.next.endswith(after)
    assert board.today.split("day=")[1].startswith("2026-11-24")


def test_closing_days_stand_beside_their_day(page, program, shibukawa, yoshioka):
    venue = make.make_venue(town=shibukawa, closed_weekdays=[0])
    ClosingDay.objects.create(municipality=shibukawa, day=date(2026, 12, 29), reason="年末")
    ClosingDay.objects.create(municipality=yoshioka, day=date(2026, 12, 22), reason="町の休館")

    def closed(choice: str, town: Municipality) -> dict[int, str]:
        days = page(f"?day=2026-12-21{choice}", by=make.make_user(town=town)).days
        return {day.day.day: day.closed for day in days if day.closed}

    assert closed("", shibukawa) == {29: "年末"}
    assert closed("", yoshioka) == {22: "町の休館"}
    assert closed(f"&town={shibukawa.pk}", yoshioka) == {29: "年末"}
    assert closed(f"&venue={venue.pk}", yoshioka).keys() == {30, 7, 14, 21, 28, 29}


# Choices


@pytest.fixture
def three_classes(program, shibukawa, yoshioka):
    """One in each of two towns and one of another programme, each with somebody in the rota."""
    other = make.make_program(lead=shibukawa)
    courses = {
        "渋川": make.make_course(program=program, title="渋川"),
        "吉岡": make.make_course(program=program, title="吉岡", host=yoshioka),
        "別の事業": make.make_course(program=other, title="別の事業"),
    }
    abe = make.make_user(town=shibukawa, username="abe", name="阿部 勲")
    sessions = {title: course.class_sessions.get() for title, course in courses.items()}
    make.make_duty(class_session=sessions["渋川"], town=shibukawa, name="阿部 勲", user=abe)
    make.make_duty(class_session=sessions["吉岡"], town=yoshioka, name="平松")
    return sessions


def test_the_board_is_narrowed_by_town_venue_programme_and_person(page, three_classes, yoshioka):
    session = three_classes["別の事業"]
    queries = {
        "": {"渋川", "吉岡", "別の事業"},
        f"&town={yoshioka.pk}": {"吉岡"},
        f"&venue={session.venue_id}": {"別の事業"},
        f"&program={session.course.program_id}": {"別の事業"},
        "&person=阿部勲": {"渋川"},
        "&person=阿部　勲": {"渋川"},
        "&person=abe": {"渋川"},
        "&person=平": {"吉岡"},
        f"&person=平松&town={session.course.host_id}": set(),
    }
    for view in ("month", "list"):
        shown = {query: cells(page(f"?view={view}&day=2026-12-01{query}")) for query in queries}
        assert {query: {t for titles in days.values() for t in titles} for query, days in shown.items()} == queries


def test_a_choice_that_does_not_exist_is_said_beside_it(at_desk, staff, three_classes):
    response = at_desk(staff).get(f"{MONTH}&town=nonsense&venue=999999")
    assert sorted(response.context["board"].form.errors) == ["town", "venue"]
    assert len(cells(response.context["board"])) == 1


def test_the_busy_times_of_the_venue_that_is_chosen_are_shown(page, program, shibukawa):
    venue = make.make_venue(town=shibukawa)
    times = (
        (at("2026-12-09 13:00"), at("2026-12-09 15:00")),
        (at("2026-12-10 22:00"), at("2026-12-12 00:00")),
    )
    make.make_busy_calendar(venue=venue, times=times)
    make.make_busy_calendar(venue=make.make_venue(town=shibukawa), times=times)
    board = page(f"?day=2026-12-01&venue={venue.pk}")
    assert {day.day.day: day.busy for day in board.days if day.busy} == {
        9: ["13:00–15:00"],
        10: ["22:00–0:00"],
        11: ["all day"],
    }
    assert [day for day in page("?day=2026-12-01").days if day.busy] == []


def test_towns_keep_their_colours_and_only_those_of_the_page_are_explained(
    page, three_classes, shibukawa, yoshioka
):
    board = page(MONTH.removeprefix(URL))
    assert {(place.town, place.tone) for place in board.legend} == {
        (shibukawa, board.places[shibukawa.pk].tone),
        (yoshioka, board.places[yoshioka.pk].tone),
    }
    session = three_classes["吉岡"]
    chosen = page(f"?day=2026-12-01&program={session.course.program_id}")
    assert [(place.town, place.tone) for place in chosen.legend] == [(shibukawa, "a"), (yoshioka, "b")]


def test_a_month_shows_eight_of_a_day_and_leads_to_the_others(at_desk, staff, program, shibukawa):
    for n in range(10):
        make.make_course(program=program, title=f"{n}", venue=make.make_venue(town=shibukawa))
    response = at_desk(staff).get(MONTH)
    [day] = [day for day in response.context["board"].days if day.events]
    assert (len(day.events), day.more) == (8, 2)
    assert '<a class="more" href="?view=list&amp;day=2026-12-08">2 more</a>' in response.content.decode()
    assert len(cells(at_desk(staff).get(f"{URL}?view=list").context["board"])["2026-12-08"]) == 10


def test_the_list_is_shown_fifty_entries_at_a_time(page, program, shibukawa):
    venue = make.make_venue(town=shibukawa)
    make.make_course(program=program, session_count=51, venue=venue, starts_at=at("2026-12-01 10:00"))
    consultation(program, starts_at=at("2026-12-02 10:00"))
    first, second = page("?view=list"), page("?view=list&page=2")
    assert [sum(map(len, cells(board).values())) for board in (first, second)] == [50, 2]
    assert first.page.paginator.count == 52


# Rights


def test_partners_see_the_same_classes_and_a_stranger_none(page, three_classes, partner_staff, stranger):
    make.make_course(program=three_classes["渋川"].course.program, title="案", published_at=None)
    [titles] = cells(page(MONTH.removeprefix(URL), by=partner_staff)).values()
    assert sorted(titles) == ["吉岡", "案", "渋川"]
    assert cells(page(MONTH.removeprefix(URL), by=stranger)) == {}
    assert page(by=stranger).places == {}


def test_a_prefecture_sees_counts_and_no_name(at_desk, program, three_classes):
    prefecture = make.make_town(name="群馬県", kind=Municipality.Kind.PREFECTURE)
    Partnership.objects.create(program=program, municipality=prefecture, state=Partnership.State.ACCEPTED)
    person = make.make_person(town=program.lead, kana="ホリグチ ハナ", name="堀口 花")
    make.make_registration(course=three_classes["渋川"].course, person=person)
    member = make.make_user(town=prefecture, role=Role.COORDINATOR)
    html = at_desk(member).get(f"{MONTH}&view=list").content.decode()
    assert "7 of 8 left" in html
    assert [name for name in ("堀口", "ホリグチ", "阿部", "平松") if name in html] == []


# Cost


def many_courses(program, count: int) -> None:
    """Courses of one season in bulk, with slots, drafts, draws and people in line among them."""
    venue, first = make.make_venue(town=program.lead), make.make_course(program=program)
    start = at("2026-12-01 09:00")
    rows = []
    for n in range(count):
        begin = start + timedelta(days=n % 25, minutes=n // 25)
        facts = {
            field.attname: getattr(first, field.attname)
            for field in Course._meta.concrete_fields
            if field.name != "id"
        }
        facts |= {
            "code": f"{n + 1000}",
            "title": f"{n}",
            "starts_at": begin,
            "ends_at": begin + timedelta(hours=1),
        }
        facts |= {"by_slot": n % 5 == 0, "code_released_at": timezone.now()}
        facts |= {"allocation": Allocation.LOTTERY if n % 7 == 0 else Allocation.FIRST_COME}
        rows.append(Course(**facts))
    courses = Course.objects.bulk_create(rows)
    ClassSession.objects.bulk_create(
        ClassSession(course=each, starts_at=each.starts_at, ends_at=each.ends_at, venue=venue, seats=1)
        for each in courses
    )


@pytest.mark.parametrize(("query", "most"), [("?view=month", 20), ("?view=week", 20), ("?view=list", 22)])
def test_the_board_asks_the_same_number_of_queries_for_1_and_300_classes(
    at_desk, staff, program, query, most, django_assert_max_num_queries
):
    """Five of them look for conflicts. A chosen venue costs one more, for the times at which others have it."""
    client = at_desk(staff)
    address = f"{URL}{query}&day=2026-12-09"
    venue = consultation(program, starts_at=at("2026-12-09 10:00")).class_sessions.first().venue_id
    with django_assert_max_num_queries(most) as few:
        client.get(address)
    many_courses(program, 300)
    ClassSession.objects.update(venue=venue)
    with django_assert_max_num_queries(most) as many:
        board = client.get(address).context["board"]
    assert len(many) == len(few)
    assert sum(map(len, cells(board).values())) > 40
    with django_assert_max_num_queries(most + 1):
        client.get(f"{address}&venue={venue}")


def test_a_month_fetches_its_own_weeks_only(page, program):
    make.make_course(program=program, starts_at=at("2027-01-03 00:00"))
    make.make_course(program=program, starts_at=at("2026-11-28 23:30"))
    assert page(MONTH.removeprefix(URL)).groups_of_period() == {}
