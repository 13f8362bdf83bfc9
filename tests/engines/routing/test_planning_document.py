"""The numbers in docs/methods/planning.md come out as they are printed."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/methods/planning.md"


def test_the_document_is_right():
    outcome = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 4
    assert not outcome.failed
