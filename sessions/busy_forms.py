"""The form that takes a calendar file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 1024 * 1024


class BusyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the calendar"),
        max_length=60,
        help_text=_(
            "For example: bookings of the hall. A file of the same name takes the place of the earlier one."
        ),
    )
    file = forms.FileField(
        label=_("Calendar file (.ics)"),
        help_text=_("Only the times are kept, not what stands in it. 1 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_file(self) -> Any:
        """Looked at before a byte of it is read."""
        file = self.cleaned_data["file"]
        if file.size is None or file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Please export a shorter period."))
        return file

    @property
    def written(self) -> bytes:
        return bytes(self.cleaned_data["file"].read())
