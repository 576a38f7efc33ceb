"""What happens in the season, in the order of time: people apply, staff call, the worker works."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from accounts.models import User
from config.demo.clock import at
from config.demo.days import DAY, moment, offered_to_end_soon, some_time
from config.demo.entry import Entry
from config.demo.people import People
from config.demo.season import SEASON
from config.demo.towns import Places
from config.worker import work_once
from messaging.models import Message, State
from messaging.sending import send_due
from messaging.waking import is_waking_day
from participants.models import BY_HAND, Channel, Participant
from sessions.calls import CallResult, record_call
from sessions.models import ClassSession, Course, Notice, Registration
from sessions.registration import register

HOUR = timedelta(hours=1)
GIVEN_BACK_LATE = ("S-05", "mikawa-first")  # where a seat came free a moment ago


@dataclass
class Story:
    """Events by time; `play` lets each happen at its moment, and the worker and the callers at theirs."""

    places: Places
    people: People
    courses: dict[str, Course]
    now: datetime
    dice: random.Random
    events: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    def happens(self, when: datetime, event: Callable[[], object]) -> None:
        """Note an event; what would lie ahead of now is left out."""
        if when < self.now:
            self.events.append((when, len(self.events), event))

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def late_seat_at(self) -> datetime:
        """When the seats came free that are offered until soon."""
        return offered_to_end_soon(self.now, hours=9)

    def ago(self, days: float, *, after: datetime | None = None) -> datetime:
        """A moment in office hours about so many days ago."""
        wanted = self.now - timedelta(days=days)
        earliest = after or wanted - 9 * DAY
        return some_time(wanted, earliest=earliest, latest=self.now - HOUR / 4, dice=self.dice)

    def staff_for(self, person: Participant, channel: Channel) -> User | None:
        return self.places.coordinators.get(person.municipality.code) if channel in BY_HAND else None

    def registration(self, key: str, person: Participant) -> Registration:
        rows = self.courses[key].registrations.select_related("participant", "course")
        return rows.filter(participant=person).latest("pk")

    def apply(self, key: str, people: list[Participant], channel: Channel | None = None) -> None:
        """Register people who come together, at a consultation day in the first slot still free."""
        course, first = self.courses[key], people[0]
        way = channel or self.people.channels[first.pk]
        taken = course.registrations.live().exclude(class_session=None).values("class_session")
        slot = course.class_sessions.exclude(pk__in=taken).first() if course.by_slot else None
        register(
            course,
            people,
            channel=way,
            by=self.staff_for(first, way),
            class_session=slot,
            proxy="ご家族" if way == Channel.PROXY else "",
        )

    def play(self) -> None:
        for when, _serial, event in sorted(self.events, key=lambda noted: noted[:2]):
            with at(when):
                event()
                if Message.objects.filter(state=State.QUEUED, not_before__lte=when).exists():
                    send_due()


def applications(story: Story, entry: Entry, used: dict[str, int]) -> None:
    """Everybody of an entry applies between its opening and now, in the order it states."""
    course = story.courses[entry.key]
    latest = min(story.now - HOUR / 2 - entry.settled * DAY, course.closes_at)
    if entry.key in GIVEN_BACK_LATE:
        latest = min(latest, story.late_seat_at - HOUR)
    tickets = [
        *neighbours(story, entry.fill, used),
        *([story.people.cast[key] for key in names.split("+")] for names in entry.comes),
        *neighbours(story, entry.late, used),
    ]
    span = latest - course.opens_at
    moments = sorted(
        some_time(
            course.opens_at + span * (n + 0.5) / len(tickets),
            earliest=course.opens_at,
            latest=latest,
            dice=story.dice,
        )
        for n in range(len(tickets))
    )
    for when, people in zip(moments, tickets, strict=True):
        story.happens(when, partial(story.apply, entry.key, people))


def neighbours(story: Story, wanted: dict[str, int], used: dict[str, int]) -> list[list[Participant]]:
    """Take people of the towns in turn, so that most of them come to more than one class; mixed by town."""
    found = []
    for code, count in wanted.items():
        pool = story.people.neighbours[code]
        for _n in range(count):
            found.append([pool[used.get(code, 0) % len(pool)]])
            used[code] = used.get(code, 0) + 1
    story.dice.shuffle(found)
    return found


def working_days(story: Story, first: date) -> None:
    """The worker looks at the rows on days on which a reminder falls due, and daily of late; staff call in the
    afternoon. (A real worker never sleeps: the days left out have nothing for it to do.)"""
    days_before = story.places.programs["gunma"].reminder_days
    due = {session.day - n * DAY for session in ClassSession.objects.all() for n in days_before}
    day = first
    while day <= story.today:
        if day in due or day > story.today - 9 * DAY:
            story.happens(moment(day, 10, 5), work_once)
        if day < story.today - DAY and is_waking_day(moment(day, 15)):
            story.happens(moment(day, 15), partial(make_calls, story))
        day += DAY


def make_calls(story: Story) -> None:
    """Staff work through the list, but for what came up since yesterday noon."""
    old = Notice.objects.to_do_by_hand().filter(due_at__lt=timezone.now() - 20 * HOUR)
    for notice in old.select_related("registration__municipality"):
        result = CallResult.POSTED if notice.rung == Notice.Rung.POSTCARD else CallResult.TOLD
        record_call(notice, result, by=story.places.staff_of(notice.registration.municipality))


def season(story: Story) -> None:
    used: dict[str, int] = {}
    for entry in SEASON:
        if not (entry.is_draft or entry.opens_later):
            applications(story, entry, used)
    first = min(course.opens_at for course in story.courses.values())
    working_days(story, timezone.localdate(first))
