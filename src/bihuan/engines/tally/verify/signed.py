"""What is signed: plan, heads, leaves, commitments and the reconciliation hold together."""

from collections.abc import Iterator

from bihuan.engines.tally import heads, merkle, plain
from bihuan.engines.tally.columns import Key, columns_root, commitment
from bihuan.engines.tally.faults import Fault
from bihuan.engines.tally.reconciliation import residuals
from bihuan.engines.tally.verify.opened import Opened, accepted, key_of, shown_columns


def plan(found: Opened) -> Iterator[Fault]:
    """The plan that was counted is the one the box was made for."""
    digest = found.plan.digest
    if found.said.get("plan") != digest:
        yield Fault("bundle_other_plan", {"where": "final"})
    if found.heads and found.heads[0].size == 0 and found.heads[0].extra:
        try:
            founded = plain.parse(found.heads[0].extra.encode())
        except ValueError:
            founded = None
        if not isinstance(founded, dict) or founded.get("plan") != digest:
            yield Fault("bundle_other_plan", {"where": "first"})
    if found.final.box.hex() != found.plan.box:
        yield Fault("bundle_other_box", {"plan": found.plan.box, "box": found.final.box.hex()})


def log_key(found: Opened, expected: bytes) -> Iterator[Fault]:
    if found.public != expected:
        yield Fault("bundle_other_key", {"found": found.public.hex()[:16]})


def heads_hold(found: Opened) -> Iterator[Fault]:
    """Every head is signed, of this box, and no head says less than the one before."""
    size = -1
    for head in found.heads:
        if head.box != found.final.box:
            yield Fault("bundle_head_of_other_box", {"size": head.size})
        elif not heads.check(found.public, head):
            yield Fault("bundle_head_forged", {"size": head.size})
        if head.size <= size:
            yield Fault("bundle_head_order", {"size": head.size})
        size = head.size
    if not found.heads:
        yield Fault("bundle_no_heads")


def leaves(found: Opened) -> Iterator[Fault]:
    """The leaves make every head's root, batch by batch; no leaf stands twice."""
    first: dict[bytes, int] = {}
    for place, leaf in enumerate(found.leaves, 1):
        if leaf in first:
            params = {"leaf": leaf.hex()[:16], "place": place, "first": first[leaf]}
            yield Fault("bundle_leaf_twice", params)
        first.setdefault(leaf, place)
    number, size = len(found.leaves), found.final.size
    if number != size:
        code = "bundle_leaves_missing" if number < size else "bundle_leaves_added"
        yield Fault(code, {"found": number, "size": size, "over": abs(number - size)})
    before = 0
    for head in found.heads:
        if head.size > number or merkle.root(found.leaves[: head.size]) != head.root:
            # Later heads lean on the same leaves: the first that does not fit names the place.
            yield Fault("bundle_batch_altered", {"after": before, "size": head.size})
            break
        batch = found.leaves[before : head.size]
        if list(batch) != sorted(batch):
            yield Fault("bundle_batch_order", {"after": before, "size": head.size})
        before = head.size


def final(found: Opened) -> Iterator[Fault]:
    if not heads.check(found.public, found.final):
        yield Fault("bundle_final_forged")
    if merkle.root(found.leaves) != found.final.root:
        yield Fault("bundle_final_root")
    if found.heads and found.heads[-1].size > found.final.size:
        yield Fault("bundle_final_short", {"size": found.final.size})


def stations(found: Opened) -> Iterator[Fault]:
    """Further signers signed the same final head, each with a key of its own."""
    final = found.final
    if len({key for key, _head in found.stations} - {found.public}) < found.plan.signers - 1:
        yield Fault("bundle_station_missing", {"wanted": found.plan.signers - 1})
    for number, (key, head) in enumerate(found.stations, 1):
        same = (head.box, head.size, head.root, head.extra) == (
            (final.box, final.size, final.root, final.extra)
        )
        if not same or not heads.check(key, head):
            yield Fault("bundle_station_forged", {"number": number})


def columns(found: Opened) -> Iterator[Fault]:
    """Each shown column is the one that was committed to, and the head covers all of them."""
    each: dict[Key, str] = {}
    for row in found.raw["columns"]:
        key = key_of(row)
        names = dict(zip(("category", "subject", "item"), key, strict=True))
        if key in each:
            yield Fault("bundle_column_twice", names)
        each[key] = row["commitment"]
        if "counts" in row:
            salted = bytes.fromhex(row.get("salt", ""))
            if commitment(key, row["counts"], salted) != row["commitment"]:
                yield Fault("bundle_column_altered", names)
    wanted = {
        (c.code, s.code, i.code)
        for c in found.merged.categories
        for s in found.plan.rated
        for i in found.plan.items
    }
    for key in sorted(wanted ^ set(each)):
        names = dict(zip(("category", "subject", "item"), key, strict=True))
        yield Fault("bundle_column_set", names)
    if columns_root(each) != found.said.get("columns"):
        yield Fault("bundle_columns_root")


def reconciliation(found: Opened) -> Iterator[Fault]:
    """Signed as it stands, zero in every equation, and as long as log and columns are."""
    if plain.digest(found.raw["reconciliation"]) != found.said.get("reconciliation"):
        yield Fault("bundle_reconciliation_altered")
    yield from residuals(found.reconciliation)
    codes = {one.code for one in found.plan.categories}
    for code in sorted(codes ^ set(found.reconciliation.flows)):
        yield Fault("flow_category", {"category": code})
    if found.reconciliation.cast != len(found.leaves):
        params = {"cast": found.reconciliation.cast, "leaves": len(found.leaves)}
        yield Fault("flow_leaves", params)
    wanted = accepted(found)
    for key, counts in sorted(shown_columns(found).items()):
        if sum(counts.values()) != wanted.get(key[0], 0):
            names = dict(zip(("category", "subject", "item"), key, strict=True))
            params = {"found": sum(counts.values()), "wanted": wanted.get(key[0], 0)}
            yield Fault("column_length", {**names, **params})
