"""The consultation day at the table: who is next, what it was about, how it ended."""

from django.contrib import messages
from django.db.models import TextChoices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import register, staff_page
from programs.models import Curriculum
from programs.sharing import ordered_towns
from sessions import attendance, consulting
from sessions.attendance import Mark
from sessions.consulting_desk import queue_of
from sessions.day_forms import TOPICS, MarkForm, QueueForm, TurnForm
from sessions.day_pages import find_held
from sessions.models import Consultation, Course

KEY_LENGTH = 20


def find_consultation_day(request: StaffRequest, pk: int) -> Course:
    course = find_held(request, pk)
    if not course.by_slot:
        raise Http404
    return course


@never_cache
@require_safe
@staff_page(register)
def consultations(request: StaffRequest, pk: int) -> HttpResponse:
    course = find_consultation_day(request, pk)
    town = request.membership.municipality
    form = QueueForm(towns=ordered_towns(course.program), own=town)
    return page(request, course, form, chosen=request.GET.get("turn", "")[:KEY_LENGTH])


def page(request: StaffRequest, course: Course, form: QueueForm, *, chosen: str = "") -> HttpResponse:
    queue = queue_of(course, request.membership, chosen=chosen)
    if any(turn.registration for turn in queue.turns):
        audit.record("roster.viewed", course, by=request.user, municipality=request.membership.municipality)
    context = {
        "course": course,
        "queue": queue,
        "form": form,
        "topics": TOPICS,
        "outcomes": Consultation.Outcome.choices,
        "is_today": consulting.slot_now(course) is not None,
    }
    return render(request, "sessions/consultations.html", context)


@require_POST
@staff_page(register)
def join(request: StaffRequest, pk: int) -> HttpResponse:
    course = find_consultation_day(request, pk)
    town = request.membership.municipality
    form = QueueForm(request.POST, towns=ordered_towns(course.program), own=town)
    if not form.is_valid():
        return page(request, course, form)
    given = form.cleaned_data
    outcome = consulting.join_queue(
        course,
        Consultation.Way(given["way"]),
        municipality=given["municipality"],
        by=request.user,
        age_band=given["age_band"],
        phone=given["phone"],
        submission=given["submission"],
    )
    return to_queue(request, course, outcome, _("Added to the queue."))


@require_POST
@staff_page(register)
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Topic and outcome of the turn named by `turn`."""
    course = find_consultation_day(request, pk)
    key = request.POST.get("turn", "")[:KEY_LENGTH]
    turn = queue_of(course, request.membership).find(key)
    form = TurnForm(request.POST)
    if turn is None or turn.subject is None:
        messages.error(request, str(consulting.Problem.NO_SEAT.label))
        return redirect("sessions:consultations", pk)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(f"{reverse('sessions:consultations', args=[pk])}?{urlencode({'turn': key})}")
    outcome = consulting.finish(
        turn.subject,
        topic=Curriculum.Topic(form.cleaned_data["topic"]),
        outcome=Consultation.Outcome(form.cleaned_data["outcome"]),
        by=request.user,
    )
    return to_queue(request, course, outcome, _("The turn is finished."))


@require_POST
@staff_page(register)
def absent(request: StaffRequest, pk: int) -> HttpResponse:
    """Who booked did not come; or that was a slip."""
    course = find_consultation_day(request, pk)
    slots = {slot.pk: slot for slot in course.class_sessions.select_related("venue")}
    form = MarkForm(request.POST, class_session=next(iter(slots.values())))
    slot = slots.get(form.cleaned_data["registration"].class_session_id) if form.is_valid() else None
    if slot is None:
        messages.error(request, str(attendance.Problem.NOT_HERE.label))
        return redirect("sessions:consultations", pk)
    slot.course = course
    given = form.cleaned_data["mark"]
    outcome = attendance.mark(
        form.cleaned_data["registration"], slot, Mark(given) if given else None, by=request.user
    )
    return to_queue(request, course, outcome, _("Written down."))


@require_POST
@staff_page(register)
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    turn = get_object_or_404(Consultation.objects.select_related("class_session__course"), pk=pk)
    course = find_consultation_day(request, turn.class_session.course_id)
    outcome = consulting.reopen(turn, by=request.user)
    return to_queue(request, course, outcome, _("The turn is open again."))


def to_queue(request: StaffRequest, course: Course, outcome: object, done: str) -> HttpResponse:
    if isinstance(outcome, TextChoices):
        messages.error(request, str(outcome.label))
    else:
        messages.success(request, done)
    return redirect("sessions:consultations", course.pk)
