"""What the address of the calendar board asks for: which days, shown how, and of which classes."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from django import forms
from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.japanese import date_label, long_date_label
from accounts.models import Municipality
from programs.models import Program, Venue
from sessions.models import ClassSession, Course, StaffDuty

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
WEEK = timedelta(days=7)


class View(models.TextChoices):
    MONTH = "month", gettext_lazy("Month")
    WEEK = "week", gettext_lazy("Week")
    LIST = "list", gettext_lazy("List")


class BoardForm(forms.Form):
    """The choices above the board; the programmes and towns are those the reader's town works with."""

    town = forms.ChoiceField(label=gettext_lazy("Held by"), required=False)
    venue = forms.ChoiceField(label=gettext_lazy("Venue"), required=False)
    program = forms.ChoiceField(label=gettext_lazy("Programme"), required=False)
    person = forms.CharField(label=gettext_lazy("Name in the rota"), required=False, max_length=40)
    view = forms.CharField(widget=forms.HiddenInput)
    day = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        asked: QueryDict,
        *,
        period: "Period",
        towns: Iterable[Municipality],
        programs: Iterable[Program],
        venues: Iterable[Venue],
    ) -> None:
        super().__init__({**asked.dict(), "view": period.view, "day": period.day.isoformat()})
        halls = [(each.pk, f"{each.municipality} {each.name} {each.room}".strip()) for each in venues]
        choices = {
            "town": [(each.pk, each.name) for each in towns],
            "venue": halls,
            "program": [(each.pk, each.name) for each in programs],
        }
        for name, rows in choices.items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", _("All")), *((str(key), label) for key, label in rows)]

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the board and is in order, by the name of its field."""
        self.is_valid()
        names = ("town", "venue", "program", "person")
        return {name: value for name in names if (value := self.cleaned_data.get(name))}


@dataclass(frozen=True)
class Period:
    """The days that stand on one page; a list has no last one."""

    view: View
    day: date

    @property
    def first(self) -> date:
        if self.view == View.LIST:
            return self.day
        return sunday_of(self.day.replace(day=1) if self.view == View.MONTH else self.day)

    @property
    def last(self) -> date | None:
        if self.view == View.LIST:
            return None
        day = moved(self.day, months=0, to_the_end=True) if self.view == View.MONTH else self.day
        return sunday_of(day) + timedelta(days=6)

    @property
    def days(self) -> Sequence[date]:
        if self.last is None:
            return []
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def turned(self, step: int) -> date:
        """The day to ask for to see the page before or after this one."""
        day = self.day + step * WEEK if self.view == View.WEEK else moved(self.day, months=step)
        return min(max(day, EARLIEST), LATEST)

    @property
    def title(self) -> str:
        if self.view == View.MONTH:
            return date_format(self.day, "YEAR_MONTH_FORMAT")
        if self.last is None:
            return _("from %(day)s") % {"day": long_date_label(self.first)}
        return _("%(first)s to %(last)s") % {"first": long_date_label(self.first), "last": date_label(self.last)}


def period_of(asked: QueryDict) -> Period:
    """What cannot be read is this month, and today."""
    view = asked.get("view", "")
    return Period(View(view) if view in View.values else View.MONTH, read_day(asked.get("day", "")))


def read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if EARLIEST <= day <= LATEST else timezone.localdate()


def sunday_of(day: date) -> date:
    return day - timedelta(days=(day.weekday() + 1) % 7)


def moved(day: date, *, months: int, to_the_end: bool = False) -> date:
    """The same day so many months on, or the last one of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, length if to_the_end else min(day.day, length))


def midnight(day: date) -> datetime:
    """When a day begins in Japan."""
    return timezone.make_aware(datetime.combine(day, time.min))


def sessions_on_board(town: Municipality, chosen: dict[str, str]) -> QuerySet[ClassSession]:
    """Sessions of the courses a town may see, drafts and those called off too, as narrowed by the choices."""
    courses = Course.objects.visible_to(town)
    if "town" in chosen:
        courses = courses.filter(host=int(chosen["town"]))
    if "program" in chosen:
        courses = courses.filter(program=int(chosen["program"]))
    rows = ClassSession.objects.filter(course__in=courses.order_by().values("pk"))
    return at_place_with(rows, chosen).order_by("starts_at", "course", "number")


def at_place_with(rows: QuerySet[ClassSession], chosen: dict[str, str]) -> QuerySet[ClassSession]:
    """Those at the venue and with the person that are chosen."""
    if "venue" in chosen:
        rows = rows.filter(venue=int(chosen["venue"]))
    if "person" in chosen:
        rows = rows.filter(pk__in=duties_of(chosen["person"]).values("class_session"))
    return rows


def duties_of(words: str) -> QuerySet[StaffDuty]:
    """Duties of those whose name has these words, spaces or not, or who sign in by them."""
    wanted = "".join(words.split())
    plain = {name: Replace(F(name), Value(" "), Value("")) for name in ("name", "user__name")}
    duties = StaffDuty.objects.alias(written=plain["name"], signed=plain["user__name"])
    return duties.filter(Q(written__contains=wanted) | Q(signed__contains=wanted) | Q(user__username=wanted))
