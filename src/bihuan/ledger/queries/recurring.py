"""Has this problem been here before? Asked of many new rows at once, with few looks at the ledger.

The rule is that of `honest.alike`: at the same place a little likeness is enough; without a place
only the same unit counts, and the words must be very alike.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.base.text import plain, shorten
from bihuan.exchange.workbook import Row
from bihuan.ledger import rules
from bihuan.ledger.models import Finding
from bihuan.ledger.queries import tables
from bihuan.ledger.rules import honest

_AT_ONCE = 500
_MOST_TOLD = 3
_MOST_AT_PLACE = 200  # the newest ones at one place
# Of the findings of the units that a workbook names, this many are compared, the newest first.
MOST_COMPARED = 20_000
# A workbook with more new rows than this is compared by place and by equal words only.
MOST_ROWS = 2_000


@dataclass(frozen=True)
class Earlier:
    """A finding of the past, as far as it is compared."""

    number: str
    state: str
    place: str
    unit: str
    text: str
    grams: frozenset[str]


class Past:
    """Earlier findings that new rows may be a return of."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._at_place = tables.limit("likeness") / 100
        self._alone = tables.limit("likeness_alone") / 100
        places = sorted({plain(place_of(row)) for row in rows if row.place})
        self._places: dict[str, list[Earlier]] = {}
        for at in range(0, len(places), _AT_ONCE):
            for one in _earlier(place_key__in=places[at : at + _AT_ONCE]):
                at_place = self._places.setdefault(one.place, [])
                if len(at_place) < _MOST_AT_PLACE:
                    at_place.append(one)
        placeless = [row for row in rows if not row.place and row.problem]
        units = sorted({unit.code for row in placeless for unit in row.lead_units if unit.code})
        found = _earlier(lead_unit__code__in=units) if units else []
        self._equal: dict[tuple[str, str], list[Earlier]] = {}
        for one in found:
            self._equal.setdefault((one.unit, plain(one.text)), []).append(one)
        self._known = bool(found or self._places)
        self._index = _Index(found if len(placeless) <= MOST_ROWS else (), self._alone)

    def told(self, row: Row) -> Iterator[str]:
        """A sentence for each earlier finding that this row may be a return of."""
        for earlier, percent in self._alike(row)[:_MOST_TOLD]:
            yield _(
                "与 %(number)s（%(state)s）相似 %(percent)d%%，可能是反复出现：“%(text)s”。"
            ) % {
                "number": earlier.number,
                "state": _(rules.STATES[earlier.state]),
                "percent": percent,
                "text": shorten(" ".join(earlier.text.split()), 40),
            }

    def _alike(self, row: Row) -> list[tuple[Earlier, int]]:
        if not row.problem or not self._known:
            return []
        if row.place:
            near = self._places.get(plain(place_of(row)), [])
            least = self._at_place
        else:
            unit = next((one.code for one in row.lead_units if one.code), "")
            near = [
                *self._equal.get((unit, plain(row.problem)), ()),
                *self._index.candidates(unit, row.problem),
            ]
            least = self._alone
        if not near:
            return []
        wanted = honest.grams(row.problem)
        scored = {one.number: (one, honest.likeness(wanted, one.grams)) for one in near}
        found = [(one, round(100 * score)) for one, score in scored.values() if score >= least]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].number))


def place_of(row: Row) -> str:
    """The place or object of a row, as a finding can hold it."""
    return shorten(" ".join(row.place.split()), 120)


def _earlier(**about: object) -> list[Earlier]:
    rows = (
        Finding.objects.filter(**about)
        .exclude(state="void")
        .order_by("-pk")
        .values_list("number", "state", "place_key", "lead_unit__code", "title", "description")
    )
    found = []
    for number, state, place, unit, title, description in rows[:MOST_COMPARED]:
        both = f"{title}\n{description}".strip()
        text = description if description.startswith(title.removesuffix("…")) else both
        found.append(Earlier(number, state, place, unit or "", text, honest.grams(text)))
    return found


class _Index:
    """Earlier findings by their rarest pairs of signs, so that few need be compared in full.

    Two sets whose Dice coefficient is at least t share at least a = t/(2-t) of the pairs of each;
    so, with all pairs in one order, the first |x| - ceil(a|x|) + 1 of each have one in common
    (prefix filter: Chaudhuri, Ganti and Kaushik 2006). Rare pairs first makes the lists short.
    """

    def __init__(self, found: Iterable[Earlier], least: float) -> None:
        self._share = least / (2 - least)
        all_of_them = list(found)
        self._often = Counter(pair for one in all_of_them for pair in one.grams)
        self._by_pair: dict[tuple[str, str], list[Earlier]] = {}
        for one in all_of_them:
            for pair in self._first(one.grams):
                self._by_pair.setdefault((one.unit, pair), []).append(one)

    def candidates(self, unit: str, text: str) -> list[Earlier]:
        """Earlier findings of this unit whose words may be alike enough."""
        if not self._by_pair:
            return []
        wanted = honest.grams(text)
        found = {
            one.number: one
            for pair in self._first(wanted)
            for one in self._by_pair.get((unit, pair), ())
        }
        return list(found.values())

    def _first(self, pairs: frozenset[str]) -> list[str]:
        n = len(pairs) - math.ceil(self._share * len(pairs)) + 1
        return sorted(pairs, key=lambda pair: (self._often[pair], pair))[:n]
