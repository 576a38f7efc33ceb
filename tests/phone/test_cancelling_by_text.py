"""Looking up and cancelling one's own applications by text."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participants.models import Channel
from sessions.models import Notice, Registration
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(handset):
    return handset()


@pytest.fixture
def person(phone, shibukawa):
    return make.make_person(town=shibukawa, phone=phone.number, kana="シブカワ ハナコ")


@pytest.fixture
def mine(program, person) -> Registration:
    return make.make_registration(course=make.make_course(program=program, code="5205"), person=person)


def state(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def test_the_state_of_an_application_is_told(phone, mine):
    [reply] = phone.send("申込の確認")
    start = timezone.localtime(mine.course.starts_at)
    day = f"{start.month}月{start.day}日({'月火水木金土日'[start.weekday()]})"
    assert reply == (
        f"【渋川市スマホ教室】お申込みは1件です。{day}10時「安全に使う」{mine.receipt_number}確定。"
        "取消しは「取消し」と送ってください"
    )


def test_more_than_two_are_counted(phone, program, person, mine):
    for _ in range(2):
        make.make_registration(course=make.make_course(program=program), person=person)
    [reply] = phone.send("確認")
    assert "お申込みは3件です。" in reply
    assert "ほか1件。" in reply


def test_a_number_without_applications_hears_so(phone, line):
    [reply] = phone.send("確認")
    assert "見つかりません" in reply


def test_what_has_ended_is_not_told(phone, program, person, mine):
    cancel(mine, channel=Channel.PHONE)
    over = make.make_registration(course=make.make_course(program=program), person=person)
    over.course.ends_at = timezone.now() - timedelta(hours=1)
    over.course.save()
    [reply] = phone.send("確認")
    assert "見つかりません" in reply


def test_the_only_application_is_cancelled_after_a_second_word(phone, mine):
    [asked] = phone.send("取消し")
    assert state(mine) == "confirmed"
    assert f"受付番号{mine.receipt_number}、" in asked
    [told] = phone.send("1")
    ended = Registration.objects.get(pk=mine.pk)
    assert (ended.state, ended.ended_channel) == ("cancelled", Channel.SMS)
    assert "取消しを受け付けました" in told


@pytest.mark.parametrize("text", ["2", "いいえ", "やっぱり行きます"])
def test_only_a_clear_yes_cancels(phone, mine, text):
    phone.send("取消し", text)
    assert state(mine) == "confirmed"


def test_a_no_keeps_the_application_and_says_so(phone, mine):
    [reply] = phone.send("取消し", "2")
    assert "お申込みはそのままです" in reply


@pytest.mark.parametrize(
    "named", ["{receipt}の取消し", "取消し {digits}", "{code} 欠席します", "キャンセル　{receipt}"]
)
def test_the_one_that_is_named_is_asked_about(phone, program, person, mine, named):
    other = make.make_registration(course=make.make_course(program=program), person=person)
    receipt = mine.receipt_number
    [asked] = phone.send(named.format(receipt=receipt, digits=receipt[1:], code=mine.course.code))
    assert f"受付番号{receipt}、" in asked
    phone.send("1")
    assert (state(mine), state(other)) == ("cancelled", "confirmed")


def test_of_several_one_is_chosen_from_a_list(phone, program, person, mine):
    other = make.make_registration(
        course=make.make_course(program=program, starts_at=make.in_days(20)), person=person
    )
    [asked] = phone.send("取消し")
    assert f"{mine.receipt_number} 2…" in asked
    phone.send("2", "1")
    assert (state(mine), state(other)) == ("confirmed", "cancelled")


def test_a_receipt_number_answers_the_list_too(phone, program, person, mine):
    other = make.make_registration(course=make.make_course(program=program), person=person)
    phone.send("取消し", mine.receipt_number, "1")
    assert (state(mine), state(other)) == ("cancelled", "confirmed")


def test_somebody_elses_receipt_number_is_not_found(phone, program, mine):
    theirs = make.make_registration(course=mine.course)
    [reply] = phone.send(f"{theirs.receipt_number} 取消し")
    assert "見つかりません" in reply
    phone.send("1")
    assert (state(theirs), state(mine)) == ("confirmed", "confirmed")


def test_the_yes_sent_twice_cancels_once(phone, mine):
    [first] = phone.send("取消し", "1")
    [second] = phone.send("1")
    assert first == second
    assert Notice.objects.filter(kind=Notice.Kind.CANCELLED).count() == 1


def test_the_seat_goes_to_the_first_in_line(phone, program, person):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course, person=person)
    next_in_line = make.make_registration(course=course, state="waiting")
    phone.send("取消し", "1")
    assert state(next_in_line) == "offered"


def test_changing_is_a_persons_work(phone, mine):
    [reply] = phone.send("日にちの変更をお願いします")
    assert "担当者がお電話します" in reply
    assert phone.talk.hand_over_reason == "change"
    assert state(mine) == "confirmed"
