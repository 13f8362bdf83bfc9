"""What is stored, as the check of a text looks at it."""

from collections.abc import Sequence
from decimal import Decimal

from bihuan.base.text import plain
from bihuan.facts import frameworks, words
from bihuan.facts import queries as facts
from bihuan.facts.models import Doubt, Observation
from bihuan.people.models import Unit
from bihuan.press import rules
from bihuan.press.models import Release
from bihuan.press.queries import things

MEASURE_WORDS = "measure_words"  # revenue over output value: no true share


def checked(text: str, about: Sequence[rules.Known] = ()) -> rules.Checked:
    """检查一篇文字：每个数与公开的存数比对；`about` 是所说那件事自己的数。

    Figures that only some roles may see are never compared with: a difference would tell them.
    """
    known, doubts = stored()
    return rules.check(text, [*known, *about], doubts, _dimensions())


def release_checked(release: Release) -> tuple[rules.Checked, dict[int, rules.Known]]:
    """The text of a release against what is stored, and the figures of what it tells of."""
    about = things.figures(release.thing_type, release.thing_id)
    return checked(release.text, about), {one.pk: one for one in about}


def _dimensions() -> dict[str, str]:
    return {word: one.dimension for word, one in facts.known_terms().measures.items()}


def stored() -> tuple[list[rules.Known], list[rules.Doubted]]:
    """Every current public figure, and the doubts about them."""
    rows = facts.current().filter(indicator__verb="")
    rows = rows.select_related("indicator", "unit", "period", "base_period").order_by("pk")
    aliases = _aliases()
    own = _own()
    known = [_known(one, aliases, own) for one in rows]
    doubts = facts.doubts_to_see().prefetch_related("concerns__observation__period")
    told = [_doubted(one, own) for one in doubts if one.state != "settled"]
    return known, [one for one in told if one.about]


def _aliases() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, code in facts.indicator_codes().items():
        found.setdefault(code, []).append(name)
    for code, names in frameworks.ALIASES.items():
        found.setdefault(code, []).extend(plain(name) for name in names)
    return {code: tuple(dict.fromkeys(names)) for code, names in found.items()}


def _known(
    one: Observation, aliases: dict[str, tuple[str, ...]], own: frozenset[int]
) -> rules.Known:
    years = {one.period.data_year, one.period.starts.year} - {None}
    return rules.Known(
        pk=one.pk,
        name=one.indicator.name,
        names=(one.indicator.name, *aliases.get(one.indicator.code, ())),
        units=(one.unit.name,),
        period=words.period(one.period),
        years=tuple(sorted(year for year in years if year)),
        measure=one.measure,
        kind=one.kind,
        value=_cut(one.value, one.places),
        places=one.places,
        change=_cut(one.change, one.change_places),
        change_places=one.change_places,
        change_kind=one.change_kind,
        scope=one.scope,
        lower_bound=one.lower_bound,
        quote=one.quote,
        own=one.unit_id in own,
    )


def _cut(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1).scaleb(-places))


def _own() -> frozenset[int]:
    """The zone, what belongs to it, and the population it is ranked in."""
    others = ("superior", "city")
    return frozenset(Unit.objects.exclude(kind__in=others).values_list("pk", flat=True))


def _doubted(one: Doubt, own: frozenset[int]) -> rules.Doubted:
    return rules.Doubted(
        words.title(one),
        words.working(one),
        frozenset(
            concern.observation_id
            for concern in one.concerns.all()
            if concern.observation.unit_id in own
        ),
        conflict=one.severity == "conflict" or one.rule == MEASURE_WORDS,
    )
