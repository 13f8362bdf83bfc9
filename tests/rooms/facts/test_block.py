"""A pasted block: headings as offices write them, cells read or refused, all faults at once."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.exchange import sheet
from bihuan.facts import block, intake, terms

KNOWN = terms.known()


def read(*rows):
    return block.read(sheet.pasted("\n".join(rows)).lines, KNOWN)


def codes(found):
    return [fault.code for fault in found.faults]


def one(*rows):
    found = read(*rows)
    assert found.faults == ()
    (entry,) = found.entries
    return entry


def test_a_row_is_read_with_its_headings_in_any_order():
    entry = one("数值\t指标\t口径\t计量单位", "1,202\t地区生产总值\t现价\t亿元")
    assert (entry.indicator, entry.value, entry.measure, entry.scope, entry.row) == (
        "地区生产总值",
        Decimal(1202),
        "亿元",
        "现价",
        2,
    )
    assert entry.as_written == "1,202 地区生产总值 现价 亿元"


@pytest.mark.parametrize(
    ("written", "value", "measure", "approximate", "bound"),
    [
        ("17.50", "17.50", "", False, False),
        ("\uff11\uff0c\uff12\uff10\uff12亿元", "1202", "亿元", False, False),
        ("17.5%", "17.5", "%", False, False),
        ("约1200家", "1200", "家", True, False),
        ("5000余把", "5000", "把", True, True),
        ("80% 以上", "80", "%", True, True),
        ("−4", "-4", "", False, False),
        ("6.2件/万人", "6.2", "件/万人", False, False),
    ],
)
def test_a_number_is_read_as_an_office_writes_it(written, value, measure, approximate, bound):
    entry = one("指标\t数值", f"甲\t{written}")
    assert (str(entry.value), entry.measure) == (value, measure)
    assert (entry.approximate, entry.lower_bound) == (approximate, bound)


@pytest.mark.parametrize(
    ("head", "cell", "change", "kind"),
    [
        ("变动", "13.5%", "13.5", "growth_yoy"),
        ("变动", "增长13.5%", "13.5", "growth_yoy"),
        ("变动", "下降 3%", "-3", "growth_yoy"),
        ("增速（%）", "13.5", "13.5", "growth_yoy"),
        ("变动", "+0.2个百分点", "0.2", "pp_change"),
        ("变动", "上升4位", "-4", "rank_change"),
        ("变动", "下降2位", "2", "rank_change"),
        ("位次变动", "-4", "-4", "rank_change"),
    ],
)
def test_a_change_says_what_kind_it_is(head, cell, change, kind):
    entry = one(f"指标\t数值\t{head}", f"甲\t1\t{cell}")
    assert (str(entry.change), entry.change_kind) == (change, kind)


def test_a_change_in_words_has_no_number():
    entry = one("指标\t变动", "能耗\t明显下降")
    assert (entry.change, entry.change_kind, entry.text) == (None, "qualitative_down", "明显下降")


def test_a_unit_over_a_column_is_told_by_its_cells():
    assert one("指标\t数值\t单位", "甲\t1\t亿元").measure == "亿元"
    assert one("指标\t数值\t单位", "甲\t1\t郑州经开区").unit == "郑州经开区"


def test_a_row_without_a_number_is_passed_over_and_named():
    found = read("指标\t数值", "甲\t1", "乙\t—", "丙\t")
    assert (len(found.entries), found.empty, found.faults) == (1, ("乙", "丙"), ())


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((), "block_empty"),
        (("指标\t数值",), "block_empty"),
        (("指标\t数值\t心情", "甲\t1\t好"), "block_heading"),
        (("指标\t数值\t值", "甲\t1\t2"), "block_heading_twice"),
        (("数值\t口径", "1\t甲"), "block_no_indicator"),
        (("指标\t数值\t", "甲\t1\t2"), "block_no_heading"),
        (("指标\t数值", "\t1"), "block_no_name"),
        (("指标\t数值", "甲\t很多"), "not_number"),
        (("指标\t数值", "甲\t1,20"), "not_number"),
        (("指标\t数值", "甲\t#DIV/0!"), "not_number"),
        (("指标\t数值\t计量单位", "甲\t1亿元\t万元"), "block_two_measures"),
        (("指标\t数值\t文字", "甲\t1\t很好"), "block_both"),
        (("指标\t数值\t增速\t位次变动", "甲\t1\t2\t3"), "block_two_changes"),
        (("指标\t数值\t变动", "甲\t1\t比2019年好"), "block_change"),
        (("指标\t数值\t增速", "甲\t1\t0.2个百分点"), "change_unit"),
        (("指标\t数值\t变动类型", "甲\t1\t变好"), "change_kind"),
        (("指标\t数值\t约数", "甲\t1\t也许"), "block_flag"),
    ],
)
def test_what_cannot_be_read_is_a_fault_of_its_row(rows, code):
    assert code in codes(read(*rows))


def test_all_faults_of_a_block_are_told_at_once():
    found = read("指标\t数值\t约数", "甲\t很多\t", "乙\t1\t也许", "\t3\t")
    assert [(f.row, f.code) for f in found.faults] == [
        (2, "not_number"),
        (3, "block_flag"),
        (4, "block_no_name"),
    ]


def test_every_fault_has_its_sentence():
    for code in ("not_number", "change_unit", "change_kind"):
        assert code in intake.SENTENCES
    assert {"block_empty", "block_long", "block_heading"} <= set(intake.SENTENCES)


# What stands in cells, and what does not belong there.
CELL = st.text(
    "0123456789.,%亿元约余增长下降个百分点上升位—-+ x\u00b2\u0660\uff05", max_size=8
) | st.text(max_size=4)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), max_size=3))
@settings(max_examples=60)
def test_any_block_is_read_or_refused_without_a_crash(rows):
    heads = "\t".join(["指标", "数值", "变动", "口径", "约数"])
    text = "\n".join([heads, *("\t".join(row) for row in rows)])
    found = block.read(sheet.pasted(text).lines, KNOWN)
    for fault in found.faults:
        assert intake.SENTENCES[fault.code] % {"id": "甲", **fault.params}
    for entry in found.entries:
        assert entry.value is None or entry.value.is_finite()
