"""Two unclear texts, then a person; and machines that answer each other are stopped."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from messaging.models import InboundText, Message
from participants.models import Participant
from sessions.models import Registration
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(handset):
    return handset()


@pytest.fixture
def course(program):
    return make.make_course(program=program, code="5205")


def test_the_second_unclear_text_in_a_row_goes_to_a_person(phone, line):
    [first] = phone.send("バスは出ますか")
    assert "読み取れませんでした" in first
    assert not phone.talk.needs_staff
    [second] = phone.send("駐車場はありますか")
    assert "担当者がお電話します" in second
    assert (phone.talk.needs_staff, phone.talk.hand_over_reason) == (True, "unclear")
    assert AuditEntry.objects.filter(act="thread.handed_over").count() == 1


def test_after_that_the_machine_keeps_silent_but_everything_is_kept(phone, line):
    phone.send("バスは出ますか", "駐車場はありますか")
    assert phone.send("もしもし、聞こえますか？", "") == []
    assert InboundText.objects.count() == 4


def test_a_clear_text_is_still_acted_on(phone, course, shibukawa):
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("バスは出ますか", "駐車場はありますか", "5205", "1")
    assert Registration.objects.get().is_confirmed
    assert phone.talk.needs_staff


def test_a_clear_text_in_between_begins_the_count_anew(phone, line):
    phone.send("バスは出ますか", "ヘルプ", "駐車場はありますか")
    assert not phone.talk.needs_staff
    assert phone.templates == ["reply_unclear", "reply_help", "reply_unclear"]


@pytest.mark.parametrize("body", ["", "   ", "。"])
def test_a_picture_or_nothing_counts_as_unclear(phone, line, body):
    phone.send(body, NumMedia="1", MediaUrl0="https://example.invalid/a.jpg")
    phone.send(body)
    assert phone.templates == ["reply_unclear", "reply_handed_over"]


def test_thanks_need_no_answer(phone, line):
    assert phone.send("ありがとうございます") == []
    assert (phone.talk.unclear_count, phone.talk.needs_staff) == (0, False)


@pytest.mark.parametrize(
    ("texts", "wants"),
    [
        (["5205", "わたしです。よろしくね？"], "お住まいの番号とお名前"),
        (["5205", "1", "はい"], "お名前をカタカナだけで"),
        (["5205", "1 シブカワ ハナコ", "いいです"], "はいは1、いいえは2"),
        (["停止", "どうしようかな"], "はいは1、いいえは2"),
    ],
)
def test_the_question_is_put_again_in_other_words_and_stays_open(phone, course, texts, wants):
    [reply] = phone.send(*texts)
    assert wants in reply
    assert phone.talk.question != ""


def test_a_wrong_class_number_twice_goes_to_a_person(phone, course):
    phone.send("1111", "2222")
    assert phone.templates == ["reply_refused", "reply_handed_over"]


def test_a_question_that_was_handed_over_is_closed(phone, course):
    phone.send("5205", "1 シブカワ ハナコ", "いいです", "結構です")
    assert phone.talk.needs_staff
    phone.send("1")
    assert not Registration.objects.exists()
    assert not Participant.objects.exists()


def test_two_machines_stop_answering_each_other(phone, line):
    for _ in range(8):
        phone.send("ヘルプ")
    assert phone.templates == ["reply_help"] * 5
    assert (phone.talk.needs_staff, phone.talk.hand_over_reason) == (True, "many_replies")


def test_an_hour_later_there_are_answers_again(phone, line):
    with time_machine.travel(timezone.now() - timedelta(minutes=61)):
        phone.send(*["ヘルプ"] * 6)
    phone.send("ヘルプ")
    assert len(phone.templates) == 6


def test_answers_that_led_to_something_are_not_counted(phone, program, shibukawa):
    """A morning of applying for several classes is no loop."""
    make.make_person(town=shibukawa, phone=phone.number)
    for code in ("5205", "5206", "5207", "5208", "5209", "5210"):
        make.make_course(program=program, code=code)
        phone.send("ヘルプ", code, "1")
    assert Registration.objects.count() == 6


def test_a_wish_beyond_the_limit_is_still_carried_out(phone, course, shibukawa):
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("ヘルプ", "ヘルプ", "ヘルプ", "ヘルプ", "5205", "1")
    assert Registration.objects.get().is_confirmed
    assert Message.objects.latest("pk").template == "confirmed"


def test_one_conversation_does_not_count_for_another(phone, handset, line):
    phone.send(*["ヘルプ"] * 6)
    other = handset("090-0310-0409")
    other.send("ヘルプ")
    assert other.templates == ["reply_help"]
