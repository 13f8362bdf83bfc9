"""Rule tables: what an office decides for itself, with what it starts with and what a row must be.

Handbook section 4. Everything here is practice that differs from place to place, so each table is
data with a history (`RuleTable`); this module says only which columns a table has and which rows a
new office begins with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bihuan.base.text import zh
from bihuan.ledger.rules.states import RECT_KINDS, RISKS

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: `code` names the row, `whole` is a number of at least `least`.

    A choice is one of `choices`, or, where `of` names another rule table, one of its codes.
    """

    code: str
    label: str
    kind: Literal["code", "text", "whole", "choice", "flag"]
    choices: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    least: int = 0
    most: int = 100_000
    longest: int = 100  # signs of a text
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
    "orange": zh("橙"),
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
# Handbook section 4: slips differ by place. Criticism in public needs approval by the regulation on
# government supervision, article 21; so does whatever an office marks here.
SLIPS = (
    (
        "none",
        zh("提醒"),
        "Reminder",
        "quiet",
        False,
        False,
        zh("请按时限完成整改，提交佐证，申请销号。确有困难的，在到期之前申请延期。"),
        "Finish in time, bring evidence and ask for closing. If that cannot be done, ask for an "
        "extension before the due date.",
    ),
    (
        "blue",
        zh("蓝单"),
        "Blue slip",
        "info",
        True,
        False,
        zh("该问题已超过时限。请立即整改，在台账中填报进展，说明原因和完成日期。"),
        "The due date has passed. Act at once, report progress in the ledger, and give the reason "
        "and the day of completion.",
    ),
    (
        "yellow",
        zh("黄单"),
        "Yellow slip",
        "warn",
        True,
        False,
        zh("该问题逾期后仍未完成。请负责人亲自过问，定出措施和完成日期，在台账中填报。"),
        "Still not done after the due date. The head sees to it in person, sets measures and a day "
        "of completion, and reports them in the ledger.",
    ),
    (
        "red",
        zh("红单"),
        "Red slip",
        "bad",
        True,
        False,
        zh("该问题长时间逾期。请责任领导督促，查明原因，限期完成，并书面报告。"),
        "Long overdue. The responsible leader finds the cause, sees to completion by a set day, "
        "and reports in writing.",
    ),
    (
        "talk",
        zh("约谈"),
        "Talk",
        "bad",
        True,
        True,
        zh("该问题逾期严重，经多次督办仍未完成。请责任领导约谈牵头单位负责人。"),
        "Gravely overdue and not done after several slips. The responsible leader calls in the "
        "head of the lead unit for a talk.",
    ),
    (
        "bulletin",
        zh("通报"),
        "Bulletin",
        "bad",
        True,
        True,
        zh("该问题逾期严重，列入通报。请牵头单位说明原因，限期完成。"),
        "Gravely overdue; named in a bulletin. The lead unit states the reason and completes by a "
        "set day.",
    ),
)

_LADDER = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("when", zh("何时"), "choice", RUNG_WHEN),
    _DAYS,
    Column("slip", zh("形式"), "choice", {one[0]: one[1] for one in SLIPS}, of="slips"),
    Column("to", zh("发给"), "choice", RECEIVERS),
)
_SLIPS = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("tone", zh("颜色"), "choice", TONES),
    Column("sign", zh("须签收"), "flag"),
    Column("approval", zh("须批准"), "flag"),
    Column("asks", zh("要求"), "text", longest=300),
    Column("asks_en", zh("英文要求"), "text", longest=600, required=False),
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
            ("extension_ahead", zh("延期须在到期前至少多少天提出"), 0),
            ("soon_days", zh("到期前多少天算临期"), 7),
            ("immediate_days", zh("导入的“立行立改”没有日期时，给多少天"), 5),
            ("standing_days", zh("导入的“长期坚持”没有日期时，多少天后检查"), 180),
            ("mail_again_days", zh("没有发出的催办邮件，多少天之内再发"), 7),
            ("token_days", zh("接口令牌最长有效多少天"), 366),
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
        zh(
            "从轻到重。每天每个问题至多发最重的一级；同一时限同一级只发一次；须批准的，批准后才发。"
        ),
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
    "slips": Plan(
        zh("督办单的形式"),
        zh(
            "各级催办用什么单子、什么颜色、要求什么；通报、约谈按条例须经批准。已发出的照当时的内容。"
        ),
        _SLIPS,
        _rows(_SLIPS, *SLIPS),
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
    yield from _CHECKS.get(plan.name, _nothing)(rows)


def complete(plan: Plan, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Stored rows as the table is now: columns and fixed rows that came later get their start.

    An office keeps what it has set when a new version of the house adds a column or a number.
    """
    start = {row["code"]: row for row in plan.rows}
    told = [{**_blank(plan), **start.get(row["code"], {}), **row} for row in rows]
    if plan.fixed:
        stored = {row["code"]: row for row in told}
        told = [dict(stored.get(code, row)) for code, row in start.items()]
    return tuple({c.code: row[c.code] for c in plan.columns} for row in told)


def _blank(plan: Plan) -> dict[str, Any]:
    empty: dict[str, Any] = {"whole": 0, "flag": False}
    return {c.code: next(iter(c.choices), empty.get(c.kind, "")) for c in plan.columns}


def offering(plan: Plan, words: Mapping[str, Mapping[str, str]]) -> Plan:
    """The plan with the codes of other tables as choices; `words` are their codes and names."""
    columns = tuple(replace(c, choices=words[c.of]) if c.of else c for c in plan.columns)
    return replace(plan, columns=columns)


def referring() -> list[tuple[str, str, str]]:
    """Which tables use the codes of another one: user, its column, used."""
    return [(code, c.code, c.of) for code, plan in TABLES.items() for c in plan.columns if c.of]


# What one table asks for beyond its columns -------------------------------------------------------


def _nothing(_rows: Sequence[Row]) -> Iterator[Fault]:
    yield from ()


def _of_lamps(rows: Sequence[Row]) -> Iterator[Fault]:
    """Every open finding gets a lamp; what is or was late can never be shown green."""
    if rows and rows[-1].get("when") != "else":
        yield Fault(zh("最后一行的条件须是“其他情形”，否则有的问题无灯可亮。"), {})
    caught = False
    for number, row in enumerate(rows, start=1):
        when, green = row.get("when"), row.get("tone") == "good"
        if green and when in ("overdue", "missed"):
            yield Fault(
                zh("第 %(row)d 行：逾期或曾经逾期的不能亮绿灯。请换一种颜色。"), {"row": number}
            )
        elif green and not caught:
            sentence = zh("第 %(row)d 行：绿灯之前须先有“曾经逾期”一行，否则逾期过的会变回绿灯。")
            yield Fault(sentence, {"row": number})
        caught = caught or when == "missed"


def _of_conflicts(rows: Sequence[Row]) -> Iterator[Fault]:
    for row in rows:
        if row.get("code") in ALWAYS and not row.get("forbids"):
            yield Fault(zh("“%(name)s”不得核查，这一条不能取消。"), {"name": row.get("name")})


def _of_recheck(rows: Sequence[Row]) -> Iterator[Fault]:
    for number, row in enumerate(rows, start=1):
        first, last = row.get("from_days"), row.get("to_days")
        if isinstance(first, int) and isinstance(last, int) and first > last:
            yield Fault(zh("第 %(row)d 行：最早不得晚于最迟。请改正。"), {"row": number})


def _of_signatures(rows: Sequence[Row]) -> Iterator[Fault]:
    """A value that no finding can have would be a rule that never holds."""
    known: dict[Any, Mapping[str, str]] = {"risk": RISKS, "rect_kind": RECT_KINDS}
    for number, row in enumerate(rows, start=1):
        values = known.get(row.get("field"))
        if values is not None and row.get("value") and row["value"] not in values:
            params = {"row": number, "found": row["value"], "codes": "、".join(values)}
            sentence = zh("第 %(row)d 行：没有“%(found)s”这个值。可填：%(codes)s。")
            yield Fault(sentence, params)


def _of_ladder(rows: Sequence[Row]) -> Iterator[Fault]:
    """From light to grave means from early to late, else a graver rung would swallow a lighter."""
    last = None
    for number, row in enumerate(rows, start=1):
        days = row.get("days")
        if not isinstance(days, int) or row.get("when") not in RUNG_WHEN:
            continue
        at = -days if row["when"] == "before" else days
        if last is not None and at < last:
            yield Fault(zh("第 %(row)d 行：比上一行来得早。请按从早到晚排列。"), {"row": number})
        last = at


_CHECKS = {
    TABLES["lamps"].name: _of_lamps,
    TABLES["conflicts"].name: _of_conflicts,
    TABLES["recheck"].name: _of_recheck,
    TABLES["signatures"].name: _of_signatures,
    TABLES["ladder"].name: _of_ladder,
}


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
            elif len(text) > column.longest:
                sentence = zh("第 %(row)d 行“%(column)s”：不得超过 %(most)d 个字。")
                yield Fault(sentence, params | {"most": column.longest})
            elif column.kind == "code" and not text.replace("_", "").replace("-", "").isalnum():
                yield Fault(
                    zh("第 %(row)d 行“%(column)s”：只能用字母、数字和连字符。请改正。"), params
                )
