"""Two posts of this room: one that keeps the calendar, one that only reads it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bihuan.people import services as people
from bihuan.people.models import Account, Post, Unit

PASSWORD = "calendar-of-days-1"
VERBS = {"keeper": ["days.view", "days.manage"], "reader": ["days.view"], "stranger": []}


@pytest.fixture
def posted(db: None) -> dict[str, Post]:
    """`posted["keeper"]` may enter, `posted["reader"]` may look, `posted["stranger"]` neither."""
    office = people.add_unit(by=None, code="days-office", name="示例数据办公室", kind="bureau")
    posts = {}
    for word, verbs in VERBS.items():
        role = people.add_role(
            by=None, code=f"days-{word}", name=f"示例数据{word}", verbs=verbs, reach="zone"
        )
        posts[word] = appointed(word, office, role)
    return posts


def appointed(word: str, office: Unit, role: Any) -> Post:
    """A person with one post and an account named after it."""
    person = people.add_person(by=None, name=f"示例数据{word}")
    people.open_account(
        person, by=None, username=f"days-{word}", password=PASSWORD, must_change=False
    )
    return people.appoint(person, by=None, unit=office, role=role, title=f"示例数据{word}")


@pytest.fixture
def enter_as(posted: dict[str, Post]) -> Callable[[str], Client]:
    """`enter_as("keeper")`: a client signed in as one of the three."""

    def client(word: str) -> Client:
        assert Account.objects.filter(username=f"days-{word}").exists()
        browser = Client()
        answer = browser.post(
            "/people/sign-in/", {"username": f"days-{word}", "password": PASSWORD}
        )
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return client
