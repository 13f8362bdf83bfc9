"""Reading the ledger: my work, unit page, leader's sheet, bulletin, statistics, filters."""

import re
from datetime import timedelta
from html import unescape
from itertools import pairwise

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from bihuan.base import clock
from bihuan.ledger import queries, services
from bihuan.ledger.forms import ListingForm
from bihuan.ledger.forms.reading import StatisticsForm
from bihuan.ledger.models import Finding
from bihuan.ledger.pages import bulletin as bulletin_pages
from bihuan.ledger.pages import statistics as statistics_pages
from bihuan.ledger.pages import unit as unit_pages
from bihuan.ledger.rules import time as timing
from bihuan.people import services as people
from bihuan.ui.panel import Tables
from tests.rooms.ledger.conftest import Walk, paper

TODAY = clock.today()
STATES = ("draft", "assigned", "acknowledged", "rectifying", "requested", "checking", "closed")
DAYS = st.integers(0, 60).map(lambda n: TODAY - timedelta(days=n))


def ago(days):
    return clock.held_at(clock.now() - timedelta(days=days))


# 逾期按天累计 -----------------------------------------------------------------------------------


@given(
    day=DAYS,
    end=DAYS,
    due=st.none() | DAYS,
    state=st.sampled_from(STATES),
    requested=st.none() | DAYS,
)
def test_the_days_of_a_late_spell_are_the_days_that_were_late_one_by_one(
    day, end, due, state, requested
):
    span = timing.Span(day, state, due, requested)
    spell = timing.late_spell(span, end)
    walked = [
        day + timedelta(days=n)
        for n in range(max(0, (end - day).days))
        if timing.late_days([span], day + timedelta(days=n + 1))
        > timing.late_days([span], day + timedelta(days=n))
    ]
    told = (
        []
        if spell is None
        else [spell[0] + timedelta(days=n) for n in range((spell[1] - spell[0]).days)]
    )
    assert told == walked


def handed_over_late(post, unit):
    """Late for ten days with one unit, handed over, late for five days with the next."""
    with ago(20):
        finding = Walk(post, unit).acknowledged(days=5)
    with ago(4):
        services.hand_over(finding, by=post("clerk"), to=unit("planning"), note="分工调整")
    return Finding.objects.get(pk=finding.pk)


def test_late_days_stay_with_the_unit_in_whose_hands_they_were(post, unit):
    finding = handed_over_late(post, unit)
    (late,) = queries.lateness(
        Finding.objects.all(), [(TODAY - timedelta(days=40), TODAY - timedelta(days=0))]
    )
    assert late == {
        (finding.pk, unit("economy").pk): 10,
        (finding.pk, unit("planning").pk): 5,
    }


def test_periods_together_have_the_late_days_of_the_whole(post, unit):
    finding = handed_over_late(post, unit)
    edges = [TODAY - timedelta(days=n) for n in (40, 13, 12, 3, 0)]
    pieces = [(a, b - timedelta(days=1)) for a, b in pairwise(edges)]
    whole = [(edges[0], edges[-1] - timedelta(days=1))]
    parts = queries.lateness(Finding.objects.all(), pieces)
    (together,) = queries.lateness(Finding.objects.all(), whole)
    added: dict = {}
    for part in parts:
        for key, days in part.items():
            added[key] = added.get(key, 0) + days
    assert added == together
    first, last = whole[0]
    walked = queries.late_days(Finding.objects.all(), first, last)
    assert sum(together.values()) == walked[finding.pk]


# 我的工作 ---------------------------------------------------------------------------------------


def test_my_work_and_the_page_of_a_finding_agree_on_whose_turn_it_is(post, unit):
    walks = [getattr(Walk(post, unit), state)() for state in STATES[1:]] + [
        Walk(post, unit).finding
    ]
    asked = Walk(post, unit).rectifying(days=10)
    later = asked.due + timedelta(days=9)
    services.ask_extension(asked, by=post("econ-head"), to=later, reason="等口径")
    for who in ("clerk", "econ-head", "econ-liaison", "checker", "leader", "edu-head"):
        by = post(who)
        groups = queries.turns(by)
        for turn in queries.TURNS:
            for finding in groups.get(turn.code, ()):
                assert set(turn.steps) & set(queries.possible(finding, by)), (who, turn.code)
        listed = {finding.pk for found in groups.values() for finding in found}
        for one in [*walks, asked]:
            finding = Finding.objects.get(pk=one.pk)
            moves = {"assign", "acknowledge", "request_close", "take_up", "verify", "close"}
            moves |= {"decide_extension"}
            visible = queries.visible_to(by).filter(pk=finding.pk).exists()
            if visible and moves & set(queries.possible(finding, by)):
                assert finding.pk in listed, (who, finding.state)


def test_what_needs_no_words_is_one_press_in_my_work(browse, post, unit):
    finding = Walk(post, unit).assigned()
    head = browse("econ-head")
    page = head.get("/ledger/mine/").content.decode()
    assert "待签收（1）" in page
    (action,) = re.findall(rf'action="(/ledger/{finding.pk}/[a-z-]+/)"', page)
    assert head.post(action).status_code == 302
    page = head.get("/ledger/mine/").content.decode()
    assert f'href="/ledger/{finding.pk}/?do=plan"' in page
    page = head.get(f"/ledger/{finding.pk}/?do=plan").content.decode()
    acts = page.split('<aside class="acts"', 1)[1]
    assert acts.index('/plan/"') < acts.index("<details")


@pytest.mark.parametrize(
    ("who", "step", "group"),
    [
        ("clerk", "draft", "assign"),
        ("checker", "requested", "verify"),
        ("clerk", "passed", "close"),
    ],
)
def test_a_group_shows_all_of_it_with_the_bulk_act_that_fits(browse, post, unit, who, step, group):
    walk = Walk(post, unit)
    finding = walk.finding if step == "draft" else getattr(walk, step)()
    page = browse(who).get(f"/ledger/mine/?group={group}").content.decode()
    assert finding.number in page
    assert ("先看会怎样" in page) == (group != "close")


@pytest.mark.parametrize("group", ["nonsense", "assign"])
def test_a_group_that_is_not_ones_own_is_not_found(browse, group):
    assert browse("econ-head").get(f"/ledger/mine/?group={group}").status_code == 404


# 筛选是地址 -------------------------------------------------------------------------------------


@pytest.fixture
def some(post, unit):
    """A few findings of different states, one of them late."""
    with ago(30):
        Walk(post, unit).rectifying(days=5)
    for state in ("assigned", "closed", "requested"):
        getattr(Walk(post, unit), state)()
    return Walk(post, unit).finding


ADDRESSES = [
    {"state": "open"},
    {"state": "with_checker", "source": "figures"},
    {"late": "on", "sort": "due"},
    {"text": "对不上", "risk": "medium", "kind": "dated"},
    {"since": "2020-01-01", "until": "2030-12-31", "sort": "closed"},
    {"lamp": "red"},
    {"lamp": "-", "recheck": "on"},
    {"closed_since": "2020-01-01"},
]


@pytest.mark.parametrize("asked", ADDRESSES)
def test_what_is_asked_is_an_address_that_asks_the_same(db, asked):
    form = ListingForm(asked)
    assert form.address() == asked
    assert ListingForm(form.address()).asked() == form.asked()


@pytest.mark.parametrize("asked", ADDRESSES)
def test_every_link_of_a_filtered_list_keeps_the_filter(browse, some, asked):
    page = browse("clerk").get("/ledger/", asked).content.decode()
    kept = [unescape(a) for a in re.findall(r'href="(/ledger/(?:export|statistics)/[^"]*)"', page)]
    assert len(kept) >= 2
    for address in kept:
        for name, value in asked.items():
            assert f"{name}={value}" in address.replace("%E5%AF%B9%E4%B8%8D%E4%B8%8A", "对不上")


def test_a_filter_that_makes_no_sense_is_left_out_and_nothing_breaks(browse, some):
    clerk = browse("clerk")
    plain = clerk.get("/ledger/").content.decode()
    total = re.search(r"(\d+) 条", plain).group(1)
    for asked in (
        "state=nonsense",
        "since=2022-13-40",
        "unit=999999",
        "page=9999",
        "page=" + "9" * 5000,
    ):
        page = clerk.get(f"/ledger/?{asked}")
        assert page.status_code == 200
        assert re.search(r"(\d+) 条", page.content.decode()).group(1) == total


def test_a_text_is_found_wherever_it_stands_and_in_either_case(post):
    clerk = post("clerk")
    fields = {"source": "other", "description": "按 PM2.5 日报核对", "place": "第八大街 A 座"}
    finding = services.raise_finding(by=clerk, title="口径100%不符", **fields)
    seen = queries.visible_to(clerk)
    for text in ("口径", "100%", "pm2.5", "a 座", finding.number, "核对"):
        assert list(queries.search(seen, text=text)) == [finding], text
    for text in ("100_", "%", "不在", "_"):
        assert list(queries.search(seen, text=text)) == ([finding] if text == "%" else []), text


def test_sorted_by_deadline_drafts_stand_last(post, some):
    found = queries.search(queries.visible_to(post("clerk")), sort="due")
    dues = [finding.due for finding in found]
    known = [due for due in dues if due]
    assert known == sorted(known)
    assert dues[: len(known)] == known
    assert dues[len(known) :] == [None] * (len(dues) - len(known))


# 统计、单位页、通报、领导一页 ------------------------------------------------------------------


def linked_numbers(page):
    """Every number of a page's tables with the list that it leads to."""
    for panel in page.panels:
        table = panel.under if hasattr(panel, "under") else getattr(panel, "table", None)
        for line in table.rows if isinstance(panel, Tables) or table else ():
            for cell in line.cells:
                if cell.kind == "number" and cell.href.startswith("/ledger/?"):
                    yield cell.value, cell.href
        for station in getattr(panel, "stations", ()):
            if station.href.startswith("/ledger/?") and not station.hint:
                yield station.count, station.href


def counted(by, address):
    """How many findings the list under an address has."""
    form = ListingForm(QueryDict(address.partition("?")[2]))
    return queries.search(queries.visible_to(by), **form.asked()).count()


@pytest.mark.parametrize("asked", [{}, {"state": "open"}, {"risk": "medium"}, {"late": "on"}])
def test_every_number_of_the_statistics_leads_to_so_many_findings(post, some, asked):
    form, clerk = StatisticsForm(asked), post("clerk")
    found = queries.search(queries.visible_to(post("clerk")), **form.filters())
    numbers = list(linked_numbers(statistics_pages.statistics(found, form)))
    assert len(numbers) > 8
    for value, address in numbers:
        assert counted(clerk, address) == value, address


def test_measures_are_told_apart_from_problems(browse, post, unit):
    finding = Walk(post, unit).rectifying()
    for text in ("二", "三"):
        services.plan(finding, by=post("econ-head"), text=text)
    page = browse("clerk").get("/ledger/statistics/").content.decode()
    measures = page.split("措施（与问题分开计数）", 1)[1].split("</section>", 1)[0]
    assert "<dd>3</dd>" in measures


def test_lamps_of_a_past_day_are_those_of_that_day(browse, post, unit):
    with ago(30):
        Walk(post, unit).rectifying(days=5)
    clerk = browse("clerk")
    past = (TODAY - timedelta(days=28)).isoformat()
    now = clerk.get("/ledger/statistics/").content.decode()
    then = clerk.get(f"/ledger/statistics/?day={past}").content.decode()
    assert now.rsplit("最重的灯", 1)[1].count("红灯") == 1
    assert then.rsplit("最重的灯", 1)[1].count("红灯") == 0


def test_a_unit_sees_its_direct_subordinates_and_what_is_late_below_them(post, unit):
    with ago(20):
        finding = Walk(post, unit)
        services.assign(
            finding.finding,
            by=post("clerk"),
            lead_unit=unit("sanitation"),
            due=clock.today() + timedelta(days=3),
            standard="清运及时",
        )
    people.tie_unit(unit("sanitation"), unit("enforcement"), by=None, line="admin")
    found = queries.below(unit("admin"), "admin", queries.visible_to(post("clerk")))
    by_code = {one.unit.code: one for one in found}
    assert "sanitation" not in by_code
    above = by_code["enforcement"]
    assert (above.own.overdue, above.whole.overdue, above.worst) == (0, 1, "red")


def test_a_unit_page_has_links_that_count_right(post, unit, some):
    page = unit_pages.unit(unit("economy"), "admin", post("clerk"))
    clerk = post("clerk")
    numbers = list(linked_numbers(page))
    assert numbers
    for value, address in numbers:
        assert counted(clerk, address) == value, address


def test_a_unit_page_is_for_those_who_see_all_of_it(browse, unit):
    economy = unit("economy").pk
    assert browse("econ-head").get(f"/ledger/units/{economy}/").status_code == 200
    assert browse("edu-head").get(f"/ledger/units/{economy}/").status_code == 404
    assert browse("clerk").get("/ledger/units/999999/").status_code == 404


def test_the_bulletin_ranks_by_days_late_and_not_by_how_the_month_ended(post, unit):
    with ago(70):
        long = Walk(post, unit).acknowledged(days=2)
    month = (TODAY - timedelta(days=45)).replace(day=1)
    end = queries.end_of_month(month)
    with ago((TODAY - end).days + 1):
        services.hand_over(long, by=post("clerk"), to=unit("planning"), note="调整")
    told = queries.of_month(queries.visible_to(post("clerk")), month, TODAY)
    lines = told.by["lead_unit"]
    economy, planning = lines[unit("economy").pk], lines[unit("planning").pk]
    assert economy.late_days > planning.late_days > 0
    assert (economy.overdue, planning.overdue) == (0, 1)
    assert told.whole.late == 1
    page = bulletin_pages.bulletin(told, post("clerk"))
    units = next(panel for panel in page.panels if getattr(panel, "title", "") == "各单位")
    assert [row.cells[1].value for row in units.table.rows][:2] == [
        unit("economy").label(),
        unit("planning").label(),
    ]


def test_a_month_that_is_not_over_says_that_it_is_provisional(browse, some):
    clerk = browse("clerk")
    now = clerk.get(f"/ledger/bulletin/{TODAY.year}/{TODAY.month}/").content.decode()
    before = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)
    past = clerk.get(f"/ledger/bulletin/{before.year}/{before.month}/").content.decode()
    if queries.end_of_month(TODAY) > TODAY:
        assert "暂定：截至" in now
    assert "暂定：截至" not in past
    assert "审计根" in past


def test_a_provisional_deadline_is_told_in_the_bulletin(browse, post, unit):
    services.assign(
        Walk(post, unit).finding,
        by=post("clerk"),
        lead_unit=unit("economy"),
        days_given=700,
        standard="已说明",
    )
    page = browse("clerk").get(f"/ledger/bulletin/{TODAY.year}/{TODAY.month}/").content.decode()
    assert "有 1 个未销号问题的时限是暂定的" in page


@pytest.mark.parametrize("month", ["2999/1", "1066/10", "2024/13", "2024/0"])
def test_a_month_that_is_none_or_still_to_come_is_not_found(browse, month):
    assert browse("clerk").get(f"/ledger/bulletin/{month}/").status_code == 404


@pytest.mark.parametrize(
    "path", ["mine/", "leader/", "statistics/", f"bulletin/{TODAY.year}/{TODAY.month}/", ""]
)
@pytest.mark.parametrize("who", ["clerk", "leader", "edu-head"])
def test_an_empty_ledger_can_be_read_too(browse, who, path):
    assert browse(who).get(f"/ledger/{path}").status_code == 200


# 疑似反复出现 -----------------------------------------------------------------------------------

TYPED = {
    "title": "积雪未清除，车辆通行困难",
    "description": "",
    "place": "第八大街与经南三路 交叉口",
    "source": "public",
    "source_number": "",
    "category": "",
    "rect_kind": "dated",
    "risk": "medium",
    "goal": "",
    "standard": "",
}


@pytest.fixture
def old(post):
    return services.raise_finding(
        by=post("clerk"),
        title="路面积雪未及时清除，影响通行",
        source="public",
        place="第八大街与经南三路交叉口",
    )


def test_what_looks_like_an_old_problem_is_shown_before_anything_is_stored(browse, old):
    answer = browse("clerk").post("/ledger/raise/", TYPED)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert Finding.objects.count() == 1
    assert old.number in page
    assert TYPED["title"] in page
    assert "照常提出" in page


@pytest.mark.parametrize("chained", [False, True])
def test_the_person_decides_whether_it_is_the_same_again(browse, old, chained):
    chosen = str(old.pk) if chained else "-"
    answer = browse("clerk").post("/ledger/raise/", TYPED | {"previous": chosen})
    assert answer.status_code == 302
    new = Finding.objects.exclude(pk=old.pk).get()
    assert new.previous == (old if chained else None)


def test_a_choice_that_was_not_offered_decides_nothing(browse, old):
    answer = browse("clerk").post("/ledger/raise/", TYPED | {"previous": "999999"})
    assert answer.status_code == 422
    assert Finding.objects.count() == 1


def test_somewhere_else_nothing_is_asked(browse, old):
    answer = browse("clerk").post("/ledger/raise/", TYPED | {"place": "前程路"})
    assert answer.status_code == 302


# 别人先办了 -------------------------------------------------------------------------------------


def test_the_loser_gets_his_words_back_in_the_form_and_can_send_them_again(browse, post, unit):
    finding = Walk(post, unit).acknowledged()
    seen = finding.revision
    services.plan(finding, by=post("econ-liaison"), text="先到的措施")
    head = browse("econ-head")
    typed = {"seen": seen, "text": "后到的措施，一字不丢"}
    answer = head.post(f"/ledger/{finding.pk}/plan/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "后到的措施，一字不丢" in page
    assert "联络员已经“制定措施”" in page
    again = re.search(r'action="/ledger/\d+/plan/".*?name="seen" value="(\d+)"', page, re.S)
    answer = head.post(f"/ledger/{finding.pk}/plan/", typed | {"seen": again.group(1)})
    assert answer.status_code == 302
    assert finding.measures.count() == 2


def test_words_about_a_finding_that_has_moved_out_of_sight_are_given_back(browse, post, unit):
    finding = Walk(post, unit).acknowledged()
    services.hand_over(finding, by=post("clerk"), to=unit("planning"), note="调整")
    answer = browse("econ-head").post(f"/ledger/{finding.pk}/plan/", {"text": "写了很久的措施"})
    assert answer.status_code == 404
    assert "写了很久的措施" in answer.content.decode()


# 手机 -------------------------------------------------------------------------------------------


def test_a_phone_takes_the_picture_itself_or_chooses_a_file_but_not_both(browse, post, unit):
    finding = Walk(post, unit).rectifying()
    liaison = browse("econ-liaison")
    page = liaison.get(f"/ledger/{finding.pk}/").content.decode()
    assert re.search(r'name="photo"[^>]*capture="environment"', page)
    address = f"/ledger/{finding.pk}/submit-evidence/"
    typed = {"text": "现场", "kind": "after"}
    assert liaison.post(address, typed).status_code == 422
    both = typed | {"photo": paper("一"), "upload": paper("二")}
    assert liaison.post(address, both).status_code == 422
    assert liaison.post(address, typed | {"photo": paper("一")}).status_code == 302
    assert finding.evidence.count() == 1
