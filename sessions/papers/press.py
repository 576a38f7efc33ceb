"""From data to PDF with typst. What people have written goes in as JSON and never as markup."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings
from django.utils.translation import get_language
from noto_cjk_sans_jp_regular import FONT_PATH

FOLDER = Path(settings.BASE_DIR) / "templates" / "papers"
UNBROKEN = re.compile(r"[!-,.-~]{16,}")
NOT_PRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Paper:
    """What is printed. `dated` stands in the file for the time of writing, so that the same data give the same
    bytes; `people` is how many are named on it."""

    template: str
    title: str
    dated: date
    is_large: bool = False
    people: int = 0
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def inputs(self) -> str:
        plain = {"title": self.title, "large": self.is_large, "lang": (get_language() or "ja")[:2]}
        return json.dumps(printable(self.content | plain), ensure_ascii=False, sort_keys=True)

    @property
    def fingerprint(self) -> str:
        """Of the data and of the templates that set them."""
        parts = [self.template, str(self.dated), self.inputs, *map(source_of, ("house", self.template))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def pdf_of(paper: Paper) -> bytes:
    return press(paper, "pdf")[0]


def pictures_of(paper: Paper, *, ppi: float = 60) -> list[bytes]:
    """A PNG a page."""
    return press(paper, "png", ppi=ppi)


def press(paper: Paper, form: Literal["pdf", "png"], *, ppi: float | None = None) -> list[bytes]:
    """A PDF for readers of the screen too (PDF/UA), unless it holds a character the font does not have:
    that one is then an empty box, to be written by hand."""
    try:
        return set_with_typst(paper, form, ppi=ppi, standard="ua-1" if form == "pdf" else None)
    except typst.TypstError:
        return set_with_typst(paper, form, ppi=ppi, standard=None)


def set_with_typst(
    paper: Paper, form: Literal["pdf", "png"], *, ppi: float | None, standard: Literal["ua-1"] | None
) -> list[bytes]:
    made = typst.compile(
        str(FOLDER / f"{paper.template}.typ"),
        root=str(FOLDER),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format=form,
        ppi=ppi,
        pdf_standards=standard,
        sys_inputs={"data": paper.inputs},
        timestamp=datetime.combine(paper.dated, datetime.min.time(), UTC),
    )
    return made if isinstance(made, list) else [made]


@cache
def fonts() -> typst.Fonts:
    """Only the font of the package: the same page on every machine."""
    folder = str(Path(str(FONT_PATH)).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def source_of(template: str) -> str:
    return (FOLDER / f"{template}.typ").read_text(encoding="utf-8")


def printable(content: Any) -> Any:
    """Every text without control characters, and with places to break where there are no spaces."""
    if isinstance(content, str):
        return UNBROKEN.sub(breakable, NOT_PRINTED.sub("", content))
    if isinstance(content, dict):
        return {key: value if key == "svg" else printable(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [printable(each) for each in content]
    return content


def breakable(found: re.Match[str]) -> str:
    word = found.group()
    return "\u200b".join(word[start : start + 10] for start in range(0, len(word), 10))
