"""示例分区的近况：导入公布的数据，由疑点提出几个问题，各走到不同的一步。

What has happened in the sample zone: published figures imported, a few of their doubts raised and
worked on over the last weeks. Told through the same verbs, with the clock held at the day of each.
"""

from datetime import timedelta

from django.db import transaction

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK
from bihuan.facts import queries as facts
from bihuan.facts import services as facts_services
from bihuan.files.sample import sample_paper
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people.models import Unit
from bihuan.site import demo, loop
from bihuan.site.demo import acting


@transaction.atomic
def tell() -> None:
    """Play the last weeks of the sample zone; the newest doubts are left for whoever looks."""
    with clock.days_ago(38):
        facts_services.import_file(
            demo.SAMPLE_PAGE.read_bytes(), demo.SAMPLE_PAGE.name, by=acting("statistician")
        )
    _closed("measure_words", "economy")
    _waiting_for_the_checker("growth_of_share", "economy")
    _overdue("turnouts", "enforcement")


def _closed(rule: str, unit: str) -> None:
    finding = _assigned(rule, unit, days_ago=36, days=15)
    if finding is None:
        return
    with clock.days_ago(34):
        ledger.acknowledge(finding, by=acting("econ-head"))
        ledger.plan(
            finding,
            by=acting("econ-head"),
            text="分别登记分子、分母的口径，注明不是同一指标。",
        )
    with clock.days_ago(30):
        _hand_in(finding, "指标口径说明")
    with clock.days_ago(28):
        ledger.take_up(finding, by=acting("checker"))
        ledger.verify(
            finding,
            by=acting("checker"),
            passed=True,
            opinion="口径已分别登记，原数未改动。",
            way="papers",
        )
    with clock.days_ago(27):
        ledger.close(finding, by=acting("clerk"))


def _waiting_for_the_checker(rule: str, unit: str) -> None:
    finding = _assigned(rule, unit, days_ago=20, days=25)
    if finding is None:
        return
    with clock.days_ago(18):
        ledger.acknowledge(finding, by=acting("econ-head"))
        ledger.plan(finding, by=acting("econ-head"), text="查明增速按现价还是不变价计算。")
    with clock.days_ago(2):
        _hand_in(finding, "增速计算说明")


def _overdue(rule: str, unit: str) -> None:
    finding = _assigned(rule, unit, days_ago=16, days=10)
    if finding is None:
        return
    with clock.days_ago(15):
        ledger.acknowledge(finding, by=acting("law-head"))
        ledger.plan(finding, by=acting("law-head"), text="台账分列车辆数与出动台次。")


def _assigned(rule: str, unit: str, *, days_ago: int, days: int) -> Finding | None:
    doubt = facts.doubts_to_see().filter(rule=rule, state="open").first()
    if doubt is None:
        return None
    with clock.days_ago(days_ago):
        finding = loop.raise_from_doubt(doubt, by=acting("clerk"), note=SAMPLE_MARK)
        return ledger.assign(
            finding,
            by=acting("clerk"),
            lead_unit=Unit.objects.get(code=unit),
            due=clock.today() + timedelta(days=days),
            leader=acting("leader"),
            standard="口径和来源都有书面说明。",
        )


def _hand_in(finding: Finding, title: str) -> None:
    paper = sample_paper(title)
    ledger.submit_evidence(finding, by=acting("econ-liaison"), upload=paper, text=title)
    ledger.request_close(finding, by=acting("econ-head"), note="已完成，见佐证。")
