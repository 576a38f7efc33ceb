"""The class that a group asked for: as a plan, planned, and begun."""

from datetime import timedelta

from django.utils import timezone

from sessions.models import ClassSession, Course, OutreachRequest
from sessions.outreach import plan
from tests import make
from tests.sessions.test_planning import a_plan

HOUR = timedelta(hours=1)


def plan_for(request: OutreachRequest, **change):
    start = make.in_days(10)
    usual = {
        "curriculum": request.curriculum,
        "host": request.municipality,
        "capacity": 12,
        "closes_at": start,
        "times": [(start, start + HOUR)],
    }
    return a_plan(request.program, **(usual | change))


def planned(request: OutreachRequest, staff) -> Course:
    course = plan(request, plan_for(request), by=staff)
    assert isinstance(course, Course), course
    return course


def begun(course: Course) -> ClassSession:
    start = timezone.now() - HOUR
    course.class_sessions.update(starts_at=start, ends_at=start + 2 * HOUR)
    return course.class_sessions.get()
