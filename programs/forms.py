"""Forms of programmes, curricula and venues. They clean and name; `keeping` and `sharing` write."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.fields import WholeField
from accounts.japanese import fiscal_year, fiscal_year_label
from accounts.models import Municipality
from accounts.numbers import NumberProblem, read_number
from accounts.phone_format import format_number
from accounts.postal import read_postal_code
from messaging.models import Line
from participants.kana import is_kana, normalise_kana
from programs.expenses import Payment, Problem
from programs.models import Curriculum, DrawPriority, Expense, Program, Venue
from programs.sharing import bodies_of

MOST_REMINDERS = 4
EARLIEST_REMINDER = 30
LARGEST_VENUE = 5000
YES_NO = [("unknown", _("Not known yet")), ("true", _("Yes")), ("false", _("No"))]


class ProgramForm(forms.ModelForm):  # type: ignore[type-arg]  # forms cannot be subscripted at run time
    fiscal_year = forms.TypedChoiceField(label=_("Fiscal year"), coerce=int)
    reminder_days = forms.CharField(
        label=_("Reminders, days before the class"),
        required=False,
        max_length=40,
        help_text=_("For example 7,1: a week before and the day before. Empty: no reminders."),
    )
    draw_priorities = forms.MultipleChoiceField(
        label=_("Drawn before others in a lottery"),
        choices=DrawPriority,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The first counts most. Of people who come together the one with the most counts for all."),
    )

    class Meta:
        model = Program
        fields = (
            "name",
            "fiscal_year",
            "line",
            "allocation",
            "draw_priorities",
            "couple_policy",
            "offer_hours",
            "reminder_days",
            "helper_ratio",
            "cost_share",
        )
        widgets = {"couple_policy": forms.RadioSelect}
        help_texts = {
            "offer_hours": _("Hours from 9 to 18 o'clock, Monday to Saturday; Sundays and holidays do not count."),
        }

    def __init__(self, *args: Any, lead: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.lead = lead
        this_year = fiscal_year(timezone.localdate())
        years = {*range(this_year - 1, this_year + 3), self.instance.fiscal_year or this_year}
        choices = [(year, fiscal_year_label(year)) for year in sorted(years)]
        self.fields["fiscal_year"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.initial["fiscal_year"] = self.instance.fiscal_year or this_year
        self.initial["reminder_days"] = ",".join(map(str, self.instance.reminder_days))
        lines = Line.objects.filter(Q(is_default=True) | Q(municipalities=lead)).distinct()
        self.fields["line"].empty_label = _("The common line")  # type: ignore[attr-defined]  # a model choice field
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]  # a model choice field

    def clean_draw_priorities(self) -> list[str]:
        chosen = self.cleaned_data["draw_priorities"]
        return [value for value in DrawPriority.values if value in chosen]

    def clean_reminder_days(self) -> list[int]:
        text = unicodedata.normalize("NFKC", self.cleaned_data["reminder_days"]).strip()
        words = [word for word in re.split(r"[,、，\s]+", text) if word]
        if not all(word.isascii() and word.isdigit() and len(word) < 3 for word in words):
            raise forms.ValidationError(_("Write the days as numbers with commas, for example 7,1."))
        days = sorted({int(word) for word in words}, reverse=True)
        if len(days) > MOST_REMINDERS or any(not 1 <= day <= EARLIEST_REMINDER for day in days):
            raise forms.ValidationError(_("Up to four reminders, from 1 to 30 days before the class."))
        return days

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        same = Program.objects.filter(
            lead=self.instance.lead, fiscal_year=cleaned.get("fiscal_year") or 0, name=cleaned.get("name", "")
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is a programme of this name in the same fiscal year."))
        return cleaned


class InviteForm(forms.Form):
    town = forms.CharField(
        label=_("Town or organisation to invite"),
        max_length=60,
        help_text=_("Its name, or its six-digit code."),
        widget=forms.TextInput(attrs={"list": "towns", "autocomplete": "off"}),
    )

    def clean_town(self) -> Municipality:
        name = unicodedata.normalize("NFKC", self.cleaned_data["town"]).strip()
        named = Q(name=name) | Q(code=name) if name else Q(pk=None)
        if len(name) > 2:
            named |= Q(prefecture=name[:3], name=name[3:]) | Q(prefecture=name[:4], name=name[4:])
        found = list(Municipality.objects.filter(named)[:2])
        if not found:
            raise forms.ValidationError(_("There is no town or organisation of this name."))
        if len(found) > 1:
            raise forms.ValidationError(_("There are several of this name. Write its prefecture before it."))
        return found[0]


class ExpenseForm(forms.Form):
    """One payment. The lead says which town paid; to every other town it is its own."""

    paid_by = forms.ModelChoiceField(Municipality.objects.none(), label=_("Paid by"), empty_label=None)
    category = forms.ChoiceField(label=_("Category"), choices=Expense.Category)
    yen = WholeField(label=_("Amount in yen"), least=1, most=100_000_000)
    paid_on = forms.DateField(label=_("Paid on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label=_("Memo"), max_length=80, required=False, help_text=_("Write no names."))

    def __init__(
        self, *args: Any, program: Program, town: Municipality, expense: Expense | None = None, **kwargs: Any
    ) -> None:
        if expense is not None:
            names = ("category", "yen", "paid_on", "note")
            kwargs["initial"] = {name: getattr(expense, name) for name in names} | {"paid_by": expense.paid_by_id}
        super().__init__(*args, **kwargs)
        self.town = town
        bodies = [body.pk for body in bodies_of(program)] if program.is_led_by(town) else [town.pk]
        self.fields["paid_by"].queryset = Municipality.objects.filter(pk__in=bodies)  # type: ignore[attr-defined]  # a model choice
        self.initial.setdefault("paid_by", town.pk)
        self.initial.setdefault("paid_on", timezone.localdate())
        if not program.is_led_by(town):
            del self.fields["paid_by"]

    @property
    def payment(self) -> Payment:
        """What a valid form says."""
        return Payment(**{"paid_by": self.town, **self.cleaned_data})

    def refuse(self, problem: Problem) -> None:
        """The sentence stands beside the field that it is about."""
        places = {Problem.BODY: "paid_by", Problem.YEAR: "paid_on", Problem.YEN: "yen", Problem.SAME: "note"}
        name = places.get(problem, "")
        self.add_error(name if name in self.fields else None, str(problem.label))


class CurriculumForm(forms.ModelForm):  # type: ignore[type-arg]  # forms cannot be subscripted at run time
    class Meta:
        model = Curriculum
        fields = (
            "code",
            "title",
            "subtitle",
            "kind",
            "topic",
            "session_count",
            "minutes",
            "capacity",
            "audience",
            "learn",
            "bring",
            "materials",
            "is_active",
        )
        widgets = {"learn": forms.Textarea({"rows": 4}), "bring": forms.Textarea({"rows": 4})}
        help_texts = {"code": _("A short mark of your own, for example N1.")}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality = municipality
        for name, choices in (("kind", Curriculum.Kind.choices), ("topic", Curriculum.Topic.choices)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field
        for name, most in (("session_count", 30), ("minutes", 480), ("capacity", 500)):
            bounded(self.fields[name], 1, most)

    def clean_code(self) -> str:
        code: str = unicodedata.normalize("NFKC", self.cleaned_data["code"]).strip()
        own = Curriculum.objects.filter(municipality=self.instance.municipality, code=code)
        if own.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have a curriculum of this mark already."))
        return code


class VenueForm(forms.ModelForm):  # type: ignore[type-arg]  # forms cannot be subscripted at run time
    closed_weekdays = forms.TypedMultipleChoiceField(
        label=_("Closed every week on"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Single days, as over New Year, are entered under “Closing days”."),
    )

    class Meta:
        model = Venue
        fields = (
            "name",
            "kana",
            "room",
            "capacity",
            "postal_code",
            "address",
            "phone",
            "access",
            "note",
            "parking_spaces",
            *Venue.FACTS,
            "closed_weekdays",
            "is_active",
        )
        widgets = {
            "access": forms.Textarea({"rows": 4}),
            "phone": forms.TextInput({"inputmode": "tel"}),
            **{name: forms.NullBooleanSelect() for name in Venue.FACTS},
        }
        help_texts = {"parking_spaces": _("0 when there is no car park. Empty: not known yet.")}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality = municipality
        for name in Venue.FACTS:
            self.fields[name].widget.choices = YES_NO
        bounded(self.fields["capacity"], 1, LARGEST_VENUE)
        self.initial["phone"] = format_number(self.instance.phone)

    def clean_kana(self) -> str:
        kana: str = self.cleaned_data["kana"]
        if kana and not is_kana(kana):
            raise forms.ValidationError(_("Write the reading in kana."))
        return normalise_kana(kana)

    def clean_postal_code(self) -> str:
        text: str = self.cleaned_data["postal_code"].strip()
        code = read_postal_code(text) if text else ""
        if code is None:
            raise forms.ValidationError(_("A postal code has seven digits."))
        return code

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"].strip()
        if not text:
            return ""
        number = read_number(text)
        if isinstance(number, NumberProblem):
            raise forms.ValidationError(number.sentence)
        return number.e164

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        same = Venue.objects.filter(
            municipality=self.instance.municipality, name=cleaned.get("name"), room=cleaned.get("room") or ""
        )
        self.instance.capacity_is_assumed = False
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is a venue of this name and room already."))
        return cleaned


def bounded(field: forms.Field, least: int, most: int) -> None:
    """Limits that the browser and the server both know."""
    field.validators += [MinValueValidator(least), MaxValueValidator(most)]
    field.widget.attrs |= {"min": least, "max": most}
