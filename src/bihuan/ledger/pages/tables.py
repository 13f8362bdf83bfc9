"""Rule tables as pages: how each stands, how it stood, what changed, and a form to change it.

A change is shown before it is saved: row by row, and what it would do to the ledger today.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.ledger import queries, rules
from bihuan.ledger.forms.office import CompareForm, TableForm, name_of
from bihuan.ledger.models import RuleTable
from bihuan.ledger.rules.tables import SIGNED_BY, TABLES, Plan
from bihuan.ledger.rules.tables import Column as RuleColumn
from bihuan.ledger.rules.tables import Row as RuleRow
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    FormPanel,
    Grid,
    GridCell,
    Link,
    ListPage,
    Panel,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

_BY = ("by__person", "by__unit")


def tables() -> ListPage:
    """All rule tables: what each is for, which version holds, since when."""
    heads = columns(_("规则表"), Column(_("用途"), wide=True), _("版本"), _("自何时"), _("依据"))
    lines = tuple(
        _about(code, plan, queries.history(code).first()) for code, plan in TABLES.items()
    )
    return ListPage(
        _("规则表"),
        Table(heads, lines),
        _("各地做法不同的，都在这里由办公室自己定；每次改动另存一版，写明依据，旧版永远可查。"),
        links=(Link(_("返回台账"), reverse("ledger:index")),),
    )


def _about(code: str, plan: Plan, newest: RuleTable | None) -> Row:
    return row(
        Cell(_(plan.name), href=reverse("ledger:table", args=[code])),
        _(plan.intro),
        numbered(newest.version if newest else 0),
        Cell(newest.created_at if newest else None, "date"),
        newest.source if newest else "",
    )


def numbered(number: int) -> str:
    return _("第 %(n)d 版") % {"n": number} if number else _("起始")


def table(
    code: str, by: Post, *, form: TableForm | None = None, version: str = "", against: str = ""
) -> DetailPage:
    """One rule table: how it stands, every version and what it changed, and the form to edit it.

    `version` shows the rows of an earlier version instead; with `against`, what changed from that
    one to it.
    """
    plan, history = queries.plan(code), list(queries.history(code).select_related(*_BY))
    stored = {str(one.version): one.rows for one in history} | {"0": plan.rows}
    here = reverse("ledger:table", args=[code])
    looking = form is not None and not form.errors
    panels: list[Panel] = []
    if version in stored and against in stored:
        panels.append(_compared(plan, against, version, stored))
    if form is not None and looking:
        panels += _preview(code, form)
    elif version in stored:
        title = _("%(version)s的内容") % {"version": numbered(int(version))}
        panels.append(Tables(title, as_table(plan, stored[version])))
    else:
        panels.append(Tables(_("现行内容"), as_table(plan, queries.table(code))))
    if people.may(by, "ledger.limits"):
        panels.append(grid(form or TableForm(code), here, looking))
    if code == "signatures":
        panels.append(_values())
    panels.append(Tables(_("历次版本"), versions(here, plan, history)))
    if history:
        panels.append(_compare(code, history, against, version))
    return DetailPage(
        _(plan.name),
        panels,
        tags=(Tag(numbered(history[0].version if history else 0), "info"),),
        kicker=_("规则表"),
        intro=_(plan.intro),
        links=(Link(_("全部规则表"), reverse("ledger:tables")),),
    )


def as_table(plan: Plan, rows: Sequence[RuleRow]) -> Table:
    """The rows of a rule table, told as they are."""
    heads = columns(*(_head(c) for c in plan.columns))
    lines = tuple(row(*(_cell(c, one.get(c.code)) for c in plan.columns)) for one in rows)
    return Table(heads, lines)


def _head(column: RuleColumn) -> Column:
    return Column(_(column.label), number=column.kind == "whole", wide=column.longest > 100)


def _cell(column: RuleColumn, value: Any) -> Cell | Tag:
    if column.code == "tone":
        return Tag(said(column, value), value)
    kinds: dict[str, Any] = {"code": "code", "whole": "number"}
    kind = kinds.get(column.kind)
    return Cell(value, kind) if kind else Cell(said(column, value))


def said(column: RuleColumn, value: Any) -> str:
    """One cell in words."""
    if column.kind == "flag":
        return _("是") if value else _("否")
    if column.kind == "choice" and value in column.choices:
        return _(column.choices[value])
    return _(str(value)) if value not in (None, "") else ""


# Versions -----------------------------------------------------------------------------------------


def versions(here: str, plan: Plan, history: Sequence[Any]) -> Table:
    """Every version with what it changed against the one before; what the house began with last."""
    heads = columns(
        _("版本"), _("时间"), _("经办"), Column(_("依据"), wide=True), Column(_("改动"), wide=True)
    )
    lines = []
    for i, version in enumerate(history):
        before = history[i + 1].rows if i + 1 < len(history) else plan.rows
        lines.append(
            row(
                Cell(numbered(version.version), href=f"{here}?version={version.version}"),
                Cell(version.created_at, "moment"),
                version.by.label() if version.by else _("系统"),
                version.source,
                " ".join(differences(plan, before, version.rows)),
            )
        )
    lines.append(row(Cell(numbered(0), href=f"{here}?version=0"), "", _("系统"), "", ""))
    return Table(heads, tuple(lines))


def _compare(code: str, history: Sequence[RuleTable], against: str, version: str) -> FormPanel:
    numbers = [*(one.version for one in history), 0]
    known = [(str(n), numbered(n)) for n in numbers]
    now, before = known[0][0], known[1][0]
    form = CompareForm(
        known, initial={"against": against or before, "version": version or now}, auto_id="c_%s"
    )
    here = reverse("ledger:table", args=[code])
    return FormPanel(_("比较两版"), form, here, _("比较"), folded=True, method="get")


def _compared(
    plan: Plan, against: str, version: str, stored: dict[str, Sequence[RuleRow]]
) -> Prose:
    told = differences(plan, stored[against], stored[version])
    title = _("从%(before)s到%(after)s的改动") % {
        "before": numbered(int(against)),
        "after": numbered(int(version)),
    }
    return Prose(title, "\n".join(told) or _("这两版内容相同。"))


def differences(plan: Plan, before: Sequence[RuleRow], after: Sequence[RuleRow]) -> list[str]:
    """What changed between two versions, one sentence each."""
    old, new = ({one["code"]: one for one in rows} for rows in (before, after))
    told = [
        _("增加“%(row)s”。") % {"row": _called(one)} for code, one in new.items() if code not in old
    ]
    told += [
        _("删去“%(row)s”。") % {"row": _called(one)} for code, one in old.items() if code not in new
    ]
    for code, one in new.items():
        for column in plan.columns if code in old else ():
            was, now = old[code].get(column.code, ""), one.get(column.code, "")
            if was != now:
                told.append(
                    _("“%(row)s”的%(column)s由“%(was)s”改为“%(now)s”。")
                    % {
                        "row": _called(old[code]),
                        "column": _(column.label),
                        "was": said(column, was),
                        "now": said(column, now),
                    }
                )
    kept = [code for code in new if code in old]
    if plan.ordered and kept != [code for code in old if code in new]:
        told.append(_("顺序改为：%(rows)s。") % {"rows": " → ".join(map(_called, after))})
    return told


def _called(one: RuleRow) -> str:
    return queries.label(one) if one.get("name") else str(one["code"])


# Before it is saved -------------------------------------------------------------------------------


def _preview(code: str, form: TableForm) -> list[Panel]:
    """将要改动：逐行写出，再说今天的台账会因此怎样；还没有保存。"""
    told = differences(form.plan, form.current, form.rows)
    effects = _effects(code, form, queries.effects(code, form.rows))
    return [
        Prose(_("将要改动（还没有保存）"), "\n".join(told)),
        Prose(_("今天会因此改变什么"), "\n".join(effects)),
        Tables(_("改后的内容"), as_table(form.plan, form.rows)),
    ]


# From when on a changed table holds, where that is not "at once, for everything".
def _since(code: str) -> str:
    told = {
        "signatures": _("只用于以后交办的问题；已交办的，仍按交办时定的签字人数。"),
        "signs": _("只用于以后销号的问题；已记下的迹象不变。"),
        "conflicts": _("保存后立即生效：核查、销号、审批都按新的规定。"),
        "limits": _("保存后立即生效；已经批准的延期、已经算出的时限、已经发出的令牌不变。"),
        "lamps": _("保存后今天起按新的规则亮灯；过去的日子仍按当时的规则。"),
        "ladder": _("已发出的不变；以后按新的阶梯发。"),
        "slips": _("已发出的督办单仍是发出时的样子。"),
        "recheck": _("已抽的样本不变；以后按新的比例和时间。"),
    }
    return told.get(code, _("已经写在台账里的，照旧显示原来的名称。"))


def _effects(code: str, form: TableForm, found: queries.Effects) -> Iterable[str]:
    if code == "lamps":
        yield from _moved(form, found.lamps)
    for sentence, numbers in (
        (_("今天要发的催办由 %(before)d 件变为 %(after)d 件。"), found.reminders),
        (_("现在应回头看的问题由 %(before)d 个变为 %(after)d 个。"), found.rechecks),
        (_("其中抽中的由 %(before)d 个变为 %(after)d 个。"), found.samples),
    ):
        if numbers is not None:
            yield sentence % {"before": numbers[0], "after": numbers[1]}
    for gone, n in found.gone.items():
        sentence = ngettext(
            "删去的“%(code)s”已用过 %(n)d 次，用过的照旧显示原来的名称。",
            "删去的“%(code)s”已用过 %(n)d 次，用过的照旧显示原来的名称。",
            n,
        )
        yield sentence % {"code": gone, "n": n}
    yield _since(code)


def _moved(form: TableForm, lamps: dict[tuple[str, str], int]) -> Iterable[str]:
    """Lamps that change, under the names they have before and after."""
    old, new = ({row["code"]: row for row in rows} for rows in (form.current, form.rows))
    if not lamps:
        yield _("没有问题因此换灯。")
    for (was, now), n in sorted(lamps.items()):
        before, after = _called(old[was]), _called(new[now])
        sentence = ngettext(
            "%(n)d 个问题由“%(before)s”变为“%(after)s”。",
            "%(n)d 个问题由“%(before)s”变为“%(after)s”。",
            n,
        )
        yield sentence % {"n": n, "before": before, "after": after}


# The form -----------------------------------------------------------------------------------------


def grid(form: TableForm, here: str, looked: bool) -> Grid:
    """The form of a rule table, cell by cell; `here` is where it is sent."""
    plan = form.plan
    heads = [_(c.label) for c in plan.columns]
    if plan.ordered:
        heads = [_("顺序"), *heads]
    if not plan.fixed:
        heads = [*heads, _("删去")]
    lines = tuple(tuple(_line(form, line)) for line in range(form.count))
    told = []
    if plan.fixed:
        told.append(_("这张表的行不能增减，只能改内容。"))
    else:
        told.append(_("要加的，填在后面的空行里；要去掉的，勾“删去”。"))
    if plan.ordered:
        told.append(_("顺序从小到大排；要插在 20 和 30 之间，就写 25。"))
    told.append(_("先看会改变什么，再保存。"))
    return Grid(
        _("修改"),
        form,
        here,
        _("存为新的一版") if looked else _("看会改变什么"),
        tuple(heads),
        lines,
        " ".join(told),
        folded=not looked,
    )


def _line(form: TableForm, line: int) -> list[GridCell]:
    plan, kept = form.plan, line < form.existing
    cells = []
    if plan.ordered:
        cells.append(GridCell(_("顺序"), form[name_of(line, "at")]))
    for column in plan.columns:
        bound = form[name_of(line, column.code)]
        if bound.is_hidden:
            cells.append(GridCell(_(column.label), value=str(bound.value() or "")))
        else:
            cells.append(GridCell(_(column.label), bound))
    if not plan.fixed:
        gone = form[name_of(line, "gone")] if kept else None
        cells.append(GridCell(_("删去"), gone, "" if kept else _("新增")))
    return cells


def _values() -> Tables:
    """Which values a row of 双人核查 can look for: the codes that findings carry."""
    words = {
        "risk": list(rules.RISKS.items()),
        "source": queries.words("sources"),
        "rect_kind": list(rules.RECT_KINDS.items()),
        "category": [],
    }
    lines = [
        row(_(SIGNED_BY[name]), Cell(code, "code"), _(label))
        for name, found in words.items()
        for code, label in found
    ]
    lines.append(row(_(SIGNED_BY["category"]), "", _("台账里写的类别，照原文")))
    return Tables(
        _("“其值为”一栏可填的值"), Table(columns(_("看哪一项"), _("值"), _("意思")), tuple(lines))
    )
