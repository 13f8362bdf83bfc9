"""Why a rank moved: a waterfall over its table, the score's change, whom we passed."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from bihuan.assessment import bridge, words
from bihuan.assessment.models import Run, Score
from bihuan.assessment.pages import naming
from bihuan.assessment.pages.naming import plus, signed
from bihuan.engines.index.explain import Attribution, score_change
from bihuan.engines.index.moves import EDITION, Editions, Move, Passing, explain_move, passings
from bihuan.engines.index.moves import editions as compared
from bihuan.people.models import Post
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

SHOWN = 30


@lru_cache(maxsize=32)
def _explained(
    pk: int, digest: str, unit: str
) -> tuple[Move, Attribution | None, tuple[Passing, ...]]:
    """Reasons cost some tenths of a second; a finished run never changes."""
    run = Run.objects.select_related("round__scheme", "previous__round__scheme").get(pk=pk)
    assert run.previous is not None
    with words.spoken():
        before, after = bridge.result(run.previous), bridge.result(run)
        move = explain_move(before, after, unit)
        passed = passings(before, after, unit)
    return move, _change(run, unit), passed


def _change(run: Run, unit: str) -> Attribution | None:
    """The score's change by indicator; nothing where the edition changed between the two."""
    assert run.previous is not None
    before, after = bridge.result(run.previous), bridge.result(run)
    same = before.tree.nodes == after.tree.nodes and before.hows == after.hows
    return score_change(before, after, unit) if same else None


def reasons(run: Run, unit: str) -> tuple[Move, Attribution | None, tuple[Passing, ...]]:
    """位次变动、得分变动的归因，和谁超过谁。"""
    return _explained(run.pk, run.digest, unit)


@lru_cache(maxsize=32)
def _compared(pk: int, digest: str, unit: str) -> Editions | None:
    run = Run.objects.select_related("previous").get(pk=pk)
    assert run.previous is not None
    with words.spoken():
        return compared(bridge.result(run.previous), bridge.result(run), unit)


def editions(run: Run, unit: str) -> Editions | None:
    """方案改版单独的作用；两轮同一方案的，没有。"""
    return _compared(run.pk, run.digest, unit)


def players(run: Run, names: Mapping[str, str]) -> dict[str, str]:
    """What each part of a move is called; names of an earlier edition's groups too."""
    earlier = naming.names(run.previous.round.scheme) if run.previous else {}
    return earlier | dict(names) | {code: _(word) for code, word in words.OUTSIDE.items()}


def detail(run: Run, score: Score, by: Post) -> DetailPage:
    """升降原因：各部分相加恰为位次的变动。"""
    names = naming.names(run.round.scheme)
    assert run.previous is not None
    absent = score.entrant.code not in bridge.result(run.previous).units
    panels: list[Panel] = []
    if absent:
        panels.append(Prose(_("升降原因"), _("上一轮没有这个单位，不能比较。")))
    else:
        move, change, passed = reasons(run, score.entrant.code)
        called = players(run, names)
        panels += [
            Prose(_("一句话"), "\n".join(sentences(move, called))),
            waterfall(move, called, years(run)),
            *edition_panels(run, score, move, called),
            *([change_table(change, names)] if change else [_no_change()]),
            passings_table(passed, naming.unit_names(run), names),
        ]
    return DetailPage(
        _("%(unit)s的升降原因") % {"unit": score.entrant.label()},
        panels,
        tags=words.tags(run.round),
        kicker=words.run_title(run),
        intro=words.notice(run.round),
        links=naming.links(run, score.entrant, by, "move"),
    )


def years(run: Run) -> tuple[int, int]:
    assert run.previous is not None
    return run.previous.round.assess_year, run.round.assess_year


def sentences(move: Move, called: Mapping[str, str]) -> list[str]:
    """位次怎样变、主要因为什么；每句都出自归因的数。"""
    told = {"before": move.before, "after": move.after, "n": abs(move.change)}
    if move.change == 0:
        out = [_("测算位次没有变，仍为第 %(after)d 位。") % told]
    elif move.change < 0:
        out = [_("测算位次由第 %(before)d 位升至第 %(after)d 位，上升 %(n)d 位。") % told]
    else:
        out = [_("测算位次由第 %(before)d 位降至第 %(after)d 位，下降 %(n)d 位。") % told]
    up = sorted((p for p in move.parts.items() if p[1] < 0), key=lambda p: p[1])
    down = sorted((p for p in move.parts.items() if p[1] > 0), key=lambda p: -p[1])
    each = _("%(name)s（%(n).1f 位）")

    def listed(parts: Sequence[tuple[str, object]]) -> str:
        return _(
            "、"
        ).join(
            each % {"name": called.get(name, name), "n": abs(float(part))}  # type: ignore[arg-type]  # fractions
            for name, part in parts[:3]
        )

    if up:
        out.append(_("使位次上升的主要是：%(list)s。") % {"list": listed(up)})
    if down:
        out.append(_("使位次下降的主要是：%(list)s。") % {"list": listed(down)})
    return out


def waterfall(move: Move, called: Mapping[str, str], years: tuple[int, int]) -> Chart:
    """瀑布图：从上一轮的位次，逐项到这一轮的位次。"""
    # Falls first: so no bar ever hangs below the better of the two ranks.
    parts = sorted(move.parts.items(), key=lambda p: -p[1])
    whole = move.whole()
    start = _("%(year)d 年测算位次") % {"year": years[0]}
    end = _("%(year)d 年测算位次") % {"year": years[1]}
    heads = columns(
        Column(_("因素"), wide=True),
        Column(_("位次变动"), number=True),
        Column(_("取整后"), number=True),
    )
    lines = [row(start, Cell(move.before, "number"), Cell(move.before, "number"))]
    # A fall in rank number is a rise: the tone follows the meaning, the sign the number.
    for name, part in parts:
        value = float(part)
        tone = "good" if value < 0 else "bad" if value > 0 else "plain"
        exact = Cell(plus(value), "text", tone=tone)  # type: ignore[arg-type]  # three of the tones
        rounded = plus(whole[name], "d") if whole[name] else "0"
        lines.append(row(called.get(name, name), exact, Cell(rounded)))
    lines.append(row(end, Cell(move.after, "number"), Cell(move.after, "number")))
    values = (float(move.before), *(round(float(p), 3) for _n, p in parts), float(move.after))
    return Chart(
        "waterfall",
        _("位次变动的构成（负为上升）"),
        (start, *(called.get(name, name) for name, _part in parts), end),
        (Series(_("位次"), values),),
        unit=_("位"),
        axis=_("因素"),
        under=Table(heads, tuple(lines)),
    )


def edition_panels(run: Run, score: Score, move: Move, called: Mapping[str, str]) -> list[Panel]:
    """方案改版：它占几位，只换方案会怎样，各指标在总分里的分量怎样变。"""
    found = editions(run, score.entrant.code)
    if found is None:
        return []
    return [
        Prose(_("方案改版"), "\n".join(edition_sentences(run, found, move))),
        _weights_table(run, found, called),
    ]


def edition_sentences(run: Run, found: Editions, move: Move) -> list[str]:
    """两版各是什么、改版占几位、只换其一会居第几位；每句都出自算出的数。"""
    assert run.previous is not None
    part = float(move.parts.get(EDITION, 0))
    told = {
        "old": run.previous.round.scheme.label(),
        "new": run.round.scheme.label(),
        "kept": len(found.kept),
        "added": len(found.added),
        "dropped": len(found.dropped),
        "part": plus(part),
        "before": found.before,
        "old_data": found.old_data,
        "old_edition": found.old_edition,
        "after": found.after,
    }
    return [
        _(
            "上一轮用“%(old)s”，这一轮用“%(new)s”：%(kept)d 项指标沿用，新增 %(added)d 项，"
            "取消 %(dropped)d 项。"
        )
        % told,
        _("位次的变动里，方案改版占 %(part)s 位（负为上升）。") % told,
        _(
            "只换方案、其余照上一轮，位次由第 %(before)d 位变为第 %(old_data)d 位；"
            "其余照这一轮而仍用原方案，居第 %(old_edition)d 位，换了方案居第 %(after)d 位。"
        )
        % told,
        _("只有一轮有数的指标，两轮都用那一轮的数，所以它们的出现只算在改版里。"),
    ]


def _weights_table(run: Run, found: Editions, called: Mapping[str, str]) -> Tables:
    heads = columns(
        Column(_("指标"), wide=True),
        "",
        Column(_("原占总分"), number=True),
        Column(_("现占总分"), number=True),
    )
    tags = {
        **{code: Tag(_("新增"), "info") for code in found.added},
        **{code: Tag(_("取消"), "quiet") for code in found.dropped},
    }
    order = sorted(found.weights.items(), key=lambda one: (-max(one[1]), one[0]))
    rows = tuple(
        row(
            called.get(code, code),
            tags.get(code, ""),
            Cell("" if code in found.added else f"{before:.1%}"),
            Cell("" if code in found.dropped else f"{after:.1%}"),
        )
        for code, (before, after) in order
    )
    intro = _("各指标在总分里的分量：一路乘到总分；没有数、未参加测算的不列。")
    return Tables(_("两版的指标和分量"), Table(heads, rows), intro)


def _no_change() -> Prose:
    return Prose(
        _("得分变动"),
        _("两轮的方案不同，得分不能逐指标相比；位次的变动见上面，方案改版是其中一项。"),
    )


def change_table(change: Attribution, names: Mapping[str, str]) -> Tables:
    """得分变动逐指标。"""
    pairs = sorted(
        zip(change.indicators, change.parts, strict=True), key=lambda p: (-abs(p[1]), p[0])
    )
    heads = columns(Column(_("指标"), wide=True), Column(_("得分变动"), number=True))
    rows = [row(names[code], signed(float(part))) for code, part in pairs if part]
    if change.others:
        rows.append(row(_("其他参评单位的变动"), signed(change.others)))
    if change.points:
        rows.append(row(_("加减分"), signed(change.points)))
    intro = _("得分由 %(before).2f 到 %(after).2f，变动 %(change)+.3f 分，逐项相加恰为这个数。") % {
        "before": change.before,
        "after": change.after,
        "change": change.change,
    }
    return Tables(_("得分变动"), Table(heads, tuple(rows), empty=_("各项都没有变。")), intro)


def passings_table(
    passed: Sequence[Passing], units: Mapping[str, str], names: Mapping[str, str]
) -> Tables:
    """谁超过谁，靠什么。"""
    heads = columns(
        _("单位"),
        _("先后"),
        Column(_("上一轮差距"), number=True),
        Column(_("这一轮差距"), number=True),
        Column(_("主要在"), wide=True),
    )
    rows = tuple(
        row(
            units.get(one.unit, one.unit),
            Cell(_("我们超过了它"), tone="good")
            if one.we_passed
            else Cell(_("它超过了我们"), tone="bad"),
            signed(one.gap_before, 2),
            signed(one.gap_after, 2),
            Cell(_("、").join(_on(code, size, names) for code, size in one.on)),
        )
        for one in passed[:SHOWN]
    )
    intro = _("差距是本单位得分减对方得分；“主要在”是使差距变动最多的指标和分数。")
    if left := len(passed) - len(rows):
        intro += _("另有 %(n)d 家先后也对调了，未列。") % {"n": left}
    return Tables(_("谁超过谁"), Table(heads, rows, empty=_("没有先后对调的。")), intro)


def _on(code: str, size: float, names: Mapping[str, str]) -> str:
    return _("%(name)s（%(size)s）") % {"name": names.get(code, code), "size": plus(size)}
