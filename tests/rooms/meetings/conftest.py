"""A round of evaluation, brought as far as a test needs it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from bihuan.ballots import bridge as boxes
from bihuan.ballots import hall as halls
from bihuan.ballots import services as ballots
from bihuan.base import clock
from bihuan.engines.tally import blind
from bihuan.engines.tally.box import PROMPT
from bihuan.meetings import queries, services
from bihuan.meetings.models import Meeting, Reporter
from bihuan.meetings.queries import results
from bihuan.people.models import Post
from tests.halls import one_connection

ONSITE = ("organs", "education", "investment")
WRITTEN = ("bonded", "logistics")


@pytest.fixture(scope="session")
def some_keys() -> Iterator[blind.PrivateKey]:
    """Making keys of 2048 bits takes its time: a few are enough for all tests."""
    return cycle([blind.new_key() for _number in range(6)])


@pytest.fixture(autouse=True)
def here(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, some_keys: Any
) -> Iterator[None]:
    """Jobs and boxes of the test itself; sentences are Chinese; nobody waits at the box."""
    settings.EXECUTOR = "here"
    settings.BALLOTS_FOLDER = tmp_path / "ballots"
    monkeypatch.setattr(blind, "new_key", lambda: next(some_keys))
    monkeypatch.setattr(boxes, "PACE", PROMPT)
    with translation.override("zh-hans"), one_connection():
        yield
    boxes.shut()


@pytest.fixture
def day() -> date:
    """The day of the meeting: three weeks from now."""
    return clock.today() + timedelta(days=21)


@pytest.fixture
def drafted(post: Callable[[str], Post], day: date) -> Meeting:
    """A round whose plan is being written."""
    year = day.year if day.month > 3 else day.year - 1
    meeting = services.open_round(by=post("clerk"), year=year, held_on=day)
    units = [(code, "onsite") for code in ONSITE] + [(code, "written") for code in WRITTEN]
    services.save_units(meeting, by=post("clerk"), units=units)
    return meeting


@pytest.fixture
def approved(drafted: Meeting, post: Callable[[str], Post]) -> Meeting:
    """A round whose plan is approved."""
    services.submit(drafted, by=post("clerk"))
    services.approve(drafted, by=post("leader"))
    drafted.refresh_from_db()
    return drafted


def roll_text(per_category: int = 8) -> str:
    """A roll of so many in each category."""
    names = {"body": "领导班子成员", "heads": "单位主要负责人", "delegates": "党员和群众代表"}
    return "\n".join(
        f"{name}{number:02d}，{code}"
        for code, name in names.items()
        for number in range(per_category)
    )


@pytest.fixture
def ready(approved: Meeting, post: Callable[[str], Post]) -> Meeting:
    """A round with its roll and its box."""
    services.set_roll(approved, by=post("clerk"), text=roll_text())
    approved.refresh_from_db()
    services.seal_box(approved, by=post("clerk"))
    approved.refresh_from_db()
    return approved


@pytest.fixture
def sitting(ready: Meeting, post: Callable[[str], Post]) -> Meeting:
    """A round whose meeting is under way."""
    services.begin(ready, by=post("leader"))
    ready.refresh_from_db()
    return ready


@pytest.fixture
def heard(sitting: Meeting, post: Callable[[str], Post]) -> Meeting:
    """A meeting at which everybody has reported and was commented on."""
    clerk = post("clerk")
    for one in queries.reporters(sitting):
        one.meeting = sitting
        if one.mode == "onsite":
            services.call_on(one, by=clerk)
            services.finish_report(one, by=clerk)
        text = f"{one.unit.name}：党建与业务结合不紧"
        services.record_comment(one, by=clerk, comment=text, comment_by="党工委副书记")
        sitting.refresh_from_db()
    return sitting


def vote(meeting: Meeting, clerk: Post, chair: Post, seed: int = 7) -> None:
    """The whole rating of a simulated hall, from the door to the close."""
    poll = meeting.poll
    assert poll is not None
    poll = ballots.start_issuing(poll, by=clerk)
    post, report = halls.door(poll.slug), halls.Report()
    rights = halls.fill(poll, clerk=clerk, seed=seed, papers=0)
    phones = halls.activate(poll, rights, post, report)
    ballots.close_issuing(poll, by=clerk)
    meeting.refresh_from_db()
    poll = services.start_rating(meeting, by=chair)
    typists = (clerk, chair)
    halls.vote(poll, rights, phones, post, typists=typists, seed=seed, report=report, threads=1)
    assert not report.wrong
    services.end_rating(meeting, by=chair)


@pytest.fixture
def counted(heard: Meeting, post: Callable[[str], Post]) -> Meeting:
    """A round whose ballots are counted."""
    vote(heard, post("clerk"), post("leader"))
    services.count_ballots(Meeting.objects.get(pk=heard.pk), by=post("leader"))
    return Meeting.objects.get(pk=heard.pk)


@pytest.fixture
def decided(counted: Meeting, post: Callable[[str], Post]) -> Meeting:
    """A round whose grades are decided; the education bureau's lower than computed."""
    for part in ("everyday", "survey", "building"):
        values = {one.unit.code: Decimal("81.5") for one in queries.reporters(counted)}
        values["education"] = Decimal(50)
        services.enter_parts(counted, by=post("clerk"), code=part, values=values, basis="考核档案")
    for one in queries.reporters(counted):
        one.meeting = counted
        computed = results.composite_of(counted, one).grade
        grade, reason = computed, ""
        if one.unit.code == "education":
            grade, reason = "poor", "发生一票否决事项"
        services.decide(
            one,
            by=post("leader"),
            grade=grade,
            reason=reason,
            basis="党工委会议",
            decided_on=clock.today(),
        )
    return Meeting.objects.get(pk=counted.pk)


@pytest.fixture
def reporter(db: None) -> Callable[[Meeting, str], Reporter]:
    """`reporter(meeting, "education")`."""

    def find(meeting: Meeting, code: str) -> Reporter:
        found = queries.reporter_of(Meeting.objects.get(pk=meeting.pk), code)
        assert found is not None
        return found

    return find


def a_file(text: str = "述职报告") -> SimpleUploadedFile:
    """A small text file."""
    return SimpleUploadedFile("report.txt", text.encode())
