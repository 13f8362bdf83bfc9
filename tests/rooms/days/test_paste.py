"""A year's arrangement as it is pasted: the table, the notice, and all that can be wrong in it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.days import bridge, paste

NOTICE_2026 = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。"""


def wide(text: str) -> str:
    """The full-width forms of some ASCII, as an input method leaves them."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def kinds(text: str, year: int) -> list[str]:
    """Which faults were found, by their codes."""
    codes = {sentence: code for code, sentence in paste.FAULTS.items()}
    return [codes[fault.sentence] for fault in paste.read(text, year).faults]


def test_the_notice_itself_can_be_pasted_and_gives_what_the_library_has():
    pasted = paste.read(NOTICE_2026, 2026)
    assert pasted.faults == ()
    read = {e.day: (e.working, e.name) for e in pasted.entries}
    published = bridge.published().marks.items()
    assert read == {d: (m.working, m.name) for d, m in published if d.year == 2026}


@pytest.mark.parametrize(
    "text",
    [
        "日期\t安排\t节日\n2027-01-01\t放假\t元旦\n2027-01-03\t上班\t元旦",
        "2027/1/1,放假,元旦\n2027/1/3,上班,元旦",
        "2027.1.1 休 元旦\n2027.1.3 班 元旦",
        "1月1日；放假；元旦\n1月3日（星期日）；调休上班；元旦",
        wide("2027-01-01,") + "放假，元旦\n" + wide("1") + "月" + wide("3") + "日，上班，元旦",
        "date,kind,name\n2027-01-01,off,元旦\n2027-01-03,working,元旦",
        "元旦：2027年1月1日放假1天。1月3日（周日）上班。",
    ],
)
def test_a_table_is_read_however_it_was_separated_and_written(text):
    assert paste.read(text, 2027) == paste.Pasted(
        (
            paste.Entry(date(2027, 1, 1), False, "元旦"),
            paste.Entry(date(2027, 1, 3), True, "元旦"),
        ),
        (),
    )


def test_a_range_is_every_day_of_it_across_the_month():
    pasted = paste.read("1月31日至2月2日，放假，春节\n2027-05-01—2027-05-03\t放假\t劳动节", 2027)
    assert [e.day for e in pasted.entries] == [
        date(2027, 1, 31),
        date(2027, 2, 1),
        date(2027, 2, 2),
        date(2027, 5, 1),
        date(2027, 5, 2),
        date(2027, 5, 3),
    ]


def test_the_days_before_new_year_belong_to_the_notice_and_other_years_do_not():
    text = "元旦：2026年12月31日（周四）至2027年1月2日（周六）放假，共3天。"
    assert [e.day.isoformat() for e in paste.read(text, 2027).entries] == [
        "2026-12-31",
        "2027-01-01",
        "2027-01-02",
    ]
    assert kinds("2026-11-30，放假", 2027) == ["year"]
    assert kinds("2028-01-01，放假", 2027) == ["year"]


def test_every_fault_comes_at_once_with_its_line():
    text = "\n".join(
        [
            "2027-02-30，放假",
            "5月1日",
            "5月2日，也许",
            "元旦，放假",
            "2028-05-01，上班",
            "2027-01-01，放假",
            "1月1日，放假",
            "6月9日至6月1日，放假",
            "10月1日（周日），放假",
            "国庆节：10月2日至3日放假，共3天。",
            f"10月9日，上班，{'长' * 41}",
        ]
    )
    pasted = paste.read(text, 2027)
    assert [fault.values["line"] for fault in pasted.faults] == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    assert kinds(text, 2027) == [
        "date",
        "word",
        "word",
        "date",
        "year",
        "twice",
        "order",
        "weekday",
        "count",
        "name",
    ]
    for fault in pasted.faults:
        assert fault.sentence % fault.values


def test_nothing_and_too_much_are_said_in_words():
    assert kinds(" \n", 2027) == ["empty"]
    assert kinds("各部门要妥善安排好值班。", 2027) == ["empty"]
    assert kinds("放" * (paste.LONGEST + 1), 2027) == ["long"]


def test_a_make_up_day_on_a_weekday_is_a_slip():
    entries = paste.read("2027-01-04，上班\n2027-01-03，上班", 2027).entries
    assert [e.day for e in paste.needless(entries)] == [date(2027, 1, 4)]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_refused_and_never_breaks(text):
    pasted = paste.read(text, 2027)
    assert pasted.entries or pasted.faults
    assert all(paste.belongs(e.day, 2027) for e in pasted.entries)


@settings(deadline=None)
@given(st.dictionaries(st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.booleans(), min_size=1))
def test_a_table_written_and_read_again_is_the_same(rows):
    text = "\n".join(f"{day}\t{'上班' if on else '放假'}\t节日" for day, on in rows.items())
    pasted = paste.read(text, 2027)
    assert pasted.faults == ()
    assert {e.day: e.working for e in pasted.entries} == rows
