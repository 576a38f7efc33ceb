"""Forms for planning a course and changing it. Moments are local; quotas are one field a town."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from programs.models import Allocation, Curriculum, Program, Venue
from programs.sharing import ordered_towns, programs_of
from sessions.models import ClassSession, Course
from sessions.planning import Plan, Problem
from sessions.series import Skipped, series_of

FURTHEST = timedelta(days=750)
CLOSES_AT = time(17)
RELEASED_AT = time(9)


class MomentField(forms.DateTimeField):
    """A day and an hour that are near enough to be meant."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is not None and abs(moment - timezone.now()) > FURTHEST:
            raise forms.ValidationError(_("Please give a date within the next two years."))
        return moment


def whole(label: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **options)


class QuotaFields(forms.Form):
    """One field a town for the seats kept for its residents."""

    towns: list[Municipality]

    def add_quotas(self, towns: Iterable[Municipality], kept: dict[int, int] | None = None) -> None:
        self.towns = [town for town in towns if town.has_residents]
        if len(self.towns) < 2 and not kept:
            self.towns = []
        for town in self.towns:
            self.fields[f"quota_{town.pk}"] = whole(
                town.name, 0, 1000, required=False, initial=(kept or {}).get(town.pk)
            )

    @property
    def quota_fields(self) -> Iterator[BoundField]:
        return (self[f"quota_{town.pk}"] for town in self.towns)

    @property
    def other_fields(self) -> Iterator[BoundField]:
        return (field for field in self.visible_fields() if not field.name.startswith("quota_"))

    @property
    def quotas(self) -> dict[Municipality, int]:
        found = {town: self.cleaned_data.get(f"quota_{town.pk}") for town in self.towns}
        return {town: seats for town, seats in found.items() if seats is not None}

    def refuse(self, problem: Problem) -> None:
        """The sentence stands beside the field that it is about: for the sum of the quotas, the first of them."""
        places: list[str] = []
        if problem in {Problem.QUOTA_SUM, Problem.QUOTA_TOWN}:
            places = [field.name for field in self.quota_fields]
        if problem == Problem.RELEASE:
            places = [name for name in ("release_at", "release_days") if name in self.fields]
        self.add_error(places[0] if places else None, str(problem.label))


class ChoiceOfCurriculum(forms.Form):
    """The first step: which programme, and what is taught."""

    program = forms.ModelChoiceField(Program.objects.none(), label=_("Programme"))
    curriculum = forms.ModelChoiceField(Curriculum.objects.none(), label=_("Curriculum"))

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        curricula = Curriculum.objects.filter(Q(municipality=None) | Q(municipality=town), is_active=True)
        for name, rows in (("program", programs_of(town)), ("curriculum", curricula)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # told to mypy
            field.queryset = rows
            field.empty_label = None


class PlanForm(QuotaFields):
    """What every plan has; `times` and the capacity come from its two kinds below."""

    title = forms.CharField(label=_("Title"), max_length=60)
    host = forms.ModelChoiceField(Municipality.objects.none(), label=_("Held by"), empty_label=None)
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), empty_label=_("Please choose"))
    first_at = MomentField(label=_("First session begins"))
    opens_at = MomentField(label=_("Applications from"))
    closes_days = whole(
        _("Applications close, days before"), 0, 60, initial=2, help_text=_("At 17:00 of that day.")
    )
    release_days = whole(
        _("Free kept seats go to everybody, days before"),
        1,
        90,
        required=False,
        initial=7,
        help_text=_("At 9:00 of that day. Empty: they stay with their town."),
    )

    by_slot = False
    skipped: Sequence[Skipped] = ()

    def __init__(
        self, *args: Any, program: Program, curriculum: Curriculum, town: Municipality, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.program, self.curriculum = program, curriculum
        towns = ordered_towns(program)
        hosts = towns if program.lead_id == town.pk else [town]
        self.fields["host"].queryset = Municipality.objects.filter(pk__in=[each.pk for each in hosts])  # type: ignore[attr-defined]  # a model choice
        self.fields["host"].initial = town.pk
        venues = Venue.objects.filter(municipality__in=towns, is_active=True).select_related("municipality")
        self.fields["venue"].queryset = venues  # type: ignore[attr-defined]  # a model choice
        self.fields["venue"].label_from_instance = venue_label  # type: ignore[attr-defined]  # a model choice
        self.fields["title"].initial = curriculum.title
        self.fields["opens_at"].initial = at(timezone.localdate() + timedelta(days=1), RELEASED_AT)
        self.add_quotas(towns)
        if not self.towns:
            del self.fields["release_days"]

    def clean_first_at(self) -> datetime:
        moment: datetime = self.cleaned_data["first_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("The first session must be still to come."))
        return moment

    @property
    def times(self) -> list[tuple[datetime, datetime]]:
        raise NotImplementedError

    @property
    def capacity(self) -> int:
        raise NotImplementedError

    @property
    def plan(self) -> Plan:
        """The plan of a valid form."""
        cleaned = self.cleaned_data
        times = self.times
        first_day = timezone.localdate(times[0][0])
        closes = at(first_day - timedelta(days=cleaned["closes_days"]), CLOSES_AT)
        release_days = cleaned.get("release_days")
        return Plan(
            program=self.program,
            curriculum=self.curriculum,
            host=cleaned["host"],
            venue=cleaned["venue"],
            title=cleaned["title"],
            capacity=self.capacity,
            allocation=cleaned.get("allocation") or Allocation.FIRST_COME,
            opens_at=cleaned["opens_at"],
            closes_at=min(closes, times[0][0]),
            times=times,
            quotas=self.quotas,
            quota_release_at=at(first_day - timedelta(days=release_days), RELEASED_AT)
            if release_days and self.quotas
            else None,
            by_slot=self.by_slot,
            completion_needed=cleaned.get("completion_needed"),
        )


class SeriesForm(PlanForm):
    """A class held once, or week after week at the same hour."""

    minutes = whole(_("Minutes"), 10, 480)
    session_count = whole(_("Number of sessions"), 1, 20)
    interval_weeks = whole(_("Weeks between them"), 1, 8, initial=1)
    skip_holidays = forms.BooleanField(label=_("Step over public holidays"), required=False, initial=True)
    skip_closing_days = forms.BooleanField(
        label=_("Step over closing days of the venue"), required=False, initial=True
    )
    completion_needed = whole(
        _("Sessions needed to complete it"), 1, 20, required=False, help_text=_("Empty: every session held.")
    )
    seats = whole(_("Capacity"), 1, 1000)
    allocation = forms.ChoiceField(label=_("Allocation"), choices=Allocation)

    field_order = (
        "title",
        "host",
        "venue",
        "first_at",
        "minutes",
        "session_count",
        "interval_weeks",
        "skip_holidays",
        "skip_closing_days",
        "completion_needed",
        "seats",
        "allocation",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = self.curriculum.minutes
        self.fields["session_count"].initial = self.curriculum.session_count
        self.fields["completion_needed"].initial = self.curriculum.completion_needed
        self.fields["seats"].initial = self.curriculum.capacity
        self.fields["allocation"].initial = self.program.allocation

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        needed, held = self.cleaned_data.get("completion_needed"), self.cleaned_data.get("session_count")
        if needed and held and needed > held:
            self.add_error("completion_needed", str(Problem.COMPLETION.label))
        if {"first_at", "session_count", "interval_weeks", "venue"} <= self.cleaned_data.keys():
            self.find_dates()
        return cleaned

    def find_dates(self) -> None:
        """The weekday is that of the first day; dates on which no class is held are stepped over."""
        cleaned = self.cleaned_data
        self.dates, self.skipped = series_of(
            timezone.localdate(cleaned["first_at"]),
            cleaned["session_count"],
            cleaned["interval_weeks"],
            venue=cleaned["venue"],
            holidays=cleaned["skip_holidays"],
            closing=cleaned["skip_closing_days"],
        )
        if len(self.dates) < cleaned["session_count"]:
            self.add_error("first_at", _("There are too few open days on this weekday. Please choose another."))

    @property
    def times(self) -> list[tuple[datetime, datetime]]:
        hour = timezone.localtime(self.cleaned_data["first_at"]).time()
        length = timedelta(minutes=self.cleaned_data["minutes"])
        return [(start, start + length) for start in (at(day, hour) for day in self.dates)]

    @property
    def capacity(self) -> int:
        return int(self.cleaned_data["seats"])


class SlotsForm(PlanForm):
    """A consultation day: short slots one after the other, each for one or a few people."""

    minutes = whole(_("Minutes of each slot"), 5, 240)
    slot_count = whole(_("Number of slots"), 1, 60, initial=6)
    seats = whole(_("People in each slot"), 1, 50, initial=1)

    field_order = ("title", "host", "venue", "first_at", "minutes", "slot_count", "seats")
    by_slot = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = self.curriculum.minutes
        self.fields["first_at"].label = _("First slot begins")

    @property
    def times(self) -> list[tuple[datetime, datetime]]:
        first, length = self.cleaned_data["first_at"], timedelta(minutes=self.cleaned_data["minutes"])
        return [(first + n * length, first + (n + 1) * length) for n in range(self.cleaned_data["slot_count"])]

    @property
    def capacity(self) -> int:
        return int(self.cleaned_data["seats"]) * int(self.cleaned_data["slot_count"])


class SeatsForm(QuotaFields):
    """Capacity, seats kept for the towns, and when free ones go to everybody."""

    capacity = whole(_("Capacity"), 1, 3000)
    release_at = MomentField(
        label=_("Free kept seats go to everybody"),
        required=False,
        help_text=_("Empty: they stay with their town."),
    )

    def __init__(self, *args: Any, course: Course, towns: Iterable[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].initial = course.capacity
        self.fields["capacity"].disabled = course.by_slot
        self.fields["release_at"].initial = local(course.quota_release_at)
        self.add_quotas(towns, {quota.municipality_id: quota.seats for quota in course.quotas.all()})
        if not self.towns:
            del self.fields["release_at"]


class WindowForm(forms.Form):
    opens_at = MomentField(label=_("Applications from"))
    closes_at = MomentField(label=_("Applications until"))


class MoveForm(forms.Form):
    starts_at = MomentField(label=_("Begins"))
    minutes = whole(_("Minutes"), 5, 480)
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), empty_label=None)

    def __init__(self, *args: Any, class_session: ClassSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = ordered_towns(class_session.course.program)
        usable = Q(municipality__in=towns, is_active=True) | Q(pk=class_session.venue_id)
        self.fields["venue"].queryset = Venue.objects.filter(usable).select_related("municipality")  # type: ignore[attr-defined]  # a model choice
        self.fields["venue"].label_from_instance = venue_label  # type: ignore[attr-defined]  # a model choice
        self.fields["venue"].initial = class_session.venue_id
        self.fields["starts_at"].initial = local(class_session.starts_at)
        length = class_session.ends_at - class_session.starts_at
        self.fields["minutes"].initial = int(length.total_seconds() // 60)

    def clean_starts_at(self) -> datetime:
        moment: datetime = self.cleaned_data["starts_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("The new time must be still to come."))
        return moment

    @property
    def ends_at(self) -> datetime:
        starts_at: datetime = self.cleaned_data["starts_at"]
        return starts_at + timedelta(minutes=self.cleaned_data["minutes"])


def at(day: Any, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


def venue_label(venue: Any) -> str:
    """Several towns may have a venue of the same name."""
    room = f" {venue.room}" if venue.room else ""
    seats = _("%(seats)s seats") % {"seats": venue.capacity}
    return f"{venue.municipality} {venue.name}{room} ({seats})"
