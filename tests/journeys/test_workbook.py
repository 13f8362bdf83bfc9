"""From an office's own workbook to a closed finding and back into a workbook, in a real browser."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from bihuan.base import clock

pytestmark = pytest.mark.browser

PROBLEM = "示例数据：仓库二区消防通道堆放杂物"
STRANGE = "经济发展科"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """As offices write it: title, who filled it in, merged cells, a deadline in words, a total."""
    due = clock.today() + timedelta(days=40)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "整改台账"
    for line in (
        ["示例数据：问题整改台账"],
        [f"填报单位：督查考核办公室　填报时间：{clock.today().year}年{clock.today().month}月"],
        ["序号", "存在问题", "整改措施", "责任单位", "整改时限", "完成情况"],
        [1, PROBLEM, "当日清理", STRANGE, f"{due.year}.{due.month}.{due.day}", ""],
        [None, None, "画线立牌", None, None, ""],
        [2, "示例数据：井盖破损", "更换井盖", "规划建设局", "立行立改", ""],
        ["合计", "2个问题", "3条措施", None, None, None],
    ):
        sheet.append(line)
    sheet.merge_cells("A1:F1")
    for column in "ABDE":
        sheet.merge_cells(f"{column}4:{column}5")
    place = tmp_path / "整改台账.xlsx"
    book.save(place)
    return place


def bring(page, place: Path) -> None:
    page.locator("[name=upload]").set_input_files(place)
    page.get_by_role("button", name="读一读").click()


def test_a_workbook_becomes_a_closed_finding(visitor, workbook, tmp_path):
    clerk = visitor("clerk", viewport={"width": 1280, "height": 900})
    page = clerk.page
    clerk.go("/ledger/import/")
    bring(page, workbook)
    preview = page.url
    # Every doubt with its cell, and the strange unit asked for, not guessed.
    assert "D4" in clerk.text()
    assert STRANGE in clerk.text()
    assert "规划建设局" in clerk.text()
    clerk.go("/ledger/")
    assert PROBLEM not in clerk.text()  # nothing is written before somebody confirms

    page.goto(preview)
    page.locator("[name=unit-0]").select_option(label="经济发展局")
    page.get_by_role("button", name="记下，再读一遍").click()
    page.get_by_role("button", name="确认导入").click()
    clerk.go("/ledger/")
    page.get_by_role("link", name=PROBLEM).click()
    address = page.url
    assert "整改中" in clerk.text()  # its measures stood in the workbook
    assert "当日清理" in clerk.text()
    assert "画线立牌" in clerk.text()

    head = visitor("econ-head")
    head.page.goto(address)
    paper = tmp_path / "清理情况.txt"
    paper.write_text("示例数据：已清理。\n", encoding="utf-8")
    for step, fields in (
        ("report", {"text": "通道已清空。"}),
        ("submit-evidence", {"text": "清理情况"}),
        ("request-close", {"note": "已清理。"}),
    ):
        form = head.page.locator(f"form[action$='/{step}/']")
        form.evaluate("f => { const d = f.closest('details'); if (d) d.open = true; }")
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        if step == "submit-evidence":
            form.locator("input[type=file]").first.set_input_files(paper)
        form.locator("button[type=submit]").click()
    assert "申请销号" in head.text()

    checker = visitor("checker")
    checker.page.goto(address)
    checker.page.locator("form[action$='/take-up/'] button[type=submit]").click()
    form = checker.page.locator("form[action$='/verify/']")
    form.get_by_label("通过", exact=True).check()
    form.locator("[name=opinion]").fill("现场查看属实。")
    form.locator("button[type=submit]").click()
    page.goto(address)
    page.locator("form[action$='/close/'] button[type=submit]").click()
    assert "已销号" in clerk.text()

    # Out again: the export holds it, and bringing the export in changes nothing.
    answer = page.request.get(f"{clerk.server}/ledger/export/")
    assert answer.ok
    exported = tmp_path / "导出.xlsx"
    exported.write_bytes(answer.body())
    cells = [
        str(cell)
        for line in openpyxl.load_workbook(io.BytesIO(answer.body())).active.values
        for cell in line
    ]
    assert PROBLEM in cells
    clerk.go("/ledger/import/")
    bring(page, exported)
    assert "新增 0 个" in clerk.text()
    assert "更新 0 个" in clerk.text()
