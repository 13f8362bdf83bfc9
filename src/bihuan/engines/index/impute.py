"""Gaps (缺失值): screening, denominators, and filling gaps with a note of how each was filled."""

from collections.abc import Mapping

import numpy as np

from bihuan.engines.index.faults import Fault, refuse, unfit
from bihuan.engines.index.frame import CARRIED, IMPUTED, Flags, Floats, Frame
from bihuan.engines.index.method import Impute, Screen


def denominate(frame: Frame) -> Frame:
    """折算：规模指标除以它的分母（人口、面积、地区生产总值）；分母为零或缺失一并报出。"""
    x = np.array(frame.x)
    faults = []
    for j, node in enumerate(frame.tree.nodes[: frame.tree.leaves]):
        if not node.denominator:
            continue
        by = frame.denominators[node.denominator]
        bad = (by == 0) & ~np.isnan(x[:, j])
        for row in np.flatnonzero(bad):
            params = {"unit": frame.units[row], "node": node.denominator, "row": int(row)}
            faults.append(Fault("zero_denominator", params))
        with np.errstate(all="ignore"):
            x[:, j] = x[:, j] / by
    refuse(faults)
    return frame.with_values(x)


def screened(frame: Frame, spec: Screen) -> Flags:
    """筛选：哪些行数据够多，可以参评。"""
    known = ~np.isnan(frame.x)
    share = known.mean(axis=1)
    nonzero = ((frame.x != 0) & known).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    keep: Flags = (share >= spec.min_share) & (nonzero >= spec.min_nonzero)
    if not keep.any():
        raise unfit("nobody_left", field="screen.min_share", found=spec.min_share)
    return keep


def impute(frame: Frame, spec: Impute) -> Frame:
    """插补：按方案填补缺失格，每格记下来历；填不上的仍为缺失。"""
    if spec.how == "none" or not np.isnan(frame.x).any():
        return frame
    if spec.how in ("last", "linear"):
        return _from_other_years(frame, spec)
    labels = group_labels(frame, spec)
    x = np.array(frame.x)
    for _year, rows in frame.slices:
        x[rows] = filled(frame.x[rows].T, spec.how, labels[rows] if labels is not None else None).T
    return frame.with_values(x, IMPUTED)


def group_labels(frame: Frame, spec: Impute) -> np.ndarray | None:
    """The group of each row, where imputation goes by groups."""
    if not spec.how.startswith("group"):
        return None
    if spec.group not in frame.groups:
        known = "、".join(frame.groups)
        raise unfit("unknown_group", field="impute.group", found=spec.group, known=known)
    return np.asarray(frame.groups[spec.group])


def filled(columns: Floats, how: str, labels: np.ndarray | None) -> Floats:
    """Series (units last) with gaps filled by a mean or median, of all or of the unit's group.

    A unit whose group label is empty is left alone, as COINr does; so is a group that knows
    nothing of an indicator: the gap stays and is seen by what follows.
    """
    centre = np.nanmedian if how.endswith("median") else _mean
    out = np.array(columns)
    gaps = np.isnan(columns)
    some = gaps.reshape(-1, columns.shape[-2], columns.shape[-1]).any(axis=(0, 2))
    where = [np.arange(columns.shape[-1])]
    if labels is not None:
        where = [np.flatnonzero(labels == label) for label in np.unique(labels) if label]
    for j in np.flatnonzero(some):
        for rows in where:
            part = columns[..., j, rows]
            lacking = np.isnan(part)
            if not lacking.any() or lacking.all():
                continue
            value = centre(part, axis=-1)[..., None]
            out[..., j, rows] = np.where(lacking, value, part)
    return out


def _mean(x: Floats, axis: int) -> Floats:
    known = ~np.isnan(x)
    total = np.where(known, x, 0.0).sum(axis=axis)
    return np.asarray(total / known.sum(axis=axis))


def _from_other_years(frame: Frame, spec: Impute) -> Frame:
    """The unit's own latest earlier value, or the line between its neighbours in time.

    `linear` repeats the nearest value beyond the ends (as R's approx with rule 2).
    """
    if not frame.years:
        raise unfit("no_years", field="impute.how", found=spec.how)
    x = np.array(frame.x)
    years = np.asarray(frame.years)
    names = np.asarray(frame.units)
    by_unit: Mapping[str, list[int]] = {}
    rows_of: dict[str, list[int]] = {}
    for row in np.argsort(years, kind="stable"):
        rows_of.setdefault(str(names[row]), []).append(int(row))
    by_unit = rows_of
    for rows in by_unit.values():
        part = frame.x[rows]
        for j in np.flatnonzero(np.isnan(part).any(axis=0)):
            known = np.flatnonzero(~np.isnan(part[:, j]))
            if len(known) == 0:
                continue
            when = years[rows]
            for k in np.flatnonzero(np.isnan(part[:, j])):
                if spec.how == "linear":
                    x[rows[k], j] = np.interp(when[k], when[known], part[known, j])
                    continue
                earlier = known[known < k]
                if len(earlier) and (
                    not spec.max_years or when[k] - when[earlier[-1]] <= spec.max_years
                ):
                    x[rows[k], j] = part[earlier[-1], j]
    return frame.with_values(x, IMPUTED if spec.how == "linear" else CARRIED)
