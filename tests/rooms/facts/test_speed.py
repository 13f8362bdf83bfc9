"""Many figures: the checks take time in proportion, and pages ask the database a fixed number."""

from datetime import date
from decimal import Decimal

import pytest

from bihuan.facts import pages, queries, services
from bihuan.facts.models import Indicator, Observation, Period


@pytest.fixture
def many(bring, unit):
    """4,000 figures of one unit: 20 indicators over 200 months."""
    bring()
    indicators = Indicator.objects.bulk_create(
        Indicator(code=f"many-{n}", name=f"指标{n}", measure="亿元") for n in range(20)
    )
    periods = Period.objects.bulk_create(
        Period(code=f"m-{n}", label=f"第{n}月", kind="month", starts=date(2000 + n // 12, 1, 1))
        for n in range(200)
    )
    economy = unit("economy")
    Observation.objects.bulk_create(
        (
            Observation(
                unit=economy,
                indicator=indicator,
                period=period,
                value=Decimal(7),
                measure="亿元",
                quote="7亿元",
            )
            for indicator in indicators
            for period in periods
        ),
        batch_size=2000,
    )


def test_checking_four_thousand_figures_asks_the_database_a_few_times(
    many, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        assert services.check() == []
    assert queries.current().count() == 4_030


def test_the_zones_page_costs_the_same_however_many_figures(
    bring, unit, django_assert_max_num_queries
):
    bring()
    zone = unit("zone")
    with django_assert_max_num_queries(3):
        panels = pages.zone_panels(zone)
    assert sum(len(panel.table.rows) for panel in panels) >= 30


def test_the_list_of_doubts_is_told_in_a_few_questions(bring, django_assert_max_num_queries):
    bring()
    with django_assert_max_num_queries(3):
        told = [(pages.title(one), pages.explanation(one)) for one in queries.doubts_to_see()]
    assert len(told) == 17
