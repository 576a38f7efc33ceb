"""What may not stand in a message, by what the backend can do."""

import re
from dataclasses import dataclass

from messaging.segments import MOST_PARTS, count_segments

LINK = re.compile(r"https?:|www\.|[a-z0-9-]+\.(?:jp|com|net|org|info|me|ly)\b|://", re.IGNORECASE)
TELEPHONE = re.compile(r"(?<!\d)0\d{1,4}[-‐‑–ー(（ ]?\d{1,4}[-‐‑–ー)） ]?\d{3,4}(?!\d)")


@dataclass(frozen=True)
class Capabilities:
    """What a provider lets us do. Twilio in Japan forbids telephone numbers in the text."""

    inbound: bool
    phone_in_body: bool
    url_in_body: bool
    sender_preserved: bool
    delivery_receipts: bool


TWILIO_JAPAN = Capabilities(
    inbound=True, phone_in_body=False, url_in_body=False, sender_preserved=True, delivery_receipts=True
)


def problems(body: str, capabilities: Capabilities = TWILIO_JAPAN) -> list[str]:
    """Codes of what is wrong with a text, worst first: `link`, `telephone`, `too_long`, `empty`."""
    found = []
    if not capabilities.url_in_body and LINK.search(body):
        found.append("link")
    if not capabilities.phone_in_body and TELEPHONE.search(body):
        found.append("telephone")
    if count_segments(body) > MOST_PARTS:
        found.append("too_long")
    if not body.strip():
        found.append("empty")
    return found
