"""What somebody without an account does on the web: reads a page, and applies in three steps."""

import re
from datetime import timedelta

from participants.models import ContactPoint, Participant
from sessions.models import ClassSession, Registration
from tests import make


def words(response) -> str:
    """The visible text of a page, spaces made one."""
    text = re.sub(r"<(head|svg)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def answers(town, /, **changes) -> dict[str, object]:
    """A form filled in well; None leaves a field out."""
    filled = {
        "kana": "いちかわ きよし",
        "phone": "090-0310-0408",
        "town": str(town.pk),
        "device": "iphone",
        "needs": ["front_seat", "writing"],
        "reach": "sms",
        "consent": "on",
        **changes,
    }
    return {name: value for name, value in filled.items() if value is not None}


def check(visitor, town, /, **changes):
    return visitor.post("/classes/4126/apply/", answers(town, **changes))


def draft_on(page) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', page.content.decode())
    assert found, words(page)
    return found[1]


def send(visitor, draft, **kwargs):
    return visitor.post("/classes/4126/apply/send/", {"draft": draft}, **kwargs)


def apply(visitor, town, /, **changes):
    """All three steps; the page one ends on."""
    return send(visitor, draft_on(check(visitor, town, **changes)), follow=True)


def nothing_was_written() -> bool:
    return not (Registration.objects.exists() or Participant.objects.exists() or ContactPoint.objects.exists())


def make_consultation(program, *, slots=3, **fields):
    """A consultation day of slots of 20 minutes for one person each."""
    course = make.make_course(program=program, capacity=slots, by_slot=True, **fields)
    first = course.class_sessions.get()
    first.ends_at, first.seats = first.starts_at + timedelta(minutes=20), 1
    first.save()
    for number in range(2, slots + 1):
        start = first.starts_at + timedelta(minutes=20 * (number - 1))
        ClassSession.objects.create(
            course=course,
            number=number,
            starts_at=start,
            ends_at=start + timedelta(minutes=20),
            venue=first.venue,
            seats=1,
        )
    course.ends_at = start + timedelta(minutes=20)
    course.save()
    return course
