"""Things of other rooms that a release may tell of: what they are called, say, and count.

Rooms beside and above are not imported here; the site, which knows all rooms, declares them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bihuan.base.errors import NotFound
from bihuan.people.models import Post
from bihuan.press import rules

_MOST = 40  # of one kind, newest first


@dataclass(frozen=True)
class Offer:
    """可以写成稿件的一件事：编号、名称、日期。"""

    key: str
    name: str
    on: date


@dataclass(frozen=True)
class Told:
    """由一件事拟出的稿件；文里的数都来自 `Thing.figures`。"""

    headline: str
    body: str
    event_on: date
    name: str
    subheadline: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Thing:
    """一类可以写成稿件的事：叫什么，某人能选哪些，怎样写，有哪些数。

    `tell(key, by)` raises NotFound for whoever may not see it; `figures(key)` are the public
    figures of the thing as they stand now, each with its code.
    """

    label: str
    offers: Callable[[Post], Iterable[Offer]]
    tell: Callable[[str, Post | None], Told]
    figures: Callable[[str], Iterable[rules.Known]]


_things: dict[str, Thing] = {}


def declare_thing(kind: str, thing: Thing) -> None:
    """Enter a kind by the label of its noun; what may never leave cannot be entered."""
    if rules.forbidden(kind):
        raise ValueError(kind)
    _things[kind] = thing


def thing(kind: str) -> Thing | None:
    return _things.get(kind)


def offers(by: Post) -> Mapping[str, tuple[str, list[Offer]]]:
    """Of each kind its name and what this post may draft a release from, newest first."""
    found = {
        kind: (one.label, sorted(one.offers(by), key=lambda each: each.on, reverse=True)[:_MOST])
        for kind, one in _things.items()
    }
    return {kind: told for kind, told in found.items() if told[1]}


def figures(kind: str, key: str) -> list[rules.Known]:
    """The figures of a thing, numbered below zero: what is above zero is an observation."""
    one = _things.get(kind)
    if one is None or not key:
        return []
    try:
        found = list(one.figures(key))
    except NotFound:  # the thing is no more what could be told of: nothing agrees with it
        return []
    return [replace(each, pk=-n) for n, each in enumerate(found, start=1)]
