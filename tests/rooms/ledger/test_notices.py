"""催办: the ladder by rule, approval, slips as paper, one mail for each address."""

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.ledger import queries, services, tasks
from bihuan.ledger.models import Finding, Notice
from bihuan.ledger.pages import mine
from bihuan.ledger.pages import notices as pages
from bihuan.ledger.rules import time
from bihuan.people import services as people
from tests.rooms.ledger.conftest import Walk


def later(days: int):
    return clock.held_at(clock.now() + timedelta(days=days))


def changed(code: str, where: str, **to):
    """Rows of a rule table with one of them changed."""
    return [row | to if row["code"] == where else dict(row) for row in queries.table(code)]


@pytest.fixture
def mail(settings, mailoutbox):
    """Mail is switched on; what is sent lies in the box."""
    settings.SENDS_MAIL = True
    settings.DEFAULT_FROM_EMAIL = "office@example.invalid"
    return mailoutbox


def give_address(post, address: str = "head@example.invalid"):
    people.amend_person(post.person, by=None, name=post.person.name, email=address)


# Approval ----------------------------------------------------------------------------------------


def test_a_talk_is_sent_only_when_a_leader_has_approved_it(walk, post):
    finding = walk.rectifying(days=10)
    with later(45):
        assert [one.rung for one in services.remind()] == ["red"]
        (waiting,) = queries.waiting_for_approval()
        assert waiting.rung["code"] == "talk"
        with pytest.raises(NotAllowed):
            services.approve_notice(finding, by=post("clerk"))
        sent = services.approve_notice(finding, by=post("leader"))
        assert (sent.rung, sent.by) == ("talk", post("leader"))
        with pytest.raises(Refused, match="没有等待批准"):
            services.approve_notice(finding, by=post("leader"))
        assert services.remind() == []


def test_what_waits_for_approval_stands_in_the_work_of_whoever_approves(walk, post):
    walk.rectifying(days=10)
    with later(45):
        services.remind()
        shown = mine.mine(post("leader")).panels[0]
        assert ("待批准的约谈、通报", 1) in [(one.label, one.count) for one in shown.stations]
        others = mine.mine(post("clerk")).panels
        assert "待批准的约谈、通报" not in str(others)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_rung_is_reached_by_no_deadline_later_than_the_latest(when, days):
    """The condition that picks findings in the database is the rule itself, the other way."""
    row = {"when": when, "days": days}
    today = clock.today()
    latest = time.latest_due(row, today)
    assert time.trigger(row, latest) == today
    assert time.trigger(row, latest + timedelta(days=1)) > today


def test_the_office_decides_which_forms_need_approval(walk):
    walk.rectifying(days=10)
    rows = changed("slips", "talk", approval=False)
    services.set_table("slips", by=None, rows=rows, source="本区办法")
    with later(45):
        assert [one.rung for one in services.remind()] == ["talk"]
        assert queries.waiting_for_approval() == []


def test_the_page_of_today_shows_what_is_sent_and_what_waits(walk, browse):
    finding = walk.rectifying(days=10)
    with later(45):
        page = browse("leader").get("/ledger/notices/remind/")
        assert "待批准" in page.content.decode()
        assert "批准发出" in page.content.decode()
        clerk = browse("clerk")
        assert "批准发出" not in clerk.get("/ledger/notices/remind/").content.decode()
        assert browse("econ-head").get("/ledger/notices/remind/").status_code == 404
        address = f"/ledger/notices/approve/{finding.pk}/"
        assert clerk.post(address).status_code == 404
        assert browse("leader").post(address).status_code == 302
        clerk.post("/ledger/notices/remind/")
    assert {one.rung for one in finding.notices.all()} == {"talk"}


# The slip ----------------------------------------------------------------------------------------


def test_slips_are_numbered_through_the_year_without_gaps(walk, post, unit):
    findings = [walk.rectifying(days=10), Walk(post, unit).rectifying(days=10)]
    with later(9):
        assert {one.number for one in services.remind()} == {""}  # reminders carry no number
    with later(11):
        blue = services.remind()
    with later(18):
        yellow = services.remind()
    year = blue[0].day.year
    assert [one.number for one in blue + yellow] == [f"{year}-{n:05d}" for n in (1, 2, 3, 4)]
    assert {one.finding for one in blue} == set(findings)
    assert pages.number_in_words(yellow[1].number) == f"督办〔{year}〕4号"


def test_a_slip_stays_what_it_was_when_its_form_is_changed_later(walk, post):
    walk.rectifying(days=10)
    with later(11):
        (notice,) = services.remind()
    with later(12):
        rows = changed("slips", "blue", name="橙单", tone="orange", asks="另一种要求")
        services.set_table("slips", by=None, rows=rows, source="改用橙单")
        rows = changed("ladder", "blue", name="督办橙单")
        services.set_table("ladder", by=None, rows=rows, source="改用橙单")
    slip = pages.notice(notice, post("clerk")).panels[0]
    assert (slip.title, slip.form, slip.tone) == ("督办蓝单", "蓝单", "info")
    asked = {item.label: item.text for item in slip.items}["督办要求"]
    assert asked.startswith("该问题已超过时限")


def test_a_slip_is_printed_with_all_that_an_official_paper_needs(walk, post, browse):
    walk.rectifying(days=10)
    with later(25):
        (notice,) = services.remind()
        browser = browse("econ-head")
        page = browser.get(f"/ledger/notices/{notice.pk}/").content.decode()
        for words in ("督办红单", "督办〔", "两个数的口径均有书面说明", "督查考核办公室", "15 天"):
            assert words in page
        assert browser.post(f"/ledger/notices/{notice.pk}/sign/").status_code == 302
        page = browser.get("/ledger/notices/print/?slip=red").content.decode()
        assert "经济发展局局长" in page
        assert page.count('class="slip"') == 1
        assert browse("edu-head").get(f"/ledger/notices/{notice.pk}/").status_code == 404


def test_a_reminder_is_not_signed_for(walk, post):
    walk.rectifying(days=10)
    with later(8):
        (notice,) = services.remind()
        with pytest.raises(Refused, match="不必签收"):
            services.sign_notice(notice, by=post("econ-head"))


def test_a_receiver_who_has_left_is_passed_over(walk, post, unit):
    finding = services.assign(
        walk.finding,
        by=post("clerk"),
        lead_unit=unit("economy"),
        due=clock.today() + timedelta(days=2),
        owner=post("econ-liaison"),
    )
    people.end_post(post("econ-liaison"), by=None, on=clock.today())
    with later(1):
        (reminder,) = queries.reminders_due(among=Finding.objects.filter(pk=finding.pk))
    assert reminder.to == post("econ-head")


# Mail --------------------------------------------------------------------------------------------


def test_nothing_is_mailed_unless_the_office_has_switched_it_on(walk, post, mailoutbox):
    walk.rectifying(days=10)
    give_address(post("econ-head"))
    with later(11):
        report = tasks.daily()
    assert (len(report.reminders), report.mailed, mailoutbox) == (1, (), [])


def test_each_address_gets_one_mail_for_all_its_slips(walk, post, unit, mail):
    walk.rectifying(days=10)
    Walk(post, unit).rectifying(days=10)
    give_address(post("econ-head"))
    with later(11):
        report = tasks.daily()
        assert tasks.daily().mailed == ()  # the same day again: nothing more
    assert report.mailed == ("head@example.invalid",)
    (letter,) = mail
    assert letter.subject == "整改催办：2 件"
    assert letter.body.count("督办蓝单") == 2
    assert not Notice.objects.filter(mailed_at__isnull=True).exists()


def test_who_has_no_address_is_told_and_nothing_is_lost(walk, post, mail):
    walk.rectifying(days=10)
    with later(11):
        assert tasks.daily().without_address == ("经济发展局局长",)
        give_address(post("econ-head"))
        assert tasks.daily().mailed == ("head@example.invalid",)


def test_mail_that_fails_is_sent_by_the_next_run_and_not_later_than_the_office_says(
    walk, post, mail, monkeypatch
):
    walk.rectifying(days=10)
    give_address(post("econ-head"))

    def refuse(*_given):
        raise OSError("no route to host")

    with later(11):
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "send_messages", refuse)
            assert tasks.daily().failed == ("head@example.invalid",)
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "open", refuse)
            assert tasks.daily().failed == ("head@example.invalid",)
        assert mail == []
    with later(13):
        assert tasks.daily().mailed == ("head@example.invalid",)
    Notice.objects.update(mailed_at=None)
    with later(
        19
    ):  # more than the seven days of the table of limits, and still before the next rung
        assert tasks.send_mail().mailed == ()


def test_a_mail_that_another_run_is_sending_is_left_to_it_for_an_hour(walk, post, mail):
    walk.rectifying(days=10)
    with later(11):
        services.remind()
        assert len(services.claim_mail()) == 1
        assert services.claim_mail() == []
        with clock.held_at(clock.now() + timedelta(minutes=61)):
            assert len(services.claim_mail()) == 1  # that run has died


def test_a_dry_run_tells_and_does_nothing(walk):
    walk.rectifying(days=10)
    with later(45):
        report = tasks.daily(dry_run=True)
        assert [one.rung["code"] for one in report.reminders] == ["red"]
        assert [one.rung["code"] for one in report.waiting] == ["talk"]
    assert not Notice.objects.exists()


def test_two_runs_at_the_same_moment_send_each_slip_once(walk, writers):
    """On a copy of the zone: four runs at once, each finding is reminded of once."""

    def prepare(_number):
        from tests.rooms.ledger.test_api import clerk_and_units

        post, unit = clerk_and_units()
        return Walk(post, unit).rectifying(days=10).pk

    made = writers(prepare, 3)
    then = clock.now() + timedelta(days=11)

    def run(_number):
        with clock.held_at(then):
            return [notice.finding_id for notice in services.remind()]

    sent = [pk for run_of in writers(run, 4) for pk in run_of]
    assert sorted(pk for pk in sent if pk in made) == sorted(made)
    numbers = writers(lambda _n: list(Notice.objects.values_list("number", flat=True)), 1)[0]
    assert len(numbers) == len(set(numbers))
