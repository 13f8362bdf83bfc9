"""Who may see which scheme, meeting and opinion, and who may act on it."""

from django.db.models import Q, QuerySet

from bihuan.designs.models import Opinion, ReviewMeeting, Scheme
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

VIEW, MANAGE, COMMENT, ANSWER = (
    "designs.view",
    "designs.manage",
    "designs.comment",
    "designs.answer",
)


def visible_to(by: Post) -> QuerySet[Scheme]:
    """全区的角色看全部；单位只看请它提意见的、由它答复的、它负责的项目的方案。"""
    found = Scheme.objects.select_related("project", "designer")
    where = people.scope(by, VIEW)
    if where.units is None:
        return found
    mine = Q(designer__in=where.units) | Q(project__unit__in=where.units)
    mine |= Q(pk__in=Scheme.units.through.objects.filter(unit__in=where.units).values("scheme"))
    return found.filter(mine)


def meetings_for(by: Post) -> QuerySet[ReviewMeeting]:
    """全区的角色看全部；其他人看自己参加的、议自己看得到的方案的。"""
    found = ReviewMeeting.objects.select_related("chair__person", "chair__unit")
    if people.scope(by, VIEW).units is None:
        return found
    mine = Q(attendees__post=by) | Q(agenda__scheme__in=visible_to(by).values("pk"))
    return found.filter(mine).distinct()


def manages(by: Post, _thing: object = None) -> bool:
    """May this post keep schemes, meetings, minutes and notices?"""
    return people.may(by, MANAGE)


def comments_on(by: Post, scheme: Scheme) -> bool:
    """May this post give an opinion for its own unit: was the unit asked, or does it manage?"""
    if not _for_own(by, COMMENT, by.unit):
        return False
    return manages(by) or scheme.units.filter(pk=by.unit_id).exists()


def answers_for(by: Post, scheme: Scheme) -> bool:
    """May this post answer opinions and bring versions: the designing or project unit?"""
    return _for_own(by, ANSWER, scheme.designer)


def wrote(by: Post, opinion: Opinion) -> bool:
    """Does this opinion belong to the unit of this post, or to nobody but the office?"""
    if opinion.unit is None:
        return manages(by)
    return _for_own(by, COMMENT, opinion.unit)


def _for_own(by: Post, verb: str, unit: Unit) -> bool:
    """May this post speak for a unit: its own and those below it, however far its role reaches."""
    where = people.scope(by, verb)
    if where.units is None:
        return unit.pk == by.unit_id
    return where.covers(unit.pk)


def answered_by(opinion: Opinion) -> set[int]:
    """The persons who answered this opinion: none of them verifies it."""
    return set(opinion.replies.filter(by__isnull=False).values_list("by__person_id", flat=True))


def verifies(by: Post, opinion: Opinion) -> bool:
    """May this post verify: the author unit (the office for residents), never who answered."""
    return wrote(by, opinion) and by.person_id not in answered_by(opinion)


def raises(by: Post, _thing: object = None) -> bool:
    """May this post put an opinion that was not taken up into the ledger?"""
    return people.may(by, "ledger.raise")
