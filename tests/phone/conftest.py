"""A telephone in somebody's hand: what it sends goes through the signed webhook, as in life."""

import itertools
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from messaging.models import Line, Message
from messaging.sending import send_due
from phone.models import Conversation
from tests import make

PATH = "/webhooks/twilio/sms/"
FORM = "application/x-www-form-urlencoded"
counter = itertools.count(1)


def next_sid() -> str:
    return f"SM{next(counter):032x}"


def signature(form: dict[str, str], *, url: str = "", token: str = "") -> str:
    validator = RequestValidator(token or settings.TWILIO_AUTH_TOKENS[0])
    return validator.compute_signature(url or settings.PUBLIC_BASE_URL + PATH, form)


def post_form(form: dict[str, str], *, signed: str | None = None, client: Client | None = None):
    return (client or Client()).post(
        PATH,
        urlencode(form),
        content_type=FORM,
        headers={"X-Twilio-Signature": signature(form) if signed is None else signed},
    )


class Handset:
    def __init__(self, number: str, line: Line) -> None:
        self.number, self.line = number, line

    def form(self, body: str, **fields: str) -> dict[str, str]:
        return {
            "AccountSid": settings.TWILIO_ACCOUNT_SID,
            "MessageSid": next_sid(),
            "From": self.number,
            "To": self.line.number,
            "Body": body,
            "NumMedia": "0",
            **fields,
        }

    def send(self, *bodies: str, **fields: str) -> list[str]:
        """Sends texts one after the other; what was texted back to the last."""
        for body in bodies:
            before = self.newest
            response = post_form(self.form(body, **fields))
            assert (response.status_code, response.content) == (200, b"<Response/>")
            send_due()
        return [message.body for message in Message.objects.filter(to=self.number, pk__gt=before).order_by("pk")]

    @property
    def newest(self) -> int:
        newest = Message.objects.filter(to=self.number).order_by("-pk").first()
        return newest.pk if newest else 0

    @property
    def templates(self) -> list[str]:
        """Which texts this telephone got, oldest first."""
        rows = Message.objects.filter(to=self.number).order_by("pk")
        return list(rows.values_list("template", flat=True))

    @property
    def talk(self) -> Conversation:
        return Conversation.objects.get(number=self.number)


@pytest.fixture
def handset(line) -> Callable[[str], Handset]:
    return lambda number="090-0310-0408": Handset(make.number(number).e164, line)
