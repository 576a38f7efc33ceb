"""Walk-ins: as many as the helpers and the room allow, and never on somebody else's seat."""

import uuid
from collections import Counter
from functools import partial

import pytest
import time_machine
from django.db import connection

from accounts.models import AuditEntry
from messaging.models import Message
from participants.models import Channel, Consent, Participant
from participants.people import Details
from programs.models import Allocation
from sessions.attendance import Mark, Problem, mark, undo
from sessions.day import counts_of, day_of
from sessions.leaving import leave
from sessions.models import Attendance, ClassSession, Notice, Refusal, Registration, StaffDuty
from sessions.occupancy import seats_of
from sessions.priorities import who_had_a_seat
from sessions.refusals import Code, Refused
from sessions.registration import Done, cancel
from sessions.walk_ins import NoWalkIn, set_helpers, undo_walk_in, walk_in
from tests import make
from tests.concurrency import run_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as traveller:
        yield traveller


def class_today(program, **fields) -> ClassSession:
    start = make.in_days(0, hour=13)
    course = make.make_course(program=program, starts_at=start, closes_at=start, **fields)
    return course.class_sessions.get(number=1)


@pytest.fixture
def today(program) -> ClassSession:
    """Eight seats, and two helpers for four people each."""
    session = class_today(program)
    set_helpers(session, 2, by=None)
    return session


def come(session, number: int, *, by=None) -> None:
    for registration in session.course.registrations.confirmed()[:number]:
        mark(registration, session, Mark.PRESENT, by=by)


def codes() -> list[str]:
    return list(Refusal.objects.order_by("pk").values_list("code", flat=True))


def test_somebody_who_walks_in_is_seated_marked_present_and_told_on_the_spot(today, shibukawa, desk):
    person = make.make_person(town=shibukawa)
    outcome = walk_in(today, person, by=desk)
    assert isinstance(outcome, Done)
    row = Registration.objects.get()
    assert (row.state, row.channel, row.is_walk_in, row.taken_by) == ("confirmed", Channel.COUNTER, True, desk)
    assert Attendance.objects.get().mark == Mark.PRESENT
    assert (Notice.objects.get().rung, Message.objects.count()) == (Notice.Rung.ON_THE_SPOT, 0)


def test_applications_being_closed_does_not_keep_anybody_out_on_the_day(today, shibukawa, desk, tuesday):
    tuesday.move_to("2026-11-24 13:20+09:00")
    assert walk_in(today, make.make_person(town=shibukawa), by=desk)


def test_who_has_a_seat_is_only_marked_present(today, desk):
    registration = make.make_registration(course=today.course)
    outcome = walk_in(today, registration.participant, by=desk)
    assert (outcome.is_repeat, outcome.first) == (True, registration)
    assert Registration.objects.get().is_walk_in is False
    assert Attendance.objects.get().registration == registration


@pytest.mark.parametrize(("helpers", "admitted"), [(None, False), (0, False), (1, False), (2, True)])
def test_helpers_are_needed_for_all_who_are_here(program, shibukawa, desk, helpers, admitted):
    session = class_today(program)
    for _ in range(4):
        make.make_registration(course=session.course)
    come(session, 4)
    set_helpers(session, helpers, by=desk)
    outcome = walk_in(session, make.make_person(town=shibukawa), by=desk)
    assert bool(outcome) is admitted
    assert codes() == ([] if admitted else [Code.RATIO])


def test_without_a_count_the_rota_says_how_many_look_after_people(program, shibukawa, desk):
    session = class_today(program)
    duty = {"class_session": session, "municipality": shibukawa, "planned_hours": 2}
    StaffDuty.objects.create(name="磯部", duty=StaffDuty.Duty.WATCHING, **duty)
    StaffDuty.objects.create(name="都築", duty=StaffDuty.Duty.CARRYING, **duty)
    assert counts_of(session).supported == 4
    set_helpers(session, 3, by=desk)
    session.refresh_from_db()
    assert counts_of(session).supported == 12


def test_places_are_kept_for_those_who_may_still_come(program, shibukawa, desk):
    session = class_today(program, capacity=2)
    set_helpers(session, 5, by=desk)
    first, second = make.make_registration(course=session.course), make.make_registration(course=session.course)
    mark(first, session, Mark.PRESENT, by=desk)
    person = make.make_person(town=shibukawa)
    refused = walk_in(session, person, by=desk)
    mark(second, session, Mark.NO_SHOW, by=desk)
    assert (refused, codes()) == (Refused(Code.ROOM), [Code.ROOM])
    assert walk_in(session, person, by=desk)


def test_the_room_is_never_overfilled(program, shibukawa, desk):
    venue = make.make_venue(town=shibukawa, capacity=1)
    session = class_today(program, capacity=1, venue=venue)
    set_helpers(session, 5, by=desk)
    assert walk_in(session, make.make_person(town=shibukawa), by=desk)
    assert walk_in(session, make.make_person(town=shibukawa), by=desk) == Refused(Code.ROOM)


def test_a_walk_in_takes_no_booked_seat(program, shibukawa, desk):
    session = class_today(program, capacity=2, session_count=2)
    set_helpers(session, 5, by=desk)
    for _ in range(2):
        make.make_registration(course=session.course)
    for registration in session.course.registrations.all():
        mark(registration, session, Mark.NO_SHOW, by=desk)
    walk_in(session, make.make_person(town=shibukawa), by=desk)
    seats = seats_of(session.course)
    assert (seats.is_legal, sum(seats.taken.values())) == (True, 2)
    assert session.course.registrations.confirmed().count() == 3


@pytest.mark.parametrize(
    ("moment", "code"),
    [("2026-11-23 20:00+09:00", Code.NOT_TODAY), ("2026-11-25 08:00+09:00", Code.NOT_TODAY)],
)
def test_walk_ins_come_on_the_day_itself(today, shibukawa, desk, tuesday, moment, code):
    tuesday.move_to(moment)
    assert walk_in(today, make.make_person(town=shibukawa), by=desk) == Refused(code)


def test_residents_of_other_towns_are_refused_and_the_refusal_is_logged_without_them(today, takasaki, desk):
    newcomer = Details(kana="ヤマダ ハナコ", municipality=takasaki)
    assert walk_in(today, newcomer, by=desk) == Refused(Code.OTHER_TOWN)
    refusal = Refusal.objects.get()
    assert (refusal.participant, refusal.municipality, refusal.channel) == (None, takasaki, Channel.COUNTER)
    assert not Participant.objects.exists()


def test_somebody_new_is_written_down_with_their_consent(today, yoshioka, desk):
    walk_in(
        today, Details(kana="ヤマダ ハナコ", municipality=yoshioka, phone=make.number("0279-00-0405")), by=desk
    )
    person = Participant.objects.get()
    assert (person.kana, person.created_channel) == ("ヤマダ ハナコ", Channel.COUNTER)
    purposes = set(person.consents.values_list("purpose", "channel", "wording"))
    assert purposes == {
        (purpose, "counter", "desk-1") for purpose in (Consent.Purpose.USE, Consent.Purpose.SHARING)
    }


def test_a_double_click_writes_one_person(today, yoshioka, desk):
    newcomer, form = Details(kana="ヤマダ ハナコ", municipality=yoshioka), "4f5cba10-47a5-4d6b-9c0f-2f8e7f0d8a11"
    first = walk_in(today, newcomer, by=desk, submission=form)
    second = walk_in(today, newcomer, by=desk, submission=form)
    assert (first.is_repeat, second.is_repeat, second.first) == (False, True, first.first)
    assert (Participant.objects.count(), Attendance.objects.count()) == (1, 1)


def test_somebody_of_the_waiting_list_who_comes_stays_and_waits_again_if_that_was_a_slip(program, desk, tuesday):
    session = class_today(program, capacity=1)
    set_helpers(session, 1, by=desk)
    seated = make.make_registration(course=session.course)
    waiting = make.make_registration(course=session.course, state="waiting")
    mark(seated, session, Mark.EXCUSED, by=desk)
    tuesday.shift(60)
    assert walk_in(session, waiting.participant, by=desk).first == waiting
    waiting.refresh_from_db()
    assert (waiting.state, waiting.is_walk_in) == ("confirmed", True)
    tuesday.shift(60)
    assert undo_walk_in(waiting, session, by=desk) is None
    waiting.refresh_from_db()
    assert (waiting.state, waiting.is_walk_in) == ("waiting", False)
    assert waiting.notices.last().kind == Notice.Kind.WAITING


def test_somebody_to_be_drawn_who_was_taken_for_a_walk_in_is_to_be_drawn_again(program, shibukawa, desk, tuesday):
    session = class_today(program, allocation=Allocation.LOTTERY)
    set_helpers(session, 1, by=desk)
    tuesday.shift(-86_400)
    applied = make.make_registration(course=session.course, state="applied")
    tuesday.shift(86_400)
    stranger = make.make_person(town=shibukawa)
    rows = [walk_in(session, person, by=desk).first for person in (applied.participant, stranger)]
    assert [undo_walk_in(row, session, by=desk) for row in rows] == [None, None]
    assert list(session.course.registrations.values_list("state", flat=True)) == ["applied", "cancelled"]
    assert rows[0].notices.last().kind == Notice.Kind.APPLIED


def test_a_slip_is_taken_back_without_a_message_or_an_offer(program, shibukawa, desk):
    session = class_today(program, capacity=1)
    set_helpers(session, 2, by=desk)
    mark(make.make_registration(course=session.course), session, Mark.NO_SHOW, by=desk)
    waiting = make.make_registration(course=session.course, state="waiting")
    told = Message.objects.count()
    row = walk_in(session, make.make_person(town=shibukawa), by=desk).first
    assert undo_walk_in(row, session, by=desk) is None
    assert undo_walk_in(row, session, by=desk) == NoWalkIn.ALREADY
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, row.ended_reason, waiting.state) == ("cancelled", "walk_in_undone", "waiting")
    assert Message.objects.count() == told
    assert row.notices.last().kind == Notice.Kind.CANCELLED
    assert not row.attendances.exists()


def test_who_had_applied_is_not_removed_as_a_walk_in(today, desk):
    registration = make.make_registration(course=today.course)
    assert undo_walk_in(registration, today, by=desk) == NoWalkIn.BOOKED
    registration.refresh_from_db()
    assert registration.is_confirmed


def test_a_walk_in_who_cancels_brings_no_offer_to_a_full_class(program, shibukawa, desk):
    session = class_today(program, capacity=1, session_count=2)
    set_helpers(session, 2, by=desk)
    mark(make.make_registration(course=session.course), session, Mark.NO_SHOW, by=desk)
    waiting = make.make_registration(course=session.course, state="waiting")
    row = walk_in(session, make.make_person(town=shibukawa), by=desk).first
    cancel(row, channel=Channel.COUNTER, by=desk)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_fewer_helpers_than_needed_are_said_and_nobody_is_sent_away(today, desk):
    for _ in range(5):
        make.make_registration(course=today.course)
    come(today, 5)
    assert set_helpers(today, 2, by=desk).is_short is False
    helped = set_helpers(today, 1, by=desk)
    assert (helped.is_short, helped.counts.helpers_needed, helped.counts.here) == (True, 2, 5)
    assert today.course.registrations.confirmed().count() == 5
    details = list(AuditEntry.objects.filter(act="session.helpers_counted").values_list("detail", flat=True))
    assert details == [{"old": 2, "new": 1}, {"old": None, "new": 2}]


def test_the_counts_tell_booked_and_walked_in_apart_at_each_session_of_a_series(
    program, shibukawa, staff, desk, tuesday
):
    session = class_today(program, session_count=2)
    set_helpers(session, 3, by=desk)
    came, absent, _unknown = [make.make_registration(course=session.course) for _ in range(3)]
    mark(came, session, Mark.PRESENT, by=desk)
    mark(absent, session, Mark.EXCUSED, by=desk)
    walk_in(session, make.make_person(town=shibukawa), by=desk)
    counts = counts_of(session)
    assert (counts.planned, counts.came, counts.absent, counts.unknown, counts.walked_in) == (3, 1, 1, 1, 1)
    tuesday.move_to("2026-12-01 13:00+09:00")
    following = session.course.class_sessions.get(number=2)
    counts = counts_of(following)
    assert (counts.planned, counts.walked_in, counts.unknown) == (4, 0, 4)
    assert [row.walked_in for row in day_of(following, staff.memberships.get()).rows] == [False] * 4


def test_a_walk_in_of_yesterday_that_was_marked_too_late_is_not_undone(today, shibukawa, desk, tuesday):
    row = walk_in(today, make.make_person(town=shibukawa), by=desk).first
    tuesday.move_to("2027-02-01 10:00+09:00")
    assert undo_walk_in(row, today, by=desk) == Problem.TOO_LATE


@pytest.mark.django_db(transaction=True)
def test_two_clerks_add_a_walk_in_at_once_and_the_last_place_goes_to_one(program, shibukawa, desk):
    session = class_today(program)
    for _ in range(3):
        make.make_registration(course=session.course)
    come(session, 3)
    set_helpers(session, 1, by=desk)
    people = [make.make_person(town=shibukawa) for _ in range(4)]
    late = make.make_registration(course=session.course)

    def add(person) -> str:
        outcome = walk_in(ClassSession.objects.get(pk=session.pk), person, by=desk)
        return outcome.code.value if isinstance(outcome, Refused) else "seated"

    outcomes = run_at_once([partial(add, person) for person in people], lanes=4)
    assert Counter(outcomes) == {"seated": 1, Code.RATIO.value: 3}, connection.vendor
    run_at_once([partial(mark, late, session, Mark.PRESENT, by=desk), partial(add, people[0])], lanes=2)
    assert counts_of(session).came == 4  # who has a seat is never refused


def test_undo_goes_on_past_a_walk_in_that_was_removed(today, desk, shibukawa):
    booked = make.make_registration(course=today.course, town=shibukawa)
    mark(booked, today, Mark.PRESENT, by=desk)
    removed = walk_in(today, make.make_person(town=shibukawa), by=desk)
    undo_walk_in(removed.first, today, by=desk)
    taken_back = undo(today, by=desk)
    assert (taken_back.registration, taken_back.new) == (booked, None)


def test_a_removed_walk_in_is_still_a_first_timer(today, desk, shibukawa):
    person = make.make_person(town=shibukawa)
    came = walk_in(today, person, by=desk)
    assert who_had_a_seat([person.pk]) == {person.pk}
    undo_walk_in(came.first, today, by=desk)
    assert who_had_a_seat([person.pk]) == set()


def test_who_did_not_answer_an_offer_in_time_may_still_walk_in(program, desk, shibukawa, tuesday):
    session = class_today(program, capacity=1)
    set_helpers(session, 2, by=None)
    seated, in_line = (make.make_registration(course=session.course, town=shibukawa) for _n in range(2))
    cancel(seated, channel=Channel.PHONE)
    tuesday.move_to(in_line.offers.get().deadline_at)
    came = walk_in(session, in_line.participant, by=desk)
    assert (came.first.is_walk_in, came.first.state) == (True, "confirmed")
    in_line.refresh_from_db()
    assert in_line.state == "expired"


def test_who_has_a_seat_is_marked_present_even_if_their_town_has_left(
    today, program, yoshioka, desk, partner_staff
):
    booked = make.make_registration(course=today.course, town=yoshioka)
    leave(program.partnerships.get(municipality=yoshioka), by=partner_staff)
    assert walk_in(today, booked.participant, by=desk).is_repeat
    assert counts_of(today).came == 1
    assert walk_in(today, make.make_person(town=yoshioka), by=desk) == Refused(Code.OTHER_TOWN)


def test_two_of_a_household_added_from_one_page_are_both_written_down(today, couple, desk):
    submission = uuid.uuid4()
    for person in (*couple, *couple):
        walk_in(today, person, by=desk, submission=submission)
    assert {row.participant for row in today.course.registrations.confirmed()} == {*couple}
    assert counts_of(today).walked_in == 2
