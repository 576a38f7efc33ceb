"""Words of lists that towns keep by themselves: telephones, what is prepared for somebody, yes and no."""

import re
import unicodedata

from participants.models import Device, Need

BETWEEN = re.compile(r"[;；,，、。/／\n・]+")
YES = frozenset("はい ○ ◯ 〇 可 希望 希望する 同意 同意する 同意あり 有 有り あり する 1 yes y true ok".split())
NO = frozenset("いいえ × ✕ ✗ x 不可 希望しない 同意しない なし 無 無し しない 0 no n false - ー".split())
DEVICES = (
    (Device.SIMPLE, re.compile(r"らくらく|かんたん|シンプル|basio|easy|simple")),
    (Device.IPHONE, re.compile(r"i ?phone|アイフォー?ン")),
    (Device.TABLET, re.compile(r"タブレット|i ?pad|アイパッド|tablet")),
    (Device.ANDROID, re.compile(r"android|アンドロイド|galaxy|xperia|aquos|アクオス|arrows|pixel|エクスペリア")),
    (Device.FEATURE, re.compile(r"ガラケー|ガラホ|折りたたみ|二つ折り|フィーチャー|feature")),
    (Device.NONE, re.compile(r"なし|無し?|持っていない|もっていない|未所有|none")),
    (Device.UNKNOWN, re.compile(r"わからない|分からない|不明|unknown")),
)
NEEDS = (
    (Need.FRONT_SEAT, re.compile(r"前の席|前列|前方|最前|front_seat")),
    (Need.LARGE_PRINT, re.compile(r"大きな(文?字|活字)|大活字|拡大|large_print")),
    (Need.WRITING, re.compile(r"筆談|writing")),
    (Need.SIGN, re.compile(r"手話|sign")),
    (Need.WHEELCHAIR, re.compile(r"車いす|車椅子|車イス|wheelchair")),
    (Need.COMPANION, re.compile(r"付き?添|介助|同伴|同席|companion")),
    (Need.LOAN, re.compile(r"貸し?出|loan")),
    (Need.TRANSPORT, re.compile(r"送迎|transport")),
)


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def read_yes_no(text: str) -> bool | None:
    """None if it is neither."""
    word = plain(text).rstrip("。.")
    return True if word in YES else False if word in NO or not word else None


def read_device(text: str) -> Device | None:
    """None if no telephone we know is meant."""
    if not text:
        return Device.UNKNOWN
    return next((device for device, words in DEVICES if words.search(plain(text))), None)


def read_needs(text: str) -> tuple[list[str], str]:
    """What we know how to prepare, and the rest in the words of the list."""
    needs: list[str] = []
    rest = []
    for part in filter(None, map(str.strip, BETWEEN.split(text))):
        found = [str(need) for need, words in NEEDS if words.search(plain(part))]
        needs += [need for need in found if need not in needs]
        if not found and read_yes_no(part) is not False:
            rest.append(part)
    return needs, "、".join(rest)
