"""How residents reach the office of a town: what stands on every public page and leaflet."""

from django.db import transaction

from accounts import audit
from accounts.models import Municipality, User


def change_office(municipality: Municipality, *, office: str, phone: str, hours: str, by: User) -> Municipality:
    """Write the office, its telephone number (E.164, or empty) and its hours."""
    with transaction.atomic():
        municipality.office, municipality.phone, municipality.hours = office, phone, hours
        municipality.save(update_fields=["office", "phone", "hours"])
        audit.record("office.changed", municipality, by=by, municipality=municipality)
    return municipality
