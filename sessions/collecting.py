"""Changes of time and place that follow one another are told once: what was known before, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from messaging import outbox
from messaging.models import UNSENT, Message, State
from programs.models import Venue
from sessions.models import ClassSession, Notice, Registration
from sessions.notices import NEAR, tell, when_and_where_of

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Known:
    """When and where a session is held, as far as somebody has been told."""

    starts_at: datetime
    venue: Venue

    @classmethod
    def of(cls, class_session: ClassSession) -> "Known":
        return cls(class_session.starts_at, class_session.venue)

    @property
    def words(self) -> dict[str, str]:
        return when_and_where_of(self.starts_at, self.venue)


def tell_of_move(
    registration: Registration, class_session: ClassSession, before: Known, *, by: User | None
) -> Notice | None:
    """Tell one person of a move when ten minutes have passed since the first that they have not been told of.
    None if the session is back where they believe it to be."""
    waiting = take_untold(registration, class_session)
    known, due = before, timezone.now() + WINDOW
    if waiting is not None and waiting.known_starts_at is not None and waiting.known_venue is not None:
        known = Known(waiting.known_starts_at, waiting.known_venue)
        due = waiting.due_at if waiting.due_at > timezone.now() else due
    if known == Known.of(class_session):
        remind_again(registration, class_session)
        return None
    by_when = min(known.starts_at, class_session.starts_at)
    return tell(
        registration,
        Notice.Kind.MOVED,
        class_session=class_session,
        key=f"moved:{registration.pk}:{class_session.pk}:{class_session.sequence}",
        by=by,
        said={"before": known.words},
        row={
            "due_at": timezone.now() if is_near(known, class_session) else due,
            "known_starts_at": known.starts_at,
            "known_venue": known.venue,
        },
        by_when=by_when,
    )


def is_near(known: Known, class_session: ClassSession) -> bool:
    """So near the class, as it was or as it is to be, that nothing is collected."""
    return min(known.starts_at, class_session.starts_at) - timezone.now() <= NEAR


def take_untold(registration: Registration, class_session: ClassSession) -> Notice | None:
    """Take back what would have told of an earlier move. None if it has gone out or is going out: then the
    person knows."""
    rows = untold_moves(class_session).filter(registration=registration)
    notice = rows.select_for_update(of=("self",)).select_related("known_venue").last()
    if notice is None:
        return None
    if notice.message_id is not None and notice.rung == Notice.Rung.SMS:
        taken = outbox.withdraw(Message.objects.filter(pk=notice.message_id))
        if not taken:
            return None
    now = timezone.now()
    Notice.objects.filter(pk=notice.pk).update(outcome=Notice.Outcome.OVERTAKEN, closed_at=now)
    return notice


def untold_moves(class_session: ClassSession) -> QuerySet[Notice]:
    """Moves of a session that people have not been told of: not sent yet, or still on the call list."""
    unsent = Q(rung__in=Notice.BY_HAND) | Q(message__state__in=(*UNSENT, State.CLAIMED))
    return Notice.objects.filter(unsent, kind=Notice.Kind.MOVED, class_session=class_session, closed_at=None)


def known_by(class_session: ClassSession) -> dict[int, Known]:
    """Where those believe a session to be who have not been told of its last move, by registration key."""
    rows = untold_moves(class_session).select_related("known_venue").order_by("pk")
    return {
        row.registration_id: Known(row.known_starts_at, row.known_venue)
        for row in rows
        if row.known_starts_at is not None and row.known_venue is not None
    }


def remind_again(registration: Registration, class_session: ClassSession) -> None:
    """The move is undone: reminders it took back are due as if it had not been."""
    taken = registration.notices.filter(
        class_session=class_session, kind=Notice.Kind.REMINDER, outcome=Notice.Outcome.OVERTAKEN
    )
    for notice in taken.filter(Q(message=None) | Q(message__state=State.CANCELLED)):
        notice.key = f"taken_back:{notice.pk}"
        notice.save(update_fields=["key"])
