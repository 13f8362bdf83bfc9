"""Declared parts and what the templates make of them."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django import forms
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import (
    Choosing,
    DayBox,
    Facts,
    FormPanel,
    Grid,
    GridCell,
    Loop,
    Moment,
    Month,
    Months,
    Prose,
    Station,
    Tables,
    Timeline,
)
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, columns, row
from bihuan.ui.templatetags import ui

EVIL = "<script>alert('x')</script>&\""


def drawn(part: object) -> str:
    return Template("{% load ui %}{% part thing %}").render(Context({"thing": part}))


def test_what_people_typed_is_shown_and_never_becomes_part_of_the_page():
    form = type("Form", (forms.Form,), {"word": forms.CharField(label=EVIL, help_text=EVIL)})
    parts = (
        Table(columns(EVIL), (row(Cell(EVIL, note=EVIL, href=EVIL)),), caption=EVIL),
        Table(columns(EVIL), (row(Cell(EVIL, "code")), row(Cell(EVIL, "quote")), row(Tag(EVIL)))),
        Facts(EVIL, ((EVIL, Cell(EVIL, note=EVIL)),)),
        Tables(EVIL, Table((), (), empty=EVIL), EVIL),
        Prose(EVIL, EVIL),
        Timeline(EVIL, (Moment(datetime.now(UTC), EVIL, EVIL, EVIL, ((EVIL, EVIL, EVIL),)),)),
        FormPanel(EVIL, form({"word": EVIL}), EVIL, EVIL, EVIL),
        Chart("bar", EVIL, (EVIL,), (Series(EVIL, (1.0,)),), EVIL, EVIL),
        Tag(EVIL),
    )
    for part in parts:
        html = drawn(part)
        assert "&lt;script&gt;" in html or "\\u003cscript" in html, part
        assert "<script>alert" not in html, part
        assert "alert('x')</script>" not in html, part


def test_a_cell_leads_somewhere_has_a_tone_and_a_second_line():
    html = drawn(Table(columns("名称"), (row(Cell("甲", href="/a/", tone="bad", note="乙")),)))
    assert '<a href="/a/">甲</a>' in html
    assert 'data-tone="bad"' in html
    assert "<small>乙</small>" in html
    assert 'data-label="名称"' in html


def test_a_row_with_a_cell_too_many_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="zip"):
        _ = Table(columns("一"), (row("甲", "乙"),)).lines


def test_an_empty_table_says_so_in_words():
    assert "暂无记录。" in drawn(Table(columns("名称"), ()))
    assert "没有单位。" in drawn(Table(columns("名称"), (), empty="没有单位。"))


def test_the_pager_leads_to_the_neighbours_there_are():
    def pager(before: str, after: str) -> str:
        shown = Pager(2, 3, 120, before, after)
        return drawn(Table(columns("名称"), (row("甲"),), pager=shown))

    both = pager("/x/?q=a&page=1", "/x/?q=a&page=3")
    assert "第 2 页，共 3 页，120 条" in both
    assert 'rel="prev" href="/x/?q=a&amp;page=1"' in both
    assert 'rel="next"' in both
    assert 'rel="next"' not in pager("/x/?page=1", "")


def test_an_act_in_a_cell_is_a_button_that_posts_and_nothing_where_there_is_none():
    table = Table(columns(""), (row(Cell("办理", "act", href="/do/")), row(Cell("", "act"))))
    html = drawn(table)
    assert html.count('<form method="post" action="/do/">') == 1
    assert "<button" in html


def test_a_folded_form_opens_when_it_comes_back_with_faults():
    form = type("Form", (forms.Form,), {"word": forms.CharField(label="词")})
    assert "<details>" in drawn(FormPanel("甲", form(), "/", "办", folded=True))
    back = drawn(FormPanel("甲", form({}), "/", "办", folded=True))
    assert "<details open>" in back
    assert 'role="alert"' in back


class Asking(forms.Form):
    """One field of every kind that is labelled in its own way."""

    day = forms.CharField(label="日期", help_text="哪一天。")
    either = forms.ChoiceField(label="结论", choices=[("a", "通过")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="确认", required=False)


class Ids(HTMLParser):
    """Every id of a page, and every attribute that names one."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: set[str] = set()
        self.feed(html)

    def handle_starttag(self, _tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("for", "aria-describedby", "aria-labelledby"):
                self.named |= set(value.split())


def test_forms_on_one_page_share_no_id_and_whatever_names_one_finds_it():
    """Two forms that ask for a day: the label of each leads to its own field."""
    grid, chosen = Asking({}), Asking()
    lines = ((GridCell("日期", grid["day"]),),)
    html = "".join(
        (
            drawn(FormPanel("甲", Asking(), "/do/", "办")),
            drawn(FormPanel("乙", Asking({}), "/do/", "办")),
            drawn(FormPanel("甲", Asking({}), "/ask/", "查", method="get")),
            drawn(Grid("表", grid, "/do/", "存", ("日期",), lines)),
            drawn(Choosing(Table(columns("选"), (row(Cell("1", "choice")),)), chosen, "/b/", "看")),
        )
    )
    found = Ids(html)
    assert len(found.ids) == len(set(found.ids))
    assert found.named <= set(found.ids)
    assert len([name for name in found.named if name.endswith("_day")]) == 4


def test_a_group_of_choices_is_a_fieldset_and_a_fault_is_told_with_its_field():
    html = drawn(FormPanel("甲", Asking({}), "/do/", "办"))
    assert "<legend>结论</legend>" in html
    assert html.count("<fieldset") == html.count("</fieldset>") == 1
    day = re.search('<input type="text" name="day"[^>]*>', html).group()
    assert 'aria-invalid="true"' in day
    assert "_day_helptext" in day
    assert "_day_error" in day
    assert "<small>可不填</small>" in html.partition("结论")[2]


def test_a_question_is_a_search_with_a_name_and_marks_nothing_as_optional():
    html = drawn(FormPanel("", Asking(), "/ask/", "查询", method="get"))
    assert 'role="search" aria-label="查询"' in html
    assert "可不填" not in html
    assert "csrfmiddlewaretoken" not in html


def test_what_draws_a_tree_is_not_part_of_the_link_nor_read_out():
    html = drawn(Table(columns("单位"), (row(Cell("局", href="/u/", lead="└ ")),)))
    assert '<span aria-hidden="true">└ </span><a href="/u/">局</a>' in html


def test_a_column_without_a_heading_has_no_empty_heading():
    html = drawn(Table(columns("名称", ""), (row("甲", Cell("", "act")),)))
    assert html.count('<th scope="col"') == 1


def test_a_loop_in_which_a_reader_may_see_nothing_is_not_drawn():
    assert drawn(Loop("闭环", ())).strip() == ""
    assert "<h2>闭环</h2>" in drawn(Loop("闭环", (Station("数据", 27, "/facts/"),)))


def test_a_change_to_nothing_says_so():
    step = Moment(datetime.now(UTC), "甲", "改", "", (("配合单位", "乙局", ""),))
    assert "<s>乙局</s> → —" in drawn(Timeline("经过", (step,)))


def test_a_month_is_a_table_whose_days_say_in_words_what_their_colour_shows():
    week = (None, DayBox(date(2026, 1, 1), "休", "bad"), DayBox(date(2026, 1, 2), here=True))
    html = drawn(Months("日历", (Month("2026年1月", (week,), "21 天"),), (("一", "星期一"),) * 3))
    assert html.count('<th scope="col"><abbr title="星期一">一</abbr></th>') == 3
    assert '<time datetime="2026-01-01">1</time> <small>休</small>' in html
    assert html.count('aria-current="date"') == 1
    assert "<caption>2026年1月 <small>21 天</small></caption>" in html


def test_what_stands_around_a_page_is_worked_out_once_however_many_parts_it_has(browse):
    browser = browse("clerk")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/patterns/")
    around = [q for q in asked.captured_queries if "'zone'" in q["sql"]]
    assert len(around) <= 3


def test_a_chart_says_the_same_in_its_table():
    chart = Chart("bar", "题", ("一", "二"), (Series("甲", (1.5, None)),), unit="个", axis="月")
    html = drawn(chart)
    assert [[c.value for c in r.cells] for r in chart.table.rows] == [["一", 1.5], ["二", None]]
    assert "1.5" in html
    assert "—" in html


# Filters ----------------------------------------------------------------------------------------


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1e12, max_value=1e12)
)
def test_a_number_reads_back_as_itself(value):
    shown = ui.number(value)
    assert Decimal(shown.replace(",", "")) == value
    assert "E" not in shown
    assert not ("." in shown and shown.endswith("0"))


@given(st.integers(-(10**15), 10**15))
def test_digits_stand_in_groups_of_three(value):
    groups = ui.number(value).lstrip("-").split(",")
    assert all(len(group) == 3 for group in groups[1:])
    assert 1 <= len(groups[0]) <= 3


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_float_is_shown_as_written_and_not_as_stored(value):
    assert float(ui.number(value).replace(",", "")) == value


def test_nothing_is_a_dash_and_nought_is_a_number():
    assert (ui.number(None), ui.number(""), ui.percent(None), ui.date_zh(None)) == ("—",) * 4
    assert (ui.number(0), ui.percent(0)) == ("0", "0%")
    assert ui.percent(Decimal("17.50")) == "17.5%"
    assert ui.money(Decimal("1202"), "亿元") == "1,202 亿元"


@given(st.dates(date(1993, 4, 1), date(2100, 1, 1)))
def test_a_day_reads_back_in_both_languages(day):
    with translation.override("zh-hans"):
        assert ui.date_zh(day) == f"{day.year}年{day.month}月{day.day}日"
    with translation.override("en"):
        assert datetime.strptime(ui.date_zh(day), "%d %b %Y").date() == day  # noqa: DTZ007 - a day


def test_a_moment_is_told_in_the_time_of_the_office():
    assert ui.moment(datetime(2022, 1, 19, 18, 5, tzinfo=UTC)) == "2022年1月20日 02:05"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=10,
)


@given(json_values)
def test_json_in_the_page_says_the_same_and_cannot_end_its_element(value):
    text = ui.as_json(value)
    assert json.loads(text) == value
    assert not set("<>&") & set(text)


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "&lt;", "\u2028"])
def test_no_text_breaks_out_of_the_script_element(text):
    assert "</script" not in ui.as_json([text])
    html = drawn(Chart("bar", text, (text,), (Series(text, (1.0,)),)))
    assert html.count("</script>") == 1


def test_columns_keep_what_was_said_of_them():
    wide = Column("甲", wide=True)
    assert columns(wide, "乙") == (wide, Column("乙"))
