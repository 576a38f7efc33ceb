"""The pages of the threads: the list, one thread, answering it, putting it aside."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.middleware import StaffRequest
from accounts.models import Municipality
from accounts.paging import show_page
from accounts.rights import register, see_people, staff_page
from phone import threads
from phone.models import Conversation
from phone.tables import ThreadFilter, ThreadTable, threads_of


class AnswerForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Answer by SMS"),
        help_text=gettext_lazy("The name of the town is put in front. No web address, no telephone number."),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": threads.Problem.EMPTY.label, "max_length": threads.Problem.TOO_LONG.label},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)


@staff_page(see_people)
def thread_list(request: StaffRequest) -> HttpResponse:
    town = request.membership.municipality
    chosen = ThreadFilter(request.GET, queryset=threads_of(town))
    table = ThreadTable(chosen.qs)
    show_page(table, request)
    table.find_people(town)
    return render(request, "threads/threads.html", {"filter": chosen, "table": table})


def find_thread(request: StaffRequest, pk: int) -> Conversation:
    talks = Conversation.objects.visible_to(request.membership.municipality)
    return get_object_or_404(talks.select_related("line", "municipality", "taken_by"), pk=pk)


@staff_page(see_people)
def thread(request: StaffRequest, pk: int) -> HttpResponse:
    talk = find_thread(request, pk)
    audit.record("thread.viewed", talk, by=request.user, municipality=request.membership.municipality)
    return page(request, talk, AnswerForm(initial={"submission": uuid.uuid4()}))


def page(request: StaffRequest, talk: Conversation, form: AnswerForm) -> HttpResponse:
    town: Municipality = request.membership.municipality
    context = {
        "talk": talk,
        "entries": threads.entries_of(talk, town=town),
        "people": threads.people_by_number([talk.number], town=town).get(talk.number, []),
        "has_stopped": threads.has_stopped(talk.number, town),
        "form": form,
    }
    return render(request, "threads/thread.html", context)


@require_POST
@staff_page(register)
def thread_answer(request: StaffRequest, pk: int) -> HttpResponse:
    talk = find_thread(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        outcome = threads.answer(
            talk,
            form.cleaned_data["body"],
            by=request.user,
            municipality=request.membership.municipality,
            submission=form.cleaned_data["submission"],
        )
        if not isinstance(outcome, threads.Problem):
            messages.success(request, _("The answer is on its way."))
            return redirect("phone:thread", talk.pk)
        form.add_error("body", str(outcome.label))
    return page(request, talk, form)


@require_POST
@staff_page(register)
def thread_close(request: StaffRequest, pk: int) -> HttpResponse:
    talk = find_thread(request, pk)
    if threads.close(talk, by=request.user, municipality=request.membership.municipality):
        messages.success(request, _("Put aside. The next text is answered automatically again."))
    else:
        messages.warning(request, _("Nothing was waiting here any more."))
    return redirect("phone:threads")
