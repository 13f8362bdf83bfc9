"""Codes as sentences in the reader's language: faults, steps, sources, probabilities."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from bihuan.assessment import rules
from bihuan.assessment.models import Cell, Round, Run
from bihuan.base.errors import Refused
from bihuan.base.index_words import SENTENCES
from bihuan.base.text import shorten, zh
from bihuan.engines.index.faults import Fault, Unfit
from bihuan.engines.index.moves import EDITION, NORMS, PEERS, POINTS, ROSTER
from bihuan.ui.table import Tag, Tone

OUTSIDE = {
    PEERS: zh("其他参评单位的变动"),
    NORMS: zh("标准重定"),
    EDITION: zh("方案改版"),
    ROSTER: zh("参评单位增减"),
    POINTS: zh("加减分"),
}
_NAMED = ("node", "unit", "child", "parent")


def fault(one: Fault, names: Mapping[str, str]) -> str:
    """A fault of the engine as a sentence, with names in place of codes."""
    shown = {k: f"{v:.6g}" if isinstance(v, float) else v for k, v in one.params.items()}
    for key in _NAMED:
        if key in shown:
            shown[key] = names.get(str(shown[key]), shown[key])
    template = SENTENCES.get(one.code)
    return _(template) % _Known(shown) if template else str(one)


class _Known(dict[str, Any]):
    """Parameters of a sentence; one that is not known shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


@contextmanager
def spoken(names: Mapping[str, str] | None = None) -> Iterator[None]:
    """What the engine finds unfit is refused in sentences."""
    try:
        yield
    except Unfit as refusal:
        raise Refused.all(fault(one, names or {}) for one in refusal.faults) from refusal


def state_tag(found: Round) -> Tag:
    tones: dict[str, Tone] = {"filling": "info", "submitted": "warn", "frozen": "good"}
    return Tag(_(rules.STATES[found.state]), tones[found.state])


def year(found: Round) -> str:
    """考核年度与数据年度，分开说。"""
    return _("考核年度 %(assess)d（数据年度 %(data)d）") % {
        "assess": found.assess_year,
        "data": found.data_year,
    }


def tags(found: Round) -> tuple[Tag, ...]:
    """What must stand on every page with a score: that it is ours, and whether it is a sample."""
    ours = Tag(_("测算值"), "info")
    return (ours, Tag(_("示例数据"), "warn")) if found.sample else (ours,)


def notice(found: Round) -> str:
    """本页是什么，不是什么。"""
    own = _("得分和位次是本区自行测算的，不是主管部门公布的结果。")
    if not found.sample or found.scheme.subject != "zone":
        return own
    return own + _(
        "其他开发区的数是按固定种子生成的示例数据；生成时让本区的测算位次恰为公布的 26 位和 22 位，"
        "所以两者一致不说明测算准确。"
    )


def source(cell: Cell) -> str:
    """Where a number came from."""
    if cell.origin == "facts" and cell.observation is not None:
        return shorten(cell.observation.quote or cell.observation.source, 80)
    if cell.origin == "ledger":
        part, _sign, rest = cell.source.partition("|")
        return _("台账 %(year)s 年：%(part)s") % {"part": part, "year": rest}
    return _(cell.source)


def chance(value: Any) -> str:
    """A probability as per cent; what is close to none or all is said so."""
    share = float(value)
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 < share < 1:
        return ">99%"
    return f"{share:.0%}"


def interval(low: int, high: int) -> str:
    return f"{low}–{high}" if low != high else str(low)


def suspicion(one: rules.Suspicion, name: str) -> str:
    """一处核对疑点，连同数和通常的范围。"""
    told = {"name": name, "found": one.found, "low": one.low, "high": one.high}
    if one.rule == "jump":
        told |= {k: f"{told[k] * 100:+.1f}%" for k in ("found", "low", "high")}  # type: ignore[operator]  # floats
        return _("“%(name)s”较上一轮变动 %(found)s，通常在 %(low)s 至 %(high)s 之间。") % told
    if one.rule == "ratio":
        told |= {k: f"{told[k]:.4g}" for k in ("found", "low", "high")}
        return (
            _("“%(name)s”与比对指标之比为 %(found)s，同伴通常在 %(low)s 至 %(high)s 之间。") % told
        )
    return _("“%(name)s”上一轮有数（%(found)g），这一轮没有。") % told


def run_title(run: Run) -> str:
    return _("%(scheme)s：%(year)d 年度测算") % {
        "scheme": run.round.scheme.label(),
        "year": run.round.assess_year,
    }


def changed() -> str:
    return _("这次测算的输入或程序与当时的不同，不能据此说明原因。请重新测算。")


def all_failed() -> str:
    return _("所有抽样都算不出。请检查方案里的做法能否并用。")
