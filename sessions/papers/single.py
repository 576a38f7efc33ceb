"""名札 and 修了証: one for each person."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import wareki_label
from sessions.completion import Completion, completion_of
from sessions.models import Attendance, Course
from sessions.papers.marks import device_mark, device_of
from sessions.papers.press import Paper
from sessions.roster import Roster, RosterRow

# In millimetres: labels across, size of one, margins of the A4 sheet (ten and six to a sheet).
SMALL_TAGS = {"across": 2, "width": 91, "height": 55, "x": 14, "y": 11}
LARGE_TAGS = {"across": 2, "width": 95, "height": 90, "x": 10, "y": 13.5}


def name_tags(course: Course, roster: Roster, *, is_large: bool) -> Paper:
    people = [
        {
            "town": row.place.town.name,
            "kana": row.registration.participant.kana if row.registration.participant.name else "",
            "name": str(row.registration.participant),
            "course": course.title,
            "device": device_mark(device_of(row.registration.participant)),
        }
        for row in roster.rows
    ]
    content = {
        "people": people,
        "sheet": LARGE_TAGS if is_large else SMALL_TAGS,
        "nobody": _("Nobody has a seat yet."),
    }
    return Paper("tags", _("Name tags"), timezone.localdate(), is_large, len(people), content)


def certificates(course: Course, roster: Roster, *, is_large: bool) -> Paper:
    """A page for each who has completed the course; the day is the last on which they came."""
    rows = completed(roster)
    last = last_days(row for row, _done in rows)
    people = [
        {
            "number": _("Certificate no. %(number)s") % {"number": row.registration.receipt_number},
            "name": _("%(name)s, certified") % {"name": row.registration.participant},
            "words": words_of(course, done),
            "day": wareki_label(last[row.registration.pk]),
            "issuer": course.host.name,
        }
        for row, done in rows
    ]
    content = {"people": people, "nobody": _("Nobody has completed this class yet.")}
    return Paper(
        "certificate", _("Certificate of completion"), timezone.localdate(), is_large, len(people), content
    )


def completed(roster: Roster) -> list[tuple[RosterRow, Completion]]:
    found = completion_of(row.registration for row in roster.rows)
    return [(row, found[row.registration.pk]) for row in roster.rows if found[row.registration.pk].is_done]


def words_of(course: Course, done: Completion) -> str:
    facts = {"town": course.host.name, "title": course.title, "present": done.present, "held": done.held}
    if done.held > 1:
        return (
            _("came to %(present)s of %(held)s sessions of “%(title)s”, held by %(town)s, and completed it.")
            % facts
        )
    return _("has completed “%(title)s”, held by %(town)s.") % facts


def last_days(rows: Iterable[RosterRow]) -> dict[int, datetime]:
    """When each came last, by registration key."""
    came = Attendance.objects.filter(
        registration__in=[row.registration.pk for row in rows], mark=Attendance.Mark.PRESENT
    )
    return dict(came.order_by().values_list("registration").annotate(Max("class_session__starts_at")))
