"""The lottery in three steps, each once and in its order: settle, draw, publish."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from participants.models import Channel
from programs.models import DrawPriority
from sessions.changes import call_off
from sessions.draw import Problem, draw, publish, settle, verify
from sessions.models import LotteryDraw, Notice, Registration
from sessions.occupancy import seats_of
from sessions.planning import Problem as PlanProblem
from sessions.planning import change_seats, change_window
from sessions.refusals import Code, Refused
from sessions.registration import accept, cancel, register
from tests import make
from tests.drawing import apply, close, fresh, hold, prioritised, states

pytestmark = pytest.mark.django_db
State = Registration.State


# ---- the three steps ----


def test_those_drawn_have_a_seat_and_the_others_wait_in_the_order_of_the_draw(lottery, clock, shibukawa, staff):
    course = lottery()
    rows = [apply(course, shibukawa)[0] for _ in range(5)]
    hold(course, clock, staff)
    assert states(course) == [State.CONFIRMED] * 2 + [State.WAITING] * 3
    assert [row.draw_rank for row in course.registrations.in_line()] == [3, 4, 5]
    assert {row.pk for row in course.registrations.all()} == {row.pk for row in rows}
    for row in course.registrations.all():
        assert row.notices.last().kind == row.state


def test_nobody_is_told_and_nothing_changes_before_the_result_is_published(
    lottery, clock, shibukawa, staff, outbox
):
    course = lottery()
    for _ in range(3):
        apply(course, shibukawa)
    close(course, clock)
    told = len(outbox())
    settle(course, by=staff)
    draw(course, by=staff)
    assert states(course) == [State.APPLIED] * 3
    assert len(outbox()) == told


def test_who_is_not_drawn_reads_the_place_in_line(lottery, clock, shibukawa, staff, outbox):
    course = lottery(capacity=1)
    for _ in range(3):
        apply(course, shibukawa)
    hold(course, clock, staff)
    second = course.registrations.get(draw_rank=3)
    body = outbox(to=second.participant.contact_points.get().number)[-1].body
    assert body.startswith(f"【渋川市スマホ教室】抽選の結果、「{course.title}」")
    assert "キャンセル待ちの2番目となりました" in body
    first = course.registrations.get(draw_rank=1)
    body = outbox(to=first.participant.contact_points.get().number)[-1].body
    assert "抽選の結果、ご参加いただけることになりました" in body


def test_results_published_at_night_are_told_in_the_morning(lottery, clock, shibukawa, staff, outbox):
    course = lottery()
    apply(course, shibukawa)
    close(course, clock)
    settle(course, by=staff)
    draw(course, by=staff)
    clock.move_to(make.in_days(0, hour=22))
    publish(course, by=staff)
    message = outbox(template="confirmed")[-1]
    assert timezone.localtime(message.not_before).hour == 9


def test_a_seat_given_up_before_the_publication_is_offered_to_the_first_in_line(lottery, clock, shibukawa, staff):
    course = lottery(capacity=1)
    for _ in range(3):
        apply(course, shibukawa)
    close(course, clock)
    settle(course, by=staff)
    draw(course, by=staff)
    cancel(course.registrations.get(draw_rank=1), channel=Channel.PHONE)
    publish(course, by=staff)
    assert states(course) == [State.CANCELLED, State.OFFERED, State.WAITING]
    assert [n.kind for n in course.registrations.get(draw_rank=2).notices.all()] == ["applied", "offered"]
    place = course.registrations.get(draw_rank=3).notices.last().text
    assert "1番目" in place
    accept(course.registrations.get(draw_rank=2), channel=Channel.SMS)
    assert seats_of(course).free == 0


def test_so_late_that_no_seat_can_be_offered_the_others_are_told_that_they_lost(
    lottery, clock, shibukawa, staff, outbox
):
    course = lottery(capacity=1)
    for _ in range(2):
        apply(course, shibukawa)
    close(course, clock)
    settle(course, by=staff)
    draw(course, by=staff)
    clock.move_to(course.starts_at - timedelta(hours=2))
    publish(course, by=staff)
    assert states(course) == [State.CONFIRMED, State.LOST]
    assert Notice.objects.filter(registration__draw_rank=2).last().kind == Notice.Kind.LOST
    assert "ご参加いただけませんでした" in outbox(template="lost")[0].body


def test_after_the_publication_a_lottery_course_gives_seats_to_those_who_come_first(
    lottery, clock, shibukawa, staff
):
    course = lottery(capacity=2)
    apply(course, shibukawa)
    hold(course, clock, staff)
    change_window(course, opens_at=course.opens_at, closes_at=make.in_days(10), by=staff)
    assert apply(fresh(course), shibukawa)[0].state == State.CONFIRMED
    assert apply(fresh(course), shibukawa)[0].state == State.WAITING


def test_each_step_is_written_down_with_its_actor(lottery, clock, shibukawa, staff):
    course = lottery()
    apply(course, shibukawa)
    record = hold(course, clock, staff)
    acts = AuditEntry.objects.filter(act__startswith="draw.").order_by("pk")
    assert [(entry.act, entry.by) for entry in acts] == [
        ("draw.settled", staff),
        ("draw.drawn", staff),
        ("draw.published", staff),
    ]
    assert (record.settled_by, record.drawn_by, record.published_by) == (staff, staff, staff)


# ---- between settling and publishing ----


def test_between_settling_and_publishing_nothing_changes_that_the_draw_depends_on(
    lottery, clock, shibukawa, staff
):
    course = lottery()
    apply(course, shibukawa)
    close(course, clock)
    settle(course, by=staff)
    outcome = register(fresh(course), [make.make_person(town=shibukawa)], channel=Channel.PHONE)
    assert outcome == Refused(Code.CLOSED)
    seats = change_seats(course, capacity=5, quotas={}, release_at=None, by=staff)
    window = change_window(course, opens_at=course.opens_at, closes_at=make.in_days(9), by=staff)
    assert (seats, window) == (PlanProblem.DRAW, PlanProblem.DRAW)
    assert (fresh(course).capacity, fresh(course).closes_at) == (course.capacity, course.closes_at)


def test_who_cancels_after_settling_is_still_in_the_entries_and_gets_no_seat(lottery, clock, shibukawa, staff):
    course = lottery()
    gone = apply(course, shibukawa)[0]
    apply(course, shibukawa)
    close(course, clock)
    before = settle(course, by=staff).entries
    cancel(gone, channel=Channel.PHONE)
    draw(course, by=staff)
    publish(course, by=staff)
    gone.refresh_from_db()
    assert gone.state == State.CANCELLED
    assert LotteryDraw.objects.get().entries == before
    assert gone.receipt_number in before
    assert verify(course) is None


def test_a_partner_left_alone_before_settling_is_a_ticket_for_one(lottery, clock, shibukawa, staff):
    course = lottery(capacity=1)
    husband, wife = apply(course, shibukawa, 2)
    cancel(husband, channel=Channel.PHONE)
    hold(course, clock, staff)
    wife.refresh_from_db()
    assert wife.state == State.CONFIRMED


def test_a_partner_left_alone_after_the_draw_has_a_seat_and_the_other_seat_is_offered(
    lottery, clock, shibukawa, yoshioka, program, staff
):
    prioritised(program, DrawPriority.RESIDENT)
    course = lottery(capacity=2)
    husband, wife = apply(course, shibukawa, 2)
    guest = apply(course, yoshioka)[0]
    close(course, clock)
    settle(course, by=staff)
    draw(course, by=staff)
    cancel(wife, channel=Channel.PHONE)
    publish(course, by=staff)
    assert [Registration.objects.get(pk=row.pk).state for row in (husband, guest)] == [
        State.CONFIRMED,
        State.OFFERED,
    ]


# ---- refusals, one sentence each ----


def test_a_step_is_taken_once(lottery, clock, shibukawa, staff, outbox):
    course = lottery()
    apply(course, shibukawa)
    hold(course, clock, staff)
    kept, told = LotteryDraw.objects.values().get(), len(outbox())
    assert [step(course, by=staff) for step in (settle, draw, publish)] == [
        Problem.SETTLED,
        Problem.DRAWN,
        Problem.PUBLISHED,
    ]
    assert LotteryDraw.objects.values().get() == kept
    assert len(outbox()) == told


def test_a_step_is_not_taken_before_the_one_that_comes_first(lottery, clock, shibukawa, staff):
    course = lottery()
    apply(course, shibukawa)
    assert [step(course, by=staff) for step in (settle, draw, publish)] == [
        Problem.OPEN,
        Problem.NOT_SETTLED,
        Problem.NOT_DRAWN,
    ]
    close(course, clock)
    settle(course, by=staff)
    assert publish(course, by=staff) == Problem.NOT_DRAWN
    assert states(course) == [State.APPLIED]


@pytest.mark.parametrize("step", [settle, draw, publish])
def test_a_first_come_course_is_not_drawn(program, staff, step):
    assert step(make.make_course(program=program), by=staff) == Problem.FIRST_COME


def test_a_draft_is_not_drawn(lottery, clock, staff):
    course = lottery(published_at=None)
    clock.move_to(course.closes_at)
    assert settle(course, by=staff) == Problem.DRAFT


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_class_called_off_is_drawn_no_further(lottery, clock, shibukawa, staff, steps):
    course = lottery()
    apply(course, shibukawa)
    close(course, clock)
    all_steps = [settle, draw, publish]
    for step in all_steps[:steps]:
        step(course, by=staff)
    call_off(course, reason="大雪", by=staff)
    assert all_steps[steps](course, by=staff) == Problem.CALLED_OFF
    assert states(course) == [State.CANCELLED]


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_class_that_has_begun_is_drawn_no_further(lottery, clock, shibukawa, staff, steps):
    course = lottery()
    apply(course, shibukawa)
    close(course, clock)
    all_steps = [settle, draw, publish]
    for step in all_steps[:steps]:
        step(course, by=staff)
    clock.move_to(course.starts_at)
    assert all_steps[steps](course, by=staff) == Problem.BEGUN


def test_without_applications_there_is_nothing_to_draw(lottery, clock, staff):
    course = lottery()
    close(course, clock)
    assert settle(course, by=staff) == Problem.NOBODY
    assert not LotteryDraw.objects.exists()


def test_with_more_seats_than_people_everybody_is_drawn(lottery, clock, shibukawa, staff):
    course = lottery(capacity=9)
    for size in (1, 2, 1):
        apply(course, shibukawa, size)
    hold(course, clock, staff)
    assert states(course) == [State.CONFIRMED] * 4
