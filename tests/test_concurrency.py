"""What the tests about many callers rely on."""

import pytest
from django.db import transaction
from django.db.models import F

from accounts.models import Municipality
from tests.concurrency import run_at_once, run_in_processes

pytestmark = pytest.mark.django_db(transaction=True)


def claim(name: str) -> int:
    return Municipality.objects.filter(name="").update(name=name)


def add_many(times: int) -> int:
    for _ in range(times):
        with transaction.atomic():
            Municipality.objects.update(latitude=F("latitude") + 1)
    return times


def test_of_many_callers_at_once_exactly_one_claims_the_row():
    Municipality.objects.create(name="")
    results = run_at_once([lambda place=place: claim(f"caller {place}") for place in range(60)], lanes=20)
    assert sorted(results) == [0] * 59 + [1]
    assert Municipality.objects.get().name == f"caller {results.index(1)}"


def test_what_a_caller_raises_is_its_result():
    results = run_at_once([lambda: 1 // 0, lambda: 2])
    assert [type(result) for result in results] == [ZeroDivisionError, int]


def test_processes_meet_in_one_database_and_lose_nothing():
    Municipality.objects.create(name="", latitude=0)
    assert run_in_processes("tests.test_concurrency:add_many", [20, 30, 40]) == [20, 30, 40]
    assert Municipality.objects.get().latitude == 90
