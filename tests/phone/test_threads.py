"""Staff read the threads of their own residents, answer them and put them aside."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Role
from messaging import optouts
from messaging.models import Message, OptOut
from messaging.sending import send_due
from participants.people import add_number
from phone import threads
from phone.models import Conversation
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages, the same on every database


@pytest.fixture
def phone(handset):
    return handset()


@pytest.fixture
def person(phone, shibukawa):
    return make.make_person(town=shibukawa, phone=phone.number, kana="シブカワ ハナコ", name="渋川 花子")


@pytest.fixture
def talk(phone, person) -> Conversation:
    phone.send("バスは出ますか", "駐車場はありますか")
    return phone.talk


def address(talk: Conversation, act: str = "") -> str:
    return f"/staff/threads/{talk.pk}/{act}"


def test_the_list_names_number_people_and_last_words(client, staff, talk, phone):
    client.force_login(staff)
    page = client.get("/staff/threads/").content.decode()
    assert "090-0310-0408" in page
    assert "渋川 花子" in page
    assert "駐車場はありますか" in page


def test_those_who_need_a_person_come_first(client, staff, talk, handset, shibukawa):
    other = handset("090-0310-0409")
    make.make_person(town=shibukawa, phone=other.number)
    other.send("ヘルプ")
    client.force_login(staff)
    page = client.get("/staff/threads/").content.decode()
    assert page.index("090-0310-0408") < page.index("090-0310-0409")
    only = client.get("/staff/threads/?state=staff").content.decode()
    assert "090-0310-0408" in only
    assert "090-0310-0409" not in only


def test_a_thread_shows_both_sides_and_the_look_is_written_down(client, staff, talk, shibukawa):
    client.force_login(staff)
    page = client.get(address(talk)).content.decode()
    assert "バスは出ますか" in page
    assert "担当者がお電話します" in page
    entry = AuditEntry.objects.get(act="thread.viewed")
    assert (entry.by, entry.municipality, entry.subject_id) == (staff, shibukawa, str(talk.pk))


@pytest.mark.parametrize(("method", "act"), [("get", ""), ("post", "answer/"), ("post", "close/")])
def test_another_town_finds_no_such_thread(client, stranger, partner_staff, talk, method, act):
    for user in (stranger, partner_staff):
        client.force_login(user)
        assert getattr(client, method)(address(talk, act)).status_code == 404
        assert "0408" not in client.get("/staff/threads/").content.decode()


def test_a_number_nobody_knows_is_for_the_towns_of_the_line(
    client, staff, partner_staff, stranger, handset, program
):
    phone = handset("090-0310-0777")
    phone.send("はじめまして、教室はどこですか")
    for user, status in ((staff, 200), (partner_staff, 200), (stranger, 404)):
        client.force_login(user)
        assert client.get(address(phone.talk)).status_code == status


def test_a_number_with_people_in_several_towns_is_for_these_towns_alone(
    client, staff, partner_staff, handset, program, yoshioka, shinto
):
    phone = handset("090-0310-0777")
    make.make_person(town=yoshioka, phone=phone.number)
    make.make_person(town=shinto, phone=phone.number)
    phone.send("はじめまして、教室はどこですか")
    for user, status in ((staff, 404), (partner_staff, 200)):
        client.force_login(user)
        assert client.get(address(phone.talk)).status_code == status


def test_a_thread_follows_the_writer_to_the_town_they_are_known_to_live_in(handset, program, shibukawa, yoshioka):
    make.make_course(program=program, code="5205")
    phone = handset("090-0310-0777")
    phone.send("5205")
    assert phone.talk.municipality == shibukawa
    make.make_person(town=yoshioka, phone=phone.number)
    phone.send("ヘルプ")
    assert phone.talk.municipality == yoshioka


def test_once_it_is_known_where_they_live_it_is_for_that_town(client, staff, partner_staff, handset, program):
    make.make_course(program=program, code="5205")
    phone = handset("090-0310-0777")
    phone.send("5205", "2 ヨシオカ サクラ", "1")
    for user, status in ((staff, 404), (partner_staff, 200)):
        client.force_login(user)
        assert client.get(address(phone.talk)).status_code == status


def test_residents_of_another_town_on_the_number_are_not_named(client, staff, talk, yoshioka):
    other = make.make_person(town=yoshioka, kana="ヨシオカ サクラ", name="吉岡 桜")
    add_number(other, make.number(talk.number))
    client.force_login(staff)
    page = client.get(address(talk)).content.decode()
    assert "渋川 花子" in page
    assert "吉岡 桜" not in page


def test_what_another_town_told_the_number_stays_there(talk, shibukawa, yoshioka, program, phone):
    other = make.make_person(town=yoshioka, phone=phone.number)
    make.make_registration(course=make.make_course(program=program), person=other)
    send_due()
    assert [entry.message.template for entry in threads.entries_of(talk, town=yoshioka) if entry.message] == [
        "confirmed"
    ]
    mine = [entry.message.template for entry in threads.entries_of(talk, town=shibukawa) if entry.message]
    assert mine == ["reply_unclear", "reply_handed_over"]


def test_an_answer_goes_out_in_the_name_of_the_town(client, staff, talk, phone, shibukawa):
    client.force_login(staff)
    response = client.post(address(talk, "answer/"), {"body": "駐車場は10台あります", "submission": uuid.uuid4()})
    assert response.status_code == 302
    send_due()
    message = Message.objects.latest("pk")
    assert message.body == "【渋川市スマホ教室】駐車場は10台あります"
    assert (message.to, message.written_by, message.municipality) == (phone.number, staff, shibukawa)
    assert (message.purpose, message.state) == (Message.Purpose.REPLY, "delivered")
    assert AuditEntry.objects.get(act="thread.answered").by == staff


def test_a_double_click_sends_one_answer(client, staff, talk):
    client.force_login(staff)
    form = {"body": "駐車場は10台あります", "submission": uuid.uuid4()}
    for _ in range(2):
        client.post(address(talk, "answer/"), form)
    assert Message.objects.filter(written_by=staff).count() == 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("  ", threads.Problem.EMPTY),
        ("くわしくは https://example.jp へ", threads.Problem.LINK),
        ("電話 0279-00-0201 へ", threads.Problem.TELEPHONE),
        ("あ" * 130, threads.Problem.TOO_LONG),
    ],
)
def test_what_may_not_be_sent_is_said_and_not_sent(talk, staff, shibukawa, body, problem):
    assert threads.answer(talk, body, by=staff, municipality=shibukawa) == problem
    assert not Message.objects.filter(written_by=staff).exists()


def test_the_page_says_what_is_wrong_and_keeps_the_words(client, staff, talk):
    client.force_login(staff)
    page = client.post(address(talk, "answer/"), {"body": "電話 0279-00-0201 へ"}).content.decode()
    assert str(threads.Problem.TELEPHONE.label) in page
    assert "電話 0279-00-0201 へ" in page


def test_a_number_that_wants_no_sms_is_to_be_called(client, staff, talk, shibukawa):
    optouts.stop(talk.number, source=OptOut.Source.PHONE)
    assert threads.answer(talk, "こんにちは", by=staff, municipality=shibukawa) == threads.Problem.STOPPED
    client.force_login(staff)
    assert "<textarea" not in client.get(address(talk)).content.decode()


def test_putting_aside_lets_the_machine_answer_again(client, staff, talk, phone):
    client.force_login(staff)
    assert client.post(address(talk, "close/")).status_code == 302
    talk.refresh_from_db()
    assert (talk.needs_staff, talk.taken_by, talk.unclear_count) == (False, staff, 0)
    assert AuditEntry.objects.filter(act="thread.closed").count() == 1
    [reply] = phone.send("バスは出ますか")
    assert "読み取れませんでした" in reply


def test_putting_aside_twice_is_once(staff, talk, shibukawa):
    assert threads.close(talk, by=staff, municipality=shibukawa)
    assert not threads.close(talk, by=staff, municipality=shibukawa)
    assert AuditEntry.objects.filter(act="thread.closed").count() == 1


def test_a_viewer_reads_and_does_not_answer(client, shibukawa, talk):
    client.force_login(make.make_user(town=shibukawa, role=Role.VIEWER))
    assert "<textarea" not in client.get(address(talk)).content.decode()
    assert client.post(address(talk, "answer/"), {"body": "こんにちは"}).status_code == 403
    assert client.post(address(talk, "close/")).status_code == 403


def test_a_prefecture_reads_no_threads(client, talk):
    prefecture = make.make_town(name="群馬県", kind="prefecture")
    client.force_login(make.make_user(town=prefecture))
    assert client.get("/staff/threads/").status_code == 403


def test_answering_and_putting_aside_are_never_done_by_following_a_link(client, staff, talk):
    client.force_login(staff)
    assert client.get(address(talk, "answer/")).status_code == 405
    assert client.get(address(talk, "close/")).status_code == 405


def test_the_list_costs_the_same_with_many_threads(client, staff, talk, handset, shibukawa):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/staff/threads/").status_code == 200
        return len(captured)

    client.force_login(staff)
    client.get("/staff/threads/")
    first = cost()
    for n in range(12):
        number = f"090-0310-05{n:02d}"
        make.make_person(town=shibukawa, phone=number)
        handset(number).send("ヘルプ")
    assert cost() == first
    assert first <= 12
