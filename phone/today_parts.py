"""What a list of things to do is made of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Model, QuerySet, Window
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import date_label

SHOWN = 8


@dataclass(frozen=True)
class Row:
    when: str
    small: str
    title: str
    detail: str
    url: str
    act: str
    is_late: bool = False


@dataclass(frozen=True)
class Group:
    key: str
    icon: str
    title: str
    count: int
    rows: list[Row]
    url: str = ""


def moment(at: datetime) -> str:
    """きょう 9:12, きのう 17:05, or the date."""
    local = timezone.localtime(at)
    days = (timezone.localdate() - local.date()).days
    clock = f"{local.hour}:{local.minute:02d}"
    if days == 0:
        return clock
    return f"{_('Yesterday')} {clock}" if days == 1 else date_label(local.date())


def some_of[M: Model](rows: QuerySet[M]) -> tuple[list[M], int]:
    """The rows that are shown and how many there are in all, in one query."""
    found = list(rows.annotate(in_all=Window(Count("*")))[:SHOWN])
    return found, found[0].in_all if found else 0  # type: ignore[attr-defined]  # annotated
