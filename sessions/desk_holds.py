"""Keeping seats while somebody is on the telephone, and giving them back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.rights import register, staff_page
from sessions import holds
from sessions.desk import newcomer_form, page
from sessions.desk_forms import ApplicationForm
from sessions.desk_page import Desk
from sessions.refusals import Refused


@never_cache
@require_POST
@staff_page(register)
def hold(request: StaffRequest) -> HttpResponse:
    """Keep what the page has chosen, or keep it longer."""
    opened = desk_of(request)
    refusal = ""
    if opened.choice is not None and opened.is_ready:
        course = opened.choice.course
        outcome = holds.hold(course, opened.people, by=request.user, class_session=opened.slot)
        refusal = outcome.sentence if isinstance(outcome, Refused) else ""
    return answer(request, refusal or opened.missing)


@never_cache
@require_POST
@staff_page(register)
def release(request: StaffRequest) -> HttpResponse:
    """Give back what is kept. A script that leaves the page does not wait for the answer."""
    holds.release(by=request.user)
    return answer(request)


def desk_of(request: StaffRequest) -> Desk:
    return Desk(request.POST, town=request.membership.municipality, by=request.user)


def answer(request: StaffRequest, refusal: str = "") -> HttpResponse:
    """The note about the seats for a script; without one the whole page, as far as it was filled in."""
    opened = desk_of(request)
    if "HX-Request" in request.headers:
        context = {"desk": opened, "refusal": refusal, "is_answer": True}
        return render(request, "desk/_kept.html", context)
    form, newcomer = ApplicationForm(), newcomer_form(opened)
    for each in filter(None, (form, newcomer)):
        each.initial = {**each.initial, **as_typed(each, request.POST)}
    return page(request, opened, form, newcomer, refusal=refusal)


def as_typed(form: forms.Form, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the fields, not judged yet."""
    files: MultiValueDict[str, Any] = MultiValueDict()
    return {
        name: field.widget.value_from_datadict(typed, files, name)
        for name, field in form.fields.items()
        if name in typed or isinstance(field, forms.BooleanField | forms.MultipleChoiceField)
    }
