"""Names as they sound, typed in every script a keyboard offers."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from participants.kana import is_kana, kana_key, normalise_kana

SPELLINGS = [
    ("スズキ マサコ", "スズキ マサコ"),
    ("すずき まさこ", "スズキ マサコ"),
    ("ｽｽﾞｷ ﾏｻｺ", "スズキ マサコ"),
    ("スズキ　マサコ", "スズキ マサコ"),
    ("  スズキ　 マサコ ", "スズキ マサコ"),
    ("スズキ\tマサコ\n", "スズキ マサコ"),
    ("スズキマサコ", "スズキマサコ"),
    ("すズき まサこ", "スズキ マサコ"),
    (unicodedata.normalize("NFD", "すずき ぱぴぷ"), "スズキ パピプ"),
    ("ボイド・マリア", "ボイド マリア"),
    ("ﾎﾞｲﾄﾞ･ﾏﾘｱ", "ボイド マリア"),
    ("ボイド＝マリア", "ボイド マリア"),
    ("ボイド、マリア", "ボイド マリア"),
    ("ヴィクトリア", "ヴィクトリア"),
    ("ゔぃくとりあ", "ヴィクトリア"),
    ("ｳﾞｨｸﾄﾘｱ", "ヴィクトリア"),
    ("おーた めいこ", "オータ メイコ"),
    ("ｵｰﾀ ﾒｲｺ", "オータ メイコ"),
    ("オ-タ", "オータ"),
    ("オ－タ", "オータ"),
    ("オ―タ", "オータ"),
    ("オ〜タ", "オータ"),
    ("いわつき きくゑ", "イワツキ キクエ"),
    ("イワツキ キクヱ", "イワツキ キクエ"),
    ("ゐのうえ", "イノウエ"),
    ("みすゞ", "ミスズ"),
    ("ササキ ミスヾ", "ササキ ミスズ"),
    ("さゝき", "ササキ"),
    ("ヤマザキ\u200b キイチ", "ヤマザキ キイチ"),
    ("鈴木 正子", "鈴木 正子"),
    ("", ""),
]

SOUND_ALIKE = [
    ("スズキ マサコ", "すずきまさこ"),
    ("オオクボ ヨウイチ", "オオクボヨウイチ"),
    ("ヤマザキ", "ヤマサキ"),
    ("タカハシ", "タガハシ"),
    ("ハットリ", "ハツトリ"),
    ("キョウコ", "キヨウコ"),
    ("カヲル", "カオル"),
    ("ミヅキ", "ミズキ"),
    ("フヂタ", "フジタ"),
    ("サトー", "サト"),
    ("ヴァレリー", "ウアレリ"),
    ("キクゑ", "キクエ"),
    ("パク", "バク"),
    ("ボイド・マリア", "ボイトマリア"),
    ("カヶヤ", "カケヤ"),
]


@pytest.mark.parametrize(("typed", "stored"), SPELLINGS)
def test_kana_is_stored_in_one_spelling(typed, stored):
    assert normalise_kana(typed) == stored


@pytest.mark.parametrize("text", ["スズキ マサコ", "すずき まさこ", "ｽｽﾞｷ", "ボイド・マリア", "オータ", " きくゑ "])
def test_every_script_of_kana_tells_how_a_name_sounds(text):
    assert is_kana(text)


@pytest.mark.parametrize(
    "text", ["", " ", "鈴木 正子", "鈴木 マサコ", "Suzuki", "スズキ2", "スズキ!", "・", "ー?"]
)
def test_what_is_not_kana_does_not(text):
    assert not is_kana(text)


@pytest.mark.parametrize(("one", "other"), SOUND_ALIKE)
def test_names_that_sound_alike_are_found_by_the_same_key(one, other):
    assert kana_key(one) == kana_key(other)


@pytest.mark.parametrize(("one", "other"), [("オオノ", "オノ"), ("スズキ", "サトウ"), ("ユミ", "ユミコ")])
def test_different_names_keep_different_keys(one, other):
    assert kana_key(one) != kana_key(other)


def test_the_key_of_a_beginning_begins_the_key_of_the_name():
    assert kana_key("スズキ マサコ").startswith(kana_key("すず"))


@given(st.text(alphabet=st.characters(), max_size=40))
@example("ーーー")
@example("ゞすゞゞ")
def test_spelling_again_changes_nothing(text):
    once = normalise_kana(text)
    assert normalise_kana(once) == once
    assert kana_key(once) == kana_key(text)


@given(st.text(alphabet="あかさたなはまやらわをんがざだばぱっゃゅょーゝゞアカサァヴヱヰ・ 　-〜ｱｶﾞ゙", max_size=16))
def test_kana_in_any_mixture_is_spelt_the_same_twice(text):
    once = normalise_kana(text)
    assert normalise_kana(once) == once
