"""Rounds: the list, and one being filled, checked, frozen and computed."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import queries, rules, words
from bihuan.assessment.forms import (
    Button,
    CellsForm,
    FreezeForm,
    NoteForm,
    OpenForm,
    PeersForm,
    RunForm,
    shown,
)
from bihuan.assessment.models import Cell as Declared
from bihuan.assessment.models import Entrant, Node, Round, Run
from bihuan.assessment.pages import peers, points
from bihuan.assessment.pages.naming import may_raise
from bihuan.audit import pages as audit
from bihuan.facts import pages as facts_pages
from bihuan.jobs import pages as jobs_pages
from bihuan.jobs import queries as jobs
from bihuan.jobs import rules as job_rules
from bihuan.ledger import queries as ledger
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Grid,
    GridCell,
    Link,
    ListPage,
    Panel,
    Tables,
)
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def index(by: Post) -> ListPage:
    """综合评价：各轮考核，和本区的测算位次。"""
    heads = columns(
        Column(_("考核"), wide=True),
        _("状态"),
        _("本区测算位次"),
        _("位次区间"),
        _("测算"),
    )
    rows = tuple(_round_line(found, by) for found in queries.rounds(by))
    links = [
        Link(_("评价方案"), reverse("assessment:schemes")),
        Link(_("参评单位"), reverse("assessment:entrants")),
    ]
    if people.may(by, "assessment.declare"):
        links.insert(0, Link(_("开始一轮考核"), reverse("assessment:open"), primary=True))
    return ListPage(
        _("综合评价"),
        Table(heads, rows, empty=_("还没有考核轮次。请先开始一轮。")),
        _("填报、核对、冻结，然后测算。所有得分和位次都是测算值，不是公布的结果。"),
        links=tuple(links),
    )


def _round_line(found: Round, by: Post) -> Row:
    run = queries.latest_run(found)
    place, ends, last = Cell(""), Cell(""), Cell("")
    if run is not None:
        last = Cell(_("第 %(n)d 次") % {"n": run.pk}, href=run.get_absolute_url())
        if found.scheme.subject == "zone":
            mine = queries.scores(run, by).filter(entrant__unit__kind="zone").first()
            if mine is not None:
                place = Cell(mine.rank or "", "number", href=mine.get_absolute_url())
                ends = Cell(words.interval(mine.low, mine.high))
    note = words.year(found)
    if found.sample:
        note = _("%(year)s，示例数据") % {"year": note}
    return row(
        Cell(found.scheme.label(), href=found.get_absolute_url(), note=note),
        words.state_tag(found),
        place,
        ends,
        last,
    )


def opening(form: OpenForm) -> FormPage:
    """开始一轮考核。"""
    return FormPage(
        _("开始一轮考核"),
        FormPanel("", form, reverse("assessment:open"), _("开始")),
        _("开始以后先取数、填报，再提交核对。"),
    )


def detail(found: Round, by: Post, forms: dict[str, Any] | None = None) -> DetailPage:
    """一轮考核：填报格连同来历，核对疑点，同伴，测算。"""
    given = forms or {}
    panels: list[Panel] = [_about(found), *_runs(found, by)]
    declares = people.may(by, "assessment.declare") and found.state == "filling"
    cells = list(queries.cells(found))
    if found.scheme.subject == "zone":
        panels += _checks(found, by)
        for entrant in queries.own(found):
            panels += _zone_cells(found, entrant, cells, declares, given.get("cells"))
        panels += peers.sources(found)
    else:
        panels.append(_unit_cells(found, cells, by))
    panels += [*points.given(found, by), audit.timeline(found)]
    return DetailPage(
        found.scheme.label(),
        panels,
        _acts(found, by, given),
        (words.state_tag(found), *((Tag(_("示例数据"), "warn"),) if found.sample else ())),
        kicker=words.year(found),
        links=(
            Link(_("返回评价"), reverse("assessment:index")),
            Link(_("评价方案"), found.scheme.get_absolute_url()),
        ),
        refresh_s=3 if _busy(found) else 0,
    )


def _busy(found: Round) -> bool:
    return found.runs.filter(digest="", job__state__in=job_rules.UNFINISHED).exists()


def _about(found: Round) -> Facts:
    count = queries.peer_count(found)
    sample = queries.peer_count(found, sample=True)
    items: list[tuple[str, Cell]] = [
        (_("考核年度"), Cell(str(found.assess_year))),
        (_("数据年度"), Cell(str(found.data_year))),
    ]
    if found.scheme.subject == "zone":
        note = _("其中示例数据 %(n)d 家") % {"n": sample} if sample else ""
        items.append((_("同伴"), Cell(_("%(n)d 家") % {"n": count}, note=note)))
    if found.submitted_by is not None:
        items.append((_("提交人"), Cell(found.submitted_by.label())))
    if found.digest:
        items.append((_("数据摘要"), Cell(found.digest[:16], "code")))
    return Facts(_("基本情况"), tuple(items))


def _runs(found: Round, by: Post) -> list[Panel]:
    seen = frozenset(jobs.visible_to(by).values_list("pk", flat=True))
    rows = tuple(
        _run_line(run, seen) for run in found.runs.select_related("job", "by").order_by("-pk")
    )
    if not rows:
        return []
    heads = columns(_("测算"), _("状态"), _("进度"), _("抽样次数"), _("种子"), _("引擎"))
    return [Tables(_("测算"), Table(heads, rows), _("同样的输入和种子，总是得到同样的结果。"))]


def _run_line(run: Run, seen: frozenset[int]) -> Row:
    progress, state = "", Tag(_("完成"), "good")
    href = run.get_absolute_url()
    if not run.done:
        state, href = Tag(_("未完成"), "quiet"), ""
        if run.job is not None:
            state, progress = jobs_pages.state_tag(run.job), jobs_pages.progress(run.job)
            href = run.job.get_absolute_url() if run.job_id in seen else ""
    return row(
        Cell(_("第 %(n)d 次") % {"n": run.pk}, href=href),
        state,
        Cell(progress),
        Cell(run.draws, "number"),
        Cell(str(run.seed), "code"),
        Cell(run.engine, "code"),
    )


# Declared cells ---------------------------------------------------------------------------------


def _zone_cells(
    found: Round,
    entrant: Entrant,
    cells: list[Declared],
    declares: bool,
    form: CellsForm | None,
) -> list[Panel]:
    own = {one.node.code: one for one in cells if one.entrant_id == entrant.pk}
    nodes = queries.leaves(found.scheme)
    filled = sum(1 for one in own.values() if one.value is not None)
    intro = _("%(n)d 项里填了 %(filled)d 项。空着的测算时按方案插补，并注明。") % {
        "n": len(nodes),
        "filled": filled,
    }
    if declares:
        return [_cells_form(found, entrant, nodes, own, intro, form)]
    heads = columns(
        Column(_("指标"), wide=True),
        Column(_("数值"), number=True),
        _("来历"),
        Column(_("依据"), wide=True),
    )
    rows = tuple(_cell_line(node, own.get(node.code)) for node in nodes)
    return [Tables(_("%(unit)s的填报") % {"unit": entrant.label()}, Table(heads, rows), intro)]


def _cell_line(node: Node, one: Declared | None) -> Row:
    measure = _(node.measure) if node.measure else ""
    if one is None or one.value is None:
        return row(Cell(node.label()), Cell(""), Tag(_("缺数"), "warn"), Cell(""))
    return row(
        Cell(node.label()),
        Cell(shown(one.value), note=measure),
        _origin(one),
        _basis(one),
    )


def _origin(one: Declared) -> Tag:
    sample = one.origin == "sample"
    return Tag(_(rules.ORIGINS[one.origin]), "warn" if sample else "plain")


def _basis(one: Declared) -> Cell:
    href = one.observation.get_absolute_url() if one.observation else ""
    note = _("第 %(n)d 版") % {"n": one.version} if one.version > 1 else ""
    return Cell(words.source(one), href=href, note=note)


def _cells_form(
    found: Round,
    entrant: Entrant,
    nodes: list[Node],
    own: dict[str, Declared],
    intro: str,
    form: CellsForm | None,
) -> Grid:
    now = {code: one.value for code, one in own.items()}
    form = form or CellsForm(nodes=nodes, now=now)
    heads = (_("指标"), _("数值"), _("计量单位"), _("来历"))
    lines = tuple(
        (
            GridCell(heads[0], value=node.label()),
            GridCell(heads[1], field=form[f"c-{node.code}"]),
            GridCell(heads[2], value=_(node.measure) if node.measure else ""),
            GridCell(heads[3], value=_told(own.get(node.code))),
        )
        for node in nodes
    )
    return Grid(
        _("%(unit)s的填报") % {"unit": entrant.label()},
        form,
        reverse("assessment:declare", args=[found.pk, entrant.code]),
        _("保存填报"),
        heads,
        lines,
        intro,
    )


def _told(one: Declared | None) -> str:
    if one is None or one.value is None:
        return _("未填")
    return _("%(origin)s：%(basis)s") % {
        "origin": _(rules.ORIGINS[one.origin]),
        "basis": words.source(one),
    }


def _unit_cells(found: Round, cells: list[Declared], by: Post) -> Tables:
    nodes = queries.leaves(found.scheme)
    where = people.scope(by, "assessment.view")
    units = [one for one in queries.own(found) if where.units is None or one.unit_id in where.units]
    there = {(one.entrant_id, one.node_id): one for one in cells}
    heads = columns(_("单位"), *(Column(node.label(), number=True) for node in nodes))
    rows = tuple(
        row(entrant.label(), *(_unit_cell(there.get((entrant.pk, n.pk)), n) for n in nodes))
        for entrant in units
    )
    intro = _("每个数下面写着由什么算出。没有数的不计分，其余指标按权重补足。")
    return Tables(_("各单位的数"), Table(heads, rows, empty=_("还没有单位。")), intro)


def _unit_cell(one: Declared | None, node: Node) -> Cell:
    if one is None or one.value is None:
        return Cell("", "number")
    part = one.source.partition("|")[0] if one.origin == "ledger" else words.source(one)
    measure = _(node.measure) if node.measure else ""
    return Cell(shown(one.value), note=f"{measure} {part}".strip())


# Checks -----------------------------------------------------------------------------------------


def _checks(found: Round, by: Post) -> list[Panel]:
    names = {node.code: node.label() for node in queries.leaves(found.scheme)}
    heads = columns(_("规则"), Column(_("疑点"), wide=True), "")
    labels = {"jump": _("突变"), "ratio": _("比例"), "missing": _("缺数")}
    rows = []
    for entrant, one in queries.suspicions(found):
        sentence = words.suspicion(one, names[one.node])
        rows.append(
            row(Tag(labels[one.rule], "warn"), Cell(sentence), _raising(found, entrant, one, by))
        )
    for doubt in queries.doubts(found):
        act = Cell("")
        finding = ledger.of_origin(doubt).first()
        if finding is not None:
            act = Cell(finding.number, "code", href=finding.get_absolute_url())
        elif doubt.state == "open" and may_raise(by):
            act = Cell(_("提出问题"), "act", href=reverse("raise-from-doubt", args=[doubt.pk]))
        title = Cell(facts_pages.title(doubt), href=doubt.get_absolute_url())
        rows.append(row(facts_pages.severity_tag(doubt), title, act))
    intro = _(
        "与上一轮比增幅，与比对指标比倍数，超出同伴通常范围的列在这里；所用数据的疑点也在这里。"
    )
    return [Tables(_("核对疑点"), Table(heads, tuple(rows), empty=_("没有疑点。")), intro)]


def _raising(found: Round, entrant: Entrant, one: rules.Suspicion, by: Post) -> Cell:
    issue = queries.issue(found, entrant, "conflict", f"{one.rule}-{one.node}")
    finding = ledger.of_origin(issue).first() if issue is not None else None
    if finding is not None:
        return Cell(finding.number, "code", href=finding.get_absolute_url())
    if not may_raise(by):
        return Cell("")
    address = reverse("assessment:raise-conflict", args=[found.pk, one.rule, one.node])
    return Cell(_("提出问题"), "act", href=address)


# What can be done -------------------------------------------------------------------------------


def _acts(found: Round, by: Post, given: dict[str, Any]) -> tuple[Panel, ...]:
    acts: list[Panel] = []
    address = {"args": [found.pk]}
    fills = people.may(by, "assessment.declare")
    if found.state == "filling" and (fills or people.may(by, "assessment.freeze")):
        acts.append(
            FormPanel(
                _("取数"),
                Button(),
                reverse("assessment:take", **address),  # type: ignore[arg-type]  # args only
                _("从数据和台账取数"),
                _("已有的观测值和台账统计带着来历填上；手工填过的不动。"),
            )
        )
    if fills and found.state == "filling":
        acts += [
            FormPanel(
                _("提交填报"),
                Button(),
                reverse("assessment:submit", **address),  # type: ignore[arg-type]  # args only
                _("提交"),
                _("交由另一人核对、冻结。"),
            ),
        ]
        if found.scheme.subject == "zone":
            acts.append(
                FormPanel(
                    _("载入同伴数据"),
                    given.get("peers") or PeersForm(),
                    reverse("assessment:peers", **address),  # type: ignore[arg-type]  # args only
                    _("载入"),
                    _("逐格记下来源和状态；以前各批留着备查。"),
                    folded=True,
                )
            )
    if people.may(by, "assessment.freeze"):
        acts += _freezing(found, given)
    acts += points.giving(found, by, given.get("point"))
    if people.may(by, "assessment.run") and found.state == "frozen":
        acts.append(_running(found, given.get("run")))
    return tuple(acts)


def _freezing(found: Round, given: dict[str, Any]) -> list[Panel]:
    acts: list[Panel] = []
    if found.state == "submitted":
        acts += [
            FormPanel(
                _("核对冻结"),
                given.get("freeze") or FreezeForm(),
                reverse("assessment:freeze", args=[found.pk]),
                _("冻结"),
                _("冻结以后数据和方案不再变。提交的人不能自己冻结。"),
            ),
            FormPanel(
                _("退回"),
                given.get("back") or NoteForm(),
                reverse("assessment:send-back", args=[found.pk]),
                _("退回"),
                folded=True,
                tone="warn",
            ),
        ]
    return acts


def _running(found: Round, form: RunForm | None) -> FormPanel:
    earlier = queries.previous_round(found)
    before = queries.latest_run(earlier) if earlier else None
    start = {"draws": found.scheme.draws, "seed": before.seed if before else 1}
    if before is not None:
        start["draws"] = before.draws
    return FormPanel(
        _("发起测算"),
        form or RunForm(initial=start),
        reverse("assessment:start-run", args=[found.pk]),
        _("测算"),
        _("在后台进行，可以离开本页；可以随时停止。"),
    )
