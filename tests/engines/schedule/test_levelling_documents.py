"""The page on levelling is true: its worked example comes out as printed."""

import doctest
import re

from .levelled import ROOT


def test_the_worked_example_comes_out_as_printed():
    text = (ROOT / "docs" / "methods" / "levelling.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```pycon\n(.*?)```", text, flags=re.S)
    assert blocks
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "levelling", None, 0)
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=told.append)
    assert not told, "".join(told)
