"""Forms for requests of groups: what they wish, the class planned for them, how many came."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.japanese import clock_label, date_label
from accounts.models import Municipality
from accounts.numbers import NumberProblem, read_number
from programs.models import Allocation, Curriculum, Venue
from programs.sharing import ordered_towns, programs_of
from sessions.models import ClassSession, OutreachRequest
from sessions.outreach import MOST_PEOPLE
from sessions.planning import Plan
from sessions.planning_forms import MomentField, whole

MOST_EXPECTED = 300


class RequestForm(forms.ModelForm):  # type: ignore[type-arg]  # forms cannot be subscripted at run time
    class Meta:
        model = OutreachRequest
        fields = (
            "group",
            "group_kind",
            "contact_name",
            "contact_phone",
            "program",
            "curriculum",
            "people",
            "place",
            "wishes",
        )
        widgets = {
            "contact_phone": forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        }
        help_texts = {
            "place": _("For example the assembly hall where they meet."),
            "wishes": _("For example Wednesday mornings in December. Write no names."),
        }

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality = town
        curricula = Curriculum.objects.filter(Q(municipality=None) | Q(municipality=town), is_active=True)
        curricula = curricula.exclude(kind__in=[Curriculum.Kind.TRAINING, Curriculum.Kind.CONSULTATION])
        for name, rows in (("program", programs_of(town)), ("curriculum", curricula)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # told to mypy
            field.queryset = rows
            field.empty_label = None
        kinds = self.fields["group_kind"]
        kinds.choices = OutreachRequest.GroupKind.choices  # type: ignore[attr-defined]  # a choice field
        self.fields["people"].widget.attrs |= {"min": 1, "max": MOST_EXPECTED}

    @property
    def has_programmes(self) -> bool:
        field = self.fields["program"]
        return isinstance(field, forms.ModelChoiceField) and bool(field.queryset)

    def clean_contact_phone(self) -> str:
        text: str = self.cleaned_data["contact_phone"].strip()
        if not text:
            return ""
        number = read_number(text)
        if isinstance(number, NumberProblem):
            raise forms.ValidationError(number.sentence)
        return number.e164


class GroupPlanForm(forms.Form):
    """The class for a group, at a venue of the town or at a place written down with it."""

    title = forms.CharField(label=_("Title"), max_length=60)
    venue = forms.ModelChoiceField(
        Venue.objects.none(), label=_("Venue"), required=False, empty_label=_("A place not in the list: see below")
    )
    place = forms.CharField(
        label=_("Name of the place, if it is not in the list"),
        max_length=60,
        required=False,
        help_text=_("It is added to the venues of your town."),
    )
    place_capacity = whole(_("How many people the place holds"), 1, 5000, required=False)
    first_at = MomentField(label=_("First session begins"))
    minutes = whole(_("Minutes"), 10, 480)
    session_count = whole(_("Number of sessions"), 1, 20)
    interval_weeks = whole(_("Weeks between them"), 1, 8, initial=1)
    seats = whole(_("Capacity"), 1, 1000)

    def __init__(self, data: Any = None, *, request: OutreachRequest) -> None:
        curriculum = request.curriculum
        initial = {
            "title": curriculum.title,
            "place": request.place[:60],
            "place_capacity": request.people,
            "minutes": curriculum.minutes,
            "session_count": curriculum.session_count,
            "seats": request.people,
        }
        super().__init__(data, initial=initial)
        self.request = request
        venues = request.municipality.venues.filter(is_active=True)
        known = venues.filter(name=request.place).first()
        self.fields["venue"].queryset = venues  # type: ignore[attr-defined]  # a model choice
        self.initial["venue"] = known.pk if known is not None else None

    def clean_first_at(self) -> datetime:
        moment: datetime = self.cleaned_data["first_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("The first session must be still to come."))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("venue") is None and "venue" not in self.errors:
            if not cleaned.get("place"):
                self.add_error("place", _("Choose a venue, or write the name of the place."))
            elif cleaned.get("place_capacity") is None and "place_capacity" not in self.errors:
                self.add_error("place_capacity", _("Write how many people the place holds."))
        return cleaned

    @property
    def chosen_venue(self) -> Venue:
        """The venue chosen, or a new one that the plan writes down."""
        cleaned = self.cleaned_data
        chosen: Venue | None = cleaned["venue"]
        return chosen or Venue(
            municipality=self.request.municipality, name=cleaned["place"], capacity=cleaned["place_capacity"]
        )

    @property
    def plan(self) -> Plan:
        """The plan of a valid form. Applications, taken by staff, are open from now until it begins."""
        cleaned = self.cleaned_data
        first: datetime = cleaned["first_at"]
        length, step = timedelta(minutes=cleaned["minutes"]), timedelta(weeks=cleaned["interval_weeks"])
        starts = [first + n * step for n in range(cleaned["session_count"])]
        return Plan(
            program=self.request.program,
            curriculum=self.request.curriculum,
            host=self.request.municipality,
            venue=self.chosen_venue,
            title=cleaned["title"],
            capacity=cleaned["seats"],
            allocation=Allocation.FIRST_COME,
            opens_at=min(timezone.now(), first - timedelta(minutes=1)),
            closes_at=first,
            times=[(start, start + length) for start in starts],
            quotas={},
        )


class DeclineForm(forms.Form):
    note = forms.CharField(label=_("Reason told to the group"), max_length=80, help_text=_("Write no names."))


class CountForm(forms.Form):
    """How many of a town came to one session of the class for a group."""

    class_session = forms.ModelChoiceField(ClassSession.objects.none(), label=_("Session"), empty_label=None)
    town = forms.ModelChoiceField(Municipality.objects.none(), label=_("Town"), empty_label=None)
    people = whole(_("People who came"), 0, MOST_PEOPLE)

    def __init__(self, data: Any = None, *, request: OutreachRequest) -> None:
        super().__init__(data, initial={"town": request.municipality_id})
        towns = [town.pk for town in ordered_towns(request.program) if town.has_residents]
        sessions = ClassSession.objects.filter(
            course=request.course_id, cancelled_at=None, starts_at__lte=timezone.now()
        )
        self.has_sessions = sessions.exists()
        self.fields["class_session"].queryset = sessions  # type: ignore[attr-defined]  # a model choice
        self.fields["class_session"].label_from_instance = session_label  # type: ignore[attr-defined]  # a model choice
        self.fields["town"].queryset = Municipality.objects.filter(pk__in=towns)  # type: ignore[attr-defined]  # a model choice


def session_label(class_session: ClassSession) -> str:
    hours = clock_label(class_session.starts_at, class_session.ends_at)
    return f"{date_label(class_session.starts_at)} {hours}"
