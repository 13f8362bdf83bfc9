"""Bundles: what was changed, left out or added is named, by us and by the one-file verifier."""

import ast
import importlib.util
import json
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bihuan
from bihuan.engines.tally import heads, merkle, signing
from bihuan.engines.tally.bundle import bundle, counted
from bihuan.engines.tally.columns import columns_root, commitment, gather
from bihuan.engines.tally.faults import Unfit
from bihuan.engines.tally.plan import Plan
from bihuan.engines.tally.reconciliation import Flow, Reconciliation, faults, notes
from bihuan.engines.tally.verify import Seen, recount, verify

from .rated import cast, columns, flows, meeting, plan, said

FILE = Path(bihuan.__file__).parent / "engines" / "tally" / "standalone" / "recount.py"
spec = importlib.util.spec_from_file_location("one_file", FILE)
one_file = importlib.util.module_from_spec(spec)
spec.loader.exec_module(one_file)

CELLS = {
    "lead": (6, 2, 1), "heads": (20, 8, 1, 1), "members": (30, 8, 1, 1),
    ("lead", "u2", "party"): (9,), ("heads", "u3", "clean"): (8, 8, 8, 6),
}  # fmt: skip
PLAN = plan(combine=True, ties=["share", "majority", "fewest:poor", "shared"])
MEETING = meeting(PLAN, columns(PLAN, CELLS))
PUBLIC = signing.public_of(MEETING.private)


def found(made, **more):
    return said([fault for check in verify(made, **more) for fault in check.faults])


def alone(made, tmp_path, *words):
    """The exit status of the one-file verifier."""
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    return one_file.main([str(path), *words])


def seen(head):
    return Seen(head.size, head.root.hex())


@pytest.mark.parametrize("full", [False, True])
def test_an_untouched_bundle_holds(full, tmp_path):
    made = MEETING.bundle(full=full)
    checks = verify(made, log_public=PUBLIC, seen=list(map(seen, MEETING.heads)), other=made)
    assert all(check.passed for check in checks)
    assert {check.name for check in checks if not check.asked} == (
        {"stations"} if full else {"stations", "full"}
    )
    assert alone(made, tmp_path, "--key", PUBLIC.hex()) == 0


def test_the_open_bundle_holds_no_withheld_column_and_no_secret():
    made = MEETING.bundle()
    hidden = [row for row in made["columns"] if row["subject"] == "u2" and row["item"] == "party"]
    assert hidden
    assert all(set(row) == {"category", "subject", "item", "commitment"} for row in hidden)
    assert set(made) == {
        "schema", "kind", "plan", "log", "final", "stations", "reconciliation", "columns", "told",
    }  # fmt: skip
    assert MEETING.counted.columns.digest not in json.dumps(made)


# Tampering ----------------------------------------------------------------------------------------


def _leaves(made):
    return made["log"]["leaves"]


def _open(made, number=0):
    return [row for row in made["columns"] if "counts" in row][number]


def _moved(made):
    column = _open(made)["counts"]
    column["good"] -= 1
    column["fair"] += 1


def _moved_and_committed(made):
    _moved(made)
    row = _open(made)
    key = (row["category"], row["subject"], row["item"])
    row["commitment"] = commitment(key, row["counts"], bytes.fromhex(row["salt"]))


def _another_score(made):
    made["told"][0]["low"] = made["told"][0]["high"] = "99"


TAMPERING = {
    "a leaf edited": (lambda m: _leaves(m).__setitem__(20, "00" * 32), "bundle_batch_altered"),
    "a leaf deleted": (lambda m: _leaves(m).pop(20), "bundle_leaves_missing"),
    "a leaf inserted": (lambda m: _leaves(m).insert(20, "ab" * 32), "bundle_leaves_added"),
    "a leaf doubled": (lambda m: _leaves(m).append(_leaves(m)[3]), "bundle_leaf_twice"),
    "a mark moved": (_moved, "bundle_column_altered"),
    "a mark moved, committed anew": (_moved_and_committed, "bundle_columns_root"),
    "a column left out": (lambda m: m["columns"].pop(0), "bundle_column_set"),
    "another commitment": (
        lambda m: m["columns"][0].update(commitment="00" * 32), "bundle_columns_root",
    ),
    "another plan": (lambda m: m["plan"].update(min_cell=2), "bundle_other_plan"),
    "another weight": (
        lambda m: m["plan"]["categories"][0].update(weight="1"), "bundle_other_plan",
    ),
    "another score": (_another_score, "bundle_told_altered"),
    "another rank": (lambda m: m["told"][0].update(rank=3), "bundle_ranks_wrong"),
    "a told row left out": (lambda m: m["told"].pop(), "bundle_row_set"),
    "a voter more": (
        lambda m: m["reconciliation"]["flows"]["lead"].update(due=10),
        "bundle_reconciliation_altered",
    ),
    "a ballot lost on the way": (
        lambda m: m["reconciliation"]["flows"]["lead"].update(cast=8), "flow_cast",
    ),
    "the final root": (lambda m: m["final"].update(root="00" * 32), "bundle_final_forged"),
    "the final words": (
        lambda m: m["final"].update(extra=m["final"]["extra"].replace("0", "1")),
        "bundle_final_forged",
    ),
    "a head's size": (lambda m: m["log"]["heads"][3].update(size=77), "bundle_head_forged"),
    "a head left out": (lambda m: m["log"]["heads"].clear(), "bundle_no_heads"),
    "another box": (lambda m: m["plan"].update(box="ff" * 16), "bundle_other_box"),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "code"), TAMPERING.values(), ids=TAMPERING)
def test_whatever_is_changed_is_named(edit, code, tmp_path):
    made = MEETING.bundle()
    edit(made)
    assert code in found(made)
    assert alone(made, tmp_path) == 1


def _full_column(made):
    made["full_columns"]["columns"][0]["counts"]["good"] += 1


FULL_TAMPERING = {
    "an exact score": (lambda m: m["outcome"][0].update(score="1"), "bundle_row_wrong"),
    "a column": (_full_column, "bundle_column_altered"),
    "the secret": (lambda m: m.update(secret="11" * 32), "bundle_column_altered"),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "code"), FULL_TAMPERING.values(), ids=FULL_TAMPERING)
def test_the_scrutineers_part_is_checked_as_well(edit, code, tmp_path):
    made = MEETING.bundle(full=True)
    edit(made)
    assert code in found(made)
    assert alone(made, tmp_path) == 1


def test_a_result_that_hides_less_than_its_rule_is_named_by_the_full_bundle():
    told = list(MEETING.counted.told)
    place = [(row.subject, row.item) for row in told].index(("u2", "party"))
    row = MEETING.counted.outcome.row("u2", "party")
    told[place] = replace(told[place], low=row.score, high=row.score)
    looser = replace(MEETING, counted=replace(MEETING.counted, told=tuple(told)))
    head = MEETING.final
    looser.final = heads.signed(
        MEETING.private, box=head.box, size=head.size, root=head.root, extra=looser.counted.extra
    )
    assert "bundle_told_wrong" in found(looser.bundle(full=True))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_single_change_anywhere_in_a_bundle_goes_unnoticed(data):
    """Any leaf value of the JSON replaced by another one of its kind."""
    made = MEETING.bundle()
    keys, here = [], made
    while isinstance(here, dict | list):
        inner = sorted(here) if isinstance(here, dict) else range(len(here))
        if not inner:
            return
        keys.append(data.draw(st.sampled_from(list(inner))))
        here = here[keys[-1]]
    other = {
        str: lambda: data.draw(st.text("0123456789abcdef", min_size=1, max_size=64)),
        int: lambda: data.draw(st.integers(0, 99)),
        bool: lambda: not here,
        type(None): lambda: 0,
    }[type(here)]()
    if other == here:
        return
    parent = made
    for key in keys[:-1]:
        parent = parent[key]
    parent[keys[-1]] = other
    assert found(made, log_public=PUBLIC)


@pytest.mark.parametrize(
    "raw",
    [
        None, [], {}, {"schema": "other"}, "bundle",
        {"schema": "bihuan-tally-bundle/1", "kind": "open"},
        {"schema": "bihuan-tally-bundle/1", "kind": "open", "plan": PLAN.plain()},
    ],
)  # fmt: skip
def test_what_is_no_bundle_is_refused_and_not_crashed_on(raw, tmp_path):
    assert found(raw)
    assert alone(raw, tmp_path) == 1


# Against what others kept -------------------------------------------------------------------------


def rewritten(**more):
    """Another history of the same box, made by somebody who holds the log key."""
    return meeting(PLAN, columns(PLAN, CELLS), seed=2, **more)


def test_a_head_kept_in_the_hall_betrays_a_rewritten_log(tmp_path):
    other = rewritten()
    made = other.bundle()
    assert found(made, log_public=PUBLIC) == []
    shown = MEETING.heads[4]
    assert found(made, seen=[seen(shown)]) == ["seen_forked"]
    assert found(made, seen=[Seen(500, "ab" * 8)]) == ["seen_beyond"]
    assert alone(made, tmp_path, "--head", f"{shown.size}:{shown.root.hex()[:16]}") == 1


def test_a_box_replaced_with_its_key_is_found_by_the_key_on_the_sheet(tmp_path):
    made = rewritten(private=bytes(range(1, 33))).bundle()
    assert found(made) == []
    assert found(made, log_public=PUBLIC) == ["bundle_other_key"]
    assert alone(made, tmp_path) == 0
    assert alone(made, tmp_path, "--key", PUBLIC.hex()) == 1


def test_two_bundles_of_one_box_that_tell_different_stories_are_named_leaf_by_leaf():
    codes = found(MEETING.bundle(), other=rewritten().bundle())
    assert {"other_forked", "other_lacks", "other_has"} == set(codes)
    assert codes.count("other_has") == codes.count("other_lacks") == len(MEETING.leaves)
    elsewhere = plan(box="11" * 16)
    assert found(
        MEETING.bundle(), other=meeting(elsewhere, columns(elsewhere, CELLS)).bundle()
    ) == ["other_box"]


def test_a_head_is_read_as_people_write_it():
    root = "0123456789abcdef" * 4
    for text in (f"512:{root}", f" 512：{root.upper()} ", f"512:{root[:16]}", f"512:{root[:32]}"):
        assert Seen.read(text).size == 512
    packed = (512).to_bytes(8, "big").hex() + root
    assert Seen.read(packed) == Seen(512, root)
    for text in ("", "512", "512:abc", "x:" + root, root):
        with pytest.raises(Unfit):
            Seen.read(text)


def test_a_second_signer_has_to_have_signed_the_same(tmp_path):
    one = plan(signers=2)
    two = meeting(one, columns(one, CELLS))
    station = bytes(range(2, 34))
    head = two.final

    def made(*stations):
        return json.loads(json.dumps(bundle(
            two.counted, leaves=two.leaves, heads=two.heads, final=head,
            log_public=PUBLIC, stations=stations,
        )))  # fmt: skip

    def signed(private, extra):
        signature = heads.signed(private, box=head.box, size=head.size, root=head.root, extra=extra)
        return signing.public_of(private), signature

    right, wrong = signed(station, head.extra), signed(station, "other words")
    assert found(made(right)) == []
    assert alone(made(right), tmp_path) == 0
    assert found(made()) == ["bundle_station_missing"]
    assert found(made(wrong)) == ["bundle_station_forged"]
    # The platform signing twice is no second signer.
    assert found(made(signed(two.private, head.extra))) == ["bundle_station_missing"]
    for bad in (made(), made(wrong)):
        assert alone(bad, tmp_path) == 1


# Every method, and the one file agrees ------------------------------------------------------------


@pytest.mark.parametrize("method", ["points", "share", "rank"])
@pytest.mark.parametrize("seed", range(4))
def test_the_one_file_counts_as_we_do(method, seed, tmp_path):
    chance = random.Random(seed)
    small = [
        {"code": "a", "name": "甲", "weight": "1/3", "merge_into": "b"},
        {"code": "b", "name": "乙", "weight": "1/7"},
        {"code": "c", "name": "丙", "weight": 2},
    ]
    one = plan(
        method=method, combine=True, categories=small, good=["good", "fair"][: 1 + seed % 2],
        ties=["majority", "category:a", "item:clean", "fewest:poor", "share", "shared"],
        empty_category=("redistribute", "no_result")[seed % 2],
    )  # fmt: skip
    marks = ("good", "fair", "average", "poor", "abstain", "", "own" * 0)
    issued = {"a": 2, "b": 9, "c": 12}
    ballots = [
        cast(one, code, lambda s, i: chance.choices(marks, (8, 5, 3, 1, 1, 1, 0))[0])
        for code, number in issued.items()
        for _ in range(number)
    ]
    cols = gather(one, ballots, issued=issued)
    table = {
        code: Flow(due=n, present=n, tokens=n, cast=n, abstained=cols.abstained[code])
        for code, n in issued.items()
    }
    made = counted(one, cols, Reconciliation(table), leaves=23, secret=b"s" * 32)
    leaves = sorted(chance.randbytes(32) for _ in range(23))
    head = {"box": bytes.fromhex(one.box), "size": 23, "root": merkle.root(leaves)}
    private = bytes(range(32))
    for full in (False, True):
        raw = bundle(
            made, leaves=leaves, heads=[heads.signed(private, **head)],
            final=heads.signed(private, **head, extra=made.extra), log_public=PUBLIC, full=full,
        )  # fmt: skip
        assert found(json.loads(json.dumps(raw))) == []
        assert alone(raw, tmp_path) == 0


def test_places_are_told_though_a_unanimous_cell_is_not(tmp_path):
    """Nine say 较好 of one unit: three 好, one 一般 and one 差 of them would make the same mean."""
    one = plan(method="rank", combine=True)
    cells = {"lead": (6, 2, 1), "heads": (20, 8, 1, 1), "members": (30, 8, 1, 1)}
    other = meeting(one, columns(one, cells | {("lead", "u2", "party"): (0, 9)}))
    levels = {(row.subject, row.item): row.level for row in other.counted.told}
    assert (levels["u2", "party"], levels["u1", "party"]) == ("score", "cells")
    for full in (False, True):
        assert found(other.bundle(full=full)) == []
        assert alone(other.bundle(full=full), tmp_path) == 0
    shut = meeting(one, columns(one, cells | {("lead", "u2", "party"): (9,)}))
    assert {row.level for row in shut.counted.told if row.item == "party"} == {"none"}
    assert found(shut.bundle()) == []
    assert alone(shut.bundle(), tmp_path) == 0


def test_the_one_file_verifies_ed25519_as_the_library_does():
    chance = random.Random(1)
    for _ in range(8):
        private, message = chance.randbytes(32), chance.randbytes(chance.randint(0, 99))
        public, signature = signing.public_of(private), signing.sign(private, message)
        assert one_file.signed_by(public, message, signature)
        assert not one_file.signed_by(public, message + b"x", signature)
        broken = bytearray(signature)
        broken[chance.randrange(64)] ^= 1 << chance.randrange(8)
        assert not one_file.signed_by(public, message, bytes(broken))
    # s + q is the same number in the exponent: RFC 8032 refuses it (5.1.7).
    s = int.from_bytes(signature[32:], "little") + one_file.Q
    assert not one_file.signed_by(public, message, signature[:32] + s.to_bytes(32, "little"))


def test_the_one_file_knows_the_vectors_of_the_rfc():
    """RFC 8032, section 7.1, tests 1 and 2."""
    vectors = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
            "39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
            "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ]  # fmt: skip
    for public, message, signature in vectors:
        assert one_file.signed_by(*map(bytes.fromhex, (public, message, signature)))


def test_the_one_file_imports_nothing_but_the_standard_library():
    for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8"))):
        names = (
            [one.name for one in node.names] if isinstance(node, ast.Import)
            else [node.module] if isinstance(node, ast.ImportFrom) else []
        )  # fmt: skip
        assert all(name.partition(".")[0] in sys.stdlib_module_names for name in names)


# Reconciliation -----------------------------------------------------------------------------------


EQUATIONS = {
    "more came than were due": ({"due": 8}, "flow_present"),
    "more was issued than came": ({"present": 8}, "flow_issued"),
    "a slip vanished": ({"present": 10, "due": 10, "slips": 1}, "flow_cast"),
    "unused and not cast add up": ({"present": 11, "due": 11, "slips": 2, "unused": 1,
                                    "not_cast": 1}, None),
    "void is not what was found void": ({"void": 1}, "flow_void_counted"),
    "abstained is not what was found": ({"abstained": 1}, "flow_abstained_counted"),
    "less than nothing": ({"unused": -1, "not_cast": 1}, "flow_negative"),
    "more cast than on the log": ({"cast": 10, "tokens": 10, "present": 10, "due": 10},
                                  "flow_leaves"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), EQUATIONS.values(), ids=EQUATIONS)
def test_there_is_no_result_unless_every_number_adds_up(changes, code):
    cols = columns(PLAN, CELLS)
    right = flows(PLAN, cols)
    lead = replace(right.flows["lead"], **changes)
    broken = Reconciliation({**right.flows, "lead": lead})
    codes = said(faults(PLAN, broken, cols, 79))
    assert (code in codes) if code else not codes
    if code:
        with pytest.raises(Unfit):
            counted(PLAN, cols, broken, leaves=79, secret=bytes(32))
    else:
        assert counted(PLAN, cols, broken, leaves=79, secret=bytes(32)).outcome.rows


def test_a_column_that_is_shorter_than_its_category_is_named():
    cols = columns(PLAN, CELLS)
    cols.counts["lead", "u1", "party"]["good"] -= 1
    (fault,) = faults(PLAN, flows(PLAN, cols), cols, 79)
    assert fault.code == "column_length"
    assert (fault.params["found"], fault.params["wanted"]) == (8, 9)


def test_more_own_marks_than_raters_of_the_unit_are_told_beside_the_result():
    one = plan(items=[{"code": "party", "name": "党建"}])
    marks = ["u1", "u1", "u2", ""]
    cols = gather(one, [cast(one, "lead", lambda s, i, own=m: "own" if s == own else "good")
                        for m in marks])  # fmt: skip
    right = replace(flows(one, cols), own_raters={("lead", "u1"): 1, ("lead", "u2"): 1})
    (note,) = notes(one, right, cols)
    assert (note.code, note.params["subject"], note.params["over"]) == ("own_over", "u1", 1)
    assert faults(one, right, cols, 4) == []


def test_whole_abstentions_of_few_are_not_told():
    one = plan()
    cols = gather(one, [
        *(cast(one, "lead", "abstain") for _ in range(2)), cast(one, "lead", "good"),
        *(cast(one, "heads", "abstain") for _ in range(2)),
        *(cast(one, "heads", "good") for _ in range(8)),
        *(cast(one, "members", "abstain") for _ in range(6)),
    ])  # fmt: skip
    made = meeting(one, cols).bundle()
    told = {code: flow["abstained"] for code, flow in made["reconciliation"]["flows"].items()}
    assert told == {"lead": None, "heads": 2, "members": None}
    assert found(made) == []


# A recount from the box ---------------------------------------------------------------------------


def test_a_recount_names_the_columns_and_ballots_that_differ():
    cols = MEETING.counted.columns
    for full in (False, True):
        made = MEETING.bundle(full=full)
        assert recount(made, MEETING.leaves, cols) == []
        other = columns(PLAN, CELLS | {("lead", "u1", "party"): (5, 3, 1)})
        (fault,) = recount(made, MEETING.leaves, other)
        assert (fault.code, fault.params["subject"]) == ("recount_column", "u1")
        fewer = recount(made, MEETING.leaves[1:], cols)
        assert said(fewer) == ["recount_lacks"]


def test_only_the_full_bundle_can_compare_a_withheld_column():
    other = columns(PLAN, CELLS | {("lead", "u2", "party"): (8, 1)})
    assert recount(MEETING.bundle(), MEETING.leaves, other) == []
    (fault,) = recount(MEETING.bundle(full=True), MEETING.leaves, other)
    assert fault.params["category"] == "lead"


def test_the_root_of_commitments_does_not_depend_on_the_order_of_columns():
    each = {(f"{n}", "u", "i"): f"{n:064x}" for n in range(5)}
    assert columns_root(dict(reversed(each.items()))) == columns_root(each)


def test_a_plan_of_opinions_makes_a_bundle_without_columns(tmp_path):
    one = Plan.read({
        "box": "00" * 16, "kind": "opinions", "title": "征求意见", "year": 2022,
        "categories": [{"code": "all", "name": "参会人员"}],
    })  # fmt: skip
    cols = gather(one, [cast(one, "all", "", remarks={"body": "改进会风"})] * 6)
    made = meeting(one, cols).bundle()
    assert found(made) == []
    assert "改进会风" not in json.dumps(made, ensure_ascii=False)
    assert alone(made, tmp_path) == 0
