"""On the page of the day: who does not know that a class is off, and which classes could be one."""

import pytest

from accounts.models import Role
from phone.today import today_of
from phone.today_parts import Group
from sessions.broadcasts import call_off_many
from sessions.calls import CallResult, record_call
from sessions.models import Notice
from tests import make

pytestmark = pytest.mark.django_db


def group(user, key: str) -> Group | None:
    return next((each for each in today_of(user.memberships.get()).groups if each.key == key), None)


def test_people_who_do_not_know_that_a_class_is_off_come_first(program, shibukawa, staff, partner_staff, stranger):
    course = make.make_course(program=program)
    for _n in range(2):
        make.make_registration(course=course, person=make.make_person(town=shibukawa, sms=False))
    make.make_registration(course=course)
    broadcast = call_off_many(
        course.class_sessions.all(), reason="大雪", by=staff, municipality=shibukawa
    ).broadcast
    found = group(staff, "not-reached")
    assert found is not None
    assert (found.count, [row.title for row in found.rows]) == (2, ["大雪"])
    assert found.rows[0].url == f"/staff/broadcasts/{broadcast.pk}/"
    assert today_of(staff.memberships.get()).groups[0].key == "not-reached"
    assert group(partner_staff, "not-reached") is None
    assert group(stranger, "not-reached") is None
    for notice in Notice.objects.to_do_by_hand():
        record_call(notice, CallResult.TOLD, by=staff)
    assert group(staff, "not-reached") is None


def test_classes_that_could_be_one_are_proposed_to_the_lead_and_the_towns(program, shibukawa, yoshioka, staff):
    lesson = make.make_curriculum()
    for town in (shibukawa, yoshioka):
        venue = make.make_venue(town=town, latitude=36.4, longitude=139.0)
        make.make_course(program=program, host=town, curriculum=lesson, venue=venue)
    found = group(staff, "merges")
    assert found is not None
    assert (found.count, found.url) == (1, "/staff/merges/")
    assert "?into=" in found.rows[0].url
    assert group(make.make_user(town=yoshioka), "merges").rows[0].url == "/staff/merges/"
    assert group(make.make_user(town=shibukawa, role=Role.DESK), "merges") is None
