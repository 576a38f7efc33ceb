"""The catalogue of classes common to all towns, kept in `data/catalogue.toml`; towns add their own beside it."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from programs.models import Curriculum

FILE = Path(__file__).resolve().parent / "data" / "catalogue.toml"


def load_catalogue() -> int:
    """Write the common curricula as the file has them; which of them are in use stays as the towns set it.
    Returns how many there are."""
    entries = [tidy(entry) for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["curriculum"]]
    with transaction.atomic():
        for entry in entries:
            Curriculum.objects.update_or_create(municipality=None, code=entry["code"], defaults=entry)
    return len(entries)


def tidy(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}
