"""Choosing the sessions to call off and saying why."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from programs.models import Venue
from sessions.models import ClassSession, Course
from sessions.planning_forms import FURTHEST
from sessions.weather import Weather

OTHER = "other"
LONGEST_KEY = 18


def editable_sessions(town: Municipality) -> QuerySet[ClassSession]:
    """Sessions of published classes the town leads or holds, whether still to come or not."""
    courses = Course.objects.editable_by(town).exclude(published_at=None)
    return ClassSession.objects.filter(course__in=courses)


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and abs(day - timezone.localdate()) > FURTHEST:
            raise forms.ValidationError(_("Please give a date within the next two years."))
        return day


class SessionFilter(forms.Form):
    """Which sessions are shown: those of today and tomorrow, unless other days are asked for."""

    first = DayField(label=_("First day"), required=False)
    last = DayField(label=_("Last day"), required=False)
    host = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Held by"), required=False, empty_label=_("All")
    )
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), required=False, empty_label=_("All"))

    def __init__(self, data: QueryDict, *, town: Municipality) -> None:
        today = timezone.localdate()
        days = {"first": today.isoformat(), "last": (today + timedelta(days=1)).isoformat()}
        super().__init__({**days, **data.dict()})
        now = timezone.now()
        self.coming = editable_sessions(town).filter(cancelled_at=None, course__cancelled_at=None, ends_at__gt=now)
        hosts = Municipality.objects.filter(pk__in=self.coming.values("course__host"))
        venues = Venue.objects.filter(pk__in=self.coming.values("venue")).select_related("municipality")
        for name, rows in (("host", hosts), ("venue", venues)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a model choice

    @property
    def found(self) -> QuerySet[ClassSession]:
        """The sessions still to come that were asked for; of a choice that is wrong, what is left of it."""
        self.is_valid()
        chosen = self.cleaned_data
        wanted = Q()
        if chosen.get("first"):
            wanted &= Q(starts_at__gte=midnight(chosen["first"]))
        if chosen.get("last"):
            wanted &= Q(starts_at__lt=midnight(chosen["last"] + timedelta(days=1)))
        if chosen.get("host"):
            wanted &= Q(course__host=chosen["host"])
        if chosen.get("venue"):
            wanted &= Q(venue=chosen["venue"])
        rows = self.coming.filter(wanted).select_related("course__host", "course__program", "venue")
        return rows.order_by("starts_at", "course", "number")


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class SessionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no generics at run time
    """A key too large for the database names no session either."""

    def clean(self, value: Any) -> Any:
        if any(len(str(key)) > LONGEST_KEY for key in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"])
        return super().clean(value)


class BroadcastForm(forms.Form):
    """Sessions and a reason. One that is off or over by now is not refused here: the act leaves it out."""

    class_sessions = SessionsField(
        ClassSession.objects.none(),
        error_messages={
            "required": _("Please choose at least one session."),
            "invalid_choice": _("One of these sessions is not there any more. Please choose again."),
            "invalid_pk_value": _("One of these sessions is not there any more. Please choose again."),
        },
    )
    weather = forms.ChoiceField(
        label=_("Reason"), choices=[*Weather.choices, (OTHER, _("Another reason"))], widget=forms.RadioSelect
    )
    other = forms.CharField(
        label=_("Another reason, in words"),
        required=False,
        max_length=60,
        help_text=_(
            "Staff of all the towns see it. Write no names. The message to people names only the weather."
        ),
    )

    def __init__(self, data: QueryDict | None, *, town: Municipality) -> None:
        super().__init__(data)
        self.chosen_keys = set(data.getlist("class_sessions")) if data is not None else set()
        rows = editable_sessions(town).select_related("course__host", "course__program", "venue")
        self.fields["class_sessions"].queryset = rows.order_by("starts_at", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("weather") == OTHER and not cleaned.get("other"):
            self.add_error("other", _("Please write the reason."))
        return cleaned

    @property
    def reason(self) -> str:
        chosen: str = self.cleaned_data["weather"]
        return self.cleaned_data["other"] if chosen == OTHER else Weather(chosen).reason
