"""Staff pages about people that need nothing but people: the list, and what can be changed of one person."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import StaffRequest
from accounts.paging import show_page
from accounts.rights import register, see_people, staff_page
from participants.forms import ChangePersonForm, ConsentForm, NumberForm
from participants.keeping import change_consent, change_person, resume_sms, stop_sms
from participants.models import Channel, Consent, Contact, Participant
from participants.people import give_number
from participants.tables import PeopleFilter, PeopleTable


@never_cache
@require_safe
@staff_page(see_people)
def people(request: StaffRequest) -> HttpResponse:
    wanted = PeopleFilter(request.GET, town=request.membership.municipality)
    table = PeopleTable(wanted.qs)
    show_page(table, request)
    return render(request, "participants/people.html", {"filter": wanted, "table": table})


def find(request: StaffRequest, pk: int) -> Participant:
    """A resident of the town one works for; nobody else's staff may open them."""
    return get_object_or_404(Participant.objects.of(request.membership.municipality), pk=pk)


@never_cache
@staff_page(register)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    person = find(request, pk)
    if request.method != "POST":
        form = ChangePersonForm(initial=ChangePersonForm.initial_of(person))
    else:
        form = ChangePersonForm(request.POST)
        if form.is_valid():
            change_person(person, form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(person)
    return render(request, "participants/edit.html", {"person": person, "form": form})


@require_POST
@staff_page(register)
def add_number(request: StaffRequest, pk: int) -> HttpResponse:
    person = find(request, pk)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return refused(request, person, form)
    give_number(person, **form.cleaned_data, by=request.user, channel=Channel.COUNTER)
    messages.success(request, _("Saved."))
    return redirect(person)


def refused(request: StaffRequest, person: Participant, form: Form) -> HttpResponse:
    """What is wrong with a form of the person's page, in its first sentence."""
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    messages.error(request, sentences[0])
    return redirect(person)


@require_POST
@staff_page(register)
def consent(request: StaffRequest, pk: int) -> HttpResponse:
    person = find(request, pk)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return refused(request, person, form)
    purpose = Consent.Purpose(form.cleaned_data["purpose"])
    channel = Channel(form.cleaned_data["channel"])
    change_consent(person, purpose, given=form.cleaned_data["given"], by=request.user, channel=channel)
    messages.success(request, _("Saved."))
    return redirect(person)


def find_contact(request: StaffRequest, pk: int) -> Contact:
    own = Contact.objects.filter(participant__municipality=request.membership.municipality)
    return get_object_or_404(own.select_related("participant__municipality", "contact_point"), pk=pk)


@require_POST
@staff_page(register)
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    contact = find_contact(request, pk)
    stop_sms(contact.participant, contact.contact_point, by=request.user)
    messages.success(request, _("No more SMS goes to this number."))
    return redirect(contact.participant)


@require_POST
@staff_page(register)
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    contact = find_contact(request, pk)
    resume_sms(contact.participant, contact.contact_point, by=request.user)
    messages.success(request, _("SMS goes to this number again."))
    return redirect(contact.participant)
