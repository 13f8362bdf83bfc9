"""A small rating to try things on: 示例数据, three units, two items, three categories."""

import json
import random
from collections import Counter
from dataclasses import dataclass

from bihuan.base.tally_words import SENTENCES
from bihuan.engines.tally import heads, merkle, signing
from bihuan.engines.tally.ballot import Ballot, encode
from bihuan.engines.tally.box import checking
from bihuan.engines.tally.bundle import Counted, bundle, counted
from bihuan.engines.tally.columns import Columns
from bihuan.engines.tally.heads import Head
from bihuan.engines.tally.plan import Plan
from bihuan.engines.tally.reconciliation import Flow, Reconciliation

BOX = "00112233445566778899aabbccddeeff"
GRADES = (("good", "好", 100), ("fair", "较好", 80), ("average", "一般", 60), ("poor", "差", 40))


def said(faults):
    """The codes of these faults, each of which has a sentence that its arguments fill in."""
    for fault in faults:
        sentence = SENTENCES[fault.code] % fault.params
        assert "%(" not in sentence
    return [fault.code for fault in faults]


def table(**changes):
    """A plan as plain data, with some of it changed."""
    plain = {
        "box": BOX,
        "kind": "rating",
        "title": "示例数据：述职评议测评",
        "year": 2022,
        "categories": [
            {"code": "lead", "name": "班子成员", "weight": "0.3", "due": 9},
            {"code": "heads", "name": "单位负责人", "weight": "0.4", "due": 30},
            {"code": "members", "name": "党员代表", "weight": "0.3", "due": 40},
        ],
        "items": [
            {"code": "party", "name": "抓基层党建工作", "weight": 2},
            {"code": "clean", "name": "党风廉政建设责任制", "weight": 1},
        ],
        "grades": [{"code": c, "name": n, "points": p} for c, n, p in GRADES],
        "subjects": [
            {"code": "u1", "name": "示例办事处甲"},
            {"code": "u2", "name": "示例办事处乙"},
            {"code": "u3", "name": "示例园区丙", "mode": "written"},
        ],
        "bands": [
            {"code": "A", "name": "好", "score": 90},
            {"code": "B", "name": "较好", "score": 80},
            {"code": "C", "name": "一般", "score": 60},
            {"code": "D", "name": "差"},
        ],
    }
    return {**plain, **changes}


def plan(**changes):
    return Plan.read(table(**changes))


def grid(one, mark):
    """Every box of a ballot with the same mark, or what `mark(subject, item)` says."""
    choose = mark if callable(mark) else lambda _subject, _item: mark
    return {s.code: {i.code: choose(s.code, i.code) for i in one.items} for s in one.rated}


def cast(one, category, mark, **more):
    """One opened envelope: (category, bytes)."""
    return category, encode(Ballot(category, grid(one, mark), **more))


def columns(one, cells, default=(3, 2, 1, 0)):
    """Columns with grades counted out by hand: {(category, subject, item): (好, 较好, 一般, 差)}.

    A cell not named takes the first tuple named for its category, else the default; the shorter
    columns of a category are filled up with abstentions.
    """
    codes = [grade.code for grade in one.grades]
    counts = {}
    for category in one.categories:
        for subject in one.rated:
            for item in one.items:
                key = (category.code, subject.code, item.code)
                given = cells.get(key, cells.get(category.code, default))
                counts[key] = Counter(dict(zip(codes, given, strict=False)))
    accepted = {
        c.code: max(n.total() for key, n in counts.items() if key[0] == c.code)
        for c in one.categories
    }
    for key, column in counts.items():
        column["abstain"] += accepted[key[0]] - column.total()
    none = dict.fromkeys(accepted, 0)
    return Columns(counts, accepted, {code: {} for code in accepted}, none)


def flows(one, cols):
    """A reconciliation in which everybody came, took a ballot and cast it."""
    return Reconciliation(
        {
            c.code: Flow(
                due=cast, present=cast, tokens=cast, cast=cast,
                void=sum(cols.void.get(c.code, {}).values()), abstained=cols.abstained[c.code],
            )
            for c in one.categories
            for cast in [cols.accepted[c.code] + sum(cols.void.get(c.code, {}).values())]
        }
    )  # fmt: skip


@dataclass
class Meeting:
    """A counted meeting with its log, for bundles: 示例数据."""

    plan: Plan
    counted: Counted
    private: bytes
    leaves: list[bytes]
    heads: list[Head]
    final: Head

    def bundle(self, *, full=False):
        """A fresh bundle as a reader gets it: through JSON."""
        made = bundle(
            self.counted, leaves=self.leaves, heads=self.heads, final=self.final,
            log_public=signing.public_of(self.private), full=full,
        )  # fmt: skip
        return json.loads(json.dumps(made))


def meeting(one, cols, *, seed=1, private=None, **more):
    """Count these columns and put as many made-up leaves on a log as there are ballots."""
    chance = random.Random(seed)
    private = private or bytes(range(32))
    box = bytes.fromhex(one.box)
    found = flows(one, cols)
    leaves, log = [], [(0, checking.founding(one.canonical(), bytes(32)))]
    while len(leaves) < found.cast:
        number = min(chance.randint(1, 12), found.cast - len(leaves))
        leaves += sorted(chance.randbytes(32) for _ in range(number))
        log.append((len(leaves), ""))
    signed = [
        heads.signed(private, box=box, size=n, root=merkle.root(leaves[:n]), extra=extra)
        for n, extra in log
    ]
    made = counted(one, cols, found, leaves=len(leaves), secret=bytes(32), **more)
    final = heads.signed(
        private, box=box, size=len(leaves), root=merkle.root(leaves), extra=made.extra
    )
    return Meeting(one, made, private, leaves, signed, final)
