"""The published figures in the zone, and texts that tell them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation

from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.press import services
from bihuan.press.models import Release
from bihuan.site import story


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def told(db: None) -> None:
    """The published figures of the page, with the doubts about them."""
    story.tell()


TRUE = (
    "2020年，经开区进出口总额(不含富士康结转)220亿元，同比增长91%。"
    "郑州经开区排名由第26位跃升至22位。"
)


@pytest.fixture
def release(told: None, post: Callable[[str], Post]) -> Callable[..., Release]:
    """`release(body=…)`: written by the liaison of the economy bureau."""

    def made(body: str = TRUE, **more: Any) -> Release:
        fields = {"headline": "示例标题", "event_on": clock.today(), **more}
        return services.write(by=post("econ-liaison"), body=body, **fields)

    return made


@pytest.fixture
def published(post: Callable[[str], Post]) -> Callable[[Release], Release]:
    """A release taken through its whole chain."""

    def done(one: Release) -> Release:
        services.pass_on(one, by=post("econ-liaison"))
        services.pass_on(one, by=post("econ-head"))
        services.review(one, by=post("clerk"), answers=services.codes(()))
        services.pass_on(one, by=post("clerk"))
        return services.pass_on(one, by=post("leader"))

    return done
