"""The sheet of paper: frozen numbers, keyed back only if it adds up."""

import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from participants.models import Channel, Participant
from participants.people import Details
from sessions.attendance import Mark, mark
from sessions.changes import call_off_session
from sessions.day import counts_of
from sessions.models import Attendance, ClassSession, DaySheet, Headcount, Registration
from sessions.paper import Keyed, Totals, Unclear, Written, key_sheet, print_sheet
from sessions.registration import cancel
from sessions.walk_ins import set_helpers, walk_in
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel("2026-11-24 10:00+09:00", tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def today(program, shibukawa) -> ClassSession:
    start = make.in_days(0, hour=13)
    course = make.make_course(program=program, starts_at=start, closes_at=start, session_count=2)
    for kana in ("アキヤマ", "イトウ", "ウエダ"):
        make.make_registration(course=course, person=make.make_person(town=shibukawa, kana=f"{kana} タロウ"))
    set_helpers(course.class_sessions.get(number=1), 2, by=None)
    return course.class_sessions.get(number=1)


@pytest.fixture
def sheet(today, desk) -> DaySheet:
    printed = print_sheet(today, by=desk)
    assert isinstance(printed, DaySheet)
    return printed


def written(marks="12", *, walk_ins=(), heads=None, totals=None) -> Written:
    """ "13 " is: number 1 came, number 2 did not, nothing is ticked at number 3."""
    keys = {"1": Mark.PRESENT, "2": Mark.EXCUSED, "3": Mark.NO_SHOW}
    ticked = {number: keys[key] for number, key in enumerate(marks, start=1) if key in keys}
    came, more = marks.count("1"), len(walk_ins) + sum((heads or {}).values())
    return Written(ticked, walk_ins, heads or {}, totals or Totals(3, came, more, came + more))


def marks_of(session) -> list[str]:
    rows = session.course.registrations.order_by("pk")
    found = dict(Attendance.objects.filter(class_session=session).values_list("registration", "mark"))
    return [found.get(row.pk, "") for row in rows]


def test_what_adds_up_is_written_down_and_closes_the_sheet(today, sheet, desk, yoshioka, shinto):
    newcomer = Details(kana="ヤマダ ハナコ", municipality=yoshioka)
    outcome = key_sheet(sheet, written("132", walk_ins=[newcomer], heads={shinto: 2}), by=desk)
    assert isinstance(outcome, Keyed)
    assert marks_of(today) == ["present", "no_show", "excused", "present"]
    assert Registration.objects.get(is_walk_in=True).participant.kana == "ヤマダ ハナコ"
    assert Headcount.objects.get().people == 2
    sheet.refresh_from_db()
    assert (sheet.planned, sheet.came, sheet.walked_in, sheet.total, sheet.keyed_by) == (3, 1, 3, 4, desk)


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        (Totals(4, 2, 1, 3), "Planned: 4 on paper, but 3 keyed in: 1 too many."),
        (Totals(3, 4, 1, 5), "Came: 4 on paper, but 2 keyed in: 2 too many."),
        (Totals(3, 1, 1, 2), "Came: 1 on paper, but 2 keyed in: 1 too few."),
        (Totals(3, 2, 3, 5), "Walked in: 3 on paper, but 1 keyed in: 2 too many."),
        (Totals(3, 2, 1, 2), "Total: 2 on paper, but 3 keyed in: 1 too few."),
    ],
)
def test_a_figure_that_is_off_is_named_and_nothing_is_saved(today, sheet, desk, yoshioka, totals, sentence):
    newcomer = Details(kana="ヤマダ ハナコ", municipality=yoshioka)
    outcome = key_sheet(sheet, written("112", walk_ins=[newcomer], totals=totals), by=desk)
    assert outcome == Unclear(sentence)
    assert (Attendance.objects.count(), Participant.objects.count()) == (0, 3)
    sheet.refresh_from_db()
    assert sheet.keyed_at is None


def test_the_numbers_stay_those_of_the_paper_when_people_come_and_go(today, sheet, desk, shibukawa):
    make.make_registration(course=today.course, person=make.make_person(town=shibukawa, kana="アアア アア"))
    cancel(today.course.registrations.first(), channel=Channel.PHONE)
    assert key_sheet(sheet, written(" 12"), by=desk)
    assert marks_of(today) == ["", "present", "excused", ""]


def test_who_cancelled_after_printing_and_came_is_a_walk_in(today, sheet, desk):
    gone = today.course.registrations.first()
    cancel(gone, channel=Channel.PHONE)
    outcome = key_sheet(sheet, written("122"), by=desk)
    assert isinstance(outcome, Keyed)
    back = today.course.registrations.get(is_walk_in=True)
    assert (list(outcome.returned), back.participant, back.state) == ([back], gone.participant, "confirmed")
    assert marks_of(today) == ["", "excused", "excused", "present"]


def test_who_cancelled_and_was_ticked_absent_stays_cancelled(today, sheet, desk):
    cancel(today.course.registrations.first(), channel=Channel.PHONE)
    assert key_sheet(sheet, written("311"), by=desk)
    assert marks_of(today) == ["", "present", "present"]


def test_what_the_paper_says_is_a_fact_even_if_helpers_and_seats_did_not_suffice(today, sheet, desk, yoshioka):
    set_helpers(today, 0, by=desk)
    outcome = key_sheet(sheet, written("111", walk_ins=[Details(kana="ヤマダ", municipality=yoshioka)]), by=desk)
    assert isinstance(outcome, Keyed)
    assert outcome.is_short_of_helpers is True
    assert Registration.objects.filter(is_walk_in=True).count() == 1


def test_a_sheet_is_keyed_once_and_a_session_too(today, sheet, desk):
    other = print_sheet(today, by=desk)
    assert key_sheet(sheet, written("111"), by=desk)
    for again in (sheet, other):
        outcome = key_sheet(again, written("333"), by=desk)
        assert outcome == Unclear(
            "A sheet of this session has been keyed in already. Correct single people on the page of the day."
        )
    assert marks_of(today) == ["present"] * 3


def test_a_walk_in_who_stands_on_the_list_is_pointed_out(today, sheet, desk):
    person = today.course.registrations.first().participant
    outcome = key_sheet(sheet, written(" 11", walk_ins=[person]), by=desk)
    assert outcome == Unclear("アキヤマ タロウ has a seat at this session: tick the number instead.")
    assert not Attendance.objects.exists()


def test_an_empty_box_leaves_what_was_marked_by_hand(today, sheet, desk):
    mark(today.course.registrations.first(), today, Mark.EXCUSED, by=desk)
    assert key_sheet(sheet, written(" 1 "), by=desk)
    assert marks_of(today) == ["excused", "present", ""]


def test_a_stranger_town_and_a_row_that_is_gone_are_named(today, sheet, desk, takasaki):
    assert key_sheet(sheet, written("111", heads={takasaki: 1}), by=desk) == Unclear(
        "Only towns of the programme can be counted."
    )
    sheet.rows = [*sheet.rows, 999_999]
    sheet.save()
    outcome = key_sheet(sheet, written("1111", totals=Totals(4, 4, 0, 4)), by=desk)
    assert outcome == Unclear("No. 4 is not in our records any more. Leave its box empty.")
    assert not Attendance.objects.exists()


def test_before_the_day_and_after_calling_off_nothing_is_keyed(today, sheet, desk, tuesday):
    tuesday.move_to("2026-11-23 10:00+09:00")
    early = key_sheet(sheet, written("111"), by=desk)
    tuesday.move_to("2026-11-24 11:00+09:00")
    call_off_session(today, reason="大雪", by=desk)
    assert early == Unclear("Who came is entered on the day of the session or later.")
    assert key_sheet(sheet, written("111"), by=desk) == Unclear(
        "This session has been called off: nobody needs to be marked."
    )
    assert print_sheet(today, by=desk) == Unclear("This session has been called off: nobody needs to be marked.")


def typed(**fields) -> dict[str, str]:
    return {"mark_1": "1", "mark_2": "３", "mark_3": "", "planned": "3", "came": "1", "walked_in": "0"} | {
        "total": "1",
        **fields,
    }


def test_the_page_prints_numbered_rows_and_keys_them_back(clerk, today, desk):
    printed = clerk.post(reverse("sessions:day_sheet", args=[today.pk]), follow=True).content.decode()
    sheet = DaySheet.objects.get()
    assert re.findall(
        r"<td class=\"num\"><b>(\d)</b></td><th scope=\"row\"><b class=\"day-name\">(\w+)", printed
    ) == [
        ("1", "アキヤマ"),
        ("2", "イトウ"),
        ("3", "ウエダ"),
    ]
    response = clerk.post(reverse("sessions:key_sheet", args=[sheet.pk]), typed(), follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        f"Sheet {sheet.pk} is keyed in, and everything adds up."
    ]
    assert marks_of(today) == ["present", "no_show", ""]


def test_what_was_typed_stays_on_the_page_when_it_does_not_add_up(clerk, today, sheet, yoshioka):
    given = typed(came="2", kana_1="ヤマダ ハナコ", town_1=str(yoshioka.pk), agreed_1="on")
    html = clerk.post(reverse("sessions:key_sheet", args=[sheet.pk]), given).content.decode()
    assert html.count("Came: 2 on paper, but 1 keyed in: 1 too many.") == 1
    assert re.search(r'name="kana_1" value="ヤマダ ハナコ"', html)
    assert re.search(r'name="mark_2" value="３"', html)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"mark_1": "4"}, "Key 1, 2 or 3, or leave the box empty."),
        ({"kana_1": "ヤマダ", "agreed_1": "on"}, "Choose the town of this walk-in."),
        ({"kana_1": "山田", "agreed_1": "on"}, "Write the name in kana."),
        ({"total": "-1"}, "Ensure this value is greater than or equal to 0."),
    ],
)
def test_a_slip_of_the_finger_is_one_sentence_at_its_box(clerk, sheet, fields, sentence):
    html = clerk.post(reverse("sessions:key_sheet", args=[sheet.pk]), typed(**fields)).content.decode()
    assert sentence in html
    assert not Attendance.objects.exists()


def test_without_consent_a_walk_in_is_only_counted(clerk, today, sheet, yoshioka):
    address = reverse("sessions:key_sheet", args=[sheet.pk])
    given = typed(walked_in="1", total="2", kana_1="ヤマダ", town_1=str(yoshioka.pk))
    assert "Without consent nobody is written down by name" in clerk.post(address, given).content.decode()
    given = typed(walked_in="1", total="2", **{f"heads_{yoshioka.pk}": "1"})
    clerk.post(address, given)
    assert (Headcount.objects.get().municipality, Participant.objects.count()) == (yoshioka, 3)


def test_a_walk_in_who_may_be_known_is_asked_about(clerk, today, sheet, shibukawa):
    known = make.make_person(town=shibukawa, kana="ヤマダ ハナコ")
    address = reverse("sessions:key_sheet", args=[sheet.pk])
    given = typed(walked_in="1", total="2", kana_1="ヤマダ ハナコ", town_1=str(shibukawa.pk), agreed_1="on")
    asked = clerk.post(address, given).content.decode()
    assert "Somebody of this name is known already. Say who it is." in asked
    clerk.post(address, given | {"who_1": str(known.pk)})
    assert Registration.objects.get(is_walk_in=True).participant == known


def test_the_sheet_costs_the_same_with_3_and_30_rows(
    clerk, today, sheet, desk, shibukawa, django_assert_max_num_queries
):
    pages = [reverse("sessions:print_sheet", args=[sheet.pk]), reverse("sessions:key_sheet", args=[sheet.pk])]
    clerk.get(pages[0])
    counts = []
    for _ in range(2):
        for address in pages:
            with django_assert_max_num_queries(20) as queries:
                clerk.get(address)
            counts.append(len(queries))
        sheet.rows = [*sheet.rows, *[make.make_registration(course=today.course).pk for _ in range(5)]] * 4
        sheet.save()
    assert counts[:2] == counts[2:]


def test_a_walk_in_on_the_page_and_on_the_paper_is_one_and_the_sheet_can_be_keyed(sheet, today, desk, shibukawa):
    person = make.make_person(town=shibukawa, kana="オカダ カズコ")
    walk_in(today, person, by=desk)
    twice = key_sheet(sheet, written("11", walk_ins=[person, person]), by=desk)
    assert isinstance(twice, Unclear)
    assert isinstance(key_sheet(sheet, written("11", walk_ins=[person]), by=desk), Keyed)
    counts = counts_of(today)
    assert (counts.came, counts.walked_in) == (2, 1)


def test_a_zero_on_the_paper_corrects_people_counted_before(today, sheet, desk, shibukawa):
    Headcount.objects.create(class_session=today, municipality=shibukawa, people=10, at=timezone.now())
    assert isinstance(key_sheet(sheet, written("11", heads={shibukawa: 0}), by=desk), Keyed)
    assert counts_of(today).walked_in == 0
