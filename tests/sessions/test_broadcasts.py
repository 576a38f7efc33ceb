"""Bad weather: many sessions called off in one act, and a list of whom nobody has reached, until it is empty."""

from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from config.worker import work_once
from messaging.backends import MemoryBackend
from messaging.models import Message
from messaging.sending import send_due
from participants.models import Channel, Participant
from sessions.broadcasts import call_off_many, outlook_of
from sessions.calls import CallResult, give_up, record_call, step_down
from sessions.changes import call_off_session
from sessions.models import Broadcast, ClassSession, Course, Notice
from sessions.planning import Problem
from sessions.reaching import reach_page
from tests import make

pytestmark = pytest.mark.django_db
EVENING = "2026-11-24T16:00+09:00"
TOMORROW = datetime.fromisoformat("2026-11-25T10:00+09:00")
SNOW = "大雪"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(EVENING, tick=False) as clock:
        yield clock


@pytest.fixture
def course(clock, program, shibukawa, yoshioka) -> Course:
    """Tomorrow's class: one resident by SMS and one by telephone of 渋川市, one by telephone of 吉岡町."""
    course = make.make_course(program=program, starts_at=TOMORROW)
    make.make_registration(course=course, town=shibukawa)
    by_phone = ((shibukawa, "0279-00-0422", "オカダ カズコ"), (yoshioka, "0279-00-0433", "カミヤ ミツ"))
    for town, phone, kana in by_phone:
        person = make.make_person(town=town, phone=phone, sms=False, kana=kana)
        make.make_registration(course=course, person=person)
    send_due()
    MemoryBackend.sent.clear()
    return course


@pytest.fixture
def called_off(course, staff, shibukawa) -> Broadcast:
    return announced(course.class_sessions.all(), staff, shibukawa)


def announced(class_sessions, staff, town, reason: str = SNOW) -> Broadcast:
    broadcast = call_off_many(class_sessions, reason=reason, by=staff, municipality=town).broadcast
    assert broadcast is not None
    return broadcast


def counts(broadcast: Broadcast, user) -> tuple[int, int, int, int]:
    page = reach_page(broadcast, user.memberships.get())
    return page.told, page.being_told, page.not_yet, len(page.never)


def test_everybody_concerned_is_told_once_and_it_ends_with_an_empty_list(course, called_off, staff):
    assert called_off.notices.count() == 3
    assert counts(called_off, staff) == (0, 1, 2, 0)
    work_once()
    assert counts(called_off, staff) == (1, 0, 2, 0)
    for notice in Notice.objects.to_do_by_hand():
        record_call(notice, CallResult.TOLD, by=staff)
    assert counts(called_off, staff) == (3, 0, 0, 0)
    assert reach_page(called_off, staff.memberships.get()).is_done


def test_several_courses_fall_in_one_act_and_what_is_over_or_off_is_left_out(course, program, staff, shibukawa):
    series = make.make_course(program=program, starts_at=TOMORROW, session_count=3)
    make.make_registration(course=series, town=shibukawa)
    over = make.make_course(program=program, starts_at=TOMORROW - timedelta(days=2))
    call_off_session(series.class_sessions.get(number=1), reason="会場の都合", by=staff)
    wanted = ClassSession.objects.filter(course__in=[course, series, over]).exclude(course=series, number=3)
    outcome = call_off_many(wanted, reason=SNOW, by=staff, municipality=shibukawa)
    assert len(outcome.called_off) == 2
    assert {problem for _session, problem in outcome.skipped} == {Problem.OFF, Problem.OVER}
    course.refresh_from_db()
    series.refresh_from_db()
    assert (course.cancel_reason, series.cancelled_at) == (SNOW, None)
    assert AuditEntry.objects.filter(act="broadcast.called_off").count() == 1


def test_nothing_left_to_call_off_makes_no_announcement(course, called_off, staff, shibukawa):
    again = call_off_many(course.class_sessions.all(), reason=SNOW, by=staff, municipality=shibukawa)
    assert again.broadcast is None
    assert Broadcast.objects.count() == 1


def test_who_loses_two_sessions_of_a_series_is_told_of_each(program, staff, shibukawa):
    series = make.make_course(program=program, starts_at=TOMORROW, session_count=3)
    make.make_registration(course=series, town=shibukawa)
    send_due()
    broadcast = announced(series.class_sessions.filter(number__lt=3), staff, shibukawa)
    texts = list(broadcast.notices.values_list("kind", "text"))
    assert [kind for kind, _text in texts] == ["session_off", "session_off"]
    assert not any("予定どおり" in text for _kind, text in texts)


def test_who_was_not_told_of_their_seat_yet_stays_in_view(program, staff, shibukawa):
    series = make.make_course(program=program, starts_at=TOMORROW, session_count=2)
    person = make.make_person(town=shibukawa, phone="0279-00-0444", sms=False)
    make.make_registration(course=series, person=person, channel=Channel.FAX)
    broadcast = announced(series.class_sessions.filter(number=1), staff, shibukawa)
    assert counts(broadcast, staff) == (0, 0, 1, 0)


@pytest.mark.parametrize("reason", ["rain", "snow", "typhoon", "heat", "other"])
def test_the_message_names_the_weather_and_no_other_reason(at_desk, staff, course, reason):
    words = {"rain": "大雨のため", "snow": "大雪のため", "typhoon": "台風のため", "heat": "猛暑のため"}
    post_choice(at_desk(staff), course, reason, other="都合")
    text = Message.objects.unsent().get(template="called_off").body
    assert [word for word in words.values() if word in text] == ([words[reason]] if reason in words else [])
    assert "おでかけにならないでください" in text
    assert "都合" not in text


def test_an_sms_that_fails_joins_the_calls_at_once(course, called_off, staff):
    (message,) = Message.objects.unsent().filter(template="called_off")
    MemoryBackend.failing.add(message.to)
    send_due()
    assert counts(called_off, staff) == (0, 0, 3, 0)
    assert step_down() == 1
    assert counts(called_off, staff) == (0, 0, 3, 0)
    assert Notice.objects.to_do_by_hand().count() == 3


def test_handed_over_is_not_delivered(course, called_off, staff):
    Message.objects.filter(template="called_off").update(state="sent")
    assert counts(called_off, staff) == (0, 1, 2, 0)
    Message.objects.filter(template="called_off").update(state="sent_unconfirmed")
    assert counts(called_off, staff) == (1, 0, 2, 0)


def test_a_wrong_number_is_never_reached_and_said_to_be(course, called_off, staff):
    notice = Notice.objects.to_do_by_hand().first()
    record_call(notice, CallResult.WRONG_NUMBER, by=staff)
    assert counts(called_off, staff) == (0, 1, 1, 1)


def test_the_calls_stay_until_the_class_would_have_begun(clock, program, staff, shibukawa):
    """The date before was held: calling off the last one ends the course in the past."""
    clock.move_to(TOMORROW - timedelta(days=10))
    series = make.make_course(program=program, starts_at=TOMORROW - timedelta(days=7), session_count=2)
    person = make.make_person(town=shibukawa, phone="0279-00-0444", sms=False)
    make.make_registration(course=series, person=person)
    clock.move_to(datetime.fromisoformat(EVENING))
    broadcast = announced(series.class_sessions.filter(number=2), staff, shibukawa)
    assert counts(broadcast, staff) == (0, 0, 1, 0)
    clock.move_to(TOMORROW - timedelta(minutes=1))
    assert give_up() == 0
    clock.move_to(TOMORROW + timedelta(minutes=1))
    assert give_up() == 1
    assert counts(broadcast, staff) == (0, 0, 0, 1)


def test_early_in_the_morning_the_sms_does_not_wait_until_people_have_left(clock, course, staff, shibukawa):
    clock.move_to(TOMORROW.replace(hour=6, minute=30))
    announced(course.class_sessions.all(), staff, shibukawa)
    send_due()
    assert MemoryBackend.sent == []
    clock.move_to(TOMORROW.replace(hour=7))
    send_due()
    assert len(MemoryBackend.sent) == 1


def test_for_tomorrow_nobody_gets_a_postcard(course, staff, shibukawa):
    person = make.make_person(
        town=shibukawa, phone="0279-00-0455", sms=False, address="石原80", postal_code="377-8501"
    )
    Participant.objects.filter(pk=person.pk).update(reach="postcard")
    make.make_registration(course=course, person=person)
    sessions = list(course.class_sessions.select_related("course"))
    assert outlook_of(sessions).by_rung == {"sms": 1, "call": 3}
    assert outlook_of(sessions).people == 4
    broadcast = announced(sessions, staff, shibukawa)
    assert set(broadcast.notices.values_list("rung", flat=True)) == {"sms", "call"}


def post_choice(page: Client, course: Course, weather: str, *, other: str = "", **more: str):
    data = {"class_sessions": [row.pk for row in course.class_sessions.all()], "weather": weather, "other": other}
    return page.post(reverse("sessions:broadcast"), data | {"confirm": "yes"} | more, follow=True)


def test_the_page_lists_today_and_tomorrow_asks_once_more_and_leads_to_the_list(at_desk, staff, course, program):
    later = make.make_course(program=program, starts_at=TOMORROW + timedelta(days=3), title="あさっての講座")
    page = at_desk(staff)
    listed = page.get(reverse("sessions:broadcast")).context["rows"]
    assert [(row.course_id, seated) for row, seated in listed] == [(course.pk, 3)]
    further = page.get(reverse("sessions:broadcast"), {"last": "2026-12-24"}).context["rows"]
    assert [row.course_id for row, _seated in further] == [course.pk, later.pk]
    data = {"class_sessions": [course.class_sessions.get().pk], "weather": "snow"}
    asked = page.post(reverse("sessions:broadcast"), data)
    assert asked.context["outlook"].by_rung == {"sms": 1, "call": 2}
    assert not Broadcast.objects.exists()
    done = page.post(reverse("sessions:broadcast"), data | {"confirm": "yes"})
    assert done.url == reverse("sessions:broadcast_reach", args=[Broadcast.objects.get().pk])


@pytest.mark.parametrize(
    "wrong", [{"class_sessions": []}, {"class_sessions": ["777"]}, {"weather": ""}, {"weather": "other"}]
)
def test_a_choice_that_is_wrong_is_refused_in_one_sentence(at_desk, staff, course, wrong):
    data = {"class_sessions": [course.class_sessions.get().pk], "weather": "snow", "confirm": "yes"} | wrong
    form = at_desk(staff).post(reverse("sessions:broadcast"), data).context["form"]
    assert sum(len(errors) for errors in form.errors.values()) == 1
    assert not Broadcast.objects.exists()


def test_a_partner_cannot_call_off_what_it_does_not_hold(at_desk, partner_staff, course):
    answer = post_choice(at_desk(partner_staff), course, "snow")
    assert answer.context["form"].errors
    assert not Broadcast.objects.exists()
    assert answer.context["rows"] == []


def test_the_list_shows_numbers_of_own_residents_only(at_desk, staff, partner_staff, called_off):
    url = reverse("sessions:broadcast_reach", args=[called_off.pk])
    own = at_desk(staff).get(url).content.decode()
    assert "0279-00-0422" in own
    assert "0279-00-0433" not in own
    assert "カミヤ" in own  # the lead sees names of the day
    theirs = at_desk(partner_staff).get(url).content.decode()
    assert "0279-00-0433" in theirs
    assert "0279-00-0422" not in theirs
    assert "オカダ" not in theirs
    assert AuditEntry.objects.filter(act="broadcast.viewed").count() == 2


def test_a_council_sees_counts_and_no_names(at_desk, program, called_off):
    council = make.make_town(name="協議会", kind="council")
    program.lead = council
    program.save()
    page = at_desk(make.make_user(town=council)).get(reverse("sessions:broadcast_reach", args=[called_off.pk]))
    assert (page.context["page"].not_yet, page.context["page"].own) == (2, [])
    assert "オカダ" not in page.content.decode()


def test_a_result_is_written_down_from_the_list_and_leads_back_to_it(at_desk, desk, called_off):
    notice = called_off.notices.get(registration__participant__kana="オカダ カズコ")
    page = at_desk(desk)
    answer = page.post(
        reverse("sessions:call_record", args=[notice.pk]), {"result": "told", "broadcast": called_off.pk}
    )
    assert answer.url == reverse("sessions:broadcast_reach", args=[called_off.pk]) + "#not-yet"
    assert "0279-00-0422" not in page.get(answer.url).content.decode()


def test_a_poll_is_answered_only_when_something_has_changed(at_desk, staff, called_off):
    url = reverse("sessions:broadcast_reach", args=[called_off.pk])
    ask = partial(at_desk(staff).get, url, headers={"HX-Request": "true"})
    mark = ask().context["page"].mark
    assert ask({"mark": mark}).status_code == 204
    work_once()
    changed = ask({"mark": mark})
    assert "Told 1, being told 0, not yet reached 2" in changed.content.decode()
    assert "<html" not in changed.content.decode()


def test_calling_off_one_session_on_its_page_leads_to_the_list_too(at_desk, staff, course):
    url = reverse("sessions:call_off_session", args=[course.class_sessions.get().pk])
    answer = at_desk(staff).post(url, {"reason": "講師の都合"})
    assert answer.url == reverse("sessions:broadcast_reach", args=[Broadcast.objects.get().pk])
    again = at_desk(staff).post(url, {"reason": "講師の都合"})
    assert again.url == reverse("sessions:course", args=[course.pk])


def test_the_pages_cost_the_same_with_1_and_60_people(
    at_desk, staff, program, shibukawa, django_assert_num_queries
):
    def visit() -> list[int]:
        page, found = at_desk(staff), []
        for url in (reverse("sessions:broadcast"), reverse("sessions:broadcast_reach", args=[broadcast.pk])):
            page.get(url)
            with django_assert_num_queries(20, exact=False) as queries:
                page.get(url)
            found.append(len(queries))
        return found

    course = make.make_course(program=program, starts_at=TOMORROW, capacity=200)
    make.make_registration(course=course, person=make.make_person(town=shibukawa, sms=False))
    broadcast = announced(course.class_sessions.all(), staff, shibukawa)
    make.make_course(program=program, starts_at=TOMORROW)
    before = visit()
    many = make.make_course(program=program, starts_at=TOMORROW, capacity=200, by_slot=False)
    for n in range(60):
        person = make.make_person(town=shibukawa, phone=f"0279-00-1{n:03d}", sms=False)
        make.make_registration(course=many, person=person)
    for _n in range(5):
        make.make_course(program=program, starts_at=TOMORROW)
    broadcast = announced(many.class_sessions.all(), staff, shibukawa)
    assert visit() == before


def test_two_who_call_off_the_same_classes_at_once_tell_each_person_once(course, staff, shibukawa):
    sessions = list(ClassSession.objects.all())
    first = call_off_many(sessions, reason=SNOW, by=staff, municipality=shibukawa)
    second = call_off_many(list(reversed(sessions)), reason=SNOW, by=staff, municipality=shibukawa)
    assert (first.broadcast is None, second.broadcast is None) == (False, True)
    assert Notice.objects.filter(kind="called_off").count() == 3


def test_a_desk_may_not_call_off_but_sees_the_list(at_desk, desk, shibukawa, called_off):
    viewer = make.make_user(town=shibukawa, role=Role.VIEWER)
    assert at_desk(desk).get(reverse("sessions:broadcast")).status_code == 403
    url = reverse("sessions:broadcast_reach", args=[called_off.pk])
    assert 'value="told"' in at_desk(desk).get(url).content.decode()
    assert 'value="told"' not in at_desk(viewer).get(url).content.decode()
    assert timezone.now() == called_off.made_at


def test_the_list_says_to_call_before_the_class_and_puts_the_soonest_first(at_desk, staff, program, shibukawa):
    later = make.make_course(program=program, starts_at=TOMORROW + timedelta(days=1))
    sooner = make.make_course(program=program, starts_at=TOMORROW)
    for course in (later, sooner):
        make.make_registration(course=course, person=make.make_person(town=shibukawa, sms=False))
    broadcast = announced(ClassSession.objects.all(), staff, shibukawa)
    own = reach_page(broadcast, staff.memberships.get()).own
    assert [person.notice.registration.course for person in own] == [sooner, later]
    assert [person.notice.tell_by for person in own] == [sooner.starts_at, later.starts_at]
    listed = at_desk(staff).get(reverse("sessions:calls")).context["calls"]
    assert [call.notice.registration.course for call in listed] == [sooner, later]


def test_who_no_sms_reached_in_time_is_given_up_and_not_counted_as_open_for_ever(clock, called_off, staff):
    clock.move_to(datetime.fromisoformat("2026-12-03T10:00+09:00"))
    work_once()
    by_sms = called_off.notices.get(message__isnull=False)
    assert (by_sms.message.state, by_sms.outcome) == ("expired", "given_up")
    page = reach_page(called_off, staff.memberships.get())
    assert (page.is_done, len(page.never)) == (True, 3)


@pytest.mark.parametrize("key", ["99999999999999999999999", "-1", "abc", ""])
def test_a_key_that_names_no_session_is_one_plain_sentence(at_desk, staff, course, key):
    answer = at_desk(staff).post(reverse("sessions:broadcast"), {"class_sessions": [key], "weather": "snow"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["class_sessions"]
