"""The register: all vehicles, one vehicle, depots, shifts, import."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.fleet import forms, queries, rules
from bihuan.fleet.models import Depot, LastPosition, Position, Shift, Vehicle
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.chart import Map
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Link,
    ListPage,
    Numbers,
    Panel,
    Station,
    Tables,
)
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, columns, row
from bihuan.ui.templatetags.ui import moment

PAGE = 100
NEVER_PHONES = zh("只收车辆的位置，只在当班时收；人的手机从来不收。")


def index(by: Post, form: forms.FilterForm, page: int, query: str) -> ListPage:
    """作业车辆。"""
    asked = form.cleaned_data if form.is_valid() else {}
    paginator = Paginator(queries.found(by, **asked).order_by("number", "pk"), PAGE)
    shown = paginator.get_page(page)
    heads = columns(
        _("编号"),
        _("种类"),
        Column(_("单位"), wide=True),
        _("车场"),
        Column(_("载量（kg）"), number=True),
        _("归属"),
        _("当班"),
    )
    lines = tuple(
        row(
            Cell(one.number, href=one.get_absolute_url(), note=one.plate),
            Cell(_(rules.KINDS[one.kind]), note=does(one)),
            one.company.label(),
            one.depot.label() if one.depot else "",
            Cell(one.capacity_kg, "number"),
            _(rules.OWNERS[one.owner]),
            on_duty(one.now_on),  # type: ignore[attr-defined]  # prefetched by the query
        )
        for one in shown
    )
    around = f"?{query}&page=" if query else "?page="
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{around}{shown.previous_page_number()}" if shown.has_previous() else "",
        f"{around}{shown.next_page_number()}" if shown.has_next() else "",
    )
    links = [
        Link(_("当班"), reverse("fleet:shifts")),
        Link(_("作业记录"), reverse("fleet:passes")),
        Link(_("车场"), reverse("fleet:depots")),
        Link(_("接口说明"), reverse("fleet:api")),
        Link(_("位置保存期限"), reverse("fleet:keeping")),
    ]
    if people.may(by, queries.MANAGE):
        links = [
            Link(_("登记车辆"), reverse("fleet:enter"), primary=True),
            Link(_("导入"), reverse("fleet:import")),
            Link(_("上报设备"), reverse("fleet:devices")),
            *links,
        ]
    panel = FormPanel("", form, reverse("fleet:index"), _("筛选"), method="get")
    return ListPage(
        _("作业车辆"),
        Table(heads, lines, empty=_("没有符合条件的车辆。"), pager=pager),
        intro=_(
            "这里是车辆的家底，出动多少台次另计。只收车辆的位置，只在当班时收；人的手机从来不收。"
        ),
        filters=panel,
        links=tuple(links),
    )


def does(vehicle: Vehicle) -> str:
    """What a vehicle can do, in words."""
    words = [
        word for able, word in ((vehicle.ploughs, _("推雪")), (vehicle.spreads, _("撒布"))) if able
    ]
    return _("、").join(words)


def on_duty(shifts: Sequence[Shift]) -> Tag:
    return Tag(_("在班上"), "good") if shifts else Tag(_("不在班上"), "quiet")


def vehicle(one: Vehicle, by: Post, *, span: forms.SpanForm | None = None) -> DetailPage:
    """一台车：登记、当班、最近位置、谁看过它的轨迹。"""
    open_shifts = list(queries.shifts_at(clock.now()).filter(vehicle=one))
    panels: list[Panel] = [_facts(one), _shifts(one)]
    if open_shifts and (last := queries.latest().filter(vehicle=one).first()) is not None:
        panels.insert(1, _where(last))
    panels += [_looks(one), audit.timeline(one)]
    return DetailPage(
        one.number,
        panels,
        _acts(one, by, bool(open_shifts), span),
        (on_duty(open_shifts), *(() if one.in_use else (Tag(_("已停用"), "quiet"),))),
        kicker=_("作业车辆"),
        links=(Link(_("全部车辆"), reverse("fleet:index")),),
    )


def _facts(one: Vehicle) -> Facts:
    return Facts(
        _("登记"),
        (
            (_("车牌号"), Cell(one.plate)),
            (_("种类"), Cell(_(rules.KINDS[one.kind]), note=does(one))),
            (_("单位"), Cell(one.company.label())),
            (_("车场"), Cell(one.depot.label() if one.depot else "")),
            (_("融雪剂载量（kg）"), Cell(one.capacity_kg, "number")),
            (_("作业宽度（m）"), Cell(one.width_m, "number")),
            (_("归属"), Cell(_(rules.OWNERS[one.owner]))),
            (_("备注"), Cell(one.note)),
        ),
    )


def _where(last: LastPosition) -> Map:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [last.lon, last.lat]},
        "properties": {"name": last.vehicle.number, "tone": "info"},
    }
    heads = columns(_("时间"), _("位置"), _("在做什么"))
    line = row(Cell(last.at, "moment"), f"{last.lon:.5f}，{last.lat:.5f}", doing(last))
    return Map(_("最近位置"), (feature,), Table(heads, (line,)))


def doing(place: LastPosition | Position) -> str:
    """What the machine was doing, as far as it said."""
    told = []
    if place.ploughing:
        told.append(_("推雪"))
    if place.spreading:
        rate = f"{place.rate:g}" if place.rate is not None else ""
        told.append(_("撒布 %(rate)s g/m²") % {"rate": rate} if rate else _("撒布"))
    if not told and place.ploughing is None and place.spreading is None:
        return _("设备没有说")
    return _("、").join(told) or _("行驶")


def _shifts(one: Vehicle) -> Tables:
    heads = columns(_("出车"), _("收车"))
    lines = tuple(
        row(Cell(shift.starts_at, "moment"), Cell(shift.ends_at, "moment"))
        for shift in one.shifts.order_by("-starts_at")[:20]
    )
    return Tables(_("当班"), Table(heads, lines, empty=_("还没有出过车。")), _(NEVER_PHONES))


def _looks(one: Vehicle) -> Tables:
    heads = columns(_("时间"), _("谁"), _("看哪一段"), Column(_("查看的原因"), wide=True))
    lines = tuple(
        row(
            Cell(look.created_at, "moment"),
            look.by.label() if look.by else _("系统"),
            _span(look.since, look.until),
            look.reason,
        )
        for look in queries.looks_at(one)[:20]
    )
    empty = _("没有人看过这台车的轨迹。")
    return Tables(_("谁看过轨迹"), Table(heads, lines, empty=empty))


def _span(since: datetime, until: datetime) -> str:
    return _("%(since)s 至 %(until)s") % {"since": moment(since), "until": moment(until)}


def _acts(one: Vehicle, by: Post, out: bool, span: forms.SpanForm | None) -> tuple[FormPanel, ...]:
    def at(name: str) -> str:
        return reverse(f"fleet:{name}", args=[one.pk])

    acts = []
    empty: Any = forms.NothingForm
    if one.in_use and people.may(by, queries.SHIFT, at=one.company):
        if out:
            acts.append(FormPanel(_("收车"), empty(), at("end-shift"), _("收车")))
        else:
            told = _("从此刻起收它的位置，到收车为止。")
            acts.append(FormPanel(_("出车"), empty(), at("start-shift"), _("出车"), told))
    if people.may(by, queries.MANAGE):
        form = span or forms.SpanForm()
        told = _("单个位置保存 %(hours)d 小时，到期即删。") % {"hours": queries.keep_hours()}
        acts.append(
            FormPanel(_("查看轨迹"), form, at("track"), _("查看轨迹"), told, folded=span is None)
        )
        edit: Any = forms.VehicleForm(instance=one)
        acts.append(FormPanel(_("更正登记"), edit, at("amend"), _("更正"), folded=True))
        if one.in_use and not out:
            acts.append(
                FormPanel(
                    _("停用"),
                    forms.ReasonForm(),
                    at("retire"),
                    _("停用"),
                    tone="bad",
                    folded=True,
                )
            )
    return tuple(acts)


def track(one: Vehicle, found: Sequence[Position], since: datetime, until: datetime) -> DetailPage:
    """一段轨迹：地图在上，清单在下；看过已记入审计。"""
    title = _("%(number)s 的轨迹") % {"number": one.number}
    heads = columns(
        _("时间"),
        _("位置"),
        Column(_("速度（km/h）"), number=True),
        Column(_("在做什么"), wide=True),
    )
    thinned = found[:: max(1, len(found) // 500)]
    lines = tuple(
        row(
            Cell(f"{clock.in_words(p.at)} {_clock(p.at)}"),
            f"{p.lon:.5f}，{p.lat:.5f}",
            Cell(None if p.speed_kmh is None else round(p.speed_kmh), "number"),
            doing(p),
        )
        for p in thinned
    )
    features: tuple[dict[str, Any], ...] = ()
    if len(found) > 1:
        path = [[p.lon, p.lat] for p in found]
        features = (
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": path},
                "properties": {"name": one.number, "tone": "info"},
            },
        )
    told = _("共 %(n)d 个位置，清单列出 %(shown)d 个。这次查看已记入审计。") % {
        "n": len(found),
        "shown": len(lines),
    }
    table = Table(heads, lines, empty=_("这段时间没有位置：不在班上，没有报，或已到期删除。"))
    panel: Panel = Map(title, features, table) if features else Tables(title, table)
    return DetailPage(
        title,
        [panel],
        kicker=_span(since, until),
        intro=told,
        links=(Link(_("回到车辆"), one.get_absolute_url()),),
    )


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M:%S}"


def form_page(title: str, form: Any, action: str, submit: str, intro: str = "") -> FormPage:
    """One form on a page of its own."""
    return FormPage(title, FormPanel("", form, action, submit), intro)


def depots(by: Post, form: forms.DepotForm | None = None) -> DetailPage:
    """车场：清单，地图，登记新的。"""
    found = list(queries.depots_of(by))
    manages = people.may(by, queries.MANAGE)
    heads = columns(_("名称"), Column(_("单位"), wide=True), _("位置"), _("可加融雪剂"), _("状态"))
    lines = tuple(
        row(
            Cell(one.label(), href=reverse("fleet:depot", args=[one.pk]) if manages else ""),
            one.company.label(),
            f"{one.lon:.5f}，{one.lat:.5f}",
            _("是") if one.refill else _("否"),
            Tag(_("在用"), "good") if one.in_use else Tag(_("不用"), "quiet"),
        )
        for one in found
    )
    table = Table(heads, lines, empty=_("还没有登记车场。"))
    features = tuple(_depot(one) for one in found)
    panel: Panel = Map(_("车场"), features, table) if features else Tables(_("车场"), table)
    acts: tuple[FormPanel, ...] = ()
    if manages:
        act = FormPanel(
            _("登记车场"), form or forms.DepotForm(), reverse("fleet:depots"), _("登记")
        )
        acts = (act,)
    links = (Link(_("全部车辆"), reverse("fleet:index")),)
    return DetailPage(_("车场"), [panel], acts, links=links)


def _depot(one: Depot) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
        "properties": {"name": one.label(), "tone": "good" if one.refill else "info"},
    }


def shifts(by: Post, form: forms.ShiftsForm | None = None) -> DetailPage:
    """当班：现在谁在班上，接下来谁当班，排班。"""
    now = clock.now()
    mine = queries.visible_to(by).values("pk")
    found = queries.shifts_from(now).filter(vehicle__in=mine)
    numbers = Numbers(
        _("一眼看"),
        (
            Station(
                _("在班上的车辆"),
                queries.shifts_at(now).filter(vehicle__in=mine).count(),
                reverse("fleet:index") + "?duty=on",
            ),
            Station(_("在用的车辆"), sum(queries.counted(by).values()), reverse("fleet:index")),
        ),
    )
    heads = columns(_("车辆"), Column(_("单位"), wide=True), _("出车"), _("收车"), _("状态"))
    lines = tuple(
        row(
            Cell(one.vehicle.number, href=one.vehicle.get_absolute_url()),
            one.vehicle.company.label(),
            Cell(one.starts_at, "moment"),
            Cell(one.ends_at, "moment"),
            Tag(_("在班上"), "good") if one.starts_at <= now else Tag(_("还没到"), "info"),
        )
        for one in found[:300]
    )
    acts: tuple[FormPanel, ...] = ()
    if people.may(by, queries.SHIFT):
        act = FormPanel(
            _("排班"),
            form or forms.ShiftsForm(by=by),
            reverse("fleet:shifts"),
            _("排班"),
            folded=form is None,
        )
        acts = (act,)
    table = Table(heads, lines, empty=_("现在没有车在班上，也没有排班。"))
    return DetailPage(
        _("当班"),
        [numbers, Tables(_("在班上的和将要当班的"), table, _(NEVER_PHONES))],
        acts,
        links=(Link(_("全部车辆"), reverse("fleet:index")),),
    )
