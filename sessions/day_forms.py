"""Forms of the day: a mark, the number of helpers, somebody who walks in, the sheet of paper, a consultation."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from participants.forms import PhoneField
from participants.kana import is_kana, normalise_kana
from participants.models import AgeBand, Participant
from participants.people import Details
from programs.models import Curriculum
from sessions.attendance import BY_HAND
from sessions.models import ClassSession, Consultation, Registration
from sessions.planning_forms import whole
from sessions.walk_ins import MOST_HELPERS

TOPICS = [(topic.value, topic.label) for topic in Curriculum.Topic if topic != Curriculum.Topic.TRAINING]


class MarkForm(forms.Form):
    """Whom, and what; an empty mark is unknown again."""

    registration = forms.ModelChoiceField(Registration.objects.none())
    mark = forms.ChoiceField(choices=[("", ""), *((mark.value, mark.label) for mark in BY_HAND)], required=False)
    q = forms.CharField(required=False, max_length=60)

    def __init__(self, data: Any, *, class_session: ClassSession) -> None:
        super().__init__(data)
        rows = class_session.course.registrations.select_related("participant")
        self.fields["registration"].queryset = rows  # type: ignore[attr-defined]  # a model choice


class HelpersForm(forms.Form):
    helpers = whole(_("Helpers here now"), 0, MOST_HELPERS, required=False)


class KanaField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"autocomplete": "off", "lang": "ja"})
        super().__init__(**{"label": _("Name in kana"), "max_length": 60, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not is_kana(text):
            raise forms.ValidationError(_("Write the name in kana."))
        return normalise_kana(text) if text else ""


class WalkInForm(forms.Form):
    """Somebody nobody has written down yet: as little as is needed today."""

    kana = KanaField()
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Town of residence"), widget=forms.RadioSelect, empty_label=None
    )
    phone = PhoneField(label=_("Telephone number"), required=False)
    agreed = forms.BooleanField(
        label=_("They agree to the use of their data, as read out"),
        error_messages={"required": _("Read the sentence on the use of data and ask whether they agree.")},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, towns: list[Municipality], initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4(), **initial})
        keys = [town.pk for town in towns if town.has_residents]
        self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=keys)  # type: ignore[attr-defined]  # a model choice

    @property
    def details(self) -> Details:
        cleaned = self.cleaned_data
        return Details(
            kana=cleaned["kana"],
            municipality=cleaned["municipality"],
            phone=cleaned["phone"],
            reach=Participant.Reach.CALL,
        )


class KnownForm(forms.Form):
    """Somebody of the own town who is written down already."""

    person = forms.ModelChoiceField(Participant.objects.none())
    submission = forms.UUIDField()

    def __init__(self, data: Any, *, town: Municipality) -> None:
        super().__init__(data)
        self.fields["person"].queryset = Participant.objects.of(town)  # type: ignore[attr-defined]  # a model choice


class QueueForm(forms.Form):
    """Who joins the queue: a town and an age band do for somebody who walks in."""

    way = forms.ChoiceField(
        label=_("How they come"),
        choices=[(way.value, way.label) for way in Consultation.Way if way != Consultation.Way.BOOKED],
        widget=forms.RadioSelect,
        initial=Consultation.Way.WALK_IN,
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Town of residence"), widget=forms.RadioSelect, empty_label=None
    )
    age_band = forms.ChoiceField(label=_("Age"), choices=AgeBand, required=False)
    phone = PhoneField(label=_("Number to call back"), required=False)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, towns: list[Municipality], own: Municipality) -> None:
        super().__init__(data, initial={"municipality": own.pk, "submission": uuid.uuid4()})
        keys = [town.pk for town in towns if town.has_residents]
        self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=keys)  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("way") == Consultation.Way.CALL_BACK and "phone" in cleaned and not cleaned["phone"]:
            self.add_error("phone", _("Write down the number to call back."))
        return cleaned


class TurnForm(forms.Form):
    """What a turn was about and how it ended."""

    topic = forms.ChoiceField(
        label=_("What it was about"),
        choices=TOPICS,
        error_messages={"required": _("Choose what it was about first.")},
    )
    outcome = forms.ChoiceField(choices=Consultation.Outcome)
