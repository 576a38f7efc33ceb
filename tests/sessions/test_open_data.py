"""The events as open data: exact columns, both encodings, no formulas, nothing that is not public."""

import csv
import io
import json
from datetime import datetime
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.csv_files import cell
from sessions.changes import call_off
from sessions.models import ClassSession, Course
from tests import make

pytestmark = pytest.mark.django_db

HEADER = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,イベント名,イベント名_カナ,イベント名_英語,"
    "開始日,終了日,開始時間,終了時間,開始日時特記事項,説明,料金(基本),料金(詳細),連絡先名称,連絡先電話番号,"
    "連絡先内線番号,主催者,場所名称,住所,方書,緯度,経度,アクセス方法,駐車場情報,定員,参加申込終了日,"
    "参加申込終了時間,参加申込方法,URL,備考\r\n"
)


@pytest.fixture(autouse=True)
def in_autumn(time_machine):
    time_machine.move_to("2026-11-24 10:00+09:00", tick=False)


@pytest.fixture
def december(program, shibukawa) -> Course:
    venue = make.make_venue(
        town=shibukawa,
        name="中央公民館",
        room="2階 会議室",
        address="石原80",
        latitude=36.489,
        longitude=139.0003,
        parking_spaces=20,
        access="渋川駅から\n歩いて10分",
    )
    return make.make_course(program=program, code="4821", venue=venue, capacity=12, starts_at=at(2026, 12, 4))


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, 0, tzinfo=timezone.get_default_timezone())


def fetch(client, name: str = "events_csv", **query: str):
    return client.get(reverse(f"public:{name}"), query)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def rows(client, encoding: str = "utf-8", **query: str) -> list[dict[str, str]]:
    content = body(fetch(client, encoding=encoding, **query))
    text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", b"\xef\xbb\xbf"), ("cp932", b"")])
def test_the_header_is_that_of_the_standard_to_the_byte(client, shibukawa, encoding, start):
    content = body(fetch(client, municipality="102083", encoding=encoding))
    assert content == start + HEADER.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_class_is_one_row_a_session_with_all_that_is_known(client, december, encoding):
    session = december.class_sessions.get()
    assert rows(client, encoding, municipality="102083") == [
        {
            "都道府県コード又は市区町村コード": "102083",
            "NO": str(session.pk),
            "都道府県名": "群馬県",
            "市区町村名": "渋川市",
            "イベント名": "安全に使う",
            "イベント名_カナ": "",
            "イベント名_英語": "",
            "開始日": "2026-12-04",
            "終了日": "2026-12-04",
            "開始時間": "10:00",
            "終了時間": "11:30",
            "開始日時特記事項": "",
            "説明": "安全に使う",
            "料金(基本)": "0",
            "料金(詳細)": "無料",
            "連絡先名称": "渋川市高齢福祉課",
            "連絡先電話番号": "0279-00-0201",
            "連絡先内線番号": "",
            "主催者": "渋川市・吉岡町・榛東村",
            "場所名称": "中央公民館",
            "住所": "群馬県渋川市石原80",
            "方書": "2階 会議室",
            "緯度": "36.489",
            "経度": "139.0003",
            "アクセス方法": "渋川駅から 歩いて10分",
            "駐車場情報": "駐車場20台",
            "定員": "12",
            "参加申込終了日": "2026-12-03",
            "参加申込終了時間": "17:00",
            "参加申込方法": "電話・窓口・ウェブで受け付けます。講座番号は4821です。",
            "URL": "http://127.0.0.1:8000/classes/4821/",
            "備考": "",
        }
    ]


def test_lines_end_with_cr_lf_and_no_value_holds_a_line_break(client, december):
    content = body(fetch(client))
    assert content.count(b"\n") == content.count(b"\r\n") == 2


def test_the_sessions_of_a_series_say_which_of_how_many_they_are(client, program):
    make.make_course(program=program, session_count=3)
    assert [row["開始日時特記事項"] for row in rows(client)] == ["全3回の1回目", "全3回の2回目", "全3回の3回目"]


def test_what_the_public_does_not_see_is_not_published(client, program, staff):
    make.make_course(program=program, title="下書き", published_at=None)
    make.make_course(program=program, title="団体向け", is_listed=False)
    make.make_course(program=program, title="昨年度", opens_at=at(2026, 3, 1), starts_at=at(2026, 3, 31))
    call_off(make.make_course(program=program, title="中止"), reason="大雪", by=staff)
    half = make.make_course(program=program, title="一部中止", session_count=2)
    ClassSession.objects.filter(course=half, number=1).update(cancelled_at=timezone.now())
    make.make_course(program=program, title="四月", opens_at=at(2026, 3, 1), starts_at=at(2026, 4, 1))
    assert [row["イベント名"] for row in rows(client)] == ["四月", "一部中止"]


def test_a_town_gets_the_classes_it_holds(client, program, yoshioka):
    make.make_course(program=program, title="渋川")
    make.make_course(program=program, host=yoshioka, title="吉岡")
    assert [row["イベント名"] for row in rows(client, municipality="103454")] == ["吉岡"]
    assert [row["イベント名"] for row in rows(client)] == ["渋川", "吉岡"]


@pytest.mark.parametrize(
    ("written", "cp932"),
    [
        ("髙﨑①のスマホ", "髙﨑①のスマホ"),
        ("𠮷田教室〜初級", "吉田教室～初級"),
        ("😀教室", "〓教室"),
        ("㋿8年", "令和8年"),
    ],
)
def test_a_character_that_cp932_lacks_is_written_by_its_usual_form(client, program, written, cp932):
    make.make_course(program=program, title=written)
    assert rows(client, "cp932")[0]["イベント名"] == cp932
    assert rows(client)[0]["イベント名"] == written


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_quote_and_a_comma_stay_in_their_cell(client, program, encoding):
    make.make_course(program=program, title='スマホ,"はじめの一歩"\r\n編')
    assert rows(client, encoding)[0]["イベント名"] == 'スマホ,"はじめの一歩" 編'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("＝1", "'＝1"),
        ("-1+cmd", "'-1+cmd"),
        ("+81-279-00-0201", "'+81-279-00-0201"),
        ("+81279000201", "+81279000201"),
        (-139.5, "-139.5"),
        ("0279-00-0201", "0279-00-0201"),
        (None, ""),
        (0, "0"),
    ],
)
def test_a_formula_becomes_text_and_a_number_stays_a_number(value, written):
    assert cell(value) == written


def test_a_title_that_is_a_formula_is_defused(client, program):
    make.make_course(program=program, title="=1+1")
    assert rows(client)[0]["イベント名"] == "'=1+1"


def test_the_json_holds_the_same_facts_with_licence_and_time(client, december):
    answer = json.loads(body(fetch(client, "events_json", municipality="102083")))
    assert answer["generated_at"] == "2026-11-24T10:00:00+09:00"
    assert answer["licence"] == {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    (event,) = answer["events"]
    (row,) = rows(client)
    assert sorted(map(str, (value for value in event.values() if value is not None))) == sorted(
        value for value in row.values() if value
    )
    assert (event["municipality_code"], event["latitude"], event["capacity"]) == ("102083", 36.489, 12)


def test_json_without_events_is_an_empty_list(client, shibukawa):
    assert json.loads(body(fetch(client, "events_json")))["events"] == []


@pytest.mark.parametrize("name", ["events_csv", "events_json"])
def test_what_has_not_changed_is_not_sent_again(client, december, time_machine, name):
    first = fetch(client, name)
    body(first)
    time_machine.shift(60)
    url = reverse(f"public:{name}")
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Course.objects.update(title="別の題")
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, "別の題" in body(changed).decode()) == (200, True)


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ({"municipality": "999999"}, 404, "このコードの市区町村はありません。6桁で指定してください。\n"),
        ({"encoding": "latin1"}, 400, "文字コードは utf-8 か cp932 を指定してください。\n"),
    ],
)
def test_what_cannot_be_given_is_told_in_one_sentence(client, db, query, status, sentence):
    response = fetch(client, **query)
    assert (response.status_code, response.content.decode()) == (status, sentence)


def test_the_data_is_japanese_for_whoever_asks(client, december):
    content = body(client.get(reverse("public:events_csv"), headers={"Accept-Language": "en"}))
    assert "無料" in content.decode()


@pytest.mark.parametrize("name", ["events_csv", "events_json"])
def test_many_sessions_cost_no_more_queries(client, program, django_assert_num_queries, name):
    make.make_course(program=program)
    for count in (1, 30):
        make.make_course(program=program, session_count=count)
        with django_assert_num_queries(3):
            body(fetch(client, name))


def test_the_page_describes_every_file_and_column(client, december):
    page = client.get(reverse("public:open_data")).content.decode()
    places = [page.index(f">{name}</th>") for name in HEADER.strip().split(",")]
    assert all(before < after for before, after in pairwise(places))
    assert "events.csv?municipality=102083&amp;encoding=cp932" in page
    assert "events.json?municipality=102083" in page
