"""A lottery in whatever order things happen: the promises about seats, messages and the record hold."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.models import Allocation, CouplePolicy, DrawPriority
from sessions import draw as lottery
from sessions.models import LotteryDraw, SeatOffer
from sessions.occupancy import seats_of
from sessions.planning import change_window
from sessions.waiting_list import whom_to_serve
from tests.sessions.test_any_order import START, Season

pytestmark = pytest.mark.django_db
APPLYING = st.tuples(st.sampled_from(["register", "couple"]), st.integers(0, 8))
ANYTHING = st.one_of(
    APPLYING,
    st.tuples(st.sampled_from(["cancel", "accept", "decline"]), st.integers(0, 30)),
    st.tuples(st.sampled_from(["settle", "draw", "publish", "close", "reopen"]), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("capacity"), st.integers(1, 6)),
)
STEP = st.tuples(st.just("next_step"), st.just(0))


@st.composite
def seasons(chosen) -> list[tuple[str, int]]:
    """People apply, the three steps are taken, and between them anything happens."""
    acts = chosen(st.lists(APPLYING, min_size=2, max_size=6))
    for _step in range(3):
        acts += [*chosen(st.lists(ANYTHING, max_size=3)), chosen(STEP)]
    return acts + chosen(st.lists(ANYTHING, max_size=6))


class LotterySeason(Season):
    """The same course, drawn: `close` lets time pass until applications are closed."""

    def __init__(self, program, towns, clock) -> None:
        super().__init__(program, towns, clock)
        self.course.allocation = Allocation.LOTTERY
        self.course.closes_at = self.course.opens_at + timedelta(days=9)
        self.course.save()

    def settle(self, _place: int) -> None:
        lottery.settle(self.fresh, by=None)

    def draw(self, _place: int) -> None:
        lottery.draw(self.fresh, by=None)

    def publish(self, _place: int) -> None:
        lottery.publish(self.fresh, by=None)

    def next_step(self, _place: int) -> None:
        self.close(0)
        step, _problem = lottery.why_not(self.fresh, lottery.record_of(self.course))
        self.act(step, 0)

    def close(self, _place: int) -> None:
        self.wait(max(1, int((self.fresh.closes_at - timezone.now()).total_seconds() // 3600) + 1))

    def reopen(self, _place: int) -> None:
        closes_at = timezone.now() + timedelta(days=2)
        change_window(self.fresh, opens_at=self.course.opens_at, closes_at=closes_at, by=None)


def assert_promises(season: LotterySeason) -> None:
    course, rows = season.fresh, list(season.course.registrations.prefetch_related("notices").order_by("pk"))
    seats = seats_of(course)
    assert seats.is_legal
    live = Counter(row.participant_id for row in rows if row.is_live)
    assert not live or max(live.values()) == 1, "somebody is registered twice"
    for row in rows:
        assert list(row.notices.all())[-1].kind == row.state, "the last word is not the present state"
        assert SeatOffer.objects.filter(registration=row, answer="open").exists() == row.is_offered
        unsent = [notice.message for notice in row.notices.all() if notice.message]
        assert sum(message.state == "queued" for message in unsent) <= 1, "two messages contradict each other"
    _line, serving = whom_to_serve(course, seats)
    assert serving.served == [], "a free seat while somebody waits for it"
    assert_draw_is_true(season)


def assert_draw_is_true(season: LotterySeason) -> None:
    states = set(season.course.registrations.values_list("state", flat=True))
    record = LotteryDraw.objects.filter(course=season.course).first()
    if record is None or record.published_at is None:
        assert states <= {"applied", "cancelled"}, "told before the result is published"
    else:
        assert "applied" not in states
    assert record is None or lottery.verify(season.fresh) is None


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seasons(), st.sampled_from(CouplePolicy), st.sets(st.sampled_from(DrawPriority)))
def test_a_lottery_holds_its_promises_after_every_act(program, shibukawa, yoshioka, acts, policy, priorities):
    with transaction.atomic(), time_machine.travel(START, tick=False) as clock:
        program.couple_policy, program.draw_priorities = policy, sorted(priorities)
        program.save()
        season = LotterySeason(program, (shibukawa, yoshioka), clock)
        for name, place in acts:
            clock.shift(timedelta(minutes=1))
            season.act(name, place)
            assert_promises(season)
        transaction.set_rollback(True)
