"""The way from a project to the ledger: one click, one finding, with where it came from."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people.models import Post
from bihuan.projects import queries
from bihuan.projects.models import Issue, Project
from bihuan.projects.services.doors import opened


@transaction.atomic
def raise_issue(project: Project, *, by: Post, kind: str, key: str) -> Finding:
    """提为问题：一按即入台账为草稿，由督查部门交办；同一件事只提一次。"""
    project = opened(project, by, lambda _post, _thing: True)
    concern = queries.concern(project, kind, key)
    if concern is None:
        raise Refused(_("这件事现在不成立了：可能刚办好。请刷新页面。"))
    issue = Issue.objects.filter(project=project, kind=kind, key=key).first()
    if told := ledger_queries.already_raised(issue):
        raise Refused.all(told)
    if issue is None:
        issue = Issue.objects.create(
            project=project, kind=kind, key=key, title=shorten(concern.title, 200)
        )
    finding = ledger.raise_finding(
        by=by,
        title=f"{project.name}：{concern.title}",
        description=concern.description,
        goal=concern.goal,
        category=_("重点项目"),
        source="other",
        source_number=project.code,
        place=project.site,
        origin=issue,
    )
    audit.record(by, "projects.issue.raise", issue, changes={"finding": (None, finding.number)})
    return finding
