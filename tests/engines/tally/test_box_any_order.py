"""Whatever happens in whatever order, the box answers as a dictionary of rights would."""

import secrets
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bihuan.engines.tally import box
from bihuan.engines.tally.box import BallotBox, Receipt, schema
from tests.engines.tally import voters

B = voters.ballot
R = voters.right


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens in whatever order, the box answers as a dictionary of rights would."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.path = self.folder / secrets.token_hex(8)
        self.path.mkdir()
        self.box = voters.new_box(self.path, to="issuing")
        self.phase = "issuing"
        self.cast: dict[int, tuple[int, bytes]] = {}
        self.slips: dict[int, bool] = {}  # voter → good
        self.typed: dict[int, bytes] = {}
        self.shown = [self.box.head()]

    def teardown(self) -> None:
        self.box.close()

    voter = st.integers(0, 7)
    variant = st.integers(0, 1)

    @rule(voter=voter, variant=variant)
    def put(self, voter: int, variant: int) -> None:
        try:
            receipt = self.box.put(R(1, voter), "a", B(1, voter, variant))
        except box.AnotherBallot:
            assert self.cast[voter][0] != variant
        except box.NotOpen:
            assert voter not in self.cast
            assert self.phase != "casting"
        except box.VoidSlip:
            assert self.slips[voter] is False
        else:
            if receipt.again:
                assert self.cast[voter] == (variant, receipt.leaf)
            else:
                assert self.phase == "casting"
                assert voter not in self.cast
                self.cast[voter] = (variant, receipt.leaf)
                self.typed.pop(voter, None)
            self.shown.append(receipt.head)

    @rule(voter=voter)
    def add_slip(self, voter: int) -> None:
        if self.phase == "issuing":
            assert self.box.add_slips("a", [R(1, voter)]) == (voter not in self.slips)
            self.slips.setdefault(voter, True)

    @rule(voter=voter)
    def void_slip(self, voter: int) -> None:
        if self.phase in ("issuing", "issued", "casting"):
            told = self.box.void_slips([R(1, voter)])
            assert bool(told.cast) == (voter in self.cast)
            assert bool(told.unknown) == (voter not in self.slips and voter not in self.cast)
            if told.done:
                self.slips[voter] = False
                self.typed.pop(voter, None)

    @rule(voter=voter, said=st.sampled_from([b"a" * 32, b"b" * 32]))
    def type_in(self, voter: int, said: bytes) -> None:
        try:
            if voter in self.typed:
                before = self.typed.pop(voter) if self.phase == "casting" else b""
                answer = self.box.paper_second(R(1, voter), "a", said, B(1, voter))
                assert isinstance(answer, Receipt) == (before == said)
                if isinstance(answer, Receipt):
                    self.cast.setdefault(voter, (0, answer.leaf))
                    assert self.cast[voter] == (0, answer.leaf)
            else:
                self.box.paper_first(R(1, voter), "a", said)
                self.typed[voter] = said
        except box.AnotherBallot:
            assert voter in self.cast
        except box.VoidSlip:
            assert not self.slips.get(voter, False)
        except box.NotOpen:
            assert self.phase != "casting"

    @precondition(lambda self: self.phase in ("issuing", "issued", "casting"))
    @rule()
    def step(self) -> None:
        to = schema.PHASES[schema.PHASES.index(self.phase) + 1]
        try:
            self.box.advance(to)
        except box.PapersPending:
            assert self.typed
        else:
            assert to != "closed" or not self.typed
            self.phase = to

    @rule()
    def restart(self) -> None:
        self.box.close()
        self.box = BallotBox(self.path / "meeting.box", voters.QUICK)

    @invariant()
    def the_box_agrees(self) -> None:
        assert self.box.phase == self.phase
        assert self.box.papers_pending() == len(self.typed)
        assert set(self.box.leaves()) == {leaf for _variant, leaf in self.cast.values()}
        assert self.box.turnout() == len(self.cast)
        assert self.box.check(seen=self.shown) == ()


def test_any_order_of_events(tmp_path: Path) -> None:
    machine = type("AnyOrderHere", (AnyOrder,), {"folder": tmp_path})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=10, stateful_step_count=30, deadline=None)
    )
