"""Official papers (公文): one plain text with marks → a document in the layout of GB/T 9704-2012.

The text is what an office edits before it issues: fields first ("标题：…"), then the body. It is
the same for a letter of two lines and for a report with tables; `parse` tells what it may hold.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bihuan.exchange.paper.document import (
    LETTER,
    Attachments,
    Closing,
    Column,
    Document,
    Facts,
    Heading,
    Imprint,
    Paragraph,
    Part,
    RedHead,
    SmallPrint,
    Table,
    Title,
)

Form = Literal["document", "letter", "minutes"]
# How a field is called in the text → the field of `Official`.
FIELDS: Mapping[str, str] = {
    "代字": "word",
    "发文机关标志": "mark",
    "文号": "number",
    "签发人": "signer",
    "紧急程度": "urgency",
    "标题": "title",
    "主送": "to",
    "附件": "attachments",
    "落款": "issuer",
    "日期": "date",
    "附注": "note",
    "抄送": "copies_to",
    "印发机关": "office",
    "印发日期": "printed_on",
}
NEEDED = ("title",)
_BODY = "正文："
_FIELD = re.compile(rf"({'|'.join(FIELDS)})[：:]\s*(.*)")
_RULE = re.compile(r"[|\s:：-]+")
_HOLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


@dataclass(frozen=True)
class Fault:
    """一处不合：代码、第几行、见到什么。"""

    code: str
    row: int = 0
    found: str = ""


@dataclass(frozen=True)
class Official:
    """一份公文。`body` 是正文的各部分；`root` 是审计链根，小字印在最后。"""

    title: str
    word: str = ""  # the abbreviation its number begins with; not printed by itself
    mark: str = ""
    number: str = ""
    signer: str = ""
    urgency: str = ""
    to: str = ""
    body: tuple[Part, ...] = ()
    attachments: tuple[str, ...] = ()
    issuer: str = ""
    date: str = ""
    note: str = ""
    copies_to: str = ""
    office: str = ""
    printed_on: str = ""
    form: Form = "document"
    root: str = ""
    sample: str = ""


@dataclass(frozen=True)
class Parsed:
    """读出的公文，或全部不合之处。"""

    paper: Official
    faults: tuple[Fault, ...]


def filled(template: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A template with its holes {{name}} filled, and the holes nothing fits.

    A line whose holes are all empty goes away with its words: no “抄送：” without anybody.

    >>> filled("主送：{{to}}\\n抄送：{{copies}}", {"to": "各单位", "copies": ""})
    ('主送：各单位', ())
    """
    lines, unknown = [], []
    for line in template.replace("\r\n", "\n").split("\n"):
        holes = _HOLE.findall(line)
        unknown += [name for name in holes if name not in values]
        told = [values.get(name, "") for name in holes]
        if holes and not any(told):
            continue
        lines.append(_HOLE.sub(lambda hole: values.get(hole[1], ""), line))
    return "\n".join(lines), tuple(dict.fromkeys(unknown))


def parse(text: str) -> Parsed:
    """The text as a paper: fields, then “正文：” and the body, all faults at once."""
    head, rows, faults = _split(text)
    told: dict[str, str] = {}
    for number, name, value in head:
        field = FIELDS[name]
        if field in told:
            faults.append(Fault("twice", number, name))
        told.setdefault(field, value)
    body = tuple(_body(rows, faults))
    faults += [Fault("lacking", 0, _name(field)) for field in NEEDED if not told.get(field)]
    if not body:
        faults.append(Fault("no_body"))
    attachments = tuple(
        one.strip() for one in told.pop("attachments", "").split("；") if one.strip()
    )
    return Parsed(
        Official(**{"title": "", **told}, body=body, attachments=attachments),  # type: ignore[arg-type]  # texts by field
        tuple(faults),
    )


def _name(field: str) -> str:
    return next(name for name, one in FIELDS.items() if one == field)


def _split(
    text: str,
) -> tuple[list[tuple[int, str, str]], list[tuple[int, str]], list[Fault]]:
    head: list[tuple[int, str, str]] = []
    rows: list[tuple[int, str]] = []
    faults: list[Fault] = []
    inside = False
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        words = line.strip()
        if inside:
            rows.append((number, words))
        elif words in (_BODY, "正文:"):
            inside = True
        elif found := _FIELD.fullmatch(words):
            head.append((number, found[1], found[2].strip()))
        elif words and head and head[-1][1] == "标题":
            head[-1] = (head[-1][0], "标题", f"{head[-1][2]}\n{words}")  # a title of two lines
        elif words:
            faults.append(Fault("outside", number, words[:20]))
    if not inside:
        faults.append(Fault("no_mark"))
    return head, rows, faults


def _body(rows: Sequence[tuple[int, str]], faults: list[Fault]) -> Iterator[Part]:
    table: list[tuple[int, str]] = []
    for number, words in (*rows, (0, "")):
        if words.startswith("|"):
            table.append((number, words))
            continue
        if table:
            yield from _table(table, faults)
            table = []
        level = len(words) - len(words.lstrip("#"))
        if 1 <= level <= 4:
            if not words.lstrip("# "):
                faults.append(Fault("empty_heading", number))
            else:
                yield Heading(words.lstrip("# "), level)  # type: ignore[arg-type]  # 1 to 4
        elif words:
            yield Paragraph(words)


def _table(rows: Sequence[tuple[int, str]], faults: list[Fault]) -> Iterator[Part]:
    """| 甲 | 乙 | lines; a line of dashes says which columns stand at the right (---:)."""
    cells = [
        (number, [cell.strip() for cell in words.strip("|").split("|")]) for number, words in rows
    ]
    heads = cells[0][1]
    right: list[bool] = [False] * len(heads)
    lines = []
    for number, row in cells[1:]:
        if all(_RULE.fullmatch(cell) or not cell for cell in row) and any("-" in c for c in row):
            right = [cell.endswith((":", "：")) for cell in row][: len(heads)]
            right += [False] * (len(heads) - len(right))
        elif len(row) != len(heads):
            faults.append(Fault("columns", number, str(len(row))))
        else:
            lines.append(row)
    widths = [max(1.0, min(6.0, max(len(row[at]) for row in (heads, *lines)) / 4)) for at in
              range(len(heads))]  # fmt: skip
    columns = tuple(
        Column(head, width, "right" if flush else "left")
        for head, width, flush in zip(heads, widths, right, strict=True)
    )
    yield Table(columns, lines)


def document(paper: Official) -> Document:
    """The paper as parts in their order; what is empty takes no place."""
    parts: list[Part] = []
    if paper.mark:
        parts.append(RedHead(paper.mark, paper.number, paper.signer, paper.urgency, paper.form))
    parts.append(Title(paper.title, "" if paper.mark else paper.number))
    if paper.to and paper.form != "minutes":
        parts.append(Paragraph(f"{paper.to.rstrip('：:')}：", indent=False))
    parts += paper.body
    if paper.attachments:
        parts.append(Attachments(paper.attachments))
    if paper.issuer or paper.date:
        parts.append(Closing(paper.issuer, paper.date))
    if paper.note:
        parts.append(Paragraph(f"（{paper.note.strip('（）()')}）"))
    if paper.root:
        parts.append(SmallPrint((f"审计链根：{paper.root}",)))
    if paper.office or paper.copies_to:
        parts.append(Imprint(paper.copies_to, paper.office, paper.printed_on))
    return Document(paper.title.replace("\n", ""), tuple(parts), LETTER, paper.sample)


def issued(paper: Official, *, number: str, date: str, printed_on: str, root: str) -> Official:
    """The same paper as it goes out: numbered, dated, with the root of the audit at its foot."""
    return replace(paper, number=number, date=date or paper.date, printed_on=printed_on, root=root)


def as_text(pairs: Iterable[tuple[str, str]], body: str) -> str:
    """Fields and body as the text that is edited.

    >>> as_text([("标题", "通知")], "请。")
    '标题：通知\\n\\n正文：\\n请。'
    """
    head = "\n".join(f"{name}：{value}" for name, value in pairs if value)
    return f"{head}\n\n{_BODY}\n{body}"


def body_of(parts: Iterable[Part]) -> str:
    """What a finished document says, as text that can be edited again.

    Titles, closings, codes and small print are left out: the paper has its own.
    """
    lines: list[str] = []
    for part in parts:
        match part:
            case Heading():
                lines.append(f"{'#' * part.level} {part.text}")
            case Paragraph():
                lines += part.text.split("\n")
            case Facts():
                lines += [f"{name}：{'' if told is None else told}" for name, told in part.pairs]
            case Table():
                lines += _rows_of(part)
            case _:
                continue
    return "\n".join(line for line in lines if line.strip())


def _rows_of(table: Table) -> list[str]:
    def cells(row: Iterable[object]) -> str:
        told = (
            "" if one is None else str(one).replace("|", "／").replace("\n", " ") for one in row
        )
        return "| " + " | ".join(told) + " |"

    heads = [column.head for column in table.columns]
    sides = ["---:" if column.align == "right" else "---" for column in table.columns]
    caption = [f"### {table.caption}"] if table.caption else []
    note = [f"注：{table.note}"] if table.note else []
    return [*caption, cells(heads), cells(sides), *map(cells, table.rows), *note]
