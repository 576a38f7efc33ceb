"""What the telephone front end remembers between two texts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from messaging.models import InboundText, Line


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def needing_staff(self) -> ConversationQuerySet:
        return self.exclude(handed_over_at=None)


class Conversation(models.Model):
    """One number talking with one line of ours; at most one question is open at a time."""

    class Question(models.TextChoices):
        NONE = "", _("Nothing asked")
        TOWN = "town", _("Which town")
        NAME = "name", _("Name in kana")
        WHO = "who", _("Who is writing")
        READ_BACK = "read_back", _("Is this right")
        CANCEL = "cancel", _("Cancel this one")
        OFFER = "offer", _("Take the seat")
        STOP = "stop", _("No more SMS")

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="conversations")
    number = models.CharField(max_length=16, help_text="E.164")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose desk.",
    )
    question = models.CharField(max_length=12, choices=Question, default=Question.NONE, blank=True)
    gathered: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    unclear_count = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    hand_over_reason = models.CharField(max_length=24, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    last_text = models.ForeignKey(InboundText, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="one_conversation_per_number")]

    def __str__(self) -> str:
        return f"{self.line} {self.pk}"
