"""Texts as older people write them, and what we take them to mean."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from phone.reading import Meaning, Reading, Why, plain, read_text


def code(digits: str) -> dict[str, object]:
    return {"meaning": Meaning.COURSE_CODE, "code": digits}


def digit(number: int) -> dict[str, object]:
    return {"meaning": Meaning.DIGIT, "digit": number}


def cancel(course: str = "", receipt: str = "") -> dict[str, object]:
    return {"meaning": Meaning.CANCEL, "code": course, "receipt": receipt}


def check(course: str = "", receipt: str = "") -> dict[str, object]:
    return {"meaning": Meaning.CHECK, "code": course, "receipt": receipt}


def named(name: str) -> dict[str, object]:
    return {"meaning": Meaning.NAME, "name": name}


def unclear(why: Why) -> dict[str, object]:
    return {"meaning": Meaning.UNCLEAR, "why": why}


YES, NO, STOP, START, HELP, CHANGE, EMPTY = (
    {"meaning": meaning}
    for meaning in (
        Meaning.YES,
        Meaning.NO,
        Meaning.STOP,
        Meaning.START,
        Meaning.HELP,
        Meaning.CHANGE,
        Meaning.EMPTY,
    )
)

TEXTS = [
    # The code of a class, with every digit a telephone offers
    ("5205", code("5205")),
    ("５２０５", code("5205")),
    (" 5205 ", code("5205")),
    ("5205\n", code("5205")),
    ("5205です", code("5205")),
    ("５２０５です。", code("5205")),
    ("5205番", code("5205")),
    ("5205番です", code("5205")),
    ("「5205」", code("5205")),
    ("5 2 0 5", code("5205")),
    ("５　２　０　５", code("5205")),
    ("5-2-0-5", code("5205")),
    ("5、2、0、5です", code("5205")),
    ("52 05", code("5205")),
    ("52-05", code("5205")),
    ("5,205", code("5205")),
    ("52O5", code("5205")),
    ("五二〇五", code("5205")),
    ("五二○五", code("5205")),
    ("五二零五です", code("5205")),
    ("⑤②⓪⑤", code("5205")),
    ("❺❷⓿❺", code("5205")),
    ("5️⃣2️⃣0️⃣5️⃣", code("5205")),
    ("No.5205", code("5205")),
    ("№5205", code("5205")),
    ("#5205", code("5205")),
    ("教室番号5205", code("5205")),
    ("教室番号は５２０５です", code("5205")),
    # ... and inside what people say around it
    ("5205のスマホ教室申し込みたい", code("5205")),
    ("5205申し込みます", code("5205")),
    ("5205を申込みます。よろしくお願いします", code("5205")),
    ("5205に参加したいです", code("5205")),
    ("5205希望", code("5205")),
    ("5205でお願いします", code("5205")),
    ("5205お願い致します", code("5205")),
    ("5205をおねがいします", code("5205")),
    ("5205 行きます", code("5205")),
    ("5205はい", code("5205")),
    ("すみませんが5205をお願いします", code("5205")),
    ("はじめまして。市川と申します。5205の教室に参加希望です。", code("5205")),
    ("スマホ教室　5205　市川清", code("5205")),
    ("5205 イチカワ キヨシ 昭和19年生まれ", code("5205")),
    ("5205 12月4日", code("5205")),
    ("5205申込 電話は090-0310-0408", code("5205")),
    ("5205でいいです", code("5205")),
    ("5205で大丈夫です", code("5205")),
    ("5205 キャンセル待ちでお願いします", code("5205")),
    ("5205は空いていますか", code("5205")),
    ("5205?", code("5205")),
    ("5205 5205", code("5205")),
    ("いいえ、5205です", code("5205")),
    ("ちがいます。5205です", code("5205")),
    # Two codes, and numbers that are none
    ("5205と5206", unclear(Why.TWO_CODES)),
    ("5205 5206", unclear(Why.TWO_CODES)),
    ("5205か5206お願いします", unclear(Why.TWO_CODES)),
    ("5205は行けませんが5206は行けます", unclear(Why.TWO_CODES)),
    ("09003100408", unclear(Why.WRONG_NUMBER)),
    ("０９０－０３１０－０４０８", unclear(Why.WRONG_NUMBER)),
    ("090 0310 0408", unclear(Why.WRONG_NUMBER)),
    ("0532-00-0101", unclear(Why.WRONG_NUMBER)),
    ("+81 90 0310 0408", unclear(Why.WRONG_NUMBER)),
    ("1234-5678", unclear(Why.WRONG_NUMBER)),
    ("52055", unclear(Why.WRONG_NUMBER)),
    ("520", unclear(Why.WRONG_NUMBER)),
    ("520です", unclear(Why.WRONG_NUMBER)),
    ("0", unclear(Why.WRONG_NUMBER)),
    ("12", unclear(Why.WRONG_NUMBER)),
    ("電話番号は090-0310-0408です", unclear(Why.FREE_TEXT)),
    ("2026年", unclear(Why.FREE_TEXT)),
    ("1941年生まれです", unclear(Why.FREE_TEXT)),
    ("2026/12/04は行きます", unclear(Why.FREE_TEXT)),
    ("費用は1000円ですか", unclear(Why.QUESTION)),
    ("10:30に着きます", unclear(Why.FREE_TEXT)),
    # One digit of a menu
    ("1", digit(1)),
    ("１", digit(1)),
    ("1。", digit(1)),
    ("「1」", digit(1)),
    ("(1)", digit(1)),
    ("①", digit(1)),
    ("❶", digit(1)),
    ("⓵", digit(1)),
    ("➀", digit(1)),
    ("⒈", digit(1)),
    ("1️⃣", digit(1)),
    ("㊀", digit(1)),
    ("一", digit(1)),
    ("壱", digit(1)),
    ("いち", digit(1)),
    ("イチ", digit(1)),
    ("ｲﾁ", digit(1)),
    ("2", digit(2)),
    ("に", digit(2)),
    ("二", digit(2)),
    ("さん", digit(3)),
    ("３です", digit(3)),
    ("9", digit(9)),
    ("1番", digit(1)),
    ("1ばん", digit(1)),
    ("いちばん", digit(1)),
    ("一番でお願いします", digit(1)),
    ("２番目", digit(2)),
    ("一つ目です", digit(1)),
    ("ふたつめ", digit(2)),
    ("1でお願いします", digit(1)),
    ("2をお願いします。", digit(2)),
    ("1を希望します", digit(1)),
    ("1にします", digit(1)),
    ("1でいいです", digit(1)),
    ("1で大丈夫です", digit(1)),
    ("1で結構です", digit(1)),
    ("1の方", digit(1)),
    ("1はい", digit(1)),
    ("はい、1です", digit(1)),
    ("1 行きます", digit(1)),
    ("2いいえ", digit(2)),
    ("2 行けません", digit(2)),
    ("1😊", digit(1)),
    ("1いいえ", unclear(Why.CONTRADICTORY)),
    ("2はい", unclear(Why.CONTRADICTORY)),
    ("1か2", unclear(Why.TWO_ANSWERS)),
    ("1と2", unclear(Why.TWO_ANSWERS)),
    # A digit that counts something is no answer
    ("2人で行きます", unclear(Why.FREE_TEXT)),
    ("2名でお願いします", unclear(Why.FREE_TEXT)),
    ("1人です", unclear(Why.FREE_TEXT)),
    ("2時間後なら行けます", unclear(Why.FREE_TEXT)),
    ("1時に行きます", unclear(Why.FREE_TEXT)),
    ("二人です", named("二人")),
    ("1ですか", unclear(Why.QUESTION)),
    # Yes
    ("はい", YES),
    ("ハイ", YES),
    ("ﾊｲ", YES),
    ("はい。", YES),
    ("はい！", YES),
    ("はーい", YES),
    ("は〜い", YES),
    ("はぁい", YES),
    ("はいっ", YES),
    ("はいはい", YES),
    ("はい😊", YES),
    ("はい(^^)", YES),
    ("hai", YES),
    ("HAI", YES),
    ("ｈａｉ", YES),
    ("yes", YES),
    ("イエス", YES),
    ("ok", YES),
    ("OK", YES),
    ("ＯＫです", YES),
    ("おk", YES),
    ("オッケー", YES),
    ("オーケーです", YES),
    ("👍", YES),
    ("👍🏻", YES),
    ("🙆", YES),
    ("🙆‍♀️", YES),
    ("👌", YES),
    ("○", YES),
    ("〇", YES),
    ("⭕️", YES),
    ("うん", YES),
    ("ええ", YES),
    ("りょうかい", YES),
    ("了解", YES),
    ("了解しました", YES),
    ("リョウカイです！", YES),
    ("承知しました", YES),
    ("かしこまりました", YES),
    ("わかりました", YES),
    ("分かりました。ありがとうございます", YES),
    ("お願いします", YES),
    ("おねがいします", YES),
    ("お願いしまーす", YES),
    ("よろしくお願い致します。", YES),
    ("宜しくお願いします", YES),
    ("はい、お願いします", YES),
    ("はいお願いします", YES),
    ("行きます", YES),
    ("いきます", YES),
    ("行けます", YES),
    ("明日行きます", YES),
    ("必ず行きます。楽しみにしています", YES),
    ("参加します", YES),
    ("さんかします", YES),
    ("参加", YES),
    ("参加希望です", YES),
    ("参加したいです", YES),
    ("参加できます", YES),
    ("ぜひ参加させてください", YES),
    ("出席します", YES),
    ("伺います", YES),
    ("申し込みます", YES),
    ("申込みたいです", YES),
    ("はい、参加します", YES),
    ("はい、大丈夫です", YES),
    ("間違いありません", YES),
    ("すみません、行きます", YES),
    ("私も行きます", YES),
    ("はい、すみません。お願いします", YES),
    # No
    ("いいえ", NO),
    ("イイエ", NO),
    ("いえ", NO),
    ("いや", NO),
    ("no", NO),
    ("NO", NO),
    ("ノー", NO),
    ("×", NO),
    ("❌", NO),
    ("🙅", NO),
    ("だめです", NO),
    ("ダメ", NO),
    ("無理です", NO),
    ("むりです", NO),
    ("行けません", NO),
    ("いけません", NO),
    ("行かれません", NO),
    ("行きません", NO),
    ("行けないです", NO),
    ("その日は行けません", NO),
    ("用事があって行けません", NO),
    ("足が悪いので無理です", NO),
    ("都合が悪いです", NO),
    ("申し訳ありませんが行けません", NO),
    ("すみません、行けません。", NO),
    ("行けません。よろしくお願いします", NO),
    ("参加できません", NO),
    ("参加しません", NO),
    ("不参加", NO),
    ("遠慮します", NO),
    ("やめておきます", NO),
    ("来られません", NO),
    ("出られません", NO),
    ("違います", NO),
    ("ちがう", NO),
    ("いいえ、結構です", NO),
    ("いえ、大丈夫です", NO),
    ("いえ結構です", NO),
    ("不要です", NO),
    # Calling off what was booked
    ("取消し", cancel()),
    ("取り消し", cancel()),
    ("取消", cancel()),
    ("とりけし", cancel()),
    ("取り消します", cancel()),
    ("取り消したいのですが", cancel()),
    ("取消しをお願いします", cancel()),
    ("予約の取消し", cancel()),
    ("申込みを取り消してください", cancel()),
    ("参加を取り消したいです", cancel()),
    ("キャンセル", cancel()),
    ("ｷｬﾝｾﾙ", cancel()),
    ("キャンセルお願いします", cancel()),
    ("キャンセルでお願いします", cancel()),
    ("キャンセルできますか", cancel()),
    ("はい、キャンセルします", cancel()),
    ("CANCEL", cancel()),
    ("cancel", cancel()),
    ("欠席", cancel()),
    ("欠席します", cancel()),
    ("欠席でお願いします", cancel()),
    ("けっせきします", cancel()),
    ("休みます", cancel()),
    ("お休みします", cancel()),
    ("明日はお休みさせてください", cancel()),
    ("風邪をひいたので休みます", cancel()),
    ("孫の熱で欠席します。すみません", cancel()),
    ("辞退します", cancel()),
    ("やめます", cancel()),
    ("行けなくなりました", cancel()),
    ("急用で行けなくなりました", cancel()),
    ("都合が悪くなりました", cancel()),
    ("取消し A0412", cancel(receipt="A0412")),
    ("取消しＡ０４１２", cancel(receipt="A0412")),
    ("A0412をキャンセル", cancel(receipt="A0412")),
    ("受付番号0412 取り消し", cancel(receipt="0412")),
    ("キャンセル 5205", cancel("5205")),
    ("5205キャンセル", cancel("5205")),
    ("5205を取り消してください", cancel("5205")),
    ("5205やめます", cancel("5205")),
    ("5205をやめて", cancel("5205")),
    ("5205は行けません", cancel("5205")),
    ("5205、用事ができて行けません", cancel("5205")),
    ("キャンセルしたい 5205 母の分です", cancel("5205")),
    # What only looks like calling off
    ("キャンセル待ちお願いします", unclear(Why.FREE_TEXT)),
    ("キャンセル 待ち", unclear(Why.FREE_TEXT)),
    ("キャンセルしました", unclear(Why.FREE_TEXT)),
    ("5205は中止ですか", unclear(Why.FREE_TEXT)),
    ("5205 はい、行けません", unclear(Why.CONTRADICTORY)),
    ("キャンセルしません", unclear(Why.CONTRADICTORY)),
    ("取り消さないでください", unclear(Why.FREE_TEXT)),
    ("キャンセル料はかかりますか", unclear(Why.QUESTION)),
    ("取消しできません", unclear(Why.FREE_TEXT)),
    ("参加します、キャンセルします", unclear(Why.CONTRADICTORY)),
    ("5205は取り消しません", unclear(Why.CONTRADICTORY)),
    ("A0412とA0413を取消し", unclear(Why.TWO_CODES)),
    # No more SMS, and SMS again: the whole text or nothing
    ("停止", STOP),
    ("停止してください", STOP),
    ("配信停止", STOP),
    ("配信停止希望", STOP),
    ("配信を停止してください", STOP),
    ("やめて", STOP),
    ("やめてください", STOP),
    ("止めてください", STOP),
    ("もうやめて", STOP),
    ("ストップ", STOP),
    ("ｽﾄｯﾌﾟ", STOP),
    ("stop", STOP),
    ("STOP", STOP),
    ("ＳＴＯＰ", STOP),
    ("Stop.", STOP),
    ("中止", STOP),
    ("メールをやめてください", STOP),
    ("もうお知らせはいりません", STOP),
    ("ショートメール不要です", STOP),
    ("もう送らないでください", STOP),
    ("再開", START),
    ("配信再開", START),
    ("再開お願いします", START),
    ("スタート", START),
    ("START", START),
    ("また送ってください", START),
    ("停止しないでください", unclear(Why.FREE_TEXT)),
    ("バス停止まりますか", unclear(Why.QUESTION)),
    ("教室は中止ですか", unclear(Why.QUESTION)),
    ("end", unclear(Why.FREE_TEXT)),
    ("quit", unclear(Why.FREE_TEXT)),
    # Help
    ("ヘルプ", HELP),
    ("ﾍﾙﾌﾟ", HELP),
    ("help", HELP),
    ("使い方", HELP),
    ("使い方がわかりません", HELP),
    ("わからない", HELP),
    ("わかりません", HELP),
    ("分かりません", HELP),
    ("申込方法を教えてください", HELP),
    ("どうすればいいですか", HELP),
    ("?", HELP),
    ("？？", HELP),
    # Looking up one's booking
    ("確認", check()),
    ("予約確認", check()),
    ("申込確認", check()),
    ("申込の確認", check()),
    ("申し込みの確認をお願いします", check()),
    ("申込みできているか確認したいです", check()),
    ("予約の確認できますか", check()),
    ("5205の確認", check("5205")),
    ("A0412", check(receipt="A0412")),
    ("a0412", check(receipt="A0412")),
    ("ａ０４１２", check(receipt="A0412")),
    ("A-0412", check(receipt="A0412")),
    ("A 0412", check(receipt="A0412")),
    ("受付番号A0412", check(receipt="A0412")),
    ("受付番号はＡ０４１２です", check(receipt="A0412")),
    ("受付番号 0412", check(receipt="0412")),
    # Another day: a person decides
    ("変更", CHANGE),
    ("日にちを変更したいです", CHANGE),
    ("別の日に変えてください", CHANGE),
    ("5205を変更したい", {"meaning": Meaning.CHANGE, "code": "5205"}),
    # Never guessed
    ("大丈夫です", unclear(Why.AMBIGUOUS)),
    ("だいじょうぶです", unclear(Why.AMBIGUOUS)),
    ("今回は大丈夫です", unclear(Why.AMBIGUOUS)),
    ("結構です", unclear(Why.AMBIGUOUS)),
    ("もう結構です", unclear(Why.AMBIGUOUS)),
    ("はい、結構です", unclear(Why.AMBIGUOUS)),
    ("いいです", unclear(Why.AMBIGUOUS)),
    ("いいですよ", unclear(Why.AMBIGUOUS)),
    ("今回はいいです", unclear(Why.AMBIGUOUS)),
    ("もういいです", unclear(Why.AMBIGUOUS)),
    ("はいいいです", unclear(Why.AMBIGUOUS)),
    ("すみません", unclear(Why.AMBIGUOUS)),
    ("どうもすみません", unclear(Why.AMBIGUOUS)),
    ("どうも", unclear(Why.AMBIGUOUS)),
    ("問題ありません", unclear(Why.AMBIGUOUS)),
    ("構いません", unclear(Why.AMBIGUOUS)),
    ("確認しました", unclear(Why.AMBIGUOUS)),
    ("たぶん行けます", unclear(Why.AMBIGUOUS)),
    ("行けるかもしれません", unclear(Why.AMBIGUOUS)),
    ("行けたら行きます", unclear(Why.AMBIGUOUS)),
    ("まだわかりません", unclear(Why.AMBIGUOUS)),
    ("考え中です", unclear(Why.AMBIGUOUS)),
    ("どちらでもいいです", unclear(Why.AMBIGUOUS)),
    ("5205に行くかもしれません", unclear(Why.AMBIGUOUS)),
    ("はい、行けません", unclear(Why.CONTRADICTORY)),
    ("はい行けません", unclear(Why.CONTRADICTORY)),
    ("はい、用事で行けません", unclear(Why.CONTRADICTORY)),
    ("いいえ、行きます", unclear(Why.CONTRADICTORY)),
    ("はい いいえ", unclear(Why.CONTRADICTORY)),
    ("妻は行きますが私は行けません", unclear(Why.CONTRADICTORY)),
    ("参加できますか", unclear(Why.QUESTION)),
    ("はい?", unclear(Why.QUESTION)),
    ("行けませんか", unclear(Why.QUESTION)),
    ("駐車場はありますか", unclear(Why.QUESTION)),
    ("場所はどこですか", unclear(Why.QUESTION)),
    ("はい。何時からですか", unclear(Why.QUESTION)),
    # Half a yes is none
    ("膝が治ったら行きます", unclear(Why.FREE_TEXT)),
    ("妻と参加します", unclear(Why.FREE_TEXT)),
    ("昨日はいい天気でしたね", unclear(Why.FREE_TEXT)),
    ("行けませんでした", unclear(Why.FREE_TEXT)),
    ("申し込みできません", unclear(Why.FREE_TEXT)),
    ("申し込みしました", unclear(Why.FREE_TEXT)),
    ("代理です", unclear(Why.FREE_TEXT)),
    ("バスがありません", unclear(Why.FREE_TEXT)),
    ("迎えに来てほしい", unclear(Why.FREE_TEXT)),
    ("🙏", unclear(Why.FREE_TEXT)),
    ("😊", unclear(Why.FREE_TEXT)),
    # Courtesy needs no answer
    ("ありがとう", unclear(Why.COURTESY)),
    ("ありがとうございました。", unclear(Why.COURTESY)),
    ("どうもありがとうございます", unclear(Why.COURTESY)),
    ("有難うございます", unclear(Why.COURTESY)),
    ("こんにちは", unclear(Why.COURTESY)),
    ("おはようございます", unclear(Why.COURTESY)),
    ("楽しみにしています", unclear(Why.COURTESY)),
    ("おやすみなさい", unclear(Why.COURTESY)),
    # Names, among them those that begin like an answer
    ("イチカワ キヨシ", named("イチカワ キヨシ")),
    ("ｲﾁｶﾜ ｷﾖｼ", named("イチカワ キヨシ")),
    ("いちかわきよし", named("いちかわきよし")),
    ("イチカワ　キヨシです", named("イチカワ キヨシ")),
    ("スズキと申します", named("スズキ")),
    ("名前はスズキマサコです", named("スズキマサコ")),
    ("市川清", named("市川清")),
    ("市川　清です。", named("市川 清")),
    ("市川清（いちかわきよし）", named("市川清")),
    ("髙橋 幸江", named("髙橋 幸江")),
    ("𠮷田 喜一", named("𠮷田 喜一")),
    ("ボイド・マリア", named("ボイド・マリア")),
    ("岩月 きくゑ", named("岩月 きくゑ")),
    ("佐々木 ミツ", named("佐々木 ミツ")),
    ("三郎", named("三郎")),
    ("一郎です", named("一郎")),
    ("林", named("林")),
    ("ハナ", named("ハナ")),
    ("ヨネ", named("ヨネ")),
    ("ウンノ ハナ", named("ウンノ ハナ")),
    ("オノ ハナ", named("オノ ハナ")),
    ("イエナガ", named("イエナガ")),
    ("イイノ", named("イイノ")),
    ("イクノ", named("イクノ")),
    ("ハイダ", named("ハイダ")),
    ("サトウ イク", named("サトウ イク")),
    # Nothing
    ("", EMPTY),
    (" 　\n", EMPTY),
    ("。", EMPTY),
    ("…", EMPTY),
    ("\u200b\ufe0f", EMPTY),
]


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
