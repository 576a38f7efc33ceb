"""Whom to telephone: the number a municipality gives its residents, ready for a page."""

from dataclasses import dataclass

from accounts.models import Municipality
from accounts.numbers import PhoneNumber, read_number


@dataclass(frozen=True)
class Contact:
    """`phone_tel` is what a telephone dials, `phone_label` what people read."""

    town: Municipality
    phone_tel: str
    phone_label: str

    @property
    def office(self) -> str:
        return self.town.office

    @property
    def hours(self) -> str:
        return self.town.hours


def contact_of(*towns: Municipality) -> Contact | None:
    """The first of the towns that has a telephone number for residents."""
    for town in towns:
        number = read_number(town.phone)
        if isinstance(number, PhoneNumber):
            return Contact(town, number.e164, number.national)
    return None
