"""Who may print what, what comes with it, and the leaflet that anybody may open."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import AuditEntry, Municipality, Role
from programs.models import Program
from sessions.models import Course
from sessions.paper import print_sheet
from sessions.papers.kinds import Kind, Size
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages, the same on every database

WITH_NAMES = [kind for kind in Kind if kind not in {Kind.LEAFLET, Kind.APPLICATION, Kind.POSTCARD_LABELS}]


@pytest.fixture
def course(program, shibukawa, yoshioka) -> Course:
    """Somebody of each of two towns has a seat and has come."""
    course = make.make_course(program=program, session_count=2, title="はじめてのスマホ")
    for town, name, note in ((shibukawa, "渋川 花子", "渋川の覚え"), (yoshioka, "吉岡 太郎", "吉岡の覚え")):
        person = make.make_person(
            town=town, name=name, sms=False, birth_year=1943, address="1-2", postal_code="377-0008"
        )
        person.note = note
        person.save()
        row = make.make_registration(course=course, person=person)
        for session in course.class_sessions.all():
            row.attendances.create(class_session=session, mark="present", at=timezone.now())
    return course


def get(client: Client, course: Course, **asked):
    return client.get(reverse("sessions:paper", args=[course.pk]), asked)


def text_of(response) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def test_a_paper_is_a_pdf_that_nobody_keeps_on_the_way(at_desk, staff, course):
    response = get(at_desk(staff), course, kind="reception")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert "no-store" in response["Cache-Control"]
    assert "Content-Security-Policy" not in response


def test_a_paper_has_a_file_name_in_ascii_and_one_in_japanese(at_desk, staff, course):
    header = get(at_desk(staff), course, kind="reception")["Content-Disposition"]
    assert header.isascii()
    assert f"inline; filename=\"reception-{course.code}.pdf\"; filename*=UTF-8''" in header
    assert "%E3%81%AF%E3%81%98%E3%82%81%E3%81%A6" in header


@pytest.mark.parametrize("asked", [{"kind": "poster"}, {"size": "huge"}, {"session": "9"}, {"kind": ""}])
def test_a_kind_a_size_and_a_session_there_is_not_are_not_found(at_desk, staff, course, asked):
    assert get(at_desk(staff), course, **asked).status_code == 404


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("kind", WITH_NAMES)
def test_printing_names_leaves_an_entry_with_their_number(at_desk, staff, course, kind, size):
    get(at_desk(staff), course, kind=kind, size=size)
    entry = AuditEntry.objects.filter(act="roster.printed").get()
    named = 1 if kind == Kind.LABELS else 2
    assert (entry.by, entry.subject_id, entry.detail) == (staff, str(course.pk), {"kind": kind, "people": named})


def test_papers_without_names_leave_no_entry(at_desk, staff, course):
    for kind in (Kind.LEAFLET, Kind.APPLICATION):
        get(at_desk(staff), course, kind=kind)
    assert not AuditEntry.objects.filter(act="roster.printed").exists()


@pytest.mark.parametrize("kind", [kind for kind in WITH_NAMES if kind != Kind.SEATING])
def test_a_partner_prints_its_own_residents_alone(at_desk, partner_staff, course, kind):
    text = text_of(get(at_desk(partner_staff), course, kind=kind))
    assert ("吉岡 太郎" in text, "渋川 花子" in text) == (True, False)


@pytest.mark.parametrize("kind", [kind for kind in WITH_NAMES if kind != Kind.LABELS])
def test_the_lead_prints_everybody_who_comes(at_desk, staff, course, kind):
    text = text_of(get(at_desk(staff), course, kind=kind))
    assert ("吉岡 太郎" in text, "渋川 花子" in text) == (True, True)


@pytest.mark.parametrize("size", Size)
def test_the_lead_prints_no_telephone_age_or_note_of_another_town(at_desk, staff, course, size):
    text = text_of(get(at_desk(staff), course, kind="office-roster", size=size))
    assert ("渋川の覚え" in text, "吉岡の覚え" in text) == (True, False)
    assert text.count("80 to 84") == 1
    assert text.count("090-") == 1


@pytest.mark.parametrize("kind", [Kind.RECEPTION, Kind.VENUE_ROSTER, Kind.SEATING, Kind.NAME_TAGS])
def test_what_goes_to_the_venue_has_no_telephone_and_no_age(at_desk, staff, course, kind):
    text = text_of(get(at_desk(staff), course, kind=kind))
    assert ("090-" in text, "80 to 84" in text, "覚え" in text) == (False, False, False)


def test_a_plan_of_the_whole_room_is_not_for_a_partner(at_desk, partner_staff, course):
    client = at_desk(partner_staff)
    assert get(client, course, kind="seating").status_code == 403
    assert "Seating plan" not in client.get(reverse("sessions:papers", args=[course.pk])).content.decode()


def test_a_prefecture_prints_no_names(at_desk, program, course):
    prefecture = make.make_town(name="群馬県", kind=Municipality.Kind.PREFECTURE)
    program.partnerships.create(municipality=prefecture, state="accepted", position=9)
    client = at_desk(make.make_user(town=prefecture, role=Role.ADMIN))
    assert {get(client, course, kind=kind).status_code for kind in Kind} == {403}


def test_a_reception_book_is_of_the_session_asked_for(at_desk, staff, course):
    first, second = course.class_sessions.all()
    texts = [text_of(get(at_desk(staff), course, kind="reception", session=row.number)) for row in (first, second)]
    assert ["No. 1" in texts[0], "No. 2" in texts[1]] == [True, True]


def test_the_papers_page_lists_every_paper_at_both_sizes(at_desk, staff, course):
    page = at_desk(staff).get(reverse("sessions:papers", args=[course.pk])).content.decode()
    assert all(page.count(str(kind.label)) >= 3 for kind in Kind)
    assert f"?kind=leaflet&amp;size={Size.LARGE}" in page


def test_the_papers_page_lists_the_day_sheets_for_those_who_run_the_day(at_desk, staff, partner_staff, course):
    sheet = print_sheet(course.class_sessions.first(), by=staff)
    address = reverse("sessions:day_sheet_pdf", args=[sheet.pk])
    shown = [
        address in at_desk(user).get(reverse("sessions:papers", args=[course.pk])).content.decode()
        for user in (staff, partner_staff)
    ]
    assert shown == [True, False]


def test_the_day_sheet_comes_as_pdf_and_is_written_down(at_desk, staff, course):
    sheet = print_sheet(course.class_sessions.first(), by=staff)
    address = reverse("sessions:day_sheet_pdf", args=[sheet.pk])
    response = at_desk(staff).get(address, {"size": "large"})
    assert f"Sheet no. {sheet.pk}" in " ".join(text_of(response).split())
    assert AuditEntry.objects.filter(act="roster.printed", detail__kind="day-sheet").count() == 1
    assert at_desk(staff).get(address, {"size": "x"}).status_code == 404


def full_course(program: Program, people: int) -> Course:
    course = make.make_course(program=program, capacity=50, session_count=2)
    for number in range(people):
        needs = ["front_seat"] if number % 2 else []
        person = make.make_person(town=course.host, name="山田", address="1-2", sms=False, needs=needs)
        row = make.make_registration(course=course, person=person)
        for session in course.class_sessions.all():
            row.attendances.create(class_session=session, mark="present", at=timezone.now())
    return course


@pytest.mark.parametrize("kind", Kind)
def test_a_paper_takes_the_same_few_queries_for_one_and_for_many(
    at_desk, staff, program, django_assert_max_num_queries, kind
):
    client, counts = at_desk(staff), []
    for people in (1, 8):
        course = full_course(program, people)
        with django_assert_max_num_queries(20) as queries:
            get(client, course, kind=kind)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def leaflet(course: Course, **headers) -> str:
    return Client(headers={"accept-language": "en", **headers}).get(reverse("public:leaflet", args=[course.code]))


def test_anybody_opens_the_leaflet_and_finds_it_on_the_page_of_the_class(course):
    response = leaflet(course)
    assert course.code in text_of(response)
    page = Client().get(reverse("public:course", args=[course.code])).content.decode()
    assert page.count(reverse("public:leaflet", args=[course.code])) == 2


def test_a_leaflet_already_at_hand_is_not_sent_again_until_it_changes(course):
    etag = leaflet(course)["ETag"]
    again = leaflet(course, **{"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    course.title = "別の題"
    course.save()
    assert leaflet(course, **{"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [{"is_listed": False}, {"published_at": None}, {"cancelled_at": timezone.now()}],
    ids=lambda f: next(iter(f)),
)
def test_there_is_no_leaflet_of_a_class_that_is_not_for_the_public(course, fields):
    Course.objects.filter(pk=course.pk).update(**fields)
    assert leaflet(course).status_code == 404


def test_a_leaflet_takes_few_queries(course, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        leaflet(course)
    assert Client().get(reverse("public:leaflet", args=[course.code]), {"size": "x"}).status_code == 404
