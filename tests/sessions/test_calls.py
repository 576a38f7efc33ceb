from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.japanese import date_label
from messaging import optouts
from messaging.backends import MemoryBackend
from messaging.models import Message, OptOut
from messaging.sending import claim, pass_fence, send_due
from participants.models import Channel
from sessions.calls import CallResult, give_up, record_call, step_down
from sessions.changes import call_off, move_session
from sessions.models import Notice, Registration
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db
LANDLINE = "0279-00-0422"


@pytest.fixture
def course(program):
    return make.make_course(program=program)


def on_the_list(course, **fields) -> Notice:
    """Somebody without SMS who applied by postcard, so that they have to be called."""
    person = make.make_person(town=course.host, phone=LANDLINE, sms=False, **fields)
    return make.make_registration(course=course, person=person, channel=Channel.POSTCARD).notices.get()


def test_whoever_has_been_told_leaves_the_list(course, staff):
    notice = on_the_list(course)
    assert record_call(notice, CallResult.TOLD, by=staff) is True
    notice.refresh_from_db()
    assert (notice.outcome, notice.closed_by) == (Notice.Outcome.TOLD, staff)
    assert not Notice.objects.to_do_by_hand().exists()


def test_nobody_at_home_keeps_them_on_the_list_and_counts(course, staff):
    notice = on_the_list(course)
    record_call(notice, CallResult.NO_ANSWER, by=staff)
    record_call(notice, CallResult.NO_ANSWER, by=staff)
    notice.refresh_from_db()
    assert (notice.calls_made, notice.closed_at) == (2, None)


def test_two_colleagues_at_once_tell_somebody_once(course, staff, desk):
    notice = on_the_list(course)
    record_call(notice, CallResult.TOLD, by=staff)
    assert record_call(notice, CallResult.WRONG_NUMBER, by=desk) is False
    notice.refresh_from_db()
    assert notice.outcome == Notice.Outcome.TOLD


def test_an_sms_that_fails_steps_down_to_a_call_once(course):
    registration = make.make_registration(course=course)
    MemoryBackend.failing.add(registration.participant.contact_points.get().number)
    send_due()
    assert step_down() == 1
    assert step_down() == 0
    notice = registration.notices.get()
    assert notice.rung == Notice.Rung.CALL
    assert notice in Notice.objects.to_do_by_hand()


def test_an_sms_stopped_by_the_person_steps_down_to_a_call(course):
    registration = make.make_registration(course=course)
    optouts.stop(registration.participant.contact_points.get().number, source=OptOut.Source.COUNTER)
    send_due()
    assert step_down() == 1


def test_what_is_of_no_use_any_more_is_not_called_about(course):
    notice = on_the_list(course)
    assert give_up() == 0
    with time_machine.travel(notice.expires_at + timedelta(minutes=1), tick=False):
        assert give_up() == 1
    notice.refresh_from_db()
    assert notice.outcome == Notice.Outcome.GIVEN_UP


def test_a_cancellation_takes_the_old_call_from_the_list(course):
    notice = on_the_list(course)
    cancel(notice.registration, channel=Channel.PHONE)
    notice.refresh_from_db()
    assert notice.outcome == Notice.Outcome.OVERTAKEN
    assert not Notice.objects.to_do_by_hand().exists()


def test_a_call_about_a_class_called_off_stays_until_the_class_would_have_begun(course, staff):
    notice = on_the_list(course)
    call_off(course, reason="大雪", by=staff)
    called_off = Notice.objects.to_do_by_hand().get()
    assert (called_off.kind, called_off.registration) == ("called_off", notice.registration)
    assert called_off.expires_at == course.starts_at
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert give_up() == 0


def test_a_message_that_may_be_lost_is_called_about(course):
    registration = make.make_registration(course=course)
    ((token, message),) = claim(10)
    pass_fence(message, token)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        send_due()
        assert step_down() == 1
    assert registration.notices.get().rung == Notice.Rung.CALL


def test_a_late_failure_of_what_is_no_longer_true_calls_nobody(course):
    registration = make.make_registration(course=course)
    send_due()
    cancel(registration, channel=Channel.PHONE)
    Message.objects.filter(template="confirmed").update(state="undelivered")
    assert step_down() == 0


def test_who_was_not_told_of_their_seat_is_told_of_it_in_the_new_words(course, staff):
    on_the_list(course)
    session = course.class_sessions.get()
    start = session.starts_at + timedelta(days=1)
    move_session(session, starts_at=start, ends_at=start + timedelta(hours=1), venue=session.venue, by=staff)
    day = date_label(timezone.localtime(start).date(), language="ja")
    calls = list(Notice.objects.to_do_by_hand())
    assert [call.kind for call in calls] == ["confirmed"]
    assert day in calls[0].text


def test_the_page_shows_number_and_words_and_takes_the_result(client, course, staff):
    notice = on_the_list(course, kana="オカダ カズコ")
    client.force_login(staff)
    page = client.get("/staff/calls/").content.decode()
    assert LANDLINE in page
    assert notice.text in page
    client.post(f"/staff/calls/{notice.pk}/record/", {"result": "told"})
    assert "オカダ" not in client.get("/staff/calls/").content.decode()


def test_a_bad_result_is_one_sentence_and_changes_nothing(client, course, staff):
    notice = on_the_list(course)
    client.force_login(staff)
    response = client.post(f"/staff/calls/{notice.pk}/record/", {"result": "perhaps"}, follow=True)
    assert response.status_code == 200
    assert Notice.objects.get(pk=notice.pk).calls_made == 0


def test_the_list_of_another_town_is_not_there(client, course, partner_staff, yoshioka):
    notice = on_the_list(course, kana="オカダ カズコ")
    client.force_login(partner_staff)
    assert "オカダ" not in client.get("/staff/calls/").content.decode()
    assert client.post(f"/staff/calls/{notice.pk}/record/", {"result": "told"}).status_code == 404


@time_machine.travel("2026-12-01 10:00:00+09:00", tick=False)
def test_an_answer_on_the_telephone_takes_the_seat(client, program, staff):
    course = make.make_course(
        program=program,
        capacity=1,
        starts_at=timezone.now() + timedelta(hours=20),
        closes_at=timezone.now() + timedelta(hours=19),
    )
    seated = make.make_registration(course=course)
    waiting = make.make_registration(course=course)
    cancel(seated, channel=Channel.PHONE)
    client.force_login(staff)
    assert str(waiting.participant) in client.get("/staff/calls/").content.decode()
    client.post(f"/staff/calls/answer/{waiting.pk}/", {"answer": "yes"})
    assert Registration.objects.get(pk=waiting.pk).is_confirmed
    assert not Notice.objects.to_do_by_hand().exists()


def test_the_page_costs_the_same_with_1_and_60_people(client, course, staff, django_assert_num_queries):
    type(course).objects.update(capacity=100)
    on_the_list(course)
    client.force_login(staff)
    client.get("/staff/calls/")
    with django_assert_num_queries(6):
        client.get("/staff/calls/")
    for n in range(60):
        person = make.make_person(town=course.host, phone=f"0279-00-1{n:03d}", sms=False)
        make.make_registration(course=course, person=person, channel=Channel.POSTCARD)
    with django_assert_num_queries(6):
        client.get("/staff/calls/")
