"""The sample: last year's round from plan to end, this year's plan in draft."""

from bihuan.ledger.models import Finding
from bihuan.meetings import queries, sample
from bihuan.meetings.models import Meeting


def test_last_years_round_is_done_and_this_years_is_being_planned(post, browse):
    sample.load_sample(together=1)
    coming, finished = Meeting.objects.order_by("-year")
    assert (finished.state, coming.state) == ("done", "planning")
    assert coming.year == finished.year + 1
    assert all(check.settled for check in queries.checks(finished))
    assert len(queries.document(coming)["units"]) == 8
    grades = {row.grade for row in queries.decisions(finished).values()}
    assert "average" in grades
    assert Finding.objects.filter(origin_type="meetings.issue", state="assigned").count() >= 4
    for path in ("", "results/", "grades/", "follow/", "units/education/letter/", "results.pdf"):
        answer = browse("leader").get(f"/meetings/{finished.pk}/{path}")
        assert answer.status_code == 200, path
    # Last year's findings stand beside the report of the year that comes.
    following = browse("clerk").get("/meetings/")
    assert following.status_code == 200


def test_no_person_is_named_in_the_sample():
    for said in sample.SAID.values():
        assert "同志" not in said.comment
