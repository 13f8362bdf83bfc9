"""Verbs on inspections: planned, walked stop by stop, what was seen, one tap into the ledger."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.files import services as files
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.snow.models import DepartmentOrder, Inspection, Remark, Stop, Storm
from bihuan.snow.queries.places import StopPlan
from bihuan.snow.rules import field as field_rules
from bihuan.snow.rules import inspection as rules
from bihuan.snow.rules.live import STATES
from bihuan.snow.services.field import keep_state
from bihuan.snow.services.orders import give_order

INSPECT = "snow.inspect"
EARLY = timedelta(days=60)  # an inspection can be planned that long ahead


@transaction.atomic
def plan_inspection(
    *,
    by: Post | None,
    subject: str,
    leader: Post,
    starts_at: datetime,
    stops: Sequence[StopPlan],
    participants: Iterable[Post] = (),
    storm: Storm | None = None,
    sample: bool = False,
) -> Inspection:
    """安排督导：谁带队、几时出发、谁参加，依次到哪几处。"""
    _require(by)
    faults = []
    if not subject.strip():
        faults.append(_("请写明督导内容。"))
    if not stops:
        faults.append(_("请至少写一处。"))
    if starts_at > clock.now() + EARLY:
        faults.append(_("出发时间离现在太远。请核对日期。"))
    faults += _stop_faults(stops)
    if faults:
        raise Refused.all(faults)
    made = Inspection.objects.create(
        storm=storm, subject=subject.strip(), leader=leader, starts_at=starts_at, by=by,
        sample=sample,
    )  # fmt: skip
    made.participants.set([one for one in participants if one.pk != leader.pk])
    for order, one in enumerate(stops, start=1):
        _stop(made, order, one)
    audit.record(by, "snow.inspection.plan", made, changes={"stops": (None, len(stops))})
    return made


@transaction.atomic
def add_stop(inspection: Inspection, *, by: Post | None, stop: StopPlan) -> Stop:
    """加一处：走到哪里看到要停的，接在最后。"""
    inspection = _open(inspection, by)
    there = inspection.stops.count()
    faults = _stop_faults([stop])
    if there >= rules.MOST_STOPS:
        faults.append(_("一次督导最多 %(n)d 处。") % {"n": rules.MOST_STOPS})
    if faults:
        raise Refused.all(faults)
    made = _stop(inspection, there + 1, stop)
    audit.record(by, "snow.inspection.add_stop", made)
    return made


@transaction.atomic
def arrive(stop: Stop, *, by: Post | None, state: str = "") -> Stop:
    """到达一处：记下时间；说了路况的，同时登记为该路段的状态，来源是督导。"""
    inspection = _open(stop.inspection, by)
    stop = Stop.objects.select_for_update().get(pk=stop.pk)
    faults = []
    if state and state not in STATES:
        faults.append(_("没有这种路况。请重新选择。"))
    if stop.arrived_at is not None and not state:
        faults.append(_("已记过到达“%(name)s”。") % {"name": stop.name})
    if faults:
        raise Refused.all(faults)
    changes = {"state": (stop.state, state)} if state else {}
    stop.arrived_at = stop.arrived_at or clock.now()
    stop.state = state or stop.state
    stop.save(update_fields=["arrived_at", "state"])
    if inspection.state == "planned":
        inspection.state = "walking"
        inspection.save(update_fields=["state"])
    audit.record(by, "snow.inspection.arrive", stop, changes=changes)
    if state and stop.section:
        keep_state(stop.section, state, by=by, at=clock.now(), source="inspection", note="")
    return stop


def remark(
    stop: Stop,
    *,
    by: Post | None,
    client_key: str,
    seen: str,
    text: str,
    unit: Unit | None = None,
    photo: "UploadedFile[bytes] | None" = None,
) -> tuple[Remark, bool]:
    """记所见：返回这一条和是不是新的；手机重发同一个键，得到原来那一条。"""
    try:
        return _remark(stop, by, client_key, seen, text, unit, photo)
    except IntegrityError:  # the same key twice at the same moment: one of them was first
        return Remark.objects.get(client_key=client_key), False


@transaction.atomic
def _remark(
    stop: Stop,
    by: Post | None,
    client_key: str,
    seen: str,
    text: str,
    unit: Unit | None,
    photo: "UploadedFile[bytes] | None",
) -> tuple[Remark, bool]:
    _require(by)
    if (before := Remark.objects.filter(client_key=client_key, stop=stop).first()) is not None:
        return before, False
    _open(stop.inspection, by)
    faults = []
    if not field_rules.is_key(client_key):
        faults.append(_("这份报告没有自己的编号。请刷新页面，重新填报。"))
    if seen not in rules.SEEN:
        faults.append(_("请选择是做得好、有问题，还是记一笔。"))
    if not text.strip():
        faults.append(_("请写看到了什么。"))
    if faults:
        raise Refused.all(faults)
    kept = None
    if photo is not None:
        kept = files.keep(photo, by=by, title=stop.name, thing=stop.inspection)
    made = Remark.objects.create(
        client_key=client_key, stop=stop, seen=seen, text=shorten(text.strip(), 500), unit=unit,
        photo=kept, at=clock.now(), by=by,
    )  # fmt: skip
    audit.record(by, "snow.inspection.remark", made, note=text)
    if stop.arrived_at is None:
        arrive(stop, by=by)
    return made, True


@transaction.atomic
def raise_remark(remark: Remark, *, by: Post) -> Finding:
    """提为问题：一按即入台账为草稿，带着地点、照片所在和督导的出处；同一件只提一次。"""
    _require(by)
    remark = Remark.objects.select_related("stop__inspection", "unit").get(pk=remark.pk)
    if told := ledger_queries.already_raised(remark):
        raise Refused.all(told)
    stop, inspection = remark.stop, remark.stop.inspection
    description = _("%(day)s督导“%(subject)s”在%(place)s看到：%(text)s") % {
        "day": clock.in_words(remark.at),
        "subject": inspection.subject,
        "place": stop.name,
        "text": remark.text,
    }
    if remark.unit is not None:
        description += _(" 涉及单位：%(unit)s。") % {"unit": remark.unit.label()}
    finding = ledger.raise_finding(
        by=by,
        title=f"{stop.name}：{remark.text}",
        description=description,
        category=_("扫雪除冰"),
        source="supervision",
        place=stop.name,
        origin=remark,
    )
    audit.record(by, "snow.inspection.raise", remark, changes={"finding": (None, finding.number)})
    return finding


@transaction.atomic
def order_on_walk(
    inspection: Inspection,
    *,
    by: Post | None,
    to: Iterable[Unit],
    text: str,
    due_at: datetime | None = None,
) -> list[DepartmentOrder]:
    """督导途中交办：成为给部门的指令，要签收。"""
    inspection = _open(inspection, by)
    if inspection.storm is None:
        raise Refused(_("这次督导不属于哪一场雪，不能发调度指令。可把所见提为台账的问题。"))
    return give_order(
        inspection.storm, by=by, to=to, text=text, due_at=due_at, origin=inspection, verb=INSPECT
    )


@transaction.atomic
def end_inspection(inspection: Inspection, *, by: Post | None, summary: str) -> Inspection:
    """结束督导：写小结；没走到的站留着，写明没有到。"""
    inspection = _open(inspection, by)
    if inspection.state == "planned":
        raise Refused(_("还没有到过一处。没有走的督导请取消。"))
    if not summary.strip():
        raise Refused(_("请写小结。"))
    inspection.state, inspection.ended_at = "done", clock.now()
    inspection.summary = summary.strip()
    inspection.save(update_fields=["state", "ended_at", "summary"])
    audit.record(by, "snow.inspection.end", inspection, note=summary)
    return inspection


@transaction.atomic
def drop_inspection(inspection: Inspection, *, by: Post | None, reason: str) -> Inspection:
    """取消督导：还没有出发的，写明原因。"""
    inspection = _open(inspection, by)
    faults = []
    if inspection.state != "planned":
        faults.append(_("已经出发的不能取消，请写小结结束。"))
    if not reason.strip():
        faults.append(_("请写明原因。"))
    if faults:
        raise Refused.all(faults)
    inspection.state = "dropped"
    inspection.save(update_fields=["state"])
    audit.record(by, "snow.inspection.drop", inspection, note=reason)
    return inspection


def _stop(inspection: Inspection, order: int, plan: StopPlan) -> Stop:
    return Stop.objects.create(
        inspection=inspection, order=order, kind=plan.kind, name=plan.name.strip(),
        section=plan.section, lon=plan.lon, lat=plan.lat,
    )  # fmt: skip


def _stop_faults(stops: Sequence[StopPlan]) -> list[str]:
    faults = []
    for number, one in enumerate(stops, start=1):
        told: dict[str, Any] = {"n": number, "name": one.name}
        if not one.name.strip():
            faults.append(_("第 %(n)d 处没有写地点。") % told)
        elif one.kind not in rules.STOPS:
            faults.append(_("第 %(n)d 处“%(name)s”没有这种类别。") % told)
    if len(stops) > rules.MOST_STOPS:
        faults.append(_("一次督导最多 %(n)d 处。") % {"n": rules.MOST_STOPS})
    return faults


def _open(inspection: Inspection, by: Post | None) -> Inspection:
    _require(by)
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("storm")
    found = rows.get(pk=inspection.pk)
    if found.state in ("done", "dropped"):
        raise Refused(_("这次督导已结束或取消，不能再记。"))
    return found


def _require(by: Post | None) -> None:
    if by is not None:
        people.require(by, INSPECT)
