"""Official papers: filled from a record, edited, issued by another, numbered, kept, made void."""

import io
import zipfile
from datetime import timedelta

import pytest

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.ledger import services as ledger
from bihuan.press import queries, rules, services
from bihuan.press.models import Paper
from bihuan.site import papers as sources


@pytest.fixture
def paper(db, post):
    made = services.draft("notice", by=post("clerk"), subject="做好今冬扫雪除冰工作")
    text = made.text.replace("正文：", "主送：各单位\n\n正文：\n现通知如下。", 1)
    return services.edit_paper(made, by=post("clerk"), text=text)


@pytest.mark.parametrize("kind", rules.KINDS)
def test_every_kind_has_a_template_with_a_body_and_an_abbreviation(kind):
    text = queries.shipped(kind)
    assert "\n正文：\n" in text
    assert text.startswith("代字：")


def test_a_draft_is_filled_from_the_template_and_has_no_holes(paper):
    assert paper.title == "关于做好今冬扫雪除冰工作的通知"
    assert "{{" not in paper.text
    assert services.faults(paper.text) == []


def test_issued_by_another_it_has_a_number_a_root_and_two_kept_files(paper, post):
    root = audit.head()[1]
    with pytest.raises(NotAllowed):
        services.issue(paper, by=post("econ-head"))
    made = services.issue(paper, by=post("leader"))
    assert made.number == f"示经开〔{made.issued_on.year}〕1号"
    assert made.root == root
    from bihuan.files import store

    with store.open_bytes(made.pdf.digest) as kept:
        assert kept.read(5) == b"%PDF-"
    with store.open_bytes(made.docx.digest) as kept:
        words = zipfile.ZipFile(io.BytesIO(kept.read()))
    told = words.read("word/document.xml").decode()
    assert made.number in told
    assert root in told


def test_what_was_issued_is_not_edited_only_void(paper, post):
    made = services.issue(paper, by=post("leader"))
    with pytest.raises(Refused, match="不能改"):
        services.edit_paper(made, by=post("clerk"), text=made.text)
    with pytest.raises(Refused, match="写明作废的原因"):
        services.void(made, by=post("leader"), reason=" ")
    made = services.void(made, by=post("leader"), reason="附件有误")
    assert (made.state, made.serial) == ("void", 1)
    again = services.draft("notice", by=post("clerk"), subject="同一件事")
    assert services.issue(again, by=post("leader")).serial == 2


def test_a_paper_with_faults_is_kept_but_not_issued_and_all_are_told(paper, post):
    broken = services.edit_paper(paper, by=post("clerk"), text="主送：甲\n闲话\n正文：\n{{body}}")
    assert Paper.objects.get(pk=broken.pk).text.startswith("主送：甲")
    with pytest.raises(Refused) as refused:
        services.issue(broken, by=post("leader"))
    for words in ("缺“标题”", "第 2 行", "没填的空", "代字"):
        assert words in str(refused.value)


def test_whoever_wrote_it_does_not_issue_it(paper, post, monkeypatch):
    from bihuan.people import queries as people

    monkeypatch.setattr(people, "require", lambda *_args, **_more: None)
    with pytest.raises(Refused, match="自己起草"):
        services.issue(paper, by=post("clerk"))


def test_a_slip_is_filled_from_a_finding_that_its_writer_may_see(post, unit):
    found = ledger.raise_finding(
        by=post("clerk"), title="示例问题：路灯不亮", description="三处。", source="inspection"
    )
    due = clock.today() + timedelta(days=20)
    ledger.assign(
        found, by=post("clerk"), lead_unit=unit("economy"), due=due, goal="亮灯", standard="全亮"
    )
    made = services.draft("assign", by=post("clerk"), source_id=found.number)
    assert "示例问题：路灯不亮" in made.text
    assert f"主送：{unit('economy').name}" in made.text
    assert found.number in made.text
    with pytest.raises(NotFound):
        services.draft("assign", by=post("clerk"), source_id="2000-0001")
    with pytest.raises(NotFound):
        sources.finding("assign", found.number, post("edu-head"))


def test_drafts_are_seen_by_those_who_write_or_issue(paper, post, browse):
    assert browse("planner").get(paper.get_absolute_url()).status_code == 404
    made = services.issue(paper, by=post("leader"))
    assert browse("planner").get(made.get_absolute_url()).status_code == 200
    answer = browse("planner").get(f"/press/papers/{made.pk}/file.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    answer.close()


def test_a_template_of_the_office_takes_the_place_of_the_shipped_one(post):
    text = queries.template("notice").replace("要求", "安排")
    services.set_template("notice", by=post("clerk"), text=text, source="办公室定")
    assert "工作安排" in queries.template("notice")
    assert "工作安排" in services.draft("notice", by=post("clerk"), subject="甲").text
    with pytest.raises(Refused, match="相同"):
        services.set_template("notice", by=post("clerk"), text=text, source="再定")
    with pytest.raises(Refused) as refused:
        services.set_template("notice", by=post("clerk"), text="无", source="")
    assert all(word in str(refused.value) for word in ("正文", "依据"))


def test_a_kind_without_its_record_yet_says_so(post, monkeypatch):
    monkeypatch.delitem(services.papers._sources, "situation")
    with pytest.raises(Refused, match="还没有这类记录"):
        services.draft("situation", by=post("clerk"), source_id="1")
    with pytest.raises(Refused, match="事由"):
        services.draft("notice", by=post("clerk"))


def test_a_situation_report_of_a_snowfall_becomes_a_paper(db, post):
    from bihuan.roads import sample as roads
    from bihuan.snow import sample as snow
    from bihuan.snow.models import SituationReport

    roads.load_sample()
    assert snow.load_sample() is not None
    report = SituationReport.objects.get(state="issued")
    made = services.draft("situation", by=post("clerk"), source_id=str(report.pk))
    for words in ("2022年1月24日12时", "53", "台次", "航海路", "畅通", "情况报告第 1 期"):
        assert words in made.text
    assert services.faults(made.text) == []
    for wrong in ("0", "第一期", str(report.pk + 1)):
        with pytest.raises(NotFound):
            services.draft("situation", by=post("clerk"), source_id=wrong)
