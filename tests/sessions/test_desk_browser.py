"""The telephone desk in a real browser: worked by keys alone, with and without JavaScript."""

import re

import pytest

from participants.models import Channel, Participant
from sessions.models import Registration
from sessions.registration import cancel
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = "/staff/phone/"


class Clerk:
    """Somebody who works the desk without a mouse; counts the keys, but for names, addresses and numbers."""

    def __init__(self, visitor, user) -> None:
        self.visitor, self.page, self.keys = visitor, visitor.page, 0
        visitor.sign_in(user)
        visitor.visit(DESK)
        self.page.evaluate("document.addEventListener('pointerdown', () => { window.usedMouse = true })")

    def says(self, text: str) -> None:
        """Typed as the caller says it: not counted."""
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def press_and_wait(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)
        self.visitor.check()

    def focus(self) -> str:
        return self.page.evaluate("document.activeElement.name || document.activeElement.id")


@pytest.fixture
def course(joint_course):
    return joint_course


@pytest.fixture
def later(program, course):
    return make.make_course(program=program, starts_at=make.in_days(20), title="文字入力とメール")


def receipt_on(page) -> str:
    return page.locator(".taken-number").first.inner_text()


def test_somebody_known_is_registered_within_twelve_keys(visitor, desk, program, course, later, couple):
    last = make.make_course(program=program, starts_at=make.in_days(27))
    clerk = Clerk(visitor, desk)
    clerk.says("0279000405")
    clerk.press_and_wait("Enter")
    assert clerk.focus() == "person"
    clerk.press("ArrowDown")
    visitor.page.wait_for_selector(f"#person-{couple[1].pk}:focus ~ *, #person-{couple[1].pk}:checked")
    clerk.press_and_wait("Enter")
    assert clerk.focus() == "course"
    for choice in (later, last):
        clerk.press("ArrowDown")
        visitor.page.wait_for_selector(f"#register [name=course][value='{choice.pk}']", state="attached")
    visitor.picture("desk-known")
    clerk.press_and_wait("F9")
    registration = Registration.objects.get()
    assert (registration.participant, registration.course) == (couple[1], last)
    assert receipt_on(clerk.page) == registration.receipt_number
    assert clerk.keys <= 12
    print(f"somebody known: {clerk.keys} keys")  # noqa: T201  # the figure of the acceptance line


def test_somebody_new_is_registered_within_sixty_keys(visitor, desk, course, later, shibukawa):
    clerk = Clerk(visitor, desk)
    clerk.says("09003100403")
    clerk.press_and_wait("Enter")
    clerk.press("ArrowDown")
    clerk.press_and_wait("Enter")
    assert clerk.focus() == "kana"
    clerk.says("アオキ ミツ")
    clerk.press("Enter")
    clerk.says("青木 みつ")
    clerk.press("Enter", "Enter", "3", "Enter")  # lives in town, has an easy smartphone
    clerk.press("s", "1", "6", "Enter")
    assert clerk.focus() == "phone"
    clerk.press("Enter", "Enter", "Enter", "1", "2", "Enter", "Enter")  # the number as it is, SMS, two needs
    assert clerk.focus() == "agreed"
    visitor.picture("desk-new")
    clerk.press("1")
    clerk.press_and_wait("F9")
    person = Registration.objects.get().participant
    assert (person.kana, person.name, person.birth_year) == ("アオキ ミツ", "青木 みつ", 1941)
    assert (person.municipality, person.device, person.reach) == (shibukawa, "simple", "sms")
    assert person.needs == ["front_seat", "large_print"]
    assert [c.purpose for c in person.consents.all()] == ["use", "sharing", "sms"]
    assert receipt_on(clerk.page) == Registration.objects.get().receipt_number
    visitor.picture("desk-receipt")
    assert clerk.keys <= 60
    print(f"somebody new: {clerk.keys} keys")  # noqa: T201  # the figure of the acceptance line


def test_without_javascript_the_same_is_done_by_tab_and_enter(visitor_without_javascript, desk, course, couple):
    clerk = Clerk(visitor_without_javascript, desk)
    clerk.says("0279000405")
    clerk.press_and_wait("Enter")
    clerk.press("ArrowDown")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    assert clerk.focus() == "go"
    clerk.press_and_wait("Enter")
    assert Registration.objects.get().participant == couple[1]
    assert clerk.keys <= 12


def test_without_javascript_somebody_new_is_written_down(visitor_without_javascript, desk, course):
    clerk = Clerk(visitor_without_javascript, desk)
    clerk.says("09003100403")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    clerk.says("アオキ ミツ")
    while clerk.focus() != "agreed":
        clerk.press("Tab")
    clerk.press("Space")
    clerk.press_and_wait("Enter")  # looks over once more
    assert clerk.focus() == "go"
    clerk.press_and_wait("Enter")
    assert Registration.objects.get().participant.kana == "アオキ ミツ"
    assert clerk.keys <= 60


def test_a_possible_duplicate_is_settled_with_one_key(visitor, desk, course, shibukawa):
    known = make.make_person(town=shibukawa, kana="アオキ ミツ", name="青木 みつ")
    clerk = Clerk(visitor, desk)
    clerk.says("09003100404")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    clerk.says("あおき みつ")
    clerk.page.locator("#id_agreed").focus()
    clerk.press("1")
    clerk.press_and_wait("F9")
    visitor.picture("desk-duplicate")
    assert clerk.page.locator("[name=who]").count() == 2
    clerk.press_and_wait("F6")
    assert Registration.objects.get().participant == known
    assert Participant.objects.count() == 1


def test_an_offer_is_taken_and_a_place_given_back_by_keys(visitor, desk, program, shibukawa, couple):
    full = make.make_course(program=program, capacity=1)
    first = make.make_registration(course=full, town=shibukawa)
    second = make.make_registration(course=full, person=couple[0], state="waiting")
    cancel(first, channel=Channel.PHONE)
    clerk = Clerk(visitor, desk)
    clerk.says(second.receipt_number)
    clerk.press_and_wait("Enter")
    clerk.press("F8")
    clerk.press("Tab")
    clerk.press_and_wait("Enter")
    visitor.picture("desk-act")
    clerk.press_and_wait("F9")
    second.refresh_from_db()
    assert second.is_confirmed
    assert clerk.keys <= 12


def test_two_come_together(visitor, desk, course, couple):
    clerk = Clerk(visitor, desk)
    clerk.says("0279000405")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    clerk.page.locator("[name=also]").focus()
    clerk.press("Space")
    visitor.page.wait_for_selector("[name=also]:checked")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("F9")
    assert {row.participant for row in Registration.objects.all()} == set(couple)
    assert clerk.page.locator(".taken-number").count() == 2


def test_the_script_goes_along_and_escape_starts_again(visitor, desk, course):
    clerk = Clerk(visitor, desk)
    clerk.says("09003100403")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    current = visitor.page.locator("#script [aria-current=step]")
    assert current.get_attribute("data-line") == "4"
    clerk.page.locator("#id_phone").focus()
    assert current.get_attribute("data-line") == "5"
    clerk.press_and_wait("Escape")
    assert re.fullmatch(r".*/staff/phone/", clerk.page.url)
    assert clerk.focus() == "q"


def test_the_count_is_shown_while_one_types(visitor, desk, couple):
    clerk = Clerk(visitor, desk)
    clerk.says("さとう")
    visitor.page.wait_for_selector("#found b")
    assert "2" in visitor.page.locator("#found").inner_text()
    assert clerk.focus() == "q"


@pytest.mark.parametrize("width", [390, 1366])
def test_the_desk_can_be_shown(new_visitor, desk, program, course, later, couple, shibukawa, yoshioka, width):
    make.make_person(town=yoshioka, kana="アオキ ハル", phone="0279-00-0405")
    for town, count in ((shibukawa, 5), (yoshioka, 2)):
        for _n in range(count):
            make.make_registration(course=course, town=town)
    full = make.make_course(program=program, capacity=1, starts_at=make.in_days(9), title="防災アプリ")
    first = make.make_registration(course=full, town=shibukawa)
    make.make_registration(course=full, person=couple[1], state="waiting")
    make.make_registration(course=later, person=couple[1], state="confirmed")
    make.make_course(
        program=program, by_slot=True, session_count=3, capacity=3, starts_at=make.in_days(8), title="よろず相談会"
    )
    cancel(first, channel=Channel.PHONE)
    visitor = new_visitor(width=width)
    visitor.sign_in(desk)
    visitor.visit(DESK)
    visitor.picture("desk-empty")
    visitor.visit(f"{DESK}?q=0279000405&person={couple[1].pk}&course={course.pk}")
    visitor.picture("desk-chosen")
    visitor.visit(f"{DESK}?q=09003100403&course={course.pk}")
    visitor.picture("desk-newcomer")
    visitor.visit(f"/staff/people/{couple[1].pk}/")
    visitor.picture("person")
    visitor.visit(f"/staff/people/{couple[1].pk}/edit/")
    visitor.visit("/staff/people/")
    visitor.picture("people")


def test_a_consultation_is_booked_for_somebody_new(visitor, desk, program, course):
    day = make.make_course(program=program, by_slot=True, session_count=2, capacity=2, starts_at=make.in_days(9))
    clerk = Clerk(visitor, desk)
    clerk.says("09003100403")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    assert clerk.focus() == "slot"
    clerk.press("ArrowDown")
    visitor.page.wait_for_selector(f"#slot-{day.class_sessions.last().pk}:checked")
    clerk.press_and_wait("Enter")
    assert clerk.focus() == "kana"
    clerk.says("アオキ ミツ")
    clerk.page.locator("#id_agreed").focus()
    clerk.press("1")
    clerk.press_and_wait("F9")
    assert Registration.objects.get().class_session == day.class_sessions.last()


def test_the_class_is_changed_while_somebody_new_is_written_down(visitor, desk, course, later, yoshioka):
    clerk = Clerk(visitor, desk)
    clerk.says("09003100403")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    clerk.says("アオキ ミツ")
    clerk.page.locator(f"#course-{course.pk}").focus()
    clerk.press("ArrowDown")
    visitor.page.wait_for_selector("#seats-title:has-text('文字入力とメール')")
    assert clerk.page.locator("#id_kana").input_value() == "アオキ ミツ"
    assert "文字入力とメール" in clerk.page.locator("#say").inner_text()
    clerk.page.locator(f"[name=municipality][value='{yoshioka.pk}']").focus()
    clerk.press("Space")
    clerk.page.locator("#id_agreed").focus()
    clerk.press("1")
    clerk.press_and_wait("F9")
    registration = Registration.objects.get()
    assert (registration.course, registration.municipality) == (later, yoshioka)
