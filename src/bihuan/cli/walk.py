"""`bihuan demo check`: the whole loop by command, each step printed and each claim checked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit_pages
from bihuan.audit import queries as audit
from bihuan.audit import rules as audit_rules
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import SAMPLE_MARK
from bihuan.facts import pages as facts_pages
from bihuan.facts import queries as facts
from bihuan.facts import services as facts_services
from bihuan.facts.models import Doubt
from bihuan.ledger import pages as ledger_pages
from bihuan.ledger import queries as ledger
from bihuan.ledger import services
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Account, Post, Unit
from bihuan.site import demo, loop, zone


class Walk:
    """Steps are counted and told; a claim that does not hold stops the walk."""

    def __init__(self) -> None:
        self.number = 0

    def step(self, title: str) -> None:
        self.number += 1
        click.echo(f"{self.number:>2}. {title}")

    def say(self, line: str) -> None:
        click.echo(f"    {line}")

    def claim(self, holds: bool, sentence: str) -> None:
        if not holds:
            raise Refused(_("✗ 没有做到：%(claim)s") % {"claim": sentence})
        click.echo(f"    ✓ {sentence}")

    def refused(self, act: Callable[[], Any], sentence: str) -> None:
        try:
            act()
        except Refused as refusal:
            self.say(_("系统答复：%(answer)s") % {"answer": refusal.sentences[0]})
            self.claim(True, sentence)
        else:
            self.claim(False, sentence)


def walk(path: Path | None) -> None:
    """走一遍：数据 → 疑点 → 问题 → 整改 → 核查 → 销号 → 审计。"""
    if not zone.is_sample():
        raise Refused(_("这个数据目录不是示例分区，不在里面演示。请换一个空目录，或不带 --data。"))
    told = Walk()
    _figures(told, path)
    doubt = _doubts(told)
    finding = _raise_and_assign(told, doubt)
    _rectify(told, finding)
    _judge(told, finding)
    _state(told, finding)
    _chain(told, finding)
    click.echo(_("闭环走通，共 %(n)d 步。") % {"n": told.number})


def _post(username: str, role: str = "") -> Post:
    held = people.posts_of(Account.objects.get(username=username).person)
    found = held.filter(role__code=role).first() if role else held.order_by("pk").first()
    assert found is not None  # the sample zone has it
    return found


def _figures(told: Walk, path: Path | None) -> None:
    told.step(_("统计员导入公布的数据"))
    content = path.read_bytes() if path else demo.SAMPLE_PAGE.read_bytes()
    name = path.name if path else demo.SAMPLE_PAGE.name
    result = facts_services.import_file(content, name, by=_post("statistician"))
    told.say(
        _("新增 %(added)d 个，修订 %(revised)d 个，不变 %(same)d 个。")
        % {"added": result.added, "revised": result.revised, "same": result.unchanged}
    )
    told.step(_("分区的数据：单位、口径、变化、原文"))
    unit = zone.root()
    assert unit is not None
    shown = list(facts.current(unit=unit))
    for observation in shown:
        told.say("  ".join(part for part in facts_pages.in_one_line(observation) if part))
    told.claim(bool(shown), _("每个数都带着原文"))
    ranks = facts.series("rank", unit)
    told.claim(
        [int(r.value) for r in ranks if r.value is not None] == [26, 22],
        _("位次 26 → 22，两个年度各存一个"),
    )


def _doubts(told: Walk) -> Doubt:
    told.step(_("核对，列出疑点"))
    for doubt in facts.doubts_to_see():
        told.say(f"[{facts_pages.severity_tag(doubt).label}] {facts_pages.title(doubt)}")
    conflict = facts.doubts_to_see().filter(rule="share_of_whole", state="open").first()
    told.claim(conflict is not None, _("占比与总量对不上的，两个数都保留，列为疑点"))
    assert conflict is not None
    told.say(facts_pages.explanation(conflict))
    return conflict


def _raise_and_assign(told: Walk, doubt: Doubt) -> Finding:
    told.step(_("经办人由疑点提出问题"))
    finding = loop.raise_from_doubt(doubt, by=_post("clerk"))
    told.say(f"{finding.number} {finding.title}")
    told.refused(lambda: loop.raise_from_doubt(doubt, by=_post("clerk")), _("一个疑点不能提两次"))
    told.step(_("交办经济发展局，限 15 天"))
    services.assign(
        finding,
        by=_post("clerk"),
        lead_unit=Unit.objects.get(code="economy"),
        due=clock.today() + timedelta(days=15),
        leader=_post("leader"),
        owner=_post("econ-head"),
        standard=_("两个数的口径和来源都有书面说明"),
    )
    told.claim(
        not ledger.visible_to(_post("edu-head")).filter(pk=finding.pk).exists(),
        _("别的单位看不到这个问题"),
    )
    return finding


def _rectify(told: Walk, finding: Finding) -> None:
    told.step(_("责任单位签收、定措施、报进展"))
    services.acknowledge(finding, by=_post("econ-head"))
    services.plan(finding, by=_post("econ-head"), text=_("查明占比所用分母的口径和来源。"))
    services.report(finding, by=_post("econ-liaison"), text=_("已向市统计部门核对口径。"))
    told.step(_("没有佐证不能申请销号"))
    told.refused(
        lambda: services.request_close(finding, by=_post("econ-head"), note=_("已查明。")),
        _("缺少佐证被拒绝"),
    )
    told.step(_("提交佐证，申请销号"))
    paper = SimpleUploadedFile(
        "口径说明.txt", f"{SAMPLE_MARK}：两个数口径不同，均予保留。\n".encode(), "text/plain"
    )
    evidence = services.submit_evidence(
        finding, by=_post("econ-liaison"), upload=paper, text=_("口径说明")
    )
    told.say(f"{evidence.version.name}  sha256 {evidence.version.digest[:16]}…")
    services.request_close(finding, by=_post("econ-head"), note=_("已查明，见佐证。"))


def _judge(told: Walk, finding: Finding) -> None:
    told.step(_("参与整改的人来核查"))
    told.refused(
        lambda: services.take_up(finding, by=_post("econ-liaison", "supervisor")),
        _("参与整改的人换一个任职也不能核查"),
    )
    told.step(_("由别人核查，通过"))
    services.take_up(finding, by=_post("checker"))
    told.refused(lambda: services.close(finding, by=_post("clerk")), _("没有核查通过不能销号"))
    services.verify(
        finding,
        by=_post("checker"),
        passed=True,
        opinion=_("口径说明属实，两个数均保留并注明来源。"),
        way="papers",
    )
    told.step(_("销号"))
    told.refused(
        lambda: services.close(finding, by=_post("econ-head")), _("责任单位不能给自己销号")
    )
    services.close(finding, by=_post("clerk"))


def _state(told: Walk, finding: Finding) -> None:
    told.step(_("闭环的状态"))
    finding.refresh_from_db()
    told.claim(finding.state == "closed", _("问题已销号"))
    for line in ledger.by_unit(ledger.visible_to(_post("clerk"))):
        told.say(
            _("%(unit)s：未销号 %(open)d，逾期 %(late)d，已销号 %(closed)d")
            % {
                "unit": line.unit.label(),
                "open": line.open,
                "late": line.overdue,
                "closed": line.closed,
            }
        )
    told.say(f"{finding.number}：{ledger_pages.state_tag(finding).label}")


def _chain(told: Walk, finding: Finding) -> None:
    told.step(_("每一步一条审计记录"))
    entries = list(audit.of(finding).order_by("seq"))
    for entry in entries:
        told.say(f"#{entry.seq} {entry.actor}  {audit_pages.sentence(entry.act)}")
    rows = list(audit.rows())
    check = audit_rules.check_chain(rows)
    told.claim(check.whole, _("审计链完整，共 %(n)d 条") % {"n": check.count})
    told.step(_("在导出的副本里改动一条"))
    spoiled = entries[0].seq
    rows[spoiled - 1] = {**rows[spoiled - 1], "note": "x"}
    told.claim(
        audit_rules.check_chain(rows).broken_at == spoiled,
        _("改动的第 %(seq)d 条被指出") % {"seq": spoiled},
    )
