"""Whether Engawa is alive, and whether it is ready to serve; for load balancers and for the person on duty."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.models import Heartbeat, Message, State

WORKER_SILENT = timedelta(minutes=3)
MESSAGE_LATE = timedelta(minutes=10)


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when all is well, else 503; each part says for itself. Holds nothing personal."""
    try:
        parts = {
            "database": True,
            "migrations": migrations_are_applied(),
            "worker": worker_is_heard(),
            "messages": no_message_is_late(),
        }
    except DatabaseError:
        parts = {"database": False}
    return JsonResponse({"ready": all(parts.values()), **parts}, status=200 if all(parts.values()) else 503)


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def worker_is_heard() -> bool:
    return Heartbeat.objects.filter(at__gt=timezone.now() - WORKER_SILENT).exists()


def no_message_is_late() -> bool:
    """The oldest due message has not waited long."""
    late = timezone.now() - MESSAGE_LATE
    return not Message.objects.filter(
        state=State.QUEUED, not_before__lt=late, expires_at__gt=timezone.now(), line__stopped_at=None
    ).exists()
