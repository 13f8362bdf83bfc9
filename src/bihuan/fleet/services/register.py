"""Verbs on the register: depots, vehicles, devices with their tokens, how long tracks are kept."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.fleet import queries, rules
from bihuan.fleet.models import Depot, Device, Keeping, Vehicle
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

FIELDS = (
    "number",
    "plate",
    "kind",
    "ploughs",
    "spreads",
    "company",
    "depot",
    "capacity_kg",
    "width_m",
    "owner",
    "note",
)
DEPOT_FIELDS = ("name", "name_en", "company", "lon", "lat", "refill", "in_use")
# A province, a letter, five or six signs (six for new energy); half-width as the office types it.
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}[\u4e00-\u9fff]?", re.A)
_TOLD = {"ploughs": False, "spreads": False, "owner": "owned", "plate": "", "note": ""}


@transaction.atomic
def add_depot(*, by: Post | None, sample: bool = False, **fields: Any) -> Depot:
    """登记车场。"""
    _require(by)
    told = {name: fields[name] for name in DEPOT_FIELDS if name in fields}
    if faults := _depot_faults(told, None):
        raise Refused.all(faults)
    depot = Depot.objects.create(sample=sample, **told)
    audit.record(by, "fleet.depot.add", depot)
    return depot


@transaction.atomic
def amend_depot(depot: Depot, *, by: Post | None, **fields: Any) -> Depot:
    """更正车场登记。"""
    _require(by)
    depot = Depot.objects.select_for_update(of=("self",)).get(pk=depot.pk)
    before = Depot.objects.get(pk=depot.pk)
    told = {name: fields.get(name, getattr(depot, name)) for name in DEPOT_FIELDS}
    if faults := _depot_faults(told, depot):
        raise Refused.all(faults)
    for name, value in told.items():
        setattr(depot, name, value)
    changes = audit.changed(before, depot, *DEPOT_FIELDS)
    if not changes:
        raise Refused(_("内容没有变化，不必另存。"))
    depot.save(update_fields=list(DEPOT_FIELDS))
    audit.record(by, "fleet.depot.amend", depot, changes=changes)
    return depot


def _depot_faults(told: Mapping[str, Any], depot: Depot | None) -> list[str]:
    faults = []
    if not str(told.get("name") or "").strip():
        faults.append(_("请写明车场的名称。"))
    if not rules.in_china(told["lon"], told["lat"]):
        faults.append(_("车场的经纬度不在中国境内。请检查有没有写反。"))
    same = Depot.objects.filter(company=told["company"], name=told.get("name"))
    if depot is not None:
        same = same.exclude(pk=depot.pk)
    if same.exists():
        faults.append(_("这个单位已有同名的车场。请换一个名称。"))
    return faults


@transaction.atomic
def enter(*, by: Post | None, sample: bool = False, **fields: Any) -> Vehicle:
    """登记车辆：编号全区不重，能推雪、能撒布各自写明。"""
    _require(by)
    told = _told(fields)
    if faults := vehicle_faults(told, None):
        raise Refused.all(faults)
    vehicle = Vehicle.objects.create(sample=sample, **told)
    audit.record(by, "fleet.vehicle.enter", vehicle)
    return vehicle


@transaction.atomic
def amend(vehicle: Vehicle, *, by: Post | None, **fields: Any) -> Vehicle:
    """更正车辆登记：改了什么，经过里都看得到。"""
    _require(by)
    vehicle = Vehicle.objects.select_for_update(of=("self",)).get(pk=vehicle.pk)
    before = Vehicle.objects.get(pk=vehicle.pk)
    told = _told({name: fields.get(name, getattr(vehicle, name)) for name in FIELDS})
    if faults := vehicle_faults(told, vehicle):
        raise Refused.all(faults)
    for name, value in told.items():
        setattr(vehicle, name, value)
    changes = audit.changed(before, vehicle, *FIELDS)
    if not changes:
        raise Refused(_("内容没有变化，不必另存。"))
    vehicle.save(update_fields=list(FIELDS))
    audit.record(by, "fleet.vehicle.amend", vehicle, changes=changes)
    return vehicle


@transaction.atomic
def retire(vehicle: Vehicle, *, by: Post | None, reason: str) -> Vehicle:
    """停用车辆：记录都留着；还在班上的先收车。"""
    _require(by)
    vehicle = Vehicle.objects.select_for_update(of=("self",)).get(pk=vehicle.pk)
    faults = []
    if not vehicle.in_use:
        faults.append(_("这台车已经停用。"))
    if queries.shifts_at(clock.now()).filter(vehicle=vehicle).exists():
        faults.append(_("这台车还在班上。请先收车。"))
    if not reason.strip():
        faults.append(_("请写明停用的原因。"))
    if faults:
        raise Refused.all(faults)
    vehicle.in_use = False
    vehicle.save(update_fields=["in_use"])
    audit.record(by, "fleet.vehicle.retire", vehicle, note=reason)
    return vehicle


@transaction.atomic
def bring_register(lines: Sequence[Mapping[str, Any]], *, by: Post | None) -> tuple[int, int]:
    """导入车辆：编号已有的更正，没有的登记；有一行不对就都不动。返回（新登记，更正）。"""
    _require(by)
    known = {one.number: one for one in Vehicle.objects.select_for_update(of=("self",))}
    added = amended = 0
    faults: list[str] = []
    for line in lines:
        fields = {name: line[name] for name in FIELDS if name in line}
        try:
            with transaction.atomic():
                there = known.get(fields["number"])
                if there is None:
                    enter(by=by, **fields)
                    added += 1
                elif any(getattr(there, name) != value for name, value in fields.items()):
                    amend(there, by=by, **fields)
                    amended += 1
        except Refused as refusal:
            faults += [
                _("第 %(row)d 行：%(fault)s") % {"row": line["row"], "fault": one}
                for one in refusal.sentences
            ]
    if faults:
        raise Refused.all(faults)
    return added, amended


def vehicle_faults(told: Mapping[str, Any], vehicle: Vehicle | None) -> list[str]:
    """Every reason why a vehicle cannot be registered like this."""
    faults = []
    others = Vehicle.objects.all() if vehicle is None else Vehicle.objects.exclude(pk=vehicle.pk)
    number, plate = told.get("number") or "", told.get("plate") or ""
    if not number:
        faults.append(_("请写明车辆编号。"))
    elif others.filter(number=number).exists():
        faults.append(_("编号“%(number)s”已经登记。请核对。") % {"number": number})
    if plate and not _PLATE.fullmatch(plate):
        faults.append(_("“%(plate)s”不像车牌号，例如 豫A12345。请改正，没有的留空。")
                      % {"plate": plate})  # fmt: skip
    elif plate and others.filter(plate=plate).exists():
        faults.append(_("车牌号“%(plate)s”已经登记。请核对。") % {"plate": plate})
    if told.get("kind") not in rules.KINDS:
        faults.append(_("请选择车辆的种类。"))
    if told.get("spreads") and not told.get("capacity_kg"):
        faults.append(_("能撒布的车辆请写明融雪剂载量。"))
    depot = told.get("depot")
    if depot is not None and not depot.in_use:
        faults.append(_("车场“%(name)s”已不用。请另选。") % {"name": depot.label()})
    return faults


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    told = {**_TOLD, **{name: fields[name] for name in FIELDS if name in fields}}
    told["number"] = str(told.get("number") or "").strip()
    told["plate"] = "".join(str(told["plate"] or "").upper().replace("·", "").split())
    return told


# Devices ------------------------------------------------------------------------------------------


@transaction.atomic
def give_device(
    *,
    by: Post,
    name: str,
    company: Unit,
    vehicle: Vehicle | None = None,
    datum: str = "wgs84",
) -> tuple[Device, str]:
    """发设备令牌：返回令牌本身，只此一次；库里只存摘要。"""
    _require(by)
    faults = []
    if not name.strip():
        faults.append(_("请写明是什么设备、由谁保管。"))
    if vehicle is not None and vehicle.company_id != company.pk:
        faults.append(_("这台车不归这个单位。请核对。"))
    if faults:
        raise Refused.all(faults)
    secret = secrets.token_urlsafe(32)
    device = Device.objects.create(
        name=name.strip(),
        company=company,
        vehicle=vehicle,
        datum=datum,
        digest=token_digest(secret),
        by=by,
    )
    audit.record(by, "fleet.device.give", device, changes={"company": (None, str(company))})
    return device, secret


@transaction.atomic
def end_device(device: Device, *, by: Post) -> Device:
    """停用设备：令牌立即失效。"""
    _require(by)
    device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    if device.ended_at is not None:
        raise Refused(_("这个设备已经停用。"))
    device.ended_at = clock.now()
    device.save(update_fields=["ended_at"])
    audit.record(by, "fleet.device.end", device)
    return device


def token_digest(secret: str) -> str:
    """What is stored of a token: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def set_keeping(*, by: Post | None, hours: int, source: str) -> Keeping:
    """定位置保存期限：多少小时，依据是什么；旧的可查，短了的下一次清理就删。"""
    _require(by)
    before, faults = queries.keep_hours(), []
    if not rules.LEAST_HOURS <= hours <= rules.MOST_HOURS:
        bounds = {"least": rules.LEAST_HOURS, "most": rules.MOST_HOURS}
        faults.append(_("保存期限应在 %(least)d 到 %(most)d 小时之间。") % bounds)
    if not source.strip():
        faults.append(_("请写明依据：哪份文件、哪次会议，或谁的决定。"))
    if hours == before and queries.keepings().exists():
        faults.append(_("内容没有变化，不必另存。"))
    if faults:
        raise Refused.all(faults)
    row = Keeping.objects.create(hours=hours, source=source.strip(), by=by)
    audit.record(by, "fleet.keeping.set", row, changes={"hours": (before, hours)}, note=source)
    return row


def _require(by: Post | None) -> None:
    if by is not None:
        people.require(by, queries.MANAGE)


def seen(vehicle: Vehicle, by: Post | None) -> None:
    """Not found for whoever may not see the vehicle."""
    if by is not None and not queries.visible_to(by).filter(pk=vehicle.pk).exists():
        raise NotFound(_("没有这台车，或您现在的任职看不到它。"))
