"""Plans: approved by another is the baseline; a contractor's file is compared, never becomes it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from bihuan.base.errors import NotAllowed, Refused
from bihuan.projects import bridge, forms, queries, rules, services
from bihuan.projects.queries import schedules
from tests.exchange.schedules.test_project import needs_java
from tests.rooms.projects.conftest import at

D = date
DAY = timedelta(days=1)
HEAD = "编号,任务,开始,完成,完成%,前置,基线开始,基线完成\n"
PLAN = HEAD + (
    "1,基础,2026-03-01,2026-03-31,,,,\n2,主体,2026-04-01,2026-06-30,,1,,\n"
    "3,竣工验收,2026-07-01,2026-07-10,,2,,\n"
)
REPORT = HEAD + (
    "1,基础,2026-03-01,2026-04-10,100,,,\n2,主体,2026-04-11,2026-07-20,30,1,2026-04-01,2026-07-15\n"
    "3,竣工验收,2026-07-21,2026-07-30,0,2,,\n4,围墙,2026-06-01,2026-06-20,0,,,\n"
)


def _form(project, text="", upload=None, **more):
    data = {"kind": "plan", "title": "示例计划", "status_on": "2026-02-20", "text": text, **more}
    files = MultiValueDict({"upload": [upload]} if upload else {})
    return forms.PlanForm(data, files, about=project)


def _bring(project, by, text, day, **more):
    form = _form(project, text, status_on=str(day), **more)
    assert form.is_valid(), form.errors
    with at(day):
        return services.bring_plan(project, by=by, **form.cleaned_data)


@pytest.fixture
def baseline(project, post):
    plan = _bring(project, post("econ-liaison"), PLAN, D(2026, 2, 20))
    with at(D(2026, 2, 21)):
        return services.decide_plan(plan, by=post("leader"), passed=True)


def test_nobody_approves_what_they_brought_and_a_refusal_says_why(project, post):
    plan = _bring(project, post("coordinator"), PLAN, D(2026, 2, 20))
    with pytest.raises(NotAllowed):
        services.decide_plan(plan, by=post("coordinator"), passed=True)
    with pytest.raises(Refused, match="请写明意见"):
        services.decide_plan(plan, by=post("leader"), passed=False)
    services.decide_plan(plan, by=post("leader"), passed=False, opinion="工期太短")
    assert queries.baseline(project) is None
    with pytest.raises(Refused, match="不在等审批"):
        services.decide_plan(plan, by=post("leader"), passed=True)


def test_the_same_person_in_another_post_cannot_approve_either(project, post):
    plan = _bring(project, post("econ-liaison"), PLAN, D(2026, 2, 20))
    plan.by = post("leader")
    plan.save(update_fields=["by"])
    with pytest.raises(Refused, match="另一人"):
        services.decide_plan(plan, by=post("leader"), passed=True)


def test_a_contractors_plan_is_compared_and_the_baseline_stays(project, post, baseline):
    plan = _bring(project, post("econ-liaison"), REPORT, D(2026, 5, 20), kind="report")
    before, found = queries.compared(plan)
    assert before == baseline == queries.baseline(project)
    assert {one.after.key for one in found.moved} == {"1", "2", "3"}
    assert [one.key for one in found.new] == ["4"]
    assert [one.after.key for one in found.baseline_moved] == ["2"]
    assert found.end_days == 20
    with at(D(2026, 5, 21)):
        kinds = [one.kind for one in queries.concerns(project)]
    assert kinds == ["delay", "baseline"]


def test_without_a_baseline_there_is_nothing_to_compare(project, post):
    form = _form(project, REPORT, kind="report")
    assert form.is_valid()
    with pytest.raises(Refused, match="没有批准的基线"):
        services.bring_plan(project, by=post("econ-liaison"), **form.cleaned_data)


def test_a_new_approved_plan_is_the_new_baseline_and_the_old_one_stays(project, post, baseline):
    plan = _bring(project, post("econ-liaison"), PLAN.replace("07-10", "08-10"), D(2026, 6, 1))
    with at(D(2026, 6, 2)):
        services.decide_plan(plan, by=post("leader"), passed=True)
    assert queries.baseline(project) == plan
    assert queries.baseline_before(plan) == baseline


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.csv", b""),
        ("坏.xlsx", b"PK\x03\x04 broken"),
        ("弹.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Project>&b;</Project>'),
        ("坏.mpp", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512),
        ("加密.mpp", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")),
        ("网页.csv", b"<html><script>alert(1)</script></html>"),
    ],
)
def test_a_hostile_or_broken_file_is_a_clear_sentence_and_nothing_is_kept(project, name, content):
    form = _form(project, upload=SimpleUploadedFile(name, content))
    assert not form.is_valid()
    assert "。" in str(form.errors["upload"][0])
    assert project.plans.count() == 0


def test_every_fault_of_a_table_is_told_with_its_row(project):
    form = _form(project, HEAD + "1,甲,2026-13-01,2026-03-02,,,,\n2,,2026-03-01,2026-03-02,,7,,\n")
    assert not form.is_valid()
    assert len(form.errors["text"]) == 2


def test_a_program_file_is_read_by_its_bytes_and_kept_inside_an_archive(project, post):
    xer = (
        b"ERMHDR\t19.12\t2026-01-01\tProject\tadmin\tadmin\tdbx\tProject Management\tCNY\r\n%E\r\n"
    )
    upload = SimpleUploadedFile("计划.xer", xer)
    found = bridge.file_tasks(xer, "计划.xer")
    assert found is not None
    assert found.faults  # an empty project, or no Java here: either way a sentence
    assert found.faults[0].code in bridge.SENTENCES
    from bihuan.projects.services.plans import packed

    assert packed(upload).name == "计划.zip"


# The forecast -------------------------------------------------------------------------------------


def _tasks(*rows):
    first = D(2026, 1, 1)
    return [
        rules.Task(
            str(n),
            f"任务{n}",
            first + timedelta(days=a),
            first + timedelta(days=b),
            p,
            tuple(map(rules.Follows, after)),
        )
        for n, (a, b, p, after) in enumerate(rows, start=1)
    ]


def test_a_project_on_plan_is_expected_later_than_its_plan_and_one_behind_later_still():
    plan = _tasks((0, 49, None, ()), (50, 99, None, ("1",)))
    on_plan = _tasks((0, 49, 100, ()), (50, 99, 20, ("1",)))
    behind = _tasks((0, 49, 80, ()), (50, 99, 0, ("1",)))
    day = D(2026, 1, 1) + timedelta(days=59)
    good, bad = (bridge.outlook(plan, one, day) for one in (on_plan, behind))
    assert good.spi_t == pytest.approx(1.0)
    assert bad.spi_t == pytest.approx(40 / 60)
    assert good.planned <= good.p50 <= good.p80 <= good.p95
    assert bad.p50 > good.p50
    assert bad.chance_percent < good.chance_percent


def test_nothing_said_is_no_forecast_and_all_done_is_an_end():
    plan = _tasks((0, 9, None, ()))
    assert bridge.outlook(plan, plan, D(2026, 1, 5)) is None
    assert bridge.outlook(plan, _tasks((0, 9, 50, ())), D(2025, 12, 1)) is None
    assert bridge.outlook(plan, _tasks((0, 11, 100, ())), D(2026, 2, 1)).ended


def test_the_critical_tasks_have_no_float_and_the_rest_what_the_plan_leaves():
    found = bridge.critical(
        _tasks(
            (0, 9, None, ()),
            (10, 29, None, ("1",)),
            (10, 19, None, ("1",)),
            (30, 39, None, ("2", "3")),
        )
    )
    assert {one.task.key: one.float_days for one in found} == {"1": 0, "2": 0, "3": 10, "4": 0}


# Links and baselines ------------------------------------------------------------------------------


def test_kinds_and_lags_of_a_table_are_kept_and_counted(project, post):
    text = HEAD + (
        "1,基础,2026-03-01,2026-03-31,,,,\n1SS,降水,2026-03-01,2026-03-05,,,,\n"
        "2,主体,2026-03-11,2026-06-30,,1SS+10 天、1SS,,\n3,验收,2026-07-03,2026-07-10,,2FS+2d,,\n"
    )
    plan = _bring(project, post("econ-liaison"), text, D(2026, 2, 20))
    tasks = queries.tasks(plan)
    # "1SS" is a number of this very table, so it is no start-to-start link of 1.
    assert [[str(one) for one in task.after] for task in tasks] == [
        [], [], ["1SS+10", "1SS"], ["2FS+2"],
    ]  # fmt: skip
    assert tasks[2].after[0] == rules.Follows("1", "SS", 10)
    found = {one.task.key: one.float_days for one in bridge.critical(tasks)}
    assert found == {"1": 0, "1SS": 5, "2": 0, "3": 0}


def test_a_link_that_cannot_be_understood_is_told(project):
    form = _form(
        project, HEAD + "1,甲,2026-03-01,2026-03-02,,,,\n2,乙,2026-03-03,2026-03-04,,1FS+50%,,\n"
    )
    assert not form.is_valid()
    assert "1FS+50%" in str(form.errors["text"][0])


def _mspdi(tasks):
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Project xmlns="http://schemas.microsoft.com/project">'
        f"<Name>p</Name><MinutesPerDay>480</MinutesPerDay><Tasks>{''.join(tasks)}</Tasks></Project>"
    ).encode()


def _row(uid, first, last, days, links=(), base=None):
    def span(start, finish):
        return f"<Start>{start}T08:00:00</Start><Finish>{finish}T17:00:00</Finish>"

    linked = "".join(
        f"<PredecessorLink><PredecessorUID>{before}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>7</LagFormat></PredecessorLink>"
        for before, kind, lag in links
    )
    held = f"<Baseline><Number>0</Number>{span(*base)}</Baseline>" if base else ""
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>任务{uid}</Name><OutlineLevel>1</OutlineLevel>"
        f"{span(first, last)}<Duration>PT{8 * days}H0M0S</Duration>{linked}{held}</Task>"
    )


@needs_java
def test_a_program_file_keeps_its_links_in_days_and_its_baseline(project, post, baseline):
    # Fri 6 March + 2 working days: Wed 11, four days between. Mon 2 + 3 working days: Thu 5.
    content = _mspdi(
        [
            _row(1, "2026-03-02", "2026-03-06", 5, base=("2026-03-02", "2026-03-06")),
            _row(2, "2026-03-11", "2026-03-12", 2, [(1, 1, 9600)]),
            _row(3, "2026-03-05", "2026-03-10", 4, [(1, 3, 14400), (1, 0, 9600)]),
        ]
    )
    found = bridge.file_tasks(content, "更新.xml")
    assert found.faults == ()
    assert [[str(one) for one in task.after] for task in found.tasks] == [
        [], ["1FS+4"], ["1SS+3", "1FF+4"],
    ]  # fmt: skip
    assert (found.tasks[0].base_start, found.tasks[1].base_start) == (D(2026, 3, 2), None)
    assert {one.task.key: one.float_days for one in bridge.critical(found.tasks)} == {
        "1": 0, "2": 0, "3": 2,
    }  # fmt: skip
    form = _form(
        project, kind="report", status_on="2026-03-20",
        upload=SimpleUploadedFile("更新.xml", content),
    )  # fmt: skip
    assert form.is_valid(), form.errors
    with at(D(2026, 3, 20)):
        plan = services.bring_plan(project, by=post("econ-liaison"), **form.cleaned_data)
        # The approved baseline begins on 1 March; this file says it began on the 2nd.
        assert [one.after.key for one in queries.compared(plan)[1].baseline_moved] == ["1"]
        assert "baseline" in [one.kind for one in queries.concerns(project)]


@needs_java
def test_a_circle_in_a_program_file_is_a_sentence(project):
    days = ("2026-03-02", "2026-03-06", 5)
    content = _mspdi([_row(1, *days, [(2, 1, 0)]), _row(2, *days, [(1, 1, 0)])])
    form = _form(project, upload=SimpleUploadedFile("圈.xml", content))
    assert not form.is_valid()
    assert "任务1 → 任务2 → 任务1" in str(form.errors["upload"][0])


# Promises, and whether past forecasts were honest -------------------------------------------------


def test_each_promised_date_has_its_chance_and_the_end_has_one_chance_only():
    plan = _tasks((0, 49, None, ()), (50, 99, None, ("1",)))
    first = D(2026, 1, 1)
    found = bridge.outlook(plan, _tasks((0, 49, 100, ()), (50, 99, 20, ("1",))), first + 59 * DAY)
    end = first + 99 * DAY
    assert found.chance(end) == pytest.approx(found.in_time(end))
    assert round(100 * found.chance(end)) == found.chance_percent
    assert found.chance(found.p80) >= 0.8 > found.chance(found.p80 - DAY)
    assert found.in_time(first + 40 * DAY) == 0  # not done, and the day has passed
    assert found.chance(end) < found.chance(end + 30 * DAY)


def test_promises_are_those_of_every_baseline_so_far_and_of_the_plan(project, post, baseline):
    later = _bring(project, post("econ-liaison"), PLAN.replace("07-10", "08-10"), D(2026, 6, 1))
    with at(D(2026, 6, 2)):
        services.decide_plan(later, by=post("leader"), passed=True)
    report = _bring(project, post("econ-liaison"), REPORT, D(2026, 6, 20), kind="report")
    assert queries.promises(report) == [
        (report, D(2026, 7, 30)), (later, D(2026, 8, 10)), (baseline, D(2026, 7, 10)),
    ]  # fmt: skip


def test_past_forecasts_are_judged_once_the_project_is_completed(project, post, baseline, advance):
    report = _bring(project, post("econ-liaison"), REPORT, D(2026, 5, 20), kind="report")
    for month, step in ((1, "signed"), (2, "preliminary"), (3, "started")):
        advance(project, step, D(2026, month, 25))
    assert queries.foretold([project]) == []
    advance(project, "completed", D(2026, 8, 20))
    (one,) = queries.foretold([project])
    assert (one.plan, one.past.ended_on, one.past.kept) == (report, D(2026, 8, 20), False)
    assert one.past.place == one.past.outlook.chance(D(2026, 8, 20)) > one.past.chance
    score, spread = bridge.judged([one.past])
    assert score.score == pytest.approx(one.past.chance**2)
    assert spread.late == float(one.past.place > 0.5)


def test_eight_finished_projects_of_the_zone_take_the_place_of_the_published_class():
    finals = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.05]
    assert bridge.reference(finals).count == 115
    own = bridge.reference([*finals, 0.8])
    assert (own.count, own.name, own.late > 0.5) == (8, "own", True)
    plan = _tasks((0, 99, None, ()))
    assert bridge.final_spi_t(plan, D(2026, 1, 1) + 124 * DAY) == pytest.approx(100 / 125)
    now = _tasks((0, 99, 10, ()))
    day = D(2026, 1, 1) + 9 * DAY
    assert bridge.outlook(plan, now, day, own).p50 > bridge.outlook(plan, now, day).p50


def test_only_projects_that_had_ended_by_then_make_the_class(project, post, baseline, advance):
    for month, step in ((1, "signed"), (2, "preliminary"), (3, "started"), (8, "completed")):
        advance(project, step, D(2026, month, 25))
    ((ended_on, spi_t),) = schedules._finals()
    assert (ended_on, spi_t) == (D(2026, 8, 25), pytest.approx(132 / 178))
