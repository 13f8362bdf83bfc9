"""One meeting of the party committee in preparation, and ways to bring it further."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from bihuan.base import clock
from bihuan.people import services as people
from bihuan.people.models import Person, Post, Role, Unit
from bihuan.reviews import queries, services
from bihuan.reviews.models import Review
from bihuan.site import demo


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def review(post: Callable[[str], Post]) -> Review:
    """In preparation for a day in three weeks; three members, one clerk, one guide invited."""
    made = services.prepare(
        by=post("clerk"),
        kind="special",
        body=Unit.objects.get(code="party"),
        year=2026,
        theme="示例主题",
        basis="示例通知",
        date=clock.today() + timedelta(days=21),
    )
    services.invite(
        made,
        by=post("clerk"),
        post=post("guide"),
        leader=True,
        valid_from=clock.today(),
        valid_to=clock.today() + timedelta(days=40),
    )
    return made


@contextmanager
def at(day: date) -> Iterator[None]:
    """Noon of a day."""
    with clock.held_at(timezone.make_aware(datetime.combine(day, time(12)))):
        yield


def fresh(review: Review) -> Review:
    return Review.objects.select_related("body").get(pk=review.pk)


def skip_all(review: Review, phase: str, by: Post) -> None:
    """All pending steps of a phase skipped, with a reason."""
    for step in review.steps.filter(phase=phase, state="pending"):
        services.skip_step(step, by=by, reason="示例：本次不办")


@pytest.fixture
def sit(post: Callable[[str], Post]) -> Callable[..., Review]:
    """`sit(review, absent=1)`: the meeting opened on its day, its last members absent."""

    def opened(review: Review, absent: int = 0) -> Review:
        skip_all(review, "before", post("clerk"))
        found = queries.seats(review)
        here = found[: len(found) - absent]
        reasons = {seat.pk: "示例：出差" for seat in found if seat not in here}
        with at(review.date):
            services.mark_attendance(review, by=post("clerk"), present=here, reasons=reasons)
            return services.open_meeting(review, by=post("secretary"))

    return opened


@pytest.fixture
def hold(post: Callable[[str], Post], sit: Callable[..., Review]) -> Callable[..., Review]:
    """`hold(review)`: the meeting opened, its agenda run, and ended."""

    def held(review: Review, absent: int = 0) -> Review:
        sat = sit(review, absent)
        with at(review.date):
            run_agenda(sat, post("clerk"))
            return services.end_meeting(sat, by=post("secretary"))

    return held


def run_agenda(review: Review, by: Post) -> None:
    here = [seat for seat in queries.seats(review) if seat.attendance == "present"]
    while (item := queries.current_item(review)) is not None:
        guests = review.guests.all() if item.kind == "comment" else ()
        services.finish_item(item, by=by, speakers=here, guests=guests)


@pytest.fixture
def outsider(db: None) -> Callable[..., Post]:
    """`outsider("body_member", "admin")`: a new post with an account of the same name."""

    def appoint(role: str, unit: str, username: str = "") -> Post:
        person: Person = people.add_person(by=None, name=f"示例{role}{unit}")
        made = people.appoint(
            person,
            by=None,
            unit=Unit.objects.get(code=unit),
            role=Role.objects.get(code=role),
            title="示例职务",
        )
        if username:
            people.open_account(
                person, by=None, username=username, password=demo.PASSWORD, must_change=False
            )
        return made

    return appoint


@pytest.fixture
def problem(post: Callable[[str], Post]) -> Callable[..., Any]:
    """`problem(review)`: one problem on the list."""

    def listed(review: Review, title: str = "示例问题") -> Any:
        return services.list_problem(
            review,
            by=post("clerk"),
            source="body",
            seat=queries.seats(review)[0],
            title=title,
            measures="示例措施",
            goal="",
            rect_kind="dated",
            lead_unit=Unit.objects.get(code="economy"),
            due=clock.today() + timedelta(days=10),
        )

    return listed
