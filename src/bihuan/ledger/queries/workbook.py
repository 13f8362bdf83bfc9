"""Findings written as a workbook: a fresh one, or into the office's own."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.exchange.workbook import Copied, Refusal, write_into, write_ledger
from bihuan.ledger.models import Finding
from bihuan.ledger.queries import columns
from bihuan.ledger.rules import doubts
from bihuan.people import queries as people

_MOST_CUT = 10


@dataclass(frozen=True)
class Written:
    """写出的工作簿，和写不进去、带不过来的，每样一句话。"""

    content: bytes
    told: tuple[str, ...]


def fresh(found: QuerySet[Finding]) -> Written:
    """导出：23 栏，按手册的次序；交给人看的纸面总是中文。"""
    zone = people.zone()
    day = clock.today()
    subtitle = (
        f"填报单位：{zone.name if zone else ''}　填报时间：{day.year}年{day.month}月{day.day}日"
    )
    return _written(write_ledger(columns.written(found), title="整改台账", subtitle=subtitle))


def into(template: bytes, found: QuerySet[Finding]) -> Written:
    """写入单位自己的台账，格式不动；写不进去的说明原因。"""
    try:
        return _written(write_into(template, columns.written(found)))
    except Refusal as refusal:
        sentence = doubts.SENTENCES[refusal.doubt.code]
        raise Refused(_(sentence) % dict(refusal.doubt.params)) from refusal


def _written(copied: Copied) -> Written:
    told = [_(doubts.LOST[code]) for code in copied.lost]
    if copied.cut:
        cells = "、".join(copied.cut[:_MOST_CUT])
        told.append(_("%(cells)s 等处的文字太长，一格放不下，已截断。") % {"cells": cells})
    return Written(copied.content, tuple(told))
