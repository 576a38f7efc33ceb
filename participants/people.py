"""Finding and writing down people. A telephone number is never taken for a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import Municipality, User
from accounts.numbers import PhoneNumber
from participants.kana import kana_key, normalise_kana
from participants.models import Channel, Consent, Contact, ContactPoint, Device, Participant, ParticipantQuerySet

NOT_FOR_TALKING = (Contact.Relation.EMERGENCY,)


@dataclass(frozen=True)
class Details:
    """What is known of somebody when they are written down; only kana and town are always known."""

    kana: str
    municipality: Municipality
    name: str = ""
    phone: PhoneNumber | None = None
    takes_sms: bool | None = None
    relation: str = Contact.Relation.SELF
    phone_label: str = ""
    birth_year: int | None = None
    device: str = Device.UNKNOWN
    needs: list[str] = field(default_factory=list)
    needs_note: str = ""
    reach: str = Participant.Reach.CALL
    postal_code: str = ""
    address: str = ""


def add_person(
    details: Details, *, channel: Channel, by: User | None, consents: Iterable[Consent.Purpose], wording: str
) -> Participant:
    """Write down a new person with their number and what they agreed to (`wording` names the text read out)."""
    kana = normalise_kana(details.kana)
    with transaction.atomic():
        person = Participant.objects.create(
            municipality=details.municipality,
            name=details.name.strip(),
            kana=kana,
            kana_key=kana_key(kana),
            birth_year=details.birth_year,
            device=details.device,
            needs=details.needs,
            needs_note=details.needs_note,
            reach=details.reach,
            postal_code=details.postal_code,
            address=details.address,
            created_by=by,
            created_channel=channel,
        )
        if details.phone is not None:
            add_number(
                person,
                details.phone,
                relation=details.relation,
                label=details.phone_label,
                takes_sms=details.takes_sms,
            )
        for purpose in consents:
            record_consent(person, purpose, given=True, wording=wording, channel=channel, by=by)
        audit.record("participant.added", person, by=by, municipality=details.municipality, channel=channel)
    return person


def add_number(
    person: Participant,
    phone: PhoneNumber,
    *,
    relation: str = Contact.Relation.SELF,
    label: str = "",
    takes_sms: bool | None = None,
) -> Contact:
    """Tie a number to a person; somebody else may have it already. `takes_sms=None`: what its kind suggests."""
    asked = phone.can_sms if takes_sms is None else takes_sms and phone.can_sms
    point, is_new = ContactPoint.objects.get_or_create(
        number=phone.e164, defaults={"kind": phone.kind, "takes_sms": asked}
    )
    if not is_new and takes_sms is not None and point.takes_sms != asked:
        point.takes_sms = asked
        point.save(update_fields=["takes_sms"])
    contact, _ = Contact.objects.get_or_create(
        participant=person,
        contact_point=point,
        defaults={
            "relation": relation,
            "label": label,
            "as_entered": phone.as_entered[:60],
            "is_primary": not person.contacts.exists(),
        },
    )
    return contact


def give_number(
    person: Participant,
    phone: PhoneNumber,
    *,
    by: User | None,
    channel: Channel,
    relation: str = Contact.Relation.SELF,
    label: str = "",
    takes_sms: bool | None = None,
) -> Contact:
    """Tie one more number to somebody known; once more changes nothing."""
    with transaction.atomic():
        is_new = not person.contacts.filter(contact_point__number=phone.e164).exists()
        contact = add_number(person, phone, relation=relation, label=label, takes_sms=takes_sms)
        if is_new:
            audit.record(
                "participant.number_added", person, by=by, municipality=person.municipality, channel=channel
            )
    return contact


def record_consent(
    person: Participant,
    purpose: Consent.Purpose,
    *,
    given: bool,
    wording: str,
    channel: Channel,
    by: User | None,
    at: datetime | None = None,
) -> Consent:
    """Write down an answer; `at`: when it was given, if that was not just now."""
    return Consent.objects.create(
        participant=person,
        purpose=purpose,
        given=given,
        wording=wording,
        channel=channel,
        at=at or timezone.now(),
        by=by,
    )


def people_on(number: str) -> ParticipantQuerySet:
    """Everybody who can be talked to on an E.164 number, in a steady order; emergency-only numbers never match."""
    talking = Contact.objects.filter(contact_point__number=number).exclude(relation__in=NOT_FOR_TALKING)
    return Participant.objects.filter(pk__in=talking.values("participant")).order_by("pk")


def by_kana(text: str, *, municipality: Municipality) -> ParticipantQuerySet:
    """Residents of a town whose kana begins with, or whose name contains, what was typed."""
    key = kana_key(normalise_kana(text))
    wanted = Q(name__contains=text.strip())
    if key:
        wanted |= Q(kana_key__startswith=key)
    return Participant.objects.of(municipality).filter(wanted)


def possible_duplicates(
    *, kana: str, municipality: Municipality, phone: PhoneNumber | None, birth_year: int | None = None
) -> list[Participant]:
    """People who may be the same: same kana in the town, or same number and same given or family name.
    A warning for the clerk to decide on, never a refusal."""
    key = kana_key(normalise_kana(kana))
    same = Participant.objects.of(municipality).filter(kana_key=key)
    found = {person.pk: person for person in same if may_be_born_in(person, birth_year)}
    if phone is not None:
        for person in people_on(phone.e164).filter(municipality=municipality):
            if person.kana_key == key:
                found[person.pk] = person
    return list(found.values())


def may_be_born_in(person: Participant, birth_year: int | None) -> bool:
    return birth_year is None or person.birth_year is None or person.birth_year == birth_year
