"""演练：a simulated hall through the real doors, with a report; nothing of it counts."""

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.meetings import services
from bihuan.meetings.models import Meeting
from bihuan.meetings.services import rehearsal


@pytest.fixture
def rehearsed(approved, post, browse, monkeypatch, django_capture_on_commit_callbacks):
    kept = {**rehearsal.hold.__kwdefaults__, "threads": 1}  # threads would not see the test's rows
    monkeypatch.setattr(rehearsal.hold, "__kwdefaults__", kept)
    with django_capture_on_commit_callbacks(execute=True):
        trial = services.rehearse(approved, by=post("clerk"), voters=60, seed=5)
    return Meeting.objects.get(pk=trial.pk)


def test_a_rehearsal_is_the_whole_meeting_and_its_result_holds(rehearsed):
    assert rehearsed.job.state == "done", rehearsed.job.fault
    said = rehearsed.job.result
    assert said["wrong"] == []
    assert said["cast"] == said["size"] > 40
    assert said["voters"] == 60
    assert [one["name"] for one in said["checks"] if one["faults"]] == []
    assert rehearsed.state == "counted"
    assert rehearsed.poll.rehearsal


def test_a_rehearsal_has_its_report_and_counts_for_nothing(rehearsed, post, browse):
    clerk = browse("clerk")
    shown = clerk.get(f"/meetings/{rehearsed.pk}/rehearsal/").content.decode()
    assert "收到的票一张不少、一张不多" in shown
    assert "演练" in shown
    paper = clerk.get(f"/meetings/{rehearsed.pk}/results.pdf")
    assert paper.content.startswith(b"%PDF")
    assert "演练" in clerk.get(f"/meetings/{rehearsed.rehearsal_of_id}/").content.decode()
    for username in ("edu-head", "checker", "guide"):
        assert browse(username).get(f"/meetings/{rehearsed.pk}/").status_code == 404
    with pytest.raises(Refused, match="演练不进台账"):
        services.raise_issue(
            rehearsed, by=post("clerk"), reporter=None, kind="requirement", key="1", title="一",
            description="",
        )  # fmt: skip


def test_a_rehearsal_is_asked_of_an_approved_plan_by_the_clerk(drafted, post):
    with pytest.raises(Refused):
        services.rehearse(drafted, by=post("clerk"), voters=60, seed=1)
    with pytest.raises(NotAllowed):
        services.rehearse(drafted, by=post("edu-head"), voters=60, seed=1)


def test_the_size_of_a_rehearsal_has_limits(approved, post):
    with pytest.raises(Refused, match="人数应在"):
        services.rehearse(approved, by=post("clerk"), voters=5, seed=1)
