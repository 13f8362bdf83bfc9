"""Releases drafted from records: each figure points at its thing, a difference stops the text."""

from datetime import timedelta

import pytest

from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.press import queries, services
from bihuan.projects.models import Project
from bihuan.projects.sample import load_sample as load_projects
from bihuan.roads import sample as roads
from bihuan.site import story
from bihuan.snow import sample as snow
from bihuan.snow import services as snow_services
from bihuan.snow.models import SituationReport


@pytest.fixture
def report(told) -> SituationReport:
    """The issued situation report of the sample snowfall: 3970 people, 53 turn-outs."""
    roads.load_sample()
    storm = snow.load_sample()
    assert storm is not None
    return storm.situations.get(state="issued")


def offered(by, kind: str) -> list[str]:
    return [one.key for one in queries.offers(by).get(kind, ("", []))[1]]


def test_a_situation_report_becomes_a_text_whose_figures_point_at_it(report, post):
    made = services.draft_from("snow.situationreport", str(report.pk), by=post("clerk"))
    assert "3970人次" in made.body
    assert "53台次" in made.body
    assert "截至2022年1月24日12时" in made.subheadline
    pointed = {one.code: (one.value, one.period) for one in made.figures.all()}
    assert pointed["turnouts"] == ("53 台次", "截至2022年1月24日12时")
    assert pointed["people"][0] == "3,970 人次"
    assert services.obstacles(made) == []


@pytest.mark.parametrize(("right", "wrong"), [("53台次", "54台次"), ("3970人次", "3907人次")])
def test_a_changed_figure_is_named_and_stops_the_text(report, post, right, wrong):
    made = services.draft_from("snow.situationreport", str(report.pk), by=post("clerk"))
    services.edit(made, by=post("clerk"), body=made.body.replace(right, wrong))
    with pytest.raises(Refused) as refused:
        services.pass_on(made, by=post("clerk"))
    assert wrong in str(refused.value)
    made.refresh_from_db()
    assert made.state == "draft"


def test_a_figure_in_a_unit_that_nothing_has_is_said_to_be_of_unknown_origin(report, post):
    made = services.draft_from("snow.situationreport", str(report.pk), by=post("clerk"))
    made = services.edit(made, by=post("clerk"), body=made.body.replace("53台次", "53吨"))
    found = queries.release_checked(made)[0].found
    assert [one.params["found"] for one in found if one.code == "unknown"] == ["53吨"]


def test_what_is_offered_is_what_the_post_sees(report, post):
    assert offered(post("clerk"), "snow.situationreport") == [str(report.pk)]
    for by in (post("clerk"), post("econ-liaison"), post("duty")):
        for kind, (_label, found) in queries.offers(by).items():
            thing = queries.thing(kind)
            assert thing is not None
            for one in found:
                assert thing.tell(one.key, by).body, (kind, one.key)


@pytest.mark.parametrize("key", ["0", "999999", "x", "1 OR 1=1", ""])
@pytest.mark.parametrize("kind", ["snow.situationreport", "snow.review", "meetings.meeting",
                                  "reviews.review", "designs.reviewmeeting", "projects.project",
                                  "projects.batchtag", "assessment.round"])  # fmt: skip
def test_what_is_not_there_is_not_told_of(told, post, kind, key):
    with pytest.raises(NotFound):
        services.draft_from(kind, key, by=post("clerk"))


@pytest.mark.parametrize("kind", ["ballots.poll", "people.account", "reviews.criticism",
                                  "meetings.letter", "nothing.known"])  # fmt: skip
def test_what_may_never_leave_is_not_drafted_from(told, post, kind):
    with pytest.raises(NotFound):
        services.draft_from(kind, "1", by=post("clerk"))
    if kind != "nothing.known":
        with pytest.raises(ValueError, match=kind):
            queries.declare_thing(kind, queries.thing("projects.project"))


def test_a_draft_report_of_the_snow_is_not_offered(report, post):
    storm = report.storm
    storm.ended_at = None
    storm.save(update_fields=["ended_at"])
    made = snow_services.draft_situation(storm, by=post("duty"), as_of=clock.now())
    assert str(made.pk) not in offered(post("clerk"), "snow.situationreport")
    with pytest.raises(NotFound):
        services.draft_from("snow.situationreport", str(made.pk), by=post("clerk"))


def test_a_round_is_told_by_the_public_figures_and_their_doubts(told, post):
    from bihuan.assessment import sample

    story_figures = queries.stored()[0]
    assert story_figures
    sample.load_sample()
    by = post("clerk")
    kind = "assessment.round"
    (key, *_more) = offered(by, kind)
    made = services.draft_from(kind, key, by=by)
    assert "由第26位跃升至22位" in made.body
    assert "进出口总额（不含富士康结转）220亿元，同比增长91%" in made.body
    checked, _about = queries.release_checked(made)
    assert not [one for one in checked.found if one.severity in ("wrong", "lacking", "unknown")]
    assert sum(one.severity == "conflict" for one in checked.found) == 3  # C1, C2, C3 of the page
    assert made.figures.filter(observation__indicator__code="gdp").exists()


def test_projects_and_editions_are_told_with_their_sums(told, post):
    load_projects()
    by = post("clerk")
    project = Project.objects.exclude(total=None).order_by("pk")[0]
    made = services.draft_from("projects.project", str(project.pk), by=by)
    assert made.figures.get().code == "total"
    project.total = project.total * 2
    project.save(update_fields=["total"])
    with pytest.raises(Refused, match="总投资"):
        services.pass_on(made, by=by)
    for key in offered(by, "projects.batchtag"):
        edition = services.draft_from("projects.batchtag", key, by=by)
        assert services.obstacles(edition) == [], edition.body
        assert edition.figures.count() >= 1


def test_the_form_drafts_and_leads_to_the_text(report, browse):
    clerk = browse("clerk")
    page = clerk.get("/press/from/").content.decode()
    assert f"snow.situationreport:{report.pk}" in page
    answer = clerk.post("/press/from/", {"thing": f"snow.situationreport:{report.pk}"})
    assert answer.status_code == 302
    text = clerk.get(answer["Location"]).content.decode()
    assert "所说的那件事" in text
    assert "3,970 人次" in text
    refused = clerk.post("/press/from/", {"thing": "ballots.poll:1"})
    assert refused.status_code == 422
    assert browse("auditor").get("/press/from/").status_code in (403, 404)


def test_a_public_reader_sees_when_each_figure_was_so(report, post, published, browse):
    made = services.draft_from("snow.situationreport", str(report.pk), by=post("econ-liaison"))
    page = browse().get(published(made).public_url()).content.decode()
    assert "出动车辆：53 台次，截至2022年1月24日12时" in page


def test_the_day_of_a_text_is_never_after_today(told, post):
    load_projects()
    by = post("clerk")
    project = Project.objects.order_by("pk")[0]
    project.stage_on = clock.today() + timedelta(days=9)
    project.save(update_fields=["stage_on"])
    assert services.draft_from("projects.project", str(project.pk), by=by).event_on == clock.today()


def test_the_sample_story_is_the_same_world(told):
    story.tell()  # told twice: nothing doubles
    assert len({one.pk for one in queries.stored()[0]}) == len(queries.stored()[0])
