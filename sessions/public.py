"""The pages residents open: classes of all towns, one class, applying on the web, the receipt."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.contact import contact_of
from programs.sharing import towns_in_programs
from sessions.class_page import page_of
from sessions.confirmation import answers_of, outcome_of, outlook_of
from sessions.limits import applies_too_often
from sessions.listing import by_month, course_by_code, listed, meeting_of
from sessions.models import Course
from sessions.public_forms import ApplicationForm, FilterForm, application_form, as_data
from sessions.refusals import Code, Refused
from sessions.registration import why_closed
from sessions.web_registration import (
    apply_on_the_web,
    read_draft,
    registrations_of,
    sent_before,
    sign_draft,
    sign_receipt,
)

PAGE_LENGTH = 10
OF_THE_SLOT = (Code.SLOT_NEEDED, Code.SLOT_TAKEN)


@require_safe
@login_not_required
def classes(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET, towns=towns_in_programs())
    form.is_valid()
    town, topic = form.chosen_town, form.cleaned_data.get("topic", "")
    courses = listed(town=town, topic=topic, start_on=form.cleaned_data.get("start_on"))
    page = Paginator(courses, PAGE_LENGTH).get_page(request.GET.get("page"))
    months = by_month(list(page), town=town)
    contact = contact_of(town) if town else None
    context = {"form": form, "town": town, "page": page, "months": months, "contact": contact}
    return render(request, "public/classes.html", context)


@require_safe
@login_not_required
def course(request: HttpRequest, code: str) -> HttpResponse:
    page = page_of(find(code), town_code=request.GET.get("town", ""))
    return render(request, "public/course.html", {"page": page, "course": page.course, "contact": page.contact})


@login_not_required
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """First step and, once the form is filled in well, second; with a draft, the form as it was written."""
    course = find(code)
    if (closed := why_closed(course)) is not None:
        return refused(request, course, Refused(closed).sentence)
    if request.method != "POST":
        return writing(request, course, application_form(course, town_code=request.GET.get("town", "")))
    if "draft" in request.POST:
        draft = read_draft(course, request.POST["draft"])
        if draft is None:
            return render(request, "400.html", status=400)
        return writing(request, course, application_form(course, data=as_data(draft.written)))
    form = application_form(course, data=request.POST)
    return confirming(request, course, form) if form.is_valid() else writing(request, course, form)


@cache_control(no_store=True)
@login_not_required
def send(request: HttpRequest, code: str) -> HttpResponse:
    """Third step: register what was confirmed and go on to the receipt."""
    course = find(code)
    if request.method != "POST":
        return redirect("public:apply", code=code)
    draft = read_draft(course, request.POST.get("draft", ""))
    if draft is None:
        return render(request, "400.html", status=400)
    if sent := sent_before(course, draft.submission):
        return redirect("public:receipt", token=sign_receipt(sent))
    if (closed := why_closed(course)) is not None:
        return refused(request, course, Refused(closed).sentence)
    form = application_form(course, data=as_data(draft.written))
    if not form.is_valid():
        return writing(request, course, form)
    if draft.is_stale:
        return confirming(request, course, form, is_stale=True)
    if applies_too_often(request, course):
        return refused(request, course, Refused(Code.TOO_OFTEN).sentence, status=429)
    outcome = apply_on_the_web(course, form.application, submission=draft.submission)
    if isinstance(outcome, Refused):
        return not_registered(request, course, form, outcome)
    return redirect("public:receipt", token=sign_receipt(outcome.registrations))


@require_safe
@cache_control(no_store=True)
@login_not_required
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    registrations = registrations_of(token)
    if not registrations:
        return render(request, "public/receipt_gone.html", status=404)
    outcome = outcome_of(registrations)
    return render(request, "public/receipt.html", {"outcome": outcome, "contact": outcome.contact})


def find(code: str) -> Course:
    found = course_by_code(code)
    if found is None:
        raise Http404
    return found


def writing(request: HttpRequest, course: Course, form: ApplicationForm) -> HttpResponse:
    if course.by_slot and not form.slots:
        return refused(request, course, _("All times are taken."))
    return render(request, "public/apply.html", about(course) | {"form": form, "error_title": form.error_title})


def confirming(
    request: HttpRequest, course: Course, form: ApplicationForm, *, is_stale: bool = False
) -> HttpResponse:
    context = about(course) | {
        "answers": answers_of(form.application),
        "outlook": outlook_of(course, form.application),
        "draft": sign_draft(course, form.written),
        "is_stale": is_stale,
    }
    response = render(request, "public/confirm.html", context)
    response["Cache-Control"] = "no-store"
    return response


def not_registered(request: HttpRequest, course: Course, form: ApplicationForm, outcome: Refused) -> HttpResponse:
    if outcome.code in OF_THE_SLOT:
        form.add_error("slot", outcome.sentence)
        return writing(request, course, form)
    return refused(request, course, outcome.sentence)


def refused(request: HttpRequest, course: Course, sentence: str, *, status: int = 200) -> HttpResponse:
    return render(request, "public/refused.html", about(course) | {"sentence": sentence}, status=status)


def about(course: Course) -> dict[str, object]:
    contact = contact_of(course.host, course.program.lead)
    return {"course": course, "meeting": meeting_of(course), "contact": contact}
