"""Municipalities, the people who work for them, and the record of what they did."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def towns(self) -> MunicipalityQuerySet:
        """Bodies that have residents: cities, towns and villages."""
        return self.filter(kind=Municipality.Kind.MUNICIPALITY)

    def staffed_by(self, user: User) -> MunicipalityQuerySet:
        return self.filter(memberships__user=user)


class Municipality(models.Model):
    """A town, or another body that takes part in the same way (prefecture, council, NPO, carrier)."""

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture", _("Prefecture")
        MUNICIPALITY = "municipality", _("Municipality")
        WARD = "ward", _("Ward")
        COUNCIL = "council", _("Council")
        NPO = "npo", _("Non-profit organisation")
        CARRIER = "carrier", _("Telephone company")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.MUNICIPALITY)
    code = models.CharField(
        max_length=6, blank=True, help_text="Six digits with check digit, as text; empty for other bodies."
    )
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=120, blank=True)
    prefecture = models.CharField(max_length=10, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="wards")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_on = models.DateField(_("population as of"), null=True, blank=True)
    website = models.URLField(blank=True)
    office = models.CharField(_("office"), max_length=60, blank=True)
    phone = models.CharField(_("telephone number for residents"), max_length=16, blank=True)
    hours = models.CharField(_("hours"), max_length=60, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["code", "name"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="municipality_code_unique")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def letter(self) -> str:
        """The first character of the name: it stands beside the town's colour, which never stands alone."""
        return self.name[:1]

    @property
    def has_residents(self) -> bool:
        return self.kind == self.Kind.MUNICIPALITY

    @property
    def knows_population(self) -> bool:
        return bool(self.population) and self.population_on is not None


class User(AbstractUser):
    """Somebody who signs in: staff by user name and password. Residents never need an account."""

    name = models.CharField(_("name"), max_length=60, blank=True)

    objects: ClassVar[UserManager[Self]] = UserManager()

    def __str__(self) -> str:
        return self.name or self.username


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    DESK = "desk", _("Reception desk")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """The role of a user in one municipality."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.VIEWER)

    class Meta:
        ordering = ["municipality__code", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "municipality"], name="one_role_per_user_and_town")]

    def __str__(self) -> str:
        return f"{self.user} {self.municipality} {self.get_role_display()}"

    @property
    def can_see_people(self) -> bool:
        """Residents' names are for towns; a prefecture or council sees counts."""
        return self.municipality.has_residents

    @property
    def can_register(self) -> bool:
        return self.can_see_people and self.role != Role.VIEWER

    @property
    def can_coordinate(self) -> bool:
        return self.role in {Role.ADMIN, Role.COORDINATOR}

    @property
    def can_export(self) -> bool:
        return self.can_see_people and self.can_coordinate

    @property
    def can_administer(self) -> bool:
        return self.role == Role.ADMIN


class AuditEntry(models.Model):
    """One act or one look at personal data: who, when, what, by which way in. Holds no names or numbers."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    act = models.CharField(max_length=60)
    channel = models.CharField(max_length=12, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"
