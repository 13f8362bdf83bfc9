"""How the chain is made and checked: plain Python, so that an export can be checked anywhere."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.base.text import zh

GENESIS = "0" * 64
# What the digest covers, in this order. Adding a field would break every old chain: add a new
# `form` instead and keep the old list for rows written before.
FIELDS = (
    "seq",
    "at",
    "actor_id",
    "post_id",
    "actor",
    "act",
    "thing_type",
    "thing_id",
    "thing",
    "changes",
    "note",
    "previous_hash",
)


def canonical(value: Any) -> str:
    """JSON with one possible spelling: sorted keys, no spaces, no escapes for Chinese."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over the covered fields of one entry, the previous entry's hash among them."""
    covered = canonical([row[field] for field in FIELDS])
    return hashlib.sha256(covered.encode()).hexdigest()


@dataclass(frozen=True)
class Check:
    """The outcome of walking a chain: how far it holds, and the first row that does not."""

    count: int
    head: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def _is_number(value: Any) -> bool:
    return type(value) is int  # True and 1.0 equal 1, but are spelled otherwise


def _is_number_or_nothing(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_text(value: Any) -> bool:
    # A lone surrogate is a str to Python and has no bytes to be hashed.
    return isinstance(value, str) and not _SURROGATE.search(value)


_SURROGATE = re.compile("[\ud800-\udfff]")
_KINDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys((*FIELDS, "hash"), _is_text),
    "seq": _is_number,
    "actor_id": _is_number_or_nothing,
    "post_id": _is_number_or_nothing,
}


def _misshapen(row: Mapping[str, Any]) -> str:
    """What is wrong with a row before its hash is even looked at; empty if nothing."""
    if any(field not in row for field in _KINDS):
        return zh("这一条缺少必要的字段")
    if len(row) != len(_KINDS):  # what no hash covers must not travel along
        return zh("这一条有多余的字段")
    if not all(fits(row[field]) for field, fits in _KINDS.items()):
        return zh("这一条有字段的类型不对")
    return ""


def check_chain(
    rows: Iterable[Mapping[str, Any]], *, expect: tuple[int, str] | None = None
) -> Check:
    """Walk entries in order of `seq`; name the first that was altered, removed or inserted.

    `expect` is a number and hash noted down earlier (a printed audit root): it must still stand at
    that place, which also shows a tail that was cut off.
    """
    count, head, seen = 0, GENESIS, expect is None or expect == (0, GENESIS)
    for row in rows:
        if reason := _misshapen(row) or _does_not_follow(row, count, head):
            return Check(count, head, count + 1, reason)
        if expect and expect[0] == count + 1:
            if expect[1] != row["hash"]:
                return Check(count, head, count + 1, zh("与先前记下的审计根不符"))
            seen = True
        count, head = row["seq"], row["hash"]
    if not seen:
        return Check(count, head, count + 1, zh("先前记下的审计根之后的记录被截去"))
    return Check(count, head)


def _does_not_follow(row: Mapping[str, Any], count: int, head: str) -> str:
    """Why this row is not the one after `count` entries with that head; empty if it is."""
    if row["seq"] != count + 1:
        return zh("缺少这一条，或顺序被改动")
    if row["previous_hash"] != head:
        return zh("与上一条的摘要接不上")
    if digest(row) != row["hash"]:
        return zh("内容与摘要不符，已被改动")
    return ""


def check_lines(lines: Iterable[str], *, expect: tuple[int, str] | None = None) -> Check:
    """`check_chain` for an exported file, one JSON object a line; whatever stands in the file, the
    answer is a `Check` that names the first line that cannot be an entry."""
    faults: list[str] = []
    check = check_chain(_parsed(lines, faults), expect=expect)
    # A fault means that every line before it was walked and held: it is the first.
    return Check(check.count, check.head, check.count + 1, faults[0]) if faults else check


def _parsed(lines: Iterable[str], faults: list[str]) -> Iterator[Mapping[str, Any]]:
    """The lines as objects, up to the first that is none; why it is none goes to `faults`."""
    try:
        for line in lines:
            row = _row(line)
            if isinstance(row, str):
                faults.append(row)
                return
            yield row
    except UnicodeDecodeError:  # from the file, while it is read
        faults.append(zh("这一行不是 UTF-8 文字"))


def _row(line: str) -> dict[str, Any] | str:
    """One line as an object, or why it is none."""
    if not line.strip():
        return zh("这一行是空行")
    try:
        row = json.loads(line, object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return zh("这一行不是完整的 JSON")
    return row if isinstance(row, dict) else zh("这一行不是一条记录")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A field given twice could show a reader one value and the hash another."""
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError(pairs)
    return row


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are not JSON
