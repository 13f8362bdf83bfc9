"""The desk of a vote: where it stands, the roll, what may be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ballots import bridge, forms, queries, rules
from bihuan.ballots.models import Poll, Voter
from bihuan.ballots.pages import papers
from bihuan.ballots.pages.doors import qr, spelled
from bihuan.ballots.queries import named
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui import printing
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, ListPage, Panel, Tables
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, columns, row

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


def _intro(poll: Poll) -> str:
    told = _("阶段只进不退。投票期间谁也看不到结果，屏幕上只按整步显示投票率。")
    if poll.led_elsewhere:
        where = _("设票箱，开始、结束、计票、封存都在会议里办。")
        return _("%(first)s%(second)s") % {"first": told, "second": where}
    return told


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
    return _("%(first)s%(second)s") % {"first": told, "second": few} if few else told


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


# The roll and the door ----------------------------------------------------------------------------


def roll(poll: Poll, post: Post, asked: str, number: int, given: Mapping[str, Form]) -> DetailPage:
    """名单与签到：找到一个人，发票。"""
    found = queries.voters(poll, asked)
    total = found.count()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    names = {c["code"]: named(c) for c in poll.plan["categories"]}
    chosen = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    table = Table(
        columns(
            Column(_("序号"), number=True),
            Column(_("姓名或职务"), wide=True),
            _("单位"),
            _("类别"),
            _("领票"),
            "",
        ),
        tuple(_roll_row(poll, voter, names) for voter in chosen),
        pager=Pager(
            number,
            pages,
            total,
            _address(poll, asked, number - 1) if number > 1 else "",
            _address(poll, asked, number + 1) if number < pages else "",
        ),
        empty=_("名单上没有这个人。"),
    )
    find = FormPanel(
        _("找人"),
        forms.FindForm({"q": asked}),
        reverse("ballots:roll", args=[poll.slug]),
        _("找"),
        method="get",
    )
    acts: list[Panel] = [find]
    if people.may(post, "ballots.run"):
        if poll.phase in ("draft", "frozen"):
            acts.append(
                FormPanel(
                    _("编名单"),
                    given.get("roll") or forms.RollForm(),
                    reverse("ballots:enrol", args=[poll.slug]),
                    _("重编整个名单"),
                    intro=_("类别可用：%(names)s。") % {"names": _("、").join(names.values())},
                    folded=total > 0,
                )
            )
        if poll.phase in ("frozen", "issuing"):
            acts.append(
                FormPanel(
                    _("补录一人"),
                    given.get("late") or forms.LateForm(poll=poll),
                    reverse("ballots:late", args=[poll.slug]),
                    _("补录"),
                    folded=True,
                )
            )
    return DetailPage(
        title=_("名单与签到"),
        kicker=poll.label(),
        tags=(phase_tag(poll),),
        links=(
            Link(_("回到投票"), poll.get_absolute_url()),
            Link(_("印签到凭证"), reverse("ballots:invitations", args=[poll.slug])),
        ),
        panels=[Tables(_("名单"), table)],
        acts=acts,
    )


def _address(poll: Poll, asked: str, number: int) -> str:
    query = urlencode({"q": asked, "page": number})
    return f"{reverse('ballots:roll', args=[poll.slug])}?{query}"


def _roll_row(poll: Poll, voter: Voter, names: Mapping[str, str]) -> Any:
    state = Tag(_(rules.GIVEN[voter.given]), "good" if voter.given else "plain")
    href = reverse("ballots:voter", args=[poll.slug, voter.number])
    return row(
        Cell(voter.number, kind="number"),
        Cell(voter.name, href=href, note=voter.late_reason),
        voter.unit.label() if voter.unit else "",
        names.get(voter.category, voter.category),
        state,
        Cell(_("签到"), href=href) if poll.phase == "issuing" and not voter.given else "",
    )


def voter(poll: Poll, of: Voter, post: Post, given: Mapping[str, Form]) -> DetailPage:
    """签到一个人：给手机票，或请他抽一张纸票。"""
    names = {c["code"]: named(c) for c in poll.plan["categories"]}
    acts: list[Panel] = []
    if poll.phase == "issuing" and people.may(post, "ballots.run"):
        if not of.given:
            acts += [
                FormPanel(
                    _("发手机票"),
                    Form(),
                    reverse("ballots:give", args=[poll.slug, of.number, "token"]),
                    _("签到，发手机票"),
                    intro=_("本人用手机扫屏幕上的码。码只显示这一次。"),
                    tone="good",
                ),
                FormPanel(
                    _("发纸票"),
                    Form(),
                    reverse("ballots:give", args=[poll.slug, of.number, "slip"]),
                    _("签到，请本人抽一张"),
                    intro=_("请本人从扣着的纸票里随机抽一张，不要看票码。"),
                ),
            ]
        else:
            acts.append(
                FormPanel(
                    _("收回票证"),
                    given.get("back") or forms.ReasonForm(),
                    reverse("ballots:take-back", args=[poll.slug, of.number]),
                    _("收回票证"),
                    intro=_("手机票还没激活，或纸票原样退回，才能收回另发。"),
                    folded=True,
                )
            )
    return DetailPage(
        title=of.name,
        kicker=poll.label(),
        tags=(Tag(_(rules.GIVEN[of.given]), "good" if of.given else "plain"),),
        links=(Link(_("名单"), reverse("ballots:roll", args=[poll.slug])),),
        panels=[
            Facts(
                _("名单上的登记"),
                (
                    (_("序号"), Cell(of.number, kind="number")),
                    (_("单位"), Cell(of.unit.label() if of.unit else "")),
                    (_("类别"), Cell(names.get(of.category, of.category))),
                    (_("到会"), Cell(_("是") if of.present else _("否"))),
                ),
            )
        ],
        acts=acts,
    )


@dataclass(frozen=True)
class Strip:
    """One code to be shown once: a ticket on the screen or a slip on paper."""

    code: str
    qr: str
    category: str


@dataclass(frozen=True)
class Strips:
    """Codes that are shown this once: nobody can show them again."""

    title: str
    poll: str
    intro: str
    strips: tuple[Strip, ...]
    address: str
    back: str
    large: bool


def ticket(poll: Poll, of: Voter, code: str, base: str) -> Strips:
    """手机票：一个人的码，只显示这一次。"""
    return Strips(
        title=of.name,
        poll=poll.label(),
        intro=_("请用手机扫这个码，或在投票页输入下面的票证码。这张票证请留到投完票。"),
        strips=(_strip(poll, of.category, code, base),),
        address=base,
        back=reverse("ballots:roll", args=[poll.slug]),
        large=True,
    )


def slips(poll: Poll, category: str, codes: Sequence[str], base: str) -> Strips:
    """纸票：印出来裁开，扣着放，由本人随机抽取。"""
    return Strips(
        title=_("纸票"),
        poll=poll.label(),
        intro=_("请现在打印，裁开，扣着打乱。票码离开这一页就再也调不出来。"),
        strips=tuple(_strip(poll, category, code, base) for code in codes),
        address=base,
        back=poll.get_absolute_url(),
        large=False,
    )


def _strip(poll: Poll, category: str, code: str, base: str) -> Strip:
    name = next(named(c) for c in poll.plan["categories"] if c["code"] == category)
    return Strip(bridge.shown(code), qr(f"{base}#{code}", scale=4), name)


def shares(poll: Poll, given: Sequence[str]) -> DetailPage:
    """密钥份额：只显示这一次，一人一份，份额单就在这一页里。"""
    back = poll.get_absolute_url()
    if poll.led_elsewhere:
        back = poll.subject_url
    return DetailPage(
        title=_("密钥份额"),
        kicker=poll.label(),
        intro=_(
            "只显示这一次，服务器上没有留。请取份额单打印，一人一张当面封存，或当面抄走；"
            "凑够 %(need)d 份才能开箱，少了，这次投票就打不开了。"
        )
        % {"need": poll.plan["seal_need"]},
        links=(*_share_papers(poll, given), Link(_("已经交给各人，回到投票"), back)),
        panels=[
            Facts(
                _("第 %(n)d 份") % {"n": number},
                ((_("份额"), Cell(share, kind="code")),),
            )
            for number, share in enumerate(given, start=1)
        ],
    )


def _share_papers(poll: Poll, given: Sequence[str]) -> tuple[Link, ...]:
    """The sheets, held by the page itself; none on a machine without the typeface."""
    try:
        sheets = printing.within(_("份额单（PDF，一人一张）"), papers.shares(poll, given))
    except Refused:
        return ()
    return (replace(sheets, primary=True),)


def station(poll: Poll, word: str, base: str) -> DetailPage:
    """接入码：只显示这一次。"""
    command = f"bihuan meeting sign-station {base} --word {bridge.shown(word)}"
    return DetailPage(
        title=_("监票签名站的接入码"),
        kicker=poll.label(),
        intro=_("只显示这一次。监票人在自己的电脑上运行这一行，开到计票以后。"),
        links=(Link(_("回到投票"), poll.get_absolute_url(), primary=True),),
        panels=[Facts(_("命令"), ((_("运行"), Cell(command, kind="code")),))],
    )
