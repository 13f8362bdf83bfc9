"""示例分区的近况：导入公布的数据，由疑点提出几个问题，各走到不同的一步。

What has happened in the sample zone: published figures imported, a few of their doubts raised and
worked on over the last weeks. Told through the same verbs, with the clock held at the day of each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from bihuan.base import clock
from bihuan.facts import queries as facts
from bihuan.facts import services as facts_services
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Account, Post, Unit
from bihuan.site import demo, loop, zone


@transaction.atomic
def tell() -> None:
    """Play the last weeks of the sample zone; the newest doubts are left for whoever looks."""
    with _days_ago(38):
        facts_services.import_file(
            demo.SAMPLE_PAGE.read_bytes(), demo.SAMPLE_PAGE.name, by=_post("statistician")
        )
    _closed("measure_words", "economy")
    _waiting_for_the_checker("growth_of_share", "economy")
    _overdue("turnouts", "enforcement")


def _closed(rule: str, unit: str) -> None:
    finding = _assigned(rule, unit, days_ago=36, days=15)
    if finding is None:
        return
    with _days_ago(34):
        ledger.acknowledge(finding, by=_post("econ-head"))
        ledger.plan(
            finding, by=_post("econ-head"), text="分别登记分子、分母的口径，注明不是同一指标。"
        )
    with _days_ago(30):
        _hand_in(finding, "指标口径说明")
    with _days_ago(28):
        ledger.take_up(finding, by=_post("checker"))
        ledger.verify(
            finding,
            by=_post("checker"),
            passed=True,
            opinion="口径已分别登记，原数未改动。",
            way="papers",
        )
    with _days_ago(27):
        ledger.close(finding, by=_post("clerk"))


def _waiting_for_the_checker(rule: str, unit: str) -> None:
    finding = _assigned(rule, unit, days_ago=20, days=25)
    if finding is None:
        return
    with _days_ago(18):
        ledger.acknowledge(finding, by=_post("econ-head"))
        ledger.plan(finding, by=_post("econ-head"), text="查明增速按现价还是不变价计算。")
    with _days_ago(2):
        _hand_in(finding, "增速计算说明")


def _overdue(rule: str, unit: str) -> None:
    finding = _assigned(rule, unit, days_ago=16, days=10)
    if finding is None:
        return
    with _days_ago(15):
        ledger.acknowledge(finding, by=_post("law-head"))
        ledger.plan(finding, by=_post("law-head"), text="台账分列车辆数与出动台次。")


def _assigned(rule: str, unit: str, *, days_ago: int, days: int) -> Finding | None:
    doubt = facts.doubts_to_see().filter(rule=rule, state="open").first()
    if doubt is None:
        return None
    with _days_ago(days_ago):
        finding = loop.raise_from_doubt(doubt, by=_post("clerk"), note=zone.SAMPLE_MARK)
        return ledger.assign(
            finding,
            by=_post("clerk"),
            lead_unit=Unit.objects.get(code=unit),
            due=clock.today() + timedelta(days=days),
            leader=_post("leader"),
            standard="口径和来源都有书面说明。",
        )


def _hand_in(finding: Finding, title: str) -> None:
    paper = SimpleUploadedFile(
        f"{title}.txt", f"{zone.SAMPLE_MARK}：{title}。\n".encode(), "text/plain"
    )
    ledger.submit_evidence(finding, by=_post("econ-liaison"), upload=paper, text=title)
    ledger.request_close(finding, by=_post("econ-head"), note="已完成，见佐证。")


def _post(username: str) -> Post:
    held = people.posts_of(Account.objects.get(username=username).person)
    return held.order_by("pk")[0]


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    with clock.held_at(clock.now() - timedelta(days=days)):
        yield
