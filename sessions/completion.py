"""Who has completed a series: how many of the sessions held somebody came to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from sessions.models import Attendance, ClassSession, Registration


@dataclass(frozen=True)
class Completion:
    """Sessions called off count neither for nor against anybody: `held` leaves them out, and no more than
    `held` is ever needed."""

    present: int
    held: int
    needed: int

    @property
    def is_done(self) -> bool:
        return self.held > 0 and self.present >= self.needed

    @property
    def label(self) -> str:
        facts = {"present": self.present, "held": self.held}
        if self.is_done:
            return _("Came %(present)s of %(held)s times, completed") % facts
        return _("Came %(present)s of %(held)s times") % facts


def completion_of(registrations: Iterable[Registration]) -> dict[int, Completion]:
    """By registration key, in two queries whatever the number of rows."""
    rows = list(registrations)
    held = Counter(
        dict(
            ClassSession.objects.filter(course__in={row.course_id for row in rows}, cancelled_at=None)
            .order_by()
            .values_list("course")
            .annotate(Count("pk"))
        )
    )
    came = Counter(
        dict(
            Attendance.objects.filter(
                registration__in=[row.pk for row in rows],
                mark=Attendance.Mark.PRESENT,
                class_session__cancelled_at=None,
            )
            .order_by()
            .values_list("registration")
            .annotate(Count("pk"))
        )
    )
    return {row.pk: completion(row, came[row.pk], held[row.course_id]) for row in rows}


def completion(registration: Registration, present: int, held: int) -> Completion:
    """Of a consultation day somebody books one slot and comes once."""
    held = min(held, 1) if registration.class_session_id is not None else held
    return Completion(present, held, min(registration.course.completion_needed or held, held))
