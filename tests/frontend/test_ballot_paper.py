"""The paper on the phone keeps the rules that the count keeps, and has every sentence it shows."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.ballots.words import CLIENT
from bihuan.engines.tally import ballot as ballots
from bihuan.engines.tally.plan import Plan
from tests.frontend.conftest import ROOT, Client
from tests.frontend.hall import BOX, PAPER

CATEGORY = "干部"
CODES = [subject["code"] for subject in PAPER["subjects"]]
ITEMS = [item["code"] for item in PAPER["items"]]


def plan(**changes: Any) -> Plan:
    points = {"good": "100", "fair": "80", "plain": "60", "poor": "40"}
    return Plan.read(
        {
            "box": BOX.hex(),
            "kind": "rating",
            "title": "示例",
            "year": 2026,
            "categories": [{"code": CATEGORY, "name": CATEGORY}],
            "items": PAPER["items"],
            "grades": [{**grade, "points": points[grade["code"]]} for grade in PAPER["grades"]],
            "subjects": PAPER["subjects"],
            "cap": PAPER["cap"],
            "own_subject": "skip",
            "blanks": "void_ballot",
            "remarks": True,
            **changes,
        }
    )


def encoded(client: Client, marks: Any, remarks: Any) -> bytes:
    sealed: bytes = client.paper.encode(PAPER, CATEGORY, marks, remarks, "00" * 16)
    return sealed


def test_what_the_phone_seals_is_what_the_count_reads(client: Client) -> None:
    marks = {
        "u1": {"duty": "good", "style": "fair"},
        "u2": {"duty": "abstain", "style": "poor"},
        "u3": {"duty": "own", "style": "own"},
    }
    raw = encoded(client, marks, {"u1": "  加强“服务”\n😀 ", "u2": " "})
    read = ballots.read(plan(), CATEGORY, raw)
    assert read.marks == marks
    assert read.remarks == {"u1": "加强“服务”\n😀"}
    assert ballots.faults(plan(), read) == []


def test_a_ballots_length_does_not_tell_how_much_was_written(client: Client) -> None:
    lengths = {len(encoded(client, {}, {"u1": "字" * n})) for n in (0, 1, 500)}
    assert lengths == {ballots.BLOCK}
    assert len(encoded(client, {}, dict.fromkeys(CODES, "字" * 500))) % ballots.BLOCK == 0


MARKS = st.dictionaries(
    st.sampled_from(CODES),
    st.dictionaries(
        st.sampled_from(ITEMS), st.sampled_from(["good", "fair", "poor", "abstain", ""])
    ),
)


@given(MARKS, st.sampled_from(["item", "ballot"]), st.integers(0, 2))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_phone_finds_blanks_and_the_cap_as_the_count_does(
    client: Client, marks: dict[str, dict[str, str]], per: str, most: int
) -> None:
    cap = {"grade": "good", "most": most, "per": per}
    paper = {**PAPER, "cap": cap}
    found = ballots.faults(plan(cap=cap), ballots.Ballot(CATEGORY, marks))
    blank = {(f.params["subject"], f.params["item"]) for f in found if f.code == "mark_missing"}
    told = client.paper.blanks(paper, marks)
    assert blank == {(row["subject"]["code"], one["code"]) for row in told for one in row["items"]}
    if any(fault.code.startswith("over_cap") for fault in found):
        return  # the phone never gets there
    for subject in CODES:
        for item in ITEMS:
            more = {**marks, subject: {**marks.get(subject, {}), item: "good"}}
            judged = ballots.faults(plan(cap=cap), ballots.Ballot(CATEGORY, more))
            over = any(fault.code.startswith("over_cap") for fault in judged)
            assert client.paper.overCap(paper, marks, subject, item, "good") == over
            assert not client.paper.overCap(paper, marks, subject, item, "poor")


def test_every_sentence_of_the_script_is_in_the_table_and_none_is_idle() -> None:
    script = "\n".join(file.read_text("utf-8") for file in (ROOT / "frontend/ballot").glob("*.js"))
    said = set(re.findall(r'"([a-z_]+)"', script)) | set(re.findall(r"words\.([a-z_]+)", script))
    # Named by what they follow: the phase, the reach of the cap.
    families = ("wait_frozen", "wait_issuing", "wait_issued", "cap_item", "cap_ballot")
    said |= {*families, "cap_full_item", "cap_full_ballot"}
    assert set(CLIENT) <= said
    asked = set(re.findall(r'say\(\s*"([a-z_]+)"', script))
    assert asked <= set(CLIENT)
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"//.*", "", script))


@pytest.mark.parametrize("key", sorted(CLIENT))
def test_what_a_sentence_leaves_open_is_filled_in_by_the_script(key: str) -> None:
    script = "\n".join(file.read_text("utf-8") for file in (ROOT / "frontend/ballot").glob("*.js"))
    for name in re.findall(r"\{(\w+)\}", CLIENT[key]):
        assert re.search(rf"\b{name}\b\s*[:,}}]", script), json.dumps({key: name})
