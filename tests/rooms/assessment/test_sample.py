"""The sample: our own row is the published one, the peers are called a sample, all of it again."""

from decimal import Decimal

from bihuan.assessment import bridge, queries, sample
from bihuan.assessment.models import Entrant, PeerLoad, Run, Scheme
from bihuan.facts import queries as facts
from bihuan.people.models import Unit
from tests.rooms.assessment.conftest import FEW_PEERS


def test_our_computed_rank_is_the_published_one_by_construction(of_year, us, db):
    published = [int(one.value) for one in facts.series("rank", Unit.objects.get(code="zone"))]
    assert published == [26, 22]
    computed = [queries.latest_run(of_year(y)).scores.get(entrant=us).rank for y in (2020, 2021)]
    assert computed == published


def test_our_row_of_2021_is_taken_from_the_figures_with_their_quotes(of_year, us):
    cells = queries.cells(of_year(2021)).filter(entrant=us)
    assert {one.origin for one in cells} == {"facts"}
    gdp = cells.get(node__code="gdp")
    assert gdp.value == Decimal(1202)
    assert "1202亿元" in gdp.observation.quote


def test_whatever_was_not_published_is_called_a_sample(of_year, us):
    before = queries.cells(of_year(2020)).filter(entrant=us)
    assert {one.origin for one in before} == {"sample"}
    assert all("不是公布的数" in one.source for one in before)
    assert PeerLoad.objects.exclude(sample=True).count() == 0
    assert queries.peer_count(of_year(2021)) == sum(FEW_PEERS.values())
    assert sum(sample.PEERS.values()) == 216
    assert Entrant.objects.filter(unit__isnull=True, sample=False).count() == 0


def test_the_peers_come_again_from_the_seed():
    worlds = [sample._Worlds(len(sample.SHAPES)).year(2020)(0.3) for _time in range(2)]
    assert worlds[0] == worlds[1]


def test_a_run_is_built_again_bit_by_bit_from_what_it_stored(db):
    for run in Run.objects.select_related("round__scheme"):
        again = bridge.result_of(run.inputs)
        assert again.digest == run.digest
        assert bridge.digest(bridge.snapshot(run.round)) == run.inputs_digest
        for score in run.scores.select_related("entrant"):
            row = again.row(score.entrant.code)
            assert abs(float(score.score) - again.top[row]) < 1e-6
            assert score.rank == again.top_ranks[row]


def test_both_editions_stand_as_far_as_they_are_known(db):
    old, new = (Scheme.objects.get(code=f"zone-{year}") for year in (2016, 2021))
    assert (old.indicator_count, new.indicator_count) == (53, 30)
    assert all(node.weight is None for node in old.nodes.all())
    groups = new.nodes.filter(parent__isnull=True).order_by("number")
    assert [int(g.weight) for g in groups] == [30, 15, 15, 10, 30]
    assert [g.indicator_count for g in groups] == [7, 6, 5, 4, 8]
    leaves = new.nodes.filter(parent__isnull=False)
    assert leaves.filter(weight__isnull=False).count() == 0


def test_units_are_marked_on_the_ledger_with_points_told_one_by_one(db):
    scheme = Scheme.objects.get(code="unit-year")
    leaves = scheme.nodes.filter(parent__isnull=False)
    assert leaves.get(code="evaluation").figure == "evaluation-score"
    assert leaves.get(code="project-rate").figure == "project-year-rate"
    assert {node.count for node in leaves.exclude(count="")} == {
        "on_time",
        "late_days",
        "first_pass",
        "rebound",
    }
    known = {rule.code: rule for rule in queries.rules_of(scheme)}
    assert all(rule.basis for rule in known.values())
    assert known["commended"].cap == 3
    assert known["settled"].points is None
