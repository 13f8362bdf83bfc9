"""Plain data (明文数据): one spelling for what is signed, and a reader that names every fault."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from bihuan.engines.tally.faults import Fault

_CODE = re.compile(r"\w[\w.-]{0,63}")
_FRACTION = re.compile(r"-?\d{1,12}(?:\.\d{1,12}|/\d{1,12})?", re.ASCII)
_DEEPEST = 12
NAME_MOST = 200
# Marks that turn or hide text: a name that carries them reads otherwise than it is.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def canonical(plain: Any) -> bytes:
    """The one spelling of plain data: UTF-8, sorted keys, no spaces. What digests cover.

    >>> canonical({"b": 1, "a": "好"}).decode()
    '{"a":"好","b":1}'
    """
    text = json.dumps(
        plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def digest(plain: Any) -> str:
    """SHA-256 of the canonical spelling, in hex."""
    return hashlib.sha256(canonical(plain)).hexdigest()


def parse(raw: bytes) -> Any:
    """JSON as it stands; ValueError for what two readers could read in two ways.

    Refused: a key that comes twice, NaN and infinities, text that is not UTF-8 (also by an escape
    of half a character, on which writing would fail later), deep nesting.
    """
    try:
        plain = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_never)
        canonical(plain)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if _depth(plain) > _DEEPEST:
        raise ValueError("nested too deep")
    return plain


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key comes twice")
    return table


def _never(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _depth(plain: Any) -> int:
    level, depth = [plain], 0
    while level and depth <= _DEEPEST:
        depth += 1
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        level = inner
    return depth


def fraction_of(value: Any) -> Fraction | None:
    """1, "0.3", "3/10"; None for anything else. A float is refused: 0.1 is not one tenth.

    >>> fraction_of("3/10") == fraction_of("0.3"), fraction_of(0.3)
    (True, None)
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        over = value.partition("/")[2]
        return None if over and int(over) == 0 else Fraction(value)
    return None


def shown(value: Fraction | None) -> str | None:
    """A fraction as text that reads back exactly; None stays None."""
    return None if value is None else str(value)


def is_seen(text: str) -> bool:
    """Whether a name holds only what a reader sees: no control, bidirectional or hidden signs."""
    return all(unicodedata.category(sign) not in _UNSEEN for sign in text)


def is_code(text: Any) -> bool:
    """A short word of letters, digits, dots and hyphens: the form of every code."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


class Reader:
    """Reads one plain table after another and keeps every fault, so that all are told at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, code: str, field: str, **params: Any) -> None:
        self.faults.append(Fault(code, {"field": field, **params}))

    def known(self, table: Mapping[str, Any], names: Sequence[str], where: str) -> None:
        """Name every key that nobody will read."""
        for key in table:
            if key not in names:
                self.fault("plan_unknown_key", f"{where}{key}", known=" ".join(sorted(names)))

    def text(
        self, table: Mapping[str, Any], key: str, where: str, *, default: str | None = None
    ) -> str:
        value = table.get(key, default)
        field = f"{where}{key}"
        if value is None or value == "":
            if default is None:
                self.fault("plan_lacking", field)
            return default or ""
        if not isinstance(value, str):
            self.fault("plan_not_fit", field, found=repr(value)[:60])
            return ""
        if len(value) > NAME_MOST:
            self.fault("plan_too_long", field, found=len(value), most=NAME_MOST)
        if not is_seen(value):
            self.fault("plan_unseen_signs", field, found=visible(value))
        return value

    def code(self, table: Mapping[str, Any], key: str, where: str, default: str = "") -> str:
        value = table.get(key, default)
        if default == value or is_code(value):
            if value == "":
                self.fault("plan_lacking", f"{where}{key}")
            return str(value)
        self.fault("plan_not_code", f"{where}{key}", found=visible(str(value))[:80])
        return ""

    def fraction(
        self, table: Mapping[str, Any], key: str, where: str, default: Fraction | None = None
    ) -> Fraction:
        value = table.get(key)
        if value is None and default is not None:
            return default
        found = fraction_of(value)
        if found is None:
            self.fault("plan_not_fraction", f"{where}{key}", found=str(value)[:60])
            return default or Fraction(0)
        return found

    def whole(
        self, table: Mapping[str, Any], key: str, where: str, default: int, *, least: int = 0
    ) -> int:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 10**9:
            self.fault("plan_not_whole", f"{where}{key}", found=str(value)[:60], least=least)
            return default
        return value

    def flag(self, table: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
        value = table.get(key, default)
        if not isinstance(value, bool):
            self.fault("plan_not_fit", f"{where}{key}", found=str(value)[:60])
            return default
        return value

    def choice(self, table: Mapping[str, Any], key: str, where: str, known: Sequence[str]) -> str:
        """One of the known words; the first of them where nothing is said."""
        value = table.get(key, known[0])
        if value not in known:
            found = visible(str(value))[:60]
            self.fault("plan_unknown_choice", f"{where}{key}", found=found, known="、".join(known))
            return known[0]
        return str(value)

    def words(
        self, table: Mapping[str, Any], key: str, where: str, default: Sequence[str] = ()
    ) -> tuple[str, ...]:
        value = table.get(key, list(default))
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            self.fault("plan_not_fit", f"{where}{key}", found=str(value)[:60])
            return tuple(default)
        return tuple(value)

    def rows(self, table: Mapping[str, Any], key: str, where: str = "") -> list[Mapping[str, Any]]:
        """A list of tables; what is no table is named and left out."""
        value = table.get(key, [])
        if not isinstance(value, list | tuple):
            self.fault("plan_not_fit", f"{where}{key}", found=str(value)[:60])
            return []
        for number, row in enumerate(value, 1):
            if not isinstance(row, Mapping):
                self.fault("plan_not_fit", f"{where}{key}[{number}]", found=str(row)[:60])
        return [row for row in value if isinstance(row, Mapping)]


def visible(text: str) -> str:
    """The text with its hidden signs written out, so that a fault can show them."""
    return "".join(sign if is_seen(sign) else f"<U+{ord(sign):04X}>" for sign in text)
