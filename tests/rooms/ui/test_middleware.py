"""Refusals become a page; headers keep the browser at home."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from bihuan.base.errors import NotAllowed, Refused
from bihuan.people.models import Unit
from bihuan.ui.middleware import Refusals, stay_home, typed

PASSWORDS = ("password", "old", "new", "again", "account-password")


def test_a_refusal_is_told_in_words_with_what_was_typed(browse, unit):
    browser = browse("admin")
    address = f"/people/units/{unit('economy').pk}/rename/"
    given = {"name": "教文体局", "on": "2020-01-01", "name_en": "<b>Same</b>"}
    answer = browser.post(address, given)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "同一名称不能指两个单位" in text
    assert "&lt;b&gt;Same&lt;/b&gt;" in text
    assert "csrfmiddlewaretoken</dt>" not in text
    assert Unit.objects.get(code="economy").name == "经济发展局"


def test_a_password_is_never_shown_again(browse):
    secret = "a-secret-that-was-typed"
    answer = browse("clerk").post(
        "/people/password/", {"old": secret, "new": f"{secret}-2", "again": f"{secret}-2"}
    )
    assert answer.status_code == 409
    assert "原密码不正确" in answer.content.decode()
    assert secret not in answer.content.decode()


@pytest.mark.parametrize("name", PASSWORDS)
def test_no_field_that_holds_a_password_is_echoed(name):
    request = RequestFactory().post("/", {name: "secret", "note": ["一", "二", ""]})
    assert typed(request) == [("note", "一"), ("note", "二")]


def test_every_kind_of_refusal_has_its_status_and_other_faults_pass_through(rf, db):
    refusals = Refusals(lambda request: HttpResponse())
    request = rf.get("/x/")
    for fault, status in ((Refused("甲。", "乙。"), 409), (NotAllowed("丙。"), 403)):
        answer = refusals.process_exception(request, fault)
        assert answer.status_code == status
        assert all(s in answer.content.decode() for s in fault.sentences)
    assert refusals.process_exception(request, ValueError("x")) is None


def test_the_browser_stays_at_home():
    answer = stay_home(lambda request: HttpResponse())(RequestFactory().get("/"))
    policy = answer.headers["Content-Security-Policy"]
    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert parts["default-src"] == ["'self'"]
    assert parts["frame-ancestors"] == parts["object-src"] == parts["base-uri"] == ["'none'"]
    assert parts["form-action"] == ["'self'"]
    assert "http" not in policy
    assert "unsafe-inline" not in " ".join(parts["default-src"] + parts.get("script-src", []))


def test_every_answer_carries_the_headers_that_keep_it_private(browse):
    for address in ("/people/sign-in/", "/people/units/", "/no-such-page/"):
        answer = browse("clerk").get(address)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    cookie = browse("clerk").cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
