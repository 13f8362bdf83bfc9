"""Verbs on situation reports: drafted as of a moment, corrected for a reason, issued for good."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.snow.models import Correction, SituationReport, Storm
from bihuan.snow.queries import situation as queries
from bihuan.snow.rules import situation as rules

DISPATCH, PUBLISH = "snow.dispatch", "snow.publish"
LARGEST = Decimal(10) ** 9


@transaction.atomic
def draft_situation(
    storm: Storm,
    *,
    by: Post | None,
    as_of: datetime | None = None,
    summary: str = "",
    next_steps: str = "",
) -> SituationReport:
    """拟情况报告：截至某时；数由队伍报告汇总，签发以前随报告变。"""
    _require(by, DISPATCH)
    at = as_of or clock.now()
    faults = []
    if at > clock.now():
        faults.append(_("截至时间不得晚于现在。"))
    if at < storm.first_snow_at:
        faults.append(_("截至时间早于降雪开始。请核对。"))
    if storm.situations.filter(state="draft").exists():
        faults.append(_("已有一份草稿没有签发。请先签发或作废。"))
    last = storm.situations.filter(state="issued").order_by("-as_of").first()
    if last is not None and at <= last.as_of:
        faults.append(_("截至时间应晚于上一期。"))
    if faults:
        raise Refused.all(faults)
    made = SituationReport.objects.create(
        storm=storm, as_of=at, summary=summary.strip(), next_steps=next_steps.strip(), by=by
    )
    audit.record(by, "snow.situation.draft", made)
    return made


@transaction.atomic
def amend_situation(
    report: SituationReport, *, by: Post | None, summary: str, next_steps: str
) -> SituationReport:
    """改情况报告的文字；签发以后不能改。"""
    report = _draft(report, by, DISPATCH)
    told = {"summary": summary.strip(), "next_steps": next_steps.strip()}
    changes = {
        name: (getattr(report, name), value)
        for name, value in told.items()
        if getattr(report, name) != value
    }
    if not changes:
        raise Refused(_("内容没有变化，不必另存。"))
    for name, value in told.items():
        setattr(report, name, value)
    report.save(update_fields=list(told))
    audit.record(by, "snow.situation.amend", report, changes=changes)
    return report


@transaction.atomic
def correct_figure(
    report: SituationReport,
    *,
    by: Post | None,
    figure: str,
    value: Decimal | None,
    reason: str,
) -> Correction:
    """更正一个数：不照汇总的写，写明原因；值留空是恢复汇总值。两个数都留着。"""
    report = _draft(report, by, DISPATCH)
    faults = []
    if figure not in rules.FIGURES:
        faults.append(_("没有这个数。"))
    if value is not None and not 0 <= value < LARGEST:
        faults.append(_("数值不得为负，也不得这么大。请核对。"))
    if not reason.strip():
        faults.append(_("请写明为什么不照汇总值。"))
    if faults:
        raise Refused.all(faults)
    said = queries.content(report).said[figure]
    places = rules.FIGURES[figure][2]
    if value is not None:
        value = value.quantize(Decimal(1).scaleb(-places))
    if value == said.value or (value is None and said.correction is None):
        raise Refused(_("内容没有变化，不必另存。"))
    made = Correction.objects.create(
        report=report, figure=figure, summed=said.figure.summed, value=value,
        reason=reason.strip(), by=by,
    )  # fmt: skip
    changes = {"value": (said.value, said.figure.summed if value is None else value)}
    audit.record(by, "snow.situation.correct", made, changes=changes, note=reason)
    return made


@transaction.atomic
def issue_situation(report: SituationReport, *, by: Post | None) -> SituationReport:
    """签发情况报告：编号，连同各行一起固化；签发的人留名，此后不变。"""
    report = _draft(report, by, PUBLISH)
    found = queries.content(report)
    report.number = queries.next_number(report.storm)
    report.told = {
        "as_of": report.as_of.isoformat(),
        "figures": rules.frozen({code: one.figure for code, one in found.said.items()}),
        "values": {
            code: {"value": rules.plain(one.value), "reason": one.reason, "by": one.by}
            for code, one in found.said.items()
        },
        "roads": [asdict(one) for one in found.roads],
        "counts": {kind: dict(row) for kind, row in found.counts.items()},
        "summary": report.summary,
        "next_steps": report.next_steps,
    }
    report.digest = digest(report.told)
    report.state, report.issued_at, report.issued_by = "issued", clock.now(), by
    report.save(update_fields=["number", "told", "digest", "state", "issued_at", "issued_by"])
    changes = {"number": (None, report.number), "digest": (None, report.digest)}
    audit.record(by, "snow.situation.issue", report, changes=changes)
    return report


@transaction.atomic
def drop_situation(report: SituationReport, *, by: Post | None, reason: str) -> SituationReport:
    """作废草稿：写明原因；签发了的不能作废，只能另出一期。"""
    report = _draft(report, by, DISPATCH)
    if not reason.strip():
        raise Refused(_("请写明作废的原因。"))
    report.state = "dropped"
    report.save(update_fields=["state"])
    audit.record(by, "snow.situation.drop", report, note=reason)
    return report


def digest(told: Any) -> str:
    """What was frozen, as a digest that shows any later change."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _draft(report: SituationReport, by: Post | None, verb: str) -> SituationReport:
    _require(by, verb)
    rows = SituationReport.objects.select_for_update(of=("self",)).select_related("storm")
    found = rows.get(pk=report.pk)
    if found.state == "issued":
        raise Refused(_("已签发的情况报告不能改。有新情况请另出一期。"))
    if found.state == "dropped":
        raise Refused(_("这份草稿已作废。"))
    return found


def _require(by: Post | None, verb: str) -> None:
    if by is not None:
        people.require(by, verb)
