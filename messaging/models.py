"""The outbox and the inbox: every message to or from a telephone is a row here (docs/architecture.md)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User


class Line(models.Model):
    """A telephone number of ours, what it can do, and the towns it serves."""

    name = models.CharField(max_length=60)
    number = models.CharField(max_length=16, unique=True, help_text="E.164")
    receives_sms = models.BooleanField(default=True)
    sends_sms = models.BooleanField(default=True)
    speaks = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    municipalities = models.ManyToManyField(Municipality, blank=True, related_name="lines")
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="Sending is stopped since then.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_line")
        ]

    def __str__(self) -> str:
        return self.name


class State(models.TextChoices):
    HELD = "held", _("Held back")
    QUEUED = "queued", _("Waiting to be sent")
    CLAIMED = "claimed", _("Being sent")
    SUBMITTING = "submitting", _("Being handed over")
    ACCEPTED = "accepted", _("Handed over")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    UNDELIVERED = "undelivered", _("Not delivered")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Not known whether sent")
    REVIEW = "review", _("Needs a person to look")
    SUPPRESSED = "suppressed", _("Not sent: no longer wanted")
    CANCELLED = "cancelled", _("Withdrawn")
    EXPIRED = "expired", _("Not sent: too late")
    SENT_UNCONFIRMED = "sent_unconfirmed", _("Sent, delivery not known")


UNSENT = (State.HELD, State.QUEUED)
IN_HAND = (State.CLAIMED, State.SUBMITTING, State.UNCERTAIN)
TOLD = (State.ACCEPTED, State.SENT, State.DELIVERED, State.SENT_UNCONFIRMED)
NOT_TOLD = (State.UNDELIVERED, State.FAILED, State.SUPPRESSED, State.EXPIRED, State.REVIEW)


class MessageQuerySet(models.QuerySet["Message"]):
    def unsent(self) -> MessageQuerySet:
        return self.filter(state__in=UNSENT)

    def undelivered(self) -> MessageQuerySet:
        return self.filter(state__in=NOT_TOLD)


class Message(models.Model):
    """One message to one telephone. The row is the queue entry and, for ever after, the record."""

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        VOICE = "voice", _("Voice call")

    class Purpose(models.TextChoices):
        CODE = "code", _("Sign-in code")
        REPLY = "reply", _("Reply")
        NOTICE = "notice", _("Notice")
        REMINDER = "reminder", _("Reminder")
        OFFER = "offer", _("Offer of a seat")
        DISPATCH = "dispatch", _("Dispatch request")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who pays."
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SMS)
    purpose = models.CharField(max_length=12, choices=Purpose)
    to = models.CharField(max_length=16, db_index=True, help_text="E.164")
    body = models.TextField()
    template = models.CharField(max_length=40)
    segments = models.PositiveSmallIntegerField()
    priority = models.SmallIntegerField(default=5, help_text="Lower goes first.")
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    dedupe_key = models.CharField(max_length=120, null=True, blank=True, unique=True)  # noqa: DJ001  many rows have none
    written_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    hold_reason = models.CharField(max_length=24, blank=True)
    claim_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    provider = models.CharField(max_length=16, blank=True)
    provider_sid = models.CharField(max_length=64, null=True, blank=True, unique=True)  # noqa: DJ001  set once accepted
    provider_rank = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=24, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["state", "not_before", "priority", "id"], name="message_due"),
            models.Index(fields=["to", "-id"], name="message_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"

    @property
    def is_told(self) -> bool:
        return self.state in TOLD


class Attempt(models.Model):
    """One call to the provider for one message; kept for ever, never changed after its outcome."""

    class Outcome(models.TextChoices):
        SENT = "sent", _("Accepted")
        NOT_SENT = "not_sent", _("Certainly not sent")
        REFUSED = "refused", _("Refused for good")
        AMBIGUOUS = "ambiguous", _("Not known whether sent")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    provider_sid = models.CharField(max_length=64, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    error_code = models.CharField(max_length=24, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="one_row_per_attempt"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.number} {self.outcome}"


class InboundText(models.Model):
    """One text that reached a line of ours; its provider id makes a repeated webhook change nothing."""

    sid = models.CharField(max_length=64, unique=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, related_name="inbound")
    sender = models.CharField(max_length=16, blank=True, db_index=True, help_text="E.164; empty if withheld")
    body = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sid


class OptOut(models.Model):
    """A number that asked for no more SMS; lifted, never deleted."""

    class Source(models.TextChoices):
        SMS = "sms", _("SMS")
        PHONE = "phone", _("Telephone")
        COUNTER = "counter", _("Counter")
        PROVIDER = "provider", _("Telephone company")

    number = models.CharField(max_length=16, help_text="E.164")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: all.",
    )
    source = models.CharField(max_length=12, choices=Source)
    evidence = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "municipality"], condition=Q(lifted_at=None), name="one_opt_out_per_town"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(lifted_at=None, municipality=None), name="one_opt_out_of_all"
            ),
        ]
        indexes = [models.Index(fields=["number"], name="opt_out_by_number")]

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d}"


class Budget(models.Model):
    """What a municipality may spend on messages in one month."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="budgets")
    month = models.DateField(help_text="The first day of the month.")
    yen = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "month"], name="one_budget_per_month")]

    def __str__(self) -> str:
        return f"{self.municipality} {self.month:%Y-%m} {self.yen}"


class Heartbeat(models.Model):
    """When a worker last finished a pass, and what it did."""

    worker = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    passes = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.worker
