"""The sample zone with its figures and rounds: built once for this package, then rolled back."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from bihuan.assessment import sample, services
from bihuan.assessment.models import Entrant, Round, Run, Scheme
from bihuan.facts import services as facts
from bihuan.jobs import executor
from bihuan.people.models import Post
from bihuan.site import demo

# A quarter of the peers and of the draws: the same rules, less of everything.
FEW_DRAWS = 60
FEW_PEERS = {"east": 29, "centre": 18, "west": 13}


@pytest.fixture(scope="package", autouse=True)
def sampled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        facts.import_file(demo.SAMPLE_PAGE.read_bytes(), demo.SAMPLE_PAGE.name, by=None)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sample, "DRAWS", FEW_DRAWS)
            patch.setattr(sample, "PEERS", FEW_PEERS)
            sample.load_sample()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def here(settings: Any) -> Iterator[None]:
    """Jobs run in the test's own thread; sentences are Chinese, whoever read English before."""
    settings.EXECUTOR = "here"
    with translation.override("zh-hans"):
        yield
    executor.close()
    executor._leaving.clear()


@pytest.fixture
def of_year(db: None) -> Callable[[int], Round]:
    """`of_year(2021)`: the zone's round of an assessment year."""
    rounds = Round.objects.select_related("scheme").filter(scheme__subject="zone")
    return lambda year: rounds.get(assess_year=year)


@pytest.fixture
def us(db: None) -> Entrant:
    """The zone among the entrants."""
    return Entrant.objects.get(code="zone")


@pytest.fixture
def run(of_year: Callable[[int], Round]) -> Run:
    """The finished run of 2021."""
    found = of_year(2021).runs.select_related("round__scheme", "previous").get()
    assert found.done
    return found


@pytest.fixture
def rated(post: Callable[[str], Post], db: None) -> Run:
    """The year's rating of three units, from typed counts and points."""
    scheme = Scheme.objects.get(code="unit-year")
    found = services.open_round(scheme, by=post("statistician"), assess_year=2031, data_year=2031)
    marks = {"economy": (96, 50), "education": (80, 90), "enforcement": (60, 70)}
    for code, (on_time, first_pass) in marks.items():
        entrant = Entrant.objects.get(unit__code=code)
        values = {"on-time": Decimal(on_time), "first-pass": Decimal(first_pass)}
        services.declare(
            found, by=post("statistician"), entrant=entrant, values=values, source="示例"
        )
    services.give_points(
        found,
        by=post("clerk"),
        entrant=Entrant.objects.get(unit__code="education"),
        rule=scheme.point_rules.get(code="settled"),
        points=Decimal("1.5"),
        reason="受到表扬",
        basis="通报",
    )
    services.submit(found, by=post("statistician"))
    found = services.freeze(found, by=post("clerk"), note="核对过")
    return services.measure(found, by=post("clerk"), draws=60, seed=1)
