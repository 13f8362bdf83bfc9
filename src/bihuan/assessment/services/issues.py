"""The way from a score to the ledger: one click, one finding, with where it came from."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import queries
from bihuan.assessment.models import Entrant, Issue, Round, Run
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people.models import Post


@transaction.atomic
def raise_issue(
    found: Round,
    *,
    by: Post,
    run: Run | None,
    entrant: Entrant,
    kind: str,
    node_code: str,
    title: str,
    description: str,
    goal: str,
) -> Finding:
    """由测算提出问题：同一件事只提一次；得分和数据照旧，不改动。"""
    Round.objects.select_for_update(of=("self",)).get(pk=found.pk)
    issue = queries.issue(found, entrant, kind, node_code)
    if told := ledger_queries.already_raised(issue):
        raise Refused.all(told)
    if issue is None:
        issue = Issue.objects.create(
            round=found,
            run=run,
            entrant=entrant,
            kind=kind,
            node_code=node_code,
            title=shorten(title, 200),
        )
    finding = ledger.raise_finding(
        by=by,
        title=title,
        description=description,
        category=_("综合评价"),
        source="figures" if kind == "conflict" else "other",
        goal=goal,
        risk="high" if kind == "exit" else "medium",
        origin=issue,
    )
    changes = {"finding": (None, finding.number)}
    audit.record(by, "assessment.issue.raise", issue, changes=changes)
    return finding
