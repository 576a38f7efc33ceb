"""What each town sees of a programme held together, searched for in every page there is about it.

A partner sees the course, the counts and its own residents in full. The lead and the town that holds the class see
of the others what the day needs: name and what is prepared. A body without residents sees counts. Nobody else
sees anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Municipality, Role
from accounts.phone_format import format_number
from participants.models import Channel
from programs import sharing
from programs.models import Allocation, Partnership, Program
from sessions.draw import settle
from sessions.leaving import leave
from sessions.models import Course, Registration
from sessions.registration import cancel
from tests import make
from tests.test_architecture import views

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages and words, the same on every database
LISTS = (
    "sessions:courses",
    "sessions:calls",
    "programs:programs",
    "phone:today",
    "participants:people",
    "accounts:audit",
)


@dataclass(frozen=True)
class Resident:
    """Somebody with words that are found on a page only if it shows them."""

    name: str
    kana: str
    needs_note: str
    private: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.name, self.kana, self.name.split()[0], self.kana.split()[0]


RESIDENTS = {
    "渋川市": ("荒牧 つね", "アラマキ ツネ", "左耳から話しかける", 1931, "0279-00-0711", "赤城町溝呂木"),
    "吉岡町": ("小鮒 よね", "コブナ ヨネ", "足台を用意する", 1932, "0279-00-0722", "大久保漆原"),
    "榛東村": ("狩野 きぬ", "カノウ キヌ", "拡大鏡を貸し出す", 1933, "0279-00-0733", "広馬場新井"),
}


def register(course: Course, town: Municipality, facts=None, **fields) -> Registration:
    name, kana, needs_note, year, phone, address = facts or RESIDENTS[town.name]
    person = make.make_person(
        town=town,
        name=name,
        kana=kana,
        needs_note=needs_note,
        birth_year=year,
        phone=phone,
        address=address,
        sms=False,
    )
    return make.make_registration(course=course, person=person, channel=Channel.FAX, **fields)


def residents(*towns: Municipality) -> list[Resident]:
    found = []
    for town in towns:
        name, kana, needs_note, year, phone, address = RESIDENTS[town.name]
        number = make.number(phone).e164
        private = (number, format_number(number), phone, address, str(year), f"昭和{year - 1925}")
        found.append(Resident(name, kana, needs_note, private))
    return found


@pytest.fixture(autouse=True)
def in_office_hours():
    with time_machine.travel("2026-11-24 10:00+09:00", tick=True):
        yield


@pytest.fixture
def prefecture(program) -> Municipality:
    body = make.make_town(name="群馬県", kind="prefecture")
    Partnership.objects.create(program=program, municipality=body, state=Partnership.State.ACCEPTED, position=9)
    return body


@pytest.fixture
def courses(in_office_hours, program, staff, shibukawa, yoshioka, shinto) -> list[Course]:
    """A class of today with everybody on it, one with everybody in line, a lottery settled, a consultation day."""
    everybody = (shibukawa, yoshioka, shinto)
    today = make.make_course(program=program, starts_at=make.in_days(2))
    full = make.make_course(program=program, capacity=3)
    lottery = make.make_course(program=program, allocation=Allocation.LOTTERY)
    consultation = make.make_course(program=program, by_slot=True)
    leaving = [make.make_registration(course=full, town=shibukawa) for _n in range(3)]
    slot = consultation.class_sessions.get()
    slot.seats = 8
    slot.save()
    for town in everybody:
        for course in (today, full, lottery):
            register(course, town)
        register(consultation, town, class_session=slot)
    cancel(leaving[0], channel=Channel.PHONE)
    Course.objects.filter(pk=lottery.pk).update(closes_at=make.in_days(-1))
    lottery.refresh_from_db()
    settle(lottery, by=staff)
    start = make.in_days(0)
    today.class_sessions.update(starts_at=start, ends_at=start.replace(hour=12))
    Course.objects.filter(pk=today.pk).update(starts_at=start, ends_at=start.replace(hour=12))
    return [today, full, lottery, consultation]


def addresses(program: Program) -> Iterator[str]:
    """Every page of staff about the programme, its courses and their sessions, and the lists they stand in."""
    courses = list(program.courses.prefetch_related("class_sessions"))
    sessions = [session for course in courses for session in course.class_sessions.all()]
    things = {"programs/": [program], "courses/": courses, "sessions/": sessions}
    for name, pattern in views(get_resolver().url_patterns):
        thing, about_one, _rest = str(pattern.pattern).partition("<int:pk>/")
        if about_one:
            yield from (reverse(name, args=[row.pk]) for row in things.get(thing, []))
    yield from map(reverse, LISTS)


def read(town: Municipality, program: Program) -> dict[str, str]:
    """What an administrator of the town, who may open most, reads: the body of every page that opens."""
    client = Client()
    client.force_login(make.make_user(town=town, role=Role.ADMIN))
    answers = {url: client.get(url, follow=True) for url in addresses(program)}
    assert not [url for url, answer in answers.items() if answer.status_code >= 500]
    return {
        url: answer.content.decode(errors="replace")
        for url, answer in answers.items()
        if answer.status_code == 200
    }


RANDOM = re.compile(r"[0-9a-f]{32,}|csrf[^>]*>")  # seeds, hashes and tokens hold any four digits now and then


def leaks(pages: dict[str, str], words: list[str]) -> list[tuple[str, str]]:
    found = {url: RANDOM.sub("", body) for url, body in pages.items()}
    return [(url, word) for url, body in found.items() for word in words if word in body]


def private(*towns: Municipality) -> list[str]:
    return [word for each in residents(*towns) for word in each.private]


def names(*towns: Municipality) -> list[str]:
    return [word for each in residents(*towns) for word in each.names]


def notes(*towns: Municipality) -> list[str]:
    return [each.needs_note for each in residents(*towns)]


def test_a_partner_reads_its_own_residents_in_full_and_of_others_only_numbers(
    program, courses, yoshioka, shibukawa, shinto
):
    pages = read(yoshioka, program)
    others = (shibukawa, shinto)
    assert leaks(pages, [*names(*others), *notes(*others), *private(*others)]) == []
    own = pages[reverse("sessions:course", args=[courses[0].pk])]
    assert [word for word in ("小鮒 よね", "足台を用意する", "0279-00-0722") if word not in own] == []
    assert "渋川市 1" in own
    assert "榛東村 1" in own


def test_the_lead_reads_names_and_needs_of_others_for_the_day_and_no_more(
    program, courses, shibukawa, yoshioka, shinto
):
    pages = read(shibukawa, program)
    assert len(pages) > 50  # what is not opened leaks nothing
    assert leaks(pages, private(yoshioka, shinto)) == []
    for name in ("sessions:course", "sessions:roster"):
        body = pages[reverse(name, args=[courses[0].pk])]
        assert [word for word in ("小鮒 よね", "足台を用意する", "狩野 きぬ") if word not in body] == []


def test_the_town_that_holds_the_class_reads_what_the_lead_reads(program, courses, yoshioka, shibukawa, shinto):
    program.courses.update(host=yoshioka)
    pages = read(yoshioka, program)
    assert leaks(pages, private(shibukawa, shinto)) == []
    body = pages[reverse("sessions:course", args=[courses[0].pk])]
    assert [word for word in ("荒牧 つね", "左耳から話しかける") if word not in body] == []


@pytest.mark.parametrize("part", ["partner", "lead"])
def test_a_prefecture_reads_counts_and_never_a_name(
    program, courses, prefecture, shibukawa, yoshioka, shinto, part
):
    if part == "lead":
        Partnership.objects.filter(municipality=prefecture).delete()
        Partnership.objects.create(program=program, municipality=shibukawa, state="accepted", position=9)
        program.lead = prefecture
        program.save()
        program.courses.update(host=prefecture)
    pages = read(prefecture, program)
    everybody = (shibukawa, yoshioka, shinto)
    assert leaks(pages, [*names(*everybody), *notes(*everybody), *private(*everybody)]) == []
    assert "吉岡町 1" in pages[reverse("sessions:course", args=[courses[0].pk])]
    assert reverse("sessions:rota", args=[courses[0].pk]) in pages
    assert reverse("sessions:costs", args=[program.pk]) in pages


def test_a_stranger_opens_no_page_of_the_programme(program, courses, takasaki):
    opened = read(takasaki, program)
    assert set(opened) == set(map(reverse, LISTS))
    assert leaks(opened, [program.name, *names(program.lead)]) == []


def test_a_town_that_left_goes_on_seeing_its_own_residents_only(
    program, courses, partner_staff, yoshioka, shibukawa, shinto
):
    lottery = courses[2]
    lottery.draw.published_at = make.in_days(0)
    lottery.draw.save()
    assert isinstance(leave(program.partnerships.get(municipality=yoshioka), by=partner_staff), Partnership)
    pages = read(yoshioka, program)
    others = (shibukawa, shinto)
    assert leaks(pages, [*names(*others), *notes(*others), *private(*others)]) == []
    assert "小鮒 よね" in pages[reverse("sessions:course", args=[courses[0].pk])]


@pytest.mark.parametrize("answer", ["invited", "declined"])
def test_a_town_that_has_not_joined_reads_nothing_but_the_programme(program, courses, staff, takasaki, answer):
    invitation = sharing.invite(program, takasaki, by=staff)
    if answer == "declined":
        sharing.answer(invitation, accepts=False, by=staff)
    pages = read(takasaki, program)
    assert set(pages) == {reverse("programs:program", args=[program.pk]), *map(reverse, LISTS)}
    assert leaks(pages, [course.code for course in courses]) == []


def test_a_partner_sees_the_quotas_of_all_and_changes_none(client, program, partner_staff, joint_course):
    client.force_login(partner_staff)
    shown = client.get(
        reverse("sessions:course", args=[joint_course.pk]), headers={"accept-language": "en"}
    ).content.decode()
    assert "4 left (0 of 4)" in shown
    assert shown.count("2 left (0 of 2)") == 3  # two partners and the common seats
    for answer in (client.get, client.post):
        assert answer(reverse("sessions:seats", args=[joint_course.pk])).status_code == 403


@pytest.mark.parametrize(
    ("quotas", "release_at", "field"),
    [
        ((9, 1, 1), "", "quota"),
        ((4, 2, 2), "2026-12-20T10:00", "release_at"),
    ],
)
def test_what_is_wrong_with_quotas_is_said_beside_them(
    client, joint_course, staff, shibukawa, yoshioka, shinto, quotas, release_at, field
):
    client.force_login(staff)
    towns = (shibukawa, yoshioka, shinto)
    entry = {f"quota_{town.pk}": str(seats) for town, seats in zip(towns, quotas, strict=True)}
    response = client.post(
        reverse("sessions:seats", args=[joint_course.pk]),
        entry | {"capacity": "10", "release_at": release_at},
        headers={"accept-language": "en"},
    )
    name = f"quota_{shibukawa.pk}" if field == "quota" else field
    sentence = {
        "quota": "The seats kept for the towns are more than the capacity.",
        "release_at": "The seats must be released before the class begins.",
    }[field]
    assert response.context["form"].errors == {name: [sentence]}
    body = response.content.decode()
    assert body.index(f'id="id_{name}-e"') < body.index(f'name="{name}"')
    assert sorted(joint_course.quotas.values_list("seats", flat=True)) == [2, 2, 4]
