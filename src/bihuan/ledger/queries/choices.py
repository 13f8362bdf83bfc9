"""Who can be chosen: units that can be made answerable, leaders, owners."""

from datetime import date

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.ledger.models import Finding
from bihuan.ledger.queries.cascade import direct_subordinates
from bihuan.ledger.rules import CASCADE_LINES
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


def units_to_choose() -> QuerySet[Unit]:
    """Units that can be made answerable: those that exist today, without cities and populations."""
    return people.units().exclude(kind__in=("zone", "city", "population", "superior"))


def leaders_to_choose() -> QuerySet[Post]:
    """Posts that can be the leader answerable: held today by a role that approves extensions."""
    today = clock.today()
    codes = [post.pk for post in _current_posts(today) if "ledger.extend" in post.role.verbs]
    return Post.objects.filter(pk__in=codes).select_related("person", "unit")


def owners_to_choose() -> QuerySet[Post]:
    """Posts that can answer for the work of their unit."""
    today = clock.today()
    codes = [post.pk for post in _current_posts(today) if "ledger.submit" in post.role.verbs]
    return Post.objects.filter(pk__in=codes).select_related("person", "unit")


def _current_posts(day: date) -> QuerySet[Post]:
    return Post.objects.filter(people.valid_on(day)).select_related("role")


def subordinates_to_choose(finding: Finding) -> QuerySet[Unit]:
    """Units among which a finding can be split: directly below its lead unit, on its line."""
    if finding.lead_unit is None:
        return Unit.objects.none()
    found = Unit.objects.none()
    for line in [finding.line] if finding.line else CASCADE_LINES:
        found = found | direct_subordinates(finding.lead_unit, line)
    return found.distinct()
