"""Units: names, lines, moves and merges, each with its day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.people import queries, services
from bihuan.people.models import Person, Post, Role, Tie, UnitName
from bihuan.people.services import units

DAY = timedelta(days=1)


@pytest.fixture
def new(db):
    """`new("a")`: a unit of its own; `new("b", under=a)`: one below it, administratively."""

    def make(code, under=None, line="admin", since=None):
        return services.add_unit(
            by=None,
            code=code,
            name=f"{code}单位",
            kind="bureau",
            parent=under,
            line=line,
            valid_from=since,
        )

    return make


def ids(standings):
    return [standing.unit.pk for standing in standings]


def test_a_renamed_unit_is_found_by_both_names_and_named_by_the_day(post, unit):
    economy, today = unit("economy"), clock.today()
    services.rename_unit(economy, by=post("admin"), name="发展和统计局", on=today)
    assert queries.unit_called("经济发展局") == economy
    assert queries.unit_called("发展和统计局") == economy
    names = {
        day: {s.unit.pk: s.name for s in queries.register("admin", day)}[economy.pk]
        for day in (today - DAY, today)
    }
    assert names == {today - DAY: "经济发展局", today: "发展和统计局"}


def test_two_renamings_keep_three_names_each_on_its_days(new):
    day = clock.today()
    unit = new("甲".encode().hex(), since=day - 30 * DAY)
    first = unit.name
    unit = services.rename_unit(unit, by=None, name="中", on=day - 20 * DAY)
    unit = services.rename_unit(unit, by=None, name="末", on=day - 10 * DAY)

    def name(on):
        return {s.unit.pk: s.name for s in queries.register("admin", on)}[unit.pk]

    assert name(day - 21 * DAY) == first
    assert name(day - 20 * DAY) == name(day - 11 * DAY) == "中"
    assert name(day - 10 * DAY) == name(day) == "末"


def test_renaming_says_all_faults_at_once(post, unit):
    with pytest.raises(Refused) as refusal:
        services.rename_unit(
            unit("economy"), by=post("admin"), name="教文体局", on=clock.today() + DAY
        )
    assert len(refusal.value.sentences) == 2


def test_a_new_name_before_the_present_one_began_is_refused(unit):
    day = clock.today()
    renamed = services.rename_unit(unit("economy"), by=None, name="新一", on=day - 5 * DAY)
    with pytest.raises(Refused, match="较晚"):
        services.rename_unit(renamed, by=None, name="新二", on=day - 6 * DAY)


def test_one_name_does_not_mean_two_units(unit):
    with pytest.raises(Refused, match="教文体局"):
        services.add_alias(unit("economy"), by=None, name="教文体局党委")


def test_half_and_full_width_names_mean_the_same_unit(unit):
    services.add_alias(unit("office"), by=None, name="党政办（机要）")
    assert queries.unit_called("党政办(机要)") == unit("office")


def test_a_unit_moves_on_a_day_and_the_tree_of_the_day_before_is_the_old_one(new):
    old, heir, child = new("old"), new("heir"), new("child")
    services.tie_unit(child, old, by=None, line="admin")
    day = clock.today()
    services.tie_unit(child, heir, by=None, line="admin", since=day)
    assert queries.superior(child, "admin", day - DAY) == old
    assert queries.superior(child, "admin", day) == heir
    depth = {s.unit.pk: s.depth for s in queries.register("admin", day)}
    assert (depth[heir.pk], depth[child.pk]) == (0, 1)
    listed = ids(queries.register("admin", day))
    assert listed.index(child.pk) == listed.index(heir.pk) + 1


def test_the_party_line_and_the_administrative_line_are_two_trees(unit):
    depth = {
        line: {s.unit.code: s.depth for s in queries.register(line) if s.tied}
        for line in ("party", "admin")
    }
    assert depth["party"]["economy"] == 3  # zone, party committee, organs committee, bureau
    assert depth["admin"]["economy"] == 2
    assert "discipline" not in depth["admin"]


def test_a_contractor_is_below_nobody_in_a_cascade(unit):
    below = queries.subordinates(unit("zone"))
    assert unit("sanitation").pk not in below
    assert unit("sanitation").pk in queries.subordinates(unit("enforcement"), lines=["contract"])


def test_the_superior_cannot_become_its_own_subordinate(new):
    top = new("top")
    middle = new("middle", under=top)
    bottom = new("bottom", under=middle)
    with pytest.raises(Refused, match="之下"):
        services.tie_unit(top, bottom, by=None, line="admin", since=clock.today())
    with pytest.raises(Refused, match="自己"):
        services.tie_unit(top, top, by=None, line="admin")


def test_no_circle_is_closed_on_a_later_day_either(new):
    day = clock.today()
    first, second = new("first"), new("second")
    services.tie_unit(first, second, by=None, line="guidance", since=day + 10 * DAY)
    with pytest.raises(Refused, match="之下"):
        services.tie_unit(second, first, by=None, line="guidance", since=day)


def test_a_move_dated_before_the_present_tie_began_is_refused(new):
    day = clock.today()
    child = new("child", under=new("top"), since=day)
    with pytest.raises(Refused, match="较晚"):
        services.tie_unit(child, new("other"), by=None, line="admin", since=day - DAY)


def test_a_tie_ends_on_its_day_and_not_twice(new):
    child = new("child", under=new("top"))
    tie, day = Tie.objects.get(child=child), clock.today()
    services.end_tie(child, by=None, tie=tie, on=day, note="任务完成")
    assert queries.superior(child, "admin", day) is not None
    assert queries.superior(child, "admin", day + DAY) is None
    with pytest.raises(Refused, match="此前终止"):
        services.end_tie(child, by=None, tie=tie, on=day)


def test_a_unit_with_people_and_units_below_cannot_simply_be_ended(unit):
    with pytest.raises(Refused) as refusal:
        services.end_unit(unit("enforcement"), by=None, on=clock.today(), note="撤销")
    assert len(refusal.value.sentences) == 2


def test_an_ended_unit_is_there_on_the_last_day_and_gone_on_the_next(new):
    unit, day = new("short-lived"), clock.today()
    services.end_unit(unit, by=None, on=day, note="试点结束")
    assert unit.pk in ids(queries.register("admin", day))
    assert unit.pk not in ids(queries.register("admin", day + DAY))
    with pytest.raises(Refused, match="已撤销"):
        services.end_unit(unit, by=None, on=day, note="再撤")


@pytest.fixture
def merged(post, unit):
    """教文体局 goes into 经济发展局 after today, its people with it."""
    services.merge_unit(
        unit("education"), by=post("admin"), into=unit("economy"), on=clock.today(), note="机构改革"
    )
    return unit("education"), unit("economy"), clock.today()


def test_a_merged_unit_leaves_its_names_to_the_successor_from_the_next_day(merged):
    education, economy, day = merged
    assert (education.successor, education.valid_to) == (economy, day)
    for name in ("教文体局", "教文体局党委"):
        assert queries.unit_called(name, day) == education
        assert queries.unit_called(name, day + DAY) == economy
    assert economy.name == "经济发展局"


def test_the_people_of_a_merged_unit_go_with_it_and_keep_role_and_title(merged, post):
    education, economy, day = merged
    head = Person.objects.get(account__username="edu-head")
    assert [p.unit for p in queries.posts_of(head, day)] == [education]
    (after,) = queries.posts_of(head, day + DAY)
    assert (after.unit, after.role.code, after.title) == (economy, "unit_head", "局长")
    assert not after.primary_owner  # the successor has its own
    acts = [entry.act for entry in audit.of(education)]
    assert acts[-1] == "people.unit.merge"
    assert [e.act for e in audit.of(economy)][-1] == "people.unit.receive"


def test_posts_may_end_with_the_unit_instead(unit):
    head = Person.objects.get(account__username="edu-head")
    day = clock.today()
    services.merge_unit(unit("education"), by=None, into=unit("economy"), on=day, posts="end")
    assert not queries.posts_of(head, day + DAY).exists()


def test_subordinates_follow_the_merged_unit(new):
    day = clock.today()
    old, heir = new("old"), new("heir")
    child = new("child", under=old)
    services.merge_unit(old, by=None, into=heir, on=day)
    assert queries.superior(child, "admin", day) == old
    assert queries.superior(child, "admin", day + DAY) == heir


def test_a_unit_is_not_merged_into_itself_nor_into_what_is_below_it_nor_twice(new):
    day = clock.today()
    top = new("top")
    below = new("below", under=top)
    with pytest.raises(Refused, match="它自己"):
        services.merge_unit(top, by=None, into=top, on=day)
    with pytest.raises(Refused, match="下级"):
        services.merge_unit(top, by=None, into=below, on=day)
    services.merge_unit(below, by=None, into=top, on=day)
    with pytest.raises(Refused, match="已撤销或并入"):
        services.merge_unit(below, by=None, into=top, on=day)
    with pytest.raises(Refused, match="不存在"):
        services.merge_unit(top, by=None, into=below, on=day)


@pytest.fixture
def guarded(monkeypatch):
    """Two rooms upstairs that each have something open at the unit called "kept"."""
    asked = []
    monkeypatch.setattr(units, "_guards", [])

    def first(unit, day):
        asked.append((unit.code, day))
        return [f"甲事到{day}还没有办完。"] if unit.code == "kept" else []

    def second(unit, day):
        return ["乙事还没有办完。", "丙事还没有办完。"] if unit.code == "kept" else []

    for function in (first, second, first):
        assert services.guard(function) is function
    return asked


def test_what_other_rooms_still_have_at_a_unit_refuses_its_end_all_of_it_at_once(new, guarded):
    day, kept, heir = clock.today(), new("kept"), new("heir")
    new("below", under=kept)
    with pytest.raises(Refused) as refusal:
        services.end_unit(kept, by=None, on=day, note="撤销")
    assert refusal.value.sentences[:3] == (
        f"甲事到{day}还没有办完。",
        "乙事还没有办完。",
        "丙事还没有办完。",
    )
    assert "下级单位" in refusal.value.sentences[3]
    with pytest.raises(Refused, match="甲事") as refusal:
        services.merge_unit(kept, by=None, into=heir, on=day)
    assert len(refusal.value.sentences) == 3
    kept.refresh_from_db()
    assert (kept.valid_to, kept.successor) == (None, None)
    assert guarded == [("kept", day), ("kept", day)]  # each guard once, though registered twice


def test_a_unit_of_which_nothing_is_open_ends_past_every_guard(new, guarded):
    day = clock.today()
    services.end_unit(new("done"), by=None, on=day, note="撤销")
    services.merge_unit(new("going"), by=None, into=new("heir"), on=day)
    assert [code for code, _day in guarded] == ["done", "going"]


def test_renaming_moving_and_correcting_a_unit_ask_no_guard(new, guarded):
    kept = new("kept", under=new("top"))
    services.rename_unit(kept, by=None, name="新名", on=clock.today())
    services.tie_unit(kept, new("other"), by=None, line="admin", since=clock.today())
    services.amend_unit(kept, by=None, kind="park")
    assert guarded == []


def test_who_may_not_manage_may_not_touch_a_unit(post, unit):
    by, day = post("clerk"), clock.today()
    economy = unit("economy")
    for attempt in (
        lambda: services.add_unit(by=by, code="x", name="某局", kind="bureau"),
        lambda: services.rename_unit(economy, by=by, name="新名", on=day),
        lambda: services.add_alias(economy, by=post("checker"), name="新名"),
        lambda: services.amend_unit(economy, by=by, kind="park"),
        lambda: services.tie_unit(economy, unit("party"), by=by, line="party"),
        lambda: services.end_unit(economy, by=by, on=day, note="无"),
        lambda: services.merge_unit(economy, by=by, into=unit("office"), on=day),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_whoever_imports_may_add_another_name_and_nothing_more(post, unit):
    """A workbook calls units by names that nobody has registered yet."""
    assert not queries.may(post("clerk"), "people.manage")
    services.add_alias(unit("economy"), by=post("clerk"), name="经开区发改局")
    assert queries.unit_called("经开区发改局") == unit("economy")
    assert list(audit.of(unit("economy")))[-1].post == post("clerk")


def local_manager(unit):
    """Somebody who manages one bureau and what is below it, and nothing else."""
    role = services.add_role(
        by=None, code="local", name="本级管理", verbs=["people.manage"], reach="subtree"
    )
    person = services.add_person(by=None, name="本级管理员")
    return services.appoint(person, by=None, unit=unit, role=role, title="管理员")


def test_a_manager_of_one_subtree_manages_nothing_beyond_it(unit):
    by = local_manager(unit("organs"))
    services.add_alias(unit("economy"), by=by, name="经济局")
    with pytest.raises(NotAllowed):
        services.add_alias(unit("education"), by=by, name="教育局")
    with pytest.raises(NotAllowed):
        services.add_unit(by=by, code="y", name="外局", kind="bureau")
    team = services.add_unit(
        by=by, code="y", name="数据组", kind="team", parent=unit("economy"), line="party"
    )
    services.add_alias(team, by=by, name="数组")
    with pytest.raises(NotAllowed):
        services.merge_unit(team, by=by, into=unit("education"), on=clock.today())


def test_a_local_manager_cannot_appoint_somebody_with_a_wider_reach(unit):
    by = local_manager(unit("organs"))
    helper = services.add_person(by=by, name="帮手")
    with pytest.raises(Refused, match="大于"):
        services.appoint(
            helper,
            by=by,
            unit=unit("economy"),
            role=Role.objects.get(code="admin"),
            title="管理员",
        )


def test_the_tree_is_asked_once_a_request_however_often_permission_is(post, unit):
    by = post("econ-head")
    units = [unit(code) for code in ("economy", "education", "office", "bonded")]
    with queries.remembering(), CaptureQueriesContext(connection) as asked:
        answers = [queries.may(by, "ledger.plan", at=u) for _ in range(10) for u in units]
    assert len(asked) == 1
    assert answers[:4] == [True, False, False, False]


def test_after_a_move_the_same_request_sees_the_new_tree(post, unit):
    by = post("econ-head")
    with queries.remembering():
        assert not queries.may(by, "ledger.plan", at=unit("sanitation"))
        services.tie_unit(unit("sanitation"), unit("economy"), by=None, line="admin")
        assert queries.may(by, "ledger.plan", at=unit("sanitation"))


def test_one_look_at_the_tree_answers_for_every_unit_line_and_direction(unit):
    with queries.remembering(), CaptureQueriesContext(connection) as asked:
        zone, economy = unit("zone"), unit("economy")
        queries.register("party")
        below = queries.subordinates(zone)
        contracts = queries.subordinates(unit("enforcement"), lines=["contract"])
        above = queries.above([economy.pk])
    assert len([q for q in asked.captured_queries if "people_tie" in q["sql"]]) == 1
    assert economy.pk in below
    assert zone.pk not in contracts
    assert {zone.pk, unit("organs").pk, unit("admin").pk} <= above
    assert unit("sanitation").pk not in above


def test_outside_a_request_nothing_is_remembered(post, unit):
    by = post("econ-head")
    assert not queries.may(by, "ledger.plan", at=unit("sanitation"))
    Tie.objects.create(child=unit("sanitation"), parent=unit("economy"), line="admin")
    assert queries.may(by, "ledger.plan", at=unit("sanitation"))


def test_a_search_finds_former_and_short_names_and_ended_units(merged):
    education, economy, _day = merged
    with clock.held_at(clock.now() + 2 * DAY):
        assert {s.unit for s in queries.units_like("统计局")} == {economy}
        assert {s.unit for s in queries.units_like("教文体")} == {education, economy}


def test_the_register_costs_a_fixed_number_of_queries(new):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            for standing in queries.register("admin"):
                assert standing.owner is None or standing.owner.person.name
        return len(asked)

    before = cost()
    top = new("t0")
    for i in range(1, 8):
        new(f"t{i}", under=top)
    assert cost() == before


def test_every_stored_date_pair_is_in_order(merged):
    for model in (Tie, Post, UnitName):
        for row in model.objects.exclude(valid_from=None).exclude(valid_to=None):
            assert row.valid_from <= row.valid_to
