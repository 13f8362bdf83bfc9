"""Signs of closing on paper: written down when a finding is closed; they start a re-check only."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.audit import queries as audit
from bihuan.ledger import queries
from bihuan.ledger.models import Evidence, Finding, Sign, Verification
from bihuan.ledger.rules import honest


def look(finding: Finding) -> list[Sign]:
    """看有无纸面整改的迹象；有的记下，列入回头看，不下结论。"""
    rules = {row["code"]: row["threshold"] for row in queries.table("signs") if row["on"]}
    evidence = list(finding.evidence.filter(round=finding.round).select_related("version"))
    found = {
        "last_hours": _last_hours(finding, rules.get("last_hours")),
        "same_file": _same_file(finding, evidence, rules.get("same_file")),
        "old_evidence": _old(finding, evidence, rules.get("old_evidence")),
        "never_refuses": _never_refuses(finding, rules.get("never_refuses")),
    }
    return [
        Sign.objects.get_or_create(
            finding=finding, round=finding.round, code=code, defaults={"note": note}
        )[0]
        for code, note in found.items()
        if note
    ]


def _last_hours(finding: Finding, hours: int | None) -> str:
    asked = audit.of(finding).filter(act="ledger.finding.request_close").last()
    if hours is None or asked is None or finding.due is None:
        return ""
    ends = timezone.make_aware(datetime.combine(finding.due + timedelta(days=1), time()))
    if not honest.in_the_last_hours(asked.at, ends, hours):
        return ""
    return _("到期前最后 %(n)d 小时才申请销号。") % {"n": hours}


def _same_file(finding: Finding, evidence: list[Evidence], most: int | None) -> str:
    if most is None:
        return ""
    for one in evidence:
        others = (
            Evidence.objects.filter(version__digest=one.version.digest)
            .exclude(finding=finding)
            .values("finding")
            .distinct()
            .count()
        )
        if others >= most:
            return _("同一份佐证还用于另外 %(n)d 个问题。") % {"n": others}
    return ""


def _old(finding: Finding, evidence: list[Evidence], days: int | None) -> str:
    # What was imported had been found, and given out, before it came into this ledger.
    raised = min(timezone.localtime(finding.created_at).date(), finding.assigned_on or date.max)
    if days is None or not honest.older_than_the_problem([e.dated for e in evidence], raised, days):
        return ""
    return _("有佐证形成于问题提出之前。")


def _never_refuses(finding: Finding, least: int | None) -> str:
    if least is None:
        return ""
    for person in queries.passed_by(finding):
        judged = Verification.objects.filter(by__person=person)
        passed, refused = judged.filter(passed=True).count(), judged.filter(passed=False).count()
        if honest.never_refuses(passed, refused, least):
            return _("核查人已核查 %(n)d 次，从未退回过。") % {"n": passed}
    return ""
