"""Calendar feeds over HTTP, and the page on which a member of staff gets their own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import StaffRequest
from accounts.models import Municipality
from accounts.rights import staff_page
from sessions.feed_tokens import close_token, find_token, make_token, note_use
from sessions.feeds import Feed, own_feed, seal_of, town_feed, write_feed
from sessions.models import FeedToken

FIVE_MINUTES = 300


@require_safe
@login_not_required
def town(request: HttpRequest, code: str) -> HttpResponse:
    response = answer(request, town_feed(get_object_or_404(Municipality, code=code)))
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return response


@require_safe
@login_not_required
def own(request: HttpRequest, token: str) -> HttpResponse:
    found = find_token(token)
    if found is None:
        raise Http404
    response = answer(request, own_feed(found.user))
    note_use(found)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def answer(request: HttpRequest, feed: Feed) -> HttpResponse:
    """304 by the ETag alone. It is taken before the body is written: what changes in between is seen the next
    time, and nothing old is ever taken for new."""
    seal = seal_of(feed)
    response = get_conditional_response(request, etag=seal.etag)
    if response is None:
        response = HttpResponse(write_feed(feed), content_type="text/calendar; charset=utf-8")
        response["Content-Language"] = "ja"
    response["ETag"] = seal.etag
    if seal.changed_at is not None:
        response["Last-Modified"] = http_date(seal.changed_at.timestamp())
    return response


@staff_page()
def my_feed(request: StaffRequest) -> HttpResponse:
    found = FeedToken.objects.filter(user=request.user).first()
    address = settings.PUBLIC_BASE_URL + reverse("feeds:own", args=[found.token]) if found else ""
    codes = [each.municipality for each in request.memberships if each.municipality.code]
    towns = [(each, settings.PUBLIC_BASE_URL + reverse("feeds:town", args=[each.code])) for each in codes]
    return render(request, "sessions/my_feed.html", {"feed": found, "address": address, "towns": towns})


@require_POST
@staff_page()
def new_address(request: StaffRequest) -> HttpResponse:
    make_token(request.user)
    messages.success(request, _("This is your new address. One that you had before opens nothing any more."))
    return redirect("sessions:my_feed")


@require_POST
@staff_page()
def close_feed(request: StaffRequest) -> HttpResponse:
    if close_token(request.user):
        messages.success(request, _("Your calendar feed is closed."))
    return redirect("sessions:my_feed")
