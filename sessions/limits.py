"""How often one connection may apply for one class on the web.

Town halls, clubs and families share a connection, so the limit is generous: it stops a script that takes all the
seats, not a helper with a list. Each web process counts for itself.
"""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from sessions.models import Course

MOST = 30
WITHIN = timedelta(hours=1)


def applies_too_often(request: HttpRequest, course: Course) -> bool:
    """Count one more application; true from the first that is one too many until the time is over."""
    key = f"applying:{course.pk}:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, WITHIN.total_seconds())
    try:
        return cache.incr(key) > MOST
    except ValueError:  # the time was over just now
        return False
