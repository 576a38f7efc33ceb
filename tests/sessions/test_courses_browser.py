"""A coordinator plans a class, publishes it and changes it; every page they come to is checked."""

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from participants.models import Channel
from programs.sharing import invite
from sessions.models import Course
from sessions.registration import cancel
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def season(program, staff, shibukawa, yoshioka, shinto, takasaki) -> Course:
    """An open class of three towns with a full line, a programme one is invited to, a venue half known."""
    course = make.make_course(
        program=program,
        title="スマホ入門3回コース",
        capacity=7,
        quotas={shibukawa: 3, yoshioka: 2, shinto: 1},
        quota_release_at=make.in_days(7, hour=9),
        session_count=3,
    )
    taken = make.make_registration(course=course, town=shibukawa)
    for town in (shibukawa, shibukawa, shibukawa, yoshioka, shinto):
        make.make_registration(course=course, town=town)
    make.make_registration(course=course, person=make.make_person(town=shibukawa, sms=False))
    make.make_registration(course=course, town=shinto)
    cancel(taken, channel=Channel.PHONE)
    invite(make.make_program(lead=takasaki), shibukawa, by=staff)
    Membership.objects.filter(user=staff).update(role=Role.ADMIN)
    return course


@pytest.mark.parametrize("javascript", [True, False])
def test_a_coordinator_plans_a_class_and_publishes_it(new_visitor, program, staff, yoshioka, javascript):
    curriculum = make.make_curriculum(title="スマホ入門3回コース", session_count=3)
    venue = make.make_venue(town=program.lead)
    visitor = new_visitor(javascript=javascript)
    visitor.sign_in(staff)
    page = visitor.visit(reverse("sessions:courses"))
    page.locator("main .desk-head a[href='/staff/courses/new/']").click()
    visitor.check()
    page.locator("#id_program").select_option(str(program.pk))
    page.locator("#id_curriculum").select_option(str(curriculum.pk))
    page.locator("main form .btn").click()
    visitor.check()
    page.locator("#id_venue").select_option(str(venue.pk))
    page.locator("#id_first_at").fill(make.in_days(30).strftime("%Y-%m-%dT%H:%M"))
    page.locator(f"#id_quota_{yoshioka.pk}").fill("3")
    page.locator("main form .btn").click()
    visitor.check()
    assert page.locator("main tbody tr").count() == 3
    page.locator("button[name=save]").click()
    visitor.check()
    page.locator(f"form[action$='/{Course.objects.get().pk}/publish/'] button").click()
    visitor.check()
    assert Course.objects.get().is_published


def test_what_was_wrong_leads_to_the_field_and_keeps_the_rest(visitor, program, staff):
    curriculum = make.make_curriculum()
    visitor.sign_in(staff)
    address = f"{reverse('sessions:new_course')}?program={program.pk}&curriculum={curriculum.pk}"
    page = visitor.visit(address)
    page.locator("#id_title").fill("写真を送る")
    page.locator("main form .btn").click()
    visitor.check()
    page.locator(".banner-error a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_venue"
    assert page.locator("#id_title").input_value() == "写真を送る"


def test_every_page_about_classes_reads_well_on_a_phone(visitor_on_a_phone, season, staff):
    visitor = visitor_on_a_phone
    visitor.sign_in(staff)
    for name in ("courses", "new_course"):
        visitor.visit(reverse(f"sessions:{name}"))
    for name in ("course", "roster", "seats", "window", "call_off"):
        visitor.visit(reverse(f"sessions:{name}", args=[season.pk]))
    session = season.class_sessions.first()
    for name in ("move_session", "call_off_session"):
        visitor.visit(reverse(f"sessions:{name}", args=[session.pk]))
    theirs = season.registrations.exclude(municipality=season.host).first()
    visitor.visit(reverse("sessions:cancel", args=[theirs.pk]), status=403)
    own = season.registrations.confirmed().of(season.host).first()
    visitor.visit(reverse("sessions:cancel", args=[own.pk]))


def test_every_page_about_programmes_and_settings_reads_well_on_a_phone(visitor_on_a_phone, season, staff, desk):
    visitor = visitor_on_a_phone
    visitor.sign_in(staff)
    for name in ("programs", "new_program", "curricula", "new_curriculum", "venues", "new_venue"):
        visitor.visit(reverse(f"programs:{name}"))
    for name in ("program", "edit_program"):
        visitor.visit(reverse(f"programs:{name}", args=[season.program_id]))
    visitor.visit(reverse("programs:curriculum", args=[season.curriculum_id]))
    visitor.visit(reverse("programs:venue", args=[season.class_sessions.first().venue_id]))
    for name in ("settings", "audit", "new_member"):
        visitor.visit(reverse(f"accounts:{name}"))
    visitor.visit(reverse("accounts:member", args=[desk.memberships.get().pk]))


def test_the_main_pages_read_well_at_a_desk(visitor, season, staff):
    visitor.sign_in(staff)
    for name in ("course", "roster", "seats"):
        visitor.visit(reverse(f"sessions:{name}", args=[season.pk]))
    visitor.visit(reverse("programs:program", args=[season.program_id]))
    visitor.visit(reverse("accounts:settings"))


def test_one_switches_towns_in_the_head_of_the_page(visitor, staff, yoshioka):
    Membership.objects.create(user=staff, municipality=yoshioka, role=Role.VIEWER)
    visitor.sign_in(staff)
    page = visitor.visit(reverse("sessions:courses"))
    page.locator(".top-bar details summary").first.click()
    page.locator(f"button[name=town][value='{yoshioka.pk}']").click()
    visitor.check()
    assert yoshioka.name in page.locator(".top-bar summary").first.inner_text()
