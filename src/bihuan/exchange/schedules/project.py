"""Project files (.mpp .xer .pmxml .xml .mpx .planner) through MPXJ, in a helper process.

MPXJ (Java, LGPL) knows these formats better than anybody. A stranger's file is read in a process of
its own, with limits of time and memory, so that nothing but that process can come to harm.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bihuan.exchange.schedules.plan import Assignment, Plan, Relation, Resource, Task, Week
from bihuan.exchange.workbook.guard import Refusal, no_entities

SECONDS = 60
MOST_BYTES = 64 * 2**20
_CHILD = Path(__file__).with_name("child.py")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KEPT = ("PATH", "JAVA_HOME", "SYSTEMROOT", "LANG", "LC_ALL", "TMP", "TEMP", "TMPDIR")
_BOUNDS = {
    "MUST_START_ON": "start_on",
    "START_ON": "start_on",
    "MUST_FINISH_ON": "finish_on",
    "FINISH_ON": "finish_on",
    "START_NO_EARLIER_THAN": "start_from",
    "START_NO_LATER_THAN": "start_until",
    "FINISH_NO_EARLIER_THAN": "finish_from",
    "FINISH_NO_LATER_THAN": "finish_until",
}
_REASONS = {
    "no_library": "schedule_no_library",
    "no_java": "schedule_no_java",
    "password": "schedule_password",
    "too_big": "schedule_too_heavy",
    "unreadable": "schedule_unreadable",
}
_ROOT = re.compile(rb"<(?![?!])([\w:.-]+)([^>]*)>")


def kind_of(content: bytes) -> str:
    """mpp, xer, mpx, mspdi, pmxml or planner; "" for what is none of them."""
    if content.startswith(_OLE):
        if _wide("EncryptedPackage") in content:
            raise Refusal("schedule_password")
        return "mpp" if _wide("Props") in content and _wide("TBknd") in content else ""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"ERMHDR"):
        return "xer"
    if start.startswith((b"MPX,", b"MPX;")):
        return "mpx"
    if start.startswith(b"<") or content.startswith((b"\xff\xfe<", b"\xfe\xff\0<")):
        return _kind_of_xml(content)
    return ""


def _kind_of_xml(content: bytes) -> str:
    try:
        no_entities(content)
    except Refusal:
        raise Refusal("schedule_hostile") from None
    root = _ROOT.search(content[:65_536])
    name = root[1].rpartition(b":")[2] if root else b""
    about = root[2] if root else b""
    if name == b"Project" and b"schemas.microsoft.com/project" in about:
        return "mspdi"
    if name == b"APIBusinessObjects":
        return "pmxml"
    return "planner" if name == b"project" and b"mrproject-version" in about else ""


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def read(content: bytes, kind: str, *, seconds: float = SECONDS) -> Plan:
    """The plan in the file; Refusal with the reason where it cannot be read."""
    if len(content) > MOST_BYTES:
        raise Refusal("schedule_too_big", most=str(MOST_BYTES // 2**20))
    with tempfile.TemporaryDirectory(prefix="bihuan-schedule-") as folder:
        # The name says what the bytes are, whatever the file was called.
        given = Path(folder, f"given.{'xml' if kind == 'mspdi' else kind}")
        out = Path(folder, "read.json")
        given.write_bytes(content)
        env = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            subprocess.run(
                [sys.executable, str(_CHILD), str(given), str(out)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=env,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Refusal("schedule_too_slow", seconds=f"{seconds:g}") from None
        # A child that the system or Java had to stop leaves nothing behind.
        if not out.exists():
            raise Refusal("schedule_too_heavy")
        told = json.loads(out.read_text("utf-8"))
    if "fault" in told:
        raise Refusal(_REASONS.get(told["fault"], "schedule_unreadable"), detail=told["detail"])
    return _plan(told, kind)


def _plan(told: Mapping[str, Any], kind: str) -> Plan:
    return Plan(
        kind,
        told["title"],
        _time(told["start"]),
        _time(told["finish"]),
        tuple(_task(one) for one in told["tasks"]),
        tuple(Relation(**one) for one in told["relations"]),
        tuple(Resource(**one) for one in told["resources"]),
        tuple(Assignment(**one) for one in told["assignments"]),
        tuple(_week(one) for one in told["calendars"]),
    )


def _task(one: Mapping[str, Any]) -> Task:
    dated = {
        name: _time(one[name])
        for name in (
            *("start", "finish", "actual_start", "actual_finish", "base_start", "base_finish"),
            *("constraint_on", "deadline"),
        )
    }
    bound = _BOUNDS.get(one["constraint"], "")
    return Task(**{**one, **dated, "constraint": bound})


def _week(one: Mapping[str, Any]) -> Week:
    return Week(
        one["code"],
        one["name"],
        tuple(tuple(map(tuple, day)) for day in one["days"]),
        {
            date.fromisoformat(day): tuple(map(tuple, hours))
            for day, hours in one["exceptions"].items()
        },
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
