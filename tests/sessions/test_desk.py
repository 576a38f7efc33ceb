"""The telephone desk: looking somebody up and choosing a class."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Role
from participants.models import Channel
from participants.people import add_number
from sessions.registration import cancel
from tests import make

DESK = "/staff/phone/"
REGISTER = "/staff/phone/register/"


@pytest.fixture
def course(joint_course):
    return joint_course


def opened(response):
    return response.context["desk"]


# looking up


@pytest.mark.parametrize("typed", ["0279-00-0405", "０２７９（００）０４０５", "+81 279 00 0405"])
def test_a_number_however_typed_opens_everybody_on_it(clerk, couple, typed):
    found = opened(clerk.get(DESK, {"q": typed})).found
    assert list(found.people) == list(couple)


@pytest.mark.parametrize("typed", ["さとう", "ｻﾄｳ", "サトウ", "サトウ ア"])
def test_kana_finds_residents_of_the_own_town(clerk, couple, yoshioka, typed):
    stranger = make.make_person(town=yoshioka, kana="サトウ ハル")
    people = opened(clerk.get(DESK, {"q": typed})).found.people
    assert stranger not in people
    assert couple[1] in people


@pytest.mark.parametrize("write", [str, str.lower, lambda text: text.replace("A", "Ａ")])
def test_a_receipt_number_opens_the_household_of_its_person(clerk, course, couple, write):
    registration = make.make_registration(course=course, person=couple[1])
    people = opened(clerk.get(DESK, {"q": write(registration.receipt_number)})).found.people
    assert list(people) == [couple[1], couple[0]]


def test_a_receipt_number_of_another_town_opens_nobody(clerk, course, yoshioka):
    registration = make.make_registration(course=course, town=yoshioka)
    response = clerk.get(DESK, {"q": registration.receipt_number})
    assert opened(response).found.people == ()
    assert opened(response).found.problem


def test_of_a_partner_town_only_family_name_and_town_are_shown(clerk, couple, course, yoshioka, takasaki):
    neighbour = make.make_person(town=yoshioka, kana="アオキ ミツ", name="青木 みつ", phone="0279-00-0405")
    make.make_person(town=takasaki, kana="ホリ ハル", phone="0279-00-0405")
    registration = make.make_registration(course=course, person=neighbour)
    response = clerk.get(DESK, {"q": "0279000405"})
    html = response.content.decode()
    assert [(n.family_kana, n.town) for n in opened(response).found.neighbours] == [("アオキ", yoshioka)]
    assert "アオキ" in html
    for secret in ("ミツ", "みつ", registration.receipt_number, "ホリ"):
        assert secret not in html


def test_somebody_of_a_partner_town_cannot_be_chosen_by_key(clerk, yoshioka, course):
    neighbour = make.make_person(town=yoshioka, kana="アオキ ミツ")
    response = clerk.get(DESK, {"person": neighbour.pk, "course": course.pk})
    assert opened(response).people == []
    assert "ミツ" not in response.content.decode()


def test_opening_a_household_is_written_down_once_a_look_up(clerk, couple, course, desk, shibukawa):
    clerk.get(DESK, {"q": "0279000405"})
    clerk.get(DESK, {"q": "0279000405", "person": couple[0].pk, "course": course.pk})
    clerk.get(DESK, {"q": "0279000405"})
    entries = AuditEntry.objects.filter(act="household.viewed")
    assert [(e.by, e.municipality, e.detail["people"]) for e in entries] == [
        (desk, shibukawa, [person.pk for person in couple])
    ] * 2
    assert "0405" not in str([e.detail for e in entries])


def test_choosing_somebody_straight_away_is_written_down_too(clerk, couple):
    clerk.get(DESK, {"person": couple[1].pk})
    assert AuditEntry.objects.get(act="household.viewed").subject_id == str(couple[1].pk)


def test_counting_while_typing_names_nobody(clerk, couple):
    html = clerk.get("/staff/phone/count/", {"q": "さとう"}).content.decode()
    assert "2" in html
    assert "サトウ" not in html
    assert not AuditEntry.objects.filter(act="household.viewed").exists()


def test_the_household_shows_live_applications_with_state_and_place_in_line(clerk, program, shibukawa, couple):
    full = make.make_course(program=program, capacity=1)
    make.make_registration(course=full, town=shibukawa, state="confirmed")
    make.make_registration(course=full, town=shibukawa, state="waiting")
    second = make.make_registration(course=full, person=couple[0], state="waiting")
    (caller, _) = opened(clerk.get(DESK, {"q": "0279000405"})).callers
    assert [(s.registration, s.position) for s in caller.history.live] == [(second, 2)]


def test_past_applications_stand_apart(clerk, course, couple):
    registration = make.make_registration(course=course, person=couple[0])
    cancel(registration, channel=Channel.PHONE)
    history = opened(clerk.get(DESK, {"q": "0279000405"})).callers[0].history
    assert [s.registration for s in history.live] == []
    assert [s.registration for s in history.past] == [registration]


# choosing


def test_classes_of_all_programmes_the_town_takes_part_in_are_offered(
    clerk, course, shibukawa, yoshioka, takasaki
):
    of_partner = make.make_course(program=make.make_program(lead=yoshioka, partners=(shibukawa,)))
    make.make_course(program=make.make_program(lead=takasaki))
    make.make_course(program=course.program, published_at=None)
    past = timezone.now() - timedelta(days=3)
    make.make_course(program=course.program, starts_at=past, opens_at=past - timedelta(days=9))
    assert {row.course for row in opened(clerk.get(DESK)).choices} == {course, of_partner}


def test_seats_are_shown_as_the_callers_town_has_them(clerk, course, shibukawa, yoshioka):
    make.make_registration(course=course, town=shibukawa)
    (row,) = opened(clerk.get(DESK)).choices
    assert (row.taken, row.held, row.free, row.free_in_all) == (1, 0, 3, 9)


def test_the_meter_shows_each_town_and_the_common_seats(clerk, course, couple, shibukawa):
    for _n in range(5):
        make.make_registration(course=course, town=shibukawa)
    rows = opened(clerk.get(DESK, {"person": couple[0].pk, "course": course.pk})).meter_rows
    assert [(row.town.name, row.taken, row.free) for row in rows[:3]] == [
        ("渋川市", 4, 0),
        ("吉岡町", 0, 2),
        ("榛東村", 0, 2),
    ]
    assert (rows[3].is_pool, rows[3].free, [(g.tone, g.taken) for g in rows[3].guests]) == (True, 1, [("a", 1)])


def test_the_script_names_the_class_and_the_partner_towns(clerk, course, couple):
    html = clerk.get(DESK, {"person": couple[0].pk, "course": course.pk}).content.decode()
    assert "吉岡町, 榛東村" in html


@pytest.mark.parametrize(
    "query",
    [
        {"person": "abc"},
        {"person": "9" * 30},
        {"also": ["x", "1"]},
        {"course": "9" * 30},
        {"slot": "-1"},
        {"q": "サ" * 500},
        {"c": "%_\\'"},
        {"q": "0279"},
    ],
)
def test_a_strange_address_still_shows_the_desk(clerk, course, query):
    assert clerk.get(DESK, query).status_code == 200


@pytest.mark.parametrize("typed", ["0279", "110", "090-1234", "+1 212 555 0100"])
def test_a_number_that_cannot_be_is_answered_with_one_sentence(clerk, typed):
    assert opened(clerk.get(DESK, {"q": typed})).found.problem.count(".") in {1, 2}


# rights and sizes


def test_a_viewer_and_a_prefecture_have_no_desk(at_desk, shibukawa):
    viewer = make.make_user(town=shibukawa, role=Role.VIEWER)
    prefecture = make.make_user(town=make.make_town(name="群馬県", kind="prefecture"), role=Role.ADMIN)
    for user in (viewer, prefecture):
        assert at_desk(user).get(DESK).status_code == 403
        assert at_desk(user).post(REGISTER).status_code == 403


def test_the_desk_asks_as_little_for_many_as_for_one(clerk, program, shibukawa, django_assert_max_num_queries):
    first = make.make_person(town=shibukawa, kana="サトウ ハル", phone="0279-00-0405", sms=False)
    course = make.make_course(program=program)
    make.make_registration(course=make.make_course(program=program), person=first)
    address = {"q": "0279-00-0405", "person": first.pk, "course": course.pk}
    clerk.get(DESK, address)
    with django_assert_max_num_queries(20) as few:
        clerk.get(DESK, address)
    queries = len(few)
    for _n in range(12):
        make.make_registration(course=make.make_course(program=program, session_count=3), person=first)
    for _n in range(300):
        add_number(make.make_person(town=shibukawa), make.number("0279-00-0405"))
    clerk.get(DESK, address)
    with django_assert_max_num_queries(queries):
        clerk.get(DESK, address)


def test_the_outlook_follows_the_town_somebody_new_lives_in(clerk, course, yoshioka):
    response = clerk.get(DESK, {"new": "on", "course": course.pk, "municipality": yoshioka.pk})
    assert opened(response).outlook == "There is a seat out of those kept for 吉岡町."
    assert (opened(response).choice.free, opened(response).caller_town) == (2, yoshioka)


def test_the_outlook_tells_of_the_waiting_list_and_of_couples(clerk, program, shibukawa, couple):
    small = make.make_course(program=program, capacity=2)
    make.make_registration(course=small, town=shibukawa)
    one = {"q": "0279000405", "person": couple[0].pk, "course": small.pk}
    assert opened(clerk.get(DESK, one)).outlook == "There is a seat."
    both = opened(clerk.get(DESK, one | {"also": [couple[1].pk]}))
    assert both.outlook.startswith("There are not enough seats for all of them together")
    make.make_registration(course=small, town=shibukawa)
    make.make_registration(course=small, town=shibukawa, state="waiting")
    full = opened(clerk.get(DESK, one))
    assert full.outlook == "All seats are taken: the waiting list, place 2."


def test_a_name_that_only_one_has_opens_their_household(clerk, couple):
    opened_desk = opened(clerk.get(DESK, {"q": "サトウ ア"}))
    assert list(opened_desk.found.people) == [couple[1], couple[0]]
    assert opened_desk.chosen_person == couple[1]


def test_somebody_added_to_a_household_gets_its_number(clerk, course, couple):
    address = opened(clerk.get(DESK, {"person": couple[0].pk, "course": course.pk})).new_url
    response = clerk.get(DESK + address)
    assert response.context["newcomer"]["phone"].value() == "0279-00-0405"
    assert [caller.person for caller in opened(response).companions] == list(couple)


def test_the_form_of_somebody_new_waits_for_the_time_of_a_consultation(clerk, program):
    day = make.make_course(program=program, by_slot=True, session_count=2, capacity=2)
    first, second = day.class_sessions.all()
    asked = opened(clerk.get(DESK, {"new": "on", "course": day.pk}))
    assert (asked.is_writing, asked.focus) == (False, "slot")
    assert opened(clerk.get(DESK, {"new": "on", "course": day.pk, "slot": second.pk})).is_writing
    turned = opened(clerk.get(DESK, {"new": "on", "course": day.pk, "writing": "on"}))
    assert (turned.is_writing, turned.slot) == (True, first)


@pytest.mark.parametrize("name", ["also", "person", "course", "slot", "municipality"])
@pytest.mark.parametrize("key", ["9" * 20, "-" + "9" * 20, "9" * 5000, "x"])
def test_a_key_nothing_can_have_counts_as_not_given(clerk, couple, course, name, key):
    for data in ({"q": "0279000405", name: key}, {"q": "0279000405", "c": "x", "new": "on", name: key}):
        page = opened(clerk.get(DESK, data))
        assert (page.along, page.choice, page.slot, page.person) == ([], None, None, None)
