"""Which rung of the ladder a person stands on: SMS, a call by staff, or a postcard. Exactly one, never none."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Municipality
from messaging.models import OptOut
from participants.models import Consent, Contact, Participant

POSTCARD_DAYS = 5


@dataclass(frozen=True)
class Rung:
    """`name` is sms, call or postcard; `number` is the E.164 number to text or call, empty if there is none."""

    name: str
    number: str


def stopped_numbers(numbers: Collection[str], municipality: Municipality) -> set[str]:
    """Those of `numbers` that asked this town, or everybody, for no more SMS."""
    stops = OptOut.objects.filter(number__in=numbers, lifted_at=None)
    return {stop.number for stop in stops if stop.municipality_id in {None, municipality.pk}}


def rung_of(person: Participant, *, days_left: int, stopped: Collection[str]) -> Rung:
    """The rung for something to be known in `days_left` days; reads prefetched contacts and consents."""
    contacts = [c for c in person.contacts.all() if c.relation != Contact.Relation.EMERGENCY]
    number = contacts[0].contact_point.number if contacts else ""
    if person.reach == Participant.Reach.SMS and agreed_to_sms(person):
        for contact in contacts:
            point = contact.contact_point
            if point.takes_sms and point.number not in stopped:
                return Rung("sms", point.number)
    has_address = bool(person.address)
    wants_postcard = person.reach == Participant.Reach.POSTCARD
    if has_address and (wants_postcard or not number) and days_left >= POSTCARD_DAYS:
        return Rung("postcard", number)
    return Rung("call", number)


def agreed_to_sms(person: Participant) -> bool:
    """The latest answer counts."""
    answers = [c.given for c in person.consents.all() if c.purpose == Consent.Purpose.SMS]
    return bool(answers) and answers[-1]
