"""A run as a folder: what went in (bytes), what came out (tables), and how (run.json)."""

import json
import platform
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from bihuan import __version__
from bihuan.base.errors import Refused
from bihuan.cli.offline.reading import Input, read
from bihuan.cli.offline.words import _
from bihuan.engines.index import Result, build
from bihuan.engines.index.build import Step
from bihuan.engines.index.frame import Frame
from bihuan.exchange.index_tables import csv_bytes

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]
FORMAT = "bihuan-index-run/1"


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """All files or none: written beside, then moved into place."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bihuan-", dir=folder) as beside:
        for name, content in files.items():
            path = Path(beside) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name in files:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(beside) / name, target)


def build_files(given: Input, result: Result, year: int | None) -> dict[str, bytes]:
    """Everything that `bihuan index build` leaves in its folder."""
    files = {
        "treated.csv": _frame_csv(result.treated),
        "normalised.csv": _frame_csv(result.normalised),
        "scores.csv": csv_bytes(*_nodes_table(result, result.scores)),
        "ranks.csv": csv_bytes(*_nodes_table(result, result.ranks)),
        "run.json": json_bytes(record(given, result, year)),
    }
    if result.league_ranks is not None:
        labels = result.treated.groups[result.method.rank.league]
        rows = zip(_keys(result), labels, result.league_ranks, strict=True)
        files["leagues.csv"] = csv_bytes(
            [*_key_names(result), "league", "rank"],
            ([*key, label, int(place) or None] for key, label, place in rows),
        )
    return files | {f"inputs/{name}": content for name, content in given.files.items()}


def record(given: Input, result: Result, year: int | None) -> dict[str, Any]:
    """run.json: method, versions, digests, and every step with what it changed."""
    files = list(given.files)
    return {
        "format": FORMAT,
        "label": _("测算值"),
        "inputs": {
            "data": files[0],
            "meta": files[1],
            "method": files[2] if len(files) > 2 else None,
            "year": year,
            "sha256": given.digests,
        },
        "method": result.method.table(),
        "versions": versions(result.version),
        "digest": result.digest,
        "units": len(result.units),
        "indicators": result.tree.leaves,
        "weights": {n.code: n.weight for n in result.tree.nodes},
        "effective_weights": dict(
            zip(result.tree.codes, map(float, result.effective_weights), strict=True)
        ),
        "adjusted": [vars(line) for line in result.adjusted],
        "log": [step_record(step) for step in result.log],
    }


def versions(engine: str) -> dict[str, str]:
    return {
        "engine": engine,
        "bihuan": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def step_record(step: Step) -> dict[str, Any]:
    """One step: arguments, units dropped, and each cell that was filled or treated."""
    out: dict[str, Any] = {
        "step": step.name,
        "arguments": plain(step.arguments),
        "dropped": list(step.dropped),
    }
    if step.name in ("impute", "treat"):
        out["cells"] = [
            {k: v for k, v in plain(vars(cell)).items() if v is not None} for cell in step.cells()
        ]
        out["changed"] = len(out["cells"])
    if step.name == "treat":
        out["series"] = list(_treated_series(step))
    if step.name == "weigh":
        out["weights"] = plain(step.notes["weights"])
    return out


def _treated_series(step: Step) -> Iterable[dict[str, Any]]:
    for year, done in step.notes["by_year"].items():
        for j in np.flatnonzero((done.points > 0) | done.transformed):
            yield plain(
                {
                    **({"year": year} if year is not None else {}),
                    "indicator": step.after.tree.codes[j],
                    "winsorised": int(done.points[j]),
                    "transformed": bool(done.transformed[j]),
                    "skew": [float(done.skew[0][j]), float(done.skew[1][j])],
                    "kurt": [float(done.kurt[0][j]), float(done.kurt[1][j])],
                }
            )


def plain(value: Any) -> Any:
    """JSON-ready: gaps are null, doubles keep all their digits."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def json_bytes(table: Any) -> bytes:
    return (json.dumps(plain(table), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _key_names(result: Result) -> list[str]:
    return ["uCode", "Time"] if result.treated.years else ["uCode"]


def _keys(result: Result) -> list[list[Any]]:
    years = result.treated.years
    if not years:
        return [[unit] for unit in result.units]
    return [[unit, year] for unit, year in zip(result.units, years, strict=True)]


def _nodes_table(result: Result, values: Any) -> Table:
    header = [*_key_names(result), *result.tree.codes]
    whole = values.dtype.kind == "i"
    rows = (
        [*key, *((int(v) or None) if whole else float(v) for v in row)]
        for key, row in zip(_keys(result), values, strict=True)
    )
    return header, rows


def _frame_csv(data: Frame) -> bytes:
    names = ["uCode", "Time"] if data.years else ["uCode"]
    years = data.years or ("",) * len(data.units)
    rows = (
        [unit, *([year] if data.years else []), *map(float, row)]
        for unit, year, row in zip(data.units, years, data.x, strict=True)
    )
    return csv_bytes([*names, *data.tree.indicators], rows)


def load(folder: Path) -> tuple[Input, Result]:
    """A run built again from its own folder; refused where the bytes or the result differ."""
    path = folder / "run.json"
    if not path.is_file():
        raise Refused(
            _("%(folder)s 里没有 run.json。请给 index build 的输出目录。") % {"folder": folder}
        )
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        asked = told["inputs"]
        places = [asked["data"], asked["meta"], asked["method"]]
    except (ValueError, KeyError, TypeError) as fault:
        raise Refused(_("%(path)s 读不了。请重新运行 index build。") % {"path": path}) from fault
    lacking = [name for name in asked["sha256"] if not (folder / "inputs" / name).is_file()]
    if lacking:
        raise Refused(
            _("%(folder)s 缺少输入文件：%(names)s。请重新运行 index build。")
            % {"folder": folder, "names": _("、").join(lacking)}
        )
    inputs = folder / "inputs"
    method = inputs / places[2] if places[2] else None
    given = read(inputs / places[0], inputs / places[1], method, asked["year"])
    result = build(given.frame, given.method)
    if given.digests != asked["sha256"] or result.digest != told["digest"]:
        raise Refused(
            _("%(folder)s 的输入或方案与当时的不同。请重新运行 index build。") % {"folder": folder}
        )
    return given, result
