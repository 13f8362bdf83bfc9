"""Findings written as a workbook: a fresh one, or into the office's own."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.exchange.workbook import Refusal, write_into, write_ledger
from bihuan.ledger.models import Finding
from bihuan.ledger.queries import columns
from bihuan.ledger.rules import doubts
from bihuan.people.models import Unit


def fresh(found: QuerySet[Finding]) -> bytes:
    """导出：23 栏，按手册的次序；交给人看的纸面总是中文。"""
    zone = Unit.objects.filter(kind="zone").order_by("pk").first()
    day = clock.today()
    subtitle = (
        f"填报单位：{zone.name if zone else ''}　填报时间：{day.year}年{day.month}月{day.day}日"
    )
    copied = write_ledger(columns.written(found), title="整改台账", subtitle=subtitle)
    return copied.content


def into(template: bytes, found: QuerySet[Finding]) -> bytes:
    """写入单位自己的台账，格式不动；写不进去的说明原因。"""
    try:
        return write_into(template, columns.written(found)).content
    except Refusal as refusal:
        sentence = doubts.SENTENCES[refusal.doubt.code]
        raise Refused(_(sentence) % dict(refusal.doubt.params)) from refusal
