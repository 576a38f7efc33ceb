"""The day at the place of the class: who comes, who walks in, how many help. For the lead and the host."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import register, staff_page
from participants.models import Channel, Participant
from programs.sharing import ordered_towns
from sessions import attendance, walk_ins
from sessions.attendance import Mark, Marked, Standing
from sessions.course_pages import find_course
from sessions.day import day_of, said_of
from sessions.day_forms import HelpersForm, KnownForm, MarkForm, WalkInForm
from sessions.intake import who_it_may_be
from sessions.lookup import Found, look_up
from sessions.models import ClassSession, Course, Registration
from sessions.refusals import Refused
from sessions.registration import Done
from sessions.roster import sees_names_of_others
from sessions.script import Step, sentences
from sessions.walk_ins import Helped


def find_held(request: StaffRequest, pk: int) -> Course:
    """A course whose day this town runs; a partner gets 403, a stranger 404."""
    course = find_course(request, pk)
    if not sees_names_of_others(request.membership, course):
        raise PermissionDenied
    return course


def find_day(request: StaffRequest, pk: int) -> ClassSession:
    found = get_object_or_404(ClassSession.objects.select_related("venue"), pk=pk)
    found.course = find_held(request, found.course_id)
    return found


@never_cache
@require_safe
@staff_page(register)
def day(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_day(request, pk)
    if found.course.by_slot:
        return redirect("sessions:consultations", found.course_id)
    shown = day_of(found, request.membership, query=request.GET.get("q", "")[:60].replace("\0", ""))
    if shown.rows:
        audit.record("roster.viewed", found.course, by=request.user, municipality=request.membership.municipality)
    problem = attendance.why_not_now(found)
    context = {
        "day": shown,
        "session": found,
        "course": found.course,
        "problem": problem.label if problem else "",
        "helpers_form": HelpersForm(initial={"helpers": found.helpers}),
        "sheet": found.day_sheets.order_by("keyed_at", "pk").last(),
    }
    return render(request, "sessions/day.html", context)


@require_POST
@staff_page(register)
def mark(request: StaffRequest, pk: int) -> HttpResponse:
    """One key or one button for one person; the last mark wins."""
    found = find_day(request, pk)
    form = MarkForm(request.POST, class_session=found)
    if not form.is_valid():
        return answer(request, found, attendance.Problem.NOT_HERE)
    given = form.cleaned_data["mark"]
    row = form.cleaned_data["registration"]
    outcome = attendance.mark(row, found, Mark(given) if given else None, by=request.user)
    return answer(request, found, outcome, query=form.cleaned_data["q"])


@require_POST
@staff_page(register)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_day(request, pk)
    return answer(request, found, attendance.undo(found, by=request.user), query=request.POST.get("q", "")[:60])


def answer(
    request: StaffRequest, found: ClassSession, outcome: Marked | attendance.Problem, *, query: str = ""
) -> HttpResponse:
    """The fresh rows to a script, else back to the page at the row of the person."""
    is_marked = isinstance(outcome, Marked)
    row = outcome.registration if isinstance(outcome, Marked) else None
    if "HX-Request" in request.headers:
        said = (
            str(outcome.label)
            if not isinstance(outcome, Marked)
            else said_of(outcome.registration, Standing(outcome.new or Standing.UNKNOWN))
        )
        shown = day_of(found, request.membership, query=query.replace("\0", ""))
        context = {"day": shown, "session": found, "said": said, "is_refused": not is_marked, "said_row": row}
        return render(request, "sessions/_day_now.html", context)
    if not isinstance(outcome, Marked):
        messages.error(request, str(outcome.label))
    return to_day(found, row, query=query)


def to_day(found: ClassSession, row: Registration | None = None, *, query: str = "") -> HttpResponse:
    address = reverse("sessions:day", args=[found.pk]) + (f"?{urlencode({'q': query})}" if query else "")
    return redirect(f"{address}#r-{row.pk}" if row is not None else address)


@require_POST
@staff_page(register)
def helpers(request: StaffRequest, pk: int) -> HttpResponse:
    found = find_day(request, pk)
    form = HelpersForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the number of helpers in digits, 200 at most."))
        return to_day(found)
    say_helpers(request, walk_ins.set_helpers(found, form.cleaned_data["helpers"], by=request.user))
    return to_day(found)


def say_helpers(request: StaffRequest, helped: Helped) -> None:
    counts = helped.counts
    if not helped.is_short:
        messages.success(request, _("The number of helpers is written down."))
        return
    facts = {"here": counts.here, "needed": counts.helpers_needed, "helpers": counts.helpers or 0}
    messages.warning(
        request,
        _("%(here)s people are here and need %(needed)s helpers; there are %(helpers)s. Nobody is sent away.")
        % facts,
    )


@never_cache
@staff_page(register)
def walk_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody who has not applied: look them up, or write down as little as is needed."""
    found = find_day(request, pk)
    town = request.membership.municipality
    people = look_up(request.GET.get("q", "")[:80].replace("\0", ""), town=town)
    note_look_up(request, people)
    towns = ordered_towns(found.course.program)
    typed = {"municipality": town.pk, "kana": people.kana, "phone": people.phone.national if people.phone else ""}
    form = WalkInForm(request.POST or None, towns=towns, initial=typed)
    if request.method == "POST":
        known = KnownForm(request.POST, town=town)
        if known.is_valid():
            person = known.cleaned_data["person"]
            submission = known.cleaned_data["submission"]
            return seated(request, found, walk_ins.walk_in(found, person, by=request.user, submission=submission))
        if form.is_valid():
            return take_newcomer(request, found, form, people)
    return walk_in_page(request, found, form, people)


def note_look_up(request: StaffRequest, people: Found) -> None:
    if people.people:
        audit.record(
            "household.viewed",
            people.people[0] if people.is_household else None,
            by=request.user,
            municipality=request.membership.municipality,
            channel=Channel.COUNTER,
            found_by=people.by,
            people=[person.pk for person in people.people],
        )


def take_newcomer(request: StaffRequest, found: ClassSession, form: WalkInForm, people: Found) -> HttpResponse:
    """Somebody new, unless they may be known: then the clerk says who it is."""
    doubles = who_it_may_be(form.details)
    who = request.POST.get("who", "")
    same = next((person for person in doubles if str(person.pk) == who), None)
    if doubles and same is None and who != "different":
        return walk_in_page(request, found, form, people, doubles=doubles)
    submission = form.cleaned_data["submission"]
    outcome = walk_ins.walk_in(found, same or form.details, by=request.user, submission=submission)
    return seated(request, found, outcome)


def seated(request: StaffRequest, found: ClassSession, outcome: Done | Refused) -> HttpResponse:
    if isinstance(outcome, Refused):
        messages.error(request, outcome.sentence)
        return redirect("sessions:walk_in", found.pk)
    name = {"name": outcome.first.participant.kana}
    if outcome.is_repeat:
        messages.info(request, _("%(name)s is on the list already and is marked present.") % name)
    else:
        messages.success(request, _("%(name)s is written down as a walk-in.") % name)
    return to_day(found, outcome.first)


def walk_in_page(
    request: StaffRequest,
    found: ClassSession,
    form: WalkInForm,
    people: Found,
    *,
    doubles: list[Participant] | None = None,
) -> HttpResponse:
    town = request.membership.municipality
    partners = [other for other in ordered_towns(found.course.program) if other != town]
    context = {
        "session": found,
        "course": found.course,
        "day": day_of(found, request.membership),
        "form": form,
        "found": people,
        "query": request.GET.get("q", "")[:80],
        "doubles": doubles,
        "town": town,
        "consent": sentences(town, found, partners)[Step.CONSENT],
    }
    return render(request, "sessions/walk_in.html", context)


@require_POST
@staff_page(register)
def undo_walk_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back a walk-in that was a slip."""
    found = find_day(request, pk)
    form = MarkForm(request.POST, class_session=found)
    if not form.is_valid():
        messages.error(request, str(attendance.Problem.NOT_HERE.label))
        return to_day(found)
    row = form.cleaned_data["registration"]
    problem = walk_ins.undo_walk_in(row, found, by=request.user)
    if problem is not None:
        messages.error(request, str(problem.label))
    else:
        messages.success(request, _("%(name)s is no longer on the list.") % {"name": row.participant.kana})
    return to_day(found)
