"""The practice telephone: texts go through the signed webhook of this very server, and nothing leaves it."""

import sys
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.acts import act_label
from accounts.models import AuditEntry, Municipality
from accounts.numbers import NumberProblem, PhoneNumber, is_demo, read_number
from messaging.models import TOLD, Heartbeat, InboundText, Line, Message
from messaging.segments import count_segments, units
from messaging.twilio import FORM, sign
from participants.models import Contact, ContactPoint
from participants.people import people_on
from sessions.histories import Standing, histories_of
from sessions.meter import Row, meter_of
from sessions.models import Registration
from sessions.roster import towns_of_course

SHOWN, LOGGED, CHOICES = 40, 12, 60
SILENT = timedelta(seconds=15)
UNKNOWN_NUMBER = "+819003990001"


@dataclass(frozen=True)
class Bubble:
    at: datetime
    body: str
    is_mine: bool

    @property
    def length(self) -> int:
        return units(self.body)

    @property
    def parts(self) -> int:
        return count_segments(self.body)


@dataclass(frozen=True)
class LogLine:
    at: datetime
    words: str


@dataclass(frozen=True)
class Seen:
    """What the town sees of the last application of this telephone's people; `standing` only of its own."""

    receipt: str
    standing: Standing | None
    town: Municipality
    seats: list[Row]


@dataclass(frozen=True)
class Practice:
    """One telephone as the page shows it."""

    number: str
    line: Line
    bubbles: list[Bubble]
    log: list[LogLine]
    seen: Seen | None
    came: int
    went: int
    parts: int
    mark: str


def line_for(town: Municipality) -> Line | None:
    """The number that residents of the town text to."""
    own = Line.objects.filter(municipalities=town).order_by("-is_default", "pk").first()
    return own or Line.objects.filter(is_default=True).first()


def telephones_of(town: Municipality) -> QuerySet[Contact]:
    """Mobiles of the town's own residents, to choose from."""
    mobiles = Contact.objects.filter(participant__municipality=town, contact_point__kind=ContactPoint.Kind.MOBILE)
    return mobiles.select_related("participant", "contact_point").order_by("participant__kana", "pk")[:CHOICES]


def read_telephone(text: str, *, town: Municipality) -> PhoneNumber | str:
    """The number somebody wants to practise with, or the sentence that says why not. Real numbers of other
    towns' residents are closed here as everywhere."""
    number = read_number(text)
    if isinstance(number, NumberProblem):
        return number.sentence
    if not is_demo(number.e164) and people_on(number.e164).exclude(municipality=town).exists():
        return _("This number belongs to a resident of another town.")
    return number


def practice(number: str, line: Line, *, town: Municipality) -> Practice:
    came = InboundText.objects.filter(sender=number, line=line)
    went = Message.objects.filter(to=number, line=line, state__in=TOLD).exclude(purpose=Message.Purpose.CODE)
    last_came, last_went = came.order_by("-pk")[:SHOWN], went.order_by("-pk")[:SHOWN]
    bubbles = [Bubble(text.received_at, text.body, is_mine=True) for text in last_came]
    bubbles += [Bubble(message.changed_at, message.body, is_mine=False) for message in last_went]
    parts = list(went.values_list("segments", flat=True))
    return Practice(
        number=number,
        line=line,
        bubbles=sorted(bubbles, key=lambda bubble: bubble.at)[-SHOWN:],
        log=log_of(number, list(last_came), list(last_went)),
        seen=seen_of(number, town=town),
        came=came.count(),
        went=len(parts),
        parts=sum(parts),
        mark=mark_of(number, line),
    )


def mark_of(number: str, line: Line) -> str:
    """Changes whenever something came, was queued or went."""
    came = InboundText.objects.filter(sender=number, line=line).order_by("-pk").values_list("pk", flat=True)
    went = (
        Message.objects.filter(to=number, line=line).order_by("-changed_at").values_list("changed_at", flat=True)
    )
    latest = went.first()
    return f"{came.first() or 0}-{latest.timestamp() if latest else 0}"


def log_of(number: str, came: list[InboundText], went: list[Message]) -> list[LogLine]:
    """What happened here, latest first: texts, acts on this number's people, messages."""
    keys = Registration.objects.filter(participant__in=people_on(number)).values_list("pk", flat=True)
    rows = AuditEntry.objects.filter(subject_type="class_sessions.registration")
    acts = rows.filter(subject_id__in=[str(key) for key in keys]).order_by("-pk")[:LOGGED]
    lines = [LogLine(text.received_at, _("SMS received: %(body)s") % {"body": text.body}) for text in came]
    lines += [LogLine(entry.at, act_label(entry.act)) for entry in acts]
    lines += [
        LogLine(
            message.changed_at,
            _("%(what)s: %(state)s (%(parts)s parts)")
            % {
                "what": message.get_purpose_display(),
                "state": message.get_state_display(),
                "parts": message.segments,
            },
        )
        for message in went
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:LOGGED]


def seen_of(number: str, *, town: Municipality) -> Seen | None:
    people = list(people_on(number).select_related("municipality"))
    histories = histories_of(people)
    standings = [row for history in histories.values() for row in (*history.live, *history.past)]
    if not standings:
        return None
    latest = max(standings, key=lambda row: row.registration.changed_at)
    registration = latest.registration
    return Seen(
        receipt=registration.receipt_number,
        standing=latest if registration.municipality_id == town.pk else None,
        town=registration.municipality,
        seats=meter_of(latest.course).rows(towns_of_course(latest.course)),
    )


def worker_is_silent() -> bool:
    return not Heartbeat.objects.filter(at__gt=timezone.now() - SILENT).exists()


@cache
def server() -> WSGIHandler:
    return WSGIHandler()


def send_text(*, number: str, line: Line, body: str, host: str) -> int:
    """Bring a text as the telephone company would: signed, through every middleware, to the real webhook.
    Returns the status of the answer."""
    path = reverse("phone:sms")
    form = {
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "MessageSid": f"SM{uuid.uuid4().hex}",
        "From": number,
        "To": line.number,
        "Body": body,
        "NumMedia": "0",
    }
    request = WSGIRequest(environ_of(path, form, host=host))
    with translation.override(translation.get_language()):
        # Not the WSGI call itself: its end would close the database connection of the page that asks.
        status = server().get_response(request).status_code
    request.close()
    return status


def environ_of(path: str, form: dict[str, str], *, host: str) -> dict[str, Any]:
    content = urlencode(form).encode()
    signed = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sign(path, form).items()}
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(content)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **signed,
    }
