"""The sentences of the offline command line: Chinese first, English from the compiled catalogue.

No web framework: the language is read from BIHUAN_LANG (or the terminal) and the catalogue by
Python's own gettext. Engines and readers say codes; here each code becomes a sentence that tells
what to do next.
"""

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.base import (
    box_words,
    index_words,
    levelling_words,
    matching_words,
    planning_words,
    roads_words,
    schedule_words,
    tally_words,
)

SENTENCES = {
    **index_words.SENTENCES,
    **tally_words.SENTENCES,
    **box_words.SENTENCES,
    **schedule_words.SENTENCES,
    **levelling_words.SENTENCES,
    **roads_words.SENTENCES,
    **matching_words.SENTENCES,
    **planning_words.SENTENCES,
}
_CATALOGUE = Path(__file__).resolve().parents[2] / "locale" / "en" / "LC_MESSAGES" / "django.mo"


def english() -> bool:
    """Does the reader want English? BIHUAN_LANG says, else the terminal; Chinese otherwise."""
    asked = os.environ.get("BIHUAN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    return (asked or "zh").lower().startswith("en")


@cache
def _catalogue(stamp: float) -> gettext.NullTranslations:
    if not stamp:
        return gettext.NullTranslations()
    with _CATALOGUE.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def _(sentence: str) -> str:
    """The sentence in the reader's language."""
    if not english():
        return sentence
    stamp = _CATALOGUE.stat().st_mtime if _CATALOGUE.exists() else 0.0
    return _catalogue(stamp).gettext(sentence)


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """A fault as a sentence, with where it is in front."""
    template = SENTENCES.get(code)
    if template is None:
        what = f"{code} {dict(params)}"
    else:
        shown = {k: f"{v:.6g}" if isinstance(v, float) else v for k, v in params.items()}
        what = _(template) % _Known(shown)
    where = place(params)
    if where:
        return _("%(where)s：%(what)s") % {"where": where, "what": what}
    return what[:1].upper() + what[1:]  # in English a sentence that nothing stands before


class _Known(dict[str, Any]):
    """Parameters of a sentence; one that is not known shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def place(params: Mapping[str, Any]) -> str:
    """data.csv 第 12 行 C 列（GDP）, as much of it as is known."""
    # A row without a file is the engine's own count, not a place that people can look up.
    if not params.get("file"):
        return ""
    known = _Known(params)
    if "row" in params and "column" in params:
        return _("%(file)s 第 %(row)s 行 %(column)s 列") % known
    if "row" in params:
        return _("%(file)s 第 %(row)s 行") % known
    if "feature" in params:
        return _("%(file)s 第 %(feature)s 个要素") % known
    return str(params["file"])
