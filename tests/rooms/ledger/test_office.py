"""The office's own rules: edited on a page, looked at before they hold, kept in versions."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries, services
from bihuan.ledger.models import Finding, RuleTable, Token
from bihuan.ledger.pages import office as pages
from bihuan.ledger.pages import tables as table_pages
from bihuan.ledger.rules import honest
from bihuan.ledger.rules import time as timing
from bihuan.ledger.rules.tables import TABLES, complete, faults
from tests.rooms.ledger.test_notices import changed, later
from tests.rooms.ledger.test_time import histories

# Lamps -------------------------------------------------------------------------------------------

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.sampled_from("abcdefgh"),
            "name": st.just("灯"),
            "name_en": st.just(""),
            "tone": st.sampled_from(["good", "info", "warn", "orange", "bad"]),
            "when": st.sampled_from(["overdue", "missed", "left", "else"]),
            "days": st.integers(0, 20),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row["code"],
)


@settings(max_examples=60)
@given(rows=ROWS, spans=histories(), data=st.data())
def test_no_table_that_is_accepted_ever_shows_green_after_a_missed_deadline(rows, spans, data):
    if list(faults(TABLES["lamps"], rows)):
        return
    day = data.draw(st.dates(spans[0].day, spans[-1].day + timedelta(days=200)))
    stood = timing.standing(spans, day)
    lamp = timing.lamp(rows, stood, day)
    late = timing.late_days(spans, day + timing.ONE_DAY) > 0
    assert not (lamp and late and lamp["tone"] == "good")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"missed": {"tone": "good"}}, "不能亮绿灯"),
        ({"red": {"tone": "good"}}, "不能亮绿灯"),
        ({"missed": {"when": "left"}}, "变回绿灯"),
        ({"green": {"when": "left"}}, "无灯可亮"),
    ],
)
def test_a_lamp_table_that_would_whitewash_is_refused(change, sentence):
    rows = [row | change.get(row["code"], {}) for row in TABLES["lamps"].rows]
    assert any(sentence in fault.sentence for fault in faults(TABLES["lamps"], rows))


def test_a_change_of_the_lamps_does_not_rewrite_the_past(walk):
    finding = walk.rectifying(days=10)
    with later(5):
        assert queries.lamps_on([finding], clock.today())[finding.pk]["code"] == "yellow"
        monday = clock.today()
    with later(6):
        rows = changed("lamps", "yellow", days=2)
        services.set_table("lamps", by=None, rows=rows, source="改为两天")
        assert queries.lamp(Finding.objects.get(pk=finding.pk))["code"] == "green"
        assert queries.lamps_on([finding], monday)[finding.pk]["code"] == "yellow"
        found = Finding.objects.filter(pk=finding.pk)
        assert queries.lamps_by_unit_on(found, monday) == {finding.lead_unit_id: {"yellow": 1}}


def test_a_late_finding_that_no_row_of_lateness_fits_yet_is_not_green(walk):
    finding = walk.rectifying(days=3)
    services.set_table("lamps", by=None, rows=changed("lamps", "red", days=5), source="五天")
    with later(5):
        today = clock.today()
        assert queries.lamp(finding)["code"] == "missed"
        assert queries.lamps_on([finding], today)[finding.pk]["code"] == "missed"
        found = queries.search(Finding.objects.filter(pk=finding.pk), lamp="missed")
        assert list(found) == [finding]


# Tables ------------------------------------------------------------------------------------------


def test_what_the_house_adds_later_joins_the_tables_an_office_has_set():
    plan = TABLES["limits"]
    old = [{"code": "extensions", "name": "最多延期几次", "value": 9}]
    assert [row["code"] for row in complete(plan, old)] == [row["code"] for row in plan.rows]
    assert complete(plan, old)[0]["value"] == 9
    (blue,) = complete(TABLES["slips"], [{"code": "blue", "name": "蓝单"}])
    assert blue["sign"] is True
    assert blue["asks"]


def test_rungs_stand_in_the_order_in_which_they_come():
    rows = [dict(row) for row in TABLES["ladder"].rows]
    rows[2]["days"] = 20
    told = [fault.sentence for fault in faults(TABLES["ladder"], rows)]
    assert any("从早到晚" in sentence for sentence in told)


def test_a_form_that_the_ladder_uses_cannot_be_taken_away(db):
    rows = [row for row in queries.table("slips") if row["code"] != "red"]
    with pytest.raises(Refused, match="催办阶梯"):
        services.set_table("slips", by=None, rows=rows, source="试")
    services.set_table("ladder", by=None, rows=changed("ladder", "red", slip="yellow"), source="试")
    services.set_table("slips", by=None, rows=rows, source="不用红单")
    with pytest.raises(Refused, match="请选一个"):
        services.set_table(
            "ladder", by=None, rows=changed("ladder", "red", slip="red"), source="试"
        )


@pytest.mark.parametrize(("field", "value"), [("risk", "hihg"), ("source", "nowhere")])
def test_a_rule_that_could_never_hold_is_refused(db, field, value):
    rows = [{"code": "x", "field": field, "value": value, "signatures": 2}]
    with pytest.raises(Refused, match=value):
        services.set_table("signatures", by=None, rows=rows, source="试")


def typed(code: str, **cells):
    """What the browser sends for a table as it stands, with some cells changed."""
    sent = {"seen": "0", "lines": str(len(queries.table(code))), "source": "某次会议"}
    for line, row in enumerate(queries.table(code)):
        sent[f"r{line}-at"] = str((line + 1) * 10)
        for name, value in row.items():
            if value is not False:
                sent[f"r{line}-{name}"] = "on" if value is True else str(value)
    return sent | {name.replace("__", "-"): value for name, value in cells.items()}


def test_a_change_is_shown_before_it_is_saved(walk, browse):
    walk.rectifying(days=5)
    clerk = browse("clerk")
    page = clerk.post("/ledger/tables/lamps/", typed("lamps", r2__days="2"))
    shown = page.content.decode()
    assert page.status_code == 200
    assert "由“7”改为“2”" in shown
    assert "1 个问题由“黄灯”变为“绿灯”" in shown
    assert not RuleTable.objects.exists()
    looked = page.context["page"].panels[3].form["looked"].value()
    other = clerk.post("/ledger/tables/lamps/", typed("lamps", r2__days="3", looked=looked))
    assert other.status_code == 200  # something else than what was looked at
    saved = clerk.post("/ledger/tables/lamps/", typed("lamps", r2__days="2", looked=looked))
    assert saved.status_code == 302
    assert queries.table("lamps")[2]["days"] == 2
    again = clerk.post("/ledger/tables/lamps/", typed("lamps", r2__days="4", looked=looked))
    assert again.status_code == 422
    assert "别人已经改过" in again.content.decode()


def test_all_that_is_wrong_is_told_at_once_beside_its_cell(browse):
    page = browse("clerk").post(
        "/ledger/tables/ladder/", typed("ladder", r0__days="三", r1__slip="gold", r2__at="x")
    )
    assert page.status_code == 422
    form = next(one.form for one in page.context["page"].panels if hasattr(one, "form"))
    assert {"r0-days", "r1-slip", "r2-at"} <= set(form.errors)


def test_any_two_versions_can_be_compared(browse, db):
    for days in (2, 3):
        rows = changed("lamps", "yellow", days=days)
        services.set_table("lamps", by=None, rows=rows, source=f"{days} 天")
    shown = browse("checker").get("/ledger/tables/lamps/?version=2&against=0").content.decode()
    assert "由“7”改为“3”" in shown
    old = browse("checker").get("/ledger/tables/lamps/?version=1").content.decode()
    assert "第 1 版的内容" in old
    assert "看会改变什么" not in old  # a reader sees, and does not edit


def test_a_changed_order_is_told(db):
    rows = [dict(row) for row in TABLES["lamps"].rows]
    told = table_pages.differences(TABLES["lamps"], rows, [rows[1], rows[0], *rows[2:]])
    assert told == ["顺序改为：黄灯（曾逾期） → 红灯 → 黄灯 → 绿灯。"]


@pytest.mark.parametrize("code", sorted(TABLES))
def test_every_table_can_be_read_and_tells_what_a_change_would_do(browse, code):
    assert browse("clerk").get(f"/ledger/tables/{code}/").status_code == 200
    assert queries.effects(code, queries.table(code)).lamps == {}


def test_two_who_save_the_same_table_at_once_do_not_overwrite_each_other(writers):
    def save(number):
        rows = changed("limits", "extensions", value=number + 5)
        try:
            return services.set_table("limits", by=None, rows=rows, source="同时", seen=0).version
        except Refused:
            return None

    assert sorted(filter(None, writers(save, 4))) == [1]


def test_an_office_may_want_to_be_asked_some_days_before_the_deadline(walk, post):
    finding = walk.rectifying(days=10)
    rows = changed("limits", "extension_ahead", value=3)
    services.set_table("limits", by=None, rows=rows, source="本区办法")
    to = finding.due + timedelta(days=5)
    with later(8), pytest.raises(Refused, match="至少 3 天"):
        services.ask_extension(finding, by=post("econ-head"), to=to, reason="等")
    with later(7):
        services.ask_extension(finding, by=post("econ-head"), to=to, reason="等")


# Samples -----------------------------------------------------------------------------------------


@pytest.fixture
def drawn(walk, post):
    walk.closed()
    with later(120):
        yield services.draw_sample(by=post("checker"), seed="0123", source="某日公布的号码")


def test_a_population_is_drawn_from_once(drawn, post):
    with pytest.raises(Refused, match="不能重抽"):
        services.draw_sample(by=post("checker"), seed="另一个", source="别处")


def test_the_published_file_is_enough_to_draw_again(drawn, browse, tmp_path):
    answer = browse("econ-head").get(f"/ledger/samples/{drawn.pk}/sample.json")
    published = json.loads(answer.content)
    assert published == json.loads(json.dumps(pages.published(drawn)))
    assert honest.redraw(published) == honest.Redrawn(tuple(drawn.drawn), ())
    from bihuan.cli.ledger import ledger

    file = tmp_path / "sample.json"
    file.write_bytes(answer.content)
    run = CliRunner().invoke(ledger, ["redraw", str(file)], standalone_mode=False)
    assert (run.return_value, drawn.drawn[0] in run.output) == (0, True)
    published["drawn"] = ["2026-9999"]
    file.write_text(json.dumps(published))
    run = CliRunner().invoke(ledger, ["redraw", str(file)], standalone_mode=False)
    assert (run.return_value, "不一致" in run.output) == (1, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seed": "0124", "drawn": []}, "不一致"),
        ({"population": [["2026-0001", "low"]]}, "摘要"),
        ({"population": None}, "不是公布的抽样数据"),
        ({"schema": "x"}, "格式"),
    ],
)
def test_a_file_that_was_tampered_with_says_where(drawn, change, sentence):
    told = honest.redraw(pages.published(drawn) | change).faults
    assert any(sentence in fault for fault in told)


def test_the_worked_example_of_the_method_note_is_true(tmp_path):
    """docs/methods/recheck-sample.md: its program, run by itself on its own file."""
    import re
    import subprocess
    import sys
    from pathlib import Path

    text = Path(__file__).parents[3].joinpath("docs/methods/recheck-sample.md").read_text("utf-8")
    blocks = dict(re.findall(r"```(json|python)\n(.*?)```", text, re.S))
    published = json.loads(blocks["json"])
    assert honest.redraw(published).faults == ()
    (tmp_path / "sample.json").write_text(blocks["json"], "utf-8")
    run = subprocess.run(
        [sys.executable, "-c", blocks["python"]], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.stdout.split() == published["drawn"]


def test_the_page_of_samples_draws_and_shows_that_it_can_be_redrawn(walk, browse):
    walk.closed()
    with later(120):
        checker = browse("checker")
        empty = checker.post("/ledger/samples/", {"seed": "1"})
        assert empty.status_code == 422
        sent = {"seed": "0123", "source": "某日公布的号码"}
        page = checker.post("/ledger/samples/", sent, follow=True)
        assert "重抽结果相同" in page.content.decode()
        assert "某日公布的号码" in page.content.decode()


# Tokens ------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_stored_as_a_digest(browse, post):
    admin = browse("admin")
    until = clock.today() + timedelta(days=30)
    sent = {"name": "热线", "post": post("clerk").pk, "valid_to": until.isoformat()}
    page = admin.post("/ledger/tokens/", sent).content.decode()
    token = Token.objects.get()
    secret = next(
        word for word in page.replace("<", " ").replace(">", " ").split() if len(word) == 43
    )
    assert services.token_digest(secret) == token.digest
    assert secret not in admin.get("/ledger/tokens/").content.decode()
    assert browse("clerk").get("/ledger/tokens/").status_code == 404


def test_a_token_expires_within_what_the_office_allows(post):
    with pytest.raises(Refused, match="最长可用到"):
        services.give_token(
            by=post("admin"),
            name="热线",
            post=post("clerk"),
            valid_to=clock.today() + timedelta(days=800),
        )
