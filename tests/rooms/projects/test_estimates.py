"""Estimates: the risk of a plan, its crews, and all preliminary work under limited strength."""

from datetime import date, timedelta

import pytest

from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.days import queries as days
from bihuan.jobs import rules as job_rules
from bihuan.projects import bridge, forms, pages, queries, rules, services
from bihuan.projects.models import Estimate
from bihuan.projects.queries import tables
from tests.rooms.projects.conftest import at
from tests.rooms.projects.test_plans import _bring

D = date
DAY = timedelta(days=1)
HEAD = "编号,任务,开始,完成,完成%,前置,责任单位\n"
PLAN = HEAD + (
    "1,基础,2026-03-02,2026-03-31,,,一队\n2,主体甲,2026-04-01,2026-06-30,,1,二队\n"
    '3,主体乙,2026-04-01,2026-05-31,,1,二队\n4,竣工验收,2026-07-01,2026-07-10,,"2,3",\n'
)
REPORT = HEAD + (
    "1,基础,2026-03-02,2026-04-10,100,,一队\n2,主体甲,2026-04-11,2026-07-10,20,1,二队\n"
    '3,主体乙,2026-04-11,2026-06-10,0,1,二队\n4,竣工验收,2026-07-11,2026-07-20,0,"2,3",\n'
)
BEFORE = D(2026, 1, 1)
ANY = [bridge.Points("", 90, 100, 150, "pert")]


def task(key, start, finish, percent=None, after=(), owner=""):
    links = tuple(rules.Follows(one) for one in after)
    return rules.Task(key, f"任务{key}", start, finish, percent, links, owner=owner)


def drawn(plan, points=ANY, promises=(), *, status_on=BEFORE, worked=None, **more):
    asked = {"common": 0.2, "owner": 0.2, "seed": 1, "runs": 2000, **more}
    return bridge.risk(plan, points, promises, status_on=status_on, worked=worked, **asked)


@pytest.fixture
def baseline(project, post):
    plan = _bring(project, post("econ-liaison"), PLAN, D(2026, 2, 20))
    with at(D(2026, 2, 21)):
        return services.decide_plan(plan, by=post("leader"), passed=True)


# Working days -------------------------------------------------------------------------------------


def test_float_counts_the_working_days_of_the_ledger_where_the_plan_says_so(db):
    """Friday to Monday is one working day of float, three natural ones."""
    friday, week = D(2026, 3, 6), D(2026, 3, 2)
    plan = [task("1", week, friday), task("2", week, D(2026, 3, 10))]
    natural = {one.task.key: one.float_days for one in bridge.critical(plan)}
    working = {one.task.key: one.float_days for one in bridge.critical(plan, days.calendar())}
    assert natural == {"1": 4, "2": 0}
    assert working == {"1": 2, "2": 0}


def test_a_weekend_between_two_tasks_is_no_slack_on_working_days(db):
    plan = [
        task("1", D(2026, 3, 2), D(2026, 3, 6)),
        task("2", D(2026, 3, 9), D(2026, 3, 13), after=("1",)),
    ]
    assert [one.float_days for one in bridge.critical(plan, days.calendar())] == [0, 0]
    assert [one.float_days for one in bridge.critical(plan)] == [0, 2]


def test_what_is_planned_on_rest_days_alone_keeps_its_days(db):
    plan = [task("1", D(2026, 3, 7), D(2026, 3, 8)), task("2", D(2026, 3, 9), D(2026, 3, 9))]
    found = bridge.critical(plan, days.calendar())
    assert {one.task.key for one in found} == {"1", "2"}


# Risk ---------------------------------------------------------------------------------------------


def test_without_spread_every_percentile_is_the_planned_end():
    plan = [task("1", D(2026, 3, 2), D(2026, 3, 31)), task("2", D(2026, 4, 1), D(2026, 4, 30))]
    told = drawn(plan, [bridge.Points("", 100, 100, 100, "triangular")])
    assert {day for _share, day in told["sure"]} == {"2026-04-30"} == {told["planned"]}


def test_one_task_ends_as_its_own_distribution_says():
    """A triangle from 50 to 150 days is at its middle with one half, and beyond 150 never."""
    plan = [task("1", D(2026, 1, 1), D(2026, 1, 1) + 99 * DAY)]
    promises = [bridge.Promise("a", D(2026, 1, 1) + 99 * DAY), bridge.Promise("b", D(2026, 5, 31))]
    told = drawn(plan, [bridge.Points("", 50, 100, 150, "triangular")], promises, runs=10_000)
    chances = [chance for _name, _day, chance in told["promises"]]
    assert chances[0] == pytest.approx(0.5, abs=0.02)
    assert chances[1] == 1.0
    # F⁻¹(0.8) of the triangle is 100 + 50·(1 − √0.4) ≈ 118.4 days.
    assert dict(told["sure"])[0.8] == (D(2026, 1, 1) + 118 * DAY).isoformat()


def test_what_is_done_no_longer_varies_and_what_is_not_begun_starts_after_the_status_day():
    plan = [
        task("1", D(2026, 1, 1), D(2026, 1, 31), 100),
        task("2", D(2026, 2, 1), D(2026, 2, 28), 0, ("1",)),
    ]
    told = drawn(plan, [bridge.Points("", 100, 100, 100, "pert")], status_on=D(2026, 2, 10))
    assert told["planned"] == "2026-03-10"  # 28 days from 11 February
    half = [plan[0], task("2", D(2026, 2, 1), D(2026, 2, 28), 50, ("1",))]
    told = drawn(half, [bridge.Points("", 100, 100, 100, "pert")], status_on=D(2026, 2, 10))
    assert told["planned"] == "2026-02-28"  # begun as planned, 14 days left from the 15th
    late = drawn(half, [bridge.Points("", 100, 100, 100, "pert")], status_on=D(2026, 2, 20))
    assert late["planned"] == "2026-03-06"  # 14 days left after the 20th


def test_the_delay_is_shared_out_among_owners_to_the_last_day():
    plan = [
        task("1", D(2026, 1, 1), D(2026, 1, 31), owner="甲"),
        task("2", D(2026, 2, 1), D(2026, 2, 28), None, ("1",), "乙"),
        task("3", D(2026, 1, 1), D(2026, 1, 5), owner="丙"),
    ]
    told = drawn(plan)
    shares = {name: share for name, share, _alone, _without in told["owners"]}
    assert sum(shares.values()) == pytest.approx(told["delay"])
    assert shares.get("丙", 0) == pytest.approx(0)
    assert shares["甲"] > 0 < shares["乙"]
    assert {row[0] for row in told["tasks"]} == {"1", "2"}  # task 3 never drives the end


def test_the_same_seed_gives_the_same_answer_whoever_maps_the_pieces():
    plan = [task("1", D(2026, 1, 1), D(2026, 1, 31), owner="甲")]
    backwards = drawn(plan, run=lambda one, parts: reversed([one(part) for part in list(parts)]))
    assert drawn(plan) == backwards
    assert drawn(plan, seed=2)["curve"] != drawn(plan)["curve"]


def test_the_first_row_of_three_points_that_fits_is_the_row_of_a_task():
    rows = [bridge.Points("基础", 100, 100, 300, "pert"), *ANY]
    assert rows[0].meets(rules.Task("1", "桩基础", D(2026, 1, 1), D(2026, 1, 2)))
    assert not rows[0].meets(rules.Task("1", "绿化", D(2026, 1, 1), D(2026, 1, 2)))
    assert rows[1].meets(rules.Task("1", "绿化", D(2026, 1, 1), D(2026, 1, 2)))


# Crews --------------------------------------------------------------------------------------------


def test_two_tasks_of_one_crew_come_one_after_the_other():
    plan = [
        task("1", D(2026, 3, 2), D(2026, 3, 11), owner="一队"),
        task("2", D(2026, 3, 2), D(2026, 3, 6), owner="一队"),
        task("3", D(2026, 3, 2), D(2026, 3, 6), owner="二队"),
    ]
    case, numbered = bridge.crews(plan, 1, D(2026, 3, 1), None)
    told = bridge.levelled(case, seed=1, generations=5)
    assert (told["free_makespan"], told["makespan"], told["proved"]) == (10, 15, True)
    spans = sorted(
        (told["starts"][key], told["starts"][key] + n) for key, n in (("1", 10), ("2", 5))
    )
    assert spans[0][1] <= spans[1][0]
    assert told["starts"]["3"] == 0
    assert numbered.day(0) == D(2026, 3, 2)
    assert bridge.clashes(plan, 1) == [("一队", D(2026, 3, 2), D(2026, 3, 6), ["1", "2"])]
    assert bridge.clashes(plan, 2) == []


def test_crews_work_on_working_days_where_the_plan_counts_them(db):
    plan = [
        task("1", D(2026, 3, 2), D(2026, 3, 6), owner="一队"),
        task("2", D(2026, 3, 2), D(2026, 3, 6), owner="一队"),
    ]
    case, numbered = bridge.crews(plan, 1, D(2026, 3, 1), days.calendar())
    told = bridge.levelled(case, seed=1, generations=5)
    assert told["makespan"] == 10
    assert numbered.day(told["makespan"] - 1) == D(2026, 3, 13)  # the second Friday


# Through the room ---------------------------------------------------------------------------------


@pytest.fixture
def here(settings):
    """Jobs are carried out at once, in this process."""
    settings.EXECUTOR = "here"


@pytest.fixture
def computed(here, django_capture_on_commit_callbacks):
    """`computed(verb, …)`: asked, and the job carried out as it is after a commit."""

    def done(verb, *things, **more):
        with django_capture_on_commit_callbacks(execute=True):
            made = verb(*things, **more)
        return Estimate.objects.select_related("job", "plan__project").get(pk=made.pk)

    return done


def test_an_estimate_is_asked_computed_kept_and_shown(project, post, baseline, computed):
    report = _bring(project, post("econ-liaison"), REPORT, D(2026, 5, 1), kind="report")
    for kind, ask in (
        ("risk", services.ask_risk),
        ("crews", lambda *args, **more: services.ask_crews(*args, at_once=1, **more)),
    ):
        made = computed(ask, report, by=post("econ-liaison"), seed=7)
        assert made.job.state == "done", made.job.fault
        assert made.told["seed"] == 7
        page = getattr(pages.estimates, kind)(report, post("econ-liaison"))
        assert page.refresh_s == 0
        assert len(page.panels) >= 3
    told = queries.estimates("risk", report)[0].told
    names = [name for name, _day, _chance in told["promises"]]
    assert names[:2] == ["2", "1"]  # the whole by this plan, then by the baseline
    assert any(name.startswith("4 ") for name in names)
    assert not any(name.startswith("1 ") for name in names)  # it is done


def test_steps_of_all_projects_share_the_panel(project, post, laid, computed):
    laid(project, "site_opinion", "land_permit", "design_brief", "scheme_notice", "works_permit")
    by = post("coordinator")
    waiting = queries.waiting(by)
    assert {one.strength for one in waiting} >= {"panel", "survey"}
    made = computed(services.ask_steps, by=by, seed=1)
    assert made.job.state == "done", made.job.fault
    assert set(made.told["starts"]) == {str(one.step.pk) for one in waiting}
    page = pages.estimates.levelling(by)
    assert page.panels[0].table.rows


def test_who_may_not_report_or_manage_asks_for_no_estimate(project, post, baseline):
    with pytest.raises((NotAllowed, NotFound)):
        services.ask_risk(baseline, by=post("edu-head"), seed=1)
    with pytest.raises(NotAllowed):
        services.ask_steps(by=post("econ-liaison"), seed=1)


def test_a_plan_without_crews_and_a_plan_that_is_done_are_refused(project, post):
    bare = "编号,任务,开始,完成,完成%\n1,基础,2026-03-02,2026-03-31,100\n"
    plan = _bring(project, post("econ-liaison"), bare, D(2026, 4, 1))
    with pytest.raises(Refused, match="都已完成"):
        services.ask_risk(plan, by=post("econ-liaison"), seed=1)
    open_one = bare.replace("100", "50")
    with at(D(2026, 4, 2)):
        services.decide_plan(plan, by=post("leader"), passed=False, opinion="重报")
    plan = _bring(project, post("econ-liaison"), open_one, D(2026, 4, 3))
    with pytest.raises(Refused, match="没有写责任单位或班组"):
        services.ask_crews(plan, by=post("econ-liaison"), at_once=1, seed=1)


def test_the_tables_of_points_and_strengths_are_checked():
    row = {"code": "a", "name": "甲", "words": "", "low": 120, "mode": 100, "high": 150}
    assert [f.sentence for f in tables.table_faults("risks", [{**row, "shape": "pert"}])] == [
        "第 %(row)d 行：顺利时、最可能、不顺时应从小到大。"
    ]
    one = {"code": "a", "name": "甲", "name_en": "", "steps": "filing", "capacity": 1}
    faults = tables.table_faults("scarce", [one, {**one, "code": "b"}])
    assert [f.params for f in faults] == [{"row": 2, "other": 1, "step": "filing"}]


def test_the_owner_of_a_task_comes_with_the_table_and_stays(project, post):
    plan = _bring(project, post("econ-liaison"), PLAN, D(2026, 2, 20), days="working")
    assert [one.owner for one in queries.tasks(plan)] == ["一队", "二队", "二队", ""]
    assert plan.days == "working"
    assert queries.worked(plan) is not None
    assert not forms.CrewsForm({"at_once": "0", "seed": "1"}).is_valid()


def test_an_unfinished_job_is_busy_and_no_second_one_starts(project, post, baseline):
    made = services.ask_risk(baseline, by=post("econ-liaison"), seed=1)
    assert queries.busy(made)
    assert made.job.state in job_rules.UNFINISHED
    with pytest.raises(Refused, match="还在计算"):
        services.ask_risk(baseline, by=post("econ-liaison"), seed=2)
    page = pages.estimates.risk(baseline, post("econ-liaison"))
    assert page.refresh_s > 0
