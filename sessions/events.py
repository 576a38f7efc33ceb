"""The classes of the towns as open data: one event a session, in the 32 columns towns publish and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.contact import Contact, contact_of
from accounts.japanese import fiscal_year
from accounts.models import Municipality
from programs.models import Partnership, Venue
from sessions.models import ClassSession, Course

CHUNK = 500
FREE = 0

# The names are those of the recommended data set for events, in its order: nothing here may be reworded.
# Behind each the English key of the same fact.
COLUMNS = {
    "都道府県コード又は市区町村コード": "municipality_code",
    "NO": "id",
    "都道府県名": "prefecture",
    "市区町村名": "municipality",
    "イベント名": "name",
    "イベント名_カナ": "name_kana",
    "イベント名_英語": "name_english",
    "開始日": "start_date",
    "終了日": "end_date",
    "開始時間": "start_time",
    "終了時間": "end_time",
    "開始日時特記事項": "time_note",
    "説明": "description",
    "料金(基本)": "fee",
    "料金(詳細)": "fee_note",
    "連絡先名称": "contact",
    "連絡先電話番号": "contact_phone",
    "連絡先内線番号": "contact_extension",
    "主催者": "organiser",
    "場所名称": "place",
    "住所": "address",
    "方書": "room",
    "緯度": "latitude",
    "経度": "longitude",
    "アクセス方法": "access",
    "駐車場情報": "parking",
    "定員": "capacity",
    "参加申込終了日": "apply_until_date",
    "参加申込終了時間": "apply_until_time",
    "参加申込方法": "how_to_apply",
    "URL": "url",
    "備考": "note",
}


@dataclass(frozen=True)
class Event:
    """The facts of one session. What is not known is None, and an empty cell in the table."""

    municipality_code: str
    id: int
    prefecture: str
    municipality: str
    name: str
    start_date: str
    end_date: str
    start_time: str
    end_time: str
    time_note: str | None
    description: str
    fee: int
    fee_note: str
    contact: str | None
    contact_phone: str | None
    organiser: str
    place: str
    address: str | None
    room: str | None
    latitude: float | None
    longitude: float | None
    access: str | None
    parking: str | None
    capacity: int
    apply_until_date: str
    apply_until_time: str
    how_to_apply: str
    url: str | None
    note: str | None
    name_kana: None = None  # the catalogue does not know how its titles are read
    name_english: None = None
    contact_extension: None = None


def published_sessions(town: Municipality | None) -> QuerySet[ClassSession]:
    """Sessions still held of the classes shown to the public, from the beginning of this fiscal year."""
    first = date(fiscal_year(timezone.localdate()), 4, 1)
    shown = Course.objects.published().listed()
    if town is not None:
        shown = shown.filter(host=town)
    return ClassSession.objects.filter(
        course__in=shown, cancelled_at=None, starts_at__gte=timezone.make_aware(datetime.combine(first, time.min))
    )


def towns_with_events() -> QuerySet[Municipality]:
    """Towns that hold a class of the open data."""
    hosts = published_sessions(None).values("course__host")
    return Municipality.objects.filter(pk__in=hosts).exclude(code="").order_by("code")


def events_of(town: Municipality | None) -> Iterator[Event]:
    """The events of one town, or of all; always in Japanese, whoever asks."""
    rows = published_sessions(town).order_by("starts_at", "pk")
    rows = rows.select_related(
        "course__host", "course__curriculum", "course__program__lead", "venue__municipality"
    )
    partners, totals = partner_names(), session_totals(town)
    contact = cache(contact_of)
    for row in rows.iterator(chunk_size=CHUNK):
        with translation.override("ja"):
            program = row.course.program
            event = event_of(
                row,
                total=totals.get(row.course_id, 1),
                partners=partners.get(program.pk, []),
                contact=contact(row.course.host, program.lead),
            )
        yield event


def partner_names() -> dict[int, list[str]]:
    """Who holds a programme together with its lead, by programme."""
    accepted = Partnership.objects.filter(state=Partnership.State.ACCEPTED).order_by("position", "pk")
    names: dict[int, list[str]] = {}
    for program, name in accepted.values_list("program", "municipality__name"):
        names.setdefault(program, []).append(name)
    return names


def session_totals(town: Municipality | None) -> dict[int, int]:
    """How many sessions each course has that are held, those of other fiscal years too."""
    held = ClassSession.objects.filter(course__in=published_sessions(town).values("course"), cancelled_at=None)
    return dict(held.order_by().values_list("course").annotate(total=Count("pk")))


def event_of(row: ClassSession, *, total: int, partners: list[str], contact: Contact | None) -> Event:
    course, venue, host = row.course, row.venue, row.course.host
    start, end = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    until = timezone.localtime(course.takes_until)
    return Event(
        municipality_code=host.code,
        id=row.pk,
        prefecture=host.prefecture,
        municipality=host.name,
        name=course.title,
        start_date=f"{start:%Y-%m-%d}",
        end_date=f"{end:%Y-%m-%d}",
        start_time=f"{start:%H:%M}",
        end_time=f"{end:%H:%M}",
        time_note=place_in_series(row, total),
        description=description_of(course),
        fee=FREE,
        fee_note=_("Free of charge"),
        contact=f"{contact.town.name}{contact.office}" if contact else None,
        contact_phone=contact.phone_label if contact else None,
        organiser=_(", ").join(dict.fromkeys([host.name, course.program.lead.name, *partners])),
        place=venue.name,
        address=address_of(venue) or None,
        room=venue.room or None,
        latitude=venue.latitude,
        longitude=venue.longitude,
        access=" ".join(venue.access.split()) or None,
        parking=parking_of(venue),
        capacity=course.capacity if row.seats is None else row.seats,
        apply_until_date=f"{until:%Y-%m-%d}",
        apply_until_time=f"{until:%H:%M}",
        how_to_apply=how_to_apply(course),
        url=settings.PUBLIC_BASE_URL + course.get_absolute_url() if has_a_page(course) else None,
        note=course.curriculum.audience or None,
    )


def place_in_series(row: ClassSession, total: int) -> str | None:
    if row.course.by_slot or total < 2:
        return None
    return _("Session %(number)s of a class of %(total)s") % {"number": row.number, "total": total}


def description_of(course: Course) -> str:
    lines = [course.curriculum.subtitle, *course.curriculum.learn.splitlines()]
    return _(", ").join(line.strip() for line in lines if line.strip()) or course.curriculum.title


def address_of(venue: Venue) -> str:
    address, prefecture = venue.full_address, venue.municipality.prefecture
    return address if not address or address.startswith(prefecture) else prefecture + address


def parking_of(venue: Venue) -> str | None:
    if venue.parking_spaces is None:
        return None
    if venue.parking_spaces == 0:
        return _("No car park")
    return _("Parking for %(count)s cars") % {"count": venue.parking_spaces}


def how_to_apply(course: Course) -> str:
    words = _("By telephone, at the counter or on the web. The number of the class is %(code)s.")
    return words % {"code": course.code}


def has_a_page(course: Course) -> bool:
    """A number that was given back may lead to another class."""
    return course.code_released_at is None


def csv_rows(town: Municipality | None) -> Iterator[list[Any]]:
    yield list(COLUMNS)
    for event in events_of(town):
        facts = asdict(event)
        yield [facts[key] for key in COLUMNS.values()]
