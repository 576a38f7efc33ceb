"""Forms for the closing days of a town."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from programs.closing import Span
from programs.models import ClosingDay, Venue

AHEAD = 3


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class ClosingForm(forms.Form):
    first = day_field(_("First closing day"))
    last = day_field(_("Last closing day"), required=False, help_text=_("Empty: the one day only."))
    reason = forms.CharField(
        label=_("Reason"), max_length=40, help_text=_("For example New Year holidays, or polling station.")
    )
    venue = forms.ModelChoiceField(
        Venue.objects.none(), label=_("Venue"), required=False, empty_label=_("All venues of the town")
    )

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.venues = town.venues.filter(is_active=True)
        self.fields["venue"].queryset = self.venues  # type: ignore[attr-defined]  # a model choice
        self.fields["venue"].label_from_instance = venue_name  # type: ignore[attr-defined]  # a model choice

    def clean_first(self) -> Any:
        return self.near("first")

    def clean_last(self) -> Any:
        return self.near("last")

    def near(self, name: str) -> Any:
        day = self.cleaned_data[name]
        today = timezone.localdate()
        if day is not None and not (today <= day and day.year <= today.year + AHEAD):
            raise forms.ValidationError(_("Please give a day from today on, at most three years ahead."))
        return day

    @property
    def span(self) -> Span:
        """What a valid form says."""
        cleaned = self.cleaned_data
        return Span(
            cleaned["first"], cleaned["last"] or cleaned["first"], cleaned["reason"], venue=cleaned["venue"]
        )

    @property
    def weekly(self) -> list[tuple[Venue, list[str]]]:
        """Venues that are closed on the same days every week, with the names of the days."""
        closed = [venue for venue in self.venues if venue.closed_weekdays]
        return [(venue, [str(WEEKDAYS[day]) for day in venue.closed_weekdays]) for venue in closed]


class RemovalForm(forms.Form):
    days = forms.ModelMultipleChoiceField(ClosingDay.objects.none())

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].queryset = town.closing_days.all()  # type: ignore[attr-defined]  # a model choice


def venue_name(venue: Any) -> str:
    return f"{venue.name} {venue.room}" if venue.room else str(venue.name)
