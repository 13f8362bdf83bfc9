"""What of a project belongs in the ledger: blockages, overruns, lapses, delays; in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import queries as ledger
from bihuan.ledger.models import Finding
from bihuan.projects import rules
from bihuan.projects.models import Issue, Project
from bihuan.projects.queries import clocks, filing, ladders, schedules, stages, tables

_MONTHS = 3  # older filings that were missed are on the page of progress


@dataclass(frozen=True)
class Concern:
    """一件可提为问题的事：一句话是什么，一段话数从哪里来，要达到什么。"""

    kind: str
    key: str
    title: str
    description: str
    goal: str
    finding: Finding | None = None


def amount_text(amount: Decimal | None) -> str:
    """An amount as people write it: groups of three, no trailing zeros."""
    return f"{(amount or Decimal(0)).normalize():,f}"


def concerns(project: Project) -> list[Concern]:
    """Everything of a project that can be raised today, with the finding it already became."""
    today = clock.today()
    found = [
        *_blockages(project),
        *_steps(project, today),
        *_filings(project, today),
        *_slow(project, today),
        *_plans(project),
        *_conversions(project, today),
    ]
    issues = {(one.kind, one.key): one for one in project.issues.all()}
    raised = ledger.of_origins(list(issues.values()))
    return [_with(one, issues.get((one.kind, one.key)), raised) for one in found]


def concern(project: Project, kind: str, key: str) -> Concern | None:
    """One of them by its key; None where it is no concern (any more)."""
    return next((one for one in concerns(project) if (one.kind, one.key) == (kind, key)), None)


def _with(one: Concern, issue: Issue | None, raised: dict[str, Finding]) -> Concern:
    finding = raised.get(str(issue.pk)) if issue else None
    return Concern(one.kind, one.key, one.title, one.description, one.goal, finding)


def _blockages(project: Project) -> Iterator[Concern]:
    for one in ladders.blockages([project], unsolved=True):
        told = {
            "title": one.blockage.title,
            "rung": ladders.rung_name(one.standing.rung),
            "who": ladders.held_by(one),
            "opened": clock.in_words(one.blockage.opened_on),
            "due": clock.in_words(one.standing.rung.due),
        }
        yield Concern(
            "blockage",
            str(one.blockage.pk),
            _("堵点未解决：%(title)s") % told,
            _("%(opened)s登记，现在到“%(rung)s”，由%(who)s解决，限 %(due)s。") % told,
            _("堵点解决，项目按计划推进。"),
        )


def _steps(project: Project, today: date) -> Iterator[Concern]:
    for one in clocks.all_clocked(project, today):
        step = one.step
        if step.state == "running" and one.overdue and one.term is not None:
            unit = _(clocks.left_unit(one.rule.unit))
            told = {"step": step.label(), "n": -(one.term.left or 0), "unit": unit,
                    "source": one.rule.source}  # fmt: skip
            yield Concern(
                "step",
                str(step.pk),
                _("审批超时：%(step)s已超 %(n)d %(unit)s") % told,
                _("时限依据：%(source)s。停钟的日子没有计入。") % told,
                _("这一步办结。"),
            )
        if one.validity is not None and (one.validity.lapsed or one.validity.soon):
            told = {
                "document": step.rule.document or step.label(),
                "day": clock.in_words(one.validity.until),
                "left": one.validity.renewals_left,
            }
            title = (
                _("证件已失效：%(document)s")
                if one.validity.lapsed
                else _("证件将到期：%(document)s")
            )
            yield Concern(
                "permit",
                f"{step.pk}-{one.validity.until}",
                title % told,
                _("有效期至 %(day)s，期内未开工即失效；还可延期 %(left)d 次。") % told,
                _("在期内开工，或在到期之前办理延期。"),
            )


def _filings(project: Project, today: date) -> Iterator[Concern]:
    for one in filing.missing_months(project, today, _MONTHS):
        told = {"year": one.month.year, "month": one.month.month, "n": one.days_late,
                "due": clock.in_words(one.due)}  # fmt: skip
        title = (
            _("漏报：%(year)d 年 %(month)d 月的月报")
            if one.filing is None
            else _("迟报：%(year)d 年 %(month)d 月的月报晚了 %(n)d 天")
        )
        yield Concern(
            "filing",
            f"{one.month:%Y-%m}",
            title % told,
            _("应于 %(due)s以前报送。") % told,
            _("补报，并按期报送以后各月。"),
        )


def _slow(project: Project, today: date) -> Iterator[Concern]:
    for row in filing.key_list([project], today.year):
        if row.behind(tables.limit("behind_points")) and row.filing is not None:
            told = {
                "rate": row.rate,
                "expected": row.expected,
                "done": amount_text(row.done),
                "plan": amount_text(row.plan.amount if row.plan else None),
                "month": row.filing.month.month,
            }
            yield Concern(
                "slow",
                f"{row.filing.month:%Y-%m}",
                _("投资滞后：完成年度计划的 %(rate)d%%，时间进度 %(expected)d%%") % told,
                _("截至 %(month)d 月，完成 %(done)s 万元，年度计划 %(plan)s 万元。") % told,
                _("投资完成率赶上时间进度。"),
            )


def _plans(project: Project) -> Iterator[Concern]:
    newest = project.plans.order_by("-number").first()
    told = schedules.compared(newest) if newest is not None and newest.kind == "report" else None
    if newest is None or told is None:
        return
    before, comparison = told
    words = {"n": comparison.end_days, "base": before.number, "now": newest.number}
    if comparison.end_days > tables.limit("slip_days"):
        yield Concern(
            "delay",
            str(newest.pk),
            _("工期延误：竣工比基线推迟 %(n)d 天") % words,
            _("第 %(now)d 版计划与第 %(base)d 版（基线）比对所得。") % words,
            _("采取措施追回工期，或报批新的计划。"),
        )
    if comparison.baseline_moved:
        words["n"] = len(comparison.baseline_moved)
        yield Concern(
            "baseline",
            str(newest.pk),
            _("基线被改动：%(n)d 项任务自称的基线与批准的不同") % words,
            _("第 %(now)d 版计划文件里的基线日期与第 %(base)d 版（批准的基线）不一致。") % words,
            _("按批准的基线重报，或说明经谁同意。"),
        )


def _conversions(project: Project, today: date) -> Iterator[Concern]:
    for turn in stages.turns_of(project, today):
        if turn.state == "overdue":
            told = {
                "rule": tables.label(turn.rule),
                "stage": _(rules.STAGES[turn.rule["end"]]),
                "began": clock.in_words(turn.began),
                "due": clock.in_words(turn.due),
                "edition": turn.tag.edition,
            }
            yield Concern(
                "conversion",
                f"{turn.tag.pk}-{turn.rule['code']}",
                _("%(rule)s超期：%(edition)s") % told,
                _("%(began)s起算，应于 %(due)s以前%(stage)s，至今没有。") % told,
                _("转入下一步，或说明原因、调整名单。"),
            )
