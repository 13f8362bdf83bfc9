"""After the meeting: into the ledger, told, cascaded; closed only when the ledger says so."""

from datetime import timedelta

import pytest

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.people.models import Unit
from bihuan.reviews import queries, services
from tests.rooms.reviews.conftest import at, skip_all


@pytest.fixture
def held(review, hold):
    return hold(review)


def test_a_problem_becomes_a_finding_with_its_origin_and_unit(post, held, problem):
    one = problem(held)
    finding = services.raise_problem(one, by=post("clerk"))
    assert (finding.source, finding.title) == ("meeting", "示例问题")
    assert ledger_queries.origin(finding) == one
    assert finding.origin_name == "经开区党工委2026年专题民主生活会 问题清单第1条"
    finding.refresh_from_db()
    assert (finding.state, finding.lead_unit.code) == ("assigned", "economy")
    assert finding.leader == post("secretary")
    with pytest.raises(Refused, match=finding.number):
        services.raise_problem(one, by=post("clerk"))
    with pytest.raises(Refused, match="请到台账里办"):
        services.drop_problem(one, by=post("clerk"), reason="示例")


def test_it_closes_only_when_its_findings_are_closed_or_long_term(post, held, problem):
    clerk = post("clerk")
    one, two, three = problem(held), problem(held), problem(held)
    skip_all(held, "sitting", clerk)
    skip_all(held, "after", clerk)
    first = services.raise_problem(one, by=clerk)
    second = services.raise_problem(two, by=clerk)
    with pytest.raises(Refused) as refused:
        services.close(held, by=clerk)
    assert refused.value.sentences == (
        "问题清单第 3 条还没有存入台账。",
        f"台账 {first.number}（问题清单第 1 条）还是“已交办”，没有销号或转长期坚持。",
        f"台账 {second.number}（问题清单第 2 条）还是“已交办”，没有销号或转长期坚持。",
    )
    services.drop_problem(three, by=clerk, reason="示例：与第一条重复")
    for finding in (first, second):
        ledger.acknowledge(finding, by=post("econ-head"))
        ledger.make_long_term(
            finding, by=post("leader"), review=clock.today() + timedelta(days=90), note="长期"
        )
    assert services.close(held, by=clerk).state == "closed"


def test_a_cancelled_finding_does_not_count_as_rectified(post, held, problem):
    clerk, one = post("clerk"), problem(held)
    skip_all(held, "sitting", clerk)
    skip_all(held, "after", clerk)
    finding = services.raise_problem(one, by=clerk)
    ledger.cancel(finding, by=post("leader"), note="示例")
    with pytest.raises(Refused, match="还没有存入台账"):
        services.close(held, by=clerk)


def test_a_meeting_without_problems_is_not_closed_silently(post, held):
    skip_all(held, "sitting", post("clerk"))
    skip_all(held, "after", post("clerk"))
    with pytest.raises(Refused, match="问题清单还是空的"):
        services.close(held, by=post("clerk"))


def test_steps_after_wait_for_the_end_of_the_meeting(post, review):
    with pytest.raises(Refused, match="会还没有开完"):
        services.skip_step(review.steps.get(code="notice"), by=post("clerk"), reason="示例")


def test_whoever_was_absent_is_told_with_the_day(post, review, hold):
    held = hold(review, absent=1)
    absent, step = queries.seats(held)[-1], held.steps.get(code="absent")
    with pytest.raises(Refused, match="缺席的委员还没有转告"):
        services.finish_step(step, by=post("clerk"))
    with at(review.date + timedelta(days=2)):
        with pytest.raises(Refused, match="开会之后"):
            services.tell_absent(absent, by=post("clerk"), on=review.date - timedelta(days=1))
        services.tell_absent(absent, by=post("secretary"), on=clock.today())
    assert services.finish_step(step, by=post("clerk")).state == "done"


def test_lower_meetings_come_from_the_party_line_and_late_ones_are_named(post, held):
    below = set(queries.lower_units(held.body).values_list("code", flat=True))
    assert {"organs", "education", "economy"} <= below
    assert {"party", "admin", "sanitation"}.isdisjoint(below)
    clerk, seat = post("clerk"), queries.seats(held)[-1]
    units = Unit.objects.filter(code__in=("organs", "education", "bonded"))
    due = clock.today() + timedelta(days=5)
    one, two, three = services.list_lower(held, by=clerk, units=units.order_by("code"), due=due)
    with pytest.raises(Refused, match="党的隶属"):
        services.list_lower(held, by=clerk, units=[Unit.objects.get(code="sanitation")], due=due)
    services.set_lower(one, by=clerk, state="held", date=clock.today(), guide=seat)
    with pytest.raises(Refused, match="原因"):
        services.set_lower(two, by=clerk, state="exempt")
    services.set_lower(two, by=clerk, state="dated", date=clock.today() + timedelta(days=2))
    assert queries.overdue_lower(held) == []
    with at(clock.today() + timedelta(days=3)):
        assert queries.overdue_lower(held) == [two]
    with at(clock.today() + timedelta(days=6)):
        assert queries.overdue_lower(held) == [two, three]
    with pytest.raises(Refused) as refused:
        services.finish_step(held.steps.get(code="cascade"), by=clerk)
    assert len(refused.value.sentences) == 2


def test_a_problem_can_be_changed_until_it_is_in_the_ledger(post, held, problem):
    one = problem(held)
    fields = {
        "source": "opinion", "seat": None, "title": "改过的问题", "measures": "改过的措施",
        "goal": "", "rect_kind": "immediate", "lead_unit": one.lead_unit, "due": one.due,
    }  # fmt: skip
    services.amend_problem(one, by=post("clerk"), **fields)
    finding = services.raise_problem(one, by=post("clerk"))
    assert (finding.title, finding.rect_kind) == ("改过的问题", "immediate")
    with pytest.raises(Refused):
        services.amend_problem(one, by=post("clerk"), **fields)


def test_report_and_circular_are_drafted_from_the_record_and_then_are_the_clerks(
    post, held, problem, browse
):
    problem(held)
    clerk, address = browse("clerk"), f"/reviews/{held.pk}"
    drafted = queries.written_or_drafted(held, "report")
    said = held.criticisms.first()
    assert "示例问题" in drafted
    assert f"提出批评意见 {held.criticisms.count()} 条" in drafted
    assert said is None or said.text not in drafted
    step = held.steps.get(code="report")
    assert any("还没有附上材料" in sentence for sentence in queries.in_the_way(step))
    shown = clerk.get(f"{address}/print/report/").content.decode()
    assert "还没有改定" in shown
    kept = "一、会议情况\n改定的一句。"
    assert clerk.post(f"{address}/do/write-report/", {"text": kept}).status_code == 302
    assert queries.written_or_drafted(held, "report") == kept
    assert not any("还没有附上材料" in sentence for sentence in queries.in_the_way(step))
    shown = clerk.get(f"{address}/print/report/").content.decode()
    assert "改定的一句。" in shown
    assert "还没有改定" not in shown
    assert clerk.get(f"{address}/print/circular/sheet.pdf").content.startswith(b"%PDF")
    assert browse("guide").post(f"{address}/do/write-report/", {"text": "x"}).status_code == 404
    with pytest.raises(Refused, match="请写下文书的内容"):
        services.save_writing(held, by=post("clerk"), kind="report", text=" ")


def test_a_lower_bodys_own_meeting_is_led_to_where_the_reader_may_see_it(post, held, browse):
    unit = queries.lower_units(held.body)[0]
    services.list_lower(held, by=post("clerk"), units=[unit], due=clock.today())
    own = services.prepare(
        by=post("clerk"), kind="annual", body=unit, year=held.year, theme="示例主题",
        basis="示例通知", consent="示例批复", date=clock.today() + timedelta(days=3),
    )  # fmt: skip
    assert (
        f'href="/reviews/{own.pk}/"'
        in browse("clerk").get(f"/reviews/{held.pk}/lower/").content.decode()
    )
    assert (
        f'href="/reviews/{own.pk}/"'
        not in browse("member").get(f"/reviews/{held.pk}/lower/").content.decode()
    )
