"""What the free text on accessibility in the lists of facilities says for certain of a venue."""

import re
import unicodedata

WHEELCHAIR_TOILET = re.compile(
    r"(多機能|多目的|バリアフリー|身障者用?|身体障害者用?|障害者用|障がい者用|車いす(対応|用|使用者用|利用者用)?)(の)?トイレ"
)
STEP_FREE = re.compile(r"スロープ|段差(なし|無し?|解消)|車いす(可|対応|利用可|で入館可|での入館可)")
STEPS = re.compile(r"段差(あり|有)")
LIFT = re.compile(r"エレベータ|EV|昇降機")
LOOP = re.compile(r"磁気ループ|磁気誘導ループ|ヒアリングループ|補聴援助")
WIFI = re.compile(r"WI-?FI|無線LAN")
NOT = re.compile(r"(なし|無し?|不可|×|ありません|未設置)$")
BETWEEN = re.compile(r"[;,、。/\n・]+")


def facts_in(text: str) -> dict[str, bool]:
    """Facts of a venue by field name; what may be meant either way is left out."""
    facts: dict[str, bool] = {}
    for part in BETWEEN.split(unicodedata.normalize("NFKC", text)):
        words = re.sub(r"[\s:()]", "", part).upper().replace("車椅子", "車いす").replace("車イス", "車いす")
        is_there = NOT.search(words) is None
        if WHEELCHAIR_TOILET.search(words):
            facts["has_wheelchair_toilet"] = is_there
        elif STEPS.search(words):
            facts["is_step_free"] = False
        elif STEP_FREE.search(words) and (is_there or "段差" in words):
            facts.setdefault("is_step_free", True)
        elif LIFT.search(words) and is_there:  # without one the class may still be on the ground floor
            facts["has_lift"] = True
        elif LOOP.search(words):
            facts["has_hearing_loop"] = is_there
        elif WIFI.search(words):
            facts["has_wifi"] = is_there
    return facts
