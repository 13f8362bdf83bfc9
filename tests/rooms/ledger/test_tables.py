"""Rule tables: data that the office edits, with a history; and two people acting at once."""

import pytest

from bihuan.audit import queries as audit
from bihuan.base.errors import NotAllowed, Refused
from bihuan.ledger import queries, services
from bihuan.ledger.rules.tables import TABLES, faults


def test_what_the_house_starts_with_obeys_its_own_rules():
    for code, plan in TABLES.items():
        assert list(faults(plan, plan.rows)) == [], code


@pytest.mark.django_db
def test_a_table_is_changed_with_a_reason_and_its_history_is_kept():
    rows = [dict(row) for row in TABLES["lamps"].rows]
    rows[2]["days"] = 3
    with pytest.raises(Refused, match="依据"):
        services.set_table("lamps", by=None, rows=rows, source=" ")


@pytest.mark.django_db
def test_the_newest_version_holds_and_the_older_ones_stay(post):
    rows = [dict(row) for row in TABLES["sources"].rows]
    rows.append({"code": "petition", "name": "信访", "name_en": "Petition"})
    services.set_table("sources", by=None, rows=rows, source="督查办通知")
    assert queries.word("sources", "petition") == "信访"
    services.set_table("sources", by=None, rows=rows[:-1], source="又取消")
    assert "petition" not in dict(queries.words("sources"))
    assert queries.word("sources", "petition") == "信访"  # an old finding keeps its words
    assert [table.version for table in queries.history("sources")] == [2, 1]
    entry = audit.of(queries.history("sources")[0]).get()
    assert "petition" in entry.changes


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "change", "sentence"),
    [
        ("lamps", {"when": "sometimes"}, "请选一个"),
        ("limits", {"value": "两"}, "应为整数"),
        ("conflicts", {"forbids": False}, "不能取消"),
        ("recheck", {"from_days": 999}, "最早不得晚于最迟"),
        ("sources", {"name": " "}, "请填写"),
        ("sources", {"code": "public"}, "不止一次"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_in_words(code, change, sentence):
    rows = [dict(row) for row in TABLES[code].rows]
    rows[0] |= change
    with pytest.raises(Refused, match=sentence):
        services.set_table(code, by=None, rows=rows, source="试")


@pytest.mark.django_db
def test_all_faults_of_a_table_are_told_at_once():
    rows = [{**row, "value": -1} for row in TABLES["limits"].rows]
    with pytest.raises(Refused) as refusal:
        services.set_table("limits", by=None, rows=rows, source="")
    assert len(refusal.value.sentences) == len(rows) + 1


def test_only_who_may_sets_a_table(post):
    with pytest.raises(NotAllowed):
        services.set_table("lamps", by=post("econ-head"), rows=[], source="试")


def test_of_two_who_act_on_the_same_page_one_is_told_what_the_other_did(walk, post):
    finding = walk.assigned()
    seen = finding.revision
    services.act(finding, "acknowledge", by=post("econ-head"), seen=seen)
    with pytest.raises(Refused, match="签收") as refusal:
        services.act(finding, "decline", by=post("econ-head"), seen=seen, note="不归我")
    assert "局长" in str(refusal.value)
