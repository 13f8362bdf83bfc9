"""What residents may write, how much of it at a time, and what becomes of it: plain data."""

from dataclasses import dataclass

from bihuan.base.text import zh

OPINION_STATES = {
    "new": zh("待办理"),
    "answered": zh("已答复"),
    "raised": zh("已列为问题"),
    "aside": zh("不办理"),
}


@dataclass(frozen=True)
class Visits:
    """公众意见的限度：一个来处、一件事每小时至多几条，一条至多多少字。"""

    of_one: int = 5
    of_all: int = 120
    longest: int = 1000


VISITS = Visits()
