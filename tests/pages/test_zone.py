"""The zone's page: doubts first, each with what became of it, as far as the reader may know."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.facts.models import Doubt
from bihuan.ledger import queries as ledger
from bihuan.site import loop


def doubts(browser):
    table = browser.get("/zone/").context["page"].panels[0].table
    return {row.cells[1].value: row.cells for row in table.rows}


def open_doubts():
    return list(Doubt.objects.filter(state="open").order_by("pk"))


def test_a_doubt_that_was_raised_leads_to_its_finding_for_those_who_may_see_it(browse, post):
    finding = loop.raise_from_doubt(open_doubts()[0], by=post("clerk"))
    seen = [cells for cells in doubts(browse("clerk")).values() if cells[2].value == finding.number]
    assert [cells[2].href for cells in seen] == [finding.get_absolute_url()]
    for username in ("viewer", "statistician"):
        shown = browse(username).get("/zone/").content.decode()
        assert finding.get_absolute_url() not in shown, username  # it would not be found


def test_more_findings_cost_no_more_questions(browse, post):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            browser.get("/zone/")
        return len(asked)

    browser = browse("clerk")
    cost()
    before = cost()
    for doubt in open_doubts()[:4]:
        loop.raise_from_doubt(doubt, by=post("clerk"))
    assert cost() <= before


def test_of_several_findings_from_one_thing_the_oldest_is_told(browse, post):
    doubt, other = open_doubts()[:2]
    first = loop.raise_from_doubt(doubt, by=post("clerk"))
    assert ledger.of_origins([doubt, other]) == {str(doubt.pk): first}
    assert ledger.of_origins([]) == {}
