"""Days on which public halls are open, and hours at which people telephone."""

import random
from datetime import date, datetime, time, timedelta

import jpholiday
from django.utils import timezone

from messaging.waking import add_waking_hours, is_waking_day

DAY = timedelta(days=1)
NEW_YEAR = {(12, 28), (12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3), (1, 4)}


def is_open(day: date) -> bool:
    """Monday to Friday, no national holiday, not over New Year."""
    return day.weekday() < 5 and not jpholiday.is_holiday(day) and (day.month, day.day) not in NEW_YEAR


def open_day(day: date, step: int = 1) -> date:
    """The day itself, or the nearest open one after it (before it with `step=-1`)."""
    while not is_open(day):
        day += step * DAY
    return day


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def some_time(wanted: datetime, *, earliest: datetime, latest: datetime, dice: random.Random) -> datetime:
    """A moment in office hours on the day of `wanted`, or on the nearest working day that lies in between."""
    hour, minute = dice.randrange(9, 17), dice.randrange(60)
    first = timezone.localdate(wanted)
    back = (timezone.localdate(wanted) - timezone.localdate(earliest)).days
    days = [first - n * DAY for n in range(back + 1)] + [first + n * DAY for n in range(1, 8)]
    for day in days:
        found = moment(day, hour, minute)
        if earliest <= found <= latest and is_waking_day(found):
            return found
    return min(max(wanted, earliest), latest)


def offered_to_end_soon(now: datetime, hours: int) -> datetime:
    """When an offer of so many waking hours was made if its deadline comes next, an hour from now or later."""
    made = now
    while True:
        earlier = made - timedelta(minutes=30)
        if add_waking_hours(earlier, hours) < now + timedelta(hours=1):
            return made
        made = earlier
