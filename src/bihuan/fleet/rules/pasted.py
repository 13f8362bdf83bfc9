"""Reads a register of vehicles as a plain table: pasted, or the first sheet of a workbook.

The first row names the columns, in any order. All faults come at once, each with its row. What a
company or a depot is called is for who asks; plain Python, no Django.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.base.text import plain, zh
from bihuan.exchange.sheet import Line, Sheet
from bihuan.fleet.rules.words import KINDS, OWNERS, PLOUGHS, SPREADS

MOST_VEHICLES = 6000
_HEADS: Mapping[str, tuple[str, ...]] = {
    "number": ("编号", "车辆编号", "自编号", "number", "vehicle", "fleet no.", "fleet number"),
    "plate": ("车牌", "车牌号", "牌照", "plate", "plate no."),
    "kind": ("种类", "车型", "设备", "类型", "kind", "type"),
    "company": ("单位", "公司", "所属单位", "company", "unit"),
    "depot": ("车场", "停放地", "depot"),
    "ploughs": ("推雪", "能推雪", "ploughs"),
    "spreads": ("撒布", "能撒布", "spreads"),
    "capacity_kg": ("载量", "融雪剂载量", "载量(kg)", "融雪剂载量(kg)", "capacity", "capacity kg"),
    "width_m": ("作业宽度", "宽度", "作业宽度(m)", "width", "width m"),
    "owner": ("归属", "产权", "owner", "ownership"),
    "note": ("备注", "note"),
}
_NAMES = {plain(word): field for field, words in _HEADS.items() for word in words}
_YES = {plain(word): True for word in ("是", "能", "有", "√", "1", "yes", "y", "true")}
_NO = {plain(word): False for word in ("否", "不能", "无", "×", "0", "no", "n", "false")}
_FLAGS = _YES | _NO
_LABELS = {
    "number": zh("车辆编号"),
    "kind": zh("种类"),
    "company": zh("单位"),
    "ploughs": zh("能推雪"),
    "spreads": zh("能撒布"),
    "capacity_kg": zh("融雪剂载量"),
    "width_m": zh("作业宽度"),
    "owner": zh("归属"),
}
SENTENCES = {
    "empty": zh("没有读到车辆。第一行应是列名：编号、车牌、种类、单位，可加车场、载量等。"),
    "column": zh("缺少“%(column)s”一列。第一行应是列名。"),
    "too_many": zh("车辆超过 %(most)d 台。请分几次导入。"),
    "missing": zh("第 %(row)d 行：没有写“%(column)s”。"),
    "twice": zh("第 %(row)d 行：编号“%(found)s”前面已有。"),
    "kind": zh("第 %(row)d 行：种类“%(found)s”不认识。可填：%(known)s。"),
    "owner": zh("第 %(row)d 行：归属“%(found)s”不认识。可填：%(known)s。"),
    "flag": zh("第 %(row)d 行“%(column)s”：“%(found)s”应为 是 或 否。"),
    "number": zh("第 %(row)d 行“%(column)s”：“%(found)s”应为大于零的数。"),
    "long": zh("第 %(row)d 行：有一格太长。编号最长 40 个字，备注最长 200 个字。"),
}


@dataclass(frozen=True)
class Fault:
    """One fault: a key of `SENTENCES` and what goes into it."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Read:
    """Vehicles with the number of their row; companies and depots still by name."""

    lines: tuple[Mapping[str, Any], ...]
    faults: tuple[Fault, ...]


def read(sheet: Sheet) -> Read:
    """The vehicles of a table."""
    if len(sheet.lines) < 2:
        return Read((), (Fault("empty", {}),))
    heads: dict[str, int] = {}
    for at, cell in enumerate(sheet.lines[0].cells):
        if (field := _NAMES.get(plain(cell))) is not None:
            heads.setdefault(field, at)
    missing = [field for field in ("number", "kind", "company") if field not in heads]
    if missing:
        return Read((), tuple(Fault("column", {"column": _LABELS[field]}) for field in missing))
    if len(sheet.lines) - 1 > MOST_VEHICLES:
        return Read((), (Fault("too_many", {"most": MOST_VEHICLES}),))
    faults: list[Fault] = []
    found: dict[str, Mapping[str, Any]] = {}
    for line in sheet.lines[1:]:
        vehicle = _vehicle(line, heads, faults)
        if vehicle is None:
            continue
        if vehicle["number"] in found:
            told = {"row": line.number, "found": vehicle["number"]}
            faults.append(Fault("twice", told))
        found[vehicle["number"]] = vehicle
    return Read(() if faults else tuple(found.values()), tuple(faults))


def _vehicle(line: Line, heads: Mapping[str, int], faults: list[Fault]) -> Mapping[str, Any] | None:
    def cell(field: str) -> str:
        at = heads.get(field)
        return line.cells[at].strip() if at is not None and at < len(line.cells) else ""

    before, row = len(faults), line.number
    for field in ("number", "kind", "company"):
        if not cell(field):
            faults.append(Fault("missing", {"row": row, "column": _LABELS[field]}))
    if len(cell("number")) > 40 or len(cell("note")) > 200:
        faults.append(Fault("long", {"row": row}))
    kind = _choice("kind", cell("kind"), KINDS, row, faults)
    told: dict[str, Any] = {
        "row": row,
        "number": cell("number"),
        "kind": kind,
        "company": cell("company"),
        "ploughs": kind in PLOUGHS,
        "spreads": kind in SPREADS,
    }
    for field in ("plate", "depot", "note"):
        if field in heads:
            told[field] = cell(field)
    if cell("owner"):
        told["owner"] = _choice("owner", cell("owner"), OWNERS, row, faults)
    for field in ("ploughs", "spreads"):
        if text := cell(field):
            if plain(text) not in _FLAGS:
                about = {"row": row, "column": _LABELS[field], "found": text[:20]}
                faults.append(Fault("flag", about))
            told[field] = _FLAGS.get(plain(text), False)
    for field, read_number in (("capacity_kg", _whole), ("width_m", _decimal)):
        if text := cell(field):
            told[field] = read_number(text)
            if told[field] is None:
                about = {"row": row, "column": _LABELS[field], "found": text[:20]}
                faults.append(Fault("number", about))
    return told if len(faults) == before else None


def _choice(field: str, text: str, table: Mapping[str, str], row: int, faults: list[Fault]) -> str:
    known = {plain(name): code for code, name in table.items()} | {code: code for code in table}
    if text and plain(text) not in known:
        told = {"row": row, "found": text[:20], "known": tuple(table.values())}
        faults.append(Fault(field, told))
    return known.get(plain(text), "")


def _decimal(text: str) -> float | None:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return None
    return value if 0 < value < 1e6 else None


def _whole(text: str) -> int | None:
    value = _decimal(text)
    return None if value is None or round(value) < 1 else round(value)
