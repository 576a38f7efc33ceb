"""Costs of a programme: what each town is weighed by, and who pays whom."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Municipality, Role
from programs import sharing
from programs.models import Curriculum, Partnership, Program
from sessions.changes import call_off_session
from sessions.consulting import Outcome, Way, finish, join_queue
from sessions.costs import attendance_of, costs_of
from sessions.models import Attendance, Headcount
from tests import make

pytestmark = pytest.mark.django_db
Rule = Program.CostShare


@pytest.fixture
def prefecture(program) -> Municipality:
    body = make.make_town(name="群馬県", kind="prefecture")
    Partnership.objects.create(program=program, municipality=body, state=Partnership.State.ACCEPTED, position=9)
    return body


def ruled(program: Program, rule: str) -> Program:
    program.cost_share = rule
    program.save()
    return program


def shares(program: Program) -> dict[str, int | None]:
    return {row.place.town.name: row.share for row in costs_of(program).rows}


def balances(program: Program) -> dict[str, int | None]:
    return {row.place.town.name: row.balance for row in costs_of(program).rows}


def came(program, town, *, times: int = 1) -> None:
    """A resident of the town comes to so many sessions of a course."""
    course = make.make_course(program=program, session_count=times)
    registration = make.make_registration(course=course, town=town)
    for session in course.class_sessions.all():
        Attendance.objects.create(
            registration=registration, class_session=session, mark="present", at=timezone.now()
        )


def people(town, count, day=date(2026, 4, 1)) -> None:
    town.population, town.population_on = count, day
    town.save()


def test_equal_shares_add_up_and_odd_yen_go_to_the_first_towns(program, shibukawa, prefecture):
    make.make_expense(program=program, town=shibukawa, yen=10_001)
    assert shares(program) == {"渋川市": 3_334, "吉岡町": 3_334, "榛東村": 3_333, "群馬県": 0}
    assert balances(program) == {"渋川市": 6_667, "吉岡町": -3_334, "榛東村": -3_333, "群馬県": 0}


def test_a_body_without_residents_has_no_share_and_gets_back_what_it_paid(program, prefecture):
    make.make_expense(program=program, town=prefecture, yen=9_000)
    for rule in (Rule.EQUAL, Rule.ATTENDANCE):
        came(program, program.lead)
        row = costs_of(ruled(program, rule)).rows[-1]
        assert (row.share, row.to_receive, row.basis.weight, row.percent) == (0, 9_000, None, None)


def test_shares_by_population_show_the_figure_with_its_date(program, shibukawa, yoshioka, shinto):
    for town, count in ((shibukawa, 74_000), (yoshioka, 22_000), (shinto, 14_000)):
        people(town, count)
    make.make_expense(program=program, town=shibukawa, yen=120_000)
    costs = costs_of(ruled(program, Rule.POPULATION))
    assert [row.share for row in costs.rows] == [80_727, 24_000, 15_273]
    assert [row.basis.weight for row in costs.rows] == [74_000, 22_000, 14_000]
    assert {row.basis.on for row in costs.rows} == {date(2026, 4, 1)}
    assert costs.settled == 39_273


def test_without_the_population_of_a_town_there_are_no_shares(client, program, staff, shibukawa, shinto):
    people(shibukawa, 74_000)
    people(shinto, 14_000)
    ruled(program, Rule.POPULATION)
    make.make_expense(program=program, town=shibukawa)
    assert set(shares(program).values()) == {None}
    client.force_login(staff)
    for name in ("sessions:costs", "sessions:costs_sheet"):
        text = client.get(reverse(name, args=[program.pk]), headers={"accept-language": "en"}).content.decode()
        assert "No shares yet: the population of 吉岡町 is not entered in its settings." in text
    told = client.get(reverse("programs:program", args=[program.pk])).context["without_population"]
    assert [town.name for town in told] == ["吉岡町"]


def test_attendance_counts_those_present_and_those_without_a_name(program, shibukawa, yoshioka, shinto):
    came(program, shibukawa, times=3)
    came(program, yoshioka)
    session = make.make_course(program=program, starts_at=make.in_days(-3)).class_sessions.get()
    Headcount.objects.create(class_session=session, municipality=yoshioka, people=2, at=timezone.now())
    absent = make.make_registration(course=make.make_course(program=program), town=shinto)
    Attendance.objects.create(
        registration=absent,
        class_session=absent.course.class_sessions.get(),
        mark="no_show",
        at=timezone.now(),
    )
    came(make.make_program(lead=shibukawa), shibukawa)
    make.make_expense(program=program, town=shinto, yen=601)
    costs = costs_of(ruled(program, Rule.ATTENDANCE))
    assert [(row.basis.weight, row.share) for row in costs.rows] == [(3, 301), (3, 300), (0, 0)]
    assert [row.percent for row in costs.rows] == [50.0, 50.0, 0.0]


def test_without_attendance_there_are_no_shares(program, shibukawa):
    make.make_expense(program=program, town=shibukawa)
    costs = costs_of(ruled(program, Rule.ATTENDANCE))
    assert "出席の記録がまだない" in costs.refusal
    assert costs.settled is None
    assert {row.share for row in costs.rows} == {None}


def test_a_town_that_left_shares_only_by_the_times_its_residents_came(program, staff, shibukawa, yoshioka):
    came(program, yoshioka)
    came(program, shibukawa, times=3)
    make.make_expense(program=program, town=yoshioka, yen=1_000)
    sharing.withdraw(program.partnerships.get(municipality=yoshioka), by=staff)
    assert shares(ruled(program, Rule.EQUAL)) == {"渋川市": 500, "榛東村": 500, "吉岡町": 0}
    assert balances(program)["吉岡町"] == 1_000
    assert shares(ruled(program, Rule.ATTENDANCE)) == {"渋川市": 750, "榛東村": 0, "吉岡町": 250}


def test_a_programme_of_bodies_without_residents_is_told_so(prefecture):
    alone = make.make_program(lead=prefecture)
    make.make_expense(program=alone, town=prefecture)
    assert "住民のいる市町村が参加していない" in costs_of(alone).refusal


def test_what_changes_hands_is_received_and_paid(client, program, staff, shibukawa, yoshioka, prefecture):
    for town, yen in ((shibukawa, 84_000), (yoshioka, 1_234), (prefecture, 5_001)):
        make.make_expense(program=program, town=town, yen=yen)
    costs = costs_of(program)
    assert sum(row.to_receive or 0 for row in costs.rows) == sum(row.to_pay or 0 for row in costs.rows)
    client.force_login(staff)
    text = client.get(reverse("sessions:costs", args=[program.pk])).content.decode()
    assert f"{costs.rows[0].share:,}" in text
    assert f"{costs.settled:,}" in text


def test_the_costs_take_as_many_queries_for_one_payment_as_for_300(
    client, program, staff, shibukawa, django_assert_num_queries
):
    client.force_login(staff)
    ruled(program, Rule.ATTENDANCE)
    came(program, shibukawa)
    make.make_expense(program=program, town=shibukawa)
    url = reverse("sessions:costs", args=[program.pk])
    with django_assert_num_queries(16):
        client.get(url)
    for n in range(299):
        make.make_expense(program=program, town=shibukawa, note=str(n))
    for _n in range(5):
        came(program, shibukawa)
    with django_assert_num_queries(16):
        client.get(url)


@pytest.fixture
def admin(client, shibukawa):
    client.force_login(make.make_user(town=shibukawa, role=Role.ADMIN))
    return client


def test_a_town_enters_its_population_with_the_day_it_is_of(admin, shibukawa):
    entry = {"population": "７４，２３１人", "population_on": "2026-04-01"}
    admin.post(reverse("accounts:set_population"), entry)
    shibukawa.refresh_from_db()
    assert (shibukawa.population, shibukawa.population_on) == (74_231, date(2026, 4, 1))
    assert AuditEntry.objects.get().act == "office.population_changed"
    admin.post(reverse("accounts:set_population"), {"population": "", "population_on": ""})
    shibukawa.refresh_from_db()
    assert (shibukawa.population, shibukawa.population_on) == (None, None)


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"population": "74000"}, "population_on"),
        ({"population_on": "2026-04-01"}, "population"),
        ({"population": "0", "population_on": "2026-04-01"}, "population"),
        ({"population": "many", "population_on": "2026-04-01"}, "population"),
        ({"population": "74000", "population_on": "2999-04-01"}, "population_on"),
        ({"population": "74000", "population_on": "soon"}, "population_on"),
    ],
)
def test_a_population_that_cannot_be_is_refused_in_one_sentence(admin, shibukawa, entry, field):
    response = admin.post(reverse("accounts:set_population"), entry)
    errors = response.context["population_form"].errors
    assert [(name, len(found)) for name, found in errors.items()] == [(field, 1)]
    shibukawa.refresh_from_db()
    assert shibukawa.population is None


def test_a_council_has_no_population_to_enter(client, prefecture):
    client.force_login(make.make_user(town=prefecture, role=Role.ADMIN))
    assert client.post(reverse("accounts:set_population"), {}).status_code == 404
    assert client.get(reverse("accounts:settings")).context["population_form"] is None


@time_machine.travel("2026-11-24 10:00+09:00", tick=False)
def test_attendance_counts_walk_ins_of_a_consultation_day_but_not_who_left_unseen(program, desk, yoshioka, shinto):
    start = timezone.now() + timedelta(minutes=1)
    course = make.make_course(program=program, by_slot=True, starts_at=start)
    ends = ((yoshioka, Outcome.SOLVED), (shinto, Outcome.LEFT))
    for town, outcome in ends:
        turn = join_queue(course, Way.WALK_IN, municipality=town, by=desk)
        finish(turn, topic=Curriculum.Topic.CARD, outcome=outcome, by=desk)
    assert attendance_of(program)[0] == {yoshioka.pk: 1}


@time_machine.travel("2026-11-24 10:00+09:00", tick=False)
def test_attendance_counts_nobody_at_a_session_called_off(program, shibukawa, staff):
    came(program, shibukawa, times=2)
    session = program.courses.get().class_sessions.get(number=1)
    assert attendance_of(program)[0] == {shibukawa.pk: 2}
    call_off_session(session, reason="大雪", by=staff)
    assert attendance_of(program)[0] == {shibukawa.pk: 1}
