"""Reasons for ending something. About a person they are chosen from a list: the record holds no free text."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models import BY_HAND, Channel


class CancelReason(models.TextChoices):
    """Why somebody gives up a seat or a place in line."""

    UNWELL = "unwell", _("Not feeling well")
    PLANS = "plans", _("Has other plans")
    TRANSPORT = "transport", _("Cannot come to the venue")
    MISTAKE = "mistake", _("Entered by mistake")
    OTHER = "other", _("Another reason")


class CancelForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=CancelReason, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=_("How they told us"), choices=[(way.value, way.label) for way in BY_HAND], initial=Channel.PHONE
    )


class CallOffForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=60,
        help_text=_("Staff of all the towns see it. Write no names."),
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
    )
