"""One world: the sample zone, built once a session and rolled back after each test."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import settings

from bihuan.base import tables
from bihuan.people import queries as people
from bihuan.people.models import Account, Post, Unit
from bihuan.site import demo

# No test asserts a wall time: on a busy machine an example may take as long as it likes.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The sample zone stands in the database before the first test.

    Tables come from the models (`--no-migrations`), as on a first start; test_tables holds them
    to the migrations.
    """
    with django_db_blocker.unblock():
        tables.finish()
        demo.load()


@pytest.fixture
def post(db: None) -> Callable[[str], Post]:
    """`post("clerk")`: the first post of a sample account."""

    def find(username: str) -> Post:
        found = people.posts_of(Account.objects.get(username=username).person).order_by("pk")
        return found[0]

    return find


@pytest.fixture
def unit(db: None) -> Callable[[str], Unit]:
    """`unit("economy")`: a unit of the sample zone by its code."""
    return lambda code: Unit.objects.get(code=code)


@pytest.fixture
def browse(db: None) -> Callable[..., Client]:
    """`browse("clerk")`: a client signed in as a sample account; `browse()` a stranger."""

    def client(username: str = "") -> Client:
        browser = Client()
        if username:
            answer = browser.post(
                "/people/sign-in/", {"username": username, "password": demo.PASSWORD}
            )
            assert answer.status_code == 302, answer.content.decode()
        return browser

    return client
