"""Who may see which project, and who may act where."""

from django.db.models import Q, QuerySet

from bihuan.base import clock
from bihuan.ledger import queries as ledger
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.projects.models import Blockage, Project, WorkStep

VIEW, MANAGE, REPORT, APPROVE, RULES = (
    "projects.view",
    "projects.manage",
    "projects.report",
    "projects.approve",
    "projects.rules",
)


def visible_to(by: Post) -> QuerySet[Project]:
    """全区的角色看全部；单位只看自己负责的，和有步骤或堵点归自己的项目。"""
    found = Project.objects.select_related("unit")
    where = people.scope(by, VIEW)
    if where.units is None:
        return found
    mine = Q(unit__in=where.units)
    mine |= Q(pk__in=WorkStep.objects.filter(unit__in=where.units).values("project"))
    mine |= Q(pk__in=WorkStep.objects.filter(assist__in=where.units).values("project"))
    mine |= Q(pk__in=Blockage.objects.filter(owner__in=where.units).values("project"))
    return found.filter(mine)


def manages(by: Post, _thing: object = None) -> bool:
    """May this post keep cards, batches, lists, networks?"""
    return people.may(by, MANAGE)


def reports(by: Post, project: Project) -> bool:
    """May this post report for the unit that answers for the project?"""
    return _covers(by, project.unit)


def works_on(by: Post, step: WorkStep) -> bool:
    """May this post move a step: its own department, or who reports for the project?"""
    return _covers(by, step.unit) or reports(by, step.project)


def answers_for(by: Post, blockage: Blockage) -> bool:
    """May this post move a blockage: its owner department, or who reports for the project?"""
    return _covers(by, blockage.owner) or reports(by, blockage.project)


def approves(by: Post, _thing: object = None) -> bool:
    return people.may(by, APPROVE)


def _covers(by: Post, unit: Unit | None) -> bool:
    where = people.scope(by, REPORT)
    return where.units is None if unit is None else where.covers(unit.pk)


units_to_choose = ledger.units_to_choose
leaders_to_choose = ledger.leaders_to_choose


def coordinators_to_choose() -> QuerySet[Post]:
    """Posts that coordinate projects today."""
    found = Post.objects.filter(people.valid_on(clock.today())).select_related("role")
    held = [post.pk for post in found if MANAGE in post.role.verbs]
    return Post.objects.filter(pk__in=held).select_related("person", "unit")
