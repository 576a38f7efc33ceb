"""Forms about people: they read kana, telephone numbers and years of birth as people write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.japanese import read_birth_year
from accounts.numbers import PhoneNumber, read_number
from participants.kana import is_kana, normalise_kana
from participants.models import BY_HAND, Channel, Consent, Contact, Device, Need, Participant

BY_HAND_CHOICES = [(channel.value, channel.label) for channel in BY_HAND]


class PhoneField(forms.CharField):
    """A telephone number however it is written; cleans to `PhoneNumber`, or None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(**{"max_length": 80, "widget": widget, **kwargs})

    def clean(self, value: Any) -> PhoneNumber | None:
        text = super().clean(value)
        if not text:
            return None
        number = read_number(text)
        if not isinstance(number, PhoneNumber):
            raise forms.ValidationError(number.sentence)
        return number


class BirthYearField(forms.CharField):
    """A year of birth in any calendar; cleans to the western year, or None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, "widget": forms.TextInput(attrs={"autocomplete": "off"}), **kwargs})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        year = read_birth_year(text)
        if year is None:
            raise forms.ValidationError(_("Write the year of birth like Shōwa 16, S16 or 1941."))
        return year


class PersonForm(forms.Form):
    """What may be known of anybody; only the kana is needed."""

    kana = forms.CharField(
        label=_("Name in kana"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "ja"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "ja"}),
    )
    birth_year = BirthYearField(label=_("Year of birth"), required=False)
    device = forms.ChoiceField(
        label=_("Telephone in use"), choices=Device, widget=forms.RadioSelect, initial=Device.UNKNOWN
    )
    needs = forms.MultipleChoiceField(
        label=_("What we prepare"), choices=Need, required=False, widget=forms.CheckboxSelectMultiple
    )
    needs_note = forms.CharField(label=_("In words"), max_length=200, required=False)
    reach = forms.ChoiceField(
        label=_("How we tell them"),
        choices=Participant.Reach,
        widget=forms.RadioSelect,
        initial=Participant.Reach.CALL,
    )
    postal_code = forms.CharField(label=_("Postal code"), max_length=8, required=False)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)

    def clean_kana(self) -> str:
        kana: str = self.cleaned_data["kana"]
        if not is_kana(kana):
            raise forms.ValidationError(_("Write the name in kana."))
        return normalise_kana(kana)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("reach") == Participant.Reach.POSTCARD and not cleaned.get("address"):
            self.add_error("address", _("A postcard needs the address."))
        return cleaned


class ChangePersonForm(PersonForm):
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    @staticmethod
    def initial_of(person: Participant) -> dict[str, Any]:
        names = ("kana", "name", "birth_year", "device", "needs", "needs_note", "reach")
        return {name: getattr(person, name) for name in (*names, "postal_code", "address", "note")}


class NumberForm(forms.Form):
    phone = PhoneField(label=_("Telephone number"))
    relation = forms.ChoiceField(label=_("Whose number"), choices=Contact.Relation, initial=Contact.Relation.SELF)
    label = forms.CharField(label=_("Who answers"), max_length=20, required=False)
    takes_sms = forms.BooleanField(label=_("SMS arrives there"), required=False)


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=Consent.Purpose)
    given = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    channel = forms.ChoiceField(
        label=_("How they told us"), choices=BY_HAND_CHOICES, initial=Channel.PHONE, required=False
    )

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or Channel.PHONE
