"""A town leaves a programme: nobody loses anything, and no seat stays kept for nobody."""

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEntry
from participants.models import Channel
from programs import sharing
from programs.models import Allocation, Partnership
from sessions.draw import settle
from sessions.leaving import Problem, leave, stakes_of
from sessions.models import Course, LotteryDraw, Registration
from sessions.models.courses import LIVE
from sessions.occupancy import seats_of
from sessions.registration import cancel, register
from tests import make

pytestmark = pytest.mark.django_db
MORNING = "2026-11-24 10:00+09:00"
State = Registration.State


@pytest.fixture(autouse=True)
def in_waking_hours():
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def course(in_waking_hours, program, shibukawa, yoshioka, shinto) -> Course:
    return make.make_course(program=program, capacity=6, quotas={shibukawa: 2, yoshioka: 3, shinto: 1})


@pytest.fixture
def partnership(program, yoshioka) -> Partnership:
    return program.partnerships.get(municipality=yoshioka)


def states(*registrations) -> list[str]:
    for registration in registrations:
        registration.refresh_from_db()
    return [registration.state for registration in registrations]


def test_residents_keep_seats_and_free_kept_seats_are_offered_to_those_in_line(
    course, partnership, partner_staff, shibukawa, yoshioka
):
    seated = make.make_registration(course=course, town=yoshioka)
    for _n in range(2):
        make.make_registration(course=course, town=shibukawa)
    in_line = [make.make_registration(course=course, town=shibukawa, state="waiting") for _n in range(3)]
    assert isinstance(leave(partnership, by=partner_staff), Partnership)
    assert states(seated, *in_line) == [State.CONFIRMED, State.OFFERED, State.OFFERED, State.WAITING]
    assert not course.quotas.filter(municipality=yoshioka).exists()
    seats = seats_of(course)
    assert (seats.is_legal, seats.free_for(shibukawa.pk), sum(seats.taken.values())) == (True, 0, 5)


def test_every_kind_of_application_stays_as_it_was(program, partnership, partner_staff, yoshioka, shibukawa):
    course = make.make_course(program=program, capacity=2, quotas={yoshioka: 2})
    gone, seated = (make.make_registration(course=course, town=yoshioka) for _n in range(2))
    offered = make.make_registration(course=course, town=yoshioka, state="waiting")
    waiting = make.make_registration(course=course, town=yoshioka, state="waiting")
    lottery = make.make_course(program=program, allocation=Allocation.LOTTERY, quotas={yoshioka: 2})
    applied = make.make_registration(course=lottery, town=yoshioka, state="applied")
    cancel(gone, channel=Channel.PHONE)
    before = states(seated, offered, waiting, applied)
    assert before == [State.CONFIRMED, State.OFFERED, State.WAITING, State.APPLIED]
    leave(partnership, by=partner_staff)
    assert states(seated, offered, waiting, applied) == before


def test_a_seat_given_up_after_leaving_goes_to_the_first_in_line(
    course, partnership, partner_staff, yoshioka, shibukawa
):
    theirs = [make.make_registration(course=course, town=yoshioka) for _n in range(3)]
    for _n in range(2):
        make.make_registration(course=course, town=shibukawa)
    waiting = make.make_registration(course=course, town=shibukawa, state="waiting")
    leave(partnership, by=partner_staff)
    assert states(waiting) == [State.WAITING]
    cancel(theirs[0], channel=Channel.PHONE)
    assert states(waiting) == [State.OFFERED]


def test_nobody_new_of_the_town_can_apply(course, partnership, partner_staff, yoshioka):
    leave(partnership, by=partner_staff)
    assert not register(course, [make.make_person(town=yoshioka)], channel=Channel.PHONE)


def test_quotas_of_courses_over_or_called_off_stay_as_they_were(program, partnership, partner_staff, yoshioka):
    past = make.make_course(program=program, quotas={yoshioka: 2}, starts_at=make.in_days(-3))
    off = make.make_course(program=program, quotas={yoshioka: 2}, cancelled_at=make.in_days(-1))
    leave(partnership, by=partner_staff)
    assert past.quotas.count() == off.quotas.count() == 1


def test_a_town_cannot_leave_in_the_middle_of_a_draw(program, partnership, partner_staff, staff, yoshioka):
    other = make.make_course(program=program, quotas={yoshioka: 1})
    course = make.make_course(program=program, allocation=Allocation.LOTTERY, quotas={yoshioka: 2})
    make.make_registration(course=course, town=yoshioka, state="applied")
    Course.objects.filter(pk=course.pk).update(closes_at=make.in_days(-1))
    course.refresh_from_db()
    settle(course, by=staff)
    assert leave(partnership, by=partner_staff) == Problem.DRAW
    partnership.refresh_from_db()
    assert (partnership.state, other.quotas.count()) == (Partnership.State.ACCEPTED, 1)
    LotteryDraw.objects.update(published_at=make.in_days(0))
    assert isinstance(leave(partnership, by=partner_staff), Partnership)


def test_leaving_twice_changes_nothing_more(course, partnership, partner_staff):
    leave(partnership, by=partner_staff)
    written = AuditEntry.objects.count()
    assert leave(partnership, by=partner_staff) == sharing.Problem.NOT_PARTNER
    assert AuditEntry.objects.count() == written


def test_a_town_that_comes_back_has_no_quota_until_the_lead_gives_one(
    course, partnership, partner_staff, staff, yoshioka
):
    leave(partnership, by=partner_staff)
    sharing.answer(sharing.invite(course.program, yoshioka, by=staff), accepts=True, by=partner_staff)
    assert not course.quotas.filter(municipality=yoshioka).exists()
    assert make.make_registration(course=course, town=yoshioka).is_confirmed


def test_what_is_at_stake_is_counted(course, program, yoshioka, shibukawa):
    hosted = make.make_course(program=program, host=yoshioka, starts_at=make.in_days(20))
    make.make_course(program=program, starts_at=make.in_days(21))
    make.make_registration(course=course, town=yoshioka)
    stakes = stakes_of(program, yoshioka)
    assert [stake.course for stake in stakes] == [course, hosted]
    first = stakes[0]
    assert (first.seated, first.waiting, first.quota, first.given_back) == (1, 0, 3, 2)
    assert (stakes[1].is_host, stakes[1].quota) == (True, 0)


@pytest.fixture
def partner(client, partner_staff):
    client.force_login(partner_staff)
    return client


def test_the_page_says_what_it_means_and_nothing_happens_before_the_button(partner, course, partnership, yoshioka):
    make.make_registration(course=course, town=yoshioka)
    url = reverse("sessions:leave", args=[partnership.pk])
    shown = partner.get(url).context
    assert (shown["seated"], shown["in_line"], shown["given_back"]) == (1, 0, 2)
    assert partner.post(url).status_code == 200
    partnership.refresh_from_db()
    assert partnership.takes_part
    partner.post(url, {"confirm": "yes"})
    partnership.refresh_from_db()
    assert partnership.state == Partnership.State.WITHDRAWN


def test_nobody_takes_another_town_out_not_even_the_lead(client, course, partnership, staff):
    client.force_login(staff)
    url = reverse("sessions:leave", args=[partnership.pk])
    assert client.post(url, {"confirm": "yes"}).status_code == 403
    partnership.refresh_from_db()
    assert partnership.takes_part


def test_a_town_that_has_left_is_told_so_in_one_sentence(partner, partnership, partner_staff):
    leave(partnership, by=partner_staff)
    url = reverse("sessions:leave", args=[partnership.pk])
    response = partner.post(url, {"confirm": "yes"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [sharing.Problem.NOT_PARTNER.label]


def seen_by_row_and_list(course, town) -> tuple[bool, bool]:
    fresh = Course.objects.get(pk=course.pk)
    return fresh.is_visible_to(town), Course.objects.visible_to(town).contains(course)


def test_a_town_that_left_sees_what_was_planned_before_and_nothing_later(
    program, partnership, partner_staff, yoshioka, shinto, takasaki
):
    before = make.make_course(program=program)
    leave(partnership, by=partner_staff)
    later = make.make_course(program=program)
    assert seen_by_row_and_list(before, yoshioka) == (True, True)
    assert seen_by_row_and_list(later, yoshioka) == (False, False)
    assert seen_by_row_and_list(later, shinto) == (True, True)
    assert seen_by_row_and_list(later, program.lead) == (True, True)
    assert seen_by_row_and_list(before, takasaki) == (False, False)


def test_it_sees_a_later_class_as_long_as_its_residents_are_in_it(program, partnership, partner_staff, yoshioka):
    course = make.make_course(program=program)
    moved = make.make_registration(course=course, town=yoshioka)
    leave(partnership, by=partner_staff)
    later = make.make_course(program=program)
    Registration.objects.filter(pk=moved.pk).update(course=later)
    assert seen_by_row_and_list(later, yoshioka) == (True, True)
    moved.refresh_from_db()
    cancel(moved, channel=Channel.PHONE)
    assert seen_by_row_and_list(later, yoshioka) == (False, False)


@pytest.mark.parametrize("accepts", [None, False])
def test_a_town_that_was_asked_or_said_no_sees_no_class(program, staff, takasaki, accepts):
    invitation = sharing.invite(program, takasaki, by=staff)
    if accepts is not None:
        sharing.answer(invitation, accepts=accepts, by=staff)
    course = make.make_course(program=program)
    assert seen_by_row_and_list(course, takasaki) == (False, False)


def test_the_live_states_are_the_same_wherever_they_are_named():
    assert list(Registration.LIVE) == list(LIVE)


def test_a_town_that_declined_sees_the_name_and_the_lead_and_no_more(client, program, staff, takasaki, stranger):
    sharing.answer(sharing.invite(program, takasaki, by=staff), accepts=False, by=stranger)
    client.force_login(stranger)
    text = client.get(reverse("programs:program", args=[program.pk])).content.decode()
    assert program.name in text
    assert "渋川市" in text
    assert "吉岡町" not in text
    assert reverse("programs:expenses", args=[program.pk]) not in text
