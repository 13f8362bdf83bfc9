"""States of a job, how inputs are spelled for their digest, how long things took. Plain Python."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bihuan.base.text import zh

STATES = {
    "waiting": zh("等待"),
    "running": zh("运行中"),
    "done": zh("完成"),
    "failed": zh("失败"),
    "cancelled": zh("已停止"),
    "lost": zh("中断"),
}
UNFINISHED = ("waiting", "running")
ENDED = ("done", "failed", "cancelled", "lost")

# A job called lost may still end otherwise: another process of the same house may have been at it
# all along, and its result is as good as any.
STEPS: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"running", "failed", "cancelled", "lost"}),
    "running": frozenset({"done", "failed", "cancelled", "lost"}),
    "lost": frozenset({"done", "failed"}),
    "done": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}

CRASHED = zh("计算中途出错，没有结果。请把作业编号和时间告诉管理员，原因记在服务器的日志里。")
NO_JSON = zh("计算的结果存不下来：%(reason)s。请把作业编号告诉管理员。")
UNKNOWN_KIND = zh("现在的程序没有这种作业。请联系管理员。")
LEFT_BEHIND = zh("服务器在作业结束之前停了，没有结果。请重新发起。")

LARGEST_SEED = 2**63 - 1


class Stopped(Exception):  # noqa: N818 - somebody asked for it
    """停止：有人要求停止，由 `tell` 抛出，穿过计算。Work should let it through."""


def canonical(value: Any) -> str:
    """JSON with one possible spelling: sorted keys, no spaces, no NaN.

    >>> canonical({"b": 1, "a": [2.0, "数"]})
    '{"a":[2.0,"数"],"b":1}'
    """
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    text.encode()  # half of a surrogate pair cannot be stored
    return text


def read(text: str) -> Any:
    """What canonical text says."""
    return json.loads(text)


def digest(text: str) -> str:
    """SHA-256 of canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def percent(done: int, total: int) -> int | None:
    """How far, in whole per cent, never rounded up to a hundred; None when nobody knows."""
    return min(done, total) * 100 // total if total > 0 else None


def hours(seconds: float) -> tuple[int, int, int]:
    """Hours, minutes and seconds of a duration."""
    whole = max(0, int(seconds))
    return whole // 3600, whole % 3600 // 60, whole % 60
