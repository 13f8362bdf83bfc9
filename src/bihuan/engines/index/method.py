"""Method (评价方案): every choice of the recipe as frozen data, read from plain tables.

A method is what `method.toml` says; a result carries it, and changing one field of it is how a
run is built again. Names follow COINr (screen, denominate, impute, treat, normalise, weigh,
aggregate); its prefixes (n_, a_, i_) are accepted and dropped.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from math import isfinite
from typing import Any

from bihuan.engines.index.faults import Fault, refuse
from bihuan.engines.index.rank import TESTS, Adjustment


@dataclass(frozen=True)
class Screen:
    """筛选：有数的指标占比低于 min_share 的单位不参评；before 表示插补之前就筛。"""

    min_share: float = 0.0
    min_nonzero: float = 0.0
    before: bool = False


@dataclass(frozen=True)
class Impute:
    """插补：mean、median、group_mean、group_median、last、linear、none。"""

    how: str = "none"
    group: str = ""
    max_years: int = 0


@dataclass(frozen=True)
class Treat:
    """异常值处理：偏度与峰度同时过限才算异常；先缩尾，不够再取对数（then）。"""

    how: str = "winsorise"
    winmax: int = 5
    skew: float = 2.0
    kurt: float = 3.5
    then: str = "log"
    power: float = 0.0
    skip: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scale:
    """无量纲化：一个或几个指标怎样化为同一尺度；未给的参数取该方法的惯例。"""

    how: str = "minmax"
    lower: float | None = None
    upper: float | None = None
    mean: float | None = None
    sd: float | None = None
    target: float | None = None
    best_low: float | None = None
    best_high: float | None = None
    scale: float | None = None
    cap: bool | None = None
    log: bool = False
    bands: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Normalise(Scale):
    """无量纲化的总规则；each 里写了的指标按自己的规则。"""

    each: Mapping[str, Scale] = field(default_factory=dict)


@dataclass(frozen=True)
class Weigh:
    """定权：given、equal、entropy、critic、pca、ahp、optimise、bod；只改 level 这一层。"""

    how: str = "given"
    level: int = 1
    judgements: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Aggregate:
    """汇总：how 自下而上每层一个；node 里写了的汇总项按自己的方法。"""

    how: tuple[str, ...] = ("amean",)
    p: float = 2.0
    orness: float = 0.5
    min_share: float = 0.0
    refuse_missing: bool = False
    node: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Year:
    """多年：anchors 为 own（各年自定标）、pooled（合并定标）或某一年（固定定标）。"""

    anchors: str = "own"


@dataclass(frozen=True)
class Rank:
    """位次：并列规则；分类（league）是分组列的名字。"""

    ties: str = "min"
    league: str = ""


@dataclass(frozen=True)
class Method:
    """评价方案：从筛选到位次的每一个选择。"""

    screen: Screen = field(default_factory=Screen)
    denominate: bool = True
    impute: Impute = field(default_factory=Impute)
    treat: Treat = field(default_factory=Treat)
    normalise: Normalise = field(default_factory=Normalise)
    weigh: Weigh = field(default_factory=Weigh)
    aggregate: Aggregate = field(default_factory=Aggregate)
    year: Year = field(default_factory=Year)
    rank: Rank = field(default_factory=Rank)
    adjust: tuple[Adjustment, ...] = ()

    def changed(self, **changes: Any) -> "Method":
        """The same method with some choices changed: `changed(treat={"winmax": 3})`."""
        pieces: dict[str, Any] = {}
        for name, value in changes.items():
            now = getattr(self, name)
            if is_dataclass(now) and not isinstance(now, type) and isinstance(value, Mapping):
                value = replace(now, **{k: _tidy(v) for k, v in value.items()})
            pieces[name] = value
        method = replace(self, **pieces)
        refuse(method_faults(method))
        return method

    def table(self) -> dict[str, Any]:
        """As plain data, for run.json; `method(...)` reads it back."""
        out = asdict(self)
        out["adjust"] = [asdict(rule) for rule in self.adjust]
        return _plain(out)  # type: ignore[no-any-return]  # dicts in, dicts out


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


# What each choice may be --------------------------------------------------------------------------

IMPUTE = ("none", "mean", "median", "group_mean", "group_median", "last", "linear")
TREAT = ("none", "winsorise", "log", "log_by_skew", "log_plus_one", "boxcox")
SCALES = (
    "none",
    "minmax",
    "zscore",
    "scaled",
    "rank",
    "prank",
    "borda",
    "dist2max",
    "dist2targ",
    "fracmax",
    "goalposts",
    "efficacy_linear",
    "efficacy_exp",
    "interval",
    "bands",
)
WEIGH = ("given", "equal", "entropy", "critic", "pca", "ahp", "optimise", "bod")
MEANS = (
    "amean",
    "gmean",
    "hmean",
    "genmean",
    "median",
    "min",
    "max",
    "owa",
    "mpi",
    "topsis",
    "copeland",
    "bod",
    "shortfall",
)
_SAME = {
    "mean_grp": "group_mean",
    "median_grp": "group_median",
    "latest": "last",
    "winsorize": "winsorise",
    "log_ct": "log",
    "log_ct_plus": "log_by_skew",
    "log_ct_orig": "log_plus_one",
    "min-max": "minmax",
    "z-score": "zscore",
    "z": "zscore",
    "percentile_rank": "prank",
    "distance_to_max": "dist2max",
    "distance_to_target": "dist2targ",
    "fraction_of_max": "fracmax",
    "original": "given",
    "arithmetic": "amean",
    "geometric": "gmean",
    "harmonic": "hmean",
    "power": "genmean",
    "mazziotta_pareto": "mpi",
}


def choice(found: str) -> str:
    """One name for each thing: COINr's prefixes and a few other spellings are folded away."""
    word = found.strip().lower()
    bare = re.sub(r"^(?:n|a|i)_", "", word)
    return _SAME.get(bare, bare)


def method(table: Mapping[str, Any]) -> Method:
    """A method from plain tables (method.toml, run.json), or everything wrong with them."""
    faults: list[Fault] = []
    parts: dict[str, Any] = {}
    known = {f.name: f for f in fields(Method)}
    shapes = {
        "screen": Screen,
        "impute": Impute,
        "treat": Treat,
        "normalise": Normalise,
        "weigh": Weigh,
        "aggregate": Aggregate,
        "year": Year,
        "rank": Rank,
    }
    for name, value in table.items():
        if name not in known:
            faults.append(Fault("unknown_table", {"found": name, "known": " ".join(known)}))
        elif name == "denominate":
            parts[name] = bool(value.get("on", True) if isinstance(value, Mapping) else value)
        elif name == "adjust":
            rows = value if isinstance(value, list | tuple) else [value]
            rules = [_made(Adjustment, row, "adjust", faults) for row in rows]
            parts[name] = tuple(rule for rule in rules if rule is not None)
        elif not isinstance(value, Mapping):
            faults.append(Fault("not_table", {"found": name}))
        else:
            parts[name] = _made(shapes[name], value, name, faults)
    made = Method(**parts)
    # What was misread has its default here, so that the rest can be looked at all the same.
    told = {fault.params.get("field") for fault in faults}
    refuse([*faults, *(f for f in method_faults(made) if f.params.get("field") not in told)])
    return made


def _made(shape: Any, value: Any, name: str, faults: list[Fault]) -> Any:
    if not isinstance(value, Mapping):
        faults.append(Fault("not_table", {"found": name}))
        return None
    known = {f.name: f for f in fields(shape)}
    # `file` and `on` are the reader's business: it has put their content in place already.
    given = {k: v for k, v in value.items() if k not in ("file", "on")}
    good: dict[str, Any] = {}
    for key, content in given.items():
        where = f"{name}.{key}"
        if key not in known:
            faults.append(Fault("unknown_key", {"field": where, "known": " ".join(sorted(known))}))
            continue
        folded = _folded(shape, key, content)
        if not _fits(folded, key, known[key].type):
            faults.append(Fault("not_fit", {"field": where, "found": str(content)}))
        elif key == "each":
            # A scale that names no function takes the one that all the others take.
            how = given.get("how", Scale.how)
            made = {
                code: _made(Scale, {"how": how, **one}, f"{where}.{code}", faults)
                for code, one in folded.items()
            }
            good[key] = {code: one for code, one in made.items() if one is not None}
        else:
            good[key] = _tidy(folded)
    return shape(**good)


def _folded(shape: Any, key: str, content: Any) -> Any:
    """Names in their one spelling; a single function where a list is meant; a year as text."""
    if key in ("how", "then") and isinstance(content, str):
        return [choice(content)] if shape is Aggregate else choice(content)
    if key == "how" and isinstance(content, list | tuple):
        return [choice(one) if isinstance(one, str) else one for one in content]
    if key == "node" and isinstance(content, Mapping):
        return {c: choice(how) if isinstance(how, str) else how for c, how in content.items()}
    if key == "anchors" and isinstance(content, int):
        return str(content)
    return content


def _fits(value: Any, key: str, kind: Any) -> bool:
    kind = getattr(kind, "__name__", None) or str(kind)
    if kind.startswith(("float", "int")):
        return _is_number(value) and (kind.startswith("float") or float(value) == int(value))
    if kind.startswith("bool"):
        return isinstance(value, bool)
    if kind == "str":
        return isinstance(value, str)
    if key in _SHAPES:
        return _SHAPES[key](value)
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_list(value: Any, of: Callable[[Any], bool], length: int = 0) -> bool:
    """A list whose every part is as it should be."""
    right = isinstance(value, list | tuple) and (not length or len(value) == length)
    return right and all(of(one) for one in value)


def _is_table(value: Any, of: Callable[[Any], bool]) -> bool:
    return isinstance(value, Mapping) and all(of(one) for one in value.values())


def _is_word(value: Any) -> bool:
    return isinstance(value, str)


def _are_numbers(value: Any) -> bool:
    return _is_list(value, _is_number)


_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    "how": lambda value: _is_list(value, _is_word),
    "skip": lambda value: _is_list(value, _is_word),
    "node": lambda value: _is_table(value, _is_word),
    "each": lambda value: _is_table(value, lambda one: isinstance(one, Mapping)),
    "bands": lambda value: _is_list(value, lambda step: _is_list(step, _is_number, 2)),
    "judgements": lambda value: _is_table(value, lambda one: _is_list(one, _are_numbers)),
}


def _tidy(value: Any) -> Any:
    """Lists become tuples, so that a method stays frozen all the way down."""
    if isinstance(value, list | tuple):
        return tuple(_tidy(one) for one in value)
    return value


def method_faults(method: Method) -> Iterable[Fault]:
    """What no data could make right: unknown names and limits that contradict each other."""
    asked = [
        ("impute.how", method.impute.how, IMPUTE),
        ("treat.how", method.treat.how, TREAT),
        ("treat.then", method.treat.then, TREAT),
        ("normalise.how", method.normalise.how, SCALES),
        ("weigh.how", method.weigh.how, WEIGH),
        *(("aggregate.how", how, MEANS) for how in method.aggregate.how),
        *((f"aggregate.node.{code}", how, MEANS) for code, how in method.aggregate.node.items()),
        *((f"normalise.each.{c}.how", one.how, SCALES) for c, one in method.normalise.each.items()),
        ("rank.ties", method.rank.ties, ("min", "max", "dense", "first")),
    ]
    for where, found, known in asked:
        if found not in known:
            params = {"field": where, "found": found, "known": " ".join(known)}
            yield Fault("unknown_choice", params)
    if not re.fullmatch(r"own|pooled|-?\d+", method.year.anchors):
        params = {"field": "year.anchors", "found": method.year.anchors, "known": "own pooled 2020"}
        yield Fault("unknown_choice", params)
    for where, share in (
        ("screen.min_share", method.screen.min_share),
        ("screen.min_nonzero", method.screen.min_nonzero),
        ("aggregate.min_share", method.aggregate.min_share),
    ):
        if not 0 <= share <= 1:
            yield Fault("not_share", {"field": where, "found": share})
    if method.treat.winmax < 0:
        yield Fault("not_fit", {"field": "treat.winmax", "found": method.treat.winmax})
    if method.impute.how.startswith("group") and not method.impute.group:
        yield Fault("no_group_named", {"field": "impute.group"})
    if "genmean" in method.aggregate.how and method.aggregate.p == 0:
        yield Fault("not_fit", {"field": "aggregate.p", "found": 0})
    if not method.aggregate.how:
        yield Fault("not_fit", {"field": "aggregate.how", "found": "[]"})
    for where, one in (
        ("normalise", method.normalise),
        *((f"normalise.each.{code}", one) for code, one in method.normalise.each.items()),
    ):
        low, high = one.lower, one.upper
        if low is not None and high is not None and not low < high:
            yield Fault("not_ordered", {"field": where, "low": low, "high": high})
        if one.sd is not None and one.sd <= 0:
            yield Fault("not_fit", {"field": f"{where}.sd", "found": one.sd})
        if one.how == "bands" and not one.bands:
            yield Fault("lacking", {"field": f"{where}.bands"})
    for rule in method.adjust:
        if rule.node and rule.test not in TESTS:
            params = {"field": "adjust.test", "found": rule.test, "known": " ".join(TESTS)}
            yield Fault("unknown_choice", params)
        if not rule.node and not rule.unit:
            yield Fault("adjustment_of_nobody", {"reason": rule.reason})
        if rule.most is not None and rule.most <= 0:
            yield Fault("not_fit", {"field": "adjust.most", "found": rule.most})
