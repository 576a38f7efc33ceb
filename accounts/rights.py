"""Who may open a page: default deny, scope before role (docs/architecture.md)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.middleware import StaffRequest
from accounts.models import Membership

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


class Right(Protocol):
    def __call__(self, membership: Membership, /) -> bool: ...


def work_here(membership: Membership) -> bool:
    return True


def see_people(membership: Membership) -> bool:
    return membership.can_see_people


def register(membership: Membership) -> bool:
    return membership.can_register


def coordinate(membership: Membership) -> bool:
    return membership.can_coordinate


def handle_lists(membership: Membership) -> bool:
    """Whole lists of people, in or out."""
    return membership.can_export


def administer(membership: Membership) -> bool:
    return membership.can_administer


def staff_page(
    right: Right = work_here,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], R]],
    Callable[Concatenate[HttpRequest, P], R],
]:
    """A page for members of a municipality whose current membership has `right`; others get 403."""

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], R]:
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
            membership: Membership | None = getattr(request, "membership", None)
            if membership is None or not right(membership):
                raise PermissionDenied
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # membership is set: a StaffRequest

        page.right = right  # type: ignore[attr-defined]  # read by the test of the permission matrix
        return page

    return decorate
