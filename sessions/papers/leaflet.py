"""チラシ: what a course is, and above all which number to telephone."""

from dataclasses import asdict, dataclass, field
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.japanese import date_label, period_label
from sessions.class_page import ClassPage, page_of
from sessions.models import ClassSession, Course
from sessions.papers.heads import place_label
from sessions.papers.press import Paper

MOST_FACTS = 4


@dataclass(frozen=True)
class Fact:
    """A term with a line in heavy letters, lines of their own, and words that follow one another."""

    term: str
    title: str = ""
    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def leaflet(course: Course, *, is_large: bool) -> Paper:
    page = page_of(course, town_code="")
    content = {
        "headline": headline(page),
        "free": pgettext("on the leaflet", "Free of charge"),
        "course": course.title,
        "subtitle": course.curriculum.subtitle,
        "days": days_of(page),
        "facts": facts_of(page),
        "code_words": _("Class number"),
        "code": course.code,
        "call": call_of(page),
        "web": {
            "svg": qr_of(public_address(course)),
            "alt": _("Square code that opens the page of this class"),
            "words": _("Apply by smartphone"),
        },
        "warning": _("No town will ever ask you for money, a PIN or a bank account."),
    }
    return Paper("leaflet", _("Leaflet"), timezone.localdate(course.created_at), is_large, 0, content)


def headline(page: ClassPage) -> str:
    return _("%(towns)s smartphone class") % {"towns": page.held_by}


def public_address(course: Course) -> str:
    return f"{settings.PUBLIC_BASE_URL}{course.get_absolute_url()}"


def qr_of(address: str) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(scale=8, border=2, dark="#000", light="#fff")


def days_of(page: ClassPage) -> list[dict[str, Any]]:
    """Each date in large letters; of a consultation day, from its first slot to its last."""
    rows = [row for row in page.sessions if not row.is_cancelled]
    if rows:
        return [day_of(page, row) for row in rows]
    meeting = page.meeting
    if meeting is None:
        return []
    hours = period_label(meeting.start, meeting.end)
    part = meeting.part if page.course.by_slot else ""
    return [{"number": "", "day": date_label(meeting.start), "hours": f"{hours} {part}".strip(), "place": ""}]


def day_of(page: ClassPage, row: ClassSession) -> dict[str, Any]:
    return {
        "number": _("No. %(number)s") % {"number": row.number},
        "day": date_label(row.starts_at),
        "hours": period_label(row.starts_at, row.ends_at),
        "place": row.venue.name if page.several_places else "",
    }


def facts_of(page: ClassPage) -> list[dict[str, Any]]:
    course = page.course
    told: list[Fact] = []
    for place in page.places:
        facts = [words for _term, words in place.facts[:MOST_FACTS]]
        address = [place.venue.full_address] if place.venue.address else []
        told.append(Fact(_("Where"), place_label(place.venue), [*address, *place.steps], facts))
    audience = [course.curriculum.audience] if course.curriculum.audience else []
    residents = _("Anybody who lives in %(towns)s.") % {"towns": page.residents_of}
    people = _("%(count)s people") % {"count": course.capacity}
    told += [
        Fact(_("For whom"), lines=[*audience, residents]),
        Fact(_("Capacity"), words=[people, str(course.get_allocation_display())]),
        Fact(_("Cost"), words=[pgettext("on the leaflet", "No charge")]),
        Fact(_("Application period"), title=window_of(page)),
        Fact(_("What to bring"), words=page.bring),
        Fact(_("What you learn"), words=page.learn),
    ]
    return [asdict(fact) for fact in told if fact.title or fact.lines or fact.words]


def window_of(page: ClassPage) -> str:
    return _("%(opens)s to %(closes)s") % {"opens": page.opens, "closes": page.closes}


def call_of(page: ClassPage) -> dict[str, Any] | None:
    contact = page.contact
    if contact is None:
        return None
    sms = _("By SMS: send the four digits %(code)s to %(number)s.") % {
        "code": page.course.code,
        "number": page.sms_number,
    }
    return {
        "words": _("To apply, telephone"),
        "number": contact.phone_label,
        "office": pgettext("town, office and hours", "%(town)s %(office)s (%(hours)s)")
        % {"town": contact.town.name, "office": contact.office, "hours": contact.hours}
        if contact.hours
        else f"{contact.town.name} {contact.office}",
        "say": _("Please say “class number %(code)s”. You need no form.") % {"code": page.course.code},
        "sms": sms if page.sms_number else "",
    }
