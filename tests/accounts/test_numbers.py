"""Telephone numbers as people write them, spreadsheets damage them and networks send them."""

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.numbers import (
    Kind,
    NumberProblem,
    PhoneNumber,
    ProblemCode,
    caller_number,
    format_number,
    is_demo,
    read_number,
)

# The area codes of Aichi and Gunma, without their first 0.
FOUR_DIGIT_AREAS = (
    *("270", "274", "276", "277", "279", "531", "532", "533", "536", "561"),
    *("562", "563", "564", "565", "566", "567", "568", "569", "586", "587"),
)

SPELLINGS_OF_A_MOBILE = [
    "09003100403",
    "090-0310-0403",
    " 090-0310-0403 ",
    "０９０－０３１０－０４０３",  # full width
    "０９００３１００４０３",
    "090ー0310ー0403",  # the long vowel mark of a Japanese keyboard
    "090‐0310‐0403",
    "090‑0310‑0403",
    "090−0310−0403",
    "090–0310–0403",
    "090—0310—0403",
    "090ｰ0310ｰ0403",
    "090~0310~0403",
    "090〜0310〜0403",
    "090.0310.0403",
    "090・0310・0403",
    "090/0310/0403",
    "090、0310、0403",
    "090 0310 0403",
    "０９０　０３１０　０４０３",
    "090\u00a00310\u00a00403",
    "090\t0310\t0403",
    "(090)0310-0403",
    "090(0310)0403",
    "（０９０）０３１０ー０４０３",
    "090の0310の0403",
    "+819003100403",
    "+81 90 0310 0403",
    "+81 (0)90-0310-0403",
    "＋８１－９０－０３１０－０４０３",
    "(+81)90-0310-0403",
    "+81-090-0310-0403",
    "819003100403",
    "0081 90 0310 0403",
    "010-81-90-0310-0403",
    "0033-010-81-90-0310-0403",
    "〇九〇・〇三一〇・〇四〇三",  # kanji digits
    "○九○-○三一○-○四○三",
    "零九零零三一零零四零三",
    "０九０－〇三1〇－0四0三",
    "⓪⑨⓪⓪③①⓪⓪④⓪③",  # digits in circles
    "⓪❾⓪-⓪❸❶⓪-⓪❹⓪❸",
    "O9O-O31O-O4O3",  # letters for digits
    "o90-0310-o403",
    "090-03l0-0403",
    "090-03I0-0403",
    "090-0310-0403（自宅）",  # notes
    "090-0310-0403(娘)",
    "(娘)090-0310-0403",
    "【携帯】090-0310-0403",
    "娘 090-0310-0403",
    "090-0310-0403 娘",
    "090-0310-0403 2番目",
    "携帯は090-0310-0403です。",
    "186-090-0310-0403",  # prefixes that show or hide the caller
    "18609003100403",
    "184 090-0310-0403",
    "*31#09003100403",
    "9003100403",  # a spreadsheet lost the first zero
    "90-0310-0403",
    "tel:090-0310-0403",
    "TEL 090-0310-0403",
    "tel09003100403",
    "℡090-0310-0403",
    "☎️090-0310-0403",
    "電話：090-0310-0403",
    "\u200e090-0310-0403\u200b",  # pasted from a page
    "090-0310-0403、090-0310-0403",
]

SPELLINGS_OF_A_LANDLINE = [
    "0532000101",
    "0532-00-0101",
    "0532(00)0101",
    "(0532)00-0101",
    "（０５３２）００－０１０１",
    "℡0532（00）0101",
    "0532局の00番の0101",
    "市外局番0532の00-0101",
    "0532-00-0101 内線12",
    "0532-00-0101(内線 12)",
    "0532-00-0101 x12",
    "0532-00-0101 #3",
    "電話番号は0532-00-0101、呼出",
    "〇五三二の〇〇の〇一〇一",
    "532000101",
    "81532000101",
    "+81 (0)532-00-0101",
    "184-0532-00-0101",
]

OTHERS = [
    ("080-1234-5678", "+818012345678", Kind.MOBILE),
    ("070-1234-5678", "+817012345678", Kind.MOBILE),
    ("060-1234-5678", "+816012345678", Kind.MOBILE),
    ("070-0310-0406", "+817003100406", Kind.MOBILE),
    ("050-1234-5678", "+815012345678", Kind.VOIP),
    ("03-1234-5678", "+81312345678", Kind.LANDLINE),
    ("3-1234-5678", "+81312345678", Kind.LANDLINE),
    ("052-000-0101", "+81520000101", Kind.LANDLINE),
    ("0279-00-0415", "+81279000415", Kind.LANDLINE),
]

REFUSED = [
    ("", ProblemCode.EMPTY),
    (" 　\n", ProblemCode.EMPTY),
    ("なし", ProblemCode.NO_DIGITS),
    ("abc", ProblemCode.NO_DIGITS),
    ("090", ProblemCode.TOO_FEW),
    ("090-0310-040", ProblemCode.TOO_FEW),
    ("090031004", ProblemCode.TOO_FEW),
    ("0532-00-010", ProblemCode.TOO_FEW_LANDLINE),
    ("090-0310-04033", ProblemCode.TOO_MANY),
    ("0532-00-01012", ProblemCode.TOO_MANY),
    ("1234567890123456789012", ProblemCode.TOO_MANY),
    ("1234-5678", ProblemCode.AREA_CODE_MISSING),
    ("23-4567", ProblemCode.AREA_CODE_MISSING),
    ("00-0101", ProblemCode.AREA_CODE_MISSING),
    ("090-0310-0403 090-0310-0404", ProblemCode.TWO_NUMBERS),
    ("090-0310-0403 / 0532-00-0101", ProblemCode.TWO_NUMBERS),
    ("自宅0532-00-0101 携帯090-0310-0403", ProblemCode.TWO_NUMBERS),
    ("090-0310-0403" + " よろしくお願いします" * 10, ProblemCode.TOO_LONG),
    ("9.00310E+09", ProblemCode.DAMAGED),
    ("9E+09", ProblemCode.DAMAGED),
    ("5.32E+08", ProblemCode.DAMAGED),
    ("9003100403.0", ProblemCode.DAMAGED),
    ("110", ProblemCode.EMERGENCY),
    ("１１９番", ProblemCode.EMERGENCY),
    ("#9110", ProblemCode.EMERGENCY),
    ("0120-123-456", ProblemCode.TOLL_FREE),
    ("0800-123-4567", ProblemCode.TOLL_FREE),
    ("080-0123-4567", ProblemCode.TOLL_FREE),
    ("+81 120 123 456", ProblemCode.TOLL_FREE),
    ("0570-123-456", ProblemCode.PREMIUM),
    ("0990-123-456", ProblemCode.PREMIUM),
    ("0180-12-3456", ProblemCode.PREMIUM),
    ("020-4123-4567", ProblemCode.PAGER),
    ("+1 212 555 0100", ProblemCode.FOREIGN),
    ("+44 20 7946 0958", ProblemCode.FOREIGN),
    ("010-1-212-555-0100", ProblemCode.FOREIGN),
    ("anonymous", ProblemCode.WITHHELD),
    ("Restricted", ProblemCode.WITHHELD),
    ("非通知", ProblemCode.WITHHELD),
    ("公衆電話", ProblemCode.WITHHELD),
    ("+266696687", ProblemCode.WITHHELD),
    ("+86282452253", ProblemCode.WITHHELD),
    ("+8656696", ProblemCode.WITHHELD),
    ("+2562533", ProblemCode.WITHHELD),
    ("+737874283", ProblemCode.WITHHELD),
    ("+7378742833", ProblemCode.WITHHELD),
    ("011-123-4567", ProblemCode.NOT_IN_USE),
    ("1234567890", ProblemCode.NOT_IN_USE),
    ("060-0310-0403", ProblemCode.NOT_IN_USE),
]


def problem_of(text: str) -> NumberProblem:
    problem = read_number(text)
    assert isinstance(problem, NumberProblem), problem
    return problem


def number_of(text: str) -> PhoneNumber:
    number = read_number(text)
    assert isinstance(number, PhoneNumber), number
    return number


@pytest.mark.parametrize("text", SPELLINGS_OF_A_MOBILE)
def test_a_mobile_number_is_read_however_it_is_written(text):
    number = number_of(text)
    assert (number.e164, number.kind, number.national) == ("+819003100403", Kind.MOBILE, "090-0310-0403")


@pytest.mark.parametrize("text", SPELLINGS_OF_A_LANDLINE)
def test_a_house_number_is_read_however_it_is_written(text):
    number = number_of(text)
    assert (number.e164, number.kind, number.national) == ("+81532000101", Kind.LANDLINE, "0532-00-0101")


@pytest.mark.parametrize(("text", "e164", "kind"), OTHERS)
def test_the_kind_of_a_number_follows_from_its_range(text, e164, kind):
    number = number_of(text)
    assert (number.e164, number.kind) == (e164, kind)


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_is_no_usable_number_is_refused_with_its_reason(text, code):
    assert problem_of(text).code == code


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_is_one_sentence(code):
    with translation.override("en"):
        sentence = NumberProblem(code, 9).sentence
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_too_few_digits_are_counted_as_they_were_typed():
    with translation.override("en"):
        assert problem_of("090-0310-0").sentence == "It has 8 digits. A mobile number has 11."
        assert problem_of("0532-00-01").sentence == "It has 8 digits. A house number has 10 with its area code."


def test_what_was_typed_is_kept_without_invisible_characters():
    assert number_of(" 090-0310-0403（娘）\u200b\x00 ").as_entered == "090-0310-0403（娘）"


@pytest.mark.parametrize(
    ("text", "can_sms"), [("090-0310-0403", True), ("0532-00-0101", False), ("050-1234-5678", False)]
)
def test_only_a_mobile_is_taken_to_receive_sms(text, can_sms):
    assert number_of(text).can_sms is can_sms


@pytest.mark.parametrize(
    ("area", "national"),
    [
        ("52", "052-000-0101"),
        *((area, f"0{area}-00-0101") for area in FOUR_DIGIT_AREAS),
    ],
)
def test_demo_numbers_of_both_prefectures_are_known_and_well_written(area, national):
    e164 = number_of(national).e164
    assert e164 == f"+81{area}".ljust(8, "0") + "0101"
    assert is_demo(e164)
    assert format_number(e164) == national


@pytest.mark.parametrize("e164", ["+819003100403", "+817003100406"])
def test_mobiles_that_nobody_can_have_are_demo_numbers(e164):
    assert is_demo(e164)


@pytest.mark.parametrize(
    "e164",
    [
        "+819012345678",
        "+818012345678",
        "+815012345678",
        "+81312345678",
        "+81422001234",
        "+81422123456",
        "+12125550100",
        "0532-00-0101",
        "",
    ],
)
def test_numbers_that_could_ring_are_no_demo_numbers(e164):
    assert not is_demo(e164)


@pytest.mark.parametrize("text", ["+819012345678", "+819003100403", "+81532000101"])
def test_a_caller_is_known_by_a_whole_japanese_number(text):
    assert caller_number(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anonymous",
        "Restricted",
        "+266696687",
        "+7378742833",
        "+12125550100",
        "+81120123456",
        "09003100403",
        "+81",
        "+81110",
        "+819003100403\n",
        "+8190031004031",
        "sip:+819003100403@example.test",
    ],
)
def test_a_caller_who_withholds_or_is_abroad_is_nobody(text):
    assert caller_number(text) is None


def test_what_is_no_number_is_written_as_it_is():
    assert format_number("なし") == "なし"


@given(st.text(alphabet=st.characters(), max_size=100))
@example("+81" * 20)
@example("(" * 80)
@example("\ud800090-0310-0403")
def test_no_text_raises_and_what_is_read_is_steady(text):
    number = read_number(text)
    if isinstance(number, NumberProblem):
        assert number.sentence
        return
    assert number_of(number.e164).e164 == number.e164
    assert number_of(number.national).e164 == number.e164
    number.as_entered.encode()


DIGITS_AND_MARKS = st.text(alphabet="0123456789-－ー+()（） 　/.OlＯ〇九①娘のE,", max_size=24)


@given(DIGITS_AND_MARKS)
def test_nearly_numbers_neither_raise_nor_drift(text):
    number = read_number(text)
    caller_number(text)
    if isinstance(number, PhoneNumber):
        assert number_of(number.e164).e164 == number.e164
        assert number_of(number.national).e164 == number.e164
