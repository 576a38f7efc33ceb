"""What the telephone front end remembers between two texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from messaging.models import InboundText, Line
from participants.models import Contact
from participants.people import NOT_FOR_TALKING
from programs.models import Partnership, Program

QUESTION_LASTS = timedelta(hours=24)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def needing_staff(self) -> ConversationQuerySet:
        return self.exclude(handed_over_at=None)

    def visible_to(self, municipality: Municipality) -> ConversationQuerySet:
        """A town's own residents; where a number has people in several towns, each of these towns; and a number
        that nobody knows yet, for the towns its line serves."""
        partner = Q(partnerships__municipality=municipality, partnerships__state=Partnership.State.ACCEPTED)
        programs = Program.objects.filter(Q(lead=municipality) | partner).exclude(line=None)
        lines = Line.objects.filter(Q(municipalities=municipality) | Q(pk__in=programs.values("line")))
        known = Contact.objects.exclude(relation__in=NOT_FOR_TALKING)
        theirs = known.filter(participant__municipality=municipality)
        of_residents = Q(number__in=theirs.values("contact_point__number"))
        of_nobody = Q(line__in=lines.values("pk")) & ~Q(number__in=known.values("contact_point__number"))
        return self.filter(Q(municipality=municipality) | Q(municipality=None) & (of_residents | of_nobody))


class Conversation(models.Model):
    """One number talking with one line of ours; at most one question is open at a time."""

    class Question(models.TextChoices):
        NONE = "", _("Nothing asked")
        TOWN = "town", _("Which town")
        NAME = "name", _("Name in kana")
        WHO = "who", _("Who is writing")
        SLOT = "slot", _("Which time")
        READ_BACK = "read_back", _("Is this right")
        WHICH = "which", _("Which application")
        CANCEL = "cancel", _("Cancel this one")
        OFFER = "offer", _("Take the seat")
        STOP = "stop", _("No more SMS")

    class Reason(models.TextChoices):
        UNCLEAR = "unclear", _("Two texts in a row were not understood.")
        CHANGE = "change", _("They want to change something.")
        FAILED = "failed", _("A text of theirs could not be acted on.")
        MANY_REPLIES = "many_replies", _("Too many automatic replies within an hour.")

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
    acted_at = models.DateTimeField(null=True, blank=True, help_text="When a text last had an effect.")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    hand_over_reason = models.CharField(max_length=24, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    last_text = models.ForeignKey(InboundText, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    last_text_at = models.DateTimeField(null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="one_conversation_per_number")]

    def __str__(self) -> str:
        return f"{self.line} {self.pk}"

    def open_question(self, now: datetime | None = None) -> str:
        """The question that waits for an answer; none once it is a day old."""
        now = now or timezone.now()
        is_fresh = self.asked_at is not None and now - self.asked_at < QUESTION_LASTS
        return self.question if is_fresh else self.Question.NONE

    @property
    def needs_staff(self) -> bool:
        return self.handed_over_at is not None

    @property
    def reason_label(self) -> str:
        found = self.hand_over_reason
        return str(self.Reason(found).label) if found in self.Reason.values else ""
