"""`bihuan demo meeting`: a whole evaluation meeting with simulated phones, from plan to recount."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from bihuan.ballots import bridge, hall
from bihuan.ballots import pages as polls
from bihuan.ballots import services as ballots
from bihuan.ballots.models import Poll
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.cli.walk import Walk
from bihuan.meetings import queries, services
from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import printing as papers
from bihuan.people.models import Post
from bihuan.site import demo, zone
from bihuan.ui import printing

_ONSITE = ("organs", "investment", "education", "enforcement", "planning")
_WRITTEN = ("bonded", "logistics")
_SEED = 20220126


def run(voters: int, out: Path | None) -> None:
    """述职测评会：方案 → 名单 → 签到发票 → 一述一评 → 投票 → 计票 → 结果单 → 核对。"""
    if not zone.is_sample():
        raise Refused(_("demo meeting 只在示例分区里走。请换一个空的数据目录。"))
    walk = Walk()
    clerk, chair, other = (demo.acting(name) for name in ("clerk", "leader", "checker"))
    meeting = _plan(walk, clerk, chair)
    poll = _roll(walk, meeting, clerk, voters)
    poll, rights, phones, report = _door(walk, meeting, poll, clerk, chair)
    _reports(walk, meeting, clerk)
    poll = _vote(walk, meeting, poll, rights, phones, report, (clerk, other), chair)
    meeting = _count(walk, meeting, poll, report, chair)
    _paper(walk, meeting, out)


def _plan(walk: Walk, clerk: Post, chair: Post) -> Meeting:
    walk.step(_("方案：起草、报批、批准，从此固化"))
    held = clock.today()
    meeting = services.open_round(by=clerk, year=held.year, held_on=held, sample=True)
    units = [(code, "onsite") for code in _ONSITE] + [(code, "written") for code in _WRITTEN]
    services.save_units(meeting, by=clerk, units=units)
    services.submit(meeting, by=clerk)
    plan = services.approve(meeting, by=chair)
    meeting.refresh_from_db()
    walk.claim(bool(plan.digest), _("方案摘要 %(digest)s") % {"digest": plan.digest[:16]})
    return meeting


def _roll(walk: Walk, meeting: Meeting, clerk: Post, voters: int) -> Poll:
    walk.step(_("名单和票箱"))
    document = queries.document(meeting)
    names = [category["name"] for category in document["categories"]]
    shares = [1 + number * 2 for number in range(len(names))]
    lines = []
    for number in range(voters):
        at = number * sum(shares) // voters
        place = next(i for i in range(len(shares)) if at < sum(shares[: i + 1]))
        lines.append(f"示例评委{number + 1}，{names[place]}")
    poll = services.set_roll(meeting, by=clerk, text="\n".join(lines))
    services.seal_box(meeting, by=clerk)
    poll.refresh_from_db()
    meeting.refresh_from_db()
    walk.say(_("名单 %(n)d 人，票箱 %(box)s") % {"n": voters, "box": poll.box_id[:16]})
    return poll


def _door(walk: Walk, meeting: Meeting, poll: Poll, clerk: Post, chair: Post) -> Any:
    walk.step(_("签到发票：手机票盲签，纸票随机抽取"))
    meeting = services.begin(meeting, by=chair)
    poll = ballots.start_issuing(poll, by=clerk)
    post, report = hall.door(poll.slug), hall.Report()
    rights = hall.fill(poll, clerk=clerk, seed=_SEED)
    phones = hall.activate(poll, rights, post, report)
    walk.refused(
        lambda: ballots.check_in(
            poll, by=clerk, voter=poll.voters.exclude(given="")[0], given="token"
        ),
        _("领过票的人再领，领不到"),
    )
    poll = ballots.close_issuing(poll, by=clerk)
    walk.claim(not report.wrong, _("每部手机问两遍，签名相同"))
    walk.claim(not bridge.keys(poll.box_id).tokens, _("发票结束，签发密钥已经销毁"))
    return poll, rights, phones, report


def _reports(walk: Walk, meeting: Meeting, clerk: Post) -> None:
    walk.step(_("一述一评"))
    services.recall_last_year(meeting, by=clerk)
    waiting = list(queries.waiting_on_stage(meeting))
    for reporter in waiting:
        services.call_on(reporter, by=clerk)
        reporter.refresh_from_db()
        services.finish_report(reporter, by=clerk)
        reporter.refresh_from_db()
        services.record_comment(
            reporter, by=clerk, comment=_("示例数据：点评从略。"), comment_by=_("主持人")
        )
    walk.say(_("现场述职 %(n)d 个单位") % {"n": len(waiting)})


def _vote(
    walk: Walk,
    meeting: Meeting,
    poll: Poll,
    rights: Sequence[hall.Right],
    phones: Mapping[int, Any],
    report: hall.Report,
    typists: tuple[Post, Post],
    chair: Post,
) -> Poll:
    walk.step(_("投票：几部手机同时投，带着故障"))
    poll = services.start_rating(meeting, by=chair)
    with click.progressbar(length=len(rights), file=sys.stderr) as bar:
        hall.vote(
            poll,
            rights,
            phones,
            hall.door(poll.slug),
            typists=typists,
            seed=_SEED,
            report=report,
            tell=lambda done, total, note: bar.update(1),
        )
    for sentence in report.wrong[:5]:
        walk.say(sentence)
    walk.claim(
        not report.wrong,
        _("%(phones)d 部手机、%(slips)d 张纸票、%(papers)d 张录入票，投出 %(cast)d，未投 %(not)d")
        % {
            "phones": report.phones,
            "slips": report.slips,
            "papers": report.papers,
            "cast": report.cast,
            "not": report.not_cast,
        },
    )
    met = _("、").join(f"{_(_FAULTS[name])} {n}" for name, n in sorted(report.met.items()))
    walk.say(_("遇到的故障：%(met)s") % {"met": met or "—"})
    walk.refused(lambda: services.count_ballots(meeting, by=chair), _("没有结束投票，谁也开不了箱"))
    poll = services.end_rating(meeting, by=chair)
    walk.say(
        _("箱头 %(root)s（%(n)d 票）") % {"root": poll.head["root"][:16], "n": poll.head["size"]}
    )
    return poll


_FAULTS = {
    "lost_answer": zh("答复丢失后重发"),
    "twice": zh("点了两次"),
    "changed_mind": zh("想改投，被拒"),
    "dead_phone": zh("手机没电，未投"),
    "wrong_code": zh("票码输错"),
}


def _count(walk: Walk, meeting: Meeting, poll: Poll, report: hall.Report, chair: Post) -> Meeting:
    walk.step(_("开箱计票"))
    meeting = services.count_ballots(meeting, by=chair)
    poll = Poll.objects.get(pk=poll.pk)
    kept = {leaf.hex() for leaf in bridge.box(poll.box_id).leaves()}
    walk.claim(poll.head["size"] == report.cast, _("票箱里的票数与投出的一致"))
    walk.claim(set(report.receipts) <= kept, _("每一张回执都在票箱的日志里"))
    return meeting


def _paper(walk: Walk, meeting: Meeting, out: Path | None) -> None:
    walk.step(_("结果单和核对"))
    assert meeting.poll is not None  # it was counted
    poll = Poll.objects.get(pk=meeting.poll.pk)
    _print(meeting, poll)
    folder = out or Path(bridge.folder(poll.box_id))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sheet.pdf").write_bytes(printing.printed(papers.result_paper(meeting)))
    (folder / "bundle.json").write_text(polls.bundle(poll.slug), encoding="utf-8")
    (folder / "recount.py").write_text(polls.verifier(), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-I", str(folder / "recount.py"), str(folder / "bundle.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in checked.stdout.splitlines():
        walk.say(line)
    walk.claim(checked.returncode == 0, _("只有一个文件的核对程序重算相符"))
    if out:
        walk.say(_("已写出：%(folder)s 里的 sheet.pdf、bundle.json、recount.py") % {"folder": out})


def _print(meeting: Meeting, poll: Poll) -> None:
    """The told results as they stand in the bundle: nothing here that others may not see."""
    document = queries.document(meeting)
    units = {unit["code"]: queries.named(unit) for unit in document["units"]}
    for item in document["items"]:
        click.echo(f"    {queries.named(item)}")
        for row in (r for r in poll.open["told"] if r["item"] == item["code"]):
            low, high = row["low"], row["high"]
            score = _("未公布") if low is None else _number(low)
            if low is not None and low != high:
                score = f"{_number(low)}–{_number(high)}"
            click.echo(f"      {units.get(row['subject'], row['subject'])}  {score}")


def _number(text: str) -> str:
    top, _sign, bottom = text.partition("/")
    return f"{int(top) / int(bottom or 1):.1f}"
