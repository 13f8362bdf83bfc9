"""Where vehicles were: single positions for a short time, the newest of each, who looked at them.

Times of positions are whole milliseconds since 1970: there are millions of rows, and half of what
they cost would otherwise be the writing of times as text.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import post
from bihuan.base.models import Record
from bihuan.fleet import rules
from bihuan.fleet.models.register import Vehicle


class Place(models.Model):
    """When and where (WGS-84), how fast, whither, and what the machine was doing; None: unknown."""

    at_ms = models.BigIntegerField()
    lon = models.FloatField()
    lat = models.FloatField()
    speed_kmh = models.FloatField(null=True)
    heading = models.FloatField(null=True)
    ploughing = models.BooleanField(null=True)
    spreading = models.BooleanField(null=True)
    rate = models.FloatField(null=True)  # g/m²

    class Meta:
        abstract = True

    @property
    def at(self) -> Any:
        return rules.moment_of(self.at_ms)


class Position(Place):
    """位置：一台车一个时刻只有一条，重发不会多出一条；只在当班时收，到期即删。"""

    pk = models.CompositePrimaryKey("vehicle_id", "at_ms")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("位置")

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.at_ms}"


class LastPosition(Place):
    """最近位置：每台车一条，给实时地图用；收车以后不再显示。"""

    vehicle = models.OneToOneField(
        Vehicle, on_delete=models.PROTECT, primary_key=True, related_name="last"
    )
    seq = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("最近位置")

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.at_ms}"


class Keeping(Record):
    """位置保存期限：办公室定的小时数，写明依据；新的为准，旧的可查。"""

    append_only: ClassVar[bool] = True

    hours = models.PositiveIntegerField(_("保存小时数"))
    source = models.CharField(_("依据"), max_length=200)
    by = post()

    class Meta:
        verbose_name = _("位置保存期限")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(hours__range=(rules.LEAST_HOURS, rules.MOST_HOURS)),
                name="fleet_keeping_hours",
            ),
        )

    def __str__(self) -> str:
        return str(self.hours)

    def get_absolute_url(self) -> str:
        return reverse("fleet:keeping")


class Look(Record):
    """查看轨迹：谁、为什么、看了哪台车哪段时间的轨迹；看之前先记下。"""

    append_only: ClassVar[bool] = True

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="looks")
    since = models.DateTimeField(_("自"))
    until = models.DateTimeField(_("至"))
    reason = models.CharField(_("查看的原因"), max_length=200)
    by = post()

    class Meta:
        verbose_name = _("查看轨迹")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.vehicle} {self.reason}"

    def get_absolute_url(self) -> str:
        return self.vehicle.get_absolute_url()
