"""Jobs of the house itself that need no inputs: check the stored files, check the audit chain."""

from collections.abc import Iterator
from typing import Any

from bihuan.audit import queries as audit
from bihuan.audit import rules as audit_rules
from bihuan.base.text import zh
from bihuan.files import pages as files_pages
from bihuan.files import queries as files
from bihuan.jobs import services as jobs

_NAMED = 100  # damaged files that a result names; the command names them all


def check_files(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """核对存放的文件：逐份重算摘要，与存入时的比对。"""
    checked = 0

    def progress(done: int, total: int) -> None:
        nonlocal checked
        checked = done
        tell(done, total)

    damaged = [files_pages.damage(found) for found in files.damaged(progress)]
    result: dict[str, Any] = {zh("核对的版本"): checked, zh("受损的版本"): len(damaged)}
    if damaged:
        result[zh("哪些受损")] = damaged[:_NAMED]
    return result


def check_chain(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """核对审计链：从头到尾逐条核对，指出第一条被改动的记录。"""
    total, _head = audit.head()

    def rows() -> Iterator[dict[str, Any]]:
        for done, row in enumerate(audit.rows(), start=1):
            yield row
            tell(done, max(done, total))

    check = audit_rules.check_chain(rows())
    result: dict[str, Any] = {
        zh("审计链完整"): check.whole,
        zh("完好的记录"): check.count,
        zh("审计根"): f"{check.count}:{check.head}",
    }
    if not check.whole:
        result |= {zh("断开处"): check.broken_at, zh("原因"): check.reason}
    return result


def declare() -> None:
    """Make them known to the room of jobs."""
    label, verb = zh("核对存放的文件"), "jobs.start"
    jobs.declare("site.check_files", check_files, label=label, verb=verb, plain=True)
    label, verb = zh("核对审计链"), "audit.view"
    jobs.declare("site.check_chain", check_chain, label=label, verb=verb, plain=True)
