"""The anonymous box: its texts come in once, without a source, and go out by no other door."""

import re

import pytest

from bihuan.audit.models import Entry
from bihuan.ballots import bridge as ballots_bridge
from bihuan.ballots import services as ballots
from bihuan.ballots.services import Line
from bihuan.base.errors import Refused
from bihuan.reviews import bridge, queries, services
from bihuan.reviews.models import Opinion
from tests.rooms.reviews.conftest import fresh

SECRET = "示例箱中词句寅卯辰"


@pytest.fixture
def asked(post, review, settings, tmp_path):
    """`asked(6)`: so many people have written in the box, and it is counted."""
    settings.DATA = tmp_path

    def held(count):
        clerk, chair = post("clerk"), post("secretary")
        poll = services.open_box(review, by=clerk)
        lines = [Line(f"征求意见对象{n}", "all") for n in range(1, count + 1)]
        ballots.enrol(poll, by=clerk, lines=lines)
        ballots.freeze(poll, by=clerk)
        poll = ballots.start_issuing(poll, by=clerk)
        codes = ballots.print_slips(poll, by=clerk, category="all", count=count)
        for voter in poll.voters.order_by("number"):
            ballots.check_in(poll, by=clerk, voter=voter, given="slip")
        poll = ballots.close_issuing(poll, by=clerk)
        poll = ballots.start_casting(poll, by=chair)
        member = queries.seats(review)[2]
        for number, code in enumerate(codes):
            said = {bridge.BODY: f"{SECRET}{number}"}
            if number == 0:
                said[f"member-{member.pk}"] = f"对委员{SECRET}"
            ballots.cast_open(poll.slug, slip=code, marks={}, remarks=said)
        poll = ballots.close(poll, by=chair)
        poll = ballots.count(poll, by=chair)
        ballots_bridge.shut([poll.box_id])
        return poll

    return held


def test_the_plan_of_the_box_is_one_that_the_engine_takes(review):
    plan = bridge.box_plan(review, queries.seats(review))
    read = ballots_bridge.read_plan({**plan, "box": "0" * 32})
    assert read.kind == "opinions"
    assert [one.name for one in read.subjects] == ["对班子", "1. 书记", "2. 副书记", "3. 委员"]
    assert "姓名" in read.notes["warning"]


def test_what_was_written_is_sorted_and_has_no_source(post, review, asked, browse):
    poll = asked(6)
    assert services.take_box(fresh(review), by=post("clerk")) == 7
    rows = list(Opinion.objects.order_by("number"))
    assert {(row.channel, row.origin) for row in rows} == {("box", "")}
    assert sorted(row.seat.post.title for row in rows if row.seat) == ["委员"]
    with pytest.raises(Refused, match="已经取过"):
        services.take_box(fresh(review), by=post("clerk"))
    services.return_opinions(review, by=post("clerk"))
    place = queries.place(review, post("leader"))
    assert {one.about for one in queries.opinions_for(review, place)} == {"body"}
    assert not any(SECRET in str(entry.plain()) for entry in Entry.objects.all())
    # No other door hands the texts out: not the desk, not the full file, not the open one.
    for username in ("clerk", "leader", "secretary"):
        client = browse(username)
        for piece in ("desk/", "desk/full.json", "check/", "bundle.json", "desk/roll/"):
            answer = client.get(f"/b/{poll.slug}/{piece}")
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert SECRET not in content.decode("utf-8", "ignore"), (username, piece)


def test_the_texts_of_a_handful_are_not_handed_on(post, review, asked):
    asked(3)
    with pytest.raises(Refused, match="认出是谁"):
        services.take_box(fresh(review), by=post("clerk"))
    assert Opinion.objects.count() == 0


def test_a_meeting_has_one_box_and_texts_only_after_the_count(post, review):
    clerk = post("clerk")
    with pytest.raises(Refused, match="没有设"):
        services.take_box(review, by=clerk)
    services.open_box(review, by=clerk)
    with pytest.raises(Refused, match="已经设了"):
        services.open_box(fresh(review), by=clerk)
    with pytest.raises(Refused, match="还没有计票"):
        services.take_box(fresh(review), by=clerk)
    with pytest.raises(Refused, match="意见箱"):
        services.unseat(queries.seats(review)[2], by=clerk, reason="示例")


def test_whoever_is_asked_is_warned_against_naming_themselves(post, review, browse):
    poll = services.open_box(review, by=post("clerk"))
    ballots.freeze(poll, by=post("clerk"))
    page = browse().get(f"/b/{poll.slug}/slip/").content.decode()
    page += browse().get(f"/b/{poll.slug}/").content.decode()
    page += browse("clerk").get(f"/reviews/{review.pk}/opinions/").content.decode()
    assert re.search("不要写自己的姓名", page)
