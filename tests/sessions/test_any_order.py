"""Whatever happens in whatever order, the promises about seats and messages hold."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants.models import Channel
from sessions.holds import hold, release
from sessions.models import Course, Registration, SeatOffer
from sessions.occupancy import seats_of
from sessions.planning import change_seats
from sessions.registration import accept, cancel, decline, expire_offers, offer_released_seats, register
from tests import make

pytestmark = pytest.mark.django_db
START = "2026-11-24 10:00+09:00"

ACTS = st.one_of(
    st.tuples(st.just("register"), st.integers(0, 8)),
    st.tuples(st.just("couple"), st.integers(0, 8)),
    st.tuples(st.sampled_from(["cancel", "accept", "decline"]), st.integers(0, 30)),
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("capacity"), st.integers(1, 6)),
    st.tuples(st.sampled_from(["keep", "call", "hang_up"]), st.integers(0, 8)),
)


class Season:
    """One course of two towns and nine residents; each act is one of the verbs, as somebody might call it."""

    def __init__(self, program, towns, clock) -> None:
        self.clock = clock
        self.quotas = {towns[0]: 1, towns[1]: 1}
        self.course = make.make_course(
            program=program,
            capacity=3,
            quotas=self.quotas,
            starts_at=make.in_days(30),
            quota_release_at=make.in_days(6),
        )
        self.people = [make.make_person(town=towns[n % 2]) for n in range(9)]
        self.clerks = [make.make_user(town=town) for town in towns]

    def act(self, name: str, place: int) -> None:
        getattr(self, name)(place)

    def register(self, place: int) -> None:
        register(self.fresh, [self.people[place]], channel=Channel.PHONE)

    def couple(self, place: int) -> None:
        register(self.fresh, [self.people[place], self.people[place - 1]], channel=Channel.WEB)

    def one(self, place: int) -> Registration | None:
        rows = list(self.course.registrations.order_by("pk"))
        return rows[place % len(rows)] if rows else None

    def cancel(self, place: int) -> None:
        if registration := self.one(place):
            cancel(registration, channel=Channel.SMS)

    def accept(self, place: int) -> None:
        if registration := self.one(place):
            accept(registration, channel=Channel.SMS)

    def decline(self, place: int) -> None:
        if registration := self.one(place):
            decline(registration, channel=Channel.SMS)

    def wait(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))
        expire_offers()
        offer_released_seats()

    def keep(self, place: int) -> bool:
        """A clerk keeps a seat while somebody is on the telephone."""
        return bool(hold(self.fresh, [self.people[place]], by=self.clerks[place % 2]))

    def call(self, place: int) -> None:
        """Who has been told on the telephone that there is a seat gets it."""
        if self.keep(place):
            taken = register(self.fresh, [self.people[place]], channel=Channel.PHONE, by=self.clerks[place % 2])
            assert taken.first.is_confirmed

    def hang_up(self, place: int) -> None:
        release(by=self.clerks[place % 2])

    def capacity(self, seats: int) -> None:
        change_seats(self.fresh, capacity=seats, quotas={}, release_at=self.course.quota_release_at, by=None)

    @property
    def fresh(self) -> Course:
        return Course.objects.get(pk=self.course.pk)


def assert_promises(season: Season) -> None:
    rows = list(season.course.registrations.prefetch_related("notices").order_by("pk"))
    seats = seats_of(season.fresh)
    assert seats.is_legal
    live = Counter(row.participant_id for row in rows if row.is_live)
    assert not live or max(live.values()) == 1, "somebody is registered twice"
    waiting = Counter(row.party or row.pk for row in rows if row.is_waiting)
    for row in rows:
        assert list(row.notices.all())[-1].kind == row.state, "the last word is not the present state"
        assert SeatOffer.objects.filter(registration=row, answer="open").exists() == row.is_offered
        if row.is_waiting and waiting[row.party or row.pk] == 1:
            assert not seats.fits({row.municipality_id: 1}), "a free seat while somebody waits for it"
    for row in rows:
        unsent = [notice.message for notice in row.notices.all() if notice.message]
        assert sum(message.state == "queued" for message in unsent) <= 1, "two messages contradict each other"


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ACTS, min_size=4, max_size=14))
def test_seats_and_messages_tell_the_truth_after_every_act(program, shibukawa, yoshioka, acts):
    with transaction.atomic(), time_machine.travel(START, tick=False) as clock:
        season = Season(program, (shibukawa, yoshioka), clock)
        for name, place in acts:
            clock.shift(timedelta(minutes=1))
            season.act(name, place)
            assert_promises(season)
        transaction.set_rollback(True)
