"""Where the telephone company brings a text: signed forms only, each counted once, never a redirect."""

import logging
import re

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.twilio import is_signed
from phone.inbox import Incoming, receive

log = logging.getLogger("engawa.webhooks")

LARGEST_BODY = 64 * 1024
SID = re.compile(r"[A-Za-z0-9]{1,64}")


@csrf_exempt
@login_not_required
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """Store one text and act on it. Answers are queued in the outbox, so the same text brought again gets the
    same empty document."""
    if body_size(request) > LARGEST_BODY:
        return HttpResponse(status=413)
    if not is_signed(request):
        return HttpResponse(status=403)
    if not SID.fullmatch(request.POST.get("MessageSid", "")):
        return HttpResponse("MessageSid is missing.", status=400, content_type="text/plain")
    try:
        receive(Incoming.from_form(request.POST))
    except (OperationalError, InterfaceError):
        log.exception("the database could not be asked; the telephone company will bring the text again")
        return HttpResponse(status=503)
    return HttpResponse("<Response/>", content_type="text/xml")


def body_size(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else LARGEST_BODY + 1


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Anything else below /webhooks/: a redirect to the address with a slash would lose the form."""
    return HttpResponseNotFound()
