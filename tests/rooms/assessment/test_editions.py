"""Between two runs the edition really changes, 2016 to 2021: the move still adds up exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest

from bihuan.assessment import bridge, services
from bihuan.assessment.pages import moves
from bihuan.engines.index import build
from bihuan.engines.index.moves import EDITION, explain_move


@pytest.fixture
def changed(of_year, us, post):
    """The run of 2022 by the edition of 2021, after that of 2021 by the edition of 2016."""
    found = of_year(2022)
    values = {
        "fdi": Decimal(64000),
        "trade": Decimal(260),
        "rd-share": Decimal("2.1"),
        "high-tech-firms": Decimal(170),
        "new-jobs": Decimal(9000),
    }
    services.declare(found, by=post("statistician"), entrant=us, values=values, source="示例")
    services.submit(found, by=post("statistician"))
    services.freeze(found, by=post("clerk"), note="核对过")
    return services.measure(found, by=post("clerk"), draws=60, seed=1)


def test_the_editions_differ_in_groups_and_indicators(changed):
    before, after = changed.previous.round.scheme, changed.round.scheme
    assert (before.code, after.code) == ("zone-2016", "zone-2021")
    found = moves.editions(changed, "zone")
    assert {"fdi", "trade", "rd-share"} <= set(found.kept)
    assert "gdp" in found.dropped
    assert "carbon" in found.added
    for side in (0, 1):
        assert sum(pair[side] for pair in found.weights.values()) == pytest.approx(1)


def test_the_parts_add_up_exactly_to_the_move_and_the_edition_is_one_of_them(changed):
    before, after = bridge.result(changed.previous), bridge.result(changed)
    for unit in ("zone", "east-001", "centre-003", "west-002"):
        move = explain_move(before, after, unit)
        assert move.exact
        assert EDITION in move.parts
        assert sum(move.parts.values(), Fraction(0)) == move.after - move.before
        assert sum(move.whole().values()) == move.change
        assert move.before == before.top_ranks[before.row(unit)]
        assert move.after == after.top_ranks[after.row(unit)]


def test_by_single_indicators_the_parts_add_up_as_well(changed):
    before, after = bridge.result(changed.previous), bridge.result(changed)
    move = explain_move(before, after, "zone", groups=False, permutations=200)
    assert sum(move.parts.values(), Fraction(0)) == move.change


def test_the_rank_under_the_old_edition_is_that_of_the_whole_index_where_all_is_known(changed):
    """The engine's answer against a plain build: the new edition on the data of the year before,
    with what only one year knows taken from that year."""
    found = moves.editions(changed, "zone")
    before, after = bridge.result(changed.previous), bridge.result(changed)
    frame = after.treated
    old = {unit: i for i, unit in enumerate(before.units)}
    x = frame.x.copy()
    for j, code in enumerate(after.tree.indicators):
        if code in before.tree.index:
            k = before.tree.index[code]
            for i, unit in enumerate(after.units):
                value = before.treated.x[old[unit], k]
                x[i, j] = value if value == value else x[i, j]
    plain = after.method.changed(treat={"how": "none"}, impute={"how": "none"})
    again = build(after.given.with_values(x), plain)
    assert again.top_ranks[again.row("zone")] == found.old_data


def test_the_page_and_the_report_say_what_the_edition_did(browse, changed):
    move, change, _passed = moves.reasons(changed, "zone")
    assert change is None  # a score is not split over two editions
    part = f"{float(move.parts[EDITION]):+.2f}".replace("-", "−")
    for name in ("move/", "report/"):
        page = browse("clerk").get(f"/assessment/runs/{changed.pk}/zone/{name}").content.decode()
        assert f"方案改版占 {part} 位" in page
        assert "两版的指标和分量" in page
        assert "只换方案" in page
    same = changed.previous
    other = browse("clerk").get(f"/assessment/runs/{same.pk}/zone/move/").content.decode()
    assert "两版的指标和分量" not in other
