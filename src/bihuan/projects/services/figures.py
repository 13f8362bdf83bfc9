"""Progress as figures: what a filing says of investment is an observation in `facts`."""

from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.base.text import shorten, zh
from bihuan.facts import queries as facts_queries
from bihuan.facts import services as facts
from bihuan.facts.models import Indicator, Observation
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
    project = filing.project
    indicator = _indicator(field)
    period, scope = f"{filing.month:%Y-%m}", scope_of(project)
    quote = _("%(name)s %(amount)s 万元") % {"name": indicator.name, "amount": amount}
    held = Observation.objects.filter(
        unit=project.unit, indicator=indicator, period__code=period, scope=scope
    )
    before = held.order_by("-version").first()
    assert project.unit is not None
    if before is None:
        facts.record(
            by=None, unit=project.unit, indicator=indicator, period=period, scope=scope,
            value=amount, measure=MEASURE, quote=quote, source=shorten(str(filing), 300),
            then_check=False,
        )  # fmt: skip
        return 1
    if before.value == amount:
        return 0
    reason = filing.reason or _("月报更正")
    facts.revise(before, by=None, reason=reason, value=amount, quote=quote, then_check=False)
    return 1


def _indicator(field: str) -> Indicator:
    """The indicator, defined the first time; afterwards it is the office's."""
    code, name, name_en = INDICATORS[field]
    there = facts_queries.indicators().filter(code=code).first()
    return there or facts.define_indicator(
        by=None, code=code, name=name, name_en=name_en, measure=MEASURE, kind="flow",
        note=_("由月报记入；口径是项目，时期是报到哪个月。"),
    )  # fmt: skip
