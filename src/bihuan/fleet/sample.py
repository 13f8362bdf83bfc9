"""示例数据：示意路网的六个停车场，三十多台作业车；没有一台是真的。

Depots stand where the drawing of the sample zone has them. How many vehicles there are is made up;
the 53 turn-outs of the published page are turn-outs, not vehicles, and belong to the event.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bihuan.base.text import SAMPLE_MARK, plain
from bihuan.exchange.roads import schematic
from bihuan.fleet import queries, services
from bihuan.fleet.models import Depot, Vehicle
from bihuan.people.models import Unit

# Kind, word in the number, how many in each depot, kg of de-icer, working width in metres.
_STOCK: Sequence[tuple[str, str, int, int | None, float | None]] = (
    ("spreader", "撒布", 2, 6000, 3.5),
    ("plough", "雪铲", 2, None, 3.2),
    ("grader", "刮平", 1, None, 3.6),
    ("loader", "铲车", 1, None, None),
)


def load_sample() -> tuple[Vehicle, ...]:
    """The depots and vehicles of the sample zone; those that are there stay."""
    if Vehicle.objects.filter(sample=True).exists():
        return ()
    return tuple(_vehicles())


def _vehicles() -> Iterator[Vehicle]:
    units = {plain(one.name): one for one in queries.company_choices()}
    operators = Unit.objects.get(code="sanitation")
    for place, yard in enumerate(schematic.sample().yards, start=1):
        company = units.get(plain(yard.company), operators)
        depot = services.add_depot(
            by=None,
            sample=True,
            name=f"{yard.name}（{SAMPLE_MARK}）",
            company=company,
            lon=yard.lon,
            lat=yard.lat,
            refill=yard.refill,
        )
        for kind, word, many, capacity, width in _STOCK:
            for n in range(1, many + 1):
                yield _vehicle(depot, kind, f"{word}{place}{n:02d}", capacity, width, place)


def _vehicle(
    depot: Depot, kind: str, number: str, capacity: int | None, width: float | None, place: int
) -> Vehicle:
    told: dict[str, Any] = {"capacity_kg": capacity} if capacity else {}
    return services.enter(
        by=None,
        sample=True,
        number=number,
        kind=kind,
        ploughs=kind != "spreader" or place % 2 == 0,  # half the spreaders carry a blade too
        spreads=kind == "spreader",
        company=depot.company,
        depot=depot,
        width_m=width,
        owner="contracted" if place > 3 else "owned",
        note=SAMPLE_MARK,
        **told,
    )
