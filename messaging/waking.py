"""Hours at which one may ring or text somebody, in Japan's time."""

from datetime import datetime, time, timedelta

import jpholiday
from django.utils import timezone

OPENS, CLOSES = time(9), time(18)
LATEST = time(20)


def is_waking_day(moment: datetime) -> bool:
    """Monday to Saturday, no national holiday."""
    day = timezone.localdate(moment)
    return day.weekday() != 6 and not jpholiday.is_holiday(day)


def add_waking_hours(start: datetime, hours: int) -> datetime:
    """The moment by which `hours` hours between 9:00 and 18:00 of waking days have passed since `start`."""
    left = timedelta(hours=hours)
    moment = timezone.localtime(start)
    while True:
        opens = moment.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
        closes = opens.replace(hour=CLOSES.hour)
        if is_waking_day(moment) and moment < closes:
            begin = max(moment, opens)
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
        moment = opens + timedelta(days=1)


def not_in_the_night(moment: datetime) -> datetime:
    """`moment`, or 9:00 of the next morning if it lies between 20:00 and 9:00."""
    local = timezone.localtime(moment)
    morning = local.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
    if local.time() >= LATEST:
        return morning + timedelta(days=1)
    return max(local, morning)
