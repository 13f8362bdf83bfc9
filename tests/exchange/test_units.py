"""Units as clerks list them: split by role, matched by exact name, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.exchange.words.units import match, plain_name, split_units

REGISTER = {
    plain_name(name): code
    for name, code in (
        ("经发局", "jf"),
        ("经济发展局", "jf"),
        ("财政局", "cz"),
        ("党政办", "dz"),
        ("党政办公室", "dz"),
        ("督查室", "dc"),
        ("规划建设局", "gj"),
        ("明湖办事处党（工）委", "mh"),
        ("市商务局", "sw"),
        ("人力资源和社会保障局", "rs"),
    )
}


def split(text):
    return [(one.name, one.role) for one in split_units(text, REGISTER).names]


@pytest.mark.parametrize(
    "text",
    [
        "经发局、财政局、党政办",
        "经发局，财政局，党政办",
        "经发局;财政局；党政办",
        "经发局/财政局/党政办",
        "经发局\n财政局\n党政办",
        "经发局 财政局　党政办",
        "经发局、财政局和党政办",
        "经发局、\n财政局、党政办。",
    ],
)
def test_every_usual_separator_parts_the_names(text):
    assert split(text) == [("经发局", ""), ("财政局", ""), ("党政办", "")]


@pytest.mark.parametrize(
    "text",
    [
        "牵头：经发局；配合：财政局、党政办",
        "牵头单位：经发局\n配合单位：财政局，党政办",
        "经发局（牵头）、财政局（配合）、党政办（配合）",
        "经发局(牵头单位)，财政局(配合单位)，党政办(配合单位)",
        "经发局牵头，财政局、党政办配合",
        "由经发局牵头，财政局、党政办配合落实",
        "经发局（配合：财政局、党政办）",
        "主责：经发局，协办：财政局、党政办",
        "（牵头）经发局 （配合）财政局 （配合）党政办",
    ],
)
def test_who_leads_and_who_assists_is_read_from_labels_brackets_and_words(text):
    assert split(text) == [("经发局", "lead"), ("财政局", "assist"), ("党政办", "assist")]


def test_a_responsible_unit_beside_assisting_ones_has_no_said_role():
    assert split("责任单位：经发局 配合单位：财政局") == [("经发局", ""), ("财政局", "assist")]


def test_brackets_that_belong_to_a_name_stay_in_it():
    assert split("明湖办事处党（工）委、经发局") == [("明湖办事处党（工）委", ""), ("经发局", "")]
    assert split("组织部（人才办、老干局）") == [("组织部（人才办、老干局）", "")]


def test_a_name_is_not_broken_by_a_narrow_column_or_by_spacing_it_out():
    assert split("规划建设\n局") == [("规划建设局", "")]
    assert split("规划\n建设局") == [("规划建设局", "")]
    assert split("党 政 办") == [("党政办", "")]
    assert split("明湖办事处党（工\n）委") == [("明湖办事处党（工）委", "")]


def test_words_inside_a_name_do_not_part_it():
    assert split("市商务局") == [("市商务局", "")]
    assert split("人力资源和社会保障局") == [("人力资源和社会保障局", "")]
    assert split("党政办和某某中心") == [("党政办和某某中心", "")]


def test_a_list_that_ends_with_and_others_is_open():
    listed = split_units("经发局、财政局等部门")
    assert [one.name for one in listed.names] == ["经发局", "财政局"]
    assert listed.more
    assert not split_units("经发局、财政局").more


@pytest.mark.parametrize("text", ["", "/", "无", "—", "待定", "  "])
def test_nothing_written_is_no_unit(text):
    assert split_units(text).names == ()


def test_a_name_is_found_exactly_whatever_its_widths_and_spaces():
    found = match(["经发局 ", "经济发展局", "明湖办事处党(工)委"], REGISTER)
    assert [one.code for one in found] == ["jf", "jf", "mh"]


def test_both_names_of_one_unit_in_one_cell_are_that_unit():
    assert match(["经发局（经济发展局）"], REGISTER)[0].code == "jf"
    assert match(["经发局（财政局）"], REGISTER)[0].code is None


def test_a_near_name_is_offered_and_never_chosen():
    (found,) = match(["经济发展局局"], REGISTER)
    assert found.code is None
    assert found.close[0] == "经济发展局"
    (stranger,) = match(["某某集团"], REGISTER)
    assert stranger.code is None
    assert stranger.close == ()


@given(st.text())
def test_any_text_can_be_split(text):
    listed = split_units(text, REGISTER)
    assert all(one.name.strip() == one.name != "" for one in listed.names)


@given(st.lists(st.sampled_from(sorted(REGISTER)), min_size=1, unique=True))
def test_registered_names_joined_by_the_usual_sign_come_apart_again(names):
    assert [one.name for one in split_units("、".join(names), REGISTER).names] == names
