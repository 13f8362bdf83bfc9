"""Schemes: the list, and one with its weights, its method and what is unknown about it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, rules
from bihuan.assessment.forms import (
    IMPUTE_WORDS,
    MEAN_WORDS,
    SCALE_WORDS,
    TREAT_WORDS,
    CopyForm,
    MethodForm,
    NodeForm,
    RuleForm,
    WeightsForm,
    scheme_name,
)
from bihuan.assessment.models import Node, Scheme
from bihuan.assessment.pages import points
from bihuan.assessment.pages.naming import source_of
from bihuan.audit import pages as audit
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


def index(by: Post) -> ListPage:
    """评价方案一览。"""
    heads = columns(
        Column(_("方案"), wide=True), _("对象"), _("用于考核年度"), _("权重"), _("状态")
    )
    rows = []
    for scheme in queries.schemes():
        blanks = sum(1 for node in scheme.nodes.all() if node.weight is None)
        known = (
            Tag(_("%(n)d 项未公布") % {"n": blanks}, "warn") if blanks else Tag(_("齐全"), "good")
        )
        state = Tag(_("已用"), "quiet") if scheme.frozen else Tag(_("可改"), "info")
        rows.append(
            row(
                Cell(scheme_name(scheme), href=scheme.get_absolute_url(), note=scheme.basis),
                _(rules.SUBJECTS[scheme.subject]),
                span(scheme),
                known,
                state,
            )
        )
    return ListPage(
        _("评价方案"),
        Table(heads, tuple(rows), empty=_("还没有评价方案。")),
        _(
            "方案用于测算以后不再变；要改，另立一版。没有公布的权重留空，测算时按同组平分，并在页面注明。"
        ),
        links=(
            Link(_("参评单位"), reverse("assessment:entrants")),
            Link(_("返回评价"), reverse("assessment:index")),
        ),
    )


def span(scheme: Scheme) -> str:
    last = scheme.last_round or _("今")
    return _("%(first)s 至 %(last)s") % {"first": scheme.first_round, "last": last}


def detail(
    scheme: Scheme,
    by: Post,
    *,
    weights: WeightsForm | None = None,
    method: MethodForm | None = None,
    node: NodeForm | None = None,
    copy: CopyForm | None = None,
    rule: RuleForm | None = None,
) -> DetailPage:
    """一版方案：指标和权重，算法，加减分规则，未知之处，经过。"""
    note = scheme.note_en if get_language() == "en" and scheme.note_en else scheme.note
    nodes = queries.nodes(scheme)
    panels: list[Panel] = [_about(scheme, nodes)]
    if note:
        panels.append(Prose(_("已知与未知"), note))
    may = people.may(by, "assessment.define")
    if may and not scheme.frozen:
        panels.append(_weights_form(scheme, nodes, weights))
    else:
        panels.append(
            Tables(_("指标与权重"), _weights(nodes, queries.figure_names(scheme)), _weights_intro())
        )
    editable = may and not scheme.frozen
    panels += [_method(scheme), *points.rule_table(scheme, editable), audit.timeline(scheme)]
    return DetailPage(
        scheme_name(scheme),
        panels,
        _acts(scheme, method, node, copy, rule) if may else (),
        (Tag(_("已用，不能再改"), "quiet") if scheme.frozen else Tag(_("可改"), "info"),),
        kicker=_("评价方案"),
        links=(Link(_("全部方案"), reverse("assessment:schemes")),),
    )


def _about(scheme: Scheme, nodes: list[Node]) -> Facts:
    leaves = [node for node in nodes if node.parent_id is not None]
    count = str(len(leaves))
    if scheme.indicator_count:
        count = _("%(n)d 个，应有 %(all)d 个") % {"n": len(leaves), "all": scheme.indicator_count}
    blanks = sum(1 for node in nodes if node.weight is None)
    items: list[tuple[str, Cell]] = [
        (_("用于考核年度"), Cell(span(scheme))),
        (_("依据"), Cell(scheme.basis)),
        (_("列出的指标"), Cell(count)),
        (_("未公布的权重"), Cell(_("%(n)d 项") % {"n": blanks}, tone="warn" if blanks else "good")),
    ]
    return Facts(_("基本情况"), tuple(items))


def _weights_intro() -> str:
    return _(
        "权重是在同一上级之内的百分数。未公布的按同组平分，标“推定”；公布的照用。点开一项看它的其余内容。"
    )


def _weights(nodes: list[Node], figures: dict[str, str]) -> Table:
    heads = columns(
        Column(_("指标"), wide=True),
        _("方向"),
        _("计量单位"),
        Column(_("权重（%）"), number=True),
        _("取数"),
    )
    weighing = bridge.weights_of(nodes)
    return Table(heads, tuple(_line(n, weighing[n.code], figures) for n in _in_order(nodes)))


def _in_order(nodes: list[Node]) -> list[Node]:
    """Each group with its indicators below it."""
    groups = [node for node in nodes if node.parent_id is None]
    return [n for g in groups for n in (g, *(c for c in nodes if c.parent_id == g.pk))]


def _line(node: Node, one: rules.Weighing, figures: dict[str, str]) -> Row:
    group = node.parent_id is None
    note = ""
    if group and node.indicator_count:
        note = _("应有 %(n)d 个指标") % {"n": node.indicator_count}
    weight = Cell(f"{one.weight:.4g}", "text", note=_("推定") if one.assumed else "")
    return Row(
        (
            Cell(
                node.label(),
                note=note,
                lead="" if group else "└ ",
                href=reverse("assessment:amend-node", args=[node.scheme_id, node.code]),
            ),
            Cell("" if group else _("越小越好") if node.lower_is_better else _("越大越好")),
            Cell(_(node.measure) if node.measure else ""),
            weight,
            Cell("" if group else source_of(node, figures)),
        ),
        "info" if group else "plain",
    )


def _weights_form(scheme: Scheme, nodes: list[Node], form: WeightsForm | None) -> Grid:
    form = form or WeightsForm(nodes=nodes)
    weighing = bridge.weights_of(nodes)
    heads = (_("指标"), _("权重（%）"), _("测算时用"))
    lines = tuple(
        (
            GridCell(
                heads[0],
                value=node.label(),
                href=reverse("assessment:amend-node", args=[scheme.pk, node.code]),
                lead="" if node.parent_id is None else "└ ",
            ),
            GridCell(heads[1], field=form[f"w-{node.code}"]),
            GridCell(heads[2], value=_used(weighing[node.code])),
        )
        for node in _in_order(nodes)
    )
    return Grid(
        _("指标与权重"),
        form,
        reverse("assessment:weights", args=[scheme.pk]),
        _("保存权重"),
        heads,
        lines,
        _weights_intro(),
    )


def _used(one: rules.Weighing) -> str:
    if one.assumed:
        return _("%(weight)s（推定）") % {"weight": f"{one.weight:.4g}"}
    return f"{one.weight:.4g}"


def _method(scheme: Scheme) -> Facts:
    return Facts(_("算法"), tuple(method_items(scheme)))


def method_items(scheme: Scheme) -> list[tuple[str, Cell]]:
    """Every choice of the method with what it is called."""
    table: Any = scheme.method
    hows = table.get("aggregate", {}).get("how", ["amean"])
    scale = table.get("normalise", {}).get("how", "minmax")
    treat = table.get("treat", {}).get("how", "winsorise")
    impute = table.get("impute", {}).get("how", "none")
    fixed = len(table.get("normalise", {}).get("each", {}))
    items = [
        (_("缺数"), Cell(IMPUTE_WORDS.get(impute, impute))),
        (_("异常值"), Cell(TREAT_WORDS.get(treat, treat))),
        (_("无量纲化"), Cell(SCALE_WORDS.get(scale, scale))),
        (_("汇总"), Cell(" → ".join(str(MEAN_WORDS.get(how, how)) for how in hows))),
        (_("抽样次数"), Cell(scheme.draws, "number")),
    ]
    if fixed:
        items.append((_("按固定标准计分的指标"), Cell(fixed, "number")))
    return items


def _acts(
    scheme: Scheme,
    method: MethodForm | None,
    node: NodeForm | None,
    copy: CopyForm | None,
    rule: RuleForm | None,
) -> tuple[Panel, ...]:
    acts: list[Panel] = []
    if not scheme.frozen:
        acts += [
            FormPanel(
                _("改算法"),
                method or MethodForm(of=scheme),
                reverse("assessment:method", args=[scheme.pk]),
                _("保存算法"),
                folded=True,
            ),
            FormPanel(
                _("补录指标"),
                node or NodeForm(of=scheme),
                reverse("assessment:node", args=[scheme.pk]),
                _("补录"),
                folded=True,
            ),
            FormPanel(
                _("增加加减分规则"),
                rule or RuleForm(of=scheme),
                reverse("assessment:rules", args=[scheme.pk]),
                _("增加"),
                folded=True,
            ),
        ]
    acts.append(
        FormPanel(
            _("另立一版"),
            copy or CopyForm(initial={"first_round": scheme.first_round}),
            reverse("assessment:copy", args=[scheme.pk]),
            _("另立一版"),
            _("照抄现在的指标、权重和算法，改从某个考核年度起用；旧版留着。"),
            folded=True,
        )
    )
    return tuple(acts)
