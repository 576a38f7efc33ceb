"""What every request passes: which town a member of staff is working for, and addresses nobody can mean."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

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


class NoNulMiddleware:
    """An address with a NUL in it names no page: PostgreSQL refuses the character, and nobody types it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)
