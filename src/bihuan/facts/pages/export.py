"""Figures as plain rows for a spreadsheet, under headings that a pasted block understands."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.exchange.sheet import Value
from bihuan.facts import block, terms, versions, words
from bihuan.facts.models import Observation

# Heading → the field of a pasted block that it is; none for what only an export says.
_COLUMNS = {
    zh("填报单位"): "unit",
    zh("指标"): "indicator",
    zh("指标代码"): "code",
    zh("时期"): "period",
    zh("口径"): "scope",
    zh("数值"): "value",
    zh("文字"): "text",
    zh("计量单位"): "measure",
    zh("货币"): "",
    zh("类型"): "",
    zh("变动"): "change",
    zh("变动类型"): "change_kind",
    zh("基期"): "base_period",
    zh("约数"): "approximate",
    zh("下限"): "lower_bound",
    zh("待核实"): "to_verify",
    zh("原文"): "quote",
    zh("来源"): "source",
    zh("备注"): "note",
    zh("版本"): "",
    zh("修订原因"): "",
    zh("批次"): "",
    zh("登记时间"): "",
}


def export_words() -> block.Words:
    """The headings and the kinds of change in the reader's language, as a pasted block needs."""
    kinds = {_(label): code for code, label in terms.CHANGE_KINDS.items()}
    return block.Words({_(head): field for head, field in _COLUMNS.items()}, kinds)


def export_rows(found: Iterable[Observation]) -> tuple[list[str], list[list[Value]]]:
    """The headings, and one row for each figure: numbers with their printed digits."""
    return [_(head) for head in _COLUMNS], [_row(one) for one in found]


def _row(one: Observation) -> list[Value]:
    kind = terms.CHANGE_KINDS.get(one.change_kind, "")
    change: Value = versions.printed(one.change, one.change_places)
    if change is None:
        change = one.change_text
    return [
        one.unit.label(),
        one.indicator.label(),
        one.indicator.code,
        one.period.label,
        one.scope,
        versions.printed(one.value, one.places),
        one.text,
        words.measure(one.measure),
        one.currency,
        one.get_kind_display(),
        change,
        _(kind) if kind else "",
        one.base_period.label if one.base_period else "",
        _flag(one.approximate),
        _flag(one.lower_bound),
        _flag(one.to_verify),
        one.quote,
        one.source,
        one.note,
        one.version,
        one.reason,
        one.submission.title if one.submission else "",
        f"{timezone.localtime(one.created_at):%Y-%m-%d %H:%M}",
    ]


def _flag(said: bool) -> str:
    return _("是") if said else ""
