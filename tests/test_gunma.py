"""The joint course of 渋川市, 吉岡町 and 榛東村 from the invitation to the day, three towns signed in."""

import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from participants.models import Participant
from programs.models import Partnership, Program
from sessions.models import Attendance, Course, Registration
from sessions.occupancy import seats_of
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATE = Registration.State


@pytest.fixture
def shinto_staff(shinto):
    return make.make_user(town=shinto, username="takayanagi", name="高柳")


@pytest.fixture
def offices(new_visitor, line, staff, partner_staff, shinto_staff):
    """A coordinator of each of the three towns at a desk of their own; 榛東村 works on a narrow window."""
    visitors = new_visitor(), new_visitor(), new_visitor(width=390)
    for visitor, user in zip(visitors, (staff, partner_staff, shinto_staff), strict=True):
        visitor.sign_in(user)
    return visitors


def press(visitor, name: str) -> None:
    """Press a button of the page and come to the next."""
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=re.compile(name)).first.click()
    visitor.check()


def found_programme(lead, shibukawa) -> Program:
    page = lead.visit(reverse("programs:new_program"))
    page.locator("#id_name").fill("渋川・吉岡・榛東スマホ講座")
    press(lead, "^(保存|Save)")
    return Program.objects.get(lead=shibukawa)


def invite(lead, program, name: str) -> None:
    page = lead.visit(reverse("programs:program", args=[program.pk]))
    page.locator("#id_town").fill(name)
    press(lead, "^(参加を依頼|Invite)")


def plan(lead, program, curriculum, venue, quotas) -> Course:
    address = reverse("sessions:new_course")
    page = lead.visit(f"{address}?program={program.pk}&curriculum={curriculum.pk}")
    page.locator("#id_venue").select_option(str(venue.pk))
    page.locator("#id_first_at").fill(make.in_days(14).strftime("%Y-%m-%dT%H:%M"))
    page.locator("#id_opens_at").fill((timezone.localtime() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    for town, seats in quotas.items():
        page.locator(f"#id_quota_{town.pk}").fill(str(seats))
    page.locator("main form .btn").click()
    lead.check()
    page.locator("button[name=save]").click()
    lead.check()
    course = Course.objects.get(program=program)
    press(lead, "^(公開|Publish)")
    return course


def take(office, course, town, kana: str, phone: str) -> Registration:
    """A call at the town's desk: somebody not known yet."""
    page = office.visit(f"{reverse('desk:desk')}?q={phone}&new=on&course={course.pk}")
    page.locator("#id_kana").fill(kana)
    page.locator("#id_agreed").check()
    press(office, "^(受け付ける|Register)")
    return Registration.objects.get(participant=Participant.objects.get(kana=kana, municipality=town))


def test_the_course_of_three_towns_from_the_invitation_to_the_day(
    offices, staff, partner_staff, shinto_staff, shibukawa, yoshioka, shinto
):
    lead, partner, village = offices
    venue = make.make_venue(town=shibukawa, name="赤城麓公民館", capacity=8)
    curriculum = make.make_curriculum(title="スマホ入門", capacity=4, session_count=1)

    # The lead founds the programme and invites; each town answers on its own page.
    program = found_programme(lead, shibukawa)
    for town in (yoshioka, shinto):
        invite(lead, program, town.name)
    for office in (partner, village):
        office.visit(reverse("programs:programs"))
        press(office, "^(参加|Take part)")
    assert set(program.partnerships.values_list("state", flat=True)) == {Partnership.State.ACCEPTED}

    # Seats are kept for each town, and each town takes calls.
    course = plan(lead, program, curriculum, venue, {shibukawa: 1, yoshioka: 1, shinto: 1})
    calls = ((lead, shibukawa, "カノウ キヨ", "0279000411"), (partner, yoshioka, "ヨシダ キイチ", "0279000412"))
    for office, town, kana, phone in calls:
        assert take(office, course, town, kana, phone).state == STATE.CONFIRMED
    assert take(lead, course, shibukawa, "ツヅキ ハナ", "0279000413").state == STATE.CONFIRMED
    late = take(lead, course, shibukawa, "マキノ トメ", "0279000414")
    assert late.state == STATE.WAITING
    assert seats_of(course).taken == {shibukawa.pk: 2, yoshioka.pk: 1}

    # The lead releases the kept seats: the free one of 榛東村 goes to who waits; she says yes by telephone.
    lead.visit(reverse("sessions:course", args=[course.pk]))
    press(lead, "枠を開放|Release")
    lead.visit(reverse("sessions:calls"))
    press(lead, "^(参加される|参加する|Takes the seat)")
    late.refresh_from_db()
    assert late.state == STATE.CONFIRMED
    village_woman = take(village, course, shinto, "シミズ トメ", "0279000415")
    assert village_woman.state == STATE.WAITING

    # Each town writes its people into the rota of the day.
    session = course.class_sessions.get()
    rota = reverse("sessions:rota", args=[course.pk])
    for office, town, name in (
        (lead, shibukawa, "杉浦 由美"),
        (partner, yoshioka, "磯部 健"),
        (village, shinto, "森 一"),
    ):
        put_down(office, rota, session, town, name)
    assert set(session.duties.values_list("name", flat=True)) == {"杉浦 由美", "磯部 健", "森 一"}

    with time_machine.travel(session.starts_at + timedelta(minutes=5)):
        for office, user in zip(offices, (staff, partner_staff, shinto_staff), strict=True):
            office.sign_in(user)
        the_day(lead, session)
        afterwards(lead, partner, program, rota, session)

    # Each town sees its own people, and of the others' how many came.
    partner.visit(reverse("sessions:course", args=[course.pk]))
    seen = partner.page.locator("main").inner_text()
    assert "ヨシダ キイチ" in seen
    assert not any(name in seen for name in ("カノウ キヨ", "ツヅキ ハナ", "マキノ トメ", "シミズ トメ"))


def put_down(office, rota, session, town, name: str) -> None:
    page = office.visit(rota)
    summary = page.locator("details summary", has_text=re.compile("当番を加える|Put somebody"))
    if not page.locator(f"#id_s{session.pk}-name").is_visible():
        summary.first.click()
    if page.locator(f"#id_s{session.pk}-town").count():
        page.locator(f"#id_s{session.pk}-town").select_option(str(town.pk))
    page.locator(f"#id_s{session.pk}-name").fill(name)
    page.locator(f"#id_s{session.pk}-duty").select_option("watching")
    press(office, "^(当番に入れる|Put down)")


def the_day(lead, session) -> None:
    """One key a person; somebody of the waiting list has come and may stay."""
    page = lead.visit(reverse("sessions:day", args=[session.pk]))
    page.wait_for_function("document.activeElement.closest('[data-row]')")
    for key in ("1", "1", "3", "1"):
        with page.expect_response("**/mark/"):
            page.keyboard.press(key)
    expect(page.locator(".day-figures")).to_contain_text("3")
    lead.visit(reverse("sessions:walk_in", args=[session.pk]))
    page.locator("#id_kana").fill("モリ ヨシオ")
    page.locator("#id_agreed").check()
    page.locator("input[name=municipality]").last.check()
    press(lead, "^(当日参加|Add a walk-in)")
    lead.picture("gunma-day")
    marks = Counter(Attendance.objects.filter(class_session=session).values_list("mark", flat=True))
    assert marks == {"present": 4, "no_show": 1}


def afterwards(lead, partner, program, rota, session) -> None:
    """The hours are recorded; a partner writes down what it paid, and the lead sees the shares."""
    page = lead.visit(rota)
    for field in page.locator("input[name^='hours_']").all():
        field.fill("2.5")
    press(lead, "^(実績時間を保存|Save the hours)")
    page = partner.visit(reverse("programs:expenses", args=[program.pk]))
    page.locator("main a.btn").first.click()
    partner.check()
    page.locator("#id_yen").fill("9000")
    press(partner, "^(保存|Save)")
    assert page.locator(".banner-error").count() == 0, page.locator("main").inner_text()
    page = lead.visit(reverse("sessions:costs", args=[program.pk]))
    table = page.locator("main table").first.inner_text()
    assert table.count("3,000") >= 3
    lead.picture("gunma-costs")
