"""What can be done with an event and what belongs to it: each act with its form and its verb."""

from typing import Any

from bihuan.base.text import zh
from bihuan.people.doing import Act, Acts, Call, NothingForm
from bihuan.snow import services
from bihuan.snow.forms import event as forms
from bihuan.snow.forms import plan as plan_forms
from bihuan.snow.queries import plan as plans
from bihuan.snow.queries import storm as storms


def _going(storm: Any) -> bool:
    return storm.ended_at is None


def _draft(one: Any) -> bool:
    return bool(one.state == "draft")


def _alive(plan: Any) -> bool:
    return plan.storm is not None and plan.storm.ended_at is None


def _anew(cause: str) -> Call:
    return lambda one, by, told: services.replan(one, by=by, cause=cause, **told)


def _asks(kind: str) -> Call:
    return lambda one, by, told: services.ask_what_if(one, by=by, kind=kind, **told)


ANEW = zh("从执行到现在的情形接着排，尽量少改；得出新的一版，看过再付诸执行。")
BEHIND = zh("方案里一刻钟以前就该做完、却没有任何作业记录的路段，再排一次。")
WHATIF = zh("同样的时间和种子，各排一遍来比；只是比较，方案不变。")


def _walking(one: Any) -> bool:
    return one.state in ("planned", "walking")


ACTS = Acts({
    "room": {
        "begin": Act(
            zh("启动响应"), forms.BeginForm, "snow.dispatch",
            lambda _one, by, told: services.begin_storm(by=by, **told),
            lambda _one: storms.current() is None,
            zh("以雪为令：一下雪就启动，不等命令。"), folded=False, leads=True,
        ),
    },
    "readiness": {
        "ask": Act(
            zh("制订备用方案"), plan_forms.AskForm, "snow.dispatch",
            lambda _one, by, told: services.ask_plan(by=by, **told),
            intro=zh("由在用的路网、车辆和规则表排出每台车的路线。"), folded=False, leads=True,
        ),
    },
    "storm": {
        "warning": Act(
            zh("转发预警"), forms.WarningForm, "snow.dispatch",
            lambda one, by, told: services.relay_warning(one, by=by, **told), _going,
            zh("照录气象台站发布的原文；平台只转发，不发布。"),
        ),
        "level": Act(
            zh("定响应级别"), forms.LevelForm, "snow.command",
            lambda one, by, told: services.set_level(one, by=by, **told), _going,
            zh("两套预案各走各的级别；预警颜色不等于响应级别。"),
        ),
        "plan": Act(
            zh("制订方案"), plan_forms.AskForm, "snow.dispatch",
            lambda one, by, told: services.ask_plan(by=by, storm=one, **told), _going,
            zh("由在用的路网、车辆和规则表排出每台车的路线；可以订几个来比。"), leads=True,
        ),
        "force": Act(
            zh("执行备用方案"), plan_forms.ForceForm, "snow.dispatch",
            lambda one, by, told: services.enforce_plan(told["plan"], by=by, storm=one),
            lambda one: _going(one) and plans.ready().exists(), leads=True,
        ),
        "order": Act(
            zh("下达调度指令"), forms.OrderForm, "snow.dispatch",
            lambda one, by, told: services.give_order(one, by=by, **told), _going,
        ),
        "situation": Act(
            zh("拟情况报告"), forms.DraftForm, "snow.dispatch",
            lambda one, by, told: services.draft_situation(one, by=by, **told), _going,
            zh("数由队伍报告和出动记录汇总；签发前可以更正，要写原因。"), leads=True,
        ),
        "publish": Act(
            zh("对外发布路况"), forms.PublishForm, "snow.publish",
            lambda one, by, told: services.publish_roads(one, by=by, **told), _going,
            zh("只有道路、状态和时间出门；没有车、没有人、没有批评。"),
        ),
        "walk": Act(
            zh("安排督导"), forms.PlanWalkForm, "snow.inspect",
            lambda one, by, told: services.plan_inspection(by=by, storm=one, **told), _going,
            leads=True,
        ),
        "stopped": Act(
            zh("登记雪停"), forms.StoppedForm, "snow.dispatch",
            lambda one, by, told: services.note_snow_stopped(one, by=by, **told),
            lambda one: _going(one) and one.snow_stopped_at is None,
            zh("承诺的时限从雪停起算。"),
        ),
        "again": Act(
            zh("又下雪"), NothingForm, "snow.dispatch",
            lambda one, by, _told: services.snow_again(one, by=by),
            lambda one: _going(one) and one.snow_stopped_at is not None,
        ),
        "end": Act(
            zh("结束响应"), forms.ReasonForm, "snow.command",
            lambda one, by, told: services.end_storm(one, by=by, **told), _going,
        ),
        "review": Act(
            zh("开始复盘"), NothingForm, "snow.dispatch",
            lambda one, by, _told: services.open_review(one, by=by),
            lambda one: not _going(one) and not hasattr(one, "review"), leads=True,
        ),
    },
    "plan": {
        "enforce": Act(
            zh("付诸执行"), NothingForm, "snow.dispatch",
            lambda one, by, _told: services.enforce_plan(one, by=by),
            lambda one: one.state in ("ready", "replaced") and _alive(one),
            zh("一场雪只执行一版；原来执行的由它替换，留着可查。"), folded=False,
        ),
        **{
            cause: Act(
                title, form, "snow.dispatch",
                _anew(cause),
                lambda one: one.state == "in_force" and _alive(one), intro, leads=True,
            )
            for cause, title, form, intro in (
                ("breakdown", zh("车坏了，重排"), plan_forms.BreakdownForm, ANEW),
                ("closed", zh("封路，重排"), plan_forms.ClosedForm, ANEW),
                ("snow", zh("又下雪，重排"), plan_forms.SnowForm, ANEW),
                ("order", zh("要求先做，重排"), plan_forms.FirstForm, ANEW),
                ("late", zh("晚出车，重排"), plan_forms.LateForm, ANEW),
                ("behind", zh("落在后面，重排"), plan_forms.BehindForm, BEHIND),
            )
        },
        **{
            kind: Act(
                title, form, "snow.dispatch",
                _asks(kind),
                lambda one: one.tours is not None, WHATIF, leads=True,
            )
            for kind, title, form in (
                ("vehicles", zh("假如多几台车"), plan_forms.MoreForm),
                ("raise", zh("假如提早清完"), plan_forms.RaiseForm),
                ("yard", zh("假如搬车场"), plan_forms.YardForm),
            )
        },
    },
    "order": {
        "sign": Act(
            zh("签收"), NothingForm, "snow.answer",
            lambda one, by, _told: services.sign_order(one, by=by),
            lambda one: one.signed_at is None, folded=False,
        ),
        "answer": Act(
            zh("回报"), forms.AnswerForm, "snow.answer",
            lambda one, by, told: services.answer_order(one, by=by, **told),
            lambda one: one.signed_at is not None and one.done_at is None, folded=False,
        ),
    },
    "situation": {
        "amend": Act(
            zh("改文字"), forms.TextForm, "snow.dispatch",
            lambda one, by, told: services.amend_situation(one, by=by, **told), _draft,
        ),
        "correct": Act(
            zh("更正一个数"), forms.CorrectForm, "snow.dispatch",
            lambda one, by, told: services.correct_figure(one, by=by, **told), _draft,
            zh("汇总值和写成的值都看得到，连同原因。"),
        ),
        "issue": Act(
            zh("签发"), NothingForm, "snow.publish",
            lambda one, by, _told: services.issue_situation(one, by=by), _draft,
            zh("签发后连同各行和摘要一起固化，只能另出一期。"),
        ),
        "drop": Act(
            zh("作废草稿"), forms.ReasonForm, "snow.dispatch",
            lambda one, by, told: services.drop_situation(one, by=by, **told), _draft,
        ),
    },
    "stop": {
        "arrive": Act(
            zh("到达"), forms.ArriveForm, "snow.inspect",
            lambda one, by, told: services.arrive(one, by=by, **told),
            lambda one: _walking(one.inspection),
        ),
        "remark": Act(
            zh("记所见"), forms.RemarkForm, "snow.inspect",
            lambda one, by, told: services.remark(one, by=by, **told),
            lambda one: _walking(one.inspection),
        ),
    },
    "remark": {
        "raise": Act(
            zh("提为问题"), NothingForm, "ledger.raise",
            lambda one, by, _told: services.raise_remark(one, by=by),
            lambda one: one.seen == "issue",
        ),
    },
    "inspection": {
        "add": Act(
            zh("加一处"), forms.StopForm, "snow.inspect",
            lambda one, by, told: services.add_stop(one, by=by, **told), _walking,
        ),
        "order": Act(
            zh("途中交办"), forms.OrderForm, "snow.inspect",
            lambda one, by, told: services.order_on_walk(one, by=by, **told),
            lambda one: _walking(one) and one.storm_id is not None,
        ),
        "end": Act(
            zh("结束督导"), forms.EndWalkForm, "snow.inspect",
            lambda one, by, told: services.end_inspection(one, by=by, **told),
            lambda one: one.state == "walking",
        ),
        "drop": Act(
            zh("取消督导"), forms.ReasonForm, "snow.inspect",
            lambda one, by, told: services.drop_inspection(one, by=by, **told),
            lambda one: one.state == "planned",
        ),
    },
    "review": {
        "summary": Act(
            zh("写总的看法"), forms.SummaryForm, "snow.dispatch",
            lambda one, by, told: services.sum_up(one, by=by, **told), _draft,
        ),
        "lesson": Act(
            zh("记一条教训"), forms.LessonForm, "snow.dispatch",
            lambda one, by, told: services.note_lesson(one, by=by, **told), _draft,
        ),
        "replay": Act(
            zh("重演"), forms.ReplayForm, "snow.dispatch",
            lambda one, by, told: services.ask_replay(one, by=by, **told), _draft,
            zh("假如某台车早点出发、多几台车：原来的一遍和假如的一遍用同一个引擎各排一次。"),
            leads=True,
        ),
        "sign": Act(
            zh("签定复盘"), NothingForm, "snow.command",
            lambda one, by, _told: services.sign_review(one, by=by), _draft,
            zh("签定后固化，数进入分区的数据。"),
        ),
    },
    "lesson": {
        "strike": Act(
            zh("划去"), forms.ReasonForm, "snow.dispatch",
            lambda one, by, told: services.strike_lesson(one, by=by, **told),
            lambda one: one.struck == "" and one.review.state == "draft",
        ),
        "raise": Act(
            zh("提为问题"), NothingForm, "ledger.raise",
            lambda one, by, _told: services.raise_lesson(one, by=by),
            lambda one: one.struck == "",
        ),
    },
}, "snow:act")  # fmt: skip
panels = ACTS.panels
