"""Verbs of this room. Each asks permission, obeys the rules, and leaves an audit entry."""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.people import services as people
from bihuan.winter.services.crews import dissolve_team, form_team, set_strength, set_tools
from bihuan.winter.services.drills import raise_drill, record_drill
from bihuan.winter.services.fronts import (
    check_front,
    import_fronts,
    raise_front,
    register_front,
    strike_front,
)
from bihuan.winter.services.roster import copy_week, put_on, take_off
from bihuan.winter.services.season import (
    add_contract,
    amend_season,
    draft_season,
    end_season,
    sign_season,
    stop_contract,
)
from bihuan.winter.services.stock import close_store, count, issue, open_store, receive, reverse
from bihuan.winter.services.tables import set_table

__all__ = [
    "add_contract",
    "amend_season",
    "check_front",
    "close_store",
    "copy_week",
    "count",
    "dissolve_team",
    "draft_season",
    "end_season",
    "form_team",
    "import_fronts",
    "issue",
    "open_store",
    "put_on",
    "raise_drill",
    "raise_front",
    "receive",
    "record_drill",
    "register_front",
    "reverse",
    "set_strength",
    "set_table",
    "set_tools",
    "sign_season",
    "stop_contract",
    "strike_front",
    "take_off",
]

people.declare_verbs(
    {
        "winter.view": zh("查看冬季准备"),
        "winter.manage": zh("管理冬季准备：预案、合同、队伍、值班、演练、门面"),
        "winter.sign": zh("签发扫雪除冰预案，设定冬季规则表"),
        "winter.stock": zh("登记融雪剂收发和盘点"),
        "winter.check": zh("查看门前五包，催办"),
    }
)
audit.declare(
    {
        "winter.season.draft": zh("拟扫雪除冰预案"),
        "winter.season.amend": zh("改扫雪除冰预案"),
        "winter.season.sign": zh("签发扫雪除冰预案"),
        "winter.season.over": zh("扫雪除冰预案结束"),
        "winter.contract.add": zh("登记清雪合同"),
        "winter.contract.stop": zh("终止清雪合同"),
        "winter.team.form": zh("组建应急队伍"),
        "winter.team.dissolve": zh("撤销应急队伍"),
        "winter.team.strength": zh("登记队伍人数"),
        "winter.team.tools": zh("登记手工器具"),
        "winter.store.open": zh("设融雪剂库房"),
        "winter.store.close": zh("停用融雪剂库房"),
        "winter.stock.receipt": zh("融雪剂入库"),
        "winter.stock.issue": zh("融雪剂出库"),
        "winter.stock.count": zh("融雪剂盘点"),
        "winter.stock.reversal": zh("融雪剂冲正"),
        "winter.roster.put_on": zh("排班"),
        "winter.roster.take_off": zh("撤班"),
        "winter.roster.copy": zh("照抄一周的班"),
        "winter.drill.record": zh("记演练"),
        "winter.drill.raise": zh("演练发现列为问题"),
        "winter.front.register": zh("登记门面"),
        "winter.front.import": zh("整表登记门面"),
        "winter.front.check": zh("查看门前五包"),
        "winter.front.raise": zh("门前五包列为问题"),
        "winter.front.strike": zh("注销门面"),
        "winter.table.set": zh("设定冬季规则表"),
    },
    {
        "winter.season.title": zh("名称"),
        "winter.season.starts": zh("从哪天起"),
        "winter.season.ends": zh("到哪天止"),
        "winter.season.text": zh("总的安排"),
        "winter.team.people": zh("人数"),
        "winter.team.tools": zh("数量"),
        "winter.movement.kg": zh("公斤"),
        "winter.movement.product": zh("品种"),
        "winter.duty.who": zh("谁"),
        "winter.drill.finding": zh("问题编号"),
        "winter.frontcheck.finding": zh("问题编号"),
        "winter.frontcheck.missed": zh("没做到的"),
    },
)
