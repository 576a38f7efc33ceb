"""Planning and publishing the classes of the season through the verbs, at the time the town would have."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.demo.clock import at
from config.demo.days import DAY, moment, open_day
from config.demo.entry import Entry
from config.demo.season import SEASON
from config.demo.towns import Places
from programs.models import Allocation
from sessions.models import Course
from sessions.planning import Plan, Problem, plan_course, publish

MOST_MOVES = 20


@dataclass(frozen=True)
class Dates:
    opens_at: datetime
    closes_at: datetime
    release_at: datetime | None
    times: list[tuple[datetime, datetime]]


def plan_season(places: Places, today: date) -> dict[str, Course]:
    """Every course by its key; those of the past are planned as if they lay ahead."""
    return {entry.key: plan_entry(entry, places, today) for entry in SEASON}


def plan_entry(entry: Entry, places: Places, today: date) -> Course:
    """Plan a course on its day, or on the next one on which the hall is free."""
    step = -1 if entry.offset < 0 else 1
    first = open_day(today + entry.offset * DAY, step)
    for _n in range(MOST_MOVES):
        dates = dates_of(entry, places, first, today)
        host = places.towns[entry.host]
        by = places.staff_of(host)
        with at(dates.opens_at - 2 * DAY):
            course = plan_course(plan_of(entry, places, dates), by=by)
            if isinstance(course, Course):
                # The number on the demo's leaflets, instead of one drawn at random.
                Course.objects.filter(pk=course.pk).update(code=entry.code)
                if not entry.is_draft:
                    publish(course, by=by)
                return Course.objects.select_related("program__lead", "host", "line").get(pk=course.pk)
        if course is not Problem.VENUE_TAKEN:
            raise ValueError(f"{entry.key}: {course.value}")
        first = open_day(first + step * DAY, step)
    raise ValueError(f"{entry.key}: no free day")


def dates_of(entry: Entry, places: Places, first: date, today: date) -> Dates:
    minutes = places.curricula[entry.curriculum].minutes
    count = entry.slots or places.curricula[entry.curriculum].session_count
    times = []
    for n in range(count):
        day = first if entry.slots else open_day(first + n * entry.every * DAY)
        start = moment(day, entry.hour, entry.minute)
        start += timedelta(minutes=minutes * n) if entry.slots else timedelta()
        times.append((start, start + timedelta(minutes=minutes)))
    opens_on = open_day(first - entry.opened * DAY, -1)
    if not entry.opens_later:
        opens_on = min(opens_on, open_day(today - 3 * DAY, -1))
    return Dates(
        opens_at=moment(opens_on, 9),
        closes_at=moment(open_day(first - entry.closed * DAY, -1), 17),
        release_at=moment(first - entry.releases * DAY, 9) if entry.quotas else None,
        times=times,
    )


def plan_of(entry: Entry, places: Places, dates: Dates) -> Plan:
    return Plan(
        program=places.programs[entry.program],
        curriculum=places.curricula[entry.curriculum],
        host=places.towns[entry.host],
        venue=places.venues[entry.venue],
        title=places.curricula[entry.curriculum].title,
        capacity=entry.capacity,
        allocation=Allocation.LOTTERY if entry.is_lottery else Allocation.FIRST_COME,
        opens_at=dates.opens_at,
        closes_at=dates.closes_at,
        times=dates.times,
        quotas={places.towns[code]: seats for code, seats in entry.quotas.items()},
        quota_release_at=dates.release_at,
        by_slot=bool(entry.slots),
    )
