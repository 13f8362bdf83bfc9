"""Filings with their check list, late and missing ones, weekly notes, blockages that climb."""

from datetime import date
from decimal import Decimal

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.facts.models import Observation
from bihuan.ledger.models import Finding
from bihuan.projects import queries, services
from bihuan.projects.models import Project
from tests.rooms.projects.conftest import at, paper

D = date


@pytest.fixture
def started(project, advance, post):
    """Under construction since February 2026, on the provincial list, 12,000 planned."""
    for step, day in (("signed", D(2026, 1, 5)), ("preliminary", D(2026, 1, 6)),
                      ("started", D(2026, 2, 2))):  # fmt: skip
        advance(project, step, day)
    by = post("coordinator")
    with at(D(2026, 2, 3)):
        services.list_key(project, by=by, year=2026, level="province", source="示例名单")
        services.plan_year(project, by=by, year=2026, amount=Decimal(12000), starts=True)
    return project


def _file(project, by, day, **more):
    said = {
        "month": day.replace(day=1), "invested": Decimal(1000), "progress": "基础完成",
        "problems": "无", "next_steps": "主体施工", "upload": paper("照片"),
    }  # fmt: skip
    with at(day):
        return services.file_month(project, by=by, **{**said, **more})


def test_what_the_check_list_misses_is_named_item_by_item(started, post):
    with pytest.raises(Refused) as refusal:
        _file(
            started, post("econ-liaison"), D(2026, 3, 20), invested=None, problems=" ",
            upload=None, progress="",
        )  # fmt: skip
    said = str(refusal.value)
    for item in ("本年累计完成投资", "形象进度", "存在问题", "现场照片"):
        assert item in said
    assert len(refusal.value.sentences) == 4
    assert started.filings.count() == 0


def test_the_check_list_is_data(started, post):
    rows = [row for row in queries.tables.table("checklist") if row["code"] != "paper"]
    services.set_table("checklist", by=post("coordinator"), rows=rows, source="示例决定")
    _file(started, post("econ-liaison"), D(2026, 3, 20), upload=None)


def test_filed_by_the_25th_is_in_time_the_26th_is_late_and_missing_is_named(started, post):
    by = post("econ-liaison")
    _file(started, by, D(2026, 2, 25))
    _file(started, by, D(2026, 3, 26), invested=Decimal(2000))
    months = {
        month: queries.filings_due(Project.objects.all(), D(2026, month, 1), D(2026, 5, 10))
        for month in (2, 3, 4, 5)
    }
    told = [(m, rows[0].state, rows[0].days_late) for m, rows in months.items()]
    assert told == [(2, "filed", 0), (3, "late", 1), (4, "missing", 15), (5, "waiting", 0)]


def test_before_signing_and_while_it_stands_still_nothing_is_asked(started, advance):
    projects = Project.objects.all()
    assert queries.filings_due(projects, D(2025, 12, 1), D(2026, 5, 1)) == []
    advance(started, "suspended", D(2026, 4, 10), reason="示例")
    assert queries.filings_due(projects, D(2026, 4, 1), D(2026, 6, 1)) == []


def test_a_changed_deadline_does_not_rewrite_what_was_filed(started, post):
    _file(started, post("econ-liaison"), D(2026, 2, 25))
    rows = [dict(row) for row in queries.tables.table("deadlines")]
    rows[0]["day"] = 20
    services.set_table("deadlines", by=post("coordinator"), rows=rows, source="示例决定")
    row = queries.filings_due(Project.objects.all(), D(2026, 2, 1), D(2026, 3, 1))[0]
    assert (row.state, row.due) == ("filed", D(2026, 2, 25))


def test_a_correction_needs_a_reason_and_keeps_what_was_filed(started, post):
    by = post("econ-liaison")
    first = _file(started, by, D(2026, 3, 20))
    with pytest.raises(Refused, match="更正的原因"):
        _file(started, by, D(2026, 3, 28), invested=Decimal(900))
    second = _file(started, by, D(2026, 3, 28), invested=Decimal(900), reason="多报了", upload=None)
    assert (second.version, second.due, second.paper) == (2, first.due, first.paper)
    row = queries.filings_due(Project.objects.all(), D(2026, 3, 1), D(2026, 4, 1))[0]
    assert (row.state, row.filing.invested) == ("filed", Decimal(900))


def test_amounts_that_cannot_be_are_refused(started, post):
    by = post("econ-liaison")
    _file(started, by, D(2026, 2, 20), invested=Decimal(1500))
    with pytest.raises(Refused) as refusal:
        _file(started, by, D(2026, 3, 20), invested=Decimal(1000), invested_total=Decimal(800))
    assert len(refusal.value.sentences) == 2
    with pytest.raises(Refused, match="不得为负"):
        _file(started, by, D(2026, 3, 20), invested=Decimal(-1))


def test_a_filing_is_an_observation_and_its_correction_a_revision(started, post):
    by = post("econ-liaison")
    _file(started, by, D(2026, 3, 20), invested=Decimal("1500.50"))
    _file(started, by, D(2026, 3, 22), invested=Decimal(1400), reason="核减", upload=None)
    found = Observation.objects.filter(
        indicator__code="project-invested-year", period__code="2026-03"
    ).order_by("version")
    assert [(one.value, one.measure, one.unit.code) for one in found] == [
        (Decimal("1500.5"), "万元", "economy"),
        (Decimal(1400), "万元", "economy"),
    ]
    assert found[1].reason == "核减"
    assert "SAMPLE-0001" in found[0].scope


def test_the_key_list_counts_investment_starts_and_joint_approval(started, post, laid):
    steps = laid(started, "filing", "impact_form")
    by = post("coordinator")
    with at(D(2026, 3, 2)):
        services.accept(steps["filing"], by=by, on=D(2026, 3, 2))
        services.finish(steps["filing"], by=by, on=D(2026, 3, 2), upload=paper())
    _file(started, post("econ-liaison"), D(2026, 6, 20), invested=Decimal(3000))
    row = queries.key_list(Project.objects.all(), 2026)[0]
    assert (row.rate, row.expected, row.behind(10)) == (25, 50, True)
    totals = queries.key_totals([row])
    assert (totals.rate, totals.start_rate, totals.joint_rate) == (25, 100, 50)
    assert queries.key_totals([]).rate is None


def test_a_units_year_is_a_figure_that_is_revised_when_filings_change(started, post):
    """Done over planned, by the unit that answers; only whoever keeps the list enters it."""
    by, held = post("coordinator"), Observation.objects.filter(indicator__code="project-year-rate")
    with pytest.raises(Refused, match="没有这项权限"):
        services.record_year(2026, by=post("econ-liaison"))
    with pytest.raises(Refused, match="2025 年的名单上没有"):
        services.record_year(2025, by=by)
    _file(started, post("econ-liaison"), D(2026, 6, 20), invested=Decimal(3000))
    assert services.record_year(2026, by=by) == 1
    assert services.record_year(2026, by=by) == 0
    figure = held.get()
    assert (figure.unit, figure.value, figure.period.code) == (started.unit, Decimal(25), "2026")
    _file(started, post("econ-liaison"), D(2026, 7, 20), invested=Decimal(9000))
    assert services.record_year(2026, by=by) == 1
    assert [one.value for one in held.order_by("version")] == [Decimal(25), Decimal(75)]


def test_the_weekly_note_belongs_to_the_monday_and_whoever_is_silent_is_late(started, post):
    services_week = D(2026, 3, 4)  # a Wednesday
    silent = queries.week(Project.objects.all(), D(2026, 3, 2), D(2026, 3, 7))
    assert [one.late for one in silent] == [True]
    with at(services_week):
        made = services.note_week(
            started, by=post("econ-liaison"), week=services_week, text="示例进展", percent=12
        )
    assert made.week == D(2026, 3, 2)
    told = queries.week(Project.objects.all(), D(2026, 3, 2), D(2026, 3, 7))
    assert [one.late for one in told] == [False]


# Blockages ----------------------------------------------------------------------------------------


def _open(project, post, unit, day):
    with at(day):
        return services.open_blockage(
            project, by=post("econ-liaison"), title="外线供电", owner=unit("education")
        )


def test_a_blockage_goes_from_site_to_department_to_leader(started, post, unit):
    blockage = _open(started, post, unit, D(2026, 3, 2))

    def holder(day: date) -> tuple[str, bool]:
        with at(day):
            held = queries.stuck(blockage)
            return queries.held_by(held), held.overdue

    assert holder(D(2026, 3, 5)) == ("经济发展局", False)
    assert holder(D(2026, 3, 6)) == ("教文体局", False)
    assert holder(D(2026, 3, 13)) == ("经开区党工委副书记", False)
    assert holder(D(2026, 3, 27)) == ("经开区党工委副书记", True)


def test_a_changed_ladder_is_for_blockages_to_come(started, post, unit):
    blockage = _open(started, post, unit, D(2026, 3, 2))
    rows = [{**row, "number": 1} for row in queries.tables.table("ladder")]
    services.set_table("ladder", by=post("coordinator"), rows=rows, source="示例决定")
    with at(D(2026, 3, 4)):
        assert queries.stuck(blockage).standing.level == 0
    later = _open(started, post, unit, D(2026, 3, 2))
    with at(D(2026, 3, 4)):
        assert queries.stuck(later).standing.level == 1


def test_the_owner_department_solves_it_and_a_stranger_cannot(started, post, unit):
    blockage = _open(started, post, unit, D(2026, 3, 2))
    assert queries.visible_to(post("edu-head")).filter(pk=started.pk).exists()
    with pytest.raises(NotAllowed):
        services.solve_blockage(blockage, by=post("clerk"), note="示例")
    with at(D(2026, 3, 9)):
        services.note_blockage(blockage, by=post("edu-head"), note="已会商")
        services.lift_blockage(blockage, by=post("coordinator"), note="要领导协调")
        with pytest.raises(Refused, match="最高一级"):
            services.lift_blockage(blockage, by=post("coordinator"), note="再升")
        services.solve_blockage(blockage, by=post("edu-head"), note="已定路由")
        with pytest.raises(Refused, match="已经解决"):
            services.note_blockage(blockage, by=post("edu-head"), note="又")
    assert [move.kind for move in blockage.moves.all()] == ["open", "note", "lift", "solve"]


def test_one_click_makes_a_finding_with_its_origin_and_only_once(started, post, unit):
    blockage = _open(started, post, unit, D(2026, 3, 2))
    with at(D(2026, 3, 20)):
        key = str(blockage.pk)
        finding = services.raise_issue(started, by=post("coordinator"), kind="blockage", key=key)
        with pytest.raises(Refused, match=finding.number):
            services.raise_issue(started, by=post("coordinator"), kind="blockage", key=key)
        told = queries.concern(started, "blockage", key)
    assert told.finding == finding
    assert finding.origin_type == "projects.issue"
    assert "外线供电" in finding.title
    assert Finding.objects.filter(origin_type="projects.issue").count() == 1


def test_what_is_no_concern_cannot_be_raised_and_not_by_everybody(started, post):
    with pytest.raises(Refused, match="不成立"):
        services.raise_issue(started, by=post("coordinator"), kind="filing", key="1999-01")
    with at(D(2026, 5, 10)):
        assert ("filing", "2026-04") in [(o.kind, o.key) for o in queries.concerns(started)]
        with pytest.raises(NotAllowed):
            services.raise_issue(started, by=post("econ-head"), kind="filing", key="2026-04")


# What a change of the rules would do --------------------------------------------------------------


def test_the_effects_of_a_rule_are_counted_before_it_holds(started, post):
    def rows(code, **changed):
        first, *rest = (dict(row) for row in queries.tables.table(code))
        return [first | changed, *rest]

    _file(started, post("econ-liaison"), D(2026, 6, 20), invested=Decimal(3000))
    with at(D(2026, 7, 6)):
        found = {
            code: queries.effects(code, new)[0]
            for code, new in (
                ("deadlines", rows("deadlines", day=20)),
                ("scope", rows("scope", on=False)),
                ("conversions", rows("conversions", number=1)),
            )
        }
        behind = [dict(row) for row in queries.tables.table("limits")]
        for row in behind:
            row["value"] = 30
        found["limits"] = queries.effects("limits", behind)[0]
    assert (found["deadlines"].before, found["deadlines"].after) == (D(2026, 7, 25), D(2026, 7, 20))
    assert (found["scope"].before, found["scope"].after) == (1, 0)
    assert (found["conversions"].before, found["conversions"].after) == (0, 0)
    assert (found["limits"].before, found["limits"].after) == (1, 0)
    assert queries.tables.history("limits").count() == 0
