"""The pages on which two classes become one, and the public page of the one that fell."""

import pytest
from django.urls import reverse

from sessions.models import Notice
from sessions.proposing import MergeProblem
from tests import make
from tests.sessions.merging import change, merged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_the_pages_show_whom_to_call_and_carry_it_out(at_desk, staff, gone, into, yoshioka, shibukawa):
    change(gone, capacity=12)
    theirs = make.make_person(town=yoshioka, phone="0279-00-0433", sms=False, kana="カミヤ ミツ")
    other = make.make_registration(course=gone, person=theirs)
    own = make.make_person(town=shibukawa, phone="0279-00-0422", sms=False, kana="オカダ カズコ")
    make.make_registration(course=gone, person=own)
    page = at_desk(staff)
    listed = page.get(reverse("sessions:merges")).content.decode()
    url = reverse("sessions:merge", args=[into.pk]) + f"?into={gone.pk}"
    assert url in listed.replace("&amp;", "&")
    url = reverse("sessions:merge", args=[gone.pk]) + f"?into={into.pk}"
    asked = page.get(url)
    words = asked.content.decode()
    assert "オカダ" in words
    assert "0279-00-0422" in words
    assert other.receipt_number in words
    assert "カミヤ" not in words
    assert "0279-00-0433" not in words
    assert len(asked.context["plan"].by_sms) == 2
    done = page.post(url)
    assert done.url == reverse("sessions:course", args=[into.pk])
    assert Notice.objects.filter(kind="merged").count() == 4
    again = page.post(url, follow=True)
    assert str(MergeProblem.OFF.label) in again.content.decode()


def test_a_partner_sees_the_proposal_but_cannot_carry_it_out(at_desk, partner_staff, gone, into):
    page = at_desk(partner_staff)
    assert len(page.get(reverse("sessions:merges")).context["rows"]) == 1
    url = reverse("sessions:merge", args=[gone.pk]) + f"?into={into.pk}"
    assert page.get(url).status_code == page.post(url).status_code == 403


@pytest.mark.parametrize("into_key", ["", "abc", "99999999", "9" * 30])
def test_an_address_that_names_no_second_class_leads_back_to_the_list(at_desk, staff, gone, into_key):
    answer = at_desk(staff).get(reverse("sessions:merge", args=[gone.pk]) + f"?into={into_key}")
    assert answer.url == reverse("sessions:merges")


def test_the_public_page_of_the_class_that_fell_leads_to_the_joint_one(client, gone, into, staff):
    merged(gone, into, staff)
    words = client.get(gone.get_absolute_url()).content.decode()
    assert f'href="{into.get_absolute_url()}"' in words
    assert client.get(into.get_absolute_url()).status_code == 200


def test_the_pages_cost_the_same_for_any_number_of_people(
    at_desk, staff, gone, into, yoshioka, django_assert_num_queries
):
    page = at_desk(staff)
    url = reverse("sessions:merge", args=[gone.pk]) + f"?into={into.pk}"
    page.get(url)
    with django_assert_num_queries(20, exact=False) as before:
        page.get(url)
    change(gone, capacity=60)
    change(into, capacity=60)
    for n in range(15):
        person = make.make_person(town=yoshioka, phone=f"0279-00-1{n:03d}", sms=False)
        make.make_registration(course=gone, person=person)
    with django_assert_num_queries(len(before)):
        page.get(url)
