"""Every figure of a text against what is stored: what differs, what lost its scope, what conflicts.

A text that keeps the wording of a stored quote is laid beside it number by number; elsewhere the
name of an indicator before or after a number says what it is a figure of. What fits nothing stored
is said to be of unknown origin, and nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from bihuan.base.text import plain, zh
from bihuan.press.rules.mentions import SIGN, Mention, folded, masked, mentions, rank_moves

Severity = Literal["wrong", "lacking", "conflict", "unknown"]

SENTENCES: Mapping[str, tuple[Severity, str]] = {
    "differs": ("wrong", zh("“%(name)s”文中写 %(found)s，存的是 %(stored)s（%(period)s）。")),
    "change": ("wrong", zh("“%(name)s”的变动文中写 %(found)s，存的是 %(stored)s（%(period)s）。")),
    "unit": ("wrong", zh("“%(name)s”文中的单位是“%(found)s”，存的是“%(stored)s”。")),
    "quoted": ("wrong", zh("“%(name)s”的原文里是 %(stored)s，文中写 %(found)s。")),
    "rank_move": ("wrong", zh("位次文中写由 %(found)s，存的是由 %(stored)s。")),
    "scope": ("lacking", zh("“%(name)s”漏了口径“%(scope)s”。")),
    "bound": ("lacking", zh("“%(name)s”存的是下限（%(stored)s余），文中没有写“余”或“以上”。")),
    "as_of": ("lacking", zh("“%(name)s”是时点数，文中没有写截至时间（%(period)s）。")),
    "doubt": ("conflict", zh("%(title)s：%(working)s")),
    "unknown": ("unknown", zh("“%(found)s”没有对应的存数：%(where)s。")),
}


@dataclass(frozen=True)
class Known:
    """一个存着的数，和认出它所要的一切。"""

    pk: int
    name: str
    names: tuple[str, ...]
    units: tuple[str, ...]  # names of whom it is a figure of
    period: str
    years: tuple[int, ...]
    measure: str
    kind: str = "flow"
    value: Decimal | None = None
    places: int = 0
    change: Decimal | None = None
    change_places: int = 0
    change_kind: str = ""
    scope: str = ""
    lower_bound: bool = False
    quote: str = ""
    own: bool = True  # of the zone itself, which a text need not name
    code: str = ""  # which figure of the thing that a text tells of; empty for one of `facts`


@dataclass(frozen=True)
class Doubted:
    """存数之间的一个疑点：标题、算法，涉及哪些数。"""

    title: str
    working: str
    about: frozenset[int]
    conflict: bool = True


@dataclass(frozen=True)
class Found:
    """检查出的一处：代码、填进句子的字，在文中何处，涉及哪个存数。"""

    code: str
    params: Mapping[str, Any]
    at: int = -1
    pk: int = 0

    @property
    def severity(self) -> Severity:
        return SENTENCES[self.code][0]

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code][1]


@dataclass(frozen=True)
class Checked:
    """检查的结果：各处不合，以及文中每个数指向哪个存数（0 是没有）。"""

    found: tuple[Found, ...]
    pointed: Mapping[int, int] = field(default_factory=dict)  # where in the text → stored figure

    @property
    def clean(self) -> bool:
        return not any(one.severity in ("wrong", "lacking") for one in self.found)


def check(
    text: str,
    known: Sequence[Known],
    doubts: Iterable[Doubted],
    measures: Mapping[str, str],
) -> Checked:
    """检查：文中每一个数，与存着的数逐一比对。`measures` says what each unit measures."""
    seen = list(mentions(text, set(measures)))
    pointed: dict[int, int] = {}
    found: list[Found] = []
    by_pk = {one.pk: one for one in known}
    found += _ranks(text, known, pointed)
    # What agrees with its quote first: two figures may be told in the same words.
    for exact in (True, False):
        for one in known:
            found += _by_quote(text, one, seen, pointed, exact=exact)
    for mention in seen:
        if mention.start not in pointed:
            stored = _meant(mention, known, measures)
            if stored is None:
                params = {"found": _shown(mention), "where": _around(text, mention)}
                found.append(Found("unknown", params, mention.start))
                continue
            pointed[mention.start] = stored.pk
            found += _compared(mention, stored)
    for pk in dict.fromkeys(pointed.values()):
        found += _lacking(text, by_pk[pk], [m for m in seen if pointed.get(m.start) == pk])
    used = set(pointed.values())
    for doubt in doubts:
        if doubt.conflict and doubt.about and doubt.about <= used:
            found.append(Found("doubt", {"title": doubt.title, "working": doubt.working}))
    order = {"wrong": 0, "lacking": 1, "conflict": 2, "unknown": 3}
    once = {(one.code, one.at, str(sorted(one.params.items()))): one for one in found}
    told = sorted(once.values(), key=lambda one: (order[one.severity], one.at))
    return Checked(tuple(told), pointed)


# Beside the quote ---------------------------------------------------------------------------------


def _by_quote(
    text: str,
    one: Known,
    seen: Sequence[Mention],
    pointed: dict[int, int],
    *,
    exact: bool,
) -> Iterator[Found]:
    """The quote's own wording in the text, whatever its numbers: laid side by side."""
    whole, numbers = masked(text)
    wanted, stored = masked(one.quote)
    if not stored or len(wanted) < 6:
        return
    starts = {mention.start: mention for mention in seen}
    at = whole.find(wanted)
    while at >= 0:
        first = whole.count(SIGN, 0, at)
        for (told, place), (quoted, _place) in zip(numbers[first:], stored, strict=False):
            mention = starts.get(place)
            if mention is None or place in pointed or not _is_of(one, quoted):
                continue
            if exact and told != quoted:
                continue
            pointed.setdefault(place, one.pk)
            if told != quoted:
                params = {"name": one.name, "stored": str(quoted), "found": _shown(mention)}
                yield Found("quoted", params, place, one.pk)
        at = whole.find(wanted, at + 1)


def _is_of(one: Known, number: Decimal) -> bool:
    """Is this number of a quote the figure itself or its change? A quote may hold several."""
    change = None if one.change is None else abs(one.change)
    return number in (one.value, change)


# By its name --------------------------------------------------------------------------------------


def _meant(mention: Mention, known: Sequence[Known], measures: Mapping[str, str]) -> Known | None:
    """The stored figure that a number is of: by the nearest, longest name, then by its year."""
    best: tuple[tuple[int, int], list[Known]] = ((-1, -1), [])
    before, after = plain(mention.before), plain(mention.after[:24])
    for one in known:
        if mention.role == "value" and not _comparable(mention.measure, one.measure, measures):
            continue
        if not one.own and not any(plain(name) in before for name in one.units):
            continue
        place = max((_place(name, before, after) for name in one.names), default=(-1, -1))
        if place > best[0]:
            best = (place, [one])
        elif place == best[0] and place != (-1, -1):
            best[1].append(one)
    candidates = [one for one in best[1] if _of_this_unit(mention, one)] or best[1]
    if not candidates and mention.measure in ("位", "名"):
        candidates = [one for one in known if one.own and one.kind == "rank"]
    if not candidates:
        return None
    years = [one for one in candidates if any(str(y) in mention.sentence for y in one.years)]
    fitting = [one for one in years or candidates if one.value == mention.value]
    return (fitting or years or candidates)[-1]


_COUNTED = frozenset({"count", "persons", "turnout"})  # 台 and 台次 are taken for each other


def _comparable(told: str, stored: str, measures: Mapping[str, str]) -> bool:
    """Could somebody have written one unit for the other? A share is no amount of money."""
    if told == stored or stored.startswith(f"{told}/"):
        return True
    sorts = {measures.get(told, told), measures.get(stored, stored)}
    return len(sorts) == 1 or sorts <= _COUNTED


def _place(name: str, before: str, after: str) -> tuple[int, int]:
    """How near a name stands: its end before the number, else right after it; and its length."""
    wanted = plain(name)
    at = before.rfind(wanted)
    if wanted and at >= 0:
        return at + len(wanted), len(wanted)
    short = wanted.removesuffix("人数").removesuffix("数")
    if len(short) >= 4 and 0 <= after.find(short) <= 8:
        return 0, len(short)
    return -1, -1


def _of_this_unit(mention: Mention, one: Known) -> bool:
    return mention.role != "value" or _same_unit(mention, one)


def _same_unit(mention: Mention, one: Known) -> bool:
    """每万人口发明专利拥有量为95件: the name says what it is per."""
    return mention.measure == one.measure or one.measure.startswith(f"{mention.measure}/")


def _compared(mention: Mention, one: Known) -> Iterator[Found]:
    told = {"name": one.name, "found": _shown(mention), "period": one.period}
    if mention.role == "value":
        if one.value is None:
            return
        if not _same_unit(mention, one):
            params = {"name": one.name, "found": mention.measure, "stored": one.measure or "—"}
            yield Found("unit", params, mention.start, one.pk)
        elif mention.value != one.value:
            stored = f"{one.value:.{one.places}f}{one.measure}"
            yield Found("differs", {**told, "stored": stored}, mention.start, one.pk)
    elif one.change is not None and mention.value != one.change:
        mark = "百分点" if one.change_kind == "pp_change" else "%"
        stored = f"{one.change:+.{one.change_places}f}{mark}"
        yield Found("change", {**told, "stored": stored}, mention.start, one.pk)


def _ranks(text: str, known: Sequence[Known], pointed: dict[int, int]) -> Iterator[Found]:
    """由第26位跃升至22位: both ends against the stored rank and its move."""
    for before, now, at in rank_moves(text):
        ranks = [one for one in known if one.kind == "rank" and one.value is not None]
        ranks = [one for one in ranks if one.own] or ranks
        held = next((one for one in ranks if one.value == now), ranks[-1] if ranks else None)
        if held is None or held.value is None:
            continue
        for place in at:
            pointed[place] = held.pk
        was = held.value - held.change if held.change is not None else None
        if held.value != now or (was is not None and was != before):
            stored = f"{was if was is not None else '?'} → {held.value:f}"
            params = {"found": f"{before} → {now}", "stored": stored}
            yield Found("rank_move", params, at[1], held.pk)


def _lacking(text: str, one: Known, told: Sequence[Mention]) -> Iterator[Found]:
    """Words that have to travel with a figure: its scope, its lower bound, its moment."""
    levels = [mention for mention in told if mention.role == "value"]
    if not levels:
        return
    flat = plain(text)
    if one.scope and _must_travel(one.scope) and plain(one.scope) not in flat:
        params = {"name": one.name, "scope": one.scope}
        yield Found("scope", params, levels[0].start, one.pk)
    for mention in levels:
        if one.lower_bound and mention.bound != "least" and not _open(mention):
            stored = f"{one.value:.{one.places}f}" if one.value is not None else ""
            params = {"name": one.name, "stored": stored}
            yield Found("bound", params, mention.start, one.pk)
    if one.kind == "stock" and "末" in one.period and not any(w in flat for w in ("截至", "年末")):
        yield Found("as_of", {"name": one.name, "period": one.period}, levels[0].start, one.pk)


def _must_travel(scope: str) -> bool:
    """A scope that cuts something out of the number stands in every text that tells it."""
    return any(word in scope for word in ("不含", "不包括", "剔除", "扣除", "除外", "仅含", "只含"))


def _open(mention: Mention) -> bool:
    return mention.after.startswith(("以上", "余", "多"))


def _shown(mention: Mention) -> str:
    value = f"{abs(mention.value):.{mention.places}f}"
    sign = "-" if mention.value < 0 else "+" if mention.role != "value" else ""
    mark = "余" if mention.bound == "least" else ""
    return f"{sign}{value}{mark}{mention.measure}"


def _around(text: str, mention: Mention) -> str:
    flat = folded(text)
    return flat[max(mention.start - 10, 0) : mention.end + 8].replace("\n", " ").strip()
