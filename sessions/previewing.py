"""What is shown before a plan or a move is saved: every date with all that speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from programs.models import Venue
from sessions.conflicts import Conflict, Meeting, conflicts_among, seal
from sessions.models import ClassSession, Course
from sessions.planning import Plan


@dataclass(frozen=True)
class DateRow:
    starts_at: datetime
    ends_at: datetime
    conflicts: Sequence[Conflict]


@dataclass(frozen=True)
class Preview:
    rows: Sequence[DateRow]

    @classmethod
    def of(cls, plan: Plan) -> "Preview":
        return cls(rows_of(meetings_of(plan)))

    @classmethod
    def of_move(
        cls, class_session: ClassSession, *, starts_at: datetime, ends_at: datetime, venue: Venue
    ) -> "Preview":
        course = class_session.course
        return cls(rows_of([Meeting(0, starts_at, ends_at, venue, course, session=class_session.pk)]))

    @property
    def conflicts(self) -> list[Conflict]:
        return [conflict for row in self.rows for conflict in row.conflicts]

    @property
    def is_refused(self) -> bool:
        return any(conflict.is_hard for conflict in self.conflicts)

    @property
    def seal(self) -> str:
        """What the button that saves all the same says was seen; empty if nothing speaks against it."""
        return seal(self.conflicts) if self.conflicts else ""

    def was_seen(self, written: str) -> bool:
        return not self.conflicts or written == self.seal


def meetings_of(plan: Plan, *, first_key: int = 0) -> list[Meeting]:
    course = Course(program=plan.program, curriculum=plan.curriculum, host=plan.host, title=plan.title)
    return [
        Meeting(key, start, end, plan.venue, course)
        for key, (start, end) in enumerate(sorted(plan.times), start=first_key)
    ]


def rows_of(meetings: Sequence[Meeting]) -> list[DateRow]:
    found = conflicts_among(meetings)
    return [DateRow(each.starts_at, each.ends_at, found[each.key]) for each in meetings]
