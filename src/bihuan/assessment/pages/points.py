"""Rewards and penalties: the scheme's table of rules, points of a round, how a sum was made."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, rules
from bihuan.assessment.forms import Button, PointForm, RuleForm, scheme_name, shown
from bihuan.assessment.models import PointRule, Round, Run, Scheme
from bihuan.assessment.pages import naming
from bihuan.assessment.pages.naming import plus, signed
from bihuan.engines.index import Result
from bihuan.engines.index.rank import Adjusted
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Row, Table, columns, row

# The rule table of a scheme ---------------------------------------------------------------------


def rule_table(scheme: Scheme, editable: bool) -> list[Panel]:
    """加减分规则：分数、累计最多、触发、依据；可改的点开改。"""
    found = queries.rules_of(scheme)
    if not found and not editable:
        return []
    heads = columns(
        _("代码"),
        Column(_("规则"), wide=True),
        Column(_("分数"), number=True),
        Column(_("累计最多"), number=True),
        Column(_("何时用"), wide=True),
    )
    rows = tuple(_rule_line(one) for one in found)
    intro = _("先算得分，再逐条加减；每条加在谁身上、计入多少，在它的页面逐条列出。")
    return [Tables(_("加减分规则"), Table(heads, rows, empty=_("没有加减分规则。")), intro)]


def _rule_line(rule: PointRule) -> Row:
    return row(
        Cell(rule.code, "code"),
        Cell(rule.label(), href=rule.get_absolute_url(), note=_(rule.basis)),
        amount(rule),
        Cell(shown(rule.cap)),
        when(rule),
    )


def amount(rule: PointRule) -> Cell:
    """What a rule gives at a time."""
    return Cell(_("逐次核定")) if rule.points is None else signed(float(rule.points), 2)


def when(rule: PointRule) -> str:
    """What makes a rule apply, in words."""
    if rule.node is None:
        return _("发生一次，登记一次")
    return _("%(node)s的%(test)s %(limit)s") % {
        "node": rule.node.label(),
        "test": _(rules.TRIGGERS[rule.trigger]),
        "limit": shown(rule.limit),
    }


def rule(found: PointRule, by: Post, form: RuleForm | None = None) -> DetailPage:
    """一条加减分规则：内容，记过几次，可改的修改或删去。"""
    scheme, times = found.scheme, found.given.count()
    items = [
        (_("代码"), Cell(found.code, "code")),
        (_("分数"), amount(found)),
        (_("累计最多"), Cell(shown(found.cap) or _("不限"))),
        (_("何时用"), Cell(when(found))),
        (_("依据"), Cell(_(found.basis))),
        (_("记过几次"), Cell(times, "number")),
    ]
    acts: tuple[Panel, ...] = ()
    if people.may(by, "assessment.define") and not scheme.frozen and not times:
        here = [scheme.pk, found.code]
        acts = (
            FormPanel(
                _("修改规则"),
                form or RuleForm(of=scheme, rule=found),
                reverse("assessment:rule", args=here),
                _("保存"),
            ),
            FormPanel(
                _("删去规则"),
                Button(),
                reverse("assessment:remove-rule", args=here),
                _("删去"),
                _("还没有据以记过分，可以删。"),
                tone="warn",
                folded=True,
            ),
        )
    intro = ""
    if scheme.frozen:
        intro = _("这版方案已用，不能再改。")
    elif times:
        intro = _("已据以记过分，不能再改。")
    return DetailPage(
        found.label(),
        [Facts(_("规则"), tuple(items))],
        acts,
        kicker=_("加减分规则"),
        intro=intro,
        links=(Link(scheme_name(scheme), scheme.get_absolute_url()),),
    )


# Points of a round ------------------------------------------------------------------------------


def given(found: Round, by: Post) -> list[Panel]:
    """这一轮登记的加减分，逐条。"""
    points = list(queries.points(found, by))
    if not points:
        return []
    heads = columns(
        _("单位"),
        Column(_("规则"), wide=True),
        Column(_("次数"), number=True),
        Column(_("应加减"), number=True),
        Column(_("事由"), wide=True),
        Column(_("依据"), wide=True),
        _("谁登记"),
    )
    rows = tuple(
        row(
            one.entrant.label(),
            Cell(one.rule.label(), href=one.rule.get_absolute_url()),
            Cell(one.times, "number"),
            signed(float(one.points), 2),
            one.reason,
            _(one.basis),
            naming.loaded(one.by, one.created_at),
        )
        for one in points
    )
    intro = _("超过累计最多的照样登记，测算时不计入。")
    return [Tables(_("登记的加减分"), Table(heads, rows), intro)]


def giving(found: Round, by: Post, form: PointForm | None) -> list[Panel]:
    """登记加减分：方案里有逐次登记的规则才有。"""
    if found.state == "frozen" or not people.may(by, "assessment.freeze"):
        return []
    if not found.scheme.point_rules.filter(trigger=rules.EVENT).exists():
        return []
    return [
        FormPanel(
            _("登记加减分"),
            form or PointForm(of=found),
            reverse("assessment:point", args=[found.pk]),
            _("记入"),
            folded=True,
        )
    ]


# How a sum was made -----------------------------------------------------------------------------


def sum_of(run: Run, result: Result, unit: str) -> list[Panel]:
    """加减分逐条：从指标得分起，每条应加减多少、计入多少，加到最后的得分。"""
    if not result.method.adjust:
        return []
    lines = [one for one in result.adjusted if one.unit == unit]
    known = {one.code: one for one in queries.rules_of(run.round.scheme)}
    heads = columns(
        Column(_("规则"), wide=True),
        Column(_("事由"), wide=True),
        Column(_("依据"), wide=True),
        Column(_("应加减"), number=True),
        Column(_("计入"), number=True),
        Column(_("得分"), number=True),
    )
    end = float(result.top[result.row(unit)])
    start = lines[0].before if lines else end
    rows = [row(_("指标得分"), "", "", "", "", naming.score(start))]
    rows += [_sum_line(one, known.get(one.rule)) for one in lines]
    rows.append(row(_("最后得分"), "", "", "", signed(end - start, 2), naming.score(end)))
    intro = sum_in_words(start, lines, end)
    return [Tables(_("加减分逐条"), Table(heads, tuple(rows)), intro)]


def sum_in_words(start: float, lines: list[Adjusted], end: float) -> str:
    """82.00 = 80.00 + 2.50 − 0.50, every point that counted."""
    if not lines:
        return _("没有加减分。")
    parts = [plus(one.after - one.before) for one in lines if one.after != one.before]
    terms = " ".join(f"{part[0]} {part[1:]}" for part in parts).replace("-", "−")
    return _("%(end).2f = %(start).2f %(terms)s") % {"end": end, "start": start, "terms": terms}


def _sum_line(one: Adjusted, rule: PointRule | None) -> Row:
    counted = one.after - one.before
    asked: Any = signed(one.asked, 2)
    note = ""
    if rule is not None and rule.cap is not None and abs(counted - one.asked) > 1e-9:
        note = _("这条规则累计最多 %(cap)s 分") % {"cap": shown(rule.cap)}
    named = rule.label() if rule is not None else _(one.reason)
    return row(
        Cell(named, href=rule.get_absolute_url() if rule is not None else ""),
        _("得分达到界限") if rule is not None and rule.node is not None else one.reason,
        _(one.basis),
        asked,
        Cell(plus(counted), "text", note=note),
        naming.score(one.after),
    )


def whole_table(run: Run, result: Result) -> list[tuple[Any, ...]]:
    """Every line of every entrant, for a file: who, rule, reason, basis, asked, counted, score."""
    known = {one.code: one.label() for one in queries.rules_of(run.round.scheme)}
    names = bridge.names_in(run.inputs)
    return [
        (
            names[one.unit],
            known.get(one.rule, one.reason),
            one.reason,
            _(one.basis) if one.basis else "",
            one.asked,
            one.after - one.before,
            one.after,
        )
        for one in result.adjusted
    ]
