"""The telephone desk: look up who is calling, choose a class, take the application, change what stands."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import register, staff_page
from participants.models import Channel, Participant
from programs.sharing import neighbours_of, ordered_towns
from sessions.desk_forms import ApplicationForm, CancelForm, NewPersonForm
from sessions.desk_page import Desk
from sessions.histories import standings_of
from sessions.intake import Application, take, take_for_same_person, taken_before, who_it_may_be
from sessions.lookup import look_up
from sessions.models import Course, Registration
from sessions.refusals import Refused
from sessions.registration import Done, cancel
from sessions.registration import accept as accept_offer
from sessions.registration import decline as decline_offer
from sessions.script import Step, script

OPENED = "desk_opened"
STILL_FRESH = timedelta(days=1)


@never_cache
@require_safe
@staff_page(register)
def desk(request: StaffRequest) -> HttpResponse:
    """What is typed and chosen stands in the address: the page can be gone back to and sent on."""
    opened = Desk(request.GET, town=request.membership.municipality, by=request.user)
    return page(request, opened, ApplicationForm(), newcomer_form(opened))


def newcomer_form(opened: Desk) -> NewPersonForm | None:
    if not opened.is_new:
        return None
    return NewPersonForm(town=opened.town, phone=opened.found.number, kana=opened.found.kana)


def page(
    request: StaffRequest,
    opened: Desk,
    form: ApplicationForm,
    newcomer: NewPersonForm | None,
    *,
    doubles: list[Participant] | None = None,
    refusal: str = "",
) -> HttpResponse:
    note_opened(request, opened)
    focus = opened.focus
    if newcomer is not None and newcomer.is_bound and not newcomer.errors:
        focus = "who" if doubles else "register"
    stays = "HX-Request" in request.headers  # a part of the page is renewed under the cursor
    context = {
        "desk": opened,
        "form": form,
        "newcomer": newcomer,
        "doubles": doubles,
        "refusal": refusal,
        "focus": "" if stays or form.errors or (newcomer and newcomer.errors) else focus,
    }
    return render(request, "desk/desk.html", context)


def note_opened(request: StaffRequest, opened: Desk) -> None:
    """Write down who looked whom up; going on with the same household is one look."""
    people = [person.pk for person in opened.found.people]
    if not people:
        return
    goes_on = {"person", "course", "slot", "new", "submission"} & {*request.GET, *request.POST}
    if goes_on and request.session.get(OPENED) == people:
        return
    request.session[OPENED] = people
    audit.record(
        "household.viewed",
        opened.found.people[0] if opened.found.is_household else None,
        by=request.user,
        municipality=opened.town,
        channel=Channel.PHONE,
        found_by=opened.found.by,
        people=people,
    )


@never_cache
@require_safe
@staff_page(register)
def count(request: StaffRequest) -> HttpResponse:
    """How many would be found, while one is still typing: a number, nobody's name."""
    found = look_up(request.GET.get("q", "")[:80].replace("\0", ""), town=request.membership.municipality)
    return render(request, "desk/_found.html", {"found": found})


@require_POST
@staff_page(register)
def take_application(request: StaffRequest) -> HttpResponse:
    """Register whom the page shows; what is missing or doubtful comes back with one sentence."""
    town = request.membership.municipality
    newcomer = NewPersonForm(request.POST, town=town) if request.POST.get("new") else None
    form = ApplicationForm(request.POST)
    is_complete = all([form.is_valid(), newcomer is None or newcomer.is_valid()])
    opened = Desk(request.POST, town=town, by=request.user)
    if not is_complete:
        return page(request, opened, form, newcomer)
    if earlier := taken_before(form.cleaned_data["submission"]):
        return to_receipt(request, Done(earlier, is_repeat=True))
    return go_on(request, opened, form, newcomer)


def go_on(
    request: StaffRequest, opened: Desk, form: ApplicationForm, newcomer: NewPersonForm | None
) -> HttpResponse:
    """The forms are in order: ask about a possible duplicate, show once more, or register."""
    doubles = who_it_may_be(newcomer.details) if newcomer is not None else []
    answer = request.POST.get("who", "")
    same = next((person for person in doubles if str(person.pk) == answer), None)
    is_doubtful = bool(doubles) and same is None and answer != "different"
    if opened.choice is None or not opened.is_ready or is_doubtful or "check" in request.POST:
        return page(request, opened, form, newcomer, doubles=doubles, refusal=opened.missing)
    application = Application(
        course=opened.choice.course,
        class_session=opened.slot,
        channel=form.cleaned_data["channel"],
        proxy=form.cleaned_data["proxy"],
        by=request.user,
        submission=form.cleaned_data["submission"],
    )
    outcome = apply(application, opened, newcomer, same)
    if isinstance(outcome, Refused):
        return page(request, opened, form, newcomer, refusal=outcome.sentence)
    return to_receipt(request, outcome)


def apply(
    application: Application, opened: Desk, newcomer: NewPersonForm | None, same: Participant | None
) -> Done | Refused:
    if newcomer is None:
        return take(application, opened.people)
    if same is not None:
        return take_for_same_person(application, same, newcomer.details, opened.along, town=opened.town)
    return take(application, opened.along, newcomer=newcomer.details)


def to_receipt(request: StaffRequest, outcome: Done) -> HttpResponse:
    first = outcome.first
    if not readable(request).filter(pk=first.pk).exists():  # a resident of a partner town, taken by others
        words = _("This application was taken already. Nothing has changed. %(town)s can say more about it.")
        messages.info(request, words % {"town": first.municipality})
        return redirect("desk:desk")
    if outcome.is_repeat:
        messages.info(request, _("This application was taken already. Nothing has changed."))
    return redirect("desk:receipt", first.pk)


@never_cache
@require_safe
@staff_page(register)
def receipt(request: StaffRequest, pk: int) -> HttpResponse:
    """The receipt number, large, to be read twice."""
    registration = get_object_or_404(readable(request), pk=pk)
    together = [registration]
    if registration.party is not None:
        together = list(registration.course.registrations.filter(party=registration.party).order_by("pk"))
    standings = standings_of(together)
    town = request.membership.municipality
    partners = [other for other in ordered_towns(registration.course.program) if other != town]
    lines = script(Step.RECEIPT, town=town, class_session=standings[0].class_session, partners=partners)
    is_own = registration.participant.municipality_id == town.pk
    notice = registration.notices.last() if is_own else None  # how others are reached is their town's to know
    context = {"standings": standings, "notice": notice, "lines": lines, "town": town}
    return render(request, "desk/receipt.html", context)


def readable(request: StaffRequest) -> QuerySet[Registration]:
    """Applications whose receipt one may read out."""
    return answerable(request) | taken_by(request)


def answerable(request: StaffRequest) -> QuerySet[Registration]:
    """Applications of the town's own residents."""
    return Registration.objects.filter(participant__municipality=request.membership.municipality)


def taken_by(request: StaffRequest) -> QuerySet[Registration]:
    """What one has just taken for the town one sits in, or for a town it holds a programme with."""
    return Registration.objects.filter(
        taken_by=request.user,
        municipality__in=neighbours_of(request.membership.municipality),
        applied_at__gte=timezone.now() - STILL_FRESH,
    )


@staff_page(register)
def cancel_application(request: StaffRequest, pk: int) -> HttpResponse:
    registration = get_object_or_404(answerable(request), pk=pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        outcome = cancel(registration, channel=Channel.PHONE, by=request.user, reason=reason)
        return acted(request, registration, outcome, _("%(receipt)s has been cancelled."))
    return asked(request, registration, "cancel", form)


@staff_page(register)
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    registration = get_object_or_404(answerable(request), pk=pk)
    if request.method == "POST":
        outcome = accept_offer(registration, channel=Channel.PHONE, by=request.user)
        return acted(request, registration, outcome, _("%(receipt)s has the seat."))
    return asked(request, registration, "accept")


@staff_page(register)
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    registration = get_object_or_404(answerable(request), pk=pk)
    if request.method == "POST":
        outcome = decline_offer(registration, channel=Channel.PHONE, by=request.user)
        return acted(request, registration, outcome, _("%(receipt)s leaves the seat to the next in line."))
    return asked(request, registration, "decline")


def asked(
    request: HttpRequest, registration: Registration, act: str, form: CancelForm | None = None
) -> HttpResponse:
    """Read back whose application it is before anything changes."""
    companions = registration.course.registrations.live().filter(party=registration.party)
    context = {
        "standing": standings_of([registration])[0],
        "person": registration.participant,
        "act": act,
        "form": form,
        "back": back_to(registration),
        "has_companion": registration.party is not None and companions.exclude(pk=registration.pk).exists(),
    }
    return render(request, "desk/act.html", context)


def back_to(registration: Registration) -> str:
    return f"{reverse('desk:desk')}?q={registration.receipt_number}&person={registration.participant_id}"


def acted(
    request: HttpRequest, registration: Registration, outcome: Done | Refused, sentence: str
) -> HttpResponse:
    if isinstance(outcome, Refused):
        messages.error(request, outcome.sentence)
    else:
        messages.success(request, sentence % {"receipt": registration.receipt_number})
    return redirect(back_to(registration))


@require_safe
@staff_page(register)
def by_hand(request: StaffRequest, pk: int) -> HttpResponse:
    """An application on paper, at the counter or by somebody else: the desk with the class chosen."""
    course = get_object_or_404(Course.objects.visible_to(request.membership.municipality), pk=pk)
    return redirect(f"{reverse('desk:desk')}?course={course.pk}&hand=on")
