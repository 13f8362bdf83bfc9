"""Clocks, networks, comparisons and places: plain functions, no database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.days.rules import Calendar, Mark
from bihuan.exchange import sheet
from bihuan.projects import paste, rules
from bihuan.projects.rules import places
from bihuan.projects.rules.tables import TABLES, table_faults


def _off(*days: date) -> dict[date, Mark]:
    return {day: Mark(False, "元旦", "示例") for day in days}


# New Year 2026: 1 to 3 January off, Sunday 4 January worked.
CALENDAR = Calendar(
    {
        **_off(date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)),
        date(2026, 1, 4): Mark(True, "元旦", "示例"),
    },
    {2025: "published", 2026: "published"},
)


# Terms --------------------------------------------------------------------------------------------


def test_a_term_in_working_days_steps_over_the_new_year():
    found = rules.term(CALENDAR, date(2025, 12, 29), 5, "working", until=date(2025, 12, 30))
    # 30, 31 December, then Sunday the 4th (worked), 5th, 6th.
    assert (found.due, found.used, found.left) == (date(2026, 1, 6), 1, 4)


def test_a_stop_over_the_new_year_counts_neither_its_first_nor_its_last_day():
    stops = [(date(2025, 12, 31), date(2026, 1, 5))]
    found = rules.term(
        CALENDAR, date(2025, 12, 29), 5, "working", stops=stops, until=date(2026, 1, 7)
    )
    # Counted: 30 December, 6 and 7 January; then 8 and 9.
    assert (found.used, found.left, found.due) == (3, 2, date(2026, 1, 9))
    assert not found.stopped


def test_while_the_clock_is_stopped_there_is_no_due_date_and_nothing_is_used():
    stops = [(date(2025, 12, 31), None)]
    args = (CALENDAR, date(2025, 12, 29), 5, "working")
    early = rules.term(*args, stops=stops, until=date(2026, 1, 5))
    late = rules.term(*args, stops=stops, until=date(2026, 3, 5))
    assert (early.due, early.used, early.stopped) == (None, 1, True)
    assert (late.used, late.left) == (early.used, early.left)


def test_natural_days_run_through_holidays_and_stand_still_in_a_stop():
    plain = rules.term(CALENDAR, date(2025, 12, 29), 7, "natural", until=date(2025, 12, 29))
    assert plain.due == date(2026, 1, 5)
    stopped = rules.term(
        CALENDAR, date(2025, 12, 29), 7, "natural",
        stops=[(date(2025, 12, 31), date(2026, 1, 2))], until=date(2026, 1, 9),
    )  # fmt: skip
    assert (stopped.due, stopped.left, stopped.paused) == (date(2026, 1, 8), -1, 3)


def test_a_term_in_months_is_prolonged_by_the_days_of_its_stops():
    stops = [(date(2026, 1, 10), date(2026, 1, 14))]
    found = rules.term(CALENDAR, date(2026, 1, 5), 1, "month", stops=stops, until=date(2026, 1, 20))
    assert found.due == date(2026, 2, 10)


@given(
    number=st.integers(1, 40),
    first=st.integers(1, 60),
    length=st.integers(0, 30),
    unit=st.sampled_from(["working", "natural"]),
)
def test_on_its_due_day_a_term_has_nothing_left_and_a_stop_never_brings_it_forward(
    number, first, length, unit
):
    start = date(2025, 12, 1)
    stop = (start + timedelta(days=first), start + timedelta(days=first + length))
    free = rules.term(CALENDAR, start, number, unit, until=start).due
    due = rules.term(CALENDAR, start, number, unit, stops=[stop], until=start).due
    assert free is not None
    assert due is not None
    assert due >= free
    assert rules.term(CALENDAR, start, number, unit, stops=[stop], until=due).left == 0


# Deadlines and ladders ----------------------------------------------------------------------------


def test_the_25th_on_a_day_off_stays_or_moves_by_the_rule():
    month = date(2026, 1, 1)  # 25 January 2026 is a Sunday
    row = {"day": 25, "shift": "none"}
    assert rules.deadline(CALENDAR, month, row) == date(2026, 1, 25)
    assert rules.deadline(CALENDAR, month, {**row, "shift": "next"}) == date(2026, 1, 26)
    assert rules.deadline(CALENDAR, month, {**row, "shift": "previous"}) == date(2026, 1, 23)


def test_the_31st_of_a_shorter_month_is_its_last_day():
    row = {"day": 31, "shift": "none"}
    assert rules.deadline(CALENDAR, date(2026, 2, 1), row) == date(2026, 2, 28)


LADDER = [
    {"code": "site", "name": "现场", "holder": "site", "number": 3, "unit": "working"},
    {"code": "unit", "name": "部门", "holder": "unit", "number": 5, "unit": "working"},
]


def test_a_blockage_climbs_by_itself_and_is_overdue_only_on_the_last_rung():
    rungs = rules.rungs(CALENDAR, date(2025, 12, 30), LADDER)
    assert [one.due for one in rungs] == [date(2026, 1, 5), date(2026, 1, 12)]
    on_time = rules.standing(rungs, 0, date(2026, 1, 5))
    climbed = rules.standing(rungs, 0, date(2026, 1, 6))
    late = rules.standing(rungs, 0, date(2026, 1, 13))
    assert [one.level for one in (on_time, climbed, late)] == [0, 1, 1]
    assert [one.overdue for one in (on_time, climbed, late)] == [False, False, True]


def test_raised_by_hand_a_blockage_is_higher_but_not_later():
    rungs = rules.rungs(CALENDAR, date(2025, 12, 30), LADDER)
    lifted = rules.standing(rungs, 1, date(2025, 12, 31))
    assert (lifted.level, lifted.overdue) == (1, False)


# The network --------------------------------------------------------------------------------------


def _node(key: int, state: str, *after: int, left: int | None = 5, **more: bool) -> rules.Node:
    blocks = more.pop("blocks", True)
    return rules.Node(key, state, frozenset(after), blocks, left, "working", **more)


def test_what_blocks_is_the_front_and_parallel_steps_do_not_add_up():
    nodes = [
        _node(1, "done"),
        _node(2, "running", 1, left=3),
        _node(3, "waiting", 1, left=8),
        _node(4, "waiting", 2, 3, left=2),
        _node(5, "waiting", 4, blocks=False),
    ]
    found = rules.blocking(nodes, CALENDAR, date(2026, 1, 5))
    assert found.front == (2, 3)
    assert found.behind == (4,)
    assert found.chain == (3, 4)
    assert found.earliest == CALENDAR.add(date(2026, 1, 5), 10)


def test_a_document_that_lapsed_blocks_again():
    nodes = [_node(1, "done", lapsed=True)]
    assert rules.blocking(nodes, CALENDAR, date(2026, 1, 5)).front == (1,)


def test_a_step_without_a_limit_is_named_and_not_guessed():
    nodes = [_node(1, "running", left=None)]
    found = rules.blocking(nodes, CALENDAR, date(2026, 1, 5))
    assert found.unlimited == (1,)
    assert found.earliest == date(2026, 1, 5)


def test_what_was_left_out_of_a_network_is_bridged():
    after = {"c": ["b"], "b": ["a"], "a": []}
    assert rules.bridged({"a", "c"}, after) == {"a": set(), "c": {"a"}}


def test_what_comes_before_another_predecessor_is_not_named_again():
    after = {"d": ["c", "x"], "x": ["a"], "c": ["b"], "b": ["a"], "a": []}
    assert rules.bridged({"a", "b", "c", "d"}, after)["d"] == {"c"}


def test_a_circle_is_found():
    assert set(rules.cycle({1: [2], 2: [3], 3: [1], 4: [1]})) == {1, 2, 3}
    assert rules.cycle({1: [2], 2: []}) == ()


def test_three_months_and_twice_three_more():
    args = {"number": 3, "unit": "month", "renewals": 2, "renewal_number": 3, "warn_days": 30}

    def held(used: int, today: date) -> rules.Validity:
        return rules.validity(CALENDAR, date(2026, 1, 15), used=used, today=today, **args)

    first = held(0, date(2026, 3, 20))
    assert (first.until, first.soon, first.renewals_left) == (date(2026, 4, 15), True, 2)
    last = held(2, date(2026, 10, 16))
    assert (last.until, last.lapsed, last.renewals_left) == (date(2026, 10, 15), True, 0)


# Comparing plans ----------------------------------------------------------------------------------


def _task(key: str, start: int, finish: int, **more: object) -> rules.Task:
    first = date(2026, 3, 1)
    days = (first + timedelta(days=start), first + timedelta(days=finish))
    return rules.Task(key, more.pop("name", f"任务{key}"), *days, **more)


def test_moved_new_and_missing_tasks_are_told_apart():
    before = [_task("1", 0, 10), _task("2", 11, 20), _task("3", 21, 30)]
    after = [_task("1", 0, 10), _task("2", 14, 26), _task("4", 27, 35)]
    found = rules.compare(before, after)
    assert [(one.after.key, one.start_days, one.finish_days) for one in found.moved] == [
        ("2", 3, 6)
    ]
    assert [one.key for one in found.new] == ["4"]
    assert [one.key for one in found.missing] == ["3"]
    assert found.end_days == 5


def test_a_renumbered_task_is_found_by_its_name_and_the_order_of_rows_does_not_matter():
    before = [_task("1", 0, 10, name="基础 工程"), _task("2", 11, 20)]
    after = [_task("2", 11, 20), _task("A1", 0, 10, name="基础工程")]
    found = rules.compare(before, after)
    assert found.clean
    assert found == rules.compare(before, after) == rules.compare(before, list(after))


def test_a_baseline_that_the_file_has_moved_is_reported_although_nothing_looks_late():
    before = [_task("1", 0, 10)]
    claims = {"base_start": date(2026, 3, 1), "base_finish": date(2026, 3, 20)}
    found = rules.compare(before, [_task("1", 0, 10, **claims)])
    assert not found.moved
    assert [one.after.key for one in found.baseline_moved] == ["1"]
    assert not found.clean


# Tables -------------------------------------------------------------------------------------------

HEAD = "编号\t任务\t开始\t完成\t完成%\t前置\n"


def test_a_pasted_plan_is_read_whatever_the_order_of_its_columns():
    text = "任务名称\tID\t结束\t开始日期\n基础\t7\t2026年3月9日\t2026/3/1\n"
    found = paste.read(sheet.pasted(text))
    assert found.faults == ()
    assert found.tasks == (rules.Task("7", "基础", date(2026, 3, 1), date(2026, 3, 9)),)


def test_all_faults_of_a_pasted_plan_come_at_once():
    text = HEAD + (
        "1\t甲\t2026-02-30\t2026-03-01\t\t\n"
        "\t乙\t2026-03-01\t2026-03-02\t\t\n"
        "3\t丙\t2026-03-05\t2026-03-02\t120%\t\n"
        "4\t丁\t2026-03-01\t2026-03-02\t50\t9\n"
        "4\t戊\t2026-03-01\t2026-03-02\t\t\n"
    )
    codes = {fault.code for fault in paste.read(sheet.pasted(text)).faults}
    assert codes == {"date", "no_key", "order", "percent", "unknown", "twice"}


def test_a_circle_in_a_long_chain_is_found_without_running_out_of_stack():
    rows = [f"{n}\t任务{n}\t2026-03-01\t2026-03-02\t\t{n - 1 or 3000}" for n in range(1, 3001)]
    found = paste.read(sheet.pasted(HEAD + "\n".join(rows)))
    assert [fault.code for fault in found.faults] == ["cycle"]


@pytest.mark.parametrize("text", ["", "编号\t任务\t开始\t完成\n", "\t\t\n"])
def test_an_empty_plan_is_said_to_be_empty(text):
    assert [fault.code for fault in paste.read(sheet.pasted(text)).faults] == ["empty"]


# Places -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "一百一十三度",
        "113.7",
        "200,34",
        "34.7,113.7",
        "113.7,34.7\n113.8,34.7",
        '{"type":"Point","coordinates":["113","34"]}',
        '{"type":"Point","coordinates":[NaN,34]}',
        '{"type":"Polygon","coordinates":[]}',
        '{"a":' * 3000 + "1" + "}" * 3000,
        "113.7,34.7\n" * 5000,
    ],
)
def test_what_is_no_place_is_refused(text):
    with pytest.raises(places.Misplaced):
        places.read(text)


def test_a_place_comes_back_as_it_was_written():
    for text in ("113.74,34.72", "113.7,34.7\n113.8,34.7\n113.8,34.8"):
        assert places.written(places.read(text)) == text
    assert places.read("113.74，34.72") == {"type": "Point", "coordinates": [113.74, 34.72]}


# Rule tables --------------------------------------------------------------------------------------


def test_every_table_starts_without_a_fault():
    for code, plan in TABLES.items():
        assert list(table_faults(code, plan.rows)) == []


def test_a_conversion_must_lead_forward():
    row = {**TABLES["conversions"].rows[0], "start": "started", "end": "signed"}
    assert [f.sentence for f in table_faults("conversions", [row])] == [
        "第 %(row)d 行：到哪一步须在从哪一步之后。"
    ]
