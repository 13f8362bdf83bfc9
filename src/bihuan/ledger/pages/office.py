"""What the office keeps around its findings: samples that anybody can redraw, and tokens."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.ledger import queries, rules
from bihuan.ledger.forms.office import SampleForm, TokenForm
from bihuan.ledger.models import Sample, Token
from bihuan.ledger.rules import honest
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPanel,
    Link,
    Panel,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

_BY = ("by__person", "by__unit")


def links(by: Post) -> tuple[Link, ...]:
    """The ways from the ledger to what the office keeps around it, for whom they are open."""
    found = []
    if people.may(by, "ledger.view"):
        found = [
            Link(_("催办"), reverse("ledger:notices")),
            Link(_("抽样"), reverse("ledger:samples")),
            Link(_("规则表"), reverse("ledger:tables")),
        ]
    if people.may(by, "ledger.tokens"):
        found.append(Link(_("接口令牌"), reverse("ledger:tokens")))
    return tuple(found)


# Samples ----------------------------------------------------------------------------------------


def samples(by: Post, *, form: SampleForm | None = None) -> DetailPage:
    """Every sample drawn; and, for whom it is open, what could be drawn now."""
    heads = columns(
        _("种子"),
        _("日期"),
        Column(_("总体"), number=True),
        Column(_("抽中"), number=True),
        _("经办"),
    )
    lines = tuple(
        row(
            Cell(one.seed, href=one.get_absolute_url()),
            Cell(one.day, "date"),
            Cell(len(one.population), "number"),
            Cell(len(one.drawn), "number"),
            one.by.label() if one.by else _("系统"),
        )
        for one in queries.samples().select_related(*_BY)
    )
    panels: list[Panel] = [
        Tables(_("历次抽样"), Table(heads, lines, empty=_("还没有抽过样。"))),
    ]
    acts: list[Panel] = []
    if people.may(by, "ledger.recheck"):
        waiting = queries.population(clock.today())
        before = queries.drawn_before(waiting)
        shares = {r["code"]: r["share"] for r in queries.table("recheck")}
        panels.insert(0, _strata(waiting, shares, before))
        if waiting and before is None:
            acts.append(
                FormPanel(
                    _("抽样"),
                    form or SampleForm(),
                    reverse("ledger:samples"),
                    _("抽样"),
                    _("抽样后，种子、总体、比例和结果一并公布，不能改。"),
                )
            )
    return DetailPage(
        _("回头看抽样"),
        panels,
        acts,
        intro=_("由公布的种子从应回头看的问题里抽取，任何人都可以重抽核对。"),
        links=(
            Link(_("返回台账"), reverse("ledger:index")),
            Link(_("抽查比例"), reverse("ledger:table", args=["recheck"])),
        ),
    )


def _strata(
    population: Sequence[tuple[str, str]], shares: dict[str, int], before: Sample | None
) -> Tables:
    heads = columns(
        _("风险"),
        Column(_("应查"), number=True),
        Column(_("抽查比例"), number=True),
    )
    risks = [risk for _number, risk in population]
    lines = tuple(
        row(
            _(rules.RISKS[risk]),
            Cell(risks.count(risk), "number"),
            Cell(shares.get(risk, 0), "percent"),
        )
        for risk in rules.RISKS
    )
    told = _("已销号、到了回头看的时间或有纸面整改迹象的。")
    if before is not None:
        told = _("这些问题已经抽过（种子“%(seed)s”），等有了变化再抽。") % {"seed": before.seed}
    return Tables(_("现在应回头看的问题"), Table(heads, lines), told)


def sample(found: Sample, by: Post) -> DetailPage:
    """One sample with everything needed to draw it again, and the outcome of doing so."""
    population = [(number, risk) for number, risk in found.population]
    same = (
        queries.redrawn(found) == found.drawn
        and honest.population_digest(population) == found.digest
    )
    tag = Tag(_("✓ 重抽结果相同"), "good") if same else Tag(_("重抽结果不同"), "bad")
    addresses = {
        one.number: one.get_absolute_url()
        for one in queries.visible_to(by).filter(number__in=[n for n, _risk in population])
    }
    facts = (
        (_("种子"), Cell(found.seed, "code")),
        (_("种子出处"), Cell(found.source)),
        (_("抽样日期"), Cell(found.day, "date")),
        (_("总体"), Cell(_count(len(population)))),
        (_("抽中"), Cell(_count(len(found.drawn)))),
        (_("总体摘要"), Cell(found.digest, "code")),
        (_("经办"), Cell(found.by.label() if found.by else _("系统"))),
    )
    shares = tuple(
        row(_(rules.RISKS[risk]), Cell(share, "percent"))
        for risk, share in found.shares.items()
        if risk in rules.RISKS
    )
    drawn = set(found.drawn)
    how = _(
        "每种风险单独抽：对每个编号求“种子:编号”的 SHA-256，由小到大排，"
        "取前 N×比例 个，有小数的进一。"
        "总体摘要是“编号 风险”各成一行、由小到大排好后的 SHA-256。"
    )
    return DetailPage(
        _("回头看抽样 %(seed)s") % {"seed": found.seed},
        (
            Facts(_("抽样"), facts),
            _numbers(_("抽中的问题"), [one for one in population if one[0] in drawn], addresses),
            Tables(_("抽查比例"), Table(columns(_("风险"), _("比例")), shares)),
            Prose(_("怎样重抽"), how),
            _numbers(_("总体"), population, addresses),
            audit.timeline(found),
        ),
        tags=(tag,),
        links=(
            Link(_("下载核对用的数据"), reverse("ledger:sample-file", args=[found.pk])),
            Link(_("历次抽样"), reverse("ledger:samples")),
        ),
    )


def _count(n: int) -> str:
    return ngettext("%(n)d 个问题", "%(n)d 个问题", n) % {"n": n}


def _numbers(title: str, found: Sequence[tuple[str, str]], addresses: dict[str, str]) -> Tables:
    """Numbers with their risks; a link where the reader may see the finding."""
    lines = tuple(
        row(Cell(number, "code", href=addresses.get(number, "")), _(rules.RISKS.get(risk, risk)))
        for number, risk in found
    )
    return Tables(title, Table(columns(_("编号"), _("风险")), lines))


def published(found: Sample) -> dict[str, Any]:
    """What is published of a sample: all that is needed to draw it again."""
    return {
        "schema": honest.SCHEMA,
        "seed": found.seed,
        "seed_source": found.source,
        "day": found.day.isoformat(),
        "shares": found.shares,
        "population": found.population,
        "population_sha256": found.digest,
        "drawn": found.drawn,
    }


# Tokens -----------------------------------------------------------------------------------------


def tokens(*, form: TokenForm | None = None, given: tuple[Token, str] | None = None) -> DetailPage:
    """Every token; the form for a new one; and, once only, the secret of the one just given."""
    panels: list[Panel] = []
    if given is not None:
        token, secret = given
        facts = (
            (_("用途"), Cell(token.name)),
            (_("令牌"), Cell(secret, "code", note=_("只显示这一次。请现在抄下，交给保管的人。"))),
        )
        panels.append(Facts(_("新的令牌"), facts))
    heads = columns(
        Column(_("用途"), wide=True),
        _("以哪一任职办理"),
        _("有效期至"),
        _("状态"),
        _("最近使用"),
        _("发放"),
        "",
    )
    lines = tuple(
        row(
            one.name,
            one.post.label(),
            Cell(one.valid_to, "date"),
            _holds(one),
            Cell(one.used_on, "date"),
            Cell(one.created_at, "date", note=one.by.label() if one.by else _("系统")),
            Cell(_("停用令牌"), "act", href=reverse("ledger:end-token", args=[one.pk]))
            if one.ended_at is None
            else "",
        )
        for one in queries.tokens()
    )
    panels.append(Tables(_("全部令牌"), Table(heads, lines, empty=_("还没有发过令牌。"))))
    panel = FormPanel(
        _("发令牌"),
        form or TokenForm(),
        reverse("ledger:tokens"),
        _("发令牌"),
        _("别的系统凭令牌查看台账、提出问题、提交佐证。库里只存摘要，令牌只显示一次。"),
    )
    return DetailPage(
        _("接口令牌"),
        panels,
        (panel,),
        intro=_("令牌停用、到期，或其任职终止，立即失效。"),
        links=(Link(_("接口说明"), reverse("ledger:api")),),
    )


def _holds(token: Token) -> Tag:
    if token.ended_at is not None:
        return Tag(_("已停用"), "quiet")
    if token.valid_to < clock.today():
        return Tag(_("已到期"), "quiet")
    if not people.holds(token.post):
        return Tag(_("任职已终止"), "quiet")
    return Tag(_("有效"), "good")
