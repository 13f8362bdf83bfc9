"""How fast terms are counted: `python benchmarks/days.py` prints a table of CPU seconds.

Plain Python, no database: the calendar is the published one, as every room uses it. The slow way,
walking day by day, stands beside it and must give the same days.
"""

import platform
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bihuan.days import bridge, rules

CALLS = 100_000
FEW = 1_000  # for the slow way


def fresh() -> rules.Calendar:
    """A calendar with no table built yet."""
    known = bridge.published()
    return rules.assemble(known.marks, known.years, {}, ())


def walked(calendar: rules.Calendar, start: date, n: int) -> date:
    """The n-th working day after the start, found on foot."""
    day = start
    while n:
        day += timedelta(days=1)
        n -= calendar.kind(day).working
    return day


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    began = time.process_time()
    work()
    return time.process_time() - began


def machine() -> str:
    """Processor, system and Python, as far as they say so themselves."""
    processor = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [x for x in cpus.read_text(encoding="utf-8").splitlines() if "model name" in x]
        processor = names[0].partition(":")[2].strip() if names else processor
    return f"{processor}, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    rng = random.Random(20220120)
    terms = [
        (date(2004, 1, 1) + timedelta(days=rng.randrange(9_000)), rng.randint(1, 60))
        for _ in range(CALLS)
    ]
    calendar = fresh()
    rows: list[tuple[str, int, float]] = [
        ("assemble and build 30 years", 1, seconds(lambda: _built(fresh())))
    ]
    dues = [calendar.add(start, n) for start, n in terms]
    assert dues[:FEW] == [walked(calendar, start, n) for start, n in terms[:FEW]]
    pairs = [(start, due) for (start, _n), due in zip(terms, dues, strict=True)]
    named: list[tuple[str, int, Callable[[], object]]] = [
        ("add, working days", CALLS, lambda: [calendar.add(s, n) for s, n in terms]),
        ("add, natural, rolled", CALLS, lambda: [_rolled(calendar, s, n) for s, n in terms]),
        ("back, working days", CALLS, lambda: [calendar.back(s, n) for s, n in terms]),
        ("between, working days", CALLS, lambda: [calendar.between(a, b) for a, b in pairs]),
        ("provisional", CALLS, lambda: [calendar.provisional(a, b) for a, b in pairs]),
        ("kind", CALLS, lambda: [calendar.kind(s) for s, _n in terms]),
        ("explain", FEW, lambda: [calendar.explain(s, n) for s, n in terms[:FEW]]),
        ("on foot, for comparison", FEW, lambda: [walked(calendar, s, n) for s, n in terms[:FEW]]),
    ]
    rows += [(name, calls, seconds(work)) for name, calls, work in named]
    print(machine())
    print(f"{'question':<30}{'calls':>10}{'CPU s':>10}{'µs/call':>10}")
    for name, calls, took in rows:
        print(f"{name:<30}{calls:>10,}{took:>10.3f}{took / calls * 1e6:>10.1f}")


def _built(calendar: rules.Calendar) -> None:
    for year in range(2000, 2030):
        calendar.working_days(year)


def _rolled(calendar: rules.Calendar, start: date, n: int) -> date:
    return calendar.add(start, n, "natural", roll=True)


if __name__ == "__main__":
    main()
