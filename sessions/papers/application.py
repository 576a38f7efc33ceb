"""申込書: to fill in at the counter or to send by post; it asks what the application on the web asks."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.contact import contact_of
from accounts.japanese import clock_label, date_label, moment_label, period_label
from participants.models import Device, Need, Participant
from programs.sharing import ordered_towns
from sessions.listing import held
from sessions.models import Course
from sessions.papers.heads import day_label, when_label
from sessions.papers.press import Paper
from sessions.script import Step, sentences

Reach = Participant.Reach
MOST_DATES = 3
MOST_SLOTS = 12


def application(course: Course, *, is_large: bool) -> Paper:
    contact = contact_of(course.host, course.program.lead)
    content = {
        "footer": f"{_('Application form')} {course.title} {_('Class number')} {course.code}",
        "course": course.title,
        "code_words": _("Class number"),
        "code": course.code,
        "when": when_of(course),
        "until": _("Please hand it in by %(moment)s.") % {"moment": moment_label(course.closes_at)},
        "fields": fields_of(course),
        "consent_title": _("What we use your data for"),
        "consent": consent_of(course),
        "agree": _("I agree"),
        "signed": [_("Date of writing"), _("Who wrote this, if not the person")],
        "send_to": send_to(course),
        "phone_words": _("You can also apply by telephone"),
        "phone": contact.phone_label if contact else "",
        "office_title": _("For the office"),
        "office": [_("Received on"), _("Receipt no."), _("Received by")],
        "warning": _("No town will ever ask you for money, a PIN or a bank account."),
    }
    return Paper("application", _("Application form"), timezone.localdate(course.created_at), is_large, 0, content)


def when_of(course: Course) -> list[str]:
    """The dates, if they are few; of a consultation day from its first slot to its last."""
    rows = held(course)
    if course.by_slot and rows:
        return [f"{day_label(rows[0].starts_at)} {clock_label(rows[0].starts_at, rows[-1].ends_at)}"]
    if len(rows) <= MOST_DATES:
        return [when_label(row) for row in rows]
    return [when_label(rows[0]), _("and %(count)s more") % {"count": len(rows) - 1}]


def fields_of(course: Course) -> list[dict[str, Any]]:
    towns = [town.name for town in ordered_towns(course.program) if town.has_residents]
    has_transport = any(row.venue.has_transport for row in held(course))
    needs = [str(need.label) for need in Need if has_transport or need != Need.TRANSPORT]
    devices = [str(device.label) for device in Device]
    fields = [
        line(_("Name in kana"), tall=True),
        line(_("Name"), tall=True),
        choices(_("Which town"), towns),
        line(_("Telephone number"), below=[_("It can receive SMS"), _("It cannot receive SMS")]),
        line(pgettext("on the application form", "Year of birth"), after=_("(leave it empty if you like)")),
        choices(_("The telephone you use now"), devices),
        choices(_("Have you been to a smartphone class?"), [_("It is the first time"), _("I have been before")]),
        choices(_("What we should prepare for you. We never ask why."), needs),
        line(_("What you would like to learn"), tall=True),
        choices(_("How we tell you"), [str(Reach(code).label) for code in Reach.values]),
        line(_("Address, if you want a postcard"), tall=True),
    ]
    if course.by_slot:
        return [*slot_fields(course), *fields]
    second = line(_("If two of you apply: the other person's name in kana"), tall=True)
    return [*fields[:2], second, *fields[2:]]


def slot_fields(course: Course) -> list[dict[str, Any]]:
    """First to third choice, with the times there are."""
    rows = held(course)
    one_day = len({row.day for row in rows}) == 1
    slots = [
        period_label(row.starts_at, row.ends_at)
        if one_day
        else f"{date_label(row.starts_at)} {period_label(row.starts_at, row.ends_at)}"
        for row in rows
    ]
    blanks = [_("First choice"), _("Second choice"), _("Third choice")]
    return [
        {"term": _("The time you would like"), "kind": "blanks", "blanks": blanks, "notes": slots[:MOST_SLOTS]},
    ]


def line(term: str, *, tall: bool = False, after: str = "", below: list[str] | None = None) -> dict[str, Any]:
    return {"term": term, "kind": "line", "tall": tall, "after": after, "choices": below or []}


def choices(term: str, words: list[str]) -> dict[str, Any]:
    return {"term": term, "kind": "choices", "choices": words}


def consent_of(course: Course) -> str:
    """What the clerk reads out to those who telephone."""
    partners = [town for town in ordered_towns(course.program) if town != course.host]
    return sentences(course.host, None, partners)[Step.CONSENT]


def send_to(course: Course) -> str:
    return _("Hand it in or send it to: %(town)s %(office)s") % {
        "town": course.host.name,
        "office": course.host.office,
    }
