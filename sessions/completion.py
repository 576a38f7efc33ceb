"""Who has completed a series: how many of the sessions held somebody came to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from sessions.models import Attendance, Course, Registration


@dataclass(frozen=True)
class Completion:
    """Sessions called off count neither for nor against anybody: `held` leaves them out, and no more than
    `held` is ever needed."""

    present: int
    held: int
    needed: int
    planned: int

    @property
    def is_series(self) -> bool:
        return self.planned > 1

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
    courses = Course.objects.filter(pk__in={row.course_id for row in rows}).order_by()
    still = Count("class_sessions", filter=Q(class_sessions__cancelled_at=None))
    counted = courses.annotate(planned=Count("class_sessions"), held=still)
    numbers = counted.values_list("pk", "held", "planned", "completion_needed")
    rules = {key: (held, planned, needed) for key, held, planned, needed in numbers}
    present = Attendance.objects.filter(
        registration__in=[row.pk for row in rows],
        mark=Attendance.Mark.PRESENT,
        class_session__cancelled_at=None,
    )
    came = dict(present.order_by().values_list("registration").annotate(Count("pk")))
    return {row.pk: completion(row, came.get(row.pk, 0), *rules[row.course_id]) for row in rows}


def completion(
    registration: Registration, present: int, held: int, planned: int, needed: int | None
) -> Completion:
    """Of a consultation day somebody books one slot and comes once."""
    if registration.class_session_id is not None:
        held, planned = min(held, 1), 1
    return Completion(present, held, min(needed or held, held), planned)
