"""Of what needs a hand today: people who do not know yet that a class is off, and classes nearly empty."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import date_label
from accounts.models import Municipality
from phone.today_parts import SHOWN, Group, Row
from sessions.proposing import Proposal, may_merge, proposals
from sessions.reaching import waiting_broadcasts


def not_reached(town: Municipality) -> Group:
    """Announcements of classes called off that have not reached everybody."""
    found = waiting_broadcasts(town)
    return Group(
        "not-reached",
        "warn",
        _("People who do not know yet that a class is off"),
        sum(people for _key, _reason, people in found),
        [
            Row(
                when=_("%(count)s people") % {"count": people},
                small="",
                title=reason,
                detail=_("not yet reached"),
                url=reverse("sessions:broadcast_reach", args=[key]),
                act=_("See whom"),
                is_late=True,
            )
            for key, reason, people in found[:SHOWN]
        ],
    )


def to_hold_together(town: Municipality) -> Group:
    """Classes nearly empty that could be one, the most pressing first."""
    found = proposals(town)
    return Group(
        "merges",
        "people",
        _("Classes that could be held together"),
        len(found),
        [row_of(proposal, town) for proposal in found[:SHOWN]],
        reverse("sessions:merges"),
    )


def row_of(proposal: Proposal, town: Municipality) -> Row:
    gone, into = proposal.gone.course, proposal.into.course
    url = reverse("sessions:merges")
    if may_merge(town, gone, into):
        url = reverse("sessions:merge", args=[gone.pk]) + f"?into={into.pk}"
    figures = {"taken": proposal.together, "capacity": into.capacity, "km": proposal.km_label}
    return Row(
        when=date_label(proposal.deadline),
        small=_("at the latest"),
        title=_("%(title)s: %(town)s to %(joint)s") % {"title": gone.title, "town": gone.host, "joint": into.host},
        detail=_("together %(taken)s of %(capacity)s seats, %(km)s km apart") % figures,
        url=url,
        act=_("See the proposal"),
        is_late=proposal.deadline - timezone.now() < timedelta(days=2),
    )
