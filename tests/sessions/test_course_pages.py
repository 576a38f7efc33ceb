"""The list of courses, the page of one, its seats, and its roster as each town sees it."""

import copy
import re
from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Municipality
from participants.models import Channel, Participant
from programs.sharing import withdraw
from sessions.models import Course, Notice, Registration
from sessions.registration import cancel
from tests import make
from tests.sessions.course_pages import show

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


def resident(town: Municipality, name: str, phone: str, **fields):
    return make.make_person(town=town, name=name, phone=phone, **fields)


def copies[Row: Model](row: Row, count: int, change: Callable[[int], dict]) -> list[Row]:
    """Many rows at once, each like the first but for what is changed."""
    rows = []
    for n in range(count):
        another = copy.copy(row)
        another.pk, another._state = None, copy.copy(row._state)
        for name, value in change(n).items():
            setattr(another, name, value)
        rows.append(another)
    return type(row)._default_manager.bulk_create(rows)


# ---- the list ----


def shown(client: Client, **choice) -> list[Course]:
    table = client.get(reverse("sessions:courses"), choice).context["table"]
    return [row.record for row in table.paginated_rows]


def test_the_list_opens_with_what_is_still_to_come(page, program):
    coming = make.make_course(program=program)
    draft = make.make_course(program=program, published_at=None)
    past = make.make_course(program=program, starts_at=make.in_days(-3))
    assert shown(page) == [coming, draft]
    assert shown(page, state="draft") == [draft]
    assert shown(page, state="past") == [past]
    assert shown(page, state="") == [past, coming, draft]


def test_the_list_is_searched_by_title_number_programme_and_host(page, program, shibukawa, yoshioka):
    maps = make.make_course(program=program, title="地図を見る", host=yoshioka)
    safe = make.make_course(program=make.make_program(lead=shibukawa), title="安全に使う")
    assert shown(page, words="地図") == [maps]
    assert shown(page, words=safe.code) == [safe]
    assert shown(page, program=safe.program.pk) == [safe]
    assert shown(page, host=yoshioka.pk) == [maps]
    assert shown(page, program="x", host="99999") == [maps, safe]


def test_a_town_sees_the_courses_of_its_programmes_only(at_desk, page, partner, stranger, course):
    assert shown(page) == shown(partner) == [course]
    assert shown(at_desk(stranger)) == []


def test_the_list_tells_how_many_seats_are_left_and_how_many_wait(page, program, shibukawa):
    course = make.make_course(program=program, capacity=1)
    for _ in range(3):
        make.make_registration(course=course, town=shibukawa)
    cell = page.get(reverse("sessions:courses")).context["table"].rows[0].get_cell("seats")
    assert cell == "Full (1), 2 waiting"


def test_the_list_takes_as_many_queries_for_one_course_as_for_300(page, program, django_assert_num_queries):
    venue, curriculum = make.make_venue(town=program.lead), make.make_curriculum()
    make.make_course(program=program, venue=venue, curriculum=curriculum, code="9999")
    with django_assert_num_queries(LIST_QUERIES):
        page.get(reverse("sessions:courses"))
    copies(Course.objects.get(), 299, lambda n: {"code": f"{n + 1000}"})
    with django_assert_num_queries(LIST_QUERIES):
        assert len(shown(page)) == 25


LIST_QUERIES = 12


# ---- seats ----


def seat_rows(client: Client, course: Course) -> list[tuple[str, int, int, int]]:
    rows = client.get(reverse("sessions:course", args=[course.pk])).context["seat_rows"]
    return [(row.town.name, row.taken, row.held, row.free) for row in rows]


def test_the_seat_meter_stands_town_by_town_with_guests_in_the_common_pool(page, course, shibukawa, yoshioka):
    for town in (*[shibukawa] * 4, yoshioka):
        make.make_registration(course=course, town=town)
    assert seat_rows(page, course) == [
        ("渋川市", 3, 0, 0),
        ("吉岡町", 1, 0, 1),
        ("榛東村", 0, 0, 1),
        ("Common seats", 0, 0, 1),
    ]
    pool = page.get(reverse("sessions:course", args=[course.pk])).context["seat_rows"][-1]
    assert [(guest.tone, guest.taken) for guest in pool.guests] == [("a", 1)]


def test_a_seat_on_offer_is_drawn_as_held(page, program, shibukawa):
    course = make.make_course(program=program, capacity=1)
    taken = make.make_registration(course=course, town=shibukawa)
    make.make_registration(course=course, town=shibukawa, state="waiting")
    cancel(taken, channel=Channel.PHONE)
    guests = page.get(reverse("sessions:course", args=[course.pk])).context["seat_rows"][-1].guests
    assert [(guest.taken, guest.held) for guest in guests] == [(0, 1)]


def test_the_page_says_when_kept_seats_go_to_everybody(page, course):
    sentence = page.get(reverse("sessions:course", args=[course.pk])).context["release"].words
    assert sentence.startswith("3 free seats of 渋川市, 2 free seats of 吉岡町, 1 free seats of 榛東村 go to")


def test_people_of_a_town_that_left_stay_on_the_page(page, course, yoshioka, staff):
    make.make_registration(course=course, person=resident(yoshioka, "神山 ふみ", "090-0310-0411"))
    withdraw(course.program.partnerships.get(municipality=yoshioka), by=staff)
    assert "神山 ふみ" in show(page, course)
    assert ("吉岡町", 1, 0, 1) in seat_rows(page, course)


# ---- who sees whom ----


@pytest.fixture
def people(course, shibukawa, yoshioka, shinto) -> dict[str, Registration]:
    rows = [
        (shibukawa, "都丸 きく", "090-0310-0401", "large_print"),
        (yoshioka, "神山 ふみ", "090-0310-0402", "wheelchair"),
        (shinto, "林 キヨ", "090-0310-0403", "writing"),
    ]
    return {
        town.name: make.make_registration(course=course, person=resident(town, name, phone, needs=[need]))
        for town, name, phone, need in rows
    }


def test_the_lead_sees_own_residents_in_full_and_of_others_what_the_day_needs(page, course, people):
    text = show(page, course)
    assert {name for name in ("都丸 きく", "神山 ふみ", "林 キヨ") if name in text} == {
        "都丸 きく",
        "神山 ふみ",
        "林 キヨ",
    }
    assert "A place for a wheelchair" in text
    assert re.findall(r"090-\d{4}-\d{4}", text) == ["090-0310-0401"]
    assert "Ask 吉岡町" in text


def test_a_partner_sees_of_others_only_how_many_they_are(partner, course, people):
    text = show(partner, course)
    assert "神山 ふみ" in text
    assert "渋川市 1 · 吉岡町 1 · 榛東村 1" in " ".join(text.split())
    for hidden in (
        "都丸",
        "林 キヨ",
        "090-0310-0401",
        "090-0310-0403",
        "Large print",
        people["渋川市"].receipt_number,
    ):
        assert hidden not in text


def test_a_partner_that_holds_the_class_sees_the_names_of_the_day(partner, program, shibukawa, yoshioka):
    course = make.make_course(program=program, host=yoshioka)
    make.make_registration(course=course, person=resident(shibukawa, "都丸 きく", "090-0310-0401"))
    text = show(partner, course)
    assert "都丸 きく" in text
    assert "090-0310-0401" not in text


def test_a_council_sees_counts_and_no_names(at_desk, course, people):
    council = make.make_town(name="協議会", kind=Municipality.Kind.COUNCIL)
    course.program.lead = council
    course.program.save()
    client = at_desk(make.make_user(town=council))
    text = show(client, course)
    assert "1 · " in " ".join(text.split())
    for name in ("都丸", "神山", "林 キヨ"):
        assert name not in text
    assert client.get(reverse("sessions:roster", args=[course.pk])).status_code == 403


def test_waiting_residents_of_other_towns_have_a_number_but_no_name(page, partner, program, yoshioka, shibukawa):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course, town=shibukawa)
    waiting = make.make_registration(course=course, person=resident(yoshioka, "神山 ふみ", "090-0310-0402"))
    assert waiting.receipt_number in show(page, course)
    assert "神山" not in show(page, course)
    assert "神山 ふみ" in show(partner, course)


def test_each_look_at_a_roster_is_on_record(page, partner, course, people, staff, shibukawa):
    show(page, course)
    page.get(reverse("sessions:roster", args=[course.pk]))
    viewed = AuditEntry.objects.filter(act="roster.viewed", by=staff, municipality=shibukawa)
    assert [entry.subject_id for entry in viewed] == [str(course.pk)] * 2


def test_the_roster_sheet_has_rows_for_everybody_and_blank_ones(page, course, people):
    text = page.get(reverse("sessions:roster", args=[course.pk])).content.decode()
    assert text.count('<span class="tick"></span>') == (3 + 4) * 2
    assert "神山 ふみ" in text
    assert "090-" not in text


def test_the_last_notice_of_each_person_is_shown(page, course, shibukawa):
    make.make_registration(course=course, town=shibukawa)
    by_call = make.make_registration(
        course=course, town=shibukawa, person=make.make_person(town=shibukawa, sms=False)
    )
    Notice.objects.filter(registration=by_call).update(rung="call", outcome="", closed_at=None, calls_made=2)
    roster = page.get(reverse("sessions:course", args=[course.pk])).context["roster"]
    words = {row.registration.pk: row.notice for row in roster.rows}
    assert sorted((word.text, word.tone) for word in words.values()) == [
        ("Call by staff: no answer, 2 times", "bad"),
        ("SMS Waiting to be sent", "plain"),
    ]


def test_the_course_page_takes_as_many_queries_for_one_person_as_for_300(
    page, program, shibukawa, yoshioka, django_assert_num_queries
):
    course = make.make_course(program=program, capacity=400)
    make.make_registration(course=course, town=shibukawa)
    make.make_registration(course=course, town=yoshioka)
    with django_assert_num_queries(COURSE_QUERIES):
        show(page, course)
    person = Participant.objects.of(shibukawa).get()
    people = copies(person, 300, lambda n: {"municipality": (shibukawa, yoshioka)[n % 2]})
    registration = person.registrations.get()
    copies(registration, 300, lambda n: {"participant": people[n], "municipality": people[n].municipality})
    with django_assert_num_queries(COURSE_QUERIES):
        assert "302 confirmed" in show(page, course)


COURSE_QUERIES = 20
