"""The desk of a vote: where it stands, the roll, what may be done next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ballots import forms, queries, rules
from bihuan.ballots.models import Poll
from bihuan.ballots.pages.doors import spelled
from bihuan.ballots.queries import named
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, ListPage, Panel, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

_TONES = {"issuing": "info", "casting": "warn", "counted": "good", "done": "quiet"}
PER_PAGE = 100


def index(post: Post) -> ListPage:
    """All polls, newest first."""
    table = Table(
        columns(Column(_("名称"), wide=True), _("阶段"), Column(_("应到"), number=True)),
        tuple(
            row(
                Cell(poll.label(), href=poll.get_absolute_url()),
                phase_tag(poll),
                Cell(poll.voters.count(), kind="number"),
            )
            for poll in queries.polls(post)[:PER_PAGE]
        ),
    )
    return ListPage(
        title=_("投票"),
        table=table,
        intro=_("每次测评或征求意见一个票箱。方案在会议里起草，名单、签到、发票、开票在这里办。"),
    )


def phase_tag(poll: Poll) -> Tag:
    """The phase as a tag."""
    return Tag(_(rules.PHASES[poll.phase]), _TONES.get(poll.phase, "plain"))  # type: ignore[arg-type]  # tones by table


def detail(poll: Poll, post: Post, given: Mapping[str, Form] | None = None) -> DetailPage:
    """One poll, from its plan to its result."""
    tags = [phase_tag(poll)]
    if poll.rehearsal:
        tags.append(Tag(_("演练"), "warn"))
    if poll.sample:
        tags.append(Tag(_("示例数据"), "quiet"))
    links = [Link(_("名单与签到"), reverse("ballots:roll", args=[poll.slug]), primary=True)]
    if poll.phase != "draft":
        links.append(Link(_("投影"), reverse("ballots:screen", args=[poll.slug, poll.screen_key])))
        links.append(Link(_("投票页"), reverse("ballots:rate", args=[poll.slug])))
    if rules.reached(poll.phase, "closed"):
        links.append(Link(_("核对页"), reverse("ballots:check", args=[poll.slug])))
    if poll.full is not None and people.may(post, "ballots.chair"):
        links.append(Link(_("监票人的结果文件"), reverse("ballots:full", args=[poll.slug])))
    if poll.phase == "counted" and people.may(post, "ballots.chair"):
        links.append(Link(_("票箱副本"), reverse("ballots:copy", args=[poll.slug])))
    if poll.subject_url:
        waits = poll.led_elsewhere and poll.phase not in ("frozen", "issuing", "done")
        links.append(Link(_("回到会议"), poll.subject_url, primary=waits))
    return DetailPage(
        title=poll.label(),
        tags=tuple(tags),
        links=tuple(links),
        panels=_panels(poll),
        acts=_acts(poll, post, given or {}),
        intro=_intro(poll),
    )


def _run_on(*sentences: str) -> str:
    """Sentences one after another: English wants a space between them."""
    return (" " if get_language() == "en" else "").join(sentences)


def _intro(poll: Poll) -> str:
    told = _("阶段只进不退。投票期间谁也看不到结果，屏幕上只按整步显示投票率。")
    where = _("设票箱，开始、结束、计票、封存都在会议里办。")
    return _run_on(told, where) if poll.led_elsewhere else told


def _panels(poll: Poll) -> list[Panel]:
    plan = poll.plan
    cast, issued = queries.turnout(poll)
    items: list[tuple[str, Cell]] = [
        (_("阶段"), Cell(phase_tag(poll), kind="tag")),
        (_("票箱号"), Cell(poll.box_id, kind="code")),
        (_("方案摘要"), Cell(poll.plan_digest or "", kind="code" if poll.plan_digest else "text")),
        (_("签名"), Cell(_("双签") if plan["signers"] == 2 else _("单签"))),
        (_("开箱"), Cell(_seal_words(plan))),
        (_("已投"), Cell(_("%(cast)d / %(issued)d") % {"cast": cast, "issued": issued})),
    ]
    if poll.head:
        items.append((_("箱头"), Cell(spelled(poll.head["root"]), kind="code")))
    panels: list[Panel] = [
        Facts(_("概况"), tuple(items)),
        Tables(
            _("各类张数"),
            _numbers_table(poll),
            _numbers_intro(poll),
        ),
    ]
    if poll.outcome is not None and poll.full is not None:
        panels.append(Tables(_("核对"), _reconciliation(poll), _("每个等式差额为零，才有结果。")))
    return panels


def _numbers_intro(poll: Poll) -> str:
    told = _("应到来自名单；印出的纸票须等于发出加退回，发票结束时核对。")
    few = _alone(poll)
    return _run_on(told, few) if few else told


def _alone(poll: Poll) -> str:
    """Whose kind of right only a few have: whoever opens the box sees kinds of rights apart."""
    if poll.phase != "issuing":
        return ""
    few = rules.LEAST_STEP
    told = []
    numbers = queries.numbers(poll)
    for category in poll.plan["categories"]:
        one = numbers[category["code"]]
        for kind, n in (("token", one.tokens), ("slip", one.slips)):
            if 0 < n < few:
                params = {"name": named(category), "kind": _(rules.GIVEN[kind]), "n": n}
                told.append(_("“%(name)s”领%(kind)s的只有 %(n)d 人") % params)
    if not told:
        return ""
    return _("%(few)s：能开箱的人看得出票的种类，请让同一类的人尽量领同一种。") % {
        "few": _("，").join(told)
    }


def _seal_words(plan: Mapping[str, Any]) -> str:
    if plan["seal"] == "shares":
        return _("密钥分成 %(of)d 份，凑够 %(need)d 份才能开箱") % {
            "of": plan["seal_of"],
            "need": plan["seal_need"],
        }
    return _("密钥存在本服务器，投票结束前不用")


def _numbers_table(poll: Poll) -> Table:
    numbers = queries.numbers(poll)
    heads = (_("应到"), _("到会"), _("手机票"), _("纸票"), _("印数"), _("退回未用"))
    lines = []
    for category in poll.plan["categories"]:
        one = numbers[category["code"]]
        values = (one.due, one.present, one.tokens, one.slips, one.printed, one.returned)
        lines.append(row(named(category), *(Cell(value, kind="number") for value in values)))
    return Table(columns(_("类别"), *(Column(head, number=True) for head in heads)), tuple(lines))


def _reconciliation(poll: Poll) -> Table:
    """Where every right went; after merging nothing is added up here."""
    flows = (poll.full or {})["full_reconciliation"]["flows"]
    heads = (
        ("due", _("应到")),
        ("present", _("到会")),
        ("issued", _("发出")),
        ("cast", _("收回")),
        ("not_cast", _("未投")),
        ("void", _("作废")),
        ("abstained", _("整票弃权")),
    )
    lines = []
    for category in poll.plan["categories"]:
        flow = flows[category["code"]]
        shown = {**flow, "issued": flow["tokens"] + flow["slips"] + flow["paper"]}
        lines.append(
            row(named(category), *(Cell(shown[code], kind="number") for code, _label in heads))
        )
    return Table(
        columns(_("类别"), *(Column(label, number=True) for _code, label in heads)), tuple(lines)
    )


# What may be done next ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """One verb of the desk: from which phases, by whom, what it says."""

    name: str
    phases: tuple[str, ...]
    verb: str
    title: str
    submit: str
    intro: str = ""


def acts() -> tuple[Act, ...]:
    """The verbs that move a vote on, in order."""
    run, chair = "ballots.run", "ballots.chair"
    return (
        Act(
            "freeze",
            ("draft",),
            run,
            _("定稿"),
            _("定稿，造票箱"),
            _("定稿后方案不能再改。密钥分给几个人保管的，份额只显示这一次。"),
        ),
        Act(
            "admit-station",
            ("frozen",),
            run,
            _("接入监票签名站"),
            _("给出接入码"),
            _("监票人在自己的电脑上运行签名站，输入接入码；没有它的签名，手机票不成立。"),
        ),
        Act("start-issuing", ("frozen",), run, _("签到发票"), _("开始签到发票")),
        Act(
            "close-issuing",
            ("issuing",),
            run,
            _("结束发票"),
            _("发票结束，公布张数"),
            _("签发手机票的密钥当即销毁，之后谁也补不出一张来。"),
        ),
        Act("start-casting", ("issued",), chair, _("开始投票"), _("宣布开始投票")),
        Act(
            "close",
            ("casting",),
            chair,
            _("结束投票"),
            _("宣布结束投票"),
            _("结束以后不再收票，也不能重开。"),
        ),
        Act(
            "count",
            ("closed",),
            chair,
            _("计票"),
            _("开箱计票"),
            _("请监票人到场。张数核对不平，不出结果。"),
        ),
        Act(
            "finish",
            ("counted",),
            chair,
            _("封存"),
            _("核对期结束，封存票箱"),
            _("封着的票和用过的票码从此抹去，不能再重计；结果、箱头和分栏留下。"),
        ),
    )


def _acts(poll: Poll, post: Post, given: Mapping[str, Form]) -> list[Panel]:
    panels: list[Panel] = []
    for act in acts():
        if poll.phase not in act.phases or not people.may(post, act.verb):
            continue
        if poll.led_elsewhere and act.name in rules.IN_MEETING:
            continue
        if act.name == "admit-station" and poll.plan["signers"] != 2:
            continue
        form = given.get(act.name) or _empty(poll, act.name)
        panels.append(
            FormPanel(
                act.title,
                form,
                reverse("ballots:act", args=[poll.slug, act.name]),
                act.submit,
                intro=act.intro,
            )
        )
    if people.may(post, "ballots.run"):
        panels += _slip_acts(poll, given)
    if poll.phase == "casting" and people.may(post, "ballots.type"):
        panels.append(
            FormPanel(
                _("录入纸质票"),
                given.get("paper") or forms.CodeForm(),
                reverse("ballots:paper", args=[poll.slug]),
                _("录入"),
                intro=_("同一张票由两人各录一遍，一致才算数。"),
                folded=True,
            )
        )
    return panels


def _empty(poll: Poll, name: str) -> Form:
    if name == "count" and poll.plan["seal"] == "shares":
        return forms.SharesForm(need=poll.plan["seal_need"])
    return Form()


def _slip_acts(poll: Poll, given: Mapping[str, Form]) -> list[Panel]:
    panels: list[Panel] = []
    if poll.phase in ("frozen", "issuing"):
        panels.append(
            FormPanel(
                _("印纸票"),
                given.get("print") or forms.PrintForm(poll=poll),
                reverse("ballots:print", args=[poll.slug]),
                _("生成并打印"),
                intro=_("票码随机，只在这一次打印里出现；请当场打印，由本人在门口随机抽取。"),
                folded=True,
            )
        )
    if poll.phase in ("issuing", "issued"):
        panels.append(
            FormPanel(
                _("退回未用的纸票"),
                given.get("return") or forms.SlipsForm(poll=poll),
                reverse("ballots:return", args=[poll.slug]),
                _("登记退回"),
                intro=_("填这一类退回的总张数；当场清点、剪角作废。"),
                folded=True,
            )
        )
    return panels
