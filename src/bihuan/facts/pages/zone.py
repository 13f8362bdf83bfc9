"""The zone's page: every published figure with unit, scope, change, quote and source."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bihuan.facts import queries, words
from bihuan.facts.models import Observation
from bihuan.facts.pages.listing import chart, table
from bihuan.facts.world import grouped
from bihuan.people.models import Unit
from bihuan.ui.panel import Panel, Tables
from bihuan.ui.table import Table

RANK = "rank"


def zone_panels(unit: Unit) -> list[Panel]:
    """公布的数：按一级指标或时期分组，每个数带单位、口径、变化、原文、来源。"""
    told = queries.current().filter(indicator__verb="")
    own = list(told.filter(unit=unit))
    around = list(told.filter(unit__kind__in=("city", "population")).exclude(unit=unit))
    ranks = [one for one in own if one.indicator.code == RANK]
    drawn = chart(sorted(ranks, key=lambda one: (one.period.starts, one.period.code)))
    listed = [one for one in own if drawn is None or one not in ranks]
    panels: list[Panel] = [
        Tables(title, table(rows)) for title, rows in _by_subject(listed).items()
    ]
    if around:
        panels.append(
            Tables(
                _("所在城市与参评总体"),
                table(around, unit="column"),
                _("用来核对占比和位次；各自照原文保存。"),
            )
        )
    return [*([drawn] if drawn else []), *panels] if own or around else [no_figures()]


def no_figures() -> Tables:
    return Tables(_("公布的数据"), Table((), (), empty=_("还没有数据。请统计员导入或录入。")))


def _by_subject(found: Iterable[Observation]) -> dict[str, list[Observation]]:
    """Figures by the group of their indicator; those without, by the period they are of."""

    def subject(one: Observation) -> str:
        if one.indicator.code == RANK:
            return _("综合发展水平考核评价")
        group = one.indicator.group
        return group.label() if group else words.period(one.period)

    return grouped(found, subject)
