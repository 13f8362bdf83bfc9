"""What an office defines: indicators of a scheme not yet in use, rules for points, who is rated."""

import json
from decimal import Decimal

import pytest

from bihuan.assessment import bridge, queries, services
from bihuan.assessment.models import Entrant, Run, Scheme
from bihuan.audit.models import Entry
from bihuan.base.errors import NotAllowed, Refused
from bihuan.people.models import Unit

RULE = services.RulePlan("受到表扬", Decimal(1), "event", "办公会纪要", cap=Decimal(3))


@pytest.fixture
def scheme(post, db):
    """A new version of the 2016 edition, not yet in use."""
    old = Scheme.objects.get(code="zone-2016")
    return services.copy_scheme(old, by=post("statistician"), first_round=2021, basis="办公会")


@pytest.fixture
def units_scheme(post, db):
    old = Scheme.objects.get(code="unit-year")
    return services.copy_scheme(old, by=post("statistician"), first_round=2030, basis="办公会")


@pytest.fixture
def node(scheme):
    return scheme.nodes.select_related("scheme", "parent").get(code="trade")


def to(node, **changed):
    """What an indicator says now, with some of it changed."""
    names = ("name", "name_en", "number", "parent", "measure", "lower_is_better")
    now = {n: getattr(node, n) for n in (*names, "figure", "count", "ratio_to")}
    return services.NodeWords(**{**now, **changed})


# Indicators -------------------------------------------------------------------------------------


def test_an_indicator_of_an_unused_scheme_is_amended_and_the_history_says_what(node, post):
    science = node.scheme.nodes.get(code="science")
    services.amend_node(
        node,
        by=post("statistician"),
        to=to(node, name="进出口额", lower_is_better=True, parent=science, ratio_to="gdp"),
    )
    node.refresh_from_db()
    assert (node.name, node.parent.code, node.ratio_to) == ("进出口额", "science", "gdp")
    told = json.loads(Entry.objects.get(act="assessment.scheme.amend_node").changes)
    assert told["name"] == ["进出口总额", "进出口额"]
    assert told["lower_is_better"] == [False, True]
    assert set(told) >= {"name", "parent", "lower_is_better"}
    with pytest.raises(Refused, match="没有改动"):
        services.amend_node(node, by=post("statistician"), to=to(node))


def test_everything_wrong_with_an_indicator_is_told_at_once(node, post):
    with pytest.raises(Refused) as refusal:
        services.amend_node(
            node,
            by=post("statistician"),
            to=to(node, name=" ", parent=node, figure="gdp", count="on_time", ratio_to="trade"),
        )
    assert len(refusal.value.sentences) == 4


def test_indicators_of_a_scheme_in_use_are_neither_amended_nor_removed(post, db):
    used = Scheme.objects.get(code="zone-2016").nodes.get(code="gdp")
    with pytest.raises(Refused, match="另立一版"):
        services.amend_node(used, by=post("statistician"), to=to(used, name="别的"))
    with pytest.raises(Refused, match="另立一版"):
        services.remove_node(used, by=post("statistician"))


def test_an_indicator_that_nobody_uses_is_removed_with_its_scale(units_scheme, post):
    found = units_scheme.nodes.select_related("scheme", "parent").get(code="rebound")
    assert "rebound" in units_scheme.method["normalise"]["each"]
    services.remove_node(found, by=post("statistician"))
    units_scheme.refresh_from_db()
    assert not units_scheme.nodes.filter(code="rebound").exists()
    assert set(units_scheme.method["normalise"]["each"]) == {"late-days", "project-rate"}


def test_an_indicator_in_use_is_not_removed_and_every_use_is_named(units_scheme, post, db):
    named = units_scheme.nodes.select_related("scheme", "parent").get(code="on-time")
    with pytest.raises(Refused, match="加减分规则用到"):
        services.remove_node(named, by=post("statistician"))
    group = units_scheme.nodes.select_related("scheme").get(code="quality")
    with pytest.raises(Refused, match="下面还有指标"):
        services.remove_node(group, by=post("statistician"))
    filling = Scheme.objects.get(code="zone-2021")  # peers are loaded, nothing is frozen
    peers = filling.nodes.select_related("scheme", "parent").get(code="carbon")
    with pytest.raises(Refused, match="已有同伴数据"):
        services.remove_node(peers, by=post("statistician"))


def test_the_only_indicator_of_a_group_stays(scheme, post):
    alone = scheme.nodes.select_related("scheme", "parent").get(code="effectiveness")
    with pytest.raises(Refused, match="唯一一项"):
        services.remove_node(alone, by=post("statistician"))
    other = scheme.nodes.get(code="industry")
    with pytest.raises(Refused, match="移走以后就空了"):
        services.amend_node(alone, by=post("statistician"), to=to(alone, parent=other))


def test_what_would_leave_a_group_without_any_weight_is_refused(units_scheme, post):
    nought = {"first-pass": Decimal(100), "rebound": Decimal(0)}
    services.set_weights(units_scheme, by=post("statistician"), weights=nought, basis="试")
    rule = units_scheme.point_rules.select_related("scheme").get(code="first-pass-low")
    services.remove_rule(rule, by=post("statistician"))
    found = units_scheme.nodes.select_related("scheme", "parent").get(code="first-pass")
    with pytest.raises(Refused, match="权重全是零"):
        services.remove_node(found, by=post("statistician"))
    assert units_scheme.nodes.filter(code="first-pass").exists()


def test_whoever_may_not_define_changes_nothing(node, post):
    for act in (
        lambda by: services.amend_node(node, by=by, to=to(node, name="别的")),
        lambda by: services.remove_node(node, by=by),
        lambda by: services.add_rule(node.scheme, by=by, code="x", plan=RULE),
        lambda by: services.enter(by=by, code="x", name="某区", league="east"),
    ):
        with pytest.raises(NotAllowed):
            act(post("clerk"))


def test_an_indicator_is_amended_and_removed_from_its_page(browse, scheme):
    client = browse("statistician")
    page = f"/assessment/schemes/{scheme.pk}/nodes/patents/"
    assert page in client.get(scheme.get_absolute_url()).content.decode()
    text = client.get(page).content.decode()
    assert "没有填过数" in text
    said = {
        "name": "发明专利授权",
        "number": "9",
        "parent": scheme.nodes.get(code="ecology").pk,
        "measure": "件",
        "lower_is_better": "on",
    }
    assert client.post(page, {**said, "name": ""}).status_code == 422
    assert client.post(page, said).status_code == 302
    now = scheme.nodes.get(code="patents")
    assert (now.name, now.measure, now.parent.code) == ("发明专利授权", "件", "ecology")
    assert now.lower_is_better
    assert client.post(f"{page}remove/").status_code == 302
    assert not scheme.nodes.filter(code="patents").exists()
    used = Scheme.objects.get(code="zone-2016", version=1)
    locked = client.get(f"/assessment/schemes/{used.pk}/nodes/gdp/").content.decode()
    assert "不能再改" in locked
    assert "<form" not in locked[locked.index("<main") :]


def test_the_method_is_changed_from_the_schemes_page(browse, scheme):
    said = {
        "normalise": "minmax",
        "groups": "gmean",
        "total": "amean",
        "treat": "none",
        "impute": "group_mean",
        "draws": "500",
        "basis": "办公会",
    }
    page = f"/assessment/schemes/{scheme.pk}/method/"
    client = browse("statistician")
    assert client.post(page, {**said, "draws": "1"}).status_code == 422
    assert client.post(page, said).status_code == 302
    scheme.refresh_from_db()
    assert scheme.method["aggregate"]["how"] == ["gmean", "amean"]
    assert scheme.draws == 500


# Rules for points -------------------------------------------------------------------------------


def test_a_rule_is_added_amended_and_removed_while_nobody_was_marked_by_it(units_scheme, post):
    by = post("statistician")
    rule = services.add_rule(units_scheme, by=by, code="praise", plan=RULE)
    with pytest.raises(Refused, match="已有"):
        services.add_rule(units_scheme, by=by, code="praise", plan=RULE)
    node = units_scheme.nodes.get(code="on-time")
    plan = services.RulePlan("早", Decimal(2), "above", "纪要", node=node, limit=Decimal(99))
    services.amend_rule(rule, by=by, plan=plan)
    told = {one["rule"]: one for one in bridge.rules_for_all(units_scheme)}
    assert told["praise"] == {
        "reason": "早",
        "rule": "praise",
        "basis": "纪要",
        "points": 2.0,
        "node": "on-time",
        "test": "above",
        "limit": 99.0,
    }
    services.remove_rule(rule, by=by)
    assert not units_scheme.point_rules.filter(code="praise").exists()
    acts = Entry.objects.filter(act="assessment.scheme.rule").order_by("pk")
    assert [[bool(v) for v in json.loads(one.changes)["rule"]] for one in acts] == [
        [False, True],
        [True, True],
        [True, False],
    ]


@pytest.mark.parametrize(
    ("plan", "faults"),
    [
        (services.RulePlan(" ", Decimal(0), "event", " "), 3),
        (services.RulePlan("名", None, "event", "纪要"), 1),
        (services.RulePlan("名", Decimal(5), "event", "纪要", cap=Decimal(3)), 1),
        (services.RulePlan("名", Decimal(5), "event", "纪要", cap=Decimal(-3)), 1),
        (services.RulePlan("名", Decimal(5), "event", "纪要", limit=Decimal(3)), 1),
        (services.RulePlan("名", None, "below", "纪要", cap=Decimal(3)), 3),
    ],
)
def test_everything_wrong_with_a_rule_is_told_at_once(units_scheme, post, plan, faults):
    with pytest.raises(Refused) as refusal:
        services.add_rule(units_scheme, by=post("statistician"), code="new", plan=plan)
    assert len(refusal.value.sentences) == faults


def test_a_rule_by_which_somebody_was_marked_stays_as_it_is(rated, post):
    scheme = rated.round.scheme
    Scheme.objects.filter(pk=scheme.pk).update(frozen=False)
    rule = scheme.point_rules.select_related("scheme").get(code="settled")
    with pytest.raises(Refused, match="记过分"):
        services.amend_rule(rule, by=post("statistician"), plan=RULE)
    with pytest.raises(Refused, match="记过分"):
        services.remove_rule(rule, by=post("statistician"))


def test_rules_come_along_to_a_new_version_with_its_own_indicators(units_scheme):
    rules = {one.code: one for one in queries.rules_of(units_scheme)}
    assert set(rules) >= {"on-time-high", "first-pass-low", "commended", "settled"}
    assert all(one.node.scheme_id == units_scheme.pk for one in rules.values() if one.node)


def test_a_rule_is_kept_from_its_pages(browse, units_scheme):
    client = browse("statistician")
    page = f"/assessment/schemes/{units_scheme.pk}/"
    said = {
        "code": "praise",
        "name": "表扬",
        "points": "1",
        "cap": "3",
        "trigger": "event",
        "basis": "纪要",
    }
    assert client.post(f"{page}rules/", {**said, "points": "很多"}).status_code == 422
    assert client.post(f"{page}rules/", said).status_code == 302
    assert "发生一次，登记一次" in client.get(page).content.decode()
    one = f"{page}rules/praise/"
    assert client.post(one, {**said, "points": "2"}).status_code == 302
    assert units_scheme.point_rules.get(code="praise").points == 2
    assert client.post(f"{one}remove/").status_code == 302
    assert client.get(one).status_code == 404


# Points -----------------------------------------------------------------------------------------


@pytest.fixture
def marked(post, db):
    """A year's rating being filled: `marked("commended", 2)` gives points to one bureau."""
    scheme = Scheme.objects.get(code="unit-year")
    found = services.open_round(scheme, by=post("statistician"), assess_year=2033, data_year=2033)
    who = Entrant.objects.get(unit__code="economy")
    services.declare(
        found,
        by=post("statistician"),
        entrant=who,
        values={"on-time": Decimal(80), "first-pass": Decimal(70)},
        source="示例",
    )

    def give(code, times=1, points=None, reason="事由"):
        return services.give_points(
            found,
            by=post("clerk"),
            entrant=who,
            rule=scheme.point_rules.get(code=code),
            times=times,
            points=points,
            reason=reason,
            basis="通报",
        )

    give.round = found
    return give


def test_points_come_from_a_rule_and_count_up_to_its_cap(marked, post):
    marked("commended", 2)
    marked("commended", 2)
    marked("late-paper", 1)
    marked("settled", points=Decimal("0.7"))
    marked("commended", -2, reason="更正")
    result = bridge.result_of(bridge.snapshot(marked.round))
    lines = [
        (one.rule, one.asked, round(one.after - one.before, 9))
        for one in result.adjusted
        if one.unit == "unit-economy"
    ]
    assert lines == [
        ("commended", 2.0, 2.0),
        ("commended", 2.0, 1.0),  # three at the most
        ("late-paper", -0.5, -0.5),
        ("settled", 0.7, 0.7),
        ("commended", -2.0, -1.0),  # 2 + 2 − 2 = 2 is left
    ]
    assert result.top[result.row("unit-economy")] == pytest.approx(0.6 * 80 + 0.4 * 70 + 2.2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"code": "commended", "points": Decimal(2)}, "不要另写"),
        ({"code": "commended", "times": 0}, "次数不能是零"),
        ({"code": "settled"}, "请写分数"),
        ({"code": "settled", "points": Decimal(9)}, "最多 2 分"),
        ({"code": "on-time-high"}, "逐次登记的一条规则"),
        ({"code": "commended", "reason": " "}, "事由和依据"),
    ],
)
def test_points_that_do_not_fit_their_rule_are_refused(marked, given, words):
    with pytest.raises(Refused, match=words):
        marked(**given)


def test_the_sum_is_shown_point_by_point(browse, rated):
    page = browse("clerk").get(f"/assessment/runs/{rated.pk}/unit-education/").content.decode()
    assert "加减分逐条" in page
    # 60 % of 80, 40 % of 90; a point and a half by the rule for what a meeting settles.
    assert "85.50 = 84.00 + 1.50" in page
    assert "会议认定的其他事项" in page
    assert "受到表扬" in page
    other = browse("clerk").get(f"/assessment/runs/{rated.pk}/unit-economy/").content.decode()
    assert "77.60 = 77.60 + 2.00 − 2.00" in other


def test_points_are_given_from_the_rounds_page(browse, marked):
    found = marked.round
    page = f"/assessment/{found.pk}/"
    client = browse("clerk")
    assert "登记加减分" in client.get(page).content.decode()
    rule = found.scheme.point_rules.get(code="commended")
    said = {
        "entrant": Entrant.objects.get(unit__code="economy").pk,
        "rule": rule.pk,
        "times": "2",
        "reason": "两次表扬",
        "basis": "通报",
    }
    assert client.post(f"{page}point/", said).status_code == 302
    assert found.points.get().points == 2
    assert "两次表扬" in client.get(page).content.decode()


# Who is rated -----------------------------------------------------------------------------------


def test_an_entrant_is_amended_and_what_was_frozen_stays(of_year, run, post):
    peer = Entrant.objects.get(code="east-001")
    before = bridge.digest(bridge.snapshot(run.round))
    services.amend_entrant(
        peer,
        by=post("statistician"),
        name="东部某区",
        name_en="An eastern zone",
        league="west",
        unit=None,
        sample=True,
    )
    assert bridge.digest(bridge.snapshot(run.round)) != before
    again = services.measure(run.round, by=post("clerk"), draws=60, seed=1)
    assert again.inputs_digest == run.inputs_digest == before
    assert bridge.leagues_in(again.inputs)["east-001"] == "east"
    told = json.loads(Entry.objects.get(act="assessment.entrant.amend").changes)
    assert told["league"] == ["east", "west"]


def test_everything_wrong_with_an_entrant_is_told_at_once(us, post, unit):
    by = post("statistician")
    with pytest.raises(Refused) as refusal:
        services.enter(by=by, code="zone", name=" ", league="north", unit=us.unit)
    assert len(refusal.value.sentences) == 4
    with pytest.raises(Refused, match="要选对应的单位"):
        services.enter(by=by, code="x", name="某局", league="units")
    with pytest.raises(Refused, match="区内别的单位"):
        services.enter(by=by, code="x", name="某局", league="east", unit=unit("economy"))
    with pytest.raises(Refused, match="已填过数"):
        services.amend_entrant(
            us, by=by, name=us.name, name_en="", league="centre", unit=None, sample=False
        )


def test_entrants_are_found_entered_and_amended_on_their_pages(browse, db):
    client = browse("statistician")
    page = client.get("/assessment/entrants/", {"league": "west"}).content.decode()
    assert "西部示例" in page
    assert "东部示例" not in page
    said = {"code": "p-9", "name": "某开发区", "league": "centre"}
    assert client.post("/assessment/entrants/enter/", {**said, "code": ""}).status_code == 422
    assert client.post("/assessment/entrants/enter/", said).status_code == 302
    one = "/assessment/entrants/of/p-9/"
    assert client.post(one, {**said, "name": "某经开区", "league": "east"}).status_code == 302
    assert Entrant.objects.get(code="p-9").name == "某经开区"
    assert "登记参评单位" in client.get(one).content.decode()  # the history
    reader = browse("clerk")
    assert "<form" not in (text := reader.get(one).content.decode())[text.index("<main") :]
    assert reader.post(one, said).status_code == 403


def test_the_zone_itself_can_be_entered_only_once(post, us, db):
    assert Unit.objects.get(kind="zone") in queries.units_to_enter()
    with pytest.raises(Refused, match="已登记为"):
        services.enter(
            by=post("statistician"), code="again", name="本区", league="centre", unit=us.unit
        )
    assert Run.objects.exists()
