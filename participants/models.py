"""People who come to classes, and the telephones they can be reached on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User


class Channel(models.TextChoices):
    """By which way something reached us."""

    PHONE = "phone", _("Telephone")
    COUNTER = "counter", _("Counter")
    POSTCARD = "postcard", _("Postcard")
    FAX = "fax", _("Fax")
    PROXY = "proxy", _("Somebody else for them")
    WEB = "web", _("Web")
    SMS = "sms", _("SMS")
    VOICE = "voice", _("Voice menu")
    SYSTEM = "system", _("Engawa itself")


BY_HAND = (Channel.PHONE, Channel.COUNTER, Channel.POSTCARD, Channel.FAX, Channel.PROXY)


class Device(models.TextChoices):
    IPHONE = "iphone", _("iPhone")
    ANDROID = "android", _("Android")
    SIMPLE = "simple", _("Easy smartphone")
    FEATURE = "feature", _("Folding mobile phone")
    TABLET = "tablet", _("Tablet")
    NONE = "none", _("Has none")
    UNKNOWN = "unknown", _("Does not know")


class Need(models.TextChoices):
    """What we prepare for somebody. The reason is never asked."""

    FRONT_SEAT = "front_seat", _("A seat at the front")
    LARGE_PRINT = "large_print", _("Large print")
    WRITING = "writing", _("Conversation in writing")
    SIGN = "sign", _("Sign language interpreter")
    WHEELCHAIR = "wheelchair", _("A place for a wheelchair")
    COMPANION = "companion", _("A seat for a companion")
    LOAN = "loan", _("A smartphone on loan")
    TRANSPORT = "transport", _("Transport to the class")


class AgeBand(models.TextChoices):
    UNDER_65 = "-64", _("Under 65")
    FROM_65 = "65-69", _("65 to 69")
    FROM_70 = "70-74", _("70 to 74")
    FROM_75 = "75-79", _("75 to 79")
    FROM_80 = "80-84", _("80 to 84")
    FROM_85 = "85-", _("85 and over")
    UNKNOWN = "", _("Not asked")


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def of(self, municipality: Municipality) -> ParticipantQuerySet:
        """Residents of one town: nobody else's staff may open them."""
        return self.filter(municipality=municipality)

    def with_numbers(self) -> ParticipantQuerySet:
        return self.prefetch_related(models.Prefetch("contacts", Contact.objects.select_related("contact_point")))


class Participant(models.Model):
    """A resident. A telephone number is not an identity: several people share one (ContactPoint)."""

    class Reach(models.TextChoices):
        SMS = "sms", _("SMS")
        CALL = "call", _("A telephone call")
        POSTCARD = "postcard", _("Postcard")

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="participants",
        verbose_name=_("town of residence"),
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    kana = models.CharField(_("name in kana"), max_length=60)
    kana_key = models.CharField(max_length=60, db_index=True, editable=False)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    device = models.CharField(_("telephone in use"), max_length=12, choices=Device, default=Device.UNKNOWN)
    needs: models.JSONField[list[str], list[str]] = models.JSONField(
        _("what we prepare"), default=list, blank=True
    )
    needs_note = models.CharField(_("what we prepare, in words"), max_length=200, blank=True)
    reach = models.CharField(_("how we tell them"), max_length=12, choices=Reach, default=Reach.CALL)
    postal_code = models.CharField(_("postal code"), max_length=8, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_channel = models.CharField(max_length=12, choices=Channel, default=Channel.PHONE)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["kana", "pk"]
        indexes = [models.Index(fields=["municipality", "kana_key"], name="participant_by_town_kana")]

    def __str__(self) -> str:
        return self.name or self.kana

    def get_absolute_url(self) -> str:
        return reverse("participants:person", args=[self.pk])

    @property
    def family_kana(self) -> str:
        return self.kana.split(" ")[0]

    @property
    def needs_labels(self) -> list[str]:
        return [str(Need(code).label) for code in self.needs if code in Need.values]

    def age_band_in(self, year: int) -> str:
        """The band of the age they reach in `year`; `AgeBand.UNKNOWN` when the year of birth was not asked."""
        if self.birth_year is None:
            return AgeBand.UNKNOWN
        age = year - self.birth_year
        for limit, band in ((65, AgeBand.UNDER_65), (70, AgeBand.FROM_65), (75, AgeBand.FROM_70)):
            if age < limit:
                return band
        return AgeBand.FROM_75 if age < 80 else AgeBand.FROM_80 if age < 85 else AgeBand.FROM_85


class ContactPoint(models.Model):
    """A telephone number, shared by everybody who can be reached on it."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("Mobile")
        LANDLINE = "landline", _("Landline")
        VOIP = "voip", _("Internet telephone")

    number = models.CharField(max_length=16, unique=True, help_text="E.164")
    kind = models.CharField(max_length=8, choices=Kind)
    takes_sms = models.BooleanField(help_text="Asked aloud; a landline never does.")
    people = models.ManyToManyField(Participant, through="Contact", related_name="contact_points")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Contact(models.Model):
    """One person on one number, and what the number is to them."""

    class Relation(models.TextChoices):
        SELF = "self", _("Own number")
        FAMILY = "family", _("Family")
        EMERGENCY = "emergency", _("Emergency only")
        FACILITY = "facility", _("Facility")

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="contacts")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="contacts")
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.SELF)
    label = models.CharField(_("whose number"), max_length=20, blank=True)
    as_entered = models.CharField(max_length=60)
    is_primary = models.BooleanField(default=True)

    class Meta:
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "contact_point"], name="one_contact_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.relation}"


class Consent(models.Model):
    """What somebody agreed to: who, when, how, what. A later row of the same purpose replaces an earlier one."""

    class Purpose(models.TextChoices):
        USE = "use", _("Use for this class")
        SHARING = "sharing", _("Sharing with the partner towns")
        SMS = "sms", _("Notices by SMS")

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    given = models.BooleanField()
    wording = models.CharField(max_length=40, help_text="Which text was read or shown.")
    channel = models.CharField(max_length=12, choices=Channel)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["participant", "purpose", "-id"], name="consent_latest")]
        constraints = [
            models.CheckConstraint(condition=~Q(wording=""), name="consent_names_its_wording"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given}"
