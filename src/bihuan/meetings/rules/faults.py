"""What is wrong with a plan, all at once: read off its fields, its tables, and these together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from bihuan.base.text import zh
from bihuan.meetings.rules.numbers import fraction
from bihuan.meetings.rules.plan import FIELDS, TABLES, Column, Document, Field, rated


@dataclass(frozen=True)
class Fault:
    """What is wrong: which sentence, what goes into it, and of which table."""

    sentence: str
    params: Mapping[str, Any] = field(default_factory=dict)
    table: str = ""


def faults(document: Document) -> list[Fault]:
    """Every reason why this plan cannot be handed in, all at once."""
    return [
        *_of_fields(document),
        *(fault for code in TABLES for fault in _of_table(document, code)),
        *_of_units(document),
        *_together(document),
    ]


def _of_fields(document: Document) -> Iterator[Fault]:
    for code, one in FIELDS.items():
        value = document.get(code, "")
        told: dict[str, Any] = {"field": one.label}
        if value in ("", None):
            if one.required:
                yield Fault(zh("“%(field)s”没有填。请填上。"), told)
        elif one.kind == "whole" and not _within(value, one.least, one.most):
            told |= {"least": one.least, "most": one.most}
            yield Fault(zh("“%(field)s”应为 %(least)s 至 %(most)s 的整数。请改正。"), told)
        elif one.kind == "choice" and value not in _choices(document, one):
            yield Fault(zh("“%(field)s”不在可选的范围里。请重新选择。"), told)
        elif one.kind == "date" and _day(value) is None:
            yield Fault(zh("“%(field)s”不是日期。请改正。"), told)


def _of_table(document: Document, table: str) -> Iterator[Fault]:
    rows: Sequence[Mapping[str, Any]] = document[table]
    named = {"table": TABLES[table].label}
    if not rows and table != "uses":
        yield Fault(zh("“%(table)s”是空的。请至少写一行。"), named, table)
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        for column in TABLES[table].columns:
            told = {**named, "row": number, "column": column.label}
            yield from _of_cell(document, column, row.get(column.code, ""), told, table)
        code = str(row.get("code", ""))
        if code and code in seen:
            told = {**named, "row": number, "code": code}
            yield Fault(
                zh("“%(table)s”第 %(row)s 行：代码“%(code)s”用了不止一次。请换一个。"), told, table
            )
        seen.add(code)


def _of_cell(
    document: Document, column: Column, value: Any, told: Mapping[str, Any], table: str
) -> Iterator[Fault]:
    if value in ("", None):
        if column.required:
            yield Fault(zh("“%(table)s”第 %(row)s 行：“%(column)s”没有填。请填上。"), told, table)
        return
    match column.kind:
        case "code" if not str(value).replace("-", "").isalnum() or not str(value).isascii():
            yield Fault(
                zh("“%(table)s”第 %(row)s 行：代码只用小写字母、数字和连字符。请改正。"),
                told,
                table,
            )
        case "number":
            found = fraction(value)
            if found is None or not column.least <= found <= column.most:
                yield Fault(
                    zh("“%(table)s”第 %(row)s 行：“%(column)s”应为不小于零的数。请改正。"),
                    told,
                    table,
                )
        case "whole" if not _within(value, column.least, column.most):
            params = {**told, "least": column.least, "most": column.most}
            yield Fault(
                zh(
                    "“%(table)s”第 %(row)s 行：“%(column)s”应为 %(least)s 至 %(most)s 的整数。"
                    "请改正。"
                ),
                params,
                table,
            )
        case "choice" if value not in _choices(document, column):
            yield Fault(
                zh("“%(table)s”第 %(row)s 行：“%(column)s”不在可选的范围里。请重新选择。"),
                told,
                table,
            )


def _of_units(document: Document) -> Iterator[Fault]:
    units = document["units"]
    if not units:
        yield Fault(zh("还没有述职单位。请从机构名册里选。"), {}, "units")
    codes = [one["code"] for one in units]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Fault(zh("单位“%(unit)s”列了不止一次。请删去一行。"), {"unit": code}, "units")
    if units and not rated(document):
        yield Fault(
            zh("没有一个单位参加测评。请让书面述职的单位也测评，或改为现场述职。"), {}, "units"
        )


def _together(document: Document) -> Iterator[Fault]:
    """What only shows when several settings are read together."""
    held, due = _day(document.get("held_on")), _day(document.get("reports_due"))
    if held and due and due > held:
        yield Fault(zh("述职报告的截止日期晚于会议日期。请改早。"))
    if document.get("seal") == "shares" and _number(document, "share_need") > _number(
        document, "share_of"
    ):
        yield Fault(zh("开箱需要的密钥份数多于总份数。请改少。"))
    if document.get("cap_grade") and document.get("cap_most") in ("", None):
        yield Fault(zh("选了限额的等次，却没有写限额几个。请补上，或不选等次。"))
    for table in ("items", "categories", "parts"):
        weights = [fraction(row.get("weight")) for row in document[table]]
        if weights and all(weight is not None for weight in weights) and not any(weights):
            told = {"table": TABLES[table].label}
            yield Fault(zh("“%(table)s”的权重全是零。请至少给一项权重。"), told, table)
    if document["parts"] and "ballot" not in [row.get("code") for row in document["parts"]]:
        yield Fault(
            zh(
                "“综合评价的组成”里没有代码为 ballot 的一行（现场测评）。"
                "请补上，不计入就把权重写 0。"
            ),
            {},
            "parts",
        )
    yield from _of_grades(document["grades"])


def _of_grades(grades: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Grades run from the best to the worst, in points and in lower limits."""
    for column, label in (("points", zh("分值")), ("least", zh("等次下限"))):
        told = [fraction(row.get(column)) for row in grades]
        known = [value for value in told if value is not None]
        if len(known) == len(told) and any(a <= b for a, b in pairwise(known)):
            yield Fault(
                zh("“等次”应从高到低排，“%(column)s”逐行减小。请改正。"),
                {"column": label},
                "grades",
            )


def _choices(document: Document, one: Field | Column) -> set[str]:
    if one.of:
        return {str(row.get("code")) for row in document[one.of]}
    return set(one.choices)


def _within(value: Any, least: int, most: int) -> bool:
    text = str(value)
    return text.isdecimal() and len(text) < 9 and least <= int(text) <= most


def _number(document: Document, code: str) -> int:
    text = str(document.get(code, ""))
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
