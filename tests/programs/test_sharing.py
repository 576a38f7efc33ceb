"""Towns that hold a programme together: invited, taking part, declined, withdrawn."""

import pytest

from accounts.models import AuditEntry
from programs import sharing
from programs.models import Partnership, Program
from programs.sharing import Problem, ordered_towns, towns_of
from sessions.models import Course
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def alone(shibukawa, line) -> Program:
    return make.make_program(lead=shibukawa)


def test_an_invited_town_takes_part_once_it_accepts(alone, staff, partner_staff, shibukawa, yoshioka):
    invitation = sharing.invite(alone, yoshioka, by=staff)
    assert towns_of(alone) == {shibukawa.pk}
    sharing.answer(invitation, accepts=True, by=partner_staff)
    assert towns_of(alone) == {shibukawa.pk, yoshioka.pk}
    invitation.refresh_from_db()
    assert invitation.answered_by == partner_staff


def test_a_town_that_declines_does_not_take_part(alone, staff, partner_staff, shibukawa, yoshioka):
    invitation = sharing.invite(alone, yoshioka, by=staff)
    sharing.answer(invitation, accepts=False, by=partner_staff)
    assert towns_of(alone) == {shibukawa.pk}
    assert sharing.answer(invitation, accepts=True, by=partner_staff) == Problem.NOT_INVITED


def test_each_step_is_on_record_for_the_town_that_took_it(alone, staff, partner_staff, shibukawa, yoshioka):
    invitation = sharing.invite(alone, yoshioka, by=staff)
    sharing.answer(invitation, accepts=True, by=partner_staff)
    sharing.withdraw(invitation, by=partner_staff)
    entries = [(entry.act, entry.by, entry.municipality) for entry in AuditEntry.objects.order_by("pk")]
    assert entries == [
        ("partner.invited", staff, shibukawa),
        ("partner.accepted", partner_staff, yoshioka),
        ("partner.withdrawn", partner_staff, yoshioka),
    ]


def test_the_lead_and_towns_already_asked_are_not_invited(alone, staff, shibukawa, yoshioka):
    assert sharing.invite(alone, shibukawa, by=staff) == Problem.LEAD
    sharing.invite(alone, yoshioka, by=staff)
    assert sharing.invite(alone, yoshioka, by=staff) == Problem.ALREADY
    assert alone.partnerships.count() == 1


def test_a_town_asked_again_keeps_its_place_and_so_its_colour(program, staff, yoshioka, shinto, shibukawa):
    sharing.withdraw(program.partnerships.get(municipality=yoshioka), by=staff)
    assert ordered_towns(program) == [shibukawa, shinto]
    again = sharing.invite(program, yoshioka, by=staff)
    sharing.answer(again, accepts=True, by=staff)
    assert ordered_towns(program) == [shibukawa, yoshioka, shinto]


def test_only_a_town_that_takes_part_can_withdraw(alone, staff, yoshioka):
    invitation = sharing.invite(alone, yoshioka, by=staff)
    assert sharing.withdraw(invitation, by=staff) == Problem.NOT_PARTNER


def test_a_town_that_withdrew_keeps_its_past_and_its_people_their_seats(program, yoshioka, partner_staff):
    course = make.make_course(program=program)
    registration = make.make_registration(course=course, town=yoshioka)
    sharing.withdraw(program.partnerships.get(municipality=yoshioka), by=partner_staff)
    registration.refresh_from_db()
    assert registration.is_confirmed
    assert list(Course.objects.visible_to(yoshioka)) == [course]
    assert list(Program.objects.visible_to(yoshioka)) == [program]


def test_an_invitation_taken_back_was_never_sent(alone, staff, partner_staff, yoshioka):
    make.make_course(program=alone)
    invitation = sharing.invite(alone, yoshioka, by=staff)
    sharing.take_back(invitation, by=staff)
    assert not Program.objects.visible_to(yoshioka).exists()
    assert not Course.objects.visible_to(yoshioka).exists()
    assert not Partnership.objects.exists()


def test_an_accepted_invitation_cannot_be_taken_back(program, staff, yoshioka):
    partnership = program.partnerships.get(municipality=yoshioka)
    assert sharing.take_back(partnership, by=staff) == Problem.NOT_INVITED
    assert yoshioka.pk in towns_of(program)
