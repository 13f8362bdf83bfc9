"""A workbook as it is understood now: with today's register and with what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from bihuan.exchange.words import plain_name
from bihuan.exchange.workbook import LedgerRead, read_ledger
from bihuan.files import store
from bihuan.ledger.models import ImportedRow, Intake
from bihuan.people import queries as people
from bihuan.people.models import Unit, UnitName

_MOST_PLACES = 3  # cells named beside a unit that was not found


def register() -> dict[str, str]:
    """Every plain name, former name, short name and alias that means exactly one living unit."""
    living = dict(people.units().values_list("pk", "code"))
    names = [(u.name, u.code) for u in Unit.objects.filter(pk__in=living)]
    aliases = UnitName.objects.filter(unit__in=living).values_list("name", "unit__code")
    found: dict[str, set[str]] = {}
    for name, code in [*names, *aliases]:
        found.setdefault(plain_name(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def reading(intake: Intake) -> LedgerRead:
    """The workbook of an intake; read once as long as register and answers stay as they are."""
    known = _known(intake.answers)
    when = intake.created_at.date()
    version = intake.version
    return _read(version.digest, version.name, intake.year, when, tuple(sorted(known.items())))


def reading_of(
    content: bytes,
    *,
    name: str,
    year: int | None,
    today: date,
    answers: Mapping[str, str] | None = None,
) -> LedgerRead:
    """A workbook that is only looked at: nothing is kept, not even its bytes."""
    register_ = _known(answers or {})
    return read_ledger(content, name=name, register=register_, year=year, today=today)


def _known(answers: Mapping[str, str]) -> dict[str, str]:
    return register() | {plain_name(name): code for name, code in answers.items() if code}


@lru_cache(maxsize=2)
def _read(
    digest: str, name: str, year: int | None, today: date, known: tuple[tuple[str, str], ...]
) -> LedgerRead:
    with store.open_bytes(digest) as stream:
        content = stream.read()
    return read_ledger(content, name=name, register=dict(known), year=year, today=today)


def imported(intake: Intake) -> QuerySet[ImportedRow]:
    """The rows that a confirmed intake wrote, in the order of the workbook."""
    return intake.rows.select_related("finding").defer("cells").order_by("pk")


@dataclass
class Stranger:
    """没有认出的单位：写的名称，相近的名称，写在哪几格。"""

    name: str
    close: tuple[str, ...]
    count: int = 0
    places: tuple[str, ...] = ()


def unmatched(read: LedgerRead, answers: Mapping[str, str]) -> list[Stranger]:
    """Unit names that mean none of ours, in the order of the workbook; asked, never guessed."""
    found: dict[str, Stranger] = {}
    for row in read.rows:
        for unit in (*row.lead_units, *row.assist_units):
            if unit.code is not None or unit.name in answers:
                continue
            stranger = found.setdefault(unit.name, Stranger(unit.name, unit.close))
            stranger.count += 1
            if len(stranger.places) < _MOST_PLACES:
                at = next((d.at for d in row.doubts if _about(d.code, d.params, unit.name)), "")
                stranger.places += (at or f"{row.sheet} {row.row}",)
    return list(found.values())


def _about(code: str, params: Mapping[str, str], name: str) -> bool:
    return code in ("unit_unknown", "unit_close") and params.get("found") == name
