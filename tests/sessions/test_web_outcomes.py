"""What comes of an application on the web: who is known already, two together, and a class that is full, drawn
by lot, closed or goes by times of its own."""

import uuid

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import AuditEntry
from participants.models import Consent, Contact, Participant
from programs.models import Allocation, Partnership
from sessions.models import Refusal, Registration
from sessions.public_forms import application_form
from sessions.refusals import Code, Refused
from sessions.web_registration import apply_on_the_web
from tests import make
from tests.concurrency import run_at_once
from tests.make import in_days
from tests.sessions.on_the_web import (
    answers,
    apply,
    check,
    draft_on,
    make_consultation,
    nothing_was_written,
    send,
    words,
)

pytestmark = pytest.mark.django_db

State = Registration.State


@pytest.fixture
def visitor() -> Client:
    """Somebody who reads English, so that what is tested is in the code."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def course(program):
    return make.make_course(program=program, code="4126", capacity=4)


def test_applying_once_more_for_the_same_person_changes_nothing(visitor, course, yoshioka, outbox):
    apply(visitor, yoshioka)
    page = apply(visitor, yoshioka, kana="イチカワ　キヨシ", phone="０９０ ０３１０ ０４０８")
    assert "We have received your application" in words(page)
    assert Registration.objects.count() == Participant.objects.count() == len(outbox()) == 1


def test_applying_once_more_changes_nothing_of_the_person(visitor, course, yoshioka):
    apply(visitor, yoshioka)
    before = Participant.objects.values().get(), list(Consent.objects.values())
    apply(visitor, yoshioka, needs=["loan"], reach="postcard", address="よその町1", device="none")
    assert (Participant.objects.values().get(), list(Consent.objects.values())) == before
    assert not AuditEntry.objects.filter(act="participant.changed").exists()


def test_of_somebody_known_by_name_and_number_only_needs_are_added(visitor, course, yoshioka):
    known = make.make_person(
        town=yoshioka, kana="イチカワ キヨシ", phone="090-0310-0408", sms=False, needs=["large_print"]
    )
    apply(visitor, yoshioka)
    known.refresh_from_db()
    assert Registration.objects.get().participant == known
    assert known.needs == ["large_print", "front_seat", "writing"]
    assert (known.reach, known.device) == ("call", "unknown")
    assert [c.purpose for c in known.consents.filter(channel="web")] == ["use", "sharing"]
    assert AuditEntry.objects.filter(act="participant.changed", channel="web", by=None).exists()


def test_who_applies_in_the_name_of_somebody_known_cannot_send_their_postcards_elsewhere(
    visitor, course, yoshioka
):
    known = make.make_person(
        town=yoshioka, kana="イチカワ キヨシ", phone="090-0310-0408", address="下野田1", postal_code="370-3608"
    )
    apply(visitor, yoshioka, reach="postcard", address="よその町1", postal_code="370-0000")
    known.refresh_from_db()
    assert (known.reach, known.address, known.postal_code) == ("sms", "下野田1", "370-3608")


@pytest.mark.parametrize(
    ("kana", "phone", "same_town"),
    [
        ("イチカワ ハナ", "090-0310-0408", True),
        ("イチカワ キヨシ", "090-0310-0499", True),
        ("イチカワ キヨシ", "090-0310-0408", False),
    ],
)
def test_a_number_or_a_name_alone_is_nobody_we_know(visitor, course, yoshioka, shinto, kana, phone, same_town):
    other = make.make_person(town=yoshioka if same_town else shinto, kana=kana, phone=phone)
    apply(visitor, yoshioka)
    assert Registration.objects.get().participant != other
    assert Participant.objects.count() == 2


def test_a_number_kept_for_emergencies_makes_nobody_known(visitor, course, yoshioka):
    other = make.make_person(town=yoshioka, kana="イチカワ キヨシ", phone="090-0310-0408")
    other.contacts.update(relation=Contact.Relation.EMERGENCY)
    apply(visitor, yoshioka)
    assert Registration.objects.get().participant != other


def test_two_who_apply_together_get_two_seats_and_two_numbers(visitor, course, yoshioka):
    page = apply(visitor, yoshioka, second_kana="いちかわ はな")
    first, second = Registration.objects.order_by("pk")
    assert first.party == second.party is not None
    assert {first.state, second.state} == {State.CONFIRMED}
    assert (second.participant.kana, second.participant.needs, second.participant.device) == (
        "イチカワ ハナ",
        [],
        "unknown",
    )
    assert first.participant.contact_points.get() == second.participant.contact_points.get()
    assert "(second person) " + " ".join(second.receipt_number) in words(page)


def test_two_who_find_one_seat_are_told_before_and_wait_together(visitor, program, yoshioka):
    make.make_registration(course=make.make_course(program=program, code="4126", capacity=2))
    page = check(visitor, yoshioka, second_kana="いちかわ はな")
    assert "One seat is left, not two." in words(page)
    send(visitor, draft_on(page))
    assert {row.state for row in Registration.objects.of(yoshioka)} == {State.WAITING}


def test_two_of_whom_one_has_applied_already_are_told_so(visitor, course, yoshioka):
    make.make_registration(
        course=course, person=make.make_person(town=yoshioka, kana="イチカワ ハナ", phone="090-0310-0408")
    )
    page = apply(visitor, yoshioka, second_kana="いちかわ はな")
    assert "One of you has already applied for this class." in words(page)
    assert Registration.objects.count() == Participant.objects.count() == 1


def test_a_full_class_says_so_before_and_after(visitor, program, yoshioka, outbox):
    make.make_registration(course=make.make_course(program=program, code="4126", capacity=1))
    page = check(visitor, yoshioka)
    assert "All seats are taken at the moment. If you apply, you go on the waiting list." in words(page)
    receipt = send(visitor, draft_on(page), follow=True)
    assert "You are on the waiting list" in words(receipt)
    assert "When a seat comes free, we let you know" in words(receipt)
    assert outbox()[-1].template == "waiting"


def test_a_class_that_fills_between_the_steps_makes_a_place_on_the_waiting_list(visitor, program, yoshioka):
    course = make.make_course(program=program, code="4126", capacity=1)
    page = check(visitor, yoshioka)
    assert "There is room." in words(page)
    make.make_registration(course=course)
    assert "You are on the waiting list" in words(send(visitor, draft_on(page), follow=True))


def test_a_town_without_seats_of_its_own_waits_while_others_have_some(visitor, program, shibukawa, yoshioka):
    make.make_course(program=program, code="4126", capacity=4, quotas={shibukawa: 4})
    assert "All seats are taken at the moment." in words(check(visitor, yoshioka))
    assert "There is room." in words(check(visitor, shibukawa))


def test_a_lottery_says_that_lots_are_drawn(visitor, program, yoshioka):
    make.make_course(program=program, code="4126", capacity=1, allocation=Allocation.LOTTERY)
    page = check(visitor, yoshioka)
    assert "lots are drawn" in words(page)
    assert "When applications are closed, lots are drawn." in words(send(visitor, draft_on(page), follow=True))
    assert Registration.objects.get().state == State.APPLIED


CLOSINGS = [
    ({"closes_at": in_days(-1)}, "Applications for this class are closed."),
    ({"opens_at": in_days(1)}, "Applications for this class have not opened yet."),
    ({"cancelled_at": in_days(-1)}, "This class has been called off."),
    ({"ends_at": in_days(-1)}, "This class is already over."),
]


@pytest.mark.parametrize(("changes", "sentence"), CLOSINGS)
def test_a_class_that_takes_nobody_says_why_instead_of_the_form(visitor, program, changes, sentence):
    make.make_course(program=program, code="4126", **({"opens_at": in_days(-30)} | changes))
    page = visitor.get("/classes/4126/apply/")
    assert f"<h1>{sentence}</h1>" in page.content.decode()
    assert 'name="kana"' not in page.content.decode()


@pytest.mark.parametrize(("changes", "sentence"), CLOSINGS)
def test_a_class_that_closes_between_the_steps_says_so_and_writes_nothing(
    visitor, course, yoshioka, changes, sentence
):
    draft = draft_on(check(visitor, yoshioka))
    for name, value in ({"opens_at": in_days(-30)} | changes).items():
        setattr(course, name, value)
    course.save()
    page = send(visitor, draft)
    assert f"<h1>{sentence}</h1>" in page.content.decode()
    assert "You have not been registered." in words(page)
    assert nothing_was_written()


def filled_in(course, town, **changes):
    """The application as the form hands it on."""
    data = QueryDict(mutable=True)
    for name, value in answers(town, **changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = application_form(course, data=data)
    assert form.is_valid(), form.errors
    return form.application


def test_who_is_refused_at_the_door_leaves_a_figure_and_no_personal_data(course, yoshioka):
    application = filled_in(course, yoshioka, second_kana="いちかわ はな")
    Partnership.objects.filter(municipality=yoshioka).update(state=Partnership.State.WITHDRAWN)
    outcome = apply_on_the_web(course, application, submission=uuid.uuid4())
    assert outcome == Refused(Code.OTHER_TOWN)
    assert nothing_was_written()
    refusals = Refusal.objects.values_list("code", "channel", "municipality", "participant")
    assert list(refusals) == [("other_town", "web", yoshioka.pk, None)] * 2


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_many_times_at_once_is_one_registration(course, yoshioka, outbox):
    application, submission = filled_in(course, yoshioka), uuid.uuid4()
    outcomes = run_at_once([lambda: apply_on_the_web(course, application, submission=submission)] * 8)
    assert {outcome.first.pk for outcome in outcomes} == {Registration.objects.get().pk}
    assert [outcome.is_repeat for outcome in outcomes].count(False) == 1
    assert Participant.objects.count() == len(outbox()) == 1


def test_a_time_of_a_consultation_day_is_chosen(visitor, program, yoshioka):
    course = make_consultation(program, code="4126")
    slot = course.class_sessions.get(number=2)
    form = visitor.get("/classes/4126/apply/")
    assert "10:20–10:40 am" in words(form)
    assert "second_kana" not in form.content.decode()
    page = apply(visitor, yoshioka, slot=str(slot.pk))
    assert Registration.objects.get().class_session == slot
    assert "10:20–10:40 am" in words(page)


@pytest.mark.parametrize(
    ("slot", "sentence"),
    [
        (None, "Please choose a time of the consultation day."),
        ("0", "This time is already taken."),
        ("x", "This time is already taken."),
    ],
)
def test_a_time_that_is_missing_or_not_there_is_said(visitor, program, yoshioka, slot, sentence):
    make_consultation(program, code="4126")
    assert sentence in words(check(visitor, yoshioka, slot=slot))
    assert nothing_was_written()


def test_a_time_taken_between_the_steps_is_said_with_everything_kept(visitor, program, yoshioka):
    course = make_consultation(program, code="4126")
    slot = course.class_sessions.get(number=2)
    draft = draft_on(check(visitor, yoshioka, slot=str(slot.pk)))
    make.make_registration(course=course, class_session=slot)
    page = send(visitor, draft)
    assert "This time is already taken. Please choose another time." in words(page)
    assert 'value="いちかわ きよし"' in page.content.decode()
    assert Registration.objects.count() == Participant.objects.count() == 1


def test_a_time_sent_twice_is_one_registration(visitor, program, yoshioka):
    course = make_consultation(program, code="4126")
    draft = draft_on(check(visitor, yoshioka, slot=str(course.class_sessions.get(number=2).pk)))
    for _ in range(2):
        assert "We have received your application" in words(send(visitor, draft, follow=True))
    assert Registration.objects.count() == 1


def test_a_consultation_day_without_free_times_says_so(visitor, program):
    course = make_consultation(program, code="4126", slots=2)
    for slot in course.class_sessions.all():
        make.make_registration(course=course, class_session=slot)
    assert "<h1>All times are taken.</h1>" in visitor.get("/classes/4126/apply/").content.decode()
