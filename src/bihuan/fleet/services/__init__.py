"""Verbs of this room. Each asks permission, obeys the rules, and leaves an audit entry."""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.fleet import rules
from bihuan.fleet.services.duty import end_shift, look_at_track, plan_shifts, start_shift
from bihuan.fleet.services.keeping import forget_expired
from bihuan.fleet.services.passes import Proven, keep_matched, report_pass, thinned
from bihuan.fleet.services.positions import Receipt, record_positions
from bihuan.fleet.services.register import (
    add_depot,
    amend,
    amend_depot,
    bring_register,
    end_device,
    enter,
    give_device,
    retire,
    set_keeping,
    token_digest,
)
from bihuan.people import services as people

__all__ = [
    "Proven",
    "Receipt",
    "add_depot",
    "amend",
    "amend_depot",
    "bring_register",
    "end_device",
    "end_shift",
    "enter",
    "forget_expired",
    "give_device",
    "keep_matched",
    "look_at_track",
    "plan_shifts",
    "record_positions",
    "report_pass",
    "retire",
    "set_keeping",
    "start_shift",
    "thinned",
    "token_digest",
]

people.declare_verbs(
    {
        "fleet.view": zh("查看作业车辆和作业记录"),
        "fleet.manage": zh("登记车辆、车场、上报设备，定位置保存期限，查看轨迹"),
        "fleet.shift": zh("登记出车、收车，排班，报告作业"),
    }
)
audit.declare(
    {
        "fleet.depot.add": zh("登记车场"),
        "fleet.depot.amend": zh("更正车场登记"),
        "fleet.vehicle.enter": zh("登记车辆"),
        "fleet.vehicle.amend": zh("更正车辆登记"),
        "fleet.vehicle.retire": zh("停用车辆"),
        "fleet.device.give": zh("发设备令牌"),
        "fleet.device.end": zh("停用上报设备"),
        "fleet.shift.start": zh("出车"),
        "fleet.shift.end": zh("收车"),
        "fleet.shift.plan": zh("排班"),
        "fleet.keeping.set": zh("定位置保存期限"),
        "fleet.track.look": zh("查看轨迹"),
        "fleet.pass.report": zh("报告作业"),
    },
    {
        "fleet.device.company": zh("单位"),
        "fleet.vehicle.since": zh("自"),
        "fleet.vehicle.until": zh("至"),
        "fleet.vehicle.kind": audit.Named(zh("种类"), lambda: rules.KINDS),
        "fleet.vehicle.owner": audit.Named(zh("归属"), lambda: rules.OWNERS),
    },
)
