"""The list of classes that anybody sees: what stands in it, how it is narrowed, and how seats are told."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from programs.models import Allocation, Curriculum, Partnership
from tests import make
from tests.make import in_days
from tests.sessions.on_the_web import make_consultation, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """Somebody who reads English, so that what is tested is in the code."""
    return Client(headers={"accept-language": "en"})


def titles(response) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*">(.*?)</a></h3>', response.content.decode())


def test_classes_stand_in_the_order_of_their_next_date(visitor, program):
    make.make_course(program=program, title="third", starts_at=in_days(30))
    make.make_course(program=program, title="first", starts_at=in_days(3))
    running = make.make_course(program=program, title="second", starts_at=in_days(-3), session_count=3)
    running.closes_at = running.opens_at + timedelta(hours=1)
    running.save()
    assert titles(visitor.get("/")) == ["first", "second", "third"]


def test_drafts_and_what_is_over_or_called_off_are_not_listed(visitor, program):
    make.make_course(program=program, title="draft", published_at=None)
    make.make_course(program=program, title="off", cancelled_at=timezone.now())
    make.make_course(program=program, title="over", starts_at=in_days(-3), opens_at=in_days(-20))
    assert titles(visitor.get("/")) == []


def test_classes_are_grouped_by_month(visitor, program):
    start = in_days(40).replace(day=10)
    make.make_course(program=program, starts_at=start)
    make.make_course(program=program, starts_at=start + timedelta(days=3))
    make.make_course(program=program, starts_at=start + timedelta(days=40))
    headings = re.findall(r"<h2[^>]*>(Classes in .*?)</h2>", visitor.get("/").content.decode())
    assert len(headings) == 2
    assert headings[0].startswith(f"Classes in {start:%B}")


def test_a_town_sees_the_classes_its_residents_may_join(visitor, program, shinto, takasaki):
    make.make_course(program=program, title="joint")
    make.make_course(program=make.make_program(lead=takasaki, partners=(shinto,)), title="another joint")
    make.make_course(program=make.make_program(lead=takasaki), title="of a stranger")
    assert set(titles(visitor.get("/", {"town": "103446"}))) == {"joint", "another joint"}
    assert set(titles(visitor.get("/", {"town": "102083"}))) == {"joint"}


def test_a_partner_that_has_not_accepted_is_not_offered_and_sees_nothing(visitor, program, takasaki):
    Partnership.objects.create(program=program, municipality=takasaki, state=Partnership.State.INVITED)
    make.make_course(program=program, title="joint")
    page = visitor.get("/", {"town": "102024"})
    assert "This town is not in the list." in words(page)
    assert titles(page) == ["joint"]


def test_a_topic_and_a_first_day_narrow_the_list(visitor, program):
    other = make.make_curriculum(topic=Curriculum.Topic.DISASTER)
    make.make_course(program=program, title="safety soon", starts_at=in_days(3))
    make.make_course(program=program, title="safety late", starts_at=in_days(20))
    make.make_course(program=program, title="disaster", starts_at=in_days(20), curriculum=other)
    day = in_days(20).date().isoformat()
    assert titles(visitor.get("/", {"topic": "disaster"})) == ["disaster"]
    assert titles(visitor.get("/", {"topic": "safety", "start_on": day})) == ["safety late"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("town", "999999", "This town is not in the list. Please choose one."),
        ("topic", "cooking", "This topic is not in the list. Please choose one."),
        ("start_on", "tomorrow", "Please write the day like 2026-12-04."),
        ("start_on", "0001-01-01", "Please choose a day within three years of today."),
        ("start_on", "9999-12-31", "Please choose a day within three years of today."),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_and_does_not_filter(visitor, program, field, value, sentence):
    make.make_course(program=program, title="a class")
    page = visitor.get("/", {field: value})
    assert sentence in words(page)
    assert "<title>Error:" in page.content.decode()
    assert titles(page) == ["a class"]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_a_page_that_is_not_there_shows_one_that_is(visitor, program, page):
    make.make_course(program=program, title="a class")
    assert titles(visitor.get("/", {"page": page})) == ["a class"]


def test_ten_classes_stand_on_a_page_and_the_choices_go_on_to_the_next(visitor, program):
    for day in range(11):
        make.make_course(program=program, title=f"class {day}", starts_at=in_days(3 + day))
    first = visitor.get("/", {"topic": "safety"})
    assert len(titles(first)) == 10
    assert "?topic=safety&amp;page=2" in first.content.decode()
    assert titles(visitor.get("/", {"topic": "safety", "page": "2"})) == ["class 10"]


@pytest.mark.parametrize(
    ("capacity", "taken", "sentence"),
    [
        (4, 1, "3 seats left"),
        (3, 1, "Only 2 left"),
        (2, 1, "Only 1 left"),
        (1, 1, "Full. You can join the waiting list."),
    ],
)
def test_seats_are_told_in_words(visitor, program, shibukawa, capacity, taken, sentence):
    course = make.make_course(program=program, capacity=capacity)
    for _ in range(taken):
        make.make_registration(course=course, town=shibukawa)
    assert sentence in words(visitor.get("/"))
    assert sentence in words(visitor.get(course.get_absolute_url()))


def test_a_town_is_told_the_seats_its_residents_can_have(visitor, program, shibukawa, yoshioka):
    make.make_course(program=program, capacity=10, quotas={shibukawa: 6, yoshioka: 1})
    assert "10 seats left" in words(visitor.get("/"))
    assert "9 seats left" in words(visitor.get("/", {"town": shibukawa.code}))
    assert "4 seats left" in words(visitor.get("/", {"town": yoshioka.code}))


def test_before_and_after_the_window_the_list_says_so(visitor, program):
    make.make_course(program=program, opens_at=in_days(2, hour=9), starts_at=in_days(20))
    make.make_course(program=program, closes_at=timezone.now() - timedelta(hours=1), starts_at=in_days(1))
    page = words(visitor.get("/"))
    assert "Apply from" in page
    assert "9:00 am" in page
    assert "Applications are closed" in page


def test_places_that_are_drawn_by_lot_are_not_counted(visitor, program):
    course = make.make_course(program=program, allocation=Allocation.LOTTERY)
    assert "Places are drawn by lot" in words(visitor.get("/"))
    assert "seats left" not in words(visitor.get(course.get_absolute_url()))


def test_a_consultation_day_counts_its_free_times_and_has_no_waiting_list(visitor, program, shibukawa):
    course = make_consultation(program, slots=3)
    assert "Wait" not in words(visitor.get("/"))
    assert "20 minutes each" in words(visitor.get("/"))
    for slot in course.class_sessions.all():
        make.make_registration(course=course, town=shibukawa, class_session=slot)
    page = visitor.get(course.get_absolute_url())
    assert "Full. You can join" not in words(page)
    assert "All times are taken." in words(page)
    assert "/apply/" not in page.content.decode()


def test_a_card_carries_number_telephone_place_and_one_fact(visitor, program, yoshioka):
    venue = make.make_venue(town=yoshioka, name="奥三山公民館", has_transport=True, is_step_free=True)
    make.make_course(program=program, code="7206", venue=venue, session_count=2, starts_at=in_days(3))
    page = words(visitor.get("/"))
    assert "7 2 0 6" in page
    assert "Call 渋川市 to apply 0279-00-0201" in page
    assert "吉岡町 奥三山公民館 Transport can be arranged" in page
    assert "10:00–11:30 am (number 1 of 2)" in page


def test_the_head_shows_the_telephone_of_the_chosen_town_and_else_none(visitor, program, shibukawa):
    assert "When in doubt, phone your town hall." in words(visitor.get("/"))
    chosen = words(visitor.get("/", {"town": shibukawa.code}))
    assert "When in doubt, call 0279-00-0201 平日 9時～17時" in chosen


def test_an_empty_list_says_what_to_do(visitor, program):
    page = words(visitor.get("/", {"topic": "maps"}))
    assert "There is no such class at the moment" in page
    assert "Show all classes" in page


def fill(program, count):
    venue = make.make_venue(town=program.lead)
    for number in range(count):
        course = make.make_course(
            program=program,
            venue=venue,
            quotas={program.lead: 2},
            starts_at=in_days(3 + number % 60, hour=9 + number // 60),
            session_count=2,
            code=f"{1000 + number}",
        )
        if number < 12:
            make.make_registration(course=course)
    for number in range(min(count, 3)):
        make_consultation(program, starts_at=in_days(4), venue=venue, code=f"{9000 + number}")


@pytest.mark.parametrize("count", [1, 300])
def test_the_list_asks_the_same_questions_however_long_it_is(visitor, program, django_assert_num_queries, count):
    fill(program, count)
    with django_assert_num_queries(9):
        visitor.get("/", {"town": program.lead.code})
