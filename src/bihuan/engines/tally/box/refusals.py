"""Everything a box may answer instead of doing it. Codes and arguments; rooms own the words."""

import sqlite3
from collections.abc import Iterable
from typing import Any, ClassVar

from bihuan.engines.tally.faults import Fault


class Refusal(Exception):  # noqa: N818 - an answer about the request, not an error of the program
    """票箱不受理：一个代码，连同参数。"""

    code: ClassVar[str] = ""

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(str(self.fault))

    @property
    def fault(self) -> Fault:
        return Fault(self.code, self.params)


class NotOpen(Refusal):
    """现在不收票。phase: where the box stands."""

    code = "box_not_open"


class AnotherBallot(Refusal):
    """这张票证已经投过另一张票。"""

    code = "box_another_ballot"


class Copied(Refusal):
    """这一封票已经用别的票证投过：照抄别人的封票不收，请重新封票。"""

    code = "box_copied"


class VoidSlip(Refusal):
    """这张票已经作废。"""

    code = "box_void_slip"


class WrongCategory(Refusal):
    """这张票属于另一类人员。category: the slip's own."""

    code = "box_wrong_category"


class TooLarge(Refusal):
    """太大，票箱不收。most: bytes."""

    code = "box_too_large"


class Misshapen(Refusal):
    """不是封好的票：长度不是定长。"""

    code = "box_misshapen"


class NoFirstEntry(Refusal):
    """这张纸票还没有第一遍录入，或两遍不一致已退回重录。"""

    code = "box_no_first_entry"


class TypedAlready(Refusal):
    """这张纸票已有第一遍录入，等另一人录第二遍。"""

    code = "box_typed_already"


class PapersPending(Refusal):
    """还有纸票只录了一遍。count: how many."""

    code = "box_papers_pending"


class WrongStep(Refusal):
    """这一步现在不能走。phase, to."""

    code = "box_wrong_step"


class NotYet(Refusal):
    """投票没有结束，任何人都不能看。phase."""

    code = "box_not_yet"


class Forgotten(Refusal):
    """核对期已过，票已销毁，只留票根和各列。"""

    code = "box_forgotten"


class Settled(Refusal):
    """已经存过一份，内容不同。"""

    code = "box_settled"


class Unsound(Refusal):
    """票箱与日志不符，不能开票。faults: tuple of Fault, each naming what and where."""

    code = "box_unsound"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults="; ".join(map(str, self.faults)))


class BoxExists(Refusal):
    """这个位置已经有文件。"""

    code = "box_exists"


class NotABox(Refusal):
    """没有这个票箱，或这不是票箱文件。"""

    code = "box_not_a_box"


class NoKey(Refusal):
    """票箱的日志钥匙不在，或不是这只票箱的。"""

    code = "box_no_key"


class NotStored(Refusal):
    """没有存成，什么也没有改变；稍后原样再投即可。

    Rarely it was stored after all (a disk that failed while it said so): the same ballot again
    is then answered as a replay.
    """

    code = "box_not_stored"


class Full(NotStored):
    """磁盘已满，没有存成；腾出空间后原样再投即可。"""

    code = "box_full"


class Busy(NotStored):
    """票箱正忙，没有存成；稍后原样再投即可。"""

    code = "box_busy"


def of(error: sqlite3.Error) -> Refusal:
    """The refusal that a failure of the file amounts to."""
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if kind == sqlite3.SQLITE_FULL:
        return Full()
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy()
    if kind in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN):
        return NotABox()
    return NotStored(reason=str(error))
