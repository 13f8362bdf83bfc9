"""Questions about figures and doubts: what counts now, what does not fit, who may see what."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.db.models import (
    Case,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from bihuan.base.text import plain
from bihuan.facts import frameworks, terms
from bihuan.facts.models import (
    Concern,
    Doubt,
    Framework,
    Indicator,
    Observation,
    Period,
    Submission,
    Term,
)
from bihuan.facts.world import Days, Figure, Meaning, World
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

# Units whose figures are published: everybody who may look at figures may look at theirs.
PUBLIC_KINDS = ("zone", "city", "population", "superior")
_AROUND = (
    "unit",
    "indicator__group__framework",
    "period",
    "base_period",
    "submission",
    "by__person",
    "by__unit",
)

EFFECTIVE = Q(submission__isnull=True) | Q(submission__state__in=terms.EFFECTIVE)


# What counts now --------------------------------------------------------------------------------


def current(unit: Unit | None = None) -> QuerySet[Observation]:
    """现行观测值：每个单位、指标、时期、口径的最新一版；草拟和退回的批次不算。"""
    # One look into the index of the one-version constraint for each row. The limit keeps
    # PostgreSQL from making a join of it, which without statistics may take minutes.
    newest = (
        Observation.objects.filter(
            EFFECTIVE,
            unit=OuterRef("unit"),
            indicator=OuterRef("indicator"),
            period=OuterRef("period"),
            scope_key=OuterRef("scope_key"),
        )
        .order_by("-version")
        .values("pk")[:1]
    )
    found = Observation.objects.filter(pk=Subquery(newest)).select_related(*_AROUND)
    if unit is not None:
        found = found.filter(unit=unit)
    return found.order_by("indicator__number", "indicator__code", "period__starts", "pk")


def visible_to(by: Post, found: QuerySet[Observation] | None = None) -> QuerySet[Observation]:
    """What this post may see: figures of its reach, and the published ones of the zone itself.

    Figures of a draft are for those who record figures.
    """
    if found is None:
        found = Observation.objects.select_related(*_AROUND)
    where = people.scope(by, "facts.view")
    if where.units is not None:
        found = found.filter(Q(unit__in=where.units) | Q(unit__kind__in=PUBLIC_KINDS))
        if where == people.NOWHERE:
            found = found.none()
    return found if people.may(by, "facts.record") else found.filter(EFFECTIVE)


def versions(observation: Observation) -> QuerySet[Observation]:
    """Every version of one figure, newest first."""
    return (
        Observation.objects.filter(
            unit=observation.unit_id,
            indicator=observation.indicator_id,
            period=observation.period_id,
            scope_key=observation.scope_key,
        )
        .select_related(*_AROUND)
        .order_by("-version")
    )


def newest(observation: Observation) -> Observation:
    """The version that a revision must start from."""
    return versions(observation)[0]


def series(code: str, unit: Unit) -> QuerySet[Observation]:
    """One indicator of one unit over the periods, oldest first."""
    return current(unit).filter(indicator__code=code).order_by("period__starts", "period__code")


def search(
    found: QuerySet[Observation],
    *,
    unit: Unit | None = None,
    indicator: Indicator | None = None,
    period: Period | None = None,
    text: str = "",
) -> QuerySet[Observation]:
    """Narrow a set of figures as the list's filters say."""
    for name, value in (("unit", unit), ("indicator", indicator), ("period", period)):
        if value is not None:
            found = found.filter(**{name: value})
    if text:
        found = found.filter(
            Q(indicator__name__icontains=text)
            | Q(indicator__name_en__icontains=text)
            | Q(scope__icontains=text)
            | Q(quote__icontains=text)
            | Q(source__icontains=text)
        )
    return found


# Doubts -----------------------------------------------------------------------------------------


def doubts_to_see(by: Post | None = None) -> QuerySet[Doubt]:
    """Every doubt with the figures it concerns: open ones first, the grave ones before the mild.

    With `by`, only those whose figures this post may see, every one of them.
    """
    concerns = Concern.objects.select_related(
        "observation__unit", "observation__indicator", "observation__period"
    ).order_by("pk")
    found = Doubt.objects.prefetch_related(Prefetch("concerns", concerns)).select_related(
        "settled_by__person", "settled_by__unit"
    )
    if by is not None:
        hidden = Concern.objects.exclude(observation__in=visible_to(by).values("pk"))
        found = found.exclude(pk__in=hidden.values("doubt"))
    return found.order_by(
        _ranked("state", terms.DOUBT_STATES), _ranked("severity", terms.SEVERITIES), "pk"
    )


def open_doubts() -> QuerySet[Doubt]:
    """Doubts that nobody has dealt with yet."""
    return Doubt.objects.filter(state="open")


def doubts_of(observation: Observation) -> QuerySet[Doubt]:
    """The doubts that a figure, in any of its versions, stands in."""
    about = versions(observation).values("pk")
    found = Concern.objects.filter(observation__in=about).values("doubt")
    return doubts_to_see().filter(pk__in=found)


def _ranked(field: str, words: Iterable[str]) -> Case:
    """An order by the place of a word in its table."""
    cases = [When(**{field: word}, then=Value(n)) for n, word in enumerate(words)]
    return Case(*cases, default=Value(99), output_field=IntegerField())


# Names ------------------------------------------------------------------------------------------


def known_terms() -> terms.Terms:
    """用语：原有的加上办公室自己登记的。"""
    return terms.known(Term.objects.values_list("kind", "word", "meaning", "currency"))


def indicator_codes() -> dict[str, str]:
    """Every folded name of an indicator → its code: stored names, known ones, other wordings."""
    names = dict(frameworks.NAMES)
    for name, code in Indicator.objects.values_list("name", "code"):
        names[plain(name)] = code
    for word, meaning in Term.objects.filter(kind="name").values_list("word", "meaning"):
        if plain(meaning) in names:
            names[plain(word)] = names[plain(meaning)]
    return names


def indicator_called(name: str) -> Indicator | None:
    """The indicator that a written name or code means."""
    code = indicator_codes().get(plain(name), name)
    return Indicator.objects.filter(code=code).first()


def unit_called(name: str) -> Unit | None:
    """The one unit that a written name means; an English page may leave out “City”."""
    found = people.unit_called(name)
    if found is not None or not name.strip():
        return found
    wanted = {plain(name), plain(f"{name} City"), plain(f"{name} Province")}
    named = [unit for unit in Unit.objects.exclude(name_en="") if plain(unit.name_en) in wanted]
    return named[0] if len(named) == 1 else None


def indicators() -> QuerySet[Indicator]:
    return Indicator.objects.select_related("group__framework", "bureau")


def all_frameworks() -> QuerySet[Framework]:
    return Framework.objects.prefetch_related("groups__indicators")


def submissions(by: Post) -> QuerySet[Submission]:
    """What was handed in, newest first; drafts only for those who record figures."""
    found = Submission.objects.select_related("unit", "by__person", "by__unit")
    where = people.scope(by, "facts.view")
    if where.units is not None:
        found = found.filter(unit__in=where.units)
    return found if people.may(by, "facts.record") else found.exclude(state="draft")


# For the rules ----------------------------------------------------------------------------------

_FIGURE = (
    "pk",
    "unit_id",
    "indicator_id",
    "period_id",
    "scope",
    "scope_key",
    "value",
    "places",
    "measure",
    "text",
    "change",
    "change_places",
    "change_kind",
    "change_text",
    "base_period_id",
    "approximate",
    "lower_bound",
    "year_inferred",
    "quote",
)


def world() -> World:
    """All current figures with what they mean, as the rules look at them: four queries."""
    rows = current().select_related(None).order_by("pk").values_list(*_FIGURE)
    figures = tuple(_as_printed(Figure(*row)) for row in rows.iterator(chunk_size=5000))
    days = {
        pk: Days(code, starts, assess, data)
        for pk, code, starts, assess, data in Period.objects.values_list(
            "pk", "code", "starts", "assess_year", "data_year"
        )
    }
    return World(figures, _meanings(), days, known_terms())


def _as_printed(figure: Figure) -> Figure:
    """The database pads 1202 to eight places; the rules see it as it was printed."""
    return replace(
        figure,
        value=_cut(figure.value, figure.places),
        change=_cut(figure.change, figure.change_places),
    )


def _cut(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1).scaleb(-places))


def _meanings() -> dict[int, Meaning]:
    """What each indicator measures. The whole is looked up by name, so order does not matter."""
    rows = list(Indicator.objects.all())
    codes, by_code = indicator_codes(), {one.code: one.pk for one in rows}
    by_name = {name: by_code[code] for name, code in codes.items() if code in by_code}
    wholes = {name: unit_called(name) for name in {one.of_whole for one in rows if one.of_whole}}
    return {one.pk: _meaning(one, by_name, wholes) for one in rows}


def _meaning(one: Indicator, by_name: dict[str, int], wholes: dict[str, Unit | None]) -> Meaning:
    whole_unit = wholes.get(one.of_whole)
    whole = one.whole_indicator_id or by_name.get(plain(one.denominator))
    part = one.part_indicator_id or by_name.get(plain(one.numerator))
    if part is None and plain(one.numerator) != plain(one.denominator):
        whole = None  # the part is another quantity that nobody has printed: nothing to divide
    return Meaning(
        one.numerator, one.denominator, whole_unit.pk if whole_unit else None, part, whole
    )
