"""The people of the demo who stand for something: shared numbers, rare characters, no SMS, needs."""

from dataclasses import dataclass

from config.demo.facts import (
    ANJO,
    GAMAGORI,
    ICHINOMIYA,
    NAGAKUTE,
    NAGOYA,
    NISSHIN,
    OBU,
    OKAZAKI,
    SETO,
    SHIBUKAWA,
    SHINTO,
    SHITARA,
    TOGO,
    TOYOHASHI,
    TOYOTA,
    YOSHIOKA,
)
from participants.models import Contact, Device, Need, Participant

CALL, SMS, POSTCARD = Participant.Reach.CALL, Participant.Reach.SMS, Participant.Reach.POSTCARD


@dataclass(frozen=True)
class Role:
    """Somebody of the cast. `sms` is whether they agreed to SMS; a landline takes none in any case."""

    key: str
    name: str
    kana: str
    born: int | None
    town: str
    phone: str
    device: str = Device.UNKNOWN
    needs: tuple[str, ...] = ()
    needs_note: str = ""
    reach: str = CALL
    sms: bool = False
    relation: str = Contact.Relation.SELF
    whose: str = ""
    address: str = ""


CAST = (
    Role(
        "masako41",
        "鈴木 正子",
        "スズキ マサコ",
        1941,
        TOYOHASHI,
        "0532-00-0401",
        Device.FEATURE,
        reach=POSTCARD,
        address="豊橋市見本町3-2",
    ),
    Role(
        "kiichi", "𠮷田 喜一", "ヨシダ キイチ", 1945, YOSHIOKA, "090-0310-0402", Device.SIMPLE, reach=SMS, sms=True
    ),
    Role(
        "sachie",
        "髙橋 幸江",
        "タカハシ サチエ",
        1950,
        SHIBUKAWA,
        "090-0310-0403",
        Device.ANDROID,
        reach=SMS,
        sms=True,
    ),
    Role(
        "masako48",
        "鈴木 正子",
        "スズキ マサコ",
        1948,
        TOYOHASHI,
        "090-0310-0404",
        Device.IPHONE,
        reach=SMS,
        sms=True,
    ),
    Role("ichiro", "佐藤 一郎", "サトウ イチロウ", 1943, NISSHIN, "0561-00-0405", Device.ANDROID),
    Role(
        "aya",
        "佐藤 文",
        "サトウ アヤ",
        1945,
        NISSHIN,
        "0561-00-0405",
        Device.NONE,
        (Need.FRONT_SEAT, Need.LARGE_PRINT, Need.LOAN),
    ),
    Role(
        "maria",
        "ボイド・マリア",
        "ボイド マリア",
        1952,
        SETO,
        "070-0310-0406",
        Device.ANDROID,
        needs_note="やさしい日本語で話してほしい",
        reach=SMS,
        sms=True,
    ),
    Role(
        "hana",
        "天野 ハナ",
        "アマノ ハナ",
        1931,
        SHITARA,
        "0536-00-0407",
        Device.NONE,
        (Need.TRANSPORT, Need.LARGE_PRINT, Need.LOAN),
    ),
    Role(
        "kiyoshi",
        "市川 清",
        "イチカワ キヨシ",
        1944,
        NAGAKUTE,
        "090-0310-0408",
        Device.IPHONE,
        (Need.WRITING, Need.FRONT_SEAT),
        reach=SMS,
        sms=True,
    ),
    Role(
        "miyo",
        "田中 ミヨ",
        "タナカ ミヨ",
        1939,
        GAMAGORI,
        "090-0310-0409",
        Device.FEATURE,
        reach=SMS,
        sms=True,
        relation=Contact.Relation.FAMILY,
        whose="娘",
    ),
    Role(
        "yoichi",
        "大久保 洋一",
        "オオクボ ヨウイチ",
        1951,
        OBU,
        "090-0310-0410",
        Device.ANDROID,
        reach=SMS,
        sms=True,
    ),
    Role("kikue", "岩月 きくゑ", "イワツキ キクエ", 1937, OKAZAKI, "0564-00-0411", Device.SIMPLE),
    Role("hiroko", "村上 弘子", "ムラカミ ヒロコ", 1955, ICHINOMIYA, "090-0310-0412", Device.ANDROID),
    Role(
        "tetsuya", "服部 鉄也", "ハットリ テツヤ", 1958, ANJO, "090-0310-0413", Device.IPHONE, reach=SMS, sms=True
    ),
    Role("nagomi", "尾崎 和", "オザキ ナゴミ", 1997, TOYOTA, "090-0310-0414", Device.IPHONE, reach=SMS, sms=True),
    Role(
        "seiji",
        "渡邉 征二",
        "ワタナベ セイジ",
        1947,
        SHINTO,
        "0279-00-0415",
        reach=POSTCARD,
        address="榛東村見本町5-1",
    ),
    Role("tsuru", "木下 つる", "キノシタ ツル", 1942, TOGO, "0561-00-0416", Device.SIMPLE),
    Role(
        "shigeru",
        "小林 茂",
        "コバヤシ シゲル",
        1949,
        SHIBUKAWA,
        "090-0310-0421",
        Device.IPHONE,
        (Need.FRONT_SEAT,),
        reach=SMS,
        sms=True,
    ),
    Role(
        "setsuko",
        "後藤 節子",
        "ゴトウ セツコ",
        1946,
        SHIBUKAWA,
        "0279-00-0422",
        Device.FEATURE,
        (Need.LARGE_PRINT,),
    ),
    Role("takeshi", "山田 武", "ヤマダ タケシ", 1944, SHIBUKAWA, "0279-00-0423", Device.NONE, (Need.LOAN,)),
    Role(
        "hisako_s",
        "杉浦 久子",
        "スギウラ ヒサコ",
        1951,
        SHIBUKAWA,
        "090-0310-0424",
        Device.ANDROID,
        reach=SMS,
        sms=True,
    ),
    Role(
        "teruko",
        "狩野 照子",
        "カノウ テルコ",
        1952,
        YOSHIOKA,
        "090-0310-0425",
        Device.ANDROID,
        (Need.WRITING,),
        reach=SMS,
        sms=True,
    ),
    Role(
        "hisako_i",
        "井上 久子",
        "イノウエ ヒサコ",
        1943,
        SHINTO,
        "0279-00-0426",
        Device.SIMPLE,
        (Need.WHEELCHAIR,),
    ),
    Role("kazuko", "岡田 和子", "オカダ カズコ", 1948, SHIBUKAWA, "0279-00-0427", Device.SIMPLE),
    Role("isamu", "清水 勇", "シミズ イサム", 1945, SHIBUKAWA, "0279-00-0428", Device.ANDROID),
    Role("tome", "清水 トメ", "シミズ トメ", 1947, SHIBUKAWA, "0279-00-0428", Device.NONE, (Need.LOAN,)),
    Role("kiyo", "林 キヨ", "ハヤシ キヨ", 1946, SHINTO, "090-0310-0429", Device.SIMPLE, reach=SMS, sms=True),
    Role(
        "hisako_n",
        "中村 久子",
        "ナカムラ ヒサコ",
        1950,
        SHIBUKAWA,
        "090-0310-0430",
        Device.IPHONE,
        reach=SMS,
        sms=True,
    ),
    Role(
        "nakamura",
        "中村 清",
        "ナカムラ キヨシ",
        1947,
        SHIBUKAWA,
        "090-0310-0431",
        Device.ANDROID,
        reach=SMS,
        sms=True,
    ),
    Role("kimiko", "牧野 幸子", "マキノ サチコ", 1943, TOYOHASHI, "0532-00-0432", Device.FEATURE),
    Role(
        "osamu", "磯部 フミ", "イソベ フミ", 1942, TOYOHASHI, "090-0310-0433", Device.SIMPLE, reach=SMS, sms=True
    ),
    Role("nagoya", "都築 昭", "ツヅキ アキラ", 1953, NAGOYA, "090-0310-0434", Device.ANDROID, reach=SMS, sms=True),
)
