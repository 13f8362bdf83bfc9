"""示例数据：报纸上的那场雪，连同公布的数；分项是示例，公布的总数照录原文。

The snowfall of the printed page, through the same verbs as any other: who did it stays the system,
hours are those that the page tells.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK
from bihuan.fleet import services as fleet
from bihuan.fleet.models import Vehicle
from bihuan.people.models import Post, Unit
from bihuan.roads import queries as roads
from bihuan.snow import services
from bihuan.snow.models import Storm
from bihuan.snow.queries import places
from bihuan.snow.queries.fitting import Wish

_QUOTE = "“组建8支3970人的应急抢险队伍，出动扫雪车辆53台次”（公布数）"
ROUNDS = 3000  # of the search: a second or two
_STOPS = ("第五大街", "经南三路", "经南八路潮河大桥", "经开滨河公园")
_WARNING = "郑州市气象台发布暴雪蓝色预警信号和道路结冰橙色预警信号（示例转录，原文以气象台为准）。"


def _moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 1, day, hour, minute, tzinfo=_zone())


def _zone() -> ZoneInfo:
    zone = timezone.get_default_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("Asia/Shanghai")


@contextmanager
def _at(day: int, hour: int, minute: int = 0) -> Iterator[datetime]:
    moment = _moment(day, hour, minute)
    with clock.held_at(moment):
        yield moment


def load_sample(leader: Post | None = None) -> Storm | None:
    """The printed event, unless there is one or there are no streets."""
    if Storm.objects.exists() or roads.network() is None:
        return None
    with _at(21, 6):
        storm = services.begin_storm(
            by=None, name=f"1月21日降雪（{SAMPLE_MARK}）", first_snow_at=_moment(21, 5, 30),
            name_en="Snowfall of 21 January (sample data)", sample=True,
        )  # fmt: skip
        services.set_level(storm, by=None, level="c4", reason="以雪为令，迅速启动冰雪清除应急预案")
    with _at(23, 7, 10) as moment:
        services.relay_warning(
            storm, by=None, issuer="郑州市气象台", kind="snowstorm", colour="blue",
            text=_WARNING, issued_at=moment,
        )  # fmt: skip
    _worked(storm)
    if leader is not None:
        _walked(storm, leader)
    with _at(24, 12) as moment:
        made = services.draft_situation(
            storm, by=None, as_of=moment,
            summary="航海路、第八大街、第五大街、经南八路等重点道路均通行正常。",
            next_steps="加大背街小巷的清雪力度。",
        )  # fmt: skip
        services.issue_situation(made, by=None)
        services.publish_roads(storm, by=None, as_of=moment, note="路面湿滑，请慢行。",
                               note_en="Roads are slippery, please drive slowly.",
                               orders=storm.orders.all())  # fmt: skip
    with _at(25, 12):
        services.end_storm(storm, by=None, reason="示例：雪停，主次干道已清完，解除响应。")
        review = services.open_review(storm, by=None)
        services.note_lesson(
            review, by=None, kind="change", text="示例：背街小巷的清雪要与主干道同时安排。"
        )
    return storm


def _worked(storm: Storm) -> None:
    """What was reported: the printed totals in one report, key roads as they stood at noon."""
    unit = Unit.objects.get(code="sanitation")
    with _at(24, 11, 30):
        services.report_team(
            unit, by=None, client_key=f"{20220124:032x}", people_at_work={"sanitation": 3970},
            turnouts=53, note=_QUOTE,
        )  # fmt: skip
        for one in roads.sections().filter(key=True):
            services.say_state(one.code, "passable", by=None, source="team")
    with _at(24, 6):
        services.note_snow_stopped(storm, by=None, at=_moment(24, 6))
        _planned(storm)
    _cleared()
    with _at(24, 9):
        services.give_order(
            storm, by=None, to=[Unit.objects.get(code="enforcement")],
            text="督促沿街商户落实门前五包责任制，及时清理门前积雪。", due_at=_moment(24, 18),
        )  # fmt: skip


def _planned(storm: Storm) -> None:
    """示例：雪停时订的方案，后台排好即执行；轮数有限，每台机器上都一样。"""
    if not Vehicle.objects.exists():
        return
    services.ask_plan(
        by=None, storm=storm, rounds=ROUNDS, seed=1, at_once=True, sample=True,
        wish=Wish(starts_at=_moment(24, 6), compare=True),
    )  # fmt: skip


def _cleared() -> None:
    """示例：雪停以后各级道路按先后清完；背街小巷只报了一半。"""
    hours = {"main": 3, "secondary": 5, "branch": 9, "back": 20}
    for number, one in enumerate(roads.sections().order_by("kind", "pk")):
        if one.kind in hours and (one.kind != "back" or number % 2):
            done = _moment(24, 6) + timedelta(hours=hours[one.kind])
            with clock.held_at(done):
                fleet.report_pass(
                    one.code, by=None, from_at=done - timedelta(minutes=10), to_at=done
                )


def _walked(storm: Storm, leader: Post) -> None:
    with _at(24, 10):
        walk = services.plan_inspection(
            by=None, subject="扫雪除冰保畅通", leader=leader, starts_at=_moment(24, 10),
            stops=places.stop_plans(list(_STOPS)), storm=storm, sample=True,
        )  # fmt: skip
        for stop in walk.stops.order_by("order"):
            services.arrive(stop, by=None, state="passable")
        services.remark(
            walk.stops.order_by("order")[2], by=None, client_key=f"{20220125:032x}", seen="issue",
            text="示例：桥面有薄冰，请再撒一遍。", unit=Unit.objects.get(code="sanitation"),
        )  # fmt: skip
    with _at(24, 11):
        services.end_inspection(
            walk, by=None, summary="城区主次干道、桥梁、公园广场等易滑、易结冰部位已实地督查。"
        )
