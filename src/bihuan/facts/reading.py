"""What a file would bring: its rows resolved to units and indicators, and every fault at once.

Nothing is written here; `services.import_file` stores what this reads, the import page shows it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import plain, shorten
from bihuan.exchange import page
from bihuan.exchange.span import Span
from bihuan.facts import frameworks, intake, queries
from bihuan.facts.frameworks import IndicatorPlan
from bihuan.facts.models import Indicator
from bihuan.facts.terms import Terms
from bihuan.people.models import Unit

MOST_TOLD = 200
# Where the reader already found a fault in a fact, these would only repeat it in other words.
_FOLLOW_ON = frozenset({"no_value", "no_unit", "missing"})


@dataclass(frozen=True)
class Row:
    """One figure of a file, with the unit and the indicator it is of."""

    fact: page.Fact
    unit: Unit | None
    plan: IndicatorPlan
    scope: str
    scope_key: str

    @property
    def key(self) -> tuple[int | None, str, str, str]:
        """What makes two rows the same figure."""
        return (
            self.unit.pk if self.unit else None,
            self.plan.code,
            self.fact.period.code,
            self.scope_key,
        )


@dataclass(frozen=True)
class Reading:
    """A whole file: rows if there is no fault, else every fault in a sentence of its own."""

    parsed: page.Parsed
    rows: tuple[Row, ...]
    sentences: tuple[str, ...]
    unmatched: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return not self.sentences


def read(content: bytes, subjects: Mapping[str, str] | None = None) -> Reading:
    """The file as it would be stored. `subjects` says which unit a name means: {name: code}."""
    parsed = page.read(content)
    terms, codes = queries.known_terms(), queries.indicator_codes()
    told, mapping_faults = _told(subjects or {})
    names = dict.fromkeys(fact.subject for fact in parsed.facts if fact.subject)
    units = {name: told.get(name) or queries.unit_called(name) for name in names}
    stored = {one.code: one for one in Indicator.objects.all()}
    rows = tuple(_row(fact, units, codes, stored, terms) for fact in parsed.facts)
    rows, doubled = _once(rows)
    lame = {fault.params.get("id") for fault in parsed.faults}
    found: list[tuple[str, Mapping[str, str]]] = [(f.code, f.params) for f in parsed.faults]
    found += mapping_faults
    for row in rows:
        found += [
            (fault.code, fault.params)
            for fault in intake.faults(draft(row), terms, clock.today())
            if not (row.fact.id in lame and fault.code in _FOLLOW_ON)
        ]
    unmatched = tuple(name for name, unit in units.items() if unit is None)
    for name in unmatched:
        where = _listed(row.fact.id for row in rows if row.fact.subject == name)
        found.append(("unknown_subject", {"id": where, "found": name}))
    found += doubled
    return Reading(parsed, rows, _in_words(found), unmatched)


def _in_words(found: Iterable[tuple[str, Mapping[str, str]]]) -> tuple[str, ...]:
    """Each fault once; of a file that is wrong throughout only so many as somebody will read."""
    sentences = list(dict.fromkeys(sentence(code, params) for code, params in found))
    if len(sentences) > MOST_TOLD:
        more = {"more": str(len(sentences) - MOST_TOLD)}
        sentences[MOST_TOLD:] = [sentence("more", more)]
    return tuple(sentences)


def _told(subjects: Mapping[str, str]) -> tuple[dict[str, Unit], list[tuple[str, dict[str, str]]]]:
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=list(subjects.values()))}
    known = {name: units[code] for name, code in subjects.items() if code in units}
    faults = [
        ("unknown_mapping", {"name": name, "found": code})
        for name, code in subjects.items()
        if code not in units
    ]
    return known, faults


def sentence(code: str, params: Mapping[str, str], *, of_file: bool = True) -> str:
    """A fault in the reader's language, its field named as the office names it.

    A JSON file names its fields in English: `of_file` adds that name in brackets.
    """
    words = dict(params)
    if (field := words.get("field", "")) in intake.FIELDS:
        name = _(intake.FIELDS[field])
        words["field"] = (
            _("%(name)s（%(field)s）") % {"name": name, "field": field} if of_file else name
        )
    return _(intake.SENTENCES[code]) % words


def _row(
    fact: page.Fact,
    units: Mapping[str, Unit | None],
    codes: Mapping[str, str],
    stored: Mapping[str, Indicator],
    terms: Terms,
) -> Row:
    # The office's own wording of a scope, where it has one: an English page brings the same scope.
    scope = shorten(terms.scopes.get(plain(fact.scope), fact.scope), 200)
    return Row(
        replace(fact, scope=scope),
        units.get(fact.subject),
        plan_of(fact, codes, stored, terms),
        scope,
        shorten(terms.scope_key(fact.scope), 200),
    )


def plan_of(
    fact: page.Fact, codes: Mapping[str, str], stored: Mapping[str, Indicator], terms: Terms
) -> IndicatorPlan:
    """The indicator a fact is of: the stored one, a known one, or a new one after its name."""
    name = plain(fact.indicator)
    code = codes.get(name) or codes.get(plain(fact.indicator_en)) or ""
    if code in stored:
        one = stored[code]
        return IndicatorPlan(
            code, one.name, one.name_en, one.measure, one.kind, one.direction, one.numerator
        )
    share = intake.named_share(fact.indicator)
    known = frameworks.INDICATORS.get(code)
    if known is None:
        kind = kind_of(fact.measure, fact.period.kind, fact.value, terms)
        code = code_of(fact.indicator)
        known = IndicatorPlan(code, fact.indicator, measure=fact.measure, kind=kind)
    return replace(
        known,
        name_en=fact.indicator_en or known.name_en,
        group=fact.group,
        numerator=share.numerator if share else "",
        denominator=share.denominator if share else "",
        of_whole=share.of_whole if share else "",
    )


def code_of(name: str) -> str:
    """A code for an indicator that has none: the same for the same name, however it is typed."""
    return f"i-{hashlib.sha256(plain(name).encode()).hexdigest()[:10]}"


def kind_of(measure: str, period_kind: str, value: Decimal | None, terms: Terms) -> str:
    """流量、期末数、比率、位次、个数或文字：由计量单位和时期看出。"""
    known = terms.measures.get(measure)
    dimension = known.dimension if known else ""
    if value is None or dimension == "moment":
        return "text"
    by_dimension = {"percent": "rate", "ratio": "rate", "rank": "rank", "turnout": "flow"}
    if dimension in by_dimension:
        return by_dimension[dimension]
    if period_kind == "moment":
        return "stock"
    return "count" if dimension in ("count", "persons", "year") else "flow"


def draft(row: Row) -> intake.Draft:
    """The row as the rules of intake look at it."""
    fact, plan = row.fact, row.plan
    share = intake.named_share(fact.indicator)
    base = fact.base_period
    return intake.Draft(
        where=fact.id,
        value=fact.value,
        text=fact.text,
        measure=fact.measure,
        quote=fact.quote,
        share=intake.is_share(
            fact.indicator,
            share.numerator if share else plan.numerator,
            share.denominator if share else plan.denominator,
        ),
        indicator_measure=plan.measure,
        change=fact.change,
        change_kind=fact.change_kind,
        change_unit=fact.change_unit,
        starts=fact.period.starts,
        ends=fact.period.ends,
        base_starts=base.starts if base else None,
        period=fact.period.label,
        base_period=base.label if base else "",
    )


def _once(rows: Iterable[Row]) -> tuple[tuple[Row, ...], list[tuple[str, dict[str, str]]]]:
    """Rows without those told twice; a figure told twice with two numbers is a fault.

    Figures beside a check and former ranks may repeat a fact of the file; facts may not.
    """
    kept: dict[tuple[int | None, str, str, str], Row] = {}
    faults = []
    ordered = sorted(rows, key=lambda row: "·" in row.fact.id)
    for row in ordered:
        first = kept.setdefault(row.key, row)
        if first is row or row.unit is None:
            continue
        if "·" not in row.fact.id or (first.fact.value, first.fact.measure) != (
            row.fact.value,
            row.fact.measure,
        ):
            faults.append(("doubled", {"id": row.fact.id, "other": first.fact.id}))
    if any(row.unit is None for row in ordered):
        return tuple(ordered), faults
    return tuple(kept.values()), faults


def _listed(ids: Iterable[str]) -> str:
    unique = list(dict.fromkeys(ids))
    shown = "、".join(shorten(one, 20) for one in unique[:5])
    if len(unique) <= 5:
        return shown
    return _("%(shown)s等 %(n)d 项") % {"shown": shown, "n": len(unique)}


def moment(span: Span) -> datetime | None:
    """The hour of a period, where the office stands."""
    return timezone.make_aware(span.at) if span.at is not None else None


def first_day(span: Span) -> date:
    assert span.starts is not None  # only the span of an unreadable period has none
    return span.starts
