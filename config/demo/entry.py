"""What is stated of one class of the season."""

from dataclasses import dataclass, field


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
    closed: int = 1
    is_lottery: bool = False
    slots: int = 0
    is_draft: bool = False
    opens_later: bool = False
    every: int = 7
    settled: int = 0
    comes: tuple[str, ...] = ()
    fill: dict[str, int] = field(default_factory=dict)
    late: dict[str, int] = field(default_factory=dict)
