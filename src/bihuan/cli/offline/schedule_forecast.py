"""`bihuan schedule forecast`: when the project will end, how sure that is, and what moves it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import numpy as np

from bihuan.base.errors import Refused
from bihuan.cli.offline.options import FILE, lang
from bihuan.cli.offline.schedule_read import as_json as json_option
from bihuan.cli.offline.schedule_read import loaded, settled, shown
from bihuan.cli.offline.varying import runner
from bihuan.cli.offline.words import _
from bihuan.engines.schedule.chance import (
    SHAPES,
    Chances,
    Profile,
    Shape,
    Simulation,
    factors,
    simulate,
)
from bihuan.engines.schedule.earned import Earned, table
from bihuan.engines.schedule.forecast import CLASSES, Outlook, mixed, outside
from bihuan.engines.schedule.owners import Shares, expected
from bihuan.exchange.schedules.counting import Counted, baseline, counted, day_end, statuses
from bihuan.exchange.schedules.plan import Task
from bihuan.exchange.schedules.tracking import standing

SURE = (0.5, 0.8, 0.95)
_TOP = 10
_ALL = 1 - 1e-9  # of the budget earned: all is done


@dataclass(frozen=True)
class _Asked:
    """A date that somebody has promised: for the whole, or for one activity."""

    by: datetime
    shown: str
    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class _Answer:
    one: Counted
    simulation: Simulation
    on: datetime | None
    earned: Earned | None
    outlook: Outlook | None
    shares: Shares | None
    asked: Sequence[_Asked]
    given: int  # activities whose risk the file gives
    risk: Profile


@click.command(
    "forecast",
    short_help=_("预测完工日期"),
    help=_(
        "预测完工日期：按工期风险随机推算网络（内部看法），与同类项目的结局（参照类）和本项目的"
        "挣得进度合起来（外部看法）；给出 50%、80%、95% 把握的日期，各承诺日期的兑现概率，"
        "以及哪些活动、哪些单位的工作影响日期。文件里没有风险的活动用 --risk。\n\n"
        "例：bihuan schedule forecast 项目.xlsx --runs 10000 --seed 1 --by 2026-12-31"
    ),
)
@click.argument("file", type=FILE)
@click.option("--runs", default=10_000, type=click.IntRange(1, 1_000_000), help=_("推算次数。"))
@click.option("--seed", default=0, type=click.IntRange(0), help=_("随机种子。"))
@click.option("--by", "days", multiple=True, metavar="YYYY-MM-DD", help=_("承诺的日期；可写多次。"))
@click.option("--target", default="", help=_("所问的活动代码；不写是全部完成。"))
@click.option(
    "--risk",
    default="0.8,1,1.2",
    show_default=True,
    help=_("没有给风险的活动：乐观、最可能、悲观，是计划工期的倍数。"),
)
@click.option(
    "--shape", default="triangular", type=click.Choice(SHAPES), help=_("上述风险的分布。")
)
@click.option(
    "--common",
    default=0.2,
    show_default=True,
    type=click.FloatRange(0, 1),
    help=_("所有活动共同因素（天气、资金）占的方差。"),
)
@click.option(
    "--owner",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 1),
    help=_("同一责任单位共同因素占的方差。"),
)
@click.option("--run", "where", default="here", help=_("在哪里算：here、processes:2。"))
@json_option
@lang
def forecast_command(
    file: Path,
    runs: int,
    seed: int,
    days: tuple[str, ...],
    target: str,
    risk: str,
    shape: Shape,
    common: float,
    owner: float,
    where: str,
    as_json: bool,
) -> None:
    promised, profile = [_day(text) for text in days], _profile(risk, shape)
    one = counted(settled(loaded(file), file))
    net, settled_ = one.network, {}
    on = one.plan.periods[-1].on if one.plan.periods else None
    if on:
        stand = standing(one, one.plan.periods[-1])
        net, settled_ = stand.network, dict(stand.settled)
    profiles = {
        task.code: _own(one, task, shape) or profile
        for place, task in enumerate(one.leaves)
        if net.durations[place]
    }
    chances = Chances(profiles, factors(net, common=common, owner=owner), settled_)
    asked = _promises(one, promised, target)
    watched = tuple(dict.fromkeys(item.code for item in asked if item.code))
    with runner(where) as run:
        found = simulate(
            net, chances, runs=runs, seed=seed, target=target, watched=watched, run=run
        )
    shares = None
    if any(net.owners):
        shares = expected(net, chances, runs=min(runs, 1000), seed=seed, target=target)
    state, outlook = _outlook(one, target)
    answer = _Answer(one, found, on, state, outlook, shares, asked, len(one.plan.risks), profile)
    if as_json:
        click.echo(json.dumps(_json(answer), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(answer)))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            _("“%(found)s”不是日期。请写成 2026-12-31 这样。") % {"found": text}
        ) from None


def _profile(text: str, shape: Shape) -> Profile:
    try:
        low, mode, high = (float(part) for part in text.split(","))
    except ValueError:
        raise Refused(
            _("--risk 是“%(found)s”，应是三个数，如 0.8,1,1.2。请改正。") % {"found": text}
        ) from None
    return Profile(low, mode, high, shape)


def _own(one: Counted, task: Task, shape: Shape) -> Profile | None:
    own = one.plan.risks.get(task.code)
    return None if own is None else Profile(own.low, own.mode, own.high, shape)


def _promises(one: Counted, days: Sequence[date], target: str) -> list[_Asked]:
    """What was asked on the command line, the plan's own end, and the deadlines of the file."""
    out = [_Asked(day_end(day), str(day)) for day in days]
    planned = one.plan.finish
    if target:
        planned = next((task.finish for task in one.leaves if task.code == target), None)
    if planned:
        out.append(_Asked(planned, shown(planned)))
    return out + [
        _Asked(task.deadline, shown(task.deadline), task.code, task.name)
        for task in one.leaves
        if task.deadline
    ]


def _outlook(one: Counted, target: str) -> tuple[Earned | None, Outlook | None]:
    """The outside view of the whole project; a single activity has none."""
    dated = all(task.start and task.finish for task in one.leaves)
    if target or not dated or one.plan.finish is None:
        return None, None
    length = float(one.worked(one.plan.finish))
    if length <= 0:
        return None, None
    if not one.plan.periods:
        return None, outside(length, CLASSES[0])
    rows = table(baseline(one), statuses(one))
    # A project that was all done on an earlier status day had ended by then.
    state = next((row for row in rows if row.done >= _ALL), rows[-1])
    ended = state.done >= _ALL
    return state, mixed(length, state.at, state.es, CLASSES[0], ended=ended)


# Telling ------------------------------------------------------------------------------------------


def _lines(found: _Answer) -> Iterator[str]:
    one, simulated = found.one, found.simulation
    yield one.plan.title
    if found.earned and found.earned.done >= _ALL:
        yield _("到 %(on)s 已全部完成。") % {"on": _by(one, found.outlook, 1.0)}
        return
    if found.on:
        yield _("状态日 %(on)s：已开工的按实际，其余按计划") % {"on": shown(found.on)}
    yield _("按计划 %(plan)s 完成，按现状不出意外 %(now)s 完成") % {
        "plan": shown(one.plan.finish),
        "now": shown(one.axis.when(simulated.planned)),
    }
    yield _(
        "风险：%(given)d 项由文件给出，其余按 %(risk)s 假定；推算 %(runs)d 次，种子 %(seed)d"
    ) % {
        "given": found.given,
        "risk": f"{found.risk.low:g}/{found.risk.mode:g}/{found.risk.high:g}",
        "runs": simulated.runs,
        "seed": simulated.seed,
    }
    yield _("把握        50%         80%         95%")
    yield _("网络推算    ") + "  ".join(_finish(one, simulated.by(share)) for share in SURE)
    if found.outlook:
        name = _("参照类与挣得进度  ") if found.earned else _("参照类      ")
        yield name + "  ".join(_by(one, found.outlook, share) for share in SURE)
        yield _(
            "参照类：%(count)d 个已完工项目，%(late)d%% 晚于计划，最终 SPI(t) 中位数 %(median)g"
        ) % {
            "count": CLASSES[0].count,
            "late": round(CLASSES[0].late * 100),
            "median": CLASSES[0].median,
        }
    for asked in found.asked:
        yield _promised(found, asked)
    yield from _drivers(found)
    if found.shares and found.shares.shares:
        yield _("有八成把握的日期比现状晚 %(days).1f 个工作日，按责任单位分摊：") % {
            "days": found.shares.total / one.day
        }
        for share in found.shares.shares:
            yield _(
                "  %(owner)s  %(share).1f 天；只有它变 %(alone).1f 天；它照计划少晚 %(less).1f 天"
            ) % {
                "owner": share.owner or _("（未写单位）"),
                "share": share.share / one.day,
                "alone": share.alone / one.day,
                "less": share.without / one.day,
            }


def _promised(found: _Answer, asked: _Asked) -> str:
    tick = found.one.axis.tick(asked.by)
    parts = [
        _("%(name)s在 %(by)s 前完成：网络推算 %(chance)s")
        % {
            "name": asked.name or _("全部"),
            "by": asked.shown,
            "chance": _percent(found.simulation.chance(tick, asked.code)),
        }
    ]
    if found.outlook and not asked.code:
        chance = found.outlook.chance(float(found.one.worked(asked.by)))
        parts.append(_("参照类与挣得进度 %(chance)s") % {"chance": _percent(chance)})
    return _("，").join(parts)


def _drivers(found: _Answer) -> Iterator[str]:
    simulated = found.simulation
    yield _("影响日期最大的活动（关键度 CI、关联度 CRI、敏感度 SSI）：")
    for at in _ranked(simulated):
        yield "  ".join(
            [
                f"  {simulated.network.codes[at]}",
                simulated.network.names[at] or "—",
                f"{simulated.criticality[at]:.2f}",
                f"{simulated.cruciality[at]:.2f}",
                f"{simulated.ssi[at]:.2f}",
                simulated.network.owners[at],
            ]
        ).rstrip()


def _ranked(simulated: Simulation) -> list[int]:
    order = np.argsort(-simulated.ssi, kind="stable")[:_TOP]
    return [int(at) for at in order if simulated.ssi[at] > 0]


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _finish(one: Counted, tick: float) -> str:
    return str(one.axis.finish_day(tick))


def _by(one: Counted, outlook: Outlook | None, share: float) -> str:
    moment = None if outlook is None else one.moment(outlook.by(share))
    return "—" if moment is None else str(moment.date())


def _json(found: _Answer) -> dict[str, Any]:
    one, simulated = found.one, found.simulation
    return {
        "title": one.plan.title,
        "status": found.on.isoformat(timespec="minutes") if found.on else None,
        "planned": one.plan.finish.isoformat(timespec="minutes") if one.plan.finish else None,
        "now": one.axis.when(simulated.planned).isoformat(timespec="minutes"),
        "method": {
            "runs": simulated.runs,
            "seed": simulated.seed,
            "version": simulated.version,
            "digest": simulated.digest,
            "risks_given": found.given,
            "risk_assumed": [found.risk.low, found.risk.mode, found.risk.high, found.risk.shape],
            "reference_class": CLASSES[0].name,
        },
        "network": {_percent(share): _finish(one, simulated.by(share)) for share in SURE},
        "outside": {_percent(share): _by(one, found.outlook, share) for share in SURE}
        if found.outlook
        else None,
        "promises": [
            {
                "activity": asked.code,
                "by": asked.by.isoformat(timespec="minutes"),
                "network": simulated.chance(one.axis.tick(asked.by), asked.code),
                "outside": found.outlook.chance(float(one.worked(asked.by)))
                if found.outlook and not asked.code
                else None,
            }
            for asked in found.asked
        ],
        "activities": [
            {
                "code": simulated.network.codes[at],
                "name": simulated.network.names[at],
                "owner": simulated.network.owners[at],
                "ci": float(simulated.criticality[at]),
                "cri": float(simulated.cruciality[at]),
                "ssi": float(simulated.ssi[at]),
            }
            for at in _ranked(simulated)
        ],
        "owners": [
            {
                "owner": share.owner,
                "share_days": share.share / one.day,
                "alone_days": share.alone / one.day,
                "without_days": share.without / one.day,
            }
            for share in found.shares.shares
        ]
        if found.shares
        else [],
    }
