"""Figures as rows of a table, in one line, over time as a chart; and the pager of every list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.facts import over_time, words
from bihuan.facts.models import Observation
from bihuan.ui.chart import Chart, Series
from bihuan.ui.table import Cell, Column, Pager, Row, Table, columns, row

PAGE = 50


def in_one_line(observation: Observation) -> tuple[str, ...]:
    """A figure for a terminal: indicator, period, value, change, scope, quote; empty where none."""
    return (
        observation.indicator.label(),
        words.period(observation.period),
        words.value(observation),
        words.change(observation),
        scope_of(observation),
        f"“{observation.quote}”",
    )


def table(
    found: Iterable[Observation],
    pager: Pager | None = None,
    *,
    indicator: bool = True,
    unit: Literal["", "column", "below"] = "",
    source: bool = True,
    empty: str = "",
) -> Table:
    """Figures as rows: nothing is shown without its unit, scope, period and quote.

    Columns that would say the same in every row are left out.
    """
    heads = columns(
        *((Column(_("指标"), wide=True),) if indicator else ()),
        *((_("单位"),) if unit == "column" else ()),
        _("时期"),
        _("数值"),
        _("变化"),
        Column(_("原文"), wide=True),
        *((_("来源"),) if source else ()),
    )
    lines = tuple(_line(one, indicator, unit, source) for one in found)
    return Table(heads, lines, pager=pager, empty=empty)


def _line(one: Observation, indicator: bool, unit: str, source: bool) -> Row:
    href, told = one.get_absolute_url(), version(one) if one.version > 1 else ""
    whose = one.unit.label() if unit == "below" else ""
    return row(
        *((Cell(one.indicator.label(), href=href, note=whose),) if indicator else ()),
        *((Cell(one.unit.label()),) if unit == "column" else ()),
        Cell(words.period(one.period), href="" if indicator else href),
        value(one),
        Cell(words.change(one), tone=words.change_tone(one)),
        Cell(one.quote, "quote", note="" if source else told),
        *((Cell(words.source(one), note=told),) if source else ()),
    )


def value(one: Observation) -> Cell:
    """The value with its unit, and under it the scope it was counted in."""
    return Cell(words.value(one), note=scope_of(one))


def scope_of(one: Observation) -> str:
    return _("口径：%(scope)s") % {"scope": one.scope} if one.scope else ""


def version(one: Observation) -> str:
    """第 2 版."""
    return _("第 %(n)d 版") % {"n": one.version}


def paged(found: QuerySet, number: int, address: str) -> tuple[list, Pager]:  # type: ignore[type-arg]  # of whatever noun the list is
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(number)
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{address}page={shown.number - 1}" if shown.has_previous() else "",
        f"{address}page={shown.number + 1}" if shown.has_next() else "",
    )
    return list(shown), pager


def chart(
    found: Sequence[Observation], every: Iterable[Observation] = (), title: str = ""
) -> Chart | None:
    """One indicator of one unit over the periods, over its table; gaps and revisions are shown.

    None where there are no two numbers of one measure to be set side by side.
    """
    numbers = [one for one in found if one.value is not None]
    if len({one.period_id for one in numbers}) < 2 or len({one.measure for one in numbers}) != 1:
        return None
    slots = over_time.slots(one.period for one in found)
    lines = over_time.lines(found, every)
    indicator, measure = numbers[0].indicator, words.measure(numbers[0].measure)
    return Chart(
        "line",
        title or indicator.label(),
        tuple(words.short_period(slot.period) for slot in slots),
        tuple(series for line in lines for series in _series(line, slots, measure)),
        measure,
        _("时期"),
        reverse_y=indicator.direction == "lower" and indicator.kind == "rank",
        under=_over_time(slots, lines),
    )


def _series(
    line: over_time.Line, slots: Sequence[over_time.Slot], measure: str
) -> Iterator[Series]:
    """The figures that hold now; and beside them, where one was revised, what was there first."""
    now = {code: one.value for code, one in line.figures.items()}
    yield Series(line.scope or measure, _points(now, slots))
    first = {
        code: versions[0].value
        for code, versions in line.earlier.items()
        if versions[0].value not in (None, now[code])
    }
    if first:
        named = {"name": line.scope or measure}
        yield Series(_("%(name)s（首次登记）") % named, _points(first, slots))


def _points(
    values: Mapping[str, Decimal | None], slots: Iterable[over_time.Slot]
) -> tuple[float | None, ...]:
    """Figures as points of a drawing; the table beside it keeps the digits."""
    found = (values.get(slot.code) for slot in slots)
    return tuple(None if value is None else float(value) for value in found)


def _over_time(slots: Iterable[over_time.Slot], lines: Sequence[over_time.Line]) -> Table:
    """Every place on the axis as a row; of a revised figure the versions before it as well."""
    several = len(lines) > 1
    revised = any(line.earlier for line in lines)
    heads = columns(
        _("时期"),
        *((Column(_("口径"), wide=True),) if several else ()),
        _("数值"),
        _("变化"),
        *((Column(_("修订前"), wide=True),) if revised else ()),
        Column(_("原文"), wide=True),
        _("来源"),
    )
    rows = []
    for slot in slots:
        here = [line for line in lines if slot.code in line.figures]
        rows += [_point(slot, line, several, revised) for line in here]
        if not here:
            gap = ["" for _head in heads]
            gap[:2] = [words.period(slot.period), _("没有数")]
            if several:
                gap[1:3] = ["", _("没有数")]
            rows.append(row(*gap, tone="quiet"))
    return Table(heads, tuple(rows))


def _point(slot: over_time.Slot, line: over_time.Line, several: bool, revised: bool) -> Row:
    one = line.figures[slot.code]
    before = line.earlier.get(slot.code, ())
    told = Cell(words.listed(words.value(old) for old in before), note=one.reason if before else "")
    return row(
        Cell(words.period(slot.period), href=one.get_absolute_url()),
        *((one.scope or _("没有另注口径"),) if several else ()),
        Cell(words.value(one), note="" if several or not one.scope else scope_of(one)),
        Cell(words.change(one), tone=words.change_tone(one)),
        *((told,) if revised else ()),
        Cell(one.quote, "quote"),
        Cell(words.source(one), note=version(one) if one.version > 1 else ""),
    )
