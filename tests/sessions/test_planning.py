"""Planning: a draft is written whole or not at all, published once, and its seats change without unseating."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import Allocation, Program
from programs.sharing import withdraw
from sessions.changes import call_off
from sessions.models import ClassSession, Course, Registration
from sessions.planning import (
    Plan,
    Problem,
    change_seats,
    change_window,
    free_code,
    plan_course,
    publish,
    release_codes,
)
from sessions.refusals import Code
from sessions.registration import register
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def a_plan(program: Program, **change) -> Plan:
    start = make.in_days(21)
    plan = Plan(
        program=program,
        curriculum=make.make_curriculum(),
        host=program.lead,
        venue=make.make_venue(town=program.lead),
        title="スマホ入門",
        capacity=10,
        allocation=Allocation.FIRST_COME,
        opens_at=timezone.now(),
        closes_at=start - timedelta(days=2),
        times=[(start, start + HOUR), (start + timedelta(weeks=1), start + timedelta(weeks=1) + HOUR)],
        quotas={},
    )
    return replace(plan, **change)


def test_a_plan_becomes_a_draft_with_its_sessions_and_quotas(program, staff, shibukawa, yoshioka):
    course = plan_course(a_plan(program, quotas={shibukawa: 4, yoshioka: 2}), by=staff)
    assert isinstance(course, Course)
    assert course.published_at is None
    assert [session.number for session in course.class_sessions.all()] == [1, 2]
    assert {quota.municipality: quota.seats for quota in course.quotas.all()} == {shibukawa: 4, yoshioka: 2}
    assert (course.starts_at, course.ends_at) == (make.in_days(21), make.in_days(28) + HOUR)
    assert AuditEntry.objects.get().act == "course.planned"


def test_a_consultation_day_has_a_slot_for_each_session(program, staff):
    start = make.in_days(21)
    times = [(start + n * HOUR / 3, start + (n + 1) * HOUR / 3) for n in range(6)]
    course = plan_course(a_plan(program, times=times, by_slot=True, capacity=6), by=staff)
    assert [slot.seats for slot in course.class_sessions.all()] == [1] * 6


@pytest.mark.parametrize(
    ("problem", "change"),
    [
        (Problem.NO_SESSIONS, lambda plan: {"times": []}),
        (Problem.BACKWARDS, lambda plan: {"times": [(plan.times[0][0], plan.times[0][0])]}),
        (Problem.OVERLAP, lambda plan: {"times": [plan.times[0], plan.times[0]]}),
        (Problem.WINDOW, lambda plan: {"opens_at": plan.closes_at}),
        (Problem.WINDOW, lambda plan: {"closes_at": plan.times[0][0] + HOUR}),
        (Problem.VENUE_FULL, lambda plan: {"capacity": 31}),
        (Problem.QUOTA_SUM, lambda plan: {"quotas": {plan.host: 11}}),
        (Problem.QUOTA_TOWN, lambda plan: {"quotas": {make.make_town(): 1}}),
        (Problem.RELEASE, lambda plan: {"quota_release_at": plan.times[0][0]}),
    ],
)
def test_a_plan_that_is_wrong_leaves_nothing_behind(program, staff, problem, change):
    plan = a_plan(program)
    assert plan_course(replace(plan, **change(plan)), by=staff) == problem
    assert (Course.objects.count(), ClassSession.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_a_room_is_given_to_one_class_at_a_time(program, staff):
    plan = a_plan(program)
    plan_course(plan, by=staff)
    assert plan_course(plan, by=staff) == Problem.VENUE_TAKEN


def test_one_class_may_begin_when_another_ends(program, staff):
    plan = a_plan(program)
    plan_course(plan, by=staff)
    end = plan.times[0][1]
    assert isinstance(plan_course(replace(plan, times=[(end, end + HOUR)]), by=staff), Course)


def test_a_programme_without_a_line_cannot_hold_classes(program, staff):
    program.line = None
    program.save()
    type(make.make_line()).objects.update(is_default=False)
    assert plan_course(a_plan(program), by=staff) == Problem.NO_LINE


def test_nobody_can_apply_to_a_draft_and_everybody_once_it_is_published(program, staff, shibukawa):
    course = plan_course(a_plan(program), by=staff)
    person = make.make_person(town=shibukawa)
    assert register(course, [person], channel=make.Channel.PHONE).code == Code.UNKNOWN_CODE
    assert publish(course, by=staff) is True
    assert register(course, [person], channel=make.Channel.PHONE).first.is_confirmed
    assert publish(course, by=staff) is False


def test_a_number_in_use_is_not_given_twice(program, line):
    course = make.make_course(program=program)
    assert course.code not in {free_code(line) for _ in range(50)}


def test_the_number_of_a_class_long_over_is_free_again(program):
    old = make.make_course(program=program, starts_at=make.in_days(-70), opens_at=make.in_days(-90))
    recent = make.make_course(program=program, starts_at=make.in_days(-50), opens_at=make.in_days(-90))
    assert release_codes() == 1
    old.refresh_from_db()
    recent.refresh_from_db()
    assert old.code_released_at is not None
    assert recent.code_released_at is None


def states(course: Course) -> list[str]:
    return list(course.registrations.order_by("pk").values_list("state", flat=True))


def test_more_seats_are_offered_to_those_in_line(program, staff, shibukawa):
    course = make.make_course(program=program, capacity=1)
    for _ in range(3):
        make.make_registration(course=course, town=shibukawa)
    change_seats(course, capacity=2, quotas={}, release_at=None, by=staff)
    assert states(course) == ["confirmed", "offered", "waiting"]


def test_nobody_is_unseated_by_fewer_seats(program, staff, shibukawa):
    course = make.make_course(program=program, capacity=3)
    for _ in range(3):
        make.make_registration(course=course, town=shibukawa)
    assert change_seats(course, capacity=2, quotas={}, release_at=None, by=staff) == Problem.SEATED
    course.refresh_from_db()
    assert (course.capacity, states(course)) == (3, ["confirmed"] * 3)


def test_a_quota_that_would_unseat_somebody_is_refused_whole(program, staff, shibukawa, yoshioka):
    course = make.make_course(program=program, capacity=3)
    for _ in range(2):
        make.make_registration(course=course, town=shibukawa)
    refused = change_seats(course, capacity=4, quotas={yoshioka: 3}, release_at=None, by=staff)
    course.refresh_from_db()
    assert refused == Problem.SEATED
    assert (course.capacity, course.quotas.count()) == (3, 0)


def test_more_seats_than_the_room_has_are_refused(program, staff):
    course = make.make_course(program=program, capacity=8)
    assert change_seats(course, capacity=31, quotas={}, release_at=None, by=staff) == Problem.VENUE_FULL


def test_a_town_that_left_keeps_the_quota_its_people_sit_in(program, staff, shibukawa, yoshioka):
    course = make.make_course(program=program, capacity=4, quotas={shibukawa: 2, yoshioka: 2})
    for _ in range(2):
        make.make_registration(course=course, town=yoshioka)
    withdraw(program.partnerships.get(municipality=yoshioka), by=staff)
    kept = change_seats(course, capacity=5, quotas={shibukawa: 3, yoshioka: 2}, release_at=None, by=staff)
    assert isinstance(kept, Course)
    assert Registration.objects.confirmed().count() == 2


def test_the_dates_of_application_change_with_the_class_still_ahead(program, staff):
    course = make.make_course(program=program)
    opens, closes = make.in_days(1), make.in_days(13)
    changed = change_window(course, opens_at=opens, closes_at=closes, by=staff)
    assert (changed.opens_at, changed.closes_at) == (opens, closes)
    assert change_window(course, opens_at=closes, closes_at=opens, by=staff) == Problem.WINDOW
    late = course.starts_at + HOUR
    assert change_window(course, opens_at=opens, closes_at=late, by=staff) == Problem.WINDOW
    course.refresh_from_db()
    assert course.closes_at == closes


def test_seats_of_a_class_that_is_off_or_over_stay_as_they_were(program, staff):
    off = make.make_course(program=program)
    call_off(off, reason="大雪", by=staff)
    over = make.make_course(program=program, starts_at=make.in_days(-3))
    for course, problem in ((off, Problem.OFF), (over, Problem.OVER)):
        outcome = change_seats(course, capacity=5, quotas={}, release_at=None, by=staff)
        assert outcome == problem
        course.refresh_from_db()
        assert course.capacity == 8
