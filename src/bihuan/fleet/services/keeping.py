"""What forgets: positions past their time go, vehicle by vehicle, a stretch at a time."""

from collections.abc import Callable

from django.db import transaction

from bihuan.base import clock
from bihuan.fleet import queries, rules
from bihuan.fleet.models import LastPosition, Position

STRETCH_MS = 6 * rules.HOUR_MS  # of one vehicle in one transaction: writers wait for no more


def forget_expired(tell: Callable[[int, int], None] | None = None) -> int:
    """到期删除：超过保存期限的位置一律删去，连同最近位置；返回删了几条。"""
    before = rules.milliseconds(clock.now()) - queries.keep_hours() * rules.HOUR_MS
    vehicles = list(queries.expired_vehicles(before))
    deleted = 0
    for done, vehicle in enumerate(vehicles, start=1):
        deleted += _forget(vehicle, before)
        if tell is not None:
            tell(done, len(vehicles))
    return deleted


def _forget(vehicle: int, before_ms: int) -> int:
    deleted = 0
    while (oldest := queries.oldest_ms(vehicle)) is not None and oldest < before_ms:
        with transaction.atomic():
            until = min(before_ms, oldest + STRETCH_MS)
            gone = Position.objects.filter(vehicle=vehicle, at_ms__lt=until)
            deleted += gone.delete()[0]
            LastPosition.objects.filter(vehicle=vehicle, at_ms__lt=before_ms).delete()
    return deleted
