"""Reconciliation (核对): where every right to cast went. No result unless all of it adds up."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from bihuan.engines.tally.columns import Columns
from bihuan.engines.tally.faults import Fault, unfit
from bihuan.engines.tally.plan import OWN, Plan


@dataclass(frozen=True)
class Flow:
    """一类人员的去向。tokens 电子票证、slips 纸质票码、paper 手填纸票，三者之和为发出。

    cast 票箱里的票；void 其中的废票；abstained 整票弃权（有效票的一部分）；
    unused 退回未用；not_cast 发出、未退回、也没有投。
    """

    due: int = 0
    present: int = 0
    tokens: int = 0
    slips: int = 0
    paper: int = 0
    cast: int = 0
    abstained: int = 0
    void: int = 0
    unused: int = 0
    not_cast: int = 0

    @property
    def issued(self) -> int:
        return self.tokens + self.slips + self.paper

    @property
    def accepted(self) -> int:
        """Ballots that count, whole abstentions among them."""
        return self.cast - self.void


@dataclass(frozen=True)
class Reconciliation:
    """核对表：类别 → 去向；own_raters 为（类别、单位）→ 花名册上该单位的投票人数。"""

    flows: Mapping[str, Flow]
    own_raters: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def issued(self) -> dict[str, int]:
        return {code: flow.issued for code, flow in self.flows.items()}

    @property
    def cast(self) -> int:
        return sum(flow.cast for flow in self.flows.values())

    def plain(self) -> dict[str, Any]:
        return {
            "flows": {code: asdict(flow) for code, flow in sorted(self.flows.items())},
            "own_raters": [[c, s, number] for (c, s), number in sorted(self.own_raters.items())],
        }

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """What `plain` wrote; Unfit if it is something else."""
        names = {one.name for one in fields(Flow)}
        try:
            flows = {str(code): dict(row) for code, row in table["flows"].items()}
            numbers = [number for row in flows.values() for number in row.values()]
            own = {(str(c), str(s)): number for c, s, number in table["own_raters"]}
            fit = all(type(number) is int for number in [*numbers, *own.values()])
            if not fit or any(set(row) != names for row in flows.values()):
                raise ValueError("not a reconciliation")
            return cls({code: Flow(**row) for code, row in flows.items()}, own)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise unfit("reconciliation_unreadable") from error


def residuals(found: Reconciliation) -> Iterable[Fault]:
    """Each equation that does not come to zero, category by category, with what is over."""
    for code, flow in found.flows.items():
        for one in fields(flow):
            if getattr(flow, one.name) < 0:
                params = {"category": code, "number": one.name, "found": getattr(flow, one.name)}
                yield Fault("flow_negative", params)
        # Inequalities count what is over: zero where they hold.
        equations = {
            "flow_present": max(0, flow.present - flow.due),
            "flow_issued": max(0, flow.issued - flow.present),
            "flow_cast": flow.issued - flow.cast - flow.unused - flow.not_cast,
            "flow_void": max(0, flow.void - flow.cast),
            "flow_abstained": max(0, flow.abstained - flow.accepted),
        }
        for name, over in equations.items():
            if over:
                yield Fault(name, {"category": code, "over": over, **asdict(flow)})


def faults(plan: Plan, found: Reconciliation, columns: Columns, leaves: int) -> list[Fault]:
    """核对：every equation between roll, door, box and columns that is not zero.

    `plan` is the plan as approved; columns are those of `gather` with the same issued numbers.
    """
    out = list(residuals(found))
    codes = [one.code for one in plan.categories]
    for code in {*codes} ^ {*found.flows}:
        out.append(Fault("flow_category", {"category": code}))
    if found.cast != leaves:
        out.append(Fault("flow_leaves", {"cast": found.cast, "leaves": leaves}))
    for code, flow in found.flows.items():
        if code not in codes:
            continue
        void = sum(columns.void.get(code, {}).values())
        for name, said, counted in (
            ("flow_void_counted", flow.void, void),
            ("flow_accepted_counted", flow.accepted, columns.accepted.get(code, 0)),
            ("flow_abstained_counted", flow.abstained, columns.abstained.get(code, 0)),
        ):
            if said != counted:
                params = {"category": code, "said": said, "counted": counted}
                out.append(Fault(name, params))
    return [*out, *_lengths(plan, found, columns)]


def _lengths(plan: Plan, found: Reconciliation, columns: Columns) -> Iterable[Fault]:
    """Every column of a category is as long as its accepted ballots are many."""
    wanted: dict[str, int] = {}
    for code, at in plan.merges(found.issued).items():
        accepted = columns.accepted.get(code, 0)
        wanted[at] = wanted.get(at, 0) + accepted
    for key in sorted(columns.counts):
        length = sum(columns.counts[key].values())
        if length != wanted.get(key[0], 0):
            names = dict(zip(("category", "subject", "item"), key, strict=True))
            params = {**names, "found": length, "wanted": wanted.get(key[0], 0)}
            yield Fault("column_length", params)
    expected = {(c, s.code, i.code) for c in wanted for s in plan.rated for i in plan.items}
    for key in sorted(expected ^ set(columns.counts)):
        names = dict(zip(("category", "subject", "item"), key, strict=True))
        yield Fault("column_set", names)


def notes(plan: Plan, found: Reconciliation, columns: Columns) -> list[Fault]:
    """What is told beside a result without stopping it: more own marks than raters of a unit."""
    to = plan.merges(found.issued)
    raters: dict[tuple[str, str], int] = {}
    for (category, subject), number in found.own_raters.items():
        at = (to.get(category, category), subject)
        raters[at] = raters.get(at, 0) + number
    out = []
    for (category, subject, item), counts in sorted(columns.counts.items()):
        over = counts.get(OWN, 0) - raters.get((category, subject), 0)
        if found.own_raters and over > 0:
            params = {"category": category, "subject": subject, "item": item, "over": over}
            out.append(Fault("own_over", params))
    return out
