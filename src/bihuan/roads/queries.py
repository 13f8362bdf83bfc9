"""Questions on the network: which version holds, its sections, places, and the engine's arrays."""

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When

from bihuan.roads import bridge
from bihuan.roads.models import NetworkVersion, Place, Section
from bihuan.roads.rules import KINDS


def active() -> NetworkVersion | None:
    """The version in use, without its arrays."""
    return NetworkVersion.objects.filter(active=True).defer("content").first()


def network() -> bridge.Network | None:
    """The engine's network of the version in use."""
    found = NetworkVersion.objects.filter(active=True).values_list("content", flat=True).first()
    return None if found is None else bridge.unpacked(bytes(found))


def network_of(version: NetworkVersion) -> bridge.Network:
    """The engine's network of any version: what was made on it stays readable on it."""
    found = NetworkVersion.objects.filter(pk=version.pk).values_list("content", flat=True).get()
    return bridge.unpacked(bytes(found))


def sections() -> QuerySet[Section]:
    """Sections of the version in use."""
    found = Section.objects.filter(network__active=True).select_related("district")
    return found.order_by("street", "pk")


def by_rank() -> QuerySet[Section]:
    """Sections of the version in use, main roads first."""
    order = [When(kind=kind, then=Value(n)) for n, kind in enumerate(KINDS)]
    rank = Case(*order, default=Value(len(order)), output_field=IntegerField())
    return sections().order_by(rank, "street", "pk")


def places() -> QuerySet[Place]:
    return Place.objects.all()


def by_kind() -> dict[str, tuple[int, float]]:
    """Of each class of road: how many sections, how many kilometres."""
    rows = sections().order_by().values("kind").annotate(n=Count("pk"), m=Sum("length_m"))
    return {row["kind"]: (row["n"], row["m"] / 1000) for row in rows}
