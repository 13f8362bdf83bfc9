"""The audit pages, and the 经过 panel in the reader's words."""

import json

import pytest
from django.utils import translation

from bihuan.audit import pages, queries, rules, services
from bihuan.audit.forms import SearchForm
from bihuan.base import clock
from bihuan.people import services as people
from bihuan.people.models import Account, Role
from bihuan.ui import panel


def newest(thing) -> panel.Moment:
    return pages.timeline(thing).moments[-1]


def test_a_changed_field_is_called_by_its_name_and_its_code_by_its_label(post, unit):
    people.amend_unit(unit("economy"), by=post("admin"), kind="park", name_en="Economy")
    changes = {name: (before, after) for name, before, after in newest(unit("economy")).changes}
    assert changes["类型"] == ("局办", "园区")
    assert changes["英文名称"] == ("Economic Development Bureau", "Economy")


def test_a_declared_key_is_called_as_its_room_declared_it(post, unit):
    people.add_alias(unit("economy"), by=post("admin"), name="经济局")
    assert newest(unit("economy")).changes == (("别名", "", "经济局"),)


def test_a_day_is_shown_in_words(post):
    day = clock.today()
    people.end_post(post("viewer"), by=post("admin"), on=day)
    assert newest(post("viewer")).changes == (("终止日期", "", clock.in_words(day)),)


def test_yes_and_no_and_lists_of_codes_are_shown_in_words(post, unit):
    held = post("viewer")
    people.amend_post(held, by=post("admin"), title=held.title, acting=True, title_en="Reader")
    assert newest(held).changes == (("代理", "否", "是"),)
    role = Role.objects.get(code="viewer")
    people.set_role(role, by=post("security"), verbs=["people.view", "audit.view"], reach="zone")
    ((label, _before, after),) = newest(role).changes
    assert label == "可做的事"
    assert after == "查看审计记录、查看机构与人员"


def test_nothing_in_a_history_is_a_bare_code(post, unit):
    """Every change recorded while the sample zone was made is shown under a Chinese name."""
    things = [unit("economy"), post("clerk"), Role.objects.get(code="clerk")]
    shown = [change for moment in pages.timeline(*things).moments for change in moment.changes]
    assert shown
    assert [name for name, _b, _a in shown if name.isascii()] == []


def test_a_field_or_a_noun_that_is_no_more_is_shown_as_it_was_written(unit):
    entry = services.record(
        None, "people.unit.alias", unit("economy"), changes={"gone_field": ("a", "b")}
    )
    entry.thing_type = "people.gone"
    assert pages._moment(entry).changes == (("gone_field", "a", "b"),)


def test_the_system_is_named_in_the_readers_language(unit):
    services.record(None, "people.unit.alias", unit("economy"))
    assert newest(unit("economy")).who == "系统"


@pytest.fixture
def signed_in(browse):
    """The auditor, after somebody has failed to sign in five times."""
    account = Account.objects.get(username="viewer")
    for _ in range(5):
        browse().post("/people/sign-in/", {"username": "viewer", "password": "wrong-wrong"})
    account.refresh_from_db()
    assert account.is_locked()
    return browse("auditor")


def test_the_chain_is_searched_by_sentence_by_code_by_actor_and_by_thing(signed_in):
    def found(**asked):
        answer = signed_in.get("/audit/", asked)
        assert answer.status_code == 200
        return answer.context["page"].table.pager.total

    everything = found()
    assert 0 < found(act="锁定") == found(act="people.account.lock") < everything
    assert 0 < found(actor="审计员") < everything
    assert 0 < found(thing="viewer") < everything
    assert found(act="没有这样的事") == 0
    assert found(since="2999-01-01") == 0
    assert found(until="2999-01-01") == everything
    assert found(since="whenever") == everything


def test_the_next_page_keeps_the_question(signed_in):
    page = signed_in.get("/audit/", {"act": "people"}).context["page"]
    assert page.table.pager.after == "/audit/?act=people&page=2"
    assert signed_in.get(page.table.pager.after).context["page"].table.pager.number == 2


def test_a_question_may_be_asked_in_english(db):
    sentences = services.acts()
    with translation.override("en"):
        word = translation.gettext(sentences["people.account.lock"])
        assert SearchForm({"act": word}).asked()["acts"] == ["people.account.lock"]


def test_an_export_can_be_checked_anywhere(signed_in):
    answer = signed_in.get("/audit/export/")
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = b"".join(answer.streaming_content).decode().splitlines(keepends=True)
    check = rules.check_lines(lines, expect=queries.head())
    assert check.whole
    assert check.count == len(lines)
    altered = json.loads(lines[2]) | {"note": "改"}
    lines[2] = json.dumps(altered, ensure_ascii=False) + "\n"
    assert rules.check_lines(lines).broken_at == 3


@pytest.mark.parametrize("address", ["/audit/", "/audit/export/"])
def test_without_the_permission_there_is_no_such_page(browse, address):
    for username in ("admin", "security", "clerk", "viewer"):
        assert browse(username).get(address).status_code == 404
    assert browse().get(address).headers["Location"].startswith("/people/sign-in/")


def test_the_page_says_the_audit_root(signed_in):
    seq, head = queries.head()
    assert f"第 {seq} 条，{head[:16]}" in signed_in.get("/audit/").context["page"].intro
