"""Forms for planning the classes of an earlier year once more."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.japanese import fiscal_year_label
from programs.models import Program
from sessions.copying import Problem
from sessions.models import Course


class SourceForm(forms.Form):
    """Which programme of an earlier year; the latest unless another is chosen."""

    source = forms.ModelChoiceField(Program.objects.none(), label=_("Programme"), empty_label=None)

    def __init__(self, data: Any = None, *, sources: QuerySet[Program]) -> None:
        latest = sources.first()
        super().__init__(data or {"source": latest.pk if latest else ""})
        self.latest = latest
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]  # a model choice
        self.fields["source"].label_from_instance = program_label  # type: ignore[attr-defined]  # a model choice

    @property
    def chosen(self) -> Program | None:
        if not self.is_valid():
            return self.latest
        chosen: Program = self.cleaned_data["source"]
        return chosen


class CopyForm(forms.Form):
    courses = forms.ModelMultipleChoiceField(
        Course.objects.none(), error_messages={"required": Problem.NOTHING.label}
    )

    def __init__(self, *args: Any, courses: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = courses
        self.fields["courses"].queryset = courses  # type: ignore[attr-defined]  # a model choice

    def ticked(self, possible: Iterable[int]) -> set[int]:
        """What was ticked, or everything that can be copied."""
        if not self.is_bound:
            return set(possible)
        keys = [str(key) for key in self["courses"].value() or []]
        return {int(key) for key in keys if key.isascii() and key.isdigit()}


def program_label(program: Any) -> str:
    return f"{fiscal_year_label(program.fiscal_year)} {program.name}"
