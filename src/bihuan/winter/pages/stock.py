"""融雪剂：各库存多少，最低储备够不够，一笔笔的收发。"""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base.text import SAMPLE_MARK
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, Tone, columns, row
from bihuan.winter.models import Store
from bihuan.winter.pages import words
from bihuan.winter.pages.acts import ACTS
from bihuan.winter.queries import stock, tables
from bihuan.winter.rules.stock import KG_PER_T, KINDS

_SHOWN = 200


def index(by: Post, bound: Bound = None) -> DetailPage:
    """全区：每种多少吨、最低多少、够几天；每个库房多少。"""
    names, found = tables.TABLE.labels("products"), stock.levels()
    heads = columns(
        _("品种"),
        Column(_("现存（吨）"), number=True),
        Column(_("最低储备（吨）"), number=True),
        _("够不够"),
    )
    lines = tuple(
        row(
            names.get(one.product, one.product),
            Cell(words.tonnes(one.kg)),
            Cell(words.tonnes(one.minimum_kg)),
            words.yes(not one.low, _("够"), _("低于最低储备")),
        )
        for one in found
    )
    chart = Chart(
        "bar",
        _("融雪剂现存和最低储备"),
        tuple(names.get(o.product, o.product) for o in found),
        (
            Series(_("现存"), tuple(one.kg / KG_PER_T for one in found)),
            Series(_("最低储备"), tuple(one.minimum_kg / KG_PER_T for one in found)),
        ),
        _("吨"),
        _("品种"),
        under=Table(heads, lines),
    )
    panels: list[Panel] = [chart]
    if (lasts := stock.lasting(found)) is not None:
        told = _(
            "主次干道约 %(area)s 万平方米，每遍 %(g)d g/m²、一天 %(n)d 遍，够撒 %(days).1f 天。"
        ) % {
            "area": f"{lasts.square_m / 10_000:,.1f}",
            "g": lasts.grams,
            "n": lasts.passes,
            "days": lasts.days,
        }
        panels.append(Prose(_("够用几天"), told))
    held = stock.balances()
    stores = columns(Column(_("库房"), wide=True), _("管库单位"), Column(_("现存"), wide=True))
    rows = tuple(
        row(
            Cell(
                one.label(),
                href=one.get_absolute_url(),
                note=_(SAMPLE_MARK) if one.sample else one.place,
            ),
            one.unit.label(),
            _held(one, held, names),
        )
        for one in stock.stores()
    )
    panels.append(Tables(_("库房"), Table(stores, rows, empty=_("还没有库房。"))))
    acts = ACTS.panels("stores", None, by, bound)
    return DetailPage(_("融雪剂储备"), panels, acts, links=words.around("stores"))


def _held(one: Store, held: dict[tuple[int, str], int], names: dict[str, str]) -> str:
    told = [
        _("%(name)s %(t)s 吨") % {"name": names.get(product, product), "t": words.tonnes(kg)}
        for (store, product), kg in sorted(held.items())
        if store == one.pk
    ]
    return _("、").join(told) or "—"


def store(one: Store, by: Post, bound: Bound = None) -> DetailPage:
    """一个库房：现存多少，收发一笔一行，写错的冲正。"""
    names, held = tables.TABLE.labels("products"), stock.balances()
    heads = columns(
        _("时间"),
        _("哪一类"),
        _("品种"),
        Column(_("公斤"), number=True),
        _("领用队伍"),
        Column(_("凭证或用途"), wide=True),
    )
    found = list(stock.movements(one).select_related("reversed_by")[:_SHOWN])
    lines = tuple(
        row(
            Cell(each.at, "moment", note=who(each.by)),
            Tag(_(KINDS[each.kind]), _TONES[each.kind]),
            names.get(each.product, each.product),
            Cell(f"{each.kg:+,d}"),
            each.team.label() if each.team else "—",
            Cell(each.what, note=_("已冲正") if hasattr(each, "reversed_by") else ""),
        )
        for each in found
    )
    acts = ACTS.panels("store", one, by, bound)
    panels: list[Panel] = [
        Prose(_("现存"), _held(one, held, names)),
        Tables(
            _("收发登记"),
            Table(heads, lines, empty=_("还没有收发。")),
            _("只增不改：写错的另记相反的一笔。"),
        ),
    ]
    links = (Link(_("全部库房"), reverse("winter:stores")),)
    tags = (Tag(_("已停用"), "quiet"),) if one.closed else ()
    return DetailPage(one.label(), panels, acts, tags, one.unit.label(), links=links)


_TONES: dict[str, Tone] = {"receipt": "good", "issue": "info", "count": "warn", "reversal": "quiet"}
