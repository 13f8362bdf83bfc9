"""Scores of the year as figures. They are internal: `Indicator.verb` says who may see them."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.facts import queries as facts_queries
from bihuan.facts import services as facts
from bihuan.facts.models import Indicator
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Meeting, Reporter
from bihuan.meetings.queries import results

COMPOSITE = ("evaluation-score", zh("述职评议综合得分"), "Evaluation: composite score")
SEEN_WITH = "meetings.results"
PLACES = 2


def record(meeting: Meeting) -> int:
    """One figure for each score that is told as one number; how many.

    Where only limits may be told there is no figure: their middle would be taken for the score.
    """
    document = queries.document(meeting)
    composite = _indicator(*COMPOSITE)
    items = {
        row["code"]: _indicator(
            f"evaluation-{row['code']}",
            _("述职评议：%(item)s得分") % {"item": row["name"]},
            f"Evaluation: {row['name_en']}" if row["name_en"] else "",
        )
        for row in document["items"]
    }
    decided = queries.decisions(meeting)
    made = 0
    for reporter in queries.reporters(meeting):
        joined = results.composite_of(meeting, reporter)
        if reporter.pk in decided and _narrow(joined.low, joined.high):
            score = Fraction(decided[reporter.pk].score)
            made += _figure(meeting, reporter, composite, score)
        for item, row in results.items_of(meeting, reporter).items():
            if _narrow(row.low, row.high):
                made += _figure(meeting, reporter, items[item], row.score)
    facts.check()
    return made


def _narrow(low: Fraction | None, high: Fraction | None) -> bool:
    return low is not None and high is not None and high - low <= results.FINEST


def _indicator(code: str, name: str, name_en: str) -> Indicator:
    """The indicator, defined the first time; afterwards it is the office's."""
    there = facts_queries.indicators().filter(code=code).first()
    return there or facts.define_indicator(
        by=None,
        code=code,
        name=name,
        name_en=name_en,
        measure="分",
        kind="rate",
        direction="higher",
        verb=SEEN_WITH,
        note=_("内部数据，不公布。"),
    )


def _figure(
    meeting: Meeting, reporter: Reporter, indicator: Indicator, score: Fraction | None
) -> int:
    if score is None:
        return 0
    written = rules.points(score, PLACES)
    facts.record(
        by=None,
        unit=reporter.unit,
        indicator=indicator,
        period=str(meeting.year),
        value=Decimal(written),
        measure="分",
        quote=_("%(name)s %(score)s 分") % {"name": indicator.name, "score": written},
        source=meeting.title,
        then_check=False,
    )
    return 1
