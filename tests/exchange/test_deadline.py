"""Deadlines as clerks write them are read into days, and what cannot be read says why."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.exchange.words.dates import from_serial
from bihuan.exchange.words.deadline import REASONS, deadline

TODAY = date(2022, 3, 15)
# Full-width digits and stops, as input methods write them.
WIDE = {code: code + 0xFEE0 for code in map(ord, "0123456789.")}


def read(written, year=2022, today=None):
    found = deadline(written, year=year, today=today)
    return found.kind, found.day and found.day.isoformat(), found.year_inferred, found.reason


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2022.1.20",
            "2022-1-20",
            "2022/1/20",
            "2022-01-20",
            "20220120",
            "22.1.20",
            "22年1月20日",
        ),
        *(
            "2022年1月20日",
            "2022 年 1 月 20 日",
            "2022.1.20".translate(WIDE),
            "2022年1月20号",
            "2022.1.20前",
        ),
        *("二〇二二年一月二十日", "二零二二年一月二十日", "二○二二年元月廿日", "2022年1月20日以前"),
        *("2022-01-20 08:30:00", "2022-01-20T09:30", "2022年1月20日下午5时", "2022年1.20"),
        *("截至2022年1月20日", "2022年1月20日前完成整改", "完成时限：2022年1月20日", "2022.1-20"),
        *(
            "2022年1月20日（周四）",
            "2022年1月1日至1月20日",
            "2022.1.1-2022.1.20",
            "2022年1月1日—20日",
        ),
    ],
)
def test_a_written_day_is_read_as_that_day(written):
    assert read(written) == ("date", "2022-01-20", False, "")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022年6月底前", "2022-06-30"),
        ("2022年6月", "2022-06-30"),
        ("2022.6", "2022-06-30"),
        ("202206", "2022-06-30"),
        ("2022.1-2022.6", "2022-06-30"),
        ("2022年1月至6月", "2022-06-30"),
        ("2022年1-6月", "2022-06-30"),
        ("2021年12月至次年3月底".replace("次年", "2022年"), "2022-03-31"),
        ("2022年1月上旬", "2022-01-10"),
        ("2022年1月中旬前", "2022-01-20"),
        ("2022年2月下旬", "2022-02-28"),
        ("2022年第一季度", "2022-03-31"),
        ("2022年三季度末", "2022-09-30"),
        ("2022Q4", "2022-12-31"),
        ("2022年上半年", "2022-06-30"),
        ("2022年底", "2022-12-31"),
        ("2022年年底前", "2022-12-31"),
        ("2022年", "2022-12-31"),
        ("二〇二二年十二月底", "2022-12-31"),
    ],
)
def test_a_written_period_ends_on_its_last_day(written, day):
    assert read(written, year=None) == ("period_end", day, False, "")


@pytest.mark.parametrize(
    ("written", "kind", "day"),
    [
        ("1月20日", "date", "2022-01-20"),
        ("1.20", "date", "2022-01-20"),
        ("1月底", "period_end", "2022-01-31"),
        ("1月上旬前", "period_end", "2022-01-10"),
        ("6月30日前", "date", "2022-06-30"),
        ("十二月底", "period_end", "2022-12-31"),
        ("年底前", "period_end", "2022-12-31"),
        ("上半年", "period_end", "2022-06-30"),
        ("一季度", "period_end", "2022-03-31"),
        ("第二季度", "period_end", "2022-06-30"),
        ("Q1", "period_end", "2022-03-31"),
        ("1-3月", "period_end", "2022-03-31"),
        ("1月20日至25日", "date", "2022-01-25"),
        ("明年6月底", "period_end", "2023-06-30"),
        ("今年年底", "period_end", "2022-12-31"),
    ],
)
def test_a_year_that_is_not_written_is_the_file_s_and_said_to_be_inferred(written, kind, day):
    assert read(written) == (kind, day, True, "")
    assert read(written, year=None)[0] == "unreadable"
    assert read(written, year=None)[3] == "no_year"
    assert read(written, year=None, today=TODAY)[:3] == (kind, day, True)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "immediate",
            ("立行立改", "立即整改", "即知即改", "立整立改", "边查边改", "马上就办", "即日起"),
        ),
        (
            "standing",
            ("长期坚持", "长期", "持续推进", "持续整改", "常态化", "坚持", "2022年1月起长期坚持"),
        ),
        ("done", ("已完成", "已整改", "完成", "已销号", "整改完毕", "已全部完成", "全部完成")),
        ("none", ("", "/", "无", "—", "——", "-", " 　", "N/A", None)),
    ],
)
def test_words_that_are_no_dates_are_kinds_of_their_own(kind, words):
    for word in words:
        assert read(word) == (kind, None, False, ""), word


@pytest.mark.parametrize(
    ("written", "kind", "day", "reason"),
    [
        ("2月30日", "unreadable", None, "no_such_day"),
        ("2022年13月1日", "unreadable", None, "no_such_day"),
        ("2021年2月29日", "unreadable", None, "no_such_day"),
        ("2202.1.20", "unreadable", None, "odd_year"),
        ("胡乱写的", "unreadable", None, "unknown"),
        ("按期完成", "unreadable", None, "unknown"),
        ("一个月内", "unreadable", None, "relative"),
        ("15个工作日内", "unreadable", None, "relative"),
        ("春节前", "unreadable", None, "event"),
        ("2022年春节前", "unreadable", None, "event"),
        ("20日前", "unreadable", None, "no_month"),
        ("自2022年1月起", "unreadable", None, "only_start"),
        ("未完成", "unreadable", None, "partly_done"),
        ("基本完成", "unreadable", None, "partly_done"),
        ("待定", "none", None, "undecided"),
        ("每月5日前", "standing", None, "recurring"),
        ("2022年1月20日、2022年3月20日", "date", "2022-03-20", "several"),
        ("2022年6月至2022年3月", "period_end", "2022-06-30", "backwards"),
        ("2022年底前，并长期坚持", "period_end", "2022-12-31", "also_standing"),
        ("立行立改，长期坚持", "immediate", None, "also_standing"),
        ("2022年1月20日左右", "date", "2022-01-20", "approximate"),
        ("2022年1月20日前完成制度修订", "date", "2022-01-20", "more_written"),
        ("12.1.20", "date", "2012-01-20", "far_year"),
    ],
)
def test_whatever_is_doubtful_says_why(written, kind, day, reason):
    found = deadline(written, year=2022)
    assert (found.kind, found.day and found.day.isoformat(), found.reason) == (kind, day, reason)
    assert found.text == written


def test_a_done_deadline_keeps_the_day_beside_it():
    assert read("2022年1月20日（已完成）") == ("done", "2022-01-20", False, "")
    assert read("立行立改（2022年1月20日前）") == ("immediate", "2022-01-20", False, "")


def test_today_says_which_month_is_this_month():
    assert read("本月底", today=TODAY) == ("period_end", "2022-03-31", True, "")
    assert read("下月底", today=TODAY) == ("period_end", "2022-04-30", True, "")
    assert read("20日前", today=TODAY) == ("date", "2022-03-20", True, "")


def test_a_range_over_the_new_year_ends_in_the_new_year():
    assert read("2021年12月至3月") == ("period_end", "2022-03-31", True, "")


def test_serials_of_both_systems_and_the_day_that_never_was():
    assert from_serial(44581) == date(2022, 1, 20)
    assert from_serial(44581.75) == date(2022, 1, 20)
    assert from_serial(44581 - 1462, "1904") == date(2022, 1, 20)
    assert from_serial(59) == date(1900, 2, 28)
    assert from_serial(60) is None
    assert from_serial(61) == date(1900, 3, 1)
    assert from_serial(float("nan")) is None
    assert deadline(43119, year=None, date_system="1904").day == date(2022, 1, 20)
    assert deadline("44581", year=None).day == date(2022, 1, 20)


def test_a_number_that_lost_its_nought_is_asked_about():
    assert read(1.2) == ("date", "2022-01-02", True, "lost_zero")
    assert read(2022.1) == ("period_end", "2022-01-31", False, "lost_zero")
    assert read(1.15) == ("date", "2022-01-15", True, "")
    assert read(6)[3] == "number"
    assert read(True)[3] == "number"


def test_real_dates_of_the_sheet_are_taken_as_they_are():
    assert read(date(2022, 1, 20)) == ("date", "2022-01-20", False, "")
    assert read(datetime(2022, 1, 20, 17)) == ("date", "2022-01-20", False, "")  # noqa: DTZ001
    assert deadline(datetime(2022, 1, 20), year=None).text == "2022-01-20"  # noqa: DTZ001


WORDS = ["立行立改", "长期", "已完成", "2022", "中旬", "明年", "次年", "本月", "完成", "13月"]
pieces = st.sampled_from(
    [*"0123456789年月日号.-/至、，（）()一二十〇初底末上下半季度 q每前内起", *WORDS]
)


@given(
    st.one_of(
        st.text(),
        st.lists(pieces, max_size=12).map("".join),
        st.floats(),
        st.integers(),
        st.dates(),
        st.datetimes(),
    ),
    st.one_of(st.none(), st.integers(1, 9999)),
    st.one_of(st.none(), st.dates()),
    st.sampled_from(["1900", "1904"]),
)
def test_nothing_that_can_be_written_stops_the_reading(written, year, today, date_system):
    found = deadline(written, year=year, today=today, date_system=date_system)
    assert found.reason == "" or found.reason in REASONS
    assert (found.kind == "unreadable") <= (found.reason != "" and found.day is None)
    assert (found.kind in ("date", "period_end")) <= (found.day is not None)
    if isinstance(written, str):
        assert found.text == written


CHINESE = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))


def counted(number):
    """十, 二十一: the numeral of a month or a day."""
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, CHINESE[str(tens)] + "十")
    return head + (CHINESE[str(ones)] if ones else "")


FORMS = [
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}-{day.month}-{day.day}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日前",
    lambda day: f" {day.year} 年 {day.month} 月 {day.day} 日",
    lambda day: f"{day.year}年{day.month:02}月{day.day:02}日（星期三）",
    lambda day: f"{day:%Y-%m-%d} 00:00:00",
    lambda day: f"{day:%Y.%m.%d}日以前完成",
    lambda day: (
        "".join(CHINESE[sign] for sign in str(day.year))
        + f"年{counted(day.month)}月{counted(day.day)}日"
    ),
    lambda day: f"{day.year}.{day.month}.{day.day}".translate(WIDE),
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: datetime.combine(day, time(8)),
    lambda day: day,
]


@given(st.dates(date(1985, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_a_day_reads_back_the_same_in_every_form(day, form):
    found = deadline(form(day), year=None)
    assert (found.kind, found.day, found.year_inferred, found.reason) == ("date", day, False, "")
