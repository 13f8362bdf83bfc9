"""Periods as people write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.exchange.span import span, year_before


@pytest.mark.parametrize(
    ("written", "code", "starts", "ends"),
    [
        ("2020", "2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020年", "2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("\uff12\uff10\uff12\uff10年度", "2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020年末", "2020-end", date(2020, 12, 31), date(2020, 12, 31)),
        ("2020 年第三季度", "2020-Q3", date(2020, 7, 1), date(2020, 9, 30)),
        ("2020Q4", "2020-Q4", date(2020, 10, 1), date(2020, 12, 31)),
        ("2020年2月", "2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2022-01-21", "2022-01-21", date(2022, 1, 21), date(2022, 1, 21)),
        ("2022年1月21日", "2022-01-21", date(2022, 1, 21), date(2022, 1, 21)),
        ("自2022-01-21降雪以来", "snow-2022-01-21", date(2022, 1, 21), None),
    ],
)
def test_a_written_period_is_read(written, code, starts, ends):
    found = span(written)
    assert found is not None
    assert (found.code, found.starts, found.ends) == (code, starts, ends)


def test_the_year_of_assessment_and_the_year_of_the_data_are_two_years():
    found = span("考核年度2021 (数据年度2020)")
    assert found is not None
    assert (found.assess_year, found.data_year) == (2021, 2020)
    assert found.starts == date(2020, 1, 1)
    assert span("考核年度2021（数据年度2020）").code == found.code
    assert span("考核年度2020（数据年度2021）") is None


def test_an_hour_is_kept():
    found = span("2022-01-24 12:00")
    assert found is not None
    assert found.at == datetime(2022, 1, 24, 12)  # noqa: DTZ001 - made aware upstairs


@pytest.mark.parametrize(
    "written",
    [
        "",
        "去年",
        "2020年2月30日",
        "2022-13-01",
        "2022-01-24 25:00",
        "1899",
        "2020年第五季度",
        "20",
    ],
)
def test_what_is_no_period_is_not_guessed(written):
    assert span(written) is None


@given(st.text(max_size=60))
def test_any_text_is_a_period_or_none(text):
    found = span(text)
    assert found is None or (found.starts is not None and len(found.code) <= 60)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_both_ways_to_write_a_day_are_the_same_day(day):
    dashes, words = span(day.isoformat()), span(f"{day.year}年{day.month}月{day.day}日")
    assert dashes is not None
    assert words is not None
    assert dashes.code == words.code == day.isoformat()


@pytest.mark.parametrize(
    ("written", "before"),
    [
        ("2021", "2020"),
        ("2021Q3", "2020-Q3"),
        ("2021年1月", "2020-01"),
        ("2020年末", None),
        ("考核年度2021（数据年度2020）", None),
        ("2022-01-21", None),
    ],
)
def test_what_a_growth_on_the_year_is_compared_with(written, before):
    found = year_before(span(written))
    assert (found.code if found else None) == before
