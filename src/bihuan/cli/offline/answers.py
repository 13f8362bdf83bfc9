"""Tables of answers: uncertainty, sensitivity, reasons, goals and audit, ready to be written."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from bihuan.cli.offline.report import why
from bihuan.cli.offline.runs import json_bytes, plain, versions
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.index import Result
from bihuan.engines.index.audit import Audit, reversals
from bihuan.engines.index.design import Design
from bihuan.engines.index.design import rows as design_rows
from bihuan.engines.index.explain import Attribution
from bihuan.engines.index.faults import Unfit
from bihuan.engines.index.goal import Bundle
from bihuan.engines.index.moves import EDITION, NORMS, PEERS, POINTS, ROSTER, Move, Passing
from bihuan.engines.index.robust import Failed, Rise, Spread
from bihuan.engines.index.sensitivity import Sensitivity, ShapleyEffects
from bihuan.exchange.index_tables import csv_bytes


def uncertainty_files(spread: Spread, top: int, last: int, draws: bool) -> dict[str, bytes]:
    """What `bihuan index uncertainty` leaves: summary, probabilities, design and draws."""
    units = spread.units
    columns: list[tuple[str, Any]] = [
        ("Nominal", [int(r) or None for r in spread.nominal.top_ranks]),
        ("Mean", spread.mean_rank()),
        ("Median", spread.interval()[:, 1]),
        ("Q5", spread.interval()[:, 0]),
        ("Q95", spread.interval()[:, 2]),
        (f"P_top{top}", spread.within(top)),
        (f"P_last{last}", spread.among_last(last)),
    ]
    header = ["uCode", *(name for name, _values in columns)]
    body = zip(units, *(values for _name, values in columns), strict=True)
    above, accept = spread.above(), spread.acceptability()
    files = {
        "summary.csv": csv_bytes(header, _floats(body)),
        "above.csv": csv_bytes(["uCode", *units], _named(units, above)),
        "acceptability.csv": csv_bytes(
            ["uCode", *(str(k + 1) for k in range(len(units)))], _named(units, accept)
        ),
        "design.csv": csv_bytes(*design_rows(spread.design)),
        "failed.csv": _failed(spread.failed),
        "uncertainty.json": json_bytes(
            {
                "draws": len(spread.ranks),
                "failed": len(spread.failed),
                "seed": spread.design.seed,
                "inputs": list(spread.design.inputs.varied),
                "groups": spread.groups(),
                "digest": spread.nominal.digest,
                "versions": versions(spread.nominal.version),
            }
        ),
    }
    if spread.design.inputs.weight_sets:
        codes = spread.nominal.tree.codes
        sets = spread.design.inputs.weight_sets
        files["weights.csv"] = csv_bytes(
            ["set", *codes], ([name, *map(float, weights)] for name, weights in sets)
        )
    if draws:
        names = ["uCode", "Nominal", *(f"r_{i + 1}" for i in range(len(spread.ranks)))]
        scores = (
            [unit, float(top_score), *map(float, column)]
            for unit, top_score, column in zip(
                units, spread.nominal.top, spread.scores.T, strict=True
            )
        )
        places = (
            [unit, int(rank) or None, *((int(r) or None) for r in column)]
            for unit, rank, column in zip(
                units, spread.nominal.top_ranks, spread.ranks.T, strict=True
            )
        )
        files["replicate_scores.csv"] = csv_bytes(names, scores)
        files["replicate_ranks.csv"] = csv_bytes(names, places)
    return files


def rose_files(before: Spread, after: Spread, found: Mapping[str, Rise]) -> dict[str, bytes]:
    """What `bihuan index rose` leaves: probabilities, common draws, what failed."""
    ranks = [
        dict(zip(s.units, map(int, s.nominal.top_ranks), strict=True)) for s in (before, after)
    ]
    rows = (
        [unit, *((rank[unit] or None) for rank in ranks), one.rose, one.same, one.fell]
        for unit, one in found.items()
    )
    header = ["uCode", "Rank_before", "Rank_after", "P_rose", "P_same", "P_fell"]
    return {
        "rose.csv": csv_bytes(header, rows),
        "design.csv": csv_bytes(*design_rows(after.design)),
        "failed_before.csv": _failed(before.failed),
        "failed_after.csv": _failed(after.failed),
        "rose.json": json_bytes(
            {
                "draws": len(after.ranks),
                "used": len(np.intersect1d(before.good, after.good)),
                "seed": after.design.seed,
                "inputs": list(after.design.inputs.varied),
                "digests": [before.nominal.digest, after.nominal.digest],
                "versions": versions(after.nominal.version),
            }
        ),
    }


def rose_lines(
    before: Spread, after: Spread, found: Mapping[str, Rise], unit: str = "", most: int = 12
) -> list[str]:
    """One unit, or those whose rank moved with the most certainty; and how many draws counted."""
    used = len(np.intersect1d(before.good, after.good))
    lines = [
        _("两年都算得出的抽样 %(used)d 次，共 %(n)d 次。") % {"used": used, "n": len(after.ranks)}
    ]
    order = sorted(found, key=lambda u: (-abs(found[u].rose - found[u].fell), u))
    for code in [unit] if unit else order[:most]:
        one = found[code]
        ranks = [int(s.nominal.top_ranks[s.units.index(code)]) for s in (before, after)]
        lines.append(
            _(
                "  %(unit)s：第 %(before)d 位 → 第 %(after)d 位；"
                "上升 %(rose).0f%%，下降 %(fell).0f%%"
            )
            % {
                "unit": code,
                "before": ranks[0],
                "after": ranks[1],
                "rose": 100 * one.rose,
                "fell": 100 * one.fell,
            }
        )
    return lines


def _failed(failed: tuple[Failed, ...]) -> bytes:
    """Draws that could not be computed, counted from 1 as in design.csv, and why."""
    rows = ([one.draw + 1, sentence(one.why.code, one.why.params)] for one in failed)
    return csv_bytes(["draw", "reason"], rows)


def _named(units: tuple[str, ...], table: Any) -> Iterable[list[Any]]:
    return ([unit, *map(float, row)] for unit, row in zip(units, table, strict=True))


def _floats(rows: Iterable[tuple[Any, ...]]) -> Iterable[list[Any]]:
    return ([v.item() if isinstance(v, np.generic) else v for v in row] for row in rows)


def sensitivity_files(
    found: Sensitivity, effects: ShapleyEffects | None, design: Design
) -> dict[str, bytes]:
    rows = [
        [
            name,
            float(found.first[i]),
            *map(float, found.first_interval[i]),
            float(found.total[i]),
            *map(float, found.total_interval[i]),
        ]
        for i, name in enumerate(found.inputs)
    ]
    header = ["Variable", "Si", "Si_q5", "Si_q95", "STi", "STi_q5", "STi_q95"]
    files = {
        "sensitivity.csv": csv_bytes(header, rows),
        "design.csv": csv_bytes(*design_rows(design)),
        "failed.csv": _failed(found.failed),
    }
    if effects is not None:
        pairs = zip(effects.inputs, map(float, effects.share), strict=True)
        files["shapley.csv"] = csv_bytes(["Variable", "share"], pairs)
    return files


# Reasons ------------------------------------------------------------------------------------------


def player(name: str, result: Result) -> str:
    """What a part of a move is called."""
    outside = {
        PEERS: _("其他单位自身的变化"),
        NORMS: _("无量纲化的尺度重新标定"),
        EDITION: _("方案变化（指标、权重、汇总方法）"),
        ROSTER: _("参评单位有进有出"),
        POINTS: _("加分和扣分"),
    }
    if name in outside:
        return outside[name]
    at = result.tree.index.get(name)
    return name if at is None else result.tree.nodes[at].name or name


def move_lines(move: Move, result: Result) -> list[str]:
    whole = move.whole()
    lines = [
        _("%(unit)s：第 %(before)d 位 → 第 %(after)d 位，变动 %(change)+d（负为上升）。")
        % {
            "unit": move.unit,
            "before": move.before,
            "after": move.after,
            "change": move.change,
        },
        _("由以下各项相加而成（精确值；取整）："),
    ]
    for name, part in sorted(move.parts.items(), key=lambda pair: (pair[1], pair[0])):
        lines.append(f"  {float(part):+8.3f}  {whole[name]:+4d}  {player(name, result)}")
    return lines


def passing_lines(passings: tuple[Passing, ...]) -> list[str]:
    lines = []
    for one in passings:
        words = _("超过了 %(unit)s") if one.we_passed else _("被 %(unit)s 超过")
        on = _("、").join(f"{code} {points:+.2f}" for code, points in one.on)
        lines.append(f"  {words % {'unit': one.unit}}" + (f"：{on}" if on else ""))
    return lines


def score_lines(change: Attribution, most: int = 12) -> list[str]:
    lines = [
        _("得分 %(before).3f → %(after).3f，变动 %(change)+.3f，来自：")
        % {"before": change.before, "after": change.after, "change": change.change}
    ]
    order = np.argsort(-np.abs(change.parts), kind="stable")
    for j in order[:most]:
        if change.parts[j]:
            lines.append(f"  {change.parts[j]:+8.3f}  {change.indicators[j]}")
    rest = float(sum(change.parts[j] for j in order[most:]))
    if rest:
        lines.append(f"  {rest:+8.3f}  " + _("其余指标"))
    if change.others:
        lines.append(f"  {change.others:+8.3f}  " + _("其他单位自身的变化"))
    if change.points:
        lines.append(f"  {change.points:+8.3f}  " + _("加分和扣分"))
    return lines


def explain_table(
    move: Move, passings: tuple[Passing, ...], change: Attribution | None
) -> dict[str, Any]:
    whole = move.whole()
    table: dict[str, Any] = {
        "unit": move.unit,
        "rank": {"before": move.before, "after": move.after, "change": move.change},
        "exact": move.exact,
        "parts": [
            {
                "name": name,
                "numerator": part.numerator,
                "denominator": part.denominator,
                "value": float(part),
                "whole": whole[name],
            }
            for name, part in move.parts.items()
        ],
        "passings": [vars(one) for one in passings],
    }
    if change is not None:
        table["score"] = {
            "before": change.before,
            "after": change.after,
            "parts": dict(zip(change.indicators, map(float, change.parts), strict=True)),
            "others": change.others,
            "points": change.points,
        }
    return dict(plain(table))


def goal_lines(bundle: Bundle) -> list[str]:
    if not bundle.reached:
        return [
            _("在给定的抓手和上限之内达不到第 %(target)d 位。请放宽上限或增加抓手。")
            % {"target": bundle.target}
        ]
    lines = [
        _("代价最小的办法（代价 %(cost).4g）：第 %(before)d 位 → 第 %(after)d 位。")
        % {"cost": bundle.cost, "before": bundle.rank[0], "after": bundle.rank[1]},
        *(f"  {code:<12}{change:+.6g}" for code, change in bundle.changes.items()),
        _("得分 %(before).3f → %(after).3f；在其他单位的变动之下达成的概率 %(p).0f%%。")
        % {
            "before": bundle.score[0],
            "after": bundle.score[1],
            "p": 100 * bundle.probability,
        },
    ]
    if not bundle.proven:
        lines.append(_("得分不是凹函数，不能保证没有更便宜的办法。"))
    return lines


def goal_table(bundle: Bundle) -> dict[str, Any]:
    return {k: plain(v) for k, v in vars(bundle).items() if k != "result"}


# Audit --------------------------------------------------------------------------------------------


def audit_files(told: Audit, result: Result) -> dict[str, bytes]:
    codes = result.tree.codes
    stats = [[*list(vars(s).values())[:-1], " ".join(s.flags)] for s in told.stats]
    heads = ["iCode", "Min", "Max", "Mean", "Median", "Std", "Skew", "Kurt"]
    heads += ["N.Avail", "N.NonZero", "N.Unique", "N.Same", "flags"]
    group_heads = ["node", "children", "alpha", "first_share", "within", "across", "mixed_signs"]
    groups = [
        [g.node, " ".join(g.children), g.alpha, g.first_share, g.within, g.across, g.mixed_signs]
        for g in told.groups
    ]
    return {
        "stats.csv": csv_bytes(heads, stats),
        "correlations.csv": csv_bytes(
            ["iCode", *codes], _named(codes, told.correlations["pearson"])
        ),
        "rank_correlations.csv": csv_bytes(
            ["iCode", *codes], _named(codes, told.correlations["spearman"])
        ),
        "groups.csv": csv_bytes(group_heads, groups),
        "pairs.csv": csv_bytes(
            ["one", "other", "r", "why"], [list(vars(p).values()) for p in told.pairs]
        ),
        "importance.csv": csv_bytes(
            ["iCode", "effective_weight", "r2_with_top"],
            [[code, *pair] for code, pair in told.importance.items()],
        ),
        "influence.csv": csv_bytes(
            ["iCode", "mean_shift", "most_shift", "reason"],
            [list(vars(one).values()) for one in told.influence],
        ),
    }


def reversal_files(result: Result) -> tuple[dict[str, bytes], list[str]]:
    """Which pairs change places when a third unit is taken out; and a line that says how many."""
    rows: list[list[str]] = []
    for unit in result.units:
        try:
            pairs = reversals(result.given, result.method, unit, result)
        except Unfit as refusal:
            fault = refusal.faults[0]
            rows.append([unit, "", "", sentence(fault.code, fault.params)])
            continue
        rows += [[unit, one, other, ""] for one, other in pairs]
    turned = {row[0] for row in rows if row[1]}
    line = _("逆序：拿掉其中 %(n)d 个单位，会使别的单位先后对调，共 %(pairs)d 对次。") % {
        "n": len(turned),
        "pairs": sum(1 for row in rows if row[1]),
    }
    header = ["taken_out", "one", "other", "reason"]
    return {"reversals.csv": csv_bytes(header, rows)}, [line]


def audit_lines(told: Audit) -> list[str]:
    flagged = [s for s in told.stats if s.flags]
    lines = [
        _("%(n)d 项指标，%(flagged)d 项值得看一看。")
        % {"n": len(told.stats), "flagged": len(flagged)}
    ]
    for group in told.groups:
        lines.append(
            f"  {group.node:<12} alpha={group.alpha:.2f}  "
            + _("第一主成分 %(share).0f%%，组内相关 %(within).2f，组外相关 %(across).2f")
            % {
                "share": 100 * group.first_share,
                "within": group.within,
                "across": group.across,
            }
        )
    lines += [f"  {p.one} – {p.other}  r={p.r:+.2f}  {why(p.why)}" for p in told.pairs]
    return lines
