"""Starting, stopping and ending a job: who may, what is kept, what happens when it goes wrong."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.jobs import queries, rules, services
from bihuan.jobs.models import Job
from bihuan.jobs.rules import Stopped


def acts(job: Job) -> list[str]:
    return [entry.act.rsplit(".", 1)[-1] for entry in audit.of(job).order_by("seq")]


def test_a_job_runs_only_after_the_commit_and_keeps_its_result(
    post, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        inputs = {"throws": 50, "pieces": 4}
        job = services.start("estimate", by=post("clerk"), title="估算", inputs=inputs, seed=7)
        assert job.state == "waiting"
        assert Job.objects.get(pk=job.pk).started_at is None
    job.refresh_from_db()
    assert job.state == "done"
    assert (job.done, job.total, job.message) == (4, 4, "第 4 块")
    assert len(job.result["pieces"]) == 4
    assert job.started_at <= job.finished_at
    assert job.inputs == inputs
    assert job.inputs_digest == rules.digest('{"pieces":4,"throws":50}')
    assert job.engine_version.startswith("2 bihuan ")


def test_start_and_end_are_recorded_by_the_post_that_started(begun, post):
    job = begun()
    assert acts(job) == ["start", "done"]
    assert {entry.post for entry in audit.of(job)} == {post("clerk")}
    last = audit.of(job).last()
    assert rules.digest(rules.canonical(job.result)) in last.changes


def test_the_same_inputs_and_seed_give_the_same_result(begun):
    one, two = begun(), begun()
    assert one.result == two.result
    assert one.inputs_digest == two.inputs_digest


def test_without_a_seed_one_is_drawn_and_kept(post):
    by, inputs = post("clerk"), {"pieces": 1, "throws": 1}
    seeds = {services.start("estimate", by=by, title="估算", inputs=inputs).seed for _ in range(5)}
    assert len(seeds) > 1


def test_only_those_with_the_verb_of_the_kind_may_start(post):
    with pytest.raises(NotAllowed):
        services.start("estimate", by=post("viewer"), title="估算", inputs={})
    assert not Job.objects.exists()


def test_inputs_that_are_no_json_are_refused(post):
    with pytest.raises(Refused, match="不能记成 JSON"):
        services.start("estimate", by=post("clerk"), title="估算", inputs={"a": float("nan")})


def test_a_seed_that_cannot_be_kept_is_refused(post):
    for seed in (-1, 2**63):
        with pytest.raises(Refused, match="种子"):
            services.start("estimate", by=post("clerk"), title="估算", inputs={}, seed=seed)


# When it goes wrong -----------------------------------------------------------------------------


def test_a_refusal_inside_a_job_becomes_its_fault(begun, known):
    def refuse(inputs, *, seed, tell, run):
        raise Refused("权重之和不是 100。请改正。")

    services.declare("refuse", refuse, verb="jobs.view")
    job = begun("refuse")
    assert (job.state, job.fault, job.result) == ("failed", "权重之和不是 100。请改正。", None)
    assert acts(job) == ["start", "failed"]


def test_a_crash_inside_a_job_is_logged_and_said_without_its_insides(begun, caplog):
    def crash(inputs, *, seed, tell, run):
        raise ZeroDivisionError("secret detail")

    services.declare("crash", crash, verb="jobs.view")
    job = begun("crash")
    assert job.state == "failed"
    assert job.fault == rules.CRASHED
    assert "secret detail" in caplog.text


def test_a_result_that_cannot_be_kept_fails_the_job(begun):
    services.declare("odd", lambda inputs, **_rest: {"a": float("inf")}, verb="jobs.view")
    job = begun("odd")
    assert job.state == "failed"
    assert "存不下来" in job.fault


def test_a_kind_that_no_room_declares_any_more_fails_with_a_sentence(waiting, monkeypatch):
    monkeypatch.setattr(services, "_kinds", {})
    services.carry_out(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.fault) == ("failed", rules.UNKNOWN_KIND)


def test_the_room_stores_its_rows_with_the_result_or_not_at_all(begun, unit):
    def store(job):
        unit("economy").names.create(name=f"作业{job.result['n']}", kind="alias")
        if job.inputs["refuse"]:
            raise Refused("复核不通过。请检查输入。")

    services.declare("storing", lambda inputs, **_rest: {"n": 3}, verb="jobs.view", then=store)
    names = unit("economy").names.filter(name="作业3")
    failed = begun("storing", refuse=True)
    assert (failed.state, failed.fault) == ("failed", "复核不通过。请检查输入。")
    assert failed.result is None
    assert not names.exists()
    assert begun("storing", refuse=False).state == "done"
    assert names.exists()


# Stopping ---------------------------------------------------------------------------------------


def test_a_waiting_job_stops_at_once_and_never_begins(waiting, post):
    services.stop(waiting, by=post("clerk"))
    services.carry_out(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert waiting.started_at is None
    assert acts(waiting) == ["start", "stop", "cancelled"]


def test_a_running_job_stops_when_it_next_tells_how_far_it_is(begun, post):
    reached = []

    def long(inputs, *, seed, tell, run):
        for done in range(10):
            tell(done, 10)
            reached.append(done)
            if done == 3:
                services.stop(Job.objects.get(kind="long"), by=post("clerk"))
                tell.now = lambda: 1e9  # the next word is due
        return {}

    services.declare("long", long, verb="jobs.view")
    job = begun("long")
    assert job.state == "cancelled"
    assert reached == [0, 1, 2, 3]
    assert (job.done, job.result) == (4, None)
    assert acts(job) == ["start", "stop", "cancelled"]


def test_only_the_one_who_started_or_a_holder_of_the_verb_may_stop(waiting, post):
    with pytest.raises(NotAllowed):
        services.stop(waiting, by=post("auditor"))
    services.stop(waiting, by=None)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_a_job_that_has_ended_cannot_be_stopped(begun, post):
    job = begun()
    with pytest.raises(Refused, match="已经结束（完成）"):
        services.stop(job, by=post("clerk"))


def test_asking_twice_is_recorded_once(waiting, post):
    Job.objects.filter(pk=waiting.pk).update(state="running", started_at=clock.now())
    services.stop(waiting, by=post("clerk"))
    services.stop(waiting, by=post("clerk"))
    assert acts(waiting) == ["start", "stop"]


# Progress ---------------------------------------------------------------------------------------


def test_progress_is_written_at_most_a_few_times_a_second(waiting, django_assert_num_queries):
    now = [0.0]
    tell = services.Progress(waiting.pk, now=lambda: now[0])
    with django_assert_num_queries(4):  # a savepoint, the row, its release, and the question
        tell(1, 100)
    with django_assert_num_queries(0):
        for done in range(2, 50):
            now[0] += 0.005
            tell(done, 100, "算")
    waiting.refresh_from_db()
    assert waiting.done == 1
    now[0] += services.Progress.EVERY_S
    tell(50, 100, "算")
    waiting.refresh_from_db()
    assert (waiting.done, waiting.message) == (50, "算")


def test_a_busy_database_is_waited_for_but_not_for_ever(waiting, monkeypatch):
    def busy(*_given, **_named):
        raise OperationalError("database is locked")

    now = [0.0]
    tell = services.Progress(waiting.pk, now=lambda: now[0])
    monkeypatch.setattr(services.transaction, "atomic", busy)
    for done in range(services.Progress.PATIENCE):
        now[0] += 1
        tell(done, 100)
    now[0] += 1
    with pytest.raises(OperationalError):
        tell(99, 100)


def test_tell_raises_when_a_stop_was_asked_for(waiting):
    Job.objects.filter(pk=waiting.pk).update(wanted_stop=True)
    with pytest.raises(Stopped):
        services.Progress(waiting.pk)(1, 2)


# Lost -------------------------------------------------------------------------------------------


def test_what_a_dead_process_left_behind_is_lost_and_its_own_is_not(waiting, begun):
    done = begun()
    left = begun()
    Job.objects.filter(pk=left.pk).update(
        state="running", finished_at=None, result=None, process="another"
    )
    assert services.mark_lost() == 1
    left.refresh_from_db()
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (left.state, left.fault) == ("lost", rules.LEFT_BEHIND)
    assert (waiting.state, done.state) == ("waiting", "done")
    entry = audit.of(left).last()
    assert (entry.act, entry.post) == ("jobs.job.lost", None)
    assert services.mark_lost() == 0


def test_a_job_called_lost_whose_process_lives_still_delivers(begun, monkeypatch):
    def slow(inputs, *, seed, tell, run):
        monkeypatch.setattr(services, "PROCESS", "a server started meanwhile")
        assert services.mark_lost() == 1
        return {"n": 1}

    services.declare("slow", slow, verb="jobs.view")
    job = begun("slow")
    assert (job.state, job.result, job.fault) == ("done", {"n": 1}, "")
    assert acts(job) == ["start", "lost", "done"]


def test_a_server_that_goes_marks_its_own_jobs_as_lost_and_they_never_begin(waiting):
    services.shut_down()
    services.carry_out(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.started_at) == ("lost", None)


def test_a_job_in_the_middle_when_the_server_goes_ends_there_as_lost(begun):
    reached = []

    def long(inputs, *, seed, tell, run):
        services.shut_down()
        reached.extend(run(abs, [1, 2]))
        return {}

    services.declare("long", long, verb="jobs.view")
    job = begun("long")
    assert (job.state, job.result, reached) == ("lost", None, [])
    assert acts(job) == ["start", "lost"]


def test_tell_raises_when_the_server_goes(waiting):
    services.shut_down()
    with pytest.raises(Stopped):
        services.Progress(waiting.pk)(1, 2)


# Who sees what, and what the database itself refuses --------------------------------------------


def test_one_sees_what_one_started_and_all_with_the_verb(waiting, post):
    assert list(queries.visible_to(post("clerk"))) == [waiting]
    assert list(queries.visible_to(post("auditor"))) == [waiting]
    assert not queries.visible_to(post("viewer")).exists()


def test_numbers_come_back_to_the_last_bit(begun):
    odd = [1e22, -0.0, 0.1, 5e-324, 2**70, 1.0]
    services.declare("echo", lambda inputs, **_rest: {"odd": inputs["odd"]}, verb="jobs.view")
    assert repr(begun("echo", odd=odd).result["odd"]) == repr(odd)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "sleeping"},
        {"state": "done"},
        {"state": "running"},
        {"state": "failed", "finished_at": clock.now()},
        {"state": "cancelled"},
        {"result": {}},
        {
            "started_at": clock.now(),
            "finished_at": clock.now() - timedelta(hours=1),
            "state": "lost",
        },
        {"inputs_digest": "short"},
        {"finished_at": clock.now()},
    ],
)
def test_the_database_refuses_a_job_that_contradicts_itself(waiting, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=waiting.pk).update(**wrong)
