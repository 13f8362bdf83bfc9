"""One indicator of a scheme: what it is, and amending or removing it while nobody used it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries
from bihuan.assessment.forms import AmendNodeForm, Button, scheme_name
from bihuan.assessment.models import Node
from bihuan.assessment.pages.naming import source_of
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel
from bihuan.ui.table import Cell


def detail(node: Node, by: Post, form: AmendNodeForm | None = None) -> DetailPage:
    """一项指标：方案没有用过的，可以改；没有填过数、没有别处引用的，可以删。"""
    scheme = node.scheme
    acts: list[Panel] = []
    if people.may(by, "assessment.define") and not scheme.frozen:
        here = [scheme.pk, node.code]
        acts.append(
            FormPanel(
                _("修改"),
                form or AmendNodeForm(node=node),
                reverse("assessment:amend-node", args=here),
                _("保存"),
            )
        )
        if not queries.uses_of(node):
            acts.append(
                FormPanel(
                    _("删去"),
                    Button(),
                    reverse("assessment:remove-node", args=here),
                    _("删去"),
                    _("没有填过数，也没有别处引用，可以删。"),
                    tone="warn",
                    folded=True,
                )
            )
    return DetailPage(
        node.label(),
        [_about(node)],
        acts,
        kicker=_("一级指标") if node.parent_id is None else _("指标"),
        intro=_("这版方案已用，不能再改。") if scheme.frozen else "",
        links=(Link(scheme_name(scheme), scheme.get_absolute_url()),),
    )


def _about(node: Node) -> Facts:
    weight = bridge.weights_of(queries.nodes(node.scheme))[node.code]
    items = [
        (_("代码"), Cell(node.code, "code")),
        (_("英文名称"), Cell(node.name_en)),
        (_("序号"), Cell(node.number, "number")),
        (
            _("权重（%）"),
            Cell(f"{weight.weight:.4g}", note=_("推定") if weight.assumed else ""),
        ),
    ]
    if node.parent is not None:
        names = {one.code: one.label() for one in queries.leaves(node.scheme)}
        items += [
            (_("一级指标"), Cell(node.parent.label())),
            (_("方向"), Cell(_("越小越好") if node.lower_is_better else _("越大越好"))),
            (_("计量单位"), Cell(_(node.measure) if node.measure else "")),
            (_("取数"), Cell(source_of(node, queries.figure_names(node.scheme)))),
            (_("比对指标"), Cell(names.get(node.ratio_to, ""))),
        ]
    return Facts(_("是什么"), tuple(items))
