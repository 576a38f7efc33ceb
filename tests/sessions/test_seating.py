"""Who sits where: needs first, couples side by side, like telephones together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.models import Need
from sessions.papers.seating import FRONT_SEATS, Guest, arrange, groups_of
from sessions.roster import places_of, roster_of, towns_of_course
from tests import make


def numbers(tables) -> list[list[int | None]]:
    return [[guest.number if guest else None for guest in table.seats] for table in tables]


@given(st.lists(st.integers(min_value=1, max_value=8), max_size=30), st.integers(min_value=2, max_value=6))
def test_everybody_has_one_seat_and_groups_that_fit_share_a_table(sizes, size):
    count = iter(range(1, 1000))
    groups = [[Guest(next(count)) for _person in range(people)] for people in sizes]
    tables = arrange(groups, size)
    seated = [guest.number for table in tables for guest in table.seats if guest]
    assert sorted(seated) == list(range(1, sum(sizes) + 1))
    homes = {guest.number: at for at, table in enumerate(tables) for guest in table.seats if guest}
    assert all(len({homes[guest.number] for guest in group}) == 1 for group in groups if len(group) <= size)


@pytest.fixture
def seated(db, program, staff):
    """Puts people into a class and says who sits at which table, by kana."""

    def seat(course, *, size=4) -> list[list[str | None]]:
        roster = roster_of(course, staff.memberships.get(), places_of(towns_of_course(course)))
        tables = arrange(groups_of(roster.rows), size)
        return [
            [
                None if guest is None else guest.row.registration.participant.kana if guest.row else "companion"
                for guest in table.seats
            ]
            for table in tables
        ]

    return seat


def comes(course, kana, **fields):
    return make.make_registration(course=course, person=make.make_person(town=course.host, kana=kana, **fields))


def test_whoever_asked_for_it_sits_at_the_front_whatever_their_place_in_the_roster(program, seated):
    course = make.make_course(program=program)
    for kana in ("ア ア", "イ イ", "ウ ウ"):
        comes(course, kana)
    comes(course, "ン ン", needs=[Need.FRONT_SEAT])
    assert "ン ン" in seated(course)[0][:FRONT_SEATS]


def test_a_couple_sits_side_by_side_though_the_roster_parts_them(program, seated, couple):
    course = make.make_course(program=program)
    husband, wife = couple
    wife.needs = []
    wife.save()
    comes(course, "サトウ イ")
    from_one_call = [husband, wife]
    make.register(course, from_one_call, channel="phone")
    table = seated(course)[0]
    assert abs(table.index("サトウ イチロウ") - table.index("サトウ アヤ")) == 1


def test_a_companion_has_a_chair_beside_the_person(program, seated):
    course = make.make_course(program=program)
    comes(course, "ア ア", needs=[Need.COMPANION])
    assert seated(course)[0][:2] == ["ア ア", "companion"]


def test_like_telephones_sit_together(program, seated):
    course = make.make_course(program=program, capacity=8)
    for number, kana in enumerate(("ア ア", "イ イ", "ウ ウ", "エ エ")):
        comes(course, kana, device="iphone" if number % 2 else "android")
    assert seated(course, size=2) == [["イ イ", "エ エ"], ["ア ア", "ウ ウ"]]
