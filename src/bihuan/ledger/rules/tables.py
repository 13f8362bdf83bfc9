"""Rule tables: what an office decides for itself, with what it starts with and what a row must be.

Handbook section 4. Everything here is practice that differs from place to place, so each table is
data with a history (`RuleTable`); this module says only which columns a table has and which rows a
new office begins with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bihuan.base.text import zh
from bihuan.ledger.rules.states import SLIPS

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: `code` names the row, `whole` is a number of at least `least`."""

    code: str
    label: str
    kind: Literal["code", "text", "whole", "choice", "flag"]
    choices: Mapping[str, str] = field(default_factory=dict)
    least: int = 0
    most: int = 100_000
    required: bool = True


@dataclass(frozen=True)
class Plan:
    """A rule table: its columns, what it starts with, whether rows may come and go."""

    name: str
    intro: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    fixed: bool = False
    ordered: bool = False


def _rows(columns: Sequence[Column], *lines: Sequence[Any]) -> tuple[Row, ...]:
    return tuple({c.code: v for c, v in zip(columns, line, strict=True)} for line in lines)


_CODE = Column("code", zh("代码"), "code")
_NAME = Column("name", zh("名称"), "text")
_NAME_EN = Column("name_en", zh("英文名称"), "text", required=False)
_DAYS = Column("days", zh("天数"), "whole")

_LIMITS = (_CODE, _NAME, Column("value", zh("数值"), "whole"))
_WORDS = (_CODE, _NAME, _NAME_EN)
TONES = {
    "good": zh("绿"),
    "info": zh("蓝"),
    "warn": zh("黄"),
    "bad": zh("红"),
    "quiet": zh("灰"),
}
LAMP_WHEN = {
    "overdue": zh("逾期满这么多天"),
    "missed": zh("曾经逾期"),
    "left": zh("剩余不超过这么多天"),
    "else": zh("其他情形"),
}
_LAMPS = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("tone", zh("颜色"), "choice", TONES),
    Column("when", zh("条件"), "choice", LAMP_WHEN),
    _DAYS,
)
RUNG_WHEN = {"before": zh("到期前"), "after": zh("逾期后")}
RECEIVERS = {
    "owner": zh("责任人"),
    "head": zh("牵头单位负责人"),
    "leader": zh("责任领导"),
}
_LADDER = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("when", zh("何时"), "choice", RUNG_WHEN),
    _DAYS,
    Column("slip", zh("形式"), "choice", SLIPS),
    Column("to", zh("发给"), "choice", RECEIVERS),
)
SIGNED_BY = {
    "risk": zh("风险"),
    "source": zh("问题来源"),
    "category": zh("问题类别"),
    "rect_kind": zh("整改类型"),
}
_SIGNATURES = (
    _CODE,
    Column("field", zh("看哪一项"), "choice", SIGNED_BY),
    Column("value", zh("其值为"), "text"),
    Column("signatures", zh("核查签字人数"), "whole", least=1, most=5),
)
CONFLICTS = {
    "acted": zh("参与过整改的人"),
    "same_unit": zh("在牵头、配合单位任职的人"),
    "below": zh("在牵头单位的下级单位任职的人"),
    "leader": zh("责任领导本人"),
    "raised": zh("提出问题的人"),
}
# The handbook's own rule; an office may add to it but never take it away.
ALWAYS = frozenset({"acted", "same_unit"})
_CONFLICTS = (_CODE, _NAME, Column("forbids", zh("不得核查"), "flag"))
_RECHECK = (
    _CODE,
    _NAME,
    Column("share", zh("抽查比例（%）"), "whole", most=100),
    Column("from_days", zh("销号后最早多少天"), "whole"),
    Column("to_days", zh("销号后最迟多少天"), "whole"),
)
_SIGNS = (
    _CODE,
    _NAME,
    Column("on", zh("启用"), "flag"),
    Column("threshold", zh("界限"), "whole"),
)

TABLES: dict[str, Plan] = {
    "limits": Plan(
        zh("期限与次数"),
        zh("办公室自己定的数。"),
        _LIMITS,
        _rows(
            _LIMITS,
            ("extensions", zh("一个问题最多延期几次"), 2),
            ("soon_days", zh("到期前多少天算临期"), 7),
            ("immediate_days", zh("导入的“立行立改”没有日期时，给多少天"), 5),
            ("standing_days", zh("导入的“长期坚持”没有日期时，多少天后检查"), 180),
            ("likeness", zh("同一地点，文字相似到百分之几算疑似重复"), 30),
            ("likeness_alone", zh("没有地点，文字相似到百分之几算疑似重复"), 75),
        ),
        fixed=True,
    ),
    "sources": Plan(
        zh("问题来源"),
        zh("台账“问题来源”一栏可选的来源。代码用过以后不要改。"),
        _WORDS,
        _rows(
            _WORDS,
            ("meeting", zh("会议"), "Meeting"),
            ("supervision", zh("督导检查"), "Supervision"),
            ("ballot", zh("测评"), "Rating"),
            ("public", zh("群众意见"), "Residents' opinions"),
            ("figures", zh("数据疑点"), "Doubt about figures"),
            ("recheck", zh("回头看"), "Re-check"),
            ("other", zh("其他"), "Other"),
        ),
    ),
    "check_ways": Plan(
        zh("核查方式"),
        zh("政府督查工作条例第十二条所列的方式，可增减。"),
        _WORDS,
        _rows(
            _WORDS,
            ("papers", zh("书面核查"), "Papers"),
            ("visit", zh("现场核查"), "Visit"),
            ("unannounced", zh("暗访"), "Unannounced visit"),
            ("talk", zh("访谈"), "Talk"),
            ("online", zh("线上核查"), "Online"),
        ),
    ),
    "lamps": Plan(
        zh("亮灯规则"),
        zh("从上往下看，符合哪一条就亮哪盏灯；各地颜色不同，可改。曾经逾期的，不再变绿。"),
        _LAMPS,
        _rows(
            _LAMPS,
            ("red", zh("红灯"), "Red", "bad", "overdue", 1),
            ("missed", zh("黄灯（曾逾期）"), "Yellow (was late)", "warn", "missed", 0),
            ("yellow", zh("黄灯"), "Yellow", "warn", "left", 7),
            ("green", zh("绿灯"), "Green", "good", "else", 0),
        ),
        ordered=True,
    ),
    "ladder": Plan(
        zh("催办阶梯"),
        zh("从轻到重。每天每个问题至多发最重的一级；同一时限同一级只发一次。"),
        _LADDER,
        _rows(
            _LADDER,
            ("remind", zh("到期提醒"), "Reminder", "before", 3, "none", "owner"),
            ("blue", zh("督办蓝单"), "Blue slip", "after", 1, "blue", "head"),
            ("yellow", zh("督办黄单"), "Yellow slip", "after", 7, "yellow", "head"),
            ("red", zh("督办红单"), "Red slip", "after", 15, "red", "leader"),
            ("talk", zh("领导约谈"), "Leader's talk", "after", 30, "talk", "leader"),
            ("bulletin", zh("通报"), "Bulletin", "after", 45, "bulletin", "leader"),
        ),
        ordered=True,
    ),
    "signatures": Plan(
        zh("双人核查"),
        zh("符合任何一条的问题，须由这么多不同的人核查通过，才能销号。"),
        _SIGNATURES,
        _rows(_SIGNATURES, ("high", "risk", "high", 2)),
    ),
    "conflicts": Plan(
        zh("核查回避"),
        zh("哪些人不得核查、销号、审批。前两条是底线，不能取消。"),
        _CONFLICTS,
        _rows(
            _CONFLICTS,
            *((code, name, code in ALWAYS or code == "leader") for code, name in CONFLICTS.items()),
        ),
        fixed=True,
    ),
    "recheck": Plan(
        zh("回头看"),
        zh("按风险定抽查比例和时间；抽样的种子公布，任何人都可以重抽核对。"),
        _RECHECK,
        _rows(
            _RECHECK,
            ("high", zh("高风险"), 100, 90, 180),
            ("medium", zh("中风险"), 50, 90, 180),
            ("low", zh("低风险"), 20, 90, 180),
        ),
        fixed=True,
    ),
    "signs": Plan(
        zh("纸面整改的迹象"),
        zh("出现迹象的，列入回头看；只提示，不下结论。"),
        _SIGNS,
        _rows(
            _SIGNS,
            ("last_hours", zh("到期前最后几小时才申请销号"), True, 1),
            ("same_file", zh("同一份佐证用于这么多个以上的问题"), True, 1),
            ("old_evidence", zh("佐证形成于问题提出之前这么多天以上"), True, 0),
            ("never_refuses", zh("核查人核查满这么多次，从未退回过"), True, 20),
        ),
        fixed=True,
    ),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row: which sentence, and what goes into it."""

    sentence: str
    params: Mapping[str, Any]


def faults(plan: Plan, rows: Sequence[Row]) -> Iterator[Fault]:
    """Every reason why these rows cannot become the table."""
    seen: set[str] = set()
    if not rows:
        yield Fault(zh("表不能是空的。请至少留一行。"), {})
    for number, row in enumerate(rows, start=1):
        for column in plan.columns:
            yield from _of_cell(column, row.get(column.code), number)
        code = str(row.get("code") or "")
        if code in seen:
            params = {"row": number, "code": code}
            yield Fault(zh("第 %(row)d 行：代码“%(code)s”用了不止一次。请换一个。"), params)
        seen.add(code)
    wanted = {row["code"] for row in plan.rows}
    if plan.fixed and rows and seen != wanted:
        yield Fault(zh("这张表的行不能增减，只能改数值。请刷新页面再改。"), {})
    if plan is TABLES["lamps"] and rows and rows[-1].get("when") != "else":
        yield Fault(zh("最后一行的条件须是“其他情形”，否则有的问题无灯可亮。"), {})
    if plan is TABLES["conflicts"]:
        for row in rows:
            if row.get("code") in ALWAYS and not row.get("forbids"):
                yield Fault(zh("“%(name)s”不得核查，这一条不能取消。"), {"name": row.get("name")})
    if plan is TABLES["recheck"]:
        for number, row in enumerate(rows, start=1):
            first, last = row.get("from_days"), row.get("to_days")
            if isinstance(first, int) and isinstance(last, int) and first > last:
                yield Fault(zh("第 %(row)d 行：最早不得晚于最迟。请改正。"), {"row": number})


def _of_cell(column: Column, value: Any, number: int) -> Iterator[Fault]:
    params = {"row": number, "column": column.label, "found": value}
    match column.kind:
        case "whole":
            if not isinstance(value, int) or isinstance(value, bool):
                yield Fault(zh("第 %(row)d 行“%(column)s”：应为整数。请改正。"), params)
            elif not column.least <= value <= column.most:
                params |= {"least": column.least, "most": column.most}
                yield Fault(
                    zh("第 %(row)d 行“%(column)s”：应在 %(least)d 到 %(most)d 之间。请改正。"),
                    params,
                )
        case "choice":
            if value not in column.choices:
                yield Fault(zh("第 %(row)d 行“%(column)s”：请选一个。"), params)
        case "flag":
            if not isinstance(value, bool):
                yield Fault(zh("第 %(row)d 行“%(column)s”：应为是或否。"), params)
        case _:
            text = value.strip() if isinstance(value, str) else ""
            if column.required and not text:
                yield Fault(zh("第 %(row)d 行“%(column)s”：请填写。"), params)
            elif len(text) > 100:
                yield Fault(zh("第 %(row)d 行“%(column)s”：不得超过 100 个字。"), params)
            elif column.kind == "code" and not text.replace("_", "").replace("-", "").isalnum():
                yield Fault(
                    zh("第 %(row)d 行“%(column)s”：只能用字母、数字和连字符。请改正。"), params
                )
