"""The staff call list and the postcards: what nobody could be told by SMS, until it is told or too late."""

from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from messaging.models import NOT_TOLD, State
from participants.models import Contact
from sessions.models import Notice

MOST_CALLS = 3
CALLED_OFF = (Notice.Kind.CALLED_OFF, Notice.Kind.SESSION_OFF)


@dataclass(frozen=True)
class Call:
    """One row of the list: the notice and the number to dial, none for a postcard to somebody without one."""

    notice: Notice
    contact: Contact | None

    @classmethod
    def of(cls, notice: Notice) -> "Call":
        """Reads prefetched contacts."""
        contacts = notice.registration.participant.contacts.all()
        able = (contact for contact in contacts if contact.relation != Contact.Relation.EMERGENCY)
        return cls(notice, next(able, None))

    @property
    def is_postcard(self) -> bool:
        return self.notice.rung == Notice.Rung.POSTCARD

    @property
    def is_offer(self) -> bool:
        return self.notice.kind == Notice.Kind.OFFERED

    @property
    def is_by_hand(self) -> bool:
        return self.notice.rung in Notice.BY_HAND

    @property
    def sms_failed(self) -> bool:
        return self.notice.message_id is not None


class CallResult(models.TextChoices):
    """What came of a call or a postcard."""

    TOLD = "told", _("Told")
    POSTED = "posted", _("Posted")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


def record_call(notice: Notice, result: CallResult, *, by: User) -> bool:
    """Write down what came of it; the notice leaves the list when the person is told or cannot be.
    False if somebody else closed it meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(pk=notice.pk)
        if notice.closed_at is not None:
            return False
        notice.calls_made += 1
        notice.last_call_at = now
        if result != CallResult.NO_ANSWER:
            wrong = result == CallResult.WRONG_NUMBER
            notice.outcome = Notice.Outcome.WRONG_NUMBER if wrong else Notice.Outcome.TOLD
            notice.closed_at, notice.closed_by = now, by
        notice.save(update_fields=["calls_made", "last_call_at", "outcome", "closed_at", "closed_by"])
        audit.record(
            f"notice.{result}", notice, by=by, municipality=notice.registration.municipality, kind=notice.kind
        )
    return True


def step_down() -> int:
    """Put on the call list what SMS could not tell, while it is still of use. Returns how many."""
    now = timezone.now()
    return lost_by_sms().filter(expires_at__gt=now).update(rung=Notice.Rung.CALL, due_at=now)


def lost_by_sms() -> QuerySet[Notice]:
    lost = (*NOT_TOLD, State.UNCERTAIN)  # told twice does no harm, told never does
    return Notice.objects.filter(rung=Notice.Rung.SMS, message__state__in=lost, closed_at=None)


def give_up() -> int:
    """Take from the list what is of no use any more, and close what no SMS could tell before it was too late.
    Returns how many were never told."""
    now = timezone.now()
    closed = {"outcome": Notice.Outcome.GIVEN_UP, "closed_at": now}
    too_late = lost_by_sms().filter(expires_at__lte=now).update(**closed)
    # Calling off the last date may end the course in the past: who was to come on that date is still called.
    over = Q(registration__course__ends_at__lte=now) & ~Q(kind__in=CALLED_OFF)
    return too_late + Notice.objects.left_to_hand().filter(Q(expires_at__lte=now) | over).update(**closed)
