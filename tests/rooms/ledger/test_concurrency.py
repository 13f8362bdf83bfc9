"""Acts at the same moment on one finding: one wins, the others are told what changed, no word lost.

Real threads on real connections, each committing for itself, on a database of their own.
"""

import threading
from collections import Counter
from datetime import timedelta

from django.test import Client

from bihuan.audit import queries as audit
from bihuan.audit import rules as audit_rules
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import services
from bihuan.ledger.models import Evidence, Finding, Progress
from bihuan.ledger.services import bulk
from bihuan.people import queries as people
from bihuan.people.models import Account, Post, Unit
from bihuan.site import demo
from tests.rooms.ledger.conftest import Walk, paper

TOGETHER = 4


def post(username: str) -> Post:
    return people.posts_of(Account.objects.get(username=username).person).order_by("pk")[0]


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def alone(writers, work):
    """One piece of work on a connection of its own; what it answers."""
    return writers(lambda _number: work(), 1)[0]


def at_once(writers, *works):
    """All of them at the same moment."""
    start = threading.Barrier(len(works))

    def run(number):
        start.wait(timeout=30)
        return works[number]()

    return writers(run, len(works))


def told(act):
    """What an act answers: "done", or the refusal."""
    try:
        act()
    except Refused as refusal:
        return str(refusal)
    return "done"


def entries(finding) -> Counter:
    return Counter(one.act.rsplit(".", 1)[-1] for one in audit.of(finding))


def test_of_four_different_acts_at_once_one_wins_and_three_are_told(writers):
    finding = alone(writers, lambda: Walk(post, unit).acknowledged())
    seen, later = finding.revision, clock.today() + timedelta(days=40)

    def act(step, who, **fields):
        return lambda: told(lambda: services.act(finding, step, by=post(who), seen=seen, **fields))

    answers = at_once(
        writers,
        act("plan", "econ-head", text="核对口径"),
        act("ask_extension", "econ-head", to=later, reason="等上级口径"),
        act("hand_over", "clerk", to=alone(writers, lambda: unit("planning")), note="分工调整"),
        act("plan", "econ-liaison", text="另一条措施"),
    )
    losers = [answer for answer in answers if answer != "done"]
    assert answers.count("done") == 1
    assert len(losers) == TOGETHER - 1
    assert all("在您打开页面之后" in answer for answer in losers)

    def left():
        now = Finding.objects.get(pk=finding.pk)
        return now.revision, entries(now), audit_rules.check_chain(audit.rows()).whole

    revision, done, whole = alone(writers, left)
    assert revision == seen + 1
    assert sum(done[step] for step in ("plan", "ask_extension", "hand_over")) == 1
    assert whole


def test_the_same_button_pressed_by_four_at_once_is_one_act(writers):
    finding = alone(writers, lambda: Walk(post, unit).assigned())
    acknowledge = {"by": alone(writers, lambda: post("econ-head")), "seen": finding.revision}
    answers = at_once(
        writers,
        *[lambda: told(lambda: services.act(finding, "acknowledge", **acknowledge))] * TOGETHER,
    )
    assert answers.count("done") == 1
    assert alone(writers, lambda: entries(finding)["acknowledge"]) == 1


def test_progress_and_evidence_of_different_people_are_all_kept(writers):
    finding = alone(writers, lambda: Walk(post, unit).rectifying())
    seen = finding.revision

    def report(who):
        by = post(who)
        services.act(finding, "report", by=by, seen=seen, text=f"{who} 的进展")

    def bring():
        by = post("econ-liaison")
        file = paper("现场")
        services.act(finding, "submit_evidence", by=by, seen=seen, upload=file, text="现场")

    answers = at_once(writers, lambda: told(lambda: report("econ-head")), lambda: told(bring))
    assert answers == ["done", "done"]
    kept = alone(
        writers,
        lambda: (
            Progress.objects.filter(finding=finding).count(),
            Evidence.objects.filter(finding=finding).count(),
            Finding.objects.get(pk=finding.pk).revision,
        ),
    )
    assert kept == (1, 1, seen + 2)


def test_the_loser_sees_what_changed_and_keeps_every_word(writers):
    finding = alone(writers, lambda: Walk(post, unit).acknowledged())
    address = finding.get_absolute_url()
    words = {"econ-head": "甲写的措施，一个字不丢", "econ-liaison": "乙写的措施，一个字不丢"}

    def browser(username):
        client = Client()
        client.post("/people/sign-in/", {"username": username, "password": demo.PASSWORD})
        return client

    browsers = {who: alone(writers, lambda who=who: browser(who)) for who in words}

    def send(who):
        typed = {"seen": finding.revision, "text": words[who]}
        return lambda: browsers[who].post(f"{address}plan/", typed)

    answers = dict(zip(words, at_once(writers, *map(send, words)), strict=True))
    assert sorted(answer.status_code for answer in answers.values()) == [302, 409]
    loser = next(who for who, answer in answers.items() if answer.status_code == 409)
    page = answers[loser].content.decode()
    assert words[loser] in page
    assert "已经“制定措施”" in page


def test_bulk_acts_at_once_do_each_finding_once(writers):
    def several():
        return [Walk(post, unit).assigned() for _ in range(3)]

    found = alone(writers, several)
    seen = {finding.pk: finding.revision for finding in found}

    def sign(who):
        return lambda: bulk.act_on_each(found, "acknowledge", by=post(who), seen=seen)

    first, second = at_once(writers, sign("econ-head"), sign("econ-liaison"))
    for one, other in zip(first, second, strict=True):
        assert {one.done, other.done} == {True, False}
    assert alone(writers, lambda: [entries(f)["acknowledge"] for f in found]) == [1, 1, 1]
