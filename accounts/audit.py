"""The one writer of `AuditEntry`."""

from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, Municipality, User


def record(
    act: str,
    subject: Model | None = None,
    *,
    by: User | None,
    municipality: Municipality | None = None,
    channel: str = "",
    **detail: Any,
) -> AuditEntry:
    """Write one entry. `act` is noun.verb ("registration.cancelled"); `by=None` means the resident or the
    worker, told apart by `channel`. `detail` holds codes and counts, never names or numbers."""
    return AuditEntry.objects.create(
        act=act,
        by=by,
        municipality=municipality,
        channel=channel,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail,
    )
