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

from bihuan.base import clock
from bihuan.base.text import plain
from bihuan.facts import frameworks, terms
from bihuan.facts.models import (
    Concern,
    Doubt,
    Framework,
    Group,
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

    An indicator that names a verb is internal: its figures are for roles that hold the verb.
    Figures that do not count (drafted, sent back, dropped) are for those who record figures of
    that unit; those sent back also for those who judge submissions.
    """
    if found is None:
        found = Observation.objects.select_related(*_AROUND)
    where = people.scope(by, "facts.view")
    if where.units is not None:
        found = found.filter(Q(unit__in=where.units) | Q(unit__kind__in=PUBLIC_KINDS))
        if where == people.NOWHERE:
            found = found.none()
    found = found.filter(Q(indicator__verb="") | Q(indicator__verb__in=by.role.verbs))
    return found.filter(_seen_by(by, "unit", EFFECTIVE, Q(submission__state="returned")))


def _seen_by(by: Post, unit: str, everybody: Q, judges: Q) -> Q:
    """Which submissions one sees in their state: all of one's own, what was handed in by others."""
    seen = everybody
    for verb, also in (("facts.record", Q()), ("facts.accept", judges)):
        where = people.scope(by, verb)
        if where.units is None and not also:
            return Q()
        if where.units is None:
            seen |= also
        elif where.units:
            seen |= also & Q(**{f"{unit}__in": where.units})
    return seen


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
    """The version that a revision must start from.

    Of a figure that waits in a submission, the newest there; else the newest of those that count:
    what waits in somebody's draft does not stand in the way.
    """
    found = versions(observation)
    waiting = observation.submission
    if waiting is not None and waiting.state not in terms.EFFECTIVE:
        return found.filter(submission=waiting)[0]
    return found.filter(EFFECTIVE)[0]


def series(code: str, unit: Unit) -> QuerySet[Observation]:
    """One indicator of one unit over the periods, oldest first."""
    return current(unit).filter(indicator__code=code).order_by("period__starts", "period__code")


def search(
    found: QuerySet[Observation],
    *,
    unit: Unit | None = None,
    indicator: Indicator | None = None,
    period: Period | None = None,
    group: Group | None = None,
    doubted: bool = False,
    text: str = "",
) -> QuerySet[Observation]:
    """Narrow a set of figures as the list's filters say."""
    fields = {"unit": unit, "indicator": indicator, "period": period, "indicator__group": group}
    found = found.filter(**{name: value for name, value in fields.items() if value is not None})
    if doubted:
        about = Concern.objects.filter(doubt__state="open").values("observation")
        found = found.filter(pk__in=about)
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
    rows = Term.objects.filter(retired=False)
    return terms.known(rows.values_list("kind", "word", "meaning", "currency", "factor"))


def own_terms(*, kind: str = "", text: str = "") -> QuerySet[Term]:
    """用语：办公室自己登记的，停用的在后。"""
    found = Term.objects.order_by("retired", "kind", "word")
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(
            Q(word__icontains=text) | Q(meaning__icontains=text) | Q(note__icontains=text)
        )
    return found


def starting_terms(*, kind: str = "", text: str = "") -> list[tuple[str, str, str]]:
    """用语：房子原有的，(类别, 写法, 含义)。"""
    rows = [
        *(("unit", word, terms.DIMENSIONS[m.dimension]) for word, m in terms.MEASURES.items()),
        *(("measure", word, terms.FAMILIES[f]) for word, f in terms.MEASURE_WORDS.items()),
        *(("limit", word, "") for word in terms.LIMITS),
        *(("scope", word, meaning) for word, meaning in terms.SCOPES.items()),
    ]
    return [
        row
        for row in rows
        if kind in ("", row[0]) and (not text or text in row[1] or text in row[2])
    ]


def indicator_codes() -> dict[str, str]:
    """Every folded name of an indicator → its code: stored names, known ones, other wordings."""
    names = dict(frameworks.NAMES)
    for name, code in Indicator.objects.values_list("name", "code"):
        names[plain(name)] = code
    wordings = Term.objects.filter(kind="name", retired=False)
    for word, meaning in wordings.values_list("word", "meaning"):
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


def groups() -> QuerySet[Group]:
    """Every first-level group, by framework."""
    return Group.objects.select_related("framework").order_by("framework__code", "number", "pk")


def all_frameworks() -> QuerySet[Framework]:
    return Framework.objects.prefetch_related("groups__indicators")


# Submissions ------------------------------------------------------------------------------------


def submissions(by: Post) -> QuerySet[Submission]:
    """What was handed in, newest first; what is being filled only for those who record there."""
    found = Submission.objects.select_related(
        "unit", "period", "by__person", "by__unit", "submitted_by__person", "submitted_by__unit"
    )
    where = people.scope(by, "facts.view")
    if where.units is not None:
        found = found.filter(unit__in=where.units)
    handed_in = Q(state__in=terms.EFFECTIVE)
    return found.filter(_seen_by(by, "unit", handed_in, Q(state="returned")))


def narrowed(
    found: QuerySet[Submission],
    *,
    unit: Unit | None = None,
    period: Period | None = None,
    state: str = "",
) -> QuerySet[Submission]:
    """Narrow a set of submissions as the list's filters say."""
    for name, value in (("unit", unit), ("period", period), ("state", state)):
        if value:
            found = found.filter(**{name: value})
    return found


def being_filled(unit: Unit, period: Period) -> QuerySet[Submission]:
    """正在填的：草拟和退回的批次。"""
    return Submission.objects.filter(unit=unit, period=period, state__in=terms.FILLING)


def filled_by(submission: Submission) -> frozenset[int]:
    """Persons who opened this submission, put a figure into it, or handed it in."""
    posts = [post for post in (submission.by, submission.submitted_by) if post is not None]
    typed = submission.observations.filter(by__isnull=False).values_list("by__person_id", flat=True)
    return frozenset(typed.distinct()) | {post.person_id for post in posts}


def filling_of(by: Post, pk: str) -> Submission | None:
    """The submission of this number, if this post may still fill it."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return submissions(by).filter(pk=int(pk), state__in=terms.FILLING).first()


def likely(by: Post) -> dict[str, object]:
    """Whose figures and of which period this post will most likely hand in next: its own unit's,
    or the zone's; of the year that is over."""
    where = people.scope(by, "facts.record")
    zone = people.zone() if where.units is None else None
    return {"unit": (zone or by.unit).pk, "period": str(clock.today().year - 1)}


def last_figures(unit: Unit) -> QuerySet[Observation]:
    """Of every series of a unit the figure of its latest period: what a form is laid out by."""
    later = Observation.objects.filter(
        EFFECTIVE,
        unit=unit,
        indicator=OuterRef("indicator"),
        scope_key=OuterRef("scope_key"),
    ).order_by("-period__starts", "-version", "-pk")
    return current(unit).filter(pk=Subquery(later.values("pk")[:1]), indicator__verb="")


def of_submission(submission: Submission) -> QuerySet[Observation]:
    """The figures of a submission as they stand: each in its newest version there."""
    newest = (
        Observation.objects.filter(
            submission=submission,
            indicator=OuterRef("indicator"),
            unit=OuterRef("unit"),
            period=OuterRef("period"),
            scope_key=OuterRef("scope_key"),
        )
        .order_by("-version")
        .values("pk")[:1]
    )
    found = Observation.objects.filter(submission=submission, pk=Subquery(newest))
    return found.select_related(*_AROUND).order_by("indicator__number", "indicator__code", "pk")


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
