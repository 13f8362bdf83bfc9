"""Verbs on the card: entered, changed, tagged, listed, planned by year."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.projects import queries
from bihuan.projects.models import BatchTag, KeyListing, Project, YearPlan
from bihuan.projects.services.doors import opened

MANAGE = "projects.manage"
FIELDS = (
    "name",
    "name_en",
    "code",
    "kind",
    "industry",
    "builder",
    "content",
    "site",
    "plot",
    "geometry",
    "total",
    "unit",
    "leader",
    "coordinator",
    "source",
    "note",
)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{3,39}", re.A)
FIRST_YEAR, LAST_YEAR = 1993, 2100  # the zone was founded in 1993


@transaction.atomic
def enter(*, by: Post | None, sample: bool = False, **fields: Any) -> Project:
    """建项目卡：知道什么填什么，不知道的留空；阶段另由有佐证的登记得来。"""
    if by is not None:
        people.require(by, MANAGE)
    told = {name: fields[name] for name in FIELDS if fields.get(name) not in (None, "")}
    if faults := _faults(told, None):
        raise Refused.all(faults)
    project = Project.objects.create(sample=sample, **told)
    audit.record(by, "projects.project.enter", project)
    return project


@transaction.atomic
def amend(project: Project, *, by: Post | None, **fields: Any) -> Project:
    """改项目卡：改了什么，经过里都看得到。"""
    project = opened(project, by, queries.manages)
    before = Project.objects.get(pk=project.pk)
    told = {name: fields.get(name, getattr(project, name)) for name in FIELDS}
    if faults := _faults(told, project):
        raise Refused.all(faults)
    for name, value in told.items():
        setattr(project, name, value)
    changes = audit.changed(before, project, *FIELDS)
    if not changes:
        raise Refused(_("内容没有变化，不必另存。"))
    project.save(update_fields=list(FIELDS))
    audit.record(by, "projects.project.amend", project, changes=changes)
    return project


def _faults(told: Mapping[str, Any], project: Project | None) -> list[str]:
    faults = []
    if not str(told.get("name") or "").strip():
        faults.append(_("请写明项目的名称。"))
    code = told.get("code") or ""
    if code and not _CODE.fullmatch(code):
        faults.append(_("项目代码只用字母、数字和连字符，至少四位。请改正。"))
    same = Project.objects.filter(code=code)
    if project is not None:
        same = same.exclude(pk=project.pk)
    if code and (there := same.first()) is not None:
        faults.append(_("代码 %(code)s 已是“%(name)s”的。一个代码只归一个项目，请核对。")
                      % {"code": code, "name": there.label()})  # fmt: skip
    total = told.get("total")
    if total is not None and total <= 0:
        faults.append(_("总投资应大于零；不知道的请留空。"))
    return faults


@transaction.atomic
def tag(
    project: Project,
    *,
    by: Post | None,
    edition: str,
    batch: str,
    on: date,
    source: str = "",
) -> BatchTag:
    """列入三个一批：哪一期、哪一批、哪一天；同一期同一批只列一次。"""
    project = opened(project, by, queries.manages)
    edition, faults = " ".join(edition.split()), []
    if not edition:
        faults.append(_("请写明是哪一期，例如 2026年第一季度。"))
    if on > clock.today():
        faults.append(_("日期不得晚于今天。"))
    if project.batches.filter(edition=edition, batch=batch, removed="").exists():
        faults.append(_("这个项目已列入这一期这一批。"))
    if faults:
        raise Refused.all(faults)
    made = BatchTag.objects.create(
        project=project, edition=edition, batch=batch, on=on, source=source, by=by
    )
    audit.record(by, "projects.batch.tag", made)
    return made


@transaction.atomic
def untag(found: BatchTag, *, by: Post | None, reason: str) -> BatchTag:
    """移出三个一批：写明原因；标签留着，不再计入。"""
    opened(found.project, by, queries.manages)
    found = BatchTag.objects.select_for_update().get(pk=found.pk)
    faults = []
    if found.removed:
        faults.append(_("已经移出。"))
    if not reason.strip():
        faults.append(_("请写明移出的原因。"))
    if faults:
        raise Refused.all(faults)
    found.removed = reason.strip()
    found.save(update_fields=["removed"])
    audit.record(by, "projects.batch.untag", found, note=reason)
    return found


@transaction.atomic
def list_key(
    project: Project, *, by: Post | None, year: int, level: str, source: str
) -> KeyListing:
    """列入省市重点名单：按年；改级别或移出另登一条，旧的保留。"""
    project = opened(project, by, queries.manages)
    faults = _year_faults(year)
    if not source.strip():
        faults.append(_("请写明依据：哪份名单、哪份通知。"))
    now = queries.levels(year).get(project.pk) if not faults else None
    if not faults and (now.level if now else "none") == level:
        faults.append(_("这一年的级别本来就是这样，没有变化。"))
    if faults:
        raise Refused.all(faults)
    row = KeyListing.objects.create(
        project=project, year=year, level=level, source=source.strip(), by=by
    )
    changes = {"level": (now.level if now else "none", level)}
    audit.record(by, "projects.key.list", row, changes=changes, note=source)
    return row


@transaction.atomic
def plan_year(
    project: Project,
    *,
    by: Post | None,
    year: int,
    amount: Decimal,
    starts: bool = False,
    goal: str = "",
    reason: str = "",
) -> YearPlan:
    """定年度计划：投资多少、是否计划开工；调整须写明原因，旧的保留。"""
    project = opened(project, by, queries.manages)
    faults = _year_faults(year)
    before = queries.year_plans(year).get(project.pk) if not faults else None
    if amount < 0:
        faults.append(_("年度计划投资不得为负。"))
    if before is not None and not reason.strip():
        faults.append(_("这一年已有计划，请写明调整的原因。"))
    if before is not None and (before.amount, before.starts, before.goal) == (amount, starts, goal):
        faults.append(_("内容没有变化，不必另存。"))
    if faults:
        raise Refused.all(faults)
    row = YearPlan.objects.create(
        project=project, year=year, amount=amount, starts=starts, goal=goal.strip(),
        reason=reason.strip(), by=by,
    )  # fmt: skip
    changes = {"amount": (before.amount if before else None, amount)}
    audit.record(by, "projects.year.plan", row, changes=changes, note=reason)
    return row


def _year_faults(year: int) -> list[str]:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return []
    return [_("年度应在 %(first)d 到 %(last)d 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR}]
