"""Bulk acts: the preview tells what will happen to each and writes nothing; then one press."""

import re
from datetime import timedelta

import pytest

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import rules, services
from bihuan.ledger.models import Finding, Notice, Stint
from bihuan.ledger.services import bulk
from tests.rooms.ledger.conftest import Walk


def stands():
    """Everything that a bulk act could change."""
    return (
        list(Finding.objects.order_by("pk").values_list("pk", "revision", "state", "due")),
        Stint.objects.count(),
        Notice.objects.count(),
        audit.head(),
    )


def seen(*found):
    return {finding.pk: finding.revision for finding in found}


@pytest.fixture
def three(post, unit):
    """Two assigned findings, and one that is acknowledged already."""
    two = [Walk(post, unit).assigned() for _ in range(2)]
    return [*two, Walk(post, unit).acknowledged()]


def test_a_preview_tells_what_would_happen_and_writes_nothing(three, post):
    before = stands()
    outcomes = bulk.preview(three, "acknowledge", by=post("econ-head"), seen=seen(*three))
    assert stands() == before
    assert [one.done for one in outcomes] == [True, True, False]
    assert outcomes[0].acts[0].changes == (("状态", "已交办", "已签收"),)
    assert "已签收" in "".join(outcomes[2].why_not)


def test_what_was_previewed_is_what_is_done(three, post):
    how = {"by": post("econ-head"), "seen": seen(*three)}
    told = bulk.preview(three, "acknowledge", **how)
    done = bulk.act_on_each(three, "acknowledge", **how)
    assert [(one.finding, one.done, one.why_not) for one in told] == [
        (one.finding, one.done, one.why_not) for one in done
    ]
    assert [[m.changes for m in one.acts] for one in told] == [
        [m.changes for m in one.acts] for one in done
    ]


def test_what_somebody_moved_after_the_preview_is_left_alone(three, post):
    shown = seen(*three)
    services.acknowledge(three[0], by=post("econ-liaison"))
    outcomes = bulk.act_on_each(three[:2], "acknowledge", by=post("econ-head"), seen=shown)
    assert [one.done for one in outcomes] == [False, True]
    assert "联络员" in outcomes[0].why_not[0]


def test_too_many_at_once_are_refused(walk, post, monkeypatch):
    monkeypatch.setattr(rules, "BULK_MOST", 1)
    found = [walk.finding, walk.finding]
    with pytest.raises(Refused, match="至多办理 1 个"):
        bulk.possible(found, "assign", by=post("clerk"))


def test_extensions_are_decided_each_to_the_date_it_asked_for(post, unit):
    asked = []
    for days in (20, 30):
        finding = Walk(post, unit).rectifying(days=10)
        later = finding.due + timedelta(days=days)
        services.ask_extension(finding, by=post("econ-head"), to=later, reason="等上级口径")
        asked.append((Finding.objects.get(pk=finding.pk), later))
    without = Walk(post, unit).rectifying()
    found = [finding for finding, _later in asked] + [without]
    outcomes = bulk.act_on_each(
        found,
        "decide_extension",
        by=post("leader"),
        seen=seen(*found),
        granted=True,
        answer="同意",
    )
    assert [one.done for one in outcomes] == [True, True, False]
    assert "没有等待审批" in outcomes[2].why_not[0]
    for finding, later in asked:
        assert Finding.objects.get(pk=finding.pk).due == later


def test_only_what_the_ladder_has_reached_is_reminded_of_and_only_once(post, unit):
    soon, far = Walk(post, unit).acknowledged(days=2), Walk(post, unit).acknowledged(days=30)
    how = {"by": post("clerk"), "seen": seen(soon, far)}
    outcomes = bulk.act_on_each([soon, far], "remind", **how)
    assert [one.done for one in outcomes] == [True, False]
    again = bulk.act_on_each([soon], "remind", **how)
    assert not again[0].done
    assert Notice.objects.filter(finding=soon).count() == 1


# On the pages -----------------------------------------------------------------------------------


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    form = page.split('action="/ledger/bulk/"', 1)[1].split("</form>", 1)[0]
    inputs = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', form)
    return {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}


def test_a_clerk_assigns_several_in_three_presses(browse, post, unit):
    found = [Walk(post, unit).finding for _ in range(2)]
    clerk = browse("clerk")
    chosen = {"act": "assign", "chosen": [finding.pk for finding in found]}
    page = clerk.get("/ledger/bulk/", chosen).content.decode()
    assert "看会怎样" in page
    due = clock.today() + timedelta(days=9)
    typed = hidden(page) | {
        "lead_unit": unit("economy").pk,
        "due": due.isoformat(),
        "days_unit": "working",
    }
    page = clerk.post("/ledger/bulk/", typed).content.decode()
    assert "牵头单位：经济发展局" in page
    assert Finding.objects.filter(state="draft").count() == 2
    page = clerk.post("/ledger/bulk/", hidden(page)).content.decode()
    assert "已办理 2 个" in page
    for finding in found:
        finding.refresh_from_db()
        assert (finding.state, finding.lead_unit, finding.due) == (
            "assigned",
            unit("economy"),
            due,
        )


def test_what_needs_no_words_is_previewed_at_once(browse, three):
    head = browse("econ-head")
    chosen = {"act": "acknowledge", "chosen": [finding.pk for finding in three]}
    page = head.get("/ledger/bulk/", chosen).content.decode()
    assert "确认后办理 2 个，不办理 1 个" in page
    assert hidden(page)["confirmed"] == "yes"
    page = head.post("/ledger/bulk/", hidden(page)).content.decode()
    assert "已办理 2 个" in page


def test_everything_under_a_filter_can_be_chosen(browse, three):
    head = browse("econ-head")
    page = head.get("/ledger/?state=assigned").content.decode()
    assert "筛选出的 2 个全部选中" in page
    page = head.get("/ledger/bulk/?act=acknowledge&whole=on&state=assigned").content.decode()
    assert set(hidden(page)["rows"].split(",")) == {f"{f.pk}:{f.revision}" for f in three[:2]}


def test_faults_come_back_beside_their_fields(browse, walk):
    page = browse("clerk").post(
        "/ledger/bulk/", {"act": "assign", "rows": f"{walk.finding.pk}:0", "note": "请尽快"}
    )
    assert page.status_code == 422
    assert "请尽快" in page.content.decode()


def test_findings_of_others_cannot_be_chosen(browse, three):
    chosen = {"act": "acknowledge", "chosen": [finding.pk for finding in three]}
    page = browse("edu-head").get("/ledger/bulk/", chosen).content.decode()
    assert "没有选中问题" in page


@pytest.mark.parametrize("query", ["", "act=assign", "act=close", "act=nonsense"])
def test_an_act_that_is_not_ones_own_is_not_found(browse, query):
    assert browse("econ-head").get(f"/ledger/bulk/?{query}").status_code == 404


@pytest.mark.parametrize("rows", ["x:y", "9" * 40 + ":1", "1:" + "9" * 5000, ",,:"])
def test_nonsense_in_place_of_keys_is_nothing_chosen(browse, rows):
    page = browse("econ-head").post("/ledger/bulk/", {"act": "acknowledge", "rows": rows})
    assert "没有选中问题" in page.content.decode()
