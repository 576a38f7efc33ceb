"""What every page's frame shows: the town, the towns one may switch to, the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Membership


def frame(request: HttpRequest) -> dict[str, Any]:
    membership: Membership | None = getattr(request, "membership", None)
    return {
        "memberships": getattr(request, "memberships", []),
        "membership": membership,
        "town": membership.municipality if membership else None,
        "simulator_is_on": settings.MESSAGING_BACKEND == "simulator",
    }
