"""What the register holds: depots, vehicles, the devices that report for them, shifts."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, post
from bihuan.base.models import Named, Record
from bihuan.fleet import rules


def company() -> Any:
    """The unit that runs something."""
    return models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )


class Depot(Record, Named):
    """车场：车辆从哪里出、回到哪里，能不能加融雪剂；经纬度是 WGS-84。"""

    company = company()
    lon = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))
    refill = models.BooleanField(_("可加融雪剂"), default=True)
    in_use = models.BooleanField(_("在用"), default=True)
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("车场")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["company", "name"], name="fleet_depot_name"),
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90)), name="fleet_depot_place"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("fleet:depots")


class Vehicle(Record):
    """车辆：一台作业车，有本区自己的编号；能推雪、能撒布各自写明，载多少、从哪个车场出。

    台次 is not vehicles: this is the stock; turn-outs are counted by the room of the event.
    """

    number = models.CharField(_("车辆编号"), max_length=40, unique=True)
    plate = models.CharField(_("车牌号"), max_length=20, blank=True)
    kind = models.CharField(_("种类"), max_length=12, choices=choices(rules.KINDS))
    ploughs = models.BooleanField(_("能推雪"), default=False)
    spreads = models.BooleanField(_("能撒布"), default=False)
    company = company()
    depot = models.ForeignKey(
        Depot, on_delete=models.PROTECT, null=True, blank=True, related_name="vehicles",
        verbose_name=_("车场"),
    )  # fmt: skip
    capacity_kg = models.PositiveIntegerField(_("融雪剂载量（kg）"), null=True, blank=True)
    width_m = models.FloatField(_("作业宽度（m）"), null=True, blank=True)
    owner = models.CharField(
        _("归属"), max_length=12, choices=choices(rules.OWNERS), default="owned"
    )
    in_use = models.BooleanField(_("在用"), default=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("车辆")
        ordering = ("number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["plate"], condition=~Q(plate=""), name="fleet_vehicle_plate"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="fleet_vehicle_number"),
            models.CheckConstraint(
                condition=Q(capacity_kg__isnull=True) | Q(capacity_kg__gt=0),
                name="fleet_vehicle_capacity",
            ),
            models.CheckConstraint(
                condition=Q(width_m__isnull=True) | Q(width_m__gt=0), name="fleet_vehicle_width"
            ),
        )

    def __str__(self) -> str:
        return self.number

    def label(self) -> str:
        """What it is called everywhere: its number."""
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("fleet:vehicle", args=[self.pk])


class Device(Record):
    """上报设备：一家单位的车载终端或平台凭令牌报位置；只存令牌的摘要，可随时停用。

    With a vehicle it speaks for that one only; without, for every vehicle of the company.
    """

    name = models.CharField(_("名称"), max_length=80)
    company = company()
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.PROTECT, null=True, blank=True, related_name="devices",
        verbose_name=_("只报这一台车"),
    )  # fmt: skip
    datum = models.CharField(
        _("坐标系"), max_length=10, choices=choices(rules.DATUMS), default="wgs84"
    )
    digest = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField(_("停用时间"), null=True)
    by = post()

    class Meta:
        verbose_name = _("上报设备")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("fleet:devices")


class DeviceDay(models.Model):
    """设备一天的计数：收到、存下、重复、不在当班、有错各多少；不在当班的只有这个数。"""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="days")
    day = models.DateField(_("日期"))
    received = models.PositiveBigIntegerField(_("收到"), default=0)
    stored = models.PositiveBigIntegerField(_("存下"), default=0)
    repeated = models.PositiveBigIntegerField(_("重复"), default=0)
    off_shift = models.PositiveBigIntegerField(_("不在当班"), default=0)
    faulty = models.PositiveBigIntegerField(_("有错"), default=0)
    heard_at = models.DateTimeField(_("最近一次"))

    class Meta:
        verbose_name = _("设备一天的计数")
        ordering = ("-day", "device")
        constraints = (
            models.UniqueConstraint(fields=["device", "day"], name="fleet_deviceday_once"),
        )

    def __str__(self) -> str:
        return f"{self.device} {self.day}"


class Shift(Record):
    """当班：一台车从何时到何时出勤；只有当班时的位置才收。没有收车时间的还在班上。"""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("出车"))
    ends_at = models.DateTimeField(_("收车"), null=True, blank=True)
    # When its track was matched to streets as a whole, and the stretches (ms since 1970, from and
    # until) in which it was not heard: positions are deleted, this stays.
    matched_at = models.DateTimeField(null=True, editable=False)
    holes = models.JSONField(null=True, editable=False)
    by = post()

    class Meta:
        verbose_name = _("当班")
        ordering = ("-starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="fleet_shift_in_order",
            ),
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(ends_at__isnull=True), name="fleet_shift_one_open"
            ),
        )
        indexes = (
            models.Index(fields=["vehicle", "starts_at"], name="fleet_shift_vehicle"),
            models.Index(fields=["starts_at"], name="fleet_shift_starts"),
        )

    def __str__(self) -> str:
        return f"{self.vehicle} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return self.vehicle.get_absolute_url()
