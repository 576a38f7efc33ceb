"""The calendar board: the classes of all partner towns, day by day, with what is to be known of each at a glance.

It names no resident, so that every member may open it; a consultation day is one entry, not a dozen slots.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

import jpholiday
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Membership, Municipality
from programs.closing import Closures
from programs.models import ClosingDay, Partnership, Program, Venue
from sessions.board_choices import BoardForm, View, at_place_with, midnight, period_of, sessions_on_board
from sessions.board_entries import Counts, Day, Event, Mark, busy_label, is_off, marks_of, state_of
from sessions.models import BusyTime, ClassSession
from sessions.roster import Place, places_of, sees_names_of_others

# So many entries of one day are shown in a month, the others in the list; a week shows more of them.
MOST = {View.MONTH: 8, View.WEEK: 30}
ROWS_A_PAGE = 50
ONE_DAY = timedelta(days=1)


class Board:
    """One page of the board, as the member asks for it."""

    def __init__(self, membership: Membership, asked: QueryDict) -> None:
        self.membership, self.town = membership, membership.municipality
        self.period = period_of(asked)
        self.programs = list(programs_with_towns(self.town))
        self.places = places_of(towns_of(self.programs))
        halls = Venue.objects.filter(municipality__in=self.places, is_active=True)
        self.venues = list(halls.select_related("municipality"))
        self.form = BoardForm(
            asked,
            period=self.period,
            towns=[place.town for place in self.places.values()],
            programs=self.programs,
            venues=self.venues,
        )
        self.chosen = self.form.chosen
        if "program" in self.chosen:
            self.order_as_in(int(self.chosen["program"]))
        self.rows = sessions_on_board(self.town, self.chosen)
        self.number = asked.get("page", "1")

    def order_as_in(self, program: int) -> None:
        """Letters and colours as on the pages of the programme that is chosen."""
        first = [each for each in self.programs if each.pk == program]
        self.places = places_of(towns_of([*first, *self.programs]))

    def link(self, view: str, day: date) -> str:
        return "?" + urlencode({"view": view, "day": day.isoformat(), **self.chosen})

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        return [(self.link(each, self.period.day), str(each.label), each == self.period.view) for each in View]

    @property
    def previous(self) -> str:
        return self.link(self.period.view, self.period.turned(-1))

    @property
    def next(self) -> str:
        return self.link(self.period.view, self.period.turned(1))

    @property
    def today(self) -> str:
        return self.link(self.period.view, timezone.localdate())

    @property
    def is_month(self) -> bool:
        return self.period.view == View.MONTH

    @property
    def is_week(self) -> bool:
        return self.period.view == View.WEEK

    @property
    def is_list(self) -> bool:
        return self.period.view == View.LIST

    @cached_property
    def page(self) -> Page[ClassSession]:
        """Of the list: its entries, each by its first session. Only slots can be one entry together."""
        on = TruncDate("starts_at")
        slots = ClassSession.objects.alias(on=on).filter(course=OuterRef("course"), on=OuterRef("on"))
        earlier = at_place_with(slots.filter(starts_at__lt=OuterRef("starts_at")), self.chosen)
        rows = self.rows.filter(starts_at__gte=midnight(self.period.first)).alias(on=on)
        heads = rows.filter(Q(course__by_slot=False) | ~Exists(earlier))
        return Paginator(named(heads), ROWS_A_PAGE).get_page(self.number)

    @cached_property
    def days(self) -> list[Day]:
        groups = self.groups_of_list() if self.is_list else self.groups_of_period()
        most = MOST.get(self.period.view, ROWS_A_PAGE)
        shown = {day: groups.get(day, []) for day in self.period.days or sorted(groups)}
        rows = [row for entries in shown.values() for entry in entries[:most] for row in entry]
        counts, marks = Counts(rows), marks_of(rows)
        days = self.blank_days(list(shown))
        for day in days:
            entries = shown[day.day]
            day.events = [self.event(entry, counts, marks) for entry in entries[:most]]
            day.more = len(entries) - len(day.events)
        self.mark_busy(days)
        return days

    @property
    def weeks(self) -> list[list[Day]]:
        return [self.days[start : start + 7] for start in range(0, len(self.days), 7)]

    @property
    def has_events(self) -> bool:
        return any(day.events for day in self.days)

    @property
    def has_hard(self) -> bool:
        return any(event.is_hard for day in self.days for event in day.events)

    @property
    def has_soft(self) -> bool:
        return not all(mark.is_hard for day in self.days for event in day.events for mark in event.marks)

    @property
    def legend(self) -> list[Place]:
        """The towns of the page, in their order."""
        held = {event.place.town.pk for day in self.days for event in day.events}
        return [place for key, place in self.places.items() if key in held]

    def groups_of_period(self) -> dict[date, list[list[ClassSession]]]:
        first, last = self.period.days[0], self.period.days[-1]
        between = Q(starts_at__gte=midnight(first), starts_at__lt=midnight(last + ONE_DAY))
        return by_day(named(self.rows.filter(between)))

    def groups_of_list(self) -> dict[date, list[list[ClassSession]]]:
        heads = list(self.page)
        slots = [row for row in heads if row.course.by_slot]
        if slots:
            span = Q(starts_at__gte=slots[0].starts_at, starts_at__lt=midnight(slots[-1].day + ONE_DAY))
            days = {(row.course_id, row.day) for row in slots}
            others = named(self.rows.filter(span, course__in={row.course_id for row in slots}))
            known = {row.pk for row in slots}
            heads += [row for row in others if row.pk not in known and (row.course_id, row.day) in days]
            heads.sort(key=lambda row: (row.starts_at, row.course_id, row.number))
        return by_day(heads)

    def blank_days(self, days: Sequence[date]) -> list[Day]:
        if not days:
            return []
        holidays = dict(jpholiday.between(days[0], days[-1]))
        closed = self.closing_days(days[0], days[-1])
        onward = View.WEEK if self.is_month else View.LIST
        month = self.period.day.month if self.is_month else None
        return [
            Day(
                day,
                self.link(onward, day),
                self.link(View.LIST, day),
                holidays.get(day, ""),
                closed.get(day, ""),
                is_out=month not in {None, day.month},
            )
            for day in days
        ]

    def closing_days(self, first: date, last: date) -> dict[date, str]:
        """Why the chosen venue is closed, or all venues of the chosen town; if none is chosen, of one's own."""
        if "venue" in self.chosen:
            venue = next(each for each in self.venues if each.pk == int(self.chosen["venue"]))
            closures = Closures([venue], first, last)
            every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            return {day: reason for day in every if (reason := closures.reason(venue, day))}
        town = int(self.chosen.get("town", self.town.pk))
        days = ClosingDay.objects.filter(municipality=town, venue=None, day__range=(first, last))
        return dict(days.values_list("day", "reason"))

    def mark_busy(self, days: Sequence[Day]) -> None:
        """When the chosen venue is taken by others; by whom is not said."""
        if "venue" not in self.chosen or not days:
            return
        first, last = midnight(days[0].day), midnight(days[-1].day + ONE_DAY)
        taken = BusyTime.objects.filter(
            calendar__venue=int(self.chosen["venue"]), starts_at__lt=last, ends_at__gt=first
        )
        times = list(taken.order_by("starts_at", "ends_at"))
        for day in days:
            start, end = midnight(day.day), midnight(day.day + ONE_DAY)
            day.busy = [
                busy_label(max(each.starts_at, start), min(each.ends_at, end), whole=(start, end))
                for each in times
                if each.starts_at < end and each.ends_at > start
            ]

    def event(self, entry: list[ClassSession], counts: Counts, marks: Mapping[int, Sequence[Mark]]) -> Event:
        entry = [row for row in entry if not is_off(row)] or entry
        course = entry[0].course
        state = state_of(entry)
        return Event(
            entry,
            self.places.get(course.host_id) or Place(course.host, "0"),
            self.url_of(entry[0]),
            state,
            None if is_off(entry[0]) or entry[-1].ends_at <= timezone.now() else counts.words_for(entry),
            counts.part_of(entry[0]),
            list(dict.fromkeys(mark for row in entry for mark in marks.get(row.pk, ()))),
        )

    def url_of(self, row: ClassSession) -> str:
        """The page of the day on the day itself, for those who stand there; else the page of the course."""
        member = self.membership
        runs_day = member.can_register and sees_names_of_others(member, row.course)
        if runs_day and row.day == timezone.localdate() and not is_off(row) and row.course.is_published:
            if row.course.by_slot:
                return reverse("sessions:consultations", args=[row.course_id])
            return reverse("sessions:day", args=[row.pk])
        return reverse("sessions:course", args=[row.course_id])


def programs_with_towns(town: Municipality) -> QuerySet[Program]:
    joined = Partnership.objects.joined().select_related("municipality")
    return (
        Program.objects.shared_with(town).select_related("lead").prefetch_related(Prefetch("partnerships", joined))
    )


def towns_of(programs: Iterable[Program]) -> list[Municipality]:
    """Each town once: the order of the newest programme, then who is met only in the others."""
    bodies = (
        body for each in programs for body in (each.lead, *(row.municipality for row in each.partnerships.all()))
    )
    return list({body.pk: body for body in bodies}.values())


def named(rows: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    return rows.select_related(
        "course__program", "course__host", "course__curriculum", "course__draw", "venue__municipality"
    )


def by_day(rows: Iterable[ClassSession]) -> dict[date, list[list[ClassSession]]]:
    """Entries of each day in order; the slots of a consultation day are one."""
    days: defaultdict[date, dict[tuple[int, int], list[ClassSession]]] = defaultdict(dict)
    for row in rows:
        key = (row.course_id, 0 if row.course.by_slot else row.pk)
        days[row.day].setdefault(key, []).append(row)
    return {day: list(entries.values()) for day, entries in days.items()}
