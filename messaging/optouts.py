"""Stopping and resuming SMS to a number: by text, by telephone, at the counter."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import Municipality, User
from messaging.models import OptOut


def stop(
    number: str,
    *,
    source: OptOut.Source,
    by: User | None = None,
    municipality: Municipality | None = None,
    evidence: str = "",
) -> bool:
    """No more SMS to `number` (from one town, or from all). False if that was so already."""
    with transaction.atomic():
        opt_out, is_new = OptOut.objects.get_or_create(
            number=number,
            municipality=municipality,
            lifted_at=None,
            defaults={"source": source, "evidence": evidence, "at": timezone.now(), "by": by},
        )
        if is_new:
            audit.record("sms.stopped", opt_out, by=by, municipality=municipality, channel=source)
    return is_new


def resume(
    number: str,
    *,
    source: OptOut.Source,
    by: User | None = None,
    municipality: Municipality | None = None,
) -> bool:
    """SMS again to `number`, or only from one town: what it asked of other towns stands. False if not stopped."""
    stops = OptOut.objects.filter(number=number, lifted_at=None)
    if municipality is not None:
        stops = stops.filter(Q(municipality=municipality) | Q(municipality=None))
    with transaction.atomic():
        lifted = stops.update(lifted_at=timezone.now(), lifted_by=by)
        if lifted:
            audit.record("sms.resumed", by=by, municipality=municipality, channel=source, count=lifted)
    return bool(lifted)
