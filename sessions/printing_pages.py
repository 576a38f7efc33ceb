"""The page from which the papers of a course are printed, and the papers themselves as PDF."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import register, see_people, staff_page
from programs.sharing import ordered_towns
from sessions.course_pages import find_course
from sessions.listing import course_by_code
from sessions.models import Course, DaySheet
from sessions.papers.day_sheet import day_sheet
from sessions.papers.kinds import (
    OF_ONE_SESSION,
    WHAT_FOR,
    Kind,
    Order,
    Size,
    kinds_for,
    next_session,
    paper_of,
    sessions_of,
)
from sessions.papers.leaflet import leaflet as leaflet_of
from sessions.papers.press import Paper, pdf_of
from sessions.roster import sees_names_of_others
from sessions.sheet_forms import WALK_IN_ROWS
from sessions.sheet_pages import find_sheet

KEPT_FOR = 60 * 60


@staff_page(see_people)
def papers(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_course(request, pk)
    sessions = [] if found.by_slot else sessions_of(found)
    sheets = DaySheet.objects.filter(class_session__course=found).select_related("class_session")
    runs_the_day = request.membership.can_register and sees_names_of_others(request.membership, found)
    context = {
        "course": found,
        "kinds": [
            {"kind": kind, "what_for": WHAT_FOR[kind], "by_session": kind in OF_ONE_SESSION}
            for kind in kinds_for(found, request.membership)
        ],
        "sizes": Size,
        "class_sessions": sessions if len(sessions) > 1 else [],
        "chosen": next_session(sessions),
        "sheets": list(sheets.order_by("-pk")[:20]) if runs_the_day else [],
    }
    return render(request, "sessions/papers.html", context)


@require_safe
@cache_control(no_store=True, private=True)
@csp_override({})  # a PDF carries no page of ours, and viewers are built of what the policy forbids
@staff_page(see_people)
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_course(request, pk)
    order = read_order(request, found)
    made = paper_of(found, request.membership, order)
    if made.people:
        note_print(request, found, order.kind, made)
    return pdf(made, f"{order.kind}-{found.code}", f"{made.title} {found.title}")


def read_order(request: StaffRequest, course: Course) -> Order:
    """404 for a kind, a size or a session there is not; 403 for a kind another town prints."""
    sessions = {str(row.number): row for row in sessions_of(course)}
    number = request.GET.get("session", "")
    try:
        kind, size = Kind(request.GET.get("kind", Kind.RECEPTION)), Size(request.GET.get("size", Size.NORMAL))
    except ValueError:
        raise Http404 from None
    if number and number not in sessions:
        raise Http404
    if kind not in kinds_for(course, request.membership):
        raise PermissionDenied
    return Order(kind, size, sessions.get(number))


def note_print(request: StaffRequest, course: Course, kind: str, made: Paper) -> None:
    town = request.membership.municipality
    audit.record("roster.printed", course, by=request.user, municipality=town, kind=kind, people=made.people)


@require_safe
@cache_control(no_store=True, private=True)
@csp_override({})
@staff_page(register)
def day_sheet_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The sheet that was printed, with its number: for the lead and the town that holds the class."""
    sheet = find_sheet(request, pk)
    course = sheet.class_session.course
    size = request.GET.get("size", Size.NORMAL)
    if size not in Size.values:
        raise Http404
    towns = [town for town in ordered_towns(course.program) if town.has_residents]
    made = day_sheet(sheet, towns, is_large=size == Size.LARGE, blank_rows=WALK_IN_ROWS)
    note_print(request, course, "day-sheet", made)
    return pdf(made, f"day-sheet-{sheet.pk}", f"{made.title} {sheet.pk} {course.title}")


@require_safe
@cache_control(no_cache=True, public=True)
@csp_override({})
@login_not_required
def leaflet(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody, of a class everybody sees. It is set anew only when something on it has changed."""
    course = course_by_code(code)
    if course is None or not course.is_listed or not course.is_published:
        raise Http404
    size = request.GET.get("size", Size.NORMAL)
    if size not in Size.values:
        raise Http404
    made = leaflet_of(course, is_large=size == Size.LARGE)
    etag = quote_etag(made.fingerprint)
    if etag in parse_etags(request.headers.get("if-none-match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        content = cache.get_or_set(f"leaflet-{made.fingerprint}", lambda: pdf_of(made), KEPT_FOR)
        response = pdf(made, f"leaflet-{course.code}", f"{made.title} {course.title}", content)
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def pdf(made: Paper, plain_name: str, full_name: str, content: bytes | None = None) -> HttpResponse:
    """Shown in the browser; saved under a name of ASCII letters where the system knows no others."""
    response = HttpResponse(pdf_of(made) if content is None else content, content_type="application/pdf")
    name = quote(full_name.replace("/", " ") + ".pdf", safe="")
    response["Content-Disposition"] = f"inline; filename=\"{plain_name}.pdf\"; filename*=UTF-8''{name}"
    return response
