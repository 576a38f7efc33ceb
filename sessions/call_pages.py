"""The call list page: whom to call, at which number, what to say, what came of it."""

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.models import Municipality
from accounts.rights import register, see_people, staff_page
from participants.models import Channel, Contact
from sessions.calls import Call, CallResult, record_call
from sessions.models import Notice, Registration
from sessions.registration import Done, accept, decline


class ResultForm(forms.Form):
    result = forms.ChoiceField(choices=CallResult.choices)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


def notices_of(town: Municipality) -> QuerySet[Notice]:
    """Open notices to the town's own residents, the most pressing first."""
    return (
        Notice.objects.to_do_by_hand()
        .filter(registration__municipality=town)
        .select_related("registration__participant", "registration__course", "class_session", "message")
        .prefetch_related(
            Prefetch("registration__participant__contacts", Contact.objects.select_related("contact_point"))
        )
        .by_urgency()
    )


@staff_page(see_people)
def calls(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    shown = [Call.of(notice) for notice in notices_of(town)[:200]]
    audit.record("calls.viewed", by=request.user, municipality=town, count=len(shown))
    return render(
        request,
        "calls/calls.html",
        {
            "calls": [call for call in shown if not call.is_postcard],
            "postcards": [call for call in shown if call.is_postcard],
            "may_register": request.membership.can_register,
        },
    )


@require_POST
@staff_page(register)
def record(request: StaffRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(notices_of(request.membership.municipality), pk=pk)
    form = ResultForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose what came of the call."))
    elif record_call(notice, CallResult(form.cleaned_data["result"]), by=request.user):
        messages.success(request, _("Written down."))
    else:
        messages.info(request, _("A colleague has already dealt with this."))
    if "broadcast" in request.POST and notice.broadcast_id is not None:
        return redirect(reverse("sessions:broadcast_reach", args=[notice.broadcast_id]) + "#not-yet")
    return redirect("sessions:calls")


@require_POST
@staff_page(register)
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """What the person said on the telephone to the seat that is offered."""
    town = request.membership.municipality
    registration = get_object_or_404(
        Registration.objects.filter(municipality=town).select_related("participant", "course"), pk=pk
    )
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose yes or no."))
        return redirect("sessions:calls")
    verb = accept if form.cleaned_data["answer"] == "yes" else decline
    outcome = verb(registration, channel=Channel.PHONE, by=request.user)
    if isinstance(outcome, Done):
        messages.success(request, _("The answer is written down: %(state)s.") % {"state": state_label(outcome)})
    else:
        messages.error(request, outcome.sentence)
    return redirect("sessions:calls")


def state_label(outcome: Done) -> str:
    return outcome.first.get_state_display()
