"""Columns and cells of the lists, as house.typ reads them."""

from typing import Any

type Cell = str | dict[str, Any]
type Column = dict[str, Any]


def column(title: str, *, em: float | None = None, fr: float = 1, middle: bool = False) -> Column:
    """So many letters wide, or a share of what is left."""
    return {"title": title, "middle": middle, **({"em": em} if em is not None else {"fr": fr})}


def lines(*texts: str) -> Cell:
    """One below the other, what is empty left out; the first in the size of the text."""
    return {"lines": [text for text in texts if text]}


def named(name: str, *texts: str) -> Cell:
    """A name in large letters, smaller lines below it."""
    return {"big": name, "lines": [text for text in texts if text]}


def tick(text: str = "") -> Cell:
    """A box to tick, with a word below it."""
    return {"tick": True, "text": text}
