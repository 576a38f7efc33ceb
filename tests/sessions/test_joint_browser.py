"""A partner accepts, the lead writes down what was paid, the shares are shown; a rota is written together."""

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.models import Partnership, Program
from programs.sharing import invite
from sessions.costs import costs_of
from sessions.models import Headcount, StaffDuty
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alone(shibukawa, line) -> Program:
    return make.make_program(lead=shibukawa, name="渋川・吉岡スマホ講座")


def test_two_towns_share_costs_and_staff(new_visitor, alone, staff, partner_staff, yoshioka, shibukawa):
    invitation = invite(alone, yoshioka, by=staff)
    assert isinstance(invitation, Partnership)
    partner = new_visitor(width=390)
    partner.sign_in(partner_staff)
    page = partner.visit(reverse("programs:program", args=[alone.pk]))
    page.locator(f"form[action='{reverse('programs:accept', args=[invitation.pk])}'] button").click()
    partner.check()
    lead = new_visitor()
    lead.sign_in(staff)
    page = lead.visit(reverse("programs:expenses", args=[alone.pk]))
    for town, yen in ((shibukawa, "１２，３４５円"), (yoshioka, "654")):
        page.locator(".desk-head a.btn").first.click()
        lead.check()
        page.locator("#id_paid_by").select_option(str(town.pk))
        page.locator("#id_yen").fill(yen)
        page.locator("main form .btn").click()
        lead.check()
    page.locator(f"a[href='{reverse('sessions:costs', args=[alone.pk])}']").click()
    lead.check()
    assert "6,500" in page.locator("main table").first.inner_text()
    assert "5,845" in page.locator("main table").first.inner_text()
    lead.visit(reverse("sessions:costs_sheet", args=[alone.pk]))
    course = make.make_course(program=alone, session_count=2)
    session = course.class_sessions.first()
    page = partner.visit(reverse("sessions:rota", args=[course.pk]))
    page.locator(f"#id_s{session.pk}-name").fill(partner_staff.name)
    page.locator(f"#id_s{session.pk}-planned_hours").fill("２．５")
    page.locator(f"form[action='{reverse('sessions:put_down', args=[session.pk])}'] button").click()
    partner.check()
    page.locator(f"form[action='{reverse('sessions:repeat_duties', args=[session.pk])}'] button").click()
    partner.check()
    assert StaffDuty.objects.filter(user=partner_staff, municipality=yoshioka).count() == 2
    page.goto(reverse("sessions:leave", args=[invitation.pk]))
    partner.check()
    page.locator("button[name=confirm]").click()
    partner.check()
    invitation.refresh_from_db()
    assert invitation.state == Partnership.State.WITHDRAWN


@pytest.mark.parametrize("width", [390, 1366])
def test_the_pages_of_a_season_held_together_read_well(
    new_visitor, joint_course, staff, shibukawa, yoshioka, width
):
    session = joint_course.class_sessions.get()
    session.starts_at = timezone.now()
    session.save()
    make.make_expense(program=joint_course.program, town=yoshioka)
    make.make_duty(class_session=session, town=shibukawa, user=staff)
    Headcount.objects.create(class_session=session, municipality=yoshioka, people=3, at=timezone.now())
    joint_course.program.cost_share = Program.CostShare.ATTENDANCE
    joint_course.program.save()
    assert costs_of(joint_course.program).refusal == ""
    visitor = new_visitor(width=width)
    visitor.sign_in(staff)
    for name in ("programs:expenses", "programs:new_expense", "sessions:program_courses", "sessions:costs"):
        visitor.visit(reverse(name, args=[joint_course.program_id]))
    visitor.visit(reverse("programs:edit_expense", args=[joint_course.program.expenses.get().pk]))
    visitor.visit(reverse("sessions:rota", args=[joint_course.pk]))
    visitor.visit(reverse("sessions:duty", args=[session.duties.get().pk]))
