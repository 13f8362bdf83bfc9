"""How fast a ledger of 100,000 findings is read: `python benchmarks/ledger.py` prints a table.

Makes a data folder of its own with generated findings (示例数据), each with its stints, measures
and judgements, then times whole answers, page and all, as a clerk and a unit head ask for them:
by the clock, and the processor's own time (which other programs on a busy machine disturb less).
The plainest question of the same table (`SELECT * … ORDER BY id DESC LIMIT 50` by the database
driver alone) stands first; the last column says how many times as long the others take.

    python benchmarks/ledger.py [--findings 100000] [--times 7] [--folder DIR]

`--folder` keeps the data for the next run. SQLite, unless BIHUAN_DATABASE_URL names PostgreSQL.
"""

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

PLACES = ("示例路", "示例街", "示例园区", "示例社区", "示例广场")
MATTERS = ("垃圾清运不及时", "围挡破损", "积水未排", "台账缺项", "材料与总量不符", "标识缺失")
SOURCES = ("meeting", "supervision", "ballot", "public", "figures", "other")
DAYS = 1095  # three years up to today
BATCH = 2000
PLAINEST = "SELECT * FROM ledger_finding ORDER BY id DESC LIMIT 50"


@dataclass
class Life:
    """One generated finding: from which day it stood in which state, with which deadline."""

    number: str
    assigned: date
    due: date
    extended: date | None
    round: int
    # (day, state, due, requested_on), in order
    stints: list[tuple[date, str, date | None, date | None]] = field(default_factory=list)


def life(rng: random.Random, number: str, assigned: date, today: date) -> Life:
    """A plausible way through the states, cut off where today comes."""
    due = assigned + timedelta(days=rng.choice((5, 15, 30, 60)))
    ack = assigned + timedelta(days=rng.randint(0, 3))
    plan = ack + timedelta(days=rng.randint(1, 5))
    extended = due + timedelta(days=30) if rng.random() < 0.12 else None
    asked = due - timedelta(days=2) if extended else None
    last = extended or due
    if rng.random() < 0.06:
        handed = today + timedelta(days=30)  # stuck: still with the unit today
    else:
        handed = max(plan, last + timedelta(days=rng.randint(-12, 18)))
    taken, closed = handed + timedelta(days=2), handed + timedelta(days=rng.randint(3, 9))
    one = Life(number, assigned, due, extended, 1)
    steps = [(assigned, "draft", None, None), (assigned, "assigned", due, None)]
    steps += [(ack, "acknowledged", due, None), (plan, "rectifying", due, None)]
    if asked and extended and plan < asked < handed:
        steps.append((asked, "rectifying", extended, None))
    else:
        one.extended, last = None, due
    steps += [(handed, "requested", last, handed), (taken, "checking", last, handed)]
    if rng.random() < 0.08:  # returned once by the checker
        back = taken + timedelta(days=1)
        again = back + timedelta(days=rng.randint(1, 10))
        closed = again + timedelta(days=4)
        steps += [(back, "rectifying", last, None), (again, "requested", last, again)]
        steps.append((again + timedelta(days=1), "checking", last, again))
        if back <= today:
            one.round = 2
    steps.append((closed, "closed", last, steps[-1][3]))
    one.stints = [step for step in steps if step[0] <= today]
    return one


def somewhere(rng: random.Random) -> str:
    """A place that does not exist."""
    return f"{rng.choice(PLACES)}{rng.randint(1, 400)}号"


def appointed(unit: Any) -> Any:
    """Somebody who does the work of a unit that has nobody in the sample zone."""
    from bihuan.people import services as people
    from bihuan.people.models import Role

    person = people.add_person(by=None, name="示例负责人")
    role = Role.objects.get(code="unit_head")
    return people.appoint(person, by=None, unit=unit, role=role, title="示例负责人")


def fill(findings: int) -> None:
    """Generated findings, bulk inserted: nothing of this goes through the verbs."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection

    from bihuan.base import clock
    from bihuan.files import services as files
    from bihuan.ledger import queries
    from bihuan.ledger.models import (
        Evidence,
        Extension,
        Finding,
        Measure,
        Notice,
        Progress,
        Stint,
        Verification,
    )
    from bihuan.people.models import Account, Post

    rng, today = random.Random(20220120), clock.today()
    units = list(queries.units_to_choose().order_by("code"))
    post = {
        account.username: Post.objects.filter(person=account.person).order_by("pk")[0]
        for account in Account.objects.all()
    }
    checkers, clerk, leader = [post["checker"]], post["clerk"], post["leader"]
    heads = {p.unit_id: p for p in Post.objects.filter(role__code="unit_head")}
    for unit in units:
        if unit.pk not in heads:
            heads[unit.pk] = appointed(unit)
    paper = files.keep(
        SimpleUploadedFile("示例.txt", "示例数据".encode(), content_type="text/plain"),
        by=None,
        title="示例数据",
    )
    assigned_days = sorted(today - timedelta(days=rng.randrange(DAYS)) for _ in range(findings))
    running: dict[int, int] = {}
    through = Finding.assist_units.through

    def moment(day: date) -> datetime:
        return datetime.combine(day, clock_time(4), UTC)

    for start in range(0, findings, BATCH):
        rows: dict[Any, list[Any]] = {
            model: []
            for model in (
                Finding,
                Stint,
                Measure,
                Progress,
                Evidence,
                Verification,
                Extension,
                Notice,
                through,
            )
        }
        first = (Finding.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        for offset, day in enumerate(assigned_days[start : start + BATCH]):
            pk = first + offset
            running[day.year] = running.get(day.year, 0) + 1
            one = life(rng, f"{day.year}-{running[day.year]:05d}", day, today)
            stood, state, due, requested = one.stints[-1]
            unit = rng.choice(units)
            head = heads[unit.pk]
            drafted = state == "draft" or rng.random() < 0.003
            if drafted:
                one.stints = one.stints[:1]
                stood, state, due, requested = one.stints[-1]
            elif state == "rectifying" and rng.random() < 0.1:
                state = "long_term"
                one.stints.append((today, state, due, None))
            missed = [
                s[2] + timedelta(days=1)
                for s, after in zip(one.stints, one.stints[1:], strict=False)
                if s[2] and s[1] == "rectifying" and after[0] > s[2]
            ]
            rows[Finding].append(
                Finding(
                    pk=pk,
                    number=one.number,
                    title=f"示例数据：{somewhere(rng)}{rng.choice(MATTERS)}",
                    description="示例数据，按固定种子生成。" * rng.randint(1, 6),
                    category=rng.choice(("环境", "作风", "数据", "工程")),
                    source=rng.choice(SOURCES),
                    place=somewhere(rng),
                    risk=rng.choice(("high", "medium", "medium", "low")),
                    standard="示例标准",
                    rect_kind="long_term" if state == "long_term" else "dated",
                    state=state,
                    round=one.round,
                    lead_unit=None if drafted else unit,
                    leader=None if drafted else leader,
                    due=due,
                    first_due=None if drafted else one.due,
                    assigned_on=None if drafted else day,
                    requested_on=requested,
                    closed_on=stood if state == "closed" else None,
                    missed_on=min(missed, default=None),
                    raised_by=clerk,
                    # One in thirty is a part of the one before it.
                    parent_id=pk - 1 if offset and rng.random() < 0.03 else None,
                    acknowledged_by=None if state in ("draft", "assigned") else head,
                    requested_by=head if requested else None,
                    created_at=moment(day),
                )
            )
            rows[Stint] += [
                Stint(
                    finding_id=pk,
                    at=moment(s[0]),
                    day=s[0],
                    state=s[1],
                    due=s[2],
                    requested_on=s[3],
                    lead_unit=None if s[1] == "draft" else unit,
                )
                for s in one.stints
            ]
            if rng.random() < 0.1 and not drafted:
                rows[through].append(through(finding_id=pk, unit_id=rng.choice(units).pk))
            if len(one.stints) < 4:
                continue
            done = one.stints[4][0] if len(one.stints) > 4 else None
            for _ in range(rng.choice((1, 2, 2, 4))):
                text = "示例措施"
                rows[Measure].append(
                    Measure(finding_id=pk, text=text, by=head, done_on=done, done_by=done and head)
                )
            rows[Progress].append(Progress(finding_id=pk, text="示例进展", by=head))
            if one.extended or (state == "rectifying" and rng.random() < 0.05):
                rows[Extension].append(
                    Extension(
                        finding_id=pk,
                        reason="示例理由",
                        from_due=one.due,
                        to_due=one.extended or one.due + timedelta(days=9),
                        by=head,
                        granted=True if one.extended else None,
                        decided_by=leader if one.extended else None,
                        decided_at=moment(one.due) if one.extended else None,
                    )
                )
            if missed:
                rows[Notice].append(
                    Notice(
                        finding_id=pk,
                        rung="blue",
                        name="督办蓝单",
                        slip="blue",
                        due=one.due,
                        day=missed[0],
                        to=head,
                        number=f"示例-{pk}",
                        seen_at=moment(missed[0]) if rng.random() < 0.97 else None,
                        seen_by=head,
                    )
                )
            for number in range(1, one.round + 1):
                if requested or number < one.round:
                    rows[Evidence].append(
                        Evidence(finding_id=pk, round=number, version=paper, text="示例", by=head)
                    )
                if number < one.round or state == "closed" or rng.random() < 0.3:
                    rows[Verification].append(
                        Verification(
                            finding_id=pk,
                            round=number,
                            way="visit",
                            passed=number == one.round,
                            opinion="示例意见",
                            by=rng.choice(checkers),
                        )
                    )
        for model, made in rows.items():
            model.objects.bulk_create(made, batch_size=BATCH)
        sys.stderr.write(f"\r{start + BATCH:,}")
        sys.stderr.flush()
    sys.stderr.write("\n")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('ledger_finding','id'), max(id)) "
                "FROM ledger_finding"
            )
        cursor.execute("ANALYZE")


def questions() -> Iterator[tuple[str, str, str]]:
    """What is asked: a name, who asks, the address."""
    from bihuan.base import clock
    from bihuan.people.models import Unit

    economy = Unit.objects.get(code="economy").pk
    committee = Unit.objects.get(code="admin").pk
    filters = (
        ("first page", ""),
        ("state: requested", "state=requested"),
        ("state: open", "state=open"),
        ("state: closed", "state=closed"),
        ("unit", f"unit={economy}"),
        ("lead unit, closed", f"lead={economy}&state=closed"),
        ("late", "late=on"),
        ("lamp: yellow", "lamp=yellow"),
        ("lamp: none", "lamp=-"),
        ("source", "source=public"),
        ("source, risk, state", "source=public&risk=high&state=closed"),
        ("assigned in a month", "since=2024-03-01&until=2024-03-31"),
        ("due for a re-check", "recheck=on"),
        ("text, common", "text=围挡"),
        ("text, rare", "text=示例路399号标识"),
        ("text, nowhere", "text=没有这样的字"),
        ("sorted by deadline", "sort=due"),
        ("open, by deadline", "state=open&sort=due"),
        ("sorted by closing", "sort=closed"),
        ("sorted by unit", "sort=unit"),
        ("page 1500", "page=1500"),
        ("page 1500, by deadline", "page=1500&sort=due"),
    )
    for who in ("clerk", "econ-head"):
        for name, asked in filters:
            yield f"list, {name}", who, f"/ledger/?{asked}"
    for who in ("clerk", "econ-head", "checker", "leader"):
        yield "overview", who, "/"
        yield "my work", who, "/ledger/mine/"
    today = clock.today()
    month = f"/ledger/bulletin/{today.year}/{today.month}/"
    old = f"/ledger/bulletin/{today.year - 2}/{today.month}/"
    for name, address in (
        ("unit", f"/ledger/units/{economy}/"),
        ("unit with nine below", f"/ledger/units/{committee}/"),
        ("leader's sheet", "/ledger/leader/"),
        ("bulletin, this month", month),
        ("bulletin, two years ago", old),
        ("statistics", "/ledger/statistics/"),
        ("statistics, one source", "/ledger/statistics/?source=public"),
    ):
        yield name, "clerk", address


def milliseconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Medians of several runs, after one that does not count: by the clock, and of the processor.

    SQLite works inside this process, so the second holds its work too, and holds still where other
    programs keep the machine busy.
    """
    work()
    clock, processor = [], []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        work()
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return statistics.median(clock), statistics.median(processor)


def machine() -> str:
    """Processor, system, Python and database, as far as they say so themselves."""
    import django
    from django.db import connection

    processor = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [x for x in cpus.read_text(encoding="utf-8").splitlines() if "model name" in x]
        processor = names[0].partition(":")[2].strip() if names else processor
    database = f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    return (
        f"{processor} × {os.cpu_count()}, {platform.system()}, "
        f"Python {platform.python_version()}, Django {django.__version__}, {database}"
    )


def measure(times: int, only: str) -> None:
    """Print the table."""
    from django.db import connection
    from django.test import Client

    from bihuan.ledger.models import Finding
    from bihuan.site import demo

    def plainest() -> object:
        with connection.cursor() as cursor:
            cursor.execute(PLAINEST)
            return cursor.fetchall()

    base, worked = milliseconds(plainest, times * 5)
    print(machine())
    print(f"{Finding.objects.count():,} findings; median of {times}; whole answers, page and all")
    print(f"{'question':<32}{'who':<12}{'ms':>9}{'CPU ms':>9}{'× plain':>10}")
    print(f"{'SELECT … LIMIT 50':<32}{'driver':<12}{base:>9.2f}{worked:>9.2f}{1:>10}")
    clients: dict[str, Client] = {}
    for name, who, address in questions():
        if only not in name:
            continue
        if who not in clients:
            clients[who] = Client(SERVER_NAME="localhost")
            typed = {"username": who, "password": demo.PASSWORD}
            clients[who].post("/people/sign-in/", typed)
        client = clients[who]

        def ask(client: Client = client, address: str = address) -> object:
            answer = client.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
            return answer

        took, worked = milliseconds(ask, times)
        line = f"{name:<32}{who:<12}{took:>9.1f}{worked:>9.1f}{took / base:>10.0f}"
        print(line, flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--findings", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=7)
    asked.add_argument("--folder", default="")
    asked.add_argument("--only", default="", help="only questions whose name contains this")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as spare:
        os.environ["BIHUAN_DATA"] = told.folder or spare
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.site.settings"
        import django

        django.setup()
        from bihuan.cli import ready
        from bihuan.ledger.models import Finding

        ready.ready(told=False)
        if not Finding.objects.exists():
            fill(told.findings)
        measure(told.times, told.only)


if __name__ == "__main__":
    main()
