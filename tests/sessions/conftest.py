"""Who is at the desk of 渋川市, who calls, and the classes that several files are about."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from participants.models import Participant
from programs.models import Allocation, Curriculum
from sessions.models import Course
from tests import make
from tests.sessions.merging import FIRST


@pytest.fixture
def at_desk():
    """Signs somebody in, with the pages in English."""

    def sign_in(user) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def clerk(at_desk, desk) -> Client:
    return at_desk(desk)


@pytest.fixture
def joint_course(program, shibukawa, yoshioka, shinto) -> Course:
    return make.make_course(program=program, capacity=10, quotas={shibukawa: 4, yoshioka: 2, shinto: 2})


@pytest.fixture
def joint_series(program, shibukawa, yoshioka, shinto) -> Course:
    """Two dates, with seats kept for three towns until a week before the first."""
    return make.make_course(
        program=program,
        capacity=8,
        quotas={shibukawa: 3, yoshioka: 2, shinto: 1},
        quota_release_at=make.in_days(7, hour=9),
        session_count=2,
    )


@pytest.fixture
def couple(shibukawa) -> tuple[Participant, Participant]:
    """Two people on one landline."""
    home = {"town": shibukawa, "phone": "0279-00-0405", "sms": False}
    husband = make.make_person(kana="サトウ イチロウ", name="佐藤 一郎", birth_year=1943, device="android", **home)
    needs = ["front_seat", "loan"]
    wife = make.make_person(
        kana="サトウ アヤ", name="佐藤 文", birth_year=1945, device="none", needs=needs, **home
    )
    return husband, wife


@pytest.fixture
def clock():
    """Time stands still on a Tuesday morning."""
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as clock:
        yield clock


@pytest.fixture
def lottery(program, clock):
    """A lottery course of two seats whose applications close in five days, and those who apply to it."""

    def open_course(**fields) -> Course:
        fields = {"program": program, "capacity": 2, "allocation": Allocation.LOTTERY} | fields
        return make.make_course(**{"starts_at": make.in_days(20), "closes_at": make.in_days(5)} | fields)

    return open_course


# Two near-empty classes of neighbours that may become one


@pytest.fixture
def lesson(clock) -> Curriculum:
    return make.make_curriculum()


@pytest.fixture
def hall(shibukawa):
    return make.make_venue(town=shibukawa, latitude=36.4894, longitude=139.0003)


@pytest.fixture
def gym(yoshioka):
    """Some seven kilometres from the hall."""
    return make.make_venue(town=yoshioka, latitude=36.4475, longitude=139.0597)


@pytest.fixture
def into(program, shibukawa, lesson, hall) -> Course:
    """The larger of the two: three people."""
    course = make.make_course(program=program, starts_at=FIRST, curriculum=lesson, venue=hall, host=shibukawa)
    for _n in range(3):
        make.make_registration(course=course, town=shibukawa)
    return course


@pytest.fixture
def gone(program, yoshioka, lesson, gym) -> Course:
    course = make.make_course(
        program=program,
        starts_at=FIRST + timedelta(days=2),
        curriculum=lesson,
        venue=gym,
        host=yoshioka,
        title="スマホで防災",
    )
    for _n in range(2):
        make.make_registration(course=course, town=yoshioka)
    return course
