"""What moves a rank most: asked as a job, kept once, drawn over its table, said in the report."""

import pytest

from bihuan.assessment import bridge, queries, services
from bihuan.assessment.models import Sensitivity
from bihuan.assessment.pages import sensitivity as page_of
from bihuan.assessment.services.sensitivity import keep_sensitivity
from bihuan.base.errors import NotAllowed, Refused
from bihuan.engines.index.sensitivity import Output, shapley_effects, sobol
from bihuan.jobs import rules as job_rules
from bihuan.jobs import services as jobs


@pytest.fixture
def score(run, us):
    return run.scores.select_related("run__round__scheme", "entrant").get(entrant=us)


@pytest.fixture
def ask(score, post, django_capture_on_commit_callbacks):
    """`ask()`: the analysis, after its job."""

    def asked(draws=32, seed=3, username="clerk"):
        with django_capture_on_commit_callbacks(execute=True):
            made = services.ask_what_matters(score, by=post(username), draws=draws, seed=seed)
        return Sensitivity.objects.select_related("job", "run", "entrant").get(pk=made.pk)

    return asked


def test_the_shares_are_those_of_the_engine_for_rank_and_for_the_top_thirty(ask, run):
    made = ask()
    assert made.job.state == "done", made.job.fault
    assert made.job.done == made.job.total == 32 * 2**5
    data, method = bridge.framed(run.inputs)
    inputs = bridge.varied(method)
    for kind, found in made.told["outputs"].items():
        common = {"count": 32, "seed": 3, "output": Output(kind, "zone", 30)}
        effects = shapley_effects(data, method, inputs, **common)
        indices = sobol(data, method, inputs, **common)
        assert found["inputs"] == list(effects.inputs)
        assert found["share"] == pytest.approx(list(effects.share), abs=1e-9)
        assert found["total"] == pytest.approx(list(indices.total), abs=1e-9)
    shares = made.told["outputs"]["rank"]["share"]
    assert sum(shares) == pytest.approx(1)


def test_the_same_seed_gives_the_same_and_it_is_kept_once(ask):
    one, other = ask(), ask()
    assert one.told == other.told
    with pytest.raises(Refused, match="已有结果"):
        keep_sensitivity(one.job)


def test_whoever_may_not_compute_does_not_start_it(score, post, browse, run):
    with pytest.raises(NotAllowed):
        services.ask_what_matters(score, by=post("econ-head"), draws=64, seed=1)
    page = browse("econ-head").get(f"/assessment/runs/{run.pk}/zone/sensitivity/")
    assert page.status_code == 200
    assert "发起分析" not in page.content.decode()


def test_too_few_or_too_many_draws_are_refused(score, post):
    for draws in (1, 100_000):
        with pytest.raises(Refused, match="32 和 4096"):
            services.ask_what_matters(score, by=post("clerk"), draws=draws, seed=1)


def test_who_asked_to_stop_is_heard_and_may_ask_again(ask, monkeypatch, browse, run):
    def stop(self, done, total, message=""):
        raise job_rules.Stopped

    with monkeypatch.context() as patch:
        patch.setattr(jobs.Progress, "__call__", stop)
        made = ask()
    assert made.job.state == "cancelled"
    assert made.told is None
    page = browse("clerk").get(f"/assessment/runs/{run.pk}/zone/sensitivity/").content.decode()
    assert "上一次没有结果" in page
    assert ask().told is not None


def test_while_it_runs_the_page_shows_progress_and_a_way_to_stop(score, post, browse, run):
    made = services.ask_what_matters(score, by=post("clerk"), draws=64, seed=1)
    page = browse("clerk").get(f"/assessment/runs/{run.pk}/zone/sensitivity/").content.decode()
    assert "正在计算" in page
    assert f'action="/jobs/{made.job_id}/stop/"' in page
    assert "发起分析" not in page
    with pytest.raises(Refused, match="还在计算"):
        services.ask_what_matters(score, by=post("clerk"), draws=64, seed=1)


def test_the_page_draws_the_shares_over_their_table(ask, browse, run):
    made = ask(64)
    page = browse("clerk").get(f"/assessment/runs/{run.pk}/zone/sensitivity/").content.decode()
    for words in ("什么最左右位次", "什么最左右能否进入前 30 位", "沙普利效应", '"kind": "bar"'):
        assert words in page
    found = made.told["outputs"]["rank"]
    most = max(range(5), key=found["share"].__getitem__)
    name = str(page_of.INPUTS[found["inputs"][most]])
    told = f"位次的变动最取决于{name}，占 {found['share'][most]:.0%}"
    assert told in page
    report = browse("clerk").get(f"/assessment/runs/{run.pk}/zone/report/").content.decode()
    assert told in report


def test_it_is_asked_from_its_page(browse, run, us, django_capture_on_commit_callbacks):
    client = browse("statistician")
    page = f"/assessment/runs/{run.pk}/zone/sensitivity/"
    assert client.post(page, {"draws": "1", "seed": "1"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {"draws": "32", "seed": "1"}).status_code == 302
    assert queries.sensitivities(run, us)[0].told is not None


def test_units_are_asked_about_their_rank_only(rated, post, django_capture_on_commit_callbacks):
    score = rated.scores.select_related("entrant").get(entrant__unit__code="education")
    with django_capture_on_commit_callbacks(execute=True):
        made = services.ask_what_matters(score, by=post("clerk"), draws=32, seed=1)
    made.refresh_from_db()
    assert set(made.told["outputs"]) == {"rank"}
    assert made.told["outputs"]["rank"]["inputs"] == ["weights"]
