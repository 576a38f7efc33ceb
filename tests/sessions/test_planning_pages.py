"""The forms that plan a course, and those that change it or call it off."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sessions.models import Course, Notice
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


# ---- planning ----


@pytest.fixture
def curriculum():
    return make.make_curriculum(title="スマホ入門3回コース", session_count=3, capacity=12)


def plan_url(program, curriculum) -> str:
    return f"{reverse('sessions:new_course')}?program={program.pk}&curriculum={curriculum.pk}"


def local(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def entry(shibukawa, yoshioka, program) -> dict[str, object]:
    return {
        "title": "スマホ入門",
        "host": shibukawa.pk,
        "venue": make.make_venue(town=shibukawa).pk,
        "first_at": local(make.in_days(30)),
        "minutes": 90,
        "session_count": 3,
        "interval_weeks": 2,
        "seats": 12,
        "allocation": "first_come",
        "opens_at": local(make.in_days(1)),
        "closes_days": 2,
        "release_days": 7,
        f"quota_{shibukawa.pk}": 5,
        f"quota_{yoshioka.pk}": 3,
    }


@pytest.mark.usefixtures("clock")
def test_the_dates_are_shown_before_anything_is_saved(page, program, curriculum, entry):
    response = page.post(plan_url(program, curriculum), entry)
    starts = [start for start, _end in response.context["plan"].times]
    assert starts == [make.in_days(30 + 14 * n) for n in range(3)]
    assert not Course.objects.exists()


@pytest.mark.usefixtures("clock")
def test_a_plan_is_saved_as_a_draft_and_published(page, program, curriculum, entry, shibukawa, yoshioka):
    page.post(plan_url(program, curriculum), entry | {"save": "1"})
    course = Course.objects.get()
    assert (course.published_at, course.capacity, course.class_sessions.count()) == (None, 12, 3)
    assert {quota.municipality: quota.seats for quota in course.quotas.all()} == {shibukawa: 5, yoshioka: 3}
    assert course.closes_at == make.in_days(28, hour=17)
    assert course.quota_release_at == make.in_days(23, hour=9)
    page.post(reverse("sessions:publish", args=[course.pk]))
    course.refresh_from_db()
    assert course.is_published


@pytest.mark.usefixtures("clock")
def test_a_plan_can_be_taken_back_to_the_form(page, program, curriculum, entry):
    response = page.post(plan_url(program, curriculum), entry | {"edit": "1"})
    assert response.templates[0].name == "sessions/plan.html"
    assert response.context["form"]["title"].value() == "スマホ入門"


@pytest.mark.usefixtures("clock")
def test_a_consultation_day_is_planned_by_slots(page, program, entry):
    talk = make.make_curriculum(kind="consultation", minutes=20)
    kept = {name: "" for name in entry if name.startswith("quota_")}
    slots = {"minutes": 20, "slot_count": 6, "seats": 1}
    page.post(plan_url(program, talk), entry | kept | slots | {"save": "1"})
    course = Course.objects.get()
    slots = list(course.class_sessions.all())
    assert (course.by_slot, course.capacity, [slot.seats for slot in slots]) == (True, 6, [1] * 6)
    assert slots[-1].ends_at - slots[0].starts_at == timedelta(hours=2)


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"first_at": ""},
        {"first_at": "tomorrow"},
        {"first_at": "2020-01-01T10:00"},
        {"first_at": "9999-12-31T23:59"},
        {"first_at": "0001-01-01T00:00"},
        {"minutes": "0"},
        {"session_count": "21"},
        {"session_count": "-1"},
        {"seats": "99999999999"},
        {"seats": "31"},
        {"venue": "777"},
        {"host": "777"},
        {"allocation": "auction"},
        {"closes_days": "60"},
        {"interval_weeks": "x"},
    ],
)
def test_a_plan_that_is_wrong_is_refused_in_one_sentence(page, program, curriculum, entry, change):
    response = page.post(plan_url(program, curriculum), entry | change | {"save": "1"})
    assert len(errors_of(response)) == 1
    assert not Course.objects.exists()


def test_quotas_beyond_the_capacity_are_refused_in_one_sentence(page, program, curriculum, entry, shibukawa):
    response = page.post(plan_url(program, curriculum), entry | {f"quota_{shibukawa.pk}": 10, "save": "1"})
    assert errors_of(response) == ["The seats kept for the towns are more than the capacity."]
    assert not Course.objects.exists()


@pytest.mark.parametrize("choice", ["?program=x&curriculum=1", "?program=1", "?program=99&curriculum=99", "?x=1"])
def test_an_unknown_programme_or_curriculum_leads_back_to_the_choice(page, program, curriculum, choice):
    response = page.get(reverse("sessions:new_course") + choice)
    assert (response.status_code, response.templates[0].name) == (200, "sessions/new_course.html")


@pytest.mark.usefixtures("clock")
def test_a_partner_plans_classes_that_it_holds_itself(partner, program, curriculum, entry, shibukawa, yoshioka):
    refused = partner.post(plan_url(program, curriculum), entry | {"save": "1"})
    assert list(refused.context["form"].errors) == ["host"]
    partner.post(plan_url(program, curriculum), entry | {"host": yoshioka.pk, "save": "1"})
    assert Course.objects.get().host == yoshioka


def test_a_stranger_cannot_plan_in_the_programme_of_others(at_desk, stranger, program, curriculum, entry):
    response = at_desk(stranger).post(plan_url(program, curriculum), entry | {"save": "1"})
    assert response.templates[0].name == "sessions/new_course.html"
    assert not Course.objects.exists()


# ---- changing ----


def test_the_seats_are_changed_on_their_page(page, course, shibukawa, yoshioka, shinto):
    entry = {"capacity": 10, f"quota_{shibukawa.pk}": 4, f"quota_{yoshioka.pk}": "", f"quota_{shinto.pk}": 0}
    page.post(reverse("sessions:seats", args=[course.pk]), entry)
    course.refresh_from_db()
    assert (course.capacity, course.quota_release_at) == (10, None)
    assert {quota.municipality: quota.seats for quota in course.quotas.all()} == {shibukawa: 4, shinto: 0}


@pytest.mark.parametrize("capacity", ["0", "", "x", "1", "3001"])
def test_seats_that_are_wrong_are_refused_in_one_sentence(page, course, shibukawa, capacity):
    for _ in range(2):
        make.make_registration(course=course, town=shibukawa)
    response = page.post(reverse("sessions:seats", args=[course.pk]), {"capacity": capacity})
    course.refresh_from_db()
    assert len(errors_of(response)) == 1
    assert (course.capacity, course.quotas.count()) == (8, 3)


def test_a_session_is_moved_and_the_page_says_how_many_are_told(page, course, shibukawa):
    make.make_registration(course=course, town=shibukawa)
    session = course.class_sessions.first()
    url = reverse("sessions:move_session", args=[session.pk])
    assert "1 people are told" in page.get(url).content.decode()
    entry = {"starts_at": local(make.in_days(15, hour=13)), "minutes": 60, "venue": session.venue_id}
    page.post(url, entry)
    session.refresh_from_db()
    assert (session.starts_at, session.ends_at) == (make.in_days(15, hour=13), make.in_days(15, hour=14))
    assert Notice.objects.filter(kind="moved").count() == 1


@pytest.mark.parametrize(
    "change", [{"starts_at": ""}, {"starts_at": "2020-01-01T10:00"}, {"minutes": "1"}, {"venue": "777"}]
)
def test_a_move_that_is_wrong_is_refused_in_one_sentence(page, course, change):
    session = course.class_sessions.first()
    entry = {"starts_at": local(make.in_days(15)), "minutes": 60, "venue": session.venue_id} | change
    response = page.post(reverse("sessions:move_session", args=[session.pk]), entry)
    assert len(errors_of(response)) == 1
    assert course.class_sessions.first().starts_at == session.starts_at


def test_a_course_is_called_off_with_its_reason(page, course, shibukawa):
    make.make_registration(course=course, town=shibukawa)
    url = reverse("sessions:call_off", args=[course.pk])
    assert "1 people are told" in page.get(url).content.decode()
    page.post(url, {"reason": "大雪のため"})
    course.refresh_from_db()
    assert (course.is_published, course.cancel_reason) == (False, "大雪のため")
    assert "大雪のため" in show(page, course)


@pytest.mark.parametrize("reason", ["", "雪" * 61])
def test_calling_off_needs_a_short_reason(page, course, reason):
    response = page.post(reverse("sessions:call_off", args=[course.pk]), {"reason": reason})
    course.refresh_from_db()
    assert (len(errors_of(response)), course.cancelled_at) == (1, None)


def test_the_dates_of_application_are_changed_on_their_page(page, course):
    entry = {"opens_at": local(make.in_days(1)), "closes_at": local(make.in_days(10))}
    page.post(reverse("sessions:window", args=[course.pk]), entry)
    course.refresh_from_db()
    assert (course.opens_at, course.closes_at) == (make.in_days(1), make.in_days(10))
    response = page.post(reverse("sessions:window", args=[course.pk]), entry | {"closes_at": entry["opens_at"]})
    assert len(errors_of(response)) == 1


def test_the_row_and_the_list_agree_on_who_may_change_a_course(program, shibukawa, yoshioka, shinto, takasaki):
    course = make.make_course(program=program, host=yoshioka)
    for town in (shibukawa, yoshioka, shinto, takasaki):
        listed = Course.objects.editable_by(town).filter(pk=course.pk).exists()
        assert course.is_editable_by(town) is listed
        assert listed is (town in {shibukawa, yoshioka})
