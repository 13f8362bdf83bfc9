"""Verbs that let road states out of the house: by a duty officer, or by the office's own rule."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.snow.models import DepartmentOrder, Publication, Storm
from bihuan.snow.queries import publication as queries
from bihuan.snow.rules import public as rules

PUBLISH = "snow.publish"


@transaction.atomic
def publish_roads(
    storm: Storm,
    *,
    by: Post | None,
    as_of: datetime | None = None,
    note: str = "",
    note_en: str = "",
    orders: Iterable[DepartmentOrder] = (),
) -> Publication:
    """发布路况：此刻各重点道路的状态、封闭的路段、承诺的时刻、响应级别和选定的指令；
    只有发布过的才出门。"""
    if by is not None:
        people.require(by, PUBLISH)
    storm = Storm.objects.get(pk=storm.pk)  # whether the snow has stopped is asked anew
    at, faults = as_of or clock.now(), []
    if at > clock.now():
        faults.append(_("截至时间不得晚于现在。"))
    last = queries.newest()
    if last is not None and at < last.as_of:
        faults.append(_("已发布过更晚时刻的路况。请按现在的情况发布。"))
    chosen = list(orders)
    if any(one.storm_id != storm.pk for one in chosen):
        faults.append(_("选的指令不是这一场雪的。请改选。"))
    told = queries.content(storm, at, [one.pk for one in chosen])
    if not told["roads"]:
        faults.append(_("路网里没有标为重点的路段，没有可发布的。请先在道路里标出重点路段。"))
    if faults:
        raise Refused.all(faults)
    return _keep(storm, at, told, by, "person", note.strip(), note_en.strip())


@transaction.atomic
def publish_when_due(storm: Storm) -> Publication | None:
    """到时自动发布：报上来的路况过了设定的分钟还没有人发布，就照实发布。"""
    if storm.ended_at is not None or not queries.is_due(storm):
        return None
    now = clock.now()
    told = queries.content(storm, now, queries.told_orders(storm))
    return _keep(storm, now, told, None, "rule", "", "") if told["roads"] else None


def _keep(
    storm: Storm,
    at: datetime,
    told: dict[str, object],
    by: Post | None,
    source: str,
    note: str,
    note_en: str,
) -> Publication:
    made = Publication.objects.create(
        storm=storm, as_of=at, told=told, note=note, note_en=note_en, source=source, by=by
    )
    changes = {"source": (None, _(rules.SOURCES[source]))}
    audit.record(by, "snow.roads.publish", made, changes=changes, note=note)
    return made
