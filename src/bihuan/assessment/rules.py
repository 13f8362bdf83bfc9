"""Words, steps and small calculations of the room: plain data and functions, no database.

Handbook section 5: the assessment year is not the data year; what was not published stays blank; a
score computed here is always called 测算值.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bihuan.base.text import zh

SUBJECTS = {"zone": zh("开发区"), "unit": zh("区内单位")}
LEAGUES = {
    "east": zh("东部"),
    "centre": zh("中部"),
    "west": zh("西部"),
    "units": zh("区内单位"),
}
STATES = {"filling": zh("填报中"), "submitted": zh("已提交"), "frozen": zh("已冻结")}
STEPS: Mapping[str, Mapping[str, str]] = {
    "filling": {"submit": "submitted"},
    "submitted": {"send_back": "filling", "freeze": "frozen"},
    "frozen": {},
}
ORIGINS = {
    "facts": zh("数据库"),
    "ledger": zh("台账统计"),
    "typed": zh("手工填报"),
    "sample": zh("示例数据"),
}
COUNTS = {
    "on_time": zh("按期销号率"),
    "first_pass": zh("一次核查通过率"),
    "late_days": zh("平均逾期天数"),
    "rebound": zh("回头看反弹数"),
}
# How much is known of a peer's cell.
STATUSES = {"given": zh("实数"), "missing": zh("缺数"), "estimated": zh("估计")}
# What makes a rule for points apply: somebody who recorded an event, or a score that meets a limit.
EVENT = "event"
TRIGGERS = {
    EVENT: zh("逐次登记"),
    "at_least": zh("得分不低于"),
    "above": zh("得分高于"),
    "at_most": zh("得分不高于"),
    "below": zh("得分低于"),
}
ISSUES = {"low": zh("得分偏低"), "exit": zh("退出风险"), "conflict": zh("数据矛盾")}

# Who stands at the edge. Result notices publish the first thirty; both editions look at the last
# five (handbook 5). From half on, a chance of standing among them is a matter for the ledger.
TOP, LAST = 30, 5
RISKY = 0.05
# A node is called low when this many of a hundred peers do better.
LOW_SHARE = 0.6


@dataclass(frozen=True)
class Weighing:
    """一项的权重：公布的照用，未公布的按同组平分（assumed）。"""

    weight: float
    assumed: bool


def weights(given: Mapping[str, float | None]) -> dict[str, Weighing]:
    """Weights of one brood, per cent of their parent; blanks share what is left of a hundred.

    Where nothing is left for them (the known ones already make a hundred or more) a blank gets
    the mean of the known ones: an assumption either way, and shown as one.

    >>> weights({"a": 40.0, "b": None, "c": None})["b"]
    Weighing(weight=30.0, assumed=True)
    """
    known = [float(w) for w in given.values() if w is not None]
    blanks = len(given) - len(known)
    if not blanks:
        return {code: Weighing(float(w or 0), False) for code, w in given.items()}
    rest = 100.0 - sum(known)
    share = rest / blanks if rest > 0 else sum(known) / max(len(known), 1)
    return {
        code: Weighing(share, True) if w is None else Weighing(float(w), False)
        for code, w in given.items()
    }


# Checks before freezing -------------------------------------------------------------------------

MAD_LIMIT = 5.0  # robust deviations from the peers' median: Iglewicz & Hoaglin (1993) use 3.5
JUMP_LIMIT = 0.5  # a change by half or more, where there are too few peers to compare with
FEW = 12


@dataclass(frozen=True)
class Suspicion:
    """核对疑点：哪一项、哪条规则、数是多少、通常在什么范围。"""

    node: str
    rule: str
    found: float
    low: float
    high: float


def usual_range(values: Sequence[float]) -> tuple[float, float]:
    """Median ± MAD_LIMIT scaled median absolute deviations (Iglewicz & Hoaglin 1993)."""
    middle = median(values)
    spread = median(abs(v - middle) for v in values) * 1.4826
    return middle - MAD_LIMIT * spread, middle + MAD_LIMIT * spread


def jump(
    node: str, before: float | None, now: float | None, peers: Iterable[tuple[float, float]]
) -> Suspicion | None:
    """突变：较上一轮的增幅超出同伴通常的范围；同伴太少则看是否变动过半。"""
    if before is None or now is None or before == 0:
        return None
    growth = now / before - 1.0
    others = [b / a - 1.0 for a, b in peers if a > 0]
    low, high = -JUMP_LIMIT, JUMP_LIMIT
    if len(others) >= FEW:
        low, high = usual_range(others)
    return None if low <= growth <= high else Suspicion(node, "jump", growth, low, high)


def ratio(
    node: str, value: float | None, base: float | None, peers: Iterable[tuple[float, float]]
) -> Suspicion | None:
    """比例：与比对指标之比远离同伴通常的范围。"""
    if value is None or not base:
        return None
    others = [a / b for a, b in peers if b > 0]
    if len(others) < FEW:
        return None
    low, high = usual_range(others)
    share = value / base
    return None if low <= share <= high else Suspicion(node, "ratio", share, low, high)


def vanished(node: str, before: float | None, now: float | None) -> Suspicion | None:
    """缺数：上一轮有数，这一轮没有。"""
    if before is None or now is not None:
        return None
    return Suspicion(node, "missing", before, before, before)


# Counting for units -----------------------------------------------------------------------------


def share(part: int, whole: int) -> float | None:
    """Per cent; nothing where there is nothing to divide."""
    return 100.0 * part / whole if whole else None
