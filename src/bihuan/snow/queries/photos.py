"""Photos that prove what was done or seen in an event: by teams, of hand tasks, on walks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.files.models import Version
from bihuan.snow.models import HandTask, Remark, Storm, TeamReport

_MOST = 60


@dataclass(frozen=True)
class Photo:
    """一张照片：属于哪一类、哪一条，什么时候，说的是什么。"""

    kind: str
    pk: int
    at: datetime
    text: str


KINDS: dict[str, Callable[[], QuerySet[Any]]] = {
    "report": lambda: TeamReport.objects.filter(photo__isnull=False),
    "task": lambda: HandTask.objects.filter(photo__isnull=False),
    "remark": lambda: Remark.objects.filter(photo__isnull=False),
}


def of(storm: Storm) -> list[Photo]:
    """The newest photos of an event, newest first."""
    span = (storm.first_snow_at, storm.ended_at or clock.now())
    reports = KINDS["report"]().filter(at__range=span).select_related("unit").order_by("-at")
    tasks = KINDS["task"]().filter(done_at__range=span).select_related("unit").order_by("-done_at")
    remarks = KINDS["remark"]().filter(stop__inspection__storm=storm).select_related("stop")
    found = [
        *(Photo("report", one.pk, one.at, f"{one.unit.label()} {one.note}".strip())
          for one in reports[:_MOST]),
        *(Photo("task", one.pk, one.done_at, f"{one.unit.label()} {one.place}")
          for one in tasks[:_MOST]),
        *(Photo("remark", one.pk, one.at, f"{one.stop.name} {one.text}".strip())
          for one in remarks.order_by("-at")[:_MOST]),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)[:_MOST]


def version(kind: str, pk: int) -> Version | None:
    """The kept picture of one of them."""
    find = KINDS.get(kind)
    one = None if find is None else find().select_related("photo").filter(pk=pk).first()
    return None if one is None else one.photo
