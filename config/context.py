"""The menu of the staff pages: only what the current membership may open."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership


@dataclass(frozen=True)
class NavItem:
    url: str
    icon: str
    label: str
    is_current: bool
    count: int = 0
    key: str = ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or not request.path.startswith(("/staff/", "/simulator/", "/accounts/")):
        return {"nav_items": []}
    may_practise = settings.MESSAGING_BACKEND == "simulator" and membership.can_register
    entries = [("phone:today", "home", _("Today"), "", True)]
    entries += [
        ("desk:desk", "phone", _("Telephone desk"), "F2", membership.can_register),
        ("sessions:courses", "book", _("Classes"), "", True),
        ("sessions:calendar", "cal", _("Calendar"), "", True),
        ("sessions:outreach_list", "car", _("Requests of groups"), "", True),
        ("participants:people", "people", _("Participants"), "", membership.can_see_people),
        ("sessions:calls", "hand", _("Calls to make"), "", membership.can_see_people),
        ("phone:threads", "sms", _("Messages"), "", membership.can_see_people),
        ("programs:programs", "cal", _("Programmes"), "", True),
        ("programs:venues", "pin", _("Venues"), "", True),
        ("phone:simulator", "sms", _("Practice telephone"), "", may_practise),
        ("accounts:settings", "gear", _("Settings"), "", membership.can_administer),
    ]
    items = [
        NavItem(url, icon, label, is_current(request.path, url), key=key)
        for name, icon, label, key, is_shown in entries
        if is_shown
        for url in [reverse(name)]
    ]
    return {"nav_items": items}


def is_current(path: str, url: str) -> bool:
    return path == url if url == "/staff/" else path.startswith(url)
