"""What needs a hand today, in one town: read from the rows that other acts left open."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import date_label
from accounts.models import Membership, Municipality
from accounts.phone_format import format_number
from messaging.models import TOLD, Heartbeat, Message, State
from participants.models import Channel
from phone.models import Conversation
from phone.today_changes import not_reached, to_hold_together
from phone.today_draws import applications, draws
from phone.today_parts import SHOWN, Group, Row, moment, some_of
from phone.today_sessions import held_today, unknown_attendance
from sessions.attendance import recent_sessions
from sessions.models import ClassSession, Course, Notice, Refusal, Registration, SeatOffer

NEAR = timedelta(days=21)
SILENT = timedelta(minutes=3)


@dataclass(frozen=True)
class Today:
    groups: list[Group]
    sessions: list[tuple[ClassSession, Course]]
    figures: list[tuple[str, str, str]]
    deadlines: list[tuple[datetime, str]]
    worker_is_silent: bool
    count: int = field(default=0)


def today_of(membership: Membership) -> Today:
    town = membership.municipality
    courses, recent = list(near_courses(town)), recent_sessions(town)
    groups = [few_registrations(courses, town)]
    if membership.can_coordinate:
        groups = [draws(town), *groups, to_hold_together(town)]
    if membership.can_see_people:
        groups = [not_reached(town), call_backs(town), offers(town), calls(town), lost_messages(town), *groups]
    if membership.can_register:
        groups.append(unknown_attendance(recent, town))
    groups = [group for group in groups if group.count]
    return Today(
        groups=groups,
        sessions=held_today(recent),
        figures=week_figures(town) if membership.can_see_people else [],
        deadlines=deadlines(courses),
        worker_is_silent=worker_is_silent(),
        count=sum(group.count for group in groups),
    )


def call_backs(town: Municipality) -> Group:
    rows = Conversation.objects.visible_to(town).needing_staff().order_by("handed_over_at")
    found = list(rows[:SHOWN])
    return Group(
        "call-backs",
        "phone",
        _("Calls to return"),
        len(found) if len(found) < SHOWN else rows.count(),
        [
            Row(
                when=moment(each.handed_over_at or timezone.now()),
                small="",
                title=format_number(each.number),
                detail=each.reason_label,
                url=reverse("phone:thread", args=[each.pk]),
                act=_("See the texts"),
                is_late=(each.handed_over_at or timezone.now()) < timezone.now() - timedelta(hours=4),
            )
            for each in found
        ],
        reverse("phone:threads"),
    )


def offers(town: Municipality) -> Group:
    rows = (
        SeatOffer.objects.filter(answer=SeatOffer.Answer.OPEN, registration__municipality=town)
        .select_related("registration__participant", "registration__course")
        .order_by("deadline_at", "pk")
    )
    found, count = some_of(rows)
    now = timezone.now()
    return Group(
        "offers",
        "clock",
        _("Offers of a seat that run out"),
        count,
        [
            Row(
                when=moment_ahead(each.deadline_at),
                small=left(each.deadline_at - now),
                title=str(each.registration.participant),
                detail=f"{each.registration.course.title} {date_label(each.registration.course.starts_at)}",
                url=reverse("sessions:course", args=[each.registration.course_id]),
                act=_("Enter the answer"),
                is_late=each.deadline_at - now < timedelta(hours=3),
            )
            for each in found
        ],
    )


def moment_ahead(at: datetime) -> str:
    local = timezone.localtime(at)
    day = _("Today") if local.date() == timezone.localdate() else date_label(local.date())
    return f"{day} {local.hour}:{local.minute:02d}"


def left(rest: timedelta) -> str:
    hours, minutes = divmod(max(0, int(rest.total_seconds() // 60)), 60)
    if hours >= 48:
        return _("%(days)s days left") % {"days": hours // 24}
    return _("%(hours)s hours %(minutes)s minutes left") % {"hours": hours, "minutes": minutes}


def calls(town: Municipality) -> Group:
    rows = (
        Notice.objects.to_do_by_hand()
        .filter(registration__municipality=town)
        .exclude(kind=Notice.Kind.OFFERED)
        .select_related("registration__participant", "registration__course", "message")
        .by_urgency()
    )
    found, count = some_of(rows)
    return Group(
        "calls",
        "hand",
        _("People to call or write to"),
        count,
        [
            Row(
                when=date_label(each.tell_by),
                small=_("at the latest"),
                title=str(each.registration.participant),
                detail=" ".join(
                    filter(
                        None,
                        [
                            each.get_kind_display(),
                            each.registration.course.title,
                            _("The SMS did not arrive.") if each.message_id else "",
                        ],
                    )
                ),
                url=reverse("sessions:calls"),
                act=_("Write a postcard") if each.rung == Notice.Rung.POSTCARD else _("Call"),
                is_late=each.tell_by < timezone.now() + timedelta(days=1),
            )
            for each in found
        ],
        reverse("sessions:calls"),
    )


def lost_messages(town: Municipality) -> Group:
    """Messages nobody knows the end of: they stand on no call list."""
    rows = Message.objects.filter(
        municipality=town,
        state__in=[State.UNCERTAIN, State.REVIEW, State.HELD, State.FAILED],
        created_at__gt=timezone.now() - timedelta(days=7),
        notice=None,
    ).order_by("-pk")
    found, count = some_of(rows)
    return Group(
        "lost",
        "sms",
        _("Messages that did not arrive"),
        count,
        [
            Row(
                when=moment(each.created_at),
                small="",
                title=format_number(each.to),
                detail=f"{each.get_state_display()} {each.error_code}".strip(),
                url=reverse("phone:threads"),
                act=_("See the texts"),
            )
            for each in found
        ],
    )


def near_courses(town: Municipality) -> Iterable[Course]:
    return (
        Course.objects.visible_to(town)
        .upcoming()
        .filter(starts_at__lt=timezone.now() + NEAR)
        .select_related("host")
        .order_by("starts_at", "pk")[:200]
    )


def few_registrations(courses: list[Course], town: Municipality) -> Group:
    """Classes held by the town that begin within three weeks with less than half of their seats taken."""
    own = [c for c in courses if c.host_id == town.pk and c.is_listed and not c.has_started]
    taken = applications(own)
    empty = [course for course in own if taken[course.pk] * 2 < course.capacity]
    today = timezone.localdate()
    return Group(
        "few",
        "people",
        _("Classes with few registrations"),
        len(empty),
        [
            Row(
                when=date_label(course.starts_at),
                small=_("%(days)s days left")
                % {"days": (timezone.localtime(course.starts_at).date() - today).days},
                title=course.title,
                detail=_("%(taken)s of %(capacity)s seats")
                % {"taken": taken[course.pk], "capacity": course.capacity},
                url=reverse("sessions:course", args=[course.pk]),
                act=_("See the class"),
            )
            for course in empty[:SHOWN]
        ],
    )


def week_figures(town: Municipality) -> list[tuple[str, str, str]]:
    """(name, figure, remark) of the last seven days; persons where it says persons."""
    since = timezone.now() - timedelta(days=7)
    channels = Counter(
        dict(
            Registration.objects.of(town)
            .filter(applied_at__gte=since)
            .values_list("channel")
            .annotate(Count("pk"))
            .order_by()
        )
    )
    refused = Refusal.objects.filter(municipality=town, at__gte=since).count()
    waiting = (
        Registration.objects.of(town)
        .filter(state=Registration.State.WAITING)
        .values("participant")
        .distinct()
        .count()
    )
    states = dict(
        Message.objects.filter(municipality=town, created_at__gte=since)
        .exclude(state__in=[State.CANCELLED, State.QUEUED])
        .values_list("state")
        .annotate(Count("pk"))
        .order_by()
    )
    told = sum(count for state, count in states.items() if state in TOLD)
    ways = _(", ").join(f"{Channel(channel).label} {count}" for channel, count in channels.most_common(3))
    return [
        (_("Applications"), _("%(count)s items") % {"count": channels.total()}, ways),
        (_("Refused"), _("%(count)s items") % {"count": refused}, _("full, closed or another town")),
        (_("People waiting"), _("%(count)s people") % {"count": waiting}, _("persons")),
        (_("Messages delivered"), f"{told}/{sum(states.values())}", _("in seven days")),
    ]


def deadlines(courses: list[Course]) -> list[tuple[datetime, str]]:
    """What falls due by itself in the coming days."""
    now = timezone.now()
    found = []
    for course in courses:
        if course.quota_release_at and course.quota_release_at > now:
            found.append((course.quota_release_at, _("Seats released: %(title)s") % {"title": course.title}))
        if course.takes_until > now:
            found.append((course.takes_until, _("Applications close: %(title)s") % {"title": course.title}))
    return sorted(found)[:5]


def worker_is_silent() -> bool:
    """Whether messages have stopped leaving the house."""
    last = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
    return last is None or last < timezone.now() - SILENT
