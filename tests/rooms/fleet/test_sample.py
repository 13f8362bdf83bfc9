"""The sample fleet: marked as sample, registered by the same verbs, loaded once."""

import pytest

from bihuan.fleet import sample
from bihuan.fleet.models import Depot, Vehicle

pytestmark = pytest.mark.django_db


def test_the_sample_fleet_is_loaded_once_and_says_that_it_is_one():
    made = sample.load_sample()
    assert sample.load_sample() == ()
    assert len(made) == Vehicle.objects.count() == 36
    assert all("示例数据" in one.note for one in made)
    assert Depot.objects.filter(sample=True, refill=True).exists()
    assert all(one.capacity_kg for one in made if one.spreads)
