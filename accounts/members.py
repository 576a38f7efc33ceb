"""Who works for a town, in which role. An administrator touches only the memberships of their own town."""

from collections.abc import Iterable

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Membership, Municipality, Role, User


class Problem(models.TextChoices):
    """Why a member cannot be added, changed or removed: one plain sentence each."""

    ALREADY = "already", _("This person is already a member.")
    LAST_ADMIN = "last_admin", _("A town needs at least one administrator. Name another one first.")
    OTHER_TOWNS = "other_towns", _("This person works for other towns too. Their own password stays as it is.")


def add_member(
    municipality: Municipality, *, username: str, name: str, role: Role, password: str, by: User
) -> Membership | Problem:
    """Give somebody a role here. A user name that exists already (of another town) keeps its name and password."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username__iexact=username).first()
        if user is None:
            user = User.objects.create_user(username=username, password=password, name=name)
        elif municipality.memberships.filter(user=user).exists():
            return Problem.ALREADY
        membership = Membership.objects.create(user=user, municipality=municipality, role=role)
        audit.record("member.added", membership, by=by, municipality=municipality, role=role)
    return membership


def change_role(membership: Membership, *, role: Role, by: User) -> Membership | Problem:
    with transaction.atomic():
        admins = lock_admins(membership.municipality)
        if role != Role.ADMIN and is_last(membership, admins):
            return Problem.LAST_ADMIN
        membership.role = role
        membership.save(update_fields=["role"])
        audit.record("member.role_changed", membership, by=by, municipality=membership.municipality, role=role)
    return membership


def remove_member(membership: Membership, *, by: User) -> Membership | Problem:
    """End somebody's work for the town; what they did stays on record under their name."""
    with transaction.atomic():
        if is_last(membership, lock_admins(membership.municipality)):
            return Problem.LAST_ADMIN
        audit.record("member.removed", membership, by=by, municipality=membership.municipality)
        membership.delete()
    return membership


def set_password(membership: Membership, *, password: str, by: User) -> Membership | Problem:
    """Set a new password for somebody who forgot theirs; not for a person of another town's trust."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=membership.user_id)
        if user.memberships.exclude(municipality=membership.municipality).exists():
            return Problem.OTHER_TOWNS
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.record("member.password_set", membership, by=by, municipality=membership.municipality)
    return membership


def lock_admins(municipality: Municipality) -> list[Membership]:
    return list(Membership.objects.select_for_update().filter(municipality=municipality, role=Role.ADMIN))


def is_last(membership: Membership, admins: Iterable[Membership]) -> bool:
    return [admin.pk for admin in admins] == [membership.pk]
