"""门前五包：看过一次有没有做到；没做到先催办，到时再看，还没做到就列为问题。"""

from datetime import datetime

from bihuan.base.text import zh

STATES = {
    "unseen": zh("没有看过"),
    "met": zh("做到了"),
    "urged": zh("已催办"),
    "late": zh("催办到期"),
    "raised": zh("已列为问题"),
}
TONES = {"unseen": "quiet", "met": "good", "urged": "warn", "late": "bad", "raised": "info"}


def state(missed: bool | None, due: datetime | None, raised: bool, now: datetime) -> str:
    """How a front stands by its newest check.

    >>> state(None, None, False, datetime(2026, 1, 1))
    'unseen'
    """
    if missed is None:
        return "unseen"
    if not missed:
        return "met"
    if raised:
        return "raised"
    return "late" if due is not None and due <= now else "urged"
