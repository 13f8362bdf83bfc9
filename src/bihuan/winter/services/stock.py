"""Verbs on de-icer: received, issued, counted, reversed; the stock is never below zero."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import tidy
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.winter.models import Movement, Store, Team
from bihuan.winter.queries import stock as queries
from bihuan.winter.queries.tables import TABLE
from bihuan.winter.rules import stock as rules

MANAGE, STOCK = "winter.manage", "winter.stock"
_MOST_KG = 50_000_000


@transaction.atomic
def open_store(
    *,
    by: Post | None,
    unit: Unit,
    name: str,
    name_en: str = "",
    place: str = "",
    sample: bool = False,
) -> Store:
    """设库房。"""
    if by is not None:
        people.require(by, MANAGE)
    called = tidy(name)
    if not called:
        raise Refused(_("请写库房的名称。"))
    if Store.objects.filter(name=called).exists():
        raise Refused(_("已有一个库房叫“%(name)s”。") % {"name": called})
    made = Store.objects.create(
        unit=unit, name=called, name_en=tidy(name_en), place=tidy(place), by=by, sample=sample
    )
    audit.record(by, "winter.store.open", made)
    return made


@transaction.atomic
def close_store(store: Store, *, by: Post | None, why: str) -> Store:
    """停用库房：库里没有东西了才能停用，写明原因；登记都留着。"""
    if by is not None:
        people.require(by, MANAGE)
    store = Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
    faults = []
    if store.closed:
        faults.append(_("这个库房已经停用。"))
    if not why.strip():
        faults.append(_("请写停用的原因。"))
    if any(kg for (pk, _product), kg in queries.balances().items() if pk == store.pk):
        faults.append(_("库里还有融雪剂。请先发完，或盘点为零。"))
    if faults:
        raise Refused.all(faults)
    store.closed = True
    store.save(update_fields=["closed"])
    audit.record(by, "winter.store.close", store, note=why)
    return store


def receive(
    store: Store, *, by: Post | None, product: str, kg: int, what: str, at: datetime | None = None
) -> Movement:
    """入库：凭什么单据，多少公斤。"""
    faults = [] if kg > 0 else [_("入库的公斤数要大于 0。")]
    return _move(store, "receipt", by, product, kg, at, what, faults)


def issue(
    store: Store,
    *,
    by: Post | None,
    product: str,
    kg: int,
    team: Team | None,
    what: str,
    at: datetime | None = None,
) -> Movement:
    """出库：凭登记发给队伍，写明用途；库里没有的发不出去。"""
    faults = [] if kg > 0 else [_("出库的公斤数要大于 0。")]
    if team is None:
        faults.append(_("请选领用的队伍：融雪剂只发给登记的队伍。"))
    elif team.dissolved:
        faults.append(_("这支队伍已经撤销。"))
    return _move(store, "issue", by, product, -kg, at, what, faults, team)


def count(
    store: Store, *, by: Post | None, product: str, kg: int, what: str, at: datetime | None = None
) -> Movement:
    """盘点：实存多少公斤；与账上的差另记一笔，写明原因。"""
    faults = [] if kg >= 0 else [_("实存的公斤数不能小于 0。")]
    when = at or clock.now()
    with transaction.atomic():
        held = Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
        booked = rules.balance(queries.steps(held, product), when)
        return _move(held, "count", by, product, kg - booked, when, what, faults)


def _move(
    store: Store,
    kind: str,
    by: Post | None,
    product: str,
    kg: int,
    at: datetime | None,
    what: str,
    faults: list[str],
    team: Team | None = None,
    reverses: Movement | None = None,
) -> Movement:
    """One line of the book, under the lock of its store: two issues at once cannot both be last."""
    if by is not None:
        people.require(by, STOCK)
    when, told = at or clock.now(), tidy(what)
    if when > clock.now():
        faults.append(_("时间不得晚于现在。"))
    if product not in TABLE.labels("products") and reverses is None:
        faults.append(_("品种表里没有“%(code)s”。") % {"code": product})
    if abs(kg) > _MOST_KG:
        faults.append(_("一笔最多 50,000 吨。请核对单位是不是公斤。"))
    if not told:
        faults.append(_("请写凭证或用途。"))
    if store.closed and kind == "receipt":
        faults.append(_("这个库房已停用，不能入库。"))
    with transaction.atomic():
        Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
        steps = [*queries.steps(store, product), rules.Step(when, kg)]
        if (first := rules.short(steps)) is not None:
            faults.append(
                _(
                    "到 %(at)s，账上会少 %(kg)d 公斤。没有的发不出去；"
                    "请先登记漏记的入库，或核对数量。"
                )
                % {"at": f"{timezone.localtime(first.at):%Y-%m-%d %H:%M}", "kg": -first.kg}
            )
        if faults:
            raise Refused.all(faults)
        made = Movement.objects.create(
            store=store,
            product=product,
            kind=kind,
            kg=kg,
            at=when,
            team=team,
            what=told,
            reverses=reverses,
            by=by,
        )
        changes = {"kg": (None, kg), "product": (None, product)}
        audit.record(by, f"winter.stock.{kind}", made, changes=changes, note=told)
    return made


def reverse(movement: Movement, *, by: Post | None, why: str) -> Movement:
    """冲正：写错的一笔不改不删，另记相反的一笔，写明原因；一笔只冲一次。"""
    faults = []
    if Movement.objects.filter(reverses=movement).exists():
        faults.append(_("这一笔已经冲正过。"))
    if movement.kind == "reversal":
        faults.append(_("冲正的一笔不能再冲。请重新登记正确的一笔。"))
    told = why.strip() and _("冲正：%(why)s") % {"why": why.strip()}
    return _move(
        movement.store,
        "reversal",
        by,
        movement.product,
        -movement.kg,
        movement.at,
        told,
        faults,
        reverses=movement,
    )
