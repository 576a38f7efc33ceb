"""Programmes of one or several municipalities, what is taught, and where."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from messaging.models import Line


class Allocation(models.TextChoices):
    FIRST_COME = "first_come", _("First come, first served")
    LOTTERY = "lottery", _("Lottery")


class CouplePolicy(models.TextChoices):
    """What happens when one seat is free and people who come together are next in line."""

    SKIP_TO_FIT = "skip_to_fit", _("The next whom the seat fits is asked; the couple keeps its place")
    STRICT_ORDER = "strict_order", _("The seat is kept until there is one for the couple too")


class DrawPriority(models.TextChoices):
    """Who is drawn before others, the first of these counting most."""

    LOST_BEFORE = "lost_before", _("Those who were not drawn the last time")
    FIRST_TIME = "first_time", _("Those who have never had a seat")
    RESIDENT = "resident", _("Residents of the town that holds the class")


def default_reminder_days() -> list[int]:
    return [7, 1]


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, municipality: Municipality) -> ProgramQuerySet:
        """Programmes the town leads or was asked to join (a partner that withdrew still sees the past)."""
        return self.filter(Q(lead=municipality) | Q(partnerships__municipality=municipality)).distinct()

    def shared_with(self, municipality: Municipality) -> ProgramQuerySet:
        """Programmes whose money and staff the town shares: it leads them, takes part, or did until it left."""
        joined = Partnership.objects.joined().filter(municipality=municipality)
        return self.filter(Q(lead=municipality) | Q(pk__in=joined.values("program")))

    def led_by(self, municipality: Municipality) -> ProgramQuerySet:
        return self.filter(lead=municipality)


class Program(models.Model):
    """A programme of one fiscal year (April to March) with one lead and any number of partners."""

    class CostShare(models.TextChoices):
        EQUAL = "equal", _("Equal shares")
        POPULATION = "population", _("By population")
        ATTENDANCE = "attendance", _("By attendance")

    name = models.CharField(_("name"), max_length=80)
    fiscal_year = models.PositiveSmallIntegerField(
        _("fiscal year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    lead = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="led_programs", verbose_name=_("lead")
    )
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="programs", verbose_name=_("line")
    )
    cost_share = models.CharField(_("cost share"), max_length=12, choices=CostShare, default=CostShare.EQUAL)
    helper_ratio = models.PositiveSmallIntegerField(
        _("participants per helper"), default=4, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    reminder_days: models.JSONField[list[int], list[int]] = models.JSONField(
        _("reminders, days before"), default=default_reminder_days
    )
    allocation = models.CharField(
        _("allocation"), max_length=12, choices=Allocation, default=Allocation.FIRST_COME
    )
    couple_policy = models.CharField(
        _("couples in line when one seat is free"),
        max_length=12,
        choices=CouplePolicy,
        default=CouplePolicy.SKIP_TO_FIT,
    )
    draw_priorities: models.JSONField[list[str], list[str]] = models.JSONField(
        _("drawn before others"), default=list, blank=True
    )
    merge_km = models.PositiveSmallIntegerField(
        _("farthest distance of classes held together, in km"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("waking hours to answer an offer"),
        default=9,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["-fiscal_year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "fiscal_year", "name"], name="program_name_once_a_year")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def starts_on(self) -> date:
        return date(self.fiscal_year, 4, 1)

    @property
    def ends_on(self) -> date:
        return date(self.fiscal_year + 1, 3, 31)

    @property
    def shares_by_population(self) -> bool:
        return self.cost_share == self.CostShare.POPULATION

    @property
    def shares_by_attendance(self) -> bool:
        return self.cost_share == self.CostShare.ATTENDANCE

    @property
    def keeps_seats_for_couples(self) -> bool:
        return self.couple_policy == CouplePolicy.STRICT_ORDER

    @property
    def draw_priority_labels(self) -> list[str]:
        """Who is drawn before others, the first counting most."""
        return [str(each.label) for each in DrawPriority if each in self.draw_priorities]

    def is_led_by(self, municipality: Municipality) -> bool:
        return self.lead_id == municipality.pk

    def is_visible_to(self, municipality: Municipality) -> bool:
        """The row's own answer to `visible_to`."""
        return self.is_led_by(municipality) or self.partnerships.filter(municipality=municipality).exists()

    def is_shared_with(self, municipality: Municipality) -> bool:
        """The row's own answer to `shared_with`."""
        partnership = self.partnerships.filter(municipality=municipality).first()
        return self.is_led_by(municipality) or (partnership is not None and partnership.has_joined)


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def joined(self) -> PartnershipQuerySet:
        """Those of towns that take part, and of towns that did until they left."""
        return self.filter(Q(state=Partnership.State.ACCEPTED) | Q(left_at__isnull=False))


class Partnership(models.Model):
    """A municipality asked to join a programme, and its answer."""

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Taking part")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="partnerships")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="partnerships")
    state = models.CharField(max_length=12, choices=State, default=State.INVITED)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order of towns: letter and colour.")
    invited_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last left; kept while it is asked again, empty once it is back."
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "municipality"], name="one_partnership_per_town")
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """An invitation that nobody has answered yet."""
        return self.state == self.State.INVITED

    @property
    def takes_part(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def has_joined(self) -> bool:
        """The row's own answer to `joined`."""
        return self.takes_part or self.left_at is not None

    @property
    def tone(self) -> str:
        """The tone of its chip."""
        return {self.State.INVITED: "wait", self.State.ACCEPTED: "ok"}.get(self.State(self.state), "")


class Expense(models.Model):
    """What one town paid for a programme; all share it by the rule of the programme."""

    class Category(models.TextChoices):
        FEES = "fees", _("Fees of instructors")
        TRAVEL = "travel", _("Travel")
        VENUE = "venue", _("Rent of venues")
        MATERIALS = "materials", _("Materials and printing")
        COMMUNICATION = "communication", _("Telephone, SMS and post")
        DEVICES = "devices", _("Devices on loan")
        OTHER = "other", _("Other")

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="expenses")
    paid_by = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("paid by")
    )
    category = models.CharField(_("category"), max_length=16, choices=Category)
    yen = models.PositiveIntegerField(_("amount in yen"), validators=[MinValueValidator(1)])
    paid_on = models.DateField(_("paid on"))
    note = models.CharField(_("note"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["paid_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(yen__gte=1), name="expense_is_something")]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.yen}"


class Curriculum(models.Model):
    """What is taught: an entry of the catalogue, common to all or kept by one municipality."""

    class Kind(models.TextChoices):
        BASIC = "basic", _("Basic")
        APPLIED = "applied", _("Applied")
        SERIES = "series", _("Series")
        CONSULTATION = "consultation", _("Consultation")
        TRAINING = "training", _("Training of supporters")

    class Topic(models.TextChoices):
        FIRST = "first", _("First steps with a smartphone")
        TYPING = "typing", _("Typing and mail")
        MAPS = "maps", _("Maps and the internet")
        SOCIAL = "social", _("LINE and other social networks")
        SAFETY = "safety", _("Using it safely")
        CARD = "card", _("My Number card")
        PROCEDURES = "procedures", _("Procedures at the town hall")
        DISASTER = "disaster", _("Disaster preparedness")
        ANYTHING = "anything", _("Any question")
        TRAINING = "training", _("Training of supporters")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="curricula"
    )
    code = models.CharField(_("code"), max_length=8)
    title = models.CharField(_("title"), max_length=60)
    subtitle = models.CharField(_("subtitle"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    session_count = models.PositiveSmallIntegerField(_("number of sessions"), default=1)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=90)
    capacity = models.PositiveSmallIntegerField(_("usual capacity"), default=8)
    completion_needed = models.PositiveSmallIntegerField(
        _("sessions needed to complete it"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    audience = models.CharField(_("for whom"), max_length=80, blank=True)
    learn = models.TextField(_("what one learns, one line each"), blank=True)
    bring = models.TextField(_("what to bring, one line each"), blank=True)
    materials = models.CharField(_("materials"), max_length=80, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(municipality=None), name="common_curriculum_code"
            ),
            models.UniqueConstraint(fields=["municipality", "code"], name="own_curriculum_code"),
        ]

    def __str__(self) -> str:
        return self.title


class VenueQuerySet(models.QuerySet["Venue"]):
    def with_missing_facts(self) -> VenueQuerySet:
        """Venues of which something is not known that a visitor may need to know."""
        missing = Q(kana="") | Q(address="") | Q(access="") | Q(parking_spaces=None) | Q(capacity_is_assumed=True)
        for fact in Venue.FACTS:
            missing |= Q(**{fact: None})
        return self.filter(missing)


class Venue(models.Model):
    """A place where classes are held, with what a visitor must know before coming."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="venues")
    name = models.CharField(_("name"), max_length=60)
    kana = models.CharField(_("name in kana"), max_length=80, blank=True)
    room = models.CharField(_("room"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=8, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("capacity"), validators=[MinValueValidator(1)])
    capacity_is_assumed = models.BooleanField(
        default=False, help_text="Imported from a file that did not say; true until somebody saves the venue."
    )
    is_step_free = models.BooleanField(_("no steps at the entrance"), null=True, blank=True)
    has_wheelchair_toilet = models.BooleanField(_("toilet for wheelchairs"), null=True, blank=True)
    has_lift = models.BooleanField(_("lift, or on the ground floor"), null=True, blank=True)
    has_hearing_loop = models.BooleanField(_("hearing loop"), null=True, blank=True)
    has_wifi = models.BooleanField(_("Wi-Fi"), null=True, blank=True)
    has_transport = models.BooleanField(_("transport is arranged"), null=True, blank=True)
    parking_spaces = models.PositiveSmallIntegerField(_("parking spaces"), null=True, blank=True)
    access = models.TextField(_("how to come, one step a line"), blank=True)
    note = models.CharField(_("note for visitors"), max_length=120, blank=True)
    closed_weekdays: models.JSONField[list[int], list[int]] = models.JSONField(
        _("closed every"), default=list, blank=True, help_text="Monday is 0."
    )
    is_active = models.BooleanField(_("in use"), default=True)

    FACTS = (
        "is_step_free",
        "has_wheelchair_toilet",
        "has_lift",
        "has_hearing_loop",
        "has_wifi",
        "has_transport",
    )

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["municipality__code", "kana", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name", "room"], name="venue_once_per_town")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def missing_facts(self) -> list[str]:
        """The names of the fields that `with_missing_facts` looks at and that are not known."""
        texts = [name for name in ("kana", "address", "access") if not getattr(self, name)]
        if self.capacity_is_assumed:
            texts.append("capacity")
        return texts + [name for name in ("parking_spaces", *self.FACTS) if getattr(self, name) is None]

    @property
    def full_address(self) -> str:
        """The address with its town, which clerks write or leave out."""
        town = self.municipality
        if not self.address or self.address.startswith((town.name, town.prefecture or town.name)):
            return self.address
        return f"{town.name}{self.address}"


class ClosingDay(models.Model):
    """A day on which one venue of a town is closed, or all of them."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="closing_days")
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, null=True, blank=True, related_name="closing_days")
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=40)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "day"], condition=Q(venue=None), name="town_closes_once_a_day"
            ),
            models.UniqueConstraint(fields=["venue", "day"], name="venue_closes_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
