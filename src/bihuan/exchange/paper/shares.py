"""Key shares (密钥份额): one sealed sheet for each holder of a part of the box's key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bihuan.exchange.paper.document import (
    QR,
    SHEET,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Part,
    Signatures,
    SmallPrint,
    Table,
    Title,
)

_SHARE = replace(SHEET, numbers="")  # each sheet goes into an envelope of its own


@dataclass(frozen=True)
class KeyShare:
    """一份密钥份额：第几份、由谁（职务）保管、份额文字、扫码内容（为空则用份额文字）。"""

    number: int
    holder: str
    text: str
    qr: str = ""


@dataclass(frozen=True)
class ShareSheets:
    """一次会议的全部份额：每份一页，分别封存；`needed` 份合在一起才能开箱。"""

    meeting: str
    date_text: str
    shares: Sequence[KeyShare]
    needed: int
    public_key: str = ""
    mark: str = ""


def share_sheets(sheets: ShareSheets) -> Document:
    """密钥份额单。"""
    every = len(sheets.shares)
    parts: list[Part] = []
    for share in sheets.shares:
        if parts:
            parts.append(PageBreak(odd=True))  # never on the back of another holder's share
        parts += [
            Title("票箱密钥份额", over=sheets.meeting),
            Facts(
                (
                    ("时间", sheets.date_text),
                    ("保管人", share.holder),
                    ("份额", f"第 {share.number} 份，共 {every} 份"),
                    ("开箱", f"{every} 份中须有 {sheets.needed} 份到场"),
                ),
                per_row=2,
            ),
            Heading("一、份额"),
            QR(share.qr or share.text, ("投票关闭后，当众扫码或逐组输入下表文字。",), size=46),
            _grouped(share.text),
            Heading("二、保管"),
            Paragraph("本页是开箱凭据，不得复印、拍照或交给他人，封入信封并在封口签字。"),
            Paragraph(
                f"单独一份不能打开票箱，也看不到任何一票；少于 {sheets.needed} 份到场时，"
                "没有人能开箱。"
            ),
            Paragraph("计票完成、结果签字后，当众销毁本页。"),
            Signatures(("保管人", "见证人")),
        ]
        if sheets.public_key:
            parts.append(SmallPrint((f"票箱公钥：{sheets.public_key}",)))
    return Document(f"{sheets.meeting}密钥份额", parts, _SHARE, sheets.mark)


def _grouped(text: str) -> Table:
    """The share in numbered lines of short groups, to be typed in where no camera is.

    Lines and groups are those of the text itself, at its spaces and hyphens.
    """
    lines = [part.split("-") for part in text.split()]
    widest = max(len(line) for line in lines)
    rows: list[list[Cell]] = [
        [number, *line, *[""] * (widest - len(line))] for number, line in enumerate(lines, 1)
    ]
    columns = [Column("行", 0.6, "centre")]
    columns += [Column(f"第 {n} 组", 1, "centre") for n in range(1, widest + 1)]
    return Table(tuple(columns), rows)
