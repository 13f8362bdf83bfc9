"""Progress as figures: what a filing says of investment is an observation in `facts`."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten, zh
from bihuan.facts import queries as facts_queries
from bihuan.facts import services as facts
from bihuan.facts.models import Indicator, Observation
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.projects import queries
from bihuan.projects.models import Filing, Project

MEASURE = "万元"
INDICATORS = {
    "invested": (
        "project-invested-year",
        zh("重点项目本年累计完成投资"),
        "Key projects: investment done this year",
    ),
    "invested_total": (
        "project-invested-total",
        zh("重点项目开工以来累计完成投资"),
        "Key projects: investment done since the start",
    ),
}
YEAR_RATE = (
    "project-year-rate",
    zh("重点项目年度投资完成率"),
    "Key projects: investment done, of the year's plan",
)


def record(filing: Filing) -> int:
    """One figure for each amount of a filing, revised where the month was filed before; how many.

    Figures belong to units: a project for which no unit answers yet gives none.
    """
    if filing.project.unit is None:
        return 0
    made = 0
    for field in INDICATORS:
        amount = getattr(filing, field)
        if amount is not None:
            made += _figure(filing, field, amount)
    if made:
        facts.check()
    return made


def scope_of(project: Project) -> str:
    """The scope of a project's figures: its name, with the code that tells it from others."""
    told = f"项目 {project.name}"
    return shorten(f"{told}（{project.code}）" if project.code else told, 200)


def _figure(filing: Filing, field: str, amount: Decimal) -> int:
    indicator = _indicator(field)
    assert filing.project.unit is not None
    return _kept(
        filing.project.unit,
        indicator,
        period=f"{filing.month:%Y-%m}",
        scope=scope_of(filing.project),
        value=amount,
        quote=_("%(name)s %(amount)s 万元") % {"name": indicator.name, "amount": amount},
        source=shorten(str(filing), 300),
        reason=filing.reason or _("月报更正"),
    )


def _kept(
    unit: Unit,
    indicator: Indicator,
    *,
    period: str,
    scope: str,
    value: Decimal,
    quote: str,
    source: str,
    reason: str,
) -> int:
    """A figure entered, or revised where it was another; 1 if anything was written."""
    held = Observation.objects.filter(
        unit=unit, indicator=indicator, period__code=period, scope=scope
    )
    before = held.order_by("-version").first()
    if before is None:
        facts.record(
            by=None, unit=unit, indicator=indicator, period=period, scope=scope, value=value,
            measure=indicator.measure, quote=quote, source=source, then_check=False,
        )  # fmt: skip
        return 1
    if before.value == value:
        return 0
    facts.revise(before, by=None, reason=reason, value=value, quote=quote, then_check=False)
    return 1


@transaction.atomic
def record_year(year: int, *, by: Post | None) -> int:
    """登记各单位年度投资完成率：a unit's key projects of a year, done over planned; how many.

    What was not filed counts as not done. The year-end rating takes the figure from `facts`.
    """
    if by is not None:
        people.require(by, "projects.manage")
    done: dict[Unit, Decimal] = {}
    planned: dict[Unit, Decimal] = {}
    for row in queries.key_list(Project.objects.select_related("unit"), year):
        unit = row.project.unit
        if unit is not None and row.plan is not None and row.plan.amount:
            planned[unit] = planned.get(unit, Decimal(0)) + row.plan.amount
            done[unit] = done.get(unit, Decimal(0)) + (row.done or Decimal(0))
    if not planned:
        raise Refused(
            _("%(year)d 年的名单上没有既定了年度计划、又有责任单位的项目。") % {"year": year}
        )
    indicator = _year_rate()
    made = 0
    for unit, plan in planned.items():
        rate = (100 * done[unit] / plan).quantize(Decimal("0.01"))
        told = {"year": year, "done": done[unit], "plan": plan, "rate": rate}
        made += _kept(
            unit,
            indicator,
            period=str(year),
            scope="",
            value=rate,
            quote=_("%(year)d 年计划 %(plan)s 万元，完成 %(done)s 万元，%(rate)s%%") % told,
            source=_("省市重点项目名单和月报"),
            reason=_("名单、计划或月报有变"),
        )
    audit.record(by, "projects.key.figures", indicator, note=str(year))
    if made:
        facts.check()
    return made


def _year_rate() -> Indicator:
    code, name, name_en = YEAR_RATE
    there = facts_queries.indicators().filter(code=code).first()
    return there or facts.define_indicator(
        by=None, code=code, name=name, name_en=name_en, measure="%", kind="rate",
        direction="higher", note=_("本单位负责的重点项目，全年完成投资占年度计划的比例。"),
    )  # fmt: skip


def _indicator(field: str) -> Indicator:
    """The indicator, defined the first time; afterwards it is the office's."""
    code, name, name_en = INDICATORS[field]
    there = facts_queries.indicators().filter(code=code).first()
    return there or facts.define_indicator(
        by=None, code=code, name=name, name_en=name_en, measure=MEASURE, kind="flow",
        note=_("由月报记入；口径是项目，时期是报到哪个月。"),
    )  # fmt: skip
