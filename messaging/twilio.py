"""The only file that knows Twilio: whether a webhook is really theirs, and how the practice telephone signs one.

Twilio signs the address it was given together with the form. That address is ours (PUBLIC_BASE_URL), so neither
the Host header nor a proxy can change what is checked.
"""

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from twilio.request_validator import RequestValidator

FORM = "application/x-www-form-urlencoded"
SIGNATURE = "X-Twilio-Signature"


def is_signed(request: HttpRequest) -> bool:
    """Whether the form came from our account, signed with one of the tokens of the ring; never raises.

    The ring holds the primary and the secondary token, so that one can be changed while the other still works.
    Nothing but a form is taken: the signature says nothing about the body of any other type.
    """
    signature = request.headers.get(SIGNATURE, "")
    if not signature or request.content_type != FORM:
        return False
    try:
        form = request.POST
    except (SuspiciousOperation, BadRequest, UnreadablePostError):
        return False
    if form.getlist("AccountSid") != [settings.TWILIO_ACCOUNT_SID]:
        return False
    url = signed_url(request.get_full_path())
    return any(RequestValidator(token).validate(url, form, signature) for token in settings.TWILIO_AUTH_TOKENS)


def signed_url(path: str) -> str:
    """The address as Twilio was told it."""
    return f"{settings.PUBLIC_BASE_URL}{path}"


def sign(path: str, form: Mapping[str, str] | QueryDict) -> dict[str, str]:
    """The header that Twilio would send with this form to this path of ours."""
    validator = RequestValidator(settings.TWILIO_AUTH_TOKENS[0])
    return {SIGNATURE: validator.compute_signature(signed_url(path), form)}
