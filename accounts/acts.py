"""The acts of the audit list in words: a thing and what was done with it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

THINGS = {
    "calls": _("Call list"),
    "consent": _("Consent"),
    "contact": _("Contact"),
    "course": _("Class"),
    "curriculum": _("Curriculum"),
    "household": _("Household"),
    "line": _("Line"),
    "draw": _("Lottery"),
    "member": _("Member"),
    "message": _("Message"),
    "notice": _("Notice"),
    "office": _("Office"),
    "optout": _("Stop of SMS"),
    "participant": _("Participant"),
    "partner": _("Partner town"),
    "program": _("Programme"),
    "registration": _("Application"),
    "roster": _("Roster"),
    "session": _("Session"),
    "sms": _("SMS"),
    "thread": _("Conversation"),
    "venue": _("Venue"),
}
DEEDS = {
    "accepted": _("taking part"),
    "added": _("added"),
    "answered": _("answered"),
    "applied": _("applied"),
    "called_off": _("called off"),
    "cancelled": _("cancelled"),
    "changed": _("changed"),
    "closed": _("closed"),
    "confirmed": _("seat confirmed"),
    "declined": _("declined"),
    "expired": _("offer expired"),
    "handed_over": _("passed to a person"),
    "given": _("given"),
    "invited": _("invited"),
    "lost": _("not drawn"),
    "moved": _("moved"),
    "drawn": _("lots drawn"),
    "no_answer": _("no answer"),
    "number_added": _("number added"),
    "offered": _("seat offered"),
    "password_set": _("password set"),
    "planned": _("planned"),
    "posted": _("posted"),
    "printed": _("printed"),
    "published": _("published"),
    "removed": _("removed"),
    "resumed": _("resumed"),
    "role_changed": _("role changed"),
    "seat_given_back": _("seat given back after a call"),
    "seat_kept": _("seat kept during a call"),
    "seats_changed": _("seats changed"),
    "stopped": _("stopped"),
    "taken_back": _("taken back"),
    "told": _("told"),
    "viewed": _("looked at"),
    "waiting": _("on the waiting list"),
    "window_changed": _("dates of application changed"),
    "withdrawn": _("withdrawn"),
    "wrong_number": _("wrong number"),
}


def act_label(act: str) -> str:
    """ "registration.cancelled" in words; what has no words yet stays as it is written."""
    thing, _dot, deed = act.partition(".")
    if thing not in THINGS or deed not in DEEDS:
        return act
    "settled": _("entries settled"),
    return gettext("%(thing)s: %(deed)s") % {"thing": THINGS[thing], "deed": DEEDS[deed]}
