"""The list of requests of groups and the choices above it."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.japanese import date_label, long_date_label
from sessions.course_words import Words
from sessions.models import OutreachRequest
from sessions.tables import chip

State = OutreachRequest.State
TONES = {State.ASKED: "wait", State.PLANNED: "ok", State.DECLINED: "plain"}


def tone_of(request: OutreachRequest) -> str:
    """The tone of its chip."""
    return TONES.get(State(request.state), "")


class RequestTable(tables.Table):
    group = tables.Column(verbose_name=_("Group"), orderable=False)
    state = tables.Column(verbose_name=_("State"), orderable=False, attrs={"td": {"class": "nw"}})
    place = tables.Column(verbose_name=_("Place"), orderable=False)
    people = tables.Column(
        verbose_name=_("People expected"), orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    asked_at = tables.Column(verbose_name=_("Asked on"), orderable=False, attrs={"td": {"class": "nw"}})

    caption = _("Requests of groups")
    row_header = "group"
    is_wide = True
    empty_text = _("There is no request for this choice.")
    empty_help = _("A club, a neighbourhood association or a salon can ask for a class at its own place.")

    def render_group(self, record: OutreachRequest) -> SafeString:
        url = reverse("sessions:outreach", args=[record.pk])
        note = f"{record.get_group_kind_display()} {record.curriculum.title}"
        return format_html('<a href="{}">{}</a><small>{}</small>', url, record.group, note)

    def render_place(self, record: OutreachRequest) -> SafeString:
        return format_html("{}<small>{}</small>", record.place, record.municipality)

    def render_asked_at(self, record: OutreachRequest) -> str:
        return long_date_label(record.asked_at)

    def render_state(self, record: OutreachRequest) -> SafeString:
        day = date_label(record.course.starts_at) if record.course is not None else ""
        words = Words(record.get_state_display(), tone_of(record))
        return format_html("{}<small>{}</small>", chip(words), day)


class RequestFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=State, empty_label=_("All"))

    class Meta:
        model = OutreachRequest
        fields: list[str] = []
