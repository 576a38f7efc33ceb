"""The classes of the season, by days from today, and who comes to them."""

from dataclasses import dataclass, field

from config.demo.facts import (
    AICHI,
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


@dataclass(frozen=True)
class Entry:
    """One course. `offset` counts days from today and gives way to Saturdays, Sundays and holidays.

    Neighbours of `fill`, by town, apply first; then, in this order, `comes` of the cast, a couple as
    "one+other"; then the neighbours of `late`. All have applied `settled` days before today.
    """

    key: str
    program: str
    curriculum: str
    host: str
    venue: str
    offset: int
    capacity: int
    code: str
    hour: int = 10
    minute: int = 0
    quotas: dict[str, int] = field(default_factory=dict)
    releases: int = 7
    opened: int = 30
    is_lottery: bool = False
    slots: int = 0
    is_draft: bool = False
    opens_later: bool = False
    every: int = 7
    settled: int = 0
    comes: tuple[str, ...] = ()
    fill: dict[str, int] = field(default_factory=dict)
    late: dict[str, int] = field(default_factory=dict)


GUNMA_QUOTAS = {SHIBUKAWA: 7, YOSHIOKA: 5, SHINTO: 3}
OWARI_QUOTAS = {NISSHIN: 6, NAGAKUTE: 5, SETO: 3, TOGO: 2}

PAST = (
    Entry(
        "obu-typing",
        "obu",
        "B2",
        OBU,
        "緑地公民館",
        -25,
        12,
        "6101",
        opened=14,
        comes=("yoichi",),
        fill={OBU: 4},
    ),
    Entry(
        "gunma-first",
        "gunma",
        "B1",
        SHIBUKAWA,
        "赤城麓公民館",
        -17,
        15,
        "5201",
        quotas=GUNMA_QUOTAS,
        opened=20,
        comes=("kiyo", "setsuko", "kiichi"),
        fill={SHIBUKAWA: 4, YOSHIOKA: 2, SHINTO: 1},
    ),
    Entry("obu-maps", "obu", "B3", OBU, "緑地公民館", -11, 12, "6104", comes=("yoichi",), fill={OBU: 4}),
    Entry(
        "owari-typing", "owari", "B2", NISSHIN, "香久ふれあい館", -10, 8, "4118", fill={NISSHIN: 3, NAGAKUTE: 1}
    ),
    Entry("S-01", "mikawa", "B1", TOYOHASHI, "青葉公民館", -4, 12, "3102", fill={TOYOHASHI: 8, GAMAGORI: 2}),
)

GUNMA = (
    Entry(
        "today",
        "gunma",
        "B3",
        SHIBUKAWA,
        "赤城麓公民館",
        0,
        10,
        "5203",
        hour=13,
        minute=30,
        opened=28,
        comes=("shigeru", "setsuko", "takeshi"),
        fill={SHIBUKAWA: 2, YOSHIOKA: 2, SHINTO: 2},
    ),
    Entry(
        "called-off",
        "gunma",
        "B2",
        SHINTO,
        "新井耕地集会所",
        8,
        8,
        "5204",
        fill={SHINTO: 2, YOSHIOKA: 2},
    ),
    Entry(
        "S-05",
        "gunma",
        "S3",
        SHIBUKAWA,
        "赤城麓公民館",
        12,
        15,
        "5205",
        quotas=GUNMA_QUOTAS,
        comes=(
            *("sachie", "kiichi", "shigeru", "seiji", "setsuko", "hisako_s", "teruko", "takeshi", "hisako_i"),
            *("kazuko", "isamu+tome", "kiyo", "hisako_n"),
        ),
        fill={SHIBUKAWA: 2, YOSHIOKA: 2, SHINTO: 1},
    ),
    Entry(
        "gunma-consultation",
        "gunma",
        "C1",
        SHIBUKAWA,
        "赤城麓公民館",
        9,
        6,
        "5301",
        hour=13,
        slots=6,
        opened=20,
        fill={SHIBUKAWA: 1, YOSHIOKA: 1},
    ),
    Entry(
        "gunma-safety",
        "gunma",
        "B5",
        YOSHIOKA,
        "溝祭文化センター別館",
        19,
        10,
        "5210",
        hour=13,
        minute=30,
        quotas={SHIBUKAWA: 4, YOSHIOKA: 3, SHINTO: 2},
        fill={YOSHIOKA: 1},
        late={SHIBUKAWA: 1},
    ),
    Entry(
        "gunma-procedures",
        "gunma",
        "A3",
        SHIBUKAWA,
        "赤城麓公民館",
        16,
        8,
        "5212",
        fill={SHIBUKAWA: 1},
    ),
    Entry("gunma-disaster", "gunma", "A5", SHINTO, "新井耕地集会所", 26, 8, "5216", fill={SHINTO: 2}),
)

MIKAWA = (
    Entry(
        "S-02",
        "mikawa",
        "B4",
        TOYOHASHI,
        "若葉地区市民館",
        3,
        10,
        "3118",
        quotas={TOYOHASHI: 8, GAMAGORI: 2},
        comes=("masako48", "kimiko", "osamu"),
        fill={TOYOHASHI: 5, GAMAGORI: 2},
        late={TOYOHASHI: 4},
    ),
    Entry(
        "mikawa-first",
        "mikawa",
        "B1",
        TOYOHASHI,
        "青葉公民館",
        10,
        8,
        "3121",
        comes=("masako41", "miyo"),
        fill={TOYOHASHI: 6, GAMAGORI: 2},
    ),
    Entry(
        "S-06",
        "mikawa",
        "A5",
        SHITARA,
        "奥三山公民館",
        16,
        6,
        "7206",
        comes=("hana",),
    ),
    Entry("gamagori-card", "mikawa", "A2", GAMAGORI, "海辺生涯学習館", 23, 4, "3127", fill={GAMAGORI: 2}),
    Entry("toyohashi-card", "mikawa", "A2", TOYOHASHI, "青葉公民館", 26, 4, "3125", fill={TOYOHASHI: 1}),
    Entry(
        "not-open-yet",
        "mikawa",
        "B3",
        TOYOHASHI,
        "青葉公民館",
        47,
        12,
        "3130",
        hour=13,
        minute=30,
        opens_later=True,
    ),
)

OWARI = (
    Entry(
        "S-03",
        "owari",
        "S3",
        NISSHIN,
        "香久ふれあい館",
        4,
        16,
        "4112",
        hour=13,
        minute=30,
        quotas=OWARI_QUOTAS,
        settled=8,
        comes=("ichiro+aya", "tsuru", "maria"),
        fill={NISSHIN: 4, NAGAKUTE: 5, SETO: 2, TOGO: 1},
        late={TOGO: 2, NISSHIN: 1},
    ),
    Entry(
        "seto-social",
        "owari",
        "B4",
        SETO,
        "陶の丘公民館",
        17,
        8,
        "4135",
        fill={SETO: 5, NISSHIN: 3},
        comes=("maria", "aya"),
        late={NAGAKUTE: 1},
    ),
    Entry(
        "owari-safety",
        "owari",
        "B5",
        NISSHIN,
        "香久ふれあい館",
        19,
        16,
        "4126",
        quotas={NISSHIN: 6, NAGAKUTE: 4, SETO: 3, TOGO: 2},
        fill={NISSHIN: 5, NAGAKUTE: 4, SETO: 2, TOGO: 2},
    ),
    Entry(
        "nagakute-card",
        "owari",
        "A2",
        NAGAKUTE,
        "古戦ケ丘集会所",
        22,
        4,
        "4131",
        hour=13,
        minute=30,
        fill={NAGAKUTE: 1},
    ),
    Entry(
        "nagakute-disaster",
        "owari",
        "A5",
        NAGAKUTE,
        "古戦ケ丘集会所",
        23,
        8,
        "4127",
        fill={NAGAKUTE: 5, NISSHIN: 2, SETO: 1},
        late={TOGO: 1},
    ),
    Entry(
        "togo-consultation",
        "owari",
        "C1",
        TOGO,
        "境川学習館",
        25,
        6,
        "4128",
        hour=13,
        slots=6,
        comes=("tsuru",),
        fill={TOGO: 2, NISSHIN: 1},
    ),
    Entry(
        "nisshin-lottery",
        "owari",
        "B2",
        NISSHIN,
        "香久ふれあい館",
        30,
        8,
        "4130",
        hour=13,
        minute=30,
        is_lottery=True,
        comes=("ichiro+aya",),
        fill={NISSHIN: 4, NAGAKUTE: 2, TOGO: 1, SETO: 1},
    ),
)

OTHERS = (
    Entry("S-04", "aichi", "T1", AICHI, "県庁分館", 11, 20, "2001", is_draft=True, every=14),
    Entry(
        "S-07",
        "obu",
        "C1",
        OBU,
        "緑地公民館",
        18,
        6,
        "6110",
        hour=13,
        slots=6,
        comes=("yoichi",),
        fill={OBU: 4},
    ),
    Entry(
        "S-08",
        "toyota",
        "B5",
        TOYOTA,
        "矢作山手交流館",
        53,
        16,
        "7301",
        opened=60,
        comes=("nagomi",),
        fill={TOYOTA: 3},
    ),
    Entry(
        "okazaki-first",
        "okazaki",
        "B1",
        OKAZAKI,
        "桜木交流センター",
        13,
        10,
        "2501",
        comes=("kikue",),
        fill={OKAZAKI: 3},
    ),
    Entry(
        "ichinomiya-safety",
        "ichinomiya",
        "B5",
        ICHINOMIYA,
        "木曽見公民館",
        20,
        12,
        "2301",
        comes=("hiroko",),
        fill={ICHINOMIYA: 3},
    ),
    Entry("anjo-procedures", "anjo", "A3", ANJO, "南平公民館", 15, 6, "2201", comes=("tetsuya",), fill={ANJO: 2}),
)

SEASON = (*PAST, *GUNMA, *MIKAWA, *OWARI, *OTHERS)
