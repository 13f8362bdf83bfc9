"""States of a finding and the steps between them, as a clerk would read them; no Django.

Handbook section 4. 逾期 is not a state: it is computed from the clock by `is_overdue`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.base.text import zh

STATES = {
    "draft": zh("草拟"),
    "assigned": zh("已交办"),
    "acknowledged": zh("已签收"),
    "rectifying": zh("整改中"),
    "requested": zh("申请销号"),
    "checking": zh("核查中"),
    "closed": zh("已销号"),
    "long_term": zh("长期坚持"),
    "void": zh("已作废"),
}

# From each state: which step is allowed, and the state it leads to.
STEPS: dict[str, dict[str, str]] = {
    "draft": {"amend": "draft", "assign": "assigned", "discard": "void"},
    "assigned": {
        "acknowledge": "acknowledged",
        "decline": "draft",
        "hand_over": "assigned",
        "cancel": "void",
    },
    "acknowledged": {
        "plan": "rectifying",
        "split": "acknowledged",
        "hand_over": "acknowledged",
        "cancel": "void",
        "ask_extension": "acknowledged",
        "decide_extension": "acknowledged",
        "make_long_term": "long_term",
    },
    "rectifying": {
        "plan": "rectifying",
        "report": "rectifying",
        "finish_measure": "rectifying",
        "submit_evidence": "rectifying",
        "split": "rectifying",
        "ask_extension": "rectifying",
        "decide_extension": "rectifying",
        "request_close": "requested",
        "make_long_term": "long_term",
        "hand_over": "rectifying",
        "cancel": "void",
    },
    "requested": {"take_up": "checking", "withdraw": "rectifying", "hand_over": "requested"},
    "checking": {
        "verify": "checking",
        "send_back": "rectifying",
        "close": "closed",
        "hand_over": "checking",
    },
    "closed": {"recheck": "closed", "reopen": "rectifying"},
    "long_term": {
        "plan": "long_term",
        "report": "long_term",
        "finish_measure": "long_term",
        "submit_evidence": "long_term",
        "split": "long_term",
        "request_close": "requested",
        "hand_over": "long_term",
        "cancel": "void",
    },
    "void": {},
}

STEP_NAMES = {
    "amend": zh("修改草稿"),
    "assign": zh("交办"),
    "discard": zh("作废"),
    "acknowledge": zh("签收"),
    "decline": zh("退回交办"),
    "plan": zh("制定措施"),
    "report": zh("填报进展"),
    "finish_measure": zh("落实一条措施"),
    "submit_evidence": zh("提交佐证"),
    "split": zh("分解到下级"),
    "ask_extension": zh("申请延期"),
    "decide_extension": zh("审批延期"),
    "request_close": zh("申请销号"),
    "withdraw": zh("撤回申请"),
    "take_up": zh("受理核查"),
    "verify": zh("核查"),
    "send_back": zh("退回整改"),
    "close": zh("销号"),
    "make_long_term": zh("转长期坚持"),
    "recheck": zh("回头看"),
    "reopen": zh("重新打开"),
    "hand_over": zh("移交"),
    "cancel": zh("撤销问题"),
}

# Which permission a step asks for, and whose unit it is about: anybody's (a zone-wide duty), the
# lead unit's, or any unit's that takes part.
STEP_VERBS: dict[str, tuple[str, str]] = {
    "amend": ("ledger.raise", "zone"),
    "assign": ("ledger.assign", "zone"),
    "discard": ("ledger.assign", "zone"),
    "acknowledge": ("ledger.acknowledge", "lead"),
    "decline": ("ledger.acknowledge", "lead"),
    "plan": ("ledger.plan", "lead"),
    "report": ("ledger.submit", "part"),
    "finish_measure": ("ledger.submit", "part"),
    "submit_evidence": ("ledger.submit", "part"),
    "split": ("ledger.plan", "lead"),
    "ask_extension": ("ledger.submit", "lead"),
    "decide_extension": ("ledger.extend", "zone"),
    "request_close": ("ledger.submit", "lead"),
    "withdraw": ("ledger.submit", "lead"),
    "take_up": ("ledger.verify", "zone"),
    "verify": ("ledger.verify", "zone"),
    "send_back": ("ledger.verify", "zone"),
    "close": ("ledger.close", "zone"),
    "make_long_term": ("ledger.long_term", "zone"),
    "recheck": ("ledger.recheck", "zone"),
    "reopen": ("ledger.reopen", "zone"),
    "hand_over": ("ledger.assign", "zone"),
    "cancel": ("ledger.cancel", "zone"),
}

# Steps that judge the work: nobody who did it, and nobody from a unit that did it, may take them.
JUDGING = frozenset(
    {
        "take_up",
        "verify",
        "send_back",
        "close",
        "decide_extension",
        "make_long_term",
        "recheck",
        "cancel",
    }
)

# Steps that only add something: two people who take them at the same time are not in each other's
# way.
ADDING = frozenset({"report", "submit_evidence"})

BULK_MOST = 200  # findings that one bulk act may touch

OPEN = ("assigned", "acknowledged", "rectifying", "requested", "checking", "long_term")
WITH_UNIT = ("assigned", "acknowledged", "rectifying", "long_term")
WITH_CHECKER = ("requested", "checking")

RECT_KINDS = {
    "immediate": zh("立行立改"),
    "dated": zh("限期整改"),
    "long_term": zh("长期坚持"),
}
RISKS = {"high": zh("高"), "medium": zh("中"), "low": zh("低")}
EVIDENCE_KINDS = {
    "before": zh("整改前"),
    "after": zh("整改后"),
    "paper": zh("文件资料"),
    "other": zh("其他"),
}
# 层层传导 goes down one of these two lines and never across.
CASCADE_LINES = {"party": zh("党的隶属"), "admin": zh("行政隶属")}
DAY_UNITS = {"working": zh("工作日"), "natural": zh("自然日")}
INTAKE_STATES = {"preview": zh("待确认"), "confirmed": zh("已入账"), "dropped": zh("已放弃")}

NO_EVIDENCE = zh("本轮还没有佐证材料。请先由责任单位提交佐证。")


def after(state: str, step: str) -> str | None:
    """The state after a step; None where the step is not allowed."""
    return STEPS[state].get(step)


def is_overdue(state: str, due: date | None, today: date, requested_on: date | None = None) -> bool:
    """逾期：过了时限还在责任单位手里；或过了时限才申请销号。

    A request made in time stops the clock: waiting for the checker is not the unit's delay.
    """
    if due is None or state not in OPEN:
        return False
    if state in WITH_CHECKER and requested_on is not None:
        return requested_on > due
    return today > due


def days_left(due: date, today: date) -> int:
    """Calendar days until the due date; negative when it has passed."""
    return (due - today).days


def recheck_window(closed_on: date, first_days: int, last_days: int) -> tuple[date, date]:
    """回头看的起止日期。"""
    return closed_on + timedelta(days=first_days), closed_on + timedelta(days=last_days)


@dataclass(frozen=True)
class Involved:
    """Who took part: the persons who acted, and the units that lead or assist."""

    persons: frozenset[int]
    units: frozenset[int]


def may_judge(person: int, their_units: Iterable[int], involved: Involved) -> bool:
    """核验人不得是整改人，也不得在责任单位任职；换一个任职来办也不行。"""
    return person not in involved.persons and not involved.units.intersection(their_units)


def missing_for_close(
    *, evidence: int, passed: int, signatures: int = 1, children: int = 0
) -> list[str]:
    """What still stands between a finding and its closing; empty when nothing does.

    `passed` counts the different people who have verified this round, `children` the findings
    split from it that are neither closed nor withdrawn.
    """
    faults = []
    if evidence == 0:
        faults.append(NO_EVIDENCE)
    if passed == 0:
        faults.append(zh("还没有核查通过。请先由核查人核查并写明意见。"))
    elif passed < signatures:
        faults.append(zh("还须另一人核查通过。请由另一名核查人核查并写明意见。"))
    if children:
        faults.append(zh("分解到下级的问题还没有全部销号。请等下级销号，或经批准撤销。"))
    return faults


def extension_faults(
    *, due: date | None, to: date, today: date, pending: bool, granted: int, most: int
) -> list[str]:
    """Why an extension may not be asked for; empty when it may. All reasons at once."""
    faults = []
    if due is None:
        faults.append(zh("这个问题没有时限，不需要延期。"))
        return faults
    if today > due:
        faults.append(zh("已经过了时限，不能再申请延期。请抓紧完成并说明原因。"))
    if to <= due:
        faults.append(zh("新的时限必须晚于现在的时限。请改用更晚的日期。"))
    if pending:
        faults.append(zh("已有一次延期申请等待审批。请等审批后再申请。"))
    if granted >= most:
        faults.append(zh("延期次数已用完。请与分管领导商量，或申请转为长期坚持。"))
    return faults
