"""Writing down programmes, curricula and venues: one door, one audit entry each."""

from django.db import transaction

from accounts import audit
from accounts.models import Municipality, User
from programs.models import Curriculum, Program, Venue


def keep[Kept: (Program, Curriculum, Venue)](row: Kept, *, by: User, municipality: Municipality) -> Kept:
    """Save a new or changed row that its form found right."""
    deed = "added" if row.pk is None else "changed"
    with transaction.atomic():
        row.save()
        audit.record(f"{row._meta.model_name}.{deed}", row, by=by, municipality=municipality)
    return row
