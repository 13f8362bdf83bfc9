"""De-icer: never below zero at any moment, wrong lines reversed, nothing changed or deleted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.winter import services
from bihuan.winter.models import Movement
from bihuan.winter.queries import stock as queries
from bihuan.winter.rules.stock import Step, balance, short


def received(store, kg=1000, **more):
    return services.receive(store, by=None, product="deicer", kg=kg, what="入库单", **more)


def issued(store, team, kg, **more):
    return services.issue(store, by=None, product="deicer", kg=kg, team=team, what="撒", **more)


def held(store):
    return queries.balances().get((store.pk, "deicer"), 0)


def test_what_is_not_there_cannot_be_issued(store, team):
    received(store, 1000)
    issued(store, team, 600)
    with pytest.raises(Refused, match="会少 200 公斤"):
        issued(store, team, 600)
    assert held(store) == 400


def test_not_even_when_it_is_written_down_for_an_earlier_hour(store, team):
    received(store, 1000)
    with pytest.raises(Refused, match="会少"):
        issued(store, team, 10, at=clock.now() - timedelta(hours=1))


def test_a_reversal_that_would_undo_what_was_issued_since_is_refused(store, team):
    first = received(store, 1000)
    issued(store, team, 600)
    with pytest.raises(Refused, match="会少"):
        services.reverse(first, by=None, why="写错")
    received(store, 5000, at=clock.now() - timedelta(hours=2))
    services.reverse(first, by=None, why="写错")
    assert held(store) == 4400
    with pytest.raises(Refused, match="已经冲正过"):
        services.reverse(first, by=None, why="再来")


def test_a_count_writes_down_the_difference(store):
    received(store, 1000)
    made = services.count(store, by=None, product="deicer", kg=970, what="受潮")
    assert (made.kind, made.kg, held(store)) == ("count", -30, 970)


def test_every_fault_is_told_at_once(store, team):
    with pytest.raises(Refused) as refused:
        services.issue(
            store, by=None, product="nothing", kg=0, team=None, what=" ",
            at=clock.now() + timedelta(hours=1),
        )  # fmt: skip
    assert len(refused.value.sentences) == 5


def test_only_whoever_keeps_the_stock_moves_it(store, post):
    with pytest.raises(NotAllowed):
        services.receive(store, by=post("leader"), product="deicer", kg=5, what="单")


def test_the_database_itself_refuses_a_change_or_a_deletion(store):
    made = received(store)
    for act in (
        lambda: Movement.objects.filter(pk=made.pk).update(kg=5),
        lambda: Movement.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_what_left_is_told_beside_what_teams_report(store, team):
    since = clock.now() - timedelta(hours=1)
    received(store, 1000)
    wrong = issued(store, team, 300)
    services.reverse(wrong, by=None, why="多写")
    issued(store, team, 200)
    assert queries.issued_kg(since, clock.now()) == 200


def test_a_store_is_closed_when_it_is_empty_and_takes_nothing_then(store, team):
    received(store, 500)
    with pytest.raises(Refused, match="还有融雪剂"):
        services.close_store(store, by=None, why="拆了")
    issued(store, team, 500)
    store = services.close_store(store, by=None, why="拆了")
    with pytest.raises(Refused, match="已停用"):
        received(store)
    with pytest.raises(Refused, match="已经停用"):
        services.close_store(store, by=None, why="再来")


MOVES = st.lists(st.tuples(st.integers(0, 40), st.integers(-50, 50)), max_size=30)


@given(MOVES)
def test_short_agrees_with_asking_every_moment(moves):
    now = clock.now()
    steps = [Step(now + timedelta(minutes=at), kg) for at, kg in moves]
    ever = min((balance(steps, one.at) for one in steps), default=0)
    assert (short(steps) is not None) == (ever < 0)
