"""The pages as a clerk meets them: the year, entering it, marking days, counting, limits."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from bihuan.days import queries, services, words
from bihuan.days.models import Revision

pytestmark = pytest.mark.django_db

TABLE = "日期\t安排\t节日\n2099-01-01\t放假\t元旦\n2099-01-03\t上班\t元旦"


def text(answer) -> str:
    return answer.content.decode()


def test_the_first_page_leads_to_this_year(enter_as):
    answer = enter_as("reader").get("/days/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/days/20")


def test_a_year_shows_its_months_its_holidays_and_its_status_in_words(enter_as):
    page = text(enter_as("reader").get("/days/2022/"))
    assert page.count("<caption>") == 12
    assert "已公布" in page
    assert "2022年1月31日—2022年2月6日" in page
    assert "全年 249 个工作日" in page
    assert '<time datetime="2022-01-29">29</time> <small>班</small>' in page
    assert "暂定" in text(enter_as("reader").get("/days/2099/"))


def test_a_reader_is_offered_nothing_to_enter_and_finds_no_such_page(enter_as):
    reader = enter_as("reader")
    assert "录入全年" not in text(reader.get("/days/2022/"))
    for path in ("enter", "confirm", "mark"):
        assert reader.get(f"/days/2022/{path}/").status_code == 404
        assert reader.post(f"/days/2022/{path}/", {}).status_code == 404


@pytest.mark.parametrize("path", ["", "2022/", "count/", "limits/", "limits/licence/"])
def test_without_the_permission_nothing_is_found(enter_as, path):
    services.load_defaults()
    assert enter_as("stranger").get(f"/days/{path}").status_code == 404


def test_a_year_out_of_reach_is_not_found(enter_as):
    for year in (1, 1949, 2200, 99999):
        assert enter_as("keeper").get(f"/days/{year}/").status_code == 404


def test_a_year_is_pasted_previewed_and_only_then_entered(enter_as):
    keeper = enter_as("keeper")
    shown = keeper.post("/days/2099/enter/", {"text": TABLE, "source": "通知一"})
    assert shown.status_code == 200
    assert "读到 2 天" in text(shown)
    assert "与现在不同的日子" in text(shown)
    assert Revision.objects.count() == 0
    done = keeper.post(
        "/days/2099/confirm/", {"text": TABLE, "source": "通知一", "confirmed": "on"}
    )
    assert done.status_code == 302
    assert queries.status(2099) == "entered"
    page = text(keeper.get("/days/2099/"))
    assert "本单位录入" in page
    assert "通知一" in page


def test_nothing_is_entered_before_the_box_is_ticked(enter_as):
    answer = enter_as("keeper").post("/days/2099/confirm/", {"text": TABLE, "source": "通知一"})
    assert answer.status_code == 422
    assert Revision.objects.count() == 0


def test_a_file_saved_by_a_spreadsheet_is_read_in_its_old_encoding(enter_as):
    content = TABLE.replace("\t", ",").encode("gb18030")
    answer = enter_as("keeper").post(
        "/days/2099/enter/",
        {"source": "通知一", "file": SimpleUploadedFile("安排.csv", content)},
    )
    assert "读到 2 天" in text(answer)


@pytest.mark.parametrize("as_days", [True, False])
def test_the_first_sheet_of_a_workbook_is_read(enter_as, as_days):
    """Dates stand in a workbook as dates or as text; both are days."""
    from bihuan.exchange import sheet

    def cell(word):
        return date.fromisoformat(word) if as_days and word[:2] == "20" else word

    heads, *lines = [line.split("\t") for line in TABLE.splitlines()]
    content = sheet.xlsx_bytes("安排", heads, [[cell(word) for word in line] for line in lines])
    answer = enter_as("keeper").post(
        "/days/2099/enter/",
        {"source": "通知一", "file": SimpleUploadedFile("安排.xlsx", content)},
    )
    assert "读到 2 天" in text(answer)
    kept = answer.context["page"].form.form.initial["text"]
    done = enter_as("keeper").post(
        "/days/2099/confirm/", {"text": kept, "source": "通知一", "confirmed": "on"}
    )
    assert done.status_code == 302
    assert not queries.calendar().working(date(2099, 1, 1))


def test_a_workbook_that_cannot_be_read_is_refused_in_a_sentence(enter_as):
    torn = SimpleUploadedFile("安排.xlsx", b"PK\x03\x04 xl/workbook.xml")
    answer = enter_as("keeper").post("/days/2099/enter/", {"source": "一", "file": torn})
    assert answer.status_code == 422
    assert "文件已损坏" in text(answer)


def test_faults_are_shown_line_by_line_and_the_text_can_be_copied_back(enter_as):
    answer = enter_as("keeper").post(
        "/days/2099/enter/", {"text": "2099-02-30\t放假\n2099-05-01\t也许", "source": "通知"}
    )
    assert answer.status_code == 409
    assert "第 1 行" in text(answer)
    assert "第 2 行" in text(answer)
    assert "2099-02-30" in text(answer)


def test_an_empty_entry_is_told_beside_its_field(enter_as):
    answer = enter_as("keeper").post("/days/2099/enter/", {"text": "", "source": ""})
    assert answer.status_code == 422
    assert "fault" in text(answer)


def test_a_span_of_days_is_marked_and_shown_with_who_and_why(enter_as):
    keeper = enter_as("keeper")
    asked = {
        "first": "2022-03-02",
        "last": "2022-03-03",
        "working": "off",
        "name": "停工",
        "source": "决定一",
    }
    assert keeper.post("/days/2022/mark/", asked).status_code == 302
    assert not queries.calendar().working(date(2022, 3, 3))
    page = text(keeper.get("/days/2022/"))
    assert "停工" in page
    assert "决定一" in page
    keeper.post("/days/2022/mark/", asked | {"working": "back", "source": "决定二"})
    assert queries.calendar().working(date(2022, 3, 3))
    assert "已被新的标记取代" in text(keeper.get("/days/2022/"))


@pytest.mark.parametrize(
    "wrong",
    [{"first": "2023-03-02"}, {"last": "2022-03-01"}, {"last": "2022-09-01"}, {"working": "x"}],
)
def test_a_mark_that_makes_no_sense_comes_back_with_its_reason(enter_as, wrong):
    asked = {"first": "2022-03-02", "working": "off", "source": "决定"} | wrong
    answer = enter_as("keeper").post("/days/2022/mark/", asked)
    assert answer.status_code == 422
    assert "fault" in text(answer)
    assert Revision.objects.count() == 0


def test_a_term_is_counted_and_told(enter_as):
    page = text(enter_as("reader").get("/days/count/?start=2022-01-20&number=10&unit=working"))
    assert "自 2022年1月20日 起 10 个工作日，当日不计入，至 2022年2月8日。" in page
    assert "跳过 春节 2022年1月31日—2022年2月6日。" in page
    assert "2022年1月29日、2022年1月30日 调休上班，计入。" in page
    assert enter_as("reader").get("/days/count/").status_code == 200
    assert enter_as("reader").get("/days/count/?start=x").status_code == 422


def test_a_provisional_term_and_a_rolled_one_say_so():
    calendar = queries.calendar()
    assert "暂定" in words.told(calendar.explain(date(2099, 3, 2), 5))
    rolled = words.told(calendar.explain(date(2022, 1, 21), 12, "natural", roll=True))
    assert "末日 2022年2月2日 不上班，顺延到下一个工作日。" in rolled
    assert "周末" not in rolled


def test_the_same_is_told_in_english():
    with translation.override("en"):
        assert words.told(queries.calendar().explain(date(2022, 1, 20), 10))


def test_the_limits_say_their_unit_and_source(enter_as):
    services.load_defaults()
    page = text(enter_as("reader").get("/days/limits/"))
    assert "不超过 20 个工作日" in page
    assert "不少于 10 个自然日" in page
    assert "《建筑法》第 8 条" in page
    assert "须询问" in page


def test_a_limit_is_set_anew_on_its_page(enter_as):
    services.load_defaults()
    keeper = enter_as("keeper")
    asked = {
        "name": "施工许可证",
        "name_en": "",
        "bound": "most",
        "number": "7",
        "unit": "working",
        "source": "已询问",
        "grade": "O",
        "note": "",
    }
    assert keeper.post("/days/limits/building_permit/", asked).status_code == 302
    assert queries.limit("building_permit").unit == "working"
    assert "已询问" in text(keeper.get("/days/limits/building_permit/"))
    wrong = keeper.post("/days/limits/building_permit/", asked | {"number": "0"})
    assert wrong.status_code in (409, 422)
    assert "重新设定" not in text(enter_as("reader").get("/days/limits/building_permit/"))
    answer = enter_as("reader").post("/days/limits/building_permit/", asked)
    assert answer.status_code in (403, 404)
    assert enter_as("reader").get("/days/limits/nothing/").status_code == 404
