"""Translations: collect every Chinese sentence of the source, keep the English beside it, compile.

Pure Python by Babel, so that no gettext programs have to be installed. Sentences stand in `_()`,
`ngettext()` and `zh()` in Python, and in `translate` and `blocktranslate` in templates.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"

# None: the first argument is the sentence; (1, 2): the first two are its singular and plural.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "zh")),
    "ngettext": (1, 2),
}


def sentences(package: Path = PACKAGE) -> Iterator[tuple[str | tuple[str, ...], str, int]]:
    """Every sentence to translate with its file and line; plural forms come as a tuple."""
    for path in sorted(package.rglob("*.py")):
        source = path.read_bytes()
        yield from _extracted(source, path.relative_to(package).as_posix())
    for path in sorted(package.rglob("templates/**/*.html")):
        source = templatize(path.read_text(encoding="utf-8")).encode()
        yield from _extracted(source, path.relative_to(package).as_posix())


def _extracted(source: bytes, name: str) -> Iterator[tuple[str | tuple[str, ...], str, int]]:
    found = extract_python(io.BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"})
    for line, keyword, messages, _comments in found:
        texts = messages if isinstance(messages, tuple) else (messages,)
        words = tuple(text for text in texts if isinstance(text, str))
        if not words or not words[0]:
            continue
        # A word without a Chinese character (an address, a format) needs no English.
        if any(sign > "\u2e7f" for sign in words[0]):
            yield (words[:2] if keyword == "ngettext" else words[0]), name, line


def update() -> Catalog:
    """Bring the catalogue up to date with the source; what is gone is dropped."""
    template = Catalog()
    for words, name, line in sentences():
        template.add(words, locations=[(name, line)])
    catalog = _stored()
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as stream:
        write_po(stream, catalog, width=100, sort_output=True, omit_header=False, no_location=True)
    return catalog


def compile_all() -> None:
    """Write the compiled catalogue that gettext reads."""
    with PO.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, _stored())


def missing(catalog: Catalog | None = None) -> list[str]:
    """Sentences of the source that have no English, or whose placeholders differ from it."""
    known = catalog or _stored()
    lacking = []
    for words, name, line in sentences():
        entry = known.get(words[0] if isinstance(words, tuple) else words)
        if entry is None or not _complete(entry):
            lacking.append(f"{name}:{line}: {words if isinstance(words, str) else words[0]}")
    return lacking


def _complete(entry: Message) -> bool:
    texts = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
    return all(texts) and not entry.fuzzy and not list(entry.check())


def _stored() -> Catalog:
    if not PO.exists():
        return Catalog(locale="en", project="bihuan", fuzzy=False, charset="utf-8")
    with PO.open("rb") as stream:
        return read_po(stream, locale="en")


def report(stream: io.TextIOBase | None = None) -> int:
    """Print what has no English yet; the number of such sentences."""
    lacking = missing()
    for line in lacking:
        print(line, file=stream or sys.stderr)
    return len(lacking)
