"""Reads the PSPLIB text format .sm (Kolisch & Sprecher 1996): one mode, renewable resources.

The project's own due date and tardiness cost are left out: the library's published makespans know
nothing of them.
"""

import re

from bihuan.engines.schedule.faults import unfit
from bihuan.engines.schedule.levelling.problem import Activity, Link, Problem, problem


def psplib(text: str) -> Problem:
    """The problem that the text describes. Unfit, with the line that cannot be read."""
    lines = text.splitlines()
    jobs = _count(lines, "jobs")
    kinds = [_count(lines, f"- {kind}") for kind in ("renewable", "nonrenewable")]
    if kinds[1] or _count(lines, "- doubly constrained"):
        raise unfit("levelling_nonrenewable")
    after = _rows(lines, "PRECEDENCE RELATIONS:", jobs, least=3, skip=1)
    work = _rows(lines, "REQUESTS/DURATIONS:", jobs, least=3 + kinds[0], skip=2)
    stock = _rows(lines, "RESOURCEAVAILABILITIES:", 1, least=kinds[0], skip=1)[0]
    if any(row[1] != 1 for row in after):
        raise unfit("levelling_modes")
    names = [f"R{k + 1}" for k in range(kinds[0])]
    return problem(
        [Activity(str(r[0]), r[2], dict(zip(names, r[3:], strict=False))) for r in work],
        [Link(str(r[0]), str(to)) for r in after for to in r[3 : 3 + r[2]]],
        dict(zip(names, stock, strict=False)),
    )


def _count(lines: list[str], label: str) -> int:
    """The number after `label … :`."""
    for line in lines:
        if found := re.match(rf"\s*{label}\b[^:]*:\s*(\d+)", line):
            return int(found[1])
    raise unfit("levelling_not_psplib", what=label.strip("- "))


def _rows(lines: list[str], label: str, count: int, *, least: int, skip: int) -> list[list[int]]:
    """`count` rows of whole numbers under a heading, after `skip` lines; ruled lines pass."""
    at = next((k for k, line in enumerate(lines) if line.startswith(label)), None)
    if at is None:
        raise unfit("levelling_not_psplib", what=label)
    rows: list[list[int]] = []
    for k in range(at + 1 + skip, len(lines)):
        if len(rows) == count:
            break
        words = lines[k].split()
        if words and set(words[0]) == {"-"}:
            continue
        if len(words) < least or not all(word.isdigit() for word in words):
            raise unfit("levelling_line", row=k + 1, found=lines[k].strip()[:60])
        rows.append([int(word) for word in words])
    if len(rows) < count:
        raise unfit("levelling_not_psplib", what=label)
    return rows
