"""Who is at the telephone desk of 渋川市, and who calls."""

import pytest
from django.test import Client

from participants.models import Participant
from sessions.models import Course
from tests import make


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
def couple(shibukawa) -> tuple[Participant, Participant]:
    """Two people on one landline."""
    home = {"town": shibukawa, "phone": "0279-00-0405", "sms": False}
    husband = make.make_person(kana="サトウ イチロウ", name="佐藤 一郎", birth_year=1943, device="android", **home)
    needs = ["front_seat", "loan"]
    wife = make.make_person(
        kana="サトウ アヤ", name="佐藤 文", birth_year=1945, device="none", needs=needs, **home
    )
    return husband, wife
