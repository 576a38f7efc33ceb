"""People from a town's own list: compared first, written all or none, known people only when chosen."""

import io
import json
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.japanese import read_day
from accounts.models import AuditEntry, Role
from accounts.table_fields import guess, read_fields
from accounts.table_files import Table
from participants.list_words import read_device, read_needs, read_yes_no
from participants.models import Consent, Contact, Device, Participant
from participants.people_import import FIELDS, Plan, import_people, plan_people
from tests import make

pytestmark = pytest.mark.django_db

HEADER = "氏名,フリガナ,生年,市町村,電話番号,端末,SMS,SMS同意日,郵便番号,住所,配慮事項"
SATO = (
    "佐藤 花子,さとう はなこ,昭和16年,渋川市,090-0310-0401,"
    "iPhone,はい,令和8年4月1日,3770008,石原80,前の席・拡大資料"
)
SUZUKI = "鈴木一郎,ｽｽﾞｷ ｲﾁﾛｳ,1950,,0279-00-0310,ガラケー,いいえ,,,,"


@pytest.fixture(autouse=True)
def in_autumn(time_machine):
    time_machine.move_to("2026-11-24 10:00+09:00")


def table(*lines: str, header: str = HEADER) -> Table:
    found = read_fields("\r\n".join([header, *lines]).encode(), FIELDS)
    assert isinstance(found, Table), found
    return found


def planned(town, *lines: str, header: str = HEADER) -> Plan:
    found = table(*lines, header=header)
    return plan_people(found, guess(found.headers, FIELDS), town=town)


def imported(town, *lines: str, header: str = HEADER, by=None, taken=()) -> Plan:
    found = table(*lines, header=header)
    return import_people(found, guess(found.headers, FIELDS), town=town, by=by, taken=taken)


def test_a_row_becomes_a_person_through_the_door_everybody_takes(shibukawa, staff):
    imported(shibukawa, SATO, by=staff)
    person = Participant.objects.get()
    assert (person.name, person.kana, person.birth_year) == ("佐藤 花子", "サトウ ハナコ", 1941)
    assert (person.municipality, person.device, person.reach) == (shibukawa, "iphone", "sms")
    assert (person.needs, person.postal_code, person.address) == (
        ["front_seat", "large_print"],
        "377-0008",
        "石原80",
    )
    assert person.contact_points.get().number == "+819003100401"
    consent = person.consents.get()
    assert (consent.purpose, consent.given, consent.by) == (Consent.Purpose.SMS, True, staff)
    assert timezone.localdate(consent.at) == date(2026, 4, 1)
    assert AuditEntry.objects.filter(act="participant.added", subject_id=str(person.pk)).exists()


def test_somebody_without_consent_is_called(shibukawa):
    imported(shibukawa, SUZUKI)
    person = Participant.objects.get()
    assert (person.kana, person.reach, person.device) == ("スズキ イチロウ", "call", "feature")
    assert not person.consents.exists()


@pytest.mark.parametrize(
    ("cells", "reach", "notes"),
    [
        ("090-0310-0402,はい,", "call", ["SMSは送りません。同意した日が書かれていません。"]),
        ("0279-00-0310,はい,2026-04-01", "call", ["SMSは送りません。携帯電話の番号がありません。"]),
        (
            ",はい,2026-04-01",
            "call",
            ["SMSは送りません。携帯電話の番号がありません。", "電話番号も住所もありません。"],
        ),
    ],
)
def test_sms_needs_a_mobile_and_the_day_of_the_consent(shibukawa, cells, reach, notes):
    plan = imported(shibukawa, f"サトウ ハナコ,{cells}", header="フリガナ,電話番号,SMS,同意日")
    assert [note for _row, note in plan.notes] == notes
    assert (Participant.objects.get().reach, Consent.objects.count()) == (reach, 0)


def test_somebody_with_an_address_alone_gets_a_postcard(shibukawa):
    imported(shibukawa, "サトウ ハナコ,石原80", header="フリガナ,住所")
    assert Participant.objects.get().reach == "postcard"


@pytest.mark.parametrize(
    "damaged", ["9003100401", "9003100401.0", "+81 90-0310-0401", "０９０（０３１０）０４０１"]
)
def test_a_number_that_a_spreadsheet_changed_is_mended(shibukawa, damaged):
    imported(shibukawa, f"サトウ,{damaged}", header="フリガナ,電話番号")
    assert Contact.objects.get().contact_point.number == "+819003100401"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("佐藤,,,,,,,,,,", "お名前をカナで入れてください。"),
        ("佐藤,佐藤,,,,,,,,,", "お名前をカナで入れてください。"),
        ("佐藤,サトウ,昭和70年,,,,,,,,", "生まれた年は、昭和16、S16、1941 のように入れてください。"),
        ("佐藤,サトウ,,,9E+10,,,,,,", "表計算ソフトで番号の形が変わっています。はじめの0から入れ直してください。"),
        ("佐藤,サトウ,,,12,,,,,,", None),
        ("佐藤,サトウ,,,,,たぶん,,,,", "SMSの可否は「はい」か「いいえ」で書いてください。"),
        ("佐藤,サトウ,,,,,はい,2026-13-01,,,", "同意日が正しい日付でないか、今日より後です。"),
        ("佐藤,サトウ,,,,,はい,2026-11-25,,,", "同意日が正しい日付でないか、今日より後です。"),
        ("佐" * 61 + ",サトウ,,,,,,,,,", "「お名前」が長すぎます。"),
    ],
)
def test_one_wrong_row_is_named_and_nobody_is_written(shibukawa, line, sentence):
    plan = imported(shibukawa, SATO, line, SUZUKI)
    assert [row for row, _sentence in plan.errors] == [3]
    assert sentence is None or plan.errors == [(3, sentence)]
    assert not Participant.objects.exists()


def test_rows_of_other_towns_are_left_out(shibukawa, yoshioka):
    lines = ["ア,渋川市", "イ,群馬県渋川市", "ウ,10208", "エ,吉岡町", "オ,"]
    plan = imported(shibukawa, *lines, header="フリガナ,市町村")
    assert plan.elsewhere == [5]
    assert list(Participant.objects.values_list("kana", flat=True)) == ["ア", "イ", "ウ", "オ"]


def test_the_same_list_twice_adds_nobody(shibukawa):
    imported(shibukawa, SATO, SUZUKI)
    plan = imported(shibukawa, SATO, SUZUKI)
    assert ([double.number for double in plan.doubles], plan.new) == ([2, 3], [])
    assert (Participant.objects.count(), AuditEntry.objects.filter(act="participant.imported").count()) == (2, 1)


def test_somebody_known_is_left_out_unless_chosen(shibukawa):
    known = make.make_person(town=shibukawa, kana="サトウ ハナコ")
    plan = imported(shibukawa, SATO, SUZUKI)
    assert [(double.number, double.people) for double in plan.doubles] == [(2, (known,))]
    assert Participant.objects.count() == 2
    imported(shibukawa, SATO, taken={2})
    assert Participant.objects.filter(kana="サトウ ハナコ").count() == 2


def test_somebody_of_another_town_or_year_is_not_the_same(shibukawa, yoshioka):
    make.make_person(town=yoshioka, kana="サトウ ハナコ")
    make.make_person(town=shibukawa, kana="サトウ ハナコ", birth_year=1970)
    assert imported(shibukawa, SATO).doubles == []


def test_the_same_name_twice_in_a_list_is_asked_about(shibukawa):
    lines = ["サトウ,1941", "さとう,1941", "サトウ,1970", "サトウ,"]
    plan = imported(shibukawa, *lines, header="フリガナ,生年")
    assert [(double.number, double.rows) for double in plan.doubles] == [(3, (2,)), (5, (2, 3, 4))]
    assert Participant.objects.count() == 2


def test_nothing_personal_stands_in_the_audit(shibukawa, staff):
    imported(shibukawa, SATO, by=staff)
    entry = AuditEntry.objects.get(act="participant.imported")
    assert (entry.by, entry.municipality, entry.detail) == (staff, shibukawa, {"added": 1, "rows": 1})
    written = json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)), ensure_ascii=False)
    assert [word for word in ("佐藤", "サトウ", "0310", "石原") if word in written] == []


def test_ten_thousand_rows_are_looked_at_with_as_many_queries_as_one(shibukawa, django_assert_num_queries):
    lines = [f"テスト {make.KANA[n % 20]}{make.KANA[n // 20 % 20]}{make.KANA[n // 400]}" for n in range(8000)]
    more = [f"サトウ {make.KANA[n % 20]}{make.KANA[n // 20 % 20]}{make.KANA[n // 400]}" for n in range(2000)]
    with django_assert_num_queries(2):
        assert len(planned(shibukawa, *lines, *more, header="フリガナ").new) == 10_000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-01", date(2026, 4, 1)),
        ("2026/4/1", date(2026, 4, 1)),
        ("２０２６年４月１日", date(2026, 4, 1)),
        ("令和8年4月1日", date(2026, 4, 1)),
        ("R8.4.1", date(2026, 4, 1)),
        ("令和元年5月1日(水)", date(2019, 5, 1)),
        ("2026-02-30", None),
        ("昭和70年1月1日", None),
        ("4月1日", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_any_calendar(text, day):
    assert read_day(text) == day


def test_words_of_lists_are_understood():
    assert [read_yes_no(word) for word in ("○", "希望する", "ＹＥＳ", "×", "", "たぶん")] == [
        True,
        True,
        True,
        False,
        False,
        None,
    ]
    assert [
        read_device(word) for word in ("らくらくスマートフォン", "ｉＰｈｏｎｅ SE", "Galaxy", "なし", "黒電話")
    ] == [
        Device.SIMPLE,
        Device.IPHONE,
        Device.ANDROID,
        Device.NONE,
        None,
    ]
    assert read_needs("車椅子、筆談；耳元でゆっくり") == (["wheelchair", "writing"], "耳元でゆっくり")
    assert read_needs("なし") == ([], "")


# ---- the page ----


@pytest.fixture
def page(client, staff):
    client.force_login(staff)
    return client


def upload(page, *lines: str, header: str = HEADER):
    file = SimpleUploadedFile("list.csv", "\r\n".join([header, *lines]).encode("cp932"))
    return page.post(reverse("participants:import"), {"file": file})


def confirm(page, shown, **change):
    data = {"table": shown.context["table"], "save": "1"} | dict(shown.context["columns"].data.items())
    return page.post(reverse("participants:import"), data | change)


def test_a_coordinator_looks_first_and_then_imports(page, shibukawa):
    shown = upload(page, SATO, SUZUKI)
    assert (len(shown.context["plan"].new), Participant.objects.count()) == (2, 0)
    assert "no-store" in shown.headers["Cache-Control"]
    assert confirm(page, shown).headers["Location"] == reverse("participants:people")
    assert set(Participant.objects.values_list("kana", flat=True)) == {"サトウ ハナコ", "スズキ イチロウ"}


def test_a_known_person_is_imported_when_ticked(page, shibukawa):
    make.make_person(town=shibukawa, kana="サトウ ハナコ")
    shown = upload(page, SATO, SUZUKI)
    confirm(page, shown)
    assert Participant.objects.count() == 2
    confirm(page, upload(page, SATO), take="2")
    assert Participant.objects.count() == 3


def test_an_excel_list_is_imported_the_same_way(page):
    book = openpyxl.Workbook()
    for cells in (["フリガナ", "電話番号", "生年月日"], ["サトウ", 9003100401, date(1941, 4, 5)]):
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    shown = page.post(reverse("participants:import"), {"file": SimpleUploadedFile("a.xlsx", file.getvalue())})
    confirm(page, shown)
    person = Participant.objects.get()
    assert (person.birth_year, person.contact_points.get().number) == (1941, "+819003100401")


def test_nothing_of_a_list_is_kept_on_the_server_between_the_steps(page, shibukawa):
    shown = upload(page, SATO)
    assert "佐藤" in shown.content.decode()
    assert [cookie.value for cookie in page.cookies.values() if len(cookie.value) > 100] == []
    assert not any("佐藤" in str(page.session[key]) for key in page.session.keys())  # noqa: SIM118  # no mapping


def test_more_people_than_the_page_takes_are_refused(page):
    shown = upload(page, *(f"サトウ,{year}" for year in range(1001)), header="フリガナ,番号")
    assert list(shown.context["form"].errors) == ["file"]


def test_the_reception_desk_may_not_import(client, shibukawa):
    client.force_login(make.make_user(town=shibukawa, role=Role.DESK))
    assert upload(client, SATO).status_code == 403


# ---- the command ----


def run(tmp_path, *lines: str, header: str = HEADER, **options) -> str:
    file = tmp_path / "list.csv"
    file.write_bytes("\n".join([header, *lines]).encode("cp932"))
    out = io.StringIO()
    call_command("import_participants", file, stdout=out, **{"municipality": "102083", **options})
    return out.getvalue()


def test_the_command_imports_the_same_without_naming_anybody(tmp_path, shibukawa, capsys):
    assert "2人を追加" in run(tmp_path, SATO, SUZUKI, dry_run=True)
    assert not Participant.objects.exists()
    assert "2人を追加" in run(tmp_path, SATO, SUZUKI)
    again = run(tmp_path, SATO, SUZUKI)
    assert "0人を追加、2人は登録済み" in again
    assert [word for word in ("佐藤", "サトウ", "0310") if word in again] == []
    assert "1人を追加" in run(tmp_path, SATO, SUZUKI, take=[2])


def test_the_command_names_the_row_and_writes_nobody(tmp_path, shibukawa):
    with pytest.raises(CommandError) as error:
        run(tmp_path, SATO, "佐藤,,,,,,,,,,")
    assert str(error.value) == "何も書きこみませんでした。\n3行目：お名前をカナで入れてください。"
    assert not Participant.objects.exists()


def test_the_command_writes_people_for_towns_only(tmp_path):
    make.make_town(name="群馬県", code="100005", kind="prefecture")
    with pytest.raises(CommandError):
        run(tmp_path, SATO, municipality="100005")
