"""A scheme from its first drawing to a settled opinion and minutes, in a real browser."""

import secrets
from datetime import timedelta
from pathlib import Path

import pytest

from bihuan.base import clock
from tests.exchange.drawings.pdfs import SCRIPT, pdf

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
HALL, SQUARE, WIDER = (0.1, 0.2, 0.3, 0.2), (0.4, 0.5, 0.2, 0.1), (0.35, 0.5, 0.3, 0.2)


@pytest.fixture
def drawings(tmp_path: Path) -> dict[str, str]:
    """Two versions of the designer; the first tries to run a script."""
    files = {
        "first.pdf": pdf(([HALL, SQUARE], "PLAN"), ([HALL], "ELEVATION"), catalogue=SCRIPT),
        "second.pdf": pdf(([HALL, WIDER], "PLAN"), ([HALL], "ELEVATION")),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in files}


def submit(page, act: str) -> None:
    page.locator(f"form[action*='/do/{act}/'] button[type=submit]").click()


def unfold(page, name: str) -> None:
    fold = page.locator(".acts details", has=page.locator(f"summary:text-is('{name}')"))
    if fold.count() and not fold.evaluate("d => d.open"):
        fold.locator("summary").click()


def bring(one, path: str, note: str = "") -> None:
    page = one.page
    unfold(page, "交一版")
    form = page.locator("form[action*='/do/bring/']")
    form.locator("[name=uploads]").set_input_files(path)
    form.locator("[name=note]").fill(note)
    submit(page, "bring")


def drawn(page) -> None:
    page.locator(".viewer canvas").first.wait_for()


@pytest.fixture
def scheme(visitor) -> str:
    """The path of a scheme that the planning bureau has just begun, for a new project."""
    coordinator = visitor("coordinator").go("/projects/enter/")
    name = f"示例数据：项目{secrets.token_hex(3)}"
    coordinator.page.fill("[name=name]", name)
    coordinator.page.locator("main form button[type=submit]").last.click()
    coordinator.page.get_by_role("heading", name=name).wait_for()
    planner = visitor("planner").go("/designs/begin/")
    page = planner.page
    page.select_option("[name=project]", label=name)
    page.fill("[name=name]", "示例数据：总平面方案")
    page.select_option("[name=designer]", label="经开投发")
    page.get_by_label("经济发展局", exact=True).check()
    page.locator("main form button[type=submit]").last.click()
    page.get_by_text("还没有交过一版").wait_for()
    return page.url.removeprefix(planner.server)


def test_from_the_first_drawing_to_a_settled_opinion_and_minutes(visitor, scheme, drawings):
    designer = visitor("designer").go(scheme)
    bring(designer, drawings["first.pdf"])
    drawn(designer.page)
    assert "脚本" in designer.text()

    author = visitor("econ-head").go(f"{scheme}versions/1/")
    page = author.page
    drawn(page)
    page.get_by_role("button", name="框选").click()
    leaf = page.locator(".viewer .leaf").bounding_box()
    page.mouse.move(leaf["x"] + 0.38 * leaf["width"], leaf["y"] + 0.48 * leaf["height"])
    page.mouse.down()
    page.mouse.move(leaf["x"] + 0.62 * leaf["width"], leaf["y"] + 0.62 * leaf["height"], steps=4)
    page.mouse.up()
    x, y, _w, _h = map(float, page.input_value("[name=region]").split(","))
    assert abs(x - 38) < 1
    assert abs(y - 48) < 1
    page.locator("form[action*='/do/give/'] [name=text]").fill("示例数据：广场偏小。")
    page.select_option("form[action*='/do/give/'] [name=priority]", "must")
    submit(page, "give")
    page.locator(".viewer .pin").wait_for()
    page.get_by_role("link", name="示例数据：广场偏小。").click()
    opinion = page.url.removeprefix(author.server)

    planner = visitor("planner").go("/designs/meetings/call/")
    page = planner.page
    page.fill("[name=title]", "示例数据：方案专题会")
    page.fill("[name=on]", clock.today().isoformat())
    page.get_by_label("示例数据：总平面方案").first.check()
    page.locator("main form button[type=submit]").last.click()
    page.get_by_text("还没有请人参会").wait_for()
    meeting = page.url.removeprefix(planner.server)
    unfold(page, "请人参会")
    page.locator("form[action*='/do/invite/'] [name=capacities]").fill("专家组组长")
    submit(page, "invite")
    unfold(page, "核对到会")
    page.locator("form[action*='/do/attendance/'] select").select_option("present")
    submit(page, "attendance")
    page.get_by_role("link", name="记结论").click()
    page.select_option("[name=conclusion]", "changes")
    page.fill("[name=text]", "加大广场")
    submit(page, "conclude")
    unfold(page, "散会")
    submit(page, "close")
    unfold(page, "起草纪要")
    submit(page, "draft")
    page.locator(".prose").get_by_text("城市形象：示例数据：广场偏小").wait_for()
    unfold(page, "印发纪要")
    submit(page, "issue")
    page.get_by_text(f"〔{clock.today().year}〕").first.wait_for()
    answer = planner.context.request.get(f"{planner.server}{meeting}minutes.pdf")
    assert answer.body().startswith(b"%PDF")

    designer.go(scheme)
    bring(designer, drawings["second.pdf"], "加大广场。")
    drawn(designer.page)
    designer.go(opinion)
    page = designer.page
    page.select_option("form[action*='/do/answer/'] [name=decision]", "adopted")
    page.fill("form[action*='/do/answer/'] [name=reason]", "已加大。")
    page.locator("form[action*='/do/answer/'] [name=settled_in]").select_option(index=1)
    submit(page, "answer")
    page.get_by_text("已答复，待核实").first.wait_for()

    author.go(f"{scheme}compare/1/2/")
    author.page.get_by_text("图面有改动的页").wait_for(timeout=60_000)
    drawn(author.page)
    author.page.locator(".viewer .region").nth(1).wait_for()  # one on each version
    author.go(opinion)
    author.page.check("[name=passed][value=yes]")
    submit(author.page, "verify")
    author.page.get_by_text("已了结").first.wait_for()


def test_a_resident_reads_and_writes_without_signing_in(visitor, scheme, drawings):
    designer = visitor("designer").go(scheme)
    bring(designer, drawings["first.pdf"])
    drawn(designer.page)
    planner = visitor("planner").go(scheme)
    page = planner.page
    unfold(page, "公示")
    form = page.locator("form[action*='/do/publish/']")
    form.locator("[name=text]").fill("示例数据：欢迎提意见。")
    form.locator("[name=pages]").fill("1")
    form.locator("[name=last]").fill((clock.today() + timedelta(days=20)).isoformat())
    submit(page, "publish")
    page.get_by_role("link", name="公众看到的页").click()
    public = page.url.removeprefix(planner.server)

    resident = visitor(**PHONE).go(public)
    assert resident.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert resident.page.locator(".pictures img").count() == 1
    resident.page.fill("[name=text]", "示例数据：多种些树。")
    resident.page.get_by_role("button", name="提交意见").tap()
    resident.page.get_by_text("收到了，编号 1").wait_for()
    planner.go(scheme)
    assert "多种些树" in planner.text()


def test_the_viewer_is_worked_by_keys_and_fits_a_telephone(visitor, scheme, drawings):
    designer = visitor("designer").go(scheme)
    bring(designer, drawings["first.pdf"])
    author = visitor("econ-head", **PHONE).go(f"{scheme}versions/1/")
    page = author.page
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".viewer .stage").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("2 / 2").wait_for()
    page.keyboard.press("+")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="框选").tap()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.input_value("[name=region]") == "40,41,20,20"
    assert page.input_value("[name=page]") == "2"


def test_without_a_script_there_are_links_and_the_list(visitor, scheme, drawings):
    designer = visitor("designer").go(scheme)
    bring(designer, drawings["first.pdf"])
    drawn(designer.page)
    plain = visitor("econ-head", java_script_enabled=False).go(f"{scheme}versions/1/")
    assert "下载第 1 版" in plain.text()
    assert "图上的意见" in plain.text()
    assert plain.page.locator("[name=region]").count() == 1
