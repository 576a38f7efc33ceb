"""The list of threads and the choice above it."""

import django_filters
import django_tables2 as tables
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.japanese import date_label
from accounts.models import Municipality
from accounts.phone_format import format_number
from participants.models import Participant
from phone.models import Conversation
from phone.threads import people_by_number


class ThreadTable(tables.Table):
    last_text_at = tables.Column(
        verbose_name=_("Last text"), orderable=False, default="–", attrs={"td": {"class": "nw"}}
    )
    number = tables.Column(verbose_name=_("Telephone number"), orderable=False, attrs={"td": {"class": "nw"}})
    people = tables.Column(verbose_name=_("Participants"), orderable=False, empty_values=())
    last_text = tables.Column(verbose_name=_("What they wrote"), orderable=False, default="–")
    state = tables.Column(verbose_name=_("State"), orderable=False, empty_values=(), attrs={"td": {"class": "nw"}})

    caption = _("Conversations")
    row_header = "number"
    is_wide = True
    empty_text = _("There is no conversation for this choice.")
    empty_help = _("Whoever texts to the number of the classes appears here.")

    def find_people(self, town: Municipality) -> None:
        """Find the residents on the numbers of this page, in a steady number of queries."""
        numbers = [row.record.number for row in self.paginated_rows]
        self.people_by_number: dict[str, list[Participant]] = people_by_number(numbers, town=town)

    def render_last_text_at(self, record: Conversation) -> str:
        at = timezone.localtime(record.last_text_at)
        return f"{date_label(at)} {at:%H:%M}"

    def render_number(self, record: Conversation) -> SafeString:
        url = reverse("phone:thread", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, format_number(record.number))

    def render_people(self, record: Conversation) -> str:
        names = [str(person) for person in self.people_by_number.get(record.number, [])]
        return ", ".join(names) or str(_("Not known"))

    def render_last_text(self, record: Conversation) -> str:
        body = record.last_text.body if record.last_text else ""
        return Truncator(body).chars(40) or str(_("(no words)"))

    def render_state(self, record: Conversation) -> SafeString:
        if record.needs_staff:
            return format_html('<span class="chip chip-bad">{}</span>', _("Needs a person"))
        if record.open_question():
            return format_html('<span class="chip chip-wait">{}</span>', _("Waiting for their answer"))
        return format_html('<span class="chip">{}</span>', _("Nothing open"))


class ThreadFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("staff", _("Needs a person"))],
        method="by_state",
        empty_label=_("All conversations"),
    )

    class Meta:
        model = Conversation
        fields: list[str] = []

    def by_state(self, talks: QuerySet[Conversation], _name: str, _state: str) -> QuerySet[Conversation]:
        return talks.exclude(handed_over_at=None)


def threads_of(town: Municipality) -> QuerySet[Conversation]:
    """What a town may see: first those who wait for a person, longest first, then the latest."""
    return (
        Conversation.objects.visible_to(town)
        .select_related("last_text")
        .order_by(F("handed_over_at").asc(nulls_last=True), F("last_text_at").desc(nulls_last=True), "-pk")
    )
