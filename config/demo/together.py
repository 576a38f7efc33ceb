"""Classes that show what towns do together: a draw, a series under way, small classes, a consultation day."""

from config.demo.entry import Entry
from config.demo.facts import NAGAKUTE, NISSHIN, SETO, SHIBUKAWA, SHINTO, TOGO, YOSHIOKA

COUNSEL_DAY, SERIES = "gunma-counsel-day", "gunma-series"
DRAWN, DRAW_DUE = "gunma-lottery", "seto-lottery"

UNDER_WAY = (
    Entry(
        SERIES,
        "gunma",
        "S3",
        SHINTO,
        "新井耕地集会所",
        -9,
        8,
        "5206",
        opened=20,
        fill={SHINTO: 3, YOSHIOKA: 2, SHIBUKAWA: 1},
    ),
    Entry(
        COUNSEL_DAY,
        "gunma",
        "C1",
        YOSHIOKA,
        "溝祭文化センター別館",
        -6,
        6,
        "5302",
        hour=13,
        slots=6,
        opened=20,
        fill={YOSHIOKA: 3, SHIBUKAWA: 1},
    ),
)

TOGETHER = (
    Entry(
        DRAWN,
        "gunma",
        "B4",
        SHIBUKAWA,
        "赤城麓公民館",
        24,
        6,
        "5220",
        quotas={SHIBUKAWA: 2, YOSHIOKA: 1, SHINTO: 1},
        opened=40,
        closed=27,
        is_lottery=True,
        fill={SHIBUKAWA: 5, YOSHIOKA: 3, SHINTO: 2},
    ),
    Entry(
        DRAW_DUE,
        "owari",
        "B3",
        SETO,
        "陶の丘公民館",
        21,
        6,
        "4141",
        opened=35,
        closed=22,
        is_lottery=True,
        fill={SETO: 5, NISSHIN: 2, TOGO: 1, NAGAKUTE: 1},
    ),
    Entry(
        "yoshioka-disaster", "gunma", "A5", YOSHIOKA, "溝祭文化センター別館", 24, 10, "5218", fill={YOSHIOKA: 2}
    ),
)
