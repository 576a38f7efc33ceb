"""One connection cannot take every seat of a class with a script."""

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone

from sessions.limits import MOST, WITHIN, applies_too_often
from sessions.models import Refusal, Registration
from tests import make
from tests.sessions.on_the_web import apply, draft_on, send, words

pytestmark = pytest.mark.django_db
SENTENCE = "Many applications came from your connection within an hour."


@pytest.fixture
def course(program):
    return make.make_course(program=program, code="4126", capacity=4)


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def count(course, times: int) -> None:
    """As if so many had applied over the connection of the test client."""
    for _ in range(times):
        assert not applies_too_often(RequestFactory().post("/"), course)


@pytest.fixture
def busy(visitor, course) -> Client:
    """A connection that has applied as often as it may."""
    count(course, MOST)
    return visitor


def test_one_too_many_is_told_in_one_sentence_and_writes_nothing(busy, course, shibukawa):
    response = apply(busy, shibukawa, phone="090-0310-0409")
    assert response.status_code == 429
    assert SENTENCE in words(response)
    assert (Registration.objects.count(), Refusal.objects.count()) == (0, 0)


def test_another_connection_and_another_class_are_not_concerned(busy, program, course, shibukawa):
    elsewhere = Client(headers={"accept-language": "en"}, REMOTE_ADDR="192.0.2.7")
    assert apply(elsewhere, shibukawa, phone="090-0310-0409").status_code == 200
    course.code = "4127"
    course.save()
    make.make_course(program=program, code="4126")
    assert apply(busy, shibukawa, phone="090-0310-0410").status_code == 200


def test_the_same_form_sent_again_shows_its_receipt_and_does_not_count(visitor, course, shibukawa):
    count(course, MOST - 1)
    draft = draft_on(visitor.post("/classes/4126/apply/", sample(shibukawa)))
    for _ in range(3):
        assert send(visitor, draft, follow=True).status_code == 200
    assert Registration.objects.count() == 1


def sample(town) -> dict[str, object]:
    fields = {"kana": "いちかわ きよし", "phone": "090-0310-0408", "town": str(town.pk), "device": "iphone"}
    return fields | {"reach": "sms", "consent": "on"}


def test_after_an_hour_one_may_apply_again(busy, course, shibukawa):
    with time_machine.travel(timezone.now() + 2 * WITHIN, tick=False):
        assert apply(busy, shibukawa, phone="090-0310-0409").status_code == 200


def test_a_helper_with_a_list_is_not_stopped():
    assert MOST >= 20
