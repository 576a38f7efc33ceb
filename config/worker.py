"""One pass of the background work: small idempotent steps, each looking for rows that are due."""

import logging
from collections.abc import Callable

from django.db.models import F
from django.utils import timezone

from messaging.models import Heartbeat
from messaging.sending import send_due
from sessions.calls import give_up, step_down
from sessions.planning import release_codes
from sessions.registration import expire_offers, offer_released_seats
from sessions.reminders import queue_reminders

log = logging.getLogger("engawa.worker")

STEPS: tuple[tuple[str, Callable[[], int]], ...] = (
    ("expired offers", expire_offers),
    ("new offers", offer_released_seats),
    ("reminders", queue_reminders),
    ("messages", send_due),
    ("calls instead of SMS", step_down),
    ("calls too late", give_up),
    ("released class numbers", release_codes),
)


def work_once(worker: str = "worker") -> dict[str, int]:
    """Run every step once; one that fails is logged and does not keep the others from running.
    Returns how much each did, -1 for a step that failed."""
    done: dict[str, int] = {}
    for name, step in (*STEPS, ("heartbeat", lambda: beat(worker))):
        try:
            done[name] = step()
        except Exception:  # whatever it is, the other steps have people waiting for them
            log.exception("worker step failed: %s", name)
            done[name] = -1
    return done


def beat(worker: str) -> int:
    """Leave a sign of life. Nothing was worked on by that: 0."""
    Heartbeat.objects.update_or_create(worker=worker, defaults={"at": timezone.now()})
    Heartbeat.objects.filter(worker=worker).update(passes=F("passes") + 1)
    return 0
