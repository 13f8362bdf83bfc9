"""The pages: every figure with its unit, scope and quote; nothing lost when a file is refused."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from bihuan.facts import pages, queries, services
from bihuan.facts.forms import ReviseForm
from bihuan.facts.models import Doubt, Framework, Indicator, Observation, Submission
from bihuan.facts.pages import listing
from bihuan.site import demo
from tests.rooms.facts.conftest import fact


def upload(content, name="zone_page.json"):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"upload": SimpleUploadedFile(name, data, content_type="application/json")}


def text(answer):
    return answer.content.decode()


@pytest.fixture
def gdp(bring, unit):
    bring()
    return queries.series("gdp", unit("zone")).get()


# Pages as data ----------------------------------------------------------------------------------


def test_the_zone_page_shows_every_figure_with_scope_change_and_quote(bring, unit):
    bring()
    panels = pages.zone_panels(unit("zone"))
    shown = [cell.value for panel in panels for row in panel.table.rows for cell in row.cells]
    assert "1,202 亿元" in shown
    assert "进出口总额(不含富士康结转)220亿元,同比增长91%" in shown
    assert "+0.2 个百分点" in shown
    assert "上升 4 位" in shown
    assert "5,000 把以上" in shown
    notes = [cell.note for panel in panels for row in panel.table.rows for cell in row.cells]
    assert "口径：不含富士康结转" in notes
    assert "12,003 亿元" in shown  # of the host city, beside the zone's own


def test_the_rank_is_drawn_with_the_better_place_on_top(bring, unit):
    bring()
    chart = pages.zone_panels(unit("zone"))[0]
    assert chart.reverse_y
    assert chart.series[0].values == (26.0, 22.0)
    assert len(chart.table.rows) == 2


def test_an_empty_zone_says_so(unit):
    (panel,) = pages.zone_panels(unit("zone"))
    assert "还没有数据" in panel.table.nothing


def test_a_figure_in_one_line_carries_scope_and_quote(bring, unit):
    bring()
    line = pages.in_one_line(queries.series("trade", unit("zone")).get())
    assert "220 亿元" in line
    assert "口径：不含富士康结转" in line
    assert "“进出口总额(不含富士康结转)220亿元,同比增长91%”" in line


def test_a_better_rank_is_good_and_more_energy_is_not(bring, unit):
    from bihuan.facts import words

    bring()
    rank = queries.series("rank", unit("zone")).last()
    energy = queries.series("energy", unit("zone")).get()
    assert words.change_tone(rank) == "good"
    assert words.change_tone(energy) == "good"
    energy.change_kind = "qualitative_up"
    assert words.change_tone(energy) == "bad"


def test_a_doubt_is_told_in_the_readers_language(bring):
    bring()
    doubt = queries.doubts_to_see().get(rule="share_of_whole")
    chinese = pages.title(doubt)
    with translation.override("en"):
        english = pages.title(doubt)
    assert chinese != english
    assert "12,003" in chinese
    assert "12,003" in english
    assert pages.explanation(doubt).count("\n") == 1


def test_the_revision_form_starts_with_the_digits_as_printed(bring, unit):
    bring()
    form = ReviseForm.of(queries.series("tax-share", unit("zone")).get())
    assert str(form.initial["value"]) == "17.5"
    assert str(form["value"].value()) == "17.5"


# Addresses --------------------------------------------------------------------------------------

PLACES = ("index", "doubts", "indicators", "frameworks", "submissions")


@pytest.mark.parametrize("who", ["statistician", "clerk", "econ-head", "viewer"])
def test_readers_open_every_page_of_figures(bring, browse, who):
    bring()
    things = [
        model.objects.first() for model in (Observation, Doubt, Indicator, Framework, Submission)
    ]
    addresses = [reverse(f"facts:{place}") for place in PLACES]
    visitor = browse(who)
    for address in [*addresses, *(thing.get_absolute_url() for thing in things)]:
        expected = {200, 404} if "/submissions/" in address else {200}
        assert visitor.get(address).status_code in expected, address


def test_those_without_the_verb_find_nothing(bring, browse):
    bring()
    admin, viewer = browse("admin"), browse("viewer")
    figure = Observation.objects.first()
    assert admin.get("/facts/").status_code == 404
    assert admin.get(figure.get_absolute_url()).status_code == 404
    for place in ("record", "import"):
        assert viewer.get(reverse(f"facts:{place}")).status_code == 404
    assert viewer.post(reverse("facts:revise", args=[figure.pk])).status_code == 404
    assert browse().get("/facts/").status_code == 302


def test_the_list_is_filtered_and_keeps_its_filters_from_page_to_page(bring, browse, unit):
    bring()
    visitor = browse("viewer")
    city = unit("city").pk
    page = text(visitor.get(f"/facts/?unit={city}"))
    assert "12,003 亿元" in page
    assert "1,202 亿元" not in page
    assert "没有符合条件的数" in text(visitor.get("/facts/?text=没有这回事"))
    assert visitor.get("/facts/?unit=x&page=nonsense&indicator=99999").status_code == 200


def test_a_long_list_has_pages_that_keep_the_question(bring, browse, unit, monkeypatch):
    bring()
    monkeypatch.setattr(listing, "PAGE", 10)
    page = text(browse("viewer").get(f"/facts/?unit={unit('zone').pk}&page=2"))
    assert f"unit={unit('zone').pk}&amp;page=1" in page
    assert f"unit={unit('zone').pk}&amp;page=3" in page


def test_the_list_asks_the_database_a_fixed_number_of_questions(
    bring, browse, django_assert_max_num_queries
):
    bring()
    visitor = browse("viewer")
    with django_assert_max_num_queries(20):
        assert visitor.get("/facts/").status_code == 200


# Revising, recording, settling ------------------------------------------------------------------


def test_a_figure_is_revised_on_its_page(gdp, browse):
    visitor = browse("statistician")
    page = visitor.get(gdp.get_absolute_url())
    form = page.context["page"].acts[0].form
    said = {n: form[n].value() for n in form.fields if form[n].value() not in (None, False, "")}
    answer = visitor.post(
        reverse("facts:revise", args=[gdp.pk]), {**said, "value": "1210.50", "reason": "普查修订"}
    )
    newer = queries.newest(gdp)
    assert answer.headers["Location"] == newer.get_absolute_url()
    assert (newer.version, newer.places, newer.change) == (2, 2, gdp.change)
    assert "普查修订" in text(visitor.get(newer.get_absolute_url()))
    assert "已有更新的一版" in text(visitor.get(gdp.get_absolute_url()))


def test_a_faulty_revision_comes_back_with_what_was_typed(gdp, browse):
    visitor = browse("statistician")
    answer = visitor.post(
        reverse("facts:revise", args=[gdp.pk]), {"value": "很多", "quote": "原话原话", "reason": ""}
    )
    assert answer.status_code == 422
    assert "原话原话" in text(answer)
    assert queries.newest(gdp) == gdp


def test_a_figure_is_recorded_by_form(bring, browse, unit):
    bring()
    visitor = browse("statistician")
    indicator = Indicator.objects.get(code="gdp")
    said = {"unit": unit("zone").pk, "indicator": indicator.pk, "period": "2021"}
    said |= {"value": "1250.0", "measure": "亿元", "quote": "1250.0亿元"}
    answer = visitor.post(reverse("facts:record"), said)
    made = queries.series("gdp", unit("zone")).last()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert (made.places, made.period.code, made.currency) == (1, "2021", "CNY")
    again = visitor.post(reverse("facts:record"), said)
    assert again.status_code == 409
    assert "已有这个数" in text(again)


def test_a_doubt_is_settled_on_its_page_with_words(bring, browse):
    bring()
    doubt = Doubt.objects.get(rule="ambiguous_time")
    visitor = browse("statistician")
    address = reverse("facts:settle", args=[doubt.pk])
    assert visitor.post(address, {"note": ""}).status_code == 422
    assert visitor.post(address, {"note": "原件为正午"}).status_code == 302
    doubt.refresh_from_db()
    assert doubt.state == "settled"
    assert "原件为正午" in text(visitor.get(doubt.get_absolute_url()))


# Importing --------------------------------------------------------------------------------------


def test_a_file_is_imported_by_form(browse):
    visitor = browse("statistician")
    assert visitor.get(reverse("facts:import")).status_code == 200
    answer = visitor.post(reverse("facts:import"), upload(demo.SAMPLE_PAGE.read_bytes()))
    submission = Submission.objects.get()
    assert answer.headers["Location"] == submission.get_absolute_url()
    page = text(visitor.get(submission.get_absolute_url()))
    assert "文件自带的核对说明" in page
    assert "队伍却有8支" in page
    assert Observation.objects.count() == 30


def test_all_faults_of_a_file_stand_on_one_page_and_nothing_is_stored(page, browse):
    fact(page, "F03")["value"] = "1202"
    fact(page, "F04")["unit"] = "<b>万亿</b>"
    answer = browse("statistician").post(reverse("facts:import"), upload(page))
    assert answer.status_code == 422
    shown = text(answer)
    assert "F03 的“数值（value）”应为数字" in shown
    assert "&lt;b&gt;万亿&lt;/b&gt;" in shown
    assert "<b>万亿" not in shown
    assert Observation.objects.count() == 0


def test_an_unknown_name_is_asked_for_and_the_file_is_not_asked_for_again(page, browse):
    for one in page["facts"]:
        one["subject"] = "某区" if one["subject"] == "经开区" else one["subject"]
    visitor = browse("statistician")
    first = visitor.post(reverse("facts:import"), upload(page, "某区.json"))
    assert first.status_code == 422
    form = first.context["page"].form.form
    assert form["unit-0"].label == "“某区”是哪个单位"
    typed = {name: form[name].value() or "" for name in form.fields if name != "upload"}
    again = visitor.post(reverse("facts:import"), {**typed, "unit-0": "zone"})
    assert again.status_code == 302
    assert Observation.objects.count() == 30
    assert Submission.objects.get().file_name == "某区.json"


def test_what_was_answered_stays_answered_while_another_name_is_asked_for(page, browse):
    fact(page, "F01")["subject"], fact(page, "F02")["subject"] = "甲区", "乙区"
    visitor = browse("statistician")
    form = visitor.post(reverse("facts:import"), upload(page)).context["page"].form.form
    typed = {name: form[name].value() or "" for name in form.fields if name != "upload"}
    second = visitor.post(reverse("facts:import"), {**typed, "unit-0": "all-zones"})
    assert second.status_code == 422
    form = second.context["page"].form.form
    answers = {form[f"name-{n}"].value(): form[f"unit-{n}"].value() for n in range(2)}
    assert answers == {"甲区": "all-zones", "乙区": ""}


@pytest.mark.parametrize(
    "data", [{}, {"kept": "???", "file_name": "x.json"}, {"kept": "", "unit-0": "zone"}]
)
def test_no_file_is_no_import(browse, data):
    answer = browse("statistician").post(reverse("facts:import"), data)
    assert answer.status_code == 422
    assert "请选择一个文件" in text(answer)


@pytest.mark.parametrize("content", [b"{", b'{"schema": 1}', b"[1]"])
def test_any_other_file_is_refused_with_a_sentence(browse, content):
    answer = browse("statistician").post(reverse("facts:import"), upload(content))
    assert answer.status_code == 422
    assert "。" in text(answer)


# Submissions and frameworks ---------------------------------------------------------------------


def test_a_submission_is_accepted_or_sent_back_by_another_with_a_reason(bring, browse):
    made = bring().submission
    own, judge = browse("statistician"), browse("clerk")
    assert "要由另一个人接收或退回" in text(own.get(made.get_absolute_url()))
    refused = own.post(reverse("facts:accept", args=[made.pk]), {})
    assert refused.status_code == 409
    assert "换一个任职也不行" in text(refused)
    assert judge.post(reverse("facts:accept", args=[made.pk]), {}).status_code == 302
    assert judge.post(reverse("facts:send-back", args=[made.pk]), {}).status_code == 422
    sent = judge.post(reverse("facts:send-back", args=[made.pk]), {"note": "口径不明"})
    assert sent.status_code == 302
    assert queries.current().count() == 0
    assert "220 亿元" in text(
        judge.get(made.get_absolute_url())
    )  # what was sent back is still seen
    assert own.post(reverse("facts:submit", args=[made.pk])).status_code == 302
    assert queries.current().count() == 30


def test_the_refusal_is_told_in_english_too(bring, browse):
    made = bring().submission
    visitor = browse("statistician")
    visitor.cookies["django_language"] = "en"
    refused = visitor.post(reverse("facts:accept", args=[made.pk]), {})
    assert refused.status_code == 409
    assert '<html lang="en">' in text(refused)
    assert "换一个任职" not in text(refused)


def test_what_was_never_published_is_said_on_the_framework_page(browse):
    services.load_frameworks(by=None)
    visitor = browse("statistician")
    old, new = Framework.objects.get(code="2016"), Framework.objects.get(code="2021")
    assert text(visitor.get(old.get_absolute_url())).count("未公布") >= 10
    assert "权重合计 100%" in text(visitor.get(new.get_absolute_url()))
    address = reverse("facts:define-group", args=[old.pk])
    assert visitor.post(address, {"name": "科技创新", "weight": "120"}).status_code == 422
    assert visitor.post(address, {"name": "科技创新", "weight": "20"}).status_code == 302
    assert "20%" in text(visitor.get(old.get_absolute_url()))


def test_an_indicator_says_what_it_is_a_share_of(bring, browse):
    bring()
    page = text(browse("viewer").get(Indicator.objects.get(code="gdp-share").get_absolute_url()))
    assert "整体所属单位" in page
    assert "郑州市" in page
    chart = text(browse("viewer").get(Indicator.objects.get(code="rank").get_absolute_url()))
    assert '"reverse_y": true' in chart


# Export -----------------------------------------------------------------------------------------


def test_the_list_is_exported_as_it_is_filtered(bring, browse, unit):
    bring()
    visitor = browse("viewer")
    indicator = Indicator.objects.get(code="trade")
    question = f"?indicator={indicator.pk}&unit={unit('zone').pk}"
    listed = text(visitor.get(reverse("facts:index") + question))
    address = reverse("facts:export", args=["csv"]) + "?unit="
    assert address in listed.replace("&amp;", "&")
    answer = visitor.get(reverse("facts:export", args=["csv"]) + question)
    heads, line = answer.content.decode("utf-8-sig").splitlines()
    assert heads.startswith("填报单位,指标,指标代码,时期,口径,数值")
    assert line.startswith("郑州经开区,进出口总额,trade,2020,不含富士康结转,220,,亿元,CNY")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    workbook = visitor.get(reverse("facts:export", args=["xlsx"]) + question)
    assert workbook.content.startswith(b"PK")
    assert visitor.get(reverse("facts:export", args=["pdf"])).status_code == 404


def test_figures_with_doubts_and_those_of_a_group_can_be_asked_for(bring, browse):
    bring()
    visitor = browse("viewer")
    doubted = text(visitor.get(reverse("facts:index") + "?doubted=on"))
    assert "国家级孵化器和众创空间</a>" not in doubted
    assert "地区生产总值</a>" in doubted
    group = Indicator.objects.get(code="gdp").group
    found = text(visitor.get(reverse("facts:index") + f"?group={group.pk}"))
    assert "进出口总额</a>" in found
    assert "高新技术企业</a>" not in found


def test_an_export_costs_the_same_number_of_questions(bring, django_assert_max_num_queries):
    bring()
    with django_assert_max_num_queries(1):
        _heads, lines = pages.export_rows(queries.current())
    assert len(lines) == 30


# Over time --------------------------------------------------------------------------------------


def test_a_year_without_a_figure_is_a_gap_and_a_revision_is_shown_beside(bring, unit):
    bring()
    gdp = Indicator.objects.get(code="gdp")
    said = {"by": None, "unit": unit("zone"), "indicator": gdp, "measure": "亿元"}
    services.record(**said, period="2017", value=Decimal(900), quote="900亿元")
    newest = queries.series("gdp", unit("zone")).last()
    services.revise(newest, by=None, reason="普查", value=Decimal(1210), quote="1210亿元")
    zone = [one for one in queries.current(unit("zone")) if one.indicator_id == gdp.pk]
    chart = pages.chart(zone, Observation.objects.filter(indicator=gdp, unit=unit("zone")))
    assert chart.categories == ("2017年", "2018年", "2019年", "2020年")
    now, first = chart.series
    assert now.values == (900.0, None, None, 1210.0)
    assert first.values == (None, None, None, 1202.0)
    assert first.name == "亿元（首次登记）"
    cells = [[cell.value for cell in row.cells] for row in chart.table.rows]
    assert [row[0] for row in cells] == list(chart.categories)
    assert [row[1] for row in cells] == ["900 亿元", "没有数", "没有数", "1,210 亿元"]
    assert cells[3][3] == "1,202 亿元"


def test_quarters_and_months_have_their_gaps_too():
    from bihuan.exchange.span import span
    from bihuan.facts import over_time

    for written, expected in (
        (["2020Q3", "2021Q1"], ["2020-Q3", "2020-Q4", "2021-Q1"]),
        (["2020-11", "2021-02"], ["2020-11", "2020-12", "2021-01", "2021-02"]),
        (["2020年末", "2022年末"], ["2020-end", "2021-end", "2022-end"]),
        (
            ["考核年度2020（数据年度2019）", "考核年度2022（数据年度2021）"],
            ["assess-2020-data-2019", "assess-2021-data-2020", "assess-2022-data-2021"],
        ),
        (["2022-01-21", "2022-03-01"], ["2022-01-21", "2022-03-01"]),
    ):
        periods = [over_time.unsaved(span(one)) for one in written]
        assert [slot.code for slot in over_time.slots(periods)] == expected
