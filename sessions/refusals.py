"""Why somebody cannot have what they asked for: a code and one plain sentence, the same on every way in."""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from participants.models import Channel, Participant
from sessions.models import Course, Refusal


class Code(models.TextChoices):
    NOT_OPEN_YET = "not_open_yet", _("Applications for this class have not opened yet.")
    CLOSED = "closed", _("Applications for this class are closed.")
    CALLED_OFF = "called_off", _("This class has been called off.")
    OVER = "over", _("This class is already over.")
    OTHER_TOWN = "other_town", _("This class is for residents of the towns that hold it.")
    FULL = "full", _("All seats are taken. The waiting list is open.")
    SLOT_NEEDED = "slot_needed", _("Please choose a time of the consultation day.")
    SLOT_TAKEN = "slot_taken", _("This time is already taken. Please choose another time.")
    OFFER_OVER = "offer_over", _("The time to answer is over, and the seat went to the next person.")
    NO_OFFER = "no_offer", _("There is no seat offered to you at the moment.")
    NOT_LIVE = "not_live", _("This application has already ended.")
    UNKNOWN_CODE = "unknown_code", _("There is no class with this number. Please check the four digits.")
    PARTLY = (
        "partly",
        _("One of you has already applied for this class. Please apply for the other person alone, or phone us."),
    )
    DRAWN = "drawn", _("Seats of this class are drawn by lot: none can be kept during a call.")
    TOO_OFTEN = (
        "too_often",
        _("Many applications came from your connection within an hour. Please try again later, or phone us."),
    )
    NOBODY = "nobody", _("Please say who is to come.")
    NOT_TODAY = "not_today", _("Walk-ins are added on the day of the session itself.")
    RATIO = "ratio", _("There are not enough helpers for one more person.")
    ROOM = "room", _("All places are taken, or kept for people who may still come.")


@dataclass(frozen=True)
class Refused:
    """A refusal as a value; falsy, so that `if not outcome` reads as it should."""

    code: Code

    def __bool__(self) -> bool:
        return False

    @property
    def sentence(self) -> str:
        return str(self.code.label)


def refuse(
    code: Code,
    *,
    course: Course | None,
    channel: Channel,
    municipality: Municipality | None = None,
    participant: Participant | None = None,
) -> Refused:
    """Log the refusal and return it."""
    Refusal.objects.create(
        course=course,
        participant=participant,
        municipality=municipality,
        code=code.value,
        channel=channel,
        at=timezone.now(),
    )
    return Refused(code)
