"""The day of a class: who worked, who came, and the sheet of paper it was written on."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from participants.models import AgeBand
from programs.models import Curriculum
from sessions.models.courses import ClassSession
from sessions.models.registrations import Registration


class Attendance(models.Model):
    """Whether a person came to a session. No row means unknown, and unknown is reported as unknown."""

    class Mark(models.TextChoices):
        PRESENT = "present", _("Present")
        EXCUSED = "excused", _("Excused")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled by us")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")
    class_session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="attendances")
    mark = models.CharField(max_length=12, choices=Mark)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "class_session"], name="one_mark_per_session")
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.mark}"


class StaffDuty(models.Model):
    """Somebody of a town who works at a session. Hours are planned before it and recorded after it."""

    class Duty(models.TextChoices):
        RECEPTION = "reception", _("Reception")
        HOST = "host", _("Presenting")
        WATCHING = "watching", _("Looking after participants")
        CARRYING = "carrying", _("Carrying")

    class_session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="duties")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("town")
    )
    name = models.CharField(_("name"), max_length=40)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="duties")
    duty = models.CharField(_("duty"), max_length=12, choices=Duty)
    planned_hours = models.DecimalField(
        _("hours planned"),
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(24)],
    )
    recorded_hours = models.DecimalField(
        _("hours recorded"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(24)],
    )

    class Meta:
        ordering = ["class_session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["class_session", "municipality", "name", "duty"], name="one_duty_once_per_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_duty_display()}"


class Headcount(models.Model):
    """How many residents of a town came to a session without their names being written down."""

    class_session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="headcounts")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField(_("people"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["class_session", "municipality"], name="one_headcount_per_town")
        ]

    def __str__(self) -> str:
        return f"{self.class_session} {self.people}"


class Consultation(models.Model):
    """One person's turn on a consultation day: booked, walked in, or to be called back."""

    class Way(models.TextChoices):
        BOOKED = "booked", _("Booked")
        WALK_IN = "walk_in", _("Walked in")
        CALL_BACK = "call_back", _("To be called back")

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("Solved")
        AGAIN = "again", _("Will come again")
        ELSEWHERE = "elsewhere", _("Sent to another office")
        LEFT = "left", _("Left without being seen")

    class_session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="consultations")
    registration = models.OneToOneField(
        Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="consultation"
    )
    way = models.CharField(max_length=12, choices=Way)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    age_band = models.CharField(max_length=8, choices=AgeBand, blank=True)
    phone = models.CharField(max_length=16, blank=True, help_text="E.164, of a call-back only.")
    topic = models.CharField(_("topic"), max_length=12, choices=Curriculum.Topic, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    queued_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["queued_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="consultation_ends_with_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.class_session} {self.way}"


class DaySheet(models.Model):
    """A day sheet as it was printed: the numbered rows on it, and later the counts written on the paper."""

    class_session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="day_sheets")
    rows: models.JSONField[list[int], list[int]] = models.JSONField(
        help_text="Keys of registrations in the order of the printed numbers, from 1."
    )
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    planned = models.PositiveSmallIntegerField(null=True, blank=True)
    came = models.PositiveSmallIntegerField(null=True, blank=True)
    walked_in = models.PositiveSmallIntegerField(null=True, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    keyed_at = models.DateTimeField(null=True, blank=True)
    keyed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.class_session} {self.pk}"
