"""Feedback letter (测评反馈函): one unit's own results and the comments on its report."""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.exchange.paper.document import (
    LETTER,
    Cell,
    Closing,
    Column,
    Document,
    Heading,
    Paragraph,
    Part,
    SmallPrint,
    Table,
    Title,
)


@dataclass(frozen=True)
class ItemFeedback:
    """一个测评项的反馈：得分、名次、等次；不反馈的留空。"""

    item: str
    points: Cell = None
    rank: Cell = None
    band: str = ""
    note: str = ""


@dataclass(frozen=True)
class FeedbackLetter:
    """给一个单位的测评反馈函。"""

    number: str  # such as 〔2022〕3号, empty before it is issued
    to: str
    meeting: str
    date_text: str
    items: Sequence[ItemFeedback]
    comments: Sequence[str]
    problems: Sequence[str]
    request: str
    issuer: str
    issued_on: str
    opening: str = ""
    composite: str = ""
    audit_root: str = ""
    mark: str = ""


def feedback_letter(letter: FeedbackLetter) -> Document:
    """测评反馈函。"""
    opening = letter.opening or (
        f"{letter.date_text}，你单位在{letter.meeting}上作了述职并接受测评。现将有关情况反馈如下。"
    )
    parts: list[Part] = [
        Title("测评反馈函", letter.number),
        Paragraph(f"{letter.to}：", indent=False),
        Paragraph(opening),
    ]
    sections: list[tuple[str, list[Part]]] = []
    if letter.items or letter.composite:
        results: list[Part] = [_results(letter.items)] if letter.items else []
        if letter.composite:
            results.append(Paragraph(f"综合评价等次：{letter.composite}。"))
        sections.append(("测评结果", results))
    if letter.comments:
        sections.append(("点评意见", [Paragraph(text) for text in letter.comments]))
    if letter.problems:
        sections.append(("存在问题", _numbered(letter.problems)))
    if letter.request:
        sections.append(("整改要求", [Paragraph(letter.request)]))
    for at, (head, body) in enumerate(sections):
        parts += [Heading(f"{'一二三四'[at]}、{head}"), *body]
    parts.append(Closing(letter.issuer, letter.issued_on))
    if letter.audit_root:
        parts.append(SmallPrint((f"审计链根：{letter.audit_root}",)))
    return Document(f"{letter.to}测评反馈函", parts, LETTER, letter.mark)


def _numbered(texts: Sequence[str]) -> list[Part]:
    return [Paragraph(f"{number}. {text}") for number, text in enumerate(texts, 1)]


def _results(items: Sequence[ItemFeedback]) -> Table:
    every: list[tuple[Column, list[Cell]]] = [
        (Column("测评项", 3), [item.item for item in items]),
        (Column("得分", 1, "right"), [item.points for item in items]),
        (Column("名次", 1, "right"), [item.rank for item in items]),
        (Column("等次", 1, "centre"), [item.band for item in items]),
        (Column("说明", 2), [item.note for item in items]),
    ]
    kept = [each for each in every if any(cell not in (None, "") for cell in each[1])]
    rows = [[cells[at] for _, cells in kept] for at in range(len(items))]
    return Table(tuple(column for column, _ in kept), rows)
