"""Quorum, agenda, matrix and self-naming are plain arithmetic and plain data."""

from datetime import date

import pytest

from bihuan.reviews import rules


@pytest.mark.parametrize(
    ("present", "due", "met"),
    [(2, 3, True), (1, 3, False), (4, 6, True), (3, 6, False), (3, 4, True), (2, 4, False)],
)
def test_exactly_two_thirds_are_enough_and_one_less_is_not(present, due, met):
    assert rules.quorum_met(present, due, 2, 3) is met
    assert (present >= rules.needed(due, 2, 3)) is met


def test_nobody_is_no_quorum():
    assert not rules.quorum_met(0, 0, 2, 3)


def test_the_head_goes_first_and_takes_criticism_before_the_others_speak():
    kinds = [(item.kind, item.who) for item in rules.agenda([7, 8, 9], guided=True)]
    assert kinds == [
        ("last", None),
        ("body_check", 7),
        ("own_check", 7),
        ("criticism", 7),
        ("own_check", 8),
        ("own_check", 9),
        ("mutual", None),
        ("comment", None),
        ("summary", 7),
    ]


def test_without_a_guidance_group_nobody_comments():
    assert "comment" not in {item.kind for item in rules.agenda([1, 2, 3], guided=False)}


def test_everybody_is_to_criticise_everybody_else():
    cells = rules.criticism_cells([1, 2, 3])
    assert set(cells) == {(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)}
    assert [target for _source, target in cells][:2] == [1, 1]  # the head is criticised first


@pytest.mark.parametrize(
    "text",
    [
        "我是教文体局的一名干部，希望多调研。",
        "本人在综合执法局工作。",
        "希望改进。电话 13800000000",
        "建议多下基层。\n——某某某",
        "身份证 11010119900101123X",
        "建议人：某",
    ],
)
def test_a_text_that_names_its_writer_is_warned_of(text):
    assert rules.reveals(text)


@pytest.mark.parametrize(
    "text", ["希望多到基层调研。", "我认为文件太多，会议太长。", "我是不是可以提一点：少开会。", ""]
)
def test_a_text_that_names_nobody_is_not(text):
    assert rules.reveals(text) == []


def test_the_usual_time_belongs_to_the_year_and_not_to_the_day_alone():
    assert rules.in_window(date(2026, 12, 31), 2026, "10-01", "12-31")
    assert not rules.in_window(date(2027, 1, 20), 2026, "10-01", "12-31")
    assert not rules.in_window(date(2027, 10, 1), 2026, "10-01", "12-31")


def test_every_step_of_the_library_says_its_source_and_how_sure_it_is():
    assert {plan.phase for plan in rules.DEFAULTS} == set(rules.PHASES)
    assert all(plan.source and plan.grade in rules.GRADES for plan in rules.DEFAULTS)
    assert len({plan.code for plan in rules.DEFAULTS}) == len(rules.DEFAULTS)
