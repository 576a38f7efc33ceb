from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from participants.models import Channel
from sessions.models import Notice, Refusal, Registration, SeatOffer
from sessions.planning import change_seats
from sessions.refusals import Code, Refused
from sessions.registration import accept, cancel, decline, expire_offers, offer_released_seats, register
from tests import make

State = Registration.State
pytestmark = pytest.mark.django_db


def state_of(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def full_course(program, *, waiting: int = 2, **fields):
    course = make.make_course(program=program, capacity=1, **fields)
    seated = make.make_registration(course=course)
    line = [make.make_registration(course=course, state=State.WAITING) for _ in range(waiting)]
    return course, seated, line


def test_a_cancelled_seat_is_offered_to_the_first_in_line(program, outbox):
    _course, seated, (first, second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    assert (state_of(first), state_of(second)) == (State.OFFERED, State.WAITING)
    message = outbox(purpose="offer")[-1]
    assert message.to == first.participant.contact_points.get().number
    assert "1" in message.body


def test_an_offer_holds_the_seat_until_it_is_answered(program, shibukawa):
    course, seated, _line = full_course(program, waiting=1)
    cancel(seated, channel=Channel.PHONE)
    late = register(course, [make.make_person(town=shibukawa)], channel=Channel.WEB)
    assert late.first.state == State.WAITING


def test_who_accepts_has_the_seat_and_accepting_twice_changes_nothing(program, outbox):
    _course, seated, (first, _second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    assert accept(first, channel=Channel.SMS).first.state == State.CONFIRMED
    told = len(outbox())
    assert accept(first, channel=Channel.SMS).is_repeat
    assert len(outbox()) == told
    assert SeatOffer.objects.get().answer == "accepted"


def test_who_declines_passes_the_seat_on(program):
    _course, seated, (first, second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    decline(first, channel=Channel.SMS)
    assert (state_of(first), state_of(second)) == (State.DECLINED, State.OFFERED)


def test_an_offer_that_is_not_answered_goes_to_the_next_once(program):
    _course, seated, (first, second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    deadline = SeatOffer.objects.get().deadline_at
    with time_machine.travel(deadline + timedelta(minutes=1), tick=False):
        assert expire_offers() == 1
        assert expire_offers() == 0
        assert accept(first, channel=Channel.SMS) == Refused(Code.OFFER_OVER)
    assert (state_of(first), state_of(second)) == (State.EXPIRED, State.OFFERED)


def test_an_answer_after_the_deadline_is_too_late_even_before_the_worker_comes_by(program):
    _course, seated, (first, _second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    with time_machine.travel(SeatOffer.objects.get().deadline_at, tick=False):
        assert accept(first, channel=Channel.SMS) == Refused(Code.OFFER_OVER)
    assert state_of(first) == State.OFFERED
    assert Refusal.objects.get().code == Code.OFFER_OVER


def test_leaving_the_waiting_list_promotes_nobody(program):
    _course, _seated, (first, second) = full_course(program)
    cancel(first, channel=Channel.PHONE)
    assert state_of(second) == State.WAITING
    assert SeatOffer.objects.count() == 0


def test_cancelling_while_offered_passes_the_seat_on(program):
    _course, seated, (first, second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    cancel(first, channel=Channel.PHONE)
    assert state_of(second) == State.OFFERED
    assert SeatOffer.objects.first().answer == "withdrawn"


def test_priority_goes_before_time(program):
    _course, seated, (first, second) = full_course(program)
    Registration.objects.filter(pk=second.pk).update(priority=1)
    cancel(seated, channel=Channel.PHONE)
    assert (state_of(first), state_of(second)) == (State.WAITING, State.OFFERED)


def test_a_couple_is_passed_over_for_one_seat_and_keeps_its_place(program, shibukawa):
    course, seated, _ = full_course(program, waiting=0)
    couple = register(
        course, [make.make_person(town=shibukawa), make.make_person(town=shibukawa)], channel=Channel.PHONE
    ).registrations
    single = make.make_registration(course=course, state=State.WAITING)
    cancel(seated, channel=Channel.PHONE)
    assert [state_of(r) for r in (*couple, single)] == [State.WAITING, State.WAITING, State.OFFERED]
    assert Registration.objects.get(pk=couple[0].pk).skipped_at is not None


def test_one_of_a_couple_answers_for_both(program, shibukawa):
    course = make.make_course(program=program, capacity=2)
    seated = [make.make_registration(course=course) for _ in range(2)]
    couple = register(
        course, [make.make_person(town=shibukawa), make.make_person(town=shibukawa)], channel=Channel.PHONE
    ).registrations
    for registration in seated:
        cancel(registration, channel=Channel.PHONE)
    assert [state_of(r) for r in couple] == [State.OFFERED] * 2
    accept(couple[1], channel=Channel.SMS)
    assert [state_of(r) for r in couple] == [State.CONFIRMED] * 2


def test_a_seat_kept_for_one_town_is_not_offered_to_another(program, shibukawa, yoshioka, shinto):
    course = make.make_course(program=program, capacity=2, quotas={shibukawa: 1, yoshioka: 1})
    seated = make.make_registration(course=course, town=yoshioka)
    make.make_registration(course=course, town=shibukawa)
    stranger = make.make_registration(course=course, town=shinto, state=State.WAITING)
    neighbour = make.make_registration(course=course, town=yoshioka, state=State.WAITING)
    cancel(seated, channel=Channel.PHONE)
    assert (state_of(stranger), state_of(neighbour)) == (State.WAITING, State.OFFERED)


def test_released_seats_feed_those_in_line_in_order(program, shibukawa, yoshioka):
    release = make.in_days(3)
    course = make.make_course(
        program=program, capacity=2, quotas={yoshioka: 2}, quota_release_at=release, starts_at=make.in_days(20)
    )
    line = [make.make_registration(course=course, town=shibukawa, state=State.WAITING) for _ in range(3)]
    assert offer_released_seats() == 0
    with time_machine.travel(release + timedelta(minutes=1), tick=False):
        assert offer_released_seats() == 2
        assert offer_released_seats() == 0
    assert [state_of(r) for r in line] == [State.OFFERED, State.OFFERED, State.WAITING]


def test_after_the_release_a_new_caller_does_not_overtake_those_in_line(program, shibukawa, yoshioka):
    release = make.in_days(3)
    course = make.make_course(
        program=program, capacity=1, quotas={yoshioka: 1}, quota_release_at=release, starts_at=make.in_days(20)
    )
    first = make.make_registration(course=course, town=shibukawa, state=State.WAITING)
    with time_machine.travel(release + timedelta(minutes=1), tick=False):
        late = register(course, [make.make_person(town=shibukawa)], channel=Channel.SMS).first
    assert (state_of(first), state_of(late)) == (State.OFFERED, State.WAITING)


def test_more_seats_are_offered_to_those_in_line(program, shibukawa, staff):
    course, _seated, line = full_course(program)
    change_seats(course, capacity=3, quotas={}, release_at=None, by=staff)
    assert [state_of(r) for r in line] == [State.OFFERED] * 2


@time_machine.travel("2026-12-01 15:00:00+09:00", tick=False)
def test_the_deadline_is_counted_in_waking_hours(program):
    _course, seated, _line = full_course(program, starts_at=make.in_days(14))
    cancel(seated, channel=Channel.PHONE)
    deadline = timezone.localtime(SeatOffer.objects.get().deadline_at)
    assert deadline.isoformat() == "2026-12-02T15:00:00+09:00"


@time_machine.travel("2026-12-01 15:01:10+09:00", tick=False)
def test_a_deadline_falls_on_a_time_that_is_easy_to_say(program):
    _course, seated, _line = full_course(program, starts_at=make.in_days(14))
    cancel(seated, channel=Channel.PHONE)
    deadline = timezone.localtime(SeatOffer.objects.get().deadline_at)
    assert deadline.isoformat() == "2026-12-02T15:30:00+09:00"


def test_an_offer_by_telephone_is_worded_to_be_said(program, shibukawa):
    course, seated, _line = full_course(program, waiting=0)
    landline = make.make_person(town=shibukawa, phone="0279-00-0422", sms=False)
    make.make_registration(course=course, person=landline, state=State.WAITING)
    cancel(seated, channel=Channel.PHONE)
    text = Notice.objects.get(kind="offered").text
    assert "お聞かせください" in text
    assert "送ってください" not in text


@time_machine.travel("2026-12-26 17:00:00+09:00", tick=False)
def test_nights_sundays_and_holidays_do_not_count(program):
    program.offer_hours = 2
    program.save()
    _course, seated, _line = full_course(program, starts_at=make.in_days(14))
    cancel(seated, channel=Channel.PHONE)
    deadline = timezone.localtime(SeatOffer.objects.get().deadline_at)
    assert deadline.isoformat() == "2026-12-28T10:00:00+09:00"


@time_machine.travel("2026-12-01 10:00:00+09:00", tick=False)
def test_a_short_notice_offer_goes_to_the_call_list(program):
    _course, seated, (first, _second) = full_course(
        program, starts_at=timezone.now() + timedelta(hours=20), closes_at=timezone.now() + timedelta(hours=19)
    )
    cancel(seated, channel=Channel.PHONE)
    notice = Notice.objects.get(kind="offered")
    assert (notice.registration, notice.rung) == (first, Notice.Rung.CALL)


@time_machine.travel("2026-12-01 21:00:00+09:00", tick=False)
def test_nobody_is_asked_in_the_night_with_a_deadline_before_the_morning(program):
    start = timezone.datetime.fromisoformat("2026-12-02T10:00+09:00")
    _course, seated, (first, _second) = full_course(program, starts_at=start, closes_at=start)
    cancel(seated, channel=Channel.PHONE)
    assert state_of(first) == State.WAITING
    assert SeatOffer.objects.count() == 0


def test_the_last_notice_always_tells_the_present_state(program):
    _course, seated, (first, second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    decline(first, channel=Channel.SMS)
    accept(second, channel=Channel.SMS)
    for registration in Registration.objects.all():
        assert registration.notices.last().kind == registration.state


def test_what_was_not_sent_yet_and_is_no_longer_true_is_taken_back(program, outbox):
    _course, seated, (first, _second) = full_course(program)
    cancel(seated, channel=Channel.PHONE)
    cancel(first, channel=Channel.PHONE)
    mine = outbox(to=first.participant.contact_points.get().number)
    assert [(m.template, m.state) for m in mine] == [
        ("waiting", "cancelled"),
        ("offered", "cancelled"),
        ("cancelled", "queued"),
    ]
