"""Applications as a table for the town's own use: person by session, own residents only, and written down."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from participants.models import Channel, Participant
from participants.people import give_number
from sessions.models import Attendance
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db

HEADER = (
    "受付番号,受講者番号,氏名,フリガナ,生年（西暦）,年代（コード）,年代,居住市町村コード,居住市町村,電話番号,年度,事業,"
    "講座番号,講座名,テーマ（コード）,テーマ,主催市町村コード,主催市町村,回,開催日,開始時刻,終了時刻,会場,部屋,"
    "回の中止（1：中止）,申込の状態（コード）,申込の状態,申込の方法（コード）,申込の方法,申込日,"
    "当日参加（1：当日参加）,出欠（コード）,出欠\r\n"
)


@pytest.fixture(autouse=True)
def in_autumn(time_machine):
    time_machine.move_to("2026-11-24 10:00+09:00")


@pytest.fixture
def page(client, staff):
    client.force_login(staff)
    return client


def exported(page, year: int = 2026) -> bytes:
    response = page.post(reverse("participants:export"), {"year": year})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(response.streaming_content)


def rows(page, year: int = 2026) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(page, year).decode("utf-8-sig"), newline="")))


def test_the_header_is_stable_to_the_byte_in_every_language(page):
    page.cookies["django_language"] = "en"
    assert exported(page) == b"\xef\xbb\xbf" + HEADER.encode()


def test_a_person_has_a_row_for_each_session_with_codes_and_names(page, program, shibukawa):
    course = make.make_course(program=program, code="4821", session_count=2, starts_at=make.in_days(7))
    person = make.make_person(
        town=shibukawa, kana="サトウ ハナコ", name="佐藤 花子", phone="090-0310-0401", birth_year=1941
    )
    registration = make.make_registration(course=course, person=person)
    first, _second = course.class_sessions.order_by("number")
    Attendance.objects.create(registration=registration, class_session=first, mark="present", at=timezone.now())
    one, two = rows(page)
    assert one == {
        "受付番号": registration.receipt_number,
        "受講者番号": str(person.pk),
        "氏名": "佐藤 花子",
        "フリガナ": "サトウ ハナコ",
        "生年（西暦）": "1941",
        "年代（コード）": "85-",
        "年代": "85歳以上",
        "居住市町村コード": "102083",
        "居住市町村": "渋川市",
        "電話番号": "090-0310-0401",
        "年度": "2026",
        "事業": "渋川・吉岡・榛東スマホ講座",
        "講座番号": "4821",
        "講座名": "安全に使う",
        "テーマ（コード）": "safety",
        "テーマ": "安全に使う",
        "主催市町村コード": "102083",
        "主催市町村": "渋川市",
        "回": "1",
        "開催日": "2026-12-01",
        "開始時刻": "10:00",
        "終了時刻": "11:30",
        "会場": first.venue.name,
        "部屋": "",
        "回の中止（1：中止）": "0",
        "申込の状態（コード）": "confirmed",
        "申込の状態": "確定",
        "申込の方法（コード）": "phone",
        "申込の方法": "電話",
        "申込日": "2026-11-24",
        "当日参加（1：当日参加）": "0",
        "出欠（コード）": "present",
        "出欠": "出席",
    }
    assert (two["回"], two["出欠（コード）"], two["出欠"]) == ("2", "unknown", "不明")


def test_only_own_residents_are_in_it(page, program, shibukawa, yoshioka):
    course = make.make_course(program=program)
    make.make_registration(course=course, person=make.make_person(town=shibukawa, kana="ジモト"))
    make.make_registration(course=course, person=make.make_person(town=yoshioka, kana="トナリ"))
    moved = make.make_person(town=shibukawa, kana="ヒッコシ")
    make.make_registration(course=course, person=moved)
    Participant.objects.filter(pk=moved.pk).update(municipality=yoshioka)
    assert [row["フリガナ"] for row in rows(page)] == ["ジモト"]


def test_residents_in_a_class_that_another_town_holds_are_in_it(client, partner_staff, program, yoshioka):
    make.make_registration(course=make.make_course(program=program), town=yoshioka)
    client.force_login(partner_staff)
    assert [row["主催市町村"] for row in rows(client)] == ["渋川市"]


def test_every_state_is_in_it_and_another_year_is_not(page, program, shibukawa):
    cancel(make.make_registration(course=make.make_course(program=program)), channel=Channel.PHONE)
    last_year = make.make_program(lead=shibukawa, fiscal_year=2025)
    make.make_registration(course=make.make_course(program=last_year))
    assert [row["申込の状態"] for row in rows(page)] == ["取消し"]
    assert [row["申込の状態"] for row in rows(page, 2025)] == ["確定"]


def test_a_slot_of_a_consultation_day_is_one_row(page, program):
    course = make.make_course(program=program, by_slot=True, session_count=3)
    course.class_sessions.update(seats=1)
    make.make_registration(course=course, class_session=course.class_sessions.get(number=2))
    assert [row["回"] for row in rows(page)] == ["2"]


def test_two_numbers_do_not_make_two_rows_and_an_emergency_number_is_not_given(page, program, shibukawa):
    person = make.make_person(town=shibukawa, phone="090-0310-0401")
    for text, relation in (("090-0310-0402", "family"), ("090-0310-0403", "emergency")):
        give_number(person, make.number(text), relation=relation, by=None, channel=Channel.COUNTER)
    make.make_registration(course=make.make_course(program=program), person=person)
    assert [row["電話番号"] for row in rows(page)] == ["090-0310-0401"]


def test_a_name_that_is_a_formula_is_defused(page, program, shibukawa):
    person = make.make_person(town=shibukawa, name='=HYPERLINK("http://x")')
    make.make_registration(course=make.make_course(program=program), person=person)
    assert [row["氏名"] for row in rows(page)] == ['\'=HYPERLINK("http://x")']


def test_an_export_is_written_down_with_counts_and_without_names(page, program, staff, shibukawa):
    make.make_registration(course=make.make_course(program=program, session_count=2), town=shibukawa)
    exported(page)
    entry = AuditEntry.objects.get(act="registration.exported")
    assert (entry.by, entry.municipality, entry.detail) == (staff, shibukawa, {"fiscal_year": 2026, "rows": 2})


def test_looking_at_the_page_exports_nothing(page):
    assert page.get(reverse("participants:export")).status_code == 200
    assert not AuditEntry.objects.filter(act="registration.exported").exists()


@pytest.mark.parametrize("year", ["", "1999", "abc"])
def test_a_year_without_programmes_is_refused(page, year):
    assert list(page.post(reverse("participants:export"), {"year": year}).context["form"].errors) in (["year"], [])


@pytest.mark.parametrize("role", [Role.DESK, Role.VIEWER])
def test_who_may_not_export_is_turned_away(client, shibukawa, role):
    client.force_login(make.make_user(town=shibukawa, role=role))
    assert client.post(reverse("participants:export"), {"year": 2026}).status_code == 403


def test_many_applications_take_as_many_queries_as_one(page, program, django_assert_num_queries):
    course = make.make_course(program=program, capacity=40, session_count=2)
    counts = []
    for people in (1, 12):
        for _ in range(people):
            make.make_registration(course=course)
        with django_assert_num_queries(9):
            counts.append(len(rows(page)))
    assert counts == [2, 26]


def test_the_table_of_codes_names_every_code(page):
    content = page.get(reverse("participants:export_codes")).content.decode("utf-8-sig")
    codes = {
        (row["項目名"], row["コード"]): row["名称"] for row in csv.DictReader(io.StringIO(content, newline=""))
    }
    assert codes["出欠（コード）", "no_show"] == "連絡なし欠席"
    assert codes["申込の状態（コード）", "waiting"] == "キャンセル待ち"
