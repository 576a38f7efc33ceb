"""Keeping what is known of a person up to date: their facts, what they agreed to, SMS to their numbers."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from messaging import optouts
from messaging.models import OptOut
from participants.kana import kana_key, normalise_kana
from participants.models import Channel, Consent, ContactPoint, Participant
from participants.people import record_consent

FACTS = (
    "name",
    "kana",
    "birth_year",
    "device",
    "needs",
    "needs_note",
    "reach",
    "postal_code",
    "address",
    "note",
)
WORDING = "page-1"


def change_person(
    person: Participant, facts: Mapping[str, Any], *, by: User | None, channel: Channel = Channel.COUNTER
) -> list[str]:
    """Write what is different; returns the names of the facts that changed."""
    with transaction.atomic():
        person = Participant.objects.select_for_update().get(pk=person.pk)
        new = {name: facts[name] for name in FACTS if name in facts}
        if "kana" in new:
            new["kana"] = normalise_kana(new["kana"])
        changed = [name for name, value in new.items() if getattr(person, name) != value]
        if changed:
            for name in changed:
                setattr(person, name, new[name])
            person.kana_key = kana_key(person.kana)
            person.save(update_fields=[*changed, "kana_key"])
            audit.record(
                "participant.changed",
                person,
                by=by,
                municipality=person.municipality,
                channel=channel,
                facts=changed,
            )
    return changed


def change_consent(
    person: Participant, purpose: Consent.Purpose, *, given: bool, by: User, channel: Channel
) -> bool:
    """Write down a new answer; False if it is the answer we have."""
    with transaction.atomic():
        Participant.objects.select_for_update().get(pk=person.pk)
        latest = person.consents.filter(purpose=purpose).order_by("pk").last()
        if latest is not None and latest.given == given:
            return False
        record_consent(person, purpose, given=given, wording=WORDING, channel=channel, by=by)
        audit.record(
            "consent.given" if given else "consent.withdrawn",
            person,
            by=by,
            municipality=person.municipality,
            channel=channel,
            purpose=purpose,
        )
    return True


def stop_sms(person: Participant, point: ContactPoint, *, by: User) -> bool:
    """No more SMS from the person's town to one of their numbers; False if it was so already."""
    return optouts.stop(point.number, source=OptOut.Source.PHONE, by=by, municipality=person.municipality)


def resume_sms(person: Participant, point: ContactPoint, *, by: User) -> bool:
    """SMS again, at the wish of whoever answers that number; False if it was not stopped."""
    return optouts.resume(point.number, source=OptOut.Source.PHONE, by=by, municipality=person.municipality)
