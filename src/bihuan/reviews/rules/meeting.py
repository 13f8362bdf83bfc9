"""States and orders of a meeting, quorum, and which talks and criticisms are due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, permutations
from typing import TypeVar

from bihuan.base.text import zh

KINDS = {"annual": zh("年度会议"), "special": zh("专题会议")}
STATES = {
    "preparing": zh("筹备中"),
    "sitting": zh("会议中"),
    "held": zh("已召开，整改中"),
    "closed": zh("已了结"),
    "called_off": zh("已取消"),
}
STEP_STATES = {"pending": zh("未完成"), "done": zh("已完成"), "skipped": zh("未做，有原因")}
CHANNELS = {"box": zh("匿名意见箱"), "written": zh("书面征求"), "interview": zh("访谈")}
ABOUT = {"": zh("未分送"), "body": zh("对班子"), "member": zh("对成员")}
PAPER_KINDS = {"body": zh("班子对照检查材料"), "personal": zh("个人对照检查材料")}
PAPER_STATES = {
    "drafting": zh("起草中"),
    "submitted": zh("待审阅"),
    "sent_back": zh("退回修改"),
    "passed": zh("审阅通过"),
}
ATTENDANCE = {"": zh("未核对"), "present": zh("到会"), "absent": zh("缺席")}
PROBLEM_SOURCES = {
    "body": zh("班子对照检查"),
    "personal": zh("个人对照检查"),
    "criticism": zh("相互批评"),
    "opinion": zh("征求意见"),
    "talk": zh("谈心谈话"),
    "guidance": zh("指导组点评"),
    "last": zh("上次会议遗留"),
}
LOWER_STATES = {
    "waiting": zh("未定日期"),
    "dated": zh("已定日期"),
    "held": zh("已召开"),
    "exempt": zh("不召开，有原因"),
}
# How something confidential was read: part of the audit entry of each reading.
WAYS = {"page": zh("在线阅读"), "download": zh("下载"), "print": zh("打印")}

# Papers that are printed for the meeting.
SHEETS = {
    "agenda": zh("议程"),
    "sign-in": zh("签到表"),
    "talks": zh("谈心谈话情况表"),
    "problems": zh("问题清单"),
    "plan": zh("整改方案"),
    "record": zh("批评意见记录"),
    "report": zh("会议情况报告"),
    "circular": zh("会议情况通报"),
}
# Texts that the house drafts from the record; step of the library → which of them it asks for.
WRITINGS = {"report": SHEETS["report"], "circular": SHEETS["circular"]}
STEP_WRITINGS = {"report": "report", "notice": "circular"}

AGENDA = {
    "last": zh("通报上次会议整改和征求意见情况"),
    "body_check": zh("主要负责人代表班子作对照检查"),
    "own_check": zh("作个人对照检查"),
    "criticism": zh("班子成员逐一提出批评意见"),
    "mutual": zh("相互批评"),
    "comment": zh("指导组点评"),
    "summary": zh("主要负责人总结"),
}


@dataclass(frozen=True)
class Item:
    """One item of the agenda: its kind, and whose turn it is (a key of the member) if anybody's."""

    kind: str
    who: int | None = None


def agenda(members: Sequence[int], *, guided: bool) -> list[Item]:
    """议程：上次整改、班子检查、主要负责人带头并接受批评、其他成员依次、相互批评、点评、总结。

    `members` are keys in the order of the body, its head first (handbook section 3, S2-18 to 20).
    """
    if not members:
        return []
    head, *others = members
    items = [Item("last"), Item("body_check", head), Item("own_check", head)]
    items += [Item("criticism", head)] if others else []
    items += [Item("own_check", one) for one in others]
    items += [Item("mutual")] if len(members) > 2 else []
    items += [Item("comment")] if guided else []
    return [*items, Item("summary", head)]


def needed(due: int, part: int, whole: int) -> int:
    """The fewest present of `due` members that make at least part/whole of them."""
    return -(-due * part // whole)


def quorum_met(present: int, due: int, part: int, whole: int) -> bool:
    """到会人数达到应到的几分之几：恰好达到也算；整数相乘，不用小数。"""
    return due > 0 and present * whole >= due * part


def in_window(day: date, year: int, first: str, last: str) -> bool:
    """Does a day lie in the usual time of a year's meeting? `first` and `last` as MM-DD."""
    return day.year == year and first <= f"{day:%m-%d}" <= last


Key = TypeVar("Key")


def talk_pairs(members: Sequence[Key]) -> list[tuple[Key, Key]]:
    """Who is to talk with whom: the head with each member first, then members with each other."""
    return list(combinations(members, 2))


def criticism_cells(members: Iterable[Key]) -> list[tuple[Key, Key]]:
    """Who is to criticise whom: everybody everybody else, the head being criticised first."""
    return [(source, target) for target, source in permutations(members, 2)]
