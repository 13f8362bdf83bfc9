"""After the count: three results apart, exact composites, decided grades, letters, findings."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from bihuan.audit.models import Entry
from bihuan.ballots import bridge as boxes
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.facts import queries as facts
from bihuan.facts.models import Observation
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.meetings import queries, rules, services
from bihuan.meetings.models import Letter, Meeting, Use
from bihuan.meetings.pages import printing
from bihuan.meetings.queries import results
from bihuan.meetings.services import scores


def test_three_items_are_three_results(counted):
    told = results.rows(counted)
    items = {row.item for row in told if row.item != results.JOINED}
    assert items == {"building", "integrity", "ideology"}
    assert len([row for row in told if row.item == "building"]) == 5


def test_the_composite_is_exact_and_a_missing_part_is_no_zero(counted, post, reporter):
    one = reporter(counted, "organs")
    assert results.composite_of(counted, one).missing == ("everyday", "survey", "building")
    assert results.composite_of(counted, one).score is None
    for part, value in (("everyday", "70.1"), ("survey", "80.2"), ("building", "90.3")):
        services.enter_parts(
            counted, by=post("clerk"), code=part, values={"organs": Decimal(value)}, basis="档案"
        )
    ballot = next(
        row.score for row in results.rows(counted) if (row.unit, row.item) == ("organs", "")
    )
    wanted = ballot * Fraction(2, 5) + (
        Fraction("70.1") + Fraction("80.2") + Fraction("90.3")
    ) * Fraction(1, 5)
    assert results.composite_of(counted, one).score == wanted


def test_parts_are_entered_by_the_clerk_with_a_basis_and_never_overwritten(counted, post):
    clerk, values = post("clerk"), {"organs": Decimal(80)}
    with pytest.raises(Refused) as refused:
        services.enter_parts(
            counted, by=clerk, code="ballot", values={"organs": Decimal(101)}, basis=""
        )
    assert len(refused.value.sentences) == 3
    services.enter_parts(counted, by=clerk, code="survey", values=values, basis="甲")
    with pytest.raises(Refused, match="没有改动"):
        services.enter_parts(counted, by=clerk, code="survey", values=values, basis="乙")
    services.enter_parts(
        counted, by=clerk, code="survey", values={"organs": Decimal(82)}, basis="复核"
    )
    versions = [row.version for row in counted.reporters.get(unit__code="organs").parts.all()]
    assert versions == [1, 2]
    with pytest.raises(NotAllowed):
        services.enter_parts(counted, by=post("leader"), code="survey", values=values, basis="甲")


def _parts(counted, post):
    for part in ("everyday", "survey", "building"):
        values = {one.unit.code: Decimal(80) for one in queries.reporters(counted)}
        services.enter_parts(counted, by=post("clerk"), code=part, values=values, basis="档案")


def test_a_grade_that_differs_from_the_computed_one_needs_a_reason(counted, post, reporter):
    said = {"by": post("leader"), "basis": "党工委会议", "decided_on": clock.today()}
    with pytest.raises(Refused, match="还缺：平时了解、调查核实、党建考核"):
        services.decide(reporter(counted, "organs"), grade="good", **said)
    _parts(counted, post)
    computed = results.composite_of(counted, reporter(counted, "organs")).grade
    other = "poor" if computed != "poor" else "good"
    with pytest.raises(Refused, match="另定等次，请写明理由"):
        services.decide(reporter(counted, "organs"), grade=other, **said)
    with pytest.raises(NotAllowed):
        services.decide(
            reporter(counted, "organs"), grade=computed, **{**said, "by": post("clerk")}
        )
    services.decide(reporter(counted, "organs"), grade=other, reason="一票否决", **said)
    services.decide(reporter(counted, "organs"), grade=computed, **said)
    versions = reporter(counted, "organs").decisions.order_by("version")
    assert [(row.version, row.grade) for row in versions] == [(1, other), (2, computed)]


def test_when_every_grade_is_decided_the_round_moves_on(decided):
    assert decided.state == "decided"


def test_letters_go_to_each_unit_and_nobody_else(decided, post, browse):
    services.issue_letters(decided, by=post("clerk"))
    assert Letter.objects.filter(reporter__meeting=decided).count() == 5
    path = f"/meetings/{decided.pk}/units/education/letter"
    for username in ("edu-head", "clerk", "leader", "member"):
        assert browse(username).get(f"{path}/").status_code == 200, username
    for username in ("econ-head", "law-head", "checker", "guide", "viewer", "statistician"):
        assert browse(username).get(f"{path}/").status_code == 404, username
        assert browse(username).get(f"{path}.pdf").status_code == 404, username
    letter = Letter.objects.get(reporter__meeting=decided, reporter__unit__code="education")
    assert letter.content["composite"] == "差"
    assert [row["item"] for row in letter.content["items"]] == [
        "抓基层党建工作", "落实党风廉政建设责任制", "落实意识形态工作责任制",
    ]  # fmt: skip
    assert "rank" not in str(letter.content)
    edu = browse("edu-head")
    assert edu.post(f"{path}/sign/").status_code == 302
    letter.refresh_from_db()
    assert letter.read_by == post("edu-head")
    assert edu.get(f"{path}.pdf").content.startswith(b"%PDF")


def test_what_follows_from_a_grade_is_listed_by_the_plan(decided, post):
    services.issue_letters(decided, by=post("clerk"))
    uses = Use.objects.filter(reporter__meeting=decided, reporter__unit__code="education")
    assert set(uses.values_list("kind", flat=True)) == {"talk", "rectify", "no_award"}
    talk = uses.get(kind="talk")
    assert (talk.due - clock.today()).days == 10
    with pytest.raises(Refused, match="请写明怎样办的"):
        services.finish_use(talk, by=post("clerk"), note="")
    services.finish_use(talk, by=post("clerk"), note="书记已约谈")
    with pytest.raises(Refused, match="已经办结"):
        services.finish_use(talk, by=post("clerk"), note="再来")


def test_a_thing_goes_to_the_ledger_with_one_click_and_once(decided, post, browse):
    clerk = browse("clerk")
    path = f"/meetings/{decided.pk}/follow/raise/education/grade/all/"
    assert clerk.post(path).status_code == 302
    finding = Finding.objects.latest("pk")
    assert finding.source == "ballot"
    assert "综合评价为“差”" in finding.title
    assert finding.origin_type == "meetings.issue"
    assert clerk.post(path).status_code == 409
    assert Finding.objects.filter(origin_type="meetings.issue").count() == 1
    assert clerk.post(f"/meetings/{decided.pk}/follow/raise/bonded/grade/all/").status_code == 404


def test_requirements_become_tasks_where_the_clerk_says_so(decided, post, browse):
    services.add_requirements(
        decided, by=post("clerk"), texts=["提升基层治理水平", "", "  规范督导考核 "]
    )
    clerk = browse("clerk")
    base = f"/meetings/{decided.pk}/follow"
    assert clerk.post(f"{base}/raise/all/requirement/2/").status_code == 302
    finding = Finding.objects.latest("pk")
    assert (finding.title, finding.source) == ("规范督导考核", "meeting")
    assert clerk.post(f"{base}/requirements/1/general/").status_code == 302
    assert decided.requirements.get(number=1).general
    assert clerk.post(f"{base}/requirements/2/general/").status_code == 409


def test_scores_are_figures_that_only_the_leading_body_and_its_clerk_see(decided, post, browse):
    made = services.record_scores(decided, by=post("clerk"))
    assert made == 5 + 15
    with pytest.raises(Refused, match="已经登记"):
        services.record_scores(decided, by=post("clerk"))
    rows = Observation.objects.filter(indicator__code__startswith="evaluation-")
    assert rows.filter(period__code=str(decided.year)).count() == made
    seen = {name: facts.visible_to(post(name), rows).count() for name in ("clerk", "leader")}
    assert seen == {"clerk": made, "leader": made}
    for username in ("viewer", "edu-head", "checker", "statistician"):
        assert not facts.visible_to(post(username), rows).exists(), username
        page = browse(username).get("/facts/").content.decode()
        assert "述职评议综合得分 " not in page, username
    one = rows.filter(unit__code="education")[0]
    assert browse("viewer").get(one.get_absolute_url()).status_code == 404


def test_a_round_is_complete_only_when_every_step_is_done_or_waived(decided, post, reporter):
    clerk, leader = post("clerk"), post("leader")
    services.issue_letters(decided, by=clerk)
    with pytest.raises(Refused) as refused:
        services.close(decided, by=clerk)
    told = "\n".join(map(str, refused.value.sentences))
    for part in (
        *("各单位述职报告收齐", "主持人讲话", "结果运用逐项落实", "须限期整改", "年度得分"),
        "票箱封存",
    ):
        assert part in told, part
    with pytest.raises(Refused, match="监票人还可以复票"):
        services.put_away(decided, by=leader)
    over = queries.check_until(decided) + timedelta(days=1)
    with clock.held_at(timezone.make_aware(datetime.combine(over, time(9)))):
        with pytest.raises(NotAllowed):
            services.put_away(decided, by=clerk)
        services.put_away(decided, by=leader)
    assert boxes.box(decided.poll.box_id).phase == "done"
    services.record_speech(decided, by=clerk, verdict="给予肯定", speech="从严从实抓好述职评议。")
    services.record_scores(decided, by=clerk)
    for use in Use.objects.filter(reporter__meeting=decided):
        services.finish_use(use, by=clerk, note="已办")
    concern = next(
        one
        for one in results.concerns(decided, reporter(decided, "education"))
        if one.kind == "grade"
    )
    finding = services.raise_issue(
        decided,
        by=clerk,
        reporter=reporter(decided, "education"),
        kind=concern.kind,
        key=concern.key,
        title=concern.title,
        description=concern.description,
    )
    ledger.assign(
        finding, by=clerk, lead_unit=reporter(decided, "education").unit, due=clock.today()
    )
    with pytest.raises(Refused) as refused:
        services.close(decided, by=clerk)
    assert ["各单位述职报告收齐" in str(one) for one in refused.value.sentences] == [True]
    with pytest.raises(NotAllowed):
        services.waive(decided, by=clerk, step="reports", reason="免")
    with pytest.raises(Refused, match="这一步不能免"):
        services.waive(decided, by=leader, step="ballot", reason="免")
    services.waive(decided, by=leader, step="reports", reason="补交的报告另行归档")
    services.close(decided, by=clerk)
    assert Meeting.objects.get(pk=decided.pk).state == "done"


def test_last_years_findings_stand_beside_this_years_report(decided, post, reporter, day):
    test_a_round_is_complete_only_when_every_step_is_done_or_waived(decided, post, reporter)
    following = services.open_round(
        by=post("clerk"), year=decided.year + 1, held_on=day.replace(year=day.year + 1),
        like=decided,
    )  # fmt: skip
    services.submit(following, by=post("clerk"))
    services.approve(following, by=post("leader"))
    found = queries.last_year(reporter(following, "education"), post("clerk"))
    assert [one.lead_unit.code for one in found] == ["education"]
    assert queries.last_year(reporter(following, "organs"), post("clerk")) == []
    missing = {check.step: check.missing for check in queries.checks(following)}
    assert missing["last_year"]


def test_every_page_after_the_count_opens_for_the_leading_body_only(decided, post, browse):
    services.issue_letters(decided, by=post("clerk"))
    paths = ("", "results/", "results.pdf", "grades/", "follow/", "hall/", "units/education/")
    for username in ("clerk", "leader", "member"):
        browser = browse(username)
        for path in paths:
            assert browser.get(f"/meetings/{decided.pk}/{path}").status_code == 200, path
    for username in ("edu-head", "checker", "guide", "viewer"):
        for path in ("results/", "results.pdf", "grades/", "follow/"):
            answer = browse(username).get(f"/meetings/{decided.pk}/{path}")
            assert answer.status_code == 404, (username, path)


def test_the_chain_names_who_did_what(decided):
    acts = set(Entry.objects.filter(act__startswith="meetings.").values_list("act", flat=True))
    assert {
        "meetings.plan.approve", "meetings.meeting.begin", "meetings.reporter.call_on",
        "meetings.meeting.start_rating", "meetings.meeting.end_rating", "meetings.meeting.count",
        "meetings.part.enter", "meetings.decision.decide",
    } <= acts  # fmt: skip
    assert rules.reached(decided.state, "decided")


def test_the_year_in_review_tells_last_years_grade_to_those_who_may_know(decided, post, day):
    following = services.open_round(
        by=post("clerk"), year=decided.year + 1, held_on=day.replace(year=day.year + 1),
        like=decided,
    )  # fmt: skip
    services.submit(following, by=post("clerk"))
    services.approve(following, by=post("leader"))
    one = queries.reporter_of(following, "education")
    for username in ("clerk", "member", "edu-head"):
        assert queries.review(one, post(username)).grade.grade == "poor", username
    assert queries.review(one, post("checker")).grade is None


def test_a_composite_claims_no_more_than_the_ballot_tells(counted, post, reporter, monkeypatch):
    """Where only limits may be told, the composite has limits too, no single grade, no figure."""
    _parts(counted, post)
    one = reporter(counted, "organs")
    told = [
        replace(row, low=Fraction(46), high=Fraction(88), level="range", counts={}, cells={})
        if row.unit == "organs"
        else row
        for row in results.rows(counted)
    ]
    monkeypatch.setattr(results, "rows", lambda _meeting: told)
    joined = results.composite_of(counted, one)
    assert (joined.low, joined.high) == (Fraction("66.4"), Fraction("83.2"))
    assert joined.grade == ""
    assert len(joined.grades) > 1
    said = {"by": post("leader"), "basis": "党工委会议", "decided_on": clock.today()}
    with pytest.raises(Refused, match="测算的等次可能是"):
        services.decide(one, grade=joined.grades[0], **said)
    services.decide(one, grade=joined.grades[0], reason="会议研究", **said)
    paper = repr(printing.result_paper(counted).parts)
    assert "* 按披露规则不显示。" in paper
    made = scores.record(counted)
    others = [row for row in told if row.unit != "organs" and row.item != results.JOINED]
    assert made == sum(
        row.high - row.low <= results.FINEST for row in others if row.low is not None
    )
