"""A rater with a telephone: whatever breaks on the way, one ballot, and nothing left behind."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bihuan.ballots.words import CLIENT
from tests.frontend.hall import BOX, STATIC, Hall
from tests.journeys.conftest import FLAGS

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
HOST = "hall.example"  # a name without a certificate: no secure context, as in most halls
FIRST, SECOND = "TCKT00000001", "TCKT00000002"
SLIP = "S11P00000001"
KEY = f"bihuan-ballot-{BOX.hex()}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Closed after this module: playwright's event loop would stand in Django's way."""
    program = os.environ.get("BIHUAN_CHROMIUM", "")
    if not program or not Path(program).exists():
        pytest.skip("no browser: set BIHUAN_CHROMIUM, or run ./dev test")
    if not (STATIC / "built/ballot-page.js").is_file():
        pytest.skip("the rater's page is not built: run python3 dev assets")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        flags = [*FLAGS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
        chromium = driver.chromium.launch(executable_path=program, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def hall() -> Iterator[Hall]:
    opened = Hall(CLIENT)
    yield opened
    assert opened.cookies == []
    opened.close()


class Phone:
    """手机：one browser profile; `faults` are errors of scripts, which no test forgives."""

    def __init__(self, chromium: Any, hall: Hall) -> None:
        self.hall = hall
        self.context = chromium.new_context(**PHONE)
        self.faults: list[str] = []
        self.elsewhere: list[str] = []
        self.page = self.tab()

    def tab(self) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("request", lambda asked: HOST in asked.url or self.elsewhere.append(asked.url))
        return page

    def scan(self, code: str = "") -> "Phone":
        port = self.hall.server.server_port
        self.page.goto("about:blank")
        self.page.goto(f"http://{HOST}:{port}/b/hall/{'#' + code if code else ''}")
        return self

    def heading(self, name: str) -> "Phone":
        self.page.get_by_role("heading", name=name).wait_for()
        return self

    def sees(self, key: str) -> "Phone":
        return self.heading(CLIENT[key])

    def press(self, key: str) -> "Phone":
        self.page.get_by_role("button", name=CLIENT[key], exact=True).first.click()
        return self

    def types(self, code: str) -> "Phone":
        self.page.fill("#code", code)
        return self.press("go_on")

    def told(self) -> str:
        self.page.locator("[role=alert]:not(:empty)").first.wait_for()
        return " ".join(self.page.locator("[role=alert]").all_inner_texts())

    def mark(self, *grades: str) -> "Phone":
        for item, grade in zip(("duty", "style"), grades, strict=True):
            self.page.locator(f"input[name={item}][value={grade}]").check()
        return self

    def fill_in(self) -> "Phone":
        self.heading("示例局").mark("good", "fair").press("next")
        self.heading("示例办").mark("fair", "abstain").press("next")
        return self.heading("示例公司").press("own").press("to_review").sees("review_title")

    def activate(self) -> str:
        """The resume code that was shown."""
        self.sees("resume_title")
        resume = str(self.page.inner_text(".rater-code"))
        self.press("resume_noted").sees("wait_issuing")
        return resume

    def wakes(self) -> None:
        """Taken out of a pocket: the phone asks at once how far the hall is."""
        wake = "() => document.dispatchEvent(new Event('visibilitychange'))"
        self.page.evaluate(f"setInterval({wake}, 200)")

    def kept(self) -> Any:
        return json.loads(self.page.evaluate(f"localStorage.getItem('{KEY}')") or "{}")


@pytest.fixture
def phone(chromium: Any, hall: Hall) -> Iterator[Callable[[], Phone]]:
    phones: list[Phone] = []

    def take() -> Phone:
        phones.append(Phone(chromium, hall))
        return phones[-1]

    yield take
    for one in phones:
        one.context.close()
        assert one.faults == []
        assert one.elsewhere == []


MARKS = {
    "u1": {"duty": "good", "style": "fair"},
    "u2": {"duty": "fair", "style": "abstain"},
    "u3": {"duty": "own", "style": "own"},
}


def test_from_a_scanned_ticket_to_a_receipt(hall: Hall, phone: Callable[[], Phone]) -> None:
    rater = phone().scan(FIRST)
    rater.activate()
    assert rater.page.evaluate("window.isSecureContext") is False
    assert rater.page.url.endswith("/b/hall/")  # nobody else reads the code in the address
    hall.phase = "casting"
    rater.wakes()
    rater.fill_in()
    assert rater.page.evaluate("document.documentElement.scrollWidth") <= 360
    rater.press("submit").sees("receipt_title")
    [ballot] = hall.ballots()
    assert ballot["marks"] == MARKS
    assert set(rater.kept()) == {"receipts"}
    [receipt] = rater.kept()["receipts"]
    assert receipt["leaf"] in rater.page.inner_text(".rater-leaf").replace(" ", "")
    rater.scan().sees("receipt_title")


def test_what_is_pressed_is_large_enough_for_any_finger(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).heading("示例局")
    for pressed in rater.page.locator("button:visible, .choice:visible").all():
        assert pressed.bounding_box()["height"] >= 48
    assert rater.page.evaluate("document.activeElement.tagName") == "H1"
    legends = rater.page.locator("fieldset > legend").all_inner_texts()
    assert legends == ["履职成效", "作风建设"]


def test_a_lost_answer_is_asked_for_again_with_the_very_same_bytes(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    hall.phase, hall.lose = "casting", 2
    phone().scan(SLIP).fill_in().press("submit").sees("receipt_title")
    bodies = [body for name, body in hall.asked if name == "cast"]
    assert len(bodies) >= 3
    assert len(set(bodies)) == 1
    assert len(hall.kept) == 1


def test_a_phone_that_dies_while_sending_sends_the_same_bytes_afterwards(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    hall.phase, hall.lose = "casting", 1000
    rater = phone().scan(SLIP).fill_in().press("submit").sees("sending")
    rater.page.wait_for_function(f"'cast' in JSON.parse(localStorage['{KEY}']).now")
    rater.scan().sees("sending")
    hall.lose = 0
    rater.sees("receipt_title")
    assert len({body for name, body in hall.asked if name == "cast"}) == 1


def test_a_reload_between_issue_and_cast_keeps_right_and_marks(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    rater = phone().scan(FIRST)
    rater.activate()
    rater.press("early").heading("示例局").mark("good", "fair")
    hall.phase = "casting"
    rater.scan().heading("示例局")
    assert rater.page.locator("input:checked").count() == 2
    rater.fill_in().press("submit").sees("receipt_title")
    assert len([name for name, _body in hall.asked if name == "issue"]) == 1


def test_a_second_phone_goes_on_with_ticket_and_resume_code(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    resume = phone().scan(FIRST).activate()
    second = phone().scan(FIRST).sees("resume_title").press("resume_noted").sees("not_activated")
    assert "另一部手机" in second.told()
    hall.phase = "casting"
    second.press("resume_have").types("abc")
    assert CLIENT["resume_wrong"] in second.told()
    second.types(resume.lower().replace("-", " ")).fill_in().press("submit").sees("receipt_title")
    assert len(hall.kept) == 1
    assert len(hall.signed) == 1


def test_two_tabs_cast_one_ballot(hall: Hall, phone: Callable[[], Phone]) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).fill_in()
    first, rater.page = rater.page, rater.tab()
    rater.scan().sees("review_title")
    second, rater.page = rater.page, first
    rater.press("submit").sees("receipt_title")
    rater.page = second
    rater.sees("receipt_title")
    assert len(hall.kept) == 1


def test_two_phones_with_one_slip_cast_one_ballot(hall: Hall, phone: Callable[[], Phone]) -> None:
    hall.phase = "casting"
    first, second = phone().scan(SLIP).fill_in(), phone().scan(SLIP).fill_in()
    first.press("submit").sees("receipt_title")
    second.press("submit").sees("refused_title")
    assert "已经投过" in second.told()
    second.press("forget").sees("code_title")
    assert len(hall.kept) == 1


def test_a_second_person_may_use_the_phone_of_the_first(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).fill_in().press("submit").sees("receipt_title")
    rater.scan("S11P00000002").sees("receipt_title").press("receipt_scanned")
    rater.fill_in().press("submit").sees("receipt_title")
    assert len(hall.kept) == 2
    assert len(rater.kept()["receipts"]) == 2


def test_another_code_does_not_wipe_an_unfinished_ballot(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).heading("示例局").mark("good", "fair")
    rater.scan("S11P00000002").sees("other_title").press("other_keep").heading("示例局")
    assert rater.page.locator("input:checked").count() == 2
    rater.scan("S11P00000002").sees("other_title").press("other_new").heading("示例局")
    assert rater.page.locator("input:checked").count() == 0


def test_one_good_too_many_is_not_taken(hall: Hall, phone: Callable[[], Phone]) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).heading("示例局").mark("good", "fair").press("next")
    rater.heading("示例办").page.locator("input[name=duty][value=good]").click()
    assert "已满 1 个" in rater.told()
    assert rater.page.locator("input:checked").count() == 0
    assert rater.kept()["now"]["marks"] == {"u1": MARKS["u1"]}


def test_blanks_are_named_and_an_incomplete_ballot_is_not_sent(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).heading("示例局").mark("good", "fair")
    rater.page.click("summary")
    rater.page.locator(".rater-jump").get_by_text("去检查").click()
    rater.sees("review_title")
    assert rater.page.get_by_role("button", name="提交", exact=True).is_disabled()
    rater.page.get_by_role("button", name="示例公司：履职成效、作风建设").click()
    rater.heading("示例公司")


def test_a_unit_can_be_ones_own_only_once(hall: Hall, phone: Callable[[], Phone]) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).heading("示例局").press("own").press("next").heading("示例办")
    rater.press("own")
    assert "示例局" in rater.told()
    rater.press("previous").heading("示例局").press("own_undo").press("next")
    rater.heading("示例办").press("own")
    rater.page.get_by_text(CLIENT["own_told"]).wait_for()


def test_a_signer_that_answers_wrongly_is_noticed(hall: Hall, phone: Callable[[], Phone]) -> None:
    hall.forge = True
    rater = phone().scan(FIRST).sees("resume_title").press("resume_noted").sees("not_activated")
    assert CLIENT["bad_signature"] in rater.told()
    hall.forge = False
    rater.press("try_again").sees("wait_issuing")


def test_the_phone_waits_for_a_second_signer(phone: Callable[[], Phone], chromium: Any) -> None:
    hall = Hall(CLIENT, signers=2, slow=1)
    rater = Phone(chromium, hall).scan(FIRST).sees("resume_title").press("resume_noted")
    rater.page.get_by_text(CLIENT["waiting_second"]).wait_for()
    rater.sees("wait_issuing")
    hall.phase = "casting"
    rater.scan().fill_in().press("submit").sees("receipt_title")
    assert [ballot["marks"] for ballot in hall.ballots()] == [MARKS]
    rater.context.close()
    hall.close()
    assert rater.faults == []


def test_a_ballot_under_way_at_the_close_is_told_so(hall: Hall, phone: Callable[[], Phone]) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).fill_in()
    hall.phase = "closed"
    rater.press("submit").sees("refused_title")
    assert "不收票" in rater.told()
    rater.scan().sees("refused_title").press("forget").sees("code_title")
    assert hall.kept == {}


def test_a_receipt_is_looked_up_without_telling_anybody(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    hall.phase = "casting"
    rater = phone().scan(SLIP).fill_in().press("submit").sees("receipt_title")
    [receipt] = rater.kept()["receipts"]
    hall.phase = "counted"
    asked = len(hall.asked)
    rater.scan().sees("receipt_title").press("receipt_local")
    rater.page.get_by_text(CLIENT["receipt_found"]).wait_for()
    assert not any(receipt["leaf"].encode() in body for _name, body in hall.asked[asked:])
    hall.kept.clear()
    rater.press("receipt_local").page.get_by_text(CLIENT["receipt_missing"]).wait_for()


def test_a_wrong_code_can_be_typed_again(hall: Hall, phone: Callable[[], Phone]) -> None:
    hall.phase = "casting"
    rater = phone().scan().types("WRNG-0000-0000")
    assert "没有这个票码" in rater.told()
    assert rater.page.input_value("#code") == "WRNG-0000-0000"
    rater.types("s11p 0000 0001").heading("示例局")


def test_an_old_phone_keeps_the_form_that_needs_no_script(
    hall: Hall, phone: Callable[[], Phone]
) -> None:
    rater = phone()
    rater.context.add_init_script("delete globalThis.BigInt")
    rater.scan(SLIP)
    assert CLIENT["old_phone"] in rater.told()
    assert rater.page.input_value("[name=code]") == SLIP


def test_a_phone_that_keeps_nothing_can_still_vote(hall: Hall, phone: Callable[[], Phone]) -> None:
    rater = phone()
    rater.context.add_init_script("Object.defineProperty(window, 'localStorage', {value: null})")
    rater.scan(FIRST).sees("resume_title").press("resume_noted").sees("wait_issuing")
    rater.page.get_by_text(CLIENT["not_kept"]).wait_for()
    hall.phase = "casting"
    rater.wakes()
    rater.fill_in().press("submit").sees("receipt_title")
    assert len(hall.kept) == 1


def test_opinions_are_asked_without_grades(chromium: Any) -> None:
    paper = {"kind": "opinions", "items": [], "grades": [], "cap": None}
    hall = Hall(CLIENT, phase="casting")
    hall.paper |= {**paper, "own_subject": "allowed", "blanks": "count"}
    rater = Phone(chromium, hall).scan(SLIP).sees("body")
    rater.page.fill("textarea", "示例意见")
    rater.press("next").heading("示例局").press("next").press("next").press("to_review")
    rater.sees("review_title").press("submit").sees("receipt_title")
    [ballot] = hall.ballots()
    assert (ballot["marks"], ballot["remarks"]) == ({}, {"body": "示例意见"})
    rater.context.close()
    hall.close()
    assert rater.faults == []
