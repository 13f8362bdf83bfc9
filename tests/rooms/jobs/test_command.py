"""`bihuan jobs`: what is being computed, seen and stopped from the server's own command line."""

import pytest
from click.testing import CliRunner, Result

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.cli import storage
from bihuan.jobs.models import Job


def run(*words: str) -> Result:
    return CliRunner().invoke(storage.jobs, words, standalone_mode=False)


def test_jobs_are_listed_newest_first_and_the_ended_can_be_left_out(begun, waiting):
    done = begun()
    lines = run("list").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        [str(done.pk), "完成"],
        [str(waiting.pk), "等待"],
    ]
    assert "4 / 4（100%）" in lines[0]
    assert [line.split()[0] for line in run("list", "--unfinished").stdout.splitlines()] == [
        str(waiting.pk)
    ]


def test_no_jobs_are_said_to_be_none(db):
    assert run("list").stdout == "没有作业。\n"


def test_a_job_is_shown_with_all_that_is_needed_to_run_it_again(begun):
    said = run("show", str(begun().pk)).stdout
    for words in ("种子: 7", '输入: {"pieces": 4, "throws": 50}', "程序版本: 2 bihuan", '"mean":'):
        assert words in said


def test_a_failed_job_says_why(begun):
    job = begun()
    Job.objects.filter(pk=job.pk).update(state="failed", result=None, fault="权重之和不是 100。")
    assert "未完成的原因: 权重之和不是 100。" in run("show", str(job.pk)).stdout


def test_a_waiting_job_is_stopped_at_once_and_a_running_one_when_it_next_tells(waiting):
    Job.objects.filter(pk=waiting.pk).update(state="running", started_at=clock.now())
    assert "到下一次报告进度时停止" in run("cancel", str(waiting.pk)).stdout
    waiting.refresh_from_db()
    assert (waiting.state, waiting.wanted_stop) == ("running", True)
    Job.objects.filter(pk=waiting.pk).update(state="waiting", started_at=None, wanted_stop=False)
    assert run("cancel", str(waiting.pk)).stdout == "已停止。\n"
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_who_acts_is_asked_whether_they_may(waiting):
    assert isinstance(run("cancel", str(waiting.pk), "--as", "auditor").exception, NotAllowed)
    assert run("cancel", str(waiting.pk), "--as", "clerk").stdout == "已停止。\n"


@pytest.mark.parametrize("word", ["show", "cancel"])
def test_a_number_that_is_no_job_is_not_found(db, word):
    fault = run(word, "999").exception
    assert isinstance(fault, Refused)
    assert "没有第 999 号作业" in str(fault)
