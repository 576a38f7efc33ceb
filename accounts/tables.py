"""The audit list: its columns and the choices above it."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.acts import THINGS, act_label
from accounts.japanese import long_date_label
from accounts.models import AuditEntry, User


class AuditTable(tables.Table):
    at = tables.Column(verbose_name=_("When"), orderable=False, attrs={"td": {"class": "nw"}})
    by = tables.Column(verbose_name=_("Who"), orderable=False, empty_values=())
    act = tables.Column(verbose_name=_("What"), orderable=False)
    subject_id = tables.Column(verbose_name=_("Number"), orderable=False, default="")

    caption = _("What was done and looked at")
    row_header = "at"
    empty_text = _("There is nothing on record for this choice.")

    class Meta:
        fields = ("at", "by", "act", "subject_id")

    def render_at(self, record: AuditEntry) -> str:
        moment = timezone.localtime(record.at)
        return f"{long_date_label(moment)} {moment:%H:%M}"

    def render_by(self, record: AuditEntry) -> str:
        return str(record.by) if record.by else str(_("Resident or Engawa itself"))

    def render_act(self, value: str) -> str:
        return act_label(value)


def members_of(request: HttpRequest | None) -> QuerySet[User]:
    membership = getattr(request, "membership", None)
    if membership is None:
        return User.objects.none()
    return User.objects.filter(memberships__municipality=membership.municipality).order_by("name", "pk")


class AuditFilter(django_filters.FilterSet):
    thing = django_filters.ChoiceFilter(
        label=_("What"), choices=sorted(THINGS.items()), method="by_thing", empty_label=_("Everything")
    )
    by = django_filters.ModelChoiceFilter(label=_("Who"), queryset=members_of, empty_label=_("Everybody"))
    day = django_filters.DateFilter(
        label=_("Day"), field_name="at", lookup_expr="date", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_thing(self, entries: QuerySet[AuditEntry], _name: str, thing: str) -> QuerySet[AuditEntry]:
        return entries.filter(act__startswith=f"{thing}.")
