"""What can be done in this room: one table, for the pages and for the view."""

from bihuan.base.text import zh
from bihuan.people.doing import Act, Acts, NothingForm
from bihuan.winter import services
from bihuan.winter.forms import acts as forms

MANAGE, SIGN, STOCK, CHECK = "winter.manage", "winter.sign", "winter.stock", "winter.check"

ACTS = Acts(
    {
        "room": {
            "season": Act(
                zh("拟预案"),
                forms.SeasonForm,
                MANAGE,
                lambda _one, by, told: services.draft_season(by=by, **told),
                leads=True,
            ),
        },
        "season": {
            "sign": Act(
                zh("签发"),
                NothingForm,
                SIGN,
                lambda one, by, _told: services.sign_season(one, by=by),
                lambda one: one.state == "draft",
                zh("签发后执行，不再改；原来执行的一份随即结束。由拟定人以外的人签。"),
                folded=False,
            ),
            "amend": Act(
                zh("改预案"),
                forms.SeasonForm,
                MANAGE,
                lambda one, by, told: services.amend_season(one, by=by, **told),
                lambda one: one.state == "draft",
            ),
            "end": Act(
                zh("结束这一季"),
                NothingForm,
                SIGN,
                lambda one, by, _told: services.end_season(one, by=by),
                lambda one: one.state == "in_force",
            ),
        },
        "contracts": {
            "add": Act(
                zh("登记合同"),
                forms.ContractForm,
                MANAGE,
                lambda _one, by, told: services.add_contract(by=by, **told),
            ),
            "stop": Act(
                zh("提前终止"),
                forms.StopForm,
                MANAGE,
                lambda _one, by, told: services.stop_contract(
                    told["contract"], by=by, on=told["on"], why=told["why"]
                ),
            ),
        },
        "teams": {
            "form": Act(
                zh("组建队伍"),
                forms.TeamForm,
                MANAGE,
                lambda _one, by, told: services.form_team(by=by, **told),
                leads=True,
            ),
        },
        "team": {
            "strength": Act(
                zh("登记人数"),
                forms.StrengthForm,
                MANAGE,
                lambda one, by, told: services.set_strength(one, by=by, **told),
                lambda one: not one.dissolved,
                folded=False,
            ),
            "tools": Act(
                zh("登记器具"),
                forms.ToolsForm,
                MANAGE,
                lambda one, by, told: services.set_tools(one, by=by, **told),
                lambda one: not one.dissolved,
            ),
            "dissolve": Act(
                zh("撤销队伍"),
                forms.WhyForm,
                MANAGE,
                lambda one, by, told: services.dissolve_team(one, by=by, **told),
                lambda one: not one.dissolved,
            ),
        },
        "stores": {
            "open": Act(
                zh("设库房"),
                forms.StoreForm,
                MANAGE,
                lambda _one, by, told: services.open_store(by=by, **told),
                leads=True,
            ),
        },
        "store": {
            "issue": Act(
                zh("出库"),
                forms.IssueForm,
                STOCK,
                lambda one, by, told: services.issue(one, by=by, **told),
                intro=zh("凭登记发放；库里没有的发不出去。"),
                folded=False,
            ),
            "receive": Act(
                zh("入库"),
                forms.ReceiptForm,
                STOCK,
                lambda one, by, told: services.receive(one, by=by, **told),
                lambda one: not one.closed,
            ),
            "count": Act(
                zh("盘点"),
                forms.CountForm,
                STOCK,
                lambda one, by, told: services.count(one, by=by, **told),
                intro=zh("写实存多少，与账上的差另记一笔。"),
            ),
            "close": Act(
                zh("停用库房"),
                forms.WhyForm,
                MANAGE,
                lambda one, by, told: services.close_store(one, by=by, **told),
                lambda one: not one.closed,
            ),
            "reverse": Act(
                zh("冲正"),
                forms.ReverseForm,
                STOCK,
                lambda _one, by, told: services.reverse(told["movement"], by=by, why=told["why"]),
                intro=zh("写错的一笔不改不删，另记相反的一笔。"),
            ),
        },
        "roster": {
            "put": Act(
                zh("排一班"),
                forms.DutyForm,
                MANAGE,
                lambda _one, by, told: services.put_on(by=by, **told),
                intro=zh("那一班已有人的，换成新选的。"),
                folded=False,
            ),
            "copy": Act(
                zh("照抄一周"),
                forms.CopyForm,
                MANAGE,
                lambda _one, by, told: services.copy_week(by=by, **told),
                intro=zh("已排了人的不动。"),
            ),
            "off": Act(
                zh("撤班"),
                forms.OffForm,
                MANAGE,
                lambda _one, by, told: services.take_off(told["duty"], by=by),
            ),
        },
        "drills": {
            "record": Act(
                zh("记演练"),
                forms.DrillForm,
                MANAGE,
                lambda _one, by, told: services.record_drill(by=by, **told),
                leads=True,
            ),
        },
        "drill": {
            "raise": Act(
                zh("提为问题"),
                NothingForm,
                "ledger.raise",
                lambda one, by, _told: services.raise_drill(one, by=by),
                lambda one: bool(one.lacking) or not one.in_time,
                leads=True,
            ),
        },
        "fronts": {
            "register": Act(
                zh("登记门面"),
                forms.FrontForm,
                MANAGE,
                lambda _one, by, told: services.register_front(by=by, **told),
                leads=True,
            ),
            "import": Act(
                zh("整表登记"),
                forms.SheetForm,
                MANAGE,
                lambda _one, by, told: services.import_fronts(told["lines"], by=by),
            ),
        },
        "front": {
            "check": Act(
                zh("记一次查看"),
                forms.CheckForm,
                CHECK,
                lambda one, by, told: services.check_front(one, by=by, **told),
                lambda one: not one.gone,
                zh("没做到的当场催办，到时再来看。"),
                folded=False,
            ),
            "strike": Act(
                zh("注销"),
                forms.WhyForm,
                MANAGE,
                lambda one, by, told: services.strike_front(one, by=by, **told),
                lambda one: not one.gone,
            ),
        },
        "check": {
            "raise": Act(
                zh("提为问题"),
                NothingForm,
                "ledger.raise",
                lambda one, by, _told: services.raise_front(one, by=by),
                lambda one: not one.ok,
                zh("催了还没做到的，列进台账。"),
                leads=True,
            ),
        },
    },
    "winter:act",
)
