"""Calendars that leave the house as feeds, and calendars that come in as busy times."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models import Venue
from sessions.models.courses import ClassSession


def new_token() -> str:
    """43 characters out of 32 random bytes: nobody guesses it, and it says nothing about whose it is."""
    return secrets.token_urlsafe(32)


class EventText(models.Model):
    """A session as it stands in calendar feeds, kept because writing it anew is slow. It is served only while
    `stamp` is the stamp of the facts as they are now."""

    class_session = models.OneToOneField(ClassSession, on_delete=models.CASCADE, related_name="event_text")
    stamp = models.CharField(max_length=32)
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.class_session_id} {self.stamp}"


class FeedToken(models.Model):
    """The secret in the address of somebody's own calendar feed. It opens that feed and nothing else."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="feed_token")
    token = models.CharField(max_length=43, unique=True, default=new_token)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user}"


class BusyCalendar(models.Model):
    """A calendar file that says when a venue, or a person, is not free. Only the times of it are kept."""

    venue = models.ForeignKey(
        Venue, on_delete=models.CASCADE, null=True, blank=True, related_name="busy_calendars"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="busy_calendars")
    name = models.CharField(_("name"), max_length=60)
    checksum = models.CharField(max_length=64)
    known_until = models.DateField(help_text="Repetitions are worked out up to this day.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(venue__isnull=True, user__isnull=False) | Q(venue__isnull=False, user__isnull=True),
                name="busy_calendar_is_of_one",
            ),
            models.UniqueConstraint(fields=["venue", "name"], name="busy_calendar_once_per_venue"),
            models.UniqueConstraint(fields=["user", "name"], name="busy_calendar_once_per_user"),
        ]

    def __str__(self) -> str:
        return self.name


class BusyTime(models.Model):
    """From when to when a busy calendar is taken; half-open, as sessions are."""

    calendar = models.ForeignKey(BusyCalendar, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "ends_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="busy_time_ends_after_start")
        ]
        indexes = [models.Index(fields=["calendar", "starts_at"], name="busy_time_by_calendar")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
