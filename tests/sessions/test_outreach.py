"""Classes for groups at their own place: asked for, planned, counted, and shown to nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Municipality
from participants.models import Channel
from phone.applying import course_called
from phone.today import few_registrations
from programs.models import Venue
from sessions import outreach
from sessions.choosing import choices_for
from sessions.leaving import leave
from sessions.listing import course_by_code, listed
from sessions.models import ClassSession, Course, Headcount, OutreachRequest, Registration
from sessions.outreach import Problem, count_people, decline, plan, withdraw
from sessions.outreach_forms import GroupPlanForm
from sessions.planning import Problem as PlanProblem
from sessions.refusals import Code, Refused
from sessions.registration import register
from tests import make
from tests.sessions.test_planning import a_plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def request_(program, shibukawa) -> OutreachRequest:
    return make.make_outreach(program=program, town=shibukawa)


def plan_for(request: OutreachRequest, **change):
    start = make.in_days(10)
    usual = {
        "curriculum": request.curriculum,
        "host": request.municipality,
        "capacity": 12,
        "closes_at": start,
        "times": [(start, start + HOUR)],
    }
    return a_plan(request.program, **(usual | change))


@pytest.fixture
def group_class(request_, staff) -> Course:
    course = plan(request_, plan_for(request_), by=staff)
    assert isinstance(course, Course), course
    return course


def begun(course: Course) -> ClassSession:
    start = timezone.now() - HOUR
    course.class_sessions.update(starts_at=start, ends_at=start + 2 * HOUR)
    return course.class_sessions.get()


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


# the form of a plan


def written(request: OutreachRequest, **change) -> GroupPlanForm:
    first = make.in_days(10)
    usual = {
        "title": "スマホ入門",
        "place": "寿会館",
        "place_capacity": "20",
        "first_at": first.strftime("%Y-%m-%dT%H:%M"),
        "minutes": "90",
        "session_count": "2",
        "interval_weeks": "1",
        "seats": "12",
    }
    return GroupPlanForm(usual | change, request=request)


def test_the_form_of_a_plan_proposes_what_the_group_said(request_):
    form = GroupPlanForm(request=request_)
    assert (form.initial["seats"], form.initial["place"]) == (12, request_.place)


def test_the_form_makes_a_plan_that_can_be_carried_out(request_, staff):
    form = written(request_)
    assert form.is_valid(), form.errors
    course = plan(request_, form.plan, by=staff)
    assert isinstance(course, Course)
    assert course.class_sessions.count() == 2
    assert course.is_open


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": ""}, "place"),
        ({"place_capacity": ""}, "place_capacity"),
        ({"first_at": "2020-01-01T10:00"}, "first_at"),
        ({"seats": "0"}, "seats"),
        ({"venue": "999999"}, "venue"),
    ],
)
def test_what_is_missing_in_a_plan_is_said_at_its_field(request_, change, field):
    assert list(written(request_, **change).errors) == [field]


# the pages


@pytest.fixture
def page(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def address(name: str, request: OutreachRequest) -> str:
    return reverse(f"sessions:{name}", args=[request.pk])


def test_a_request_is_written_down_on_the_page(page, desk, program, shibukawa):
    curriculum = make.make_curriculum()
    fields = {"program": program.pk, "curriculum": curriculum.pk, "group": "寿会", "group_kind": "seniors"}
    fields |= {"contact_name": "堀口", "contact_phone": "0279-00-0477", "people": "12", "place": "第三集会所"}
    page(desk).post(reverse("sessions:new_outreach"), fields)
    found = OutreachRequest.objects.get()
    assert (found.group, found.municipality, found.contact_phone) == ("寿会", shibukawa, "+81279000477")
    assert found.asked_by == desk


@pytest.mark.parametrize(
    ("change", "field"), [({"people": "0"}, "people"), ({"contact_phone": "12"}, "contact_phone")]
)
def test_what_is_wrong_in_a_request_is_said_at_its_field(page, desk, program, change, field):
    curriculum = make.make_curriculum()
    fields = {"program": program.pk, "curriculum": curriculum.pk, "group": "寿会", "group_kind": "seniors"}
    fields |= {"contact_name": "堀口", "people": "12", "place": "第三集会所"} | change
    response = page(desk).post(reverse("sessions:new_outreach"), fields)
    assert list(response.context["form"].errors) == [field]
    assert OutreachRequest.objects.count() == 0


def test_the_lead_of_the_programme_looks_on_but_sees_no_contact(page, program, staff, yoshioka, partner_staff):
    theirs = make.make_outreach(program=program, town=yoshioka)
    seen = page(staff).get(address("outreach", theirs)).content.decode()
    assert theirs.place in seen
    assert "堀口" not in seen
    assert "0279" not in seen.partition("<main")[2]
    for name in ("plan_outreach", "decline_outreach", "withdraw_outreach", "count_people"):
        assert page(staff).post(address(name, theirs)).status_code == 403
    assert "堀口" in page(partner_staff).get(address("outreach", theirs)).content.decode()


def test_a_partner_sees_no_request_of_another_town(page, request_, partner_staff, stranger):
    for user in (partner_staff, stranger):
        assert page(user).get(address("outreach", request_)).status_code == 404
        table = page(user).get(reverse("sessions:outreach_list")).context["table"]
        assert len(table.rows) == 0


def test_a_council_that_leads_sees_the_request_and_no_contact(page, program, request_):
    council = make.make_town(name="協議会", kind=Municipality.Kind.COUNCIL)
    program.lead = council
    program.save()
    html = page(make.make_user(town=council)).get(address("outreach", request_)).content.decode()
    assert request_.place in html
    assert "堀口" not in html


def test_planning_declining_and_withdrawing_on_the_page(page, program, staff, shibukawa):
    first, second = (make.make_outreach(program=program, town=shibukawa) for _ in range(2))
    client = page(staff)
    client.post(address("plan_outreach", first), written(first).data)
    client.post(address("decline_outreach", second), {"note": "講師がいません"})
    assert [row.state for row in OutreachRequest.objects.order_by("pk")] == ["planned", "declined"]
    client.post(address("withdraw_outreach", first))
    again = client.post(address("plan_outreach", first), written(first).data).content.decode()
    assert "This request has been answered already. Nothing has changed." in again
    assert Course.objects.count() == 1


def test_a_decline_without_a_reason_comes_back_with_one_sentence(page, request_, staff):
    response = page(staff).post(address("decline_outreach", request_), {"note": ""})
    assert list(response.context["decline_form"].errors) == ["note"]
    request_.refresh_from_db()
    assert request_.is_asked


def test_the_count_is_keyed_in_on_the_page_after_the_class_has_begun(page, request_, group_class, desk, shibukawa):
    client = page(desk)
    assert client.get(address("outreach", request_)).context["count_form"] is None
    session = begun(group_class)
    fields = {"class_session": session.pk, "town": shibukawa.pk, "people": "14"}
    html = client.post(address("count_people", request_), fields, follow=True).content.decode()
    assert "Written down: 14 people." in html
    assert Headcount.objects.get().people == 14
    bad = client.post(address("count_people", request_), fields | {"people": "-1"})
    assert list(bad.context["count_form"].errors) == ["people"]


def test_the_list_is_filtered_by_state(page, program, shibukawa, request_, staff):
    other = make.make_outreach(program=program, town=shibukawa, group="町内会")
    decline(other, note="講師がいません", by=staff)
    client = page(staff)

    def shown(**choice):
        return [row.record for row in client.get(reverse("sessions:outreach_list"), choice).context["table"].rows]

    assert (shown(), shown(state="asked"), shown(state="declined")) == ([other, request_], [request_], [other])


LIST_QUERIES = 5


def test_the_list_takes_as_many_queries_for_one_request_as_for_300(
    page, program, request_, staff, django_assert_num_queries
):
    client = page(staff)
    client.get(reverse("sessions:outreach_list"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("sessions:outreach_list"))
    rows = [OutreachRequest(**vars_of(request_)) for _ in range(299)]
    OutreachRequest.objects.bulk_create(rows)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("sessions:outreach_list"))


DETAIL_QUERIES = 12


def test_the_page_takes_as_many_queries_for_one_session_as_for_twelve(
    page, request_, group_class, staff, shibukawa, django_assert_num_queries
):
    client, session = page(staff), begun(group_class)
    count_people(session, shibukawa, 11, by=staff)
    client.get(address("outreach", request_))
    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(address("outreach", request_))
    for number in range(2, 13):
        another = ClassSession.objects.create(
            course=group_class,
            number=number,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            venue=session.venue,
        )
        count_people(another, shibukawa, number, by=staff)
    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(address("outreach", request_))


def vars_of(request: OutreachRequest) -> dict:
    return {
        field.attname: getattr(request, field.attname)
        for field in OutreachRequest._meta.concrete_fields
        if not field.primary_key
    }


def test_a_town_that_has_left_plans_nothing_in_the_programme_any_more(program, yoshioka, partner_staff):
    request = make.make_outreach(program=program, town=yoshioka)
    proposed = plan_for(request)
    leave(program.partnerships.get(municipality=yoshioka), by=partner_staff)
    assert plan(request, proposed, by=partner_staff) == Problem.NOT_OURS
    assert not Course.objects.exists()
