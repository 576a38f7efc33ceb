"""The page of one class as anybody sees it, and the pages of words."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from messaging.models import Line
from participants.models import Channel
from sessions.registration import register
from tests import make
from tests.make import in_days
from tests.sessions.on_the_web import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """Somebody who reads English, so that what is tested is in the code."""
    return Client(headers={"accept-language": "en"})


def test_the_page_of_a_class_tells_each_town_its_seats_while_they_are_kept(visitor, program, shibukawa, shinto):
    course = make.make_course(program=program, capacity=10, quotas={shibukawa: 10})
    page = words(visitor.get(course.get_absolute_url()))
    assert "渋川市: 10 left" in page
    assert "榛東村: waiting list" in page
    here = words(visitor.get(course.get_absolute_url(), {"town": shinto.code}))
    assert "Full. You can join the waiting list. for residents of 榛東村" in here


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
