"""What stands at the head of the papers of a course: when, where, how many."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.japanese import clock_label, wareki_label
from programs.models import Venue
from sessions.models import ClassSession, Course
from sessions.roster import Roster

type Facts = list[tuple[str, str]]


def day_label(moment: dt.datetime) -> str:
    """令和8年12月4日(金)."""
    facts = {"date": wareki_label(moment), "weekday": date_format(timezone.localtime(moment), "D")}
    return _("%(date)s (%(weekday)s)") % facts


def when_label(session: ClassSession) -> str:
    return f"{day_label(session.starts_at)} {clock_label(session.starts_at, session.ends_at)}"


def place_label(venue: Venue) -> str:
    return f"{venue.name} {venue.room}".strip()


def number_label(session: ClassSession) -> str:
    return _("No. %(number)s") % {"number": session.number}


def session_facts(course: Course, session: ClassSession | None, *, of: int) -> Facts:
    """Of one session; of a consultation day, from its first slot on."""
    facts = [(_("Class"), f"{course.title} {_('Class number')} {course.code}")]
    if session is not None:
        told = day_label(session.starts_at) if course.by_slot else when_label(session)
        number = f" {number_label(session)}" if of > 1 and not course.by_slot else ""
        facts += [(_("When"), told + number), (_("Where"), place_label(session.venue))]
    return facts


def course_facts(course: Course, sessions: Sequence[ClassSession], roster: Roster) -> Facts:
    """Of all sessions: the first day with how many follow, the places, the people of each town."""
    facts = [(_("Class"), f"{course.title} {_('Class number')} {course.code}")]
    if sessions:
        told = day_label(sessions[0].starts_at) if course.by_slot else when_label(sessions[0])
        more = _("and %(count)s more") % {"count": len(sessions) - 1} if len(sessions) > 1 else ""
        if more and not course.by_slot:
            told = f"{told} {more}"
        places = dict.fromkeys(place_label(row.venue) for row in sessions)
        facts += [(_("When"), told), (_("Where"), _(", ").join(places))]
    people = _("%(count)s of %(capacity)s") % {"count": roster.count, "capacity": course.capacity}
    towns = [_("%(town)s %(count)s") % {"town": place.town, "count": count} for place, count in roster.totals]
    return [*facts, (_("Confirmed"), " ".join([people, *(towns if len(towns) > 1 else [])]))]


def footer_of(course: Course, title: str) -> str:
    """The line at the foot of each page; it says of which day the paper is."""
    today = _("as of %(day)s") % {"day": wareki_label(timezone.localdate())}
    return f"{title} {course.title} {course.code} {today}"
