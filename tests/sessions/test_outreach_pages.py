"""Requests of groups on the pages: the form of a plan, what each town sees, answers and the count."""

import pytest
from django.urls import reverse

from accounts.models import Municipality
from sessions.models import ClassSession, Course, Headcount, OutreachRequest
from sessions.outreach import count_people, decline, plan
from sessions.outreach_forms import GroupPlanForm
from tests import make
from tests.sessions.group_classes import begun, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(program, shibukawa) -> OutreachRequest:
    return make.make_outreach(program=program, town=shibukawa)


@pytest.fixture
def group_class(request_, staff) -> Course:
    return planned(request_, staff)


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
