"""What is printed: every paper at both sizes, with the characters of real names, and nobody's words as markup."""

import io
import zlib
from datetime import datetime

import pytest
import time_machine
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.models import Municipality
from participants.models import Channel
from sessions import attendance
from sessions.attendance import Mark
from sessions.models import Attendance, Course
from sessions.paper import print_sheet
from sessions.papers.day_sheet import day_sheet
from sessions.papers.kinds import Kind, Order, Size, paper_of
from sessions.papers.press import Paper, pdf_of, pictures_of
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages, the same on every database

RARE = "髙﨑𠮷①～ゑ"
MARKUP = '#panic("x") *b* $x$ = [y] // <z> \\ @w'
LONG = "ボイド・マリア・フェルナンデス・ゴンザレス・デ・ラ・クルス・サンチェス・ロドリゲス・ペレス・ガルシア"


@pytest.fixture(autouse=True)
def english():
    """So that the words tested stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def course(program) -> Course:
    venue = make.make_venue(town=program.lead, name="赤城麓公民館", room="会議室", access="駅から歩いて3分")
    return make.make_course(program=program, capacity=400, session_count=2, venue=venue)


@pytest.fixture
def member(staff):
    return staff.memberships.get()


def comes(course: Course, *, town=None, **fields):
    """Somebody with a seat; `name` in Chinese characters."""
    person = make.make_person(town=town or course.host, sms=False, **fields)
    return make.make_registration(course=course, person=person)


def has_completed(registration) -> None:
    for row in registration.course.class_sessions.all():
        Attendance.objects.create(
            registration=registration, class_session=row, mark=Mark.PRESENT, at=timezone.now()
        )


def pages_of(paper: Paper) -> list[str]:
    """The text of each page as a reader of the PDF finds it."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(paper))).pages]


def text_of(paper: Paper) -> str:
    return "\n".join(pages_of(paper))


def paper(course: Course, member, kind: Kind, size: Size = Size.NORMAL) -> Paper:
    return paper_of(course, member, Order(kind, size))


def is_drawn(png: bytes) -> bool:
    """Whether something else than white paper is in the picture."""
    assert png.startswith(b"\x89PNG")
    at, data = 8, b""
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    return len(set(zlib.decompress(data))) > 8


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("kind", Kind)
def test_every_paper_is_drawn_at_both_sizes(course, member, kind, size):
    has_completed(comes(course, name="髙橋 幸江", address="石原80", postal_code="377-0008"))
    made = paper(course, member, kind, size)
    assert [is_drawn(picture) for picture in pictures_of(made, ppi=30)] == [True] * len(pages_of(made))


@pytest.mark.parametrize(
    "kind",
    [
        Kind.RECEPTION,
        Kind.VENUE_ROSTER,
        Kind.OFFICE_ROSTER,
        Kind.NAME_TAGS,
        Kind.SEATING,
        Kind.CERTIFICATES,
        Kind.LABELS,
    ],
)
def test_the_characters_of_names_print_right_on_every_paper_with_names(course, member, kind):
    has_completed(comes(course, name=RARE, address="石原80"))
    assert RARE in text_of(paper(course, member, kind))


def test_what_people_wrote_is_never_read_as_markup(course, member):
    comes(course, name=MARKUP, needs_note=MARKUP)
    words = " ".join(text_of(paper(course, member, Kind.VENUE_ROSTER, Size.NORMAL)).split())
    assert words.count('#panic("x") *b* $x$ = [y] // <z> \\ @w') == 2


def test_a_character_the_font_does_not_have_leaves_a_box_and_the_rest(course, member):
    comes(course, name="山田 \ue000😀")
    comes(course, name="髙橋 幸江")
    text = text_of(paper(course, member, Kind.RECEPTION))
    assert "山田" in text
    assert "髙橋 幸江" in text


def test_control_characters_do_not_reach_the_paper():
    made = Paper("list", "x\x07y\u202ez", timezone.localdate())
    assert '"xyz"' in made.inputs


@pytest.mark.parametrize("size", Size)
def test_the_same_data_give_the_same_bytes(course, member, size):
    comes(course, name="髙橋 幸江")
    made = [pdf_of(paper(course, member, Kind.OFFICE_ROSTER, size)) for _time in range(2)]
    assert made[0] == made[1]


def test_a_pdf_is_tagged_and_names_its_title_and_language(course, member):
    reader = PdfReader(io.BytesIO(pdf_of(paper(course, member, Kind.RECEPTION))))
    root = reader.trailer["/Root"]
    assert (reader.metadata.title, root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("Reception book", "en", True)


def test_only_the_font_of_the_package_is_used(course, member):
    reader = PdfReader(io.BytesIO(pdf_of(paper(course, member, Kind.LEAFLET))))
    fonts = {
        font["/BaseFont"].split("+")[-1] for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert {name.removesuffix("-Identity-H") for name in fonts} == {"NotoSansCJKjp-Regular"}


def test_three_hundred_people_fill_pages_with_the_head_on_each_and_each_once(course, member):
    person = make.make_person(town=course.host, name="山田 太郎", sms=False)
    row = make.make_registration(course=course, person=person)
    people = [person]
    for number in range(1, 300):
        person.pk, person.name = None, f"番号{number:03}"
        person.save(force_insert=True)
        people.append(person)
        row.pk, row.participant, row.submission = None, person, None
        row.save(force_insert=True)
    pages = pages_of(paper(course, member, Kind.RECEPTION))
    assert all("Name" in page and f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert all("".join(pages).count(f"番号{number:03}") == 1 for number in range(1, 300))


@pytest.mark.parametrize("kind", [Kind.VENUE_ROSTER, Kind.NAME_TAGS, Kind.SEATING, Kind.CERTIFICATES, Kind.LABELS])
def test_a_paper_without_people_says_so_on_one_page(course, member, kind):
    pages = pages_of(paper(course, member, kind))
    assert len(pages) == 1
    assert "obody" in pages[0]


def test_a_class_without_dates_telephone_or_venue_facts_still_has_its_papers(course, member):
    course.class_sessions.update(cancelled_at=timezone.now())
    Municipality.objects.update(phone="", office="", hours="")
    course = Course.objects.get()
    for size in Size:
        assert [len(pages_of(paper(course, member, kind, size))) > 0 for kind in Kind] == [True] * len(Kind)


def test_the_reception_book_of_an_empty_class_still_has_rows_for_walk_ins(course, member):
    text = text_of(paper(course, member, Kind.RECEPTION))
    assert [line for line in text.splitlines() if line.isdigit()] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("kind", [Kind.NAME_TAGS, Kind.SEATING, Kind.RECEPTION])
@pytest.mark.parametrize("size", Size)
def test_a_very_long_name_is_on_the_paper_whole(course, member, kind, size):
    comes(course, name=LONG, kana="ボイド マリア")
    assert LONG in "".join(text_of(paper(course, member, kind, size)).split())


def letters_of(made: Paper, text: str) -> list[float]:
    """The sizes in points of the runs of letters that hold the text."""
    found = []

    def visit(run, _cm, matrix, _font, size):
        if text in run:
            found.append(abs(matrix[3]) * size)

    for page in PdfReader(io.BytesIO(pdf_of(made))).pages:
        page.extract_text(visitor_text=visit)
    return found


def test_large_print_has_letters_of_eighteen_points_and_more(course, member):
    comes(course, name="髙橋 幸江", kana="タカハシ サチエ", needs_note="右側の席")
    made = paper(course, member, Kind.VENUE_ROSTER, Size.LARGE)
    sizes = [size for text in ("髙橋", "タカハシ", "右側") for size in letters_of(made, text)]
    assert len(sizes) == 3
    assert min(sizes) >= 18


def test_a_certificate_is_for_those_who_completed_the_class(program, member):
    with time_machine.travel("2026-12-01 09:00+09:00"):
        start = datetime.fromisoformat("2026-12-04 10:00+09:00")
        course = make.make_course(
            program=program, session_count=3, starts_at=start, completion_needed=2, title="基本"
        )
        done, half = comes(course, name="髙橋 幸江"), comes(course, name="鈴木 正子")
    with time_machine.travel("2026-12-11 12:00+09:00"):
        for row in list(course.class_sessions.all())[:2]:
            attendance.mark(done, row, Mark.PRESENT, by=None)
        attendance.mark(half, course.class_sessions.first(), Mark.PRESENT, by=None)
        with translation.override("ja"):
            pages = pages_of(paper(course, member, Kind.CERTIFICATES))
    assert len(pages) == 1
    assert "髙橋 幸江" in pages[0]
    assert done.receipt_number in pages[0]
    assert "令和8年12月11日" in pages[0]
    assert course.host.name in pages[0]


def test_labels_are_of_own_residents_with_an_address(course, member, yoshioka):
    comes(course, name="自町 住所", address="石原80", postal_code="377-0008")
    comes(course, name="自町 なし")
    comes(course, name="他町 住所", town=yoshioka, address="下野田560")
    text = text_of(paper(course, member, Kind.LABELS))
    assert ("自町 住所" in text, "377-0008" in text) == (True, True)
    assert ("自町 なし" in text, "他町 住所" in text) == (False, False)


def test_an_address_without_postal_code_is_given_its_town(course, member):
    comes(course, name="甲", address="石原80")
    comes(course, name="乙", address="渋川市渋川1-2")
    lines = text_of(paper(course, member, Kind.LABELS)).splitlines()
    assert {"渋川市石原80", "渋川市渋川1-2"} <= set(lines)


def test_labels_for_postcards_are_of_those_who_wait_for_one(course, member):
    fields = {"address": "石原80", "postal_code": "377-0008"}
    person = make.make_person(town=course.host, name="葉書 希望", sms=False, **fields)
    person.reach = "postcard"
    person.save()
    make.make_registration(course=course, person=person, channel=Channel.FAX)
    comes(course, name="電話 希望", **fields)
    text = text_of(paper(course, member, Kind.POSTCARD_LABELS))
    assert ("葉書 希望" in text, "電話 希望" in text) == (True, False)


def test_the_day_sheet_on_paper_has_the_frozen_numbers(course, staff, shibukawa, yoshioka):
    first, second = comes(course, name="甲", kana="アア アア"), comes(course, name="乙", kana="イイ イイ")
    sheet = print_sheet(course.class_sessions.first(), by=staff)
    comes(course, name="丙", kana="アア アイ")
    second.delete()
    made = day_sheet(sheet, [shibukawa, yoshioka], is_large=False, blank_rows=6)
    text = text_of(made)
    assert (made.people, first.receipt_number in text, "丙" in text, "イイ" in text) == (2, True, False, False)
    assert str(sheet.pk) in text


def test_the_application_form_asks_for_the_time_on_a_consultation_day(program, member):
    course = make.make_course(program=program, by_slot=True)
    assert "First choice" in text_of(paper(course, member, Kind.APPLICATION))
    single = make.make_course(program=program)
    assert "First choice" not in text_of(paper(single, member, Kind.APPLICATION))


def test_the_application_form_has_number_telephone_and_consent(course, member):
    text = " ".join(text_of(paper(course, member, Kind.APPLICATION)).split())
    assert course.code in text
    assert "0279-00-0201" in text
    assert "Do you agree?" in text


def test_the_leaflet_has_what_one_must_know(course, member):
    text = text_of(paper(course, member, Kind.LEAFLET))
    for words in ("0279-00-0201", course.code, "赤城麓公民館 会議室", "駅から歩いて3分", "渋川市", "吉岡町"):
        assert words in text


def test_the_number_to_telephone_is_the_largest_thing_on_the_leaflet_but_the_title(course, member):
    made = paper(course, member, Kind.LEAFLET)
    assert letters_of(made, "0279-00-0201")[0] >= 40
