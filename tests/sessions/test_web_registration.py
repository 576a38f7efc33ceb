"""Applying on the web: writing, checking, the receipt; without an account and without JavaScript."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from participants.models import Channel, Consent, Participant
from programs.models import Partnership
from sessions import registration
from sessions.models import Notice, Registration
from sessions.web_registration import sign_draft, sign_receipt
from tests import make
from tests.make import in_days
from tests.sessions.on_the_web import answers, apply, check, draft_on, nothing_was_written, send, words

pytestmark = pytest.mark.django_db

State = Registration.State


@pytest.fixture
def visitor() -> Client:
    """Somebody who reads English, so that what is tested is in the code."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def course(program):
    return make.make_course(program=program, code="4126", capacity=4)


def test_somebody_applies_in_three_steps_and_gets_a_receipt_number(visitor, course, yoshioka, outbox):
    page = apply(visitor, yoshioka)
    written = Registration.objects.get()
    assert (written.state, written.channel, written.municipality) == (State.CONFIRMED, Channel.WEB, yoshioka)
    assert "We have received your application" in words(page)
    assert " ".join(written.receipt_number) in words(page)
    assert "0279-00-0201" in words(page)
    assert [message.to for message in outbox()] == ["+819003100408"]


def test_what_was_written_becomes_the_person(visitor, course, yoshioka):
    apply(visitor, yoshioka)
    person = Participant.objects.get()
    assert (person.kana, person.municipality, person.device) == ("イチカワ キヨシ", yoshioka, "iphone")
    assert (person.needs, person.reach) == (["front_seat", "writing"], "sms")
    assert (person.created_channel, person.created_by, person.birth_year) == (Channel.WEB, None, None)
    assert person.contacts.get().as_entered == "090-0310-0408"
    assert set(person.consents.values_list("purpose", "given", "wording", "channel")) == {
        (purpose, True, "web-1", "web") for purpose in ("use", "sharing", "sms")
    }


def test_a_town_alone_shares_with_nobody_and_a_call_needs_no_consent_to_sms(visitor, takasaki):
    make.make_course(program=make.make_program(lead=takasaki), code="4126")
    apply(visitor, takasaki, reach="call")
    assert list(Consent.objects.values_list("purpose", flat=True)) == ["use"]


def test_the_check_page_shows_everything_and_settles_nothing(visitor, course, yoshioka):
    page = check(visitor, yoshioka, reach="postcard", postal_code="３７０ー３６０８", address="下野田1", needs=[])
    for said in (
        "イチカワ キヨシ",
        "090-0310-0408",
        "吉岡町",
        "iPhone",
        "Nothing in particular",
        "Postcard",
        "370-3608 下野田1",
        "There is room. Your place is settled when you apply.",
    ):
        assert said in words(page)
    assert page["Cache-Control"] == "no-store"
    assert nothing_was_written()


def test_one_goes_back_to_the_form_with_everything_kept(visitor, course, yoshioka):
    draft = draft_on(check(visitor, yoshioka, second_kana="いちかわ はな"))
    page = visitor.post("/classes/4126/apply/", {"draft": draft}).content.decode()
    assert 'value="いちかわ きよし"' in page
    assert 'value="いちかわ はな"' in page
    checked = re.findall(r'<input type="(?:radio|checkbox)" name="(\w+)"(?: value="([^"]*)")?[^>]* checked', page)
    assert {name: value for name, value in checked if name != "needs"} == {
        "town": str(yoshioka.pk),
        "device": "iphone",
        "reach": "sms",
        "consent": "",
    }
    assert [value for name, value in checked if name == "needs"] == ["front_seat", "writing"]
    assert "field-error" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kana": ""}, "Please write your name in kana."),
        ({"kana": None}, "Please write your name in kana."),
        ({"kana": "市川 清"}, "Please write the name in kana, without Chinese characters"),
        ({"kana": "Kiyoshi"}, "Please write the name in kana, without Chinese characters"),
        ({"kana": "ア" * 61}, "This name is too long."),
        ({"kana": "イチカワ\x00"}, "Null characters are not allowed."),
        ({"phone": ""}, "Please write a telephone number."),
        ({"phone": "090-0310-04"}, "It has 9 digits. A mobile number has 11."),
        ({"phone": "なし"}, "No digits were found."),
        ({"phone": "9" * 5000}, "The text is too long."),
        ({"town": None}, "Please choose the town you live in."),
        ({"town": "0"}, "This class is for residents of the towns that hold it."),
        ({"town": "x"}, "This class is for residents of the towns that hold it."),
        ({"device": None}, "Please choose the one that is nearest."),
        ({"device": "abacus"}, "Please choose the one that is nearest."),
        ({"needs": ["a throne"]}, "Please choose from the list."),
        ({"needs": ["transport"]}, "Please choose from the list."),
        ({"second_kana": "花子"}, "Please write the name in kana, without Chinese characters"),
        ({"second_kana": "ア" * 61}, "This name is too long."),
        ({"second_kana": "イチカワキヨシ"}, "This is the same name as the first."),
        ({"reach": None}, "Please choose how we should tell you."),
        ({"reach": "pigeon"}, "Please choose how we should tell you."),
        ({"reach": "sms", "phone": "0279-00-0301"}, "SMS reaches mobiles only."),
        ({"reach": "postcard"}, "Please write the address the postcard should go to."),
        ({"reach": "postcard", "address": "町" * 121}, "This address is too long."),
        ({"postal_code": "12"}, "A postal code has seven digits."),
        ({"postal_code": "1" * 30}, "A postal code has seven digits."),
        ({"consent": None}, "Please read this and choose “I have understood”."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_written(
    visitor, course, yoshioka, changes, sentence
):
    page = check(visitor, yoshioka, **changes)
    assert page.status_code == 200
    assert words(page).count(sentence) == 2  # in the summary and beside the field
    assert "<title>Error:" in page.content.decode()
    assert nothing_was_written()


def test_the_error_summary_leads_to_every_field_and_counts_them(visitor, course, yoshioka):
    page = check(visitor, yoshioka, kana="", device=None).content.decode()
    assert "Please tell us once more: 2" in page
    for target in ("id_kana", "id_device_0"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="090-0310-0408"' in page


def test_an_empty_form_asks_for_what_is_needed_and_no_more(visitor, course):
    page = visitor.post("/classes/4126/apply/", {})
    assert "Please tell us once more: 6" in words(page)


def test_a_town_of_the_link_or_the_only_town_is_chosen_already(visitor, course, yoshioka, takasaki):
    page = visitor.get("/classes/4126/apply/", {"town": yoshioka.code}).content.decode()
    assert re.search(rf'name="town" value="{yoshioka.pk}"[^>]* checked', page)
    make.make_course(program=make.make_program(lead=takasaki), code="4127")
    page = visitor.get("/classes/4127/apply/").content.decode()
    assert re.search(rf'name="town" value="{takasaki.pk}"[^>]* checked', page)


def test_transport_is_offered_where_a_venue_arranges_it(visitor, program, shibukawa):
    venue = make.make_venue(town=shibukawa, has_transport=True)
    make.make_course(program=program, code="4126", venue=venue)
    assert "Transport to the class" in words(visitor.get("/classes/4126/apply/"))


@pytest.mark.parametrize("town", ["takasaki", "a partner that left"])
def test_residents_of_other_towns_are_told_whom_the_class_is_for(visitor, course, takasaki, shinto, town):
    if town == "a partner that left":
        Partnership.objects.filter(municipality=shinto).update(state=Partnership.State.WITHDRAWN)
    page = check(visitor, takasaki if town == "takasaki" else shinto)
    assert "This class is for residents of the towns that hold it." in words(page)
    assert nothing_was_written()


def test_sending_twice_makes_one_registration_one_person_and_one_message(visitor, course, yoshioka, outbox):
    draft = draft_on(check(visitor, yoshioka, second_kana="いちかわ はな"))
    first, second = (send(visitor, draft, follow=True) for _ in range(2))
    assert Registration.objects.count() == 2
    assert Participant.objects.count() == 2
    assert len(outbox()) == 2
    assert words(first) == words(second)


def test_sending_again_after_the_class_closed_shows_the_receipt_and_not_a_refusal(visitor, course, yoshioka):
    draft = draft_on(check(visitor, yoshioka))
    send(visitor, draft)
    course.closes_at = timezone.now() - timedelta(minutes=1)
    course.save()
    assert "We have received your application" in words(send(visitor, draft, follow=True))


def test_a_draft_that_is_forged_or_of_another_class_is_not_taken(visitor, course, program, yoshioka):
    other = make.make_course(program=program, code="4127")
    good = draft_on(check(visitor, yoshioka))
    forged = ["", "x", "x:y:z", good[:-1] + "-", sign_draft(other, {}), signing.dumps({}, salt="something else")]
    for draft in forged:
        for path in ("/classes/4126/apply/send/", "/classes/4126/apply/"):
            page = visitor.post(path, {"draft": draft})
            assert page.status_code == 400
            assert "That did not reach us whole" in words(page)
    assert nothing_was_written()


def test_a_page_left_open_too_long_is_shown_once_more_and_then_taken(visitor, program, yoshioka):
    make.make_course(program=program, code="4126", starts_at=in_days(30))
    draft = draft_on(check(visitor, yoshioka))
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        page = send(visitor, draft)
        assert "Some time has passed." in words(page)
        assert nothing_was_written()
        assert "We have received your application" in words(send(visitor, draft_on(page), follow=True))


def test_opening_the_last_step_by_its_address_leads_to_the_form(visitor, course):
    assert visitor.get("/classes/4126/apply/send/").url == "/classes/4126/apply/"


def test_a_form_without_its_guard_is_refused_on_a_page_of_ours(course, yoshioka):
    guarded = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    for path in ("/classes/4126/apply/", "/classes/4126/apply/send/"):
        page = guarded.post(path, answers(yoshioka))
        assert page.status_code == 403
        assert "This page was open for too long" in words(page)
    assert nothing_was_written()


@pytest.mark.parametrize("path", ["/classes/0000/apply/", "/classes/0000/apply/send/"])
def test_applying_to_a_number_no_class_has_is_told(visitor, course, path):
    assert visitor.post(path, {}).status_code == 404


def test_a_receipt_carries_no_name_and_is_kept_by_nobody_on_the_way(visitor, course, yoshioka):
    page = apply(visitor, yoshioka)
    assert page["Cache-Control"] == "no-store"
    for secret in ("イチカワ", "いちかわ", "0310", "+8190"):
        assert secret not in page.content.decode()
        assert secret not in page.request["PATH_INFO"]


def test_a_receipt_cannot_be_guessed_and_does_not_last_for_ever(visitor, course):
    token = sign_receipt([make.make_registration(course=course)])
    assert visitor.get(f"/receipt/{token}/").status_code == 200
    for guess in ("1", "[1]", token[:-1], signing.dumps([1])):
        page = visitor.get(f"/receipt/{guess}/")
        assert page.status_code == 404
        assert "This receipt can no longer be opened" in words(page)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert visitor.get(f"/receipt/{token}/").status_code == 404


def test_a_receipt_tells_the_present_state(visitor, course, shibukawa):
    written = make.make_registration(course=course)
    path = f"/receipt/{sign_receipt([written])}/"
    registration.cancel(written, channel=Channel.PHONE)
    assert "This application has ended" in words(visitor.get(path))
    course.cancelled_at = timezone.now()
    course.save()
    assert "This class has been called off" in words(visitor.get(path))


def test_those_who_want_a_call_or_a_postcard_are_told_at_once_and_get_no_sms(visitor, course, yoshioka, outbox):
    page = apply(visitor, yoshioka, reach="call", phone="0279-00-0301")
    assert "We telephone you before the class." in words(page)
    assert outbox() == []
    assert Notice.objects.get().rung == Notice.Rung.ON_THE_SPOT


def test_an_address_is_kept_only_for_a_postcard(visitor, course, yoshioka):
    apply(visitor, yoshioka, reach="call", address="下野田1", postal_code="370-3608")
    assert list(Participant.objects.values_list("address", "postal_code")) == [("", "")]
    apply(visitor, yoshioka, kana="ハナコ", reach="postcard", address="下野田1", postal_code="370-3608")
    assert Participant.objects.filter(address="下野田1", postal_code="370-3608", reach="postcard").exists()


@pytest.mark.parametrize("path", ["/classes/4126/apply/", "/receipt/{token}/"])
def test_steps_of_an_application_ask_few_questions(visitor, course, django_assert_max_num_queries, path):
    token = sign_receipt([make.make_registration(course=course)])
    with django_assert_max_num_queries(10):
        visitor.get(path.format(token=token))
