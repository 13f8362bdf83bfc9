"""`/patterns/`: every part of the interface once. A new part is added here before it is used."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.days.pages import WEEKDAYS
from bihuan.site.forms import DoWithChosen, EveryField, TwoLines
from bihuan.ui.chart import Chart, Map, Routes, Series
from bihuan.ui.panel import (
    Choosing,
    DayBox,
    DetailPage,
    Facts,
    FormPanel,
    Grid,
    GridCell,
    Link,
    Loop,
    Moment,
    Month,
    Months,
    Numbers,
    Progress,
    Prose,
    Station,
    Tables,
    Timeline,
)
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, Tone, columns, row

_TONES: tuple[Tone, ...] = ("plain", "good", "warn", "orange", "bad", "info", "quiet")
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def page() -> DetailPage:
    """界面样例。"""
    here = reverse("patterns")
    faulty = EveryField({"text": "", "day": "2022-13-45"})
    faulty.is_valid()
    return DetailPage(
        _("界面样例"),
        (
            _loop(here),
            _numbers(here),
            Progress(_("进度"), 12, 40, _("12 / 40（30%）"), _("正在核对文件。")),
            _facts(),
            _table(here),
            Tables(_("空表"), Table(columns(_("编号"), _("问题")), ())),
            _choosing(here),
            _grid(here),
            _months(),
            *_charts(),
            _map(),
            _routes(),
            _timeline(),
            Prose(_("一段文字"), _("文字照写的人写的样子保留。")),
        ),
        (
            FormPanel(
                _("表单"), EveryField(), here, _("提交"), _("一个表单办一件事。"), method="get"
            ),
            FormPanel(_("有错的表单"), faulty, here, _("提交"), folded=True, method="get"),
            FormPanel(
                _("慎用的事"), EveryField(), here, _("作废"), tone="bad", folded=True, method="get"
            ),
        ),
        tuple(Tag(_tone_name(tone), tone) for tone in _TONES),
        kicker=_("标签"),
        intro=_("界面的每个零件在这里出现一次；用新零件之前，先放到这里。"),
        links=(Link(_("主要按钮"), here, primary=True), Link(_("一般按钮"), here)),
    )


def _tone_name(tone: Tone) -> str:
    names: dict[Tone, Any] = {
        "plain": _("一般"),
        "good": _("已完成"),
        "warn": _("临期"),
        "orange": _("橙"),
        "bad": _("逾期"),
        "info": _("进行中"),
        "quiet": _("草拟"),
    }
    return str(names[tone])


def _loop(here: str) -> Loop:
    return Loop(
        _("闭环走到哪里"),
        (
            Station(_("数据"), 27, here, _("现行观测值")),
            Station(_("疑点"), 3, here, _("待处理"), "warn"),
            Station(_("问题"), 2, here, _("待交办")),
            Station(_("销号"), 1, here, _("已完成"), "good"),
        ),
    )


def _numbers(here: str) -> Numbers:
    return Numbers(
        _("大数字"),
        (Station(_("未销号"), 1234, here), Station(_("逾期"), 5, here, tone="bad")),
    )


def _facts() -> Facts:
    today = clock.today()
    return Facts(
        _("名称与值"),
        (
            (_("文字"), Cell(_("督查考核办公室"))),
            (_("日期"), Cell(today, "date")),
            (_("数字"), Cell(62687, "number", note=_("万美元"))),
            (_("百分比"), Cell(17.5, "percent")),
            (_("代码"), Cell("2026-0001", "code")),
            (_("原文"), Cell(_("郑州经开区排名由第26位跃升至22位"), "quote")),
            (_("没有"), Cell(None)),
        ),
    )


def _table(here: str) -> Tables:
    today = clock.today()
    heads = columns(
        _("编号"),
        Column(_("问题"), wide=True),
        _("完成时限"),
        Column(_("天数"), number=True),
        _("状态"),
        "",
    )
    rows = (
        row(
            Cell("2026-0001", "code", href=here),
            _("两个数对不上"),
            Cell(
                today - timedelta(days=3),
                "date",
                note=_("最初时限 %(day)s") % {"day": clock.in_words(today - timedelta(days=30))},
            ),
            Cell(-3, "number"),
            Tag(_("逾期"), "bad"),
            Cell(_("提出问题"), "act", href=here),
            tone="bad",
        ),
        row(
            Cell("2026-0002", "code", href=here),
            _("缺少口径"),
            Cell(today + timedelta(days=3), "date"),
            Cell(3, "number"),
            Tag(_("临期"), "warn"),
            Cell("", "act"),
            tone="warn",
        ),
    )
    return Tables(
        _("表"),
        Table(heads, rows, pager=Pager(2, 3, 120, here, here)),
        _("窄屏上每行变成一张卡片。"),
    )


def _choosing(here: str) -> Tables:
    heads = columns(_("选"), _("编号"), Column(_("问题"), wide=True))
    lines = (("2026-0001", _("两个数对不上")), ("2026-0002", _("缺少口径")))
    rows = tuple(
        row(
            Cell(number, "choice", note=_("选%(name)s") % {"name": number}),
            Cell(number, "code"),
            said,
        )
        for number, said in lines
    )
    chosen = Choosing(Table(heads, rows), DoWithChosen(), here, _("先看会怎样"))
    return Tables(_("勾选后一起办"), chosen, _("下一页先说明会怎样，确认后才办。"))


def _grid(here: str) -> Grid:
    asked = {"small-name": _("小雪"), "small-hours": "6", "heavy-name": _("大雪"), "source": ""}
    form = TwoLines({**asked, "heavy-hours": "0"})
    form.is_valid()
    heads = (_("代码"), _("雪情"), _("清完小时数"))
    lines = tuple(
        (
            GridCell(heads[0], value=code),
            GridCell(heads[1], form[f"{code}-name"]),
            GridCell(heads[2], form[f"{code}-hours"]),
        )
        for code, _name, _hours in TwoLines.LINES
    )
    return Grid(
        _("填表"), form, here, _("存为新的一版"), heads, lines, _("错在哪一格，就说在哪一格。")
    )


def _months() -> Months:
    """The first two weeks of 2026: a holiday, a weekend day, a day that is worked instead."""
    first = date(2026, 1, 1)
    kinds: dict[int, tuple[str, Tone]] = {
        **dict.fromkeys((1, 2, 3), (_("休"), "bad")),
        4: (_("班"), "info"),
        **dict.fromkeys((10, 11), ("", "quiet")),
    }
    boxes: list[DayBox | None] = [None] * first.weekday()
    for offset in range(11):
        word, tone = kinds.get(offset + 1, ("", "plain"))
        boxes.append(DayBox(first + timedelta(days=offset), word, tone, here=offset == 6))
    weeks = tuple(tuple(boxes[i : i + 7]) for i in range(0, len(boxes), 7))
    headings = tuple((_(short), _(long)) for short, long in WEEKDAYS)
    caption = date_format(first, "YEAR_MONTH_FORMAT")
    return Months(_("日历"), (Month(caption, weeks),), headings, _("框出的是今天。"))


def _charts() -> tuple[Chart, ...]:
    years = ("2019", "2020")
    return (
        Chart(
            "line",
            _("折线：位次向上为好"),
            years,
            (Series(_("位次"), (26.0, 22.0)),),
            _("位"),
            _("数据年度"),
            reverse_y=True,
        ),
        Chart(
            "bar",
            _("柱"),
            _QUARTERS,
            (Series(_("甲"), (3.0, 5.0, None, 4.0)), Series(_("乙"), (2.0, 2.0, 6.0, 1.0))),
            _("个"),
            _("季度"),
        ),
        Chart(
            "stacked",
            _("堆积"),
            _QUARTERS,
            (Series(_("按期"), (3.0, 5.0, 2.0, 4.0)), Series(_("逾期"), (1.0, 0.0, 2.0, 1.0))),
            _("个"),
            _("季度"),
        ),
        Chart(
            "pie", _("构成"), (_("甲"), _("乙")), (Series(_("份额"), (60.0, 40.0)),), "%", _("部分")
        ),
        Chart(
            "waterfall",
            _("瀑布：从哪里，怎样变，到哪里"),
            (_("上一轮"), _("甲"), _("乙"), _("这一轮")),
            (Series(_("位次"), (26.0, -7.0, 3.0, 22.0)),),
            _("位"),
            _("因素"),
        ),
    )


def _map() -> Map:
    places = ((_("甲路口"), 113.74, 34.72, "good"), (_("乙大桥"), 113.76, 34.70, "warn"))
    features = tuple(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [east, north]},
            "properties": {"name": name, "tone": tone},
        }
        for name, east, north, tone in places
    )
    rows = tuple(
        row(name, Cell(east, "number"), Cell(north, "number")) for name, east, north, _t in places
    )
    heads = columns(_("地点"), Column(_("经度"), number=True), Column(_("纬度"), number=True))
    return Map(_("地图"), features, Table(heads, rows))


def _routes() -> Routes:
    """Without an address nothing is drawn: the list says the same."""
    heads = columns(_("车辆"), Column(_("全程（km）"), number=True))
    table = Table(heads, (row(_("撒布101"), Cell(8.1, "number")),))
    return Routes(_("路线"), "", table, _("全部车辆"), _("粗线是作业，虚线是行驶。"))


def _timeline() -> Timeline:
    now = clock.now()
    return Timeline(
        _("经过"),
        (
            Moment(now - timedelta(days=2), _("经办人"), _("提出问题")),
            Moment(
                now,
                _("经办人"),
                _("交办"),
                _("请按期完成。"),
                ((_("状态"), _("草拟"), _("已交办")),),
            ),
        ),
    )
