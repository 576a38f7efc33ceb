"""Tables as people send them: encodings, headers, Excel's ways, and what is refused in one sentence."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from accounts.codes import read_code
from accounts.postal import read_postal_code
from accounts.table_fields import Field, guess, read_fields
from accounts.table_files import MOST_ROWS, Table, Unreadable

FIELDS = (Field("name", "name", ("名称",)), Field("address", "address", ("住所", "建物名等(方書)")))
CSV = "名称,住所\r\n髙﨑公民館,石原80\r\n"


def read(content: bytes) -> Table | Unreadable:
    return read_fields(content, FIELDS)


def xlsx(*rows: tuple, **sheets) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, state in sheets.items():
        book.create_sheet(name).sheet_state = state
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(table: Table | Unreadable) -> list[tuple[int, tuple[str, ...]]]:
    assert isinstance(table, Table), table
    return [(row.number, row.cells) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_file_is_read_in_the_encodings_towns_use(encoding):
    table = read(CSV.encode(encoding))
    assert isinstance(table, Table)
    assert (table.headers, cells(table)) == (("名称", "住所"), [(2, ("髙﨑公民館", "石原80"))])


def test_a_name_beyond_cp932_is_read_from_utf_8():
    assert cells(read("名称\n𠮷田会館\n".encode())) == [(2, ("𠮷田会館",))]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_end_is_a_line_end(newline):
    assert cells(read(f"名称,住所{newline}A館,1{newline}{newline}B館,2".encode())) == [
        (2, ("A館", "1")),
        (4, ("B館", "2")),
    ]


def test_values_with_commas_quotes_and_tabs_stay_whole():
    assert cells(read('名称,住所\n"A,館","1 ""2"""\n'.encode())) == [(2, ("A,館", '1 "2"'))]
    assert cells(read("名称\t住所\nA,館\t1\n".encode())) == [(2, ("A,館", "1"))]


def test_a_header_below_a_title_is_found():
    title = "公共施設一覧,,\n2026年4月1日現在,,\n\n名称,住所,備考\nA館,1,\n"
    table = read(title.encode())
    assert isinstance(table, Table)
    assert (table.headers, cells(table)) == (("名称", "住所", "備考"), [(5, ("A館", "1", ""))])


def test_short_and_long_rows_take_the_width_of_the_header():
    assert cells(read("名称,住所\nA館\nB館,2,3\n".encode())) == [(2, ("A館", "")), (3, ("B館", "2"))]


def test_an_excel_sheet_is_read_as_it_would_be_typed():
    content = xlsx(
        ("名称", "住所", "n"),
        ("A館", 102083.0, 9003100403),
        (dt.datetime(2026, 4, 1), dt.time(9, 30), 0.5),  # noqa: DTZ001  # as Excel keeps days
        (None, None, None),
        ("  B館 ", True, None),
    )
    assert cells(read(content)) == [
        (2, ("A館", "102083", "9003100403")),
        (3, ("2026-04-01", "09:30", "0.5")),
        (5, ("B館", "True", "")),
    ]


def test_a_formula_is_read_by_its_last_value_and_never_as_a_formula():
    assert cells(read(xlsx(("名称",), ("A館",), ("=1+1",)))) == [(2, ("A館",))]


def test_the_first_sheet_that_is_shown_is_read():
    assert cells(read(xlsx(("名称",), ("A館",), 隠し="hidden", 別="visible"))) == [(2, ("A館",))]


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return file.getvalue()


def with_sheet(sheet: bytes) -> bytes:
    """A sound workbook whose only sheet is replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(("名称",), ("A館",)))) as sound,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in sound.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            archive.writestr(part.filename, sheet if is_sheet else sound.read(part))
    return file.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%b;" % (str(n - 1).encode() if n else b"") * 10) for n in range(9))
    + b"]><worksheet>&a8;</worksheet>"
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ファイルが空です。"),
        (b" \r\n\r\n", "ファイルが空です。"),
        ("\ufeff".encode(), "ファイルが空です。"),
        (b",,\n,,\n", "ファイルが空です。"),
        ("名称,住所\r\n".encode(), "見出しの下に行がありません。"),
        ("名称,住所\nA館,1\n".encode("utf-16"), "1行目の文字が読めません。「CSV UTF-8」で保存し直してください。"),
        (
            "名称,住所\nA館,1\n".encode() + b"\xff\xfe\xfd\x81",
            "3行目の文字が読めません。「CSV UTF-8」で保存し直してください。",
        ),
        ('名称,住所\n"A館,1\n'.encode(), 'CSVとして読めません。引用符（"）が閉じていません。'),
        (
            "名称,住所,名 称\nA館,1,2\n".encode(),
            "「名 称」という列が2つあります。どちらかの名前を変えるか、削除してください。",
        ),
        ("名称\nA\0館\n".encode(), "2行目の文字が読めません。「CSV UTF-8」で保存し直してください。"),
        ("名称\nA\x07館\n".encode(), "2行目に、長すぎる値か制御文字があります。"),
        (("名称\n" + "あ" * 2001).encode(), "2行目に、長すぎる値か制御文字があります。"),
        (("名称" + "," * 120 + "x\nA館\n").encode(), "列が120列を超えています。"),
        (b"x" * (50 * 1024 * 1024), "ファイルが大きすぎます。10MBまで読み込めます。"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "古い形式のExcelファイルか、パスワード付きのファイルです。パスワードを付けずにxlsx形式で保存してください。",
        ),
        (b"PK\x03\x04 torn", "ファイルが壊れているか、Excelのファイルではありません。"),
        (packed(word__document=b"<x/>"), "ファイルが壊れているか、Excelのファイルではありません。"),
        (with_sheet(b"<worksheet><row"), "ファイルが壊れているか、Excelのファイルではありません。"),
        (with_sheet(LAUGHS), "ファイルが壊れているか、Excelのファイルではありません。"),
        (xlsx(), "ファイルが空です。"),
        (
            with_sheet(SHEET % (b"<row>%b</row>" % (b"<c/>" * 700_000))),
            "Excelファイルのセルが多すぎます。",
        ),
        (
            packed(xl__worksheets__sheet1=bytes(61 * 1024 * 1024)),
            "Excelファイルの中身が大きすぎるため、開きませんでした。",
        ),
        (
            packed(xl__sharedStrings=bytes(21 * 1024 * 1024)),
            "Excelファイルの中身が大きすぎるため、開きませんでした。",
        ),
        (
            with_sheet(SHEET % b'<row r="1"><c t="str"><v>\xe5</v></c></row>'),
            "ファイルが壊れているか、Excelのファイルではありません。",
        ),
        (
            with_sheet(SHEET % b'<row r="1048576"><c r="A1048576" t="n"><v>1</v></c></row>'),
            "10000行を超えています。ファイルを分けてください。",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_told_in_one_sentence(content, sentence):
    assert read(content) == Unreadable(sentence)


def test_ten_thousand_rows_are_read_and_one_more_is_refused():
    lines = ["名称,住所", *(f"会館{n},{n}" for n in range(MOST_ROWS))]
    assert len(cells(read("\n".join(lines).encode("cp932")))) == 10_000
    assert read("\n".join([*lines, "もう一つ,1"]).encode()) == Unreadable(
        "10000行を超えています。ファイルを分けてください。"
    )


@pytest.mark.parametrize(
    "header", ["建物名等(方書)", "建物名等（方書）", "建物名等(方書)*", " 建物名等 （方書）※"]
)
def test_a_header_is_known_whatever_its_width_and_marks(header):
    assert guess(["x", header], FIELDS).places == {"address": 1}


def test_the_most_exact_header_is_taken():
    assert guess(["建物名等(方書)", "住所"], FIELDS).places == {"address": 1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("102083", "102083"),
        ("１０２０８３", "102083"),
        ("102083.0", "102083"),
        ("10208", "102083"),
        ("10208.0", "102083"),
        ("92011", "092011"),
        ("9201", "092011"),
        ("131017", None),
        ("102084", None),
        ("99999", None),
        ("10344", None),
        ("", None),
        ("渋川市", None),
    ],
)
def test_the_code_of_a_municipality_is_mended_when_only_one_is_meant(text, code):
    assert read_code(text, known={"102083", "092011"}) == code


def test_a_code_that_may_be_two_towns_is_not_guessed():
    # 11011: 011011 without its first 0, or 11011 without its check digit
    readings = {"011011", "110116"}
    assert [read_code("11011", known=known) for known in ({"011011"}, readings)] == ["011011", None]


@pytest.mark.parametrize(
    ("text", "is_from_table", "code"),
    [
        ("〒３７７－０００８", False, "377-0008"),
        ("3770008", False, "377-0008"),
        ("600001", True, "060-0001"),
        ("600001", False, None),
        ("37-0008", True, None),
        ("", True, None),
    ],
)
def test_a_postal_code_is_read(text, is_from_table, code):
    assert read_postal_code(text, is_from_table=is_from_table) == code
