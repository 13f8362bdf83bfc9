"""Questions about schemes, versions and opinions: what is where, what was touched, what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, QuerySet

from bihuan.base import clock
from bihuan.designs import rules
from bihuan.designs.models import (
    Aspect,
    Comparison,
    Opinion,
    Reply,
    Scheme,
    SchemeFile,
    SchemeVersion,
)
from bihuan.designs.queries import seeing
from bihuan.exchange import drawings
from bihuan.files import store
from bihuan.ledger import queries as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.projects import queries as projects
from bihuan.projects.models import Project


def newest(scheme: Scheme) -> SchemeVersion | None:
    """The latest version, if any was brought."""
    return scheme.versions.order_by("-number").first()


def files(version: SchemeVersion) -> list[SchemeFile]:
    """The files of a version in their order."""
    return list(version.files.select_related("kept"))


def leaf(version: SchemeVersion, page: int) -> tuple[SchemeFile, int]:
    """The file that holds a page of the version, and its number there from 0."""
    for file in files(version):
        if file.first <= page < file.first + file.pages:
            return file, page - file.first
    raise LookupError(page)


def bytes_of(file: SchemeFile) -> Path:
    """Where the bytes of a file lie."""
    return store.path(file.kept.digest)


def paths(version: SchemeVersion) -> list[Path]:
    """Where the bytes of a version lie, in order."""
    return [bytes_of(file) for file in files(version)]


def opinions(scheme: Scheme) -> list[Opinion]:
    """All opinions on a scheme with what their lists show, in the order of their numbers."""
    found = scheme.opinions.select_related("aspect", "unit", "version", "by__person", "by__unit")
    return list(found.prefetch_related("replies__settled_in"))


def reply(opinion: Opinion) -> Reply | None:
    """The answer that holds: the last one given."""
    given = list(opinion.replies.all())  # may have been prefetched
    return given[-1] if given else None


def counts(schemes: Iterable[Scheme]) -> dict[int, dict[str, int]]:
    """How many opinions stand in which state, by scheme."""
    rows = (
        Opinion.objects.filter(scheme__in=list(schemes))
        .order_by()
        .values_list("scheme", "state")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for scheme, state, n in rows:
        found.setdefault(scheme, {})[state] = n
    return found


def aspects() -> QuerySet[Aspect]:
    """Aspects that can be chosen."""
    return Aspect.objects.filter(in_use=True)


# What changed between versions ----------------------------------------------------------------


def comparison(older: SchemeVersion, newer: SchemeVersion) -> Comparison | None:
    """The comparison of two versions, worked out or on the way."""
    found = Comparison.objects.select_related("job", "older__scheme", "newer__scheme")
    return found.filter(older=older, newer=newer).first()


def looks(found: Comparison) -> list[drawings.Look]:
    """The pairs of pages of a comparison; none while it is being worked out."""
    return [drawings.look(pair) for pair in found.pairs or ()]


@dataclass(frozen=True)
class Touch:
    """What became of the place of an opinion: `page` in the newer version (None: removed), and the
    share of its cells that changed; words count where the whole page is meant."""

    page: int | None
    share: float

    @property
    def untouched(self) -> bool:
        return self.page is not None and self.share == 0


def touch(opinion: Opinion, seen: Sequence[drawings.Look]) -> Touch | None:
    """What the newer version did to the place of an opinion; None if it is pinned to no page."""
    if opinion.page is None:
        return None
    pair = next((look for look in seen if look.old == opinion.page), None)
    if pair is None or pair.new is None:
        return Touch(None, 1.0)
    region = opinion.region()
    if region is None:
        # Of a whole page any change counts, however small, and so does any changed word.
        changed = bool(pair.mask or pair.gone or pair.come)
        return Touch(pair.new, 1.0 if changed else 0.0)
    return Touch(pair.new, drawings.share_under(pair.mask, pair.rows, pair.columns, region.floats))


@dataclass(frozen=True)
class Untouched:
    """An opinion that was taken up although its place looks the same in the settling version."""

    opinion: Opinion
    reply: Reply
    page: int


def untouched(scheme: Scheme, found: Sequence[Opinion] | None = None) -> list[Untouched]:
    """说采纳、图上没动的意见：落实的版本里，框选的地方与原来一样。

    Only where the two versions have been compared; what is pinned to no page cannot be told.
    """
    seen: dict[tuple[int, int], list[drawings.Look]] = {}
    for one in Comparison.objects.filter(newer__scheme=scheme, pairs__isnull=False):
        seen[one.older_id, one.newer_id] = looks(one)
    listed = []
    for opinion in found if found is not None else opinions(scheme):
        answer = reply(opinion)
        if answer is None or answer.settled_in is None or opinion.state == "withdrawn":
            continue
        pair = seen.get((opinion.version_id, answer.settled_in.pk))
        told = touch(opinion, pair) if pair is not None else None
        if told is not None and told.untouched and told.page is not None:
            listed.append(Untouched(opinion, answer, told.page))
    return listed


def wanted_pairs(scheme: Scheme) -> list[tuple[SchemeVersion, SchemeVersion]]:
    """Pairs of versions that answers speak of and that nobody has compared yet."""
    known = set(Comparison.objects.filter(newer__scheme=scheme).values_list("older_id", "newer_id"))
    found = {}
    for opinion in opinions(scheme):
        answer = reply(opinion)
        if answer and answer.settled_in and opinion.version_id != answer.settled_in_id:
            key = (opinion.version_id, answer.settled_in.pk)
            if key not in known:
                found[key] = (opinion.version, answer.settled_in)
    return list(found.values())


# Into the ledger, and choices -------------------------------------------------------------------


def finding_of(opinion: Opinion) -> Finding | None:
    """The finding that was raised from an opinion."""
    return ledger.of_origin(opinion).first()


def not_taken_up(opinion: Opinion) -> bool:
    """未采纳：答复不采纳，或说采纳而核实退回，或过了期限还没有答复。"""
    answer = reply(opinion)
    if opinion.state == "returned" or (answer is not None and answer.decision == "rejected"):
        return True
    due = opinion.scheme.due
    return opinion.state == "open" and due is not None and due < clock.today()


def projects_to_choose(by: Post) -> QuerySet[Project]:
    """Projects that this post sees."""
    return projects.visible_to(by)


def units_to_choose() -> QuerySet[Unit]:
    """Units that can be asked or that answer."""
    return ledger.units_to_choose()


def chairs_to_choose() -> QuerySet[Post]:
    """Posts that can chair."""
    return ledger.leaders_to_choose()


def posts_to_choose() -> QuerySet[Post]:
    """Posts that can attend: everybody who holds one today."""
    held = Post.objects.filter(people.valid_on(clock.today()))
    return held.exclude(role__code__in=("admin", "security", "auditor")).select_related(
        "person", "unit"
    )


def waiting_for(by: Post, found: Sequence[Scheme]) -> dict[int, int]:
    """How many opinions wait for this post in each scheme: to be answered, or to be verified."""
    rows = Opinion.objects.filter(scheme__in=list(found), state__in=rules.WAITING)
    waiting: dict[int, int] = {}
    for opinion in rows.select_related("scheme__designer", "unit"):
        answers = opinion.state in rules.UNANSWERED
        if seeing.answers_for(by, opinion.scheme) if answers else seeing.wrote(by, opinion):
            waiting[opinion.scheme_id] = waiting.get(opinion.scheme_id, 0) + 1
    return waiting
