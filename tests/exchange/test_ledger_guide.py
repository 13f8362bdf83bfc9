"""The guide to ledger workbooks says what the reader does."""

import re
from pathlib import Path

import pytest

from bihuan.exchange.words import deadline
from bihuan.exchange.workbook import SYNONYMS
from bihuan.ledger.rules.doubts import DEADLINE_KINDS, FIELDS

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "ledger-workbook.md"
LINES = re.findall(r"^\| (.+?) \| (.+?) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
READINGS = [(wrote, read) for wrote, read in LINES if wrote not in (*FIELDS.values(), "栏", "写的")]


@pytest.mark.parametrize(("wrote", "read"), READINGS)
def test_every_deadline_of_the_guide_is_read_as_it_says(wrote, read):
    found = deadline(wrote, year=2022)
    kind = "" if found.kind == "date" else DEADLINE_KINDS[found.kind]
    day = found.day.isoformat() if found.day else ""
    told = " ".join(filter(None, (day, kind)))
    assert read == told + ("（问）" if found.reason else "")


def test_every_heading_that_is_known_stands_in_the_guide_and_no_other():
    listed = {field: words for field, words in LINES if field in FIELDS.values() and words != ""}
    for field, words in SYNONYMS.items():
        assert listed[FIELDS[field]] == "、".join(dict.fromkeys(words)), field
