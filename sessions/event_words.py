"""What each column of the open data holds, for the page that describes it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sessions.events import COLUMNS

MEANINGS = {
    "municipality_code": _("Code of the municipality that holds the class: six digits with check digit, as text"),
    "id": _("Number of the session; it stays the same when the session is moved"),
    "prefecture": _("Prefecture of the municipality"),
    "municipality": _("Name of the municipality that holds the class"),
    "name": _("Title of the class"),
    "name_kana": _("Empty: how a title is read is not recorded"),
    "name_english": _("Empty"),
    "start_date": _("Day of the session, YYYY-MM-DD"),
    "end_date": _("The same day"),
    "start_time": _("Beginning, HH:MM of 24 hours"),
    "end_time": _("End, HH:MM of 24 hours"),
    "time_note": _("Which session of how many, where a class has several"),
    "description": _("What one learns"),
    "fee": _("Yen per person; 0: free of charge"),
    "fee_note": _("The fee in words"),
    "contact": _("Office that answers"),
    "contact_phone": _("Its telephone number"),
    "contact_extension": _("Empty"),
    "organiser": _("Towns that hold the class together, the host first"),
    "place": _("Name of the venue"),
    "address": _("Address of the venue from the prefecture on"),
    "room": _("Room in the venue"),
    "latitude": _("Latitude of the venue in degrees"),
    "longitude": _("Longitude of the venue in degrees"),
    "access": _("How to come"),
    "parking": _("Parking in words; empty: not known"),
    "capacity": _("Seats, of a consultation those of one slot"),
    "apply_until_date": _("Last day of applications, YYYY-MM-DD"),
    "apply_until_time": _("Until when on that day, HH:MM"),
    "how_to_apply": _("How to apply, with the four digits of the class"),
    "url": _("Page of the class; empty when its number has been given back"),
    "note": _("For whom the class is"),
}


@dataclass(frozen=True)
class Column:
    name: str
    key: str
    meaning: str


def column_definitions() -> list[Column]:
    return [Column(name, key, str(MEANINGS[key])) for name, key in COLUMNS.items()]
