"""Forms of the telephone desk: what was chosen, how the application came in, and who is new."""

import uuid
from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from accounts.numbers import PhoneNumber
from participants.forms import BY_HAND_CHOICES, PersonForm, PhoneField
from participants.models import Channel, Participant
from participants.people import Details
from programs.sharing import neighbours_of
from sessions.choosing import choosable
from sessions.models import ClassSession

ONE_KEY_EACH = 9
LONGEST_KEY = 18  # digits
CAN_OR_NOT = [("1", _("They can")), ("0", _("They cannot"))]


class PossibleKeys(forms.SelectMultiple):
    """Several keys; one too long for any row is left out before the database is asked."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = super().value_from_datadict(data, files, name) or []
        return [key for key in given if len(key) <= LONGEST_KEY]


class ChoiceForm(forms.Form):
    """What the clerk has typed and chosen so far; what does not fit counts as not chosen."""

    q = forms.CharField(required=False, max_length=80)
    c = forms.CharField(required=False, max_length=40)
    hand = forms.BooleanField(required=False)
    new = forms.BooleanField(required=False)
    writing = forms.BooleanField(required=False)
    person = forms.ModelChoiceField(Participant.objects.none(), required=False)
    also = forms.ModelMultipleChoiceField(Participant.objects.none(), required=False, widget=PossibleKeys)
    course = forms.IntegerField(required=False, min_value=1, max_value=10**LONGEST_KEY)
    slot = forms.ModelChoiceField(ClassSession.objects.none(), required=False)
    municipality = forms.ModelChoiceField(Municipality.objects.none(), required=False)

    def __init__(self, data: Any, *, town: Municipality) -> None:
        super().__init__(data)
        people = Participant.objects.of(town).select_related("municipality")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # stubs: Field
        self.fields["also"].queryset = people  # type: ignore[attr-defined]  # stubs: Field
        self.fields["slot"].queryset = ClassSession.objects.filter(  # type: ignore[attr-defined]  # stubs: Field
            course__in=choosable(town).order_by(), cancelled_at=None
        )
        self.fields["municipality"].queryset = neighbours_of(town)  # type: ignore[attr-defined]  # stubs: Field
        self.full_clean()

    def chosen(self, name: str) -> Any:
        return self.cleaned_data.get(name)


class ApplicationForm(forms.Form):
    """How the application came in; somebody who speaks for the person makes it one by proxy."""

    channel = forms.ChoiceField(
        label=_("How it came in"),
        choices=BY_HAND_CHOICES,
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
        required=False,
    )
    proxy = forms.CharField(label=_("Who speaks for them"), max_length=60, required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4()})

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        channel = Channel(cleaned.get("channel") or Channel.PHONE)
        if channel == Channel.PROXY and not cleaned.get("proxy"):
            self.add_error("proxy", _("Write down who speaks for them."))
        if channel == Channel.PHONE and cleaned.get("proxy"):
            channel = Channel.PROXY
        cleaned["channel"] = channel
        return cleaned


class NewPersonForm(PersonForm):
    """Somebody who is not written down yet, in the order of the conversation."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Town of residence"), widget=forms.RadioSelect, empty_label=None
    )
    phone = PhoneField(label=_("Telephone number"), required=False)
    takes_sms = forms.ChoiceField(label=_("Can they receive SMS?"), choices=CAN_OR_NOT, widget=forms.RadioSelect)
    agreed = forms.BooleanField(
        label=_("They agree to the use of their data, as read out"),
        error_messages={"required": _("Read the sentence on the use of data and ask whether they agree.")},
    )
    field_order = (
        "kana",
        "name",
        "municipality",
        "device",
        "birth_year",
        "phone",
        "takes_sms",
        "reach",
        "postal_code",
        "address",
        "needs",
        "needs_note",
        "agreed",
    )

    def __init__(
        self, data: Any = None, *, town: Municipality, phone: PhoneNumber | None = None, kana: str = ""
    ) -> None:
        texts = phone is None or phone.can_sms
        super().__init__(
            data,
            initial={
                "kana": kana,
                "municipality": town.pk,
                "phone": phone.national if phone else "",
                "takes_sms": "1" if texts else "0",
                "reach": Participant.Reach.SMS if texts else Participant.Reach.CALL,
            },
        )
        own_first = Case(When(pk=town.pk, then=0), default=1)
        towns = neighbours_of(town).order_by(own_first, "code")
        self.fields["municipality"].queryset = towns  # type: ignore[attr-defined]  # stubs: Field
        if towns.count() > ONE_KEY_EACH:
            self.fields["municipality"].widget = forms.Select(
                attrs={"form": "register"},
                choices=self.fields["municipality"].choices,  # type: ignore[attr-defined]  # stubs: Field
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "phone" not in cleaned:
            return cleaned
        phone = cleaned["phone"]
        takes_sms = phone is not None and phone.can_sms and cleaned.get("takes_sms") != "0"
        if phone is None and not cleaned.get("address"):
            self.add_error("phone", _("Write down a telephone number, or the address for postcards."))
        elif cleaned.get("reach") == Participant.Reach.SMS and not takes_sms:
            self.add_error("reach", _("SMS does not arrive at this number. Choose a call or a postcard."))
        return cleaned

    @property
    def details(self) -> Details:
        cleaned = self.cleaned_data
        return Details(
            kana=cleaned["kana"],
            municipality=cleaned["municipality"],
            name=cleaned["name"],
            phone=cleaned["phone"],
            takes_sms=cleaned["takes_sms"] == "1",
            birth_year=cleaned["birth_year"],
            device=cleaned["device"],
            needs=cleaned["needs"],
            needs_note=cleaned["needs_note"],
            reach=cleaned["reach"],
            postal_code=cleaned["postal_code"],
            address=cleaned["address"],
        )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason, if they say one"), max_length=60, required=False)
