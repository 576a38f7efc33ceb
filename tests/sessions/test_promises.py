"""A season in which anything may happen in any order: the promises about seats and messages hold throughout."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from config.worker import work_once
from messaging.models import UNSENT
from participants.models import Channel
from programs.models import Allocation, CouplePolicy, DrawPriority
from sessions.broadcasts import call_off_many
from sessions.calls import CallResult, record_call
from sessions.changes import call_off, move_session
from sessions.draw import draw, publish, settle, verify
from sessions.holds import hold, release
from sessions.merging import MergeProblem, merge
from sessions.models import Course, LotteryDraw, Notice, Registration, SeatOffer
from sessions.notices import when_and_where
from sessions.occupancy import seats_of, slots_of
from sessions.planning import change_seats
from sessions.registration import accept, cancel, decline, register
from sessions.releasing import release_now
from sessions.waiting_list import may_offer, tickets
from tests import make

pytestmark = pytest.mark.django_db
START = "2026-11-24 10:00+09:00"
KEY = st.integers(0, 40)
STATE = Registration.State
KIND = Notice.Kind
SEAT_NEWS = {KIND.CONFIRMED, KIND.OFFERED, KIND.MOVED, KIND.MERGED, KIND.REMINDER}
SEATED = {STATE.CONFIRMED, STATE.OFFERED}


class Season(RuleBasedStateMachine):
    """A course of three towns, a small class of a neighbour, a consultation day; ten residents and one clerk."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.travel = time_machine.travel(START, tick=False)
        self.clock = self.travel.start()
        self.opened_at = timezone.now()
        self.towns = [make.make_town() for _ in range(3)]
        self.staff, self.clerk = (make.make_user(town=self.towns[0]) for _ in range(2))
        self.venues = [make.make_venue(town=town, latitude=36.5, longitude=139.0) for town in self.towns[:2]]

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(
        lottery=st.booleans(),
        session_count=st.integers(1, 2),
        policy=st.sampled_from(CouplePolicy.values),
        quotas=st.tuples(*[st.integers(0, 2)] * 3),
    )
    def open_the_season(
        self, lottery: bool, session_count: int, policy: str, quotas: tuple[int, int, int]
    ) -> None:
        partners = tuple(self.towns[1:])
        priorities = [DrawPriority.LOST_BEFORE.value, DrawPriority.FIRST_TIME.value]
        program = make.make_program(
            lead=self.towns[0], partners=partners, couple_policy=policy, draw_priorities=priorities
        )
        self.joint = make.make_course(
            program=program,
            capacity=max(3, sum(quotas)),
            quotas=dict(zip(self.towns, quotas, strict=True)),
            starts_at=make.in_days(30),
            quota_release_at=make.in_days(8),
            closes_at=make.in_days(4 if lottery else 29),
            allocation=Allocation.LOTTERY if lottery else Allocation.FIRST_COME,
            session_count=session_count,
            venue=self.venues[0],
        )
        self.small = make.make_course(
            program=program, capacity=8, starts_at=make.in_days(32), host=self.towns[1], venue=self.venues[1]
        )
        self.day = make.make_course(
            program=program, capacity=3, starts_at=make.in_days(20), by_slot=True, session_count=3
        )
        self.day.class_sessions.update(seats=1)
        self.people = [make.make_person(town=self.towns[n % 3], sms=n % 4 != 3) for n in range(10)]

    # What people do

    @rule(place=KEY, small=st.booleans())
    def apply(self, place: int, small: bool) -> None:
        register(self.course(small), [self.people[place % 10]], channel=Channel.WEB)

    @rule(place=KEY)
    def apply_together(self, place: int) -> None:
        pair = [self.people[place % 10], self.people[(place + 3) % 10]]
        register(self.course(), pair, channel=Channel.PHONE, by=self.staff)

    @rule(place=KEY)
    def book_a_slot(self, place: int) -> None:
        slots = list(self.day.class_sessions.all())
        register(self.day, [self.people[place % 10]], channel=Channel.SMS, class_session=slots[place % len(slots)])

    @rule(place=KEY)
    def give_up_a_seat(self, place: int) -> None:
        if registration := self.pick(Registration.LIVE, place):
            cancel(registration, channel=Channel.SMS)

    @rule(place=KEY, verb=st.sampled_from([accept, decline]))
    def answer_an_offer(self, place: int, verb) -> None:
        if registration := self.pick([STATE.OFFERED], place):
            verb(registration, channel=Channel.SMS)

    @rule(place=KEY)
    def say_yes_whatever_it_is(self, place: int) -> None:
        if registration := self.pick(STATE.values, place):
            accept(registration, channel=Channel.PHONE, by=self.staff)

    @rule(place=KEY, couple=st.booleans())
    def telephone_and_be_kept_a_seat(self, place: int, couple: bool) -> None:
        pair = [self.people[place % 10], self.people[(place + 1) % 10]]
        hold(self.course(), pair[: 1 + couple], by=self.clerk)

    @rule(place=KEY, registers=st.booleans())
    def end_the_call(self, place: int, registers: bool) -> None:
        if registers:
            register(self.course(), [self.people[place % 10]], channel=Channel.PHONE, by=self.clerk)
        release(by=self.clerk)

    # What staff do

    @precondition(lambda self: not self.joint.is_first_come)
    @rule(step=st.sampled_from([settle, draw, publish]))
    def go_on_with_the_draw(self, step) -> None:
        step(self.course(), by=self.staff)

    @rule(capacity=st.integers(1, 7), quotas=st.tuples(*[st.integers(0, 3)] * 3), days=st.integers(-1, 12))
    def change_the_seats(self, capacity: int, quotas: tuple[int, int, int], days: int) -> None:
        change_seats(
            self.course(),
            capacity=capacity,
            quotas=dict(zip(self.towns, quotas, strict=True)),
            release_at=timezone.now() + timedelta(days=days) if days else None,
            by=self.staff,
        )

    @rule(hours=st.integers(-3, 3), place=st.integers(0, 1), small=st.booleans())
    def move(self, hours: int, place: int, small: bool) -> None:
        session = self.course(small).class_sessions.select_related("course").first()
        start = make.in_days((session.day - timezone.localdate()).days, hour=13 + hours)
        end = start + timedelta(minutes=90)
        move_session(session, starts_at=start, ends_at=end, venue=self.venues[place], by=self.staff)

    @rule()
    def release_the_kept_seats(self) -> None:
        release_now(self.course(), by=self.staff)

    @rule(into_small=st.booleans())
    def hold_both_classes_together(self, into_small: bool) -> None:
        outcome = merge(self.course(small=not into_small), self.course(small=into_small), by=self.staff)
        event(str(outcome) if isinstance(outcome, MergeProblem) else "merged")

    @precondition(lambda self: timezone.now() > self.opened_at + timedelta(days=2))
    @rule(place=st.integers(0, 1))
    def call_off_for_the_weather(self, place: int) -> None:
        sessions = self.course().class_sessions.select_related("course")[place : place + 1]
        call_off_many(sessions, reason="大雪", by=self.staff, municipality=self.towns[0])

    @rule()
    def call_everybody_on_the_list(self) -> None:
        for notice in Notice.objects.to_do_by_hand().filter(due_at__lte=timezone.now()):
            record_call(notice, CallResult.TOLD, by=self.staff)

    @precondition(lambda self: timezone.now() > self.opened_at + timedelta(days=3))
    @rule()
    def call_off_the_small_class(self) -> None:
        call_off(self.course(small=True), reason="大雪", by=self.staff)

    # What time does

    @rule(minutes=st.sampled_from([1, 4, 11, 60, 300, 1440, 4320]))
    def wait(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        done = work_once()
        assert -1 not in done.values(), done

    # The promises

    @invariant()
    def no_seat_is_given_twice(self) -> None:
        for course in self.courses():
            assert seats_of(course).is_legal
        slots = self.day.class_sessions.all()
        assert all(seats.is_legal for seats in slots_of(slots).values())

    @invariant()
    def nobody_is_registered_twice(self) -> None:
        live = Counter(Registration.objects.live().values_list("course", "participant"))
        assert not live or max(live.values()) == 1

    @invariant()
    def an_offer_is_open_exactly_while_a_seat_is_offered(self) -> None:
        opened = SeatOffer.objects.filter(answer=SeatOffer.Answer.OPEN).values_list("registration", flat=True)
        offered = Registration.objects.filter(state=STATE.OFFERED).values_list("pk", flat=True)
        assert sorted(opened) == sorted(offered)

    @invariant()
    def nobody_waits_beside_a_seat_for_them(self) -> None:
        for course in self.courses():
            seats = seats_of(course)
            for place, ticket in enumerate(line_of(course) if may_offer(course) else []):
                if place and course.program.couple_policy == CouplePolicy.STRICT_ORDER:
                    break  # those behind may wait beside a seat that is kept for a couple
                wanted = Counter(row.municipality_id for row in ticket)
                assert not seats.fits(wanted), "a free seat and somebody in line"

    @invariant()
    def those_first_in_line_are_offered_seats_first(self) -> None:
        for course in self.courses():
            served = list(course.registrations.filter(state=STATE.OFFERED, party=None))
            for row in course.registrations.in_line().filter(party=None):
                for other in served:
                    same = (other.municipality_id, other.moved_from_id) == (row.municipality_id, row.moved_from_id)
                    assert not same or place_in_line(other) < place_in_line(row)

    @invariant()
    def the_last_word_is_the_present_state(self) -> None:
        rows = Registration.objects.select_related("course", "class_session__venue").prefetch_related("notices")
        for row in rows:
            words = [notice for notice in row.notices.all() if notice.outcome != Notice.Outcome.OVERTAKEN]
            assert says(words[-1], row), f"{row.state} but {words[-1].kind}: {words[-1].text}"
            if row.state in SEATED:
                assert names_the_place(words, row), f"{row.class_session} but {words}"

    @invariant()
    def no_two_messages_contradict_each_other(self) -> None:
        waiting = Notice.objects.filter(message__state__in=UNSENT).values_list(
            "registration", "class_session", "kind"
        )
        rows = Counter((row, session) for row, session, kind in waiting if kind != KIND.REMINDER)
        assert not rows or max(rows.values()) == 1

    @invariant()
    def the_draw_can_be_held_again(self) -> None:
        if self.joint.is_first_come or not LotteryDraw.objects.exclude(drawn_at=None).exists():
            return
        assert verify(self.course()) is None

    # Looking things up

    def course(self, small: bool = False) -> Course:
        return Course.objects.get(pk=(self.small if small else self.joint).pk)

    def courses(self) -> list[Course]:
        return [self.course(), self.course(small=True)]

    def pick(self, states: Iterable[str], place: int) -> Registration | None:
        rows = list(Registration.objects.filter(state__in=states).select_related("course").order_by("pk"))
        return rows[place % len(rows)] if rows else None


def line_of(course: Course) -> list[list[Registration]]:
    return tickets(course.registrations.in_line())


def place_in_line(row: Registration) -> tuple[bool, int, int, object, int]:
    return (row.draw_rank is None, row.draw_rank or 0, -row.priority, row.waiting_since, row.pk)


def says(word: Notice, row: Registration) -> bool:
    """Whether a notice tells where the person stands; the news of a seat must name the time and place there is."""
    kind = KIND(word.kind)
    if row.ended_reason == "merged":
        return True  # registered for both classes: the other registration tells it
    if row.state not in SEATED:
        return kind == row.state or (row.state == STATE.CANCELLED and kind == KIND.CALLED_OFF)
    if kind in {KIND.REMINDER, KIND.MOVED, KIND.SESSION_OFF, KIND.MERGED}:
        return row.state in SEATED
    return kind == row.state


def names_the_place(words: list[Notice], row: Registration) -> bool:
    """Whether the newest news of the session a person comes to first names when and where it is held."""
    session = (
        row.class_session or row.course.class_sessions.filter(cancelled_at=None).select_related("venue").first()
    )
    assert session is not None
    told = [word for word in words if word.class_session_id in {None, session.pk} and word.kind in SEAT_NEWS]
    facts = when_and_where(session)
    return not told or all(facts[name] in told[-1].text for name in ("day", "time", "venue"))


def test_whatever_happens_seats_and_messages_tell_the_truth():
    run_state_machine_as_test(
        Season,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
