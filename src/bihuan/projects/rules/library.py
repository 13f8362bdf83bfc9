"""The step library a new office starts with: preliminary work from filing to the building permit.

Numbers and sources of legal limits are those of `days.limits` (handbook section 7), told once
there; here stands what a step needs besides: what comes before it, what its document is good for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bihuan.base.text import zh
from bihuan.days import limits

GRADES = limits.GRADES
# The building law was amended on 23 April 2019: seven days instead of fifteen [K for the day].
BUILDING_LAW_2019 = date(2019, 4, 23)
FORMER_BUILDING_LAW = zh("《建筑法》第 8 条（2019 年修正前的规定）")


@dataclass(frozen=True)
class StepPlan:
    """One row of the library as it is loaded; the fields are those of `models.StepRule`.

    No `number`: no legal limit is known, and none is invented. `number` 0: settled on receipt.
    """

    code: str
    name: str
    name_en: str
    order: int
    authority: str
    number: int | None = None
    unit: str = "working"
    bound: str = "most"
    extra_number: int = 0
    source: str = ""
    grade: str = "P"
    note: str = ""
    kinds: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    blocks_start: bool = True
    joint: bool = True
    document: str = ""
    document_number: int = 0
    document_unit: str = "month"
    renewals: int = 0
    renewal_number: int = 0
    warn_days: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    usual: bool = field(default=True)  # ticked when a network is laid out


_LIMITS: Mapping[str, limits.Limit] = {one.code: one for one in limits.DEFAULTS}
_PRACTICE = zh("通行做法；手册第 7 节所列程序，未见法定时限。")


def _step(code: str, limit: str, order: int, authority: str, **more: object) -> StepPlan:
    one = _LIMITS[limit]
    told: dict[str, object] = {
        "name": one.name,
        "name_en": one.name_en,
        "number": one.number,
        "unit": one.unit,
        "bound": one.bound,
        "source": one.source,
        "grade": one.grade,
        "note": one.note,
    }
    return StepPlan(code=code, order=order, authority=authority, **{**told, **more})  # type: ignore[arg-type]  # fields by name


_PERMIT: dict[str, object] = {
    "after": ("works_permit", "impact_report", "impact_form", "impact_record"),
    "document": zh("施工许可证"),
    "document_number": _LIMITS["building_start"].number,
    "document_unit": _LIMITS["building_start"].unit,
    "renewals": 2,
    "renewal_number": _LIMITS["building_start_extension"].number,
    "warn_days": 30,
}

DEFAULTS: Sequence[StepPlan] = (
    StepPlan("filing", zh("项目备案"), "Project filing", 10, zh("发改"), 0,
             source="《企业投资项目核准和备案管理条例》第 4、13 条", grade="L",
             note=zh("收到完整信息即完成备案；全国一个项目代码。"), kinds=("record",),
             document=zh("备案证明")),
    _step("approval", "approval", 10, zh("发改"), kinds=("approval",), stops=("evaluation",),
          extra_number=_LIMITS["approval_extension"].number, document=zh("核准文件"),
          document_number=_LIMITS["approval_start"].number, document_unit="year", renewals=1,
          renewal_number=_LIMITS["approval_start_extension"].number, warn_days=90),
    StepPlan("proposal", zh("项目建议书批复"), "Project proposal", 10, zh("发改"),
             source="《政府投资条例》第 9 条", grade="L", note=_PRACTICE, kinds=("government",)),
    StepPlan("feasibility", zh("可行性研究报告批复"), "Feasibility study", 20, zh("发改"),
             source="《政府投资条例》第 9 条", grade="L", note=_PRACTICE, kinds=("government",),
             after=("proposal",)),
    StepPlan("preliminary_design", zh("初步设计及概算批复"), "Preliminary design and estimate", 60,
             zh("发改、住建"), source="《政府投资条例》第 9、12 条", grade="L",
             note=zh("概算超过可研估算 10% 的，须重报可研。"), kinds=("government",),
             after=("feasibility", "land_permit")),
    _step("site_opinion", "site_opinion", 20, zh("规划")),
    _step("land_permit", "land_permit", 30, zh("规划"),
          after=("filing", "approval", "feasibility", "site_opinion")),
    _step("design_brief", "design_brief", 40, zh("规划"), after=("land_permit",)),
    _step("scheme_notice", "public_notice", 50, zh("规划"), after=("design_brief",), joint=False),
    _step("works_permit", "works_permit", 70, zh("规划"), after=("scheme_notice",),
          stops=("notice", "hearing", "expert"), document=zh("建设工程规划许可证")),
    _step("impact_report", "impact_report", 50, zh("生态环境"), stops=("notice", "hearing",
          "expert"), after=("filing", "approval", "feasibility"), usual=False),
    _step("impact_form", "impact_form", 50, zh("生态环境"), stops=("notice", "hearing", "expert"),
          after=("filing", "approval", "feasibility")),
    StepPlan("impact_record", zh("环境影响登记表备案"), "Impact registration", 50, zh("生态环境"),
             0, source="《环境影响评价法》第 22 条", grade="L", note=zh("登记表只备案，不审批。"),
             after=("filing", "approval", "feasibility"), usual=False),
    _step("construction_permit", "building_permit", 80, zh("住建"), number=15,
          source=FORMER_BUILDING_LAW, grade="K", valid_to=date(2019, 4, 22), **_PERMIT),
    _step("construction_permit", "building_permit", 80, zh("住建"),
          valid_from=BUILDING_LAW_2019, **_PERMIT),
    _step("line_check", "line_check", 90, zh("规划"), after=("works_permit",), blocks_start=False,
          joint=False),
    _step("planning_check", "planning_check", 100, zh("规划"), after=("line_check",),
          blocks_start=False, joint=False),
    _step("completion_filing", "completion_filing", 110, zh("住建"), after=("planning_check",),
          blocks_start=False, joint=False),
)  # fmt: skip


def on_day(day: date, rows: Iterable[tuple[date | None, date | None, int]]) -> int | None:
    """Of rows (from, to, key) in the order of entry, the newest that covers a day."""
    found = None
    for start, end, key in rows:
        if (start is None or start <= day) and (end is None or day <= end):
            found = key
    return found


def bridged(chosen: Iterable[str], after: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Predecessors among the chosen steps only: what was left out is bridged over.

    A step that comes before another predecessor is not named again.
    """
    kept = set(chosen)

    def before(code: str, seen: frozenset[str]) -> set[str]:
        found: set[str] = set()
        for one in after.get(code, ()):
            if one in kept:
                found.add(one)
            elif one not in seen:
                found |= before(one, seen | {one})
        return found

    direct = {code: before(code, frozenset({code})) for code in kept}

    def above(code: str, seen: frozenset[str] = frozenset()) -> set[str]:
        found = set(direct[code])
        for one in direct[code] - seen:
            found |= above(one, seen | {code})
        return found

    return {
        code: found - set().union(*(above(one, frozenset({code})) for one in found))
        for code, found in direct.items()
    }
