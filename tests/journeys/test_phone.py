"""A telephone, 360 px wide: sign for an item, add progress and a photo, ask for an extension."""

import struct
import zlib
from datetime import timedelta

import pytest

from bihuan.base import clock

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def picture() -> bytes:
    """A small PNG, as a camera would hand it over."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + sum_

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x20\x60\x70" * 8 for _ in range(8)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def fits(page) -> None:
    """Nothing is wider than the telephone, and what is pressed is large enough for a finger."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in page.locator("main form button[type=submit]:visible").all():
        assert button.bounding_box()["height"] >= 32


def shows(page, words: str) -> None:
    """The page that comes after a tap says so."""
    page.locator("main").get_by_text(words).first.wait_for(state="attached")


def unfold(page, name: str) -> None:
    fold = page.locator(".acts details", has=page.locator(f"summary:text-is('{name}')"))
    if fold.count() and not fold.evaluate("d => d.open"):
        fold.locator("summary").tap()


@pytest.fixture
def address(visitor) -> str:
    """A finding that was assigned to the economic bureau a moment ago."""
    page = visitor("clerk").go("/ledger/raise/").page
    page.fill("[name=title]", "示例数据：路口围挡破损")
    page.fill("[name=place]", "示例路口")
    page.locator("main form button[type=submit]").last.click()
    page.select_option("[name=lead_unit]", label="经济发展局")
    page.fill("[name=due]", (clock.today() + timedelta(days=15)).isoformat())
    page.fill("[name=standard]", "围挡修好，有照片。")
    page.locator("form[action$='/assign/'] button[type=submit]").click()
    return str(page.url)


def test_the_daily_work_of_a_unit_is_done_on_a_telephone(visitor, address):
    head = visitor("econ-head", **PHONE)
    page = head.page
    head.go("/ledger/mine/")
    fits(page)
    number = address.rstrip("/").rsplit("/", 1)[-1]
    page.locator(f"form[action='/ledger/{number}/acknowledge/'] button").tap()
    shows(page, "已签收")
    fits(page)
    page.locator("form[action$='/plan/'] [name=text]").fill("更换破损的围挡。")
    page.locator("form[action$='/plan/'] button[type=submit]").tap()
    shows(page, "整改中")

    unfold(page, "填报进展")
    page.locator("form[action$='/report/'] [name=text]").fill("新围挡已经运到。")
    page.locator("form[action$='/report/'] button[type=submit]").tap()
    shows(page, "新围挡已经运到。")

    unfold(page, "提交佐证")
    form = page.locator("form[action$='/submit-evidence/']")
    camera = form.locator("[name=photo]")
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": picture()})
    form.locator("[name=text]").fill("修好以后。")
    fits(page)
    form.locator("button[type=submit]").tap()
    shows(page, "现场.png")
    fits(page)

    unfold(page, "申请延期")
    form = page.locator("form[action$='/ask-extension/']")
    form.locator("[name=to]").fill((clock.today() + timedelta(days=25)).isoformat())
    form.locator("[name=reason]").fill("还差一块围挡没有到货。")
    form.locator("button[type=submit]").tap()
    shows(page, "待审批")
    fits(page)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(
    "path", ["mine/", "leader/", "statistics/", "bulletin/now/", "raise/", "?state=open&sort=due"]
)
def test_no_reading_page_is_wider_than_a_telephone(visitor, path, language):
    today = clock.today()
    path = path.replace("now", f"{today.year}/{today.month}")
    clerk = visitor("clerk", language=language, **PHONE)
    clerk.go(f"/ledger/{path}")
    assert clerk.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_leaders_sheet_is_one_sheet_of_a4(visitor):
    leader = visitor("leader")
    leader.go("/ledger/leader/")
    sheet = leader.page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1
