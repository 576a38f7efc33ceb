"""The telephone desk: taking an application, changing what stands."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.models import Channel, Participant
from participants.people import Details
from programs.models import Partnership
from sessions.intake import Application, take
from sessions.models import Refusal, Registration
from sessions.registration import Done, cancel
from tests import make
from tests.concurrency import run_at_once

REGISTER = "/staff/phone/register/"


@pytest.fixture
def course(joint_course):
    return joint_course


def form(course, **fields):
    """What the page sends to register."""
    return {"q": "", "course": course.pk, "submission": str(uuid.uuid4()), "proxy": ""} | fields


def newcomer(course, town, **fields):
    return form(
        course,
        **{
            "new": "on",
            "kana": "アオキ ミツ",
            "name": "青木 みつ",
            "municipality": town.pk,
            "phone": "090-0310-0403",
            "takes_sms": "1",
            "reach": "sms",
            "device": "simple",
            "birth_year": "昭和16",
            "needs": ["front_seat"],
            "agreed": "on",
        }
        | fields,
    )


def opened(response):
    return response.context["desk"]


# taking an application


def test_somebody_known_gets_the_seat_and_the_receipt_number(clerk, course, couple, desk):
    response = clerk.post(REGISTER, form(course, person=couple[1].pk), follow=True)
    registration = Registration.objects.get()
    assert (registration.participant, registration.state) == (couple[1], "confirmed")
    assert (registration.channel, registration.taken_by) == ("phone", desk)
    assert f'<p class="taken-number">{registration.receipt_number}</p>' in response.content.decode()


def test_two_together_share_one_party(clerk, course, couple):
    clerk.post(REGISTER, form(course, q="0279000405", person=couple[0].pk, also=[couple[1].pk]))
    first, second = Registration.objects.all()
    assert first.party == second.party is not None
    assert {first.participant, second.participant} == set(couple)


def test_somebody_outside_the_household_does_not_come_along(clerk, course, couple, shibukawa):
    other = make.make_person(town=shibukawa)
    clerk.post(REGISTER, form(course, q="0279000405", person=couple[0].pk, also=[other.pk]))
    assert [row.participant for row in Registration.objects.all()] == [couple[0]]


def test_somebody_new_is_written_down_with_number_and_consents(clerk, course, shibukawa, desk):
    clerk.post(REGISTER, newcomer(course, shibukawa))
    person = Registration.objects.get().participant
    assert (person.kana, person.name, person.birth_year, person.device) == (
        "アオキ ミツ",
        "青木 みつ",
        1941,
        "simple",
    )
    assert [point.number for point in person.contact_points.all()] == ["+819003100403"]
    assert [(c.purpose, c.given, c.channel, c.by, c.wording) for c in person.consents.all()] == [
        ("use", True, "phone", desk, "desk-1"),
        ("sharing", True, "phone", desk, "desk-1"),
        ("sms", True, "phone", desk, "desk-1"),
    ]


def test_whoever_wants_a_call_gives_no_consent_to_sms(clerk, course, shibukawa):
    clerk.post(REGISTER, newcomer(course, shibukawa, takes_sms="0", reach="call"))
    person = Participant.objects.get()
    assert [c.purpose for c in person.consents.all()] == ["use", "sharing"]
    assert [point.takes_sms for point in person.contact_points.all()] == [False]


def test_sent_twice_it_makes_one_person_and_one_application(clerk, course, shibukawa):
    data = newcomer(course, shibukawa)
    first = clerk.post(REGISTER, data)
    second = clerk.post(REGISTER, data)
    assert first.url == second.url
    assert (Participant.objects.count(), Registration.objects.count()) == (1, 1)


def test_the_same_form_for_another_class_changes_nothing(clerk, course, program, shibukawa):
    data = newcomer(course, shibukawa)
    clerk.post(REGISTER, data)
    clerk.post(REGISTER, data | {"course": make.make_course(program=program).pk})
    assert [row.course for row in Registration.objects.all()] == [course]


def test_a_couple_of_whom_one_is_new_comes_together(clerk, course, couple, shibukawa):
    data = newcomer(course, shibukawa, q="0279-00-0405", phone="0279-00-0405", takes_sms="0", reach="call")
    clerk.post(REGISTER, data | {"also": [couple[0].pk]})
    first, second = Registration.objects.all()
    assert (first.participant.kana, second.participant) == ("アオキ ミツ", couple[0])
    assert first.party == second.party is not None


def test_when_a_class_closes_meanwhile_nobody_is_written_down(clerk, course, shibukawa):
    course.closes_at = timezone.now()
    course.save()
    response = clerk.post(REGISTER, newcomer(course, shibukawa))
    assert response.context["refusal"] == "Applications for this class are closed."
    assert response.context["newcomer"]["kana"].value() == "アオキ ミツ"
    assert (Participant.objects.count(), Registration.objects.count()) == (0, 0)
    assert [(r.code, r.municipality) for r in Refusal.objects.all()] == [("closed", shibukawa)]


def test_somebody_of_a_partner_town_is_registered_from_the_own_quota_of_their_town(clerk, course, yoshioka):
    response = clerk.post(REGISTER, newcomer(course, yoshioka), follow=True)
    registration = Registration.objects.get()
    assert registration.municipality == yoshioka
    assert registration.receipt_number in response.content.decode()


def test_a_town_that_is_no_partner_cannot_be_chosen(clerk, course, takasaki):
    response = clerk.post(REGISTER, newcomer(course, takasaki))
    assert "municipality" in response.context["newcomer"].errors
    assert not Participant.objects.exists()


def test_the_proxy_is_written_down_and_makes_the_channel(clerk, course, couple):
    clerk.post(REGISTER, form(course, person=couple[0].pk, proxy="佐藤 花子"))
    registration = Registration.objects.get()
    assert (registration.channel, registration.proxy) == ("proxy", "佐藤 花子")


@pytest.mark.parametrize("channel", ["phone", "counter", "postcard", "fax"])
def test_an_application_by_hand_keeps_its_channel(clerk, course, couple, channel):
    clerk.post(REGISTER, form(course, person=couple[0].pk, hand="on", channel=channel))
    assert Registration.objects.get().channel == channel


def test_a_class_page_leads_to_the_desk_with_the_class_chosen(clerk, course):
    response = clerk.get(reverse("sessions:register", args=[course.pk]), follow=True)
    assert opened(response).choice.course == course
    assert 'name="channel"' in response.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kana": ""}, "kana"),
        ({"kana": "山田"}, "kana"),
        ({"kana": "ア" * 61}, "kana"),
        ({"phone": "0279"}, "phone"),
        ({"phone": "", "reach": "call"}, "phone"),
        ({"phone": "0279-00-0405"}, "reach"),
        ({"takes_sms": "0"}, "reach"),
        ({"reach": "postcard"}, "address"),
        ({"birth_year": "むかし"}, "birth_year"),
        ({"birth_year": "3000"}, "birth_year"),
        ({"device": "fax"}, "device"),
        ({"needs": ["gold"]}, "needs"),
        ({"agreed": ""}, "agreed"),
        ({"name": "\0"}, "name"),
    ],
)
def test_what_is_wrong_with_somebody_new_is_one_sentence_and_nothing_is_written(
    clerk, course, shibukawa, wrong, field
):
    response = clerk.post(REGISTER, newcomer(course, shibukawa, **wrong))
    assert [len(errors) for errors in response.context["newcomer"].errors.values()] == [1]
    assert field in response.context["newcomer"].errors
    assert not Participant.objects.exists()


@pytest.mark.parametrize("lost", ["submission", "person", "course"])
def test_what_is_missing_is_asked_for(clerk, course, couple, lost):
    data = form(course, person=couple[0].pk)
    del data[lost]
    response = clerk.post(REGISTER, data)
    assert response.status_code == 200
    assert response.context["refusal"] or response.context["form"].errors
    assert not Registration.objects.exists()


def test_a_second_application_for_the_same_class_shows_the_first(clerk, course, couple):
    earlier = make.make_registration(course=course, person=couple[0])
    response = clerk.post(REGISTER, form(course, person=couple[0].pk))
    assert response.url == reverse("desk:receipt", args=[earlier.pk])
    assert Registration.objects.count() == 1


def test_a_consultation_day_asks_for_the_time(clerk, program, couple):
    day = make.make_course(program=program, by_slot=True, session_count=2, capacity=2)
    slot = day.class_sessions.last()
    asked = clerk.post(REGISTER, form(day, person=couple[0].pk))
    assert asked.context["refusal"] == "Please choose a time of the consultation day."
    clerk.post(REGISTER, form(day, person=couple[0].pk, slot=slot.pk))
    assert Registration.objects.get().class_session == slot


# possible duplicates


def test_a_possible_duplicate_is_asked_about_and_nothing_is_lost(clerk, course, shibukawa):
    known = make.make_person(town=shibukawa, kana="アオキ ミツ", birth_year=1941)
    response = clerk.post(REGISTER, newcomer(course, shibukawa))
    assert response.context["doubles"] == [known]
    assert response.context["newcomer"]["name"].value() == "青木 みつ"
    assert Participant.objects.count() == 1


def test_the_same_person_is_registered_and_keeps_the_new_number(clerk, course, shibukawa):
    known = make.make_person(town=shibukawa, kana="アオキ ミツ")
    clerk.post(REGISTER, newcomer(course, shibukawa, who=known.pk))
    assert Registration.objects.get().participant == known
    assert "+819003100403" in {point.number for point in known.contact_points.all()}


def test_somebody_else_of_the_same_name_is_written_down(clerk, course, shibukawa):
    known = make.make_person(town=shibukawa, kana="アオキ ミツ")
    clerk.post(REGISTER, newcomer(course, shibukawa, who="different"))
    assert Registration.objects.get().participant != known
    assert Participant.objects.count() == 2


def test_only_those_who_may_be_the_same_can_be_taken_for_it(clerk, course, shibukawa):
    make.make_person(town=shibukawa, kana="アオキ ミツ")
    other = make.make_person(town=shibukawa, kana="ホリ ハル")
    response = clerk.post(REGISTER, newcomer(course, shibukawa, who=other.pk))
    assert response.context["doubles"]
    assert not Registration.objects.exists()


def test_of_a_duplicate_in_a_partner_town_only_the_family_name_is_shown(clerk, course, yoshioka):
    make.make_person(town=yoshioka, kana="アオキ ミツ", name="青木 光", birth_year=1941)
    html = clerk.post(REGISTER, newcomer(course, yoshioka)).content.decode()
    assert "吉岡町" in html
    assert "青木 光" not in html


def test_a_resident_of_a_partner_town_taken_for_the_same_is_not_shown_and_gets_no_number(clerk, course, yoshioka):
    known = make.make_person(town=yoshioka, kana="アオキ ミツ", name="青木 光")
    numbers = list(known.contact_points.all())
    html = clerk.post(REGISTER, newcomer(course, yoshioka, who=known.pk), follow=True).content.decode()
    assert Registration.objects.get().participant == known
    assert Registration.objects.get().receipt_number in html
    assert "アオキ" in html
    assert "青木 光" not in html
    assert "ミツ" not in html
    assert list(known.contact_points.all()) == numbers


def test_a_refusal_of_the_same_person_keeps_no_number_and_is_counted_once(clerk, course, shibukawa):
    known = make.make_person(town=shibukawa, kana="アオキ ミツ")
    course.closes_at = timezone.now()
    course.save()
    response = clerk.post(REGISTER, newcomer(course, shibukawa, who=known.pk))
    assert response.context["refusal"] == "Applications for this class are closed."
    assert known.contact_points.count() == 1
    assert [(r.code, r.participant) for r in Refusal.objects.all()] == [("closed", known)]


def test_the_number_is_written_before_the_course_is_locked(clerk, course, shibukawa):
    known = make.make_person(town=shibukawa, kana="アオキ ミツ")
    with CaptureQueriesContext(connection) as asked:
        clerk.post(REGISTER, newcomer(course, shibukawa, who=known.pk))
    statements = [row["sql"] for row in asked]
    number = next(i for i, sql in enumerate(statements) if 'INSERT INTO "participants_contactpoint"' in sql)
    from_course = [i for i, sql in enumerate(statements) if 'FROM "class_sessions_course"' in sql]
    locked = [i for i in from_course if "FOR UPDATE" in statements[i]]
    registered = next(i for i, sql in enumerate(statements) if 'INSERT INTO "class_sessions_registration"' in sql)
    assert number < min([*locked, registered])


def test_the_receipt_of_a_partner_town_can_be_opened_for_a_day_and_only_while_partners(clerk, course, yoshioka):
    url = clerk.post(REGISTER, newcomer(course, yoshioka)).url
    assert clerk.get(url).status_code == 200
    Partnership.objects.filter(municipality=yoshioka).update(state=Partnership.State.WITHDRAWN)
    assert clerk.get(url).status_code == 404
    Partnership.objects.filter(municipality=yoshioka).update(state=Partnership.State.ACCEPTED)
    Registration.objects.update(applied_at=timezone.now() - timedelta(hours=25))
    assert clerk.get(url).status_code == 404


# changing what stands


def test_cancelling_asks_first_and_then_does(clerk, course, couple, desk):
    registration = make.make_registration(course=course, person=couple[0])
    url = reverse("desk:cancel", args=[registration.pk])
    assert clerk.get(url).context["standing"].registration == registration
    assert Registration.objects.get().is_confirmed
    response = clerk.post(url, {"reason": "通院"}, follow=True)
    registration.refresh_from_db()
    assert (registration.state, registration.ended_by, registration.ended_channel) == ("cancelled", desk, "phone")
    assert registration.ended_reason == "通院"
    assert opened(response).found.people[0] == couple[0]


@pytest.mark.parametrize(("act", "state"), [("accept", "confirmed"), ("decline", "declined")])
def test_an_offer_is_answered_for_the_caller(clerk, program, shibukawa, couple, act, state):
    full = make.make_course(program=program, capacity=1)
    first = make.make_registration(course=full, town=shibukawa)
    second = make.make_registration(course=full, person=couple[0], state="waiting")
    cancel(first, channel=Channel.PHONE)
    url = reverse(f"desk:{act}", args=[second.pk])
    assert clerk.get(url).status_code == 200
    clerk.post(url)
    second.refresh_from_db()
    assert second.state == state


def test_an_answer_without_an_offer_is_refused_in_one_sentence(clerk, course, couple):
    registration = make.make_registration(course=course, person=couple[0])
    response = clerk.post(reverse("desk:decline", args=[registration.pk]), follow=True)
    assert [str(m) for m in response.context["messages"]] == ["There is no seat offered to you at the moment."]
    registration.refresh_from_db()
    assert registration.is_confirmed


def test_applications_of_other_towns_cannot_be_touched(clerk, course, yoshioka):
    registration = make.make_registration(course=course, town=yoshioka)
    for act in ("receipt", "cancel", "accept", "decline"):
        assert clerk.get(reverse(f"desk:{act}", args=[registration.pk])).status_code == 404
        assert clerk.post(reverse(f"desk:{act}", args=[registration.pk])).status_code in {404, 405}
    registration.refresh_from_db()
    assert registration.is_confirmed


def test_a_class_of_strangers_cannot_be_chosen(clerk, takasaki, couple):
    course = make.make_course(program=make.make_program(lead=takasaki))
    assert clerk.get(reverse("sessions:register", args=[course.pk])).status_code == 404
    clerk.post(REGISTER, form(course, person=couple[0].pk))
    assert not Registration.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sent_at_the_same_moment_it_still_makes_one_person(course, shibukawa, desk):
    assert connection.vendor == "postgresql"
    details = Details(kana="アオキ ミツ", municipality=shibukawa, phone=make.number("090-0310-0403"))
    application = Application(course=course, channel=Channel.PHONE, by=desk, submission=uuid.uuid4())
    outcomes = run_at_once([partial(take, application, [], newcomer=details)] * 8)
    assert all(isinstance(outcome, Done) for outcome in outcomes), outcomes
    assert sorted(outcome.is_repeat for outcome in outcomes) == [False] + [True] * 7
    assert (Participant.objects.count(), Registration.objects.count()) == (1, 1)
