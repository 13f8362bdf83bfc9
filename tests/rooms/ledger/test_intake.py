"""A workbook becomes findings: looked at first, confirmed as a whole, never doubled."""

import io
import json
from datetime import date, timedelta

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.cli.ledger import ledger
from bihuan.exchange.workbook import write_ledger
from bihuan.files.models import Document
from bihuan.ledger import services
from bihuan.ledger.models import (
    Finding,
    ImportedRow,
    Intake,
    Measure,
    Progress,
    Sign,
    Stint,
)
from bihuan.ledger.queries import comparing, workbook
from bihuan.ledger.queries import intake as asked
from bihuan.people.models import UnitName
from tests.exchange.ledgers import HEAD, saved

pytestmark = pytest.mark.django_db

TITLE = "示例数据：2026年问题整改台账"
UNIT = "规划建设局"


def book(*rows, head=HEAD, sheet="整改台账", change=None):
    workbook_ = openpyxl.Workbook()
    page = workbook_.active
    page.title = sheet
    for row in ([TITLE], head, *rows):
        page.append(row)
    if change:
        change(page)
    return saved(workbook_)


def line(
    number, text="走访不够深入", unit=UNIT, due="2026年12月底前", measure="定计划", progress=""
):
    return [number, text, measure, "示例领导", unit, due, progress]


@pytest.fixture
def received(post):
    def receive(content, name="台账.xlsx", by="clerk"):
        upload = SimpleUploadedFile(name, content)
        return services.receive_workbook(by=post(by), upload=upload)

    return receive


@pytest.fixture
def confirmed(post, received):
    def confirm(content, name="台账.xlsx"):
        return services.confirm_intake(received(content, name), by=post("clerk"))

    return confirm


def lines(intake):
    return comparing.lines(asked.reading(intake))


def everything():
    """Every stored fact of the ledger, so that nothing changes unseen."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Finding, Measure, Progress, Stint, Sign)
    ]


def test_nothing_is_written_before_a_person_confirms(received, post):
    before = everything()
    intake = received(book(line(1), line(2, unit="某某集团")))
    assert [one.kind for one in lines(intake)] == ["new", "new"]
    services.answer_intake(intake, by=post("clerk"), units={"某某集团": ""}, year=2026)
    assert everything() == before
    services.drop_intake(intake, by=post("clerk"))
    assert everything() == before


def test_what_was_understood_becomes_a_finding_and_every_cell_is_kept(confirmed):
    made = confirmed(
        book([*line(1, progress="1.已部署；2.已走访。"), "00000000"], head=[*HEAD, "联系电话"])
    )
    assert made == {"new": 1, "updated": 0, "same": 0, "drafts": 0}
    finding = Finding.objects.latest("pk")
    assert (finding.title, finding.lead_unit.name, finding.due) == (
        "走访不够深入",
        UNIT,
        date(2026, 12, 31),
    )
    assert (finding.state, finding.leader_text, finding.due_text) == (
        "rectifying",
        "示例领导",
        "2026年12月底前",
    )
    assert [one.text for one in finding.progress.all()] == ["已部署；", "已走访。"]
    (row,) = finding.imported.all()
    kept = {cell["at"]: (cell["heading"], cell["text"]) for cell in row.cells}
    assert kept["F3"] == ("整改时限", "2026年12月底前")
    assert kept["H3"] == ("联系电话", "00000000")
    assert finding.stints.count() == 1


def test_the_same_file_again_changes_nothing(confirmed):
    content = book(line(1), line(2, "文件流转慢"), line(3, unit="某某集团"), line(4, due="2月30日"))
    first = confirmed(content)
    assert (first["new"], first["drafts"]) == (4, 2)
    before = everything()
    assert confirmed(content) == {"new": 0, "updated": 0, "same": 4, "drafts": 0}
    assert everything() == before


def test_a_later_edition_adds_what_is_new_and_doubles_nothing(confirmed):
    confirmed(book(line(1, progress="1.已部署")))
    later = line(1, measure="1.定计划；2.勤走访", progress="1.已部署；2.已走访")
    made = confirmed(book([*later, "按期到位"], head=[*HEAD, "整改目标"]))
    assert (made["new"], made["updated"]) == (0, 1)
    finding = Finding.objects.latest("pk")
    assert [one.text for one in finding.measures.all()] == ["定计划", "勤走访"]
    assert [one.text for one in finding.progress.all()] == ["已部署", "已走访"]
    assert finding.goal == "按期到位"
    assert finding.imported.count() == 2


def test_what_only_an_act_may_change_is_told_and_left_alone(confirmed, received):
    confirmed(book(["A-1", *line(1)], head=["编号", *HEAD]))
    again = line(1, unit="经济发展局", due="2026年10月31日")
    (found,) = lines(
        received(book(["A-1", *again, "已销号"], head=["编号", *HEAD, "状态"], change=None))
    )
    assert found.kind == "same"
    assert [sentence.partition("：")[2] for sentence in found.told] == [
        "改时限须申请延期，导入不改。",
        "换单位须移交，导入不改。",
        "销号等须在系统里办理，导入不改。",
    ]


def test_a_number_that_another_problem_has_does_not_overwrite_it(confirmed, received):
    head = ["编号", *HEAD]
    confirmed(book([1, *line(1)], head=head))
    (found,) = lines(received(book([1, *line(1, "窨井盖破损未更换")], head=head)))
    assert found.kind == "new"
    assert found.told[0].startswith("编号“1”在台账里是另一个问题")


def test_a_problem_that_comes_back_after_it_was_closed_is_new_and_told(confirmed, received):
    closed = [*line(1, due="2025年6月底前"), "已销号"]
    confirmed(book(closed, head=[*HEAD, "状态"]))
    finding = Finding.objects.latest("pk")
    assert (finding.state, finding.signs.get().code) == ("closed", "imported")
    (same,) = lines(received(book(closed, head=[*HEAD, "状态"])))
    assert (same.kind, same.finding) == ("same", finding)
    (back,) = lines(received(book([*line(1), "整改中"], head=[*HEAD, "状态"])))
    assert back.kind == "new"
    assert finding.number in back.told[0]
    assert "可能是反复出现" in back.told[0]


def test_a_closed_finding_is_not_changed_by_a_workbook(confirmed, received):
    closed = [*line(1, due="2025年6月底前"), "已销号"]
    confirmed(book(closed, head=[*HEAD, "状态"]))
    closed[2] = "另一条措施"
    (found,) = lines(received(book(closed, head=[*HEAD, "状态"])))
    assert (found.kind, found.changes) == ("same", {})
    assert found.told == ("台账里已销号，导入不改。若是新发生的问题，请另行提出。",)


def test_a_return_is_warned_of_at_the_same_place_or_in_very_like_words_of_one_unit(
    confirmed, received
):
    head = [*HEAD, "地点"]
    confirmed(book([*line(1, "路灯不亮，群众反映强烈"), "示例路 12 号"], head=head))
    rows = [
        [*line(1, "路灯仍然不亮，群众反映"), "示例路１２号"],
        [*line(2, "路灯仍然不亮，群众反映"), "别的路 1 号"],
        [*line(3, "公园积雪清除不及时"), "示例路12号"],
    ]
    assert [len(one.told) for one in lines(received(book(*rows, head=head)))] == [1, 0, 0]
    placeless = [
        line(1, "路灯不亮，群众反映很强烈"),
        line(2, "路灯不亮"),
        line(3, "路灯不亮，群众反映很强烈", unit="经济发展局"),
    ]
    assert [len(one.told) for one in lines(received(book(*placeless)))] == [1, 0, 0]


def test_units_are_asked_and_an_answer_can_be_remembered(received, post):
    intake = received(book(line(1, unit="规建局"), line(2, "乙", unit="规建局、某某集团")))
    strangers = asked.unmatched(asked.reading(intake), {})
    assert [(one.name, one.count, one.places) for one in strangers] == [
        ("规建局", 2, ("整改台账!E3", "整改台账!E4")),
        ("某某集团", 1, ("整改台账!E4",)),
    ]
    services.answer_intake(
        intake,
        by=post("clerk"),
        units={"规建局": "planning", "某某集团": ""},
        remembered=["规建局"],
    )
    intake.refresh_from_db()
    assert asked.unmatched(asked.reading(intake), intake.answers) == []
    assert UnitName.objects.get(name="规建局").unit.code == "planning"
    (first, _second) = lines(received(book(line(1, unit="规建局"), line(2, "乙", unit="规建局"))))
    assert comparing.lead_of(first.row) == "planning"


def test_a_draft_is_completed_when_the_unit_becomes_known(confirmed, received, post):
    content = book(line(1, unit="规建局"))
    assert confirmed(content)["drafts"] == 1
    finding = Finding.objects.latest("pk")
    assert (finding.state, finding.lead_unit, finding.due_text) == ("draft", None, "2026年12月底前")
    intake = received(content)
    services.answer_intake(intake, by=post("clerk"), units={"规建局": "planning"})
    made = services.confirm_intake(intake, by=post("clerk"))
    assert (made["new"], made["updated"], made["drafts"]) == (0, 1, 0)
    finding.refresh_from_db()
    assert (finding.state, finding.lead_unit.code) == ("rectifying", "planning")
    assert (finding.due, finding.stints.count()) == (date(2026, 12, 31), 2)


def test_a_row_without_a_problem_is_kept_as_a_draft(confirmed):
    made = confirmed(book([1, None, "只有措施", None, UNIT, "2026.12.31", None], line(2)))
    assert (made["new"], made["drafts"]) == (2, 1)
    draft = Finding.objects.filter(state="draft").latest("pk")
    assert draft.title == "只有措施"
    assert {cell["at"] for cell in draft.imported.get().cells} == {"A3", "C3", "E3", "F3"}


def test_whoever_acted_in_the_meantime_is_not_overwritten(confirmed, received, post, monkeypatch):
    confirmed(book(line(1)))
    intake = received(book(line(1, measure="另一条措施")))
    compared = comparing.lines

    def act_meanwhile(read):
        found = compared(read)
        Finding.objects.filter(pk=found[0].finding.pk).update(revision=7)
        return found

    monkeypatch.setattr(comparing, "lines", act_meanwhile)
    with pytest.raises(Refused, match="刚才有人办理了"):
        services.confirm_intake(intake, by=post("clerk"))
    assert not Measure.objects.filter(text="另一条措施").exists()
    assert Intake.objects.get(pk=intake.pk).state == "preview"


def test_an_intake_is_confirmed_once_and_only_by_those_who_may(received, post):
    intake = received(book(line(1)))
    with pytest.raises(NotAllowed):
        services.confirm_intake(intake, by=post("econ-head"))
    services.confirm_intake(intake, by=post("clerk"))
    with pytest.raises(Refused, match="不能再办"):
        services.confirm_intake(intake, by=post("clerk"))
    with pytest.raises(NotAllowed):
        services.receive_workbook(by=post("viewer"), upload=SimpleUploadedFile("a.xlsx", b"x"))


def test_a_workbook_without_problems_is_not_imported(received, post):
    intake = received(book())
    with pytest.raises(Refused, match="没有读出问题"):
        services.confirm_intake(intake, by=post("clerk"))


# Out and in again ---------------------------------------------------------------------------------


@pytest.fixture
def mixed(walk, confirmed, post, unit):
    """Findings at every point of their way, raised here and imported."""
    walk.closed()
    draft = services.raise_finding(
        by=post("clerk"), title="合计数据不准确", source="figures", description="同上"
    )
    services.raise_finding(by=post("clerk"), title="一、文件流转慢\n二、报表重复", source="figures")
    long = services.raise_finding(
        by=post("clerk"), title="题", source="figures", description="长" * 40_000, goal="/"
    )
    services.assign(
        long,
        by=post("clerk"),
        lead_unit=unit("economy"),
        assist_units=[unit("planning"), unit("education")],
        due=clock.today() + timedelta(days=9),
    )
    many = "".join(f"{number}.第 {number} 条；" for number in range(1, 26))
    confirmed(
        book(
            line(1, measure=many, progress="一是甲；\n二是乙。"),
            line(2, "立行立改的问题", due="立行立改", progress="=1+1"),
            line(3, "长期的问题", due="长期坚持"),
            line(4, "没有单位的问题", unit="某某集团", due="春节前"),
            [5, "已完成的问题", "措施", "示例领导", UNIT, "2025.6.30（已完成）", "已完成"],
        )
    )
    return draft


def test_an_import_of_an_export_changes_nothing(mixed, received, post):
    before = everything()
    written = workbook.fresh(Finding.objects.order_by("pk"))
    intake = received(written.content, "导出.xlsx")
    found = lines(intake)
    assert [one.finding.pk for one in found] == [row["id"] for row in before[0]]
    assert [(one.kind, one.changes) for one in found] == [("same", {})] * len(found)
    made = services.confirm_intake(intake, by=post("clerk"))
    assert made == {"new": 0, "updated": 0, "same": len(found), "drafts": 0}
    assert everything() == before
    assert not ImportedRow.objects.filter(intake=intake).exists()


def test_an_import_of_the_office_s_own_workbook_filled_by_us_changes_nothing(mixed, received):
    empty = write_ledger([], title=TITLE).content
    written = workbook.into(empty, Finding.objects.order_by("pk"))
    found = lines(received(written.content, "本单位.xlsx"))
    assert {(one.kind, one.completes) for one in found} == {("same", False)}
    assert written.told == ("F6 等处的文字太长，一格放不下，已截断。",)


# The pages ----------------------------------------------------------------------------------------


def upload(content, name="台账.xlsx"):
    return {"upload": SimpleUploadedFile(name, content)}


def test_a_clerk_looks_answers_and_confirms_on_the_page(browse):
    clerk = browse("clerk")
    content = book(line(1, unit="规建局"), line(2, "乙", due="2月30日"))
    answer = clerk.post("/ledger/import/", upload(content))
    assert answer.status_code == 302
    here = answer.headers["Location"]
    page = clerk.get(here).content.decode()
    assert "整改台账!F4“整改时限”：“2月30日”里有日历上没有的日子" in page
    assert "整改台账!E3“责任单位”：名册里没有“规建局”" in page
    assert not Finding.objects.filter(title="乙").exists()
    clerk.post(f"{here}answer/", {"unit-0": "planning", "alias-0": "on"})
    assert UnitName.objects.filter(name="规建局").exists()
    assert "没有认出的单位</h2>" not in clerk.get(here).content.decode()
    clerk.post(f"{here}confirm/")
    assert Finding.objects.filter(title="乙", state="draft").exists()
    page = clerk.get(here).content.decode()
    assert "新增 2 个（其中草稿 1 个）" in page
    assert Finding.objects.get(title="乙").get_absolute_url() in page
    assert clerk.post(f"{here}answer/").status_code == 302


def test_rows_with_doubts_alone_can_be_looked_at(browse):
    clerk = browse("clerk")
    content = book(line(1, "没有疑问的"), line(2, "有疑问的", due="2月30日"))
    here = clerk.post("/ledger/import/", upload(content)).headers["Location"]
    page = clerk.get(f"{here}?only=doubts").content.decode()
    assert "有疑问的" in page
    assert "没有疑问的" not in page
    assert clerk.get(f"{here}?only=x&page=999999999999").status_code == 200


def test_an_import_that_is_dropped_leaves_no_trace_but_itself(browse):
    clerk = browse("clerk")
    here = clerk.post("/ledger/import/", upload(book(line(1, "放弃的")))).headers["Location"]
    clerk.post(f"{here}drop/")
    assert not Finding.objects.filter(title="放弃的").exists()
    assert "这次导入已放弃" in clerk.get(here).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("台账.xlsx", b"", "是空的"),
        ("台账.xlsx", b"no workbook", "内容不是 xlsx"),
        ("台账.exe", b"MZ", "不收 exe 文件"),
    ],
)
def test_what_is_no_workbook_is_refused_on_the_page(browse, name, content, sentence):
    answer = browse("clerk").post("/ledger/import/", upload(content, name))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_nobody_without_the_right_comes_near(browse):
    assert browse("econ-head").get("/ledger/import/").status_code in (403, 404)
    assert browse().get("/ledger/import/").status_code == 302


def test_the_export_is_what_the_list_shows(browse, confirmed):
    confirmed(book(line(1, "甲"), line(2, "乙", unit="经济发展局")))
    clerk = browse("clerk")
    answer = clerk.get(reverse("ledger:export"), {"text": "乙"})
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [row[5].value for row in page.iter_rows(min_row=4)] == ["乙"]
    own = book(line(1, "旧的问题"), change=lambda page: page.append(["合计"]))
    answer = clerk.post(f"{reverse('ledger:export-into')}?text=乙", upload(own))
    page = openpyxl.load_workbook(io.BytesIO(answer.content))["整改台账"]
    assert [page["B3"].value, page["A4"].value] == ["乙", "合计"]
    assert page["A1"].value == TITLE
    answer = clerk.post(reverse("ledger:export-into"), upload(b"x"))
    assert answer.status_code == 422


# The command line ---------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`run(content, "--dry-run")`: `bihuan ledger import` on a file with that content."""
    monkeypatch.setattr("bihuan.cli.ready.ready", lambda: None)

    def importing(content, *options, name="台账.xlsx"):
        file = tmp_path / name
        file.write_bytes(content)
        return CliRunner().invoke(ledger, ["import", str(file), *options])

    return importing


def test_a_dry_run_tells_everything_as_json_and_keeps_nothing(run):
    before = everything(), Intake.objects.count(), Document.objects.count()
    content = book(line(1, unit="规建局", due="2026年6月底前"), line(2, "乙", due="2月30日"))
    told = json.loads(run(content, "--dry-run", "--json").stdout)
    assert (everything(), Intake.objects.count(), Document.objects.count()) == before
    first, second = told["rows"]
    assert (first["due"]["day"], first["due"]["text"]) == ("2026-06-30", "2026年6月底前")
    assert first["would"] == "new"
    assert [doubt["at"] for doubt in first["doubts"]] == ["整改台账!E3"]
    assert second["doubts"][0]["code"] == "date_no_such_day"
    assert "整改台账!F4" in second["doubts"][0]["sentence"]
    assert {"at": "F4", "heading": "整改时限", "field": "due", "text": "2月30日"} in second["cells"]
    assert told["doubts"] == []


def test_the_command_imports_with_answers_and_again_without_doubling(run):
    content = book(line(1, unit="规建局"))
    assert "新增 1 个（其中草稿 0 个）" in run(content, "--unit", "规建局=planning").stdout
    assert "不变 1 个" in run(content, "--unit", "规建局=planning").stdout
    answer = run(content, "--unit", "规建局=nowhere")
    assert isinstance(answer.exception, Refused)
    assert "没有代码为“nowhere”的单位" in str(answer.exception)


def test_the_command_refuses_what_holds_no_ledger_in_one_sentence(run):
    for content, sentence in (
        (b"", "文件是空的。请选择填好的台账。"),
        (
            book(line(1))[:900],
            "文件已损坏，读不出来。请在 Excel 或 WPS 里打开，另存为 .xlsx 再导入。",
        ),
        (b"%PDF-1.7", "这是 PDF。请向填报单位索取 Excel 原件再导入。"),
    ):
        answer = run(content, "--dry-run")
        assert isinstance(answer.exception, Refused)
        assert str(answer.exception) == sentence
        assert answer.stdout == ""
