"""The secret address of somebody's own calendar feed: made, made anew, found again."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from sessions.models import FeedToken
from sessions.models.calendars import new_token

NOTED_EVERY = timedelta(hours=1)


def make_token(user: User) -> FeedToken:
    """Give somebody an address for their feed. The old one, if there was one, opens nothing any more."""
    with transaction.atomic():
        fresh = {"token": new_token(), "made_at": timezone.now(), "last_used_at": None}
        found, is_first = FeedToken.objects.update_or_create(user=user, defaults=fresh)
        audit.record("feed.made" if is_first else "feed.reset", found, by=user)
    return found


def close_token(user: User) -> bool:
    """Take the address away for good. False if there was none."""
    with transaction.atomic():
        found = FeedToken.objects.select_for_update().filter(user=user).first()
        if found is None:
            return False
        audit.record("feed.closed", found, by=user)
        found.delete()
    return True


def find_token(token: str) -> FeedToken | None:
    """The feed that an address opens: of somebody who still works for a town."""
    tokens = FeedToken.objects.filter(token=token, user__is_active=True, user__memberships__isnull=False)
    return tokens.select_related("user").distinct().first()


def note_use(token: FeedToken) -> None:
    """Write down that the address was asked for, at most once an hour."""
    now = timezone.now()
    is_old = models.Q(last_used_at=None) | models.Q(last_used_at__lt=now - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        FeedToken.objects.filter(is_old, pk=token.pk).update(last_used_at=now)
