"""Preliminary work: the law of the day, stops, proof, documents that expire, what blocks."""

from datetime import date

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.projects import queries, services
from bihuan.projects.models import StepRule, WorkStep
from tests.rooms.projects.conftest import at, fresh, paper

D = date


def _accept(step, by, on):
    with at(on):
        services.accept(step, by=by, on=on)


def _finish(step, by, on, **more):
    with at(on):
        services.finish(step, by=by, on=on, upload=paper(), **more)


def test_both_limits_of_the_building_permit_are_right_in_their_time(project, laid, post):
    steps, by = laid(project, "construction_permit"), post("coordinator")
    step = steps["construction_permit"]
    _accept(step, by, D(2019, 4, 22))
    old = fresh(step)
    assert (old.rule.number, old.term.due) == (15, D(2019, 5, 7))
    services.take_back(step, by=by, reason="示例：换一天受理")
    _accept(step, by, D(2019, 4, 23))
    new = fresh(step)
    assert (new.rule.number, new.term.due) == (7, D(2019, 4, 30))


def test_a_new_rule_does_not_touch_what_was_accepted_before(project, laid, post):
    by, step = post("coordinator"), laid(project, "design_brief")["design_brief"]
    _accept(step, by, D(2026, 3, 2))
    held = queries.step_rule("design_brief")
    fields = {name: getattr(held, name) for name in services.STEP_FIELDS}
    fields |= {"number": 5, "unit": "working", "valid_from": D(2026, 3, 3), "source": "示例规定"}
    services.set_step_rule("design_brief", by=by, **fields)
    assert fresh(step).rule.number == 15
    assert queries.step_rule_on("design_brief", D(2026, 3, 2)).number == 15
    assert queries.step_rule_on("design_brief", D(2026, 3, 3)).number == 5


def test_steps_left_out_are_bridged_and_steps_added_later_come_between(project, laid):
    first = laid(project, "filing", "design_brief")
    assert list(first["design_brief"].after.all()) == [first["filing"]]
    more = laid(project, "land_permit")
    after = {one.code for one in WorkStep.objects.get(pk=first["design_brief"].pk).after.all()}
    assert after == {"filing", "land_permit"}
    assert [one.code for one in more["land_permit"].after.all()] == ["filing"]


def test_a_step_waits_for_those_before_it_and_parallel_ones_do_not_wait(project, laid, post):
    by, steps = post("coordinator"), laid(project, "filing", "land_permit", "impact_form")
    with pytest.raises(Refused, match="排在前面的还没有办完"):
        _accept(steps["land_permit"], by, D(2026, 3, 2))
    _accept(steps["filing"], by, D(2026, 3, 2))
    _finish(steps["filing"], by, D(2026, 3, 2))
    _accept(steps["land_permit"], by, D(2026, 3, 3))
    _accept(steps["impact_form"], by, D(2026, 3, 3))


def test_the_clock_stops_for_expert_review_and_runs_again(project, laid, post):
    by, step = post("coordinator"), laid(project, "works_permit")["works_permit"]
    _accept(step, by, D(2026, 3, 2))
    with at(D(2026, 3, 10)):
        services.stop(step, by=by, kind="expert", first=D(2026, 3, 10))
        with pytest.raises(Refused, match="已经停着"):
            services.stop(step, by=by, kind="notice", first=D(2026, 3, 10))
        with pytest.raises(Refused, match="只有这些情形"):
            services.stop(step, by=by, kind="evaluation", first=D(2026, 3, 10))
        with pytest.raises(Refused, match="时钟还停着"):
            services.finish(step, by=by, on=D(2026, 3, 10), upload=paper())
    with at(D(2026, 3, 19)):
        services.resume(step, by=by, last=D(2026, 3, 19))
    with at(D(2026, 3, 20)):
        assert fresh(step).term.due == D(2026, 4, 11)  # 30 days and the ten that did not count


def test_ended_without_proof_is_refused_and_a_notice_lasts_at_least_ten_days(project, laid, post):
    by, step = post("coordinator"), laid(project, "scheme_notice")["scheme_notice"]
    _accept(step, by, D(2026, 3, 2))
    with at(D(2026, 3, 11)), pytest.raises(Refused) as refusal:
        services.finish(step, by=by, on=D(2026, 3, 11), upload=None)
    assert len(refusal.value.sentences) == 2
    _finish(step, by, D(2026, 3, 12))
    assert not fresh(step).overdue


def test_an_extension_is_given_once_where_the_library_allows_it(project, laid, post):
    by, steps = post("coordinator"), laid(project, "design_brief", "approval")
    _accept(steps["approval"], by, D(2026, 3, 2))
    due = fresh(steps["approval"]).term.due
    services.extend(steps["approval"], by=by, reason="情况复杂")
    assert fresh(steps["approval"]).term.due > due
    with pytest.raises(Refused, match="延长过一次"):
        services.extend(steps["approval"], by=by, reason="再延")


def test_a_permit_lapses_after_three_and_three_and_three_months(project, laid, post):
    by, step = post("coordinator"), laid(project, "construction_permit")["construction_permit"]
    _accept(step, by, D(2026, 1, 12))
    _finish(step, by, D(2026, 1, 15), issued_on=D(2026, 1, 15))
    with at(D(2026, 3, 1)):
        assert not fresh(step).validity.soon
    with at(D(2026, 3, 20)):
        assert fresh(step).validity.soon
        project.refresh_from_db()
        assert [one.kind for one in queries.concerns(project)] == ["permit"]
    for month in (4, 7):
        with at(D(2026, month, 10)):
            services.renew(step, by=by, on=D(2026, month, 10), upload=paper())
    with at(D(2026, 10, 1)), pytest.raises(Refused, match="次数已用完"):
        services.renew(step, by=by, on=D(2026, 10, 1), upload=paper())
    with at(D(2026, 10, 16)):
        assert fresh(step).validity.lapsed
        with pytest.raises(Refused, match="已失效"):
            services.renew(step, by=by, on=D(2026, 10, 16), upload=paper())
        told = queries.blocking_sentences(project, queries.all_clocked(project))
        assert "须重办" in told[0]


def test_once_started_a_permit_does_not_expire(project, laid, post, advance):
    by, step = post("coordinator"), laid(project, "construction_permit")["construction_permit"]
    advance(project, "signed", D(2026, 1, 5))
    advance(project, "preliminary", D(2026, 1, 6))
    _accept(step, by, D(2026, 1, 12))
    _finish(step, by, D(2026, 1, 15))
    advance(project, "started", D(2026, 2, 1))
    with at(D(2026, 12, 1)):
        assert fresh(step).validity is None


def test_what_blocks_the_start_is_told_in_a_sentence(project, laid, post):
    by = post("coordinator")
    steps = laid(project, "filing", "land_permit", "impact_form", "construction_permit")
    with at(D(2026, 3, 2)):
        services.accept(steps["filing"], by=by, on=D(2026, 3, 2))
        services.finish(steps["filing"], by=by, on=D(2026, 3, 2), upload=paper())
        services.accept(steps["impact_form"], by=by, on=D(2026, 3, 2))
        services.skip(steps["land_permit"], by=by, reason="示例：用地手续已有")
    with at(D(2026, 3, 12)):
        told = queries.blocking_sentences(project, queries.all_clocked(project))
    assert "开工还差 2 步。现在卡在：环境影响报告表审批" in told[0]
    assert "还剩 20 个自然日" in told[0]
    assert told[1] == "排在后面的：施工许可证。"
    assert "2026年4月8日" in told[2]  # 20 days, and seven for the permit


def test_the_order_of_steps_cannot_become_a_circle(project, laid, post):
    steps = laid(project, "filing", "land_permit")
    with pytest.raises(Refused, match="先后成了圈"):
        services.arrange(
            steps["filing"], by=post("coordinator"), unit=None, after=[steps["land_permit"]]
        )


def test_the_lead_department_moves_its_own_step_and_no_other(project, laid, post, unit):
    steps = laid(project, "filing", "impact_form")
    services.arrange(steps["filing"], by=post("coordinator"), unit=unit("education"))
    services.arrange(steps["impact_form"], by=post("coordinator"), unit=None, after=[])
    with at(D(2026, 3, 2)):
        services.accept(steps["filing"], by=post("edu-head"), on=D(2026, 3, 2))
        with pytest.raises(NotAllowed):
            services.accept(steps["impact_form"], by=post("edu-head"), on=D(2026, 3, 2))


def test_an_overrun_becomes_a_concern_but_not_while_the_clock_stands(project, laid, post):
    by, step = post("coordinator"), laid(project, "works_permit")["works_permit"]
    _accept(step, by, D(2026, 3, 2))
    with at(D(2026, 4, 2)):
        assert [one.kind for one in queries.concerns(project)] == ["step"]
    with at(D(2026, 3, 10)):
        services.stop(step, by=by, kind="hearing", first=D(2026, 3, 10))
    with at(D(2026, 4, 2)):
        assert queries.concerns(project) == []


def test_the_library_says_all_that_is_wrong_with_a_row(post):
    held = queries.step_rule("design_brief")
    fields = {name: getattr(held, name) for name in services.STEP_FIELDS}
    fields |= {
        "name": " ", "source": "", "valid_from": D(2026, 3, 3), "valid_to": D(2026, 3, 1),
        "renewals": 2, "document_number": 3, "after": ["works_permit", "nothing"],
    }  # fmt: skip
    before = StepRule.objects.count()
    with pytest.raises(Refused) as refusal:
        services.set_step_rule("design_brief", by=post("coordinator"), **fields)
    assert len(refusal.value.sentences) == 7
    assert StepRule.objects.count() == before
