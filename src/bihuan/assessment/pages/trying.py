"""What if (假如): other numbers, weights, ways or editions, and everybody ranked again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, words
from bihuan.assessment.forms import Asked, WhatIfForm
from bihuan.assessment.forms.results import TRIED_MEANS, TRIED_SCALES
from bihuan.assessment.forms.schemes import scheme_name
from bihuan.assessment.models import Run, Scheme, Score
from bihuan.assessment.pages import naming
from bihuan.assessment.pages.naming import plus, signed
from bihuan.engines.index import Result
from bihuan.engines.index.explain import Marginal, marginals
from bihuan.engines.index.whatif import WhatIf, shifts, what_if
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, columns, row

SHOWN = 12
# The ends of a scale that is tried: scores stay above zero, so that any mean takes them.
_NO_ENDS: Mapping[str, float | None] = dict.fromkeys(("lower", "upper", "mean", "sd", "scale"))
_ENDS = {"minmax": {"lower": 1.0, "upper": 100.0}, "zscore": {"mean": 50.0, "sd": 10.0}}


# What if ----------------------------------------------------------------------------------------


def trying(run: Run, score: Score, by: Post, query: QueryDict) -> DetailPage:
    """假如：改几个数或几个权重，全体重排；不存入任何地方。"""
    result, names = bridge.result(run), naming.names(run.round.scheme)
    unit = score.entrant.code
    cells, weights = _cells(run, result, unit, names), _weights(result, names)
    others = {str(one.pk): one for one in queries.other_schemes(run.round.scheme)}
    form = WhatIfForm(query, cells, weights, _ways(result, others))
    panels: list[Panel] = []
    told = _told(form, names, others)
    if told:
        with words.spoken(bridge.names_in(run.inputs)):
            panels += _outcome(run, score, result, _tried(run, unit, form, others), told)
    elif form.errors:
        wrong = _("有的数填得不对，没有重排。请照各项下面的提示改正。")
        panels.append(Prose(_("结果"), wrong))
    else:
        nothing = _("还没有改动。改一个数、一个权重或一种做法，看位次怎样变。")
        panels.append(Prose(_("结果"), nothing))
    panels.append(_marginals(run, result, unit, names))
    here = reverse("assessment:what-if", args=[run.pk, unit])
    acts = (
        FormPanel(
            _("改动"),
            form,
            here,
            _("重排"),
            _("标准随数据重定，别的单位也可能变。"),
            method="get",
        ),
    )
    return DetailPage(
        _("假如：%(unit)s") % {"unit": score.entrant.label()},
        panels,
        acts,
        words.tags(run.round),
        kicker=words.run_title(run),
        intro=_("只是试算，不改动任何填报的数。"),
        links=naming.links(run, score.entrant, by, "what-if"),
    )


def _cells(run: Run, result: Result, unit: str, names: dict[str, str]) -> list[Asked]:
    """Own numbers that can be tried: from half to one and a half of what they are."""
    at = result.given.units.index(unit)
    measures = naming.measures(run.round.scheme)
    out = []
    for j, code in enumerate(result.tree.indicators):
        now = float(result.given.x[at, j])
        if now != now:
            continue
        low, high = sorted((now * 0.5, now * 1.5)) if now else (0.0, 1.0)
        hint = _("现为 %(now)s %(measure)s") % {
            "now": f"{now:.6g}",
            "measure": measures.get(code, ""),
        }
        out.append(Asked(f"c-{code}", names[code], now, low, high, hint.strip()))
    return out


def _weights(result: Result, names: dict[str, str]) -> list[Asked]:
    """The weights of the groups."""
    tree = result.tree
    out = []
    for j in tree.children[tree.root]:
        code, now = tree.codes[j], float(tree.weights[j])
        label = _("%(name)s的权重") % {"name": names[code]}
        hint = _("现为 %(now)s") % {"now": f"{now:.4g}"}
        out.append(Asked(f"w-{code}", label, now, 0.0, max(now * 2, 1.0), hint))
    return out


def _ways(result: Result, others: Mapping[str, Scheme]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Choices of method that can be tried; marks against fixed standards have no other scale."""
    ways: dict[str, tuple[str, Mapping[str, Any]]] = {}
    if result.method.normalise.how != "none":
        ways["scale"] = (_("无量纲化"), TRIED_SCALES)
    ways["mean"] = (_("汇总"), TRIED_MEANS)
    if others:
        ways["edition"] = (_("方案"), {pk: scheme_name(one) for pk, one in others.items()})
    return ways


def _told(form: WhatIfForm, names: dict[str, str], others: Mapping[str, Scheme]) -> list[str]:
    """What is tried, in words; nothing where nothing was changed."""
    changed = form.changed_to("c-") | form.changed_to("w-")
    told = [_said(code, value, names) for code, value in changed.items()]
    if scale := form.chosen("scale"):
        told.append(_("无量纲化改为%(how)s") % {"how": TRIED_SCALES[scale]})
    if mean := form.chosen("mean"):
        told.append(_("汇总改为%(how)s") % {"how": TRIED_MEANS[mean]})
    if edition := form.chosen("edition"):
        told.append(_("方案改为%(name)s") % {"name": scheme_name(others[edition])})
    return told


def _tried(run: Run, unit: str, form: WhatIfForm, others: Mapping[str, Scheme]) -> WhatIf:
    """Everybody ranked again under what was changed. Unfit."""
    now = bridge.result(run)
    edition = form.chosen("edition")
    base = bridge.under(run, others[edition]) if edition else now
    changes: dict[str, Any] = {}
    if scale := form.chosen("scale"):
        changes["normalise"] = {"how": scale, **_NO_ENDS, **_ENDS.get(scale, {})}
    if mean := form.chosen("mean"):
        changes["aggregate"] = {"how": (mean,)}
    tree = base.tree
    cells = {
        (unit, code): value
        for code, value in form.changed_to("c-").items()
        if code in tree.indicators
    }
    weights = {c: w for c, w in form.changed_to("w-").items() if c in tree.index}
    new = what_if(base, cells, weights or None, **changes).result
    return WhatIf(new, shifts(now, new))


def _outcome(
    run: Run, score: Score, result: Result, tried: WhatIf, told: Sequence[str]
) -> list[Panel]:
    unit = score.entrant.code
    new = tried.result
    row_old, row_new = result.row(unit), new.row(unit)
    before, after = int(result.top_ranks[row_old]), int(new.top_ranks[row_new])
    gain = float(new.top[row_new] - result.top[row_old])
    moved = _("%(before)d → %(after)d") % {"before": before, "after": after}
    tone = "good" if after < before else "bad" if after > before else "plain"
    items = [
        (_("位次"), Cell(moved, tone=tone)),  # type: ignore[arg-type]  # three of the tones
        (
            _("得分"),
            Cell(f"{result.top[row_old]:.2f} → {new.top[row_new]:.2f}", note=plus(gain, ".3f")),
        ),
        (_("位次有变的单位"), Cell(len(tried.shifts), "number")),
        (_("改了什么"), Cell(_("、").join(told))),
    ]
    panels: list[Panel] = [Facts(_("结果"), tuple(items))]
    if new.tree.indicators != result.tree.indicators:
        panels.append(_used(run, result, new))
    return [*panels, _shifts(run, tried, unit)]


def _used(run: Run, result: Result, new: Result) -> Prose:
    """Of which indicators another edition could be computed."""
    names = naming.names(run.round.scheme)
    kept = [names[code] for code in new.tree.indicators if code in names]
    left = [names[code] for code in result.tree.indicators if code not in new.tree.index]
    told = [
        _("按代码相同的指标重算，这一轮有数的 %(n)d 项：%(kept)s。")
        % {"n": len(kept), "kept": _("、").join(kept)}
    ]
    if left:
        told.append(_("那一版没有的：%(left)s。") % {"left": _("、").join(left)})
    return Prose(_("那一版用到哪些数"), "\n".join(told))


def _said(code: str, value: float, names: dict[str, str]) -> str:
    return _("%(name)s改为 %(value)s") % {"name": names[code], "value": f"{value:.6g}"}


def _shifts(run: Run, tried: WhatIf, unit: str) -> Tables:
    units = naming.unit_names(run)
    order = sorted(tried.shifts, key=lambda s: (s.unit != unit, -abs(s.after - s.before), s.after))
    heads = columns(
        _("单位"),
        Column(_("原来"), number=True),
        Column(_("假如"), number=True),
        Column(_("变动"), number=True),
    )
    rows = tuple(_shift(units[one.unit], one.before, one.after) for one in order[:SHOWN])
    left = len(order) - len(rows)
    intro = _("另有 %(n)d 家位次也有变，未列。") % {"n": left} if left > 0 else ""
    return Tables(_("位次变动最大的"), Table(heads, rows, empty=_("谁的位次也没有变。")), intro)


def _shift(name: str, before: int, after: int) -> Row:
    move = after - before
    tone = "good" if move < 0 else "bad"
    return row(
        name,
        Cell(before, "number"),
        Cell(after, "number"),
        Cell(plus(move, "d"), "text", tone=tone),  # type: ignore[arg-type]  # two of the tones
    )


def _marginals(run: Run, result: Result, unit: str, names: dict[str, str]) -> Tables:
    """每项再好一点值多少。"""
    measures = naming.measures(run.round.scheme)
    with words.spoken():
        found = sorted(marginals(result, unit), key=lambda one: -one.points)
    heads = columns(
        Column(_("指标"), wide=True),
        Column(_("改善"), number=True),
        Column(_("得分"), number=True),
        Column(_("进几位"), number=True),
    )
    rows = tuple(_marginal(one, names, measures) for one in found if one.step == one.step)
    intro = _("各项改善各家标准差的十分之一，标准不动时，能加几分、进几位。")
    return Tables(_("每项再好一点值多少"), Table(heads, rows), intro)


def _marginal(one: Marginal, names: dict[str, str], measures: dict[str, str]) -> Row:
    step = plus(one.step, ".4g")
    return row(
        names[one.indicator],
        Cell(step, note=measures.get(one.indicator, "")),
        signed(one.points),
        Cell(one.ranks, "number"),
    )
