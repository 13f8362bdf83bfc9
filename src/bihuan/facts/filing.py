"""What the rows of a filled form or a pasted block would become in their submission, every fault
at once. Nothing is written here; `services.fill` stores what this reads, the pages show it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from django.utils.translation import gettext as _

from bihuan.base.text import plain, shorten
from bihuan.exchange.span import Span, span, year_before
from bihuan.facts import block, layout, over_time, queries, reading, terms, versions, words
from bihuan.facts.models import Indicator, Observation, Period, Submission
from bihuan.facts.terms import Terms

Outcome = Literal["new", "revised", "same"]
_Key = tuple[int, str, str]


@dataclass(frozen=True)
class Placed:
    """One row as it would be stored: the figure, what stands there now, what becomes of it.

    `quoted` where the office gave a quote of its own: without one, other digits of the row beside
    the figure make no other figure.
    """

    where: str
    one: Observation
    period: Span
    base: Span | None
    quoted: bool
    before: Observation | None = None
    outcome: Outcome = "new"


@dataclass(frozen=True)
class Filing:
    """All rows, and every fault in a sentence; `empty` are indicators with nothing beside them."""

    placed: tuple[Placed, ...]
    sentences: tuple[str, ...]
    empty: tuple[str, ...] = ()

    def having(self, *outcomes: Outcome) -> tuple[Placed, ...]:
        return tuple(one for one in self.placed if one.outcome in outcomes)


def read(submission: Submission, found: block.Block) -> Filing:
    """The rows of a block as they would be stored in this submission."""
    reader = _Reader(submission, queries.known_terms())
    reader.told += [(fault.row, _told(fault)) for fault in found.faults]
    # What is read of a faulty row only repeats the fault in other words.
    lame = {fault.row for fault in found.faults if fault.row}
    rows = [entry for entry in found.entries if entry.row not in lame]
    placed = [
        (number, one)
        for number, entry in enumerate(rows)
        if (one := reader.placed(entry)) is not None
    ]
    held = _held(submission, [one for _number, one in placed])
    final: dict[_Key, Placed] = {}
    for number, one in placed:
        key, entry = _key(one), rows[number]
        if key in final:
            params = {"id": one.where, "other": final[key].where}
            reader.told.append((entry.row, reading.sentence("doubled", params, of_file=False)))
            continue
        final[key] = _weighed(one, entry, *held.get(key, (None, 0)))
    return Filing(tuple(final.values()), reader.sentences(), found.empty)


def where(row: int, name: str) -> str:
    """第 3 行“地区生产总值”; the name alone where rows have no numbers."""
    if not row:
        return name
    if not name:
        return _("第 %(row)d 行") % {"row": row}
    return _("第 %(row)d 行“%(name)s”") % {"row": row, "name": shorten(name, 30)}


def _told(fault: block.Fault) -> str:
    params = {"id": where(fault.row, fault.name), **fault.params}
    return reading.sentence(fault.code, params, of_file=False)


class _Reader:
    """Turns entries into figures of one submission and remembers every fault."""

    def __init__(self, submission: Submission, known: Terms) -> None:
        self.submission, self.known = submission, known
        self.codes = queries.indicator_codes()
        self.indicators = {one.code: one for one in Indicator.objects.all()}
        self.names = {one.name: one for one in self.indicators.values()}
        # Units of measure as the reader's language has them: an English export comes back too.
        self.measures = {plain(words.measure(word)): word for word in known.measures}
        self.told: list[tuple[int, str]] = []
        self._row = 0
        self._spans: dict[str, Span | None] = {}
        self._again = layout.periods_again(submission)

    def placed(self, entry: block.Entry) -> Placed | None:
        """One row; None where its indicator or period cannot be told."""
        here, self._row = where(entry.row, entry.indicator or entry.code), entry.row
        self._of_this_unit(entry, here)
        indicator = self._indicator(entry, here)
        period = self._period(entry, indicator, here)
        base = self._base(entry, period, here)
        if indicator is None or period is None:
            return None
        one = self._figure(entry, indicator, period, base)
        faults = versions.faults(one, self.known, where=here)
        self.told += [(entry.row, sentence) for sentence in faults]
        return Placed(here, versions.sized(one, self.known), period, base, bool(entry.quote))

    def _fault(self, code: str, here: str, **params: str) -> None:
        self.told.append((self._row, reading.sentence(code, {"id": here, **params}, of_file=False)))

    def sentences(self) -> tuple[str, ...]:
        """Every fault once, in the order of the rows."""
        ordered = sorted(self.told, key=lambda pair: pair[0])
        return tuple(dict.fromkeys(sentence for _row, sentence in ordered))

    def _of_this_unit(self, entry: block.Entry, here: str) -> None:
        unit = self.submission.unit
        if not entry.unit or unit is None or entry.unit in (unit.name, unit.label()):
            return
        if queries.unit_called(entry.unit) != unit:
            found, wanted = shorten(entry.unit, 40), unit.label()
            self._fault("other_unit", here, found=found, wanted=wanted)

    def _indicator(self, entry: block.Entry, here: str) -> Indicator | None:
        code = entry.code or self.codes.get(plain(entry.indicator), "")
        found = self.indicators.get(code)
        if found is None:
            english = [i for i in self.indicators.values() if i.name_en]
            told = plain(entry.indicator)
            found = next((i for i in english if plain(i.name_en) == told), None)
        if found is None:
            close = get_close_matches(entry.indicator, self.names, 3, 0.6)
            if close:
                self._fault("close_indicator", here, close=_("、").join(close))
            else:
                self._fault("unknown_indicator", here)
        return found

    def _span(self, written: str) -> Span | None:
        if written not in self._spans:
            self._spans[written] = span(written)
        return self._spans[written]

    def _period(self, entry: block.Entry, indicator: Indicator | None, here: str) -> Span | None:
        """As told; else as its series comes again (2021年末 after 2020年末); else that of all."""
        own, written = self.submission.period, entry.period
        if not written and indicator is not None:
            scope = shorten(self.known.scope_key(entry.scope), 200)
            written = self._again.get((indicator.pk, scope)) or self._again.get(
                (indicator.pk, ""), ""
            )
        found = self._span(written or (own.label if own else ""))
        if found is None:
            self._fault("period", here, field="period", found=shorten(written, 40))
        elif own is not None and not _within(found, own):
            wanted = own.label
            self._fault("outside_period", here, found=shorten(written, 40), wanted=wanted)
        return found

    def _base(self, entry: block.Entry, period: Span | None, here: str) -> Span | None:
        if entry.base_period:
            base = self._span(entry.base_period)
            if base is None:
                found = shorten(entry.base_period, 40)
                self._fault("period", here, field="base_period", found=found)
            return base
        # 同比 says by itself what it is compared with; any other base has to be told.
        if entry.change is not None and entry.change_kind == "growth_yoy" and period is not None:
            return year_before(period)
        return None

    def _figure(
        self, entry: block.Entry, indicator: Indicator, period: Span, base: Span | None
    ) -> Observation:
        known, submission = self.known, self.submission
        scope = shorten(known.scopes.get(plain(entry.scope), entry.scope), 200)
        return Observation(
            unit=submission.unit,
            indicator=indicator,
            period=over_time.unsaved(period),
            base_period=over_time.unsaved(base) if base else None,
            scope=scope,
            scope_key=shorten(known.scope_key(entry.scope), 200),
            value=entry.value,
            text=shorten(entry.text, 200),
            measure=self._measure(entry, indicator),
            kind=indicator.kind,
            as_of=reading.moment(period),
            approximate=entry.approximate,
            lower_bound=entry.lower_bound,
            change=entry.change,
            change_unit=terms.CHANGE_UNITS.get(entry.change_kind, "")
            if entry.change is not None
            else "",
            change_kind=entry.change_kind,
            change_text=shorten(entry.change_text, 100),
            quote=entry.quote or entry.as_written,
            source=shorten(entry.source or submission.title, 300),
            to_verify=entry.to_verify,
            note=entry.note,
            submission=submission,
        )

    def _measure(self, entry: block.Entry, indicator: Indicator) -> str:
        """The unit as told; the indicator's own where none is told."""
        if entry.measure:
            return self.measures.get(plain(entry.measure), entry.measure)
        own = indicator.measure
        dated = own in ("date", "time")
        return own if entry.value is not None or dated else ""


def _within(one: Span, period: Period) -> bool:
    """Does it lie in the period of the submission? 2020年末 lies in 2020."""
    if one.code == period.code:
        return True
    if one.starts is None or period.ends is None:
        return False
    return period.starts <= one.starts and (one.ends or one.starts) <= period.ends


def _key(one: Placed) -> _Key:
    return one.one.indicator_id, one.period.code, one.one.scope_key


def _held(
    submission: Submission, placed: Iterable[Placed]
) -> Mapping[_Key, tuple[Observation | None, int]]:
    """For each figure: the version it would follow, and the highest version number there is.

    What waits in another submission is not followed: it may never come to count.
    """
    keys = {_key(one) for one in placed}
    rows = (
        Observation.objects.filter(
            unit=submission.unit,
            indicator__in={key[0] for key in keys},
            period__code__in={key[1] for key in keys},
        )
        .select_related("period", "base_period", "submission")
        .order_by("version")
    )
    found: dict[_Key, tuple[Observation | None, int]] = {}
    for row in rows:
        key = (row.indicator_id, row.period.code, row.scope_key)
        counts = row.submission is None or row.submission.state in terms.EFFECTIVE
        before = found.get(key, (None, 0))[0]
        if counts or row.submission_id == submission.pk:
            before = row
        found[key] = (before, row.version)
    return found


def _weighed(one: Placed, entry: block.Entry, before: Observation | None, last: int) -> Placed:
    one.one.version = last + 1
    if before is None:
        return one
    _keep_silence(one, entry, before)
    same = versions.same(before, one.one, quoted=one.quoted)
    return replace(one, before=before, outcome="same" if same else "revised")


_OF_CHANGE = ("change", "change_places", "change_unit", "change_kind", "change_text")


def _keep_silence(one: Placed, entry: block.Entry, before: Observation) -> None:
    """What a block has no column for stays as it was; it was not said to be otherwise."""
    figure = one.one
    kept = [name for name in ("to_verify", "note") if name not in entry.told]
    if figure.value == before.value:
        kept += [n for n in ("approximate", "lower_bound") if n not in entry.told]
    if "change" not in entry.told:
        kept += _OF_CHANGE
    for name in kept:
        setattr(figure, name, getattr(before, name))
    figure.change = versions.printed(figure.change, figure.change_places)
    if not entry.base_period and figure.change == versions.printed(
        before.change, before.change_places
    ):
        figure.base_period = before.base_period
