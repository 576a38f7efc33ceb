"""The pages about people: only one's own residents, every look written down."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role
from participants.models import Channel, Participant
from participants.people import add_number
from sessions.registration import cancel
from tests import make

PEOPLE = "/staff/people/"


def signed_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def clerk(desk) -> Client:
    return signed_in(desk)


@pytest.fixture
def person(shibukawa):
    return make.make_person(town=shibukawa, kana="サトウ アヤ", name="佐藤 文", phone="090-0310-0403")


def page(name, person):
    return reverse(f"participants:{name}", args=[person.pk])


def facts(**changed):
    known = {"kana": "サトウ アヤ", "name": "佐藤 文", "device": "none", "reach": "call", "birth_year": "S16"}
    return known | changed


def rows(response):
    return [row.record for row in response.context["table"].page.object_list]


def test_the_list_holds_the_residents_of_the_own_town(clerk, person, yoshioka):
    make.make_person(town=yoshioka, kana="サトウ ハル")
    assert rows(clerk.get(PEOPLE)) == [person]


@pytest.mark.parametrize("words", ["さとう", "ｻﾄｳ", "佐藤", "090-0310-0403", "０９０ ０３１０ ０４０３"])
def test_the_list_is_searched_by_kana_name_and_number(clerk, person, shibukawa, words):
    make.make_person(town=shibukawa, kana="タナカ ハル")
    assert rows(clerk.get(PEOPLE, {"q": words})) == [person]


@pytest.mark.parametrize(
    "strange", [{"q": "ア" * 200}, {"page": "x"}, {"page": "99999"}, {"sort": "note"}, {"device": "?"}]
)
def test_a_strange_search_still_shows_a_list(clerk, person, strange):
    assert clerk.get(PEOPLE, strange).status_code == 200


def test_twenty_five_stand_on_a_page_at_the_same_cost(clerk, shibukawa, django_assert_max_num_queries):
    make.make_person(town=shibukawa)
    clerk.get(PEOPLE)
    with django_assert_max_num_queries(10) as few:
        clerk.get(PEOPLE)
    queries = len(few)
    for _n in range(300):
        make.make_person(town=shibukawa)
    with django_assert_max_num_queries(queries):
        response = clerk.get(PEOPLE)
    assert len(rows(response)) == 25


def test_the_page_of_a_person_tells_all_and_is_written_down(clerk, program, person, desk, shibukawa):
    husband = make.make_person(town=shibukawa, kana="サトウ イチロウ", phone="090-0310-0403")
    registration = make.make_registration(course=make.make_course(program=program), person=person)
    response = clerk.get(page("person", person))
    assert [number.others for number in response.context["numbers"]] == [[husband]]
    assert [standing.registration for standing in response.context["history"].live] == [registration]
    assert response.context["notices"][0].registration == registration
    entry = AuditEntry.objects.get(act="participant.viewed")
    assert (entry.by, entry.subject_id) == (desk, str(person.pk))


def test_the_last_thing_told_is_the_present_truth(clerk, program, person):
    registration = make.make_registration(course=make.make_course(program=program), person=person)
    cancel(registration, channel=Channel.PHONE)
    assert clerk.get(page("person", person)).context["notices"][0].kind == "cancelled"


def test_who_shares_a_number_in_another_town_stays_unnamed(clerk, person, yoshioka):
    make.make_person(town=yoshioka, kana="アオキ ミツ", phone="090-0310-0403")
    assert "アオキ" not in clerk.get(page("person", person)).content.decode()


def test_one_page_costs_the_same_however_much_there_is(
    clerk, program, person, shibukawa, django_assert_max_num_queries
):
    make.make_registration(course=make.make_course(program=program), person=person)
    clerk.get(page("person", person))
    with django_assert_max_num_queries(20) as few:
        clerk.get(page("person", person))
    queries = len(few)
    for _n in range(20):
        make.make_registration(course=make.make_course(program=program), person=person)
        add_number(make.make_person(town=shibukawa), make.number("090-0310-0403"))
    with django_assert_max_num_queries(queries):
        clerk.get(page("person", person))


def test_what_is_known_can_be_changed(clerk, person):
    clerk.post(page("edit", person), facts(kana="たなか あや", needs=["loan"], note="午前"))
    person.refresh_from_db()
    assert (person.kana, person.birth_year, person.needs, person.note) == ("タナカ アヤ", 1941, ["loan"], "午前")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kana": "山田"}, "kana"),
        ({"birth_year": "きのう"}, "birth_year"),
        ({"reach": "postcard"}, "address"),
        ({"reach": "pigeon"}, "reach"),
        ({"note": "あ" * 201}, "note"),
        ({"name": "\0"}, "name"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_changes(clerk, person, wrong, field):
    response = clerk.post(page("edit", person), facts(**wrong))
    assert {name: len(errors) for name, errors in response.context["form"].errors.items()} == {field: 1}
    assert Participant.objects.get().kana == "サトウ アヤ"


def test_a_number_is_added_or_refused_in_one_sentence(clerk, person):
    clerk.post(
        page("add_number", person), {"phone": "0279-00-0405", "relation": "family", "label": "娘"}, follow=True
    )
    added = person.contacts.get(relation="family")
    assert (added.contact_point.number, added.label) == ("+81279000405", "娘")
    response = clerk.post(page("add_number", person), {"phone": "119", "relation": "self"}, follow=True)
    assert len(response.context["messages"]) == 1
    assert person.contacts.count() == 2


def test_consent_is_withdrawn_with_who_and_how(clerk, person, desk):
    clerk.post(page("consent", person), {"purpose": "sms", "given": "0", "channel": "counter"})
    latest = person.consents.filter(purpose="sms").last()
    assert (latest.given, latest.by, latest.channel) == (False, desk, "counter")
    clerk.post(page("consent", person), {"purpose": "gold", "given": "1"})
    assert person.consents.filter(purpose="gold").count() == 0


def test_sms_is_stopped_and_resumed_from_the_page(clerk, person):
    contact = person.contacts.get()
    clerk.post(reverse("participants:stop_sms", args=[contact.pk]))
    assert clerk.get(page("person", person)).context["numbers"][0].is_stopped
    clerk.post(reverse("participants:resume_sms", args=[contact.pk]))
    assert not clerk.get(page("person", person)).context["numbers"][0].is_stopped


def test_people_of_other_towns_are_not_found(partner_staff, person):
    client = signed_in(partner_staff)
    for name in ("person", "edit"):
        assert client.get(page(name, person)).status_code == 404
    for name in ("edit", "add_number", "consent"):
        assert client.post(page(name, person)).status_code == 404
    for name in ("stop_sms", "resume_sms"):
        assert client.post(reverse(f"participants:{name}", args=[person.contacts.get().pk])).status_code == 404
    assert not AuditEntry.objects.filter(act="participant.viewed").exists()


def test_a_viewer_looks_and_changes_nothing(person, shibukawa):
    client = signed_in(make.make_user(town=shibukawa, role=Role.VIEWER))
    html = client.get(page("person", person)).content.decode()
    assert "佐藤 文" in html
    assert page("edit", person) not in html
    assert client.get(PEOPLE).status_code == 200
    assert client.post(page("edit", person), facts()).status_code == 403
    assert client.post(page("consent", person)).status_code == 403


def test_a_prefecture_sees_nobody(person):
    client = signed_in(make.make_user(town=make.make_town(name="群馬県", kind="prefecture"), role=Role.ADMIN))
    assert client.get(PEOPLE).status_code == 403
    assert client.get(page("person", person)).status_code == 403
