"""Calendar feeds: which sessions stand in which, and the seal that tells cheaply whether one has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Case, CharField, Count, Expression, Max, Q, QuerySet, StringAgg, Sum, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Timezone

from accounts.models import Municipality, User
from programs.models import Venue
from programs.sharing import programs_of
from sessions.event_texts import FORMAT, event_texts, stamp_of
from sessions.models import ClassSession, Course, StaffDuty

KEPT_CALLED_OFF = timedelta(days=60)
KEPT_HELD = timedelta(days=365)
ASK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Feed:
    """A calendar by name; `duties` are the labels of its reader's own duties by key of the session."""

    name: str
    sessions: QuerySet[ClassSession]
    courses: QuerySet[Course]
    duties: Mapping[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Seal:
    """The ETag changes with anything the feed says. `changed_at` is when a session last did: a venue that got
    another name does not move it, so nothing is decided by it."""

    etag: str
    changed_at: datetime | None


def town_feed(town: Municipality) -> Feed:
    """Everything the residents of a town may come to, for anybody."""
    with translation.override("ja"):
        name = _("Smartphone classes for residents of %(town)s") % {"town": town.name}
    courses = published([town]).filter(is_listed=True)
    return Feed(name, in_time().filter(course__in=courses), courses)


def own_feed(user: User) -> Feed:
    """What a member of staff needs to know of: the published classes of their towns, those held for a group too,
    and wherever they are down for a duty themselves, if only in a draft."""
    towns = list(Municipality.objects.staffed_by(user))
    duties = StaffDuty.objects.filter(user=user, municipality__in=towns)
    courses = published(towns) | Course.objects.filter(pk__in=duties.values("class_session__course"))
    sessions = in_time().filter(Q(course__in=published(towns)) | Q(pk__in=duties.values("class_session")))
    labels: dict[int, list[str]] = {}
    with translation.override("ja"):
        name = _("Classes of %(towns)s, for %(name)s")
        name %= {"towns": _(", ").join(town.name for town in towns), "name": user}
        for duty in duties.filter(class_session__in=sessions).order_by("class_session", "pk"):
            labels.setdefault(duty.class_session_id, []).append(duty.get_duty_display())
    return Feed(name, sessions, courses, labels)


def published(towns: Sequence[Municipality]) -> QuerySet[Course]:
    """Courses of the programmes that one of the towns leads or takes part in, and those that one of them holds."""
    programs = {pk for town in towns for pk in programs_of(town).values_list("pk", flat=True)}
    return Course.objects.filter(Q(program__in=programs) | Q(host__in=towns), published_at__isnull=False)


def in_time() -> QuerySet[ClassSession]:
    """Sessions to come and of the last year; those called off for 60 days, so that every client learns of it."""
    now = timezone.now()
    held = Q(cancelled_at=None, ends_at__gt=now - KEPT_HELD)
    return ClassSession.objects.filter(held | Q(cancelled_at__gt=now - KEPT_CALLED_OFF))


def seal_of(feed: Feed) -> Seal:
    """A few queries that read no event. Sums and counts see every change, even one that was begun before and
    committed after another; the latest time alone would not."""
    sessions = feed.sessions.aggregate(
        count=Count("pk"), keys=Sum("pk"), sequences=Sum("sequence"), changed_at=Max("changed_at")
    )
    code = Case(When(code_released_at=None, then="code"), default=Value("-"))
    courses = feed.courses.order_by().aggregate(
        count=Count("pk"), published=Count("published_at"), titles=together("title"), codes=together(code)
    )
    texts = {name: together(name) for name in ("name", "room", "address", "municipality__name")}
    points = {name: together(as_text(name)) for name in ("latitude", "longitude")}
    towns = Municipality.objects.exclude(phone="").order_by("pk").values_list("name", "office", "phone", "hours")
    facts = (
        *(FORMAT, settings.PUBLIC_BASE_URL, feed.name, sorted(feed.duties.items()), list(towns)),
        *sessions.values(),
        *courses.values(),
        *Venue.objects.order_by().aggregate(**texts, **points).values(),
    )
    return Seal(f'"{stamp_of(*facts)}"', sessions["changed_at"])


def together(column: str | Expression) -> StringAgg:
    """A column of all rows in one text: what takes a database no time takes Python some."""
    # SQLite may be too old to be told the order, but goes by the key then.
    ordered = "pk" if connection.features.supports_aggregate_order_by_clause else None
    return StringAgg(column, delimiter=Value("\x1e"), order_by=ordered)


def as_text(name: str) -> Expression:
    return Coalesce(Cast(name, CharField()), Value("-"))


def write_feed(feed: Feed) -> bytes:
    """The feed as a file. Its words are Japanese, whoever asks."""
    with translation.override("ja"):
        calendar = Calendar()
        calendar.add("prodid", "-//Engawa//Engawa//JA")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("name", feed.name)
        calendar.add("x-wr-calname", feed.name)
        calendar.add("x-wr-timezone", "Asia/Tokyo")
        calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
        calendar.add_component(Timezone.from_tzid("Asia/Tokyo"))
        head, end, rest = calendar.to_ical().decode().partition("END:VCALENDAR")
        return "".join([head, *event_texts(feed.sessions, feed.duties), end, rest]).encode()
