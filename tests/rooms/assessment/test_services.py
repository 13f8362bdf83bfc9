"""From a scheme to a finding: who may do what, what is kept, what is refused and how it is said."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from bihuan.assessment import bridge, intake, queries, services
from bihuan.assessment.models import Cell, Entrant, Run, Scheme, Score
from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.facts import services as facts
from bihuan.jobs import rules as job_rules
from bihuan.jobs import services as jobs
from bihuan.ledger import queries as ledger
from bihuan.people.models import Unit

NOTE = "逐条核对过，数与原文一致。"


@pytest.fixture
def coming(of_year):
    """The round of 2022, still being filled."""
    return of_year(2022)


@pytest.fixture
def filled(coming, us, post):
    """The same with our numbers in it."""
    values = {"fdi": Decimal(64000), "trade": Decimal(260), "rd-share": Decimal("2.1")}
    services.declare(coming, by=post("statistician"), entrant=us, values=values, source="年报")
    return coming


@pytest.fixture
def frozen(filled, post):
    services.submit(filled, by=post("statistician"))
    return services.freeze(filled, by=post("clerk"), note=NOTE)


# Schemes ----------------------------------------------------------------------------------------


def test_a_scheme_in_use_is_not_changed_but_copied_to_a_new_version(post, db):
    scheme = Scheme.objects.get(code="zone-2016")
    with pytest.raises(Refused, match="另立一版"):
        services.set_weights(
            scheme, by=post("statistician"), weights={"gdp": Decimal(50)}, basis="办公会"
        )
    made = services.copy_scheme(scheme, by=post("statistician"), first_round=2021, basis="办公会")
    assert (made.version, made.frozen, made.first_round) == (2, False, 2021)
    assert made.nodes.count() == scheme.nodes.count()
    assert all(n.parent is None or n.parent.scheme_id == made.pk for n in made.nodes.all())
    services.set_weights(
        made, by=post("statistician"), weights={"gdp": Decimal(50)}, basis="办公会"
    )
    weighing = bridge.weights_of(queries.nodes(made))
    assert (weighing["gdp"].weight, weighing["trade"].weight) == (50, 25)
    assert weighing["trade"].assumed
    assert Scheme.objects.get(pk=scheme.pk).nodes.get(code="gdp").weight is None


def test_weights_that_are_all_nought_are_refused(post, db):
    scheme = Scheme.objects.get(code="zone-2021")
    none = {"fdi": ["fdi-share", "fdi-growth", "trade", "trade-share", "trade-growth"]}
    nought = {code: Decimal(0) for code in ["fdi", *none["fdi"]]}
    with pytest.raises(Refused, match="权重全是零"):
        services.set_weights(scheme, by=post("statistician"), weights=nought, basis="试")


def test_a_method_that_the_engine_does_not_know_is_refused_in_words(post, db):
    scheme = Scheme.objects.get(code="zone-2021")
    with pytest.raises(Refused, match="不认识"):
        services.set_method(
            scheme,
            by=post("statistician"),
            table={"normalise": {"how": "magic"}},
            draws=100,
            basis="试",
        )


def test_a_zone_says_its_league_the_first_time_it_is_rated(post, us):
    scheme = Scheme.objects.get(code="zone-2021")
    Entrant.objects.filter(pk=us.pk).update(unit=None)  # as in a house that never rated
    with pytest.raises(Refused, match="东部、中部还是西部"):
        services.open_round(scheme, by=post("statistician"), assess_year=2030, data_year=2029)
    Entrant.objects.filter(pk=us.pk).update(code="old")
    found = services.open_round(
        scheme, by=post("statistician"), assess_year=2030, data_year=2029, league="west"
    )
    assert [(e.code, e.league) for e in queries.own(found)] == [("zone", "west")]


def test_a_round_outside_its_edition_is_refused_with_every_fault(post, us):
    scheme = Scheme.objects.get(code="zone-2016")
    with pytest.raises(Refused) as refusal:
        services.open_round(scheme, by=post("statistician"), assess_year=2023, data_year=2024)
    assert len(refusal.value.sentences) == 2


# Declaring --------------------------------------------------------------------------------------


def test_a_corrected_cell_is_a_new_version_and_the_old_one_stays(filled, us, post):
    services.declare(
        filled, by=post("statistician"), entrant=us, values={"fdi": Decimal(65000)}, source="修订"
    )
    versions = Cell.objects.filter(round=filled, entrant=us, node__code="fdi")
    assert [(one.version, int(one.value)) for one in versions] == [(1, 64000), (2, 65000)]
    with pytest.raises(DatabaseError), transaction.atomic():
        versions.update(value=0)


def test_numbers_without_a_source_are_refused(coming, us, post):
    with pytest.raises(Refused, match="依据"):
        services.declare(
            coming, by=post("statistician"), entrant=us, values={"fdi": Decimal(1)}, source=" "
        )


def test_taking_leaves_alone_what_was_typed(coming, us, post):
    services.declare(
        coming, by=post("statistician"), entrant=us, values={"fdi": Decimal(1)}, source="手工"
    )
    services.take(coming, by=post("statistician"))
    assert queries.cells(coming).get(entrant=us, node__code="fdi").value == 1


def test_an_internal_score_is_brought_only_by_a_post_that_may_see_it(post, db):
    unit, year = Unit.objects.get(code="economy"), clock.today().year - 1
    score = facts.define_indicator(
        by=None, code="evaluation-score", name="述职评议综合得分", measure="分", kind="rate",
        direction="higher", verb="meetings.results",
    )  # fmt: skip
    facts.record(
        by=None, unit=unit, indicator=score, period=str(year), value=Decimal("88.5"), measure="分",
        quote="示例", source="示例",
    )  # fmt: skip
    scheme = Scheme.objects.get(code="unit-year")
    found = services.open_round(scheme, by=post("statistician"), assess_year=2031, data_year=year)
    brought = services.take(found, by=post("statistician"))
    assert "述职评议综合得分" in brought.unclear
    ours = queries.cells(found).filter(node__code="evaluation")
    assert not ours.exists()
    services.take(found, by=post("clerk"))
    assert ours.get(entrant__unit=unit).value == Decimal("88.5")


def test_a_units_investment_rate_is_brought_from_the_key_projects(post, db):
    unit, year = Unit.objects.get(code="economy"), clock.today().year - 1
    rate = facts.define_indicator(
        by=None, code="project-year-rate", name="重点项目年度投资完成率", measure="%", kind="rate",
        direction="higher",
    )  # fmt: skip
    facts.record(
        by=None, unit=unit, indicator=rate, period=str(year), value=Decimal("112.5"), measure="%",
        quote="示例", source="示例",
    )  # fmt: skip
    scheme = Scheme.objects.get(code="unit-year")
    found = services.open_round(scheme, by=post("statistician"), assess_year=2031, data_year=year)
    services.take(found, by=post("statistician"))
    ours = queries.cells(found).get(node__code="project-rate", entrant__unit=unit)
    assert ours.value == Decimal("112.5")
    assert scheme.method["normalise"]["each"]["project-rate"]["cap"]  # no more than the plan


def test_whoever_submits_cannot_freeze(filled, post):
    services.submit(filled, by=post("statistician"))
    with pytest.raises(NotAllowed):
        services.freeze(filled, by=post("statistician"), note=NOTE)
    filled.refresh_from_db()
    filled.submitted_by = post("clerk")
    filled.save(update_fields=["submitted_by"])
    with pytest.raises(Refused, match="不能自己核对冻结"):
        services.freeze(filled, by=post("clerk"), note=NOTE)


def test_suspicions_must_be_answered_before_freezing(filled, us, post):
    services.declare(
        filled, by=post("statistician"), entrant=us, values={"trade": Decimal(9000)}, source="误"
    )
    found = [(one.node, one.rule) for _who, one in queries.suspicions(filled)]
    assert ("rd-institutions", "missing") in found
    services.submit(filled, by=post("statistician"))
    with pytest.raises(Refused, match="核对疑点"):
        services.freeze(filled, by=post("clerk"), note="")
    assert services.freeze(filled, by=post("clerk"), note=NOTE).state == "frozen"


def test_what_is_frozen_is_not_filled_any_more(frozen, us, post):
    with pytest.raises(Refused, match="不能再改数"):
        services.declare(
            frozen, by=post("statistician"), entrant=us, values={"fdi": Decimal(1)}, source="补"
        )
    assert Scheme.objects.get(pk=frozen.scheme_id).frozen


def test_what_comes_back_says_what_to_change(filled, post):
    services.submit(filled, by=post("statistician"))
    with pytest.raises(Refused, match="写明要改什么"):
        services.send_back(filled, by=post("clerk"), note="")
    assert services.send_back(filled, by=post("clerk"), note="进出口口径不对").state == "filling"


def test_a_unit_head_neither_fills_nor_freezes(coming, us, post):
    for act in (services.take, services.submit):
        with pytest.raises(NotAllowed):
            act(coming, by=post("econ-head"))


# Peers ------------------------------------------------------------------------------------------


def test_peers_are_pasted_and_every_fault_is_told_at_once(coming, post):
    text = "代码\t名称\t分类\t实际使用外资\np-1\t甲区\t东部\t1,200\np-2\t乙区\t中部\t\n"
    rows = intake.peers(coming, text)
    assert [(r.code, r.league, r.values) for r in rows] == [
        ("p-1", "east", {"fdi": services.Known(Decimal(1200))}),
        ("p-2", "centre", {"fdi": services.Known(None, "missing")}),
    ]
    services.load_peers(coming, by=post("statistician"), rows=rows, source="年鉴")
    assert queries.peer_count(coming) == 2
    with pytest.raises(Refused) as refusal:
        intake.peers(coming, "代码\t名称\t分类\t实际使用外资\np 1\t\t南部\t很多\n")
    assert len(refusal.value.sentences) == 4
    with pytest.raises(Refused, match="缺少列"):
        intake.peers(coming, "代码\t外星人\n1\t2\n")


def test_the_zone_itself_is_no_peer(coming, post):
    row = services.Peer("zone", "本区", "", "centre", {})
    with pytest.raises(Refused, match="逐格填报"):
        services.load_peers(coming, by=post("statistician"), rows=[row], source="年鉴")


# Runs -------------------------------------------------------------------------------------------


def test_a_run_is_a_job_that_stores_scores_with_digest_version_and_seed(
    frozen, post, us, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run = services.start_run(frozen, by=post("clerk"), draws=60, seed=11)
    run.refresh_from_db()
    assert run.job.state == "done", run.job.fault
    assert (run.seed, run.engine, run.done) == (11, "index/1", True)
    assert (run.job.done, run.job.total) == (120, 120)  # this year's and last year's draws
    assert run.scores.count() == 61
    assert run.scores.get(entrant=us).rose is not None
    assert Entry.objects.filter(act="assessment.run.keep", thing_id=str(run.pk)).count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        again = services.start_run(frozen, by=post("clerk"), draws=60, seed=11)
    told = [
        list(one.scores.order_by("entrant").values_list("score", "rank", "low", "high", "in_top"))
        for one in (run, again)
    ]
    assert told[0] == told[1]


def test_a_run_that_is_asked_to_stop_stores_nothing(
    frozen, post, monkeypatch, django_capture_on_commit_callbacks
):
    def stop(self, done, total, message=""):
        raise job_rules.Stopped

    monkeypatch.setattr(jobs.Progress, "__call__", stop)
    with django_capture_on_commit_callbacks(execute=True):
        run = services.start_run(frozen, by=post("clerk"), draws=60, seed=1)
    run.refresh_from_db()
    assert run.job.state == "cancelled"
    assert not run.done
    assert not run.scores.exists()


def test_only_frozen_data_are_computed(filled, post):
    with pytest.raises(Refused, match="还没有冻结"):
        services.start_run(filled, by=post("clerk"), draws=60, seed=1)


def test_a_result_is_kept_once_and_never_changed(run, us):
    with pytest.raises(Refused, match="已有结果"):
        services.keep(run, {"digest": run.digest, "scores": []}, by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Score.objects.filter(run=run).update(rank=1)


def test_a_run_whose_inputs_were_tampered_with_is_not_explained(run):
    inputs = dict(run.inputs)
    inputs["seedling"] = 1
    Run.objects.filter(pk=run.pk).update(inputs=inputs)
    bridge._again.cache_clear()
    with pytest.raises(Refused, match="重新测算"):
        bridge.result(Run.objects.get(pk=run.pk))
    bridge._again.cache_clear()


# Findings ---------------------------------------------------------------------------------------


def _issue(run, us, post, username="clerk"):
    return services.raise_issue(
        run.round,
        by=post(username),
        run=run,
        entrant=us,
        kind="low",
        node_code="gdp",
        title="得分偏低",
        description="说明",
        goal="提高",
    )


def test_a_low_score_becomes_one_finding_and_no_second(run, us, post):
    finding = _issue(run, us, post)
    issue = queries.issue(run.round, us, "low", "gdp")
    assert ledger.of_origin(issue).get() == finding
    with pytest.raises(Refused, match=finding.number):
        _issue(run, us, post)


def test_a_statistician_cannot_raise_a_finding(run, us, post):
    with pytest.raises(NotAllowed):
        _issue(run, us, post, "statistician")


# Units ------------------------------------------------------------------------------------------


def test_rewards_and_penalties_are_told_point_by_point(rated):
    lines = {(one.unit, one.reason): one for one in bridge.result(rated).adjusted}
    reasons = {key: round(one.after - one.before, 6) for key, one in lines.items()}
    assert reasons == {
        ("unit-economy", "按期销号率满 95%"): 2.0,
        ("unit-economy", "一次核查通过率不到 60%"): -2.0,
        ("unit-education", "受到表扬"): 1.5,
    }
    # 60 % of on-time (nothing else is known of that group), 40 % of first-pass.
    assert float(rated.scores.get(entrant__unit__code="education").score) == pytest.approx(85.5)


def test_a_unit_sees_its_own_score_only(rated, post):
    def seen(username):
        return [s.entrant.unit.code for s in queries.scores(rated, post(username))]

    assert seen("econ-head") == ["economy"]
    assert set(seen("clerk")) == {"economy", "education", "enforcement"}
    assert seen("viewer") == [] or not queries.runs(post("viewer")).exists()
