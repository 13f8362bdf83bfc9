"""One plan: figures, classes, tours, versions; lists, sheets and what if stand beside it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.audit.pages import timeline
from bihuan.base.text import SAMPLE_MARK
from bihuan.jobs import pages as jobs
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.snow.models import Plan, WhatIf
from bihuan.snow.pages.acts import panels as acts
from bihuan.snow.queries import plan as queries
from bihuan.snow.rules import plan as rules
from bihuan.snow.rules.live import KINDS
from bihuan.ui.chart import Chart, Routes, Series
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, moment, row

REFRESH_S = 2
_NO = "—"


def late(told: Mapping[str, Any]) -> int:
    """Sections cleared after their promised hour."""
    return sum(one["late"] for one in told["classes"])


def state_tag(one: Plan) -> Tag:
    state = queries.state(one)
    return Tag(_(rules.STATES[state]), rules.TONES[state])  # type: ignore[arg-type]


def plan(one: Plan, by: Post, bound: Bound = None) -> DetailPage:
    """一版方案：数、各等级清完的份额、每台车的路线、校验、假设和各版的经过。"""
    busy = queries.busy(one)
    panels: list[Panel] = []
    links = [Link(_("备用方案"), reverse("snow:plans"))]
    if one.storm:
        links = [Link(one.storm.label(), one.storm.get_absolute_url())]
    if busy and one.job:
        panels.append(jobs.bar(one.job))
        links.append(Link(_("停止在目前最好的"), one.job.get_absolute_url()))
    elif one.job and one.job.fault:
        panels.append(Prose(_("没有排成的原因"), one.job.fault))
    if one.told is not None:
        panels += _made(one)
        links += [
            Link(_(kind.label), reverse("snow:plan-file", args=[one.pk, name]), download=kind.name)
            for name, kind in rules.FILES.items()
        ]
    else:
        panels.append(_asked(one))
    panels += [_versions(one), timeline(one)]
    tags = [state_tag(one)] + ([Tag(_(SAMPLE_MARK), "quiet")] if one.sample else [])
    doing = acts("plan", one, by, bound) if not busy else ()
    return DetailPage(
        one.label(), panels, doing, tuple(tags), intro=one.note,
        kicker=_(rules.CAUSES[one.cause]), links=tuple(links), refresh_s=REFRESH_S if busy else 0,
    )  # fmt: skip


def _made(one: Plan) -> Iterator[Panel]:
    told = one.told or {}
    if warned := "\n".join(_warnings(one)):
        yield Prose(_("请注意"), warned)
    if "change" in told:
        yield _changed(one)
    if "heard" in told:
        yield _heard(one)
    yield _facts(one)
    yield _classes(told)
    yield curve(told["curve"])
    yield _ways(one)
    if told["undone"]:
        yield _undone(one)
    if told.get("fences"):
        yield _fences(told)
    yield _questions(one)
    yield _asked(one)


def clock(at: datetime, seconds: float | None) -> str:
    """Seconds after the start as a time of day; with the days after it where it is another day."""
    if seconds is None:
        return _NO
    begin = timezone.localtime(at)
    found = timezone.localtime(at + timedelta(seconds=round(seconds)))
    days = (found.date() - begin.date()).days
    return f"{found:%H:%M}" + (f" +{days}" if days else "")


def _warnings(one: Plan) -> Iterator[str]:
    """What does not hold, or is left out, in whole sentences."""
    told, inputs = one.told or {}, one.inputs
    if told["undone"]:
        yield _("有 %(n)d 段、%(km).1f 公里没有车能按时做完，见“没清完的路段”。") % {
            "n": len(told["undone"]), "km": told["undone_km"]}  # fmt: skip
    if not one.network.active:
        yield _("排好以后换了路网，这个方案还是照原来的一版走的。")
    if n := late(told):
        yield _("有 %(n)d 段要晚于承诺的时刻才清完。") % {"n": n}
    for kind in inputs["passed"]:
        yield _("%(kind)s承诺的时刻在出车以前已过，只能尽快。") % {"kind": _(KINDS[kind])}
    for work in inputs["missing"]:
        yield _("没有一台车能%(work)s，这一样没有排。") % {"work": _(rules.DOES[work])}
    for code, n in rules.counted(each["why"] for each in inputs["left_out"]).items():
        yield _("有 %(n)d 台车没有参加：%(why)s。") % {"n": n, "why": _(rules.UNFIT[code])}
    for code, params in told["faults"]:
        yield _("校验：%(what)s") % {"what": queries.sentence(code, params)}
    if told["stopped"]:
        yield _("计算中途停止，这是到那时为止最好的。")


def _changed(one: Plan) -> Facts:
    change = (one.told or {})["change"]
    names = [one.inputs["vehicles"][at]["number"] for at in change["vehicles"]]
    return Facts(
        _("比上一版改了多少"),
        (
            (_("改动的路段"), Cell(len(change["sections"]), "number")),
            (_("改动的车"), Cell(len(names), "number", note="、".join(names))),
            (_("换了车的作业"), Cell(change["moved"], "number")),
        ),
    )


def _heard(one: Plan) -> Facts:
    """What it starts from: vehicles by what they report, the others by the plan before."""
    heard = (one.told or {})["heard"]
    names = [one.inputs["vehicles"][at]["number"] for at in heard["unheard"]]
    late = _("最多晚 %(n)d 分钟") % {"n": round(heard["latest_s"] / 60)} if heard["late"] else ""
    return Facts(
        _("从实情接着排"),
        (
            (_("按上报位置的车"), Cell(heard["seen"], "number")),
            (_("没有上报、按方案推算的车"), Cell(len(names), "number", note="、".join(names))),
            (_("比方案晚的车"), Cell(heard["late"], "number", note=late)),
            (_("该做而没有做、重新安排的作业"), Cell(heard["opened"], "number")),
            (_("队伍报告已做、不再派车的作业"), Cell(heard["reported"], "number")),
        ),
    )


def _facts(one: Plan) -> Facts:
    told = one.told or {}
    lines = [
        (_("出车令"), moment(one.starts_at)),
        (_("用车"), Cell(told["vehicles"], "number")),
        (_("全程（km）"), Cell(round(told["km"], 1), "number")),
        (_("其中空驶（%）"), Cell(round(told["empty"], 1), "number")),
        (_("融雪剂（吨）"), Cell(round(told["deicer_kg"] / 1000, 2), "number")),
    ]
    if told.get("bound_km"):
        lines += [
            (_("全程的下界（km）"), Cell(round(told["bound_km"], 1), "number")),
            (_("比下界多（%）"), Cell(round(told["gap"], 1) if told["gap"] is not None else _NO)),
            (_("清完最早也要到"), Cell(clock(one.starts_at, told["bound_clear_s"]))),
        ]
    judged = _("没有一处不合") if not told["faults"] else _("%(n)d 处不合") % {
        "n": len(told["faults"])}  # fmt: skip
    lines += [
        (_("校验（另一段程序）"), Cell(judged)),
        (_("付诸执行"), Cell(one.forced_at, "moment", note=who(one.forced_by))
         if one.forced_at else Cell(_NO)),
    ]  # fmt: skip
    return Facts(_("方案的数"), tuple(lines))


def _classes(told: Mapping[str, Any]) -> Tables:
    """Promise by class: when it is cleared, how many sections are late, how likely it is kept."""
    chances = told.get("chances") or {}
    heads = [
        Column(_("等级")), Column(_("路段"), number=True), Column(_("公里"), number=True),
        Column(_("承诺（出车后）"), number=True), Column(_("清完（出车后）"), number=True),
        Column(_("超过承诺的路段"), number=True),
    ]  # fmt: skip
    if chances:
        heads.append(Column(_("按时清完的概率（%）"), number=True))
    lines = []
    for one in told["classes"]:
        clear = _("清不完") if one["clear_s"] is None else rules.clock(one["clear_s"])
        cells = [
            Cell(_(KINDS[one["kind"]])), Cell(one["sections"], "number"),
            Cell(round(one["km"], 1), "number"), Cell(rules.clock(one["promise_s"])), Cell(clear),
            Cell(one["late"], "number", tone="bad" if one["late"] else "plain"),
        ]  # fmt: skip
        if chances:
            cells.append(Cell(chances.get(one["kind"], _NO), "number"))
        lines.append(row(*cells))
    intro = _("时:分。概率是行车快慢、补料和故障不如所料时，照这个方案跑四百遍得出的。")
    table = Table(tuple(heads), tuple(lines))
    return Tables(_("各等级几时清完"), table, intro if chances else _("时:分。"))


def curve(told: Mapping[str, Any]) -> Chart:
    """Share of each class cleared, over time."""
    names = {**KINDS, "icing": _("易结冰部位")}
    return Chart(
        "line",
        _("清完的份额"),
        tuple(rules.clock(s) for s in told["at"]),
        tuple(
            Series(_(names[kind]), tuple(told["rows"][kind]))
            for kind in names
            if kind in told["rows"]
        ),
        "%",
        _("出车后（时:分）"),
    )


def vehicles(one: Plan, *, brief: bool = False) -> Table:
    """One row a vehicle that has work: when it is out, when it is done, how far, how much."""
    heads = [Column(_("车辆"), wide=True), Column(_("出发—回场")), Column(_("清完"))]
    if not brief:
        heads += [Column(_("作业（km）"), number=True)]
    heads += [Column(_("全程（km）"), number=True)]
    if not brief:
        heads += [Column(_("融雪剂（kg）"), number=True), Column(_("补料"), number=True)]
    known, yards = one.inputs["vehicles"], one.inputs["yards"]
    lines = []
    for each in (one.told or {})["by_vehicle"]:
        mine, at = known[each["vehicle"]], one.starts_at
        sheet = reverse("snow:plan-sheet", args=[one.pk, each["vehicle"] + 1])
        cells = [
            Cell(mine["number"], href=sheet, note=yards[mine["yard"]]["name"]),
            Cell(f"{clock(at, each['leaves_s'])}—{clock(at, each['back_s'])}"),
            Cell(clock(at, each["cleared_s"])),
            Cell(round(each["served_km"], 1), "number"), Cell(round(each["km"], 1), "number"),
            Cell(round(each["kg"]), "number"), Cell(each["refills"], "number"),
        ]  # fmt: skip
        lines.append(row(*(cells[:3] + cells[4:5] if brief else cells)))
    return Table(tuple(heads), tuple(lines), empty=_("没有一台车有作业。"))


def _ways(one: Plan) -> Routes:
    """The tours on the map, and the list that says the same."""
    return Routes(
        _("每台车的路线"), reverse("snow:plan-ways", args=[one.pk]), vehicles(one),
        _("全部车辆"), _("粗线是作业，虚线是行驶。点车辆编号看行车单。"),
    )  # fmt: skip


def _undone(one: Plan) -> Tables:
    heads = columns(Column(_("路段"), wide=True), _("等级"), Column(_("长度（米）"), number=True))
    lines = tuple(
        row(each.name, each.kind_label(), Cell(round(each.length_m), "number"))
        for each in queries.undone(one)
    )
    intro = _("没有车能在收车以前做，或封闭了到不了。")
    return Tables(_("没清完的路段"), Table(heads, lines), intro)


def _fences(told: Mapping[str, Any]) -> Tables:
    heads = columns(
        Column(_("怎样分片"), wide=True), Column(_("几片"), number=True),
        Column(_("全程（km）"), number=True), Column(_("多行驶（%）"), number=True),
        Column(_("清完（出车后）"), number=True), Column(_("排不上的作业"), number=True),
    )  # fmt: skip
    lines = tuple(
        row(_(rules.FENCES[one["code"]]), Cell(one["pieces"], "number"),
            Cell(round(one["km"], 1), "number"),
            Cell(round(one["more"], 1) if one["more"] is not None else _NO, "number"),
            _("清不完") if one["clear_s"] is None else rules.clock(one["clear_s"]),
            Cell(one["left"], "number"))
        for one in told["fences"]
    )  # fmt: skip
    intro = _("同样的作业，车和路先按片分死再排：分片的代价。")
    return Tables(_("与固定分片比"), Table(heads, lines), intro)


def _asked(one: Plan) -> Facts:
    """What the plan was made from."""
    told = one.inputs
    limit = (
        _("%(n)d 轮") % {"n": one.rounds} if one.rounds else _("%(n)d 秒") % {"n": one.seconds or 0}
    )
    lines = [
        (_("怎样做"), Cell(_(rules.WORKS[told["work"]]))),
        (_("承诺之后先求"), Cell(_(rules.FIRSTS[told["first"]]))),
        (_("天气"), Cell(_("%(c)g ℃，%(snow)s，%(grams)g g/m²") % {
            "c": told["temperature"], "snow": _(rules.SNOWS[told["precipitation"]]),
            "grams": told["grams_m2"]})),
        (_("参加的车"), Cell(len(told["vehicles"]), "number")),
        (_("易结冰部位按最先承诺的一等排"), Cell(_("是") if told["icing"] else _("否"))),
        (_("封闭的路段"), Cell(len(closed(one)), "number")),
        (_("路网"), Cell(str(one.network), note=one.network.digest[:12])),
        (_("限时"), Cell(limit)), (_("种子"), Cell(str(one.seed), "code")),
        (_("输入摘要"), Cell(one.inputs_digest[:16], "code")),
        (_("线路摘要"), Cell(one.tours_digest[:16] or _NO, "code")),
    ]  # fmt: skip
    if repeat := told["repeat"]:
        words = _("每 %(every)d 小时一轮，到出车后 %(until)d 小时") % {
            "every": repeat["every_s"] / 3600, "until": repeat["until_s"] / 3600}  # fmt: skip
        lines.insert(2, (_("边下边清"), Cell(words)))
    return Facts(_("由什么排成"), tuple(lines))


def closed(one: Plan) -> list[str]:
    """Codes of all sections that are closed for it."""
    events = one.inputs["events"]
    return [*one.inputs["closed"], *(events[-1]["closed"] if events else ())]


def _versions(one: Plan) -> Tables:
    heads = columns(
        Column(_("作业方案"), wide=True), _("为什么有这一版"), _("状态"), _("何时"),
        Column(_("改动的路段"), number=True), Column(_("改动的车"), number=True),
    )  # fmt: skip
    lines = []
    for each in queries.line(one):
        change = (each.told or {}).get("change")
        lines.append(
            row(
                Cell(each.label(), href="" if each.pk == one.pk else each.get_absolute_url(),
                     note=each.note),
                _(rules.CAUSES[each.cause]), state_tag(each),
                Cell(each.created_at, "moment", note=who(each.by)),
                Cell(len(change["sections"]) if change else _NO, "number"),
                Cell(len(change["vehicles"]) if change else _NO, "number"),
            )
        )  # fmt: skip
    return Tables(_("各版"), Table(heads, tuple(lines)))


def _questions(one: Plan) -> Tables:
    heads = columns(Column(_("假如"), wide=True), _("状态"), _("何时"))
    lines = tuple(
        row(Cell(_(rules.QUESTIONS[each.kind]), href=each.get_absolute_url()), _answered(each),
            moment(each.created_at))
        for each in one.questions.select_related("job")
    )  # fmt: skip
    return Tables(_("假如"), Table(heads, lines, empty=_("还没有问过假如。")))


def _answered(one: WhatIf) -> str:
    return _("在算") if queries.busy(one) else _("有结果") if one.told else _("没有结果")
