"""How uncertain speeds are taken to be, read from TOML; a default with its sources is shipped."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.engines.routing.chance import Spread, Uncertainty
from bihuan.engines.routing.faults import Fault, refuse, unfit

_DEFAULT = Path(__file__).with_name("uncertainty.toml")
_SPREADS = ("moving", "working", "refilling")


@cache
def default() -> Uncertainty:
    """随软件提供的不确定性表，连同来源。"""
    return read(_DEFAULT.read_bytes())


def read(content: bytes) -> Uncertainty:
    """The table in a TOML file; Unfit with all that is wrong with it."""
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise unfit("chance_not_toml", why=str(wrong)) from None
    return from_table(table)


def from_table(table: Mapping[str, Any]) -> Uncertainty:
    """The table as TOML and JSON give it; what is left out keeps its default."""
    known = {one.name for one in fields(Uncertainty)}
    refuse(
        Fault("chance_unknown", {"name": name, "found": value})
        for name, value in table.items()
        if name not in known or not _fits(name, value)
    )
    spreads = {name: Spread(**table[name]) for name in _SPREADS if name in table}
    return Uncertainty(**{**table, **spreads})


def _fits(name: str, value: object) -> bool:
    if name == "source":
        return isinstance(value, str)
    if name in _SPREADS:
        return (
            isinstance(value, Mapping)
            and set(value) == {"low", "mode", "high"}
            and all(_number(one) for one in value.values())
        )
    return _number(value)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def to_table(one: Uncertainty) -> dict[str, Any]:
    """The table as plain values, to be shown and edited."""
    return {
        field.name: vars(value) if isinstance(value := getattr(one, field.name), Spread) else value
        for field in fields(one)
    }
