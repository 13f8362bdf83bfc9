"""What the office sets for itself: rule tables with their history, samples, tokens."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.ledger import queries, rules
from bihuan.ledger.forms.office import SampleForm, TableForm, TokenForm, name_of
from bihuan.ledger.models import RuleTable, Sample, Token
from bihuan.ledger.rules import honest
from bihuan.ledger.rules.tables import SIGNED_BY, TABLES, Plan
from bihuan.ledger.rules.tables import Column as RuleColumn
from bihuan.ledger.rules.tables import Row as RuleRow
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
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


def links(by: Post) -> tuple[Link, ...]:
    """The ways from the ledger to what the office keeps around it, for whom they are open."""
    found = []
    if people.may(by, "ledger.view"):
        found = [
            Link(_("催办"), reverse("ledger:notices")),
            Link(_("抽样"), reverse("ledger:samples")),
            Link(_("规则表"), reverse("ledger:tables")),
        ]
    if people.may(by, "ledger.tokens"):
        found.append(Link(_("接口令牌"), reverse("ledger:tokens")))
    return tuple(found)


# Rule tables ------------------------------------------------------------------------------------


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
        _version(newest),
        Cell(newest.created_at if newest else None, "date"),
        newest.source if newest else "",
    )


def _version(version: RuleTable | None) -> str:
    return _("第 %(n)d 版") % {"n": version.version} if version else _("起始")


def table(code: str, by: Post, *, form: TableForm | None = None, version: str = "") -> DetailPage:
    """One rule table: how it stands, every version and what it changed, and the form to edit it.

    `version` shows the rows of an earlier version instead.
    """
    plan, history = TABLES[code], list(queries.history(code).select_related(*_BY))
    earlier = next((one for one in history if str(one.version) == version), None)
    if earlier is not None or version == "0":
        rows = earlier.rows if earlier else plan.rows
        title = _("%(version)s的内容") % {"version": _version(earlier)}
    else:
        rows, title = queries.table(code), _("现行内容")
    panels: list[Panel] = [Tables(title, _rows(plan, rows))]
    may_edit = people.may(by, "ledger.limits")
    if code == "signatures":
        panels.append(_values())
    if may_edit:
        panels.append(_grid(code, form or TableForm(code)))
    panels.append(Tables(_("历次版本"), _history(code, plan, history)))
    return DetailPage(
        _(plan.name),
        panels,
        tags=(Tag(_version(history[0] if history else None), "info"),),
        kicker=_("规则表"),
        intro=_(plan.intro),
        links=(Link(_("全部规则表"), reverse("ledger:tables")),),
    )


_BY = ("by__person", "by__unit")


def _rows(plan: Plan, rows: Sequence[RuleRow]) -> Table:
    heads = columns(*(Column(_(c.label), number=c.kind == "whole") for c in plan.columns))
    lines = tuple(row(*(_cell(c, one.get(c.code)) for c in plan.columns)) for one in rows)
    return Table(heads, lines)


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


def _history(code: str, plan: Plan, versions: Sequence[RuleTable]) -> Table:
    """Every version with what it changed against the one before; what the house began with last."""
    heads = columns(
        _("版本"), _("时间"), _("经办"), Column(_("依据"), wide=True), Column(_("改动"), wide=True)
    )
    here = reverse("ledger:table", args=[code])
    lines = []
    for i, version in enumerate(versions):
        before = versions[i + 1].rows if i + 1 < len(versions) else plan.rows
        lines.append(
            row(
                Cell(_version(version), href=f"{here}?version={version.version}"),
                Cell(version.created_at, "moment"),
                version.by.label() if version.by else _("系统"),
                version.source,
                " ".join(differences(plan, before, version.rows)),
            )
        )
    lines.append(row(Cell(_version(None), href=f"{here}?version=0"), "", _("系统"), "", ""))
    return Table(heads, tuple(lines))


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
    if kept != [code for code in old if code in new]:
        told.append(_("顺序有变。"))
    return told


def _called(one: RuleRow) -> str:
    return queries.label(one) if one.get("name") else str(one["code"])


def _grid(code: str, form: TableForm) -> Grid:
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
    return Grid(
        _("修改"),
        form,
        reverse("ledger:table", args=[code]),
        _("存为新的一版"),
        tuple(heads),
        lines,
        " ".join(told),
        folded=True,
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


# Samples ----------------------------------------------------------------------------------------


def samples(by: Post, *, form: SampleForm | None = None) -> DetailPage:
    """Every sample drawn; and, for whom it is open, what could be drawn now."""
    heads = columns(
        _("种子"),
        _("日期"),
        Column(_("总体"), number=True),
        Column(_("抽中"), number=True),
        _("经办"),
    )
    lines = tuple(
        row(
            Cell(one.seed, href=one.get_absolute_url()),
            Cell(one.day, "date"),
            Cell(len(one.population), "number"),
            Cell(len(one.drawn), "number"),
            one.by.label() if one.by else _("系统"),
        )
        for one in queries.samples().select_related(*_BY)
    )
    panels: list[Panel] = [
        Tables(_("历次抽样"), Table(heads, lines, empty=_("还没有抽过样。"))),
    ]
    acts: list[Panel] = []
    if people.may(by, "ledger.recheck"):
        waiting = queries.population(clock.today())
        panels.insert(
            0, _strata(waiting, {r["code"]: r["share"] for r in queries.table("recheck")})
        )
        if waiting:
            acts.append(
                FormPanel(
                    _("抽样"),
                    form or SampleForm(),
                    reverse("ledger:samples"),
                    _("抽样"),
                    _("抽样后，种子、总体、比例和结果一并公布，不能改。"),
                )
            )
    return DetailPage(
        _("回头看抽样"),
        panels,
        acts,
        intro=_("由公布的种子从应回头看的问题里抽取，任何人都可以重抽核对。"),
        links=(
            Link(_("返回台账"), reverse("ledger:index")),
            Link(_("抽查比例"), reverse("ledger:table", args=["recheck"])),
        ),
    )


def _strata(population: Sequence[tuple[str, str]], shares: dict[str, int]) -> Tables:
    heads = columns(
        _("风险"),
        Column(_("应查"), number=True),
        Column(_("抽查比例"), number=True),
    )
    risks = [risk for _number, risk in population]
    lines = tuple(
        row(
            _(rules.RISKS[risk]),
            Cell(risks.count(risk), "number"),
            Cell(shares.get(risk, 0), "percent"),
        )
        for risk in rules.RISKS
    )
    return Tables(
        _("现在应回头看的问题"),
        Table(heads, lines),
        _("已销号、到了回头看的时间或有纸面整改迹象的。"),
    )


def sample(found: Sample, by: Post) -> DetailPage:
    """One sample with everything needed to draw it again, and the outcome of doing so."""
    population = [(number, risk) for number, risk in found.population]
    same = (
        queries.redrawn(found) == found.drawn
        and honest.population_digest(population) == found.digest
    )
    tag = Tag(_("✓ 重抽结果相同"), "good") if same else Tag(_("重抽结果不同"), "bad")
    addresses = {
        one.number: one.get_absolute_url()
        for one in queries.visible_to(by).filter(number__in=[n for n, _risk in population])
    }
    facts = (
        (_("种子"), Cell(found.seed, "code")),
        (_("抽样日期"), Cell(found.day, "date")),
        (_("总体"), Cell(_count(len(population)))),
        (_("抽中"), Cell(_count(len(found.drawn)))),
        (_("总体摘要"), Cell(found.digest, "code")),
        (_("经办"), Cell(found.by.label() if found.by else _("系统"))),
    )
    shares = tuple(
        row(_(rules.RISKS[risk]), Cell(share, "percent"))
        for risk, share in found.shares.items()
        if risk in rules.RISKS
    )
    drawn = set(found.drawn)
    how = _(
        "每种风险单独抽：对每个编号求“种子:编号”的 SHA-256，由小到大排，"
        "取前 N×比例 个，有小数的进一。"
        "总体摘要是“编号 风险”各成一行、由小到大排好后的 SHA-256。"
    )
    return DetailPage(
        _("回头看抽样 %(seed)s") % {"seed": found.seed},
        (
            Facts(_("抽样"), facts),
            _numbers(_("抽中的问题"), [one for one in population if one[0] in drawn], addresses),
            Tables(_("抽查比例"), Table(columns(_("风险"), _("比例")), shares)),
            Prose(_("怎样重抽"), how),
            _numbers(_("总体"), population, addresses),
            audit.timeline(found),
        ),
        tags=(tag,),
        links=(
            Link(_("下载核对用的数据"), reverse("ledger:sample-file", args=[found.pk])),
            Link(_("历次抽样"), reverse("ledger:samples")),
        ),
    )


def _count(n: int) -> str:
    return ngettext("%(n)d 个问题", "%(n)d 个问题", n) % {"n": n}


def _numbers(title: str, found: Sequence[tuple[str, str]], addresses: dict[str, str]) -> Tables:
    """Numbers with their risks; a link where the reader may see the finding."""
    lines = tuple(
        row(Cell(number, "code", href=addresses.get(number, "")), _(rules.RISKS.get(risk, risk)))
        for number, risk in found
    )
    return Tables(title, Table(columns(_("编号"), _("风险")), lines))


def published(found: Sample) -> dict[str, Any]:
    """What is published of a sample: all that is needed to draw it again."""
    return {
        "schema": "recheck-sample/1",
        "seed": found.seed,
        "day": found.day.isoformat(),
        "shares": found.shares,
        "population": found.population,
        "population_sha256": found.digest,
        "drawn": found.drawn,
    }


# Tokens -----------------------------------------------------------------------------------------


def tokens(*, form: TokenForm | None = None, given: tuple[Token, str] | None = None) -> DetailPage:
    """Every token; the form for a new one; and, once only, the secret of the one just given."""
    panels: list[Panel] = []
    if given is not None:
        token, secret = given
        facts = (
            (_("用途"), Cell(token.name)),
            (_("令牌"), Cell(secret, "code", note=_("只显示这一次。请现在抄下，交给保管的人。"))),
        )
        panels.append(Facts(_("新的令牌"), facts))
    heads = columns(
        Column(_("用途"), wide=True), _("以哪一任职办理"), _("有效期至"), _("状态"), _("发放"), ""
    )
    lines = tuple(
        row(
            one.name,
            one.post.label(),
            Cell(one.valid_to, "date"),
            _holds(one),
            Cell(one.created_at, "date", note=one.by.label() if one.by else _("系统")),
            Cell(_("停用"), "act", href=reverse("ledger:end-token", args=[one.pk]))
            if one.ended_at is None
            else "",
        )
        for one in queries.tokens()
    )
    panels.append(Tables(_("全部令牌"), Table(heads, lines, empty=_("还没有发过令牌。"))))
    panel = FormPanel(
        _("发令牌"),
        form or TokenForm(),
        reverse("ledger:tokens"),
        _("发令牌"),
        _("别的系统凭令牌查看台账、提出问题、提交佐证。库里只存摘要，令牌只显示一次。"),
    )
    return DetailPage(
        _("接口令牌"),
        panels,
        (panel,),
        intro=_("令牌停用、到期，或其任职终止，立即失效。"),
        links=(Link(_("接口说明"), reverse("ledger:api")),),
    )


def _holds(token: Token) -> Tag:
    if token.ended_at is not None:
        return Tag(_("已停用"), "quiet")
    if token.valid_to < clock.today():
        return Tag(_("已到期"), "quiet")
    if not people.holds(token.post):
        return Tag(_("任职已终止"), "quiet")
    return Tag(_("有效"), "good")
