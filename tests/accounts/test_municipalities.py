"""The list of local governments: proved before it is written, followed without touching what towns filled in."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Municipality
from accounts.municipalities import OWN_FILE, check_digit, read_municipalities, write_municipalities

HEAD = "code,kind,prefecture,name,kana,parent_code,latitude,longitude,url"
HOKKAIDO = "010006,prefecture,北海道,北海道,ホッカイドウ,,,,"
SAPPORO = "011002,municipality,北海道,札幌市,サッポロシ,,43.06,141.35,https://www.city.sapporo.jp/"
CHUO = "011011,ward,北海道,札幌市中央区,サッポロシチュウオウク,011002,43.05,141.34,"


@pytest.fixture
def file(tmp_path):
    def write(*lines: str, encoding: str = "utf-8", head: str = HEAD) -> Path:
        path = tmp_path / "towns.csv"
        path.write_bytes("\r\n".join([head, *lines, ""]).encode(encoding))
        return path

    return write


@pytest.fixture
def problems(file):
    """What is said in English about a file of these lines; Hokkaido stands in line 2."""

    def read(*lines: str, **how: str) -> list[str]:
        with translation.override("en"):
            return read_municipalities(file(HOKKAIDO, *lines, **how)).problems

    return read


@pytest.mark.parametrize(("code5", "digit"), [("23000", "6"), ("10000", "5"), ("10208", "3"), ("01100", "2")])
def test_the_check_digit_follows_from_the_first_five(code5, digit):
    assert check_digit(code5) == digit


def test_every_code_of_our_own_list_proves_itself():
    with OWN_FILE.open(encoding="utf-8") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]
    assert len(codes) == 47 + 1741 + 175
    assert [code for code in codes if check_digit(code[:5]) != code[5]] == []


def test_the_whole_country_is_loaded_with_leading_zeros_and_wards_under_their_cities(db):
    call_command("load_municipalities")
    kinds = [Municipality.objects.filter(kind=kind).count() for kind in ("prefecture", "municipality", "ward")]
    assert kinds == [47, 1741, 175]
    chuo = Municipality.objects.get(code="011011")
    assert (chuo.name, chuo.parent.name) == ("札幌市中央区", "札幌市")
    assert Municipality.objects.get(code="102083").kana == "シブカワシ"


def test_loading_takes_as_many_queries_for_many_towns_as_for_few(db, file):
    lines = [f"{n:05d}{check_digit(f'{n:05d}')},municipality,県,町{n},マチ,,,," for n in range(20000, 20303)]
    few, many = (read_municipalities(file(*some)).rows for some in (lines[:3], lines[3:]))
    with CaptureQueriesContext(connection) as for_few:
        write_municipalities(few)
    with CaptureQueriesContext(connection) as for_many:
        write_municipalities(many)
    assert (len(few), len(many), Municipality.objects.count()) == (3, 300, 303)
    assert len(for_many) == len(for_few)


def test_loading_again_follows_a_new_name_and_keeps_what_the_town_filled_in(db, file):
    write_municipalities(read_municipalities(file(SAPPORO, CHUO)).rows)
    Municipality.objects.filter(code="011002").update(phone="+81110000001", office="高齢福祉課", hours="平日")
    loaded = write_municipalities(read_municipalities(file(SAPPORO.replace("札幌市", "新札幌市"), CHUO)).rows)
    sapporo = Municipality.objects.get(code="011002")
    assert (loaded.added, loaded.changed, loaded.unchanged) == (0, 1, 1)
    assert (sapporo.name, sapporo.phone, sapporo.office, sapporo.hours) == (
        "新札幌市",
        "+81110000001",
        "高齢福祉課",
        "平日",
    )


def test_bodies_without_a_code_are_left_alone(db, file):
    Municipality.objects.create(name="情報化推進協議会", kind=Municipality.Kind.COUNCIL)
    write_municipalities(read_municipalities(file(HOKKAIDO)).rows)
    assert Municipality.objects.count() == 2


def test_a_byte_order_mark_changes_nothing(file):
    assert read_municipalities(file(HOKKAIDO, encoding="utf-8-sig")).rows[0].code == "010006"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (SAPPORO.replace("011002", "011003"), "The check digit of the code 011003 is wrong."),
        (
            SAPPORO.replace("011002", "11002"),
            "The code 11002 does not have six digits. Has a spreadsheet dropped its first 0?",
        ),
        (
            SAPPORO.replace("011002", "０１１００２"),
            "The code ０１１００２ does not have six digits. Has a spreadsheet dropped its first 0?",
        ),
        (HOKKAIDO, "The code 010006 stands in line 2 already."),
        (SAPPORO.replace("municipality", "city"), "The kind must be prefecture, municipality or ward."),
        (SAPPORO.replace("札幌市", ""), "The name is missing."),
        (SAPPORO.replace("札幌市", "札" * 61), "The value of name is too long or has control characters."),
        (SAPPORO.replace("札幌市", "札\x00市"), "The value of name is too long or has control characters."),
        (CHUO, "No city of this file has the code 011002."),
        (CHUO.replace("011002", "010006"), "No city of this file has the code 010006."),
        (CHUO.replace("011002", ""), "A ward, and nothing else, names the code of its city in parent_code."),
        (SAPPORO.replace("43.06", "143.06"), "The value of latitude lies outside Japan."),
        (SAPPORO.replace("141.35", "nan"), "The value of longitude lies outside Japan."),
        (SAPPORO.replace("https:", "javascript:"), "The url must begin with https:// or http://."),
        ("011002,municipality", "It does not have as many values as there are columns."),
        (SAPPORO + ",more", "It does not have as many values as there are columns."),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_what_is_wrong(problems, line, sentence):
    assert problems(line) == [f"Line 3: {sentence}"]


def test_every_bad_row_is_named_not_only_the_first(problems):
    bad = SAPPORO.replace("011002", "011003")
    assert [problem[:7] for problem in problems(bad, CHUO.replace("011011", "011012"))] == ["Line 3:", "Line 4:"]


def test_a_missing_column_is_named(problems):
    assert problems(head=HEAD.replace(",kana", "").replace(",url", "")) == ["These columns are missing: kana, url"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("札幌".encode("cp932"), "The file is not UTF-8. Save it as CSV UTF-8 and try again."),
        (f"{HEAD}\n".encode(), "The file holds no municipality."),
        (f'{HEAD}\n"01"0006",prefecture\n'.encode(), "The file is not a CSV file."),
        (b"", "These columns are missing: " + HEAD.replace(",", ", ")),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "towns.csv"
    path.write_bytes(content)
    with translation.override("en"):
        assert read_municipalities(path).problems == [sentence]


def test_a_file_that_is_not_there_is_one_sentence(db, tmp_path):
    with translation.override("en"), pytest.raises(CommandError) as error:
        call_command("load_municipalities", str(tmp_path / "none.csv"))
    assert str(error.value) == f"Nothing was written.\nThe file {tmp_path / 'none.csv'} cannot be opened."


def test_with_one_bad_row_nothing_is_written(db, file):
    with pytest.raises(CommandError):
        call_command("load_municipalities", str(file(HOKKAIDO, SAPPORO.replace("011002", "011003"))))
    assert Municipality.objects.count() == 0


def test_of_very_many_bad_rows_the_first_twenty_are_shown(db, file):
    with translation.override("en"), pytest.raises(CommandError) as error:
        call_command("load_municipalities", str(file(*["011003,municipality"] * 50)))
    assert str(error.value).splitlines()[-1] == "And 30 more."


def test_a_dry_run_writes_nothing(db, file, capsys):
    call_command("load_municipalities", str(file(HOKKAIDO, SAPPORO)), "--dry-run")
    assert Municipality.objects.count() == 0
    assert "2" in capsys.readouterr().out
