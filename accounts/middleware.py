"""Which town a member of staff is working for in this request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.models import Membership, User

TOWN_KEY = "town"


class StaffRequest(HttpRequest):
    """A request that passed `staff_page`: it has a user and the membership they act under."""

    user: User
    memberships: list[Membership]
    membership: Membership


class CurrentTownMiddleware:
    """Puts `memberships` (all of the user's) and `membership` (the one chosen, or the first) on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        memberships: list[Membership] = []
        if request.user.is_authenticated:
            memberships = list(request.user.memberships.select_related("municipality"))
        chosen = request.session.get(TOWN_KEY) if memberships else None
        request.memberships = memberships  # type: ignore[attr-defined]  # declared by StaffRequest
        request.membership = next(  # type: ignore[attr-defined]  # declared by StaffRequest
            (m for m in memberships if m.municipality_id == chosen), memberships[0] if memberships else None
        )
        return self.get_response(request)
