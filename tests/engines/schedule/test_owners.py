"""Who moves a date: shares add up to the delay, and are fair in the ways that define them."""

import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule import owners
from bihuan.engines.schedule.chance import Chances, Profile
from bihuan.engines.schedule.network import Activity, Link, network

# 开工 waits for 设计 (10) and for 拆迁 (8); 检测 stands apart.
NET = network(
    [
        Activity("设计", 10, owner="设计单位"),
        Activity("拆迁", 8, owner="办事处"),
        Activity("检测", 1, owner="检测单位"),
        Activity("开工", 0, owner="建设单位"),
    ],
    [Link("设计", "开工"), Link("拆迁", "开工")],
)


def shares(found):
    return {one.owner: one.share for one in found.shares}


def test_the_worked_example_of_the_documents():
    # Alone, 设计 makes 4 days, 拆迁 4 as well (12 - 8 - 2 of float); both together 6.
    found = owners.actual(NET, {"设计": 14, "拆迁": 16, "检测": 3}, target="开工")
    assert found.total == 6
    # 设计: ½ · 4 + ½ · (6 - 6) = 2; 拆迁: ½ · 6 + ½ · (6 - 4) = 4.
    assert shares(found) == {"办事处": 4, "设计单位": 2, "检测单位": 0}
    first = found.shares[0]
    assert (first.alone, first.without) == (6, 2)


def test_whoever_keeps_the_plan_is_not_named():
    assert shares(owners.actual(NET, {"设计": 10, "拆迁": 9})) == {"办事处": 0}


def test_early_work_takes_from_the_delay():
    found = owners.actual(NET, {"设计": 13, "拆迁": 4}, target="开工")
    assert (found.total, shares(found)["设计单位"]) == (3, 3)


def test_drawn_delays_add_up_too():
    chances = Chances({code: Profile(0.9, 1.0, 2.0) for code in ("设计", "拆迁", "检测")})
    found = owners.expected(NET, chances, runs=400, seed=4, target="开工")
    assert sum(shares(found).values()) == pytest.approx(found.total)
    assert shares(found)["检测单位"] == 0
    assert shares(found)["设计单位"] > shares(found)["办事处"] > 0


def test_orders_of_arrival_come_near_the_exact_shares(monkeypatch):
    chances = Chances({code: Profile(0.9, 1.0, 2.0) for code in ("设计", "拆迁", "检测")})
    exact = owners.expected(NET, chances, runs=400, seed=4, target="开工")
    monkeypatch.setattr(owners, "EXACT", 1)
    near = owners.expected(NET, chances, runs=400, seed=4, target="开工")
    assert (exact.exact, near.exact) == (True, False)
    assert sum(shares(near).values()) == pytest.approx(exact.total)
    assert shares(near) == pytest.approx(shares(exact), abs=0.2)


def test_unknown_activities_are_told():
    with pytest.raises(Unfit, match="schedule_unknown_activity"):
        owners.actual(NET, {"验收": 1})
