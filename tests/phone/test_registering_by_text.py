"""From the four digits on the leaflet to a seat, within three texts."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from messaging.models import Message
from participants.models import Channel, Consent, Participant
from programs.models import Allocation
from sessions.models import Notice, Refusal, Registration
from sessions.planning import publish
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(program):
    return make.make_course(
        program=program, code="5205", venue=make.make_venue(town=program.lead, name="中央公民館")
    )


def label(course) -> str:
    start = timezone.localtime(course.starts_at)
    return f"{start.month}月{start.day}日({'月火水木金土日'[start.weekday()]})10時"


def test_somebody_known_registers_with_the_number_and_a_one(handset, course, yoshioka):
    phone = handset()
    person = make.make_person(town=yoshioka, phone=phone.number, kana="ミヤシタ ハルエ")
    assert phone.send("5205") == [
        f"【渋川市スマホ教室】ミヤシタ様、{label(course)}「安全に使う」のお申込みでよろしければ1、ちがうときは2、"
        "ほかの方は9。"
    ]
    assert not Registration.objects.exists()
    [reply] = phone.send("1")
    registration = Registration.objects.get()
    assert (registration.participant, registration.state, registration.channel) == (
        person,
        "confirmed",
        Channel.SMS,
    )
    assert registration.receipt_number in reply
    assert f"{label(course)}から中央公民館「安全に使う」" in reply


def test_somebody_new_of_three_towns_registers_within_three_texts(handset, course, yoshioka):
    phone = handset()
    [asked] = phone.send("５２０５")
    assert asked == (
        f"【渋川市スマホ教室】{label(course)}「安全に使う」ですね。お住まいの番号とお名前をカタカナで送ってください。"
        "1渋川市 2吉岡町 3榛東村 例 1 ヤマダ ハナコ"
    )
    [read_back] = phone.send("２　みやした はるえ です")
    assert read_back.startswith(
        f"【渋川市スマホ教室】ミヤシタ ハルエ様、{label(course)}「安全に使う」のお申込みで"
    )
    assert not Participant.objects.exists()
    [confirmed] = phone.send("はい")
    registration = Registration.objects.get()
    person = registration.participant
    assert (person.kana, person.municipality, person.reach) == ("ミヤシタ ハルエ", yoshioka, "sms")
    assert person.created_channel == Channel.SMS
    assert person.contacts.get().contact_point.number == phone.number
    assert (registration.state, registration.municipality) == ("confirmed", yoshioka)
    assert registration.receipt_number in confirmed
    consents = {(c.purpose, c.wording, c.channel) for c in person.consents.all()}
    assert consents == {(purpose, "sms-1", "sms") for purpose in Consent.Purpose.values}
    assert phone.talk.municipality == yoshioka


@pytest.mark.parametrize(
    ("texts", "town"),
    [
        (["ミヤシタ ハルエ", "2"], "吉岡町"),
        (["2", "ミヤシタ ハルエ"], "吉岡町"),
        (["吉岡町 ミヤシタ ハルエ"], "吉岡町"),
        (["吉岡 みやしたはるえ"], "吉岡町"),
        (["ミヤシタ ハルエ ３"], "榛東村"),
        (["①　ﾐﾔｼﾀ ﾊﾙｴ"], "渋川市"),
        (["2番 ミヤシタ ハルエと申します。"], "吉岡町"),
        (["渋川市です", "ミヤシタ ハルエ"], "渋川市"),
    ],
)
def test_town_and_name_are_read_in_any_order(handset, course, texts, town):
    phone = handset()
    phone.send("5205", *texts, "1")
    person = Registration.objects.get().participant
    assert person.municipality.name == town
    assert person.kana.replace(" ", "") == "ミヤシタハルエ"


def test_a_programme_of_one_town_asks_only_the_name(handset, shibukawa):
    course = make.make_course(program=make.make_program(lead=shibukawa), code="4126")
    phone = handset()
    [asked] = phone.send("4126")
    assert asked.endswith(
        "「安全に使う」ですね。お名前をカタカナで送ってください。例 ヤマダ ハナコ。やめるときは「やめる」"
    )
    phone.send("イチカワ キヨシ", "１です")
    person = course.registrations.get().participant
    assert (person.kana, person.municipality) == ("イチカワ キヨシ", shibukawa)
    assert {c.purpose for c in person.consents.all()} == {Consent.Purpose.USE, Consent.Purpose.SMS}


def test_a_name_in_kanji_is_asked_for_in_kana(handset, course):
    phone = handset()
    [again] = phone.send("5205", "2 宮下春江")
    assert "お名前をカタカナで送ってください" in again
    phone.send("ミヤシタ ハルエ", "1")
    assert Registration.objects.get().participant.kana == "ミヤシタ ハルエ"


def test_what_was_read_wrong_is_asked_again(handset, course):
    phone = handset()
    [again] = phone.send("5205", "1 ミヤシタ ハルエ", "2")
    assert "お住まいの番号とお名前" in again
    phone.send("2 ミヤシタ ハルオ", "1")
    assert Registration.objects.get().participant.kana == "ミヤシタ ハルオ"


@pytest.mark.parametrize("texts", [["やめます"], ["いいえ"], ["1 ミヤシタ ハルエ", "やめる"]])
def test_one_may_stop_half_way_and_nothing_is_kept(handset, course, texts):
    phone = handset()
    [reply] = phone.send("5205", *texts)
    assert "お申込みはしていません" in reply
    phone.send("1")
    assert not Registration.objects.exists()
    assert not Participant.objects.exists()


def test_the_same_yes_twice_registers_once_and_says_how_it_stands(handset, course, shibukawa):
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    [first] = phone.send("5205", "1")
    [second] = phone.send("1")
    assert second == first
    assert Registration.objects.count() == 1


def test_the_class_number_sent_twice_asks_once_more(handset, course, shibukawa):
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    first, second = phone.send("5205"), phone.send("5205")
    assert first == second
    phone.send("1")
    assert Registration.objects.count() == 1


def test_somebody_registered_hears_so_and_the_spouse_may_apply(handset, course, shibukawa):
    phone = handset()
    person = make.make_person(town=shibukawa, phone=phone.number, kana="シブカワ イチロウ")
    mine = make.make_registration(course=course, person=person)
    [reply] = phone.send("5205")
    assert f"受付番号{mine.receipt_number}で受け付けています（確定）" in reply
    phone.send("1 シブカワ ハナコ", "1")
    assert [r.participant.kana for r in Registration.objects.order_by("pk")] == [
        "シブカワ イチロウ",
        "シブカワ ハナコ",
    ]


def test_a_full_class_is_said_before_and_a_one_joins_the_waiting_list(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205", capacity=1)
    make.make_registration(course=course, town=shibukawa)
    phone = handset()
    person = make.make_person(town=shibukawa, phone=phone.number)
    [reply] = phone.send("5205")
    assert "「安全に使う」は満席です。キャンセル待ちでよろしければ1" in reply
    [told] = phone.send("1")
    assert "キャンセル待ちで受け付けました" in told
    assert course.registrations.get(participant=person).is_waiting


def test_a_quota_that_is_used_up_leaves_the_pool(handset, program, shibukawa, yoshioka):
    course = make.make_course(program=program, code="5205", capacity=3, quotas={shibukawa: 2, yoshioka: 1})
    make.make_registration(course=course, town=yoshioka)
    phone = handset()
    phone.send("5205", "2 ヨシオカ タロウ", "1")
    assert course.registrations.get(participant__kana="ヨシオカ タロウ").is_waiting
    other = handset("090-0310-0409")
    other.send("5205", "1 シブカワ ハナコ", "1")
    assert course.registrations.get(participant__kana="シブカワ ハナコ").is_confirmed


def test_a_lottery_says_that_the_result_comes_later(handset, program, shibukawa):
    make.make_course(program=program, code="5205", allocation=Allocation.LOTTERY)
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    [told] = phone.send("5205", "1")
    assert "抽選の結果は後日お知らせします" in told


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"closes_at": timezone.now() - timedelta(hours=1)}, "closed"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "not_open_yet"),
        ({"cancelled_at": timezone.now()}, "called_off"),
        ({"ends_at": timezone.now() - timedelta(hours=1)}, "over"),
    ],
)
def test_a_class_that_takes_nobody_says_why_and_the_wish_is_counted(handset, course, shibukawa, fields, code):
    for name, value in fields.items():
        setattr(course, name, value)
    course.save()
    phone = handset()
    [reply] = phone.send("5205")
    assert (Refusal.objects.get().code, Refusal.objects.get().channel) == (code, "sms")
    assert reply.startswith("【渋川市スマホ教室】")
    assert phone.templates == ["reply_refused"]


def test_a_resident_of_another_town_is_refused_and_counted(handset, course, takasaki):
    phone = handset()
    person = make.make_person(town=takasaki, phone=phone.number)
    phone.send("5205")
    refusal = Refusal.objects.get()
    assert (refusal.code, refusal.participant, refusal.municipality) == ("other_town", person, takasaki)
    assert not Registration.objects.exists()


@pytest.mark.parametrize("code", ["9999", "1000"])
def test_a_number_of_no_class_is_said_to_be_none(handset, course, code):
    phone = handset()
    phone.send(code)
    assert phone.templates == ["reply_refused"]
    assert Refusal.objects.get().code == "unknown_code"


def test_a_draft_is_no_class_yet(handset, program, staff):
    course = make.make_course(program=program, code="5205", published_at=None)
    phone = handset()
    phone.send("5205")
    assert phone.templates == ["reply_refused"]
    publish(course, by=staff)
    phone.send("5205")
    assert phone.templates[-1] == "reply_ask_town_and_name"


def test_a_class_that_closes_between_two_texts_registers_nobody(handset, course):
    phone = handset()
    phone.send("5205", "1 シブカワ ハナコ")
    course.closes_at = timezone.now()
    course.save()
    phone.send("1")
    assert phone.templates[-1] == "reply_refused"
    assert not Registration.objects.exists()
    assert not Participant.objects.exists()


def test_a_consultation_day_offers_its_free_times_by_number(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205", by_slot=True, session_count=3)
    start = course.starts_at
    for n, session in enumerate(course.class_sessions.all()):
        session.starts_at, session.ends_at = (
            start + timedelta(minutes=20 * n),
            start + timedelta(minutes=20 * n + 20),
        )
        session.seats = 1
        session.save()
    first, second, _third = course.class_sessions.all()
    make.make_registration(course=course, town=shibukawa, class_session=first)
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    [asked] = phone.send("5205")
    assert "ご希望の時間を数字で送ってください。1…10時20分 2…10時40分 " in asked
    [read_back] = phone.send("1")
    assert f"{label(course)}20分「安全に使う」" in read_back
    phone.send("1")
    mine = Registration.objects.get(participant__contact_points__number=phone.number)
    assert (mine.class_session, mine.state) == (second, "confirmed")


def test_somebody_new_whose_time_is_taken_meanwhile_is_not_written_down(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205", by_slot=True)
    course.class_sessions.update(seats=1)
    phone = handset()
    phone.send("5205", "1 シブカワ ハナコ", "1")
    make.make_registration(course=course, town=shibukawa, class_session=course.class_sessions.get())
    phone.send("1")
    assert phone.templates[-1] == "reply_refused"
    assert not Participant.objects.filter(kana="シブカワ ハナコ").exists()
    refusal = Refusal.objects.get()
    assert (refusal.code, refusal.participant, refusal.municipality) == ("slot_taken", None, shibukawa)


def test_a_consultation_day_without_a_free_time_says_so(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205", by_slot=True)
    course.class_sessions.update(seats=1)
    make.make_registration(course=course, town=shibukawa, class_session=course.class_sessions.get())
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    [reply] = phone.send("5205")
    assert "時間はすべて埋まりました" in reply
    assert Refusal.objects.get().code == "slot_taken"


def test_a_question_is_forgotten_after_a_day(handset, course, shibukawa):
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        phone.send("5205")
    [reply] = phone.send("1")
    assert not Registration.objects.exists()
    assert reply.startswith("【渋川市スマホ教室】読み取れませんでした。")


def test_the_register_again_after_a_cancellation(handset, course, shibukawa):
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("5205", "1")
    cancel(Registration.objects.get(), channel=Channel.PHONE)
    phone.send("5205", "1")
    assert [r.state for r in Registration.objects.order_by("pk")] == ["cancelled", "confirmed"]


def test_somebody_who_is_told_by_call_is_answered_where_they_wrote(handset, course, shibukawa):
    """Their notices come by telephone; the answer to their own text is an answer, and nobody has to call."""
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number, sms=False)
    [reply] = phone.send("5205", "1")
    registration = Registration.objects.get()
    assert registration.receipt_number in reply
    assert phone.templates == ["reply_read_back", "reply_notice"]
    assert not Notice.objects.to_do_by_hand().exists()


def test_replies_go_before_everything_else_and_do_not_last_for_ever(handset, course):
    phone = handset()
    phone.send("5205")
    message = Message.objects.get()
    assert (message.purpose, message.priority, message.line) == (Message.Purpose.REPLY, 1, phone.line)
    assert timezone.now() < message.expires_at < timezone.now() + timedelta(days=1)


def test_of_many_towns_the_name_is_asked_for(handset, shibukawa):
    towns = [
        make.make_town(name=f"{name}町") for name in ("吉井", "甘楽", "下仁田", "南牧", "中之条", "草津", "嬬恋")
    ]
    make.make_course(program=make.make_program(lead=shibukawa, partners=tuple(towns)), code="5205")
    phone = handset()
    [asked] = phone.send("5205")
    assert "お住まいの市町村名とお名前をカタカナで" in asked
    assert "吉井町" not in asked
    phone.send("草津町 クサツ ハナコ", "1")
    assert Registration.objects.get().municipality.name == "草津町"


def test_somebody_who_was_erased_between_two_texts_is_not_registered(handset, course, shibukawa):
    phone = handset()
    person = make.make_person(town=shibukawa, phone=phone.number)
    phone.send("5205")
    person.delete()
    phone.send("1")
    assert not Registration.objects.exists()
    assert phone.templates[-1] == "reply_unclear"
