"""Classes for groups at their own place: asked for, planned, counted, and shown to nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from participants.models import Channel
from phone.applying import course_called
from phone.today import few_registrations
from programs.models import Venue
from sessions import outreach
from sessions.choosing import choices_for
from sessions.leaving import leave
from sessions.listing import course_by_code, listed
from sessions.models import Course, Headcount, OutreachRequest, Registration
from sessions.outreach import Problem, count_people, decline, plan, withdraw
from sessions.planning import Problem as PlanProblem
from sessions.refusals import Code, Refused
from sessions.registration import register
from tests import make
from tests.sessions.group_classes import HOUR, begun, plan_for, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(program, shibukawa) -> OutreachRequest:
    return make.make_outreach(program=program, town=shibukawa)


@pytest.fixture
def group_class(request_, staff) -> Course:
    return planned(request_, staff)


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


# asking and answering


def test_a_request_is_written_down_as_asked_for(request_, shibukawa):
    assert (request_.state, request_.municipality) == ("asked", shibukawa)
    assert request_.asked_at is not None
    assert acts() == ["outreach.asked"]


def test_a_town_asks_only_in_programmes_it_takes_part_in(program, request_, takasaki, stranger):
    elsewhere = OutreachRequest(municipality=takasaki, program=program, curriculum=request_.curriculum, people=5)
    assert outreach.ask(elsewhere, by=stranger) == Problem.NOT_OURS
    assert OutreachRequest.objects.count() == 1


def test_planning_makes_a_class_for_the_group_and_answers_it(request_, group_class, shibukawa):
    request_.refresh_from_db()
    assert (request_.state, request_.course) == ("planned", group_class)
    assert (group_class.is_listed, group_class.host, group_class.is_published) == (False, shibukawa, True)
    assert acts() == ["outreach.asked", "course.planned", "outreach.planned"]


def test_a_new_place_becomes_a_venue_in_the_same_act(request_, staff, shibukawa):
    place = Venue(municipality=shibukawa, name="寿会館", capacity=15)
    course = plan(request_, plan_for(request_, venue=place), by=staff)
    assert isinstance(course, Course)
    venue = course.class_sessions.get().venue
    assert (venue.name, venue.capacity, venue.municipality) == ("寿会館", 15, shibukawa)
    assert "venue.added" in acts()


def test_a_place_known_already_is_not_written_down_twice(request_, staff, shibukawa):
    known = make.make_venue(town=shibukawa, name="寿会館")
    course = plan(
        request_, plan_for(request_, venue=Venue(municipality=shibukawa, name="寿会館", capacity=15)), by=staff
    )
    assert isinstance(course, Course)
    assert course.class_sessions.get().venue == known


def test_a_plan_that_cannot_be_leaves_nothing_behind(request_, staff, shibukawa):
    small = Venue(municipality=shibukawa, name="寿会館", capacity=3)
    assert plan(request_, plan_for(request_, venue=small), by=staff) == PlanProblem.VENUE_FULL
    request_.refresh_from_db()
    assert (request_.state, Course.objects.count()) == ("asked", 0)
    assert not Venue.objects.filter(name="寿会館").exists()


def test_a_request_is_planned_once(request_, group_class, staff):
    assert plan(request_, plan_for(request_), by=staff) == Problem.ANSWERED
    assert decline(request_, note="講師がいません", by=staff) == Problem.ANSWERED
    assert Course.objects.count() == 1


def test_a_plan_of_another_programme_or_town_is_refused(request_, staff, yoshioka, shibukawa):
    other = replace(plan_for(request_), program=make.make_program(lead=shibukawa))
    told = [plan(request_, each, by=staff) for each in (other, replace(plan_for(request_), host=yoshioka))]
    assert told == [Problem.OTHER_PLAN] * 2


def test_a_request_is_declined_with_a_note(request_, staff):
    decline(request_, note="講師がいません", by=staff)
    request_.refresh_from_db()
    assert (request_.state, request_.answer_note) == ("declined", "講師がいません")
    assert withdraw(request_, by=staff) == Problem.ENDED
    assert acts()[-1] == "outreach.declined"


def test_withdrawing_calls_off_the_class_and_tells_who_registered_by_name(request_, group_class, staff, shibukawa):
    registration = make.make_registration(course=group_class, person=make.make_person(town=shibukawa))
    withdraw(request_, by=staff)
    request_.refresh_from_db()
    group_class.refresh_from_db()
    registration.refresh_from_db()
    assert (request_.state, registration.state) == ("withdrawn", "cancelled")
    assert group_class.cancelled_at is not None
    assert registration.notices.last().kind == "called_off"


def test_a_class_that_has_begun_can_not_be_withdrawn_from(request_, group_class, staff):
    with time_machine.travel(group_class.starts_at + timedelta(minutes=1), tick=False):
        assert withdraw(request_, by=staff) == Problem.HELD
    group_class.refresh_from_db()
    assert group_class.cancelled_at is None


def test_a_town_that_has_left_plans_nothing_in_the_programme_any_more(program, yoshioka, partner_staff):
    request = make.make_outreach(program=program, town=yoshioka)
    proposed = plan_for(request)
    leave(program.partnerships.get(municipality=yoshioka), by=partner_staff)
    assert plan(request, proposed, by=partner_staff) == Problem.NOT_OURS
    assert not Course.objects.exists()


# nobody else finds it


def test_the_public_does_not_find_a_class_for_a_group(client, group_class, program):
    shown = make.make_course(program=program, title="誰でもどうぞ")
    assert list(listed(town=None, topic="", start_on=None)) == [shown]
    assert course_by_code(group_class.code) is None
    assert [client.get(f"/classes/{course.code}/").status_code for course in (group_class, shown)] == [404, 200]
    assert client.get(f"/classes/{group_class.code}/apply/").status_code == 404
    assert client.post(f"/classes/{group_class.code}/apply/send/", {"draft": "x"}).status_code == 404
    assert group_class.code not in client.get("/").content.decode()


def test_its_number_means_nothing_by_sms(group_class, program):
    shown = make.make_course(program=program)
    assert course_called(program.line, group_class.code) is None
    assert course_called(program.line, shown.code) == shown


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.SMS, Channel.VOICE])
def test_nobody_registers_for_it_without_a_clerk(group_class, shibukawa, channel):
    person = make.make_person(town=shibukawa)
    assert register(group_class, [person], channel=channel) == Refused(Code.UNKNOWN_CODE)
    assert Registration.objects.count() == 0


def test_staff_register_people_by_name(client, group_class, desk, shibukawa):
    client.force_login(desk)
    offered = client.get(reverse("sessions:register", args=[group_class.pk]), follow=True).context["desk"]
    assert offered.choice.course == group_class
    assert register(group_class, [make.make_person(town=shibukawa)], channel=Channel.COUNTER).first.is_confirmed


def test_the_telephone_desk_offers_it_to_no_caller_but_finds_its_number(group_class, program, shibukawa):
    shown = make.make_course(program=program)
    rows = choices_for(shibukawa, staff_town=shibukawa)
    named = choices_for(shibukawa, staff_town=shibukawa, words=group_class.code)
    assert [[row.course for row in each] for each in (rows, named)] == [[shown], [group_class]]


def test_a_class_for_a_group_is_not_called_nearly_empty(group_class, program, shibukawa):
    shown = make.make_course(program=program, title="空きのある講座")
    group = few_registrations([shown, group_class], shibukawa)
    assert [row.title for row in group.rows] == ["空きのある講座"]


# counting


def test_people_are_counted_once_the_class_has_begun_and_the_figure_is_corrected(group_class, staff, shibukawa):
    session = group_class.class_sessions.get()
    assert count_people(session, shibukawa, 11, by=staff) == Problem.NOT_BEGUN
    session = begun(group_class)
    count_people(session, shibukawa, 11, by=staff)
    count_people(session, shibukawa, 13, by=staff)
    count = Headcount.objects.get()
    assert (count.people, count.by) == (13, staff)
    entries = AuditEntry.objects.filter(act="session.heads_counted").order_by("pk")
    assert [entry.detail for entry in entries] == [{"people": 11}, {"people": 13}]


def test_what_cannot_be_counted_is_refused(group_class, program, staff, shibukawa, takasaki):
    shown = make.make_course(program=program, starts_at=timezone.now() - HOUR)
    session = begun(group_class)
    told = [
        count_people(shown.class_sessions.get(), shibukawa, 3, by=staff),
        count_people(session, takasaki, 3, by=staff),
        count_people(session, shibukawa, 1001, by=staff),
    ]
    session.cancelled_at = timezone.now()
    session.save()
    told.append(count_people(session, shibukawa, 3, by=staff))
    assert told == [Problem.LISTED, Problem.OTHER_TOWN, Problem.TOO_MANY, Problem.OFF]
    assert Headcount.objects.count() == 0
