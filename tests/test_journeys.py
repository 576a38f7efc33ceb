"""The first season, played whole: from a town's open class to the last seat taken by SMS."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from config.worker import work_once
from messaging.models import Message
from participants.models import Participant
from sessions.models import Registration
from sessions.occupancy import seats_of
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATE = Registration.State


@pytest.fixture(autouse=True)
def practice(settings):
    settings.MESSAGING_BACKEND = "simulator"


@pytest.fixture
def course(program, shibukawa, yoshioka, shinto):
    """Open to three towns; one seat is left for 吉岡町, one for 榛東村 and one for whoever comes first."""
    course = make.make_course(
        program=program,
        title="スマホ入門3回コース",
        capacity=6,
        quotas={shibukawa: 2, yoshioka: 2, shinto: 1},
        session_count=3,
        code="5205",
        quota_release_at=make.in_days(10),
    )
    for town in (shibukawa, shibukawa, yoshioka):
        make.make_registration(course=course, town=town, state=STATE.CONFIRMED)
    return course


@pytest.fixture
def tomorrow(program, shibukawa):
    """A class of tomorrow, and 小林, who registered ten days ago and has not been reminded."""
    course = make.make_course(
        program=program,
        title="安全に使う",
        starts_at=make.in_days(1, hour=13),
        closes_at=timezone.now() + timedelta(hours=2),
    )
    person = make.make_person(town=shibukawa, kana="コバヤシ シゲル", phone="090-0310-0421")
    registration = make.make_registration(course=course, person=person)
    long_ago = timezone.now() - timedelta(days=10)
    Registration.objects.filter(pk=registration.pk).update(
        applied_at=long_ago, confirmed_at=long_ago, changed_at=long_ago
    )
    registration.notices.update(made_at=long_ago, due_at=long_ago)
    return course


class Handset:
    """The practice telephone, held by one person."""

    def __init__(self, visitor, number: str) -> None:
        self.visitor, self.page, self.sent = visitor, visitor.page, 0
        visitor.visit(f"/simulator/?number={number}")

    def text(self, body: str) -> str:
        """Send a text, let the worker pass, and read the newest answer."""
        self.sent += 1
        answers = self.page.locator("#talk .bubble:not(.bubble-me)")
        before = answers.count()
        self.page.get_by_label(re.compile("送る文|Text to send")).fill(body)
        self.page.get_by_role("button", name=re.compile("^(送る|Send)$")).click()
        self.page.locator("#talk .bubble-me").nth(self.sent - 1).wait_for()
        work_once()
        answers.nth(before).wait_for()
        return answers.last.inner_text()

    def last_text(self) -> str:
        """The newest text; what the night holds back is let go, so that the story can be told at any hour."""
        work_once()
        Message.objects.filter(state="queued").update(not_before=timezone.now())
        work_once()
        self.page.reload()
        self.visitor.check()
        return self.page.locator("#talk .bubble:not(.bubble-me)").last.inner_text()


def meter(visitor, course) -> str:
    visitor.visit(f"/staff/courses/{course.pk}/")
    return visitor.page.locator(".seat-meter").first.inner_text()


def test_the_first_season_from_the_open_class_to_the_last_seat(
    new_visitor, course, tomorrow, staff, desk, partner_staff, shibukawa, yoshioka
):
    work_once()
    senior = new_visitor(width=390)
    senior.visit("/")
    assert "スマホ入門3回コース" in senior.page.content()
    senior.visit("/classes/5205/")
    assert "090-0210-0999" in senior.page.content()

    # A senior of 吉岡町 registers by SMS within three messages.
    handset_desk = new_visitor()
    handset_desk.sign_in(staff)
    handset = Handset(handset_desk, "090-0310-0402")
    assert "スマホ入門3回コース" in handset.text("5205")
    assert "よろしければ" in handset.text("2 ヨシダ キイチ")
    answer = handset.text("1")
    assert handset.sent == 3
    by_sms = Registration.objects.get(channel="sms")
    assert (by_sms.state, by_sms.municipality) == (STATE.CONFIRMED, yoshioka)
    assert by_sms.receipt_number in answer

    # The telephone desk registers another, by keyboard.
    clerk = new_visitor()
    clerk.sign_in(desk)
    clerk.visit("/staff/")
    clerk.page.keyboard.press("F2")
    clerk.page.wait_for_url("**/staff/phone/**")
    clerk.check()
    neighbour = make.make_person(town=shibukawa, kana="タカハシ サチエ", phone="0279-00-0403", sms=False)
    clerk.visit(f"/staff/phone/?q=0279000403&person={neighbour.pk}&course={course.pk}")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("F9")
    clerk.check()
    by_desk = Registration.objects.get(channel="phone", participant=neighbour)
    assert by_desk.state == STATE.CONFIRMED
    assert by_desk.receipt_number in clerk.page.content()

    # Each town's seat meter follows, seen by the lead and by a partner.
    coordinator, partner = new_visitor(), new_visitor(width=390)
    coordinator.sign_in(staff)
    partner.sign_in(partner_staff)
    seats = seats_of(course)
    assert seats.taken == {shibukawa.pk: 3, yoshioka.pk: 2}
    for visitor in (coordinator, partner):
        shown = meter(visitor, course)
        assert re.search(
            r"渋川市\s+満席（2／2）\s+吉\s+吉岡町\s+満席（2／2）\s+榛\s+榛東村\s+あと1（0／1）", shown
        ), shown
        assert re.search(r"共通枠\s+満席（1／1）", shown), shown

    # The worker reminds 小林 of tomorrow's class on the simulator's handset.
    kobayashi = Handset(coordinator, "090-0310-0421")
    assert "安全に使う" in kobayashi.last_text()
    assert Message.objects.filter(purpose="reminder", state="delivered").count() == 1

    # The class is full for 渋川市: the next caller waits, a cancellation frees a seat, "1" takes it.
    waiting = Handset(coordinator, "090-0310-0431")
    waiting.text("5205")
    waiting.text("1 イソベ フミ")
    assert "キャンセル待ち" in waiting.text("1")
    isobe = Registration.objects.get(participant=Participant.objects.get(kana="イソベ フミ"))
    assert isobe.state == STATE.WAITING
    seated = course.registrations.filter(municipality=shibukawa, state=STATE.CONFIRMED).first()
    coordinator.visit(f"/staff/registrations/{seated.pk}/cancel/")
    coordinator.page.get_by_role("radio").first.check()
    with coordinator.page.expect_navigation():
        coordinator.page.locator("main form .btn-danger").click()
    coordinator.check()
    isobe.refresh_from_db()
    assert isobe.state == STATE.OFFERED
    offered = Handset(coordinator, "090-0310-0431")
    assert "空きが出ました" in offered.last_text()
    offered.sent = 3
    assert isobe.receipt_number in offered.text("1")
    isobe.refresh_from_db()
    assert isobe.state == STATE.CONFIRMED
    coordinator.picture("story-handset")
