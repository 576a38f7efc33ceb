from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from config.worker import work_once
from tests import make
from tests.messaging.test_outbox import queue

pytestmark = pytest.mark.django_db


def test_alive_says_ok_to_anybody(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_after_a_pass_of_the_worker(client):
    work_once()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": True,
        "migrations": True,
        "worker": True,
        "messages": True,
    }


def test_not_ready_when_the_worker_has_been_silent(client):
    work_once()
    with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (503, False)


def test_not_ready_when_a_message_waits_too_long(client):
    make.make_line()
    queue()
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["messages"]) == (503, False)
