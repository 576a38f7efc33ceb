"""The words older people answer with, and how a text is cut into them.

Words stand here as `folded` leaves them: hiragana, lower case, no long marks, one spelling each.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

import jaconv


class Kind(StrEnum):
    AGREE = "agree"  # an interjection: hai, ok
    FIRM = "firm"  # says what will be done: I come
    TOPIC = "topic"  # a yes only if nothing is said about it: participation (please)
    PLEASE = "please"
    DENY = "deny"  # an interjection: iie, no
    NO = "no"  # says what will not be done: I cannot come
    CANCEL = "cancel"
    CHANGE = "change"
    CHECK = "check"
    HELP = "help"
    FINE = "fine"  # daijoubu: yes or no thank you
    VAGUE = "vague"  # kekkou, ii desu: yes or no thank you, even beside a hai
    SORRY = "sorry"  # sumimasen: sorry, thanks or no
    HEDGE = "hedge"
    TROUBLE = "trouble"  # something failed, happened, or is asked after: for a person
    COURTESY = "courtesy"
    FILLER = "filler"
    PARTICLE = "particle"


WORDS = {
    Kind.AGREE: """はい hai yes いえす ok okay おk おっけ おっけい 了解 了解しました 了解いたしました
        承知 承知しました 承知いたしました かしこまりました わかりました わかった そうです そのとおり
        そのとおりです まちがいありません まちがいない まちがいないです あってます あっています もちろん
        賛成 うん うんうん ええ おけ まる りょ""",
    Kind.FIRM: """いきます いけます いきたい 参加します 参加いたします 出席します 出席いたします
        受講します 参加させていただきます 行くよ 行きますよ でます でられます まいります 参ります
        うかがいます 伺います 申込みます 申込ます 申込みたい 申込たい 申込む 受けます 受けたい うけたい
        出たい でたい""",
    Kind.TOPIC: "参加 出席 申込 申込み お申込み 予約 希望 受講 登録 行く いく",
    Kind.PLEASE: """お願いします お願いいたします お願い申し上げます お願い申上げます お願いしたい
        お願い よろしく たのみます 頼みます たのむ 頼む please""",
    Kind.DENY: "いいえ いえ いえいえ いや いやです いやだ no ばつ ぺけ ちがいます ちがう ちがいました",
    Kind.NO: """だめ むり 無理 いけません いけない いけないです いけぬ いきません いかない いきたくない
        いけそうにありません できません できない しません しない でません でられません でられない
        こられません こられない これません いかれません いかれない こない きません うかがえません
        伺えません まいれません 参れません 不参加 不可 遠慮 見送ります みおくります いりません いらない
        いらん 不要 やめておきます やめときます 都合がわるい 都合わるい 都合がつきません 都合つきません
        つごうがわるい 都合がわるくて 都合があわない 都合があいません 参加できません 出席できません
        受講できません 参加できない 出席できない 参加しません 出席しません いえけっこうです いえけっこう
        いえだいじょうぶです いえだいじょうぶ""",
    Kind.CANCEL: """取消 取消し 取消す 取消します 取消したい 取消せ 取消しお願いします 取りやめ
        取りやめます きゃんせる cancel 欠席 辞退 おやすみ やすみ やすみます やすむ やすませて やめます
        やめたい やめる やめて いけなくなりました いけなくなった こられなくなりました こられなくなった
        でられなくなりました 参加できなくなりました 出席できなくなりました できなくなりました
        都合がわるくなりました 都合がわるくなった 都合わるくなりました つごうがわるくなりました""",
    Kind.CHANGE: "変更 変えたい 変えて かえたい 変えられますか 振替 振り替え 別の日 別の日に ほかの日",
    Kind.CHECK: "確認 check ちぇっく 状況",
    Kind.HELP: """へるぷ help 使い方 使いかた つかいかた つかい方 やり方 やりかた 方法 説明 案内
        わかりません わからない わからん わからないです 教えて おしえて 助けて たすけて 困っています
        こまっています 困った どうすれば どうしたら どうやって""",
    Kind.FINE: """だいじょうぶ だいじょぶ かまいません かまわない 構いません 構わない 問題ありません
        問題ない 問題ないです 問題なし もんだいありません""",
    Kind.VAGUE: """けっこう けっこうです いい いいです いいよ いいですよ いいですね いいね いいわ よい
        よいです よいですよ どうかな 確認しました 確認できました 確認済み 見ました 読みました""",
    Kind.SORRY: "どうも すみません すいません すみませんでした ごめん ごめんなさい",
    Kind.HEDGE: """かもしれません かもしれない かもです たぶん 多分 おそらく と思います と思う
        とおもいます 未定 考え中 考えます 考えて 考えさせて 検討 迷って 迷っています まだわかりません
        まだわからない まだわからないです いけたら どちらでも どっちでも 時間があれば""",
    Kind.TROUBLE: """申込できません 申込みできません 申込めません 申込みできない 申込できない
        取消できません 取消しできません でした ました しました 停止 中止""",
    Kind.COURTESY: """どうもありがとう どうもありがとうございます どうもありがとうございました
        ありがとう ありがとうございます ありがとうございました ありがと こんにちは こんばんは おはよう
        おはようございます はじめまして もしもし おやすみなさい さようなら 失礼します 失礼いたします
        失礼しました お世話になります お世話になっています お世話になっております おせわになります
        お世話様です お疲れ様です 楽しみにしています 楽しみにしております 楽しみにしてます 楽しみです
        楽しみ たのしみです たのしみにしています 申し訳ありません 申し訳ございません 申し訳ない
        申し訳ないです 申し訳ありませんでした 恐れ入ります すみませんが すいませんが ごめんなさいが
        thanks thankyou""",
    Kind.FILLER: """です ます します したい する して した ください いたします させて いただきます
        いただきたい いただけますか もらえますか もらいたい くれますか ほしい できますか できる ですか
        ますか でしょうか いいですか よろしいですか いいでしょうか いいの のですが んですが ですが
        ますが けど けれど ので から って こと 番 ばん 番目 ばんめ つ目 つめ 方 ほう 番号 受付番号
        教室番号 受付 教室 講座 すまほ すまほ教室 内容 件 私 わたし 当日 明日 あした 今回 今日 本日 ぜひ
        是非 よろこんで 喜んで また どうぞ どうか 必ず かならず 日にち 日程 時間 曜日 可能 もう 手続き
        一度 知りたい 聞きたい たく したく 存じます ございます んだけど のだけど ましょう
        させていただきます 残念 残念ながら せっかく ですよ ですね できます""",
    Kind.PARTICLE: "を に は の で と も が ね よ な わ へ ん か お ご",
}
KIND_OF = {word: kind for kind, words in WORDS.items() for word in words.split()}
LONGEST_WORD = max(map(len, KIND_OF))

# Also names or their beginnings (海野, 家永, 飯野): an answer only when they stand alone.
ALONE = set("うん うんうん ええ おけ まる りょ いえ いえいえ いや いく ばつ ぺけ いい よい そうです".split())
# Said of other things too: they decide a text only when nothing else is in it.
WEAK = set(
    """だめ できません できない しません しない でません こない きません いりません いらない いらん 不要
    いけない いかない 不可 遠慮 やすみ おやすみ やめる やめて 状況""".split()
)

SPELLINGS = [
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"は[ぁあ]+い", "はい"),
        (r"(?<!\w)の[ー〜~]+(?!\w)", "no"),
        (r"(?<=[ぁ-ゖァ-ヺー])[ー〜~]+", ""),
        (r"っ(?!\w)", ""),
        (r"おねがい|御願い?|お願(?!い)", "お願い"),
        (r"致(?=し)", "いた"),
        (r"下さい", "ください"),
        (r"出来", "でき"),
        (r"頂", "いただ"),
        (r"宜しく", "よろしく"),
        (r"申し込|もうしこ(?=[みむん])|申しこ(?=[みむん])", "申込"),
        (r"取り消|取りけ(?=[しす])|とりけ(?=[しす])|とり消", "取消"),
        (r"きゃんせる\s*(?:待|まち)", "空席待"),
        (r"取り止め|取止め|とりやめ", "取りやめ"),
        (r"[止辞](?=め)", "や"),
        (r"[分判解](?=[かっ])", "わ"),
        (r"行(?=[きけか])", "い"),
        (r"来(?=られ|れま|ない)", "こ"),
        (r"来(?=ません)", "き"),
        (r"出(?=ます|ません|られ)", "で"),
        (r"休(?=[みむま])", "やす"),
        (r"悪", "わる"),
        (r"合(?=って|わ|い)", "あ"),
        (r"間違", "まちが"),
        (r"違", "ちが"),
        (r"大丈夫", "だいじょうぶ"),
        (r"結構", "けっこう"),
        (r"[良善](?=い)", "よ"),
        (r"駄目", "だめ"),
        (r"さんか(?=し|を|で|き)", "参加"),
        (r"しゅっせき", "出席"),
        (r"けっせき", "欠席"),
        (r"じたい(?=し|を|で|い)", "辞退"),
        (r"りょうかい", "了解"),
        (r"しょうち(?=し|い|で)", "承知"),
        (r"かくにん", "確認"),
        (r"へんこう", "変更"),
        (r"きぼう(?=し|で)", "希望"),
        (r"よやく", "予約"),
        (r"其の通り|その通り", "そのとおり"),
        (r"有難う|有り難う", "ありがとう"),
        (r"申訳", "申し訳"),
    )
]
SMALL_VOWELS = str.maketrans("ぁぃぅぇぉ", "あいうえお")
BREAKS = re.compile(r"[^\w々]+|_")


@dataclass(frozen=True)
class Token:
    word: str
    kind: Kind | None  # None: not in the lexicon


@dataclass(frozen=True)
class Phrase:
    """What was found in a text: `whole` when every part of it is a known word."""

    kinds: frozenset[Kind]
    whole: bool

    def says(self, *kinds: Kind) -> bool:
        return not self.kinds.isdisjoint(kinds)


def folded(text: str) -> str:
    """Lower case, hiragana, one spelling for each way to write a word."""
    words = jaconv.kata2hira(text.lower())
    for pattern, spelling in SPELLINGS:
        words = pattern.sub(spelling, words)
    return words.translate(SMALL_VOWELS)


def phrase_of(words: str) -> Phrase:
    """Cut folded words into the lexicon's and weigh them part by part.

    Of a part with unknown words only what follows the last of these counts: in Japanese the end of a
    sentence says yes or no, what stands before it says why.
    """
    parts = [cut(part) for part in BREAKS.split(words) if part]
    whole = all(token.kind for part in parts for token in part)
    kinds = {
        token.kind
        for part in parts
        for token in _after_the_unknown(part)
        if token.kind and (whole or token.word not in WEAK)
    }
    return Phrase(frozenset(kinds), whole)


def cut(part: str) -> list[Token]:
    """The cut that leaves the fewest characters unknown, and among those the one with the longest words."""
    best: list[tuple[int, int, int]] = [(0, 0, 0)]  # unknown characters, words, start of the last word
    for end in range(1, len(part) + 1):
        unknown, words, _start = best[end - 1]
        choices = [(unknown + 1, words + 1, end - 1)]
        for start in range(max(0, end - LONGEST_WORD), end):
            if _fits(part, start, end):
                unknown, words, _start = best[start]
                choices.append((unknown, words + 1, start))
        best.append(min(choices))
    tokens: list[Token] = []
    end = len(part)
    while end:
        start = best[end][2]
        word = part[start:end]
        tokens.insert(0, Token(word, KIND_OF.get(word) if _fits(part, start, end) else None))
        end = start
    return [Token(part, None)] if _is_a_name_in_pieces(tokens) else tokens


def _fits(part: str, start: int, end: int) -> bool:
    word = part[start:end]
    if word in ALONE:
        return start == 0 and part[end:] in {"", "です", "よ", "ね", "ですよ", "ですね"}
    return word in KIND_OF


def _is_a_name_in_pieces(tokens: list[Token]) -> bool:
    """ハナ is no は and な, ハイノ no はい and の."""
    if len(tokens) < 2:
        return False
    if all(token.kind is Kind.PARTICLE for token in tokens):
        return True
    return any(
        token.kind is Kind.AGREE and after.kind is Kind.PARTICLE and after.word not in "よね"
        for token, after in zip(tokens, tokens[1:], strict=False)
    )


def _after_the_unknown(tokens: list[Token]) -> list[Token]:
    unknown = [place for place, token in enumerate(tokens) if token.kind is None]
    return tokens[unknown[-1] + 1 :] if unknown else tokens
