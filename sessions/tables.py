"""The list of courses and the choices above it."""

from collections.abc import Iterable

import django_filters
import django_tables2 as tables
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.japanese import clock_label, long_date_label
from accounts.models import Municipality
from programs.models import Program
from sessions.course_words import Words, course_state, seats_left
from sessions.models import Course, Registration
from sessions.occupancy import seats_of_all
from sessions.seats import Seats


class CourseTable(tables.Table):
    starts_at = tables.Column(verbose_name=_("First session"), orderable=False, attrs={"td": {"class": "nw"}})
    title = tables.Column(verbose_name=_("Class"), orderable=False)
    host = tables.Column(verbose_name=_("Held by"), orderable=False, attrs={"td": {"class": "nw"}})
    seats = tables.Column(verbose_name=_("Seats"), orderable=False, empty_values=(), attrs={"td": {"class": "nw"}})
    state = tables.Column(verbose_name=_("State"), orderable=False, empty_values=(), attrs={"td": {"class": "nw"}})

    caption = _("Classes")
    row_header = "title"
    is_wide = True
    empty_text = _("There is no class for this choice.")

    def count_seats(self) -> None:
        """Count the seats of the rows on this page, in a steady number of queries."""
        shown = [row.record for row in self.paginated_rows]
        self.seats_by_course: dict[int, Seats] = seats_of_all(shown)
        self.waiting = waiting_by_course(shown)

    def render_starts_at(self, record: Course) -> SafeString:
        first = next((s for s in record.class_sessions.all() if not s.is_cancelled), None)
        hours = clock_label(first.starts_at, first.ends_at) if first and not record.by_slot else ""
        return format_html("{}<small>{}</small>", long_date_label(record.starts_at), hours)

    def render_title(self, record: Course) -> SafeString:
        url = reverse("sessions:course", args=[record.pk])
        held = sum(not s.is_cancelled for s in record.class_sessions.all())
        times = _("%(count)s slots") if record.by_slot else _("%(count)s sessions")
        words = str(times % {"count": held}) if held > 1 else ""
        note = " ".join(filter(None, [record.code, words, record.program.name]))
        return format_html('<a href="{}">{}</a><small>{}</small>', url, record.title, note)

    def render_seats(self, record: Course) -> SafeString | str:
        if record.cancelled_at is not None:
            return "–"
        return chip(seats_left(self.seats_by_course[record.pk], self.waiting.get(record.pk, 0)), plain=True)

    def render_state(self, record: Course) -> SafeString:
        return chip(course_state(record))


def chip(words: Words, *, plain: bool = False) -> SafeString:
    if plain:
        return format_html("{}", words.text)
    tone = f" chip-{words.tone}" if words.tone else ""
    return format_html('<span class="chip{}">{}</span>', tone, words.text)


def waiting_by_course(courses: Iterable[Course]) -> dict[int, int]:
    waiting = Registration.objects.filter(
        course__in=[course.pk for course in courses], state=Registration.State.WAITING
    )
    return dict(waiting.values_list("course").annotate(Count("pk")).order_by())


STATES = [
    ("upcoming", _("Still to come")),
    ("draft", _("Drafts")),
    ("past", _("Past and called off")),
]


class CourseFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("All"))
    program = django_filters.ModelChoiceFilter(
        label=_("Programme"), queryset=Program.objects.none(), empty_label=_("All")
    )
    host = django_filters.ModelChoiceFilter(
        label=_("Held by"), queryset=Municipality.objects.none(), empty_label=_("All")
    )
    words = django_filters.CharFilter(label=_("Title or class number"), method="by_words")

    class Meta:
        model = Course
        fields: list[str] = []

    def __init__(self, *args: object, town: Municipality, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        courses = Course.objects.visible_to(town)
        self.filters["program"].queryset = Program.objects.visible_to(town)
        self.filters["host"].queryset = Municipality.objects.filter(pk__in=courses.values("host"))

    def by_state(self, courses: QuerySet[Course], _name: str, state: str) -> QuerySet[Course]:
        now = timezone.now()
        if state == "draft":
            return courses.filter(published_at=None, cancelled_at=None)
        if state == "past":
            return courses.filter(Q(ends_at__lte=now) | ~Q(cancelled_at=None)).order_by("-starts_at", "-pk")
        return courses.filter(ends_at__gt=now, cancelled_at=None)

    def by_words(self, courses: QuerySet[Course], _name: str, words: str) -> QuerySet[Course]:
        return courses.filter(Q(title__contains=words) | Q(code=words.strip()))
