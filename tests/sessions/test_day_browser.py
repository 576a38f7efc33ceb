"""A clerk at the community centre: a key a person, a walk-in once helpers suffice, the sheet keyed back."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sessions.models import Attendance, ClassSession, Consultation, Course, DaySheet, Registration
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("アキヤマ ジロウ", "イトウ サチ", "ウエダ ケン", "エンドウ ミツ", "オカダ カズコ")


@pytest.fixture
def today(program, shibukawa, yoshioka) -> ClassSession:
    """Five people have seats in a class that is held all day, so that the test may run at any hour."""
    course = make.make_course(program=program, title="スマホ入門", capacity=8)
    for n, kana in enumerate(NAMES):
        needs = [["wheelchair", "writing"], []][n % 2]
        person = make.make_person(town=(shibukawa, yoshioka)[n % 2], kana=kana, name="", needs=needs)
        make.make_registration(course=course, person=person)
    return hold_today(course)


def hold_today(course: Course) -> ClassSession:
    begin = make.in_days(0, hour=0)
    end = begin + timedelta(hours=23, minutes=59)
    Course.objects.filter(pk=course.pk).update(starts_at=begin, ends_at=end, closes_at=begin)
    ClassSession.objects.filter(course=course).update(starts_at=begin, ends_at=end)
    return course.class_sessions.get()


def marks(session) -> list[str]:
    found = dict(Attendance.objects.filter(class_session=session).values_list("registration", "mark"))
    return [found.get(row.pk, "") for row in session.course.registrations.order_by("pk")]


def test_five_people_take_five_keys_and_z_takes_the_last_one_back(new_visitor, desk, today):
    visitor = new_visitor(width=1024)
    visitor.sign_in(desk)
    page = visitor.visit(reverse("sessions:day", args=[today.pk]))
    for key in "11213":
        page.keyboard.press(key)
    expect(page.locator(".day-no_show")).to_have_count(1)
    expect(page.locator("#said")).to_have_text(re.compile("オカダ カズコ.+連絡なし欠席"))
    assert marks(today) == ["present", "present", "excused", "present", "no_show"]
    page.keyboard.press("z")
    expect(page.locator(".day-no_show")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == page.locator(
        "[data-row]"
    ).last.get_attribute("id")
    page.keyboard.press("k")
    page.keyboard.press("1")
    expect(page.locator(".day-present")).to_have_count(3)
    visitor.check()
    assert marks(today) == ["present", "present", "excused", "present", ""]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_walk_in_is_refused_until_one_more_helper_is_counted(new_visitor, desk, today, yoshioka, javascript):
    visitor = new_visitor(width=390, javascript=javascript)
    visitor.sign_in(desk)
    page = visitor.visit(reverse("sessions:day", args=[today.pk]))
    page.locator(".day-row button[value=present]").first.click()
    for _ in range(2):
        if not javascript:
            visitor.check()
        page.goto(reverse("sessions:walk_in", args=[today.pk]))
        visitor.check()
        page.locator("#id_kana").fill("やまだ はなこ")
        page.locator(f"input[name=municipality][value='{yoshioka.pk}']").check()
        page.locator("#id_agreed").check()
        page.locator("#newcomer .actions .btn").click()
        visitor.check()
        if Registration.objects.filter(is_walk_in=True).exists():
            break
        page.goto(reverse("sessions:day", args=[today.pk]))
        visitor.check()
        page.locator("#id_helpers").fill("1")
        page.locator("form[action$='/helpers/'] button").click()
        visitor.check()
    row = Registration.objects.get(is_walk_in=True)
    assert page.locator(f"#r-{row.pk} .day-name").inner_text() == "ヤマダ ハナコ"
    assert marks(today) == ["present", "", "", "", "", "present"]


def test_the_paper_is_printed_and_keyed_back_by_one_key_a_number(new_visitor, desk, today):
    visitor = new_visitor()
    visitor.sign_in(desk)
    page = visitor.visit(reverse("sessions:day", args=[today.pk]))
    page.locator("form[action$='/day-sheet/'] button").click()
    visitor.check()
    sheet = DaySheet.objects.get()
    page.goto(reverse("sessions:key_sheet", args=[sheet.pk]))
    visitor.check()
    page.locator("#id_mark_1").focus()
    page.keyboard.type("11213")
    for name, figure in {"planned": 5, "came": 4, "walked_in": 0, "total": 4}.items():
        page.locator(f"#id_{name}").fill(str(figure))
    page.locator("main form .btn").last.click()
    visitor.check()
    assert marks(today) == [""] * 5
    page.locator("#id_came").fill("3")
    page.locator("#id_total").fill("3")
    page.locator("main form .btn").last.click()
    visitor.check()
    assert marks(today) == ["present", "present", "excused", "present", "no_show"]


def test_a_consultation_takes_two_keys(new_visitor, program, desk, shibukawa):
    course = make.make_course(program=program, by_slot=True, capacity=3, title="スマホなんでも相談会")
    ClassSession.objects.filter(course=course).update(seats=3)
    for kana in NAMES[:2]:
        person = make.make_person(town=shibukawa, kana=kana)
        make.make_registration(course=course, person=person, class_session=course.class_sessions.get())
    hold_today(course)
    visitor = new_visitor()
    visitor.sign_in(desk)
    page = visitor.visit(reverse("sessions:consultations", args=[course.pk]))
    for keys in ("61", "93"):
        page.keyboard.press(keys[0])
        with page.expect_navigation():
            page.keyboard.press(keys[1])
        visitor.check()
    done = Consultation.objects.order_by("pk").values_list("topic", "outcome")
    assert list(done) == [("card", "solved"), ("anything", "elsewhere")]
