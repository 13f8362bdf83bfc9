"""Against what others kept: heads seen in the hall, another bundle, a copy of the box."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from bihuan.engines.tally import merkle, plain
from bihuan.engines.tally.bundle import FULL
from bihuan.engines.tally.columns import Columns, commitments
from bihuan.engines.tally.faults import Fault, Unfit, unfit
from bihuan.engines.tally.verify.opened import Opened, accepted, key_of, opened

_SEEN = re.compile(r"(\d{1,18}):([0-9a-f]{16,64})")
_LEAST_DIGITS = 16


@dataclass(frozen=True)
class Seen:
    """见过的签名根：票数和根（至少 16 位十六进制），从大屏或结果单上抄来。"""

    size: int
    root: str

    @classmethod
    def read(cls, text: str) -> Self:
        """ "SIZE:ROOT" as printed, or 80 hex digits (size in 8 bytes, root in 32). Unfit."""
        said = re.sub(r"\s|-", "", text).replace("：", ":").lower()
        if found := _SEEN.fullmatch(said):
            return cls(int(found[1]), found[2])
        if re.fullmatch(r"[0-9a-f]{80}", said):
            return cls(int(said[:16], 16), said[16:])
        raise unfit("seen_unreadable", found=plain.visible(text)[:100], least=_LEAST_DIGITS)


def on_log(found: Opened, seen: Sequence[Seen]) -> Iterator[Fault]:
    """Each head that somebody saw lies on this log."""
    for one in seen:
        if one.size > len(found.leaves):
            yield Fault("seen_beyond", {"size": one.size, "found": len(found.leaves)})
        elif not merkle.root(found.leaves[: one.size]).hex().startswith(one.root):
            yield Fault("seen_forked", {"size": one.size, "root": one.root[:16]})


def same_story(found: Opened, raw: Any) -> Iterator[Fault]:
    """Two bundles of one box tell one story; every difference is named."""
    try:
        other = opened(raw)
    except Unfit as refusal:
        yield from refusal.faults
        return
    if other.final.box != found.final.box:
        yield Fault("other_box", {"found": other.final.box.hex()})
        return
    if other.public != found.public:
        yield Fault("other_key")
    roots = {head.size: head.root for head in (*found.heads, found.final)}
    for head in (*other.heads, other.final):
        if roots.get(head.size, head.root) != head.root:
            yield Fault("other_forked", {"size": head.size})
    ours, theirs = set(found.leaves), set(other.leaves)
    for leaf in sorted(ours - theirs):
        yield Fault("other_lacks", {"leaf": leaf.hex()[:16]})
    for leaf in sorted(theirs - ours):
        yield Fault("other_has", {"leaf": leaf.hex()[:16]})
    for name in ("plan", "reconciliation", "told"):
        if found.raw[name] != raw[name]:
            yield Fault("other_differs", {"part": name})
    if {key_of(r): r["commitment"] for r in found.raw["columns"]} != (
        {key_of(r): r["commitment"] for r in raw["columns"]}
    ):
        yield Fault("other_differs", {"part": "columns"})


def recount(raw: Any, box_leaves: Sequence[bytes], columns: Columns) -> list[Fault]:
    """复票：what was read from a copy of the box again, against the bundle, column by column."""
    found = opened(raw)
    out = []
    ours, theirs = set(found.leaves), set(box_leaves)
    out += [Fault("recount_lacks", {"leaf": leaf.hex()[:16]}) for leaf in sorted(ours - theirs)]
    out += [Fault("recount_has", {"leaf": leaf.hex()[:16]}) for leaf in sorted(theirs - ours)]
    secret = bytes.fromhex(raw["secret"]) if raw["kind"] == FULL else None
    each = commitments(columns, secret) if secret is not None else {}
    for row in raw["columns"]:
        key = key_of(row)
        names = dict(zip(("category", "subject", "item"), key, strict=True))
        again = {m: n for m, n in columns.counts.get(key, {}).items() if n}
        if ("counts" in row and again != row["counts"]) or (
            secret is not None and each.get(key) != row["commitment"]
        ):
            out.append(Fault("recount_column", names))
    wanted = accepted(found)
    for code, number in _merged(found, columns).items():
        if wanted.get(code, 0) != number:
            params = {"category": code, "found": number, "wanted": wanted.get(code, 0)}
            out.append(Fault("recount_accepted", params))
    return out


def _merged(found: Opened, columns: Columns) -> dict[str, int]:
    to = found.plan.merges(found.reconciliation.issued)
    out: dict[str, int] = {}
    for code, number in columns.accepted.items():
        at = to.get(code, code)
        out[at] = out.get(at, 0) + number
    return out
