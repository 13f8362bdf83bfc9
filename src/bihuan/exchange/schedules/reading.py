"""Any schedule file as a plan: what the file is, is seen from its bytes and not from its name."""

from dataclasses import replace
from pathlib import PurePath

from bihuan.exchange.schedules import dslib, office, project
from bihuan.exchange.schedules.plan import Plan
from bihuan.exchange.workbook.doubt import Doubt
from bihuan.exchange.workbook.grid import book
from bihuan.exchange.workbook.guard import Refusal

_MOST_BYTES = 128 * 2**20
_ENDINGS = {
    "mpp": (".mpp", ".mpt"),
    "xer": (".xer",),
    "mpx": (".mpx",),
    "mspdi": (".xml",),
    "pmxml": (".pmxml", ".xml"),
    "planner": (".planner", ".xml"),
}


def read(content: bytes, name: str = "") -> Plan:
    """The plan in a file of any known kind; Refusal where there is none, with the reason.

    Single cells that could not be read are doubts of the plan.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise Refusal("schedule_empty_file")
    if len(content) > _MOST_BYTES:
        raise Refusal("schedule_too_big", most=str(_MOST_BYTES // 2**20))
    if kind := project.kind_of(content):
        return _named(project.read(content, kind), name)
    found = book(content)
    if not found.sheets:
        code = found.doubts[0].code if found.doubts else "empty_file"
        raise Refusal(f"schedule_{code}", **(found.doubts[0].params if found.doubts else {}))
    if dslib.fits(found.sheets):
        return dslib.read(found.sheets)
    if found.kind == "csv" and not office.fits(found.sheets):
        raise Refusal("schedule_not_schedule")
    return office.read(found.sheets, PurePath(name).stem)


def _named(plan: Plan, name: str) -> Plan:
    """A project file under another kind's name is read all the same, and that is told."""
    ending = PurePath(name).suffix.casefold()
    if not ending or ending in _ENDINGS[plan.format]:
        return plan
    told = Doubt("schedule_other_kind", {"found": ending, "known": _ENDINGS[plan.format][0]})
    return replace(plan, doubts=(*plan.doubts, told))
