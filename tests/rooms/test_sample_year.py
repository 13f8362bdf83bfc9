"""The sample zone's year goes through the same verbs, and counts what the published page counts."""

import pytest
from django.db import transaction

from bihuan.audit import queries as audit
from bihuan.audit import rules
from bihuan.base.text import SAMPLE_MARK
from bihuan.ledger.models import Finding, Measure
from bihuan.site import sample_year


@pytest.fixture
def year(db):
    with transaction.atomic():
        sample_year.tell()
        yield
        transaction.set_rollback(True)


def test_the_year_counts_problems_and_measures_apart(year):
    assert Finding.objects.count() == sample_year.PROBLEMS == 57
    assert Measure.objects.count() == sample_year.MEASURES == 157
    assert set(Finding.objects.values_list("note", flat=True)) == {SAMPLE_MARK}
    states = set(Finding.objects.values_list("state", flat=True))
    assert {"draft", "assigned", "rectifying", "requested", "checking", "closed"} <= states
    assert rules.check_chain(audit.rows()).whole
