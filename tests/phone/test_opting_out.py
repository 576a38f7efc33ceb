"""No more SMS, and SMS again, by text."""

import pytest

from messaging.models import Message, OptOut, State
from messaging.sending import send_due
from participants.models import Channel
from sessions.models import Notice, Registration
from sessions.registration import cancel
from tests import make
from tests.phone.conftest import post_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(handset):
    return handset()


def stopped(phone) -> bool:
    return OptOut.objects.filter(number=phone.number, lifted_at=None).exists()


@pytest.mark.parametrize(
    "text", ["停止", "ストップ", "配信停止", "SMSを止めてください", "ＳＴＯＰ", "もう送らないで"]
)
def test_stopping_is_asked_once_more_and_then_done(phone, text):
    [asked] = phone.send(text)
    assert not stopped(phone)
    assert "止めるときは1、続けるときは2" in asked
    [told] = phone.send("1")
    opt_out = OptOut.objects.get()
    assert (opt_out.number, opt_out.municipality, opt_out.source) == (phone.number, None, OptOut.Source.SMS)
    assert opt_out.evidence == phone.talk.last_text.sid
    assert "SMSを止めました" in told


def test_the_word_said_again_instead_of_a_one_stops_too(phone):
    [told] = phone.send("停止", "停止してください")
    assert stopped(phone)
    assert "SMSを止めました" in told


def test_a_second_thought_stops_nothing(phone):
    [told] = phone.send("停止", "2")
    assert not stopped(phone)
    assert "SMSでお知らせします" in told


def test_whoever_only_mentions_the_word_keeps_their_sms(phone):
    phone.send("バスが停止して遅れます")
    assert not stopped(phone)
    assert phone.talk.question == ""


def test_resuming_lifts_the_stop_and_keeps_its_record(phone):
    phone.send("停止", "1")
    [told] = phone.send("再開")
    assert not stopped(phone)
    assert OptOut.objects.get().lifted_at is not None
    assert "SMSでお知らせします" in told


def test_stopping_twice_is_one_stop(phone):
    phone.send("停止", "1", "停止", "1")
    assert OptOut.objects.count() == 1


def test_notices_no_longer_come_but_answers_do(phone, program, shibukawa):
    person = make.make_person(town=shibukawa, phone=phone.number)
    mine = make.make_registration(course=make.make_course(program=program, code="5205"), person=person)
    phone.send("停止", "1")
    cancel(mine, channel=Channel.PHONE)
    send_due()
    assert phone.templates[-1] == "reply_stopped"
    assert Notice.objects.latest("pk").rung == Notice.Rung.ON_THE_SPOT
    [reply] = phone.send("ヘルプ")
    assert "教室番号4けた" in reply


def test_a_notice_on_its_way_is_held_back(phone, program, shibukawa):
    person = make.make_person(town=shibukawa, phone=phone.number)
    make.make_registration(course=make.make_course(program=program), person=person)
    post_form(phone.form("停止"))
    post_form(phone.form("1"))
    send_due()
    assert Message.objects.get(template="confirmed").state == State.SUPPRESSED


def test_whoever_stopped_may_still_apply_and_is_answered(phone, program, shibukawa):
    make.make_person(town=shibukawa, phone=phone.number)
    make.make_course(program=program, code="5205")
    phone.send("停止", "1")
    [reply] = phone.send("5205", "1")
    registration = Registration.objects.get()
    assert registration.receipt_number in reply
    assert stopped(phone)


def test_what_the_telephone_company_stopped_is_written_down_and_not_answered(phone):
    assert phone.send("STOP", OptOutType="STOP") == []
    assert OptOut.objects.get().source == OptOut.Source.PROVIDER
    assert phone.send("START", OptOutType="START") == []
    assert not stopped(phone)


def test_the_stop_is_about_the_number_not_about_another(phone, handset):
    phone.send("停止", "1")
    assert not stopped(handset("090-0310-0409"))
