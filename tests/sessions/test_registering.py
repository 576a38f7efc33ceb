import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from messaging.models import Message
from participants.models import Channel
from programs.models import Allocation
from sessions import occupancy
from sessions.models import ClassSession, Notice, Refusal, Registration, receipt_key, receipt_number
from sessions.refusals import Code, Refused
from sessions.registration import cancel, register
from tests import make

State = Registration.State
pytestmark = pytest.mark.django_db


def test_a_resident_of_a_partner_town_gets_a_seat_and_is_told(program, yoshioka, outbox):
    course = make.make_course(program=program, quotas={yoshioka: 2})
    person = make.make_person(town=yoshioka, birth_year=1945)
    outcome = register(course, [person], channel=Channel.SMS)
    assert outcome.first.state == State.CONFIRMED
    assert outcome.first.municipality == yoshioka
    assert outcome.first.age_band == person.age_band_in(timezone.localdate().year) != ""
    (message,) = outbox()
    assert message.template == "confirmed"
    assert message.municipality == yoshioka
    assert outcome.first.receipt_number in message.body


def test_age_band_and_town_stay_as_they_were_when_the_person_moves_away(program, shibukawa, takasaki):
    registration = make.make_registration(course=make.make_course(program=program), town=shibukawa)
    registration.participant.municipality = takasaki
    registration.participant.save()
    registration.refresh_from_db()
    assert registration.municipality == shibukawa


def test_a_full_class_puts_the_next_person_on_the_waiting_list(program, shibukawa, outbox):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course, state=State.CONFIRMED)
    late = make.make_registration(course=course, state=State.WAITING)
    assert late.waiting_since is not None
    assert [m.template for m in outbox()] == ["confirmed", "waiting"]


def test_a_second_click_changes_nothing(program, shibukawa, outbox):
    course = make.make_course(program=program)
    person = make.make_person(town=shibukawa)
    first = register(course, [person], channel=Channel.WEB)
    again = register(course, [person], channel=Channel.PHONE)
    assert again.is_repeat
    assert again.first == first.first
    assert len(outbox()) == 1


def test_the_same_form_sent_twice_counts_once_even_after_a_cancellation(program, shibukawa):
    course, form = make.make_course(program=program), uuid.uuid4()
    person = make.make_person(town=shibukawa)
    first = register(course, [person], channel=Channel.WEB, submission=form).first
    cancel(first, channel=Channel.WEB)
    again = register(course, [person], channel=Channel.WEB, submission=form)
    assert again.is_repeat
    assert course.registrations.count() == 1


def test_somebody_who_cancelled_can_register_again(program, shibukawa):
    course, person = make.make_course(program=program), make.make_person(town=shibukawa)
    first = register(course, [person], channel=Channel.PHONE).first
    cancel(first, channel=Channel.PHONE)
    assert register(course, [person], channel=Channel.PHONE).first.state == State.CONFIRMED
    assert course.registrations.live().count() == 1


def test_a_couple_takes_two_seats_or_none(program, shibukawa):
    course = make.make_course(program=program, capacity=3)
    couple = [make.make_person(town=shibukawa), make.make_person(town=shibukawa)]
    make.make_registration(course=course)
    assert {r.state for r in register(course, couple, channel=Channel.PHONE).registrations} == {State.CONFIRMED}
    others = [make.make_person(town=shibukawa), make.make_person(town=shibukawa)]
    waiting = register(course, others, channel=Channel.PHONE).registrations
    assert {r.state for r in waiting} == {State.WAITING}
    assert len({r.party for r in waiting}) == 1


def test_a_lottery_takes_applications_without_giving_seats(program, shibukawa):
    course = make.make_course(program=program, capacity=1, allocation=Allocation.LOTTERY)
    states = [make.make_registration(course=course).state for _ in range(3)]
    assert states == [State.APPLIED] * 3
    assert occupancy.seats_of(course).free == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"published_at": None}, Code.UNKNOWN_CODE),
        ({"cancelled_at": timezone.now()}, Code.CALLED_OFF),
        ({"ends_at": timezone.now() - timedelta(days=1)}, Code.OVER),
        ({"opens_at": timezone.now() + timedelta(days=1)}, Code.NOT_OPEN_YET),
        ({"closes_at": timezone.now() - timedelta(hours=1)}, Code.CLOSED),
    ],
)
def test_a_refusal_is_a_value_and_is_logged(program, shibukawa, change, code):
    course = make.make_course(program=program)
    type(course).objects.filter(pk=course.pk).update(**change)
    person = make.make_person(town=shibukawa)
    outcome = register(course, [person], channel=Channel.SMS)
    assert outcome == Refused(code)
    assert not outcome
    assert Refusal.objects.get().code == code
    assert course.registrations.count() == 0
    assert Message.objects.count() == 0


def test_a_class_moved_forward_closes_when_it_begins(program, shibukawa):
    course = make.make_course(program=program)
    type(course).objects.filter(pk=course.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    outcome = register(course, [make.make_person(town=shibukawa)], channel=Channel.WEB)
    assert outcome == Refused(Code.CLOSED)


def test_residents_of_other_towns_are_refused(program, takasaki):
    outcome = register(make.make_course(program=program), [make.make_person(town=takasaki)], channel=Channel.WEB)
    assert outcome == Refused(Code.OTHER_TOWN)


def test_who_will_not_wait_is_refused_and_counted(program, shibukawa):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course)
    outcome = register(course, [make.make_person(town=shibukawa)], channel=Channel.PHONE, may_wait=False)
    assert outcome == Refused(Code.FULL)
    assert Refusal.objects.get().municipality == shibukawa


def test_a_consultation_day_gives_each_slot_once(program, shibukawa):
    course = make.make_course(program=program, by_slot=True, capacity=2, session_count=2)
    ClassSession.objects.filter(course=course).update(seats=1)
    slot, other = course.class_sessions.all()
    assert register(course, [make.make_person(town=shibukawa)], channel=Channel.WEB) == Refused(Code.SLOT_NEEDED)
    make.make_registration(course=course, class_session=slot)
    second = make.make_person(town=shibukawa)
    assert register(course, [second], channel=Channel.WEB, class_session=slot) == Refused(Code.SLOT_TAKEN)
    assert register(course, [second], channel=Channel.WEB, class_session=other).first.state == State.CONFIRMED


def test_somebody_told_on_the_telephone_is_not_called_again(program, shibukawa):
    registration = make.make_registration(
        course=make.make_course(program=program),
        person=make.make_person(town=shibukawa, phone="0279-00-0422", sms=False),
    )
    notice = registration.notices.get()
    assert (notice.rung, notice.outcome) == (Notice.Rung.ON_THE_SPOT, Notice.Outcome.TOLD)


def test_a_postcard_application_of_somebody_without_sms_goes_on_the_call_list(program, shibukawa):
    registration = make.make_registration(
        course=make.make_course(program=program),
        person=make.make_person(town=shibukawa, phone="0279-00-0422", sms=False),
        channel=Channel.POSTCARD,
    )
    assert Notice.objects.to_do_by_hand().get().registration == registration


def test_registering_leaves_an_audit_entry_without_names(program, shibukawa, staff):
    course, person = make.make_course(program=program), make.make_person(town=shibukawa, kana="オカダ カズコ")
    registration = register(course, [person], channel=Channel.PHONE, by=staff).first
    entry = AuditEntry.objects.get(act="registration.confirmed")
    assert (entry.by, entry.subject_id, entry.channel) == (staff, str(registration.pk), "phone")
    assert "オカダ" not in str(entry.detail)


@pytest.mark.parametrize("pk", [1, 412, 9_999, 10_000, 239_999, 240_000, 1_234_567, 98_765_432])
def test_a_receipt_number_leads_back_to_its_registration(pk):
    assert receipt_key(receipt_number(pk)) == pk


def test_receipt_numbers_are_short_and_readable():
    assert [receipt_number(n) for n in (1, 412, 10_000, 240_000)] == ["A0001", "A0412", "B0000", "AA0000"]


@pytest.mark.parametrize("text", ["", "0412", "A041", "I0412", "Aé412", "ア0412", "A０４１２"])
def test_what_is_no_receipt_number_leads_nowhere(text):
    assert receipt_key(text) is None
