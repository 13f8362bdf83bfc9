"""What if: a slider is moved, everybody is ranked again at once, and the page stays where it is."""

import re

import pytest

from .test_phone import PHONE, fits

pytestmark = pytest.mark.browser


@pytest.fixture
def trying(visitor):
    """`trying()`: the what-if page of the zone in the sample's run of 2021."""

    def come(**options):
        clerk = visitor("clerk", **options)
        page = clerk.go("/assessment/").page
        line = page.locator("main tr", has_text="2021（数据年度 2020）")
        line.locator("a[href$='/zone/']").click()
        page.locator("a[href$='/what-if/']").click()
        page.locator("main input[type=range]").first.wait_for()
        page.evaluate("window.stayed = true")
        return page

    return come


def answered(page, words: str) -> str:
    """The panels once they say so, and that no new page was loaded for it."""
    page.locator("main .panels").get_by_text(words).first.wait_for()
    assert page.evaluate("window.stayed")
    return page.locator("main .panels").inner_text()


def test_a_slider_ranks_everybody_again_without_a_new_page(trying):
    page = trying()
    assert "还没有改动" in page.locator("main .panels").inner_text()
    field = page.locator("[name='c-gdp']")
    slider = page.locator("[name='c-gdp'] + input[type=range]")
    assert float(slider.input_value()) == pytest.approx(float(field.input_value()), rel=0.01)

    slider.focus()
    page.keyboard.press("End")  # by the keyboard: half as much again
    most = field.input_value()
    assert float(most) == pytest.approx(1.5 * 1202, rel=0.01)
    told = answered(page, f"地区生产总值改为 {most}")
    rank = re.search(r"22 → (\d+)", told)
    assert rank is not None
    assert int(rank[1]) < 22
    assert f"c-gdp={most}" in page.url  # the address can be kept

    page.reload()
    page.evaluate("window.stayed = true")
    assert f"地区生产总值改为 {most}" in page.locator("main .panels").inner_text()
    assert page.locator("[name='c-gdp'] + input[type=range]").input_value() == most


def test_a_typed_number_moves_its_slider_and_back_again(trying):
    page = trying()
    field = page.locator("[name='c-gdp']")
    slider = page.locator("[name='c-gdp'] + input[type=range]")
    before = field.input_value()
    field.fill("700")
    field.press("Tab")
    answered(page, "地区生产总值改为 700")
    assert float(slider.input_value()) == pytest.approx(
        700, abs=float(slider.get_attribute("step"))
    )
    field.fill(before)
    field.press("Tab")
    answered(page, "还没有改动")


def test_a_weight_is_tried_by_dragging(trying):
    page = trying()
    slider = page.locator("[name^='w-'] + input[type=range]").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    told = answered(page, "改了什么")
    assert "产业基础改为" in told


def test_sliders_are_large_enough_for_a_finger_on_a_telephone(trying):
    page = trying(**PHONE)
    fits(page)
    for slider in page.locator("main input[type=range]:visible").all():
        box = slider.bounding_box()
        assert box["height"] >= 24
        assert box["x"] + box["width"] <= 360
