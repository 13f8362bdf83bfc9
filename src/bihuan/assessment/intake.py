"""Peers' figures from a pasted table: a heading, then a row for each; every fault told at once.

A cell says how much is known: `1200` was given, `1200*`, `约1200` and `1200（估）` are estimates,
an empty cell, a dash or 缺 is missing. A column 来源 gives a row its source, a row whose code is
来源 gives each column one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from bihuan.assessment import queries, rules
from bihuan.assessment.models import Round
from bihuan.assessment.services import Known, Peer
from bihuan.base import sheets
from bihuan.base.errors import Refused
from bihuan.base.text import plain
from bihuan.exchange.sheet import Line, pasted

_SOURCE = ("来源", "source")
_HEADS = {"代码": "code", "code": "code", "名称": "name", "name": "name", "分类": "league"}
_HEADS |= {"league": "league"} | dict.fromkeys(_SOURCE, "source")
_LEAGUES = {plain(word): code for code, word in rules.LEAGUES.items()} | {
    code: code for code in rules.LEAGUES
}
# As `plain` folds them.
_MISSING = ("", "-", "—", "–", "−", "...", "缺", "na", "n/a")
_ESTIMATED = re.compile(r"约?(?P<number>[^*(估约]+)(?:\*|\(估\)|估)?")
_LONGEST, _PLACES = Decimal(10) ** 19, 8


def peers(found: Round, text: str) -> list[Peer]:
    """The rows of a pasted table, or everything wrong with it."""
    sheet = pasted(text)
    if refusal := sheets.refusal(sheet):
        raise Refused(refusal)
    if len(sheet.lines) < 2:
        raise Refused(_("表格至少要有一行列名和一行数。请从表格里整块复制。"))
    head, *lines = sheet.lines
    columns, faults = _columns(found, head)
    rows = [] if faults else list(_rows(lines, columns, faults))
    if faults:
        raise Refused.all(faults)
    return rows


def _columns(found: Round, head: Line) -> tuple[list[str], list[str]]:
    known = {plain(n.name): n.code for n in queries.leaves(found.scheme)}
    known |= {plain(n.name_en): n.code for n in queries.leaves(found.scheme) if n.name_en}
    known |= {n.code: n.code for n in queries.leaves(found.scheme)}
    columns, faults = [], []
    for cell in head.cells:
        word = plain(cell)
        code = _HEADS.get(word) or known.get(word, "")
        if not code and word:
            faults.append(
                _("列“%(found)s”不是这版方案的指标。请改列名或删去这一列。") % {"found": cell}
            )
        columns.append(code)
    lacking = [name for name in ("代码", "名称", "分类") if _HEADS[name] not in columns]
    if lacking:
        faults.append(_("缺少列：%(names)s。请补上。") % {"names": _("、").join(lacking)})
    return columns, faults


def _rows(lines: Sequence[Line], columns: Sequence[str], faults: list[str]) -> Iterator[Peer]:
    seen: set[str] = set()
    told = [dict(zip(columns, line.cells, strict=False)) for line in lines]
    sources = next((cells for cells in told if _is_sources(cells)), {})
    for line, cells in zip(lines, told, strict=True):
        if cells is sources:
            continue
        code, name = cells.get("code", "").strip(), cells.get("name", "").strip()
        league = _LEAGUES.get(plain(cells.get("league", "")), "")
        if not re.fullmatch(r"[-\w]{1,60}", code, re.ASCII):
            faults.append(_at(line, _("代码应为字母、数字和连字符。")))
        elif code in seen:
            faults.append(_at(line, _("代码“%(code)s”出现了两次。") % {"code": code}))
        if not name:
            faults.append(_at(line, _("没有名称。")))
        if league not in ("east", "centre", "west"):
            faults.append(_at(line, _("分类应为东部、中部或西部。")))
        seen.add(code)
        values: dict[str, Known] = {}
        for column in columns:
            if column in ("", "code", "name", "league", "source"):
                continue
            known = _known(cells.get(column, ""), _source(cells, sources, column))
            if known is None:
                wrong = _("“%(found)s”应为数字，缺数就留空。") % {"found": cells[column]}
                faults.append(_at(line, wrong))
            else:
                values[column] = known
        yield Peer(code, name, "", league, values)


def _is_sources(cells: Mapping[str, str]) -> bool:
    return plain(cells.get("code", "")) in _SOURCE


def _source(cells: Mapping[str, str], sources: Mapping[str, str], column: str) -> str:
    """The source of one cell: the row's, the column's, or both; none: that of the whole load."""
    both = (cells.get("source", "").strip(), sources.get(column, "").strip())
    return "；".join(one for one in both if one)


def _known(text: str, source: str) -> Known | None:
    """What one cell says; None where it is no number."""
    word = plain(text)
    if word in _MISSING:
        return Known(None, "missing", source)
    found = _ESTIMATED.fullmatch(word)
    if found is None:
        return None
    try:
        value = Decimal(found["number"].replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) >= _LONGEST:
        return None
    status = "given" if found["number"] == word else "estimated"
    return Known(round(value, _PLACES), status, source)


def _at(line: Line, what: str) -> str:
    return _("第 %(row)d 行：%(what)s") % {"row": line.number, "what": what}
