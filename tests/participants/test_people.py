"""Keeping what is known of people: facts, numbers, consents, stopped SMS."""

import pytest

from accounts.models import AuditEntry
from messaging.models import OptOut
from participants.keeping import change_consent, change_person, resume_sms, stop_sms
from participants.models import Channel, Consent, Participant
from participants.people import add_number, by_kana, give_number, people_on, possible_duplicates
from tests import make


@pytest.fixture
def person(shibukawa):
    return make.make_person(town=shibukawa, kana="サトウ アヤ", phone="090-0310-0403")


def acts():
    return list(AuditEntry.objects.values_list("act", flat=True).order_by("pk"))


def test_changing_a_name_changes_how_it_is_found(person, shibukawa, staff):
    assert change_person(person, {"kana": "たなか　あや"}, by=staff) == ["kana"]
    assert list(by_kana("タナカ", municipality=shibukawa)) == [person]
    assert list(by_kana("サトウ", municipality=shibukawa)) == []


def test_the_record_names_the_facts_that_changed_and_no_more(person, staff, shibukawa):
    change_person(person, {"kana": person.kana, "note": "午前がよい", "device": "android"}, by=staff)
    entry = AuditEntry.objects.get(act="participant.changed")
    assert (entry.by, entry.municipality) == (staff, shibukawa)
    assert sorted(entry.detail["facts"]) == ["device", "note"]
    assert "午前" not in str(entry.detail)


def test_what_stays_the_same_is_not_written_down(person, staff):
    assert change_person(person, {"kana": "さとう あや"}, by=staff) == []
    assert "participant.changed" not in acts()


def test_what_is_no_fact_cannot_be_changed(person, staff, yoshioka):
    change_person(person, {"municipality": yoshioka, "created_by": None}, by=staff)
    assert Participant.objects.get().municipality == person.municipality


def test_a_second_number_is_kept_once(person, staff):
    for _twice in range(2):
        give_number(person, make.number("0279-00-0405"), by=staff, channel=Channel.COUNTER)
    assert person.contacts.count() == 2
    assert acts().count("participant.number_added") == 1
    assert list(people_on("+81279000405")) == [person]


def test_a_later_answer_replaces_an_earlier_one_and_both_stay(person, staff):
    sms = Consent.Purpose.SMS
    assert change_consent(person, sms, given=False, by=staff, channel=Channel.PHONE)
    assert not change_consent(person, sms, given=False, by=staff, channel=Channel.PHONE)
    answers = person.consents.filter(purpose=sms)
    assert [(answer.given, answer.by) for answer in answers] == [(True, None), (False, staff)]
    assert acts().count("consent.withdrawn") == 1


def test_sms_stops_for_the_own_town_only(person, staff, shibukawa, yoshioka):
    point = person.contact_points.get()
    OptOut.objects.create(
        number=point.number, municipality=yoshioka, source=OptOut.Source.SMS, at=person.created_at
    )
    assert stop_sms(person, point, by=staff)
    assert not stop_sms(person, point, by=staff)
    assert resume_sms(person, point, by=staff)
    standing = OptOut.objects.filter(lifted_at=None)
    assert [stop.municipality for stop in standing] == [yoshioka]


def test_a_possible_duplicate_sounds_the_same_in_the_same_town(person, shibukawa, yoshioka):
    wanted = {"kana": "さとうあや", "phone": None}
    assert possible_duplicates(**wanted, municipality=shibukawa) == [person]
    assert possible_duplicates(**wanted, municipality=yoshioka) == []


def test_another_year_of_birth_is_another_person(shibukawa):
    person = make.make_person(town=shibukawa, kana="サトウ アヤ", birth_year=1941)
    wanted = {"kana": "サトウ アヤ", "municipality": shibukawa, "phone": None}
    assert possible_duplicates(**wanted, birth_year=1941) == [person]
    assert possible_duplicates(**wanted, birth_year=1950) == []


def test_spouses_on_one_number_are_no_duplicates(person, shibukawa):
    phone = make.number("090-0310-0403")
    found = possible_duplicates(kana="サトウ イチロウ", municipality=shibukawa, phone=phone)
    assert found == []


def test_an_emergency_number_never_says_who_is_calling(person):
    add_number(person, make.number("0279-00-0405"), relation="emergency")
    assert list(people_on("+81279000405")) == []
