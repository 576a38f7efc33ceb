"""Who applied, who is offered or holds a seat, who was refused, who came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from participants.models import BY_HAND, AgeBand, Channel, Participant
from sessions.models.courses import ClassSession, Course


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def live(self) -> RegistrationQuerySet:
        return self.filter(state__in=Registration.LIVE)

    def confirmed(self) -> RegistrationQuerySet:
        return self.filter(state=Registration.State.CONFIRMED)

    def booked(self) -> RegistrationQuerySet:
        """Those whose seat counts for the seat rule: who walks in on the day takes nobody's seat."""
        return self.filter(state__in=Registration.SEATED, is_walk_in=False)

    def in_line(self) -> RegistrationQuerySet:
        """Those waiting for a seat, in the order in which they are offered one."""
        return self.filter(state=Registration.State.WAITING).order_by(
            models.F("draw_rank").asc(nulls_last=True), "-priority", "waiting_since", "pk"
        )

    def of(self, municipality: Municipality) -> RegistrationQuerySet:
        """Registrations of the town's own residents (as they were when they registered)."""
        return self.filter(municipality=municipality)


class Registration(models.Model):
    """One person's application to one course. Written only by `sessions.registration`."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied, waiting for the draw")
        CONFIRMED = "confirmed", _("Confirmed")
        LOST = "lost", _("Not drawn")
        WAITING = "waiting", _("On the waiting list")
        OFFERED = "offered", _("A seat is offered")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Offer expired")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE = (State.APPLIED, State.CONFIRMED, State.WAITING, State.OFFERED)
    SEATED = (State.CONFIRMED, State.OFFERED)

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="registrations")
    class_session = models.ForeignKey(
        ClassSession, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="registrations")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", help_text="Residence when registered."
    )
    age_band = models.CharField(max_length=8, choices=AgeBand, blank=True, help_text="When registered.")
    state = models.CharField(max_length=12, choices=State)
    channel = models.CharField(max_length=12, choices=Channel)
    party = models.UUIDField(null=True, blank=True, db_index=True, help_text="People who come together.")
    priority = models.SmallIntegerField(default=0)
    applied_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    skipped_at = models.DateTimeField(null=True, blank=True, help_text="Last time too few seats came free.")
    draw_rank = models.PositiveIntegerField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ended_channel = models.CharField(max_length=12, choices=Channel, blank=True)
    ended_reason = models.CharField(max_length=60, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    proxy = models.CharField(max_length=60, blank=True, help_text="Who applied for them.")
    needs_callback = models.BooleanField(default=False)
    is_walk_in = models.BooleanField(default=False, help_text="Came on the day without having applied.")
    moved_from = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Classes held together.",
    )
    submission = models.UUIDField(null=True, blank=True, help_text="One filled-in form: a double click is one.")

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "participant"],
                condition=Q(state__in=["applied", "confirmed", "waiting", "offered"]),
                name="one_live_registration",
            ),
            models.UniqueConstraint(fields=["submission", "participant"], name="one_registration_per_form"),
        ]
        indexes = [
            models.Index(fields=["course", "state", "municipality"], name="registration_seats"),
            models.Index(fields=["municipality", "-applied_at"], name="registration_by_town"),
        ]

    def __str__(self) -> str:
        return self.receipt_number

    @property
    def receipt_number(self) -> str:
        """Letters and four digits ("A0412"), computed from the key: never taken twice, easy to read aloud."""
        return receipt_number(self.pk)

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_offered(self) -> bool:
        return self.state == self.State.OFFERED

    @property
    def was_keyed_by_hand(self) -> bool:
        return self.channel in BY_HAND


LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def receipt_number(pk: int) -> str:
    """1 -> "A0001", 9999 -> "A9999", 10000 -> "B0000"; after Z comes "AA"."""
    group, digits = divmod(pk, 10_000)
    letters = LETTERS[group % len(LETTERS)]
    while group >= len(LETTERS):
        group = group // len(LETTERS) - 1
        letters = LETTERS[group % len(LETTERS)] + letters
    return f"{letters}{digits:04d}"


def receipt_key(number: str) -> int | None:
    """The key behind a receipt number as `receipt_number` writes it; None if it is not one."""
    letters, digits = number[:-4], number[-4:]
    if not letters or not digits.isascii() or not digits.isdigit() or len(letters) > 6:
        return None
    group = 0
    for letter in letters:
        if letter not in LETTERS:
            return None
        group = group * len(LETTERS) + LETTERS.index(letter) + 1
    return (group - 1) * 10_000 + int(digits)


class SeatOffer(models.Model):
    """A seat kept for somebody of the waiting list until a deadline."""

    class Answer(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    made_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_channel = models.CharField(max_length=12, choices=Channel, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(answer="open"), name="one_open_offer")
        ]
        indexes = [models.Index(fields=["answer", "deadline_at"], name="offer_due")]

    def __str__(self) -> str:
        return f"{self.registration} {self.answer}"


class SeatHold(models.Model):
    """Seats kept for a short time while somebody is on the telephone."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="holds")
    class_session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, null=True, blank=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField(default=1)
    until = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.course} {self.seats}"


class LotteryDraw(models.Model):
    """The record of a draw: seed and entries are written down before it, so that anybody can draw again."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="draw")
    seed = models.CharField(max_length=64)
    entries = models.TextField(help_text="Everything the draw depends on but the seed, as text; no names.")
    entries_hash = models.CharField(max_length=64)
    result = models.TextField(blank=True, help_text="What came of it, as text; no names.")
    settled_at = models.DateTimeField(help_text="When seed and entries were written down.")
    settled_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    drawn_at = models.DateTimeField(null=True, blank=True)
    drawn_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.course} {self.seed[:8]}"


class Refusal(models.Model):
    """Somebody who could not be given what they asked for: unmet demand is a figure."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, null=True, blank=True, related_name="refusals")
    participant = models.ForeignKey(
        Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=24)
    channel = models.CharField(max_length=12, choices=Channel)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.code
