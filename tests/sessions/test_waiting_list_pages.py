"""On the page of a course: answers to an offer, the line, cancellations, and the buttons of those who may."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from participants.models import Channel
from sessions.models import Course, Registration
from sessions.registration import cancel
from tests import make
from tests.sessions.course_pages import errors_of, show

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(at_desk, staff) -> Client:
    return at_desk(staff)


@pytest.fixture
def partner(at_desk, partner_staff) -> Client:
    return at_desk(partner_staff)


@pytest.fixture
def course(joint_series) -> Course:
    return joint_series


@pytest.fixture
def offered(program, shibukawa) -> Registration:
    course = make.make_course(program=program, capacity=1)
    taken = make.make_registration(course=course, town=shibukawa)
    waiting = make.make_registration(course=course, town=shibukawa, state="waiting")
    make.make_registration(course=course, town=shibukawa, state="waiting")
    cancel(taken, channel=Channel.PHONE)
    waiting.refresh_from_db()
    assert waiting.is_offered
    return waiting


def test_the_answer_to_an_offer_is_entered(page, offered):
    page.post(reverse("sessions:accept", args=[offered.pk]))
    offered.refresh_from_db()
    assert offered.is_confirmed


def test_a_declined_offer_goes_to_the_next_in_line(page, offered):
    page.post(reverse("sessions:decline", args=[offered.pk]))
    assert sorted(offered.course.registrations.values_list("state", flat=True)) == [
        "cancelled",
        "declined",
        "offered",
    ]


def test_an_answer_that_comes_too_late_is_refused_in_words(page, offered):
    page.post(reverse("sessions:decline", args=[offered.pk]))
    response = page.post(reverse("sessions:accept", args=[offered.pk]), follow=True)
    assert "The time to answer is over" in response.content.decode()
    offered.refresh_from_db()
    assert offered.state == "declined"


def test_the_line_shows_the_offer_first_then_the_order(page, offered):
    line = page.get(reverse("sessions:course", args=[offered.course_id])).context["line"]
    assert [(ticket.position, ticket.first.state) for ticket in line] == [(1, "offered"), (2, "waiting")]
    assert line[0].deadline_at is not None


def test_an_application_is_cancelled_with_a_reason(page, course, shibukawa, staff):
    registration = make.make_registration(course=course, town=shibukawa)
    page.post(reverse("sessions:cancel", args=[registration.pk]), {"reason": "unwell", "channel": "counter"})
    registration.refresh_from_db()
    assert (registration.state, registration.ended_reason, registration.ended_channel, registration.ended_by) == (
        "cancelled",
        "unwell",
        "counter",
        staff,
    )


@pytest.mark.parametrize("reason", ["", "because", "x" * 100])
def test_a_cancellation_needs_a_reason_of_the_list(page, course, shibukawa, reason):
    registration = make.make_registration(course=course, town=shibukawa)
    response = page.post(
        reverse("sessions:cancel", args=[registration.pk]), {"reason": reason, "channel": "phone"}
    )
    registration.refresh_from_db()
    assert len(errors_of(response)) == 1
    assert registration.is_confirmed


@pytest.mark.parametrize("act", ["accept", "decline", "cancel"])
def test_nobody_answers_for_the_residents_of_another_town(partner, offered, act):
    response = partner.post(reverse(f"sessions:{act}", args=[offered.pk]), {"reason": "other"})
    offered.refresh_from_db()
    assert (response.status_code, offered.state) == (403, "offered")


def test_the_reception_desk_cancels_but_does_not_plan(at_desk, desk, course, shibukawa):
    client = at_desk(desk)
    registration = make.make_registration(course=course, town=shibukawa)
    client.post(reverse("sessions:cancel", args=[registration.pk]), {"reason": "plans", "channel": "phone"})
    registration.refresh_from_db()
    assert registration.state == "cancelled"
    assert client.post(reverse("sessions:call_off", args=[course.pk]), {"reason": "雨"}).status_code == 403


def test_buttons_are_drawn_only_for_those_who_may_press_them(at_desk, course, shibukawa, page, partner):
    make.make_registration(course=course, town=shibukawa)
    viewer = at_desk(make.make_user(town=shibukawa, role=Role.VIEWER))
    acts = [reverse(f"sessions:{act}", args=[course.pk]) for act in ("seats", "call_off", "register")]
    assert [all(act in show(client, course) for act in acts[:2]) for client in (page, partner, viewer)] == [
        True,
        False,
        False,
    ]
    assert [acts[2] in show(client, course) for client in (page, partner, viewer)] == [True, True, False]
    assert "/cancel/" not in show(viewer, course)
