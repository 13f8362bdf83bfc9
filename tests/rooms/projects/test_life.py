"""One life per project: every step proven, nothing goes back in silence; batches convert."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.projects import queries, services
from bihuan.projects.models import Project, StageStep
from tests.rooms.projects.conftest import at, paper

D = date


def test_a_step_without_proof_is_refused_with_all_that_is_wrong(project, post):
    with at(D(2026, 3, 2)), pytest.raises(Refused) as refusal:
        services.advance(
            project, by=post("coordinator"), step="suspended", on=D(2026, 3, 3), upload=None
        )
    assert len(refusal.value.sentences) == 4  # not possible yet, in the future, no proof, no reason
    assert "没有佐证" in str(refusal.value)


def test_a_life_from_reserve_to_production(project, advance):
    for month, step in enumerate(
        ("reserve", "signed", "preliminary", "started", "under_construction", "completed"), start=1
    ):
        advance(project, step, D(2026, month, 10))
    assert (project.stage, project.stage_on) == ("completed", D(2026, 6, 10))
    advance(project, "in_production", D(2026, 7, 10))
    assert services.next_steps(project) == ("suspended", "withdrawn")


def test_nothing_goes_back(project, advance):
    advance(project, "signed", D(2026, 2, 1))
    with pytest.raises(Refused, match="只进不退"):
        advance(project, "reserve", D(2026, 3, 1))


def test_the_start_cannot_be_skipped_and_signing_only_by_the_government(project, advance):
    advance(project, "reserve", D(2026, 1, 5))
    assert services.next_steps(project)[:1] == ("signed",)
    assert "started" not in services.next_steps(project)
    Project.objects.filter(pk=project.pk).update(kind="government")
    project.refresh_from_db()
    assert services.next_steps(project)[:2] == ("signed", "preliminary")


def test_a_day_before_the_step_before_is_refused(project, advance):
    advance(project, "reserve", D(2026, 2, 1))
    with pytest.raises(Refused, match="不得早于前一步"):
        advance(project, "signed", D(2026, 1, 31))


def test_a_wrong_step_is_struck_with_a_reason_and_stays_on_record(project, advance, post):
    advance(project, "signed", D(2026, 2, 1))
    wrong = advance(project, "preliminary", D(2026, 2, 5))
    with at(D(2026, 2, 6)):
        with pytest.raises(Refused, match="请写明更正的原因"):
            services.strike(project, by=post("coordinator"), reason=" ", upload=paper())
        services.strike(project, by=post("coordinator"), reason="日期登记错了", upload=paper())
    project.refresh_from_db()
    assert (project.stage, project.stage_on) == ("signed", D(2026, 2, 1))
    assert StageStep.objects.filter(pk=wrong.pk).exists()
    assert [one.step for one in queries.counting(queries.life(project))] == ["signed"]


def test_a_recorded_step_can_be_neither_changed_nor_removed(project, advance):
    row = advance(project, "signed", D(2026, 2, 1))
    for act in (
        lambda: StageStep.objects.filter(pk=row.pk).update(on=D(2025, 1, 1)),
        lambda: StageStep.objects.filter(pk=row.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_a_project_stands_still_goes_on_and_is_given_up(project, advance, post):
    advance(project, "signed", D(2026, 2, 1))
    advance(project, "suspended", D(2026, 3, 1), reason="调整方案")
    assert services.next_steps(project) == ("resumed", "withdrawn")
    advance(project, "resumed", D(2026, 4, 1))
    assert (project.side, project.stage) == ("", "signed")
    advance(project, "withdrawn", D(2026, 5, 1), reason="投资方退出")
    with pytest.raises(Refused, match="已退出"):
        services.tag(
            project, by=post("coordinator"), edition="示例", batch="signed", on=D(2026, 5, 2)
        )
    with at(D(2026, 5, 3)):
        services.strike(project, by=post("coordinator"), reason="登记错了", upload=paper())
    project.refresh_from_db()
    assert project.side == ""


def test_level_and_batch_are_independent_and_a_project_may_hold_both(project, post):
    by = post("coordinator")
    with at(D(2026, 4, 1)):
        services.list_key(project, by=by, year=2026, level="province", source="示例名单")
        services.tag(project, by=by, edition="2026年第一季度", batch="signed", on=D(2026, 3, 1))
        with pytest.raises(Refused, match="已列入这一期"):
            services.tag(
                project, by=by, edition="2026年第一季度 ", batch="signed", on=D(2026, 3, 1)
            )
        services.list_key(project, by=by, year=2026, level="none", source="示例调整")
    assert queries.levels(2026) == {}
    assert project.batches.count() == 1


def _turn(project, today):
    return queries.turns_of(project, today)[0]


def test_ninety_working_days_from_signing_over_the_spring_festival(project, advance, post):
    advance(project, "signed", D(2025, 11, 3))
    with at(D(2025, 11, 3)):
        services.tag(
            project,
            by=post("coordinator"),
            edition="2025年第四季度",
            batch="signed",
            on=D(2025, 11, 3),
        )
    advance(project, "preliminary", D(2025, 12, 1))
    due = _turn(project, D(2025, 12, 1)).due
    # 90 natural days would end on 1 February; the holidays of New Year and spring push it further.
    assert due > D(2026, 3, 10)
    assert _turn(project, due).state == "running"
    assert _turn(project, due).age == 90
    assert _turn(project, D(2026, 5, 1)).state == "overdue"
    advance(project, "started", due)
    assert _turn(project, D(2026, 5, 1)).state == "in_time"


def test_the_board_counts_each_batch(project, advance, post):
    with at(D(2026, 1, 5)):
        other = services.enter(by=post("coordinator"), name="示例项目乙")
    for one in (project, other):
        advance(one, "signed", D(2026, 1, 5))
        with at(D(2026, 1, 5)):
            services.tag(
                one, by=post("coordinator"), edition="示例期", batch="signed", on=D(2026, 1, 5)
            )
    advance(project, "preliminary", D(2026, 1, 6))
    advance(project, "started", D(2026, 2, 2))
    board = queries.board(Project.objects.all(), D(2026, 12, 1))
    assert [(one.rate, one.count("in_time"), one.count("overdue")) for one in board] == [(50, 1, 1)]


def test_a_changed_conversion_rule_is_used_at_once(project, advance, post):
    advance(project, "signed", D(2026, 1, 5))
    with at(D(2026, 1, 5)):
        services.tag(
            project, by=post("coordinator"), edition="示例期", batch="signed", on=D(2026, 1, 5)
        )
    rows = [dict(row) for row in queries.tables.table("conversions")]
    rows[0] |= {"number": 10, "unit": "natural"}
    services.set_table("conversions", by=post("coordinator"), rows=rows, source="示例决定")
    assert _turn(project, D(2026, 1, 20)).due == D(2026, 1, 15)


def test_who_may_enter_and_who_sees(project, post):
    with pytest.raises(NotAllowed):
        services.enter(by=post("econ-liaison"), name="示例")
    assert queries.visible_to(post("econ-liaison")).filter(pk=project.pk).exists()
    assert not queries.visible_to(post("edu-head")).filter(pk=project.pk).exists()
    with pytest.raises(NotFound):
        services.note_week(project, by=post("edu-head"), week=D(2026, 1, 5), text="示例")


def test_one_code_one_project_and_every_fault_at_once(project, post):
    with pytest.raises(Refused) as refusal:
        services.enter(by=post("coordinator"), name=" ", code="SAMPLE-0001", total=-1)
    assert len(refusal.value.sentences) == 3


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "'; DROP TABLE x;--", "=1+1", "a" * 200]
)
def test_hostile_names_are_only_text(name, post, browse):
    made = services.enter(by=post("coordinator"), name=name)
    page = browse("coordinator").get(made.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    page = browse("coordinator").get("/projects/").content.decode()
    assert "<script>alert" not in page
