"""Formatting for templates, loaded everywhere: dates, numbers, codes, seats, form controls. No rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts import japanese
from accounts.phone_format import format_number

register = template.Library()

TOWN_TONES = "abcdef"


type Moment = dt.date | dt.datetime


@register.filter
def date_label(day: Moment | None) -> str:
    return japanese.date_label(day) if day else ""


@register.filter
def long_date_label(day: Moment | None) -> str:
    return japanese.long_date_label(day) if day else ""


@register.filter
def wareki_label(day: Moment | None) -> str:
    return japanese.wareki_label(day) if day else ""


@register.filter
def year_label(year: int | None) -> str:
    return japanese.year_label(year) if year else ""


@register.filter
def fiscal_year(year: int) -> str:
    return japanese.fiscal_year_label(year)


@register.filter
def clock(moment: dt.datetime | dt.time | None) -> str:
    """9:05, without a leading zero, in local time."""
    if moment is None:
        return ""
    time = timezone.localtime(moment) if isinstance(moment, dt.datetime) else moment
    return f"{time.hour}:{time.minute:02}"


@register.simple_tag
def period(start: dt.datetime | dt.time, end: dt.datetime | dt.time) -> str:
    """With morning or afternoon, for public pages."""
    return japanese.period_label(start, end)


@register.simple_tag
def clock_period(start: dt.datetime | dt.time, end: dt.datetime | dt.time) -> str:
    """10:00-11:30 in 24 hours, for staff tables."""
    return japanese.clock_label(start, end)


@register.filter
def phone(value: str) -> str:
    """+819003100403 as 090-0310-0403."""
    return format_number(value)


@register.filter
def code(value: str) -> SafeString:
    """A four-digit course code, one box a digit."""
    digits = format_html_join("", "<span>{}</span>", ((digit,) for digit in str(value)))
    return format_html('<span class="code">{}</span>', digits)


@register.filter
def repeat(count: int | None) -> range:
    """Something to loop over `count` times: one cushion a seat."""
    return range(count or 0)


@register.filter
def tone(position: int) -> str:
    """The colour letter of a town by its place in the programme, counted from 0."""
    return TOWN_TONES[position % len(TOWN_TONES)]


@register.filter
def grouped(figure: int) -> str:
    """12345 as 12,345."""
    return f"{figure:,}"


@register.filter
def hours(figure: Decimal) -> str:
    """1.50 hours as 1.5."""
    return f"{figure.normalize():f}"


@register.filter
def page_range(page: Page[object]) -> Iterator[int | str]:
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite in components/_icons.html; words always stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def first_control_id(field: BoundField) -> str:
    """The id a link in the error summary goes to: for a group of choices, its first."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def control(field: BoundField, help_text: str = "") -> SafeString:
    """The input of a field with the classes and descriptions of the look; a placeholder is never a label."""
    described = [f"{field.auto_id}-e"] if field.errors else []
    described += [f"{field.auto_id}-h"] if help_text else []
    attrs: dict[str, str | bool] = {"placeholder": False}
    own = field.field.widget.attrs
    classes = f"{_control_class(field.field.widget)} {own.get('class', '')}".strip()
    if classes:
        attrs["class"] = classes
    if described and "aria-describedby" not in own:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput) or widget.use_fieldset:
        return ""
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    numeric = isinstance(widget, forms.NumberInput) or widget.attrs.get("inputmode") in {"numeric", "tel"}
    return "input input-num" if numeric else "input"
