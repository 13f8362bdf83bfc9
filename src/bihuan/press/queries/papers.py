"""Papers and their templates: the newest version, the next number, what a post may see."""

from pathlib import Path

from django.db.models import Max, QuerySet

from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press.models import Paper, Template

VIEW, WRITE, ISSUE = "press.view", "press.write", "press.issue"
_SHIPPED = Path(__file__).resolve().parents[1] / "papers"


def template(kind: str) -> str:
    """The template that holds: the office's newest version, else the one the house came with."""
    newest = templates(kind).values_list("text", flat=True).first()
    return shipped(kind) if newest is None else newest


def shipped(kind: str) -> str:
    return (_SHIPPED / f"{kind}.txt").read_text(encoding="utf-8")


def templates(kind: str) -> QuerySet[Template]:
    """Every version that the office made, newest first."""
    found = Template.objects.filter(kind=kind).select_related("by__person", "by__unit")
    return found.order_by("-version")


def papers_for(by: Post, kind: str = "") -> QuerySet[Paper]:
    """Whoever writes or issues sees all of them; the others those that have been issued."""
    found = Paper.objects.select_related("pdf", "docx", "by__unit", "by__person", "issued_by")
    if kind:
        found = found.filter(kind=kind)
    if not (people.may(by, WRITE) or people.may(by, ISSUE)):
        found = found.exclude(state="draft")
    return found.order_by("-pk")


def next_serial(word: str, year: int) -> int:
    """Numbers of one word and year follow one another; a void paper keeps its own."""
    last = Paper.objects.filter(word=word, year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def newest_templates() -> dict[str, Template]:
    """The office's newest template of each kind that it has changed."""
    return {one.kind: one for one in Template.objects.order_by("version")}
