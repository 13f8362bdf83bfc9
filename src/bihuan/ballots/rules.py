"""Phases of a box, how a right is given, steps in which turnout is told: plain data."""

from bihuan.base.text import zh

PHASES = {
    "draft": zh("草拟"),
    "frozen": zh("已定稿"),
    "issuing": zh("签到发票"),
    "issued": zh("发票结束"),
    "casting": zh("正在投票"),
    "closed": zh("投票结束"),
    "counted": zh("已计票，核对期"),
    "done": zh("已封存"),
}
# Each phase has one way on and none back.
NEXT = dict(zip(list(PHASES), list(PHASES)[1:], strict=False))

# Where a vote belongs to a meeting, these are done there: the meeting checks its own order first.
IN_MEETING = ("freeze", "start-casting", "close", "count", "finish")

# What a person on the roll was given at the door.
GIVEN = {
    "": zh("未发"),
    "token": zh("手机票"),
    "slip": zh("纸票"),
}

# Turnout is told in steps while voting goes on, so that nobody's act can be read off the screen.
LEAST_STEP = 5
STEPS = 20


def step(due: int) -> int:
    """By how many ballots at a time the screen counts on: a twentieth of those due, at least 5."""
    return max(LEAST_STEP, -(-due // STEPS))


def stepped(cast: int, due: int) -> int:
    """The turnout as it may be told: rounded down to a whole step.

    >>> stepped(13, 60), stepped(4, 60), stepped(301, 300)
    (10, 0, 300)
    """
    size = step(due)
    return cast // size * size


def moves_on(phase: str, to: str) -> bool:
    """Is `to` the one phase that follows?"""
    return NEXT.get(phase) == to


def reached(phase: str, at_least: str) -> bool:
    """Has a box come as far as this phase?"""
    order = list(PHASES)
    return order.index(phase) >= order.index(at_least)
