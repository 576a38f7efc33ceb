"""The list of participants: its columns and the choices above it."""

import django_filters
import django_tables2 as tables
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from accounts.numbers import PhoneNumber, format_number, read_number
from participants.models import Device, Participant, ParticipantQuerySet
from participants.people import by_kana, people_on


class PeopleTable(tables.Table):
    kana = tables.Column(verbose_name=_("Name in kana"), order_by=("kana_key", "pk"), linkify=True)
    name = tables.Column(verbose_name=_("Name"), orderable=False, default="")
    numbers = tables.Column(verbose_name=_("Numbers"), orderable=False, empty_values=())
    reach = tables.Column(verbose_name=_("How we tell them"), orderable=False)
    needs = tables.Column(verbose_name=_("What we prepare"), orderable=False, accessor="needs_labels", default="")

    caption = _("Participants")
    row_header = "kana"
    empty_text = _("Nobody fits these words.")
    empty_help = _("Try the beginning of the name in kana, or the whole telephone number.")

    class Meta:
        fields = ("kana", "name", "numbers", "reach", "needs")

    def render_numbers(self, record: Participant) -> SafeString:
        numbers = [format_number(contact.contact_point.number) for contact in record.contacts.all()]
        return format_html('<span class="num">{}</span>', ", ".join(numbers))

    def render_needs(self, value: list[str]) -> str:
        return str(_(", ")).join(value)


class PeopleFilter(django_filters.FilterSet):
    """Searches among the residents of `town`."""

    q = django_filters.CharFilter(
        label=_("Name in kana or telephone number"),
        method="by_words",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    device = django_filters.ChoiceFilter(label=_("Telephone in use"), choices=Device, empty_label=_("All"))
    reach = django_filters.ChoiceFilter(
        label=_("How we tell them"), choices=Participant.Reach, empty_label=_("All")
    )

    class Meta:
        model = Participant
        fields: list[str] = []

    def __init__(self, data: object, *, town: Municipality) -> None:
        self.town = town
        super().__init__(data, queryset=Participant.objects.of(town).with_numbers())

    def by_words(self, people: ParticipantQuerySet, _name: str, words: str) -> ParticipantQuerySet:
        number = read_number(words)
        if isinstance(number, PhoneNumber):
            return people.filter(pk__in=people_on(number.e164).order_by().values("pk"))
        return people.filter(pk__in=by_kana(words, municipality=self.town).order_by().values("pk"))
