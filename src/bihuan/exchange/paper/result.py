"""Result sheet (测评结果表): what the box gave, its reconciliation, its head, and who signs."""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.exchange.paper.document import (
    SHEET,
    WIDE,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    Layout,
    Paragraph,
    Part,
    Signatures,
    SmallPrint,
    Span,
    Table,
    Title,
)

# Above so many columns of figures a portrait sheet is too narrow for the units' names.
_MOST_IN_PORTRAIT = 12


@dataclass(frozen=True)
class UnitRow:
    """一个单位在一个测评项上的结果；`counts` 依等次，`others` 依 `ItemTable.other_heads`。"""

    unit: str
    counts: tuple[Cell, ...]
    others: tuple[Cell, ...] = ()
    points: Cell = None
    rank: Cell = None
    band: str = ""
    note: str = ""


@dataclass(frozen=True)
class ItemTable:
    """一个测评项的结果表。不用的栏（得分、名次、等次、备注）整列为空即不印。"""

    name: str
    grades: tuple[str, ...]
    rows: Sequence[UnitRow]
    other_heads: tuple[str, ...] = ("弃权", "空白", "作废")
    note: str = ""
    count_head: str = "得票（票）"


@dataclass(frozen=True)
class Reckoning:
    """一类人员的票数核对；`total` 的一行加粗。"""

    category: str
    due: Cell
    present: Cell
    issued: Cell
    returned: Cell
    abstained: Cell
    void: Cell
    unused: Cell
    total: bool = False


@dataclass(frozen=True)
class SignedHead:
    """链头：票箱日志的根、条数、签名，及复核用的二维码内容（`qr` 为空则不印）。"""

    root: str
    size: int
    signature: str
    signed_at: str = ""
    key: str = ""
    qr: str = ""


@dataclass(frozen=True)
class ResultSheet:
    """一次会议的测评结果。各测评项分表，从不合并；`composite` 为另行决定的综合评价。"""

    meeting: str
    date_text: str
    items: Sequence[ItemTable]
    reckoning: Sequence[Reckoning]
    head: SignedHead
    statement: str = ""  # the outcome of the reconciliation in one sentence
    place: str = ""
    organiser: str = ""
    method: tuple[str, ...] = ()  # how grades become points, caps, ties: one paragraph each
    composite: ItemTable | None = None
    signers: tuple[str, ...] = ("监票人", "计票人", "主持人")
    audit_root: str = ""
    mark: str = ""


def result_sheet(sheet: ResultSheet) -> Document:
    """测评结果表。"""
    tables = [*sheet.items, *([sheet.composite] if sheet.composite else [])]
    widest = max((len(_filled(item)[0]) for item in tables), default=0)
    parts: list[Part] = [
        Title("测评结果表", over=sheet.meeting),
        Facts(_about(sheet), per_row=2),
        Heading("一、票数核对"),
        _reckoning(sheet.reckoning),
    ]
    if sheet.statement:
        parts.append(Paragraph(sheet.statement, indent=False))
    parts.append(Heading("二、测评结果"))
    for number, item in enumerate(sheet.items, 1):
        parts.append(item_table(item, f"表 {number}　{item.name}"))
    if sheet.composite:
        parts.append(Heading("三、综合评价"))
        parts.append(item_table(sheet.composite, sheet.composite.name))
    if sheet.method:
        parts.append(Heading("四、计分办法" if sheet.composite else "三、计分办法"))
        parts += [Paragraph(line) for line in sheet.method]
    parts.append(Signatures(sheet.signers))
    parts.append(SmallPrint(_small(sheet), sheet.head.qr))
    return Document(
        name=f"{sheet.meeting}测评结果表",
        parts=parts,
        layout=_fitting(widest),
        mark=sheet.mark,
        foot=f"票箱日志根 {sheet.head.root[:16]}" if sheet.head.root else "",
    )


def _fitting(columns: int) -> Layout:
    return WIDE if columns > _MOST_IN_PORTRAIT else SHEET


def _about(sheet: ResultSheet) -> list[tuple[str, Cell]]:
    pairs = [("时间", sheet.date_text), ("地点", sheet.place), ("组织单位", sheet.organiser)]
    pairs.append(("测评项", "、".join(item.name for item in sheet.items)))
    return [(name, text) for name, text in pairs if text]


def _reckoning(rows: Sequence[Reckoning]) -> Table:
    heads = ("应到", "实到", "发放", "收回", "弃权", "作废", "未用")
    return Table(
        columns=(Column("人员类别", 2.2), *(Column(head, 1, "right") for head in heads)),
        spans=(Span(""), Span("人数（人）", 2), Span("票数（张）", 5)),
        rows=[
            (
                *(row.category, row.due, row.present, row.issued),
                *(row.returned, row.abstained, row.void, row.unused),
            )
            for row in rows
        ],
        bold=tuple(at for at, row in enumerate(rows) if row.total),
    )


def _filled(item: ItemTable) -> tuple[list[Column], list[list[Cell]], list[Span]]:
    """The columns that hold anything, their cells and the heads above them."""
    left = [Column("序号", 1, "centre"), Column("单位", 4)]
    counts = [Column(grade, 1, "right") for grade in item.grades]
    others = [Column(head, 1, "right") for head in item.other_heads]
    last: list[tuple[Column, list[Cell]]] = [
        (Column("得分", 1.3, "right"), [row.points for row in item.rows]),
        (Column("名次", 1, "right"), [row.rank for row in item.rows]),
        (Column("等次", 1.2, "centre"), [row.band for row in item.rows]),
        (Column("备注", 2), [row.note for row in item.rows]),
    ]
    kept = [(column, cells) for column, cells in last if any(c not in (None, "") for c in cells)]
    rows: list[list[Cell]] = [
        [number, row.unit, *row.counts, *row.others, *(cells[number - 1] for _, cells in kept)]
        for number, row in enumerate(item.rows, 1)
    ]
    spans = [Span("", 2)]
    spans += [Span(item.count_head, len(counts))] if counts else []
    spans += [Span("其他", len(others))] if others else []
    spans += [Span("评定", len(kept))] if kept else []
    return [*left, *counts, *others, *(column for column, _ in kept)], rows, spans


def item_table(item: ItemTable, caption: str = "") -> Table:
    """One rated item as a table, for whichever paper shows it."""
    columns, rows, spans = _filled(item)
    return Table(tuple(columns), rows, caption, item.note, tuple(spans))


def _small(sheet: ResultSheet) -> tuple[str, ...]:
    head = sheet.head
    lines = [f"票箱日志根（共 {head.size} 条）：{head.root}"]
    lines += [f"签名：{head.signature}"] if head.signature else []
    lines += [f"验签公钥：{head.key}"] if head.key else []
    lines += [f"签名时间：{head.signed_at}"] if head.signed_at else []
    lines += [f"审计链根：{sheet.audit_root}"] if sheet.audit_root else []
    if head.qr:
        lines.append("扫码可得链头；用公开的票箱文件可以独立复算本表。")
    return tuple(lines)
