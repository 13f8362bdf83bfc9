"""`/patterns/` shows every part of the interface, and so does the sheet."""

import inspect
import re
from itertools import pairwise
from pathlib import Path

import pytest

import bihuan.ui
from bihuan.site import patterns
from bihuan.ui import chart, panel, table

PARTS = {
    thing
    for module in (panel, table, chart)
    for thing in vars(module).values()
    if inspect.isclass(thing) and thing.__module__ == module.__name__ and hasattr(thing, "template")
}
SHEET = (Path(bihuan.ui.__file__).parent / "static/ui/house.css").read_text(encoding="utf-8")


def test_every_part_is_shown_once_at_least(db):
    page = patterns.page()
    shown = {type(part) for part in (*page.panels, *page.acts, *page.tags)}
    inside = {type(part.table) for part in page.panels if hasattr(part, "table")}
    assert PARTS - shown - inside == set()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_whole_in_both_languages(browse, language):
    answer = browse("viewer").get("/patterns/", headers={"accept-language": language})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "2026-01-04" in text
    assert text.count("<h1") == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_its_buttons_do_nothing(browse):
    assert browse("viewer").post("/patterns/").headers["Location"] == "/patterns/"


def _tokens() -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", SHEET))


def _light(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((_light(first), _light(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_can_be_read_on_whatever_they_stand_on():
    token = _tokens()
    pairs = [(ink, ground) for ink in ("ink", "soft", "brand") for ground in ("paper", "ground")]
    pairs += [(tone, "paper") for tone in ("good", "warn", "orange", "bad", "info")]
    pairs += [(tone, f"{tone}-wash") for tone in ("good", "warn", "orange", "bad", "info")]
    pairs += [("paper", "brand"), ("paper", "brand-deep"), ("brand", "brand-wash")]
    faint = {pair: contrast(token[pair[0]], token[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


def test_edges_of_fields_and_the_focus_can_be_seen():
    token = _tokens()
    for name in ("edge", "focus"):
        assert contrast(token[name], token["paper"]) >= 3
        assert contrast(token[name], token["ground"]) >= 3


def test_the_sheet_keeps_to_the_oldest_browser_and_asks_no_other_host():
    assert "url(" not in SHEET
    assert "@import" not in SHEET
    for line in SHEET.splitlines():
        assert not line.lstrip().startswith("&"), line  # nesting came with Chromium 112


def test_colours_stand_in_the_tokens_only():
    body = SHEET.partition("/* 2. Base")[2]
    loose = set(re.findall(r"#[0-9a-f]{3,8}\b", body)) - {"#fff", "#999"}
    assert loose == set()
