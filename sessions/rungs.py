"""On which rung of the ladder many people stand, in a steady number of queries: who gets an SMS, whom to call."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from messaging.models import OptOut
from participants.models import Contact
from participants.reach import Rung, rung_of
from sessions.models import Registration


def rungs_for(rows: Sequence[tuple[Registration, datetime]]) -> list[Rung]:
    """The rung of each person for something to be known by the moment beside them, in the order given."""
    people = [registration.participant for registration, _when in rows]
    contacts = Prefetch("contacts", Contact.objects.select_related("contact_point"))
    prefetch_related_objects(people, contacts, "consents")
    numbers = {contact.contact_point.number for person in people for contact in person.contacts.all()}
    stops = set(OptOut.objects.filter(number__in=numbers, lifted_at=None).values_list("number", "municipality"))
    now = timezone.now()
    return [
        rung_of(
            registration.participant,
            days_left=(when - now).days,
            stopped={number for number, town in stops if town in {None, registration.municipality_id}},
        )
        for registration, when in rows
    ]
