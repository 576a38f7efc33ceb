"""The page of one person: everything staff know of them, what they applied for and were told."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.rights import see_people, staff_page
from messaging.models import OptOut
from participants.forms import NumberForm
from participants.models import Consent, Contact, Participant
from participants.pages import find
from sessions.histories import histories_of
from sessions.models import Notice

NOTICES = 20


@dataclass(frozen=True)
class Number:
    """A number of the person, who else of the town is on it, and whether SMS to it is stopped."""

    contact: Contact
    others: list[Participant]
    is_stopped: bool


@dataclass(frozen=True)
class Answer:
    """What the person last said to one purpose; None if they were never asked."""

    purpose: Consent.Purpose
    latest: Consent | None


@never_cache
@require_safe
@staff_page(see_people)
def person(request: StaffRequest, pk: int) -> HttpResponse:
    someone = find(request, pk)
    town = request.membership.municipality
    audit.record("participant.viewed", someone, by=request.user, municipality=town)
    notices = Notice.objects.filter(registration__participant=someone).select_related(
        "registration__course", "message", "closed_by"
    )
    context = {
        "person": someone,
        "numbers": numbers_of(someone),
        "answers": answers_of(someone),
        "all_answers": someone.consents.select_related("by").order_by("-pk"),
        "history": histories_of([someone])[someone.pk],
        "notices": notices.order_by("-pk")[:NOTICES],
        "number_form": NumberForm(),
        "can_register": request.membership.can_register,
    }
    return render(request, "participants/person.html", context)


def numbers_of(someone: Participant) -> list[Number]:
    contacts = list(someone.contacts.select_related("contact_point"))
    keys = [contact.contact_point_id for contact in contacts]
    shared: dict[int, list[Participant]] = {key: [] for key in keys}
    others = Contact.objects.filter(contact_point__in=keys, participant__municipality=someone.municipality_id)
    for contact in others.exclude(participant=someone).select_related("participant"):
        shared[contact.contact_point_id].append(contact.participant)
    numbers = [contact.contact_point.number for contact in contacts]
    stops = OptOut.objects.filter(number__in=numbers, lifted_at=None)
    stopped = {stop.number for stop in stops if stop.municipality_id in {None, someone.municipality_id}}
    return [
        Number(contact, shared[contact.contact_point_id], contact.contact_point.number in stopped)
        for contact in contacts
    ]


def answers_of(someone: Participant) -> list[Answer]:
    latest = {consent.purpose: consent for consent in someone.consents.select_related("by")}
    return [Answer(purpose, latest.get(purpose)) for purpose in Consent.Purpose]
