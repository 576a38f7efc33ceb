"""The page of the practice telephone. It is there only while no message leaves the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import StaffRequest
from accounts.models import Municipality
from accounts.numbers import PhoneNumber
from accounts.phone_format import format_number
from accounts.rights import register, staff_page
from messaging.models import Line
from messaging.sending import send_due
from phone import simulator
from sessions.models import Course
from sessions.occupancy import seats_of_all

LOOKED_THROUGH = 60


class TelephoneForm(forms.Form):
    """Whose telephone: one of the list, or any other number, which goes first."""

    chosen = forms.ChoiceField(label=gettext_lazy("Whose telephone"), required=False)
    number = forms.CharField(label=gettext_lazy("Another number"), required=False, max_length=80)

    def __init__(self, data: Mapping[str, Any], *, town: Municipality) -> None:
        super().__init__(data)
        self.town = town
        people = {
            contact.contact_point.number: f"{contact.participant} {format_number(contact.contact_point.number)}"
            for contact in simulator.telephones_of(town)
        }
        unknown = f"{_('A number nobody knows')} {format_number(simulator.UNKNOWN_NUMBER)}"
        self.choices = [*people.items(), (simulator.UNKNOWN_NUMBER, unknown)]
        self.fields["chosen"].choices = self.choices  # type: ignore[attr-defined]  # stubs: Field
        self.fields["number"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean(self) -> dict[str, str]:
        text = self.cleaned_data.get("number") or self.cleaned_data.get("chosen") or self.choices[0][0]
        read = simulator.read_telephone(text, town=self.town)
        if not isinstance(read, PhoneNumber):
            raise forms.ValidationError({"number": read})
        return {"number": read.e164}


class TextForm(forms.Form):
    number = forms.CharField(max_length=80)
    body = forms.CharField(required=False, max_length=1600, strip=False)


@dataclass(frozen=True)
class Suggestion:
    body: str
    what_happens: str


def in_practice_only[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if settings.MESSAGING_BACKEND != "simulator":
            raise Http404
        return view(request, *args, **kwargs)

    return page


@in_practice_only
@require_safe
@staff_page(register)
def practice(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    form = TelephoneForm(request.GET, town=town)
    is_readable = form.is_valid()
    number = form.cleaned_data["number"] if is_readable else simulator.UNKNOWN_NUMBER
    line = simulator.line_for(town)
    if line is None:
        return render(request, "simulator/no_line.html")
    if request.headers.get("HX-Request") and request.GET.get("mark") == simulator.mark_of(number, line):
        return HttpResponse(status=204)
    return telephone(request, number, line, form)


def telephone(request: StaffRequest, number: str, line: Line, form: TelephoneForm) -> HttpResponse:
    town = request.membership.municipality
    is_part = bool(request.headers.get("HX-Request"))
    context = {
        "practice": simulator.practice(number, line, town=town),
        "form": form,
        "is_part": is_part,
        "known": dict(form.choices).get(number, ""),
    }
    if is_part:
        return render(request, "simulator/_changes.html", context)
    context |= {"suggestions": suggestions(town, line), "worker_is_silent": simulator.worker_is_silent()}
    return render(request, "simulator/simulator.html", context)


@in_practice_only
@require_POST
@staff_page(register)
def send(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    form, line = TextForm(request.POST), simulator.line_for(town)
    read = simulator.read_telephone(request.POST.get("number", ""), town=town)
    if line is None or not form.is_valid() or not isinstance(read, PhoneNumber):
        messages.error(request, read if isinstance(read, str) else _("The text could not be sent."))
        return redirect("phone:simulator")
    status = simulator.send_text(
        number=read.e164, line=line, body=form.cleaned_data["body"], host=request.get_host()
    )
    if status != 200:
        messages.error(request, _("The webhook answered %(status)s.") % {"status": status})
    if request.headers.get("HX-Request"):
        return telephone(request, read.e164, line, TelephoneForm({"number": read.e164}, town=town))
    return back_to(read.e164)


def back_to(number: str) -> HttpResponse:
    return redirect(f"{reverse('phone:simulator')}?{urlencode({'number': format_number(number)})}")


@in_practice_only
@require_POST
@staff_page(register)
def deliver(request: StaffRequest) -> HttpResponse:
    """What the worker would do: one pass over the outbox."""
    send_due()
    read = simulator.read_telephone(request.POST.get("number", ""), town=request.membership.municipality)
    return back_to(read.e164) if isinstance(read, PhoneNumber) else redirect("phone:simulator")


def suggestions(town: Municipality, line: Line) -> list[Suggestion]:
    """What is worth trying, with classes that are open just now."""
    open_now = Course.objects.visible_to(town).open_for_registration().listed().filter(line=line, by_slot=False)
    courses = list(open_now.order_by("starts_at", "pk")[:LOOKED_THROUGH])
    seats = seats_of_all(courses)
    free = next((course for course in courses if seats[course.pk].free_for(town.pk)), None)
    full = next((course for course in courses if not seats[course.pk].free_for(town.pk)), None)
    found = []
    if free is not None:
        found.append(Suggestion(free.code, _("Apply for “%(title)s”") % {"title": free.title}))
    if full is not None:
        found.append(Suggestion(full.code, _("A full class: the waiting list")))
    return [
        *found,
        Suggestion("1", _("Sent twice, it counts once")),
        Suggestion(pgettext("text to send", "That is fine"), _("It has two meanings: we ask again")),
        Suggestion(pgettext("text to send", "check"), _("What one has applied for")),
        Suggestion(pgettext("text to send", "cancel"), _("Asked once more before it is done")),
        Suggestion(pgettext("text to send", "stop"), _("No more SMS to this number")),
    ]
