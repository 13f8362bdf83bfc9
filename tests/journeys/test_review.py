"""A review meeting: prepared by the clerk; a paper goes from a telephone to the group and back."""

from datetime import timedelta

import pytest

from bihuan.base import clock

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def unfold(page, name: str) -> None:
    fold = page.locator(".acts details", has=page.locator(f"summary:text-is('{name}')"))
    if fold.count() and not fold.evaluate("d => d.open"):
        fold.locator("summary").click()


def submit(page, act: str) -> None:
    page.locator(f"form[action*='/do/{act}/'] button[type=submit]").click()


@pytest.fixture
def meeting(visitor) -> str:
    """The path of a meeting that the clerk has just begun to prepare, with a guide invited."""
    clerk = visitor("clerk").go("/reviews/prepare/")
    page, day = clerk.page, clock.today() + timedelta(days=20)
    page.check("[name=kind][value=special]")
    page.select_option("[name=body]", label="经开区党工委")
    page.fill("[name=theme]", "示例数据：查摆作风问题")
    page.fill("[name=basis]", "示例数据：上级通知")
    page.fill("[name=date]", day.isoformat())
    page.locator("main form button[type=submit]").last.click()
    page.get_by_text("会前 6 步，已办 0 步").wait_for()
    path = page.url.removeprefix(clerk.server)
    clerk.go(f"{path}people/")
    unfold(page, "邀请指导组成员")
    invite = page.locator("form[action*='/do/invite/']")
    invite.locator("[name=post]").select_option(index=1)
    invite.locator("[name=valid_to]").fill((day + timedelta(days=10)).isoformat())
    submit(page, "invite")
    page.get_by_text("市委巡回指导组组长").first.wait_for()
    return path


def test_a_paper_goes_from_a_telephone_to_the_group_and_back(visitor, meeting):
    member = visitor("member", **PHONE).go(f"{meeting}papers/")
    page = member.page
    fits(page)
    page.get_by_role("link", name="委员的对照检查材料").tap()
    page.get_by_text("本次阅读已记入审计").wait_for()
    fits(page)
    unfold(page, "写草稿")
    page.locator("form[action*='/do/draft/'] [name=text]").fill("示例数据：初稿里的一句话。")
    submit(page, "draft")
    page.get_by_text("草稿（未提交）").wait_for()
    paper = page.url.removeprefix(member.server)

    guide = visitor("guide").go(paper)
    assert "初稿里的一句话" not in guide.text()

    unfold(page, "提交")
    submit(page, "submit")
    page.get_by_text("待审阅").first.wait_for()
    fits(page)

    guide.go("/reviews/")
    guide.page.get_by_role("link", name="专题民主生活会").first.click()
    guide.go(paper)
    assert "初稿里的一句话" in guide.text()
    unfold(guide.page, "审阅")
    guide.page.check("[name=passed][value=no]")
    guide.page.locator("form[action*='/do/judge-paper/'] [name=text]").fill("示例数据：再深一层。")
    submit(guide.page, "judge-paper")
    guide.page.get_by_text("退回修改").first.wait_for()

    page.reload()
    assert "再深一层" in member.text()

    clerk = visitor("clerk").go(f"{meeting}log/")
    assert "阅读对照检查材料" in clerk.text()
    assert "初稿里的一句话" not in clerk.text()


def test_the_sign_in_sheet_is_one_sheet_of_a4(visitor, meeting):
    clerk = visitor("clerk").go(f"{meeting}print/sign-in/")
    sheet = clerk.page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_no_page_of_it_is_wider_than_a_telephone(visitor, meeting, language):
    clerk = visitor("clerk", language=language, **PHONE)
    pages = ("", "people/", "opinions/", "talks/", "papers/", "agenda/", "record/", "problems/")
    for page in (*pages, "lower/", "print/", "print/plan/", "print/talks/", "log/"):
        clerk.go(f"{meeting}{page}")
        assert clerk.page.evaluate("document.documentElement.scrollWidth") <= 360, page
