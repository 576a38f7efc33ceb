"""The lists of programmes, curricula and venues, and the choices above them."""

from collections.abc import Callable

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.japanese import fiscal_year_label, long_date_label
from accounts.models import Municipality
from programs.models import Curriculum, Expense, Partnership, Program, Venue


def link(name: str, pk: int, words: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), words)


class ProgramTable(tables.Table):
    name = tables.Column(verbose_name=_("Programme"), orderable=False)
    fiscal_year = tables.Column(verbose_name=_("Fiscal year"), orderable=False, attrs={"td": {"class": "nw"}})
    lead = tables.Column(verbose_name=_("Lead"), orderable=False, attrs={"td": {"class": "nw"}})
    partners = tables.Column(verbose_name=_("Partners"), orderable=False, empty_values=())

    caption = _("Programmes")
    row_header = "name"
    empty_text = _("There is no programme yet.")
    empty_help = _("A programme holds the classes of one fiscal year, alone or with other towns.")

    def render_name(self, record: Program) -> SafeString:
        return link("programs:program", record.pk, record.name)

    def render_fiscal_year(self, value: int) -> str:
        return fiscal_year_label(value)

    def render_partners(self, record: Program) -> str:
        accepted = [p for p in record.partnerships.all() if p.state == Partnership.State.ACCEPTED]
        return str(_(", ")).join(str(p.municipality) for p in accepted) or "–"


class ExpenseTable(tables.Table):
    paid_on = tables.Column(verbose_name=_("Paid on"), orderable=False, attrs={"td": {"class": "nw"}})
    yen = tables.Column(
        verbose_name=_("Yen"), orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    paid_by = tables.Column(verbose_name=_("Paid by"), orderable=False, attrs={"td": {"class": "nw"}})
    category = tables.Column(verbose_name=_("Category"), orderable=False)
    note = tables.Column(verbose_name=_("Memo"), orderable=False, default="–")
    action = tables.Column(
        verbose_name=_("Action"), orderable=False, empty_values=(), attrs={"td": {"class": "nw"}}
    )

    caption = _("Payments")
    row_header = "paid_on"
    is_wide = True
    empty_text = _("Nothing has been paid yet.")

    def __init__(self, *args: object, may_write: Callable[[Expense], bool], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.may_write = may_write

    def render_paid_on(self, record: Expense) -> str:
        return long_date_label(record.paid_on)

    def render_yen(self, value: int) -> str:
        return f"{value:,}"

    def render_action(self, record: Expense) -> SafeString | str:
        if not self.may_write(record):
            return ""
        words = format_html(
            '{}<span class="vh"> {} {}</span>', _("Change"), record.get_category_display(), record.yen
        )
        return link("programs:edit_expense", record.pk, words)


class CurriculumTable(tables.Table):
    code = tables.Column(verbose_name=_("Mark"), orderable=False)
    title = tables.Column(verbose_name=_("Title"), orderable=False)
    kind = tables.Column(verbose_name=_("Kind"), orderable=False, attrs={"td": {"class": "nw"}})
    length = tables.Column(
        verbose_name=_("Sessions"), orderable=False, empty_values=(), attrs={"td": {"class": "nw"}}
    )
    capacity = tables.Column(
        verbose_name=_("Usual capacity"), orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    owner = tables.Column(
        verbose_name=_("Kept by"), orderable=False, empty_values=(), attrs={"td": {"class": "nw"}}
    )

    caption = _("Curricula")
    row_header = "title"
    empty_text = _("There is no curriculum for this choice.")

    def render_title(self, record: Curriculum) -> SafeString:
        if record.is_active:
            return link("programs:curriculum", record.pk, record.title)
        words = format_html("{}<small>{}</small>", record.title, _("no longer in use"))
        return link("programs:curriculum", record.pk, words)

    def render_length(self, record: Curriculum) -> str:
        length = {"sessions": record.session_count, "minutes": record.minutes}
        return str(_("%(sessions)s × %(minutes)s minutes") % length)

    def render_owner(self, record: Curriculum) -> str:
        return str(record.municipality or _("Common catalogue"))


class VenueTable(tables.Table):
    name = tables.Column(verbose_name=_("Venue"), orderable=False)
    address = tables.Column(verbose_name=_("address"), orderable=False, default="–")
    capacity = tables.Column(
        verbose_name=_("capacity"), orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    facts = tables.Column(verbose_name=_("For visitors"), orderable=False, empty_values=())

    caption = _("Venues")
    row_header = "name"
    empty_text = _("There is no venue for this choice.")

    def render_name(self, record: Venue) -> SafeString:
        words = format_html("{}<small>{}</small>", record.name, record.room) if record.room else record.name
        return link("programs:venue", record.pk, words)

    def render_facts(self, record: Venue) -> SafeString:
        missing = record.missing_facts
        if not missing:
            return format_html('<span class="chip chip-ok">{}</span>', _("Complete"))
        names = [str(Venue._meta.get_field(name).verbose_name) for name in missing]  # type: ignore[union-attr]  # all are columns
        words = str(_(", ")).join(names[:3]) + (str(_(" and more")) if len(names) > 3 else "")
        return format_html('<span class="chip chip-wait">{}</span><small>{}</small>', _("To be checked"), words)


class ProgramFilter(django_filters.FilterSet):
    year = django_filters.ChoiceFilter(label=_("Fiscal year"), field_name="fiscal_year", empty_label=_("All"))

    class Meta:
        model = Program
        fields: list[str] = []

    def __init__(self, *args: object, town: Municipality, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        years = Program.objects.visible_to(town).order_by("-fiscal_year")
        known = dict.fromkeys(years.values_list("fiscal_year", flat=True))
        self.filters["year"].extra["choices"] = [(year, fiscal_year_label(year)) for year in known]


class CurriculumFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Curriculum.Kind, empty_label=_("All"))

    class Meta:
        model = Curriculum
        fields: list[str] = []


class VenueFilter(django_filters.FilterSet):
    words = django_filters.CharFilter(label=_("Name or address"), method="by_words")
    missing = django_filters.ChoiceFilter(
        label=_("For visitors"),
        choices=[("yes", _("To be checked"))],
        method="by_missing",
        empty_label=_("All"),
    )

    class Meta:
        model = Venue
        fields: list[str] = []

    def by_words(self, venues: QuerySet[Venue], _name: str, words: str) -> QuerySet[Venue]:
        return venues.filter(Q(name__contains=words) | Q(kana__contains=words) | Q(address__contains=words))

    def by_missing(self, venues: QuerySet[Venue], _name: str, _value: str) -> QuerySet[Venue]:
        return Venue.objects.with_missing_facts() & venues
