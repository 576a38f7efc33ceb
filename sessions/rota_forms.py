"""Forms of the staff rota: somebody for a session, and the hours of everybody after it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import HoursField
from accounts.models import Municipality
from sessions.models import ClassSession, StaffDuty


class DutyForm(forms.Form):
    town = forms.ModelChoiceField(Municipality.objects.none(), label=_("Town"), empty_label=None)
    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput({"list": "members", "autocomplete": "off"})
    )
    duty = forms.ChoiceField(label=_("Duty"), choices=StaffDuty.Duty)
    planned_hours = HoursField(label=_("Hours planned"), help_text=_("With preparation, for example 2.5."))

    def __init__(self, *args: Any, towns: Sequence[Municipality] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = towns
        self.fields["town"].choices = [(town.pk, town.name) for town in towns]  # type: ignore[attr-defined]  # a model choice
        self.fields["town"].queryset = Municipality.objects.filter(pk__in=[town.pk for town in towns])  # type: ignore[attr-defined]  # a model choice
        if len(towns) < 2:
            del self.fields["town"]

    @classmethod
    def for_session(cls, class_session: ClassSession, data: Any = None, **options: Any) -> "DutyForm":
        """An empty row below a session, with names of its own on the page."""
        length = class_session.ends_at - class_session.starts_at
        hours = Decimal(length.total_seconds()) / 3600
        initial = {"planned_hours": hours.quantize(Decimal("0.01")), "town": class_session.course.host_id}
        return cls(data, prefix=f"s{class_session.pk}", initial=initial, **options)

    @property
    def town_chosen(self) -> Municipality:
        """The town of a valid form: chosen, or the only one this member writes for."""
        chosen: Municipality = self.cleaned_data.get("town") or self.towns[0]
        return chosen


class HoursForm(forms.Form):
    """Recorded hours of the duties of one session. Beside each stands what the page showed: what was not
    touched is not written, whatever others have recorded meanwhile."""

    def __init__(self, *args: Any, duties: Sequence[StaffDuty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duties = duties
        for duty in duties:
            label = gettext("Hours recorded: %(name)s") % {"name": duty.name}
            self.fields[f"hours_{duty.pk}"] = HoursField(label=label, required=False, initial=duty.recorded_hours)
            self.fields[f"was_{duty.pk}"] = HoursField(
                required=False, initial=duty.recorded_hours, widget=forms.HiddenInput()
            )

    def pairs(self) -> Iterator[tuple[StaffDuty, BoundField, BoundField]]:
        return ((duty, self[f"hours_{duty.pk}"], self[f"was_{duty.pk}"]) for duty in self.duties)

    @property
    def touched(self) -> dict[StaffDuty, Decimal | None]:
        """The hours that were changed on the page."""
        cleaned = self.cleaned_data
        hours = {duty: cleaned[f"hours_{duty.pk}"] for duty in self.duties}
        return {duty: worked for duty, worked in hours.items() if worked != cleaned[f"was_{duty.pk}"]}
