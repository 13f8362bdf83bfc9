"""行车单：the streets of one vehicle in their order; no name of a person stands on it."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.snow.bridge import showing
from bihuan.snow.models import Plan
from bihuan.snow.pages.plan import clock, state_tag
from bihuan.snow.queries import plan as queries
from bihuan.snow.rules import plan as rules
from bihuan.ui.chart import Routes
from bihuan.ui.panel import DetailPage, Facts, Link
from bihuan.ui.table import Cell, Column, Table, columns, row

_NO = "—"


def sheet(one: Plan, vehicle: int) -> DetailPage | None:
    """The page of one vehicle; nothing where it has no tour."""
    sheets, network = queries.sheets(one), queries.network(one)
    tour = showing.tour_of(sheets, vehicle)
    if tour is None or not tour.stops:
        return None
    mine = one.inputs["vehicles"][vehicle]
    kind = one.inputs["types"][mine["type"]]
    does = _("、").join(_(rules.DOES[work]) for work in kind["does"])
    facts = Facts(
        _("这台车"),
        (
            (_("车场"), Cell(one.inputs["yards"][mine["yard"]]["name"])),
            (_("车型"), Cell(queries.type_name(kind))), (_("干什么"), Cell(does)),
            (_("出发"), Cell(clock(one.starts_at, tour.stops[0].from_s))),
            (_("清完"), Cell(clock(one.starts_at, tour.cleared_s))),
            (_("回场"), Cell(clock(one.starts_at, tour.back_s))),
            (_("作业（km）"), Cell(round(tour.served_m / 1000, 1), "number")),
            (_("全程（km）"), Cell(round(tour.m / 1000, 1), "number")),
            (_("融雪剂（kg）"), Cell(round(tour.kg), "number")),
        ),
    )  # fmt: skip
    heads = columns(
        Column(_("序"), number=True), _("时刻"), _("干什么"), Column(_("道路"), wide=True),
        _("方向"), Column(_("第几遍"), number=True), Column(_("公里"), number=True),
        Column(_("融雪剂（kg）"), number=True),
    )  # fmt: skip
    lines = []
    for number, each in enumerate(showing.stretches(network, tour), 1):
        work = each.kind == "serve"
        lines.append(
            row(
                Cell(number, "number"), clock(one.starts_at, each.from_s),
                does if work else _(rules.LEGS[each.kind]), street(one, each),
                _(rules.TOWARDS[each.towards]) if each.towards else _NO,
                Cell(each.nth if work else _NO, "number"),
                Cell(f"{each.m / 1000:.2f}" if each.m else _NO, "number"),
                Cell(round(each.kg) if each.kg >= 0.5 else _NO, "number"),
                tone="plain" if work else "quiet",
            )
        )  # fmt: skip
    table = Table(heads, tuple(lines))
    links = (
        Link(one.label(), one.get_absolute_url()),
        Link(_("全部行车单（PDF）"), reverse("snow:plan-file", args=[one.pk, "drivers"])),
    )
    address = reverse("snow:plan-ways", args=[one.pk])
    intro = _("只作业标出的一侧；对面另有安排的不做。")
    panels = (
        facts,
        Routes(_("依次走的道路"), address, table, _("全部车辆"), intro, one=mine["number"]),
    )
    title = _("%(number)s 行车单") % {"number": mine["number"]}
    return DetailPage(
        title, panels, tags=(state_tag(one),), kicker=one.label(), links=links, sheet=True
    )


def street(one: Plan, each: showing.Stretch) -> str:
    """Where it is: a street by its name, a yard by its."""
    if each.kind == "refill":
        return str(one.inputs["yards"][each.yard]["name"])
    if each.kind == "wait":
        return _NO
    return each.street or _("无名道路")


def ways(one: Plan) -> dict[str, Any]:
    """The tours as GeoJSON for the map: the same stretches as on the sheets."""
    return {"type": "FeatureCollection", "features": list(_features(one))}


def _features(one: Plan) -> Iterator[dict[str, Any]]:
    sheets, network = queries.sheets(one), queries.network(one)
    for tour in sheets.tours:
        for each in showing.stretches(network, tour):
            if not each.arcs:
                continue
            hours = f"{clock(one.starts_at, each.from_s)}–{clock(one.starts_at, each.to_s)}"
            told = (tour.name, hours, _(rules.LEGS[each.kind]), street(one, each))
            yield {
                "type": "Feature",
                "geometry": {
                    "type": "LineString", "coordinates": showing.line(network, each.arcs)
                },
                "properties": {
                    "name": " · ".join(told), "group": tour.name, "work": each.kind == "serve",
                    "attribution": network.attribution,
                },
            }  # fmt: skip
