"""What visitors fill in: the filter of the list and the application to a class."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.japanese import date_label, period_label
from accounts.models import Municipality
from accounts.numbers import PhoneNumber, read_number
from participants.kana import is_kana, kana_key, normalise_kana
from participants.models import Need, Participant
from participants.people import Details
from programs.models import Curriculum
from programs.sharing import ordered_towns
from sessions.listing import held, slots_to_come
from sessions.models import ClassSession, Course
from sessions.occupancy import slots_of
from sessions.refusals import Code
from sessions.web_registration import Application, Written

Reach = Participant.Reach
DEVICES = ("iphone", "android", "feature", "tablet", "none", "unknown")
FAR_OFF = timedelta(days=3 * 366)
POSTAL_CODE = re.compile(r"[0-9]{7}")


class FilterForm(forms.Form):
    """Which classes to list; every choice may be left open."""

    town = forms.ChoiceField(
        label=gettext_lazy("The town you live in"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This town is not in the list. Please choose one.")},
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("What you would like to learn"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This topic is not in the list. Please choose one.")},
    )
    start_on = forms.DateField(
        label=gettext_lazy("From which day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Please write the day like 2026-12-04.")},
    )

    def __init__(self, *args: Any, towns: Iterable[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = {town.code: town for town in towns}
        topics = [choice for choice in Curriculum.Topic.choices if choice[0] != Curriculum.Topic.TRAINING]
        choice_field(self, "town").choices = [
            ("", _("All towns")),
            *((t.code, t.name) for t in self.towns.values()),
        ]
        choice_field(self, "topic").choices = [("", _("All topics")), *topics]

    def clean_start_on(self) -> date | None:
        day: date | None = self.cleaned_data["start_on"]
        if day is not None and abs(day - timezone.localdate()) > FAR_OFF:
            raise ValidationError(_("Please choose a day within three years of today."))
        return day

    @property
    def chosen_town(self) -> Municipality | None:
        return self.towns.get(self.cleaned_data.get("town", ""))


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
    return field


class ApplicationForm(forms.Form):
    """What one is asked to take part: only what the class needs."""

    slot = forms.ChoiceField(
        label=gettext_lazy("The time you would like"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose a time of the consultation day."),
            "invalid_choice": Code.SLOT_TAKEN.label,
        },
    )
    kana = forms.CharField(
        label=gettext_lazy("Your name in kana"),
        help_text=gettext_lazy("Hiragana is fine too. For example: Shibukawa Hanako"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "section-jp name"}),
        error_messages={
            "required": gettext_lazy("Please write your name in kana."),
            "max_length": gettext_lazy("This name is too long. Please write it in 60 letters or fewer."),
        },
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        help_text=gettext_lazy("A house telephone or a mobile, either is fine."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Please write a telephone number.")},
    )
    town = forms.ChoiceField(
        label=gettext_lazy("Where you live"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose the town you live in."),
            "invalid_choice": Code.OTHER_TOWN.label,
        },
    )
    second_kana = forms.CharField(
        label=gettext_lazy("If two of you apply: the other person's name in kana"),
        help_text=gettext_lazy(
            "Somebody who lives in the same town. You get two seats together, or wait together. "
            "Leave it empty if you come alone."
        ),
        required=False,
        max_length=60,
        error_messages={
            "max_length": gettext_lazy("This name is too long. Please write it in 60 letters or fewer.")
        },
    )
    device = forms.ChoiceField(
        label=gettext_lazy("The telephone you use now"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose the one that is nearest. “I don't know” is fine too."),
            "invalid_choice": gettext_lazy("Please choose the one that is nearest. “I don't know” is fine too."),
        },
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What we should prepare"),
        help_text=gettext_lazy("Choose whatever applies. We do not ask for reasons."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Please choose from the list.")},
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("How we remind you before the class"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose how we should tell you."),
            "invalid_choice": gettext_lazy("Please choose how we should tell you."),
        },
    )
    postal_code = forms.CharField(
        label=gettext_lazy("Postal code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
        error_messages={"max_length": gettext_lazy("A postal code has seven digits.")},
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={
            "max_length": gettext_lazy("This address is too long. Please write it in 120 letters or fewer.")
        },
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I have understood"),
        error_messages={"required": gettext_lazy("Please read this and choose “I have understood”.")},
    )

    def __init__(
        self,
        *args: Any,
        towns: Sequence[Municipality],
        slots: Sequence[ClassSession] | None,
        has_transport: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.towns = {str(town.pk): town for town in towns}
        self.slots = {str(slot.pk): slot for slot in slots or ()}
        choice_field(self, "town").choices = [(key, town.name) for key, town in self.towns.items()]
        choice_field(self, "device").choices = [(code, device_words(code)) for code in DEVICES]
        choice_field(self, "reach").choices = [(code, reach_words(code)) for code in Reach.values]
        choice_field(self, "needs").choices = [
            choice for choice in Need.choices if has_transport or choice[0] != Need.TRANSPORT
        ]
        if slots is None:
            del self.fields["slot"]
        else:
            choice_field(self, "slot").choices = [(key, slot_words(slot)) for key, slot in self.slots.items()]
            del self.fields["second_kana"]

    def clean_kana(self) -> str:
        return read_kana(self.cleaned_data["kana"])

    def clean_second_kana(self) -> str:
        text = self.cleaned_data["second_kana"]
        return read_kana(text) if text else ""

    def clean_phone(self) -> PhoneNumber:
        number = read_number(self.cleaned_data["phone"])
        if not isinstance(number, PhoneNumber):
            raise ValidationError(number.sentence)
        return number

    def clean_postal_code(self) -> str:
        plain = unicodedata.normalize("NFKC", self.cleaned_data["postal_code"])
        digits = re.sub(r"[^0-9]", "", plain)
        if plain and not POSTAL_CODE.fullmatch(digits):
            raise ValidationError(_("A postal code has seven digits."))
        return f"{digits[:3]}-{digits[3:]}" if digits else ""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        phone, reach = data.get("phone"), data.get("reach")
        if reach == Reach.SMS and phone and not phone.can_sms:
            self.add_error(
                "reach",
                _("SMS reaches mobiles only. Please choose a call or a postcard, or write a mobile number."),
            )
        if reach == Reach.POSTCARD and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("Please write the address the postcard should go to."))
        kana, second = data.get("kana"), data.get("second_kana")
        if kana and second and kana_key(kana) == kana_key(second):
            self.add_error(
                "second_kana", _("This is the same name as the first. Please write the other person's.")
            )
        return data

    @property
    def application(self) -> Application:
        """What was filled in. An address is kept only for those who want a postcard."""
        data = self.cleaned_data
        by_postcard = data["reach"] == Reach.POSTCARD
        details = Details(
            kana=data["kana"],
            municipality=self.towns[data["town"]],
            phone=data["phone"],
            takes_sms=True if data["reach"] == Reach.SMS else None,
            device=data["device"],
            needs=data["needs"],
            reach=data["reach"],
            postal_code=data["postal_code"] if by_postcard else "",
            address=data["address"] if by_postcard else "",
        )
        return Application(details, data.get("second_kana", ""), self.slots.get(data.get("slot", "")))

    @property
    def error_title(self) -> str:
        return _("Please tell us once more: %(count)s") % {"count": len(self.errors)} if self.errors else ""

    @property
    def written(self) -> Written:
        """The fields as they were typed, to be shown again."""
        typed = self.data
        assert isinstance(typed, QueryDict)  # noqa: S101  for the type checker: bound to a request or a draft
        return {name: typed.getlist(name) for name in self.fields if name in typed}


def application_form(course: Course, *, town_code: str = "", data: QueryDict | None = None) -> ApplicationForm:
    """The form for a course, empty or with what was written; the town in which a visitor lives is chosen."""
    towns = [town for town in ordered_towns(course.program) if town.has_residents]
    here = [town for town in towns if len(towns) == 1 or (town.code and town.code == town_code)]
    return ApplicationForm(
        data,
        towns=towns,
        slots=free_slots(course) if course.by_slot else None,
        has_transport=any(row.venue.has_transport for row in held(course)),
        initial={"town": str(here[0].pk)} if here else {},
    )


def free_slots(course: Course) -> list[ClassSession]:
    slots = slots_to_come(course)
    seats = slots_of(slots)
    return [slot for slot in slots if seats[slot.pk].free]


def as_data(written: Written) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in written.items():
        data.setlist(name, values)
    return data


def read_kana(text: str) -> str:
    if not is_kana(text):
        raise ValidationError(_("Please write the name in kana, without Chinese characters, letters or digits."))
    return normalise_kana(text)


def device_words(code: str) -> str | SafeString:
    words = {
        "iphone": (_("Smartphone"), _("iPhone")),
        "android": (_("Smartphone"), _("Android or an easy one")),
        "feature": (_("Folding mobile"), _("with keys")),
        "tablet": (_("Tablet"), _("a large plate")),
        "none": (_("I have none"), ""),
        "unknown": (_("I don't know"), ""),
    }
    return with_small(*words[code])


def reach_words(code: str) -> str | SafeString:
    words = {
        "sms": (_("SMS (short text)"), _("It carries no links. You can stop it at any time.")),
        "call": (_("A telephone call"), ""),
        "postcard": (_("Postcard"), _("Please write your address below.")),
    }
    return with_small(*words[code])


def with_small(text: str, small: str) -> str | SafeString:
    return format_html("{}<small>{}</small>", text, small) if small else text


def slot_words(slot: ClassSession) -> str:
    return f"{date_label(slot.starts_at)} {period_label(slot.starts_at, slot.ends_at)}"
