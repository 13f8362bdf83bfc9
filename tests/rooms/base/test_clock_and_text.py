"""The clock that tests can hold, text as people type it, refusals."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.base.text import plain, shorten

LATE = datetime(2022, 1, 19, 18, 30, tzinfo=UTC)  # half past two the next morning in the office


def test_a_held_clock_stands_still_and_is_let_go_again():
    with clock.held_at(LATE):
        assert clock.now() == clock.now() == LATE
        with clock.held_at(LATE + timedelta(days=1)):
            assert clock.now() == LATE + timedelta(days=1)
        assert clock.now() == LATE
    assert clock.now() != LATE
    assert clock.now().utcoffset() == timedelta(0)


def test_the_clock_is_let_go_even_after_a_mistake():
    with pytest.raises(LookupError), clock.held_at(LATE):
        raise LookupError
    assert clock.now() != LATE


def test_today_is_the_day_where_the_office_stands():
    with clock.held_at(LATE):
        assert clock.today() == date(2022, 1, 20)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "2022年1月20日"), ("en", "20 Jan 2022")]
)
def test_a_day_is_spelt_as_the_reader_spells_it(language, words):
    with translation.override(language):
        assert clock.in_words(date(2022, 1, 20)) == words
        assert clock.in_words(LATE) == words


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("经开区（ 管委会 ）", "经开区(管委会)"),
        ("\uff21\uff22\uff23\uff11\uff12\uff13", "abc123"),
        ("第\uff13　季度", "第3季度"),
        ("Ⅳ级", "IV级"),
        ("8：30", "8:30"),
    ],
)
def test_widths_case_and_spaces_make_no_difference(typed, stored):
    assert plain(typed) == plain(stored)


def test_different_names_stay_different():
    assert plain("党委") != plain("党工委")


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more_for_what_people_type(text):
    kept = "".join(sign for sign in text if sign.isascii() or "\u4e00" <= sign <= "\u9fff")
    assert plain(plain(kept)) == plain(kept)
    assert not any(sign.isspace() for sign in plain(text))


@given(st.text(max_size=60), st.integers(1, 50))
def test_a_shortened_text_fits_and_says_that_something_was_cut(text, length):
    short = shorten(text, length)
    assert len(short) <= length
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
    assert (short == text) == (len(text) <= length)


def test_a_refusal_carries_all_its_sentences():
    refusal = Refused.all(["甲。", "乙。"])
    assert refusal.sentences == ("甲。", "乙。")
    assert str(refusal) == "甲。\n乙。"


def test_each_kind_of_refusal_has_its_answer():
    assert (Refused("。").status, NotAllowed("。").status, NotFound("。").status) == (409, 403, 404)
    assert isinstance(NotAllowed.all(["。"]), NotAllowed)
