"""Seats kept for towns go to everybody: at their time, moved, by the button, and never at somebody's cost."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from participants.models import Channel
from programs.models import Allocation
from sessions import draw
from sessions.changes import call_off
from sessions.holds import hold
from sessions.models import Course, LotteryDraw, Registration, SeatOffer
from sessions.occupancy import seats_of
from sessions.planning import Problem, change_seats, plan_course
from sessions.registration import offer_released_seats, register
from sessions.releasing import Problem as NotReleased
from sessions.releasing import Released, release_now
from tests import make
from tests.sessions.test_planning import a_plan

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture
def course(program, shibukawa, yoshioka, shinto) -> Course:
    """Six seats: two kept for each town, none in the common pool, released in a week."""
    return make.make_course(
        program=program,
        capacity=6,
        quotas={shibukawa: 2, yoshioka: 2, shinto: 2},
        quota_release_at=make.in_days(7, hour=9),
        starts_at=make.in_days(21),
    )


def at_release(course):
    return time_machine.travel(course.quota_release_at, tick=False)


def states(*registrations) -> list[str]:
    found = {row.pk: row.state for row in Registration.objects.all()}
    return [found[row.pk] for row in registrations]


def come(course, *towns) -> list[Registration]:
    people = [make.make_person(town=town) for town in towns]
    return register(course, people, channel=Channel.PHONE).registrations


def quotas_of(course) -> dict:
    return {quota.municipality: quota.seats for quota in course.quotas.all()}


# at their time


def test_free_kept_seats_go_to_those_in_line_in_the_order_they_came(course, shibukawa, yoshioka, shinto):
    for town in (shibukawa, shibukawa, yoshioka, yoshioka):
        make.make_registration(course=course, town=town, state=State.CONFIRMED)
    line = [make.make_registration(course=course, town=town) for town in (yoshioka, shibukawa, yoshioka)]
    assert states(*line) == [State.WAITING] * 3
    with time_machine.travel(course.quota_release_at - timedelta(seconds=1), tick=False):
        assert offer_released_seats() == 0
    with at_release(course):
        assert offer_released_seats() == 2
    assert states(*line) == [State.OFFERED, State.OFFERED, State.WAITING]


def test_a_couple_of_two_towns_in_line_gets_both_released_seats(course, shibukawa, yoshioka, shinto):
    for town in (shibukawa, shibukawa, yoshioka, yoshioka):
        make.make_registration(course=course, town=town)
    couple = come(course, shibukawa, yoshioka)
    single = make.make_registration(course=course, town=yoshioka)
    with at_release(course):
        offer_released_seats()
    assert states(*couple, single) == [State.OFFERED, State.OFFERED, State.WAITING]


def test_a_couple_for_whom_one_seat_is_released_keeps_its_place(course, shibukawa, yoshioka, shinto):
    for town in (shibukawa, shibukawa, yoshioka, yoshioka, shinto):
        make.make_registration(course=course, town=town)
    couple, single = come(course, yoshioka, yoshioka), make.make_registration(course=course, town=shibukawa)
    with at_release(course):
        assert offer_released_seats() == 1
    assert states(*couple, single) == [State.WAITING, State.WAITING, State.OFFERED]
    assert Registration.objects.get(pk=couple[0].pk).skipped_at is not None


def test_a_seat_kept_on_the_telephone_is_not_released_under_the_caller(course, desk, shibukawa, yoshioka, shinto):
    for town in (shibukawa, shibukawa, yoshioka, yoshioka, shinto):
        make.make_registration(course=course, town=town)
    waiting, caller = make.make_registration(course=course, town=yoshioka), make.make_person(town=shinto)
    with time_machine.travel(course.quota_release_at - timedelta(minutes=5), tick=False) as clock:
        hold(course, [caller], by=desk)
        clock.move_to(course.quota_release_at)
        assert offer_released_seats() == 0
        taken = register(course, [caller], channel=Channel.PHONE, by=desk).first
    assert states(waiting, taken) == [State.WAITING, State.CONFIRMED]


def test_releasing_twice_offers_nothing_twice(course, shibukawa):
    for _ in range(4):
        make.make_registration(course=course, town=shibukawa)
    with at_release(course):
        assert [offer_released_seats(), offer_released_seats()] == [2, 0]
    assert SeatOffer.objects.count() == 2


# moved, and changed seats


def test_a_release_moved_earlier_feeds_those_in_line_at_once(course, staff, shibukawa):
    line = [make.make_registration(course=course, town=shibukawa) for _ in range(3)][2:]
    now = timezone.now()
    change_seats(course, capacity=6, quotas=quotas_of(course), release_at=now, by=staff)
    assert states(*line) == [State.OFFERED]


def test_a_release_moved_later_waits_for_its_new_time(course, staff, shibukawa):
    line = [make.make_registration(course=course, town=shibukawa) for _ in range(3)][2:]
    later = course.quota_release_at + timedelta(days=2)
    change_seats(course, capacity=6, quotas=quotas_of(course), release_at=later, by=staff)
    with at_release(course):
        assert offer_released_seats() == 0
    with time_machine.travel(later, tick=False):
        assert offer_released_seats() == 1
    assert states(*line) == [State.OFFERED]


def test_released_seats_that_are_taken_cannot_be_kept_again(course, staff, shibukawa):
    for _ in range(3):
        make.make_registration(course=course, town=shibukawa)
    release_now(course, by=staff)
    refused = change_seats(course, capacity=6, quotas=quotas_of(course), release_at=make.in_days(14), by=staff)
    assert refused == Problem.SEATED
    assert Course.objects.get().quota_is_released


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"release_at": make.in_days(22)}, Problem.RELEASE),
        ({"capacity": 5}, Problem.QUOTA_SUM),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(course, staff, change, problem):
    kept = {"capacity": 6, "quotas": quotas_of(course), "release_at": course.quota_release_at}
    assert change_seats(course, **(kept | change), by=staff) == problem
    fresh = Course.objects.get()
    assert (fresh.capacity, fresh.quota_release_at, quotas_of(fresh)) == (
        6,
        course.quota_release_at,
        kept["quotas"],
    )


def test_a_plan_with_a_release_after_the_class_or_too_many_kept_seats_is_not_written(
    program, staff, shibukawa, yoshioka
):
    late = a_plan(program, quotas={shibukawa: 2}, quota_release_at=make.in_days(22))
    much = a_plan(program, quotas={shibukawa: 6, yoshioka: 5})
    assert [plan_course(plan, by=staff) for plan in (late, much)] == [Problem.RELEASE, Problem.QUOTA_SUM]
    assert Course.objects.count() == 0


def test_fewer_seats_than_are_taken_are_refused_with_nothing_lost(course, staff, shibukawa, yoshioka):
    seated = [make.make_registration(course=course, town=town) for town in (shibukawa, shibukawa, yoshioka)]
    waiting = make.make_registration(course=course, town=shibukawa)
    assert change_seats(course, capacity=2, quotas={}, release_at=None, by=staff) == Problem.SEATED
    fresh = Course.objects.get()
    assert (fresh.capacity, len(quotas_of(fresh))) == (6, 3)
    assert states(*seated, waiting) == [State.CONFIRMED] * 3 + [State.WAITING]


def test_a_seat_kept_on_the_telephone_is_not_taken_away_by_a_lower_capacity(program, staff, desk, shibukawa):
    course = make.make_course(program=program, capacity=2)
    make.make_registration(course=course)
    hold(course, [make.make_person(town=shibukawa)], by=desk)
    assert change_seats(course, capacity=1, quotas={}, release_at=None, by=staff) == Problem.SEATED


def test_more_seats_feed_those_in_line(course, staff, shibukawa):
    line = [make.make_registration(course=course, town=shibukawa) for _ in range(4)][2:]
    change_seats(course, capacity=7, quotas=quotas_of(course), release_at=course.quota_release_at, by=staff)
    assert states(*line) == [State.OFFERED, State.WAITING]


# by the button


def test_releasing_now_frees_the_kept_seats_and_asks_those_in_line(course, staff, shibukawa, yoshioka):
    make.make_registration(course=course, town=yoshioka)
    line = [make.make_registration(course=course, town=shibukawa) for _ in range(4)][2:]
    assert release_now(course, by=staff) == Released(seats=3, offered=2)
    assert states(*line) == [State.OFFERED] * 2
    assert Course.objects.get().quota_is_released
    assert seats_of(Course.objects.get()).is_legal
    entry = AuditEntry.objects.get(act="course.quota_released")
    assert (entry.by, entry.municipality, entry.detail) == (staff, shibukawa, {"seats": 3})


def test_releasing_now_is_refused_where_there_is_nothing_to_release(program, course, staff):
    release_now(course, by=staff)
    free_for_all = make.make_course(program=program)
    off = make.make_course(program=program, quotas={program.lead: 1})
    call_off(off, reason="大雪", by=staff)
    over = make.make_course(program=program, quotas={program.lead: 1}, starts_at=make.in_days(-3))
    assert [release_now(each, by=staff) for each in (course, free_for_all, off, over)] == [
        NotReleased.RELEASED,
        NotReleased.NOTHING_KEPT,
        NotReleased.OFF,
        NotReleased.OVER,
    ]
    assert AuditEntry.objects.filter(act="course.quota_released").count() == 1


# the page


@pytest.fixture
def page(client):
    """Opens the page of a course, in English, as somebody."""

    def show(course, user):
        client.force_login(user)
        address = reverse("sessions:course", args=[course.pk])
        return client.get(address, headers={"accept-language": "en"})

    return show


def test_the_page_says_what_releasing_now_would_do_and_who_is_first(page, course, staff, shibukawa, yoshioka):
    for _ in range(2):
        make.make_registration(course=course, town=shibukawa)
    first = make.make_registration(
        course=course, person=make.make_person(town=shibukawa, name="青木 みつ", kana="アオキ ミツ")
    )
    html = page(course, staff).content.decode()
    assert "If you release now, 4 kept seats become open to everybody." in html
    assert "First in line: 青木 みつ (渋川市)." in html
    assert first.is_waiting


def test_of_another_towns_resident_the_page_names_the_receipt_number_only(page, course, staff, yoshioka):
    for _ in range(2):
        make.make_registration(course=course, town=yoshioka)
    first = make.make_registration(
        course=course, person=make.make_person(town=yoshioka, name="神山 ふみ", kana="カミヤマ フミ")
    )
    html = page(course, staff).content.decode()
    assert f"First in line: {first.receipt_number} (吉岡町)." in html
    assert "神山" not in html


def test_only_those_who_plan_the_class_see_the_button(page, course, desk, partner_staff, staff, yoshioka):
    button = reverse("sessions:release_now", args=[course.pk])
    assert [button in page(course, user).content.decode() for user in (staff, desk, partner_staff)] == [
        True,
        False,
        False,
    ]
    hosted = make.make_course(program=course.program, host=yoshioka, quotas={yoshioka: 1})
    assert reverse("sessions:release_now", args=[hosted.pk]) in page(hosted, partner_staff).content.decode()


@time_machine.travel("2026-11-24 10:00+09:00", tick=False)
def test_pressing_the_button_releases_and_the_page_tells_when(client, course, staff, shibukawa):
    for _ in range(3):
        make.make_registration(course=course, town=shibukawa)
    client.force_login(staff)
    address = reverse("sessions:release_now", args=[course.pk])
    told, again = (
        client.post(address, headers={"accept-language": "en"}, follow=True).content.decode() for _ in range(2)
    )
    assert "Released: 4 free seats are open to everybody, 1 people in line are asked." in told
    assert "The kept seats were released on" in told
    assert "The kept seats have been released already. Nothing has changed." in again
    assert address not in told


def test_a_viewer_of_the_lead_cannot_release(client, course, shibukawa):
    client.force_login(make.make_user(town=shibukawa, role=Role.VIEWER))
    assert client.post(reverse("sessions:release_now", args=[course.pk])).status_code == 403
    assert not Course.objects.get().quota_is_released


def test_nothing_is_released_between_the_entries_and_the_result_of_a_draw(program, shibukawa, staff):
    course = make.make_course(program=program, quotas={shibukawa: 2}, allocation=Allocation.LOTTERY)
    make.make_registration(course=course)
    Course.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert isinstance(draw.settle(course, by=staff), LotteryDraw)
    assert release_now(course, by=staff) == NotReleased.DRAW
    assert not Course.objects.get().quota_is_released
