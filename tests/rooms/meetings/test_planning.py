"""The plan: begun from last year's, written by the clerk, approved by another, then frozen."""

from datetime import timedelta

import pytest

from bihuan.audit.models import Entry
from bihuan.base.errors import NotAllowed, Refused
from bihuan.meetings import queries, rules, services
from bihuan.meetings.models import Meeting, Plan


def test_a_round_belongs_to_a_reporting_year_not_to_the_day_of_the_meeting(post, day):
    meeting = services.open_round(by=post("clerk"), year=day.year - 1, held_on=day)
    assert meeting.year == day.year - 1
    with pytest.raises(Refused, match="年度已有一轮"):
        services.open_round(by=post("clerk"), year=day.year - 1, held_on=day)
    with pytest.raises(Refused, match="当年或次年"):
        services.open_round(by=post("clerk"), year=day.year - 3, held_on=day)


def test_three_items_and_two_modes_are_what_a_plan_begins_with(drafted):
    document = queries.document(drafted)
    assert [row["name"] for row in document["items"]] == [
        "抓基层党建工作", "落实党风廉政建设责任制", "落实意识形态工作责任制",
    ]  # fmt: skip
    assert set(rules.MODES) == {"onsite", "written"}


def test_all_faults_of_a_plan_are_told_at_once(drafted, post):
    services.save_fields(
        drafted,
        by=post("clerk"),
        section="course",
        values=dict.fromkeys(rules.SECTIONS["course"][1], ""),
    )
    services.save_table(
        drafted,
        by=post("clerk"),
        table="grades",
        rows=[
            {"code": "good", "name": "好", "points": "80", "least": "60"},
            {"code": "fair", "name": "较好", "points": "90", "least": "x"},
        ],
    )
    with pytest.raises(Refused) as refused:
        services.submit(drafted, by=post("clerk"))
    told = [str(sentence) for sentence in refused.value.sentences]
    assert any("“述职报告截止”没有填" in one for one in told)
    assert any("“等次”第 2 行：“等次下限”应为不小于零的数" in one for one in told)
    assert any("从高到低排" in one for one in told)
    assert len(told) >= 6


def test_a_plan_that_no_box_could_count_is_not_handed_in(drafted, post):
    values = {code: queries.document(drafted)[code] for code in rules.SECTIONS["rules"][1]}
    values |= {"cap_grade": "good", "cap_most": 99}
    services.save_fields(drafted, by=post("clerk"), section="rules", values=values)
    with pytest.raises(Refused):  # a cap of 99 of five units caps nothing
        services.submit(drafted, by=post("clerk"))


def test_whoever_hands_in_a_plan_cannot_approve_it(drafted, post):
    services.submit(drafted, by=post("clerk"))
    with pytest.raises(NotAllowed):
        services.approve(drafted, by=post("clerk"))
    plan = queries.drafting(drafted)
    plan.drafted_by = post("leader")
    plan.save()
    with pytest.raises(Refused, match="报批的人不能自己批准"):
        services.approve(drafted, by=post("leader"))
    services.approve(drafted, by=post("secretary"))


def test_an_approved_plan_is_frozen_with_its_digest_and_lines_up_the_reporters(approved, post):
    plan = queries.in_force(approved)
    assert plan.digest == rules.digest(plan.document)
    assert approved.state == "preparing"
    lined = [(one.unit.code, one.mode) for one in queries.reporters(approved)]
    assert lined == [
        ("organs", "onsite"), ("education", "onsite"), ("investment", "onsite"),
        ("bonded", "written"), ("logistics", "written"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="没有草拟中的方案"):
        services.save_units(approved, by=post("clerk"), units=[("organs", "onsite")])
    entry = Entry.objects.filter(act="meetings.plan.approve").latest("seq")
    assert plan.digest in entry.changes


def test_a_plan_can_be_sent_back_with_what_to_change(drafted, post):
    services.submit(drafted, by=post("clerk"))
    with pytest.raises(Refused, match="请写明要改什么"):
        services.send_back(drafted, by=post("leader"), note=" ")
    services.send_back(drafted, by=post("leader"), note="权重请再议")
    assert queries.drafting(drafted).state == "draft"


def test_a_change_after_approval_is_a_new_version_and_the_old_one_stays(approved, post, reporter):
    with pytest.raises(Refused, match="请写明另立一版的原因"):
        services.new_version(approved, by=post("clerk"), reason="")
    services.new_version(approved, by=post("clerk"), reason="增加一个单位")
    units = [("organs", "onsite"), ("education", "onsite"), ("economy", "written")]
    services.save_units(approved, by=post("clerk"), units=units)
    assert queries.in_force(approved).version == 1  # until the new one is approved
    services.submit(approved, by=post("clerk"))
    services.approve(approved, by=post("leader"))
    assert [plan.state for plan in approved.plans.order_by("version")] == ["replaced", "approved"]
    assert [one.unit.code for one in queries.reporters(approved)] == [
        "organs", "education", "economy",
    ]  # fmt: skip
    assert approved.reporters.get(unit__code="bonded").withdrawn


def test_once_ballots_are_handed_out_the_plan_cannot_change(ready, post):
    from bihuan.ballots import services as ballots

    ballots.start_issuing(ready.poll, by=post("clerk"))
    ready.refresh_from_db()
    with pytest.raises(Refused, match="已经开始发票"):
        services.new_version(ready, by=post("clerk"), reason="太晚")


def test_a_box_of_an_older_version_is_not_used(ready, post):
    services.new_version(ready, by=post("clerk"), reason="改弃权")
    document = queries.drafting(ready).document
    values = {code: document[code] for code in rules.SECTIONS["rules"][1]} | {"abstain": False}
    services.save_fields(ready, by=post("clerk"), section="rules", values=values)
    with pytest.raises(Refused, match="正在草拟或待批准"):
        services.begin(ready, by=post("leader"))
    services.submit(ready, by=post("clerk"))
    services.approve(ready, by=post("leader"))
    ready = Meeting.objects.get(pk=ready.pk)
    with pytest.raises(Refused, match="照旧版设的"):
        services.begin(ready, by=post("leader"))
    before = ready.poll_id
    services.seal_box(ready, by=post("clerk"))  # the roll is taken over
    ready = Meeting.objects.get(pk=ready.pk)
    assert ready.poll_id != before
    assert ready.poll.voters.count() == 24
    assert ready.poll.plan["abstain"] is False
    services.begin(ready, by=post("leader"))


def test_last_years_plan_is_this_years_draft(approved, post, day):
    held_on = day + timedelta(days=366)
    following = services.open_round(
        by=post("clerk"), year=approved.year + 1, held_on=held_on, like=approved
    )
    document = queries.document(following)
    assert document["units"] == queries.document(approved)["units"]
    assert document["title"].startswith(str(approved.year + 1))
    assert document["reports_due"] == (held_on - timedelta(days=10)).isoformat()


def test_only_the_clerk_writes_plans(drafted, post):
    for username in ("leader", "econ-head", "checker", "guide", "viewer", "admin"):
        with pytest.raises(NotAllowed):
            services.save_units(drafted, by=post(username), units=[("organs", "onsite")])


def test_a_unit_that_is_not_registered_is_refused(drafted, post):
    with pytest.raises(Refused, match="机构名册里没有：nowhere"):
        services.save_units(drafted, by=post("clerk"), units=[("nowhere", "onsite")])


def test_hostile_names_stay_text(post, day, browse):
    meeting = services.open_round(by=post("clerk"), year=day.year - 1, held_on=day)
    values = {code: queries.document(meeting)[code] for code in rules.SECTIONS["basics"][1]}
    values |= {"title": "<script>alert(1)</script>{{ 7 }}%(n)s", "title_en": ""}
    services.save_fields(meeting, by=post("clerk"), section="basics", values=values)
    shown = browse("clerk").get(f"/meetings/{meeting.pk}/plan/").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}%(n)s" in shown
    assert Plan.objects.get(meeting=meeting).document["title"] == values["title"]
