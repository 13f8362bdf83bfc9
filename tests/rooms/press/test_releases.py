"""A release: one person a step, figures that agree, nothing that may not leave, corrected anew."""

from datetime import timedelta

import pytest

from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.press import queries, rules, services
from tests.rooms.press.conftest import TRUE


def test_it_goes_from_the_draft_to_the_public_one_person_a_step(release, published, post, browse):
    one = published(release())
    assert (one.state, one.published_at is not None) == ("published", True)
    assert [step.step for step in queries.steps(one)] == [
        "write", "submit", "pass", "review", "pass", "publish",
    ]  # fmt: skip
    page = browse().get(one.public_url()).content.decode()
    assert "220亿元" in page
    assert "不含富士康结转" in page
    assert "2020年" in page  # the figure's period stands under the text


def test_nobody_takes_two_steps_after_one_another(release, post):
    one = release()
    services.pass_on(one, by=post("econ-liaison"))
    with pytest.raises(NotAllowed):
        services.pass_on(one, by=post("econ-liaison"))
    services.pass_on(one, by=post("econ-head"))
    one.refresh_from_db()
    assert one.state == "office"


def test_a_number_that_differs_stops_it_and_is_named(release, post):
    one = release(TRUE.replace("220", "230"))
    with pytest.raises(Refused, match="230亿元"):
        services.pass_on(one, by=post("econ-liaison"))
    services.edit(one, by=post("econ-liaison"), body=TRUE)
    assert services.pass_on(one, by=post("econ-liaison")).state == "unit"


def test_each_figure_points_at_the_version_it_agrees_with(release):
    one = release()
    told = {(f.observation.indicator.code, str(f.observation.value.normalize())) for f in
            one.figures.select_related("observation__indicator")}  # fmt: skip
    assert ("trade", "2.2E+2") in told
    wrong = release(TRUE.replace("220", "230"))
    assert not wrong.figures.filter(observation__indicator__code="trade", at=TRUE.index("220") + 5)


def test_when_a_stored_figure_is_revised_a_text_on_its_way_is_stopped(release, post):
    from bihuan.facts import queries as facts
    from bihuan.facts import services as facts_services

    one = release()
    services.pass_on(one, by=post("econ-liaison"))
    held = facts.current().get(indicator__code="trade", unit__kind="zone")
    facts_services.revise(
        held, by=post("statistician"), value=held.value + 1, quote="修订后的进出口总额221亿元",
        reason="示例修订",
    )  # fmt: skip
    with pytest.raises(Refused, match="221"):
        services.pass_on(one, by=post("econ-head"))


def test_without_a_review_nothing_is_published_and_an_edit_undoes_the_review(release, post):
    one = release()
    services.pass_on(one, by=post("econ-liaison"))
    services.pass_on(one, by=post("econ-head"))
    with pytest.raises(Refused, match="逐一回答"):
        services.review(one, by=post("clerk"), answers={})
    with pytest.raises(Refused, match="国家秘密"):
        services.review(one, by=post("clerk"), answers=services.codes(["secret"]))
    services.review(one, by=post("clerk"), answers=services.codes(()))
    one = services.edit(one, by=post("clerk"), headline="另一个标题")
    assert one.reviewed is False
    services.pass_on(one, by=post("clerk"))
    with pytest.raises(Refused, match="发布前审查"):
        services.pass_on(one, by=post("leader"))


@pytest.mark.parametrize(
    "text",
    [
        "联系电话13800000000",
        "身份证11010119900101001X",
        "车牌豫A·12345",
        "某某得票 35",
        "优秀 30 票较好 5 票",
    ],
)
def test_what_belongs_to_a_person_does_not_leave(release, post, text):
    one = release(TRUE + text)
    with pytest.raises(Refused, match="不得公开"):
        services.pass_on(one, by=post("econ-liaison"))


@pytest.mark.parametrize(
    "label",
    ["ballots.voter", "reviews.criticism", "reviews.sitting", "meetings.letter", "fleet.position",
     "people.person", "ledger.finding"],
)  # fmt: skip
def test_what_may_never_leave_is_no_source(release, label):
    assert rules.forbidden(label)
    with pytest.raises(Refused, match="不得公开"):
        release(about=(label, "1", "某事"))


def test_meetings_projects_and_storms_may_be_told_of(release):
    for label in ("meetings.meeting", "projects.project", "snow.storm", "facts.observation"):
        assert rules.forbidden(label) == ""
    assert release(about=("meetings.meeting", "1", "测评会")).thing_name == "测评会"


def test_what_is_published_is_never_changed_only_corrected(release, published, post, browse):
    one = published(release())
    with pytest.raises(Refused, match="新的一篇更正"):
        services.edit(one, by=post("leader"), headline="改")
    with pytest.raises(Refused, match="不能撤回"):
        services.drop(one, by=post("econ-liaison"), note="错了")
    with pytest.raises(Refused, match="更正了什么"):
        services.correct(one, by=post("econ-liaison"), correction=" ")
    newer = services.correct(one, by=post("econ-liaison"), correction="标题有误", headline="新标题")
    assert queries.correction_of(one) is None  # only a draft so far
    newer = published(newer)
    assert queries.correction_of(one) == newer
    old = browse().get(one.public_url()).content.decode()
    assert "标题有误" in old
    assert newer.public_url() in old
    assert one.public_url() in browse().get(newer.public_url()).content.decode()


def test_sent_back_it_is_a_draft_again_and_says_why(release, post):
    one = release()
    services.pass_on(one, by=post("econ-liaison"))
    with pytest.raises(Refused, match="退回的理由"):
        services.send_back(one, by=post("econ-head"), note="")
    one = services.send_back(one, by=post("econ-head"), note="少一个口径")
    assert one.state == "draft"
    assert queries.steps(one)[-1].note == "少一个口径"


def test_drafts_of_one_unit_are_not_found_by_another(release, post, browse):
    one = release()
    assert not queries.releases_for(post("edu-head")).filter(pk=one.pk).exists()
    assert browse("edu-head").get(one.get_absolute_url()).status_code == 404
    assert browse().get(one.public_url()).status_code == 404
    assert queries.releases_for(post("leader")).filter(pk=one.pk).exists()


def test_the_clock_of_disclosure_runs_twenty_working_days(release, published):
    fresh = release()
    assert queries.disclosure(fresh).left == 20
    old = release(event_on=clock.today() - timedelta(days=45))
    assert queries.disclosure(old).late
    assert not queries.disclosure(published(fresh)).late


def test_every_step_leaves_an_audit_entry_and_a_digest_of_the_text(release, published):
    one = published(release())
    acts = set(Entry.objects.filter(thing_type="press.release").values_list("act", flat=True))
    assert {"press.release.write", "press.release.submit", "press.release.publish"} <= acts
    assert len({step.digest for step in queries.steps(one)}) == 1


def test_all_that_is_wrong_with_a_draft_is_said_at_once(told, post):
    with pytest.raises(Refused) as refused:
        services.write(
            by=post("econ-liaison"), headline=" ", body=" ",
            event_on=clock.today() + timedelta(days=1),
        )  # fmt: skip
    assert all(word in str(refused.value) for word in ("标题", "正文", "不得晚于今天"))
