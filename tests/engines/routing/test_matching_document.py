"""The numbers in docs/methods/matching.md come out as they are printed."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/methods/matching.md"


def test_the_document_is_right():
    outcome = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 10
    assert not outcome.failed
