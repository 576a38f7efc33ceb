"""Residents of partner towns at the desk: taken down, and nothing shown that is their town's to know."""

import uuid

import pytest
from django.urls import reverse

from sessions.models import Registration
from tests import make

pytestmark = pytest.mark.django_db
REGISTER = "/staff/phone/register/"


def newcomer(course, town, **fields) -> dict[str, object]:
    """Somebody the clerk of 渋川市 writes down for a partner town."""
    return {
        "q": "",
        "course": course.pk,
        "submission": str(uuid.uuid4()),
        "proxy": "",
        "new": "on",
        "kana": "アオキ ミツ",
        "municipality": town.pk,
        "phone": "090-0310-0403",
        "takes_sms": "1",
        "reach": "sms",
        "device": "simple",
        "birth_year": "昭和16",
        "agreed": "on",
        **fields,
    }


def test_a_resident_of_a_partner_town_taken_by_others_ends_in_a_sentence(clerk, joint_course, yoshioka):
    known = make.make_person(town=yoshioka, kana="アオキ ミツ", name="青木 光")
    earlier = make.make_registration(course=joint_course, person=known)
    response = clerk.post(REGISTER, newcomer(joint_course, yoshioka, who=known.pk), follow=True)
    assert response.redirect_chain == [(reverse("desk:desk"), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "This application was taken already. Nothing has changed. 吉岡町 can say more about it."
    ]
    assert list(Registration.objects.all()) == [earlier]
    body = response.content.decode()
    assert [word for word in ("青木", "アオキ", earlier.receipt_number) if word in body] == []


def test_how_a_resident_of_a_partner_town_is_told_is_not_on_the_receipt(clerk, joint_course, shibukawa, yoshioka):
    for town, is_shown in ((shibukawa, True), (yoshioka, False)):
        phone = "090-0310-0404" if is_shown else "090-0310-0405"
        entry = newcomer(joint_course, town, phone=phone, kana=f"アオキ {'ミツ' if is_shown else 'ヨネ'}")
        body = clerk.post(REGISTER, entry, follow=True).content.decode()
        assert ("How they are told" in body) == is_shown
