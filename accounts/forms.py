"""Forms of the settings pages. They clean and name; the verbs of `members` and `offices` write."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import WholeField
from accounts.models import Municipality, Role, User
from accounts.numbers import NumberProblem, read_number
from accounts.phone_format import format_number


class OfficeForm(forms.Form):
    office = forms.CharField(label=_("Office"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Telephone number for residents"),
        max_length=80,
        required=False,
        help_text=_("It stands on every class page and leaflet."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    hours = forms.CharField(
        label=_("Hours"), max_length=60, required=False, help_text=_("For example: weekdays 9:00 to 17:00")
    )

    @classmethod
    def of(cls, municipality: Municipality) -> "OfficeForm":
        return cls(
            initial={
                "office": municipality.office,
                "phone": format_number(municipality.phone),
                "hours": municipality.hours,
            }
        )

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"].strip()
        if not text:
            return ""
        number = read_number(text)
        if isinstance(number, NumberProblem):
            raise forms.ValidationError(number.sentence)
        return number.e164


class PopulationForm(forms.Form):
    population = WholeField(label=_("Population"), least=1, most=20_000_000, required=False)
    population_on = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    @classmethod
    def of(cls, municipality: Municipality) -> "PopulationForm":
        names = ("population", "population_on")
        return cls(initial={name: getattr(municipality, name) for name in names})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        population, day = cleaned.get("population"), cleaned.get("population_on")
        if day is not None and day > timezone.localdate():
            self.add_error("population_on", _("The day must not lie in the future."))
        elif population is not None and day is None and "population_on" not in self.errors:
            self.add_error("population_on", _("Please give the day the figure is of."))
        elif day is not None and population is None and "population" not in self.errors:
            self.add_error("population", _("Please give the figure, or leave both empty."))
        return cleaned


def password_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("First password"),
        max_length=128,
        strip=False,
        help_text=_("Ten characters or more. Hand it over yourself; the person changes it after signing in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        **options,
    )


class MemberForm(forms.Form):
    username = forms.CharField(
        label=_("User ID"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Of somebody who works for another town already: the same ID as there."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.VIEWER)
    password = password_field(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        username = cleaned.get("username")
        if username is None or User.objects.filter(username__iexact=username).exists():
            return cleaned
        if not cleaned.get("name"):
            self.add_error("name", _("Enter the name of a new member."))
        try:
            validate_password(cleaned.get("password") or "", User(username=username, name=cleaned.get("name", "")))
        except forms.ValidationError as error:
            self.add_error("password", error)
        return cleaned


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role)


class PasswordForm(forms.Form):
    password = password_field()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
