"""What a cache may show everybody holds nothing of the one who asked first."""

import pytest
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def test_a_stranger_changes_the_language_on_a_page_made_for_another(told):
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    first.get("/public/")
    second.get("/public/")  # from the cache
    answer = second.post("/language/", {"language": "en", "next": "/public/"})
    assert answer.status_code == 302
    assert 'lang="en"' in second.get("/public/").content.decode()


def test_the_address_and_the_message_of_one_reader_are_not_shown_to_the_next(told, browse):
    Client().get("/public/?q=mine")
    assert "mine" not in Client().get("/public/").content.decode()
    leaving = browse("clerk")
    leaving.post("/people/sign-out/")
    said = leaving.get("/public/").content.decode()
    assert Client().get("/public/").content.decode().count('class="message"') == 0
    assert "sessionid" not in said


@pytest.mark.parametrize("address", ["/public/", "/public/roots/", "/public/feed.atom"])
def test_a_page_for_strangers_sets_no_cookie(told, address):
    answer = Client().get(address)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_a_second_look_asks_the_database_nothing(told, django_assert_num_queries):
    for address in ("/public/", "/public/roots/", "/public/figures.json"):
        Client().get(address)
        with django_assert_num_queries(0):
            assert Client().get(address).status_code == 200
