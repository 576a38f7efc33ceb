"""Venues from the lists of public facilities: compared first, written all or none, and once."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.table_fields import guess, read_fields, sign_table
from accounts.table_files import Table
from programs.barriers import facts_in
from programs.models import Venue
from programs.venue_import import FIELDS, Plan, import_venues, plan_venues
from tests import make

pytestmark = pytest.mark.django_db

LEGACY = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,名称_通称,POIコード,住所,方書,緯度,経度,"
    "電話番号,内線番号,法人番号,団体名,利用可能曜日,開始時間,終了時間,利用可能日時特記事項,説明,バリアフリー情報,URL,備考"
)
CURRENT = (
    "全国地方公共団体コード,ID,地方公共団体名,名称,名称_カナ,所在地_連結表記,所在地_町字,所在地_番地以下,"
    "建物名等（方書）,緯度,経度,電話番号,郵便番号"
)
BARRIERS = "多目的トイレ;エレベーター;スロープ"
ROW = f"102083,1,群馬県,渋川市,中央公民館,ﾁｭｳｵｳｺｳﾐﾝｶﾝ,,,石原80,,36.489,139.0003,0279000301,,,,,,,,,{BARRIERS},,"


def table(*lines: str, header: str = LEGACY) -> Table:
    found = read_fields("\r\n".join([header, *lines]).encode(), FIELDS)
    assert isinstance(found, Table), found
    return found


def row(name: str, *, code: str = "102083", address: str = "", **cells: str) -> str:
    values = {"都道府県コード又は市区町村コード": code, "名称": name, "住所": address, **cells}
    return ",".join(values.get(column, "") for column in LEGACY.split(","))


def planned(town, *lines: str, header: str = LEGACY, capacity: int = 20) -> Plan:
    found = table(*lines, header=header)
    return plan_venues(found, guess(found.headers, FIELDS), town=town, capacity=capacity)


def imported(town, *lines: str, header: str = LEGACY, capacity: int = 20) -> Plan:
    found = table(*lines, header=header)
    return import_venues(found, guess(found.headers, FIELDS), town=town, capacity=capacity, by=None)


def test_a_row_of_the_older_list_becomes_a_venue(shibukawa):
    imported(shibukawa, ROW)
    venue = Venue.objects.get()
    assert (venue.municipality, venue.name, venue.kana) == (shibukawa, "中央公民館", "チュウオウコウミンカン")
    assert (venue.address, venue.phone) == ("石原80", "+81279000301")
    assert (venue.latitude, venue.longitude) == (36.489, 139.0003)
    assert (venue.has_wheelchair_toilet, venue.has_lift, venue.is_step_free) == (True, True, True)
    assert (venue.capacity, venue.capacity_is_assumed, venue.has_wifi) == (20, True, None)


def test_a_row_of_the_present_list_becomes_a_venue(shibukawa):
    line = "102083,1,群馬県渋川市,中央公民館,,,石原,80,福祉センター2階,36.489,139.0003,,3770008"
    imported(shibukawa, line, header=CURRENT)
    venue = Venue.objects.get()
    assert (venue.address, venue.postal_code, venue.kana) == ("石原80 福祉センター2階", "377-0008", "")


def test_a_capacity_in_the_file_is_not_assumed(shibukawa):
    imported(shibukawa, "中央公民館,４０人", header="施設名,収容人数")
    venue = Venue.objects.get()
    assert (venue.capacity, venue.capacity_is_assumed) == (40, False)


def test_looking_at_a_file_writes_nothing(shibukawa):
    plan = planned(shibukawa, ROW)
    assert plan.counts == {"added": 1, "changed": 0, "unchanged": 0}
    assert not Venue.objects.exists()


def test_the_same_file_twice_changes_nothing(shibukawa):
    imported(shibukawa, ROW, row("東公民館"))
    first = list(Venue.objects.values())
    plan = imported(shibukawa, ROW, row("東公民館"))
    assert plan.counts == {"added": 0, "changed": 0, "unchanged": 2}
    assert list(Venue.objects.values()) == first
    assert AuditEntry.objects.filter(act="venue.imported").count() == 1


def test_a_changed_row_changes_its_venue_and_leaves_what_it_does_not_say(shibukawa):
    imported(shibukawa, ROW)
    Venue.objects.update(access="渋川駅から10分", has_lift=False, capacity=33, capacity_is_assumed=False)
    plan = imported(shibukawa, row("中央公民館", address="石原81", バリアフリー情報=BARRIERS))
    venue = Venue.objects.get()
    assert [step.changed for step in plan.changed] == [("address",)]
    assert (venue.address, venue.access, venue.phone) == ("石原81", "渋川駅から10分", "+81279000301")
    assert (venue.has_lift, venue.capacity) == (False, 33)


def test_a_file_that_says_the_assumed_capacity_settles_it(shibukawa):
    imported(shibukawa, "中央公民館", header="名称")
    plan = imported(shibukawa, "中央公民館,20", header="名称,定員")
    assert [step.changed for step in plan.changed] == [("capacity",)]
    assert not Venue.objects.get().capacity_is_assumed


def test_rooms_of_a_house_are_venues_of_their_own(shibukawa):
    imported(shibukawa, "公民館,和室", "公民館,ホール", header="名称,部屋")
    assert set(Venue.objects.values_list("name", "room")) == {("公民館", "和室"), ("公民館", "ホール")}


def test_rows_of_other_towns_are_left_out_and_told(shibukawa, yoshioka):
    plan = imported(shibukawa, row("渋川会館", code="10208"), row("吉岡会館", code="103454"))
    assert (plan.elsewhere, list(Venue.objects.values_list("name", flat=True))) == ([3], ["渋川会館"])


def test_venues_without_kana_are_listed_to_be_completed(shibukawa):
    plan = imported(shibukawa, ROW, row("東公民館"), row("西公民館", 名称_カナ="西公民館"))
    assert [step.venue.name for step in plan.without_kana] == ["東公民館", "西公民館"]
    assert plan.notes == [(4, "フリガナはカナでないため取り込みません。")]
    assert Venue.objects.with_missing_facts().count() == 3


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (row(""), "名前がありません。"),
        (row("あ" * 61), "「名称」が長すぎます。"),
        (row("会館", code="131017"), "市区町村コードが読み取れません。"),
        (row("会館", 緯度="139.0", 経度="36.4"), "緯度と経度が入れ替わっています。"),
        (row("会館", 緯度="0", 経度="0"), "緯度・経度が日本の外を指しています。"),
        (row("会館", 緯度="nan", 経度="139"), "緯度・経度が日本の外を指しています。"),
        (row("会館", 緯度="36.4"), "緯度と経度は両方書いてください。"),
        (row("中央公民館"), "同じ会場が2行目にもあります。"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_written(shibukawa, line, sentence):
    plan = imported(shibukawa, ROW, line, row("東公民館"))
    assert plan.errors == [(3, sentence)]
    assert not Venue.objects.exists()


def test_a_telephone_number_that_cannot_be_used_is_left_out_and_told(shibukawa):
    plan = imported(shibukawa, row("会館", 電話番号="0120-000-001", 郵便番号=""))
    assert [number for number, _note in plan.notes] == [2]
    assert Venue.objects.get().phone == ""


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("車椅子対応トイレ有;エレベーターなし", {"has_wheelchair_toilet": True}),
        ("多機能トイレなし、段差なし", {"has_wheelchair_toilet": False, "is_step_free": True}),
        ("玄関に段差あり;スロープ", {"is_step_free": False}),
        ("Ｗｉ－Ｆｉ；磁気ループ", {"has_wifi": True, "has_hearing_loop": True}),
        ("車椅子貸出;オストメイト;優先駐車場;点字ブロック", {}),
        ("車いす不可", {}),
        ("", {}),
    ],
)
def test_only_what_is_certain_is_taken_from_the_text_on_barriers(text, facts):
    assert facts_in(text) == facts


def test_ten_thousand_venues_take_a_bounded_number_of_queries(shibukawa, django_assert_max_num_queries):
    lines = [f"会館{number},石原{number}" for number in range(10_000)]
    with django_assert_max_num_queries(40):
        plan = imported(shibukawa, *lines, header="名称,住所")
    assert (plan.counts["added"], Venue.objects.count()) == (10_000, 10_000)


# ---- the page ----


@pytest.fixture
def page(client, staff):
    client.force_login(staff)
    return client


def upload(page, content: bytes, name: str = "list.csv", **fields):
    file = SimpleUploadedFile(name, content)
    return page.post(reverse("programs:import_venues"), {"file": file, "capacity": "24", **fields})


def confirm(page, shown, **change):
    """Press the button of the second step, with the columns as they stand or changed."""
    columns = shown.context["columns"]
    data = {"table": shown.context["table"], "capacity": "24", "save": "1"} | dict(columns.data.items())
    return page.post(reverse("programs:import_venues"), data | change)


def test_a_coordinator_sees_what_would_change_and_then_imports_it(page, shibukawa, staff):
    shown = upload(page, "\r\n".join([LEGACY, ROW]).encode("cp932"))
    assert (shown.context["plan"].counts["added"], Venue.objects.count()) == (1, 0)
    assert shown.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    response = confirm(page, shown)
    assert response.headers["Location"] == reverse("programs:venues") + "?missing=yes"
    assert (Venue.objects.get().capacity, Venue.objects.get().municipality) == (24, shibukawa)
    entry = AuditEntry.objects.get(act="venue.imported")
    assert (entry.by, entry.detail) == (staff, {"added": 1, "changed": 0, "unchanged": 0})


def test_an_excel_file_is_imported_the_same_way(page):
    book = openpyxl.Workbook()
    for cells in (LEGACY.split(","), [102083.0, 1, "群馬県", "渋川市", "中央公民館"]):
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    confirm(page, upload(page, file.getvalue(), "list.xlsx"))
    assert Venue.objects.get().name == "中央公民館"


def test_columns_with_names_of_their_own_are_chosen_by_hand(page):
    shown = upload(page, "たてもの,ばしょ\n中央公民館,石原80\n".encode())
    assert [str(error) for error in shown.context["columns"].non_field_errors()] == ["列を選んでください：名称"]
    assert confirm(page, shown).status_code == 200
    confirm(page, shown, **{"column-name": "0", "column-address": "1"})
    assert list(Venue.objects.values_list("name", "address")) == [("中央公民館", "石原80")]


def test_one_column_cannot_be_two_things(page):
    shown = upload(page, "名称,住所\n中央公民館,石原80\n".encode())
    again = confirm(page, shown, **{"column-kana": "0"})
    assert (len(again.context["columns"].non_field_errors()), Venue.objects.count()) == (1, 0)


def test_rows_with_errors_are_shown_and_cannot_be_saved(page):
    shown = upload(page, "\n".join([LEGACY, ROW, row("")]).encode())
    assert shown.context["errors"] == [(3, "名前がありません。")]
    assert 'name="save"' not in shown.content.decode()
    assert confirm(page, shown).status_code == 200
    assert not Venue.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * (11 * 1024 * 1024)])
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(page, content):
    assert list(upload(page, content).context["form"].errors) == ["file"]


def test_the_rows_of_somebody_else_cannot_be_sent(page, shibukawa, staff, partner_staff):
    theirs = sign_table(table(ROW), purpose="venues", user=partner_staff, town=shibukawa)
    other = sign_table(table(ROW), purpose="people", user=staff, town=shibukawa)
    for text in (theirs, other, "nonsense"):
        data = {"table": text, "capacity": "24", "save": "1", "column-name": "4"}
        assert page.post(reverse("programs:import_venues"), data).status_code == 302
    assert not Venue.objects.exists()


def test_rows_that_waited_too_long_are_asked_for_again(client, staff, time_machine):
    time_machine.move_to("2026-11-24 10:00+09:00")
    client.force_login(staff)
    shown = upload(client, "\n".join([LEGACY, ROW]).encode())
    time_machine.shift(3700)
    assert confirm(client, shown).headers["Location"] == reverse("programs:import_venues")
    assert not Venue.objects.exists()


# ---- the command ----


def run(path, **options) -> str:
    out = io.StringIO()
    call_command("import_venues", path, municipality="102083", stdout=out, **options)
    return out.getvalue()


def test_the_command_imports_the_same_and_says_what_it_did(tmp_path, shibukawa):
    file = tmp_path / "list.csv"
    file.write_bytes("\n".join([LEGACY, ROW, row("東公民館")]).encode("cp932"))
    assert "追加2件、変更0件、変更なし0件" in run(file, dry_run=True)
    assert not Venue.objects.exists()
    assert "追加2件、変更0件、変更なし0件" in run(file, capacity=12)
    assert "フリガナがない会場：1件" in run(file)
    assert set(Venue.objects.values_list("capacity", flat=True)) == {12}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("名称,緯度\n会館,36\n", "何も書きこみませんでした。\n2行目：緯度と経度は両方書いてください。"),
        ("施設,場所\n会館,1\n", "列を選んでください：名称"),
    ],
)
def test_the_command_names_the_row_and_writes_nothing(tmp_path, shibukawa, content, sentence):
    file = tmp_path / "list.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError) as error:
        run(file)
    assert (str(error.value), Venue.objects.count()) == (sentence, 0)


@pytest.mark.parametrize("name", ["", "渋川市"])
def test_the_command_refuses_an_unknown_town_and_a_missing_file(tmp_path, name):
    if name:
        make.make_town(name=name, code="102083")
    with pytest.raises(CommandError) as error:
        run(tmp_path / "none.csv")
    assert ("none.csv" in str(error.value)) == bool(name)
