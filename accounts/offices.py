"""A town's own facts: how residents reach its office, as on every public page and leaflet; its population."""

from datetime import date

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


def change_population(
    municipality: Municipality, *, population: int | None, population_on: date | None, by: User
) -> Municipality:
    """Write how many people live in the town, as of a day; costs may be shared by it."""
    with transaction.atomic():
        municipality.population, municipality.population_on = population, population_on
        municipality.save(update_fields=["population", "population_on"])
        audit.record("office.population_changed", municipality, by=by, municipality=municipality)
    return municipality
