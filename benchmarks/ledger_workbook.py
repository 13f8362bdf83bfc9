"""How long a ledger of 20,000 problems takes to write and to read, beside plain openpyxl.

Run: .venv/bin/python benchmarks/ledger_workbook.py [rows]. Generated data, no real office's.
"""

import io
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

import openpyxl

from bihuan.exchange.workbook import Written, read_ledger, write_into, write_ledger
from bihuan.exchange.workbook.grid import book

UNITS = [f"示例单位{number}" for number in range(60)]
REGISTER = {name: f"unit-{number}" for number, name in enumerate(UNITS)}
DUES: list[Written] = [
    *("2022年6月底前", "1月20日", "立行立改", "长期坚持", "2022.3.31", "第三季度", "2月30日"),
    *(date(2022, 6, 30) + timedelta(days=day) for day in range(60)),
]


def rows(count: int) -> Iterator[dict[str, Written]]:
    """示例数据：problems whose texts differ, with every kind of deadline and some strangers."""
    for number in range(1, count + 1):
        yield {
            "order": number,
            "number": f"ZG-2022-{number:05}",
            "source": "督导检查",
            "source_number": "示例文〔2022〕1号",
            "category": "作风建设",
            "problem": f"示例数据：第 {number} 个问题，走访不够深入，联系服务群众不够经常。",
            "goal": "按期整改到位，群众满意。",
            "measures": (f"制定走访计划（{number}）；", "每月走访两次；", "建立问题清单。"),
            "leader": "示例领导",
            "lead_units": UNITS[number % 60] if number % 50 else f"名册外单位{number % 40}",
            "assist_units": f"{UNITS[number % 7]}、{UNITS[number % 11 + 20]}",
            "owner": "示例人员",
            "assigned_on": date(2022, 1, 10),
            "due": DUES[number % len(DUES)],
            "rect_kind": "限期整改",
            "progress": (f"已走访 {number} 户。", "已建立清单。"),
            "evidence": "走访记录",
            "state": "整改中",
            "requested_on": date(2022, 6, 1) if number % 3 else None,
            "opinion": "属实" if number % 3 else "",
            "closed_on": date(2022, 6, 20) if number % 3 else None,
            "recheck": "",
            "note": "示例数据",
        }


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process, so that a busy machine does not count."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def plain_openpyxl(content: bytes, *, read_only: bool) -> int:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=read_only, data_only=True)
    return sum(1 for _row in workbook.worksheets[0].iter_rows(values_only=True))


def main(count: int) -> None:
    data = list(rows(count))
    title = "示例数据：2022年问题整改台账"
    write, copied = timed(lambda: write_ledger(data, title=title))
    content = copied.content
    cells, _book = timed(lambda: book(content))
    read, ledger = timed(lambda: read_ledger(content, name="示例.xlsx", register=REGISTER))
    plain, _rows = timed(lambda: plain_openpyxl(content, read_only=True))
    full, _rows = timed(lambda: plain_openpyxl(content, read_only=False))
    into, _copied = timed(lambda: write_into(content, data))
    assert len(ledger.rows) == count, len(ledger.rows)

    print(f"{count} rows x 23 columns, {len(content) / 2**20:.1f} MiB, {len(ledger.doubts)} doubts")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("python-calamine", "openpyxl")))
    print(f"{'':44}{'CPU s':>8}{'rows/s':>10}{'x plain':>9}")
    for label, seconds in (
        ("read_ledger: fields, doubts, originals", read),
        ("  of which checked and unpacked (calamine)", cells),
        ("openpyxl read-only, values alone (plain)", plain),
        ("openpyxl in full, values alone", full),
        ("write_ledger: styled, for print", write),
        ("write_into the office's own workbook", into),
    ):
        print(f"{label:44}{seconds:8.2f}{count / seconds:10.0f}{seconds / plain:9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
