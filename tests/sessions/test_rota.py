"""The staff rota: each town writes its own people, hours are planned before and recorded after."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from programs.sharing import withdraw
from sessions import rota
from sessions.models import ClassSession, StaffDuty
from sessions.rota import Problem
from tests import make

pytestmark = pytest.mark.django_db
TWO = Decimal("2")


@pytest.fixture
def course(program):
    return make.make_course(program=program, session_count=3)


@pytest.fixture
def session(course) -> ClassSession:
    return course.class_sessions.first()


def put_down(session, town, by, **fields) -> StaffDuty | Problem:
    plain = {"name": "神谷", "duty": "reception", "planned_hours": TWO}
    return rota.put_down(session, town, **{**plain, **fields}, by=by)


def begin(session, *, minutes_ago: float = 60) -> None:
    """Let the session have begun so long ago; it lasts half a day."""
    start = timezone.now() - timedelta(minutes=minutes_ago)
    ClassSession.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + timedelta(hours=12))
    session.refresh_from_db()


def form_of(session, **fields) -> dict[str, str]:
    plain = {"name": "神谷", "duty": "reception", "planned_hours": "1.5"}
    return {f"s{session.pk}-{name}": value for name, value in {**plain, **fields}.items()}


def signed_in(client, user):
    client.force_login(user)
    return client


def test_somebody_of_a_town_is_put_down_and_known_as_its_member(session, yoshioka, partner_staff):
    duty = put_down(session, yoshioka, partner_staff, name="　神谷 ")
    assert isinstance(duty, StaffDuty)
    assert (duty.name, duty.user, duty.planned_hours) == ("神谷", partner_staff, TWO)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.municipality, entry.detail) == ("rota.added", yoshioka, {})


def test_a_namesake_of_another_town_is_nobody_we_know(session, shibukawa, staff, partner_staff):
    duty = put_down(session, shibukawa, staff, name=partner_staff.name)
    assert isinstance(duty, StaffDuty)
    assert duty.user is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "  "}, Problem.NAMELESS),
        ({"planned_hours": Decimal("24.5")}, Problem.HOURS),
        ({"planned_hours": Decimal("-1")}, Problem.HOURS),
    ],
)
def test_what_cannot_be_is_not_put_down(session, yoshioka, staff, fields, problem):
    assert put_down(session, yoshioka, staff, **fields) == problem
    assert not StaffDuty.objects.exists()


def test_the_same_duty_is_written_once(session, yoshioka, staff):
    first = put_down(session, yoshioka, staff)
    assert isinstance(first, StaffDuty)
    assert put_down(session, yoshioka, staff) == Problem.ALREADY
    other = put_down(session, yoshioka, staff, duty="carrying")
    assert isinstance(other, StaffDuty)
    changed = rota.change_duty(other, name="神谷", kind="reception", planned_hours=TWO, by=staff)
    assert changed == Problem.ALREADY
    other.refresh_from_db()
    assert other.duty == "carrying"


def test_nobody_is_put_down_for_a_session_called_off_or_a_town_that_left(session, yoshioka, takasaki, staff):
    assert put_down(session, takasaki, staff) == Problem.TOWN
    withdraw(session.course.program.partnerships.get(municipality=yoshioka), by=staff)
    assert put_down(session, yoshioka, staff) == Problem.TOWN
    ClassSession.objects.update(cancelled_at=timezone.now())
    assert put_down(session, session.course.program.lead, staff) == Problem.OFF


def test_hours_are_recorded_once_the_session_has_begun(session, yoshioka, staff):
    duty = make.make_duty(class_session=session, town=yoshioka)
    assert rota.record_hours(duty, TWO, by=staff) == Problem.NOT_BEGUN
    begin(session, minutes_ago=0)
    recorded = rota.record_hours(duty, Decimal("2.25"), by=staff)
    assert isinstance(recorded, StaffDuty)
    duty.refresh_from_db()
    assert duty.recorded_hours == Decimal("2.25")
    assert rota.record_hours(duty, Decimal("24.25"), by=staff) == Problem.HOURS


def test_who_worked_is_not_taken_off_before_the_hours_are_emptied(session, yoshioka, staff):
    begin(session)
    duty = make.make_duty(class_session=session, town=yoshioka, recorded_hours=Decimal(0))
    assert rota.take_off(duty, by=staff) == Problem.RECORDED
    rota.record_hours(duty, None, by=staff)
    assert isinstance(rota.take_off(duty, by=staff), StaffDuty)
    assert rota.take_off(duty, by=staff) == Problem.GONE
    assert rota.record_hours(duty, TWO, by=staff) == Problem.GONE


def test_the_hours_of_a_session_are_recorded_all_or_none(session, yoshioka, staff):
    first, second = (make.make_duty(class_session=session, town=yoshioka) for _n in range(2))
    begin(session)
    assert rota.record_all({first: TWO, second: Decimal(25)}, by=staff) == Problem.HOURS
    assert not StaffDuty.objects.exclude(recorded_hours=None).exists()
    assert rota.record_all({first: TWO, second: Decimal(3)}, by=staff) == 2
    assert rota.hours_by_town(course=session.course)[yoshioka.pk] == rota.Hours(Decimal(4), Decimal(5), 2, 2)


def test_the_same_people_go_to_all_sessions_still_to_come(course, session, yoshioka, shibukawa, partner_staff):
    second, third = list(course.class_sessions.all())[1:]
    make.make_duty(class_session=session, town=yoshioka, name="神谷")
    make.make_duty(class_session=session, town=shibukawa, name="都築")
    make.make_duty(class_session=second, town=yoshioka, name="神谷")
    ClassSession.objects.filter(pk=third.pk).update(cancelled_at=timezone.now())
    extra = ClassSession.objects.create(
        course=course, number=4, starts_at=make.in_days(60), ends_at=make.in_days(60, hour=12), venue=session.venue
    )
    assert rota.repeat(session, [yoshioka], by=partner_staff) == 1
    assert [(duty.name, duty.municipality) for duty in extra.duties.all()] == [("神谷", yoshioka)]
    assert rota.repeat(session, [yoshioka], by=partner_staff) == 0


@pytest.mark.parametrize(("minutes", "clash"), [(-90, False), (-89, True), (0, True), (89, True), (90, False)])
def test_one_cannot_be_at_two_sessions_at_once_but_may_go_from_one_to_the_next(
    program, session, staff, shibukawa, minutes, clash
):
    start = session.starts_at + timedelta(minutes=minutes)
    other = make.make_course(program=program, starts_at=start, venue=session.venue).class_sessions.get()
    duty = make.make_duty(class_session=session, town=shibukawa, user=staff)
    make.make_duty(class_session=other, town=shibukawa, user=staff)
    assert rota.clashes_of([duty]) == ({duty.pk: other} if clash else {})


@pytest.mark.parametrize(("gap", "clash"), [(29, True), (30, False)])
def test_the_way_to_another_venue_takes_time(program, session, staff, shibukawa, gap, clash):
    start = session.ends_at + timedelta(minutes=gap)
    other = make.make_course(program=program, starts_at=start).class_sessions.get()
    duty = make.make_duty(class_session=session, town=shibukawa, user=staff)
    make.make_duty(class_session=other, town=shibukawa, user=staff)
    assert rota.clashes_of([duty]) == ({duty.pk: other} if clash else {})


def test_two_duties_at_one_session_and_a_session_called_off_are_no_clash(program, session, staff, shibukawa):
    duty = make.make_duty(class_session=session, town=shibukawa, user=staff)
    make.make_duty(class_session=session, town=shibukawa, user=staff, duty="carrying")
    other = make.make_course(program=program, starts_at=session.starts_at).class_sessions.get()
    make.make_duty(class_session=other, town=shibukawa, user=staff)
    ClassSession.objects.filter(pk=other.pk).update(cancelled_at=timezone.now())
    assert rota.clashes_of([duty]) == {}


def test_the_page_warns_of_a_clash(client, program, course, session, staff, shibukawa):
    other = make.make_course(program=program, starts_at=session.starts_at).class_sessions.get()
    for each in (session, other):
        make.make_duty(class_session=each, town=shibukawa, user=staff)
    url = reverse("sessions:rota", args=[course.pk])
    text = signed_in(client, staff).get(url, headers={"accept-language": "en"}).content.decode()
    assert "Also down for another class on" in text


def test_the_lead_writes_for_every_town(client, session, staff, yoshioka):
    url = reverse("sessions:put_down", args=[session.pk])
    signed_in(client, staff).post(url, form_of(session, town=str(yoshioka.pk), planned_hours="１．５時間"))
    duty = StaffDuty.objects.get()
    assert (duty.municipality, duty.planned_hours) == (yoshioka, Decimal("1.5"))


def test_a_partner_writes_its_own_people_whatever_it_posts(client, session, partner_staff, yoshioka, shibukawa):
    url = reverse("sessions:put_down", args=[session.pk])
    signed_in(client, partner_staff).post(url, form_of(session, town=str(shibukawa.pk)))
    assert StaffDuty.objects.get().municipality == yoshioka


def test_the_town_that_holds_the_class_writes_for_every_town(client, program, partner_staff, yoshioka, shinto):
    session = make.make_course(program=program, host=yoshioka).class_sessions.get()
    url = reverse("sessions:put_down", args=[session.pk])
    signed_in(client, partner_staff).post(url, form_of(session, town=str(shinto.pk)))
    assert StaffDuty.objects.get().municipality == shinto


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "長" * 41}, "name"),
        ({"duty": "sleeping"}, "duty"),
        ({"planned_hours": ""}, "planned_hours"),
        ({"planned_hours": "1,5"}, "planned_hours"),
        ({"planned_hours": "25"}, "planned_hours"),
        ({"planned_hours": "-1"}, "planned_hours"),
        ({"planned_hours": "1.234"}, "planned_hours"),
        ({"planned_hours": "NaN"}, "planned_hours"),
    ],
)
def test_a_row_that_is_wrong_is_refused_in_one_sentence(client, session, partner_staff, change, field):
    url = reverse("sessions:put_down", args=[session.pk])
    response = signed_in(client, partner_staff).post(url, form_of(session, **change))
    errors = response.context["board"].bad_form.errors
    assert [(name, len(found)) for name, found in errors.items()] == [(field, 1)]
    assert not StaffDuty.objects.exists()


def test_a_partner_changes_only_its_own_people(client, session, partner_staff, yoshioka, shibukawa):
    own = make.make_duty(class_session=session, town=yoshioka)
    theirs = make.make_duty(class_session=session, town=shibukawa, name="都築")
    visitor = signed_in(client, partner_staff)
    entry = {"name": "神谷", "duty": "watching", "planned_hours": "3"}
    assert visitor.post(reverse("sessions:duty", args=[own.pk]), entry).status_code == 302
    for name in ("duty", "take_off"):
        assert visitor.post(reverse(f"sessions:{name}", args=[theirs.pk]), entry).status_code == 403
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.duty, own.planned_hours, own.user) == ("watching", 3, partner_staff)
    assert theirs.name == "都築"


def hours_of(*rows: tuple[StaffDuty, str, str]) -> dict[str, str]:
    """What the page posts: the hours, and beside them what it had shown."""
    posted = {}
    for duty, hours, was in rows:
        posted |= {f"hours_{duty.pk}": hours, f"was_{duty.pk}": was}
    return posted


def test_a_partner_records_only_the_hours_of_its_own_people(client, session, partner_staff, yoshioka, shibukawa):
    own = make.make_duty(class_session=session, town=yoshioka)
    theirs = make.make_duty(class_session=session, town=shibukawa)
    begin(session)
    url = reverse("sessions:record_hours", args=[session.pk])
    signed_in(client, partner_staff).post(url, hours_of((own, "２．５", ""), (theirs, "9", "")))
    recorded = dict(StaffDuty.objects.values_list("pk", "recorded_hours"))
    assert recorded == {own.pk: Decimal("2.5"), theirs.pk: None}


def test_what_was_not_touched_is_not_written_over_what_others_recorded(client, session, staff, yoshioka):
    seen_empty = make.make_duty(class_session=session, town=yoshioka, recorded_hours=Decimal(4))
    mine = make.make_duty(class_session=session, town=session.course.host)
    begin(session)
    url = reverse("sessions:record_hours", args=[session.pk])
    signed_in(client, staff).post(url, hours_of((seen_empty, "", ""), (mine, "3", "")))
    recorded = dict(StaffDuty.objects.values_list("pk", "recorded_hours"))
    assert recorded == {seen_empty.pk: Decimal(4), mine.pk: Decimal(3)}


def test_hours_that_cannot_be_are_refused_beside_the_person(client, session, staff, shibukawa):
    duty = make.make_duty(class_session=session, town=shibukawa)
    begin(session)
    url = reverse("sessions:record_hours", args=[session.pk])
    response = signed_in(client, staff).post(url, hours_of((duty, "a while", "")))
    assert list(response.context["board"].bad_form.errors) == [f"hours_{duty.pk}"]
    duty.refresh_from_db()
    assert duty.recorded_hours is None


def test_a_viewer_sees_the_rota_without_forms(client, session, shibukawa):
    duty = make.make_duty(class_session=session, town=shibukawa, name="都築")
    viewer = make.make_user(town=shibukawa, role=Role.VIEWER)
    text = signed_in(client, viewer).get(reverse("sessions:rota", args=[session.course_id])).content.decode()
    assert "都築" in text
    for name, key in (("put_down", session.pk), ("duty", duty.pk), ("repeat_duties", session.pk)):
        assert reverse(f"sessions:{name}", args=[key]) not in text


def test_hours_are_added_up_by_town_and_unknown_ones_stay_unknown(program, course, session, shibukawa, yoshioka):
    make.make_duty(class_session=session, town=shibukawa, recorded_hours=Decimal("1.5"))
    make.make_duty(class_session=session, town=shibukawa)
    second = course.class_sessions.last()
    make.make_duty(class_session=second, town=yoshioka)
    make.make_duty(class_session=second, town=yoshioka)
    ClassSession.objects.filter(pk=second.pk).update(cancelled_at=timezone.now())
    hours = rota.hours_by_town(program=program)
    assert hours == {shibukawa.pk: rota.Hours(Decimal(4), Decimal("1.5"), 2, 1)}


def test_the_rota_takes_as_many_queries_for_one_person_as_for_300(
    client, course, session, staff, shibukawa, yoshioka, django_assert_num_queries
):
    make.make_duty(class_session=session, town=shibukawa, user=staff)
    url = reverse("sessions:rota", args=[course.pk])
    visitor = signed_in(client, staff)
    with django_assert_num_queries(12):
        visitor.get(url)
    sessions = list(course.class_sessions.all())
    for n in range(299):
        make.make_duty(class_session=sessions[n % 3], town=(shibukawa, yoshioka)[n % 2], user=staff)
    with django_assert_num_queries(12):
        groups = visitor.get(url).context["board"].groups
    assert sum(len(group.rows) for group in groups) == 300
