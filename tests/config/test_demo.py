"""The demo: a season that always looks lived in, of people whom nothing can reach, made by the verbs."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import jpholiday
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import AuditEntry, Membership, Municipality, Role, User
from accounts.numbers import is_demo
from config.demo import seeding
from config.demo.days import moment, offered_to_end_soon
from messaging.backends import BACKENDS, MemoryBackend
from messaging.models import InboundText, Line, Message
from messaging.waking import add_waking_hours
from participants.models import Consent, Contact, ContactPoint, Participant
from phone.today import today_of
from programs.expenses import paid_by_town
from programs.models import ClosingDay, Program, Venue
from sessions import draw
from sessions.conflicts import conflicts_of
from sessions.models import Attendance, ClassSession, Consultation, Course, Notice, Registration, SeatOffer
from sessions.occupancy import seats_of, seats_of_all
from sessions.rota import hours_by_town
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages and words, the same on every database

GUNMA = ("渋川市", "吉岡町", "榛東村")
SCALE = 3
MODELS = (
    User,
    Program,
    Course,
    ClassSession,
    Participant,
    ContactPoint,
    Registration,
    Message,
    Notice,
    AuditEntry,
)


@pytest.fixture(scope="module", autouse=True)
def season(django_db_setup, django_db_blocker):
    """Seeded once, on a Sunday, for all tests of this file; each takes back its own changes."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(moment(date(2026, 11, 22), 10, 30), tick=False),
        transaction.atomic(),
    ):
        seeding.seed(scale=SCALE)
        yield
        transaction.set_rollback(True)


def course(code: str) -> Course:
    return Course.objects.get(code=code, line__is_default=True)


def by_town(counts: dict[int, int]) -> dict[str, int]:
    names = dict(Municipality.objects.filter(pk__in=counts).values_list("pk", "name"))
    return {names[key]: count for key, count in counts.items()}


def person(name: str, **conditions: object) -> Participant:
    return Participant.objects.get(name=name, created_channel__in=["phone", "proxy", "web"], **conditions)


def count_all() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


# The season


def test_the_course_of_three_towns_is_open_with_one_seat_left_and_people_in_line():
    joint = course("5205")
    seats = seats_of(joint)
    assert (joint.title, joint.is_open, joint.class_sessions.count()) == ("スマホ入門3回コース", True, 3)
    assert by_town(seats.quotas) == dict(zip(GUNMA, (7, 5, 3), strict=True))
    assert by_town(seats.taken) == dict(zip(GUNMA, (7, 4, 3), strict=True))
    waiting = [registration.participant.name for registration in joint.registrations.in_line()]
    assert waiting == ["清水 勇", "清水 トメ", "林 キヨ", "中村 久子"]
    assert joint.quota_release_at > timezone.now()


def test_the_seat_given_back_is_offered_to_the_first_in_line_until_soon():
    offer = SeatOffer.objects.get(answer=SeatOffer.Answer.OPEN, registration__course=course("5205"))
    assert offer.registration.participant.name == "岡田 和子"
    now = timezone.now()
    assert now < offer.deadline_at <= add_waking_hours(now + timedelta(hours=2), 1)


def test_a_second_course_of_the_three_towns_has_plenty_of_room():
    assert course("5210").is_open
    assert seats_of(course("5210")).free >= 5


def test_an_offer_that_lapsed_went_on_to_the_next_who_said_yes():
    answers = SeatOffer.objects.filter(registration__course=course("4112")).order_by("pk")
    assert [offer.answer for offer in answers][-2:] == ["expired", "accepted"]


def test_classes_of_every_scheme_lie_ahead_and_classes_lie_behind_with_attendance():
    ahead = Course.objects.upcoming().filter(line__is_default=True)
    assert {each.program.name for each in ahead.select_related("program")} == {
        program.name for program in Program.objects.exclude(name__startswith="愛知県")
    }
    past = Course.objects.published().filter(line__is_default=True, ends_at__lt=timezone.now() - timedelta(days=1))
    assert {each.code for each in past} == {"6101", "5201", "5302", "6104", "4118", "3102"}
    assert [each.code for each in past if not Attendance.objects.filter(class_session__course=each).exists()] == []


def test_the_first_class_of_toyohashi_had_nine_present_and_one_missing():
    marks = Attendance.objects.filter(class_session__course=course("3102")).values_list("mark", flat=True)
    assert Counter(marks) == {"present": 9, "no_show": 1}


def test_a_draw_is_published_and_another_is_due():
    drawn = course("5220")
    assert Counter(drawn.registrations.values_list("state", flat=True)) == {"confirmed": 6, "waiting": 4}
    assert draw.verify(drawn) is None
    assert draw.why_not_settle(course("4141"), draw.applied_to(course("4141"))) is None


def test_three_towns_share_what_was_paid_and_the_hours_worked():
    gunma = Program.objects.get(name__startswith="渋川")
    assert sum(paid_by_town(gunma).values()) == 64_696
    worked = by_town({key: hours.recorded for key, hours in hours_by_town(program=gunma).items()})
    assert worked == {"渋川市": Decimal("8.0"), "吉岡町": Decimal("2.5"), "榛東村": Decimal("5.0")}


def test_a_consultation_day_lies_behind_with_those_who_booked_and_those_who_walked_in():
    turns = Consultation.objects.filter(class_session__course=course("5302"))
    assert Counter(turns.values_list("way", flat=True)) == {"booked": 4, "walk_in": 2, "call_back": 1}
    assert turns.filter(done_at=None).get().way == "call_back"


def test_halls_are_closed_over_new_year_and_no_class_is_held_in_them_then():
    assert set(ClosingDay.objects.filter(municipality__name="渋川市").values_list("day", flat=True)) == {
        date(2026, 12, 28) + timedelta(days=n) for n in range(8)
    }
    conflicts = conflicts_of(ClassSession.objects.filter(course__in=Course.objects.upcoming(), cancelled_at=None))
    assert not any(each.is_hard or each.kind == "closed" for found in conflicts.values() for each in found)


def test_the_training_of_supporters_is_not_shown_to_residents():
    training = Course.objects.get(curriculum__code="T1")
    assert (training.published_at, training.class_sessions.count()) == (None, 6)


def test_the_page_of_today_has_something_in_every_group():
    membership = Membership.objects.get(user__username="shibukawa")
    groups = {group.key for group in today_of(membership).groups}
    assert groups == {"not-reached", "call-backs", "offers", "calls", "lost", "few", "merges"}


# The people


def test_the_people_who_stand_for_something_are_there():
    landline = person("鈴木 正子", birth_year=1941).contact_points.get()
    assert (landline.kind, landline.takes_sms) == (ContactPoint.Kind.LANDLINE, False)
    assert person("鈴木 正子", birth_year=1948).municipality == person("鈴木 正子", birth_year=1941).municipality
    assert person("𠮷田 喜一").registrations.count() >= 1
    assert person("渡邉 征二").reach == Participant.Reach.POSTCARD
    assert person("髙橋 幸江").kana == "タカハシ サチエ"
    assert person("岩月 きくゑ").kana == "イワツキ キクエ"
    assert person("天野 ハナ").needs == ["transport", "large_print", "loan"]
    assert person("尾崎 和").age_band_in(timezone.localdate().year) == "-64"


def test_a_couple_shares_one_telephone_and_comes_together():
    ichiro, aya = person("佐藤 一郎"), person("佐藤 文")
    assert ichiro.contact_points.get() == aya.contact_points.get()
    party = set(course("4130").registrations.filter(participant__in=[ichiro, aya]).values_list("party", flat=True))
    assert len(party) == 1
    assert None not in party


def test_a_daughter_is_the_contact_of_her_mother():
    contact = person("田中 ミヨ").contacts.get()
    assert (contact.relation, contact.label) == (Contact.Relation.FAMILY, "娘")
    registration = person("田中 ミヨ").registrations.first()
    assert (registration.channel, registration.proxy) == ("proxy", "ご家族")


def test_somebody_with_a_mobile_agreed_to_no_sms_and_got_none():
    hiroko = person("村上 弘子")
    assert hiroko.consents.filter(purpose=Consent.Purpose.SMS).count() == 0
    assert hiroko.contact_points.get().kind == ContactPoint.Kind.MOBILE
    assert Message.objects.filter(to=hiroko.contact_points.get().number).count() == 0


def test_somebody_stayed_away_twice_without_a_word():
    marks = Attendance.objects.filter(registration__participant=person("大久保 洋一"))
    assert list(marks.values_list("mark", flat=True)) == ["no_show", "no_show"]


def test_every_number_can_ring_nowhere():
    numbers = {
        *ContactPoint.objects.values_list("number", flat=True),
        *Line.objects.values_list("number", flat=True),
        *Message.objects.values_list("to", flat=True),
        *InboundText.objects.values_list("sender", flat=True),
        *Municipality.objects.exclude(phone="").values_list("phone", flat=True),
        *Venue.objects.exclude(phone="").values_list("phone", flat=True),
    }
    assert len(numbers) > 100
    assert [number for number in numbers if not is_demo(number)] == []


# The staff


def test_each_role_of_shibukawa_can_sign_in_with_the_password_that_is_printed(capsys):
    with translation.override("en"):
        call_command("seed_demo", scale=SCALE)
    printed = capsys.readouterr().out
    staff = User.objects.filter(memberships__municipality__code="102083")
    assert {each.memberships.first().role for each in staff} == set(Role.values)
    assert [each.username for each in User.objects.all() if f"  {each.username} " not in printed] == []
    assert f"The password is {seeding.PASSWORD} for all of them." in printed
    assert staff.first().check_password(seeding.PASSWORD)


def test_every_town_that_holds_classes_has_a_coordinator():
    hosts = set(Course.objects.values_list("host", flat=True))
    coordinated = Membership.objects.filter(role=Role.COORDINATOR).values_list("municipality", flat=True)
    assert hosts - set(coordinated) == set()


# What the verbs guarantee, on the rows of the story and on those written in bulk


def test_the_season_is_multiplied_with_courses_of_its_own():
    multiplied = Course.objects.filter(line__is_default=False)
    assert multiplied.count() == (SCALE - 1) * 30
    assert Registration.objects.filter(course__in=multiplied).count() > (SCALE - 1) * 100


def test_nobody_sits_on_a_seat_that_is_not_there():
    courses = list(Course.objects.all())
    seats = seats_of_all(courses)
    assert [each.code for each in courses if not seats[each.pk].is_legal] == []


def test_nobody_waits_while_there_is_a_seat_for_them():
    idle = []
    for each in Course.objects.upcoming():
        seats = seats_of(each)
        singles = each.registrations.in_line().filter(party=None)
        idle += [str(row) for row in singles if seats.fits({row.municipality_id: 1})]
    assert idle == []


def test_residence_and_age_are_those_of_the_day_of_registration():
    rows = Registration.objects.select_related("participant")
    moved = [row for row in rows if row.municipality_id != row.participant.municipality_id]
    bands = [
        row for row in rows if row.age_band != row.participant.age_band_in(timezone.localtime(row.applied_at).year)
    ]
    assert (moved, bands) == ([], [])


def test_only_residents_of_the_towns_that_hold_a_course_are_in_it():
    towns = defaultdict(set)
    for program in Program.objects.prefetch_related("partnerships"):
        towns[program.pk] = {program.lead_id, *(each.municipality_id for each in program.partnerships.all())}
    rows = Registration.objects.select_related("course")
    assert [row for row in rows if row.municipality_id not in towns[row.course.program_id]] == []


def test_the_last_thing_everybody_was_told_is_how_it_stands():
    passing = ("reminder", "moved", "session_off")
    said = {}
    for notice in Notice.objects.exclude(kind__in=passing).order_by("pk"):
        said[notice.registration_id] = "cancelled" if notice.kind == "called_off" else notice.kind
    states = dict(Registration.objects.values_list("pk", "state"))
    assert {key: said.get(key) for key in states} == states


def test_no_hall_is_used_twice_at_a_time():
    held = defaultdict(list)
    for session in ClassSession.objects.filter(cancelled_at=None).order_by("starts_at"):
        held[session.venue_id].append(session)
    overlaps = [
        later
        for sessions in held.values()
        for earlier, later in zip(sessions, sessions[1:], strict=False)
        if later.starts_at < earlier.ends_at
    ]
    assert overlaps == []


def test_rows_bear_the_times_of_their_own_past():
    now = timezone.now()
    assert not Registration.objects.filter(applied_at__gt=now).exists()
    assert not Message.objects.filter(created_at__gt=now).exists()
    assert Registration.objects.filter(applied_at__lt=now - timedelta(days=14)).count() > 20
    late = [
        each for each in Registration.objects.select_related("course") if each.applied_at < each.course.opens_at
    ]
    assert late == []


# Running it


def test_a_second_run_on_the_same_day_changes_nothing():
    before = count_all()
    call_command("seed_demo", scale=SCALE)
    assert count_all() == before


@pytest.mark.parametrize(
    "today",
    [moment(date(2026, 12, 29), 7), moment(date(2027, 3, 31), 21)],
    ids=["halls are closed over New Year", "the last day of the fiscal year"],
)
def test_on_another_day_the_season_is_made_anew_around_it(today):
    with time_machine.travel(today, tick=False):
        call_command("seed_demo")
        assert seeding.is_fresh(1)
        joint = course("5205")
        assert (joint.is_open, by_town(seats_of(joint).taken)) == (True, dict(zip(GUNMA, (7, 4, 3), strict=True)))
        assert Course.objects.upcoming().count() >= 20
        assert SeatOffer.objects.filter(answer=SeatOffer.Answer.OPEN, deadline_at__gt=timezone.now()).count() == 3
        days = {session.day for session in ClassSession.objects.all()}
        assert [day for day in days if day.weekday() > 4 or jpholiday.is_holiday(day) or is_new_year(day)] == []


def is_new_year(day: date) -> bool:
    return (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def test_an_offer_that_ends_soon_was_made_in_time():
    now = moment(date(2026, 11, 24), 14)  # the day after a holiday after a Sunday
    made = offered_to_end_soon(now, 9)
    assert made == moment(date(2026, 11, 21), 15)


def test_a_database_to_which_something_was_added_is_left_alone():
    make.make_program(lead=Municipality.objects.get(code="102083"), name="本物の事業")
    before = count_all()
    with time_machine.travel(timezone.now() + timedelta(days=1)), pytest.raises(CommandError):
        call_command("seed_demo")
    assert count_all() == before


def test_a_database_with_a_number_that_could_ring_is_left_alone():
    ContactPoint.objects.create(number="+81312345678", kind=ContactPoint.Kind.LANDLINE, takes_sms=False)
    assert seeding.why_not() == seeding.Problem.REAL_DATA


def test_a_database_in_use_that_never_was_a_demo_is_left_alone():
    AuditEntry.objects.filter(act=seeding.ACT).delete()
    assert seeding.why_not() == seeding.Problem.REAL_DATA


def test_nothing_is_made_up_where_messages_leave_the_house(settings, monkeypatch):
    class RealBackend(MemoryBackend):
        is_real = True

    monkeypatch.setitem(BACKENDS, "real", RealBackend)
    settings.MESSAGING_BACKEND = "real"
    assert seeding.why_not() == seeding.Problem.REAL_BACKEND
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_a_scale_below_one_is_refused():
    with translation.override("en"), pytest.raises(CommandError, match=r"^The scale must be 1 or more\.$"):
        call_command("seed_demo", scale=0)
