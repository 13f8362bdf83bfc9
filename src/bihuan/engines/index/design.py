"""What may vary, and which draw takes which variant: a design that can be replayed draw by draw.

Chance is counted, not consumed: every draw has a ticket for every input, and the numbers behind a
ticket depend on seed, input and ticket alone (Philox, Salmon et al. 2011). So one draw, a piece of
them or all of them give the same bits, wherever they are computed, and two years can share draws.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np

from bihuan.engines.index.faults import Fault, refuse
from bihuan.engines.index.frame import Floats, Ints, Tree
from bihuan.engines.index.method import IMPUTE, MEANS, SCALES, Impute, Method, Scale, choice

NAMES = ("winmax", "normalisation", "aggregation", "impute", "weights", "noise", "gaps")
# Inputs that are one of a list; the others take a ticket to a vector of random numbers.
CHOICES = ("winmax", "normalisation", "aggregation", "impute")
AS_GIVEN = -1
# COINr's own example moves weights by up to a quarter.
USUAL_FACTOR = 0.25


@dataclass(frozen=True)
class Inputs:
    """不确定的输入：可选做法，以及权重、数据、插补值各自的波动；空的表示不变。"""

    winmax: tuple[int, ...] = ()
    normalisation: tuple[Scale, ...] = ()
    aggregation: tuple[tuple[str, ...], ...] = ()
    impute: tuple[Impute, ...] = ()
    weight_factor: float = 0.0
    weight_levels: tuple[int, ...] = ()
    weight_sets: tuple[tuple[str, tuple[float, ...]], ...] = ()
    noise: tuple[float, ...] = ()
    noise_of: str = "value"
    gaps: bool = False

    @property
    def varied(self) -> tuple[str, ...]:
        """The inputs that do vary."""
        on = {
            **{name: bool(getattr(self, name)) for name in CHOICES},
            "weights": bool(self.weight_factor or self.weight_sets),
            "noise": any(self.noise),
            "gaps": self.gaps,
        }
        return tuple(name for name in NAMES if on[name])


@dataclass(frozen=True, eq=False)
class Design:
    """抽样方案：每次抽样（行）对每个输入（列，按 NAMES）取第几种做法或第几号随机数。"""

    inputs: Inputs
    seed: int
    picks: Ints

    def column(self, name: str) -> Ints:
        return np.asarray(self.picks[:, NAMES.index(name)])

    def only(self, rows: Any) -> "Design":
        """Some of its draws, to be replayed."""
        return replace(self, picks=self.picks[rows])


def uniforms(seed: int, stream: int, tickets: Ints, width: int) -> Floats:
    """Numbers in (0, 1), one row per ticket."""
    blocks = -(-width // 4)
    out = np.empty((len(tickets), blocks * 4))
    breaks = np.flatnonzero(np.diff(tickets) != 1) + 1
    key = (seed % 2**64) + (stream << 64)
    for start, end in pairwise((0, *breaks.tolist(), len(tickets))):
        if start < end:
            bits = np.random.Philox(key=key, counter=int(tickets[start]) * blocks)
            np.random.Generator(bits).random(out=out[start:end])
    # Half a step up: never zero, so that a normal number is never infinite.
    out += 2.0**-54
    return out[:, :width]


def _picked(inputs: Inputs, seed: int, tickets: Mapping[str, Ints], count: int) -> Ints:
    picks = np.full((count, len(NAMES)), AS_GIVEN, dtype=np.int64)
    for name in inputs.varied:
        at, own = NAMES.index(name), tickets[name]
        options = len(getattr(inputs, name)) if name in CHOICES else 0
        if name == "weights" and inputs.weight_sets:
            options = len(inputs.weight_sets)
        if options:
            u = uniforms(seed, at, own, 1)[:, 0]
            picks[:, at] = np.minimum((u * options).astype(np.int64), options - 1)
        else:
            picks[:, at] = own
    return picks


def drawn(inputs: Inputs, count: int, seed: int) -> Design:
    """随机抽样：count 次，同一种子总是同样的抽样。"""
    tickets = np.arange(count)
    return Design(inputs, seed, _picked(inputs, seed, dict.fromkeys(NAMES, tickets), count))


def pick_freeze(inputs: Inputs, count: int, seed: int, sets: Sequence[frozenset[str]]) -> Design:
    """Blocks of draws for variance-based sensitivity: A, then for each set the draws that take
    the inputs of the set from A and all others from B (Saltelli et al. 2010; Owen 2014)."""
    a, b = np.arange(count), np.arange(count, 2 * count)
    blocks = [_picked(inputs, seed, dict.fromkeys(NAMES, a), count)]
    for some in sets:
        mixed = {name: a if name in some else b for name in NAMES}
        blocks.append(_picked(inputs, seed, mixed, count))
    return Design(inputs, seed, np.concatenate(blocks))


# As text, for a design file -----------------------------------------------------------------------


def scale_text(scale: Scale) -> str:
    """minmax(1,100), zscore(10,2), rank …"""
    z = scale.how == "zscore"
    pair = (scale.mean, scale.sd) if z else (scale.lower, scale.upper)
    if pair == (None, None):
        return scale.how
    usual = (0.0, 1.0) if z else (0.0, 100.0)
    told = [repr(float(u if v is None else v)) for v, u in zip(pair, usual, strict=True)]
    return f"{scale.how}({','.join(told)})"


def scale_from(text: str, base: Scale) -> Scale | None:
    """The scale that a word of a design file means; numbers in it are its two parameters."""
    word = text.strip()
    ends = [end for end in range(len(word), 0, -1) if choice(word[:end].rstrip("_- ")) in SCALES]
    if not ends:
        return None
    how, rest = choice(word[: ends[0]].rstrip("_- ")), word[ends[0] :]
    rest = re.sub(r"l_u|m_sd|npara|c(?=\()|=", " ", rest)  # as R writes it: (l_u = c(1, 100))
    if rest and not re.fullmatch(r"[\s_(\[{:,;0-9.eE+\-)\]}]*", rest):
        return None
    numbers = [
        float(n) for n in re.findall(r"(?:(?<![\d)])-)?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", rest)
    ]
    if not numbers:
        if how == base.how:
            return Scale(**{f.name: getattr(base, f.name) for f in fields(Scale)})
        # The method may give both pairs of numbers; these two read different ones.
        pairs = {"minmax": ("lower", "upper"), "zscore": ("mean", "sd")}
        both = base.how in pairs and how in pairs
        return Scale(how=how, **{n: getattr(base, n) for n in pairs[how]} if both else {})
    pair = (*numbers, None, None)[:2]
    if how == "zscore":
        return Scale(how=how, mean=pair[0], sd=pair[1])
    return Scale(how=how, lower=pair[0], upper=pair[1])


def impute_from(text: str, base: Impute) -> Impute | None:
    """The way of filling gaps that a word means: mean, group_mean:Group_region …"""
    how, _sign, group = text.strip().partition(":")
    if choice(how) not in IMPUTE:
        return None
    return replace(base, how=choice(how), group=group or base.group)


def rows(design: Design) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a design file; `design_from` reads them back."""
    names, inputs = design.inputs.varied, design.inputs
    constants = {"seed": str(design.seed)}
    if inputs.weight_factor and not inputs.weight_sets:
        constants["weight_factor"] = repr(inputs.weight_factor)
    if "noise" in names:
        constants["noise_sd"] = " ".join(repr(float(sd)) for sd in inputs.noise)
    header = ["draw", *names, *constants]
    told: dict[str, Sequence[str]] = {
        "winmax": [str(n) for n in inputs.winmax],
        "normalisation": [scale_text(s) for s in inputs.normalisation],
        "aggregation": [" ".join(hows) for hows in inputs.aggregation],
        "impute": [":".join(filter(None, (i.how, i.group))) for i in inputs.impute],
    }
    if inputs.weight_sets:
        told["weights"] = [name for name, _weights in inputs.weight_sets]
    body = []
    for number, picks in enumerate(design.picks, start=1):
        cells = []
        for name in names:
            pick = int(picks[NAMES.index(name)])
            cells.append(told[name][pick] if name in told else str(pick))
        body.append([str(number), *cells, *constants.values()])
    return header, body


# The first pattern that fits a heading has it. The last three are the same in every row.
_HEADINGS = {
    "weight_factor": r"weight_?factor",
    "noise_sd": r"noise_?sd",
    "winmax": r"win.*",
    "normalisation": r"norm.*|n_?spec|f_?n",
    "aggregation": r"agg.*|f_?ag",
    "impute": r"imp.*",
    "weights": r"w|weight.*|wset|w_?set",
    "noise": r"noise|data_?noise",
    "gaps": r"gaps|imputation_?noise",
    "seed": r"seed",
}


@dataclass
class _Options:
    """The different words seen in one column, in the order of their first appearance."""

    words: dict[str, int] = field(default_factory=dict)

    def pick(self, word: str) -> int:
        return self.words.setdefault(word, len(self.words))


def design_from(
    header: Sequence[str],
    body: Sequence[Sequence[str]],
    method: Method,
    tree: Tree,
    inputs: Inputs,
) -> Design:
    """The design that a file states, or every fault in it; `inputs` gives weight sets and noise.

    In the column of weights, `given` (also empty, `nominal`, `original`) means the weights of the
    tree, `equal` equal ones, a name a set of `inputs.weight_sets`, and a number a ticket where no
    sets were given and the design has a seed.
    """
    places = _places(header)
    faults = [] if set(places) & set(NAMES) else [Fault("no_design_columns", {})]
    seen = {name: _Options() for name in NAMES}
    picks = np.full((len(body), len(NAMES)), AS_GIVEN, dtype=np.int64)
    sets = {name: i for i, (name, _weights) in enumerate(inputs.weight_sets)}
    made = list(inputs.weight_sets)
    for row, cells in enumerate(body):
        for name, at in places.items():
            word = cells[at].strip() if at < len(cells) else ""
            if name not in NAMES or word == "":
                continue
            column = NAMES.index(name)
            if name in CHOICES:
                picks[row, column] = seen[name].pick(word)
            elif name == "weights":
                pick = _weights_pick(word, sets, made, tree, "seed" in places)
                if pick is None:
                    faults.append(Fault("unknown_weights", {"row": row, "found": word}))
                else:
                    picks[row, column] = pick
            elif re.fullmatch(r"\d+", word):
                picks[row, column] = int(word)
            else:
                faults.append(Fault("not_ticket", {"row": row, "found": word, "field": name}))
    kept: dict[str, Any] = dict(_options(seen, method, faults))
    constant = _constant(body, places, faults)
    refuse(faults)
    used = {name: bool((picks[:, NAMES.index(name)] >= 0).any()) for name in NAMES}
    if used["weights"] and not made and not inputs.weight_factor:
        kept["weight_factor"] = constant.get("weight_factor", (USUAL_FACTOR,))[0]
    if used["noise"] and not any(inputs.noise):
        kept["noise"] = constant.get("noise_sd", ())
    full = replace(inputs, **kept, weight_sets=tuple(made), gaps=inputs.gaps or used["gaps"])
    return Design(full, int(constant["seed"][0]), picks)


def _places(header: Sequence[str]) -> dict[str, int]:
    """Which column of a design file says what."""
    places: dict[str, int] = {}
    for at, heading in enumerate(header):
        word = heading.strip().lower()
        for name, pattern in _HEADINGS.items():
            if re.fullmatch(pattern, word):
                places.setdefault(name, at)
                break
    return places


def _constant(
    body: Sequence[Sequence[str]], places: Mapping[str, int], faults: list[Fault]
) -> dict[str, tuple[float, ...]]:
    """What must be the same in every row: the seed and the sizes of what is random."""
    out: dict[str, tuple[float, ...]] = {"seed": (0,)}
    for name in ("seed", "weight_factor", "noise_sd"):
        if name not in places:
            continue
        at = places[name]
        words = {cells[at].strip() if at < len(cells) else "" for cells in body}
        word = next(iter(words), "")
        shape = r"\d+" if name == "seed" else r"[\d.eE+\- ]+"
        try:
            if len(words) != 1 or not re.fullmatch(shape, word):
                raise ValueError(word)
            out[name] = tuple(int(n) if name == "seed" else float(n) for n in word.split())
        except ValueError:
            faults.append(Fault("not_constant", {"field": name, "found": "、".join(sorted(words))}))
    return out


def _weights_pick(
    word: str,
    sets: dict[str, int],
    made: list[tuple[str, tuple[float, ...]]],
    tree: Tree,
    seeded: bool,
) -> int | None:
    if word in sets:
        return sets[word]
    if word.lower() in ("given", "nominal", "original"):
        return AS_GIVEN
    if word.lower() == "equal":
        sets[word] = len(made)
        made.append((word, tuple(1.0 for _node in tree.nodes)))
        return sets[word]
    # Without a seed a number cannot be a ticket: it names a set that was not given.
    if seeded and not sets and re.fullmatch(r"\d+", word):
        return int(word)
    return None


def _options(
    seen: Mapping[str, _Options], method: Method, faults: list[Fault]
) -> dict[str, tuple[Any, ...]]:
    def unknown(name: str, word: str, known: Iterable[str]) -> None:
        params = {"field": name, "found": word, "known": " ".join(known)}
        faults.append(Fault("unknown_choice", params))

    out: dict[str, list[Any]] = {name: [] for name in CHOICES}
    for word in seen["winmax"].words:
        if re.fullmatch(r"\d+(?:\.0*)?", word):
            out["winmax"].append(int(float(word)))
        else:
            unknown("winmax", word, ["0", "1", "5"])
    for word in seen["normalisation"].words:
        scale = scale_from(word, method.normalise)
        out["normalisation"].append(scale)
        if scale is None:
            unknown("normalisation", word, SCALES)
    for word in seen["aggregation"].words:
        hows = tuple(choice(part) for part in re.findall(r"[A-Za-z_]+", word))
        out["aggregation"].append(hows)
        if not hows or any(how not in MEANS for how in hows):
            unknown("aggregation", word, MEANS)
    for word in seen["impute"].words:
        out["impute"].append(impute_from(word, method.impute))
        if out["impute"][-1] is None:
            unknown("impute", word, IMPUTE)
    return {name: tuple(found) for name, found in out.items()}
