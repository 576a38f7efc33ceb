"""The sessions of today, and those that are over of which it is not known who came."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import date_label
from accounts.models import Municipality
from phone.today_parts import SHOWN, Group, Row
from sessions.attendance import Recent
from sessions.models import ClassSession, Course


def held_today(recent: Iterable[Recent]) -> list[tuple[ClassSession, Course]]:
    sessions = [each.class_session for each in recent]
    return [(session, session.course) for session in sessions if session.day == timezone.localdate()]


def unknown_attendance(recent: Iterable[Recent], town: Municipality) -> Group:
    """Of whom nobody has entered yet whether they came; a printed sheet waits to be keyed in."""
    found = [each for each in recent if each.waits_for(town)]
    return Group(
        "unknown",
        "people",
        _("Classes of which it is not known who came"),
        len(found),
        [
            Row(
                when=date_label(each.class_session.starts_at),
                small="",
                title=each.class_session.course.title,
                detail=_("%(count)s people not known yet") % {"count": each.unknown},
                url=reverse("sessions:key_sheet", args=[each.sheet])
                if each.sheet
                else reverse("sessions:day", args=[each.class_session.pk]),
                act=_("Key in the day sheet") if each.sheet else _("Enter who came"),
                is_late=each.class_session.ends_at < timezone.now() - timedelta(days=7),
            )
            for each in found[:SHOWN]
        ],
    )
