"""BCF in and out of a scheme: pins, comments, snapshots; taken twice, nothing doubles."""

import io
from datetime import UTC, datetime

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.designs import rules, services
from bihuan.designs.models import Opinion
from bihuan.exchange import bcf
from tests.rooms.designs.conftest import upload

GUID = "7ddc3ef0-0ab7-43f1-918a-45e38b42369c"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def take(scheme, people, content: bytes):
    version = scheme.versions.get(number=1)
    return services.take_in(
        scheme, by=people.planner, upload=upload(content, "a.bcf"), version=version
    )


def board(*topics: bcf.Topic) -> bytes:
    return bcf.write(bcf.Board("3.0", "P", topics))


@pytest.mark.parametrize("edition", bcf.EDITIONS)
def test_opinions_go_out_with_pin_answer_and_snapshot(give, scheme, people, edition):
    opinion = give()
    services.answer(opinion, by=people.designer, decision="rejected", reason="红线所限。")
    out = bcf.read(io.BytesIO(services.hand_out(scheme, by=people.econ_head, edition=edition)))
    (topic,) = out.topics
    assert (topic.guid, topic.kind, topic.pin) == (
        str(opinion.guid), "规划布局", bcf.Pin(1, 0.4, 0.5, 0.2, 0.1),
    )  # fmt: skip
    assert topic.comments[0].text == "不采纳：红线所限。"
    assert topic.author == "经济发展局"
    assert topic.snapshots[0].content.startswith(b"\x89PNG")


def test_what_goes_out_comes_in_elsewhere_and_not_twice(give, scheme, people, project):
    opinion = give()
    services.answer(opinion, by=people.designer, decision="adopted", reason="将加大。")
    services.remark(opinion, by=people.econ_head, text="何时交新版？")
    content = services.hand_out(scheme, by=people.planner, edition="2.1")
    again = take(scheme, people, content)
    assert (again.opinions, again.remarks, again.known) == (0, 0, 1)

    other = services.begin(
        by=people.planner, project=project, name="另一方案", designer=scheme.designer
    )
    services.bring(other, by=people.designer, uploads=[upload(_other())])
    taken = services.take_in(
        other, by=people.planner, upload=upload(content, "a.bcf"), version=other.versions.get()
    )
    copy = other.opinions.get()
    assert (taken.opinions, taken.remarks, taken.notes) == (1, 2, ())
    assert (copy.text, copy.aspect, copy.priority) == (opinion.text, opinion.aspect, "must")
    assert (copy.unit, copy.region()) == (opinion.unit, opinion.region())
    assert copy.pictures.count() == 1


def _other() -> bytes:
    from tests.exchange.drawings.pdfs import pdf

    return pdf(([], "OTHER"))


def test_new_comments_on_a_known_topic_are_added(scheme, people):
    topic = bcf.Topic(GUID, "标题", created=AT, description="内容")
    take(scheme, people, board(topic))
    more = bcf.Topic(
        GUID, "标题", comments=(bcf.Comment("0b843a5c-c3bf-41ef-be98-52a9f7bd9790", AT, "a", "b"),)
    )
    assert take(scheme, people, board(more)).remarks == 1
    assert take(scheme, people, board(more)).remarks == 0
    assert Opinion.objects.get().text == "标题\n内容"


def test_a_pin_on_a_page_that_is_not_there_is_told(scheme, people):
    taken = take(scheme, people, board(bcf.Topic(GUID, "标题", pin=bcf.Pin(9))))
    assert Opinion.objects.get().page is None
    assert GUID in taken.notes[0]


def test_one_bad_topic_and_nothing_comes_in(scheme, people):
    good = bcf.Topic(GUID, "标题")
    bad = bcf.Topic("d1068c81-af04-4546-b63c-348810f6c716", "")
    with pytest.raises(Refused, match="没有标题"):
        take(scheme, people, board(good, bad))
    assert Opinion.objects.count() == 0


def test_only_the_office_takes_in(scheme, people):
    content = board(bcf.Topic(GUID, "标题"))
    with pytest.raises(NotAllowed):
        services.take_in(
            scheme, by=people.econ_head, upload=upload(content, "a.bcf"),
            version=scheme.versions.get(),
        )  # fmt: skip


def test_every_source_has_its_word():
    assert set(rules.SOURCES) >= {"unit", "public", "exchange"}
