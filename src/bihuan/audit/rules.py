"""How the chain is made and checked: plain Python, so that an export can be checked anywhere."""

import hashlib
import json
from collections.abc import Iterable, Mapping
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


def check_chain(
    rows: Iterable[Mapping[str, Any]], *, expect: tuple[int, str] | None = None
) -> Check:
    """Walk entries in order of `seq`; name the first that was altered, removed or inserted.

    `expect` is a number and hash noted down earlier (a printed audit root): it must still stand at
    that place, which also shows a tail that was cut off.
    """
    count, head, seen = 0, GENESIS, expect is None or expect == (0, GENESIS)
    for row in rows:
        seq = row.get("seq")
        if seq != count + 1:
            return Check(count, head, count + 1, zh("缺少这一条，或顺序被改动"))
        missing = [field for field in (*FIELDS, "hash") if field not in row]
        if missing:
            return Check(count, head, seq, zh("这一条缺少必要的字段"))
        if row["previous_hash"] != head:
            return Check(count, head, seq, zh("与上一条的摘要接不上"))
        if digest(row) != row["hash"]:
            return Check(count, head, seq, zh("内容与摘要不符，已被改动"))
        count, head = seq, row["hash"]
        if expect and expect[0] == count:
            if expect[1] != head:
                return Check(count - 1, row["previous_hash"], seq, zh("与先前记下的审计根不符"))
            seen = True
    if not seen:
        return Check(count, head, count + 1, zh("先前记下的审计根之后的记录被截去"))
    return Check(count, head)
