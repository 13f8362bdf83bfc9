"""`record`: the only way into the chain; `declare`: the register of acts and their sentences."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import Model

from bihuan.audit import queries, rules
from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.text import shorten, zh

# One writer at a time may append. SQLite gives that by its immediate transactions; on PostgreSQL
# this advisory lock is held until the transaction ends.
_CHAIN_LOCK = 0x6269_6875_616E
SYSTEM = zh("系统")

_acts: dict[str, str] = {}


@dataclass(frozen=True)
class Named:
    """How the 经过 panel shows one entry of `changes`: its label, and what its codes mean."""

    label: str
    values: Callable[[], Mapping[str, str]] = dict


_fields: dict[str, Named] = {}


class Doer(Protocol):
    """Whoever acts: a Post of `people`, known here only by what the chain writes down."""

    pk: Any
    person_id: Any


def declare(acts: Mapping[str, str], fields: Mapping[str, Named | str] | None = None) -> None:
    """Enter a room's acts: `part.thing.verb` → the Chinese sentence shown in the 经过 panel.

    `fields` names those keys of `changes` that are no field of the thing, or whose values are
    codes without choices: `part.thing.key` → label, or `Named`. Model fields need no entry.
    """
    _acts.update(acts)
    for key, name in (fields or {}).items():
        _fields[key] = name if isinstance(name, Named) else Named(name)


def named(thing_type: str, key: str) -> Named | None:
    """What a room declared about one key of its changes."""
    return _fields.get(f"{thing_type}.{key}")


def acts() -> Mapping[str, str]:
    """Every declared act with its sentence."""
    return dict(_acts)


def record(
    by: Doer | None,
    act: str,
    thing: Model,
    *,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    note: str = "",
) -> Entry:
    """Append one act to the chain, inside the transaction of the act itself.

    `by` is None only for what the system does on its own (set-up, reminders). An act that no room
    declared is a programming error (KeyError), so that no entry is left without its sentence.
    """
    return record_many(by, [Act(act, thing, changes or {}, note)])[0]


@dataclass(frozen=True)
class Act:
    """One act of several that happen together."""

    act: str
    thing: Model
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    note: str = ""


def record_many(by: Doer | None, acts_done: Iterable[Act]) -> list[Entry]:
    """Append several acts of one doer, each an entry of its own, with one look at the chain."""
    done = list(acts_done)
    for one in done:
        if one.act not in _acts:
            raise KeyError(one.act)
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry must be written in the transaction of its act")
    _wait_for_turn()
    seq, head = queries.head()
    at, actor = clock.now(), shorten(str(by) if by else SYSTEM, 200)
    entries = []
    for number, one in enumerate(done, start=seq + 1):
        entry = Entry(
            seq=number,
            at=at,
            actor_person_id=by.person_id if by else None,
            post_id=by.pk if by else None,
            actor=actor,
            act=one.act,
            thing_type=one.thing._meta.label_lower,
            thing_id=str(one.thing.pk),
            thing=shorten(str(one.thing), 300),
            changes=rules.canonical({k: [_flat(a), _flat(b)] for k, (a, b) in one.changes.items()}),
            note=one.note,
            previous_hash=head,
        )
        entry.hash = head = rules.digest(entry.plain())
        entries.append(entry)
    return Entry.objects.bulk_create(entries, batch_size=1000)


def changed(before: Model, after: Model, *fields: str) -> dict[str, tuple[Any, Any]]:
    """The named fields whose values differ between two states of one thing."""
    pairs = {f: (getattr(before, f), getattr(after, f)) for f in fields}
    return {f: pair for f, pair in pairs.items() if pair[0] != pair[1]}


def _wait_for_turn() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])


def _flat(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal() | date() | datetime():
            return str(value)
        case list() | tuple() | dict():
            return json.loads(json.dumps(value, default=str, ensure_ascii=False))
        case _:
            return str(value)
