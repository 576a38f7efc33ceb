"""What each person is told, and by which rung of the ladder."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from messaging.models import Message
from programs.models import Venue
from sessions.models.courses import ClassSession
from sessions.models.registrations import Registration


class Broadcast(models.Model):
    """One announcement about several sessions, such as bad weather; kept to see who is not yet reached."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="broadcasts")
    reason = models.CharField(_("reason"), max_length=60)
    class_sessions = models.ManyToManyField(ClassSession, related_name="broadcasts")
    made_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reason


class NoticeQuerySet(models.QuerySet["Notice"]):
    def left_to_hand(self) -> NoticeQuerySet:
        """What staff are to tell by a call or a postcard, now or later."""
        return self.filter(rung__in=Notice.BY_HAND, closed_at=None)

    def by_urgency(self) -> NoticeQuerySet:
        """Who was called least first, then whoever would set out first."""
        sets_out_at = Least(Coalesce("known_starts_at", "expires_at"), "expires_at")
        return self.order_by("calls_made", sets_out_at, "pk")

    def to_do_by_hand(self) -> NoticeQuerySet:
        """The staff call list and the postcards still to be written."""
        return self.left_to_hand().filter(due_at__lte=timezone.now())


class Notice(models.Model):
    """One thing one person is to be told about one registration, on exactly one rung of the ladder."""

    class Kind(models.TextChoices):
        APPLIED = "applied", _("Application received")
        CONFIRMED = "confirmed", _("Seat confirmed")
        WAITING = "waiting", _("Waiting list")
        OFFERED = "offered", _("A seat is offered")
        DECLINED = "declined", _("Offer declined")
        EXPIRED = "expired", _("Offer expired")
        CANCELLED = "cancelled", _("Cancellation received")
        CALLED_OFF = "called_off", _("Class called off")
        SESSION_OFF = "session_off", _("Session called off")
        MOVED = "moved", _("Time or place changed")
        MERGED = "merged", _("Classes held together")
        LOST = "lost", _("Not drawn")
        REMINDER = "reminder", _("Reminder")

    class Rung(models.TextChoices):
        SMS = "sms", _("SMS")
        VOICE = "voice", _("Automatic call")
        CALL = "call", _("Call by staff")
        POSTCARD = "postcard", _("Postcard")
        ON_THE_SPOT = "on_the_spot", _("Told on the spot")

    class Outcome(models.TextChoices):
        TOLD = "told", _("Told")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        GIVEN_UP = "given_up", _("Could not be reached")
        OVERTAKEN = "overtaken", _("No longer true")

    BY_HAND = (Rung.CALL, Rung.POSTCARD)

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="notices")
    class_session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, null=True, blank=True)
    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=120, unique=True, help_text="The same thing is never queued twice.")
    rung = models.CharField(max_length=12, choices=Rung)
    text = models.TextField()
    message = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="notice"
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    known_starts_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a change: when the person would have come, as told before."
    )
    known_venue = models.ForeignKey(
        Venue,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of a change: likewise, where to.",
    )
    expires_at = models.DateTimeField()
    calls_made = models.PositiveSmallIntegerField(default=0)
    last_call_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["rung", "closed_at", "due_at"], name="notice_by_hand"),
            models.Index(fields=["registration", "-id"], name="notice_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.kind} {self.rung}"

    @property
    def tell_by(self) -> datetime:
        """Until when it should be told: after a change, before the person sets out."""
        return min(self.known_starts_at or self.expires_at, self.expires_at)
