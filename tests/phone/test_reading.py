"""Texts as older people write them, and what we take them to mean."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from phone.reading import Meaning, Reading, Why, plain, read_text
from tests.phone.spellings.numbers import NUMBERS
from tests.phone.spellings.others import OTHERS
from tests.phone.spellings.words import WORDS

TEXTS = [*NUMBERS, *WORDS, *OTHERS]


def in_short(reading: Reading, wanted: dict[str, object]) -> dict[str, object]:
    return {field: getattr(reading, field) for field in wanted}


@pytest.mark.parametrize(("body", "wanted"), TEXTS)
def test_a_text_is_read_as_it_is_meant(body, wanted):
    assert in_short(read_text(body), wanted) == wanted


@pytest.mark.parametrize(("body", "wanted"), TEXTS)
def test_accents_that_come_apart_on_the_way_change_nothing(body, wanted):
    assert in_short(read_text(unicodedata.normalize("NFD", body)), wanted) == wanted


def test_the_table_holds_no_text_twice():
    bodies = [body for body, _wanted in TEXTS]
    assert len(bodies) == len(set(bodies))


@pytest.mark.parametrize("meaning", Meaning)
def test_every_meaning_is_in_the_table(meaning):
    assert any(wanted["meaning"] is meaning for _body, wanted in TEXTS)


def test_fields_that_a_meaning_does_not_have_stay_empty():
    assert read_text("はい") == Reading("はい", Meaning.YES)
    assert read_text("５２０５ です") == Reading("5205 です", Meaning.COURSE_CODE, code="5205")


def test_a_very_long_text_is_read_to_its_first_part_only():
    assert read_text("あ" * 5000 + "5205").meaning is Meaning.UNCLEAR


def is_sane(reading: Reading) -> bool:
    """Each field is there exactly where its meaning says so."""
    about = {Meaning.CANCEL, Meaning.CHECK, Meaning.CHANGE, Meaning.COURSE_CODE}
    return (
        (reading.why is not None) == (reading.meaning is Meaning.UNCLEAR)
        and (reading.digit is not None) == (reading.meaning is Meaning.DIGIT)
        and bool(reading.name) == (reading.meaning is Meaning.NAME)
        and (not (reading.code or reading.receipt) or reading.meaning in about)
        and (reading.meaning is not Meaning.COURSE_CODE or len(reading.code) == 4)
        and reading.code.isascii()
        and reading.digit in {None, 1, 2, 3, 4, 5, 6, 7, 8, 9}
    )


@given(st.text(alphabet=st.characters(), max_size=120))
@example("\ud800")
@example("\x00１\x00")
@example("((((((((((((((((((((1-2-3-4-5")
@example("0" * 400)
@example("はい" * 400)
def test_no_text_raises(body):
    reading = read_text(body)
    assert is_sane(reading)
    reading.text.encode()


PIECES = [
    "はい",
    "いいえ",
    "行きます",
    "行けません",
    "5205",
    "5206",
    "A0412",
    "1",
    "2",
    "取消し",
    "大丈夫です",
    "、",
    " ",
] + ["停止", "確認", "です", "お願いします", "？", "1人", "090-0310-0408", "孫と", "が", "ー", "👍", "一", "五"]


@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
def test_no_mixture_of_answers_raises_or_turns_a_no_into_a_yes(body):
    reading = read_text(body)
    assert is_sane(reading)
    assert not ("行けません" in body and reading.meaning is Meaning.YES)
    assert not ("いいえ" in body and reading.meaning is Meaning.YES)


@given(st.permutations(["5205", "5206", "お願いします", "行けません", "はい"]))
def test_of_two_codes_neither_is_taken(pieces):
    assert read_text("、".join(pieces)).why is Why.TWO_CODES


@given(st.text(max_size=60))
def test_reading_what_was_made_plain_means_the_same(body):
    first, again = read_text(body), read_text(plain(body))
    assert (again.meaning, again.code, again.digit) == (first.meaning, first.code, first.digit)
