"""Groups that ask for a class at their own place."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from programs.models import Curriculum, Program
from sessions.models.courses import Course


class OutreachRequestQuerySet(models.QuerySet["OutreachRequest"]):
    def visible_to(self, municipality: Municipality) -> OutreachRequestQuerySet:
        """The town's own requests, and those of the programmes it leads."""
        return self.filter(Q(municipality=municipality) | Q(program__lead=municipality))


class OutreachRequest(models.Model):
    """A group's wish for a class at its place, until it is planned as a course or declined."""

    class GroupKind(models.TextChoices):
        SENIORS = "seniors", _("Senior citizens' club")
        NEIGHBOURS = "neighbours", _("Neighbourhood association")
        SALON = "salon", _("Community salon")
        OTHER = "other", _("Other group")

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        PLANNED = "planned", _("Planned")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="outreach_requests")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", verbose_name=_("programme"))
    curriculum = models.ForeignKey(
        Curriculum, on_delete=models.PROTECT, related_name="+", verbose_name=_("curriculum")
    )
    group = models.CharField(_("name of the group"), max_length=60)
    group_kind = models.CharField(_("kind of group"), max_length=12, choices=GroupKind)
    contact_name = models.CharField(_("contact person"), max_length=40)
    contact_phone = models.CharField(_("telephone"), max_length=16, blank=True)
    people = models.PositiveSmallIntegerField(
        _("people expected"), validators=[MinValueValidator(1), MaxValueValidator(300)]
    )
    place = models.CharField(_("place"), max_length=80)
    wishes = models.CharField(_("days that suit the group"), max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    course = models.OneToOneField(
        Course, on_delete=models.SET_NULL, null=True, blank=True, related_name="outreach"
    )
    answer_note = models.CharField(_("note to the answer"), max_length=80, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OutreachRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.group

    @property
    def is_asked(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def can_be_withdrawn(self) -> bool:
        """Until the class has begun."""
        return self.is_asked or (self.is_planned and (self.course is None or not self.course.has_started))
