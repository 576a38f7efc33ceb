"""Two near-empty classes of neighbours, on their way to becoming one."""

from datetime import datetime

from sessions.merging import Merged, merge
from sessions.models import Course

FIRST = datetime.fromisoformat("2026-12-15T10:00+09:00")


def change(course: Course, **fields) -> None:
    Course.objects.filter(pk=course.pk).update(**fields)


def merged(gone: Course, into: Course, staff) -> Merged:
    outcome = merge(gone, into, by=staff)
    assert isinstance(outcome, Merged), outcome
    gone.refresh_from_db()
    into.refresh_from_db()
    return outcome
