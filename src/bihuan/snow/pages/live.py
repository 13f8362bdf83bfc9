"""The live picture, told three ways: a page with its list, the streets, and what has changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.fleet import rules as fleet
from bihuan.fleet.models import LastPosition
from bihuan.fleet.pages.register import doing
from bihuan.fleet.queries.passes import Newest
from bihuan.snow.forms.live import LiveForm
from bihuan.snow.models import Plan
from bihuan.snow.pages import plan as planned
from bihuan.snow.queries import live as queries
from bihuan.snow.queries import plan as plans
from bihuan.snow.queries import storm as storms
from bihuan.snow.queries.live import State, Street
from bihuan.snow.rules import live as rules
from bihuan.ui.panel import FormPanel, Link, Station
from bihuan.ui.table import Pager, Table, Tag

PAGE = 60
MOST_VEHICLES = 500  # on duty at once; where there are more, only those just heard are sent
RECENT_MS = 120_000
OVERLAP = timedelta(seconds=10)  # a row may be stamped a little before it can be seen


@dataclass(frozen=True)
class Line:
    """One section in the list beside the map."""

    pk: int
    name: str
    kind: str
    company: str
    key: bool
    icing: bool
    state: Tag
    state_code: str
    passed: str
    passed_ms: int
    age: str
    source: str
    km: float

    @property
    def kind_words(self) -> str:
        return _(rules.KINDS.get(self.kind, self.kind))


@dataclass(frozen=True)
class Head:
    """A heading of the list, and where it leads: the same list sorted by it."""

    label: str
    href: str = ""
    here: bool = False
    number: bool = False


@dataclass(frozen=True)
class VehicleLine:
    """One vehicle on duty."""

    pk: int
    number: str
    company: str
    doing: str
    at: str


@dataclass(frozen=True)
class TaskLine:
    """One hand task."""

    name: str
    due: str
    state: Tag


@dataclass(frozen=True)
class LivePage:
    """实时地图：地图在左，清单在右，两边说的是同一件事。"""

    title: str
    as_of: str
    figures: tuple[tuple[str, Station], ...]
    filters: FormPanel
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    pager: Pager
    vehicles: tuple[VehicleLine, ...]
    vehicle_heads: tuple[str, ...]
    tasks: tuple[TaskLine, ...]
    declaration: Mapping[str, Any]
    legend: tuple[tuple[str, str, str], ...]
    plan: Link | None = None  # in force, with its tours
    tours: Table | None = None

    refresh_s: ClassVar[int] = 60


def page(form: LiveForm, number: int) -> LivePage:
    """The whole page, as good without a script as with one."""
    asked = form.asked()
    now, fresh = clock.now(), asked["fresh"]
    storm = storms.current()
    plan = plans.in_force(storm) if storm else None
    streets = queries.streets()
    known = _known(streets, queries.states(), queries.newest_passes(), now, fresh)
    found = sorted(
        (one for one in known if _fits(one, asked)),
        key=_ORDERS[asked["sort"]],
        reverse=asked["down"],
    )
    last = max(1, -(-len(found) // PAGE))
    number = min(max(1, number), last)
    query = form.query()
    return LivePage(
        _("实时地图"),
        _clock(now),
        _figures(known),
        FormPanel("", form, reverse("snow:live"), _("筛选"), method="get"),
        _heads(query, asked),
        tuple(found[(number - 1) * PAGE : number * PAGE]),
        Pager(
            number,
            last,
            len(found),
            _address({**query, "page": number - 1}) if number > 1 else "",
            _address({**query, "page": number + 1}) if number < last else "",
        ),
        tuple(_vehicle_line(one) for one in queries.vehicles()),
        (_("车辆"), _("单位"), _("在做什么"), _("时间")),
        tuple(_task_line(one, now) for one in queries.tasks()),
        _declaration(fresh, plan),
        _legend(),
        Link(plan.label(), plan.get_absolute_url()) if plan else None,
        planned.vehicles(plan, brief=True) if plan else None,
    )


def _known(
    streets: Sequence[Street],
    states: Mapping[str, State],
    done: Mapping[str, Newest],
    now: datetime,
    fresh: int,
) -> list[Line]:
    return [_line(one, states.get(one.code), done.get(one.code), now, fresh) for one in streets]


def _line(
    street: Street, state: State | None, done: Newest | None, now: datetime, fresh: int
) -> Line:
    code = state.code if state else "unknown"
    at_ms = fleet.milliseconds(done.at) if done else None
    return Line(
        street.pk,
        street.name,
        street.kind,
        street.company,
        street.key,
        street.icing,
        Tag(_(rules.STATES.get(code, code)), rules.TONES.get(code, "quiet")),  # type: ignore[arg-type]  # tones of the table
        code,
        _clock(done.at, now) if done else "",
        at_ms or 0,
        rules.age(at_ms, fleet.milliseconds(now), fresh),
        _(fleet.SOURCES[done.source]) if done else "",
        round(street.length_m / 1000, 2),
    )


def _fits(one: Line, asked: Mapping[str, Any]) -> bool:
    return (
        (not asked["kind"] or one.kind == asked["kind"])
        and (not asked["state"] or one.state_code == asked["state"])
        and (not asked["company"] or one.company == asked["company"])
        and (not asked["age"] or one.age == asked["age"])
        and (not asked["icing"] or one.icing)
        and asked["text"].casefold() in one.name.casefold()
    )


_KIND_ORDER = list(rules.KINDS)
_ORDERS: Mapping[str, Any] = {
    "name": lambda one: (one.name, one.pk),
    "kind": lambda one: (
        _KIND_ORDER.index(one.kind) if one.kind in _KIND_ORDER else 9,
        one.name,
        one.pk,
    ),
    "state": lambda one: (rules.urgency(one.state_code), one.name, one.pk),
    "age": lambda one: (one.passed_ms, one.name, one.pk),  # never done comes first
}


def _heads(query: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[Head, ...]:
    def head(code: str) -> Head:
        here = asked["sort"] == code
        turned = {**query, "sort": code, "down": "" if not here or asked["down"] else "1"}
        return Head(_(rules.SORTS[code]), _address(turned), here)

    return (
        head("name"),
        head("kind"),
        head("state"),
        head("age"),
        Head(_("来源")),
        Head(_("长度（km）"), number=True),
    )


def _address(query: Mapping[str, Any]) -> str:
    told = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{reverse('snow:live')}?{urlencode(told)}"


def _figures(known: Sequence[Line]) -> tuple[tuple[str, Station], ...]:
    states = Counter(one.state_code for one in known)
    return tuple(
        (
            code,
            Station(
                _(name),
                states.get(code, 0),
                _address({"state": code}),
                tone=rules.TONES[code],  # type: ignore[arg-type]  # tones of the table
            ),
        )
        for code, name in rules.STATES.items()
    )


def _vehicle_line(one: LastPosition) -> VehicleLine:
    silent = _silent(one)
    told = _("没有声音") if silent else doing(one)
    return VehicleLine(
        one.vehicle_id, one.vehicle.number, one.vehicle.company.label(), told, _clock(one.at)
    )


def _silent(one: LastPosition) -> bool:
    return fleet.milliseconds(clock.now()) - one.at_ms > rules.SILENT_MS


def _task_line(one: queries.Task, now: datetime) -> TaskLine:
    if one.done:
        state = Tag(_("已做"), "good")
    elif one.due is not None and one.due < now:
        state = Tag(_("已超时"), "bad")
    else:
        state = Tag(_("待做"), "warn")
    return TaskLine(one.name, _clock(one.due, now) if one.due else "", state)


def _clock(at: datetime, beside: datetime | None = None) -> str:
    """A time of day with seconds; without them and with its day where it was another day."""
    local = timezone.localtime(at)
    if beside is None:
        return f"{local:%H:%M:%S}"
    if local.date() == timezone.localtime(beside).date():
        return f"{local:%H:%M}"
    return f"{clock.in_words(local.date())} {local:%H:%M}"


# What the script asks for -----------------------------------------------------------------------


def _declaration(fresh: int, plan: Plan | None) -> dict[str, Any]:
    ways = reverse("snow:plan-ways", args=[plan.pk]) if plan else ""
    return {
        "ways": ways,
        "network": reverse("snow:live-network"),
        "changes": f"{reverse('snow:live-changes')}?fresh={fresh}",
        "words": {
            "live": _("截至 {at}，自动更新。"),
            "stale": _("连接断了，画面停在 {at}（{n} 秒前）。正在重连。"),
            "heads": [_("车辆"), _("单位"), _("在做什么"), _("时间")],
            "ways": _("显示方案的路线"),
            "every": _("全部车辆"),
            "never": _("还没做过"),
            "last": _("最近一遍 {at}"),
        },
    }


def _legend() -> tuple[tuple[str, str, str], ...]:
    return (
        *(("line", _colour(code), _(name)) for code, name in rules.STATES.items()),
        ("fresh", "", _(rules.AGES["fresh"])),
        ("old", "", _(rules.AGES["old"])),
        ("never", "", _(rules.AGES["never"])),
        ("vehicle", "", _("当班车辆")),
        ("spot", "", _("易结冰部位")),
        ("task", "", _("人工清雪任务")),
    )


def _colour(state: str) -> str:
    """How a state is drawn: as its tag, but a closed street is black, not red like an icy one."""
    return "shut" if state == "closed" else rules.TONES.get(state, "quiet")


def network() -> dict[str, Any]:
    """The streets and spots as GeoJSON: what does not change from one minute to the next."""
    streets, spots = queries.streets(shapes=True), queries.spots()
    return {
        "network": queries.network_mark(),
        "streets": _collected(
            {
                "type": "Feature",
                "id": one.pk,
                "geometry": _rounded(one.geometry),
                "properties": {"name": f"{one.name} · {_(rules.KINDS.get(one.kind, one.kind))}"},
            }
            for one in streets
        ),
        "spots": _collected(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
                "properties": {"name": f"{one.name} · {_('易结冰部位')}"},
            }
            for one in spots
        ),
    }


def _collected(features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _rounded(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """To a metre: five decimals of a degree are enough for a picture and half the bytes."""

    def short(part: Any) -> Any:
        if isinstance(part, (int, float)):
            return round(part, 5)
        return [short(one) for one in part]

    return {"type": geometry["type"], "coordinates": short(geometry["coordinates"])}


def changes(since_ms: int | None, fresh: int) -> dict[str, Any]:
    """What has changed since the answer that ended with this cursor; everything where there is
    none. The same change told twice does no harm, one untold would: hence the overlap."""
    now = clock.now()
    codes: set[str] | None = None
    if since_ms is not None:
        since = fleet.moment_of(since_ms) - OVERLAP
        codes = queries.touched(since, timedelta(hours=fresh))
    known = [] if codes == set() else _asked(codes, now, fresh)
    heard = queries.vehicles()
    recent = fleet.milliseconds(now) - RECENT_MS
    whole = since_ms is None or len(heard) <= MOST_VEHICLES
    shown = heard if whole else [one for one in heard if one.at_ms >= recent]
    return {
        "network": queries.network_mark(),
        "cursor": fleet.milliseconds(now),
        "as_of": _clock(now),
        "sections": [_section(one) for one in known],
        "whole": whole,  # or only those that were just heard, to be added to what is shown
        "vehicles": [_vehicle(one) for one in shown],
        "tasks": [_task(one, now) for one in queries.tasks()],
        "counts": _counts() if known else {},
    }


def _asked(codes: set[str] | None, now: datetime, fresh: int) -> list[Line]:
    states, done = queries.states(codes), queries.newest_passes(codes)
    return _known(queries.streets(codes), states, done, now, fresh)


def _section(one: Line) -> dict[str, Any]:
    return {
        "id": one.pk,
        "state": one.state.label,
        "tone": one.state.tone,
        "colour": _colour(one.state_code),
        "pass": one.passed,
        "source": one.source,
        "age": one.age,
    }


def _vehicle(one: LastPosition) -> dict[str, Any]:
    line = _vehicle_line(one)
    return {
        "id": one.vehicle_id,
        "number": line.number,
        "company": line.company,
        "doing": line.doing,
        "at": line.at,
        "lon": round(one.lon, 5),
        "lat": round(one.lat, 5),
        "heading": None if one.heading is None else round(one.heading),
        "stale": _silent(one),
    }


def _task(one: queries.Task, now: datetime) -> dict[str, Any]:
    line = _task_line(one, now)
    name = _("、").join(part for part in (one.name, line.state.label, line.due) if part)
    return {
        "name": name,
        "lon": one.lon,
        "lat": one.lat,
        "place": one.name,
        "due": line.due,
        "state": line.state.label,
        "tone": line.state.tone,
    }


def _counts() -> dict[str, int]:
    states = Counter(one.code for one in queries.states().values())
    total = queries.streets_count()
    told = {code: states.get(code, 0) for code in rules.STATES if code != "unknown"}
    return {**told, "unknown": total - sum(told.values())}
