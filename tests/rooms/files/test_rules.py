"""Names, sizes, the table of types: without a database."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bihuan.files import rules


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("口径说明（终稿）.docx", "口径说明（终稿）.docx"),
        ("C:\\Users\\somebody\\表 一.xlsx", "表 一.xlsx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("佐证\u202excod.exe", "佐证xcod.exe"),
        ("两\n行\t名.pdf", "两行名.pdf"),
        ('a<b>c:"d".csv', "a_b_c__d_.csv"),
        ("CON.txt", "_CON.txt"),
        ("lpt1.pdf", "_lpt1.pdf"),
        ("控制.pdf. . ", "控制.pdf"),
        ("...", rules.UNNAMED),
        ("", rules.UNNAMED),
    ],
)
def test_a_name_is_cleaned_and_stays_readable(given_name, kept):
    assert rules.clean_name(given_name) == kept


def test_a_long_name_keeps_its_ending_and_fits_every_file_system():
    kept = rules.clean_name("督" * 300 + ".xlsx")
    assert kept.endswith("督.xlsx")
    assert len(kept) <= rules.LONGEST_NAME
    assert len(kept.encode()) <= rules.LONGEST_NAME_BYTES


@settings(deadline=None)
@given(st.text(st.characters(), max_size=400))
@example("a" * 119 + ".x")
@example("." * 300)
@example("督" * 79 + " .pdf")
def test_no_name_however_odd_escapes_hides_or_is_too_long(name):
    kept = rules.clean_name(name)
    assert kept
    assert not set(kept) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(sign)[0] == "C" for sign in kept)
    assert kept == kept.strip(" .")
    assert len(kept) <= rules.LONGEST_NAME
    assert len(kept.encode()) <= 255
    assert kept.split(".")[0].lower() not in ("con", "nul", "aux", "prn", "com1", "lpt9")
    assert rules.clean_name(kept) == kept


@settings(deadline=None)
@given(st.integers(0, 10**15))
def test_a_size_in_words_is_near_the_size(n):
    amount, unit = rules.size_in_words(n).split()
    factor = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}[unit]
    assert abs(float(amount) * factor - n) <= factor * 0.05 + 1e-6 * n
    assert float(amount) < 1024


def test_a_round_limit_is_said_without_a_point():
    assert rules.size_in_words(50 * 1024 * 1024) == "50 MB"
    assert rules.size_in_words(1536) == "1.5 KB"
    assert rules.size_in_words(830) == "830 B"


def test_the_sentence_names_every_type_that_is_let_in_and_no_other():
    named = set(
        rules.ALLOWED.replace("：", "、").replace("（", "、").replace("）", "、").split("、")
    )
    said = {word.lower() for part in named for word in part.replace("；", "、").split("、") if word}
    assert set(rules.KINDS) <= said
    for refused in ("html", "svg", "js", "exe", "bat", "xlsm", "docm", "ps1", "vbs", "htm", "xml"):
        assert refused not in rules.KINDS
        assert refused not in said


def test_nothing_that_a_browser_runs_goes_out_under_its_own_media_type():
    for media_type in rules.SAFE_MEDIA_TYPES:
        assert not media_type.startswith(("text/", "application/xhtml", "image/svg"))
        assert "script" not in media_type
