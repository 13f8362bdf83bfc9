"""Questions about units and people, and the one question of permission: may this post do that?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import NotAllowed
from bihuan.base.text import plain
from bihuan.people import rules
from bihuan.people.models import Person, Post, Tie, Unit, UnitName


def valid_on(day: date) -> Q:
    """The condition that a dated row is valid on a day."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def units(day: date | None = None) -> QuerySet[Unit]:
    """Units that exist on a day (today unless told)."""
    return Unit.objects.filter(valid_on(day or clock.today()))


def posts_of(person: Person, day: date | None = None) -> QuerySet[Post]:
    """The posts a person holds on a day (today unless told)."""
    return person.posts.filter(valid_on(day or clock.today())).select_related(
        "unit", "role", "person"
    )


def superior(unit: Unit, line: str, day: date | None = None) -> Unit | None:
    """The unit directly above on one line, on a day."""
    tie = unit.ties_up.filter(valid_on(day or clock.today()), line=line).first()
    return tie.parent if tie else None


def subordinates(
    unit: Unit, *, lines: Iterable[str] = rules.CASCADE_LINES, day: date | None = None
) -> set[int]:
    """Ids of the unit and of all below it along the given lines, on a day."""
    ties = Tie.objects.filter(valid_on(day or clock.today()), line__in=list(lines))
    parents: dict[int, list[int]] = {}
    for child, parent in ties.values_list("child_id", "parent_id"):
        parents.setdefault(child, []).append(parent)
    return rules.below(unit.pk, parents)


def ancestors(unit: Unit, line: str, day: date | None = None) -> set[int]:
    """Ids of all units above on one line, on a day."""
    found: set[int] = set()
    above = superior(unit, line, day)
    while above is not None and above.pk not in found:
        found.add(above.pk)
        above = superior(above, line, day)
    return found


def unit_called(name: str) -> Unit | None:
    """The one unit that a written name means: code, name, former or short name; None if unclear."""
    wanted = plain(name)
    found = {u.pk: u for u in Unit.objects.all() if wanted in (plain(u.name), plain(u.code))}
    for alias in UnitName.objects.select_related("unit"):
        if plain(alias.name) == wanted:
            found[alias.unit_id] = alias.unit
    return next(iter(found.values())) if len(found) == 1 else None


@dataclass(frozen=True)
class Scope:
    """Where a post may do something: everywhere (`units is None`) or in these units only."""

    units: frozenset[int] | None

    def covers(self, unit_id: int) -> bool:
        return self.units is None or unit_id in self.units


NOWHERE = Scope(frozenset())


def scope(by: Post, verb: str) -> Scope:
    """Where this post may do this verb."""
    if verb not in by.role.verbs or not _holds(by):
        return NOWHERE
    match by.role.reach:
        case "zone":
            return Scope(None)
        case "subtree":
            return Scope(frozenset(subordinates(by.unit)))
        case _:
            return Scope(frozenset({by.unit_id}))


def may(by: Post, verb: str, *, at: Unit | None = None) -> bool:
    """可否：此任职可否对此单位做此事（`at` 为空时只问可否做此事）。"""
    where = scope(by, verb)
    if at is None:
        return where != NOWHERE
    return where.covers(at.pk)


def require(by: Post, verb: str, *, at: Unit | None = None) -> None:
    """Refuse unless `may`."""
    if not may(by, verb, at=at):
        raise NotAllowed(
            _("您现在以“%(post)s”的身份操作，没有这项权限。请换用有权限的任职，或联系管理员。")
            % {"post": by.label()}
        )


def _holds(by: Post) -> bool:
    today = clock.today()
    return (by.valid_from is None or by.valid_from <= today) and (
        by.valid_to is None or by.valid_to >= today
    )
