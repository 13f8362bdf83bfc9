"""Pages of a round in every state that can be reached without a count, as everybody."""

import re
from base64 import b64decode
from datetime import date, timedelta

import pytest
from django.utils import translation

from bihuan.base import clock
from bihuan.meetings import pages, queries, rules, services
from bihuan.meetings.models import Meeting
from bihuan.people.models import Unit
from tests.rooms.meetings.conftest import a_file, roll_text

INSIDE = ("clerk", "leader", "secretary", "member")


def get(browser, meeting, path=""):
    return browser.get(f"/meetings/{meeting.pk}/{path}")


def test_everybody_inside_can_read_every_page_and_in_english_too(sitting, browse):
    paths = ["", "plan/", "papers/", "roll/", "hall/", "grades/", "follow/", "units/education/"]
    for username in INSIDE:
        browser = browse(username)
        assert browser.get("/meetings/").status_code == 200
        for language in ("zh-hans", "en"):
            browser.cookies["django_language"] = language
            for path in paths:
                answer = get(browser, sitting, path)
                assert answer.status_code == 200, (username, path)


def test_a_unit_sees_the_round_and_its_own_papers_only(sitting, browse):
    browser = browse("edu-head")
    for path in ("", "plan/", "papers/", "hall/", "units/education/"):
        assert get(browser, sitting, path).status_code == 200, path
    for path in ("units/organs/", "roll/", "grades/", "follow/", "results/"):
        assert get(browser, sitting, path).status_code == 404, path
    shown = get(browser, sitting, "papers/").content.decode()
    assert "教文体局" in shown
    assert "经开投发" not in shown


def test_a_verifier_sees_the_round_and_no_unit(sitting, browse):
    browser = browse("checker")
    assert get(browser, sitting).status_code == 200
    assert get(browser, sitting, "units/education/").status_code == 404


def test_strangers_and_offices_find_nothing(sitting, browse):
    for username in ("viewer", "admin", "auditor", "security", "statistician"):
        assert get(browse(username), sitting).status_code == 404, username
    assert get(browse(), sitting).status_code == 302


def test_guests_see_that_meeting_for_that_time_only(sitting, post, browse):
    browser = browse("guide")
    assert browser.get("/meetings/").status_code == 200
    assert get(browser, sitting).status_code == 404
    today = clock.today()
    guest = services.invite(
        sitting,
        by=post("clerk"),
        unit=Unit.objects.get(code="guides"),
        name="组长",
        rank="三级调研员",
        valid_from=today,
        valid_to=today + timedelta(days=2),
    )
    for path in ("", "plan/", "papers/", "hall/", "units/education/"):
        assert get(browser, sitting, path).status_code == 200, path
    for path in ("results/", "grades/", "follow/", "roll/", "results.pdf"):
        assert get(browser, sitting, path).status_code == 404, path
    with clock.held_at(clock.now() + timedelta(days=4)):
        assert not queries.meetings(post("guide")).exists()
    services.end_invitation(guest, by=post("clerk"))
    assert get(browser, sitting).status_code == 404


def test_every_part_of_a_plan_can_be_written_on_its_page(drafted, browse):
    browser = browse("clerk")
    for part in (*rules.SECTIONS, *rules.TABLES, "units"):
        page = get(browser, drafted, f"plan/part/{part}/")
        assert page.status_code == 200, part
        form = page.context["page"].panels[0].form
        given = {name: field.initial for name, field in form.fields.items()}
        given |= dict(form.initial)
        given = {name: "" if value is None else value for name, value in given.items()}
        given = {name: value for name, value in given.items() if value is not False}
        before = queries.drafting(drafted).document
        answer = browser.post(f"/meetings/{drafted.pk}/plan/part/{part}/", given)
        assert answer.status_code == 302, (part, answer.content.decode()[:500])
        assert queries.drafting(drafted).document == before, part  # saved as it was
    assert get(browser, drafted, "plan/part/nothing/").status_code == 404


def test_a_row_of_a_table_is_changed_and_another_taken_away(drafted, browse):
    browser = browse("clerk")
    rows = queries.drafting(drafted).document["items"]
    given = {"lines": 5}
    for line, row in enumerate(rows):
        given |= {f"r{line}-{name}": value for name, value in row.items()}
    given |= {"r0-name": "抓基层党建", "r2-code": "", "r2-name": ""}
    browser.post(f"/meetings/{drafted.pk}/plan/part/items/", given)
    told = [row["name"] for row in queries.drafting(drafted).document["items"]]
    assert told == ["抓基层党建", "落实党风廉政建设责任制"]


def test_units_are_chosen_and_ordered_on_their_page(drafted, browse):
    browser = browse("clerk")
    given = {
        "mode-education": "onsite", "at-education": "1",
        "mode-bonded": "onsite", "at-bonded": "2",
        "mode-organs": "written", "at-organs": "1",
        "extra": Unit.objects.get(code="sanitation").pk, "extra_mode": "written",
    }  # fmt: skip
    browser.post(f"/meetings/{drafted.pk}/plan/part/units/", given)
    told = [(row["code"], row["mode"]) for row in queries.drafting(drafted).document["units"]]
    assert told == [
        ("education", "onsite"), ("bonded", "onsite"),
        ("organs", "written"), ("sanitation", "written"),
    ]  # fmt: skip


def test_from_draft_to_open_meeting_by_clicking(day, browse):
    clerk, leader = browse("clerk"), browse("leader")
    year = day.year if day.month > 3 else day.year - 1
    answer = clerk.post("/meetings/open/", {"year": year, "held_on": day.isoformat()})
    meeting = Meeting.objects.get(year=year)
    assert answer.headers["Location"] == f"/meetings/{meeting.pk}/plan/"
    refused = clerk.post(f"/meetings/{meeting.pk}/plan/act/submit/")
    assert refused.status_code == 409
    assert "还没有述职单位" in refused.content.decode()
    units = {"mode-education": "onsite", "at-education": 1, "mode-organs": "onsite", "at-organs": 2}
    clerk.post(f"/meetings/{meeting.pk}/plan/part/units/", units)
    assert clerk.post(f"/meetings/{meeting.pk}/plan/act/submit/").status_code == 302
    assert leader.post(f"/meetings/{meeting.pk}/plan/act/approve/").status_code == 302
    roll = {"roll": roll_text(6)}
    assert clerk.post(f"/meetings/{meeting.pk}/roll/set/", roll).status_code == 302
    assert clerk.post(f"/meetings/{meeting.pk}/roll/seal/").status_code == 302
    assert leader.post(f"/meetings/{meeting.pk}/act/begin/").status_code == 302
    assert Meeting.objects.get(pk=meeting.pk).state == "sitting"


def test_shares_of_the_seal_are_shown_once(drafted, post, browse):
    """On the screen, and as a sheet for each holder that the page itself holds."""
    values = {code: queries.document(drafted)[code] for code in rules.SECTIONS["box"][1]}
    services.save_fields(
        drafted, by=post("clerk"), section="box", values=values | {"seal": "shares"}
    )
    services.submit(drafted, by=post("clerk"))
    services.approve(drafted, by=post("leader"))
    services.set_roll(drafted, by=post("clerk"), text=roll_text())
    answer = browse("clerk").post(f"/meetings/{drafted.pk}/roll/seal/")
    page = answer.context["page"]
    assert len(page.panels) == 3
    assert "no-store" in answer.headers["Cache-Control"]
    held = re.search(
        r'href="data:application/pdf;base64,([^"]+)" download=', answer.content.decode()
    )
    assert held is not None
    assert b64decode(held.group(1)).startswith(b"%PDF")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_report_is_handed_in_and_the_receipt_says_what_came(approved, browse):
    browser = browse("edu-head")
    address = f"/meetings/{approved.pk}/units/education/"
    answer = browser.post(f"{address}hand-in/", {"upload": a_file(), "note": ""})
    assert answer.headers["Location"] == f"{address}receipts/1/"
    shown = browser.get(f"{address}receipts/1/").content.decode()
    digest = queries.latest_reports(queries.reporters(approved))
    assert next(iter(digest.values())).version.digest in shown
    got = b"".join(browser.get(f"{address}reports/1/").streaming_content)
    assert got.decode() == "述职报告"
    other = f"/meetings/{approved.pk}/units/organs/hand-in/"
    assert browser.post(other, {"upload": a_file()}).status_code == 404


@pytest.mark.parametrize("path", ["plan.pdf", "agenda.pdf"])
def test_papers_are_pdf(approved, browse, path):
    answer = get(browse("clerk"), approved, path)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


def test_notice_and_calendar_entry_come_from_the_approved_plan_only(drafted, post, browse):
    edu = browse("edu-head")
    for path in ("notice.pdf", "meeting.ics"):
        assert get(browse("clerk"), drafted, path).status_code == 404
    services.submit(drafted, by=post("clerk"))
    services.approve(drafted, by=post("leader"))
    assert get(edu, drafted, "notice.pdf").content.startswith(b"%PDF")
    day = queries.document(drafted)["held_on"].replace("-", "")
    told = get(edu, drafted, "meeting.ics").content.decode()
    assert f"DTSTART:{day}T010000Z" in told  # nine o'clock in the office
    assert get(browse("viewer"), drafted, "notice.pdf").status_code == 404


def test_the_notice_names_day_units_and_deadline(approved):
    with translation.override("en"):  # the office signs it in Chinese
        paper = pages.printing.notice_paper(approved, queries.in_force(approved))
    document = queries.document(approved)
    told = repr(paper.parts)
    assert all(unit["name"] in told for unit in document["units"])
    for name in ("held_on", "reports_due"):
        assert clock.in_words(date.fromisoformat(document[name])) in told


def test_what_the_meeting_orders_cannot_be_done_past_it_at_the_desk(sitting, browse):
    chair, poll = browse("leader"), sitting.poll
    desk = f"/b/{poll.slug}/desk/"
    assert chair.post(f"{desk}act/start-casting/").status_code == 409
    shown = chair.get(desk).content.decode()
    assert f'href="/meetings/{sitting.pk}/"' in shown
    assert "act/start-casting/" not in shown
