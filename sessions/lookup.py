"""Whom a caller may be: a number, a name in kana or a receipt number, and the people behind it.

People of the own town are shown in full. Of partner towns only the family name and the town are shown, and
only by number: they may share it. People of other towns are not shown at all.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts.models import Municipality
from accounts.numbers import PhoneNumber, read_number
from participants.kana import is_kana, normalise_kana
from participants.models import Contact, Participant
from participants.people import by_kana, people_on
from programs.sharing import neighbours_of
from sessions.models import Registration, receipt_key

MOST = 20
RECEIPT = re.compile(r"([A-Z]{1,3})\s*-?\s*([0-9]{4})")
DIGIT = re.compile(r"[0-9]")


class By(TextChoices):
    NOTHING = "nothing"
    NUMBER = "number"
    KANA = "kana"
    RECEIPT = "receipt"
    PERSON = "person"


@dataclass(frozen=True)
class Neighbour:
    """Somebody of a partner town on the same number: no more than this is shown."""

    family_kana: str
    town: Municipality


@dataclass(frozen=True)
class Found:
    by: By
    people: Sequence[Participant] = ()
    neighbours: Sequence[Neighbour] = ()
    phone: PhoneNumber | None = None
    kana: str = ""
    problem: str = ""
    is_cut: bool = field(default=False)

    @property
    def is_household(self) -> bool:
        """Whether those found belong together; people of one name do not."""
        return self.by != By.KANA

    @property
    def meant(self) -> Participant | None:
        """The one person that was asked for, if it was one: the household stands behind them."""
        return self.people[0] if self.people and self.by in {By.PERSON, By.RECEIPT} else None

    @property
    def number(self) -> PhoneNumber | None:
        """The number the household was found by, or that its first person answers."""
        if self.phone is not None or not self.is_household or not self.people:
            return self.phone
        contact = next(iter(self.people[0].contacts.all()), None)
        number = read_number(contact.contact_point.number) if contact is not None else None
        return number if isinstance(number, PhoneNumber) else None

    @property
    def is_empty(self) -> bool:
        return not self.people and not self.problem and self.by != By.NOTHING


def look_up(text: str, *, town: Municipality) -> Found:
    """Read what was typed as a receipt number, a telephone number or a name, and find who it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return Found(By.NOTHING)
    if receipt := RECEIPT.fullmatch(plain.upper()):
        return by_receipt("".join(receipt.groups()), town=town)
    number = read_number(text)
    if isinstance(number, PhoneNumber):
        return by_number(number, town=town)
    if DIGIT.search(plain):
        return Found(By.NUMBER, problem=number.sentence)
    rows = list(by_kana(plain, municipality=town).with_numbers()[: MOST + 1])
    if len(rows) == 1:
        return Found(By.PERSON, household_of(rows[0].pk, town=town))
    kana = normalise_kana(plain) if is_kana(plain) else ""
    return Found(By.KANA, rows[:MOST], kana=kana, is_cut=len(rows) > MOST)


def by_number(number: PhoneNumber, *, town: Municipality) -> Found:
    own: list[Participant] = []
    others: list[Participant] = []
    for person in people_on(number.e164).select_related("municipality").with_numbers():
        (own if person.municipality_id == town.pk else others).append(person)
    partners = set(neighbours_of(town).values_list("pk", flat=True)) if others else set()
    neighbours = [
        Neighbour(person.family_kana, person.municipality)
        for person in others
        if person.municipality_id in partners
    ]
    return Found(By.NUMBER, own, neighbours, number)


def by_receipt(number: str, *, town: Municipality) -> Found:
    key = receipt_key(number)
    found = Registration.objects.filter(pk=key, participant__municipality=town).first() if key else None
    if found is None:
        return Found(By.RECEIPT, problem=_("There is no application with this receipt number."))
    return Found(By.RECEIPT, household_of(found.participant_id, town=town))


def household_of(person: int, *, town: Municipality) -> list[Participant]:
    """A resident of the town and those of the town who share a number with them, the person first."""
    shared = Contact.objects.filter(participant=person).exclude(relation=Contact.Relation.EMERGENCY)
    together = Contact.objects.filter(contact_point__in=shared.values("contact_point")).exclude(
        relation=Contact.Relation.EMERGENCY
    )
    own = Participant.objects.of(town).with_numbers()
    first = own.filter(pk=person)
    others = own.filter(pk__in=together.values("participant")).exclude(pk=person).order_by("pk")
    return [*first, *others] if first else []
