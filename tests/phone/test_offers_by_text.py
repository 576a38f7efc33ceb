"""A seat that came free is offered by text and answered by one digit."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from messaging.sending import send_due
from participants.models import Channel, Participant
from sessions.changes import move_session
from sessions.models import Registration, SeatOffer
from sessions.planning import change_seats
from sessions.registration import cancel, decline, expire_offers, register
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_weekday_morning():
    """Offers are sent by day; at night they would wait for the morning."""
    morning = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    while morning.weekday() != 1:
        morning += timedelta(days=1)
    with time_machine.travel(morning) as traveller:
        yield traveller


@pytest.fixture
def course(program):
    return make.make_course(program=program, capacity=1, code="5205")


@pytest.fixture
def seated(course) -> Registration:
    return make.make_registration(course=course, state="confirmed")


def waiting(course, phone, **fields) -> Registration:
    person = make.make_person(town=course.host, phone=phone.number, **fields)
    return make.make_registration(course=course, person=person, state="waiting")


def state(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def test_a_one_takes_the_seat(handset, course, seated):
    phone = handset()
    mine = waiting(course, phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    assert phone.templates[-1] == "offered"
    [reply] = phone.send("1")
    assert state(mine) == "confirmed"
    assert mine.offers.get().answered_channel == Channel.SMS
    assert "お申込みを受け付けました" in reply
    assert mine.receipt_number in reply


def test_a_two_leaves_it_to_the_next(handset, course, seated):
    phone, next_phone = handset(), handset("090-0310-0409")
    mine, next_in_line = waiting(course, phone), waiting(course, next_phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    [reply] = phone.send("２です")
    assert (state(mine), state(next_in_line)) == ("declined", "offered")
    assert "席は、次の方にご案内します" in reply
    assert next_phone.templates[-1] == "offered"


def test_the_same_answer_again_changes_nothing_and_says_how_it_stands(handset, course, seated):
    phone = handset()
    mine = waiting(course, phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    first, second = phone.send("1"), phone.send("はい")
    assert first == second
    assert (state(mine), SeatOffer.objects.count()) == ("confirmed", 1)


def test_a_seat_is_said_again_with_the_place_it_has_moved_to(handset, course, seated):
    phone = handset()
    waiting(course, phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    phone.send("1")
    session = course.class_sessions.first()
    elsewhere = make.make_venue(town=course.host, name="移転先の会館")
    move_session(session, starts_at=session.starts_at, ends_at=session.ends_at, venue=elsewhere, by=None)
    [reply] = phone.send("1")
    assert "移転先の会館" in reply


def test_a_one_after_a_two_is_too_late(handset, course, seated):
    phone, next_phone = handset(), handset("090-0310-0409")
    mine, next_in_line = waiting(course, phone), waiting(course, next_phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    phone.send("2")
    [reply] = phone.send("1")
    assert (state(mine), state(next_in_line)) == ("declined", "offered")
    assert "席は、次の方にご案内します" in reply


def test_a_two_after_a_one_asks_whether_to_give_the_seat_back(handset, course, seated):
    phone = handset()
    mine = waiting(course, phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    phone.send("1")
    [reply] = phone.send("2")
    assert state(mine) == "confirmed"
    assert f"受付番号{mine.receipt_number}、" in reply
    phone.send("1")
    assert state(mine) == "cancelled"


def test_after_the_deadline_the_truth_is_said(handset, course, seated, a_weekday_morning):
    phone, next_phone = handset(), handset("090-0310-0409")
    mine, next_in_line = waiting(course, phone), waiting(course, next_phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    a_weekday_morning.move_to(mine.offers.get().deadline_at + timedelta(minutes=1))
    [reply] = phone.send("1")
    assert state(mine) == "offered"
    assert phone.templates[-1] == "reply_refused"
    expire_offers()
    send_due()
    [reply] = phone.send("1")
    assert (state(mine), state(next_in_line)) == ("expired", "offered")
    assert "期限までにお返事がなかったため" in reply


def test_an_offer_that_was_not_sent_yet_is_not_answered(handset, course, seated):
    phone = handset()
    mine = waiting(course, phone)
    send_due()
    cancel(seated, channel=Channel.PHONE)
    phone.send("1")
    assert state(mine) == "offered"


def test_a_digit_belongs_to_the_newest_question(handset, program, course, seated):
    """They were asked about another class after the offer came: the one is for that class."""
    other = make.make_course(program=program, code="4126")
    phone = handset()
    mine = waiting(course, phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    phone.send("4126", "1")
    assert (state(mine), other.registrations.get().state) == ("offered", "confirmed")
    phone.send("1")
    assert state(mine) == "confirmed"


def test_an_offer_that_came_after_the_question_takes_the_digit(
    handset, program, course, seated, a_weekday_morning
):
    other = make.make_course(program=program, code="4126")
    phone = handset()
    mine = waiting(course, phone)
    phone.send("4126")
    a_weekday_morning.shift(timedelta(minutes=5))
    cancel(seated, channel=Channel.PHONE)
    send_due()
    phone.send("1")
    assert (state(mine), other.registrations.count()) == ("confirmed", 0)


def test_two_spouses_with_an_offer_each_are_asked_whose_is_meant(handset, program, shibukawa, staff):
    course = make.make_course(program=program, capacity=2)
    for _ in range(2):
        make.make_registration(course=course, state="confirmed")
    phone = handset()
    his, hers = (waiting(course, phone, kana=f"シブカワ {name}") for name in ("イチロウ", "ハナコ"))
    change_seats(course, capacity=4, quotas={}, release_at=None, by=staff)
    send_due()
    [asked] = phone.send("1")
    assert (state(his), state(hers)) == ("offered", "offered")
    labels = {his.receipt_number: his, hers.receipt_number: hers}
    assert all(f"シブカワさん{receipt}" in asked for receipt in labels)
    assert "イチロウ" not in asked
    assert "ハナコ" not in asked
    first = min(labels, key=asked.index)
    replies = phone.send("1")
    assert state(labels.pop(first)) == "confirmed"
    (other,) = labels.values()
    assert state(other) == "offered"
    assert other.receipt_number in replies[-1]
    phone.send("2")
    assert state(other) == "declined"


def test_a_couple_that_applied_together_takes_both_seats(handset, program, shibukawa, staff):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course, state="confirmed")
    phone = handset()
    couple = [make.make_person(town=shibukawa, phone=phone.number) for _ in range(2)]
    register(course, couple, channel=Channel.PHONE)
    change_seats(course, capacity=3, quotas={}, release_at=None, by=staff)
    send_due()
    phone.send("1")
    assert [r.state for r in course.registrations.filter(participant__in=couple)] == ["confirmed"] * 2


@pytest.mark.parametrize("text", ["いいです", "大丈夫です", "結構です", "はい、行けません"])
def test_words_with_two_meanings_are_asked_back(handset, course, seated, text):
    phone = handset()
    mine = waiting(course, phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    phone.send(text)
    assert state(mine) == "offered"
    assert phone.templates[-1] == "reply_unclear"
    phone.send("1")
    assert state(mine) == "confirmed"


def test_an_offer_answered_at_the_desk_is_not_taken_again(handset, course, seated):
    phone = handset()
    mine = waiting(course, phone)
    cancel(seated, channel=Channel.PHONE)
    send_due()
    decline(mine, channel=Channel.PHONE)
    phone.send("1")
    assert state(mine) == "declined"


def test_somebody_elses_telephone_cannot_take_the_seat(handset, course, seated):
    mine = waiting(course, handset())
    cancel(seated, channel=Channel.PHONE)
    send_due()
    stranger = handset("090-0310-0777")
    stranger.send("1")
    assert state(mine) == "offered"
    assert stranger.templates == ["reply_unclear"]
    assert Participant.objects.filter(contact_points__number=stranger.number).count() == 0
