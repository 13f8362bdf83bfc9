"""假设：one question asked of a plan, its variants beside the plan as it is."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.jobs import pages as jobs
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.snow.models import WhatIf
from bihuan.snow.queries import plan as queries
from bihuan.snow.rules import plan as rules
from bihuan.snow.rules.live import KINDS
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Link, Panel, Prose
from bihuan.ui.table import Cell, Column, Row, Table, columns, row


def page(one: WhatIf, _by: Post, _bound: Bound = None) -> DetailPage:
    """The answer in a sentence, a chart over its table."""
    busy = queries.busy(one)
    panels: list[Panel] = []
    if busy and one.job:
        panels.append(jobs.bar(one.job))
    elif one.job and one.job.fault:
        panels.append(Prose(_("没有结果的原因"), one.job.fault))
    if one.told:
        panels += [Prose(_("答案"), _answer(one)), _chart(one)]
    elif not panels:
        panels.append(Prose(_("结果"), _("没有结果。")))
    links = [Link(one.plan.label(), one.plan.get_absolute_url())]
    if busy and one.job:
        links.append(Link(_("停止"), one.job.get_absolute_url()))
    return DetailPage(
        _(rules.QUESTIONS[one.kind]), panels, kicker=one.plan.label(), links=tuple(links),
        refresh_s=2 if busy else 0,
    )  # fmt: skip


def _answer(one: WhatIf) -> str:
    told = one.told or {}
    rows, at = told["rows"], told["answer"]
    words = []
    if told["stopped"]:
        words.append(_("计算中途停止，只列出已算完的。"))
    if one.kind == "vehicles":
        most = one.asked["most"]
        if at is None:
            words.append(_("加到 %(n)d 台也不能兑现全部承诺。") % {"n": most})
        elif at == 0 and not rows[0]["amount"]:
            words.append(_("不加车就能兑现全部承诺。"))
        else:
            words.append(_("加 %(n)d 台就能兑现全部承诺。") % {"n": int(rows[at]["amount"])})
    elif one.kind == "raise":
        if at is None:
            words.append(_("不提早也不能兑现全部承诺。"))
        elif at == 0:
            words.append(_("所问的几档都不能兑现全部承诺。"))
        else:
            told_ = {"kind": _(KINDS[one.asked["class"]]), "hours": f"{rows[at]['amount']:g}"}
            words.append(_("%(kind)s可以提早到 %(hours)s 小时，仍兑现全部承诺。") % told_)
    else:
        better = at not in (None, 0)
        words.append(_("搬过去更好。") if better else _("搬过去没有更好。"))
    return "".join(words)


def label(one: WhatIf, told: Mapping[str, Any], number: int) -> str:
    """What a row is: the plan as it is, or what was changed."""
    if one.kind == "vehicles":
        amount = int(told["amount"])
        return _("加 %(n)d 台") % {"n": amount} if amount else _("不改")
    if not number:
        return _("不改")
    if one.kind == "raise":
        return _("%(hours)s 小时") % {"hours": f"{told['amount']:g}"}
    yard = one.plan.inputs["yards"][one.asked["yard"]]["name"]
    told_ = {"yard": yard, "lon": one.asked["lon"], "lat": one.asked["lat"]}
    return _("%(yard)s搬到 %(lon).5f, %(lat).5f") % told_


def _chart(one: WhatIf) -> Chart:
    rows = (one.told or {})["rows"]
    kinds = [kind for kind in KINDS if any(kind in each["clear_s"] for each in rows)]
    names = tuple(label(one, each, number) for number, each in enumerate(rows))
    series = tuple(
        Series(_(KINDS[kind]), tuple(_hours(each["clear_s"].get(kind)) for each in rows))
        for kind in kinds
    )
    heads = columns(
        Column(_("假如"), wide=True),
        *(Column(_("%s清完（小时）") % _(KINDS[kind]), number=True) for kind in kinds),
        Column(_("超过承诺的路段"), number=True), Column(_("没清完的路段"), number=True),
        Column(_("全程（km）"), number=True), Column(_("融雪剂（吨）"), number=True),
        Column(_("用车"), number=True), _("承诺"),
    )  # fmt: skip
    lines = tuple(_line(name, each, kinds) for name, each in zip(names, rows, strict=True))
    return Chart(
        "bar", _("几时清完"), names, series, _("小时"), _("假如"), under=Table(heads, lines)
    )


def _line(name: str, each: Mapping[str, Any], kinds: list[str]) -> Row:
    hours = [_hours(each["clear_s"].get(kind)) for kind in kinds]
    return row(
        name, *(Cell(_("清不完") if one is None else one, "number") for one in hours),
        Cell(each["late"], "number"), Cell(each["undone"], "number"),
        Cell(round(each["km"], 1), "number"), Cell(round(each["deicer_kg"] / 1000, 2), "number"),
        Cell(each["vehicles"], "number"), _("全部兑现") if each["kept"] else _("没有全部兑现"),
    )  # fmt: skip


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3600, 2)
