"""The telephone desk keeps a seat for the call: asked for by the page, by a button, and never by looking."""

import uuid

import pytest

from accounts.models import Role
from sessions.holds import hold, kept_by
from sessions.models import Registration, SeatHold
from tests import make

pytestmark = pytest.mark.django_db
DESK, HOLD, RELEASE, REGISTER = (f"/staff/phone/{act}" for act in ("", "hold/", "release/", "register/"))
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def caller(shibukawa):
    return make.make_person(town=shibukawa, kana="アオキ ミツ", name="青木 みつ")


@pytest.fixture
def last_seat(program):
    return make.make_course(program=program, capacity=1)


def chosen(course, person, **fields) -> dict:
    return {"course": course.pk, "person": person.pk} | fields


def sent(course, person) -> dict:
    return chosen(course, person, submission=str(uuid.uuid4()), proxy="")


def text(response) -> str:
    return response.content.decode()


def test_looking_keeps_nothing_and_the_page_asks_for_it(clerk, last_seat, caller, desk):
    html = text(clerk.get(DESK, chosen(last_seat, caller)))
    assert kept_by(desk) is None
    assert f'hx-post="{HOLD}" hx-trigger="load' in html
    assert "Keep the seat during the call" in html
    assert clerk.get(HOLD).status_code == clerk.get(RELEASE).status_code == 405


def test_a_script_gets_the_note_alone_and_the_next_look_shows_it(clerk, last_seat, caller, desk):
    note = text(clerk.post(HOLD, chosen(last_seat, caller), headers=SCRIPT))
    until = "1 seat is kept for this call, until "
    assert until in note
    assert "<html" not in note
    page = text(clerk.get(DESK, chosen(last_seat, caller)))
    assert until in page
    assert "There is a seat." in page


def test_without_a_script_the_whole_page_comes_back(clerk, last_seat, caller, desk):
    page = text(clerk.post(HOLD, chosen(last_seat, caller)))
    assert "1 seat is kept for this call, until " in page
    assert "青木 みつ" in page
    assert "Keep the seat during the call" in text(clerk.post(RELEASE, chosen(last_seat, caller)))
    assert kept_by(desk) is None


def test_what_was_written_about_somebody_new_stays_when_a_seat_is_kept(clerk, last_seat, yoshioka, desk):
    typed = {"new": "on", "writing": "on", "course": last_seat.pk, "kana": "アオキ ミツ", "needs": ["loan"]}
    typed |= {"municipality": yoshioka.pk, "agreed": "on", "birth_year": "昭和16"}
    response = clerk.post(HOLD, typed)
    newcomer = response.context["newcomer"]
    assert (newcomer["kana"].value(), newcomer["needs"].value()) == ("アオキ ミツ", ["loan"])
    assert newcomer["agreed"].value()
    assert newcomer.errors == {}
    assert list(kept_by(desk).towns) == [yoshioka.pk]


def test_registering_consumes_what_was_kept(clerk, last_seat, caller):
    clerk.post(HOLD, chosen(last_seat, caller), headers=SCRIPT)
    clerk.post(REGISTER, sent(last_seat, caller))
    assert Registration.objects.get().is_confirmed
    assert SeatHold.objects.count() == 0


def test_a_seat_a_colleague_keeps_is_not_offered_on_the_page(clerk, last_seat, caller, shibukawa):
    colleague = make.make_user(town=shibukawa, role=Role.DESK)
    hold(last_seat, [make.make_person(town=shibukawa)], by=colleague)
    html = text(clerk.get(DESK, chosen(last_seat, caller)))
    assert "All seats are taken: the waiting list, place 1." in html
    assert HOLD not in html
    note = text(clerk.post(HOLD, chosen(last_seat, caller), headers=SCRIPT))
    assert "All seats are taken. The waiting list is open." in note


def test_what_is_kept_for_another_call_is_given_back_by_the_next_page(clerk, last_seat, caller, desk):
    clerk.post(HOLD, chosen(last_seat, caller), headers=SCRIPT)
    html = text(clerk.get(DESK))
    assert f'hx-post="{RELEASE}" hx-trigger="load' in html
    assert "A seat is still kept for another call, until " in html
    clerk.post(RELEASE, headers=SCRIPT)
    assert kept_by(desk) is None
    assert RELEASE not in text(clerk.get(DESK))


def test_another_class_takes_the_place_of_the_first(clerk, program, last_seat, caller, desk):
    other = make.make_course(program=program, capacity=1)
    for course in (last_seat, other):
        clerk.post(HOLD, chosen(course, caller), headers=SCRIPT)
    assert kept_by(desk).course == other.pk
    assert SeatHold.objects.count() == 1


def test_a_time_of_a_consultation_day_stays_open_to_the_clerk_who_keeps_it(clerk, program, caller):
    day = make.make_course(program=program, by_slot=True, session_count=2, capacity=2)
    slot = day.class_sessions.first()
    clerk.post(HOLD, chosen(day, caller, slot=slot.pk), headers=SCRIPT)
    opened = clerk.get(DESK, chosen(day, caller, slot=slot.pk)).context["desk"]
    assert opened.is_kept
    assert [row.is_free for row in opened.slots] == [True, True]
    clerk.post(REGISTER, sent(day, caller) | {"slot": slot.pk})
    assert Registration.objects.get().class_session == slot


def test_nothing_chosen_keeps_nothing_and_says_what_is_missing(clerk, desk):
    assert "Please choose who is to come." in text(clerk.post(HOLD, headers=SCRIPT))
    assert kept_by(desk) is None


def test_a_viewer_and_a_prefecture_keep_nothing(at_desk, shibukawa, last_seat, caller):
    viewer = make.make_user(town=shibukawa, role=Role.VIEWER)
    prefecture = make.make_user(town=make.make_town(name="群馬県", kind="prefecture"), role=Role.ADMIN)
    for user in (viewer, prefecture):
        assert at_desk(user).post(HOLD, chosen(last_seat, caller)).status_code == 403
    assert SeatHold.objects.count() == 0
