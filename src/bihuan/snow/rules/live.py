"""The live picture: how a section shows by its state and by how long ago it was done. No Django."""

from bihuan.base.text import zh

# Codes of states, as the office calls them, and the tone that goes with the word.
STATES = {
    "passable": zh("畅通"),
    "slow": zh("缓行"),
    "icy": zh("结冰"),
    "closed": zh("封闭"),
    "unknown": zh("没有报过"),
}
TONES = {
    "passable": "good",
    "slow": "warn",
    "icy": "bad",
    "closed": "bad",
    "unknown": "quiet",
}
KINDS = {
    "main": zh("主干道"),
    "secondary": zh("次干道"),
    "branch": zh("支路"),
    "back": zh("背街小巷"),
    "other": zh("其他"),
}
AGES = {"fresh": zh("不久前做过"), "old": zh("做过，已久"), "never": zh("还没做过")}
# Within how many hours a pass counts as "not long ago": whoever looks chooses.
FRESH_HOURS = (1, 2, 4, 8)
FRESH = 2
SILENT_MS = 300_000  # a vehicle not heard for five minutes is shown faintly, and said to be silent
SORTS = {
    "name": zh("路段"),
    "kind": zh("等级"),
    "state": zh("状态"),
    "age": zh("最近一遍"),
}
# The worst first: that is what somebody has to be sent to.
_STATE_ORDER = ("closed", "icy", "unknown", "slow", "passable")


def age(at_ms: int | None, now_ms: int, fresh_hours: int) -> str:
    """Fresh, old, or never."""
    if at_ms is None:
        return "never"
    return "fresh" if now_ms - at_ms <= fresh_hours * 3_600_000 else "old"


def urgency(state: str) -> int:
    """Where a state stands in a list that begins with the worst."""
    return _STATE_ORDER.index(state) if state in _STATE_ORDER else len(_STATE_ORDER)
