"""The open data: a page that describes it, the table in two encodings, and the same facts as JSON."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.csv_files import Encoding, csv_lines
from accounts.models import Municipality
from sessions.event_words import column_definitions
from sessions.events import csv_rows, events_of, towns_with_events

IN_MEMORY = 1024 * 1024
FRESH_SECONDS = 300
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}


@require_safe
@login_not_required
def open_data(request: HttpRequest) -> HttpResponse:
    context = {
        "towns": towns_with_events(),
        "columns": column_definitions(),
        "licence": LICENCE,
        "example": settings.PUBLIC_BASE_URL + reverse("public:events_csv"),
    }
    return render(request, "public/open_data.html", context)


@require_safe
@login_not_required
def events_csv(request: HttpRequest) -> HttpResponseBase:
    town = asked_town(request)
    if isinstance(town, HttpResponse):
        return town
    name = request.GET.get("encoding", Encoding.UTF_8).lower()
    if name not in list(Encoding):
        return plain(_("The encoding must be utf-8 or cp932."), status=400)
    encoding = Encoding(name)
    charset = "utf-8" if encoding is Encoding.UTF_8 else "Shift_JIS"
    parts = csv_lines(csv_rows(town), encoding=encoding)
    return answer(request, parts, content_type=f"text/csv; charset={charset}", name=f"events{of(town)}.csv")


@require_safe
@login_not_required
def events_json(request: HttpRequest) -> HttpResponseBase:
    town = asked_town(request)
    if isinstance(town, HttpResponse):
        return town
    head = {"generated_at": timezone.localtime().isoformat(timespec="seconds"), "licence": LICENCE}
    return answer(request, json_events(town), content_type="application/json", before=json_head(head))


def asked_town(request: HttpRequest) -> Municipality | HttpResponse | None:
    """The municipality that is asked for, None for all, or the answer that there is none of this code."""
    code = request.GET.get("municipality", "")
    if not code:
        return None
    town = Municipality.objects.filter(code=code).first()
    return town or plain(_("There is no municipality with this code. It has six digits."), status=404)


def plain(sentence: str, *, status: int) -> HttpResponse:
    return HttpResponse(sentence + "\n", status=status, content_type="text/plain; charset=utf-8")


def of(town: Municipality | None) -> str:
    return f"_{town.code}" if town else ""


def json_head(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False)[:-1].encode() + b', "events": ['


def json_events(town: Municipality | None) -> Iterator[bytes]:
    separator = b"\n"
    for event in events_of(town):
        yield separator + json.dumps(asdict(event), ensure_ascii=False).encode()
        separator = b",\n"
    yield b"\n]}\n"


def answer(
    request: HttpRequest, parts: Iterable[bytes], *, content_type: str, name: str = "", before: bytes = b""
) -> HttpResponseBase:
    """Written once to a file that leaves memory when it grows; its ETag leaves out what stands `before`."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the response closes it
    file.write(before)
    digest = hashlib.sha256(content_type.encode())
    for part in parts:
        digest.update(part)
        file.write(part)
    etag = quote_etag(digest.hexdigest()[:32])
    if before:
        etag = f"W/{etag}"
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        file.seek(0)
        response = FileResponse(file, content_type=content_type, filename=name, as_attachment=bool(name))
    else:
        file.close()
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
