"""Verbs while it is built: monthly filing, weekly note, blockages, the coordination log."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.files import services as files
from bihuan.people.models import Post, Unit
from bihuan.projects import queries, rules
from bihuan.projects.models import Blockage, BlockageMove, Filing, LogEntry, Project, Weekly
from bihuan.projects.services import figures
from bihuan.projects.services.doors import opened

SAID = ("invested", "invested_total", "progress", "problems", "next_steps")


@transaction.atomic
def file_month(
    project: Project,
    *,
    by: Post | None,
    month: date,
    upload: "UploadedFile[bytes] | None" = None,
    reason: str = "",
    **said: Any,
) -> Filing:
    """报送月报：检查清单上缺的逐项说明；报过的另报一版，写明原因；数同时记入数据。"""
    project = opened(project, by, queries.reports)
    month = queries.month_of(month)
    before = queries.newest_filing(project, month)
    told = {name: said.get(name) for name in SAID}
    paper = before.paper if before is not None else None
    faults = _amount_faults(project, month, told)
    if month > clock.today():
        faults.append(_("还没有到这个月。"))
    checked = {**told, "paper": upload or paper}
    for item in queries.missing_items(project, month, checked):
        faults.append(_("检查清单：缺“%(item)s”。") % {"item": item})
    if before is not None and not reason.strip():
        faults.append(_("这个月已报过，请写明更正的原因。"))
    if faults:
        raise Refused.all(faults)
    if upload is not None:
        title = shorten(f"{project} {month:%Y-%m}", 200)
        paper = files.keep(upload, by=by, title=title, thing=project)
    row = Filing.objects.create(
        project=project,
        month=month,
        version=before.version + 1 if before else 1,
        filed_on=clock.today(),
        due=before.due if before else queries.filing_due(month),
        paper=paper,
        reason=reason.strip() if before else "",
        by=by,
        **{name: value if value is not None else _EMPTY[name] for name, value in told.items()},
    )
    act = "projects.filing.correct" if before else "projects.filing.file"
    changes = {
        name: (getattr(before, name) if before else None, getattr(row, name))
        for name in ("invested", "invested_total")
        if (getattr(before, name) if before else None) != getattr(row, name)
    }
    audit.record(by, act, row, changes=changes, note=reason)
    figures.record(row)
    return row


_EMPTY: dict[str, Any] = {
    "invested": None,
    "invested_total": None,
    "progress": "",
    "problems": "",
    "next_steps": "",
}


def _amount_faults(project: Project, month: date, told: dict[str, Any]) -> list[str]:
    """What cannot be: negative amounts, a sum that shrinks within the year, more than there is."""
    faults = []
    invested, total = told["invested"], told["invested_total"]
    if (invested is not None and invested < 0) or (total is not None and total < 0):
        faults.append(_("投资不得为负。"))
    if invested is not None and total is not None and invested > total:
        faults.append(_("本年累计不得大于开工以来累计。请核对。"))
    if invested is not None:
        earlier = project.filings.filter(
            month__lt=month, month__year=month.year, invested__isnull=False
        )
        last = earlier.order_by("-month", "-version").first()
        if last is not None and last.invested is not None and invested < last.invested:
            faults.append(
                _(
                    "本年累计 %(now)s 万元，少于 %(month)d 月报的 %(before)s 万元。"
                    "请核对，或先更正前一月。"
                )
                % {"now": invested, "month": last.month.month, "before": last.invested}
            )
    return faults


@transaction.atomic
def note_week(
    project: Project,
    *,
    by: Post | None,
    week: date,
    text: str,
    percent: int | None = None,
    next_steps: str = "",
) -> Weekly:
    """记周进展：哪一周（写那周任何一天），干了什么，下周干什么。"""
    project = opened(project, by, queries.reports)
    faults = []
    if week > clock.today():
        faults.append(_("还没有到这一周。"))
    if not text.strip():
        faults.append(_("请写明本周进展。"))
    if percent is not None and not 0 <= percent <= 100:
        faults.append(_("形象进度应在 0 到 100 之间。"))
    if faults:
        raise Refused.all(faults)
    row = Weekly.objects.create(
        project=project, week=rules.monday(week), percent=percent, text=text.strip(),
        next_steps=next_steps.strip(), by=by,
    )  # fmt: skip
    audit.record(by, "projects.weekly.note", row)
    return row


@transaction.atomic
def open_blockage(
    project: Project,
    *,
    by: Post | None,
    title: str,
    owner: Unit,
    note: str = "",
    opened_on: date | None = None,
) -> Blockage:
    """登记堵点：卡在哪里，归哪个部门；阶梯照今天的规则表，从登记那天起走。"""
    project = opened(project, by, queries.reports)
    on, faults = opened_on or clock.today(), []
    if not title.strip():
        faults.append(_("请写明卡在哪里。"))
    if on > clock.today():
        faults.append(_("日期不得晚于今天。"))
    if faults:
        raise Refused.all(faults)
    last = project.blockages.aggregate(last=Max("number"))["last"] or 0
    ladder = [dict(row) for row in queries.tables.table("ladder")]
    made = Blockage.objects.create(
        project=project, number=last + 1, title=shorten(" ".join(title.split()), 200), owner=owner,
        opened_on=on, ladder=ladder, by=by,
    )  # fmt: skip
    _move(made, "open", by, note or title, on)
    audit.record(by, "projects.blockage.open", made, changes={"owner": (None, owner)}, note=note)
    return made


@transaction.atomic
def note_blockage(blockage: Blockage, *, by: Post | None, note: str) -> BlockageMove:
    """记堵点的进展：谁做了什么。"""
    blockage = _unsolved(blockage, by, queries.answers_for)
    if not note.strip():
        raise Refused(_("请写明进展。"))
    row = _move(blockage, "note", by, note)
    audit.record(by, "projects.blockage.note", blockage, note=note)
    return row


@transaction.atomic
def lift_blockage(blockage: Blockage, *, by: Post | None, note: str) -> Blockage:
    """提前升级：不等到期就交上一级；时钟照旧走。"""
    blockage = _unsolved(blockage, by, queries.manages)
    held, faults = queries.stuck(blockage), []
    if held.standing.level + 1 >= len(held.rungs):
        faults.append(_("已在最高一级，不能再升。"))
    if not note.strip():
        faults.append(_("请写明为什么提前升级。"))
    if faults:
        raise Refused.all(faults)
    before, blockage.lifted = blockage.lifted, held.standing.level + 1
    blockage.save(update_fields=["lifted"])
    _move(blockage, "lift", by, note)
    changes = {"lifted": (before, blockage.lifted)}
    audit.record(by, "projects.blockage.lift", blockage, changes=changes, note=note)
    return blockage


@transaction.atomic
def solve_blockage(
    blockage: Blockage, *, by: Post | None, note: str, on: date | None = None
) -> Blockage:
    """解决堵点：哪天、怎样解决的。"""
    blockage = _unsolved(blockage, by, queries.answers_for)
    day, faults = on or clock.today(), []
    if not note.strip():
        faults.append(_("请写明怎样解决的。"))
    if not blockage.opened_on <= day <= clock.today():
        faults.append(_("解决日期应在登记以后、今天以前。"))
    if faults:
        raise Refused.all(faults)
    blockage.solved_on = day
    blockage.save(update_fields=["solved_on"])
    _move(blockage, "solve", by, note, day)
    changes = {"solved_on": (None, day)}
    audit.record(by, "projects.blockage.solve", blockage, changes=changes, note=note)
    return blockage


def _unsolved(blockage: Blockage, by: Post | None, may: Callable[..., bool]) -> Blockage:
    rows = Blockage.objects.select_related("project__unit", "owner")
    now = rows.get(pk=blockage.pk)
    opened(now.project, by, may, now)
    found = rows.select_for_update(of=("self",)).get(pk=blockage.pk)
    if found.solved_on is not None:
        raise Refused(_("这个堵点已经解决。又卡住了的，请另行登记。"))
    return found


def _move(
    blockage: Blockage, kind: str, by: Post | None, note: str, on: date | None = None
) -> BlockageMove:
    return BlockageMove.objects.create(
        blockage=blockage, kind=kind, on=on or clock.today(), note=note.strip(), by=by
    )


@transaction.atomic
def log(
    project: Project,
    *,
    by: Post | None,
    on: date,
    kind: str,
    text: str,
    parties: str = "",
    agreed: str = "",
) -> LogEntry:
    """记协调：哪天、与谁、说定了什么；只增不改。"""
    project = opened(project, by, queries.reports)
    faults = []
    if on > clock.today():
        faults.append(_("日期不得晚于今天。"))
    if not text.strip():
        faults.append(_("请写明协调内容。"))
    if faults:
        raise Refused.all(faults)
    row = LogEntry.objects.create(
        project=project, on=on, kind=kind, text=text.strip(), parties=parties.strip(),
        agreed=agreed.strip(), by=by,
    )  # fmt: skip
    audit.record(by, "projects.log.add", row)
    return row
