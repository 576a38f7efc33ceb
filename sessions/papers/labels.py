"""宛名ラベル: own residents who have an address, twenty-four or in large letters twelve to a sheet."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from participants.models import Participant
from sessions.models import Course, Notice
from sessions.papers.press import Paper

# In millimetres: labels across, size of one, margins of the A4 sheet.
TWENTY_FOUR = {"across": 3, "width": 66, "height": 33.9, "x": 6, "y": 12.9}
TWELVE = {"across": 2, "width": 86.4, "height": 42.3, "x": 18.6, "y": 21.6}


def postcard_labels(course: Course, membership: Membership, *, is_large: bool) -> Paper:
    """Those for whom a postcard is still to be written; several postcards to one person need as many labels."""
    waiting = (
        Notice.objects.to_do_by_hand()
        .filter(
            rung=Notice.Rung.POSTCARD,
            registration__course=course,
            registration__municipality=membership.municipality,
        )
        .exclude(registration__participant__address="")
        .select_related("registration__participant__municipality")
        .order_by("registration__participant__kana", "pk")
    )
    return labels(_("Address labels for postcards"), (row.registration.participant for row in waiting), is_large)


def roster_labels(course: Course, membership: Membership, *, is_large: bool) -> Paper:
    """Everybody with a seat."""
    rows = (
        course.registrations.confirmed()
        .of(membership.municipality)
        .exclude(participant__address="")
        .select_related("participant__municipality")
        .order_by("participant__kana", "pk")
    )
    return labels(_("Address labels"), (row.participant for row in rows), is_large)


def labels(title: str, people: Iterable[Participant], is_large: bool) -> Paper:
    found = [
        {
            "postal_code": _("Postal code %(code)s") % {"code": person.postal_code} if person.postal_code else "",
            "address": address_of(person),
            "name": _("To %(name)s") % {"name": person},
        }
        for person in people
    ]
    content = {
        "people": found,
        "sheet": TWELVE if is_large else TWENTY_FOUR,
        "nobody": _("Nobody with an address is waiting for this."),
    }
    return Paper("labels", title, timezone.localdate(), is_large, len(found), content)


def address_of(person: Participant) -> str:
    """As it was written down. Without a postal code it needs its town, which clerks write or leave out."""
    town = person.municipality
    starts = tuple(filter(None, (town.name, town.prefecture)))
    if person.postal_code or person.address.startswith(starts):
        return person.address
    return f"{town.name}{person.address}"
