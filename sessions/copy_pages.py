"""The page on which the classes of an earlier year are planned once more."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.middleware import StaffRequest
from accounts.rights import coordinate, staff_page
from programs.models import Program
from programs.views import find_own
from sessions import copying
from sessions.copy_forms import CopyForm, SourceForm


@staff_page(coordinate)
def copy_season(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose the year, tick the classes, look at their dates; then the one act."""
    program = find_own(request, pk)
    sources = copying.earlier_programs(program)
    choice = SourceForm(request.GET or None, sources=sources)
    source = choice.chosen
    if source is None:
        return render(request, "sessions/copy_season.html", {"program": program})
    courses = copying.courses_to_copy(sources.filter(pk=source.pk))
    form = CopyForm(request.POST or None, courses=courses)
    if request.method == "POST" and form.is_valid():
        outcome = copying.copy_season(program, form.cleaned_data["courses"], by=request.user)
        if not isinstance(outcome, copying.NotCopied):
            said = _("%(count)s classes are copied as drafts. Nobody sees them before they are published.")
            messages.success(request, said % {"count": len(outcome)})
            return redirect("sessions:program_courses", program.pk)
        form.add_error(None, outcome.label)
    return show(request, program, choice, form)


def show(request: StaffRequest, program: Program, choice: SourceForm, form: CopyForm) -> HttpResponse:
    proposals = copying.proposals_of(program, form.rows)
    context = {
        "program": program,
        "choice": choice,
        "source": choice.chosen,
        "form": form,
        "proposals": proposals,
        "ticked": form.ticked(each.course.pk for each in proposals if not each.is_refused),
        "can_copy": any(not each.is_refused for each in proposals),
    }
    return render(request, "sessions/copy_season.html", context)
