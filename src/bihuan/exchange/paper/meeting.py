"""Papers around a meeting: plan (方案), sign-in sheet (签到表), agenda (议程), 整改方案."""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.exchange.paper.document import (
    LETTER,
    SHEET,
    WIDE,
    Cell,
    Closing,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Part,
    Signatures,
    SmallPrint,
    Table,
    Title,
)


@dataclass(frozen=True)
class Section:
    """方案的一节：标题（自带序号）、段落、可有一张表。"""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Plan:
    """方案：测评会议方案、民主生活会方案等。"""

    title: str
    number: str
    opening: str
    sections: Sequence[Section]
    issuer: str
    issued_on: str
    audit_root: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Notice:
    """会议通知：发给谁、缘由、各节、落款。"""

    title: str
    number: str
    to: str
    opening: str
    sections: Sequence[Section]
    issuer: str
    issued_on: str
    mark: str = ""


@dataclass(frozen=True)
class Attendee:
    """签到表的一行；`signed` 为已电子签到的时间，未签留空。"""

    name: str
    post: str = ""
    unit: str = ""
    signed: str = ""


@dataclass(frozen=True)
class SignInSheet:
    """签到表。"""

    meeting: str
    date_text: str
    place: str
    attendees: Sequence[Attendee]
    due: Cell = None
    present: Cell = None
    mark: str = ""


@dataclass(frozen=True)
class AgendaItem:
    """议程的一项：时刻、事项、主讲（职务）、分钟数。"""

    time: str
    item: str
    speaker: str = ""
    minutes: Cell = None


@dataclass(frozen=True)
class Agenda:
    """议程。"""

    meeting: str
    date_text: str
    place: str
    host: str
    items: Sequence[AgendaItem]
    recorder: str = ""
    notes: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class Rectification:
    """整改方案的一行：问题、措施、牵头单位、责任人（职务）、时限、类型。"""

    problem: str
    measures: str
    lead: str
    owner: str
    due: str
    kind: str = ""


@dataclass(frozen=True)
class RectificationPlan:
    """整改方案：问题清单逐条到措施、责任、时限。"""

    title: str
    unit: str
    date_text: str
    rows: Sequence[Rectification]
    opening: str = ""
    signers: tuple[str, ...] = ("主要负责人", "审核人")
    audit_root: str = ""
    mark: str = ""


def plan(paper: Plan) -> Document:
    """方案。"""
    parts: list[Part] = [Title(paper.title, paper.number)]
    parts += [Paragraph(paper.opening)] if paper.opening else []
    parts += _sections(paper.sections)
    parts.append(Closing(paper.issuer, paper.issued_on))
    parts += _root(paper.audit_root)
    return Document(paper.title.replace("\n", ""), parts, LETTER, paper.mark)


def notice(paper: Notice) -> Document:
    """会议通知。"""
    parts: list[Part] = [
        Title(paper.title, paper.number),
        Paragraph(f"{paper.to}：", indent=False),
        Paragraph(paper.opening),
        *_sections(paper.sections),
        Closing(paper.issuer, paper.issued_on),
    ]
    return Document(paper.title.replace("\n", ""), parts, LETTER, paper.mark)


def _sections(sections: Sequence[Section]) -> list[Part]:
    parts: list[Part] = []
    for section in sections:
        parts.append(Heading(section.heading))
        parts += [Paragraph(text) for text in section.paragraphs]
        parts += [section.table] if section.table else []
    return parts


def sign_in_sheet(sheet: SignInSheet) -> Document:
    """签到表。"""
    pairs: list[tuple[str, Cell]] = [("时间", sheet.date_text), ("地点", sheet.place)]
    pairs += [("应到", sheet.due)] if sheet.due is not None else []
    pairs += [("实到", sheet.present)] if sheet.present is not None else []
    columns = (
        *(Column("序号", 0.7, "centre"), Column("姓名", 1.6), Column("单位", 2.6)),
        *(Column("职务", 2.2), Column("签到", 2)),
    )
    rows = [
        (number, who.name, who.unit, who.post, who.signed)
        for number, who in enumerate(sheet.attendees, 1)
    ]
    parts: list[Part] = [
        Title("签到表", over=sheet.meeting),
        Facts(pairs, per_row=2),
        Table(columns, rows, row_height=9),
    ]
    return Document(f"{sheet.meeting}签到表", parts, SHEET, sheet.mark)


def agenda(paper: Agenda) -> Document:
    """议程。"""
    pairs = (
        *(("时间", paper.date_text), ("地点", paper.place)),
        *(("主持人", paper.host), ("记录人", paper.recorder)),
    )
    columns = (
        *(Column("序号", 0.7, "centre"), Column("时刻", 1, "centre"), Column("事项", 5)),
        *(Column("主讲", 2), Column("分钟", 0.8, "right")),
    )
    rows = [
        (number, item.time, item.item, item.speaker, item.minutes)
        for number, item in enumerate(paper.items, 1)
    ]
    parts: list[Part] = [
        Title("会议议程", over=paper.meeting),
        Facts([pair for pair in pairs if pair[1]], per_row=2),
        Table(columns, rows, row_height=9),
        *(Paragraph(text) for text in paper.notes),
    ]
    return Document(f"{paper.meeting}议程", parts, SHEET, paper.mark)


def rectification_plan(paper: RectificationPlan) -> Document:
    """整改方案。"""
    columns = (
        *(Column("序号", 0.6, "centre"), Column("问题", 4), Column("整改措施", 5)),
        *(Column("牵头单位", 2), Column("责任人", 1.8)),
        *(Column("完成时限", 1.8, "centre"), Column("类型", 1.2, "centre")),
    )
    rows = [
        (number, row.problem, row.measures, row.lead, row.owner, row.due, row.kind)
        for number, row in enumerate(paper.rows, 1)
    ]
    parts: list[Part] = [
        Title(paper.title),
        Facts((("单位", paper.unit), ("日期", paper.date_text)), per_row=2),
    ]
    parts += [Paragraph(paper.opening)] if paper.opening else []
    parts += [Table(columns, rows), Signatures(paper.signers), *_root(paper.audit_root)]
    return Document(paper.title.replace("\n", ""), parts, WIDE, paper.mark)


def _root(audit_root: str) -> list[Part]:
    return [SmallPrint((f"审计链根：{audit_root}",))] if audit_root else []
