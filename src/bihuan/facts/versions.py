"""Versions of one figure: when two say the same, and what the next one is. Nothing is written."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import plain, shorten
from bihuan.exchange.page import places, storable
from bihuan.facts import intake, queries, reading
from bihuan.facts.models import Indicator, Observation, Period, Submission
from bihuan.facts.terms import Terms

# What a version says, apart from which figure it is of: what a revision may change.
REVISABLE = (
    "value",
    "text",
    "measure",
    "as_of",
    "approximate",
    "lower_bound",
    "change",
    "change_unit",
    "change_kind",
    "change_text",
    "base_period",
    "quote",
    "source",
    "to_verify",
    "year_inferred",
    "note",
)
# Notes, names of sources and inferences may be worded anew without making another figure.
_SAID = (
    "value",
    "places",
    "text",
    "measure",
    "as_of",
    "approximate",
    "lower_bound",
    "change",
    "change_places",
    "change_unit",
    "change_kind",
    "to_verify",
)
Key = tuple[int, int, int, str]
Held = Mapping[Key, tuple[Observation | None, int]]


def key(one: Observation) -> Key:
    """Which figure it is, whatever its version."""
    return one.unit_id, one.indicator_id, one.period_id, one.scope_key


def sized(one: Observation, terms: Terms) -> Observation:
    """The observation with what follows from what it says: printed digits, currency."""
    one.value, one.places = _digits(one.value)
    one.change, one.change_places = _digits(one.change)
    measure = terms.measures.get(one.measure)
    one.currency = measure.currency if measure else ""
    return one


def _digits(value: Decimal | None) -> tuple[Decimal | None, int]:
    if value is None:
        return None, 0
    printed = places(value)
    return value.quantize(Decimal(1).scaleb(-printed)), printed


def printed(value: Decimal | None, digits: int) -> Decimal | None:
    """A stored number with the digits it was printed with."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-digits))


def same(before: Observation, after: Observation, *, quoted: bool = True) -> bool:
    """Is it the same figure in the same words?"""
    if any(getattr(before, name) != getattr(after, name) for name in _SAID):
        return False
    if _code(before.base_period) != _code(after.base_period):
        return False
    return not quoted or plain(before.quote) == plain(after.quote)


def _code(period: Period | None) -> str:
    """A period not stored yet has a code and no key."""
    return period.code if period else ""


def differences(before: Observation, after: Observation) -> dict[str, tuple[object, object]]:
    """What a revision changed, for the audit: numbers as printed."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in REVISABLE}
    pairs["value"] = (printed(before.value, before.places), printed(after.value, after.places))
    pairs["change"] = (
        printed(before.change, before.change_places),
        printed(after.change, after.change_places),
    )
    return {
        name: (_plain(a), _plain(b)) for name, (a, b) in pairs.items() if _plain(a) != _plain(b)
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool) else str(value)


def following(before: Observation, last: int) -> Observation:
    """A copy of a version, to be changed and stored as the next one."""
    fields = ("unit", "indicator", "period", "scope", "scope_key", "kind", *REVISABLE)
    one = Observation(**{name: getattr(before, name) for name in fields}, version=last + 1)
    one.value = printed(before.value, before.places)
    one.change = printed(before.change, before.change_places)
    return one


def held(
    rows: Iterable[reading.Row], indicators: Mapping[str, Indicator], periods: Mapping[str, Period]
) -> Held:
    """For each figure already there: the version that counts, and the highest version number."""
    about = {
        "unit__in": {row.unit.pk for row in rows if row.unit},
        "indicator__in": {one.pk for one in indicators.values()},
        "period__in": {one.pk for one in periods.values()},
    }
    highest = (
        Observation.objects.filter(**about)
        .order_by()
        .values_list("unit_id", "indicator_id", "period_id", "scope_key")
        .annotate(last=Max("version"))
    )
    counting = {key(one): one for one in queries.current().filter(**about)}
    return {
        (unit, indicator, period, scope): (counting.get((unit, indicator, period, scope)), last)
        for unit, indicator, period, scope, last in highest
    }


def placed(
    row: reading.Row,
    submission: Submission,
    indicators: Mapping[str, Indicator],
    periods: Mapping[str, Period],
    there: Held,
    terms: Terms,
) -> tuple[Observation, Observation | None]:
    """The stored figure if the file says the same; else the next version, and the one before."""
    fact, indicator = row.fact, indicators[row.plan.code]
    assert row.unit is not None  # a clean reading has a unit for every row
    one = Observation(
        unit=row.unit,
        indicator=indicator,
        period=periods[fact.period.code],
        scope=row.scope,
        scope_key=row.scope_key,
        value=fact.value,
        text=fact.text,
        measure=fact.measure,
        kind=indicator.kind,
        as_of=reading.moment(fact.period),
        approximate=fact.approximate,
        lower_bound=fact.lower_bound,
        change=fact.change,
        change_unit=fact.change_unit,
        change_kind=fact.change_kind,
        change_text=fact.change_text,
        base_period=periods[fact.base_period.code] if fact.base_period else None,
        quote=fact.quote,
        source=fact.source or shorten(submission.title, 300),
        to_verify=fact.to_verify,
        year_inferred=fact.year_inferred,
        note=fact.note,
        submission=submission,
        by=submission.by,
    )
    sized(one, terms)
    before, last = there.get(key(one), (None, 0))
    # A figure told beside a check has no quote of its own: the words are those of the checker.
    if before is not None and same(before, one, quoted=not fact.source):
        return before, None
    one.version = last + 1
    if one.version > 1:
        one.reason = _("文件更新：%(name)s") % {"name": submission.file_name}
    return one, before


def draft(one: Observation, where: str = "") -> intake.Draft:
    """A figure that somebody types, as the rules of intake look at it."""
    name = one.indicator.name
    base = one.base_period
    return intake.Draft(
        where=where or one.indicator.label(),
        value=one.value,
        text=one.text or one.change_text,
        measure=one.measure,
        quote=one.quote,
        share=intake.is_share(name, one.indicator.numerator, one.indicator.denominator),
        indicator_measure=one.indicator.measure,
        change=one.change,
        change_kind=one.change_kind,
        change_unit=one.change_unit,
        starts=one.period.starts,
        ends=one.period.ends,
        base_starts=base.starts if base else None,
        period=one.period.label,
        base_period=base.label if base else "",
    )


def faults(one: Observation, known: Terms, where: str = "") -> list[str]:
    """Every reason why a figure that somebody typed cannot be let in; `where` names its row."""
    found: list[tuple[str, Mapping[str, str]]] = []
    for field, number in (("value", one.value), ("change", one.change)):
        if number is not None and not (number.is_finite() and storable(number)):
            params = {"field": field, "found": f"{number:.6E}"}
            found.append(("number_too_long", {"id": where or one.indicator.label(), **params}))
    if not found:
        drawn = intake.faults(draft(one, where), known, clock.today())
        found = [(fault.code, fault.params) for fault in drawn]
    told = (reading.sentence(code, params, of_file=False) for code, params in found)
    return list(dict.fromkeys(told))
