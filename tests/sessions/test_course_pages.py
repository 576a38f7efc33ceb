"""The list of courses, the page of one, its roster, and the forms that plan and change it."""

import copy
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Municipality, Role
from participants.models import Channel, Participant
from programs.sharing import withdraw
from sessions.models import Course, Notice, Registration
from sessions.registration import cancel
from tests import make

pytestmark = pytest.mark.django_db


def at_desk(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def page(staff) -> Client:
    return at_desk(staff)


@pytest.fixture
def partner(partner_staff) -> Client:
    return at_desk(partner_staff)


@pytest.fixture
def course(program, shibukawa, yoshioka, shinto) -> Course:
    return make.make_course(
        program=program,
        capacity=8,
        quotas={shibukawa: 3, yoshioka: 2, shinto: 1},
        quota_release_at=make.in_days(7, hour=9),
        session_count=2,
    )


def show(client: Client, course: Course) -> str:
    return client.get(reverse("sessions:course", args=[course.pk])).content.decode()


def resident(town: Municipality, name: str, phone: str, **fields):
    return make.make_person(town=town, name=name, phone=phone, **fields)


def errors_of(response) -> list[str]:
    return [sentence for errors in response.context["form"].errors.values() for sentence in errors]


def copies[Row: Model](row: Row, count: int, change: Callable[[int], dict]) -> list[Row]:
    """Many rows at once, each like the first but for what is changed."""
    rows = []
    for n in range(count):
        another = copy.copy(row)
        another.pk, another._state = None, copy.copy(row._state)
        for name, value in change(n).items():
            setattr(another, name, value)
        rows.append(another)
    return type(row)._default_manager.bulk_create(rows)


# ---- the list ----


def shown(client: Client, **choice) -> list[Course]:
    table = client.get(reverse("sessions:courses"), choice).context["table"]
    return [row.record for row in table.paginated_rows]


def test_the_list_opens_with_what_is_still_to_come(page, program):
    coming = make.make_course(program=program)
    draft = make.make_course(program=program, published_at=None)
    past = make.make_course(program=program, starts_at=make.in_days(-3))
    assert shown(page) == [coming, draft]
    assert shown(page, state="draft") == [draft]
    assert shown(page, state="past") == [past]
    assert shown(page, state="") == [past, coming, draft]


def test_the_list_is_searched_by_title_number_programme_and_host(page, program, shibukawa, yoshioka):
    maps = make.make_course(program=program, title="地図を見る", host=yoshioka)
    safe = make.make_course(program=make.make_program(lead=shibukawa), title="安全に使う")
    assert shown(page, words="地図") == [maps]
    assert shown(page, words=safe.code) == [safe]
    assert shown(page, program=safe.program.pk) == [safe]
    assert shown(page, host=yoshioka.pk) == [maps]
    assert shown(page, program="x", host="99999") == [maps, safe]


def test_a_town_sees_the_courses_of_its_programmes_only(page, partner, stranger, course):
    assert shown(page) == shown(partner) == [course]
    assert shown(at_desk(stranger)) == []


def test_the_list_tells_how_many_seats_are_left_and_how_many_wait(page, program, shibukawa):
    course = make.make_course(program=program, capacity=1)
    for _ in range(3):
        make.make_registration(course=course, town=shibukawa)
    cell = page.get(reverse("sessions:courses")).context["table"].rows[0].get_cell("seats")
    assert cell == "Full (1), 2 waiting"


def test_the_list_takes_as_many_queries_for_one_course_as_for_300(page, program, django_assert_num_queries):
    venue, curriculum = make.make_venue(town=program.lead), make.make_curriculum()
    make.make_course(program=program, venue=venue, curriculum=curriculum, code="9999")
    with django_assert_num_queries(LIST_QUERIES):
        page.get(reverse("sessions:courses"))
    copies(Course.objects.get(), 299, lambda n: {"code": f"{n + 1000}"})
    with django_assert_num_queries(LIST_QUERIES):
        assert len(shown(page)) == 25


LIST_QUERIES = 12


# ---- seats ----


def seat_rows(client: Client, course: Course) -> list[tuple[str, int, int, int]]:
    rows = client.get(reverse("sessions:course", args=[course.pk])).context["seat_rows"]
    return [(row.town.name, row.taken, row.held, row.free) for row in rows]


def test_the_seat_meter_stands_town_by_town_with_guests_in_the_common_pool(page, course, shibukawa, yoshioka):
    for town in (*[shibukawa] * 4, yoshioka):
        make.make_registration(course=course, town=town)
    assert seat_rows(page, course) == [
        ("渋川市", 3, 0, 0),
        ("吉岡町", 1, 0, 1),
        ("榛東村", 0, 0, 1),
        ("Common seats", 0, 0, 1),
    ]
    pool = page.get(reverse("sessions:course", args=[course.pk])).context["seat_rows"][-1]
    assert [(guest.tone, guest.taken) for guest in pool.guests] == [("a", 1)]


def test_a_seat_on_offer_is_drawn_as_held(page, program, shibukawa):
    course = make.make_course(program=program, capacity=1)
    taken = make.make_registration(course=course, town=shibukawa)
    make.make_registration(course=course, town=shibukawa, state="waiting")
    cancel(taken, channel=Channel.PHONE)
    guests = page.get(reverse("sessions:course", args=[course.pk])).context["seat_rows"][-1].guests
    assert [(guest.taken, guest.held) for guest in guests] == [(0, 1)]


def test_the_page_says_when_kept_seats_go_to_everybody(page, course):
    sentence = page.get(reverse("sessions:course", args=[course.pk])).context["release"].words
    assert sentence.startswith("3 free seats of 渋川市, 2 free seats of 吉岡町, 1 free seats of 榛東村 go to")


def test_people_of_a_town_that_left_stay_on_the_page(page, course, yoshioka, staff):
    make.make_registration(course=course, person=resident(yoshioka, "神山 ふみ", "090-0310-0411"))
    withdraw(course.program.partnerships.get(municipality=yoshioka), by=staff)
    assert "神山 ふみ" in show(page, course)
    assert ("吉岡町", 1, 0, 1) in seat_rows(page, course)


# ---- who sees whom ----


@pytest.fixture
def people(course, shibukawa, yoshioka, shinto) -> dict[str, Registration]:
    rows = [
        (shibukawa, "都丸 きく", "090-0310-0401", "large_print"),
        (yoshioka, "神山 ふみ", "090-0310-0402", "wheelchair"),
        (shinto, "林 キヨ", "090-0310-0403", "writing"),
    ]
    return {
        town.name: make.make_registration(course=course, person=resident(town, name, phone, needs=[need]))
        for town, name, phone, need in rows
    }


def test_the_lead_sees_own_residents_in_full_and_of_others_what_the_day_needs(page, course, people):
    text = show(page, course)
    assert {name for name in ("都丸 きく", "神山 ふみ", "林 キヨ") if name in text} == {
        "都丸 きく",
        "神山 ふみ",
        "林 キヨ",
    }
    assert "A place for a wheelchair" in text
    assert re.findall(r"090-\d{4}-\d{4}", text) == ["090-0310-0401"]
    assert "Ask 吉岡町" in text


def test_a_partner_sees_of_others_only_how_many_they_are(partner, course, people):
    text = show(partner, course)
    assert "神山 ふみ" in text
    assert "渋川市 1 · 吉岡町 1 · 榛東村 1" in " ".join(text.split())
    for hidden in (
        "都丸",
        "林 キヨ",
        "090-0310-0401",
        "090-0310-0403",
        "Large print",
        people["渋川市"].receipt_number,
    ):
        assert hidden not in text


def test_a_partner_that_holds_the_class_sees_the_names_of_the_day(partner, program, shibukawa, yoshioka):
    course = make.make_course(program=program, host=yoshioka)
    make.make_registration(course=course, person=resident(shibukawa, "都丸 きく", "090-0310-0401"))
    text = show(partner, course)
    assert "都丸 きく" in text
    assert "090-0310-0401" not in text


def test_a_council_sees_counts_and_no_names(course, people):
    council = make.make_town(name="協議会", kind=Municipality.Kind.COUNCIL)
    course.program.lead = council
    course.program.save()
    client = at_desk(make.make_user(town=council))
    text = show(client, course)
    assert "1 · " in " ".join(text.split())
    for name in ("都丸", "神山", "林 キヨ"):
        assert name not in text
    assert client.get(reverse("sessions:roster", args=[course.pk])).status_code == 403


def test_waiting_residents_of_other_towns_have_a_number_but_no_name(page, partner, program, yoshioka, shibukawa):
    course = make.make_course(program=program, capacity=1)
    make.make_registration(course=course, town=shibukawa)
    waiting = make.make_registration(course=course, person=resident(yoshioka, "神山 ふみ", "090-0310-0402"))
    assert waiting.receipt_number in show(page, course)
    assert "神山" not in show(page, course)
    assert "神山 ふみ" in show(partner, course)


def test_each_look_at_a_roster_is_on_record(page, partner, course, people, staff, shibukawa):
    show(page, course)
    page.get(reverse("sessions:roster", args=[course.pk]))
    viewed = AuditEntry.objects.filter(act="roster.viewed", by=staff, municipality=shibukawa)
    assert [entry.subject_id for entry in viewed] == [str(course.pk)] * 2


def test_the_roster_sheet_has_rows_for_everybody_and_blank_ones(page, course, people):
    text = page.get(reverse("sessions:roster", args=[course.pk])).content.decode()
    assert text.count('<span class="tick"></span>') == (3 + 4) * 2
    assert "神山 ふみ" in text
    assert "090-" not in text


def test_the_last_notice_of_each_person_is_shown(page, course, shibukawa):
    make.make_registration(course=course, town=shibukawa)
    by_call = make.make_registration(
        course=course, town=shibukawa, person=make.make_person(town=shibukawa, sms=False)
    )
    Notice.objects.filter(registration=by_call).update(rung="call", outcome="", closed_at=None, calls_made=2)
    roster = page.get(reverse("sessions:course", args=[course.pk])).context["roster"]
    words = {row.registration.pk: row.notice for row in roster.rows}
    assert sorted((word.text, word.tone) for word in words.values()) == [
        ("Call by staff: no answer, 2 times", "bad"),
        ("SMS Waiting to be sent", "plain"),
    ]


def test_the_course_page_takes_as_many_queries_for_one_person_as_for_300(
    page, program, shibukawa, yoshioka, django_assert_num_queries
):
    course = make.make_course(program=program, capacity=400)
    make.make_registration(course=course, town=shibukawa)
    make.make_registration(course=course, town=yoshioka)
    with django_assert_num_queries(COURSE_QUERIES):
        show(page, course)
    person = Participant.objects.of(shibukawa).get()
    people = copies(person, 300, lambda n: {"municipality": (shibukawa, yoshioka)[n % 2]})
    registration = person.registrations.get()
    copies(registration, 300, lambda n: {"participant": people[n], "municipality": people[n].municipality})
    with django_assert_num_queries(COURSE_QUERIES):
        assert "302 confirmed" in show(page, course)


COURSE_QUERIES = 20


# ---- the waiting list ----


@pytest.fixture
def offered(program, shibukawa) -> Registration:
    course = make.make_course(program=program, capacity=1)
    taken = make.make_registration(course=course, town=shibukawa)
    waiting = make.make_registration(course=course, town=shibukawa, state="waiting")
    make.make_registration(course=course, town=shibukawa, state="waiting")
    cancel(taken, channel=Channel.PHONE)
    waiting.refresh_from_db()
    assert waiting.is_offered
    return waiting


def test_the_answer_to_an_offer_is_entered(page, offered):
    page.post(reverse("sessions:accept", args=[offered.pk]))
    offered.refresh_from_db()
    assert offered.is_confirmed


def test_a_declined_offer_goes_to_the_next_in_line(page, offered):
    page.post(reverse("sessions:decline", args=[offered.pk]))
    assert sorted(offered.course.registrations.values_list("state", flat=True)) == [
        "cancelled",
        "declined",
        "offered",
    ]


def test_an_answer_that_comes_too_late_is_refused_in_words(page, offered):
    page.post(reverse("sessions:decline", args=[offered.pk]))
    response = page.post(reverse("sessions:accept", args=[offered.pk]), follow=True)
    assert "The time to answer is over" in response.content.decode()
    offered.refresh_from_db()
    assert offered.state == "declined"


def test_the_line_shows_the_offer_first_then_the_order(page, offered):
    line = page.get(reverse("sessions:course", args=[offered.course_id])).context["line"]
    assert [(ticket.position, ticket.first.state) for ticket in line] == [(1, "offered"), (2, "waiting")]
    assert line[0].deadline_at is not None


def test_an_application_is_cancelled_with_a_reason(page, course, shibukawa, staff):
    registration = make.make_registration(course=course, town=shibukawa)
    page.post(reverse("sessions:cancel", args=[registration.pk]), {"reason": "unwell", "channel": "counter"})
    registration.refresh_from_db()
    assert (registration.state, registration.ended_reason, registration.ended_channel, registration.ended_by) == (
        "cancelled",
        "unwell",
        "counter",
        staff,
    )


@pytest.mark.parametrize("reason", ["", "because", "x" * 100])
def test_a_cancellation_needs_a_reason_of_the_list(page, course, shibukawa, reason):
    registration = make.make_registration(course=course, town=shibukawa)
    response = page.post(
        reverse("sessions:cancel", args=[registration.pk]), {"reason": reason, "channel": "phone"}
    )
    registration.refresh_from_db()
    assert len(errors_of(response)) == 1
    assert registration.is_confirmed


@pytest.mark.parametrize("act", ["accept", "decline", "cancel"])
def test_nobody_answers_for_the_residents_of_another_town(partner, offered, act):
    response = partner.post(reverse(f"sessions:{act}", args=[offered.pk]), {"reason": "other"})
    offered.refresh_from_db()
    assert (response.status_code, offered.state) == (403, "offered")


def test_the_reception_desk_cancels_but_does_not_plan(desk, course, shibukawa):
    client = at_desk(desk)
    registration = make.make_registration(course=course, town=shibukawa)
    client.post(reverse("sessions:cancel", args=[registration.pk]), {"reason": "plans", "channel": "phone"})
    registration.refresh_from_db()
    assert registration.state == "cancelled"
    assert client.post(reverse("sessions:call_off", args=[course.pk]), {"reason": "雨"}).status_code == 403


def test_buttons_are_drawn_only_for_those_who_may_press_them(course, shibukawa, page, partner):
    make.make_registration(course=course, town=shibukawa)
    viewer = at_desk(make.make_user(town=shibukawa, role=Role.VIEWER))
    acts = [reverse(f"sessions:{act}", args=[course.pk]) for act in ("seats", "call_off", "register")]
    assert [all(act in show(client, course) for act in acts[:2]) for client in (page, partner, viewer)] == [
        True,
        False,
        False,
    ]
    assert [acts[2] in show(client, course) for client in (page, partner, viewer)] == [True, True, False]
    assert "/cancel/" not in show(viewer, course)


# ---- planning ----


@pytest.fixture
def curriculum():
    return make.make_curriculum(title="スマホ入門3回コース", session_count=3, capacity=12)


def plan_url(program, curriculum) -> str:
    return f"{reverse('sessions:new_course')}?program={program.pk}&curriculum={curriculum.pk}"


def local(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def entry(shibukawa, yoshioka, program) -> dict[str, object]:
    return {
        "title": "スマホ入門",
        "host": shibukawa.pk,
        "venue": make.make_venue(town=shibukawa).pk,
        "first_at": local(make.in_days(30)),
        "minutes": 90,
        "session_count": 3,
        "interval_weeks": 2,
        "seats": 12,
        "allocation": "first_come",
        "opens_at": local(make.in_days(1)),
        "closes_days": 2,
        "release_days": 7,
        f"quota_{shibukawa.pk}": 5,
        f"quota_{yoshioka.pk}": 3,
    }


@pytest.mark.usefixtures("clock")
def test_the_dates_are_shown_before_anything_is_saved(page, program, curriculum, entry):
    response = page.post(plan_url(program, curriculum), entry)
    starts = [start for start, _end in response.context["plan"].times]
    assert starts == [make.in_days(30 + 14 * n) for n in range(3)]
    assert not Course.objects.exists()


@pytest.mark.usefixtures("clock")
def test_a_plan_is_saved_as_a_draft_and_published(page, program, curriculum, entry, shibukawa, yoshioka):
    page.post(plan_url(program, curriculum), entry | {"save": "1"})
    course = Course.objects.get()
    assert (course.published_at, course.capacity, course.class_sessions.count()) == (None, 12, 3)
    assert {quota.municipality: quota.seats for quota in course.quotas.all()} == {shibukawa: 5, yoshioka: 3}
    assert course.closes_at == make.in_days(28, hour=17)
    assert course.quota_release_at == make.in_days(23, hour=9)
    page.post(reverse("sessions:publish", args=[course.pk]))
    course.refresh_from_db()
    assert course.is_published


@pytest.mark.usefixtures("clock")
def test_a_plan_can_be_taken_back_to_the_form(page, program, curriculum, entry):
    response = page.post(plan_url(program, curriculum), entry | {"edit": "1"})
    assert response.templates[0].name == "sessions/plan.html"
    assert response.context["form"]["title"].value() == "スマホ入門"


@pytest.mark.usefixtures("clock")
def test_a_consultation_day_is_planned_by_slots(page, program, entry):
    talk = make.make_curriculum(kind="consultation", minutes=20)
    kept = {name: "" for name in entry if name.startswith("quota_")}
    slots = {"minutes": 20, "slot_count": 6, "seats": 1}
    page.post(plan_url(program, talk), entry | kept | slots | {"save": "1"})
    course = Course.objects.get()
    slots = list(course.class_sessions.all())
    assert (course.by_slot, course.capacity, [slot.seats for slot in slots]) == (True, 6, [1] * 6)
    assert slots[-1].ends_at - slots[0].starts_at == timedelta(hours=2)


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"first_at": ""},
        {"first_at": "tomorrow"},
        {"first_at": "2020-01-01T10:00"},
        {"first_at": "9999-12-31T23:59"},
        {"first_at": "0001-01-01T00:00"},
        {"minutes": "0"},
        {"session_count": "21"},
        {"session_count": "-1"},
        {"seats": "99999999999"},
        {"seats": "31"},
        {"venue": "777"},
        {"host": "777"},
        {"allocation": "auction"},
        {"closes_days": "60"},
        {"interval_weeks": "x"},
    ],
)
def test_a_plan_that_is_wrong_is_refused_in_one_sentence(page, program, curriculum, entry, change):
    response = page.post(plan_url(program, curriculum), entry | change | {"save": "1"})
    assert len(errors_of(response)) == 1
    assert not Course.objects.exists()


def test_quotas_beyond_the_capacity_are_refused_in_one_sentence(page, program, curriculum, entry, shibukawa):
    response = page.post(plan_url(program, curriculum), entry | {f"quota_{shibukawa.pk}": 10, "save": "1"})
    assert errors_of(response) == ["The seats kept for the towns are more than the capacity."]
    assert not Course.objects.exists()


@pytest.mark.parametrize("choice", ["?program=x&curriculum=1", "?program=1", "?program=99&curriculum=99", "?x=1"])
def test_an_unknown_programme_or_curriculum_leads_back_to_the_choice(page, program, curriculum, choice):
    response = page.get(reverse("sessions:new_course") + choice)
    assert (response.status_code, response.templates[0].name) == (200, "sessions/new_course.html")


@pytest.mark.usefixtures("clock")
def test_a_partner_plans_classes_that_it_holds_itself(partner, program, curriculum, entry, shibukawa, yoshioka):
    refused = partner.post(plan_url(program, curriculum), entry | {"save": "1"})
    assert list(refused.context["form"].errors) == ["host"]
    partner.post(plan_url(program, curriculum), entry | {"host": yoshioka.pk, "save": "1"})
    assert Course.objects.get().host == yoshioka


def test_a_stranger_cannot_plan_in_the_programme_of_others(stranger, program, curriculum, entry):
    response = at_desk(stranger).post(plan_url(program, curriculum), entry | {"save": "1"})
    assert response.templates[0].name == "sessions/new_course.html"
    assert not Course.objects.exists()


# ---- changing ----


def test_the_seats_are_changed_on_their_page(page, course, shibukawa, yoshioka, shinto):
    entry = {"capacity": 10, f"quota_{shibukawa.pk}": 4, f"quota_{yoshioka.pk}": "", f"quota_{shinto.pk}": 0}
    page.post(reverse("sessions:seats", args=[course.pk]), entry)
    course.refresh_from_db()
    assert (course.capacity, course.quota_release_at) == (10, None)
    assert {quota.municipality: quota.seats for quota in course.quotas.all()} == {shibukawa: 4, shinto: 0}


@pytest.mark.parametrize("capacity", ["0", "", "x", "1", "3001"])
def test_seats_that_are_wrong_are_refused_in_one_sentence(page, course, shibukawa, capacity):
    for _ in range(2):
        make.make_registration(course=course, town=shibukawa)
    response = page.post(reverse("sessions:seats", args=[course.pk]), {"capacity": capacity})
    course.refresh_from_db()
    assert len(errors_of(response)) == 1
    assert (course.capacity, course.quotas.count()) == (8, 3)


def test_a_session_is_moved_and_the_page_says_how_many_are_told(page, course, shibukawa):
    make.make_registration(course=course, town=shibukawa)
    session = course.class_sessions.first()
    url = reverse("sessions:move_session", args=[session.pk])
    assert "1 people are told" in page.get(url).content.decode()
    entry = {"starts_at": local(make.in_days(15, hour=13)), "minutes": 60, "venue": session.venue_id}
    page.post(url, entry)
    session.refresh_from_db()
    assert (session.starts_at, session.ends_at) == (make.in_days(15, hour=13), make.in_days(15, hour=14))
    assert Notice.objects.filter(kind="moved").count() == 1


@pytest.mark.parametrize(
    "change", [{"starts_at": ""}, {"starts_at": "2020-01-01T10:00"}, {"minutes": "1"}, {"venue": "777"}]
)
def test_a_move_that_is_wrong_is_refused_in_one_sentence(page, course, change):
    session = course.class_sessions.first()
    entry = {"starts_at": local(make.in_days(15)), "minutes": 60, "venue": session.venue_id} | change
    response = page.post(reverse("sessions:move_session", args=[session.pk]), entry)
    assert len(errors_of(response)) == 1
    assert course.class_sessions.first().starts_at == session.starts_at


def test_a_course_is_called_off_with_its_reason(page, course, shibukawa):
    make.make_registration(course=course, town=shibukawa)
    url = reverse("sessions:call_off", args=[course.pk])
    assert "1 people are told" in page.get(url).content.decode()
    page.post(url, {"reason": "大雪のため"})
    course.refresh_from_db()
    assert (course.is_published, course.cancel_reason) == (False, "大雪のため")
    assert "大雪のため" in show(page, course)


@pytest.mark.parametrize("reason", ["", "雪" * 61])
def test_calling_off_needs_a_short_reason(page, course, reason):
    response = page.post(reverse("sessions:call_off", args=[course.pk]), {"reason": reason})
    course.refresh_from_db()
    assert (len(errors_of(response)), course.cancelled_at) == (1, None)


def test_the_dates_of_application_are_changed_on_their_page(page, course):
    entry = {"opens_at": local(make.in_days(1)), "closes_at": local(make.in_days(10))}
    page.post(reverse("sessions:window", args=[course.pk]), entry)
    course.refresh_from_db()
    assert (course.opens_at, course.closes_at) == (make.in_days(1), make.in_days(10))
    response = page.post(reverse("sessions:window", args=[course.pk]), entry | {"closes_at": entry["opens_at"]})
    assert len(errors_of(response)) == 1


def test_the_row_and_the_list_agree_on_who_may_change_a_course(program, shibukawa, yoshioka, shinto, takasaki):
    course = make.make_course(program=program, host=yoshioka)
    for town in (shibukawa, yoshioka, shinto, takasaki):
        listed = Course.objects.editable_by(town).filter(pk=course.pk).exists()
        assert course.is_editable_by(town) is listed
        assert listed is (town in {shibukawa, yoshioka})
