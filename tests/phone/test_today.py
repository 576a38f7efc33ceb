from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from config.worker import work_once
from messaging.models import Heartbeat
from participants.models import Channel
from phone.models import Conversation
from phone.today import today_of
from sessions.paper import print_sheet
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db


def groups(user) -> dict[str, int]:
    return {group.key: group.count for group in today_of(user.memberships.get()).groups}


def test_a_quiet_day_says_so(client, staff):
    work_once()
    client.force_login(staff)
    response = client.get("/staff/")
    assert response.status_code == 200
    assert response.context["today"].groups == []
    assert response.context["today"].worker_is_silent is False


def test_everything_that_needs_a_hand_is_there(program, shibukawa, staff, line):
    course = make.make_course(program=program, capacity=1)
    seated = make.make_registration(course=course)
    make.make_registration(course=course)
    landline = make.make_person(town=shibukawa, phone="0279-00-0422", sms=False)
    make.make_registration(course=course, person=landline, channel=Channel.FAX)
    cancel(seated, channel=Channel.PHONE)
    make.make_course(program=program, capacity=10)
    Conversation.objects.create(
        line=line, number="+81279000477", municipality=shibukawa, handed_over_at=timezone.now()
    )
    assert groups(staff) == {"call-backs": 1, "offers": 1, "calls": 1, "few": 1}


def test_another_town_sees_nothing_of_it(program, shibukawa, partner_staff, stranger, line):
    landline = make.make_person(town=shibukawa, phone="0279-00-0422", sms=False)
    make.make_registration(course=make.make_course(program=program, capacity=2), person=landline, channel="fax")
    Conversation.objects.create(
        line=line, number="+81279000477", municipality=shibukawa, handed_over_at=timezone.now()
    )
    assert groups(partner_staff) == {}
    assert groups(stranger) == {}


def test_the_page_turns_red_when_the_worker_is_silent(client, staff):
    client.force_login(staff)
    assert 'class="banner banner-error"' in client.get("/staff/").content.decode()
    work_once()
    assert 'class="banner banner-error"' not in client.get("/staff/").content.decode()
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=4))
    assert 'class="banner banner-error"' in client.get("/staff/").content.decode()


def test_a_prefecture_sees_counts_and_no_names(client, program, shibukawa):
    council = make.make_town(name="協議会", kind="council")
    user = make.make_user(town=council)
    landline = make.make_person(town=shibukawa, kana="オカダ カズコ", phone="0279-00-0422", sms=False)
    make.make_registration(course=make.make_course(program=program), person=landline, channel="fax")
    client.force_login(user)
    assert "オカダ" not in client.get("/staff/").content.decode()


def test_the_page_costs_the_same_with_1_and_40_rows(
    client, program, shibukawa, staff, line, django_assert_max_num_queries
):
    work_once()
    course = make.make_course(program=program, capacity=90)
    make.make_registration(course=course)
    client.force_login(staff)
    client.get("/staff/")
    with django_assert_max_num_queries(20) as first:
        client.get("/staff/")
    for n in range(40):
        person = make.make_person(town=shibukawa, phone=f"0279-00-1{n:03d}", sms=False)
        make.make_registration(course=course, person=person, channel=Channel.FAX)
        Conversation.objects.create(
            line=line, number=f"+8127900{n:04d}", municipality=shibukawa, handed_over_at=timezone.now()
        )
        make.make_course(program=program)
    with django_assert_max_num_queries(20) as second:
        client.get("/staff/")
    assert len(second) <= len(first) + 2  # a list cut short is counted


def test_a_class_of_which_nobody_knows_who_came_asks_for_its_day_sheet(program, staff, desk, partner_staff):
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as clock:
        start = make.in_days(0, hour=13)
        course = make.make_course(program=program, capacity=1, starts_at=start, closes_at=start)
        make.make_registration(course=course)
        session = course.class_sessions.get()
        held = [row.pk for row, _course in today_of(desk.memberships.get()).sessions]
        clock.move_to("2026-11-25 09:00+09:00")
        asked = groups_of_rows(desk, "unknown")
        sheet = print_sheet(session, by=desk)
        keyed = groups_of_rows(desk, "unknown")
        assert held == [session.pk]
        assert asked == [f"/staff/sessions/{session.pk}/day/"]
        assert keyed == [f"/staff/day-sheets/{sheet.pk}/key/"]
        assert groups_of_rows(partner_staff, "unknown") == []


def groups_of_rows(user, key: str) -> list[str]:
    return [row.url for group in today_of(user.memberships.get()).groups if group.key == key for row in group.rows]
