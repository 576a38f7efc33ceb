"""What somebody means by a text: pure reading, nothing looked up, nothing changed.

The rules are tried in this order, and the first that fits decides:

1. Nothing to read is EMPTY, a lone question mark is HELP.
2. Words for stopping and resuming count only as the whole text, before everything else: whoever wants no
   more SMS must be heard at once, and whoever only mentions the word must not lose their reminders. English
   CANCEL is a cancellation here, never an opt-out.
3. Four-digit codes and receipt numbers, since they are what we teach. Two different ones are asked about.
   Telephone numbers, dates, years, times and amounts are taken for none. With a code, a no is a
   cancellation of that course.
4. One digit answers a menu if nothing but politeness stands beside it: 2 people and 2 o'clock are no answer.
5. Words. A contradiction is asked about, so negation is looked for before affirmation: hai, ikemasen is no
   yes. Words with two meanings (daijoubu desu, kekkou desu, ii desu, sumimasen), hedges and questions are
   never guessed. A no may bring its reasons along; a yes counts only if every word is understood, because a
   condition (only if my knee is better) turns it round.
6. What could be a name is NAME, for a conversation that has asked for one; all else is for a person.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from phone.lexicon import Kind, Phrase, folded, phrase_of

LONGEST_BODY = 1600


class Meaning(StrEnum):
    COURSE_CODE = "course_code"
    DIGIT = "digit"
    YES = "yes"
    NO = "no"
    STOP = "stop"
    START = "start"
    HELP = "help"
    CHECK = "check"
    CANCEL = "cancel"
    CHANGE = "change"
    NAME = "name"
    UNCLEAR = "unclear"
    EMPTY = "empty"


class Why(StrEnum):
    """Why a text is UNCLEAR."""

    AMBIGUOUS = "ambiguous"  # yes or no thank you
    CONTRADICTORY = "contradictory"  # yes and no
    TWO_CODES = "two_codes"
    TWO_ANSWERS = "two_answers"
    WRONG_NUMBER = "wrong_number"  # digits that are neither a code nor an answer
    QUESTION = "question"
    COURTESY = "courtesy"  # thanks or a greeting: needs no answer
    FREE_TEXT = "free_text"


@dataclass(frozen=True)
class Reading:
    """`text` is what was written, made plain; the other fields are filled where the meaning has them.

    CANCEL and CHECK may carry a course code, a receipt number (A0412, or 0412 if the letter was left out),
    both or neither.
    """

    text: str
    meaning: Meaning
    code: str = ""
    receipt: str = ""
    digit: int | None = None
    name: str = ""
    why: Why | None = None


@dataclass(frozen=True)
class Numbers:
    codes: tuple[str, ...]
    receipts: tuple[str, ...]
    has_others: bool
    rest: str


def read_text(body: str) -> Reading:
    """Read one text as older people write them; no text raises."""
    text = plain(body[:LONGEST_BODY])
    words = folded(_with_signs_as_words(text))
    if not re.search(r"\w", words):
        return Reading(text, _wordless(text), why=Why.FREE_TEXT if _wordless(text) is Meaning.UNCLEAR else None)
    if command := _command(words):
        return Reading(text, command)
    numbers = numbers_in(words)
    if len(numbers.codes) > 1 or len(numbers.receipts) > 1:
        return _unclear(text, Why.TWO_CODES)
    if numbers.codes or numbers.receipts:
        return _about_a_course(text, numbers)
    return _menu_answer(text, numbers) or _answer_in_words(text, numbers)


def plain(body: str) -> str:
    """One width, ASCII digits, single spaces, nothing invisible; what a person would copy out."""
    digits = "".join(_digit(char) for char in body)
    composed = unicodedata.normalize("NFKC", digits)
    visible = "".join(
        " " if char.isspace() else char
        for char in composed
        if char.isspace() or unicodedata.category(char)[0] not in "CM"
    )
    return " ".join(visible.split())


def _digit(char: str) -> str:
    value = unicodedata.digit(char, None)
    return char if value is None else str(value)


# 1 and 2. Nothing to read, and commands ------------------------------------------------------------------

YES_SIGNS = "👍👌🙆⭕✅"
NO_SIGNS = "👎🙅❌✖✕✗🆖"
SIGN_WORDS = {**dict.fromkeys(map(ord, YES_SIGNS), " はい "), **dict.fromkeys(map(ord, NO_SIGNS), " いいえ ")}
SIGN_WORDS[ord("🆗")] = " ok "

STOP_WORDS = set(
    """停止 中止 すとっぷ stop stopall unsubscribe optout やめて もうやめて 解除 登録解除 受信拒否 拒否
    送らないで もう送らないで おくらないで 配信不要 送信不要""".split()
)
START_WORDS = set(
    """再開 再登録 すたと start unstop 停止解除 配信再開 配信開始 送信再開 また送って 送って
    再開始""".split()
)
STOP_SENTENCE = re.compile(
    r"(?:もう)?(?:sms|しょとめる|しょとめっせじ|める|めっせじ|お知らせ|おしらせ|連絡|配信|送信|通知)"
    r"(?:の(?:配信|送信))?[をはの]?(?:停止|中止|すとっぷ|解除|拒否|やめて|とめて|止めて|不要|いりません|いらない|送らないで)"
)
POLITE_ENDING = re.compile(
    r"(?:ください|お願いします|お願いいたします|お願い|おねがい|ほしい|希望|します|したい|です|して|に|を|で|please)$"
)


def _with_signs_as_words(text: str) -> str:
    words = text.translate(SIGN_WORDS)
    words = re.sub(r"(?<!\S)[○◯〇]+(?!\S)", " はい ", words)
    return re.sub(r"(?<!\S)×+(?!\S)", " いいえ ", words)


def _wordless(text: str) -> Meaning:
    if "?" in text:
        return Meaning.HELP
    is_picture = any(unicodedata.category(char).startswith("S") for char in text)
    return Meaning.UNCLEAR if is_picture else Meaning.EMPTY


def _command(words: str) -> Meaning | None:
    bare = re.sub(r"[\W_]+", "", words)
    while bare:
        if bare in STOP_WORDS or STOP_SENTENCE.fullmatch(bare):
            return Meaning.STOP
        if bare in START_WORDS:
            return Meaning.START
        shorter = POLITE_ENDING.sub("", bare)
        if shorter == bare:
            return None
        bare = shorter
    return None


# 3. Codes ------------------------------------------------------------------------------------------------

KANJI_DIGITS = str.maketrans("〇○◯零一二三四五六七八九", "0000123456789")
COUNTED = (
    r"年|円|時|分|秒|人|名|歳|才|歩|度|月|日|回|件|番地|丁目|号|ページ|頁|ぺじ|ぽいんと|きろ|めとる"
    r"|km|kg|cm|m(?![a-z])|うまれ|生ま|%"
)
LONG_NUMBER = re.compile(
    r"\+?\(?(?:\d(?:\) ?|[-(])?){5,}(?<=[\d)])|(?:\+81 ?|(?<!\d)0)\d{1,4} \d{1,4} \d{3,4}(?!\d)"
)
RECEIPT = re.compile(r"(?<![a-z])([a-z])[- ]?(\d{4})(?!\d)|受付(?:番号|no)?[はが:.\s]*()(\d{4})(?!\d)")
CODE = re.compile(rf"(?<![\d.:/-])\d{{4}}(?!\d|[-.:/]\d|\s*(?:{COUNTED}))")


def numbers_in(words: str) -> Numbers:
    """Codes and receipt numbers, each once, and the words without them."""
    rest = _digits_joined(words)
    rest, others = LONG_NUMBER.subn(" ", rest)
    receipts = tuple(dict.fromkeys("".join(filter(None, found)).upper() for found in RECEIPT.findall(rest)))
    rest = RECEIPT.sub(" ", rest)
    codes = tuple(dict.fromkeys(CODE.findall(rest)))
    return Numbers(codes, receipts, bool(others), CODE.sub(" ", rest))


def _digits_joined(words: str) -> str:
    """5205 from 五二〇五, 5 2 0 5, 5,205, 52o5 and No.5205."""
    words = re.sub(r"(?<=\d)\s?[-‐‑‒–—―−ー〜~]\s?(?=\d)", "-", words)
    words = re.sub(r"[\d〇○◯零一二三四五六七八九]{4,}", lambda run: run[0].translate(KANJI_DIGITS), words)
    words = re.sub(r"(?<=\d)o(?=\d)", "0", words)
    words = re.sub(r"(?<![\d,])(\d),(\d{3})(?![\d,])", r"\1\2", words)
    words = re.sub(r"(?:no\.?|#|第)\s*(?=\d)", " ", words)
    words = re.sub(
        r"(?<!\d)(\d)[ ・,、./-](\d)[ ・,、./-](\d)[ ・,、./-](\d)(?![ ・,、./-]?\d)", r"\1\2\3\4", words
    )
    alone = re.sub(r"[\s-]", "", words)
    return alone if re.fullmatch(r"\d{4}", alone) else words


def _about_a_course(text: str, numbers: Numbers) -> Reading:
    code, receipt = "".join(numbers.codes), "".join(numbers.receipts)
    phrase = phrase_of(numbers.rest)
    refuses = phrase.says(Kind.NO)
    if phrase.says(Kind.TROUBLE):
        return _unclear(text, Why.FREE_TEXT)
    if refuses and phrase.says(Kind.AGREE, Kind.FIRM):
        return _unclear(text, Why.CONTRADICTORY)
    if refuses and _is_question(numbers.rest):
        return _unclear(text, Why.QUESTION)
    if phrase.says(Kind.CANCEL) and phrase.says(Kind.FIRM, Kind.NO, Kind.DENY):
        return _unclear(text, Why.CONTRADICTORY)
    if phrase.says(Kind.HEDGE):
        return _unclear(text, Why.AMBIGUOUS)
    if phrase.says(Kind.CANCEL) or refuses:
        return Reading(text, Meaning.CANCEL, code=code, receipt=receipt)
    if phrase.says(Kind.CHANGE):
        return Reading(text, Meaning.CHANGE, code=code, receipt=receipt)
    if phrase.says(Kind.CHECK) or receipt:
        return Reading(text, Meaning.CHECK, code=code, receipt=receipt)
    return Reading(text, Meaning.COURSE_CODE, code=code)


# 4. Digits -----------------------------------------------------------------------------------------------

NUMERALS = "一 二 三 四 五 六 七 八 九", "壱 弐 参", "いち に さん よん ご ろく なな はち きゅう", "ひと ふた みっ"
NUMERAL_OF = {word: place for row in NUMERALS for place, word in enumerate(row.split(), start=1)}
NUMERAL_OF |= {"し": 4, "しち": 7, "く": 9}
NUMERAL = re.compile(
    rf"({'|'.join(sorted(NUMERAL_OF, key=len, reverse=True))})"
    r"(番目|ばんめ|番|ばん|つ目|つめ)?(?:の?(?:方|ほう))?"
    r"(?:です|で|を|に|します|希望|希望します|お願いします|お願いいたします|お願い|ください)*"
)


def _menu_answer(text: str, numbers: Numbers) -> Reading | None:
    if numbers.has_others:
        return None
    found = re.findall(r"\d+", numbers.rest)
    if not found:
        return _numeral(text, numbers.rest)
    phrase = phrase_of(re.sub(r"\d+", " ", numbers.rest))
    if not phrase.whole or _is_question(numbers.rest) or phrase.says(Kind.HEDGE, Kind.TROUBLE):
        return None
    if len(found) > 1:
        return _unclear(text, Why.TWO_ANSWERS) if max(map(len, found)) == 1 else None
    if not re.fullmatch(r"[1-9]", found[0]):
        return _unclear(text, Why.WRONG_NUMBER)
    digit = int(found[0])
    agrees = phrase.says(Kind.AGREE, Kind.FIRM)
    refuses = phrase.says(Kind.DENY, Kind.NO, Kind.CANCEL)
    if (agrees and digit != 1) or (refuses and digit != 2):
        return _unclear(text, Why.CONTRADICTORY)
    return Reading(text, Meaning.DIGIT, digit=digit)


def _numeral(text: str, words: str) -> Reading | None:
    found = NUMERAL.fullmatch(re.sub(r"[\W_]+", "", words))
    if not found or (found[1] in NUMERALS[3].split() and not (found[2] or "").startswith("つ")):
        return None
    return Reading(text, Meaning.DIGIT, digit=NUMERAL_OF[found[1]])


# 5. Words ------------------------------------------------------------------------------------------------

QUESTION = re.compile(
    r"\?|(?:です|ます|ません|でしょう|た|ない|いい|可能|の)か(?:ね|な)?(?!\w)|か(?:な|しら)(?!\w)"
    r"|(?:どこ|いつ|なに|何|何時|いくら|だれ|誰|どう)(?:です)?$"
)
REQUESTS = (Kind.CANCEL, Kind.CHANGE, Kind.CHECK, Kind.HELP)
ANSWERS = (Kind.AGREE, Kind.FIRM, Kind.NO, Kind.DENY)


def _answer_in_words(text: str, numbers: Numbers) -> Reading:
    phrase = phrase_of(numbers.rest)
    found = _weighed(phrase, asks=_is_question(numbers.rest))
    if isinstance(found, Meaning):
        return Reading(text, found)
    if found:
        return _unclear(text, found)
    if numbers.has_others or re.search(r"\d", numbers.rest):
        return _unclear(text, Why.WRONG_NUMBER if phrase.whole else Why.FREE_TEXT)
    if name := name_in(text):
        return Reading(text, Meaning.NAME, name=name)
    return _unclear(text, Why.FREE_TEXT)


def _is_question(words: str) -> bool:
    return QUESTION.search(words) is not None


def _weighed(phrase: Phrase, *, asks: bool) -> Meaning | Why | None:
    """A meaning, a reason to ask again, or None where no known word decides."""
    says = phrase.says
    if asks and not (phrase.whole and says(*REQUESTS) and not says(*ANSWERS)):
        return Why.QUESTION
    if says(Kind.TROUBLE):
        return Why.FREE_TEXT
    if says(Kind.NO, Kind.DENY) and says(Kind.AGREE, Kind.FIRM, Kind.CANCEL):
        return Why.CONTRADICTORY
    if says(Kind.CANCEL) and says(Kind.FIRM):
        return Why.CONTRADICTORY
    if says(Kind.HEDGE):
        return Why.AMBIGUOUS
    if says(Kind.CANCEL):
        return Meaning.CANCEL
    if says(Kind.NO) or (phrase.whole and says(Kind.DENY)):
        return Meaning.NO
    if says(Kind.CHANGE):
        return Meaning.CHANGE
    if says(Kind.CHECK):
        return Meaning.CHECK
    return _agreed(phrase) if phrase.whole else None


def _agreed(phrase: Phrase) -> Meaning | Why | None:
    says = phrase.says
    if says(Kind.HELP):
        return Meaning.HELP
    if says(Kind.VAGUE) and not says(Kind.FIRM):
        return Why.AMBIGUOUS
    if says(Kind.AGREE, Kind.FIRM):
        return Meaning.YES
    if says(Kind.FINE):
        return Why.AMBIGUOUS
    if says(Kind.TOPIC, Kind.PLEASE):
        return Meaning.YES
    if says(Kind.SORRY):
        return Why.AMBIGUOUS
    return Why.COURTESY if says(Kind.COURTESY) else None


# 6. Names ------------------------------------------------------------------------------------------------

KANJI = r"々〆ヶケ㐀-鿿豈-﫿𠀀-𳎯"
KANA_ONLY = re.compile(r"[ぁ-ゖゝゞァ-ヺーヽヾ]{1,10}(?:[ ・][ぁ-ゖゝゞァ-ヺーヽヾ]{1,10}){0,2}")
WITH_KANJI = re.compile(rf"[{KANJI}][{KANJI}ぁ-ゖァ-ヺー]{{0,5}}(?: [{KANJI}ぁ-ゖァ-ヺー]{{1,6}})?")
NAME_BEFORE = re.compile(r"^(?:私は|わたしは|名前は|なまえは|氏名|名前|なまえ)[は: 、]*")
NAME_AFTER = re.compile(r"\s*(?:です|と申します|ともうします|といいます|と言います|でございます|[。、.!])+$")
NO_NAME = re.compile(
    r"ます$|ました$|ません$|ください$|でした$|でしょう$|したい$|だった$|を|どこ|いつ|なに|何|誰|教室|講座|場所|会場"
    r"|時間|電話|駐車|番号|予約|申込|申し込|参加|天気|明日|今日|先生|役所|役場|スマホ|すまほ|携帯|写真"
    r"|本人|自分|主人|家内|代理|テスト|てすと"
)


def name_in(text: str) -> str:
    """The text as a name in kana or kanji, or nothing."""
    name = NAME_AFTER.sub("", NAME_BEFORE.sub("", re.sub(r"[(「『].*", "", text).strip())).strip()
    if len(name) < 1 or NO_NAME.search(name):
        return ""
    if KANA_ONLY.fullmatch(name):
        return name if len(name) > 1 else ""
    return name if WITH_KANJI.fullmatch(name) else ""


def _unclear(text: str, why: Why) -> Reading:
    return Reading(text, Meaning.UNCLEAR, why=why)
