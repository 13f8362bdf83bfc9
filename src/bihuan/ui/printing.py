"""Papers on their way to people: a document of `exchange.paper` as PDF or Word, in our typeface."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bihuan.base import clock, paper_words
from bihuan.base.errors import Refused
from bihuan.exchange.paper import Document, Unprintable, pdf
from bihuan.exchange.paper.word import docx_of
from bihuan.ui.panel import Link


def printed(document: Document) -> bytes:
    """The PDF. Raises Refused with the sentence where something cannot be printed."""
    return _made(document, pdf)


def worded(document: Document) -> bytes:
    """The .docx, for editing elsewhere. Raises Refused like `printed`."""
    return _made(document, docx_of)


def _made(document: Document, make: Callable[..., bytes]) -> bytes:
    folder = finders.find("built/fonts")
    at = clock.now().replace(microsecond=0)  # a PDF counts in seconds
    try:
        return make(document, fonts=Path(str(folder)) if folder else None, at=at)
    except Unprintable as refusal:
        sentence = paper_words.SENTENCES.get(refusal.code)
        if sentence is None:
            raise
        raise Refused(_(sentence) % refusal.params) from refusal


def within(label: str, document: Document) -> Link:
    """A link that holds the PDF itself: for what the server must not be able to give again."""
    content = b64encode(printed(document)).decode("ascii")
    return Link(label, f"data:application/pdf;base64,{content}", download=f"{document.name}.pdf")


def answer(document: Document) -> HttpResponse:
    """The PDF for reading and printing in the browser; it stays in no cache."""
    response = HttpResponse(printed(document), content_type="application/pdf")
    name = quote(f"{document.name}.pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "no-store"
    return response
