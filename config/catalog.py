"""The Japanese catalogue: what the code asks for, what is translated, and where the two part."""

import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
HEADER = """\
# Engawa in Japanese. Rewritten by `manage.py translations`, sorted by msgid.
msgid ""
msgstr ""
"Language: ja\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
NAMED = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")
NOT_OURS = {"tests", "migrations", "docs", "staticfiles"}

type Key = tuple[str | None, str]


def path() -> Path:
    """The committed catalogue."""
    return settings.BASE_DIR / "locale" / "ja" / "LC_MESSAGES" / "django.po"


def parts() -> list[Path]:
    """Catalogues that wait to be merged."""
    return sorted((settings.BASE_DIR / "locale" / "parts").glob("*.po"))


def key_of(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def sources() -> Iterator[Path]:
    for pattern in ("*.py", "*.html", "*.txt"):
        for file in sorted(settings.BASE_DIR.rglob(pattern)):
            first, *others = file.relative_to(settings.BASE_DIR).parts
            hidden = first.startswith(".") or first == "locale" or NOT_OURS & {first, *others}
            if not hidden and (file.suffix == ".py" or "templates" in {first, *others}):
                yield file


def pseudo_python(template: str, origin: str) -> str:
    """A template as Python's tokeniser reads it: only its translatable strings are left, unindented."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # comments for translators that it leaves out
        blanked = templatize(template, origin=origin)
    return "\n".join(line.strip() for line in blanked.splitlines())


def wanted() -> Catalog:
    """Every message the code and the templates ask for."""
    catalog = Catalog(locale="ja", charset="utf-8")
    for file in sources():
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            text = pseudo_python(text, str(file))
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            catalog.add(message, context=context)
    return catalog


def read(file: Path) -> Catalog:
    if not file.exists():
        return Catalog(locale="ja", charset="utf-8")
    with file.open("rb") as stream:
        return read_po(stream, locale="ja", charset="utf-8")


def merged() -> Catalog:
    """The wanted messages with the translations there are; later parts win over the catalogue."""
    known: dict[Key, Message] = {}
    for file in [path(), *parts()]:
        known |= {key_of(message): message for message in read(file) if message.id and message.string}
    catalog = wanted()
    for message in catalog:
        if message.id and (found := known.get(key_of(message))):
            message.string = found.string
            message.flags |= found.flags & {"fuzzy"}
    return catalog


def write(catalog: Catalog) -> None:
    stream = io.BytesIO()
    write_po(stream, catalog, width=110, no_location=True, omit_header=True, sort_output=True)
    path().parent.mkdir(parents=True, exist_ok=True)
    path().write_text(HEADER + stream.getvalue().decode().strip() + "\n", encoding="utf-8")


def compile_catalog() -> None:
    """Writes the .mo beside the .po, whole or not at all."""
    target = path().with_suffix(".mo")
    half = target.with_suffix(".half")
    target.parent.mkdir(parents=True, exist_ok=True)
    with half.open("wb") as stream:
        write_mo(stream, read(path()))
    half.replace(target)


def text_of(message: Message) -> str:
    """The translation as one text; Japanese has no plural forms."""
    return message.string if isinstance(message.string, str) else "".join(message.string or ())


def faults() -> list[str]:
    """What keeps the committed catalogue from being complete, one line each."""
    asked = {key_of(message): message for message in wanted() if message.id}
    have = {key_of(message): message for message in read(path()) if message.id}
    lines = [f"not in the catalogue: {msgid!r}" for _, msgid in sorted_keys(asked.keys() - have.keys())]
    lines += [f"no longer used: {msgid!r}" for _, msgid in sorted_keys(have.keys() - asked.keys())]
    for context, msgid in sorted_keys(asked.keys() & have.keys()):
        message = have[context, msgid]
        if not text_of(message):
            lines.append(f"not translated: {msgid!r}")
        elif message.fuzzy:
            lines.append(f"marked fuzzy: {msgid!r}")
        elif placeholders(msgid) != placeholders(text_of(message)):
            lines.append(f"different placeholders: {msgid!r} and {text_of(message)!r}")
    return lines


def sorted_keys(keys: set[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (key[1], key[0] or ""))


def placeholders(text: str) -> set[str]:
    return set(NAMED.findall(text.replace("%%", "")))
