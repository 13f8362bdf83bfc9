"""A walk of leaders: stop by stop, with photographs; into the ledger in one tap, orders signed."""

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.ledger import queries as ledger
from bihuan.snow import services
from bihuan.snow.models import Inspection, SectionState, Stop
from bihuan.snow.services import StopPlan
from tests.rooms.snow.conftest import at, key, moment, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(storm, streets, post) -> Inspection:
    with at(24, 8):
        return services.plan_inspection(
            by=post("duty"), subject="扫雪除冰保畅通", leader=post("leader"),
            participants=[post("member"), post("leader")], starts_at=moment(24, 9), storm=storm,
            stops=[
                StopPlan("section", streets[0].name, streets[0].code),
                StopPlan("bridge", "经南八路潮河大桥"),
                StopPlan("park", "经开滨河公园"),
            ],
        )  # fmt: skip


def stop(walk: Inspection, order: int) -> Stop:
    return walk.stops.get(order=order)


def see(walk: Inspection, order: int, post, **more):
    told = {"seen": "issue", "text": "桥面有薄冰", "client_key": key()}
    return services.remark(stop(walk, order), by=post("leader"), **{**told, **more})


def test_the_leader_is_not_counted_among_the_participants(walk, post):
    assert list(walk.participants.all()) == [post("member")]
    assert [one.name for one in walk.stops.all()][1:] == ["经南八路潮河大桥", "经开滨河公园"]


def test_arriving_starts_the_walk_and_says_how_the_road_is(walk, streets, post):
    with at(24, 9, 10):
        services.arrive(stop(walk, 1), by=post("leader"), state="slow")
    walk.refresh_from_db()
    assert walk.state == "walking"
    said = SectionState.objects.get(section=streets[0].code)
    assert (said.state, said.source) == ("slow", "inspection")


def test_a_stop_that_is_no_section_says_nothing_of_the_roads(walk, post):
    with at(24, 9, 20):
        services.arrive(stop(walk, 2), by=post("leader"), state="icy")
    assert not SectionState.objects.exists()
    assert stop(walk, 2).state == "icy"


def test_one_tap_makes_a_remark_a_finding_with_its_place_and_only_once(walk, post):
    with at(24, 9, 30):
        remark, new = see(walk, 2, post, photo=picture())
        finding = services.raise_remark(remark, by=post("leader"))
        with pytest.raises(Refused, match=finding.number):
            services.raise_remark(remark, by=post("leader"))
    assert new
    assert remark.photo is not None
    assert finding.place == "经南八路潮河大桥"
    assert "桥面有薄冰" in finding.description
    assert list(ledger.of_origin(remark)) == [finding]


def test_what_a_phone_sends_twice_is_one_remark(walk, post):
    same = key()
    with at(24, 9, 30):
        first, new = see(walk, 3, post, client_key=same)
        second, again = see(walk, 3, post, client_key=same)
    assert (first, new, again) == (second, True, False)
    assert stop(walk, 3).arrived_at == moment(24, 9, 30)


def test_orders_of_the_walk_are_signed_for_by_the_department(walk, unit, post):
    with at(24, 10):
        (order,) = services.order_on_walk(
            walk, by=post("leader"), to=[unit("enforcement")], text="一小时内撒布桥面",
            due_at=moment(24, 11),
        )  # fmt: skip
    assert order.inspection == walk
    with at(24, 10, 5):
        with pytest.raises(NotAllowed):
            services.sign_order(order, by=post("econ-head"))
        services.sign_order(order, by=post("law-head"))
        with pytest.raises(Refused, match="已签收"):
            services.sign_order(order, by=post("law-head"))
        done = services.answer_order(order, by=post("law-head"), answer="已撒布")
    assert (done.signed_at, done.answer) == (moment(24, 10, 5), "已撒布")


def test_a_walk_that_ended_takes_no_more(walk, post):
    with at(24, 9), pytest.raises(Refused, match="没有到过"):
        services.end_inspection(walk, by=post("leader"), summary="好")
    with at(24, 9, 30):
        see(walk, 1, post)
        services.end_inspection(walk, by=post("leader"), summary="总体通畅，桥面要加密撒布。")
        with pytest.raises(Refused, match="已结束"):
            see(walk, 2, post)


def test_all_faults_of_a_plan_are_told_at_once(post):
    with pytest.raises(Refused) as refusal:
        services.plan_inspection(
            by=post("leader"), subject=" ", leader=post("leader"), starts_at=moment(24, 9),
            stops=[StopPlan("section", " "), StopPlan("volcano", "x")],
        )  # fmt: skip
    assert len(refusal.value.sentences) == 3


def test_a_foreman_leads_no_inspection(post):
    with pytest.raises(NotAllowed):
        services.plan_inspection(
            by=post("foreman"), subject="x", leader=post("leader"), starts_at=moment(24, 9),
            stops=[StopPlan("park", "x")],
        )  # fmt: skip
