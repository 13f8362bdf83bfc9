"""The page about the ballot is true: its example comes out as printed, its formats are those."""

import doctest
import re
from pathlib import Path

import bihuan
from bihuan.base.box_words import SENTENCES as BOX_SENTENCES
from bihuan.base.tally_words import REASONS, SENTENCES, VOID_REASONS
from bihuan.engines.tally.disclosure.telling import LEVELS
from bihuan.engines.tally.plan_parts import METHODS, TIES

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "methods" / "ballot.md").read_text(encoding="utf-8")
TALLY = Path(bihuan.__file__).parent / "engines" / "tally"


def test_every_worked_example_comes_out_as_printed():
    blocks = re.findall(r"```pycon\n(.*?)```", PAGE, flags=re.S)
    assert len(blocks) == 3
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "ballot", "ballot.md", 0)
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=told.append)
    assert not told, "".join(told)


def test_the_page_names_every_method_level_tie_and_signed_prefix():
    source = "".join(path.read_text(encoding="utf-8") for path in TALLY.glob("*.py"))
    for name in (*METHODS, *TIES, *LEVELS):
        assert f"`{name}`" in PAGE, name
    for prefix in ("bihuan-head-1", "bihuan-column-1"):
        assert f'b"{prefix}' in source
        assert prefix in PAGE


def test_every_fault_that_can_be_named_has_a_sentence():
    found = set()
    for path in TALLY.rglob("*.py"):
        if "standalone" not in path.parts:
            source = path.read_text(encoding="utf-8")
            found |= set(re.findall(r'\b(?:Fault|unfit|\.fault)\(\s*"(\w+)"', source))
            # Names of equations and codes that a table chooses from.
            found |= set(re.findall(r'"((?:flow|bundle)_\w+)"', source))
    assert found <= {*SENTENCES, *BOX_SENTENCES}
    assert len(found) > 90


def test_every_reason_for_void_and_for_withholding_has_its_words():
    source = (TALLY / "ballot.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"((?:ballot|mark|own|over|remark)_\w+)"', source)) - {"ballot_of"}
    assert codes == set(VOID_REASONS)
    telling = (TALLY / "disclosure" / "telling.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'reason="(\w+)"', telling))
    assert reasons | {"no_marks", "empty_category"} == set(REASONS)
