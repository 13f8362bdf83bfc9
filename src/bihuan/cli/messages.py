"""Translations: collect every Chinese sentence of the source, keep the English beside it, compile.

Pure Python by Babel, so that no gettext programs have to be installed. Sentences stand in `_()`,
`ngettext()` and `zh()` in Python, and in `translate` and `blocktranslate` in templates.
"""

import ast
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
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
# Where it stands, whether it has a plural, and the arguments (None for what is no constant).
Found = tuple[int, bool, Sequence[object]]


def sentences(package: Path = PACKAGE) -> Iterator[tuple[str | tuple[str, ...], str, int]]:
    """Every sentence to translate with its file and line; plural forms come as a tuple."""
    for path in sorted(package.rglob("*.py")):
        source = path.read_bytes()
        yield from _chinese(_in_python(source), path.relative_to(package).as_posix())
    for path in sorted(package.rglob("templates/**/*.html")):
        source = templatize(path.read_text(encoding="utf-8")).encode()
        yield from _chinese(_in_template(source), path.relative_to(package).as_posix())


def _in_python(source: bytes) -> Iterator[Found]:
    """Calls of a keyword, also under another name (`import gettext as now`)."""
    calls, keywords = [], dict(KEYWORDS)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                if one.asname and one.name in KEYWORDS:
                    keywords[one.asname] = KEYWORDS[one.name]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            calls.append(node)
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id  # type: ignore[attr-defined]  # a name, see above
        if name in keywords:
            texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
            yield call.lineno, keywords[name] is not None, texts


def _in_template(source: bytes) -> Iterator[Found]:
    """The same in what `templatize` makes of a template, which is not quite Python."""
    found = extract_python(io.BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"})
    for line, keyword, messages, _comments in found:
        texts = messages if isinstance(messages, tuple) else (messages,)
        yield line, KEYWORDS[str(keyword)] is not None, texts


def _chinese(found: Iterable[Found], name: str) -> Iterator[tuple[str | tuple[str, ...], str, int]]:
    for line, plural, texts in found:
        words = tuple(text for text in texts[: 1 + plural] if isinstance(text, str))
        # A word without a Chinese character (an address, a format) needs no English.
        if words and any(sign > "\u2e7f" for sign in words[0]):
            yield (words if plural else words[0]), name, line


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


def missing(found: Iterable[tuple[str | tuple[str, ...], str, int]] | None = None) -> list[str]:
    """Sentences of the source that have no English, or whose placeholders differ from it."""
    known = _stored()
    lacking = []
    for words, name, line in sentences() if found is None else found:
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
