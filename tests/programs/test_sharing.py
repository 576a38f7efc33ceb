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


def left(program, town, by) -> Partnership:
    partnership = sharing.withdraw(program.partnerships.get(municipality=town), by=by)
    assert isinstance(partnership, Partnership)
    return partnership


def test_a_town_asked_back_still_sees_its_past_until_it_answers(program, staff, partner_staff, yoshioka):
    course = make.make_course(program=program)
    left(program, yoshioka, partner_staff)
    invitation = sharing.invite(program, yoshioka, by=staff)
    assert list(Course.objects.visible_to(yoshioka)) == [course]
    sharing.answer(invitation, accepts=False, by=partner_staff)
    assert list(Course.objects.visible_to(yoshioka)) == [course]
    assert list(Program.objects.shared_with(yoshioka)) == [program]


def test_an_invitation_to_come_back_that_is_taken_back_leaves_the_past(program, staff, partner_staff, yoshioka):
    departure = left(program, yoshioka, partner_staff)
    sharing.take_back(sharing.invite(program, yoshioka, by=staff), by=staff)
    partnership = program.partnerships.get(municipality=yoshioka)
    assert (partnership.state, partnership.left_at) == (Partnership.State.WITHDRAWN, departure.left_at)


def test_a_town_that_is_back_has_not_left(program, staff, partner_staff, yoshioka):
    left(program, yoshioka, partner_staff)
    back = sharing.answer(sharing.invite(program, yoshioka, by=staff), accepts=True, by=partner_staff)
    assert isinstance(back, Partnership)
    assert back.left_at is None
    assert yoshioka.pk in towns_of(program)


def test_towns_that_left_stand_behind_those_that_take_part(program, staff, shibukawa, yoshioka, shinto):
    left(program, yoshioka, staff)
    assert sharing.bodies_of(program) == [shibukawa, shinto, yoshioka]


def standing(program, town, standing, *, staff) -> None:
    """Bring a town to where it stands: invited, declined, accepted, withdrawn or asked back."""
    if standing == "stranger":
        return
    invitation = sharing.invite(program, town, by=staff)
    if standing != "invited":
        sharing.answer(invitation, accepts=standing != "declined", by=staff)
    if standing in {"withdrawn", "asked back"}:
        sharing.withdraw(invitation, by=staff)
    if standing == "asked back":
        sharing.invite(program, town, by=staff)


STANDINGS = {
    "stranger": (False, False),
    "invited": (True, False),
    "declined": (True, False),
    "accepted": (True, True),
    "withdrawn": (True, True),
    "asked back": (True, True),
}


@pytest.mark.parametrize("name", STANDINGS)
def test_a_row_and_the_list_agree_on_who_sees_and_who_shares_a_programme(alone, staff, takasaki, name):
    standing(alone, takasaki, name, staff=staff)
    by_row = (alone.is_visible_to(takasaki), alone.is_shared_with(takasaki))
    by_list = (
        Program.objects.visible_to(takasaki).contains(alone),
        Program.objects.shared_with(takasaki).contains(alone),
    )
    assert by_row == by_list == STANDINGS[name]
    joined = alone.partnerships.joined().exists()
    assert joined == any(each.has_joined for each in alone.partnerships.all()) == STANDINGS[name][1]
