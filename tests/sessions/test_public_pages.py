"""What anybody sees: the list of classes, the page of one class, the pages of words."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from messaging.models import Line
from participants.models import Channel
from programs.models import Allocation, Curriculum, Partnership
from sessions.models import ClassSession
from sessions.registration import register
from tests import make
from tests.make import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """Somebody who reads English, so that what is tested is in the code."""
    return Client(headers={"accept-language": "en"})


def words(response) -> str:
    """The visible text of a page, spaces made one."""
    text = re.sub(r"<(head|svg)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def titles(response) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*">(.*?)</a></h3>', response.content.decode())


def make_consultation(program, *, slots=3, **fields):
    """A consultation day of slots of 20 minutes for one person each."""
    course = make.make_course(program=program, capacity=slots, by_slot=True, **fields)
    first = course.class_sessions.get()
    first.ends_at, first.seats = first.starts_at + timedelta(minutes=20), 1
    first.save()
    for number in range(2, slots + 1):
        start = first.starts_at + timedelta(minutes=20 * (number - 1))
        ClassSession.objects.create(
            course=course,
            number=number,
            starts_at=start,
            ends_at=start + timedelta(minutes=20),
            venue=first.venue,
            seats=1,
        )
    course.ends_at = start + timedelta(minutes=20)
    course.save()
    return course


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


def test_the_page_of_a_class_tells_each_town_its_seats_while_they_are_kept(visitor, program, shibukawa, shinto):
    course = make.make_course(program=program, capacity=10, quotas={shibukawa: 10})
    page = words(visitor.get(course.get_absolute_url()))
    assert "渋川市: 10 left" in page
    assert "榛東村: waiting list" in page
    here = words(visitor.get(course.get_absolute_url(), {"town": shinto.code}))
    assert "Full. You can join the waiting list. for residents of 榛東村" in here


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


@pytest.mark.parametrize("session_count", [1, 12])
def test_the_page_of_a_class_asks_as_many_questions_for_any_series(
    visitor, program, django_assert_num_queries, session_count
):
    course = make.make_course(program=program, session_count=session_count)
    make.make_registration(course=course)
    with django_assert_num_queries(6):
        visitor.get(course.get_absolute_url())


def test_the_page_of_a_class_says_all_one_needs_to_come(visitor, program, shibukawa):
    venue = make.make_venue(
        town=shibukawa,
        name="香久ふれあい館",
        room="学習室",
        address="石原80",
        access="バスで降ります\n2分歩きます",
    )
    curriculum = make.make_curriculum(
        subtitle="料金と設定", learn="見分けかた\n設定", bring="スマホ\nめがね", audience="はじめての方"
    )
    course = make.make_course(program=program, code="4126", venue=venue, curriculum=curriculum, capacity=16)
    page = words(visitor.get("/classes/4126/"))
    for said in (
        "安全に使う",
        "料金と設定",
        "香久ふれあい館 学習室",
        "Free of charge",
        "渋川市, 吉岡町, 榛東村",
        "16 places",
        "4 1 2 6",
        "見分けかた 設定",
        "every 4 participants",
        "はじめての方",
        "スマホ めがね",
        "バスで降ります 2分歩きます",
        "渋川市 高齢福祉課",
        "Applications are taken until",
        "Apply on this screen",
    ):
        assert said in page
    assert course.get_absolute_url() == "/classes/4126/"


def test_the_page_describes_itself_to_search_engines(visitor, program):
    course = make.make_course(program=program, code="4126", title='使う"><script>')
    head = visitor.get(course.get_absolute_url()).content.decode()
    description = re.search(r'<meta name="description" content="([^"]*)">', head)
    assert description
    assert "4126" in description[1]
    assert "<script>" not in description[1]


def test_the_sms_way_shows_number_and_code_only_where_a_line_takes_texts(visitor, program, line):
    course = make.make_course(program=program, code="4126")
    assert "090-0210-0999 Send this number the four digits 4 1 2 6" in words(visitor.get("/classes/4126/"))
    Line.objects.filter(pk=line.pk).update(receives_sms=False)
    page = words(visitor.get(course.get_absolute_url()))
    assert "090-0210-0999" not in page
    assert "0279-00-0201" in page


def test_facts_of_the_venue_that_nobody_stated_are_left_out(visitor, program, shibukawa):
    venue = make.make_venue(
        town=shibukawa, is_step_free=True, has_lift=False, has_wifi=None, parking_spaces=0, note="土足で入れます"
    )
    course = make.make_course(program=program, venue=venue)
    page = words(visitor.get(course.get_absolute_url()))
    assert "No steps. Wheelchairs can enter." in page
    assert "There are stairs and no lift." in page
    assert "There is no parking." in page
    assert "土足で入れます" in page
    assert "Wi-Fi" not in page
    assert "hearing loop" not in page
    assert "toilet" not in page


def test_a_series_shows_every_date_and_which_is_called_off(visitor, program):
    course = make.make_course(program=program, session_count=3)
    course.class_sessions.filter(number=2).update(cancelled_at=timezone.now())
    content = visitor.get(course.get_absolute_url()).content.decode()
    assert content.count('<ol class="dates">') == 1
    assert len(re.findall(r"<li>(?:<del>)?\s*<time", content)) == 3
    assert re.search(r"</del> <b>Called off</b>", content)


def test_venues_of_a_series_are_told_apart(visitor, program, shibukawa, yoshioka):
    course = make.make_course(
        program=program, session_count=2, venue=make.make_venue(town=shibukawa, name="一の館", access="歩く")
    )
    course.class_sessions.filter(number=2).update(
        venue=make.make_venue(town=yoshioka, name="二の館", access="バス")
    )
    page = words(visitor.get(course.get_absolute_url()))
    assert "How to come to 一の館" in page
    assert "How to come to 二の館" in page


def test_a_class_called_off_says_so_and_takes_nobody(visitor, program):
    course = make.make_course(program=program, code="5555", cancelled_at=timezone.now())
    page = visitor.get(course.get_absolute_url())
    assert "This class has been called off Please do not come to the venue." in words(page)
    assert "/apply/" not in page.content.decode()


def test_before_the_window_opens_the_page_says_when_and_takes_nobody(visitor, program):
    course = make.make_course(program=program, opens_at=in_days(2, hour=9), starts_at=in_days(20))
    page = visitor.get(course.get_absolute_url())
    assert "Applications are taken from" in words(page)
    assert "/apply/" not in page.content.decode()


def test_a_full_class_leads_to_its_waiting_list(visitor, program):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course)
    assert "Join the waiting list here" in words(visitor.get(course.get_absolute_url()))


@pytest.mark.parametrize("code", ["0000", "abcd", "４１２６", "12345", "%00", "4126'--"])
def test_a_number_no_class_has_is_told_on_a_page_of_ours(visitor, program, code):
    make.make_course(program=program, code="4126")
    page = visitor.get(f"/classes/{code}/")
    assert page.status_code == 404
    assert "This page is not here" in words(page)


def test_a_draft_is_not_shown(visitor, program):
    make.make_course(program=program, code="4126", published_at=None)
    assert visitor.get("/classes/4126/").status_code == 404
    assert visitor.get("/classes/4126/apply/").status_code == 404


def test_a_number_on_several_lines_shows_the_class_still_to_come(visitor, program, shibukawa):
    other = make.make_line(number="+819002100888", is_default=False)
    elsewhere = make.make_program(lead=shibukawa, line=other)
    make.make_course(program=program, code="4126", title="over", starts_at=in_days(-9), opens_at=in_days(-40))
    make.make_course(program=elsewhere, code="4126", title="to come")
    assert "<h1>to come</h1>" in visitor.get("/classes/4126/").content.decode()


def test_of_two_classes_to_come_the_one_on_the_default_line_is_shown(visitor, program, shibukawa):
    other = make.make_line(number="+819002100888", is_default=False)
    make.make_course(program=make.make_program(lead=shibukawa, line=other), code="4126", title="elsewhere")
    make.make_course(program=program, code="4126", title="ours")
    assert "<h1>ours</h1>" in visitor.get("/classes/4126/").content.decode()


def test_a_number_given_back_shows_its_new_class(visitor, program):
    long_ago = {"starts_at": in_days(-90), "opens_at": in_days(-120), "code_released_at": timezone.now()}
    make.make_course(program=program, code="4126", title="old", **long_ago)
    make.make_course(program=program, code="4126", title="new")
    assert "<h1>new</h1>" in visitor.get("/classes/4126/").content.decode()


def test_no_public_page_names_a_resident(visitor, program, shibukawa):
    course = make.make_course(program=program, capacity=3)
    person = make.make_person(town=shibukawa, kana="ミツメ ハナコ", phone="090-0310-0777")
    register(course, [person], channel=Channel.PHONE)
    for path in ("/", course.get_absolute_url(), f"{course.get_absolute_url()}apply/"):
        page = visitor.get(path).content.decode()
        assert "ミツメ" not in page
        assert "0310-0777" not in page


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/privacy/", "We never ask for your My Number, a PIN, a password or a bank account."),
        ("/accessibility/", "JIS X 8341-3:2016 level AA"),
    ],
)
def test_the_pages_of_words_are_open_and_linked_from_every_foot(visitor, path, sentence):
    assert sentence in words(visitor.get(path))
    assert f'href="{path}"' in visitor.get("/").content.decode()


def test_the_language_is_changed_on_the_page_and_kept(program):
    client = Client(headers={"accept-language": "ja"})
    make.make_course(program=program, code="4126")
    client.post("/i18n/setlang/", {"language": "en", "next": "/classes/4126/"})
    page = client.get("/classes/4126/")
    assert '<html lang="en">' in page.content.decode()
    assert "Free of charge" in words(page)


@pytest.mark.parametrize("path", ["/", "/classes/4126/", "/receipt/x/"])
def test_pages_that_only_show_take_no_post(visitor, program, path):
    make.make_course(program=program, code="4126")
    assert visitor.post(path).status_code == 405
