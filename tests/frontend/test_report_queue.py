"""Reports from a telephone on a weak network: kept, sent when it is back, never doubled."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def story(*answers: str | int, reports: tuple[str, ...] = ("甲", "乙")) -> dict[str, Any]:
    """What became of these reports where the attempts to send them went like that."""
    node = shutil.which("node")
    if not node:
        pytest.skip("needs node to run the telephone's code")
    told = json.dumps({"answers": answers, "reports": reports})
    script = Path(__file__).with_name("queueing.mjs")
    done = subprocess.run([node, str(script), told], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]  # as the script prints it


def test_two_reports_written_offline_are_stored_once_each_though_the_first_answer_is_lost():
    told = story("offline", "offline", "lost")
    assert told["waited"] == 2
    assert (told["stored"], told["keys"], told["left"]) == (["甲", "乙"], 2, [])
    assert told["attempts"] == 5  # 甲 was sent again with the same key


def test_online_a_report_is_sent_at_once():
    told = story()
    assert (told["waited"], told["attempts"], told["stored"]) == (0, 2, ["甲", "乙"])


def test_what_the_server_refuses_stays_to_be_seen_and_holds_nothing_up():
    told = story(422)
    assert told["stored"] == ["乙"]
    assert told["left"] == [{"title": "甲", "state": "faulty", "faults": ["请改正。"]}]


@pytest.mark.parametrize("fate", [401, 429, 500, 503])
def test_whoever_is_signed_out_or_not_heard_keeps_the_report(fate: int):
    told = story(fate, fate)
    assert told["waited"] == 2
    assert told["stored"] == ["甲", "乙"]


def test_a_line_that_stays_cut_is_asked_ever_less_often():
    assert story(*["offline"] * 9)["pauseMs"] == 12_000
    assert story(*["offline"] * 9)["left"] != []
