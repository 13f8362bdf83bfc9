"""The page on schedules is true: its worked examples come out as printed."""

import doctest
import re

from .given import ROOT


def test_every_worked_example_comes_out_as_printed():
    text = (ROOT / "docs/methods/schedule.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```pycon\n(.*?)```", text, flags=re.S)
    assert len(blocks) == 4
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "schedule", None, 0)
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=told.append)
    assert not told, "".join(told)
