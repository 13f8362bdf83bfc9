"""Units as people list them (牵头：A；配合：B、C), split by role and found in the register by name.

A name is found exactly, after folding widths and spaces; near misses are offered, never chosen.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Literal

from bihuan.exchange.span import folded

Role = Literal["lead", "assist", ""]


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as it was written, with the role that was written beside it."""

    name: str
    role: Role = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The units of one cell; `more` where it ends with 等, so that the list is open."""

    names: tuple[Named, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """对应：写的名称、名册里的代码；没有对应时给出相近的名称。"""

    name: str
    code: str | None
    close: tuple[str, ...] = ()


def plain_name(text: str) -> str:
    """Widths, case and white space folded away, as the register's names are.

    >>> plain_name("党（工）委 ") == plain_name("党(工)委")
    True
    """
    return "".join(folded(text).casefold().split())


_LEAD = r"牵头|主责|主办|负总责|第一责任|总牵头"
_ASSIST = r"配合|协办|协助|参与|协同|参加"
_KIND = r"(?:责任)?(?:单位|部门|科室|处室|领导小组)?"
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("lead", re.compile(rf"(?:{_LEAD}){_KIND}")),
    ("assist", re.compile(rf"(?:责任)?(?:{_ASSIST}){_KIND}")),
    ("", re.compile(r"(?:整改)?责任(?:单位|部门|科室|主体)?|承办(?:单位|部门)?|单位|部门")),
)
# A label stands before a colon; a role may also stand in brackets or at the end of a name.
_LABEL = re.compile(
    rf"(?:^|(?<=[\s、,，;；。(（\n/]))((?:责任)?(?:{_LEAD}|{_ASSIST}){_KIND}"
    r"|(?:整改)?责任(?:单位|部门|科室|主体)|承办(?:单位|部门)|责任)\s*[:：]"
)
_BRACKETED = re.compile(rf"^[(（]((?:责任)?(?:{_LEAD}|{_ASSIST}){_KIND}|责任(?:单位|部门))[)）]\s*")
_TRAILING = re.compile(rf"[(（]((?:责任)?(?:{_LEAD}|{_ASSIST}){_KIND}|责任(?:单位|部门))[)）]$")
_SPOKEN = re.compile(
    rf"^由?(.{{2,}}?)(?:共同|联合)?({_LEAD}|{_ASSIST})(?:落实|负责|推进|整改|办理)?$"
)
_TOGETHER = re.compile(r"(?<=[^\s、,，;；/])会同(?=.{2,})")
_MORE = re.compile(r"等(?:相关|有关|各)?(?:责任)?(?:单位|部门|科室)?$|等$")
_EMPTY = frozenset({"", "/", "-", "—", "——", "无", "待定", "\\"})
_SPLIT = "、,，;；/。|\n"
_AND = re.compile(r"和|与|及")


def split_units(text: str, known: Container[str] = frozenset()) -> Listed:
    """The units that a cell lists, each with its role.

    `known` are the register's plain names: they say whether 党政办和督查室 is one name or two,
    and whether a line break stands within a name.

    >>> [one.name for one in split_units("经发局（牵头）、财政局").names]
    ['经发局', '财政局']
    """
    if folded(text) in _EMPTY:
        return Listed(())
    found: list[Named] = []
    more = False
    for role, part in _labelled(text):
        standing: Role = role
        pieces = [name for piece in _pieces(part) for name in _by_space(piece, known)]
        for raw in pieces:
            name, said, spread = _said_role(raw)
            if said and spread and not standing:
                found = [_given(one, said) for one in found]
            name, open_list = _closed(name)
            more = more or open_list
            for one in _by_and(name, known):
                if folded(one) not in _EMPTY:
                    found.append(Named(one, said or standing))
    return Listed(tuple(dict.fromkeys(found)), more)


def _given(one: Named, role: Role) -> Named:
    """A、B牵头: the role said after the last name is every name's that has none yet."""
    return one if one.role else Named(one.name, role)


def _labelled(text: str) -> list[tuple[Role, str]]:
    """The stretches of a text with the role that its label gives them."""
    text = _TOGETHER.sub("；配合：", text) if not _LABEL.search(text) else text
    labels = list(_LABEL.finditer(text))
    if not labels:
        return [("", text)]
    stretches: list[tuple[Role, str]] = []
    before = text[: labels[0].start()].rstrip()
    # 规划建设局（配合：财政局）: the bracket only holds the label's own list.
    before = before.rstrip("(（")
    if before.strip():
        stretches.append(("lead" if _role(labels[0][1]) == "assist" else "", before))
    for number, label in enumerate(labels):
        ends = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        part = text[label.end() : ends]
        stretches.append((_role(label[1]), _balanced(part)))
    return stretches


def _balanced(text: str) -> str:
    """Without a bracket at either end that has no partner in the text."""
    text = text.strip()
    opened, closed = _count(text, "(（"), _count(text, ")）")
    if closed > opened and text.endswith((")", "）")):
        return text[:-1]
    if opened > closed and text.endswith(("(", "（")):
        return text[:-1]
    return text


def _count(text: str, signs: str) -> int:
    return sum(text.count(sign) for sign in signs)


def _role(words: str) -> Role:
    plain = folded(words)
    return next((role for role, pattern in _ROLES if pattern.fullmatch(plain)), "")


def _pieces(text: str) -> list[str]:
    """Split at separators, but not inside brackets: 党（工）委、经发局（统计、审计）are two."""
    pieces, depth, piece = [], 0, ""
    for sign in text:
        if sign in "(（":
            depth += 1
        elif sign in ")）":
            depth = max(0, depth - 1)
        if sign in _SPLIT and depth == 0 and sign != "\n":
            pieces.append(piece)
            piece = ""
        else:
            piece += sign
    return [one.strip() for one in [*pieces, piece] if one.strip()]


def _by_space(text: str, known: Container[str]) -> list[str]:
    """Spaces and line breaks part names, unless they only space one name out (党 政 办)."""
    words = text.split()
    if len(words) < 2 or plain_name(text) in known:
        return [" ".join(words) if text.isascii() else "".join(words)]
    if any(len(word) < 2 for word in words) or _open_bracket(words):
        return ["".join(words)]
    return words


def _open_bracket(words: list[str]) -> bool:
    """Does a word break off inside a bracket?"""
    return any(_count(word, "(（") != _count(word, ")）") for word in words)


def _by_and(name: str, known: Container[str]) -> list[str]:
    """党政办和督查室 are two units only where the register knows both and not the whole."""
    if plain_name(name) in known:
        return [name]
    for joint in _AND.finditer(name):
        first, second = name[: joint.start()], name[joint.end() :]
        if plain_name(first) in known and plain_name(second) in known:
            return [first, second]
    return [name]


def _said_role(name: str) -> tuple[str, Role, bool]:
    """The name, the role written with it, and whether it speaks for the names before it too."""
    if found := _BRACKETED.match(name):
        return name[found.end() :].strip(), _role(found[1]), False
    if found := _TRAILING.search(name):
        return name[: found.start()].strip(), _role(found[1]), False
    if found := _SPOKEN.match(name):
        return found[1].strip(), _role(found[2]), True
    return name, "", False


def _closed(name: str) -> tuple[str, bool]:
    cut = _MORE.sub("", name).strip()
    return (cut, True) if cut != name and len(cut) >= 2 else (name, False)


def match(
    names: Iterable[str], register: Mapping[str, str], *, offered: int = 3
) -> tuple[Match, ...]:
    """Each name's code in the register (plain name → code), aliases and former names included."""
    return tuple(_match(name, register, offered) for name in names)


def _match(name: str, register: Mapping[str, str], offered: int) -> Match:
    plain = plain_name(name)
    if plain in register:
        return Match(name, register[plain])
    # 经发局（统计局）: both names of one unit, or a unit and its part; the register decides.
    if parts := re.fullmatch(r"(.+)\((.+)\)", plain):
        codes = [register.get(part) for part in parts.groups()]
        if codes[0] is not None and codes[0] == codes[1]:
            return Match(name, codes[0])
    return Match(name, None, _close(plain, register, offered))


def _close(plain: str, register: Mapping[str, str], offered: int) -> tuple[str, ...]:
    """Names to offer: those that share most signs, and those that contain or are contained."""
    if len(plain) > 60:
        return ()
    near = get_close_matches(plain, register, n=offered * 3, cutoff=0.5)
    inside = [one for one in register if len(one) >= 2 and (one in plain or plain in one)]
    ranked = sorted(
        dict.fromkeys([*inside, *near]),
        key=lambda one: (-SequenceMatcher(None, plain, one).ratio(), one),
    )
    seen: dict[str, str] = {}
    for one in ranked:
        seen.setdefault(register[one], one)
    return tuple(seen.values())[:offered]
