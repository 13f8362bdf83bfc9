"""A review meeting: several projects, who came, what was concluded, minutes with a number."""

from datetime import timedelta

import pytest

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.designs import pages, queries, services
from bihuan.ui import printing


@pytest.fixture
def meeting(scheme, people, post):
    return services.call(
        by=people.planner, title="方案专题会", kind="special", on=clock.today(),
        chair=post("leader"), schemes=[scheme], place="会议室",
    )  # fmt: skip


@pytest.fixture
def held(meeting, people):
    services.invite(meeting, by=people.planner, posts=[people.econ_head], capacities="专家组组长")
    marks = {each.pk: "present" for each in queries.meetings.attendees(meeting)}
    services.mark_attendance(meeting, by=people.planner, marks=marks)
    item = meeting.agenda.get()
    services.conclude(item, by=people.planner, conclusion="changes", text="加大广场")
    services.close_meeting(meeting, by=people.planner)
    return meeting


def test_only_the_office_calls(people, post):
    with pytest.raises(NotAllowed):
        services.call(
            by=people.econ_head, title="x", kind="special", on=clock.today(), chair=post("leader")
        )


def test_everything_that_is_missing_is_told_before_it_ends(meeting, people):
    with pytest.raises(Refused) as refused:
        services.close_meeting(meeting, by=people.planner)
    assert len(refused.value.sentences) == 2


def test_nothing_is_concluded_before_the_day(meeting, people):
    services.amend_meeting(meeting, by=people.planner, on=clock.today() + timedelta(days=1))
    with pytest.raises(Refused, match="还没到"):
        services.conclude(meeting.agenda.get(), by=people.planner, conclusion="passed")


def test_minutes_are_drafted_from_the_record(give, held, people):
    give()
    services.amend_meeting(held, by=people.planner, requirements="抓紧修改。")
    text = services.draft_minutes(held, by=people.planner).text
    for words in (
        "主持召开专题会", "示例产业园", "按以下要求修改完善后报审：加大广场。",
        "规划布局：广场偏小（经济发展局）",
        "二、会议要求", "抓紧修改。", "参加：经济发展局局长、专家组组长",
    ):  # fmt: skip
        assert words in text


def test_minutes_are_edited_numbered_and_then_fixed(held, people):
    services.draft_minutes(held, by=people.planner)
    services.write_minutes(held, by=people.planner, text="改过的正文。")
    paper = services.issue_minutes(held, by=people.planner, issuer="规划建设局")
    assert (paper.year, paper.number, paper.text) == (clock.today().year, 1, "改过的正文。")
    with pytest.raises(Refused, match="纪要已印发"):
        services.write_minutes(held, by=people.planner, text="再改。")


def test_minutes_and_agenda_print(held, people):
    paper = services.draft_minutes(held, by=people.planner)
    for document in (pages.papers.minutes(paper), pages.papers.agenda(held)):
        assert printing.printed(document).startswith(b"%PDF")


def test_the_list_of_opinions_prints(give, scheme):
    give()
    assert printing.printed(pages.papers.opinions(scheme)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("place", "word"), [(0, "一"), (9, "十"), (10, "十一"), (19, "二十"), (20, "二十一")]
)
def test_items_are_counted_as_in_official_papers(place, word):
    assert queries.meetings.counted(place) == word
