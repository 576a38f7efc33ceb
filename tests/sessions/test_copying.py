"""Last year's classes once more: same weekday, off days avoided, all or nothing, each class once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import AuditEntry
from programs.closing import Span, close
from programs.sharing import withdraw
from sessions.changes import call_off
from sessions.copying import NotCopied, Problem, copy_season, courses_to_copy, earlier_programs, proposals_of
from sessions.models import Course
from sessions.planning import Problem as PlanProblem
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def last_year(shibukawa, yoshioka, shinto, line):
    return make.make_program(
        name="昨年のスマホ講座", fiscal_year=2025, lead=shibukawa, partners=(yoshioka, shinto)
    )


@pytest.fixture
def venue(shibukawa):
    return make.make_venue(town=shibukawa)


@pytest.fixture
def source(last_year, shibukawa, yoshioka, shinto, venue) -> Course:
    """Three Mondays, 12, 19 and 26 January 2026; a year on the first is the Coming of Age Day."""
    start = make.in_days(-316)
    return make.make_course(
        program=last_year,
        title="スマホ入門",
        host=yoshioka,
        venue=venue,
        starts_at=start,
        session_count=3,
        capacity=9,
        quotas={shibukawa: 3, yoshioka: 2, shinto: 1},
        opens_at=start - timedelta(days=40),
        quota_release_at=start - timedelta(days=7),
    )


def days_of(course: Course) -> list[date]:
    return [session.day for session in course.class_sessions.order_by("starts_at")]


def test_a_class_is_copied_as_a_draft_with_all_that_makes_it(program, source, staff, yoshioka, shibukawa, shinto):
    assert days_of(source) == [date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26)]
    (draft,) = copy_season(program, [source], by=staff)
    assert days_of(draft) == [date(2027, 1, 18), date(2027, 1, 25), date(2027, 2, 1)]
    assert (draft.program, draft.host, draft.title, draft.capacity) == (program, yoshioka, "スマホ入門", 9)
    assert (draft.published_at, draft.curriculum, draft.copied_from) == (None, source.curriculum, source)
    assert {quota.municipality: quota.seats for quota in draft.quotas.all()} == {
        shibukawa: 3,
        yoshioka: 2,
        shinto: 1,
    }
    assert draft.opens_at == draft.starts_at - timedelta(days=40)
    assert draft.quota_release_at == draft.starts_at - timedelta(days=7)
    assert draft.closes_at == draft.starts_at - timedelta(hours=17)
    assert AuditEntry.objects.filter(act="program.copied", detail={"classes": 1}).count() == 1


def test_dates_are_moved_off_holidays_and_closing_days(program, source, staff, shibukawa):
    close(shibukawa, Span(date(2027, 1, 25), date(2027, 1, 25), "改修"), by=staff)
    with override("en"):
        (proposal,) = proposals_of(program, Course.objects.filter(pk=source.pk))
    assert [row.starts_at.date() for row in proposal.rows] == [
        date(2027, 1, 18),
        date(2027, 2, 1),
        date(2027, 2, 8),
    ]
    assert [(each.day, each.reason) for each in proposal.skipped] == [
        (date(2027, 1, 11), "public holiday (成人の日)"),
        (date(2027, 1, 25), "改修"),
    ]


def test_a_town_that_left_holds_no_class_and_has_no_quota(program, source, staff, yoshioka, shibukawa, shinto):
    withdraw(program.partnerships.get(municipality=yoshioka), by=staff)
    (draft,) = copy_season(program, [source], by=staff)
    assert draft.host == shibukawa
    assert {quota.municipality: quota.seats for quota in draft.quotas.all()} == {shibukawa: 3, shinto: 1}


def test_a_consultation_day_stays_one_day(program, last_year, staff):
    day = make.make_course(
        program=last_year, starts_at=make.in_days(-316), opens_at=make.in_days(-350), by_slot=True
    )
    first = day.class_sessions.get()
    day.class_sessions.create(
        number=2, starts_at=first.ends_at, ends_at=first.ends_at + timedelta(minutes=30), venue=first.venue
    )
    (draft,) = copy_season(program, [day], by=staff)
    assert (days_of(draft), draft.by_slot) == ([date(2027, 1, 18)] * 2, True)


def test_a_class_is_copied_once_until_its_copy_is_called_off(program, source, staff):
    (draft,) = copy_season(program, [source], by=staff)
    assert copy_season(program, [source], by=staff) == NotCopied(Problem.ALREADY, source)
    assert program.courses.count() == 1
    call_off(draft, reason="大雪", by=staff)
    assert len(copy_season(program, [source], by=staff)) == 1


def test_all_are_copied_or_none(program, last_year, source, staff):
    other = make.make_course(
        program=last_year, starts_at=make.in_days(-300), opens_at=make.in_days(-330), title="地図"
    )
    venue = other.class_sessions.get().venue
    taken = make.in_days(64)
    make.make_busy_calendar(venue=venue, times=((taken, taken + timedelta(hours=1)),))
    assert copy_season(program, [source, other], by=staff) == NotCopied(PlanProblem.VENUE_TAKEN, other)
    assert (program.courses.count(), AuditEntry.objects.filter(act="course.planned").count()) == (0, 0)


def test_only_classes_of_earlier_years_of_the_lead_are_copied(program, source, staff, takasaki):
    theirs = make.make_course(program=make.make_program(lead=takasaki, fiscal_year=2025))
    this_year = make.make_course(program=program)
    for course in (theirs, this_year):
        assert copy_season(program, [source, course], by=staff) == NotCopied(Problem.OTHER_SEASON)
    assert copy_season(program, [], by=staff) == NotCopied(Problem.NOTHING)
    assert program.courses.get() == this_year


def test_what_cannot_be_held_says_why(program, source, venue, yoshioka, staff):
    venue.is_active = False
    venue.save()
    assert copy_season(program, [source], by=staff) == NotCopied(Problem.VENUE, source)
    venue.is_active = True
    venue.save()
    with time_machine.travel("2027-02-20 10:00+09:00"):
        assert copy_season(program, [source], by=staff) == NotCopied(Problem.PAST, source)


def test_the_latest_earlier_programme_comes_first(program, last_year, shibukawa, takasaki):
    older = make.make_program(lead=shibukawa, fiscal_year=2023)
    make.make_program(lead=takasaki, fiscal_year=2025)
    assert list(earlier_programs(program)) == [last_year, older]


# ---- the page ----


def test_the_classes_are_ticked_and_copied_on_the_page(at_desk, program, source, staff):
    page, address = at_desk(staff), reverse("sessions:copy_season", args=[program.pk])
    shown = page.get(address)
    assert f'value="{source.pk}" checked' in shown.content.decode()
    done = page.post(address, {"courses": [source.pk]})
    assert done.status_code == 302
    again = page.post(address, {"courses": [source.pk]})
    assert "It is copied into this programme already." in again.content.decode()
    assert program.courses.count() == 1
    page.post(address, {})
    page.post(address, {"courses": ["x", "²", "999999999999999999999"]})
    assert program.courses.count() == 1


def test_a_year_without_an_earlier_one_says_so(at_desk, program, staff):
    page = at_desk(staff).get(reverse("sessions:copy_season", args=[program.pk]) + "?source=x")
    assert "There is no programme of an earlier year" in page.content.decode()


def test_many_classes_are_proposed_in_as_many_queries_as_one(program, source, last_year, venue):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            proposals_of(program, courses_to_copy(earlier_programs(program)))
        return len(asked)

    one = queries()
    for n in range(10):
        start = make.in_days(-250 + n)
        make.make_course(program=last_year, venue=venue, starts_at=start, opens_at=start - timedelta(days=30))
    assert queries() == one
