"""Verbs on orders to departments: given, signed for, answered."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.snow.models import DepartmentOrder, Inspection, Storm

DISPATCH, ANSWER = "snow.dispatch", "snow.answer"


@transaction.atomic
def give_order(
    storm: Storm,
    *,
    by: Post | None,
    to: Iterable[Unit],
    text: str,
    due_at: datetime | None = None,
    origin: Inspection | None = None,
    verb: str = DISPATCH,
) -> list[DepartmentOrder]:
    """下达调度指令：每个部门一条，各自签收。`verb` is what the giver must hold: an inspector's
    order comes from the walk."""
    if by is not None:
        people.require(by, verb)
    units, faults, now = list(to), [], clock.now()
    if not units:
        faults.append(_("请选择给哪些部门。"))
    if not text.strip():
        faults.append(_("请写明要办什么。"))
    if due_at is not None and due_at <= now:
        faults.append(_("时限应晚于现在。"))
    if storm.ended_at is not None:
        faults.append(_("这场雪的响应已经结束。"))
    if faults:
        raise Refused.all(faults)
    made = []
    for unit in units:
        one = DepartmentOrder.objects.create(
            storm=storm, unit=unit, text=shorten(text.strip(), 500), given_at=now, due_at=due_at,
            inspection=origin, by=by,
        )  # fmt: skip
        audit.record(by, "snow.order.give", one, changes={"unit": (None, unit)}, note=text)
        made.append(one)
    return made


@transaction.atomic
def sign_order(order: DepartmentOrder, *, by: Post | None) -> DepartmentOrder:
    """签收调度指令：由收到的部门。"""
    order = _locked(order, by)
    if order.signed_at is not None:
        raise Refused(_("已签收。"))
    order.signed_at, order.signed_by = clock.now(), by
    order.save(update_fields=["signed_at", "signed_by"])
    audit.record(by, "snow.order.sign", order)
    return order


@transaction.atomic
def answer_order(order: DepartmentOrder, *, by: Post | None, answer: str) -> DepartmentOrder:
    """回报调度指令：办了什么；没签收的先签收。"""
    order = _locked(order, by)
    faults = []
    if order.done_at is not None:
        faults.append(_("已回报过。"))
    if not answer.strip():
        faults.append(_("请写明办了什么。"))
    if faults:
        raise Refused.all(faults)
    now = clock.now()
    if order.signed_at is None:
        order.signed_at, order.signed_by = now, by
    order.done_at, order.done_by, order.answer = now, by, shorten(answer.strip(), 500)
    order.save(update_fields=["signed_at", "signed_by", "done_at", "done_by", "answer"])
    audit.record(by, "snow.order.answer", order, note=answer)
    return order


def _locked(order: DepartmentOrder, by: Post | None) -> DepartmentOrder:
    if by is not None:
        people.require(by, ANSWER, at=order.unit)
    rows = DepartmentOrder.objects.select_for_update(of=("self",)).select_related("unit", "storm")
    return rows.get(pk=order.pk)
