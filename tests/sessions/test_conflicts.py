"""What speaks against a session: hard conflicts refuse, soft ones warn; times are half-open, ways take time."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from programs.closing import Span, close
from sessions.changes import move_session
from sessions.conflicts import Conflict, Engagement, Kind, Meeting, conflicts_among, conflicts_of
from sessions.models import ClassSession, StaffDuty
from sessions.travel import buffer_between
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
START = make.in_days


@pytest.fixture
def hall(shibukawa):
    return make.make_venue(town=shibukawa, name="赤城麓公民館", latitude=36.50, longitude=139.00)


@pytest.fixture
def other_hall(yoshioka):
    """11.1 km to the south: 25 minutes."""
    return make.make_venue(town=yoshioka, latitude=36.40, longitude=139.00)


def session_at(program, venue, start, **fields) -> ClassSession:
    return make.make_course(program=program, venue=venue, starts_at=start, **fields).class_sessions.get()


def of(*sessions) -> list[list[str]]:
    rows = ClassSession.objects.filter(pk__in=[each.pk for each in sessions]).order_by("pk")
    named = rows.select_related("venue__municipality", "course__program", "course__curriculum", "course__host")
    return [[conflict.kind for conflict in each] for each in conflicts_of(named).values()]


def plain(program):
    """A class on a subject of its own."""
    return {"program": program, "curriculum": make.make_curriculum(topic="maps")}


# ---- the way ----


@pytest.mark.parametrize(
    ("south", "minutes"), [(0.0, 10), (0.01, 10), (0.045, 15), (0.1, 25), (0.27, 65), (9.0, 12 * 60)]
)
def test_the_way_takes_two_minutes_a_kilometre_in_steps_of_five_and_at_least_ten(shibukawa, hall, south, minutes):
    other = make.make_venue(town=shibukawa, latitude=36.50 - south, longitude=139.00)
    assert buffer_between(hall, other) == buffer_between(other, hall) == minutes * MINUTE


def test_within_a_venue_there_is_no_way_and_an_unknown_one_takes_half_an_hour(shibukawa, yoshioka, hall):
    unknown = make.make_venue(town=yoshioka)
    assert (buffer_between(hall, hall), buffer_between(hall, unknown)) == (timedelta(), 30 * MINUTE)
    shibukawa.latitude, shibukawa.longitude, yoshioka.latitude, yoshioka.longitude = 36.5, 139.0, 36.05, 139.0
    near, far = make.make_venue(town=shibukawa), make.make_venue(town=yoshioka)
    assert [buffer_between(near, venue) for venue in (hall, far)] == [30 * MINUTE, 105 * MINUTE]


# ---- hard ----


@pytest.mark.parametrize(("apart", "found"), [(0, []), (-1, [Kind.VENUE])])
def test_a_venue_may_be_used_again_as_soon_as_a_class_ends(program, hall, apart, found):
    first = session_at(venue=hall, start=START(20), **plain(program))
    second = session_at(venue=hall, start=first.ends_at + apart * MINUTE, **plain(program))
    assert of(first, second) == [found, found]


def test_a_busy_calendar_takes_the_venue_too(program, hall):
    session = session_at(venue=hall, start=START(20), **plain(program))
    make.make_busy_calendar(venue=hall, times=((session.ends_at, session.ends_at + HOUR),))
    assert of(session) == [[]]
    make.make_busy_calendar(venue=hall, times=((session.ends_at - MINUTE, session.ends_at + HOUR),))
    assert of(session) == [[Kind.VENUE]]


@pytest.mark.parametrize(("gap", "found"), [(0, [Kind.PERSON]), (24, [Kind.PERSON]), (25, []), (60, [])])
def test_nobody_follows_one_class_with_another_elsewhere_without_the_way(
    program, hall, other_hall, staff, shibukawa, gap, found
):
    first = session_at(venue=hall, start=START(20), **plain(program))
    second = session_at(venue=other_hall, start=first.ends_at + gap * MINUTE, **plain(program))
    for session in (first, second):
        make.make_duty(class_session=session, town=shibukawa, user=staff, name=staff.name)
    assert of(first, second) == [found, found]


def test_back_to_back_at_the_same_venue_is_fine_for_a_person(program, hall, staff, shibukawa):
    first = session_at(venue=hall, start=START(20), **plain(program))
    second = session_at(venue=hall, start=first.ends_at, **plain(program))
    for session in (first, second):
        make.make_duty(class_session=session, town=shibukawa, user=staff)
    assert of(first, second) == [[], []]


def test_what_is_called_off_is_in_nobodys_way(program, hall, staff, shibukawa):
    first = session_at(venue=hall, start=START(20), **plain(program))
    second = session_at(venue=hall, start=START(20), **plain(program))
    for session in (first, second):
        make.make_duty(class_session=session, town=shibukawa, user=staff)
    second.cancelled_at = START(0)
    second.save()
    assert of(first, second) == [[], []]


def test_a_move_onto_another_class_of_somebody_is_refused_with_name_and_class(
    program, hall, other_hall, staff, shibukawa
):
    busy = session_at(venue=hall, start=START(20), title="写真を送る", **plain(program))
    moved = session_at(venue=other_hall, start=START(22), **plain(program))
    for session in (busy, moved):
        make.make_duty(class_session=session, town=shibukawa, user=staff, name=staff.name)
    start = busy.ends_at + 20 * MINUTE
    with override("en"):
        outcome = move_session(moved, starts_at=start, ends_at=start + HOUR, venue=other_hall, by=staff)
    assert isinstance(outcome, Conflict)
    assert outcome.label == "都築 is at 写真を送る 10:00–11:30 at 赤城麓公民館, 25 minutes away."
    moved.refresh_from_db()
    assert moved.starts_at == START(22)
    later = start + 5 * MINUTE
    outcome = move_session(moved, starts_at=later, ends_at=later + HOUR, venue=other_hall, by=staff)
    assert isinstance(outcome, ClassSession)


def test_people_that_other_apps_know_of_are_compared_in_the_same_way(program, hall, other_hall):
    here = session_at(venue=hall, start=START(20), **plain(program))
    there = session_at(venue=other_hall, start=here.ends_at, **plain(program))
    rows = [Engagement("supporter:1", "新井", each) for each in (here, there)]
    assert [each.kind for each in conflicts_of([here, there], engaged=rows)[here.pk]] == [Kind.PERSON]


def test_a_draft_of_strangers_is_not_named(program, hall, takasaki, staff):
    theirs = make.make_program(lead=takasaki)
    session_at(venue=hall, start=START(20), title="秘密の講座", published_at=None, **plain(theirs))
    own = session_at(venue=hall, start=START(20), title="地図", **plain(program))
    assert "秘密" not in conflicts_of([own])[own.pk][0].label


# ---- soft ----


def test_a_holiday_and_a_closing_day_warn(program, hall, shibukawa, staff):
    holiday = session_at(venue=hall, start=make.in_days(48), **plain(program))
    closed = session_at(venue=hall, start=make.in_days(35), **plain(program))
    close(shibukawa, Span(date(2026, 12, 29), date(2027, 1, 3), "年末年始"), by=staff)
    assert (holiday.day, closed.day) == (date(2027, 1, 11), date(2026, 12, 29))
    assert of(holiday, closed) == [[Kind.HOLIDAY], [Kind.CLOSED]]
    assert [each.is_hard for each in conflicts_of([closed])[closed.pk]] == [False]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, [Kind.NEARBY]),
        ({"days": 4}, []),  # the Monday after
        ({"south": 0.14}, []),  # 15.6 km
        ({"topic": "maps"}, []),
        ({"own": True}, []),
    ],
)
def test_a_like_class_of_a_partner_near_by_in_the_same_week_warns(program, yoshioka, hall, change, found):
    start = make.in_days(24)  # a Friday
    start += timedelta(days=change.get("days", 0) - 1)
    place = {"latitude": 36.50 - change.get("south", 0.13), "longitude": 139.00}
    theirs = make.make_venue(town=yoshioka, **place)
    host = program.lead if change.get("own") else yoshioka
    session_at(
        program, theirs, start, host=host, curriculum=make.make_curriculum(topic=change.get("topic", "safety"))
    )
    own = session_at(program, hall, make.in_days(21))
    assert of(own) == [found]


def test_too_few_helpers_on_the_rota_warn_and_an_empty_rota_does_not(program, hall, shibukawa):
    own = session_at(venue=hall, start=START(20), **plain(program))
    for _ in range(5):
        make.make_registration(course=own.course, town=shibukawa)
    assert of(own) == [[]]
    make.make_duty(class_session=own, town=shibukawa, duty=StaffDuty.Duty.WATCHING)
    assert of(own) == [[Kind.HELPERS]]
    make.make_duty(class_session=own, town=shibukawa, duty=StaffDuty.Duty.WATCHING)
    assert of(own) == [[]]


def test_hundreds_of_sessions_are_looked_at_in_as_many_queries_as_one(program, hall, staff, shibukawa):
    def queries() -> int:
        rows = ClassSession.objects.select_related(
            "venue__municipality", "course__program", "course__curriculum", "course__host"
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            conflicts_of(rows)
        return len(asked)

    first = session_at(program, hall, START(20))
    make.make_duty(class_session=first, town=shibukawa, user=staff)
    one = queries()
    rows = [
        ClassSession(
            course=first.course, number=n, starts_at=START(20 + n), ends_at=START(20 + n) + HOUR, venue=hall
        )
        for n in range(2, 302)
    ]
    ClassSession.objects.bulk_create(rows)
    StaffDuty.objects.bulk_create(
        StaffDuty(class_session=row, municipality=shibukawa, user=staff, name="都築", duty="host", planned_hours=1)
        for row in rows
    )
    assert queries() == one


def test_nothing_to_look_at_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert conflicts_among([]) == {}


def test_a_plan_that_is_not_saved_is_compared_with_what_is(program, hall):
    taken = session_at(venue=hall, start=START(20), **plain(program))
    meeting = Meeting(0, taken.starts_at, taken.ends_at, hall, taken.course)
    assert [each.kind for each in conflicts_among([meeting])[0]] == [Kind.VENUE]
