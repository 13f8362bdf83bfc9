"""A statistician works a whole period in the browser: opened, filled, pasted, judged by another."""

from decimal import Decimal

import pytest
from django.urls import reverse

from bihuan.audit import queries as audit
from bihuan.base.errors import NotAllowed, Refused
from bihuan.exchange import sheet
from bihuan.facts import block, filing, layout, pages, queries, services
from bihuan.facts.models import Indicator, Observation, Submission
from bihuan.people import services as people
from tests.rooms.facts.test_pages import text

HEAD = "指标\t数值\t计量单位\t口径\t变动\t原文"


@pytest.fixture
def gdp(bring, unit):
    bring()
    return queries.series("gdp", unit("zone")).get()


@pytest.fixture
def draft(gdp, unit, post):
    """An open submission of the zone for 2021."""
    return services.open_submission(by=post("statistician"), unit=unit("zone"), period="2021")


def rows(*lines):
    read = sheet.pasted("\n".join(lines)).lines
    return block.read(read, queries.known_terms(), pages.export_words())


def refused(submission, *lines, **more):
    """The sentences of the refusal; nothing at all may have been stored."""
    before = Observation.objects.count()
    with pytest.raises(Refused) as refusal:
        services.fill(submission, rows(*lines), by=None, **more)
    assert Observation.objects.count() == before
    return [str(sentence) for sentence in refusal.value.sentences]


# Opening ----------------------------------------------------------------------------------------


def test_a_unit_has_one_open_submission_for_a_period(draft, unit, post):
    assert (draft.title, draft.state) == ("郑州经开区 2021 填报", "draft")
    with pytest.raises(Refused, match="已有正在填的批次"):
        services.open_submission(by=None, unit=unit("zone"), period="2021")
    assert services.open_submission(by=None, unit=unit("economy"), period="2021")
    services.drop(draft, by=post("statistician"), note="填错了单位")
    assert services.open_submission(by=None, unit=unit("zone"), period="2021")


@pytest.mark.parametrize(("period", "words"), [("2099", "还没有到"), ("去年", "读不懂")])
def test_a_period_that_is_not_one_opens_nothing(db, unit, period, words):
    with pytest.raises(Refused, match=words):
        services.open_submission(by=None, unit=unit("zone"), period=period)


def test_who_may_not_record_opens_and_fills_nothing(draft, unit, post):
    for who in ("clerk", "viewer", "econ-head"):
        with pytest.raises(NotAllowed):
            services.open_submission(by=post(who), unit=unit("zone"), period="2022")
        with pytest.raises(NotAllowed):
            services.fill(draft, rows(HEAD, "地区生产总值\t1290\t亿元"), by=post(who))


# Filling ----------------------------------------------------------------------------------------


def test_a_pasted_block_becomes_figures_that_count_once_submitted(draft, unit, post):
    block_ = rows(
        HEAD,
        "地区生产总值\t1,290.50\t亿元\t\t7.4%\t",
        "进出口总额\t265\t\t不含富士康结转\t增长20.5%\t进出口总额(不含富士康结转)265亿元",
        "高新技术企业\t251\t家\t\t\t",
        "综合发展水平排名\t23\t位\t\t下降1位\t",
    )
    services.fill(draft, block_, by=post("statistician"))
    assert not queries.current().filter(submission=draft).exists()
    services.submit(draft, by=post("statistician"))
    made = {one.indicator.code: one for one in queries.current().filter(submission=draft)}
    gdp = made["gdp"]
    assert (gdp.value, gdp.places, gdp.period.code) == (Decimal("1290.5"), 2, "2021")
    assert (gdp.change, gdp.base_period.code) == (Decimal("7.4"), "2020")
    assert gdp.quote == "地区生产总值 1,290.50 亿元 7.4%"  # the row itself, where no quote is given
    assert gdp.source == draft.title
    # The unit of measure is the indicator's own where none is told; the scope keeps its series.
    assert (made["trade"].measure, made["trade"].scope) == ("亿元", "不含富士康结转")
    assert made["trade"].quote == "进出口总额(不含富士康结转)265亿元"
    # A stock at the year's end and a rank come again in their own kind of period.
    assert made["high-tech-firms"].period.code == "2021-end"
    assert made["rank"].period.code == "assess-2022-data-2021"
    assert (made["rank"].change, made["rank"].change_kind) == (1, "rank_change")
    acts = [entry.act for entry in audit.of(gdp)]
    assert acts == ["facts.observation.record"]


def test_all_faults_of_a_block_are_told_at_once_in_the_order_of_its_rows(draft):
    sentences = refused(
        draft,
        HEAD,
        "地区生产总值\t很多\t亿元\t\t\t",
        "进出口总额\t265\t家\t\t\t",
        "地区生产总直\t1\t亿元\t\t\t",
        "毫无此项\t1\t亿元\t\t\t",
        "税收收入占郑州市比重\t170\t%\t\t\t",
        "高新技术企业\t2.5\t家\t\t\t",
        "行政效能\t1\t\t\t\t",
    )
    assert all(f"第 {n} 行" in sentences[n - 2] for n in range(2, 9))
    assert "应为数字" in sentences[0]
    assert "不是同一类量" in sentences[1]
    assert "相近的有：地区生产总值" in sentences[2]
    assert "没有这个指标" in sentences[3]
    assert "0 到 100" in sentences[4]
    assert "不小于 0 的整数" in sentences[5]
    assert "没有计量单位" in sentences[6]
    assert all(sentence.endswith("。") for sentence in sentences)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2020\t地区生产总值\t1290\t\t", "不在这一批的时期"),
        ("去年\t地区生产总值\t1290\t\t", "读不懂"),
        ("\t地区生产总值\t1290\t郑州市\t", "请分开填报"),
        ("\t地区生产总值\t1290\t\t\n2021\t地区生产总值\t1291\t\t", "只留一个"),
    ],
)
def test_a_row_of_another_unit_or_period_is_refused(draft, line, words):
    head = "时期\t指标\t数值\t填报单位\t原文"
    assert any(words in sentence for sentence in refused(draft, head, line))


def test_figures_that_differ_from_what_is_there_need_a_reason(gdp, unit, post):
    again = services.open_submission(by=post("statistician"), unit=unit("zone"), period="2020")
    lines = (HEAD, "地区生产总值\t1210.5\t亿元\t\t13.5%\t", "高新技术企业\t195\t家\t\t\t")
    (sentence,) = refused(again, *lines)
    assert "有 1 个数与现有的不同：地区生产总值" in sentence
    done = services.fill(again, rows(*lines), by=post("statistician"), reason="普查")
    assert [one.outcome for one in done.placed] == ["revised", "same"]
    services.submit(again, by=post("statistician"))
    newest = queries.series("gdp", unit("zone")).last()
    assert (newest.version, newest.value, newest.reason) == (2, Decimal("1210.5"), "普查")
    assert newest.base_period.code == "2019"


def test_a_block_is_silent_on_what_it_has_no_column_for(gdp, unit):
    """An empty cell says that there is nothing; a missing column says nothing at all."""
    again = services.open_submission(by=None, unit=unit("zone"), period="2020")
    same = filing.read(again, rows("指标\t数值", "地区生产总值\t1202"))
    assert [one.outcome for one in same.placed] == ["same"]
    lost = filing.read(again, rows("指标\t数值\t变动", "地区生产总值\t1202\t"))
    assert [one.outcome for one in lost.placed] == ["revised"]


def test_what_is_exported_comes_back_unchanged(gdp, unit):
    """The whole published page out as CSV and pasted again: nothing new, nothing revised."""
    for written, count in (("2020", 17), ("2022-01-21", 1)):
        zone = queries.current(unit("zone"))
        again = services.open_submission(by=None, unit=unit("zone"), period=written)
        inside = [
            one
            for one in zone
            if again.period.starts <= one.period.starts
            and (one.period.ends or one.period.starts) <= again.period.ends
            and one.period.kind != "event"
        ]
        heads, lines = pages.export_rows(inside)
        content = sheet.csv_bytes(heads, lines)
        read = block.read(sheet.opened(content).lines, queries.known_terms(), pages.export_words())
        found = filing.read(again, read)
        assert found.sentences == ()
        assert {one.outcome for one in found.placed} == {"same"}
        assert len(found.placed) == count


def test_a_wrong_figure_of_a_draft_does_not_stand_in_the_way(draft, unit, post, gdp):
    """What waits in a draft that is dropped counts never, and blocks nobody."""
    services.fill(draft, rows(HEAD, "地区生产总值\t9999\t亿元\t\t\t"), by=post("statistician"))
    services.drop(draft, by=post("statistician"), note="填错了")
    wrong = Observation.objects.get(submission=draft)
    with pytest.raises(Refused, match="已作废"):
        services.revise(wrong, by=None, reason="再改", value=Decimal(1290))
    indicator = Indicator.objects.get(code="gdp")
    made = services.record(
        by=None,
        unit=unit("zone"),
        indicator=indicator,
        period="2021",
        quote="1290亿元",
        value=Decimal(1290),
        measure="亿元",
    )
    assert (made.version, made.reason) == (2, "此前填报的一版没有算数。")
    assert queries.series("gdp", unit("zone")).last() == made


def test_a_draft_of_somebody_does_not_block_a_revision(gdp, unit, post):
    other = services.open_submission(by=None, unit=unit("zone"), period="2020")
    services.fill(other, rows(HEAD, "地区生产总值\t1300\t亿元\t\t13.5%\t"), by=None, reason="试")
    newer = services.revise(gdp, by=post("statistician"), reason="更正", value=Decimal(1201))
    assert newer.version == 3
    assert queries.current(unit("zone")).get(indicator__code="gdp", period__code="2020") == newer


# Submitting and judging -------------------------------------------------------------------------


def second_post(post, username, unit_, role_code="clerk"):
    from bihuan.people.models import Role

    role = Role.objects.get(code=role_code)
    person = post(username).person
    return people.appoint(person, by=None, unit=unit_, role=role, title="示例数据兼职")


def test_whoever_filled_or_submitted_does_not_judge_in_whichever_post(draft, unit, post):
    services.fill(draft, rows(HEAD, "地区生产总值\t1290\t亿元\t\t\t"), by=post("statistician"))
    services.submit(draft, by=post("statistician"))
    other_post = second_post(post, "statistician", unit("supervision"))
    for by in (post("statistician"), other_post):
        with pytest.raises(Refused, match="填报或提交这个批次的人不能接收或退回它"):
            services.accept(draft, by=by)
        with pytest.raises(Refused, match="另一个人"):
            services.send_back(draft, by=by, note="口径不明")
    with pytest.raises(NotAllowed):
        services.accept(draft, by=post("econ-head"))
    assert services.accept(draft, by=post("clerk")).state == "accepted"


def test_whoever_only_typed_one_figure_does_not_judge_either(draft, unit, post):
    typist = second_post(post, "clerk", unit("economy"), "statistician")
    services.fill(draft, rows(HEAD, "地区生产总值\t1290\t亿元\t\t\t"), by=typist)
    services.submit(draft, by=post("statistician"))
    with pytest.raises(Refused, match="换一个任职也不行"):
        services.accept(draft, by=post("clerk"))


def test_what_was_sent_back_is_corrected_and_handed_in_again(draft, post, unit):
    line = (HEAD, "地区生产总值\t1290\t亿元\t\t\t")
    services.fill(draft, rows(*line), by=post("statistician"))
    services.submit(draft, by=post("statistician"))
    services.send_back(draft, by=post("clerk"), note="口径不明")
    assert not queries.current().filter(submission=draft).exists()
    more = (HEAD, "地区生产总值\t1291\t亿元\t\t\t", "高新技术企业\t251\t家\t\t\t")
    services.fill(draft, rows(*more), by=post("statistician"), reason="按退回意见改")
    services.submit(draft, by=post("statistician"))
    counted = {one.indicator.code: one.value for one in queries.current().filter(submission=draft)}
    assert counted == {"gdp": 1291, "high-tech-firms": 251}
    assert len(queries.of_submission(draft)) == 2


def test_a_submitted_batch_takes_no_more_figures(draft, post):
    services.fill(draft, rows(HEAD, "地区生产总值\t1290\t亿元\t\t\t"), by=post("statistician"))
    services.submit(draft, by=post("statistician"))
    assert "不能再加数" in refused(draft, HEAD, "进出口总额\t265\t亿元\t不含富士康结转\t\t")[0]


def test_drafts_are_seen_by_those_who_record_there_only(draft, post):
    services.fill(draft, rows(HEAD, "地区生产总值\t1290\t亿元\t\t\t"), by=post("statistician"))
    assert draft in queries.submissions(post("statistician"))
    for who in ("clerk", "viewer", "econ-head", "edu-head"):
        assert draft not in queries.submissions(post(who))
        assert not queries.visible_to(post(who)).filter(submission=draft).exists()


# In the browser ---------------------------------------------------------------------------------


def test_a_period_is_worked_from_opening_to_acceptance(gdp, browse, unit):
    own, judge = browse("statistician"), browse("clerk")
    page = own.get(reverse("facts:open"))
    assert page.context["page"].form.form.initial["unit"] == unit("zone").pk
    opened = own.post(reverse("facts:open"), {"unit": unit("zone").pk, "period": "2021"})
    made = Submission.objects.get(period__code="2021")
    assert opened.headers["Location"] == made.get_absolute_url()
    form = own.get(reverse("facts:fill", args=[made.pk])).context["page"].panels[0].form
    numbers = {row.indicator.code: n for n, row in enumerate(form.rows)}
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {f"value-{numbers['gdp']}": "1290.50", f"change-{numbers['gdp']}": "7.4"}
    answer = own.post(reverse("facts:fill", args=[made.pk]), typed)
    assert answer.status_code == 302, text(answer)
    block_ = f"{HEAD}\n高新技术企业\t251\t家\t\t\t\n"
    shown = text(own.post(reverse("facts:paste", args=[made.pk]), {"text": block_}))
    assert "新增 1 个" in shown
    assert Observation.objects.filter(submission=made).count() == 1
    assert own.post(reverse("facts:confirm", args=[made.pk]), {"text": block_}).status_code == 302
    assert own.post(reverse("facts:submit", args=[made.pk])).status_code == 302
    assert judge.post(reverse("facts:accept", args=[made.pk]), {"note": ""}).status_code == 302
    assert queries.current().filter(submission=made).count() == 2
    one = queries.current().get(submission=made, indicator__code="gdp")
    assert (one.value, one.places, one.change_kind) == (Decimal("1290.5"), 2, "growth_yoy")


def test_a_faulty_form_comes_back_with_every_fault_and_what_was_typed(draft, browse):
    visitor, address = browse("statistician"), reverse("facts:fill", args=[draft.pk])
    form = visitor.get(address).context["page"].panels[0].form
    numbers = {row.indicator.code: n for n, row in enumerate(form.rows)}
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {f"value-{numbers['tax-share']}": "170", f"value-{numbers['rank']}": "2.5"}
    answer = visitor.post(address, typed)
    assert answer.status_code == 422
    shown = text(answer)
    assert "不在 0 到 100 之间" in shown
    assert "位次应为 1 或更大的整数" in shown
    assert 'value="170"' in shown
    assert not Observation.objects.filter(submission=draft).exists()
    nothing = visitor.post(address, {"source": ""})
    assert nothing.status_code == 422
    assert "一个数也没有填" in text(nothing)


def test_a_changed_number_drops_the_words_that_held_the_old_one(draft, browse):
    visitor, address = browse("statistician"), reverse("facts:fill", args=[draft.pk])
    services.fill(draft, rows(HEAD, "地区生产总值\t1290\t亿元\t\t\t"), by=None)
    form = visitor.get(address).context["page"].panels[0].form
    number = next(n for n, row in enumerate(form.rows) if row.indicator.code == "gdp")
    typed = {name: form[name].value() or "" for name in form.fields}
    assert typed[f"quote-{number}"] == "地区生产总值 1290 亿元"
    typed |= {f"value-{number}": "1291", "reason": "抄错"}
    assert visitor.post(address, typed).status_code == 302
    newest = queries.of_submission(draft).get()
    assert (newest.value, newest.quote) == (1291, "地区生产总值 1291 亿元")


def test_a_faulty_block_comes_back_with_every_fault_and_as_it_was_pasted(draft, browse):
    block_ = f"{HEAD}\n地区生产总值\t很多\t亿元\n<b>没有</b>\t1\t家"
    answer = browse("statistician").post(reverse("facts:paste", args=[draft.pk]), {"text": block_})
    assert answer.status_code == 422
    shown = text(answer)
    assert "应为数字" in shown
    assert "没有这个指标" in shown
    assert "&lt;b&gt;" in shown
    assert "<b>没有" not in shown
    assert answer.context["page"].form.form["text"].value() == block_


def test_a_revising_block_is_not_confirmed_without_a_reason(gdp, unit, browse):
    again = services.open_submission(by=None, unit=unit("zone"), period="2020")
    visitor, address = browse("statistician"), reverse("facts:confirm", args=[again.pk])
    block_ = {"text": f"{HEAD}\n地区生产总值\t1210\t亿元\t\t13.5%\t"}
    assert visitor.get(address).status_code == 302
    assert visitor.post(address, block_).status_code == 422
    assert visitor.post(address, {**block_, "reason": "普查"}).status_code == 302
    assert visitor.post(address, {"text": "乱"}).status_code == 422


def test_others_find_no_form_of_a_draft_and_nobody_one_of_what_was_submitted(draft, browse, post):
    for who in ("clerk", "viewer"):
        for name in ("submission", "fill", "paste", "confirm"):
            assert browse(who).get(reverse(f"facts:{name}", args=[draft.pk])).status_code == 404
    services.fill(draft, rows(HEAD, "地区生产总值\t1290\t亿元\t\t\t"), by=post("statistician"))
    services.submit(draft, by=post("statistician"))
    for name in ("fill", "paste"):
        address = reverse(f"facts:{name}", args=[draft.pk])
        assert browse("statistician").get(address).status_code == 404


def test_one_figure_is_recorded_into_a_draft(draft, browse, unit):
    visitor = browse("statistician")
    address = f"{reverse('facts:record')}?submission={draft.pk}"
    form = visitor.get(address).context["page"].form.form
    assert (form["unit"].value(), form["period"].value()) == (str(unit("zone").pk), "2021")
    said = {"submission": draft.pk, "unit": unit("zone").pk, "period": "2021"}
    said |= {"indicator": Indicator.objects.get(code="gdp").pk, "value": "1290", "measure": "亿元"}
    answer = visitor.post(address, {**said, "quote": "1290亿元"})
    assert answer.headers["Location"] == draft.get_absolute_url()
    wrong = visitor.post(
        address, {**said, "unit": unit("economy").pk, "quote": "1290亿元", "value": "1"}
    )
    assert wrong.status_code == 409
    assert "不能填别的单位" in text(wrong)


def test_a_unit_without_figures_gets_a_row_for_every_indicator(gdp, unit):
    fresh = services.open_submission(by=None, unit=unit("economy"), period="2021")
    found = layout.rows(fresh)
    assert {row.indicator.code for row in found} >= {"gdp", "rank", "trade"}
    assert all(row.last is None and row.period == "2021" for row in found)
