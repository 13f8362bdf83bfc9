"""A finding as the 23 columns of an office's ledger (handbook section 4), in their order."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bihuan.exchange.workbook import Written
from bihuan.ledger import rules
from bihuan.ledger.models import Finding, Progress, Recheck, Verification
from bihuan.ledger.queries import tables
from bihuan.people.models import Post

_WITH = ("lead_unit", "leader__person", "leader__unit", "owner__person", "owner__unit")
_MANY = (
    "assist_units",
    "measures",
    "progress",
    "evidence__version",
    "verifications__by__person",
    "verifications__by__unit",
    "rechecks",
    "imported",
)


def written(found: QuerySet[Finding]) -> Iterator[dict[str, Written]]:
    """Findings as rows of the ledger, in the given order; a few queries for every thousand."""
    ready = found.select_related(*_WITH).prefetch_related(*_MANY)
    labels = {code: str(row["name"]) for code, row in _sources().items()}
    for order, finding in enumerate(ready.iterator(chunk_size=1000), start=1):
        yield row(finding, order, labels)


def _sources() -> dict[str, Any]:
    return {str(one["code"]): one for one in tables.table("sources")}


def row(finding: Finding, order: int, sources: dict[str, str]) -> dict[str, Written]:
    """One finding as a row. The workbook is an office's own paper: always in Chinese."""
    original = original_texts(finding)
    draft = original if finding.state == "draft" else {}  # nothing of it has been decided yet
    return {
        "order": order,
        "number": finding.number,
        "source": _source(finding, sources, original),
        "source_number": finding.source_number,
        "category": finding.category,
        "problem": problem(finding),
        "goal": finding.goal,
        "measures": tuple(measure.text for measure in finding.measures.all()),
        "leader": _named(finding.leader) or finding.leader_text,
        "lead_units": finding.lead_unit.name if finding.lead_unit else "",
        "assist_units": "、".join(unit.name for unit in finding.assist_units.all()),
        "owner": _named(finding.owner) or finding.owner_text,
        "assigned_on": finding.assigned_on or draft.get("assigned_on"),
        "due": finding.due or finding.due_text,
        "rect_kind": rules.RECT_KINDS[finding.rect_kind],
        "progress": tuple(told(entry) for entry in finding.progress.all()),
        "evidence": _evidence(finding) or original.get("evidence", ""),
        "state": rules.STATES[finding.state],
        "requested_on": finding.requested_on or draft.get("requested_on"),
        "opinion": _opinions(finding.verifications.all()) or original.get("opinion", ""),
        "closed_on": finding.closed_on or draft.get("closed_on"),
        "recheck": _rechecks(finding.rechecks.all()) or original.get("recheck", ""),
        "note": finding.note,
        # No column of the 23, but one that an office's own workbook may have.
        "place": finding.place,
    }


def _source(finding: Finding, sources: dict[str, str], original: dict[str, str]) -> str:
    """What the table calls it; of the other sources, the words of the workbook say more."""
    if finding.source == "other" and original.get("source"):
        return original["source"]
    return sources.get(finding.source, finding.source)


def problem(finding: Finding) -> str:
    """Title and description as one text; a long imported text stands in both and is told once."""
    title, description = finding.title, finding.description
    if not description or description == title:
        return title
    if description.startswith(title.removesuffix("…")):
        return description
    return f"{title}\n{description}"


def told(entry: Progress) -> str:
    """One line of progress with its day; imported ones keep the words they came with."""
    return dated(entry.text, entry.created_at if entry.by_id is not None else None)


def dated(text: str, at: datetime | None) -> str:
    """A line of progress with the day on which somebody here wrote it, if anybody did."""
    if at is None:
        return text
    day = timezone.localtime(at).date()
    return f"{day.year}年{day.month}月{day.day}日 {text}"


def original_texts(finding: Finding) -> dict[str, str]:
    """What the newest imported row says, by field."""
    rows = list(finding.imported.all())
    cells = rows[-1].cells if rows else []
    return {cell["field"]: cell["text"] for cell in cells if cell["field"] and cell["text"]}


def _named(post: Post | None) -> str:
    return str(post) if post else ""


def _evidence(finding: Finding) -> str:
    return "；".join(one.version.name for one in finding.evidence.all())


def _opinions(rows: Iterable[Verification]) -> str:
    lines = []
    for one in rows:
        verdict = "通过" if one.passed else "不通过"
        lines.append(f"{_named(one.by)}：{verdict}，{one.opinion}")
    return "\n".join(lines)


def _rechecks(rows: Iterable[Recheck]) -> str:
    lines = []
    for one in rows:
        day = timezone.localtime(one.created_at).date()
        verdict = "没有反弹" if one.held else "有反弹"
        lines.append(f"{day.year}年{day.month}月{day.day}日 {verdict}：{one.opinion}")
    return "\n".join(lines)
