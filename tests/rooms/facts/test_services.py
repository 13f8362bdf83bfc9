"""The verbs on one figure, on doubts, submissions and definitions."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from bihuan.audit import queries as audit
from bihuan.audit import rules as audit_rules
from bihuan.base.errors import NotAllowed, Refused
from bihuan.base.models import guards_missing
from bihuan.facts import queries, services
from bihuan.facts.models import Doubt, Framework, Group, Indicator, Observation, Period


@pytest.fixture
def gdp(bring, unit):
    """The zone's GDP as the page prints it."""
    bring()
    return queries.series("gdp", unit("zone")).get()


@pytest.fixture
def jobs(db):
    """An indicator that no file brought."""
    return services.define_indicator(by=None, code="jobs", name="城镇新增就业", measure="人")


def recorded(unit, indicator, **more):
    said = {"value": Decimal(1200), "measure": "人", "period": "2020", "quote": "新增就业1200人"}
    return services.record(**{"by": None, "unit": unit, "indicator": indicator, **said, **more})


# Append-only ------------------------------------------------------------------------------------


def test_no_program_can_change_or_remove_a_figure(gdp):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Observation.objects.filter(pk=gdp.pk).update(value=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Observation.objects.filter(pk=gdp.pk)._raw_delete("default")
    assert Observation.objects.get(pk=gdp.pk).value == 1202


def test_the_table_is_guarded(db):
    from django.db import connection

    assert "facts_observation" not in guards_missing(connection)


# Revising ---------------------------------------------------------------------------------------


def test_a_revision_is_a_newer_version_and_the_old_one_stays(gdp, post):
    newer = services.revise(
        gdp,
        by=post("statistician"),
        reason="普查后修订",
        value=Decimal("1210.50"),
        quote="修订为1210.50亿元",
    )
    assert (newer.version, newer.places, newer.submission) == (2, 2, None)
    assert [one.pk for one in queries.versions(gdp)] == [newer.pk, gdp.pk]
    assert queries.current(gdp.unit).get(indicator__code="gdp").pk == newer.pk
    gdp.refresh_from_db()
    assert (gdp.value, gdp.version) == (1202, 1)
    assert (newer.change, newer.scope, newer.base_period) == (
        gdp.change,
        gdp.scope,
        gdp.base_period,
    )
    assert newer.by == post("statistician")


def test_a_revision_needs_a_reason_and_a_difference(gdp):
    with pytest.raises(Refused, match="原因"):
        services.revise(gdp, by=None, reason=" ", value=Decimal(1))
    with pytest.raises(Refused, match="完全相同"):
        services.revise(gdp, by=None, reason="再看一遍", value=Decimal(1202))


def test_an_old_version_cannot_be_revised(gdp):
    services.revise(gdp, by=None, reason="更正", note="查过")
    with pytest.raises(Refused, match="最新一版"):
        services.revise(gdp, by=None, reason="更正", note="又查过")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"measure": "万亿"}, "不在用语表中"),
        ({"measure": "家"}, "不是同一类量"),
        ({"quote": ""}, "缺少"),
        ({"value": Decimal("NaN")}, "位数太多"),
        ({"value": Decimal(10) ** 20}, "位数太多"),
        ({"change_unit": "百分点"}, "百分点"),
    ],
)
def test_what_no_file_may_bring_nobody_may_type(gdp, said, words):
    with pytest.raises(Refused, match=words):
        services.revise(gdp, by=None, reason="更正", **said)
    assert Observation.objects.filter(version=2).count() == 0


def test_who_only_reads_does_not_revise(gdp, post):
    for who in ("viewer", "clerk", "econ-head"):
        with pytest.raises(NotAllowed):
            services.revise(gdp, by=post(who), reason="更正", value=Decimal(1))


def test_a_revision_runs_the_checks(gdp):
    assert Doubt.objects.get(rule="share_of_whole").state == "open"
    newer = services.revise(gdp, by=None, reason="更正", value=Decimal(1116), quote="1116")
    lapsed = Doubt.objects.get(rule="share_of_whole")
    assert (lapsed.state, lapsed.settled_by) == ("settled", None)
    # Back to what it was, and the doubt is back too.
    services.revise(newer, by=None, reason="更正有误", value=Decimal(1202), quote="1202")
    assert Doubt.objects.get(rule="share_of_whole").state == "open"


def test_an_open_doubt_follows_its_figures_to_their_newest_version(gdp):
    newer = services.revise(gdp, by=None, reason="补注", note="按现价")
    doubt = Doubt.objects.get(rule="share_of_whole")
    assert newer in doubt.observations.all()
    assert gdp not in doubt.observations.all()


# Recording --------------------------------------------------------------------------------------


def test_a_figure_is_recorded_once_and_then_only_revised(jobs, unit, post):
    made = recorded(unit("zone"), jobs, by=post("statistician"))
    assert (made.version, made.value, made.kind) == (1, 1200, "flow")
    assert Period.objects.get(code="2020") == made.period
    with pytest.raises(Refused, match="修订"):
        recorded(unit("zone"), jobs, value=Decimal(1300))
    assert recorded(unit("zone"), jobs, scope="不含劳务派遣").scope == "不含劳务派遣"
    assert audit.of(made).get().act == "facts.observation.record"


def test_all_that_is_wrong_with_a_typed_figure_is_told_at_once(jobs, unit):
    with pytest.raises(Refused) as refusal:
        recorded(unit("zone"), jobs, period="2099", quote="", measure="万亿")
    assert len(refusal.value.sentences) == 3


def test_a_period_nobody_can_read_is_not_guessed(jobs, unit):
    with pytest.raises(Refused, match="读不懂"):
        recorded(unit("zone"), jobs, period="去年")


def test_only_fields_of_a_figure_can_be_said(jobs, unit):
    with pytest.raises(TypeError):
        recorded(unit("zone"), jobs, version=7)


# Submissions ------------------------------------------------------------------------------------


def test_a_draft_does_not_count_until_it_is_handed_in_nor_after_it_is_sent_back(jobs, unit):
    draft = services.open_submission(by=None, unit=unit("zone"), period="2020", title="月报")
    made = recorded(unit("zone"), jobs, submission=draft)
    assert made not in queries.current()
    draft = services.submit(draft, by=None)
    assert made in queries.current()
    draft = services.accept(draft, by=None)
    assert made in queries.current()
    draft = services.send_back(draft, by=None, note="口径不明")
    assert made not in queries.current()
    assert draft.state == "returned"
    newer = services.revise(made, by=None, reason="补口径", note="常住人口")
    assert newer not in queries.current()
    services.submit(draft, by=None)
    assert list(queries.current().filter(indicator=jobs)) == [newer]


def test_when_the_newest_version_is_sent_back_the_one_before_counts_again(gdp, page, bring):
    page["facts"][2]["value"] = 1300
    page["facts"][2]["source"]["quote"] = "1300"
    result = bring(page, "误.json")
    assert queries.current(gdp.unit).get(indicator__code="gdp").value == 1300
    services.send_back(result.submission, by=None, note="送错了")
    assert queries.current(gdp.unit).get(indicator__code="gdp") == gdp


def test_an_empty_draft_is_not_handed_in_and_no_step_is_taken_twice(jobs, unit):
    draft = services.open_submission(by=None, unit=unit("zone"), period="2020", title="月报")
    with pytest.raises(Refused, match="还没有数"):
        services.submit(draft, by=None)
    recorded(unit("zone"), jobs, submission=draft)
    services.submit(draft, by=None)
    with pytest.raises(Refused, match="已提交"):
        services.submit(draft, by=None)
    with pytest.raises(Refused, match="原因"):
        services.send_back(draft, by=None, note="")


# Doubts -----------------------------------------------------------------------------------------


def test_a_doubt_is_settled_once_with_what_was_found_out(gdp, post):
    doubt = Doubt.objects.get(rule="ambiguous_time")
    with pytest.raises(NotAllowed):
        services.settle(doubt, by=post("viewer"), note="正午")
    with pytest.raises(Refused, match="查到了什么"):
        services.settle(doubt, by=post("statistician"), note=" ")
    services.settle(doubt, by=post("statistician"), note="原件为正午")
    with pytest.raises(Refused, match="已了结"):
        services.settle(doubt, by=post("statistician"), note="再来")
    services.check()
    doubt.refresh_from_db()
    assert (doubt.state, doubt.settled_by) == ("settled", post("statistician"))


def test_a_raised_doubt_stays_raised_and_says_what_it_became(gdp, unit):
    doubt = Doubt.objects.get(rule="share_of_whole")
    services.mark_raised(doubt, by=None, thing=unit("economy"))
    services.check()
    doubt.refresh_from_db()
    assert (doubt.state, doubt.thing_type, doubt.thing_name) == (
        "raised",
        "people.unit",
        "经济发展局",
    )
    with pytest.raises(Refused, match="已提出"):
        services.mark_raised(doubt, by=None, thing=unit("economy"))


def test_checking_again_finds_nothing_new(gdp):
    before = list(Doubt.objects.values_list("pk", "state"))
    assert services.check() == []
    assert list(Doubt.objects.values_list("pk", "state")) == before


def test_every_act_is_in_the_chain(gdp, post):
    services.settle(Doubt.objects.get(rule="lower_bound"), by=post("statistician"), note="下限无误")
    acts = [row["act"] for row in audit.rows()]
    assert "facts.submission.import" in acts
    assert acts.count("facts.doubt.find") == Doubt.objects.count()
    assert acts[-1] == "facts.doubt.settle"
    assert audit_rules.check_chain(audit.rows()).whole


# Definitions ------------------------------------------------------------------------------------


def test_a_weight_is_set_later_and_its_change_is_told(post):
    services.load_frameworks(by=None)
    framework = Framework.objects.get(code="2016")
    group = services.define_group(
        framework, by=post("statistician"), name="科技创新", weight=Decimal("22.5")
    )
    assert Group.objects.get(pk=group.pk).weight == Decimal("22.5")
    assert [entry.act for entry in audit.of(group)] == ["facts.group.define"] * 2
    services.load_frameworks(by=None)
    assert Group.objects.get(pk=group.pk).weight == Decimal("22.5")
    assert Framework.objects.count() == 2


def test_definitions_are_refused_where_they_make_no_sense(post):
    services.load_frameworks(by=None)
    framework = Framework.objects.get(code="2016")
    with pytest.raises(Refused, match="0 到 100"):
        services.define_group(framework, by=None, name="科技创新", weight=Decimal(101))
    with pytest.raises(Refused, match="用语表"):
        services.define_indicator(by=None, code="x", name="某", measure="万亿")
    with pytest.raises(NotAllowed):
        services.define_framework(by=post("clerk"), code="x", name="某")
    assert not Indicator.objects.filter(code="x").exists()


def test_a_new_unit_of_measure_is_registered_before_it_is_used(jobs, unit):
    with pytest.raises(Refused, match="用语表"):
        recorded(unit("zone"), jobs, measure="人日")
    with pytest.raises(Refused, match="量的是什么"):
        services.define_term(by=None, kind="unit", word="人日")
    services.define_term(by=None, kind="unit", word="人日", meaning="persons")
    assert recorded(unit("zone"), jobs, measure="人日").measure == "人日"
    with pytest.raises(Refused, match="已登记"):
        services.define_term(by=None, kind="unit", word="人日", meaning="persons")


def test_another_wording_of_an_indicator_is_the_same_indicator(bring, page, unit):
    bring()
    services.define_term(by=None, kind="name", word="外贸总额", meaning="进出口总额")
    page["facts"][3]["indicator_zh"] = "外贸总额"
    result = bring(page)
    assert (result.added, result.unchanged) == (0, 30)


# Who sees what ----------------------------------------------------------------------------------


def test_figures_of_another_bureau_are_not_seen_and_those_of_the_zone_are(bring, jobs, unit, post):
    bring()
    theirs = recorded(unit("economy"), jobs)
    assert theirs in queries.visible_to(post("econ-head"))
    assert theirs in queries.visible_to(post("statistician"))
    assert theirs not in queries.visible_to(post("edu-head"))
    assert queries.visible_to(post("edu-head")).filter(indicator__code="gdp").count() == 3
    assert not queries.visible_to(post("admin")).exists()


def test_a_doubt_about_figures_one_may_not_see_is_not_seen(jobs, unit, post):
    recorded(unit("economy"), jobs, quote="没有这个数")
    (doubt,) = queries.doubts_to_see()
    assert doubt in queries.doubts_to_see(post("econ-head"))
    assert doubt not in queries.doubts_to_see(post("edu-head"))
