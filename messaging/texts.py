"""Message texts are templates in `templates/texts/`, Japanese whatever the language of the page."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation


def render(template: str, context: Mapping[str, Any]) -> str:
    """The text of `texts/<template>.txt` as one line; context values are plain text, never HTML."""
    with translation.override("ja"):
        body = render_to_string(f"texts/{template}.txt", {**context})
    return re.sub(r"\s*\n\s*", "", unicodedata.normalize("NFC", body)).strip()
