"""The parts of a paper, as plain frozen data. How they look is `house.typ`'s.

Every text is shown letter by letter as it is: nothing in it is markup. Lengths are millimetres.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Align = Literal["left", "centre", "right"]
Cell = str | int | Decimal | None

# What a field so marked holds is scanned, not read: it becomes a QR code and needs no glyph.
SCANNED = {"scanned": True}


@dataclass(frozen=True)
class Layout:
    """版式：A4 的边距（毫米）、字号和行距（磅，从基线到基线）；页码为「— 1 —」或「第几页」。"""

    top: int
    bottom: int
    left: int
    right: int
    size: float
    pitch: float
    landscape: bool = False
    numbers: Literal["", "dashes", "count"] = "count"
    tagged: bool = True  # for screen readers; a ballot of 500 boxes grows twentyfold with it


# Official letters and schemes, GB/T 9704-2012: 22 lines of 28 characters of size 3 (15.75 pt).
LETTER = Layout(top=37, bottom=35, left=28, right=26, size=15.75, pitch=28.95, numbers="dashes")
# Sheets of figures: the same paper with room for tables.
SHEET = Layout(top=22, bottom=22, left=20, right=20, size=10.5, pitch=17)
WIDE = Layout(top=20, bottom=20, left=18, right=18, size=10.5, pitch=17, landscape=True)
# Cards to be cut apart, and ballots: no page number, they do not stay together.
CARDS = Layout(top=11, bottom=11, left=11, right=11, size=9.5, pitch=14, numbers="", tagged=False)
BALLOT = Layout(top=16, bottom=16, left=16, right=16, size=10.5, pitch=16, numbers="", tagged=False)


@dataclass(frozen=True)
class RedHead:
    """版头：发文机关标志、发文字号、签发人、紧急程度（GB/T 9704-2012，7.2），下有红色分隔线。

    `letter` is the form of a letter (10.1: two red lines, number at the right), `minutes` that of
    minutes (10.3: no addressee).
    """

    mark: str
    number: str = ""
    signer: str = ""
    urgency: str = ""
    form: Literal["document", "letter", "minutes"] = "document"


@dataclass(frozen=True)
class Title:
    """标题：居中，上有肩题，下有副题或文号；换行处由「\\n」指定，词意才完整。"""

    text: str
    subtitle: str = ""
    over: str = ""


@dataclass(frozen=True)
class Heading:
    """层次标题：「一、」「（一）」「1.」「（1）」四级；序号由内容自带。"""

    text: str
    level: Literal[1, 2, 3, 4] = 1


@dataclass(frozen=True)
class Paragraph:
    """正文段落：首行缩进两字；落款、日期用 align="right"，称谓用 indent=False。"""

    text: str
    align: Align = "left"
    indent: bool = True


@dataclass(frozen=True)
class Column:
    """表的一列：栏名、宽（各列宽之比）、对齐。数字列应靠右。"""

    head: str
    width: float = 1
    align: Align = "left"


@dataclass(frozen=True)
class Span:
    """栏名之上的一格，横跨 `columns` 列。"""

    text: str
    columns: int = 1


@dataclass(frozen=True)
class Table:
    """表：栏名在每页重复；`spans` 为上层栏名，跨度之和等于列数；`bold` 为加粗的行号（从 0 起）。"""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    note: str = ""
    spans: tuple[Span, ...] = ()
    bold: tuple[int, ...] = ()
    row_height: float = 0  # at least this high, for papers that are filled in by hand


@dataclass(frozen=True)
class Facts:
    """事实：成对的名称与内容，一行排 `per_row` 对。"""

    pairs: Sequence[tuple[str, Cell]]
    per_row: int = 1


@dataclass(frozen=True)
class Signatures:
    """签字栏：每项一条横线；`date_line` 另给「年 月 日」。"""

    labels: tuple[str, ...]
    date_line: bool = True


@dataclass(frozen=True)
class Closing:
    """落款：发文机关与成文日期，靠右。"""

    issuer: str
    date: str


@dataclass(frozen=True)
class Attachments:
    """附件说明：正文下空一行，左空二字；不止一件的编号（7.3.4）。"""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Imprint:
    """版记：抄送机关、印发机关和印发日期，在最后一面的最下面（7.4）。"""

    copies_to: str
    office: str
    date: str


@dataclass(frozen=True)
class FormLines:
    """供手写的横线：名称，其后 `lines` 条线。"""

    label: str
    lines: int = 1


@dataclass(frozen=True)
class TickGroup:
    """打勾表的一组栏：测评项，及其下各等次。"""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Ticks:
    """打勾表：每行一个对象，每组一个测评项，每格一个方框；`running` 在每页重复（如票号）。"""

    head: str
    rows: Sequence[str]
    groups: tuple[TickGroup, ...]
    running: str = ""


@dataclass(frozen=True)
class QR:
    """二维码，旁附说明。`text` 是扫码所得；边长 `size` 毫米，含四格静区。"""

    text: str = field(metadata=SCANNED)
    lines: tuple[str, ...] = ()
    size: float = 28


@dataclass(frozen=True)
class SmallPrint:
    """小字：审计根、链头、摘要；可在左侧附二维码。"""

    lines: tuple[str, ...]
    qr: str = field(default="", metadata=SCANNED)


@dataclass(frozen=True)
class Card:
    """一张可裁下的票证：抬头、类别、二维码、供人读的号码、用法。"""

    title: str
    kind: str
    qr: str = field(metadata=SCANNED)
    code: str
    lines: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class Cards:
    """票证：每行 `columns` 张，各高 `height` 毫米，之间有裁切线；放不下就到下一页。"""

    cards: Sequence[Card]
    columns: int = 2
    height: float = 54


@dataclass(frozen=True)
class PageBreak:
    """换页；`odd` 换到下一个奇数页（正反面打印时另起一张纸）。"""

    odd: bool = False


@dataclass(frozen=True)
class Space:
    """空白：`height` 毫米。"""

    height: float


Part = (
    RedHead
    | Title
    | Heading
    | Paragraph
    | Table
    | Facts
    | Signatures
    | Closing
    | Attachments
    | Imprint
    | FormLines
    | Ticks
    | QR
    | SmallPrint
    | Cards
    | PageBreak
    | Space
)


@dataclass(frozen=True)
class Document:
    """一份文书。`name` 记入 PDF 属性；`mark` 在每页右上角（如「示例数据」）。

    `foot` 在每页页脚左侧，只用于页码为「第几页」的版式。
    """

    name: str
    parts: Sequence[Part]
    layout: Layout = SHEET
    mark: str = ""
    foot: str = ""
