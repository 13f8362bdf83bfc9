"""Questions about units and people, and the one question of permission: may this post do that?"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import NotAllowed
from bihuan.base.text import plain
from bihuan.people import rules
from bihuan.people.models import Account, Person, Post, Role, Tie, Unit, UnitName


def valid_on(day: date) -> Q:
    """The condition that a dated row is valid on a day."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def units(day: date | None = None) -> QuerySet[Unit]:
    """Units that exist on a day (today unless told)."""
    return Unit.objects.filter(valid_on(day or clock.today()))


def zone() -> Unit | None:
    """The zone that this house runs: the one unit of kind 开发区 at the top of the register."""
    return Unit.objects.filter(kind="zone").order_by("pk").first()


def posts_of(person: Person, day: date | None = None) -> QuerySet[Post]:
    """The posts a person holds on a day (today unless told)."""
    return person.posts.filter(valid_on(day or clock.today())).select_related(
        "unit", "role", "person"
    )


def acting(username: str, role: str = "") -> Post:
    """The post in which an account acts where nobody chooses one: its first, or its first in a
    role. Raises Account.DoesNotExist, Post.DoesNotExist."""
    account = Account.objects.get(username=username, is_active=True)
    held = posts_of(account.person).order_by("pk")
    found = (held.filter(role__code=role) if role else held).first()
    if found is None:
        raise Post.DoesNotExist
    return found


def superior(unit: Unit, line: str, day: date | None = None) -> Unit | None:
    """The unit directly above on one line, on a day."""
    tie = unit.ties_up.filter(valid_on(day or clock.today()), line=line).first()
    return tie.parent if tie else None


# One request asks about the same tree many times. It is kept for the length of one request only,
# and not even that long once a tie was written (`forget_ties`): never an old answer after a move.
_Ties = list[tuple[int, int, str]]
_kept: ContextVar[dict[date, _Ties] | None] = ContextVar("ties_kept", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside this block the tree of a day costs one query: one request, mostly."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def forget_ties() -> None:
    """From here to the end of the block every question goes to the database again."""
    _kept.set(None)


def _ties(day: date) -> _Ties:
    """Every relation of a day: child, parent, line."""
    kept = _kept.get()
    if kept is not None and day in kept:
        return kept[day]
    rows = Tie.objects.filter(valid_on(day)).order_by("pk")
    found = list(rows.values_list("child_id", "parent_id", "line"))
    if kept is not None:
        kept[day] = found
    return found


def _superiors(lines: Iterable[str], day: date | None) -> dict[int, list[int]]:
    """Every tied unit with those directly above it, on these lines and that day."""
    chosen = frozenset(lines)
    found: dict[int, list[int]] = {}
    for child, parent, line in _ties(day or clock.today()):
        if line in chosen:
            found.setdefault(child, []).append(parent)
    return found


def subordinates(
    unit: Unit, *, lines: Iterable[str] = rules.CASCADE_LINES, day: date | None = None
) -> frozenset[int]:
    """Ids of the unit and of all below it along the given lines, on a day."""
    return frozenset(rules.below(unit.pk, _superiors(lines, day)))


def above(
    units: Iterable[int], *, lines: Iterable[str] = rules.CASCADE_LINES, day: date | None = None
) -> frozenset[int]:
    """Ids of these units and of all above them along the given lines, on a day."""
    return frozenset(rules.above(units, _superiors(lines, day)))


def unit_called(name: str, day: date | None = None) -> Unit | None:
    """The one unit that a written name means: code, name, former or short name; None if unclear.

    A name that a merged unit left to its successor means the successor from then on: among several
    units the one that exists on the day (today unless told) is meant.
    """
    wanted, today = plain(name), day or clock.today()
    found = {u.pk: u for u in Unit.objects.all() if wanted in (plain(u.name), plain(u.code))}
    for alias in UnitName.objects.select_related("unit"):
        begun = alias.valid_from is None or alias.valid_from <= today
        if begun and plain(alias.name) == wanted:
            found[alias.unit_id] = alias.unit
    if len(found) > 1:
        found = {pk: unit for pk, unit in found.items() if holds(unit, today)}
    return next(iter(found.values())) if len(found) == 1 else None


def holds(thing: Unit | Post | Tie | UnitName, day: date | None = None) -> bool:
    """Is this dated row valid on a day (today unless told)? `valid_on` for one row in hand."""
    today = day or clock.today()
    return (thing.valid_from is None or thing.valid_from <= today) and (
        thing.valid_to is None or thing.valid_to >= today
    )


@dataclass(frozen=True)
class Standing:
    """One unit as it stood on a day: its name then, its place in the tree, who answers for it."""

    unit: Unit
    name: str
    depth: int
    tied: bool
    owner: Post | None
    names: tuple[UnitName, ...]


def register(line: str, day: date | None = None) -> list[Standing]:
    """机构名册：某日某条线上的机构树，列成表；不在这条线上的单位列在最后。"""
    on = day or clock.today()
    there = {unit.pk: unit for unit in units(on)}
    parents = {child: above[0] for child, above in _superiors([line], on).items()}
    names, owners = _names_of(there), _owners(on)
    return [
        Standing(
            there[branch.unit],
            _name_on(there[branch.unit], names.get(branch.unit, []), on),
            branch.depth,
            branch.tied,
            owners.get(branch.unit),
            tuple(names.get(branch.unit, ())),
        )
        for branch in rules.as_list(there, parents)
    ]


def units_like(text: str, day: date | None = None) -> list[Standing]:
    """Units whose code, name, former or short name contains a text; ended ones too."""
    on, wanted = day or clock.today(), plain(text)
    everyone = {unit.pk: unit for unit in Unit.objects.all()}
    names, owners = _names_of(everyone), _owners(on)
    found = []
    for unit in everyone.values():
        known = names.get(unit.pk, [])
        words = (unit.code, unit.name, unit.name_en, *(alias.name for alias in known))
        if any(wanted in plain(word) for word in words):
            name = _name_on(unit, known, on)
            found.append(Standing(unit, name, 0, True, owners.get(unit.pk), tuple(known)))
    return found


def _names_of(units: Iterable[int]) -> dict[int, list[UnitName]]:
    names: dict[int, list[UnitName]] = {}
    for alias in UnitName.objects.order_by("valid_to", "pk"):
        names.setdefault(alias.unit_id, []).append(alias)
    return {unit: names[unit] for unit in units if unit in names}


def _owners(day: date) -> dict[int, Post]:
    held = Post.objects.filter(valid_on(day), primary_owner=True)
    return {post.unit_id: post for post in held.select_related("person", "unit")}


def _name_on(unit: Unit, names: Iterable[UnitName], day: date) -> str:
    """What the unit was called on a day: the former name that was still valid, else today's."""
    former = (n for n in names if n.kind == "former" and n.valid_to and holds(n, day))
    return next((name.name for name in former), "") or unit.label()


def persons_like(text: str = "") -> QuerySet[Person]:
    """Persons whose name contains a text, with their posts; everyone if nothing is asked."""
    found = Person.objects.order_by("name", "pk").prefetch_related(
        "posts__unit", "posts__role", "account"
    )
    if text := text.strip():
        found = found.filter(Q(name__icontains=text) | Q(name_en__icontains=text))
    return found


def accounts_like(text: str = "") -> QuerySet[Account]:
    """Accounts whose name or person contains a text; all if nothing is asked."""
    found = Account.objects.select_related("person").order_by("username")
    if text := text.strip():
        found = found.filter(Q(username__icontains=text) | Q(person__name__icontains=text))
    return found


def account_of(person: Person) -> Account | None:
    """The account of a person, if there is one."""
    return Account.objects.select_related("person").filter(person=person).first()


def roles_held(day: date | None = None) -> list[tuple[Role, int]]:
    """Every role with the number of posts that hold it on a day."""
    held = Post.objects.filter(valid_on(day or clock.today())).order_by().values_list("role")
    numbers = dict(held.annotate(n=Count("pk")))
    return [(role, numbers.get(role.pk, 0)) for role in Role.objects.all()]


def posts_to_end(thing: Unit | Person) -> QuerySet[Post]:
    """Posts of a unit or a person that are not over yet."""
    going_on = Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today())
    return thing.posts.filter(going_on).select_related("person", "unit", "role")


def ties_to_end(unit: Unit) -> QuerySet[Tie]:
    """Relations upwards that are not over yet."""
    going_on = Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today())
    return unit.ties_up.filter(going_on).select_related("parent")


def sign_in_limits() -> rules.SignInLimits:
    """登录限制：闲置时间由 BIHUAN_SESSION_IDLE 决定，其余照规则。"""
    return rules.SignInLimits(idle=timedelta(minutes=settings.SESSION_IDLE))


@dataclass(frozen=True)
class Scope:
    """Where a post may do something: everywhere (`units is None`) or in these units only."""

    units: frozenset[int] | None

    def covers(self, unit_id: int) -> bool:
        return self.units is None or unit_id in self.units


NOWHERE = Scope(frozenset())


def scope(by: Post, verb: str) -> Scope:
    """Where this post may do this verb."""
    if verb not in by.role.verbs or not holds(by):
        return NOWHERE
    match by.role.reach:
        case "zone":
            return Scope(None)
        case "subtree":
            return Scope(subordinates(by.unit))
        case _:
            return Scope(frozenset({by.unit_id}))


def may_for(by: Post, verb: str, person: Person) -> bool:
    """可否对此人做此事：此人现有的任职须全部在范围之内，以免由一处任职够到别处的权限。"""
    where = scope(by, verb)
    if where == NOWHERE or where.units is None:
        return where != NOWHERE
    return all(where.covers(post.unit_id) for post in posts_of(person))


def may(by: Post, verb: str, *, at: Unit | None = None) -> bool:
    """可否：此任职可否对此单位做此事（`at` 为空时只问可否做此事）。"""
    where = scope(by, verb)
    if at is None:
        return where != NOWHERE
    return where.covers(at.pk)


def require(by: Post, verb: str, *, at: Unit | None = None) -> None:
    """Refuse unless `may`."""
    if not may(by, verb, at=at):
        raise not_allowed(by)


def not_allowed(by: Post) -> NotAllowed:
    """The sentence for whoever may not."""
    return NotAllowed(
        _("您现在以“%(post)s”的身份操作，没有这项权限。请换用有权限的任职，或联系管理员。")
        % {"post": by.label()}
    )
