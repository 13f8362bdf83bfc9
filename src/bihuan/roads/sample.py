"""The schematic streets of the sample zone, with the places of the page; all say 示意."""

from bihuan.base.text import SAMPLE_MARK
from bihuan.people.models import Unit
from bihuan.roads import bridge, queries, services

# Roads that the page calls 重点道路 (story 4).
KEY = ("航海路", "第八大街", "第五大街", "经南八路")


def load_sample() -> None:
    """A version of the network, its key roads marked, its places."""
    if queries.active() is not None:
        return
    made = bridge.sample()
    services.load_network(
        made.network, by=None, name=f"{SAMPLE_MARK}：示意路网", source="schematic", sample=True
    )
    sanitation = Unit.objects.filter(code="sanitation").first()
    for one in queries.sections().filter(street__in=KEY):
        services.mark(one, by=None, icing=one.icing, key=True, district=sanitation)
    for place in made.places:
        services.set_place(
            by=None, kind=place.kind, name=place.name, lon=place.lon, lat=place.lat,
            icing=place.icing, note=place.note,
        )  # fmt: skip
