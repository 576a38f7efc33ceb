"""Offices, halls, programmes and sign-ins of the demo. Only the towns' names and codes are real."""

from dataclasses import dataclass, field

from accounts.models import Role
from programs.models import Program

TOYOHASHI, OKAZAKI, ICHINOMIYA, SETO, TOYOTA = "232017", "232025", "232033", "232041", "232114"
ANJO, GAMAGORI, OBU, NISSHIN, NAGAKUTE = "232122", "232149", "232238", "232301", "232386"
TOGO, SHITARA, SHIBUKAWA, YOSHIOKA, SHINTO = "233021", "235610", "102083", "103454", "103446"
AICHI, NAGOYA = "230006", "231002"


@dataclass(frozen=True)
class Office:
    code: str
    phone: str
    office: str = "高齢福祉課"
    population: int | None = None


@dataclass(frozen=True)
class Place:
    """A hall. A fact that is not stated is not known, as in real lists."""

    town: str
    name: str
    kana: str
    capacity: int
    room: str = "学習室"
    postal_code: str = ""
    lot: str = "1-1"
    north: float = 0.004
    east: float = -0.003
    access: tuple[str, ...] = ()
    note: str = ""
    facts: dict[str, bool | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Joint:
    """A programme; the first of `towns` leads it."""

    key: str
    name: str
    towns: tuple[str, ...]
    cost_share: str = Program.CostShare.EQUAL
    offer_hours: int = 9


TOWNS = (
    Office(TOYOHASHI, "0532-00-0101", "長寿介護課", population=370_000),
    Office(OKAZAKI, "0564-00-0102"),
    Office(ICHINOMIYA, "0586-00-0103"),
    Office(SETO, "0561-00-0104", population=127_000),
    Office(TOYOTA, "0565-00-0105"),
    Office(ANJO, "0566-00-0106"),
    Office(GAMAGORI, "0533-00-0107", "長寿課", population=78_000),
    Office(OBU, "0562-00-0108", "高齢障がい支援課"),
    Office(NISSHIN, "0561-00-0109", population=93_000),
    Office(NAGAKUTE, "0561-00-0110", "長寿課", population=60_000),
    Office(TOGO, "0561-00-0111", population=43_000),
    Office(SHITARA, "0536-00-0112", "町民課", population=4_300),
    Office(SHIBUKAWA, "0279-00-0201", "高齢者安心課", population=72_000),
    Office(YOSHIOKA, "0279-00-0202", "介護福祉課", population=22_000),
    Office(SHINTO, "0279-00-0203", "健康保険課", population=14_000),
    Office(AICHI, "", "デジタル推進課"),
    Office(NAGOYA, "", "高齢福祉課"),
)

STEP_FREE = {"is_step_free": True, "has_wheelchair_toilet": True, "has_lift": True}
VENUES = (
    Place(
        TOYOHASHI,
        "青葉公民館",
        "アオバコウミンカン",
        12,
        room="1階 学習室",
        postal_code="441-0000",
        access=("路線バス「青葉公民館前」で降ります", "バス停の目の前の、白い建物です"),
        note="入口は道路がわです",
        facts={**STEP_FREE, "has_wifi": True, "parking_spaces": 10},
    ),
    Place(
        TOYOHASHI,
        "若葉地区市民館",
        "ワカバチクシミンカン",
        10,
        room="会議室",
        postal_code="441-0000",
        lot="2-8",
        north=-0.006,
        access=("市電の終点から、まっすぐ5分歩きます", "右がわの、青い屋根の建物です"),
        facts={**STEP_FREE, "has_wifi": True, "parking_spaces": 10},
    ),
    Place(
        OKAZAKI,
        "桜木交流センター",
        "サクラギコウリュウセンター",
        10,
        room="2階 研修室",
        postal_code="444-0000",
        access=("駅の東口から歩いて6分です", "エレベーターで2階へどうぞ"),
        facts={"has_lift": True, "has_wheelchair_toilet": True},
    ),
    Place(
        ICHINOMIYA,
        "木曽見公民館",
        "キソミコウミンカン",
        12,
        postal_code="491-0000",
        access=("市のバス「木曽見公民館」で降ります",),
        facts={"is_step_free": True, "has_wifi": False, "parking_spaces": 8},
    ),
    Place(
        SETO,
        "陶の丘公民館",
        "トウノオカコウミンカン",
        8,
        room="2階 集会室",
        postal_code="489-0000",
        access=("コミュニティバス「陶の丘」で降ります", "階段で2階へ上がります"),
        note="2階で、エレベーターはありません",
        facts={"has_lift": False, "is_step_free": False, "parking_spaces": 6},
    ),
    Place(
        TOYOTA,
        "矢作山手交流館",
        "ヤハギヤマテコウリュウカン",
        16,
        room="1階 大会議室",
        postal_code="471-0000",
        access=("市のバス「矢作山手」で降ります", "歩いて3分です"),
        facts={**STEP_FREE, "has_hearing_loop": True, "has_wifi": True, "parking_spaces": 30},
    ),
    Place(
        ANJO,
        "南平公民館",
        "ミナミダイラコウミンカン",
        12,
        postal_code="446-0000",
        access=("循環バス「南平公民館」で降ります",),
        facts={"is_step_free": True, "has_wifi": True, "parking_spaces": 15},
    ),
    Place(
        GAMAGORI,
        "海辺生涯学習館",
        "ウミベショウガイガクシュウカン",
        10,
        room="1階 学習室",
        postal_code="443-0000",
        access=("駅の南口から歩いて8分です", "海のほうへまっすぐ進みます"),
        facts={**STEP_FREE, "parking_spaces": 20},
    ),
    Place(
        OBU,
        "緑地公民館",
        "リョクチコウミンカン",
        12,
        room="和室",
        postal_code="474-0000",
        access=("循環バス「緑地公民館」で降ります",),
        note="和室です。いすをお貸しします",
        facts={"is_step_free": True, "parking_spaces": 12},
    ),
    Place(
        NISSHIN,
        "香久ふれあい館",
        "カグフレアイカン",
        16,
        room="1階 学習室",
        postal_code="470-0100",
        access=(
            "バス「見本町ふれあい館」で降ります（行きは9:22着、帰りは11:48発）",
            "バスの進む方向へ、まっすぐ2分歩きます。右がわの、茶色い2階だての建物です",
            "正面の入口から入り、すぐ左の「学習室」へどうぞ",
        ),
        note="駐車場は建物のうらです",
        facts={**STEP_FREE, "has_wifi": True, "parking_spaces": 10},
    ),
    Place(
        NAGAKUTE,
        "古戦ケ丘集会所",
        "コセンガオカシュウカイジョ",
        8,
        room="集会室",
        postal_code="480-1100",
        access=("バス「古戦ケ丘」で降りて、歩いて4分です",),
        facts={"is_step_free": True, "parking_spaces": 5},
    ),
    Place(TOGO, "境川学習館", "サカイガワガクシュウカン", 8),
    Place(
        SHITARA,
        "奥三山公民館",
        "オクミヤマコウミンカン",
        6,
        postal_code="441-2300",
        access=("ご自宅の近くまで、役場の車でお迎えに行きます",),
        note="携帯電話の電波が弱い所です",
        facts={"is_step_free": True, "has_transport": True, "parking_spaces": 10},
    ),
    Place(
        SHIBUKAWA,
        "赤城麓公民館",
        "アカギフモトコウミンカン",
        15,
        room="1階 大広間",
        postal_code="377-0000",
        access=("路線バス「赤城麓公民館」で降ります", "バス停から坂を1分上がった、緑の屋根の建物です"),
        facts={**STEP_FREE, "has_wifi": True, "parking_spaces": 25},
    ),
    Place(
        YOSHIOKA,
        "溝祭文化センター別館",
        "ミゾマツリブンカセンターベッカン",
        10,
        room="会議室",
        postal_code="370-3600",
        access=("駅から歩いて12分、役場のとなりです",),
        facts={"is_step_free": True, "has_wifi": True, "parking_spaces": 40},
    ),
    Place(
        SHINTO,
        "新井耕地集会所",
        "アライコウチシュウカイジョ",
        8,
        room="集会室",
        postal_code="370-3500",
        access=("バス「新井耕地」で降りて、すぐ前です",),
        note="入口に段差が2段あります。お手伝いします",
        facts={"is_step_free": False, "parking_spaces": 7},
    ),
    Place(AICHI, "県庁分館", "ケンチョウブンカン", 20, room="3階 研修室", facts={"has_lift": True}),
)

SHARED = Program.CostShare
PROGRAMS = (
    Joint(
        "aichi",
        "愛知県高齢者デジタルサポーター制度（デモ）",
        (
            AICHI,
            *(TOYOHASHI, OKAZAKI, ICHINOMIYA, SETO, TOYOTA, ANJO),
            *(GAMAGORI, OBU, NISSHIN, NAGAKUTE, TOGO, SHITARA),
        ),
    ),
    Joint(
        "owari",
        "尾張東部スマホ教室共同開催（デモ）",
        (NISSHIN, NAGAKUTE, SETO, TOGO),
        cost_share=SHARED.ATTENDANCE,
    ),
    Joint("mikawa", "東三河スマホ教室（デモ）", (TOYOHASHI, GAMAGORI, SHITARA), cost_share=SHARED.POPULATION),
    Joint("gunma", "渋川・吉岡・榛東スマホ講座共同開催（デモ）", (SHIBUKAWA, YOSHIOKA, SHINTO)),
    Joint("obu", "大府市スマホ教室・相談会（デモ）", (OBU,)),
    Joint("toyota", "豊田市スマホ教室（デモ）", (TOYOTA,)),
    Joint("okazaki", "岡崎市スマホ教室（デモ）", (OKAZAKI,)),
    Joint("ichinomiya", "一宮市スマホ教室（デモ）", (ICHINOMIYA,)),
    Joint("anjo", "安城市スマホ教室（デモ）", (ANJO,)),
)

COORDINATOR = Role.COORDINATOR
STAFF: tuple[tuple[str, str, dict[str, Role]], ...] = (
    ("shibukawa-admin", "牧野 勝", {SHIBUKAWA: Role.ADMIN}),
    ("shibukawa", "都築 恵", {SHIBUKAWA: COORDINATOR}),
    ("shibukawa-desk", "杉浦 由美", {SHIBUKAWA: Role.DESK}),
    ("shibukawa-viewer", "池田 進", {SHIBUKAWA: Role.VIEWER}),
    ("yoshioka", "磯部 健", {YOSHIOKA: COORDINATOR}),
    ("shinto", "神谷 春香", {SHINTO: COORDINATOR}),
    ("nisshin", "都築 明", {NISSHIN: COORDINATOR}),
    ("toyohashi", "橋本 直子", {TOYOHASHI: COORDINATOR}),
    ("aichi", "長谷川 誠", {AICHI: COORDINATOR}),
    ("gunma", "後藤 翼", {SHIBUKAWA: COORDINATOR, YOSHIOKA: COORDINATOR, SHINTO: COORDINATOR}),
    ("higashimikawa", "森 香織", {GAMAGORI: COORDINATOR, SHITARA: COORDINATOR}),
    ("owari", "石川 亮", {NAGAKUTE: COORDINATOR, SETO: COORDINATOR, TOGO: COORDINATOR}),
    (
        "aichi-towns",
        "前田 千夏",
        {OBU: COORDINATOR, TOYOTA: COORDINATOR, OKAZAKI: COORDINATOR, ICHINOMIYA: COORDINATOR, ANJO: COORDINATOR},
    ),
)
