"""Of what needs a hand today: lotteries to be drawn. And how many have applied to a class, before and after."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import date_label
from accounts.models import Municipality
from phone.today_parts import Group, Row, some_of
from sessions.models import Course, Registration

APPLIED = Registration.State.APPLIED
PRESSING = timedelta(days=7)


def draws(town: Municipality) -> Group:
    """Lotteries that the town holds or leads whose applications are closed, until their result is published."""
    in_draw = Count("registrations", filter=Q(registrations__state=APPLIED))
    due = Course.objects.editable_by(town).to_be_drawn().annotate(people=in_draw)
    rows = due.filter(Q(people__gt=0) | Q(draw__isnull=False)).order_by("starts_at", "pk")
    found, count = some_of(rows)
    shown = [row_of(each, each.people) for each in found]  # type: ignore[attr-defined]  # annotated
    return Group("draws", "ok", _("Draws to hold"), count, shown)


def row_of(course: Course, people: int) -> Row:
    days = (timezone.localtime(course.starts_at).date() - timezone.localdate()).days
    return Row(
        when=date_label(course.starts_at),
        small=_("%(days)s days left") % {"days": days},
        title=course.title,
        detail=_("%(people)s people for %(capacity)s seats") % {"people": people, "capacity": course.capacity},
        url=reverse("sessions:draw", args=[course.pk]),
        act=_("To the draw"),
        is_late=course.starts_at < timezone.now() + PRESSING,
    )


def applications(courses: Sequence[Course]) -> Counter[int]:
    """By course key, how many have a seat or an offer, or before a draw, have applied to it."""
    rows = Registration.objects.filter(course__in=courses, state__in=[*Registration.SEATED, APPLIED])
    return Counter(dict(rows.values_list("course").annotate(Count("pk")).order_by()))
