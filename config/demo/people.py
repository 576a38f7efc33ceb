"""Writing down the cast, and neighbours out of name pools so that lists look like lists."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import Municipality
from config.demo.cast import CAST, Role
from config.demo.facts import (
    ANJO,
    GAMAGORI,
    ICHINOMIYA,
    NAGAKUTE,
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
from config.demo.towns import Places, number
from participants.models import BY_HAND, Channel, Consent, Device, Need, Participant
from participants.people import Details, add_person

WORDING = "demo"
FAMILY_NAMES = """加藤 カトウ 伊藤 イトウ 山本 ヤマモト 中村 ナカムラ 小林 コバヤシ 吉田 ヨシダ 山田 ヤマダ
松本 マツモト 井上 イノウエ 木村 キムラ 林 ハヤシ 清水 シミズ 森 モリ 池田 イケダ 橋本 ハシモト 石川 イシカワ
前田 マエダ 藤田 フジタ 後藤 ゴトウ 岡田 オカダ 長谷川 ハセガワ 神谷 カミヤ 牧野 マキノ 杉浦 スギウラ
磯部 イソベ 都築 ツヅキ""".split()
GIVEN_NAMES = """ハナ ハナ キヨ キヨ フミ フミ 節子 セツコ 和子 カズコ 幸子 サチコ 久子 ヒサコ 照子 テルコ
君子 キミコ トメ トメ 正 タダシ 清 キヨシ 茂 シゲル 勇 イサム 武 タケシ 三郎 サブロウ 義雄 ヨシオ 昭 アキラ
勝 マサル 一男 カズオ""".split()
FAMILIES = list(zip(FAMILY_NAMES[::2], FAMILY_NAMES[1::2], strict=True))
GIVENS = list(zip(GIVEN_NAMES[::2], GIVEN_NAMES[1::2], strict=True))

AGES: Mapping[tuple[int, int], int] = {
    (58, 64): 2,
    (65, 69): 15,
    (70, 74): 30,
    (75, 79): 28,
    (80, 84): 17,
    (85, 93): 8,
}
CHANNELS: Mapping[Channel, int] = {
    Channel.PHONE: 62,
    Channel.COUNTER: 14,
    Channel.POSTCARD: 9,
    Channel.FAX: 3,
    Channel.WEB: 10,
    Channel.PROXY: 2,
}
DEVICES: Mapping[Device, int] = {
    Device.ANDROID: 30,
    Device.IPHONE: 20,
    Device.SIMPLE: 22,
    Device.FEATURE: 13,
    Device.NONE: 9,
    Device.UNKNOWN: 4,
    Device.TABLET: 2,
}
NEIGHBOURS: Mapping[str, int] = {
    **{SHIBUKAWA: 12, YOSHIOKA: 6, SHINTO: 5},
    **{TOYOHASHI: 12, GAMAGORI: 4, SHITARA: 2},
    **{NISSHIN: 11, NAGAKUTE: 7, SETO: 7, TOGO: 5},
    **{OBU: 6, TOYOTA: 3, OKAZAKI: 3, ICHINOMIYA: 3, ANJO: 2},
}


@dataclass
class People:
    cast: dict[str, Participant] = field(default_factory=dict)
    neighbours: dict[str, list[Participant]] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)


def pick[Choice](mix: Mapping[Choice, int], dice: random.Random) -> Choice:
    return dice.choices(list(mix), weights=list(mix.values()))[0]


def write_down(places: Places, *, year: int, dice: random.Random) -> People:
    """Everybody of the demo, with the way in that each of them uses."""
    people = People()
    for role in CAST:
        channel = Channel.PROXY if role.whose else Channel.WEB if role.key == "tetsuya" else Channel.PHONE
        person = people.cast[role.key] = add_role(role, places, channel)
        people.channels[person.pk] = channel
    serial = 0
    for code, count in NEIGHBOURS.items():
        town = places.towns[code]
        people.neighbours[code] = []
        for _n in range(count):
            serial += 1
            channel = pick(CHANNELS, dice)
            person = add_neighbour(town, serial, channel, places, year=year, dice=dice)
            people.neighbours[code].append(person)
            people.channels[person.pk] = channel
    return people


def add_role(role: Role, places: Places, channel: Channel) -> Participant:
    town = places.towns[role.town]
    details = Details(
        kana=role.kana,
        municipality=town,
        name=role.name,
        phone=number(role.phone),
        takes_sms=role.reach == Participant.Reach.SMS or None,
        relation=role.relation,
        phone_label=role.whose,
        birth_year=role.born,
        device=role.device,
        needs=list(role.needs),
        needs_note=role.needs_note,
        reach=role.reach,
        address=role.address,
    )
    return write_one(details, places, channel, agrees=role.sms)


def add_neighbour(
    town: Municipality, serial: int, channel: Channel, places: Places, *, year: int, dice: random.Random
) -> Participant:
    (family, family_kana), (given, given_kana) = dice.choice(FAMILIES), dice.choice(GIVENS)
    youngest, oldest = pick(AGES, dice)
    device = pick(DEVICES, dice)
    has_mobile = device not in {Device.NONE, Device.UNKNOWN} and dice.random() < 0.75
    agrees = has_mobile and dice.random() < 0.85
    needs = [need for need in (Need.FRONT_SEAT, Need.LARGE_PRINT, Need.WHEELCHAIR) if dice.random() < 0.08]
    wants_postcard = not has_mobile and dice.random() < 0.2
    reach = Participant.Reach.SMS if agrees else Participant.Reach.CALL
    landline = "0279" if town.prefecture == "群馬県" else "0561"
    details = Details(
        kana=f"{family_kana} {given_kana}",
        municipality=town,
        name=f"{family} {given}",
        phone=number(f"090-0320-{serial:04}" if has_mobile else f"{landline}-00-1{serial:03}"),
        birth_year=year - dice.randint(youngest, oldest) if dice.random() < 0.9 else None,
        device=device,
        needs=[*needs, *([Need.LOAN] if device == Device.NONE else [])],
        reach=Participant.Reach.POSTCARD if wants_postcard else reach,
        address=f"{town.name}見本町{dice.randint(1, 9)}-{dice.randint(1, 20)}" if wants_postcard else "",
    )
    return write_one(details, places, channel, agrees=agrees)


def write_one(details: Details, places: Places, channel: Channel, *, agrees: bool) -> Participant:
    consents = [Consent.Purpose.USE, Consent.Purpose.SHARING, *([Consent.Purpose.SMS] if agrees else [])]
    by = places.coordinators.get(details.municipality.code) if channel in BY_HAND else None
    return add_person(details, channel=channel, by=by, consents=consents, wording=WORDING)
