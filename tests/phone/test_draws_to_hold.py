"""きょう: lotteries whose applications are closed and whose result is not published."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Role
from participants.models import Channel
from phone.today import today_of
from phone.today_parts import Group
from programs.models import Allocation
from sessions.changes import call_off
from sessions.draw import draw, publish, settle
from sessions.models import Course
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(program) -> Course:
    """A lottery with one applicant, open for four days more."""
    course = make.make_course(
        program=program, allocation=Allocation.LOTTERY, closes_at=make.in_days(4), starts_at=make.in_days(10)
    )
    make.make_registration(course=course)
    return course


def draws(user) -> Group | None:
    groups = today_of(user.memberships.get()).groups
    return next((group for group in groups if group.key == "draws"), None)


def later(course: Course):
    return time_machine.travel(course.closes_at + timedelta(minutes=1), tick=False)


def test_a_draw_is_to_be_held_from_the_closing_of_applications_until_its_publication(course, staff):
    assert draws(staff) is None
    with later(course):
        for step in (settle, draw, publish):
            group = draws(staff)
            assert (group.count, group.rows[0].title) == (1, course.title)
            assert group.rows[0].url == reverse("sessions:draw", args=[course.pk])
            step(course, by=staff)
        assert draws(staff) is None


def test_the_list_and_the_course_agree_on_what_is_to_be_drawn(program, shibukawa, staff, course):
    make.make_course(program=program)
    drafts = {"allocation": Allocation.LOTTERY, "published_at": None}
    make.make_course(program=program, closes_at=timezone.now(), **drafts)
    begun = make.make_course(program=program, allocation=Allocation.LOTTERY, session_count=3)
    Course.objects.filter(pk=begun.pk).update(closes_at=timezone.now(), starts_at=timezone.now())
    off = make.make_course(program=program, allocation=Allocation.LOTTERY, closes_at=timezone.now())
    call_off(off, reason="大雪", by=staff)
    with later(course):
        listed = set(Course.objects.to_be_drawn())
        assert listed == {row for row in Course.objects.all() if row.is_to_be_drawn} == {course}


def test_a_lottery_without_applicants_needs_no_draw_unless_it_was_begun(course, staff):
    registration = course.registrations.get()
    with later(course):
        settle(course, by=staff)
        cancel(registration, channel=Channel.PHONE)
        with translation.override("en"):
            detail = draws(staff).rows[0].detail
        assert detail == f"0 people for {course.capacity} seats"
        course.draw.delete()
        assert draws(staff) is None


def test_only_those_who_can_hold_the_draw_are_asked_to(course, shibukawa, partner_staff, stranger):
    clerk = make.make_user(town=shibukawa, role=Role.DESK)
    with later(course):
        assert [draws(user) for user in (clerk, partner_staff, stranger)] == [None, None, None]


def test_the_page_costs_the_same_with_1_and_12_draws(
    client, course, program, staff, django_assert_max_num_queries
):
    counts = []
    with later(course):
        client.force_login(staff)
        for more in (0, 11):
            for _ in range(more):
                another = make.make_course(
                    program=program, allocation=Allocation.LOTTERY, starts_at=make.in_days(30)
                )
                make.make_registration(course=another)
            lotteries = Course.objects.filter(allocation=Allocation.LOTTERY)
            lotteries.update(closes_at=timezone.now() - timedelta(hours=1))
            client.get("/staff/")
            with django_assert_max_num_queries(30) as queries:
                client.get("/staff/")
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_class_that_many_want_to_be_drawn_for_is_not_called_nearly_empty(program, staff):
    course = make.make_course(program=program, capacity=2, allocation=Allocation.LOTTERY)
    assert [group.key for group in today_of(staff.memberships.get()).groups] == ["few"]
    make.make_registration(course=course)
    assert today_of(staff.memberships.get()).groups == []
