"""The pages of jobs: who sees which, what they show, and that they refresh without a script."""

import html
import re
from datetime import timedelta

import pytest

from bihuan.base import clock
from bihuan.jobs import pages, services
from bihuan.jobs.models import Job
from tests.rooms.jobs.kinds import estimate


def text_of(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def running(waiting) -> Job:
    Job.objects.filter(pk=waiting.pk).update(
        state="running", started_at=clock.now(), done=12, total=40, message="抽样"
    )
    waiting.refresh_from_db()
    return waiting


def test_a_stranger_is_led_to_sign_in(browse, waiting):
    for address in ("/jobs/", f"/jobs/{waiting.pk}/"):
        answer = browse().get(address)
        assert answer.status_code == 302
        assert answer.url.startswith("/people/sign-in/")


def test_the_list_shows_state_progress_and_who(browse, running):
    answer = browse("clerk").get("/jobs/")
    said = text_of(answer)
    for words in ("估算圆周率", "运行中", "12 / 40（30%）", "抽样", running.by.label()):
        assert words in said
    assert "refresh" not in answer.content.decode()


def test_one_who_may_not_see_a_job_finds_nothing(browse, running):
    stranger = browse("viewer")
    assert "估算圆周率" not in text_of(stranger.get("/jobs/"))
    assert stranger.get(f"/jobs/{running.pk}/").status_code == 404
    assert stranger.post(f"/jobs/{running.pk}/stop/").status_code == 404
    assert browse("clerk").get("/jobs/999999/").status_code == 404


def test_a_running_job_refreshes_by_itself_and_can_be_stopped(browse, running):
    clerk = browse("clerk")
    answer = clerk.get(running.get_absolute_url())
    body = answer.content.decode()
    every = pages.REFRESH_S
    assert f'<noscript><meta http-equiv="refresh" content="{every}"></noscript>' in body
    assert f'data-live="{every}"' in body
    assert "自动刷新" in text_of(answer)
    assert f'action="/jobs/{running.pk}/stop/"' in answer.content.decode()
    asked = clerk.post(f"/jobs/{running.pk}/stop/", follow=True)
    assert asked.redirect_chain == [(running.get_absolute_url(), 302)]
    assert "正在停止" in text_of(asked)
    assert "/stop/" not in asked.content.decode()
    running.refresh_from_db()
    assert running.wanted_stop


def test_a_finished_job_shows_its_result_and_no_longer_refreshes(browse, begun):
    services.declare("estimate", estimate, label="估算", verb="jobs.view")
    job = begun(pieces=30)
    answer = browse("clerk").get(job.get_absolute_url())
    said = text_of(answer)
    assert "refresh" not in answer.content.decode()
    assert "data-live" not in answer.content.decode()
    for words in ("完成", "mean", "共 30 项", job.inputs_digest[:16], "发起作业", "作业完成"):
        assert words in said
    assert "停止作业" not in said


def test_one_who_sees_all_jobs_is_not_offered_to_stop_those_of_others(browse, running):
    auditor = browse("auditor")
    answer = auditor.get(running.get_absolute_url())
    assert answer.status_code == 200
    assert "/stop/" not in answer.content.decode()
    refused = auditor.post(f"/jobs/{running.pk}/stop/")
    assert refused.status_code == 403
    assert "由别人发起" in text_of(refused)


def test_a_failed_job_says_why_in_the_readers_language(browse, waiting, monkeypatch):
    monkeypatch.setattr(services, "_kinds", {})
    services.carry_out(waiting.pk)
    answer = browse("clerk").get(waiting.get_absolute_url())
    assert "没有这种作业" in text_of(answer)


def test_looking_at_the_address_of_the_stop_button_stops_nothing(browse, running):
    answer = browse("clerk").get(f"/jobs/{running.pk}/stop/")
    assert answer.status_code == 302
    running.refresh_from_db()
    assert not running.wanted_stop


@pytest.mark.parametrize("number", ["x", "²", "-1", "0", "99999999999999999999999"])
def test_a_number_of_a_page_that_is_no_number_shows_the_nearest(browse, waiting, number):
    answer = browse("clerk").get("/jobs/", {"page": number})
    assert answer.status_code == 200
    assert "估算圆周率" in text_of(answer)


def test_a_number_that_no_database_could_hold_is_not_found(browse, db):
    assert browse("clerk").get("/jobs/99999999999999999999999/").status_code == 404


def test_progress_is_a_bar_and_words_and_unknown_totals_have_no_end(browse, running):
    body = browse("clerk").get(running.get_absolute_url()).content.decode()
    assert '<progress aria-label="进度" value="12" max="40"></progress>' in body
    Job.objects.filter(pk=running.pk).update(done=5, total=0)
    body = browse("clerk").get(running.get_absolute_url()).content.decode()
    assert '<progress aria-label="进度"></progress>' in body
    assert "还不知道总量" in body


def test_a_waiting_job_says_that_it_waits(browse, waiting):
    assert "等待开始" in text_of(browse("clerk").get(waiting.get_absolute_url()))


# Starting from the page -------------------------------------------------------------------------


@pytest.fixture
def plain(monkeypatch) -> None:
    """A kind without inputs, for those who may look at all jobs."""
    label, verb = "核对审计链", "jobs.view"
    services.declare("check", lambda inputs, **_rest: {"n": 3}, label=label, verb=verb, plain=True)


def test_a_kind_without_inputs_is_started_from_the_page(
    browse, plain, django_capture_on_commit_callbacks
):
    clerk = browse("clerk")
    assert 'href="/jobs/start/"' in clerk.get("/jobs/").content.decode()
    offered = text_of(clerk.get("/jobs/start/"))
    assert "核对审计链" in offered
    assert "估算" not in offered  # needs inputs, so it is started elsewhere
    with django_capture_on_commit_callbacks(execute=True):
        answer = clerk.post("/jobs/start/", {"kind": "check"})
    job = Job.objects.get()
    assert (job.kind, job.title, job.state, job.result) == ("check", "核对审计链", "done", {"n": 3})
    assert answer.url == job.get_absolute_url()


def test_a_kind_that_needs_inputs_cannot_be_started_from_the_page(browse, plain):
    answer = browse("clerk").post("/jobs/start/", {"kind": "estimate"})
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_one_who_may_start_nothing_finds_no_page_for_it(browse, plain):
    viewer = browse("viewer")
    assert viewer.get("/jobs/start/").status_code == 404
    assert viewer.post("/jobs/start/", {"kind": "check"}).status_code == 404
    assert "/jobs/start/" not in viewer.get("/jobs/").content.decode()
    assert not Job.objects.exists()


def test_a_list_of_sentences_in_a_result_is_shown_in_full(begun, browse):
    services.declare(
        "names", lambda inputs, **_rest: {"哪些受损": ["甲不在。"] * 30}, verb="jobs.view"
    )
    assert text_of(browse("clerk").get(begun("names").get_absolute_url())).count("甲不在。") == 30


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 秒"), (59.9, "59 秒"), (192, "3 分 12 秒"), (7325, "2 小时 2 分")]
)
def test_how_long_it_took_is_said_in_words(running, seconds, said):
    running.finished_at = running.started_at + timedelta(seconds=seconds)
    assert pages.took(running) == said
