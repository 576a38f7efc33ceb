"""The page of the day: rows and counts, marks without a script, walk-ins, helpers, who may see what."""

import re

import pytest
import time_machine
from django.urls import reverse

from participants.models import Participant
from sessions.attendance import Mark, mark
from sessions.models import Attendance, ClassSession, Registration
from sessions.walk_ins import set_helpers
from tests import make

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def today(program) -> ClassSession:
    start = make.in_days(0, hour=13)
    course = make.make_course(program=program, starts_at=start, closes_at=start, capacity=400)
    return course.class_sessions.get()


def page(client, session, name="day") -> str:
    return client.get(reverse(f"sessions:{name}", args=[session.pk])).content.decode()


def press(client, session, registration, given, **headers):
    address = reverse("sessions:mark", args=[session.pk])
    return client.post(address, {"registration": registration.pk, "mark": given}, **headers)


def names(html: str) -> list[str]:
    return re.findall(r'<b class="day-name">([^<]+)', html)


def figures(html: str) -> list[str]:
    return re.findall(r"</dt><dd>([^<]+)", html)


def test_people_stand_in_the_order_of_kana_with_their_needs_and_without_numbers(clerk, today, shibukawa, yoshioka):
    people = [
        make.make_person(town=yoshioka, kana="ヤマダ ハナコ", phone="090-0000-0001", needs=["wheelchair"]),
        make.make_person(town=shibukawa, kana="アキヤマ ジロウ", phone="0279-00-0405", needs=["writing"]),
    ]
    for person in people:
        make.make_registration(course=today.course, person=person)
    html = page(clerk, today)
    assert names(html) == ["アキヤマ ジロウ", "ヤマダ ハナコ"]
    assert "A place for a wheelchair" in html
    assert "Conversation in writing" in html
    assert not re.search(r"0279-?00-?0405|090-?0000-?0001", html)


def test_a_button_marks_and_leads_back_to_the_row(clerk, today):
    registration = make.make_registration(course=today.course)
    response = press(clerk, today, registration, "excused")
    assert response.url == f"/staff/sessions/{today.pk}/day/#r-{registration.pk}"
    assert Attendance.objects.get().mark == Mark.EXCUSED
    assert figures(page(clerk, today)) == ["1", "0", "1", "0", "0", "–"]
    press(clerk, today, registration, "")
    assert not Attendance.objects.exists()


def test_a_script_gets_fresh_rows_with_what_others_marked_and_hears_what_was_done(clerk, today, staff, shibukawa):
    mine = make.make_registration(
        course=today.course, person=make.make_person(town=shibukawa, kana="ヤマダ ハナコ")
    )
    others = make.make_registration(course=today.course)
    mark(others, today, Mark.PRESENT, by=staff)
    html = press(clerk, today, mine, "present", **SCRIPT).content.decode()
    assert 'data-said="ヤマダ ハナコ: Present"' in html
    assert figures(html)[:4] == ["2", "2", "0", "0"]
    assert html.count('value="present" aria-pressed="true"') == 2
    html = clerk.post(reverse("sessions:undo", args=[today.pk]), **SCRIPT).content.decode()
    assert f'data-said-row="r-{mine.pk}"' in html
    assert 'data-said="ヤマダ ハナコ: Not known yet"' in html


@pytest.mark.parametrize("given", ["cancelled", "late", "x" * 99])
def test_a_mark_that_does_not_exist_is_refused_in_one_sentence(clerk, today, given):
    registration = make.make_registration(course=today.course)
    response = clerk.post(
        reverse("sessions:mark", args=[today.pk]), {"registration": registration.pk, "mark": given}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == [
        "This person has no seat at this session."
    ]
    assert not Attendance.objects.exists()


def test_somebody_of_another_class_is_not_marked_here(clerk, today, program):
    registration = make.make_registration(course=make.make_course(program=program))
    press(clerk, today, registration, "present")
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("query", ["ヤマ", "{receipt}", "山田"])
def test_somebody_is_found_by_receipt_number_kana_or_name(clerk, today, shibukawa, query):
    person = make.make_person(town=shibukawa, kana="ヤマダ ハナコ", name="山田 花子")
    found = make.make_registration(course=today.course, person=person)
    make.make_registration(course=today.course)
    address = reverse("sessions:day", args=[today.pk])
    html = clerk.get(address, {"q": query.format(receipt=found.receipt_number.lower())}).content.decode()
    assert names(html) == ["ヤマダ ハナコ"]
    assert figures(html)[0] == "2"


def test_before_the_day_the_page_says_when_and_adds_no_walk_ins(clerk, program):
    session = make.make_course(program=program).class_sessions.get()
    html = page(clerk, session)
    assert "Who came is entered on the day of the session or later." in html
    assert reverse("sessions:walk_in", args=[session.pk]) not in html


def test_a_known_resident_walks_in_and_a_double_click_adds_one(clerk, today, shibukawa):
    set_helpers(today, 1, by=None)
    make.make_person(town=shibukawa, kana="ヤマダ ハナコ")
    address = reverse("sessions:walk_in", args=[today.pk])
    html = clerk.get(address, {"q": "ヤマダ"}).content.decode()
    assert names(html) == ["ヤマダ ハナコ"]
    given = dict(re.findall(r'name="(person|submission)" value="([^"]+)"', html))
    first, second = clerk.post(address, given), clerk.post(address, given)
    row = Registration.objects.get()
    assert (row.is_walk_in, first.url, second.url) == (True, first.url, first.url)
    assert first.url.endswith(f"/day/#r-{row.pk}")


def newcomer(town, **fields) -> dict[str, object]:
    return {
        "kana": "やまだ はなこ",
        "municipality": town.pk,
        "agreed": "on",
        "submission": "4f5cba10-47a5-4d6b-9c0f-2f8e7f0d8a11",
        **fields,
    }


def test_somebody_new_walks_in_with_kana_and_town_alone(clerk, today, yoshioka):
    set_helpers(today, 1, by=None)
    clerk.post(reverse("sessions:walk_in", args=[today.pk]), newcomer(yoshioka))
    row = Registration.objects.get()
    assert (row.participant.kana, row.municipality) == ("ヤマダ ハナコ", yoshioka)


def test_without_consent_nobody_is_written_down(clerk, today, yoshioka):
    set_helpers(today, 1, by=None)
    response = clerk.post(reverse("sessions:walk_in", args=[today.pk]), newcomer(yoshioka, agreed=""))
    assert "Read the sentence on the use of data and ask whether they agree." in response.content.decode()
    assert not Participant.objects.exists()


def test_who_may_be_known_is_asked_about_before_writing_them_down(clerk, today, shibukawa):
    set_helpers(today, 2, by=None)
    known = make.make_person(town=shibukawa, kana="ヤマダ ハナコ")
    address = reverse("sessions:walk_in", args=[today.pk])
    asked = clerk.post(address, newcomer(shibukawa))
    assert "This may be somebody we know" in asked.content.decode()
    clerk.post(address, newcomer(shibukawa, who=known.pk))
    assert Registration.objects.get().participant == known
    clerk.post(address, newcomer(shibukawa, who="different", submission="4f5cba10-47a5-4d6b-9c0f-2f8e7f0d8a12"))
    assert Participant.objects.count() == 2


def test_a_walk_in_is_refused_until_helpers_suffice(clerk, today, yoshioka):
    address = reverse("sessions:walk_in", args=[today.pk])
    response = clerk.post(address, newcomer(yoshioka), follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "There are not enough helpers for one more person."
    ]
    clerk.post(reverse("sessions:helpers", args=[today.pk]), {"helpers": "1"})
    clerk.post(address, newcomer(yoshioka))
    assert Registration.objects.get().is_walk_in
    clerk.post(reverse("sessions:undo_walk_in", args=[today.pk]), {"registration": Registration.objects.get().pk})
    assert Registration.objects.get().state == "cancelled"


@pytest.mark.parametrize("given", ["-1", "201", "many", "9" * 30])
def test_an_impossible_number_of_helpers_changes_nothing(clerk, today, given):
    set_helpers(today, 3, by=None)
    response = clerk.post(reverse("sessions:helpers", args=[today.pk]), {"helpers": given}, follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "Write the number of helpers in digits, 200 at most."
    ]
    today.refresh_from_db()
    assert today.helpers == 3


def test_fewer_helpers_than_needed_are_warned_of(clerk, today, desk):
    mark(make.make_registration(course=today.course), today, Mark.PRESENT, by=desk)
    response = clerk.post(reverse("sessions:helpers", args=[today.pk]), {"helpers": "0"}, follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "1 people are here and need 1 helpers; there are 0. Nobody is sent away."
    ]


def test_the_page_and_a_mark_cost_the_same_with_1_and_300_people(
    clerk, today, shibukawa, django_assert_num_queries, django_assert_max_num_queries
):
    registration = make.make_registration(course=today.course)
    address = reverse("sessions:day", args=[today.pk])
    press(clerk, today, registration, "present", **SCRIPT)
    with django_assert_max_num_queries(20) as first:
        clerk.get(address)
    with django_assert_max_num_queries(30) as first_mark:
        press(clerk, today, registration, "excused", **SCRIPT)
    people = Participant.objects.bulk_create(
        Participant(municipality=shibukawa, kana=f"テスト {n}", kana_key=f"テスト{n}") for n in range(299)
    )
    for person in people:
        fields = {field.name: getattr(registration, field.name) for field in Registration._meta.concrete_fields}
        Registration.objects.create(**fields | {"id": None, "participant": person})
    with django_assert_num_queries(len(first)):
        assert clerk.get(address).content.decode().count("data-row") == 300
    with django_assert_num_queries(len(first_mark)):
        press(clerk, today, registration, "present", **SCRIPT)
