"""The helper process that reads a project file with MPXJ and writes it as JSON.

    python -m bihuan.exchange.schedules.child FILE OUT.json

It runs apart so that a stranger's file can harm nothing but it: the parent limits its time and
memory. It never reaches the network, and knows nothing of the rest of this program.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

HEAP = "-Xmx768m"
_OPTIONS = (
    HEAP,
    "-Xss4m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.awt.headless=true",
    "-Djavax.xml.accessExternalDTD=",
    "-Djavax.xml.accessExternalSchema=",
    "-Djdk.xml.entityExpansionLimit=1000",
)
# Address space (Java reserves far more than it uses), seconds of the processor, bytes of a file.
_LIMITS = {"RLIMIT_AS": 6 * 2**30, "RLIMIT_CPU": 120, "RLIMIT_FSIZE": 512 * 2**20}
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_MOST_EXCEPTIONS = 5_000
_PRIMAVERA = ("XER", "PMXML")


def main(path: str, out: str) -> int:
    """Write the file as JSON, and what went wrong as {"fault": …}; Java owns the terminal."""
    _limit()
    try:
        told = _read(path)
    except _Faulty as fault:
        told = {"fault": fault.args[0], "detail": fault.args[1]}
    Path(out).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return 0


def _limit() -> None:
    """No more than this of memory, time and disk, where the system can be told so."""
    try:
        resource = import_module("resource")
    except ImportError:  # Windows: the heap of Java and the parent's clock remain
        return
    for name, most in _LIMITS.items():
        hard = resource.getrlimit(getattr(resource, name))[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(getattr(resource, name), (soft, hard))


class _Faulty(Exception):  # noqa: N818 - an answer to the parent, not an error of the program
    pass


def _read(path: str) -> dict[str, Any]:
    try:
        jpype = import_module("jpype")
        import_module("mpxj")  # puts the library's classes on Java's path
    except ImportError as fault:
        raise _Faulty("no_library", str(fault)) from None
    try:
        jpype.startJVM(*_OPTIONS, convertStrings=True)
    except (jpype.JVMNotFoundException, OSError, RuntimeError) as fault:
        raise _Faulty("no_java", str(fault)) from None
    reader = jpype.JClass("org.mpxj.reader.UniversalProjectReader")
    try:
        project = reader().read(path)
    except jpype.JException as fault:
        raise _Faulty(_reason(fault), _told(fault)) from None
    if project is None:
        raise _Faulty("unreadable", "")
    return _project(project)


def _told(fault: Any) -> str:
    texts: list[str] = []
    while fault is not None and len(texts) < 5:
        texts.append(f"{fault.getClass().getSimpleName()}: {fault.getMessage()}")
        fault = fault.getCause()
    return " < ".join(texts)[:500]


def _reason(fault: Any) -> str:
    told = _told(fault).casefold()
    if "password" in told or "encrypt" in told:
        return "password"
    if "outofmemory" in told or "stackoverflow" in told:
        return "too_big"
    return "unreadable"


def _project(project: Any) -> dict[str, Any]:
    properties = project.getProjectProperties()
    tasks = [task for task in project.getTasks() if (task.getID() or 0) > 0]
    known = {_code(task) for task in tasks}
    resources = list(project.getResources())
    default = project.getDefaultCalendar()
    calendars = sorted(project.getCalendars(), key=lambda one: one != default)
    targets = _text(properties.getFileType()) in _PRIMAVERA and not any(
        one is not None for one in project.getBaselines()
    )
    span = (_date(project.getEarliestStartDate()), _date(project.getLatestFinishDate()))
    return {
        "title": _text(properties.getProjectTitle() or properties.getName()),
        "kind": _text(properties.getFileType()),
        "start": _time(
            properties.getStartDate()
            or project.getEarliestStartDate()
            or properties.getPlannedStart()
        ),
        "finish": _time(properties.getFinishDate() or project.getLatestFinishDate()),
        "tasks": [{**_task(task, properties), **_base(task, targets=targets)} for task in tasks],
        "relations": [
            {
                "before": _code(link.getPredecessorTask()),
                "after": _code(task),
                "kind": _text(link.getType()),
                **_lag(link.getLag(), properties),
            }
            for task in tasks
            for link in task.getPredecessors()
            if _code(link.getPredecessorTask()) in known
        ],
        "resources": [
            {
                "code": str(one.getUniqueID()),
                "name": _text(one.getName()),
                "kind": _text(one.getType()).casefold(),
            }
            for one in resources
        ],
        "assignments": [
            {
                "task": _code(task),
                "resource": str(one.getResourceUniqueID() or ""),
                "units": float(one.getUnits() or 0) / 100,
            }
            for task in tasks
            for one in task.getResourceAssignments()
        ],
        "calendars": [_calendar(one, span) for one in calendars],
    }


def _code(task: Any) -> str:
    return str(task.getUniqueID())


def _task(task: Any, properties: Any) -> dict[str, Any]:
    parent = task.getParentTask()
    calendar = task.getEffectiveCalendar()
    done = task.getPercentageComplete()
    return {
        "code": _code(task),
        "name": _text(task.getName()),
        "outline": _text(task.getWBS() or task.getOutlineNumber()),
        "level": int(task.getOutlineLevel() or 0),
        "parent": _code(parent) if parent is not None and (parent.getID() or 0) > 0 else "",
        "summary": bool(task.getSummary()),
        "milestone": bool(task.getMilestone()),
        "start": _time(task.getStart()),
        "finish": _time(task.getFinish()),
        "actual_start": _time(task.getActualStart()),
        "actual_finish": _time(task.getActualFinish()),
        # Primavera keeps a planned duration beside the one that its own run has worked out.
        "minutes": _minutes(task.getDuration() or task.getPlannedDuration(), properties),
        "done": None if done is None else float(done) / 100,
        "calendar": "" if calendar is None else str(calendar.getUniqueID()),
        "constraint": _text(task.getConstraintType()),
        "constraint_on": _time(task.getConstraintDate()),
        "deadline": _time(task.getDeadline()),
        "cost": float(task.getCost() or 0),
        "fixed_cost": float(task.getFixedCost() or 0),
    }


def _base(task: Any, *, targets: bool) -> dict[str, str | None]:
    """The baseline that the file carries.

    Without a baseline of its own, Primavera's target dates stand for one. They follow the schedule
    until the work begins, so where they are the task's own dates they claim nothing.
    """
    claimed = (_time(task.getBaselineStart()), _time(task.getBaselineFinish()))
    if targets and claimed == (_time(task.getStart()), _time(task.getFinish())):
        claimed = (None, None)
    return {"base_start": claimed[0], "base_finish": claimed[1]}


def _calendar(calendar: Any, span: tuple[date | None, date | None]) -> dict[str, Any]:
    """A calendar unfolded: its week, and every day of the project that differs from it."""
    return {
        "code": str(calendar.getUniqueID()),
        "name": _text(calendar.getName()),
        "days": [_quietly(partial(_usual, calendar, day)) for day in _DAYS],
        "exceptions": dict(_exceptions(calendar, span)),
    }


def _exceptions(
    calendar: Any, span: tuple[date | None, date | None]
) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    jpype = import_module("jpype")
    local = jpype.JClass("java.time.LocalDate")
    first, last = span
    for one in calendar.getExpandedCalendarExceptionsWithWorkWeeks():
        start, end = _date(one.getFromDate()), _date(one.getToDate())
        if start is None or end is None or first is None or last is None:
            continue
        # Far beyond the plan nobody asks; a rule of a hundred years must not become a flood.
        start = max(start, first - timedelta(days=366))
        end = min(end, last + timedelta(days=3660))
        for count in range(min((end - start).days + 1, _MOST_EXCEPTIONS)):
            day = start + timedelta(days=count)
            yield day.isoformat(), _hours(calendar.getHours(local.of(day.year, day.month, day.day)))


def _usual(calendar: Any, name: str) -> list[tuple[int, int]]:
    jpype = import_module("jpype")
    day = getattr(jpype.JClass("java.time.DayOfWeek"), name)
    return _hours(calendar.getHours(day))


def _hours(ranges: Any) -> list[tuple[int, int]]:
    out = []
    for one in ranges or ():
        start, end = one.getStart(), one.getEnd()
        if start is None or end is None:
            continue
        first, last = (int(bound.toSecondOfDay()) // 60 for bound in (start, end))
        out.append((first, last if last > first else 1440))
    return out


def _quietly(ask: Callable[[], list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """A calendar without hours of its own for a day has none."""
    try:
        return ask()
    except Exception:  # whatever Java says: the week is then told as it is understood
        return []


def _lag(lag: Any, properties: Any) -> dict[str, Any]:
    if lag is None:
        return {"lag": 0, "elapsed": False}
    return {"lag": _minutes(lag, properties) or 0, "elapsed": bool(lag.getUnits().isElapsed())}


def _minutes(length: Any, properties: Any) -> int | None:
    if length is None:
        return None
    jpype = import_module("jpype")
    units = jpype.JClass("org.mpxj.TimeUnit")
    if length.getUnits() in (units.PERCENT, units.ELAPSED_PERCENT):
        return 0
    wanted = units.ELAPSED_MINUTES if length.getUnits().isElapsed() else units.MINUTES
    return round(float(length.convertUnits(wanted, properties).getDuration()))


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _time(value: Any) -> str | None:
    if value is None:
        return None
    return datetime(  # noqa: DTZ001 - schedules are in local time
        value.getYear(),
        value.getMonthValue(),
        value.getDayOfMonth(),
        value.getHour(),
        value.getMinute(),
    ).isoformat()


def _date(value: Any) -> date | None:
    if value is None:
        return None
    return date(value.getYear(), value.getMonthValue(), value.getDayOfMonth())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
