"""The form that keys a day sheet back: a box per printed number, rows for walk-ins, the four totals."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Municipality
from participants.models import Participant
from participants.people import Details
from sessions.attendance import Mark
from sessions.day_forms import KanaField
from sessions.intake import who_it_may_be
from sessions.models import DaySheet, Registration
from sessions.paper import Totals, Written
from sessions.planning_forms import whole

KEYS = {"1": Mark.PRESENT, "2": Mark.EXCUSED, "3": Mark.NO_SHOW}
WALK_IN_ROWS = 6
NEWCOMER = "new"


class SheetForm(forms.Form):
    """Nothing of it is saved before everything adds up; what was typed stays on the page."""

    planned = whole(gettext_lazy("Planned"), 0, 5000)
    came = whole(gettext_lazy("Came"), 0, 5000)
    walked_in = whole(gettext_lazy("Walked in"), 0, 5000)
    total = whole(gettext_lazy("Total"), 0, 10000)

    def __init__(
        self,
        data: Any = None,
        *,
        sheet: DaySheet,
        rows: dict[int, Registration],
        towns: list[Municipality],
        own: Municipality,
    ) -> None:
        super().__init__(data)
        self.sheet, self.rows, self.own = sheet, rows, own
        self.towns = {str(town.pk): town for town in towns if town.has_residents}
        for number in range(1, len(sheet.rows) + 1):
            self.fields[f"mark_{number}"] = box(number)
        for number in range(1, WALK_IN_ROWS + 1):
            self.add_walk_in(number)
        for key, town in self.towns.items():
            label = _("%(town)s, without names") % {"town": town}
            self.fields[f"heads_{key}"] = whole(label, 0, 500, required=False)
        self.order_fields([name for name in self.fields if name not in Totals.__dataclass_fields__])

    def add_walk_in(self, number: int) -> None:
        facts = {"number": number}
        self.fields[f"kana_{number}"] = KanaField(
            label=_("Walk-in %(number)s, name in kana") % facts, required=False
        )
        self.fields[f"town_{number}"] = forms.ChoiceField(
            label=_("Walk-in %(number)s, town") % facts,
            choices=[("", "–"), *((key, town.name) for key, town in self.towns.items())],
            required=False,
        )
        self.fields[f"agreed_{number}"] = forms.BooleanField(
            label=_("Walk-in %(number)s agreed to the use of data") % facts, required=False
        )
        self.fields[f"who_{number}"] = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        self.walk_ins: list[Participant | Details] = []
        for number in range(1, WALK_IN_ROWS + 1):
            self.clean_walk_in(number)
        return self.cleaned_data

    def clean_walk_in(self, number: int) -> None:
        """A name needs its town and the consent; one that may be known already is asked about, not guessed."""
        kana = self.cleaned_data.get(f"kana_{number}")
        if not kana:
            return
        town = self.towns.get(self.cleaned_data.get(f"town_{number}", ""))
        if town is None:
            self.add_error(f"town_{number}", _("Choose the town of this walk-in."))
            return
        if not self.cleaned_data.get(f"agreed_{number}"):
            sentence = _("Without consent nobody is written down by name: count them by their town below.")
            self.add_error(f"agreed_{number}", sentence)
            return
        details = Details(kana=kana, municipality=town)
        doubles = who_it_may_be(details)
        answer = self.cleaned_data.get(f"who_{number}", "")
        same = next((person for person in doubles if str(person.pk) == answer), None)
        if doubles:
            self.ask_who(number, doubles)
            if same is None and answer != NEWCOMER:
                self.add_error(f"who_{number}", _("Somebody of this name is known already. Say who it is."))
        self.walk_ins.append(same or details)

    def ask_who(self, number: int, doubles: list[Participant]) -> None:
        known = [(str(person.pk), self.described(person)) for person in doubles]
        self.fields[f"who_{number}"] = forms.ChoiceField(
            label=_("Walk-in %(number)s, who it is") % {"number": number},
            choices=[("", _("Please choose")), *known, (NEWCOMER, _("Somebody else, new"))],
            required=False,
        )

    def described(self, person: Participant) -> str:
        """Of other towns' residents no more than the name that was typed."""
        if person.municipality_id != self.own.pk:
            return _("%(name)s, known to %(town)s") % {"name": person.family_kana, "town": person.municipality}
        return f"{person} {person.birth_year or ''}".strip()

    @property
    def boxes(self) -> Iterator[tuple[int, Registration | None, BoundField]]:
        """Number, row and box of every printed line; the row is None when it is gone from the records."""
        numbers = range(1, len(self.sheet.rows) + 1)
        return ((number, self.rows.get(number), self[f"mark_{number}"]) for number in numbers)

    @property
    def walk_in_fields(self) -> Iterator[dict[str, Any]]:
        names = ("kana", "town", "agreed", "who")
        for number in range(1, WALK_IN_ROWS + 1):
            yield {"number": number, **{name: self[f"{name}_{number}"] for name in names}}

    @property
    def head_fields(self) -> Iterator[BoundField]:
        return (self[f"heads_{key}"] for key in self.towns)

    @property
    def total_fields(self) -> Iterator[BoundField]:
        return (self[name] for name in Totals.__dataclass_fields__)

    @property
    def written(self) -> Written:
        cleaned = self.cleaned_data
        boxes = {number: cleaned.get(f"mark_{number}") for number in range(1, len(self.sheet.rows) + 1)}
        return Written(
            marks={number: KEYS[key] for number, key in boxes.items() if key},
            walk_ins=self.walk_ins,
            heads={town: cleaned.get(f"heads_{key}") or 0 for key, town in self.towns.items()},
            totals=Totals(**{name: cleaned[name] for name in Totals.__dataclass_fields__}),
        )


class BoxField(forms.CharField):
    """One key: 1 came, 2 excused, 3 did not come, or nothing; full-width digits count too."""

    def clean(self, value: Any) -> str:
        key = unicodedata.normalize("NFKC", super().clean(value))
        if key and key not in KEYS:
            raise forms.ValidationError(_("Key 1, 2 or 3, or leave the box empty."))
        return key


def box(number: int) -> BoxField:
    keys = {"inputmode": "numeric", "maxlength": 1, "autocomplete": "off", "data-onward": True}
    label = _("Number %(number)s") % {"number": number}
    return BoxField(label=label, required=False, max_length=1, widget=forms.TextInput(keys))
