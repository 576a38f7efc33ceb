"""A consultation day: one queue, two keys a turn, and what it was about."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from programs.models import Curriculum
from sessions.attendance import Standing, standing
from sessions.changes import call_off
from sessions.consulting import Outcome, Problem, Way, finish, join_queue, reopen
from sessions.models import ClassSession, Consultation, Course
from tests import make

pytestmark = pytest.mark.django_db
Topic = Curriculum.Topic


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def day(program) -> Course:
    """Three slots of half an hour from one o'clock."""
    start = make.in_days(0, hour=13)
    course = make.make_course(program=program, by_slot=True, starts_at=start, closes_at=start, capacity=3)
    venue = course.class_sessions.get().venue
    course.class_sessions.update(ends_at=start + timedelta(minutes=30), seats=1)
    for n in (1, 2):
        begin = start + n * timedelta(minutes=30)
        end = begin + timedelta(minutes=30)
        ClassSession.objects.create(
            course=course, number=n + 1, starts_at=begin, ends_at=end, venue=venue, seats=1
        )
    return course


def book(day, number: int, **fields):
    return make.make_registration(course=day, class_session=day.class_sessions.get(number=number), **fields)


def test_a_booking_that_is_seen_is_written_down_and_marked_present(day, desk):
    booking = book(day, 1)
    turn = finish(booking, topic=Topic.CARD, outcome=Outcome.SOLVED, by=desk)
    assert (turn.way, turn.topic, turn.outcome, turn.by) == (Way.BOOKED, Topic.CARD, Outcome.SOLVED, desk)
    assert standing(booking, booking.class_session) == Standing.PRESENT


def test_who_left_without_being_seen_is_not_present(day, desk):
    booking = book(day, 1)
    finish(booking, topic=Topic.CARD, outcome=Outcome.LEFT, by=desk)
    assert standing(booking, booking.class_session) == Standing.UNKNOWN


def test_the_same_end_once_more_changes_nothing_and_another_one_is_refused(day, desk):
    booking = book(day, 1)
    turn = finish(booking, topic=Topic.CARD, outcome=Outcome.SOLVED, by=desk)
    assert finish(booking, topic=Topic.CARD, outcome=Outcome.SOLVED, by=desk) == turn
    assert finish(turn, topic=Topic.MAPS, outcome=Outcome.AGAIN, by=desk) == Problem.DONE
    assert Consultation.objects.get().topic == Topic.CARD


def test_a_turn_is_reopened_and_the_mark_goes_with_it(day, desk):
    booking = book(day, 1)
    turn = finish(booking, topic=Topic.CARD, outcome=Outcome.SOLVED, by=desk)
    reopened = reopen(turn, by=desk)
    assert (reopened.done_at, reopened.outcome) == (None, "")
    assert standing(booking, booking.class_session) == Standing.UNKNOWN
    assert reopen(turn, by=desk) == Problem.NOT_DONE


def test_walk_ins_need_a_town_and_call_backs_a_number(day, desk, yoshioka, takasaki):
    walk_in = join_queue(day, Way.WALK_IN, municipality=yoshioka, age_band="75-79", by=desk)
    number = make.number("0279-00-0405")
    call_back = join_queue(day, Way.CALL_BACK, municipality=yoshioka, phone=number, by=desk)
    assert (walk_in.phone, walk_in.age_band, call_back.phone) == ("", "75-79", "+81279000405")
    assert join_queue(day, Way.CALL_BACK, municipality=yoshioka, by=desk) == Problem.NO_NUMBER
    assert join_queue(day, Way.WALK_IN, municipality=takasaki, by=desk) == Problem.OTHER_TOWN
    assert Consultation.objects.count() == 2


@pytest.mark.parametrize(
    ("moment", "number"), [("10:00", 1), ("13:00", 1), ("13:30", 2), ("14:10", 3), ("18:00", 3)]
)
def test_who_joins_is_written_at_the_slot_that_is_on_or_next(day, desk, yoshioka, tuesday, moment, number):
    tuesday.move_to(f"2026-11-24 {moment}+09:00")
    assert join_queue(day, Way.WALK_IN, municipality=yoshioka, by=desk).class_session.number == number


def test_the_queue_opens_on_its_day_and_not_when_it_is_called_off(day, desk, yoshioka, tuesday):
    tuesday.move_to("2026-11-23 10:00+09:00")
    early = join_queue(day, Way.WALK_IN, municipality=yoshioka, by=desk)
    booking = book(day, 1)
    too_early = finish(booking, topic=Topic.CARD, outcome=Outcome.SOLVED, by=desk)
    tuesday.move_to("2026-11-24 10:00+09:00")
    call_off(day, reason="大雪", by=desk)
    assert [early, too_early] == [Problem.NOT_TODAY, Problem.NOT_TODAY]
    assert join_queue(day, Way.WALK_IN, municipality=yoshioka, by=desk) == Problem.OFF
    assert finish(booking, topic=Topic.CARD, outcome=Outcome.SOLVED, by=desk) == Problem.NO_SEAT
    assert not Consultation.objects.exists()


def times(html: str, section: str) -> list[str]:
    part = re.search(rf'aria-labelledby="{section}">(.*?)</section>', html, re.S)
    return re.findall(r'<span class="when">([\d:]+)<small>(.*?)</small>', part[1])


def test_the_page_leads_through_the_queue_in_the_order_of_time(clerk, day, desk, shibukawa, yoshioka, tuesday):
    book(day, 3)
    booking = book(day, 1, person=make.make_person(town=shibukawa, kana="ヤマダ ハナコ", needs=["writing"]))
    tuesday.move_to("2026-11-24 13:10+09:00")
    address = reverse("sessions:consultations", args=[day.pk])
    clerk.post(reverse("sessions:join_queue", args=[day.pk]), {"way": "walk_in", "municipality": yoshioka.pk})
    html = clerk.get(address).content.decode()
    assert times(html, "waiting") == [("13:00", "Booked"), ("13:10", "Walked in"), ("14:00", "Booked")]
    assert "Conversation in writing" in html
    given = {"turn": f"b{booking.pk}", "topic": "card", "outcome": "solved"}
    html = clerk.post(reverse("sessions:finish_turn", args=[day.pk]), given, follow=True).content.decode()
    assert times(html, "ended") == [("13:00", "Booked")]
    assert re.findall(r'<dt>(My Number card|Solved)</dt><dd class="num">(\d)', html) == [
        ("Solved", "1"),
        ("My Number card", "1"),
    ]
    turn = Consultation.objects.get(way="booked")
    html = clerk.post(reverse("sessions:reopen_turn", args=[turn.pk]), follow=True).content.decode()
    assert len(times(html, "waiting")) == 3


def test_without_a_topic_nothing_is_finished_and_one_stays_at_the_turn(clerk, day):
    booking = book(day, 1)
    response = clerk.post(
        reverse("sessions:finish_turn", args=[day.pk]), {"turn": f"b{booking.pk}", "outcome": "solved"}
    )
    assert response.url == f"/staff/courses/{day.pk}/consultations/?turn=b{booking.pk}"
    assert not Consultation.objects.exists()


def test_who_booked_and_did_not_come_leaves_the_queue_and_may_come_after_all(clerk, day):
    booking = book(day, 1)
    address = reverse("sessions:absent", args=[day.pk])
    clerk.post(address, {"registration": booking.pk, "mark": "no_show"})
    assert standing(booking, booking.class_session) == Standing.NO_SHOW
    clerk.post(address, {"registration": booking.pk, "mark": ""})
    assert standing(booking, booking.class_session) == Standing.UNKNOWN


def test_the_number_of_a_call_back_is_for_its_own_town(at_desk, day, desk, yoshioka, shibukawa):
    day.host = yoshioka
    day.save()
    join_queue(day, Way.CALL_BACK, municipality=yoshioka, phone=make.number("0279-00-0405"), by=desk)
    pages = {
        town.name: at_desk(make.make_user(town=town)).get(reverse("sessions:consultations", args=[day.pk]))
        for town in (yoshioka, shibukawa)
    }
    shown = {name: "+81279000405" in page.content.decode() for name, page in pages.items()}
    assert shown == {"吉岡町": True, "渋川市": False}


def test_the_day_page_of_a_slot_leads_to_the_queue(clerk, day):
    response = clerk.get(reverse("sessions:day", args=[day.class_sessions.first().pk]))
    assert response.url == reverse("sessions:consultations", args=[day.pk])


def test_a_class_that_is_no_consultation_day_has_no_queue(clerk, program):
    course = make.make_course(program=program)
    assert clerk.get(reverse("sessions:consultations", args=[course.pk])).status_code == 404


def test_the_queue_costs_the_same_with_1_and_300_people(clerk, day, desk, yoshioka, django_assert_max_num_queries):
    address = reverse("sessions:consultations", args=[day.pk])
    book(day, 1)
    join_queue(day, Way.WALK_IN, municipality=yoshioka, by=desk)
    clerk.get(address)
    with django_assert_max_num_queries(20) as first:
        clerk.get(address)
    fields = {"class_session": day.class_sessions.first(), "municipality": yoshioka, "queued_at": timezone.now()}
    Consultation.objects.bulk_create(Consultation(way=Way.WALK_IN, **fields) for _ in range(299))
    with django_assert_max_num_queries(20) as second:
        clerk.get(address)
    assert len(first) == len(second)


def test_a_form_sent_twice_is_one_turn_in_the_queue(day, clerk, shibukawa):
    page = clerk.get(reverse("sessions:consultations", args=[day.pk]))
    typed = {
        "way": "walk_in",
        "municipality": shibukawa.pk,
        "submission": page.context["form"]["submission"].value(),
    }
    for _click in range(2):
        clerk.post(reverse("sessions:join_queue", args=[day.pk]), typed)
    assert Consultation.objects.count() == 1
    clerk.post(reverse("sessions:join_queue", args=[day.pk]), typed | {"submission": uuid.uuid4()})
    assert Consultation.objects.count() == 2


def test_finishing_a_booking_twice_says_twice_that_it_is_finished(day, clerk):
    ended = {"turn": f"b{book(day, 1).pk}", "topic": "card", "outcome": "solved"}
    for _click in range(2):
        page = clerk.post(reverse("sessions:finish_turn", args=[day.pk]), ended, follow=True)
        assert [str(said) for said in page.context["messages"]] == ["The turn is finished."]
