"""A number is no person: several share one, and nobody is told more of another than the family name."""

import pytest

from participants.models import Contact, Participant
from participants.people import add_number
from sessions.models import Registration
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(program):
    return make.make_course(program=program, code="5205")


@pytest.fixture
def phone(handset):
    return handset()


def person(phone, town, kana: str) -> Participant:
    return make.make_person(town=town, phone=phone.number, kana=kana)


def test_people_of_different_families_are_asked_for_by_family_name(phone, course, shibukawa, yoshioka):
    person(phone, shibukawa, "シブカワ イチロウ")
    daughter = person(phone, yoshioka, "ヨシオカ サクラ")
    [asked] = phone.send("5205")
    assert "1シブカワさん 2ヨシオカさん ほかの方は9" in asked
    assert "イチロウ" not in asked
    assert "サクラ" not in asked
    [read_back] = phone.send("2")
    assert "ヨシオカ様、" in read_back
    assert "サクラ" not in read_back
    phone.send("1")
    assert Registration.objects.get().participant == daughter


def test_spouses_are_asked_for_the_whole_name_and_told_none(phone, course, shibukawa):
    person(phone, shibukawa, "シブカワ イチロウ")
    wife = person(phone, shibukawa, "シブカワ ハナコ")
    [asked] = phone.send("5205")
    assert "お名前をカタカナで送ってください" in asked
    assert "イチロウ" not in asked
    assert "シブカワ" not in asked
    phone.send("しぶかわ　はなこ", "1")
    assert Registration.objects.get().participant == wife


def test_a_bare_one_never_picks_a_spouse(phone, course, shibukawa):
    for name in ("イチロウ", "ハナコ"):
        person(phone, shibukawa, f"シブカワ {name}")
    phone.send("5205", "1")
    assert not Registration.objects.exists()


@pytest.mark.parametrize("name", ["シブカワ イチロウ", "シブカワ ハナコ"])
def test_where_one_spouse_has_applied_the_other_is_not_taken_for_granted(phone, course, shibukawa, name):
    husband = person(phone, shibukawa, "シブカワ イチロウ")
    wife = person(phone, shibukawa, "シブカワ ハナコ")
    theirs = make.make_registration(course=course, person=husband)
    [asked] = phone.send("5205")
    assert "ご登録のお名前をカタカナで送ってください" in asked
    [told] = phone.send(name)
    if name == husband.kana:
        assert f"受付番号{theirs.receipt_number}で受け付けています" in told
    else:
        assert "シブカワ ハナコ様、" in told
    phone.send("1")
    assert course.registrations.filter(participant=wife).exists() == (name == wife.kana)


def test_a_spouse_nobody_knows_yet_applies_with_a_nine(phone, course, shibukawa):
    known = person(phone, shibukawa, "シブカワ イチロウ")
    [read_back] = phone.send("5205")
    assert "ほかの方は9" in read_back
    [asked] = phone.send("9")
    assert "お住まいの番号とお名前" in asked
    [read_back] = phone.send("1 シブカワ ハナコ")
    assert "シブカワ ハナコ様、" in read_back
    assert "ほかの方は9" not in read_back
    phone.send("1")
    new = Registration.objects.get().participant
    assert (new.kana, new == known) == ("シブカワ ハナコ", False)


def test_of_a_household_only_residents_of_the_towns_that_hold_it_come(phone, course, shibukawa, takasaki):
    person(phone, shibukawa, "シブカワ イチロウ")
    person(phone, takasaki, "タカサキ ハナコ")
    [reply] = phone.send("5205", "2")
    assert phone.templates[-1] == "reply_refused"
    assert "イチロウ" not in reply
    phone.send("5205", "1", "1")
    assert Registration.objects.get().participant.kana == "シブカワ イチロウ"


def test_somebody_who_is_not_on_the_list_is_somebody_new(phone, course, shibukawa, yoshioka):
    person(phone, shibukawa, "シブカワ イチロウ")
    person(phone, shibukawa, "タナカ イチロウ")
    phone.send("5205", "9", "2 ヨシオカ サクラ", "1")
    new = Registration.objects.get().participant
    assert (new.kana, new.municipality, Participant.objects.count()) == ("ヨシオカ サクラ", yoshioka, 3)


def test_a_name_nobody_here_goes_by_attaches_to_nobody(phone, course, shibukawa):
    known = person(phone, shibukawa, "シブカワ イチロウ")
    phone.send("5205", "2", "1 シブカワ ハナコ", "1")
    registration = Registration.objects.get()
    assert registration.participant != known
    assert registration.participant.kana == "シブカワ ハナコ"


def test_the_same_name_in_another_town_is_somebody_else(phone, course, shibukawa, yoshioka):
    known = person(phone, shibukawa, "シブカワ イチロウ")
    phone.send("5205", "2", "2 シブカワ イチロウ", "1")
    registration = Registration.objects.get()
    assert (registration.participant == known, registration.municipality) == (False, yoshioka)


def test_the_whole_name_of_somebody_known_is_that_person(phone, course, shibukawa):
    known = person(phone, shibukawa, "シブカワ イチロウ")
    phone.send("5205", "2", "シブカワ　イチロウ", "1")
    assert Registration.objects.get().participant == known
    assert Participant.objects.count() == 1


def test_an_emergency_number_speaks_for_nobody(phone, course, shibukawa):
    father = make.make_person(town=shibukawa, kana="シブカワ イチロウ")
    add_number(father, make.number(phone.number), relation=Contact.Relation.EMERGENCY)
    registration = make.make_registration(course=course, person=father)
    [reply] = phone.send("確認")
    assert "見つかりません" in reply
    phone.send(f"{registration.receipt_number} 取消し", "1")
    assert Registration.objects.get().is_confirmed


def test_before_applications_are_told_the_writer_says_who_they_are(phone, program, shibukawa, yoshioka):
    theirs = [person(phone, shibukawa, "シブカワ イチロウ"), person(phone, yoshioka, "ヨシオカ サクラ")]
    rows = [make.make_registration(course=make.make_course(program=program), person=p) for p in theirs]
    [asked] = phone.send("確認")
    assert "1シブカワさん 2ヨシオカさん" in asked
    assert all(row.receipt_number not in asked for row in rows)
    assert "ほかの方" not in asked
    [told] = phone.send("2")
    assert rows[1].receipt_number in told
    assert rows[0].receipt_number not in told


def test_spouses_look_up_by_name(phone, program, shibukawa):
    theirs = [person(phone, shibukawa, f"シブカワ {name}") for name in ("イチロウ", "ハナコ")]
    rows = [make.make_registration(course=make.make_course(program=program), person=p) for p in theirs]
    phone.send("取消し")
    [unknown] = phone.send("シブカワ サブロウ")
    assert "お名前をカタカナだけで" in unknown
    phone.send("シブカワ ハナコ", "1")
    assert [Registration.objects.get(pk=row.pk).state for row in rows] == ["confirmed", "cancelled"]


def test_the_only_one_with_an_application_is_asked_at_once(phone, program, shibukawa):
    person(phone, shibukawa, "シブカワ イチロウ")
    wife = person(phone, shibukawa, "シブカワ ハナコ")
    row = make.make_registration(course=make.make_course(program=program), person=wife)
    [asked] = phone.send("取消し")
    assert row.receipt_number in asked
    assert "ハナコ" not in asked


def test_a_number_of_many_is_asked_for_the_name(phone, course, shibukawa):
    for name in ("アオキ", "イトウ", "ウエダ", "エンドウ", "オオタ"):
        person(phone, shibukawa, f"{name} ハナコ")
    [asked] = phone.send("5205")
    assert "お名前をカタカナで送ってください" in asked
    assert "アオキ" not in asked
