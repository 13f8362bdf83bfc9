"""Pages: the sample, what each post is offered, tables edited with a look first, print and map."""

from datetime import date
from http import HTTPStatus

import pytest
from django.db import transaction
from django.utils import translation

from bihuan.projects import pages, queries, sample
from bihuan.projects.models import Project, RuleTable, StepRule
from bihuan.site.demo import acting as post_of
from bihuan.ui.chart import Chart
from tests.rooms.projects.conftest import paper


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The sample, made once for this module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("zh-hans"):
        sample.load_sample()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def zone(db):
    return {one.name.split("：")[0]: one for one in Project.objects.all()}


def test_the_sample_says_so_and_the_two_named_projects_say_only_what_the_page_says(zone):
    for project in Project.objects.filter(sample=True):
        assert project.name.startswith("示例数据")
    named = Project.objects.filter(sample=False)
    assert {one.name for one in named} == {"郑州恒海科技产业园", "鼎菱跨境综合产业园"}
    for one in named:
        assert (one.code, one.builder, one.total, one.unit, one.geometry, one.stage) == (
            "", "", None, None, None, "",
        )  # fmt: skip
        assert one.log.get().on == date(2022, 1, 21)
    sample.load_sample()
    assert Project.objects.count() == 8


def test_every_board_and_page_opens_in_both_languages(zone, browse):
    client = browse("coordinator")
    project = zone["示例数据1"]
    pages = [
        *("/projects/", "/projects/batches/", "/projects/key/", "/projects/filings/"),
        *("/projects/weekly/?week=junk", "/projects/blockages/", "/projects/library/"),
        *(f"/projects/{project.pk}/{part}" for part in ("", "preliminary/", "progress/", "plans/")),
        f"/projects/{project.pk}/history/",
        *(one.get_absolute_url() for one in project.plans.all()),
        *(one.get_absolute_url() for one in project.work.all()[:2]),
    ]  # fmt: skip
    for page in pages:
        for language in ("zh-hans", "en"):
            answer = client.get(page, headers={"accept-language": language})
            assert answer.status_code == HTTPStatus.OK, page


def test_the_portfolio_is_filtered_by_its_address(zone, browse):
    page = browse("coordinator").get("/projects/?stage=suspended").content.decode()
    assert "示例数据5" in page
    assert "示例数据1" not in page
    page = browse("coordinator").get("/projects/?level=province&batch=started").content.decode()
    assert "示例数据1" in page
    assert "示例数据2" not in page


def test_a_unit_sees_its_own_projects_only(zone, browse):
    page = browse("edu-head").get("/projects/").content.decode()
    assert "示例数据6" in page
    assert "示例数据1" not in page
    other = zone["示例数据1"].get_absolute_url()
    assert browse("edu-head").get(other).status_code == HTTPStatus.NOT_FOUND


def test_acts_are_offered_to_those_who_may_do_them(zone, browse):
    where = f"/projects/{zone['示例数据1'].pk}/"
    assert "登记一步" in browse("coordinator").get(where).content.decode()
    assert "登记一步" not in browse("econ-liaison").get(where).content.decode()
    assert "报送月报" in browse("econ-liaison").get(f"{where}progress/").content.decode()
    assert "报送月报" not in browse("clerk").get(f"{where}progress/").content.decode()
    answer = browse("econ-liaison").post(f"{where}do/advance/", {})
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_file_is_handed_out_only_with_its_own_project(zone, browse):
    one, other = zone["示例数据1"], zone["示例数据6"]
    proof = one.steps.all()[0].proof_id
    given = browse("coordinator").get(f"/projects/{one.pk}/files/{proof}/")
    assert "示例数据" in b"".join(given.streaming_content).decode()
    wrong = browse("coordinator").get(f"/projects/{other.pk}/files/{proof}/")
    assert wrong.status_code == HTTPStatus.NOT_FOUND


def test_a_faulty_form_loses_nothing_and_names_what_is_missing(zone, browse):
    project = zone["示例数据1"]
    month = f"{queries.month_of(date.today()):%Y-%m}"  # noqa: DTZ011 - the form offers this month
    answer = browse("econ-liaison").post(
        f"/projects/{project.pk}/do/file/", {"month": month, "progress": "写好的一段话"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "写好的一段话" in page
    assert "检查清单：缺“下月计划”" in page


def test_a_step_is_recorded_in_the_browser(zone, browse):
    project = zone["示例数据6"]
    where = f"/projects/{project.pk}/do/advance/"
    day = date.today().isoformat()  # noqa: DTZ011 - the clock is not held here
    bare = browse("coordinator").post(where, {"step": "started", "on": day})
    assert bare.status_code == 422
    assert "没有佐证" in bare.content.decode()
    done = browse("coordinator").post(where, {"step": "started", "on": day, "upload": paper()})
    assert done.status_code == HTTPStatus.FOUND
    project.refresh_from_db()
    assert project.stage == "started"


def test_a_rule_table_is_looked_at_before_it_is_saved(db, browse):
    client, where = browse("coordinator"), "/projects/library/tables/limits/"
    rows = [dict(row) for row in queries.tables.table("limits")]
    data = {"seen": 0, "lines": len(rows), "source": "示例决定"}
    for n, row in enumerate(rows):
        data |= {f"r{n}-{name}": value for name, value in row.items()}
    data["r0-value"] = 9
    looked = client.post(where, data)
    assert looked.status_code == HTTPStatus.OK
    assert "由“3”改为“9”" in looked.content.decode()
    assert "投资滞后的由" in looked.content.decode()
    assert not RuleTable.objects.exists()
    seen = looked.content.decode().split('name="looked" value="')[1].split('"')[0]
    assert client.post(where, data | {"looked": seen}).status_code == HTTPStatus.FOUND
    assert queries.tables.limit("soon_days") == 9
    assert browse("econ-head").post(where, data).status_code == HTTPStatus.NOT_FOUND


def test_a_step_of_the_library_is_changed_from_a_day_on(db, browse):
    client, where = browse("coordinator"), "/projects/library/steps/line_check/"
    held = queries.step_rule("line_check")
    data = {
        "name": held.name, "order": 90, "authority": "规划", "number": 3, "unit": "working",
        "bound": "most", "extra_number": 0, "valid_from": "2026-05-01", "source": "示例规定",
        "grade": "O", "document_number": 0, "document_unit": "month", "renewals": 0,
        "renewal_number": 0, "warn_days": 0, "in_use": "on", "after": ["works_permit"],
    }  # fmt: skip
    looked = client.post(where, data)
    assert looked.status_code == HTTPStatus.OK
    page = looked.content.decode()
    assert "由“5”改为“3”" in page
    assert StepRule.objects.filter(code="line_check").count() == 1
    seen = page.split('name="looked" value="')[1].split('"')[0]
    assert client.post(where, data | {"looked": seen}).status_code == HTTPStatus.FOUND
    assert queries.step_rule_on("line_check", date(2026, 5, 1)).number == 3
    assert queries.step_rule_on("line_check", date(2026, 4, 30)).number == 5
    assert StepRule.objects.filter(code="line_check").count() == 2


def test_a_place_that_cannot_be_is_told_and_a_card_without_one_has_no_map(db, browse):
    client = browse("coordinator")
    answer = client.post("/projects/enter/", {"name": "示例", "place": "三里以东"})
    assert answer.status_code == 422
    assert "位置写不明白" in answer.content.decode()
    answer = client.post("/projects/enter/", {"name": "示例", "place": "113.7,34.7"})
    assert answer.status_code == HTTPStatus.FOUND
    assert Project.objects.get(name="示例").geometry == {
        "type": "Point",
        "coordinates": [113.7, 34.7],
    }
    assert "data-map" in client.get(answer["Location"]).content.decode()


def test_one_click_leads_to_the_ledger(zone, browse):
    project = zone["示例数据1"]
    one = next(o for o in queries.concerns(project) if o.kind == "baseline")
    where = f"/projects/{project.pk}/raise/{one.kind}/{one.key}/"
    assert browse("econ-liaison").post(where).status_code == HTTPStatus.NOT_FOUND
    assert browse("clerk").post(where).status_code == HTTPStatus.FOUND
    again = next(o for o in queries.concerns(project) if o.kind == "baseline")
    assert again.finding is not None
    page = browse("clerk").get(again.finding.get_absolute_url()).content.decode()
    assert project.name in page


def test_a_month_that_was_not_filed_is_a_gap_in_the_chart(zone):
    with translation.override("zh-hans"):
        panels = pages.progress.progress(zone["示例数据1"], post_of("coordinator")).panels
    chart = next(one for one in panels if isinstance(one, Chart))
    assert None in chart.series[0].values
    assert len(chart.categories) == len(chart.series[0].values)


def test_no_step_of_the_sample_took_longer_than_the_law_allows(zone):
    late = [
        one.step.name
        for project in zone.values()
        for one in queries.all_clocked(project)
        if one.step.state == "done" and one.overdue
    ]
    assert late == []
