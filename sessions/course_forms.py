"""Reasons for ending something: chosen from a list, since the record holds no free text about people."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


class CancelReason(models.TextChoices):
    """Why somebody gives up a seat or a place in line."""

    UNWELL = "unwell", _("Not feeling well")
    PLANS = "plans", _("Has other plans")
    TRANSPORT = "transport", _("Cannot come to the venue")
    MISTAKE = "mistake", _("Entered by mistake")
    OTHER = "other", _("Another reason")


class CancelForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=CancelReason, widget=forms.RadioSelect)


class CallOffForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=60,
        help_text=_("It is shown on the class page. Write no names."),
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
    )
